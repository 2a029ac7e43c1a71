"""Scores of a reader on a corpus folder, with predictions and report on disk.

    python -m training.evaluate --corpus DIR --out DIR [--checkpoint DIR] [--words auto|text|ocr]
    python -m training.evaluate --corpus DIR --out DIR --predictions FILE

The second form scores a `predictions.jsonl` that anybody made. Writes `predictions.jsonl`,
`report.json`, `report.md` and `report.html` into --out; the headline goes to stdout. Scores are
defined in `training.metrics`.
"""

import argparse
import hashlib
import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any, Protocol

from tqdm import tqdm

from data.attachments import AttachmentError
from data.corpora.folder import CorpusError, TrueDocument, read_corpus
from data.corpora.readings import DEFAULT_CACHE, read_file
from data.records import ExtractedDocument, Page
from data.words import WordSource
from training.checkpoint import DEFAULT, CheckpointError
from training.extractor import Extractor
from training.metrics import PredictionError, score_document
from training.predictions import read_predictions, to_prediction, write_predictions
from training.report import Scored, build_report, to_html, to_markdown

log = logging.getLogger(__name__)

UNUSABLE = 2  # exit status: the call or its input cannot be used


class Reader(Protocol):
    """What finds documents in pages; `training.extractor.Extractor` is the one we ship."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]: ...


def predict(
    documents: Iterable[TrueDocument], reader: Reader, words: WordSource, cache_folder: Path | None
) -> Iterator[dict[str, Any]]:
    """One prediction a document; a file that cannot be opened gets an empty one saying why."""
    for document in documents:
        name = document.document_id
        try:
            reading = read_file(document.path, cache_folder, words)
        except AttachmentError as error:
            log.warning("%s", error)
            yield to_prediction(name, (), 0.0) | {"failed": str(error)}
            continue
        start = time.perf_counter()
        found = reader.extract(document.path.name, reading.pages)
        seconds = reading.seconds + time.perf_counter() - start
        sources = sorted({page.words_source for page in reading.pages})
        yield to_prediction(name, found, seconds) | {
            "seconds_reading": round(reading.seconds, 3),
            "words_source": "+".join(sources),
            "pages": len(reading.pages),
        }


def score(
    documents: Iterable[TrueDocument],
    predictions: Mapping[str, Mapping[str, Any]],
    slice_keys: Iterable[str] = (),
) -> list[Scored]:
    """Every document with its score; one without a prediction counts as nothing read."""
    scored = []
    for document in documents:
        prediction = predictions.get(document.document_id)
        if prediction is None:
            log.warning("%s: no prediction, scored as nothing read", document.document_id)
            prediction = {}
        scored.append(
            Scored(
                truth=document,
                score=score_document(document, prediction),
                seconds=float(prediction.get("seconds") or 0.0),
                groups=_groups(document, prediction, slice_keys),
            )
        )
    return scored


def _groups(
    document: TrueDocument, prediction: Mapping[str, Any], slice_keys: Iterable[str]
) -> dict[str, str]:
    groups = {"document_type": document.document_type}
    if prediction.get("words_source"):
        groups["words_source"] = str(prediction["words_source"])
    for key in dict.fromkeys(("layout", *slice_keys)):
        if key in document.extra:
            groups[key] = str(document.extra[key])
    count = len(document.items)
    groups["items a document"] = "1" if count <= 1 else "2-5" if count <= 5 else "6-20"
    if count > 20:
        groups["items a document"] = "21 and more"
    return groups


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        documents = list(read_corpus(given.corpus, given.limit))
        given.out.mkdir(parents=True, exist_ok=True)
        # Before reading: a training run may write new weights into the folder meanwhile.
        settings = _settings(given, len(documents))
        predictions = _predictions(given, documents)
        by_id = {str(prediction["id"]): prediction for prediction in predictions}
        report = build_report(
            score(documents, by_id, given.slice), _about(given, settings, predictions)
        )
    except (CorpusError, PredictionError, CheckpointError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    write_predictions(given.out / "predictions.jsonl", predictions)
    (given.out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (given.out / "report.md").write_text(to_markdown(report), encoding="utf-8")
    (given.out / "report.html").write_text(to_html(report), encoding="utf-8")
    sys.stdout.write(_headline(report, given.out))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate")
    parser.add_argument("--corpus", type=Path, required=True, help="corpus folder to score on")
    parser.add_argument("--out", type=Path, required=True, help="folder for the four files")
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--predictions", type=Path, help="score this file instead of a model")
    parser.add_argument("--words", choices=("auto", "text", "ocr"), default="auto")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--limit", type=int, help="only the first so many documents")
    parser.add_argument(
        "--slice", action="append", default=[], metavar="KEY", help="manifest key to score by too"
    )
    parser.add_argument(
        "--cache", type=Path, default=DEFAULT_CACHE, help="where read pages are kept"
    )
    return parser


def _predictions(given: argparse.Namespace, documents: list[TrueDocument]) -> list[dict[str, Any]]:
    if given.predictions is not None:
        known = read_predictions(given.predictions)
        unique = dict.fromkeys(document.document_id for document in documents)
        return [known[name] for name in unique if name in known]
    extractor = Extractor.load(given.checkpoint, given.device)
    sys.stderr.write(f"{extractor.device_line}\n")
    progress = tqdm(documents, unit="document", disable=not sys.stderr.isatty())
    return list(predict(progress, extractor, given.words, given.cache))


def _settings(given: argparse.Namespace, count: int) -> dict[str, Any]:
    own = given.predictions is None
    checkpoint = given.checkpoint or DEFAULT
    return {
        "words": given.words if own else "as predicted",
        "limit": given.limit or f"none ({count} documents)",
        "reader": f"checkpoint {checkpoint.name}" if own else given.predictions.name,
        "weights_sha256": _weights_hash(checkpoint) if own else None,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _about(
    given: argparse.Namespace, settings: dict[str, Any], predictions: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "corpus": given.corpus.resolve().name,
        "failed": {p["id"]: p["failed"] for p in predictions if p.get("failed")},
        "settings": settings,
        "versions": {"python": python_version()}
        | {name: _version(name) for name in ("tieout", "torch", "numpy", "scipy", "rapidfuzz")},
    }


def _weights_hash(checkpoint: Path) -> str:
    """First 16 digits over all weight shards: which weights a number belongs to."""
    digest = hashlib.sha256()
    for shard in sorted(checkpoint.glob("*.safetensors")):
        digest.update(shard.read_bytes())
    return digest.hexdigest()[:16]


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
