"""One labelled page to train on, with the document it is of and what it can be left out by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from data.corpora.truth import TrueDocument
from data.records import LabelledPage, Page, Word
from data.synthesis.ocr_fitting.shards import ReadPage
from data.synthesis.ocr_noise.noise import TaggedWord

# Where the words of a page come from: read as the service reads, brought by the corpus, those with
# simulated OCR errors, synthetic print read by Tesseract, own reading with our own labels.
Words = Literal["own", "given", "noise", "read", "pseudo"]

_LONGEST_KEY = 80  # characters of a manifest value that may name a family; longer ones are prose
_SPLITS = frozenset({"train", "dev", "val", "valid", "test", "manifest", "open", "documents"})


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """A labelled page, the SHA-256 of its document's bytes and its family, by key.

    `family` holds the document's short manifest keys (such as `layout` and `country`), and always
    `corpus`, `document_type` and `words` (one of `Words`).
    """

    page: LabelledPage
    document: str
    family: Mapping[str, str]

    def is_in(self, families: Mapping[str, Sequence[str]]) -> bool:
        """Return whether one of its keys has one of the values given for it."""
        return any(self.family.get(key) in values for key, values in families.items())


def corpus_name(path: Path) -> str:
    """The name of a corpus: its folder or file, without the name of a split.

    >>> corpus_name(Path("wildreceipt/train")), corpus_name(Path("cord/train.jsonl.gz"))
    ('wildreceipt', 'cord')
    """
    names = [path.name.split(".", 1)[0], *(parent.name for parent in path.parents)]
    return next((name for name in names if name and name not in _SPLITS), names[0])


def document_hash(document: TrueDocument) -> str:
    """The SHA-256 of the document's file, or of the words of one that has no file."""
    if document.path is not None:
        return hashlib.sha256(document.path.read_bytes()).hexdigest()
    pages = document.read_corpus_pages() if document.read_corpus_pages is not None else ()
    return words_hash(pages)


def words_hash(pages: Sequence[Page]) -> str:
    """The SHA-256 of the words of pages that come without a file."""
    words = [(word.text, word.box) for page in pages for word in page.words]
    return hashlib.sha256(repr(words).encode()).hexdigest()


def family_of(document: TrueDocument, corpus: str) -> dict[str, str]:
    """The keys that a document's pages can be left out by."""
    keys = {
        key: str(value)
        for key, value in document.extra.items()
        if isinstance(value, str | bool | int) and len(str(value)) <= _LONGEST_KEY
    }
    return keys | {"corpus": corpus, "document_type": document.document_type}


def pack_page(training_page: TrainingPage) -> ReadPage:
    """The page as a line of a shard: words with tags and items, no pixels."""
    labelled, family = training_page.page, dict(training_page.family)
    page = labelled.page
    read = tuple(
        TaggedWord(word.text, word.box, tag, item, word.confidence)
        for word, tag, item in zip(page.words, labelled.tags, labelled.items, strict=True)
    )
    return ReadPage(
        document_type=labelled.document_type,
        family=family["corpus"],
        number=page.number,
        scanner=family["words"],
        width=page.width,
        height=page.height,
        skew=0.0,
        read=read,
        printed=(),
        document=training_page.document,
        keys=family,
    )


def unpack_page(read: ReadPage) -> TrainingPage:
    """The page of a shard's line; a synthetic one is its own document, by the hash of its words."""
    labelled = read.labelled_page()
    if read.document:
        return TrainingPage(labelled, read.document, read.keys or {})
    family = {"corpus": "synthetic", "layout": read.family, "scanner": read.scanner}
    family |= {"document_type": read.document_type, "words": "read"}
    return TrainingPage(labelled, words_hash([labelled.page]), family)


def replace_words(labelled: LabelledPage, words: Sequence[TaggedWord]) -> LabelledPage:
    """The page with other words, their tags and items, and without its picture."""
    page = replace(
        labelled.page,
        words=tuple(Word(word.text, word.box, word.confidence) for word in words),
        words_source="ocr",
        image=None,
    )
    tags, items = tuple(word.tag for word in words), tuple(word.item for word in words)
    return LabelledPage(page, tags, items, labelled.document_type)
