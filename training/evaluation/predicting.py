"""Predictions for the documents of a corpus, by several processes and resumed after a kill.

Finished rows are kept in `<name>.partial` beside the file they will become, under a key of
everything they depend on; a run with the same key goes on after the last whole row.
"""

import json
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import torch

from data.corpora.languages import guess_language
from data.corpora.readings import Reading as ReadPages
from data.corpora.readings import (
    WordChoice,
    read_by_pdfplumber,
    read_document,
    takes_given_words,
)
from data.corpora.scans import DamageLevel
from data.corpora.truth import TrueDocument
from data.pages.attachments import AttachmentError, sniff_kind
from data.records import ExtractedDocument, Page
from training.evaluation.entity_reader import EntityReader
from training.extractor import Extractor, without_image
from training.metrics.entities import predicted_entities
from training.metrics.predictions import to_prediction

log = logging.getLogger(__name__)

MOST_WORKERS = 8  # each holds a model: about 0.7 GB
_HEAD_BYTES = 1024  # in which a kind of file shows


class Reader(Protocol):
    """What finds documents in pages; `training.extractor.Extractor` is the one we ship."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]: ...


# What a reading can do without: pictures, the second OCR engine, sums and products when decoding.
Part = Literal["pixels", "second-reading", "arithmetic"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the documents are to be read: which words, where read pages are kept, and whether the
    pages are damaged first. `text_by` says whose words a PDF's text layer gives: ours, checked
    against the page's pixels, or pdfplumber's, as they are. `without` names what is to be done
    without, to see what it is worth."""

    words: WordChoice = "auto"
    cache: Path | None = None
    damage: DamageLevel = "none"
    text_by: Literal["us", "pdfplumber"] = "us"
    without: frozenset[Part] = frozenset()


def default_workers() -> int:
    """One process a core, at most `MOST_WORKERS`."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def predict(document: TrueDocument, reader: Reader, how: Reading) -> dict[str, Any]:
    """The prediction for one document; a file that cannot be opened gets an empty one saying why.

    On words that a corpus brings with labels, `entities` holds what the model says of them. Raises
    `CorpusError` where the words asked for do not exist, `ValueError` for words that damaged pages
    cannot have.
    """
    name = document.document_id
    try:
        reading = _read(document, how)
        if "pixels" in how.without:
            reading = replace(reading, pages=tuple(map(without_image, reading.pages)))
    except AttachmentError as error:
        log.warning("%s", error)
        return to_prediction(name, (), 0.0) | {"failed": str(error)}
    start = time.perf_counter()
    attachment = name if document.path is None else document.path.name
    more: dict[str, Any] = {}
    # Entities are words of the corpus by position: on any other words they mean nothing.
    has_entities = document.entities and takes_given_words(document, how.words)
    if has_entities and isinstance(reader, EntityReader):
        found: tuple[ExtractedDocument, ...] = ()
        more["entities"] = [one for page in reading.pages for one in reader.entities(page)]
    elif has_entities and isinstance(reader, Extractor):
        tagged = [reader.tag_pages([page])[0] for page in reading.pages]
        found = reader.documents(attachment, tagged)
        more["entities"] = [entity for page in tagged for entity in predicted_entities(page)]
    else:
        found = reader.extract(attachment, reading.pages)
    seconds = reading.seconds + time.perf_counter() - start
    return to_prediction(name, found, seconds) | {
        "seconds_reading": round(reading.seconds, 3),
        "words_source": "+".join(sorted({page.words_source for page in reading.pages})),
        "pages": len(reading.pages),
        "language": guess_language(word.text for page in reading.pages for word in page.words),
        **more,
    }


def _read(document: TrueDocument, how: Reading) -> ReadPages:
    wants_text = how.words in ("auto", "text") and how.damage == "none"
    if how.text_by == "pdfplumber" and wants_text and document.path is not None:
        with document.path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if sniff_kind(head) == "pdf":
            reading = read_by_pdfplumber(document.path, how.cache)
            if how.words == "text" or any(page.words for page in reading.pages):
                return reading
    return read_document(
        document,
        how.cache,
        how.words,
        how.damage,
        second_reading="second-reading" not in how.without,
    )


def predict_all(
    documents: Sequence[TrueDocument],
    make_reader: Callable[[], Reader],
    how: Reading,
    workers: int = 1,
) -> Iterator[dict[str, Any]]:
    """One prediction a document, in order; `make_reader` must be picklable for several workers.

    Every process computes with one thread, so that the number of workers changes no figure. Raises
    what `make_reader` raises.
    """
    if workers <= 1 or len(documents) <= 1:
        with _one_thread():
            reader = make_reader()
            for document in documents:
                yield predict(document, reader, how)
        return
    make_reader()  # what cannot be made is said once, here; in a worker it would break the pool
    context = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
    with ProcessPoolExecutor(
        min(workers, len(documents)), context, initializer=_start, initargs=(make_reader, how)
    ) as pool:
        yield from pool.map(_predict_here, documents)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Kept:
    """Rows of an unfinished file, by id, kept under a key of what they depend on.

    They stay until `drop`: a run killed while its report is made reads nothing again."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path.with_name(path.name + ".partial")
        self._head = {"key": key}

    def rows(self) -> dict[str, dict[str, Any]]:
        """The whole rows of an earlier run under the same key; none under another."""
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        # A killed run may leave half a line: only what ends in a line end was written whole.
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        if not whole or whole[0] != self._head:
            return {}
        return {str(row["id"]): row for row in whole[1:]}

    def keep(self, rows: Iterable[dict[str, Any]], known: Iterable[dict[str, Any]]) -> None:
        """Start the file with the known rows and add each new one as it comes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for row in (self._head, *known):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()

    def drop(self) -> None:
        """Delete the rows: the file they were kept for is written."""
        self.path.unlink(missing_ok=True)


_reader: Reader | None = None
_how = Reading()


def _start(make_reader: Callable[[], Reader], how: Reading) -> None:
    """Set up a worker process."""
    global _reader, _how
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    _reader, _how = make_reader(), how


def _end_with_parent() -> None:
    """End this process when its parent does: a killed parent cannot tell its workers to stop."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _predict_here(document: TrueDocument) -> dict[str, Any]:
    if _reader is None:
        raise RuntimeError("a worker was asked before it was set up")
    return predict(document, _reader, _how)
