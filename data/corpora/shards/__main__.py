"""Writes the labelled pages of real corpora as shards, to train on without Tesseract.

    python -m data.corpora.shards FOLDER CORPUS [CORPUS ...]

writes FOLDER/NAME.jsonl.gz for each corpus, a folder or file of any known format, and says what
became of its documents. Shards hold the words of the documents: keep them where the corpora are.
"""

import argparse
import logging
import sys
from pathlib import Path

from data.corpora.shards.loading import write_corpus_shard
from data.corpora.shards.training_page import corpus_name
from data.corpora.truth import CorpusError
from data.pages.sandbox import MissingProgram


def main(argv: list[str] | None = None) -> int:
    """Write the shards; return 2 where a corpus, or any page without Tesseract, cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m data.corpora.shards")
    parser.add_argument("folder", type=Path, help="where the shards are written")
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS", help="folders or files")
    parser.add_argument("--name", help="of the shard, where there is one corpus")
    arguments = parser.parse_args(argv)
    if arguments.name and len(arguments.corpora) > 1:
        parser.error("--name is for one corpus")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    for corpus in arguments.corpora:
        name = arguments.name or corpus_name(corpus)
        try:
            counts = write_corpus_shard(corpus, arguments.folder / f"{name}.jsonl.gz")
        except (CorpusError, MissingProgram) as error:
            sys.stderr.write(f"{error}\n")
            return 2
        sys.stdout.write(f"{name}: {counts}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
