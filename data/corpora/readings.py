"""The cache of page readings: a file is read once, its pages are stored on disk.

A stored reading is one `.npz` file (no pickle) named by the hash of the file's content, the reading
settings and the reader's own source code: a changed reader never loads an old reading. A reading
of damaged pages depends on the source code of the damage too.
"""

import hashlib
import inspect
import json
import logging
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np

from data.corpora import damage as paper_damage
from data.corpora import plumber, scans
from data.corpora.scans import DamageLevel
from data.corpora.truth import CorpusError, TrueDocument
from data.pages import (
    attachments,
    ocr,
    orientation,
    pasted_print,
    pictures,
    tesseract,
    text_layer,
    words,
)
from data.pages.second_engine import lone_digits, second_reading, whole_page_reading
from data.pages.words import WordSource
from data.records import Box, GreyImage, Page, Word
from data.values import number_words

log = logging.getLogger(__name__)

DEFAULT_CACHE = Path("~/.cache/tieout/readings")

# The source of a labelled document's words: those that the corpus brings, or our own reading.
WordChoice = Literal["auto", "given", "text", "ocr"]

# Of the records only those a reading holds: a new one elsewhere makes no reading stale
_READER_MODULES = (
    *(attachments, ocr, pictures, second_reading, tesseract, text_layer, orientation, words),
    *(pasted_print, whole_page_reading, lone_digits, number_words, Box, Word, Page),
)
_DAMAGE_MODULES = (scans, paper_damage)
_PLUMBER_MODULES = (plumber, attachments, pictures, Box, Word, Page, orientation)


@dataclass(frozen=True, slots=True)
class Reading:
    """All pages of a file and the seconds it took to read them when they were read."""

    pages: tuple[Page, ...]
    seconds: float


def read_document(
    document: TrueDocument,
    cache_folder: Path | None,
    words: WordChoice = "auto",
    damage: DamageLevel = "none",
    *,
    second_reading: bool = True,
) -> Reading:
    """The pages of a labelled document with words from the chosen source.

    "auto" reads the file as the service would, and takes the corpus's words only where there is no
    file. With `damage` the file is scanned first (`scans`) and read by OCR. Raises `CorpusError`
    where there are no such words, `attachments.AttachmentError` for a file that cannot be opened,
    `ValueError` for words that a damaged page cannot have.
    """
    _check_damaged_words(words, damage)
    if damage != "none" and document.path is None:
        raise CorpusError(
            f"{document.document_id}: has no file that could be damaged ({damage!r}), only given"
            " words"
        )
    if words == "given" or uses_corpus_words(document, words):
        if document.read_corpus_pages is None:
            raise CorpusError(f"{document.document_id}: the corpus brings no words of its own")
        start = time.perf_counter()
        return Reading(document.read_corpus_pages(), time.perf_counter() - start)
    if document.path is None:
        raise CorpusError(
            f"{document.document_id}: has no file to read by {words!r}, only given words"
        )
    return read_file(document.path, cache_folder, words, damage, second_reading=second_reading)


def uses_corpus_words(document: TrueDocument, words: WordChoice) -> bool:
    """Return whether `read_document` takes the corpus's own words for this document."""
    return words == "given" or (words == "auto" and document.path is None)


def read_by_pdfplumber(path: Path, cache_folder: Path | None) -> Reading:
    """The pages of a PDF with the words that pdfplumber finds, cached like any reading.

    Raises `attachments.AttachmentError` for a file that cannot be opened or is no PDF.
    """

    def read() -> Reading:
        start = time.perf_counter()
        pages = plumber.pages_by_pdfplumber(path)
        return Reading(pages, time.perf_counter() - start)

    settings = f"pdfplumber {metadata.version('pdfplumber')} {_hash_sources(_PLUMBER_MODULES)} "
    return _read_through_cache(path, cache_folder, settings, read)


