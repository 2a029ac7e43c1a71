"""Measure how well files that hold several documents are split, on files put together.

    python -m training.evaluation.document_splitting --corpus DIR [--words text] [--together 3]
        [--seed 1]

Real documents with known ends are laid one behind the other, `--together` a file in a seeded order,
and read as one attachment. A start is found when a document begins on that page; the first page of
a file is not counted, it cannot be missed. Printed as a table to stdout, beside the same documents
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
from training.metrics.counts import Count, share_interval
from training.network.checkpoint_seal import CheckpointError


@dataclass(frozen=True, slots=True)
class StartCounts:
    """Document starts inside files, one `Count` for each file."""

    by_file: Sequence[Count]

    @property
    def total(self) -> Count:
        return sum(self.by_file, Count())


def combine_documents(
    documents: Sequence[Sequence[TaggedPage]], together: int, seed: int
) -> Iterator[list[Sequence[TaggedPage]]]:
    """Yield the documents in a seeded order, `together` a file, without an incomplete last file."""
    order = list(documents)
    random.Random(f"splitting/{seed}").shuffle(order)
    for first in range(0, len(order) - together + 1, together):
        yield order[first : first + together]


def count_starts(extractor: Extractor, file: Sequence[Sequence[TaggedPage]]) -> Count:
    """Count the document starts inside one file of tagged documents, its first page left out."""
    pages: list[TaggedPage] = []
    starts: set[int] = set()
    for document in file:
        starts.add(len(pages))
        for tagged in document:
            number = len(pages)
            pages.append(replace(tagged, page=replace(tagged.page, number=number)))
    predicted = {document.pages[0].page for document in extractor.documents("file", pages)} - {0}
    true = starts - {0}
    return Count(wanted=len(true), predicted=len(predicted), right=len(true & predicted))


def tagged_documents(
    extractor: Extractor, corpus: Path, words: WordChoice
) -> list[list[TaggedPage]]:
    """Return the tagged pages of every document of the corpus that can be read."""
    tagged = []
    documents = list(open_corpus(corpus, cache_folder=DEFAULT_CACHE))
    for document in tqdm(documents, unit="document", disable=not sys.stderr.isatty()):
        try:
            reading = read_document(document, DEFAULT_CACHE, words)
        except AttachmentError as error:
            sys.stderr.write(f"{error}\n")
            continue
        tagged.append(extractor.tag_each_page(reading.pages))
    return [pages for pages in tagged if pages]


def format_table(rows: Sequence[tuple[str, StartCounts]]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| files | documents begin inside | found | predicted | share found | share right |",
        "|---|---|---|---|---|---|",
    ]
    for name, starts in rows:
        total, right = starts.total, [count.right for count in starts.by_file]
        found_share = _share(right, [count.wanted for count in starts.by_file])
        right_share = _share(right, [count.predicted for count in starts.by_file])
        lines.append(
            f"| {len(starts.by_file)} {name} | {total.wanted} | {total.right} | "
            f"{total.predicted} | {found_share} | {right_share} |"
        )
    return "\n".join(lines) + "\n"


def _share(parts: Sequence[int], wholes: Sequence[int]) -> str:
    if not sum(wholes):
        return "-"
    share = share_interval(parts, wholes)
    return f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}]"


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
    arguments = parser.parse_args(argv)
    try:
        if arguments.together < 2:
            raise ValueError(f"--together {arguments.together}: want 2 documents a file or more")
        extractor = Extractor.load(arguments.checkpoint, arguments.device)
        documents = tagged_documents(extractor, arguments.corpus, arguments.words)
    except (CheckpointError, CorpusError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    files = combine_documents(documents, arguments.together, arguments.seed)
    several = StartCounts([count_starts(extractor, file) for file in files])
    alone = StartCounts([count_starts(extractor, [document]) for document in documents])
    sys.stdout.write(
        format_table([(f"files of {arguments.together}", several), ("documents alone", alone)])
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
