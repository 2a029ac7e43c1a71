"""Projects a whole corpus onto pages to train on, and counts what became of its documents.

Two readings of a document are two pages of it: as the service reads it, and with the words that
the corpus brings. Words that people typed have no OCR errors; a copy gets simulated ones.
"""

import logging
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from data import labels
from data.corpora.cord import word_level
from data.corpora.labelling.projection import NotLabelled, Projection, project_truth
from data.corpora.labelling.read_back import read_back
from data.corpora.labelling.segment_classes import Segment, read_segments
from data.corpora.published.formats import open_corpus, recognise_format
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.shards.training_page import (
    TrainingPage,
    Words,
    corpus_name,
    document_hash,
    family_of,
    replace_words,
    words_hash,
)
from data.corpora.truth import CorpusError, TrueDocument
from data.pages.attachments import AttachmentError
from data.pages.level_lines import level_page
from data.records import LabelledPage
from data.synthesis.ocr_noise.noise import TaggedWord, add_noise

log = logging.getLogger(__name__)

_PLACED = 0.5  # share of a document's items that a reading must show, at least
_NOTHING: Mapping[str, int] = {}


@dataclass(slots=True)
class Counts:
    """The outcome of a corpus: documents by outcome, items and words of the pages that came out.

    `cells` counts labelled cells by name, `right_cells` those that read as the truth when they are
    read back (`read_back`). `reasons` counts the readings that gave no page, by reason.
    """

    documents: int = 0
    labelled: int = 0
    whole: int = 0
    pages: int = 0
    items: int = 0
    placed: int = 0
    labelled_words: int = 0
    open_words: int = 0
    words: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    right_cells: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add_page(self, page: LabelledPage) -> None:
        """Count a page that came out."""
        self.pages += 1
        self.words += len(page.tags)
        self.open_words += sum(tag == labels.IGNORE for tag in page.tags)
        self.labelled_words += sum(tag not in ("other", labels.IGNORE) for tag in page.tags)

    def add_projection(self, projection: Projection) -> None:
        """Count the cells of a reading that came out."""
        labelled, right = read_back(projection.pages, projection.items)
        self.cells += labelled
        self.right_cells += right

    def __str__(self) -> str:
        reasons = "; ".join(f"{count} x {reason}" for reason, count in self.reasons.most_common())
        cells = ", ".join(
            f"{self.right_cells[name]} of {count} {name}" for name, count in self.cells.items()
        )
        return (
            f"{self.pages} pages of {self.labelled} of {self.documents} documents "
            f"({self.whole} whole); {self.placed} of {self.items} items; {self.words} words, "
            f"{self.labelled_words} labelled, {self.open_words} open"
            + (f"; read back right: {cells}" if cells else "")
            + (f"; left out: {reasons}" if reasons else "")
        )


def project_corpus(
    path: Path, counts: Counts, cache_folder: Path | None = DEFAULT_CACHE
) -> Iterator[TrainingPage]:
    """Yield the pages of a corpus of any known format that can be trained on; fill the counts.

    A document that cannot be labelled is counted with the reason and left out. Raises `CorpusError`
    for a corpus that does not keep to its format, `sandbox.MissingProgram` where it has to be read
    and the programs for that are not installed.
    """
    if recognise_format(path) == "cord-r":
        yield from _cord_pages(path, counts)
        return
    segments = read_segments(path if path.is_dir() else path.parent)
    corpus = corpus_name(path)
    for document in open_corpus(path, cache_folder=cache_folder):
        counts.documents += 1
        family, digest = family_of(document, corpus), document_hash(document)
        labelled = False
        for words, projection in _readings(document, segments, counts, cache_folder):
            for page in _usable_pages(projection):
                labelled = True
                counts.add_page(page)
                yield TrainingPage(page, digest, family | {"words": words})
        counts.labelled += labelled


def _cord_pages(path: Path, counts: Counts) -> Iterator[TrainingPage]:
    family = {"corpus": corpus_name(path), "document_type": "receipt", "words": "given"}
    for labelled in word_level.labelled_pages(path):
        items = len({item for item in labelled.items if item >= 0})
        counts.documents += 1
        counts.labelled += 1
        counts.whole += 1
        counts.items += items
        counts.placed += items
        digest = words_hash([labelled.page])
        for words, page in (("given", labelled), ("noise", _with_noise(labelled, digest))):
            counts.add_page(page)
            yield TrainingPage(page, digest, family | {"words": words})


def _readings(
    document: TrueDocument,
    segments: Mapping[str, Sequence[Segment]],
    counts: Counts,
    cache_folder: Path | None,
) -> Iterator[tuple[Words, Projection]]:
    """Yield the readings of a document that can be labelled, the best one counted."""
    best: Projection | None = None
    for choice in _choices(document):
        try:
            pages = read_document(document, cache_folder, choice).pages
            if choice == "given" and not any(item.box for item in document.items):
                pages = tuple(level_page(page) for page in pages)
            projection = project_truth(document, pages, segments.get(document.document_id, ()))
        except (AttachmentError, CorpusError, NotLabelled) as error:
            counts.reasons[f"{choice}: {_reason(error)}"] += 1
            continue
        if sum(projection.placed) < _PLACED * len(document.items):
            counts.reasons[f"{choice}: fewer than half of its items were found"] += 1
            continue
        if best is None or _completeness(projection) > _completeness(best):
            best = projection
        counts.add_projection(projection)
        if choice != "given":
            yield "own", projection
            continue
        levelled = _levelled(projection)
        yield "given", levelled
        yield "noise", _noisy(levelled, document.document_id)
    counts.items += len(document.items)
    counts.placed += 0 if best is None else sum(best.placed)
    counts.whole += best is not None and all(best.whole)


def _completeness(projection: Projection) -> tuple[bool, int]:
    return all(projection.whole), sum(projection.placed)


def _choices(document: TrueDocument) -> tuple[WordChoice, ...]:
    corpus: tuple[WordChoice, ...] = () if document.read_corpus_pages is None else ("given",)
    return corpus if document.path is None else ("auto", *corpus)


def _reason(error: Exception) -> str:
    """The reason without what names the document."""
    if isinstance(error, AttachmentError):
        return error.code
    return str(error) if isinstance(error, NotLabelled) else type(error).__name__


def _usable_pages(projection: Projection) -> Iterator[LabelledPage]:
    """Yield the pages with items placed on them; those without, where no item is missing."""
    complete = all(projection.whole)
    for page, placed in zip(projection.pages, projection.placed, strict=True):
        if page.page.words and (placed or complete):
            yield page


def _levelled(projection: Projection) -> Projection:
    """The pages with level lines: words of a photograph stand where the camera saw them."""
    pages = tuple(replace(page, page=level_page(page.page)) for page in projection.pages)
    return replace(projection, pages=pages)


def _noisy(projection: Projection, seed: str) -> Projection:
    pages = tuple(_with_noise(page, f"{seed} {page.page.number}") for page in projection.pages)
    return replace(projection, pages=pages)


def _with_noise(labelled: LabelledPage, seed: str) -> LabelledPage:
    """The page as Tesseract might have read it; the same for a seed."""
    page = labelled.page
    read = [
        TaggedWord(word.text, word.box, tag, item)
        for word, tag, item in zip(page.words, labelled.tags, labelled.items, strict=True)
    ]
    # Points: print of the usual size on a sheet, whatever the resolution of the picture was
    scale = 842.0 / max(page.width, page.height)
    paper = page.width * scale, page.height * scale
    return replace_words(labelled, add_noise(random.Random(f"noise {seed}"), read, paper))
