"""How well files that hold several documents are taken apart, measured on files put together.

    python -m training.evaluation.document_splitting --corpus DIR [--words text] [--together 3]
        [--seed 1]

Real documents with known ends are laid one behind the other, `--together` a file in a seeded order,
and read as one attachment. A start is found when a document begins on that page; the first page of
a file is not counted, nobody could miss it. Printed as a table to stdout, beside the same documents
read alone, where every start is false.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from data.corpora.published.formats import open_corpus
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.truth import CorpusError
from data.pages.attachments import AttachmentError
from training.decoding.grouping import TaggedPage
from training.extractor import Extractor
from training.metrics.counts import share_interval
from training.network.checkpoint_seal import CheckpointError


@dataclass(slots=True)
class Starts:
    """Of documents within files: how many there are, how many were found, how many were said.

    `by_file` holds (wanted, found, said) of each file.
    """

    by_file: list[tuple[int, int, int]]

    @property
    def wanted(self) -> int:
        return sum(wanted for wanted, _, _ in self.by_file)

    @property
    def found(self) -> int:
        return sum(found for _, found, _ in self.by_file)

    @property
    def said(self) -> int:
        return sum(said for _, _, said in self.by_file)


def put_together(
    documents: Sequence[Sequence[TaggedPage]], together: int, seed: int
) -> Iterator[list[Sequence[TaggedPage]]]:
    """The documents in a seeded order, that many a file; a last file that is not full is left."""
    order = list(documents)
    random.Random(f"splitting/{seed}").shuffle(order)
    for first in range(0, len(order) - together + 1, together):
        yield order[first : first + together]


def found_starts(
    extractor: Extractor, file: Sequence[Sequence[TaggedPage]]
) -> tuple[int, int, int]:
    """(starts there are, starts found, starts said) within one file of tagged documents."""
    pages: list[TaggedPage] = []
    starts: set[int] = set()
    for document in file:
        starts.add(len(pages))
        for tagged in document:
            number = len(pages)
            pages.append(replace(tagged, page=replace(tagged.page, number=number)))
    said = {document.pages[0].page for document in extractor.documents("file", pages)} - {0}
    wanted = starts - {0}
    return len(wanted), len(wanted & said), len(said)


def tagged_documents(
    extractor: Extractor, corpus: Path, words: WordChoice
) -> list[list[TaggedPage]]:
    """The pages of every document of the corpus that can be read, tagged."""
    tagged = []
    documents = list(open_corpus(corpus, cache_folder=DEFAULT_CACHE))
    for document in tqdm(documents, unit="document", disable=not sys.stderr.isatty()):
        try:
            reading = read_document(document, DEFAULT_CACHE, words)
        except AttachmentError as error:
            sys.stderr.write(f"{error}\n")
            continue
        tagged.append([extractor.tag_pages([page])[0] for page in reading.pages])
    return [pages for pages in tagged if pages]


def table(rows: Sequence[tuple[str, Starts]]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| files | documents begin inside | found | said | share found | of those said, true |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in rows:
        shares = [
            _share(
                [found for _, found, _ in one.by_file], [wanted for wanted, _, _ in one.by_file]
            ),
            _share([found for _, found, _ in one.by_file], [said for _, _, said in one.by_file]),
        ]
        lines.append(
            f"| {len(one.by_file)} {name} | {one.wanted} | {one.found} | {one.said} | "
            f"{shares[0]} | {shares[1]} |"
        )
    return "\n".join(lines) + "\n"


def _share(parts: Sequence[int], wholes: Sequence[int]) -> str:
    if not sum(wholes):
        return "-"
    found = share_interval(parts, wholes)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.document_splitting", description=__doc__
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--words", choices=get_args(WordChoice), default="auto")
    parser.add_argument("--together", type=int, default=3, help="documents a file (default: 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--device", default="auto")
    given = parser.parse_args(argv)
    try:
        if given.together < 2:
            raise ValueError(f"--together {given.together}: want 2 documents a file or more")
        extractor = Extractor.load(given.checkpoint, given.device)
        documents = tagged_documents(extractor, given.corpus, given.words)
    except (CheckpointError, CorpusError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    files = put_together(documents, given.together, given.seed)
    several = Starts([found_starts(extractor, file) for file in files])
    alone = Starts([found_starts(extractor, [document]) for document in documents])
    sys.stdout.write(table([(f"files of {given.together}", several), ("documents alone", alone)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
