"""Scores of a reader on labelled documents, with predictions and report on disk.

    python -m training.evaluate --corpus DIR --out DIR [--checkpoint DIR] [--words given|text|ocr]
        [--damage light|heavy] [--reader rules] [--compare REPORT] [--gate FILE]
    python -m training.evaluate --corpus DIR --out DIR --predictions FILE
    python -m training.evaluate --gate configs/accuracy.yaml [--corpora DIR] [--out DIR]

The second form scores a `predictions.jsonl` that anybody made. The third measures every corpus the
gate lists. Writes `predictions.jsonl`, `report.json`, `report.md` and `report.html` into --out, and
beside a model what the rules baseline says (`baseline.jsonl`); the headline goes to stdout. Scores
are defined in `training.metrics`. A run that was stopped goes on where it was. The exit status is
0, or 1 when a threshold of the gate is missed, or 2 when the call or its input cannot be used.
"""

import argparse
import logging
import sys
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, get_args

from data.corpora.published.formats import FORMATS
from data.corpora.readings import DEFAULT_CACHE, WordChoice
from data.corpora.scans import DamageLevel
from data.corpora.truth import CorpusError
from training.evaluation.gate import Gate, all_held, check, load_gate, planned_runs
from training.evaluation.predicting import Part
from training.evaluation.readers import ReaderName
from training.evaluation.run import Evaluation, evaluate
from training.metrics.predictions import PredictionError
from training.network.checkpoint_seal import CheckpointError

MISSED = 1  # exit status: a threshold of the gate is missed
UNUSABLE = 2  # exit status: the call or its input cannot be used
STOPPED = 130  # exit status: interrupted, as shells have it
_GATE_OUT = Path("runs/accuracy")


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        gate = None if given.gate is None else load_gate(given.gate)
        held = [_report_one(asked, gate) for asked in _asked(given, gate)]
    except (CorpusError, PredictionError, CheckpointError, ValueError, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    except BrokenProcessPool:
        sys.stderr.write(
            "a reading process was killed, perhaps for want of memory; the documents already read "
            "are kept: the same command goes on (fewer --workers need less memory)\n"
        )
        return UNUSABLE
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the documents already read are kept: the same command goes on\n")
        return STOPPED
    return 0 if all(held) else MISSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate")
    what = parser.add_argument_group("what is scored")
    what.add_argument("--corpus", type=Path, help="corpus to score on")
    what.add_argument("--format", choices=tuple(FORMATS), help="default: recognised")
    what.add_argument("--out", type=Path, help="folder for the report")
    what.add_argument("--limit", type=int, help="only the first so many documents")
    how = parser.add_argument_group("how it is read")
    how.add_argument("--reader", choices=get_args(ReaderName), default="model")
    how.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    how.add_argument("--predictions", type=Path, help="score this file, read nothing")
    how.add_argument("--words", choices=get_args(WordChoice), default="auto")
    how.add_argument(
        "--damage",
        choices=get_args(DamageLevel),
        default="none",
        help="scan the pages first, on a good or a bad scanner, and read them by OCR",
    )
    how.add_argument(
        "--without",
        nargs="+",
        choices=get_args(Part),
        default=[],
        help="leave these parts of the reading out, to see what they are worth",
    )
    how.add_argument("--device", default="auto", help="auto, cpu or cuda")
    how.add_argument("--workers", type=int, help="processes; default: one a core, 1 on a GPU")
    how.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="where read pages are kept")
    beside = parser.add_argument_group("what stands beside the scores")
    beside.add_argument(
        "--baseline",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="the rules' reading of the same documents",
    )
    beside.add_argument("--compare", type=Path, metavar="REPORT", help="an earlier report")
    beside.add_argument(
        "--slice", action="append", default=[], metavar="KEY", help="manifest key to score by too"
    )
    gate = parser.add_argument_group("what must be reached")
    gate.add_argument("--gate", type=Path, metavar="FILE", help="thresholds; 1 if one is missed")
    gate.add_argument("--corpora", type=Path, metavar="DIR", help="default: where the gate says")
    return parser


def _asked(given: argparse.Namespace, gate: Gate | None) -> list[Evaluation]:
    """The one evaluation asked for; without a corpus, every one that the gate lists."""
    if given.corpus is not None:
        if given.out is None:
            raise ValueError(f"{given.corpus}: --out is missing, the folder for the report")
        if given.corpora is not None:
            raise ValueError("--corpora is for a gate alone; it and --corpus exclude each other")
        own = {"words": given.words, "damage": given.damage, "limit": given.limit}
        return [_evaluation(given, gate, given.corpus, given.out, given.format, own)]
    if gate is None:
        raise ValueError("nothing to score: want --corpus with --out, or --gate")
    said = {
        "--predictions": given.predictions,
        "--compare": given.compare,
        "--format": given.format,
        "--limit": given.limit,
        "--words": None if given.words == "auto" else given.words,
        "--damage": None if given.damage == "none" else given.damage,
    }
    if alien := [name for name, value in said.items() if value is not None]:
        raise ValueError(f"{given.gate} says how its runs are read: give --corpus with {alien[0]}")
    return [
        _evaluation(
            given,
            gate,
            planned.corpus,
            planned.out,
            planned.run.format,
            {"words": planned.run.words, "damage": planned.run.damage, "limit": planned.run.limit},
        )
        for planned in planned_runs(gate, given.corpora, given.out or _GATE_OUT)
    ]


def _evaluation(
    given: argparse.Namespace,
    gate: Gate | None,
    corpus: Path,
    out: Path,
    format_name: str | None,
    how: Mapping[str, Any],
) -> Evaluation:
    return Evaluation(
        corpus=corpus,
        out=out,
        format_name=format_name,
        reader=given.reader,
        baseline=given.baseline,
        checkpoint=given.checkpoint,
        without=frozenset(given.without),
        predictions=given.predictions,
        device=given.device,
        workers=given.workers,
        slices=tuple(given.slice),
        cache=given.cache,
        compare=given.compare,
        gate=gate,
        **how,
    )


def _report_one(asked: Evaluation, gate: Gate | None) -> bool:
    """Run one evaluation and say what came out; whether its thresholds were held."""
    report = evaluate(asked)
    sys.stdout.write(_headline(report, asked.out))
    outcomes = [] if gate is None else check(gate, report)
    for outcome in outcomes:
        sys.stdout.write(f"{outcome}\n")
    return all_held(outcomes)


def _headline(report: Mapping[str, Any], out: Path) -> str:
    said = f"{report['documents']} documents: {_scores(report)}"
    if report.get("baseline"):
        said += f"; {report['baseline']['name']}: {_scores(report['baseline'])}"
    return f"{said}; report in {out}\n"


def _share(name: str, score: Mapping[str, Any]) -> str:
    return f"{name} {score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"


def _scores(found: Mapping[str, Any]) -> str:
    shown = []
    for name in ("item_f1", "cell_f1", "closed"):
        if (score := found[name]) is not None:
            shown.append(_share(name, score))
    if (entities := found.get("entities")) is not None:
        shown.append(_share("entity_f1", entities["f1"]))
    return ", ".join(shown)


if __name__ == "__main__":
    raise SystemExit(main())
