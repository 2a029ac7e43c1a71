"""Pages of a file, read once and kept on disk.

A kept reading is one `.npz` file (no pickle) named by the hash of the file's content, the reading
settings and the reader's own source code: a changed reader never meets an old reading.
"""

import hashlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from data import attachments, ocr, records, textlayer, upright, words
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box, Page, Word
from data.words import WordSource

DEFAULT_CACHE = Path("~/.cache/tieout/readings")

# Where the words of a labelled document come from: what the corpus brings, or our own reading.
WordChoice = Literal["auto", "given", "text", "ocr"]

_READER_MODULES = (attachments, ocr, records, textlayer, upright, words)


@dataclass(frozen=True, slots=True)
class Reading:
    """All pages of a file and the seconds it took to read them when they were read."""

    pages: tuple[Page, ...]
    seconds: float


def read_document(
    document: TrueDocument, cache_folder: Path | None, words: WordChoice = "auto"
) -> Reading:
    """The pages of a labelled document, with the words asked for.

    "auto" reads the file as the service would, and takes the corpus's words only where there is no
    file. Raises `CorpusError` where there are no such words, `attachments.AttachmentError` for a
    file that cannot be opened.
    """
    if words == "given" or (words == "auto" and document.path is None):
        if document.given is None:
            raise CorpusError(f"{document.document_id}: the corpus brings no words of its own")
        start = time.perf_counter()
        return Reading(document.given(), time.perf_counter() - start)
    if document.path is None:
        raise CorpusError(
            f"{document.document_id}: has no file to read by {words!r}, only given words"
        )
    return read_file(document.path, cache_folder, words)


def read_file(
    path: Path, cache_folder: Path | None, source: WordSource = "auto", *, images: bool = True
) -> Reading:
    """The pages of the file, from `cache_folder` when they were read before (None: never kept).

    Raises `attachments.AttachmentError` for a file that cannot be opened.
    """
    if cache_folder is None:
        return _read(path, source, images)
    key = hashlib.sha256(f"{_reader_version()} {source} {images} ".encode())
    key.update(path.read_bytes())
    kept = cache_folder.expanduser() / f"{key.hexdigest()[:40]}.npz"
    if kept.is_file():
        return _load(kept)
    reading = _read(path, source, images)
    _save(kept, reading)
    return reading


def _read(path: Path, source: WordSource, images: bool) -> Reading:
    start = time.perf_counter()
    attachment = attachments.open_attachment_file(path)
    pages = tuple(words.read_pages(attachment, source=source, images=images))
    return Reading(pages, time.perf_counter() - start)


@cache
def _reader_version() -> str:
    sources = [Path(str(module.__file__)).read_bytes() for module in _READER_MODULES]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


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


def _load(path: Path) -> Reading:
    with np.load(path, allow_pickle=False) as arrays:
        content = json.loads(arrays["reading"].tobytes())
        pages = tuple(
            _page(values, arrays[name] if (name := f"image_{index}") in arrays else None)
            for index, values in enumerate(content["pages"])
        )
    return Reading(pages, float(content["seconds"]))


def _page_values(page: Page) -> dict[str, Any]:
    values = {
        leaf.name: getattr(page, leaf.name)
        for leaf in fields(page)
        if leaf.name not in ("words", "image")
    }
    return values | {"words": [asdict(word) for word in page.words]}


def _page(values: dict[str, Any], image: records.GreyImage | None) -> Page:
    found = tuple(
        Word(word["text"], Box(**word["box"]), word["confidence"]) for word in values["words"]
    )
    return Page(**(values | {"words": found, "image": image, "to_page": tuple(values["to_page"])}))
