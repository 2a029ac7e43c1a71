"""Scores of a reader on labelled documents, with predictions and report on disk.

    python -m training.evaluate --corpus DIR --out DIR [--checkpoint DIR] [--words given|text|ocr]
    python -m training.evaluate --corpus DIR --out DIR --predictions FILE

The second form scores a `predictions.jsonl` that anybody made. Writes `predictions.jsonl`,
`report.json`, `report.md` and `report.html` into --out; the headline goes to stdout. Scores are
defined in `training.metrics`. A run that was stopped goes on where it was.
"""

import argparse
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.corpora.formats import FORMATS
from data.corpora.readings import DEFAULT_CACHE
from data.corpora.truth import CorpusError
from training.checkpoint import CheckpointError
from training.evaluation import Evaluation, evaluate
from training.predictions import PredictionError

UNUSABLE = 2  # exit status: the call or its input cannot be used


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        report = evaluate(_asked(given))
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
    parser.add_argument(
        "--damage",
        choices=("none", "light", "heavy"),
        default="none",
        help="scan the pages first, on a good or a bad scanner, and read them by OCR",
    )
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


def _asked(given: argparse.Namespace) -> Evaluation:
    return Evaluation(
        corpus=given.corpus,
        out=given.out,
        format_name=given.format,
        checkpoint=given.checkpoint,
        predictions=given.predictions,
        words=given.words,
        damage=given.damage,
        device=given.device,
        workers=given.workers,
        limit=given.limit,
        slices=tuple(given.slice),
        cache=given.cache,
    )


def _headline(report: Mapping[str, Any], out: Path) -> str:
    shown = []
    for name in ("item_f1", "cell_f1", "closed"):
        found = report[name]
        if found is not None:
            shown.append(f"{name} {found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]")
    return f"{report['documents']} documents: {', '.join(shown)}; report in {out}\n"


if __name__ == "__main__":
    raise SystemExit(main())
