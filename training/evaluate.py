"""Scores of a reader on labelled documents, with predictions and report on disk.

    python -m training.evaluate --corpus DIR --out DIR [--checkpoint DIR] [--words given|text|ocr]
    python -m training.evaluate --corpus DIR --out DIR --predictions FILE

The second form scores a `predictions.jsonl` that anybody made. Writes `predictions.jsonl`,
`report.json`, `report.md` and `report.html` into --out; the headline goes to stdout. Scores are
defined in `training.metrics`. A run that was stopped goes on where it was.
"""

import argparse
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

from tqdm import tqdm

from data.corpora.formats import FORMATS, open_corpus
from data.corpora.readings import DEFAULT_CACHE
from data.corpora.truth import CorpusError, TrueDocument
from training.checkpoint import DEFAULT, CheckpointError
from training.device import choose_device
from training.extractor import Extractor
from training.fingerprints import code_hash, corpus_hash, weights_hash
from training.predicting import Kept, Reading, default_workers, predict_all
from training.predictions import (
    PredictionError,
    read_predictions,
    write_predictions,
)
from training.report.contents import build_report, to_html, to_markdown
from training.scoring import score

log = logging.getLogger(__name__)

UNUSABLE = 2  # exit status: the call or its input cannot be used


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        report = _evaluate(given)
    except (CorpusError, PredictionError, CheckpointError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    sys.stdout.write(_headline(report, given.out))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate")
    parser.add_argument("--corpus", type=Path, required=True, help="corpus to score on")
    parser.add_argument("--format", choices=tuple(FORMATS), help="default: recognised")
    parser.add_argument("--out", type=Path, required=True, help="folder for the four files")
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--predictions", type=Path, help="score this file instead of a model")
    parser.add_argument("--words", choices=("auto", "given", "text", "ocr"), default="auto")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--workers", type=int, help="processes; default: one a core, 1 on a GPU")
    parser.add_argument("--limit", type=int, help="only the first so many documents")
    parser.add_argument(
        "--slice", action="append", default=[], metavar="KEY", help="manifest key to score by too"
    )
    parser.add_argument(
        "--cache", type=Path, default=DEFAULT_CACHE, help="where read pages are kept"
    )
    return parser


def _evaluate(given: argparse.Namespace) -> dict[str, Any]:
    everything = list(open_corpus(given.corpus, given.format))
    documents = everything[: given.limit]
    given.out.mkdir(parents=True, exist_ok=True)
    # Before reading: a training run may write new weights into the folder meanwhile.
    about = _about(given, documents)
    if given.predictions is None:
        predictions = _predict(given, documents, about)
    else:
        predictions = list(read_predictions(given.predictions).values())
    by_id = {str(prediction["id"]): prediction for prediction in predictions}
    known = [document.document_id for document in everything]
    scored = score(documents, by_id, given.slice, known)
    about["failed"] = {p["id"]: p["failed"] for p in predictions if p.get("failed")}
    report = build_report(scored, about)
    write_predictions(given.out / "predictions.jsonl", predictions)
    (given.out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (given.out / "report.md").write_text(to_markdown(report), encoding="utf-8")
    (given.out / "report.html").write_text(to_html(report), encoding="utf-8")
    return report


def _predict(
    given: argparse.Namespace, documents: Sequence[TrueDocument], about: Mapping[str, Any]
) -> list[dict[str, Any]]:
    device = choose_device(given.device)
    sys.stderr.write(f"{device}\n")
    workers = given.workers or (1 if device.is_gpu else default_workers())
    kept = Kept(given.out / "predictions.jsonl", json.dumps([about["settings"], about["hashes"]]))
    rows = kept.rows()
    unique = {document.document_id: document for document in documents}
    open_ = [document for name, document in unique.items() if name not in rows]
    if rows:
        sys.stderr.write(f"{len(rows)} documents were read by an earlier run, going on\n")
    make_reader = partial(Extractor.load, given.checkpoint, given.device)
    how = Reading(given.words, given.cache)
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


def _about(given: argparse.Namespace, documents: Sequence[TrueDocument]) -> dict[str, Any]:
    own = given.predictions is None
    checkpoint = given.checkpoint or DEFAULT
    return {
        "corpus": given.corpus.resolve().name,
        "settings": {
            "reader": f"checkpoint {checkpoint.name}" if own else given.predictions.name,
            "words": given.words if own else "as predicted",
            "limit": given.limit or f"none ({len(documents)} documents)",
        },
        "hashes": {
            "code": code_hash(),
            "weights": weights_hash(checkpoint) if own else None,
            "corpus": corpus_hash(documents),
        },
        "versions": {"python": python_version()}
        | {name: _version(name) for name in ("tieout", "torch", "numpy", "scipy", "rapidfuzz")},
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _headline(report: Mapping[str, Any], out: Path) -> str:
    shown = []
    for name in ("item_f1", "cell_f1", "closed"):
        found = report[name]
        if found is not None:
            shown.append(f"{name} {found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]")
    return f"{report['documents']} documents: {', '.join(shown)}; report in {out}\n"


if __name__ == "__main__":
    raise SystemExit(main())
