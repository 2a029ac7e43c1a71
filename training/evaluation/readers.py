"""The readers of an evaluation, model and rules, and their predictions; resumed after a kill."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm

from data.corpora.truth import TrueDocument
from training.baseline.reader import RulesBaseline
from training.evaluation.entity_reader import EntityReader, has_entity_labels
from training.evaluation.predicting import (
    PartialRows,
    Reader,
    ReadingOptions,
    default_workers,
    predict_all,
)
from training.extractor import Extractor
from training.network.device import choose_device

ReaderName = Literal["model", "rules"]
RULES = "rules baseline"  # what a report calls it


@dataclass(frozen=True, slots=True)
class ReadingRun:
    """One reader on one corpus.

    `out` is the file that the predictions will become; until then they are kept beside it, under
    `key`: everything they depend on. `checkpoint` (None: the one we ship) and `device` are the
    model's. `workers` None means one process a core, or one on a GPU.
    """

    reader: ReaderName
    out: Path
    key: Sequence[Any]
    options: ReadingOptions
    checkpoint: Path | None = None
    device: str = "auto"
    workers: int | None = None

    @property
    def partial_rows(self) -> PartialRows:
        """The rows of this run, or of an earlier one that was stopped and is the same."""
        return PartialRows(self.out, json.dumps([self.reader, *self.key]))

    def predictions(self, documents: Sequence[TrueDocument]) -> list[dict[str, Any]]:
        """Return one prediction a document id, in order; rows of an earlier run are reused.

        They are kept until `partial_rows.delete()`. The rules read a PDF's text layer with
        pdfplumber. Raises `CheckpointError`, and `CorpusError` where the chosen words do not exist.
        """
        if self.reader == "rules":
            options = replace(self.options, text_by="pdfplumber")
            return self._read(documents, RulesBaseline, options, self.workers or default_workers())
        device = choose_device(self.device)
        sys.stderr.write(f"{device}\n")
        workers = self.workers or (1 if device.is_gpu else default_workers())
        make_reader: Callable[[], Reader] = partial(
            Extractor.load,
            self.checkpoint,
            self.device,
            arithmetic="arithmetic" not in self.options.without,
        )
        if self.checkpoint is not None and has_entity_labels(self.checkpoint):
            make_reader = partial(EntityReader.load, self.checkpoint, self.device)
        return self._read(documents, make_reader, self.options, workers)

    def _read(
        self,
        documents: Sequence[TrueDocument],
        make_reader: Callable[[], Reader],
        options: ReadingOptions,
        workers: int,
    ) -> list[dict[str, Any]]:
        partial_rows = self.partial_rows
        rows = partial_rows.rows()
        unique = {document.document_id: document for document in documents}
        unread = [document for name, document in unique.items() if name not in rows]
        if rows:
            sys.stderr.write(f"{len(rows)} documents were read by an earlier run, continuing\n")
        predictions = tqdm(
            predict_all(unread, make_reader, options, workers),
            desc=self.reader,
            total=len(unique),
            initial=len(unique) - len(unread),
            unit="document",
            disable=not sys.stderr.isatty(),
        )
        partial_rows.write(predictions, rows.values())
        rows = partial_rows.rows()
        return [rows[name] for name in unique]
