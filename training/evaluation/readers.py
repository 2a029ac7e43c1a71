"""The readers an evaluation can choose, and what they say of a corpus; resumed after a kill."""

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
from training.evaluation.entity_reader import EntityReader, knows_entities
from training.evaluation.predicting import Kept, Reader, Reading, default_workers, predict_all
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
    how: Reading
    checkpoint: Path | None = None
    device: str = "auto"
    workers: int | None = None

    @property
    def kept(self) -> Kept:
        """The rows of this run, or of an earlier one that was stopped and is the same."""
        return Kept(self.out, json.dumps([self.reader, *self.key]))

    def predictions(self, documents: Sequence[TrueDocument]) -> list[dict[str, Any]]:
        """One prediction a document id, in order; those an earlier run kept are not made again.

        They stay kept until `kept.drop()`. The rules read a PDF's text layer with pdfplumber.
        Raises `CheckpointError`, and `CorpusError` where the words asked for do not exist.
        """
        if self.reader == "rules":
            how = replace(self.how, text_by="pdfplumber")
            return self._read(documents, RulesBaseline, how, self.workers or default_workers())
        device = choose_device(self.device)
        sys.stderr.write(f"{device}\n")
        workers = self.workers or (1 if device.is_gpu else default_workers())
        make_reader: Callable[[], Reader] = partial(
            Extractor.load,
            self.checkpoint,
            self.device,
            arithmetic="arithmetic" not in self.how.without,
        )
        if self.checkpoint is not None and knows_entities(self.checkpoint):
            make_reader = partial(EntityReader.load, self.checkpoint, self.device)
        return self._read(documents, make_reader, self.how, workers)

    def _read(
        self,
        documents: Sequence[TrueDocument],
        make_reader: Callable[[], Reader],
        how: Reading,
        workers: int,
    ) -> list[dict[str, Any]]:
        kept = self.kept
        rows = kept.rows()
        unique = {document.document_id: document for document in documents}
        unread = [document for name, document in unique.items() if name not in rows]
        if rows:
            sys.stderr.write(f"{len(rows)} documents were read by an earlier run, going on\n")
        found = tqdm(
            predict_all(unread, make_reader, how, workers),
            desc=self.reader,
            total=len(unique),
            initial=len(unique) - len(unread),
            unit="document",
            disable=not sys.stderr.isatty(),
        )
        kept.keep(found, rows.values())
        rows = kept.rows()
        return [rows[name] for name in unique]
