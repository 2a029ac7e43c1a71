"""One evaluation: documents read or predictions taken, scored, and reported into a folder."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

from tqdm import tqdm

from data.corpora.formats import open_corpus
from data.corpora.readings import DEFAULT_CACHE, WordChoice
from data.corpora.scans import DamageLevel
from data.corpora.truth import CorpusError, TrueDocument
from training.checkpoint import DEFAULT
from training.device import choose_device
from training.extractor import Extractor
from training.fingerprints import code_hash, corpus_hash, weights_hash
from training.predicting import Kept, Reader, Reading, default_workers, predict_all
from training.predictions import read_predictions, write_predictions
from training.report.contents import build_report, to_html, to_markdown
from training.scoring import score

_VERSIONS_OF = ("tieout", "torch", "numpy", "scipy", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is to be scored and how.

    `predictions` is a file to score instead of a model's reading (None: the checkpoint reads).
    `workers` None means one process a core, or one on a GPU. `slices` are keys of the corpus to
    report by, beside the usual ones.
    """

    corpus: Path
    out: Path
    format_name: str | None = None
    checkpoint: Path | None = None
    predictions: Path | None = None
    words: WordChoice = "auto"
    damage: DamageLevel = "none"
    device: str = "auto"
    workers: int | None = None
    limit: int | None = None
    slices: tuple[str, ...] = ()
    cache: Path | None = DEFAULT_CACHE


def evaluate(asked: Evaluation) -> dict[str, Any]:
    """The report, after writing it and `predictions.jsonl` into the folder `asked.out`.

    Raises `CorpusError`, `PredictionError` or `CheckpointError` for input that cannot be used,
    ValueError for a limit or workers below 1.
    """
    for name, count in (("limit", asked.limit), ("workers", asked.workers)):
        if count is not None and count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")
    everything = list(open_corpus(asked.corpus, asked.format_name))
    documents = everything[: asked.limit]
    if not documents:
        raise CorpusError(f"{asked.corpus}: holds no documents, nothing can be scored")
    asked.out.mkdir(parents=True, exist_ok=True)
    # Before reading: a training run may write new weights into the folder meanwhile.
    about = _about(asked, documents)
    if asked.predictions is None:
        predictions = _read_all(asked, documents, about)
    else:
        predictions = list(read_predictions(asked.predictions).values())
    known = [document.document_id for document in everything]
    by_id = {str(prediction["id"]): prediction for prediction in predictions}
    about["failed"] = {one["id"]: one["failed"] for one in predictions if one.get("failed")}
    report = build_report(score(documents, by_id, asked.slices, known), about)
    write_predictions(asked.out / "predictions.jsonl", predictions)
    (asked.out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (asked.out / "report.md").write_text(to_markdown(report), encoding="utf-8")
    (asked.out / "report.html").write_text(to_html(report), encoding="utf-8")
    return report


def _read_all(
    asked: Evaluation, documents: Sequence[TrueDocument], about: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The shipped or given model's predictions."""
    device = choose_device(asked.device)
    sys.stderr.write(f"{device}\n")
    workers = asked.workers or (1 if device.is_gpu else default_workers())
    make_reader = partial(Extractor.load, asked.checkpoint, asked.device)
    how = Reading(asked.words, asked.cache, asked.damage)
    kept = Kept(asked.out / "predictions.jsonl", json.dumps([about["settings"], about["hashes"]]))
    return _predictions(documents, make_reader, how, workers, kept)


def _predictions(
    documents: Sequence[TrueDocument],
    make_reader: Callable[[], Reader],
    how: Reading,
    workers: int,
    kept: Kept,
) -> list[dict[str, Any]]:
    """One prediction a document id, in order; those kept by an earlier run are not made again."""
    rows = kept.rows()
    unique = {document.document_id: document for document in documents}
    open_ = [document for name, document in unique.items() if name not in rows]
    if rows:
        sys.stderr.write(f"{len(rows)} documents were read by an earlier run, going on\n")
    found = tqdm(
        predict_all(open_, make_reader, how, workers),
        total=len(unique),
        initial=len(unique) - len(open_),
        unit="document",
        disable=not sys.stderr.isatty(),
    )
    kept.keep(found, rows.values())
    rows = kept.rows()
    kept.drop()
    return [rows[name] for name in unique]


def _about(asked: Evaluation, documents: Sequence[TrueDocument]) -> dict[str, Any]:
    own = asked.predictions is None
    checkpoint = asked.checkpoint or DEFAULT
    return {
        "corpus": asked.corpus.resolve().name,
        "settings": {
            "reader": f"checkpoint {checkpoint.name}" if own else _name(asked.predictions),
            "words": asked.words if own else "as predicted",
            "damage": asked.damage if own else "as predicted",
            "limit": asked.limit or f"none ({len(documents)} documents)",
        },
        "hashes": {
            "code": code_hash(),
            "weights": weights_hash(checkpoint) if own else None,
            "corpus": corpus_hash(documents),
        },
        "versions": {"python": python_version()} | {name: _version(name) for name in _VERSIONS_OF},
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _name(path: Path | None) -> str:
    return "" if path is None else path.name


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
