"""Predictions for the documents of a corpus, in several processes and resumed after a kill.

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
from data.corpora.readings import (
    Reading,
    WordChoice,
    read_by_pdfplumber,
    read_document,
    uses_corpus_words,
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

MAX_WORKERS = 8  # each holds a model: about 0.7 GB
_HEAD_BYTES = 1024  # in which a kind of file shows


class Reader(Protocol):
    """A reader of documents from pages; `training.extractor.Extractor` is the one we ship."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]: ...


# What a reading can do without: pictures, the second OCR engine, sums and products when decoding.
Part = Literal["pixels", "second-reading", "arithmetic"]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Options of a reading: which words, the cache of read pages, damage, parts left out.

    `text_by` selects the words of a PDF's text layer: ours, checked against the page's pixels, or
    pdfplumber's, as they are. `without` names parts that are left out, to measure their worth.
    """

    words: WordChoice = "auto"
    cache: Path | None = None
    damage: DamageLevel = "none"
    text_by: Literal["us", "pdfplumber"] = "us"
    without: frozenset[Part] = frozenset()


def default_workers() -> int:
    """Return one process a core, at most `MAX_WORKERS`."""
    return min(os.cpu_count() or 1, MAX_WORKERS)


def predict(document: TrueDocument, reader: Reader, options: ReadingOptions) -> dict[str, Any]:
    """Return the prediction for one document; empty with a reason if it cannot be opened.

    On words that a corpus brings with labels, `entities` holds those the model found. Raises
    `CorpusError` where the words asked for do not exist, `ValueError` for words that damaged pages
    cannot have.
    """
    name = document.document_id
    try:
        reading = _read_pages(document, options)
        if "pixels" in options.without:
            reading = replace(reading, pages=tuple(map(without_image, reading.pages)))
    except AttachmentError as error:
        log.warning("%s", error)
        return to_prediction(name, (), 0.0) | {"failed": str(error)}
    start = time.perf_counter()
    attachment = name if document.path is None else document.path.name
    more: dict[str, Any] = {}
    # Entities are words of the corpus by position: on any other words they mean nothing.
    has_entities = document.entities and uses_corpus_words(document, options.words)
    if has_entities and isinstance(reader, EntityReader):
        documents: tuple[ExtractedDocument, ...] = ()
        more["entities"] = [
            entity for page in reading.pages for entity in reader.read_entities(page)
        ]
    elif has_entities and isinstance(reader, Extractor):
        tagged = reader.tag_each_page(reading.pages)
        documents = reader.documents(attachment, tagged)
        more["entities"] = [entity for page in tagged for entity in predicted_entities(page)]
    else:
        documents = reader.extract(attachment, reading.pages)
    seconds = reading.seconds + time.perf_counter() - start
    return to_prediction(name, documents, seconds) | {
        "seconds_reading": round(reading.seconds, 3),
        "words_source": "+".join(sorted({page.words_source for page in reading.pages})),
        "pages": len(reading.pages),
        "language": guess_language(word.text for page in reading.pages for word in page.words),
        **more,
    }


def _read_pages(document: TrueDocument, options: ReadingOptions) -> Reading:
    wants_text = options.words in ("auto", "text") and options.damage == "none"
    if options.text_by == "pdfplumber" and wants_text and document.path is not None:
        with document.path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if sniff_kind(head) == "pdf":
            reading = read_by_pdfplumber(document.path, options.cache)
            if options.words == "text" or any(page.words for page in reading.pages):
                return reading
    return read_document(
        document,
        options.cache,
        options.words,
        options.damage,
        second_reading="second-reading" not in options.without,
    )


def predict_all(
    documents: Sequence[TrueDocument],
    make_reader: Callable[[], Reader],
    options: ReadingOptions,
    workers: int = 1,
) -> Iterator[dict[str, Any]]:
    """Yield one prediction a document, in order; `make_reader` must be picklable for workers.

    Every process computes with one thread, so that the number of workers changes no figure. Raises
    what `make_reader` raises.
    """
    if workers <= 1 or len(documents) <= 1:
        with _one_thread():
            reader = make_reader()
            for document in documents:
                yield predict(document, reader, options)
        return
    make_reader()  # an error is raised once, here; in a worker it would break the pool
    context = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
    with ProcessPoolExecutor(
        min(workers, len(documents)),
        context,
        initializer=_start_worker,
        initargs=(make_reader, options),
    ) as pool:
        yield from pool.map(_predict_in_worker, documents)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class PartialRows:
    """Rows of an unfinished file, by id, kept under a key of what they depend on.

    They stay until `delete`: a run killed while its report is made reads nothing again."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path.with_name(path.name + ".partial")
        self._head = {"key": key}

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the whole rows of an earlier run under the same key; none under another."""
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        # A killed run may leave half a line: only what ends in a line end was written whole.
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        if not whole or whole[0] != self._head:
            return {}
        return {str(row["id"]): row for row in whole[1:]}

    def write(self, rows: Iterable[dict[str, Any]], known: Iterable[dict[str, Any]]) -> None:
        """Start the file with the known rows and add each new one as it comes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for row in (self._head, *known):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()

    def delete(self) -> None:
        """Delete the rows once the file they belong to is written."""
        self.path.unlink(missing_ok=True)


_reader: Reader | None = None
_options = ReadingOptions()


def _start_worker(make_reader: Callable[[], Reader], options: ReadingOptions) -> None:
    """Set up a worker process."""
    global _reader, _options
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    _reader, _options = make_reader(), options


def _end_with_parent() -> None:
    """End this process when its parent ends: a killed parent cannot stop its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _predict_in_worker(document: TrueDocument) -> dict[str, Any]:
    if _reader is None:
        raise RuntimeError("a worker got a document before it was set up")
    return predict(document, _reader, _options)