def read_file(
    path: Path,
    cache_folder: Path | None,
    source: WordSource = "auto",
    damage: DamageLevel = "none",
    *,
    images: bool = True,
    second_reading: bool = True,
) -> Reading:
    """The pages of the file, from `cache_folder` if they were read before (None: no cache).

    With `damage` they are scanned first and `source` must be "auto" or "ocr", which then mean the
    same. Raises `attachments.AttachmentError` for a file that cannot be opened, `ValueError` for
    the source "text" of damaged pages.
    """
    _check_damaged_words(source, damage)
    reader = _hash_sources(_READER_MODULES)
    settings = f"{reader} {source} {images} "
    if damage != "none":
        settings = f"{reader} {_hash_sources(_DAMAGE_MODULES)} {damage} {images} "
    if not second_reading:
        settings += "once "
    return _read_through_cache(
        path, cache_folder, settings, lambda: _read(path, source, damage, images, second_reading)
    )


def _read_through_cache(
    path: Path, cache_folder: Path | None, settings: str, read: Callable[[], Reading]
) -> Reading:
    """The reading cached for these settings and the file's content, else a new one, then cached."""
    if cache_folder is None:
        return read()
    key = hashlib.sha256(settings.encode())
    key.update(path.read_bytes())
    file = cache_folder.expanduser() / f"{key.hexdigest()[:40]}.npz"
    reading = _load(file) if file.is_file() else None
    if reading is None:
        reading = read()
        _save(file, reading)
    return reading


def _check_damaged_words(words: WordChoice, damage: DamageLevel) -> None:
    if damage != "none" and words not in ("auto", "ocr"):
        raise ValueError(
            f"damaged pages ({damage!r}) have only words read by OCR; want words auto or ocr,"
            f" got {words!r}"
        )


def _read(
    path: Path, source: WordSource, damage: DamageLevel, images: bool, second_reading: bool
) -> Reading:
    start = time.perf_counter()
    if damage != "none":
        pages = tuple(scans.scan_pages(path, damage, images=images, second_reading=second_reading))
        return Reading(pages, time.perf_counter() - start)
    attachment = attachments.open_attachment_file(path)
    pages = tuple(
        words.read_pages(attachment, source=source, images=images, second_reading=second_reading)
    )
    return Reading(pages, time.perf_counter() - start)


def reader_version() -> str:
    """Return the hash of the reader's source code, which changes what it reads."""
    return _hash_sources(_READER_MODULES)


@cache
def _hash_sources(parts: tuple[ModuleType | type, ...]) -> str:
    sources = [inspect.getsource(part) for part in parts]
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:16]


def _save(path: Path, reading: Reading) -> None:
    """Write to a neighbour and rename, so that a killed run leaves no half reading."""
    content = {
        "seconds": reading.seconds,
        "pages": [_page_values(page) for page in reading.pages],
    }
    arrays: dict[str, Any] = {
        f"image_{index}": page.image
        for index, page in enumerate(reading.pages)
        if page.image is not None
    }
    text = np.frombuffer(json.dumps(content).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez_compressed(part, reading=text, **arrays)
    os.replace(part.name, path)


def _load(path: Path) -> Reading | None:
    """Load a cached reading; None for a file that a full disk or a crash left damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            content = json.loads(arrays["reading"].tobytes())
            pages = tuple(
                _page(values, arrays[name] if (name := f"image_{index}") in arrays else None)
                for index, values in enumerate(content["pages"])
            )
        return Reading(pages, float(content["seconds"]))
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("%s: the cached reading is damaged; the file is read again (%s)", path, error)
        return None


def _page_values(page: Page) -> dict[str, Any]:
    values = {
        leaf.name: getattr(page, leaf.name)
        for leaf in fields(page)
        if leaf.name not in ("words", "image")
    }
    return values | {"words": [asdict(word) for word in page.words]}


def _page(values: dict[str, Any], image: GreyImage | None) -> Page:
    page_words = tuple(
        Word(word["text"], Box(**word["box"]), word["confidence"], word["other"])
        for word in values["words"]
    )
    return Page(
        **(values | {"words": page_words, "image": image, "to_page": tuple(values["to_page"])})
    )
