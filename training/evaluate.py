"""Evaluate a reader on labelled documents; writes predictions, scores and a report.

    python -m training.evaluate --corpus DIR --out DIR [--checkpoint DIR] [--words given|text|ocr]
        [--damage light|heavy] [--reader rules] [--compare REPORT] [--gate FILE]
    python -m training.evaluate --corpus DIR --out DIR --predictions FILE
    python -m training.evaluate --gate configs/accuracy.yaml [--corpora DIR] [--out DIR]

The second form scores a `predictions.jsonl` from any source. The third measures every corpus the
gate lists. Writes `predictions.jsonl`, `report.json`, `report.md` and `report.html` into --out, and
for a model also the predictions of the rules baseline (`baseline.jsonl`); the headline goes to
stdout. Scores are defined in `training.metrics`. A run that was stopped continues where it stopped.
The exit status is 0, or 1 when a threshold of the gate is missed, or 2 when the call or its input
cannot be used.
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
from training.evaluation.gate import Gate, check_report, has_passed, load_gate, planned_runs
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
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        gate = None if arguments.gate is None else load_gate(arguments.gate)
        held = [
            _run_and_report(evaluation, gate)
            for evaluation in _requested_evaluations(arguments, gate)
        ]
    except (CorpusError, PredictionError, CheckpointError, ValueError, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    except BrokenProcessPool:
        sys.stderr.write(
            "a reading process was killed, perhaps for lack of memory; the documents already read "
            "are kept: run the same command to continue (fewer --workers need less memory)\n"
        )
        return UNUSABLE
    except KeyboardInterrupt:
        sys.stderr.write(
            "stopped; the documents already read are kept: run the same command to continue\n"
        )
        return STOPPED
    return 0 if all(held) else MISSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate")
    scored = parser.add_argument_group("documents to score")
    scored.add_argument("--corpus", type=Path, help="corpus to score on")
    scored.add_argument("--format", choices=tuple(FORMATS), help="default: detected")
    scored.add_argument("--out", type=Path, help="folder for the report")
    scored.add_argument("--limit", type=int, help="score only the first LIMIT documents")
    _add_reading_options(parser)
    compared = parser.add_argument_group("comparison")
    compared.add_argument(
        "--baseline",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also read the documents with the rules baseline",
    )
    compared.add_argument("--compare", type=Path, metavar="REPORT", help="an earlier report")
    compared.add_argument(
        "--slice", action="append", default=[], metavar="KEY", help="also score by a manifest key"
    )
    gate = parser.add_argument_group("release gate")
    gate.add_argument("--gate", type=Path, metavar="FILE", help="thresholds; exits 1 if missed")
    gate.add_argument("--corpora", type=Path, metavar="DIR", help="default: the gate's own corpora")
    return parser


def _add_reading_options(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("reading")
    reading.add_argument("--reader", choices=get_args(ReaderName), default="model")
    reading.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    reading.add_argument("--predictions", type=Path, help="score this file, read nothing")
    reading.add_argument("--words", choices=get_args(WordChoice), default="auto")
    reading.add_argument(
        "--damage",
        choices=get_args(DamageLevel),
        default="none",
        help="scan the pages first, on a good or a bad scanner, and read them by OCR",
    )
    reading.add_argument(
        "--without",
        nargs="+",
        choices=get_args(Part),
        default=[],
        help="leave out these parts of the reading, to measure their effect",
    )
    reading.add_argument("--device", default="auto", help="auto, cpu or cuda")
    reading.add_argument("--workers", type=int, help="processes; default: one a core, 1 on a GPU")
    reading.add_argument(
        "--cache", type=Path, default=DEFAULT_CACHE, help="folder that keeps the pages read"
    )


def _requested_evaluations(arguments: argparse.Namespace, gate: Gate | None) -> list[Evaluation]:
    """The one requested evaluation; without --corpus, every one that the gate lists."""
    if arguments.corpus is not None:
        if arguments.out is None:
            raise ValueError(f"{arguments.corpus}: --out is missing, the folder for the report")
        if arguments.corpora is not None:
            raise ValueError("--corpora is for a gate alone; it and --corpus exclude each other")
        reading = {"words": arguments.words, "damage": arguments.damage, "limit": arguments.limit}
        return [
            _build_evaluation(
                arguments, gate, arguments.corpus, arguments.out, arguments.format, reading
            )
        ]
    if gate is None:
        raise ValueError("nothing to score: give --corpus with --out, or --gate")
    options = {
        "--predictions": arguments.predictions,
        "--compare": arguments.compare,
        "--format": arguments.format,
        "--limit": arguments.limit,
        "--words": None if arguments.words == "auto" else arguments.words,
        "--damage": None if arguments.damage == "none" else arguments.damage,
    }
    if misplaced := [name for name, value in options.items() if value is not None]:
        raise ValueError(
            f"{arguments.gate} sets how its corpora are read: give --corpus with {misplaced[0]}"
        )
    return [
        _build_evaluation(
            arguments,
            gate,
            planned.corpus,
            planned.out,
            planned.run.format,
            {"words": planned.run.words, "damage": planned.run.damage, "limit": planned.run.limit},
        )
        for planned in planned_runs(gate, arguments.corpora, arguments.out or _GATE_OUT)
    ]


def _build_evaluation(
    arguments: argparse.Namespace,
    gate: Gate | None,
    corpus: Path,
    out: Path,
    format_name: str | None,
    reading: Mapping[str, Any],
) -> Evaluation:
    return Evaluation(
        corpus=corpus,
        out=out,
        format_name=format_name,
        reader=arguments.reader,
        baseline=arguments.baseline,
        checkpoint=arguments.checkpoint,
        without=frozenset(arguments.without),
        predictions=arguments.predictions,
        device=arguments.device,
        workers=arguments.workers,
        slices=tuple(arguments.slice),
        cache=arguments.cache,
        compare=arguments.compare,
        gate=gate,
        **reading,
    )


def _run_and_report(evaluation: Evaluation, gate: Gate | None) -> bool:
    """Run one evaluation and print its scores; return whether all thresholds were held."""
    report = evaluate(evaluation)
    sys.stdout.write(_format_headline(report, evaluation.out))
    outcomes = [] if gate is None else check_report(gate, report)
    for outcome in outcomes:
        sys.stdout.write(f"{outcome}\n")
    return has_passed(outcomes)


def _format_headline(report: Mapping[str, Any], out: Path) -> str:
    line = f"{report['documents']} documents: {_format_scores(report)}"
    if report.get("baseline"):
        line += f"; {report['baseline']['name']}: {_format_scores(report['baseline'])}"
    return f"{line}; report in {out}\n"


def _format_score(name: str, score: Mapping[str, Any]) -> str:
    return f"{name} {score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"


def _format_scores(scores: Mapping[str, Any]) -> str:
    shown = []
    for name in ("item_f1", "cell_f1", "closed"):
        if (score := scores[name]) is not None:
            shown.append(_format_score(name, score))
    if (entities := scores.get("entities")) is not None:
        shown.append(_format_score("entity_f1", entities["f1"]))
    return ", ".join(shown)


if __name__ == "__main__":
    raise SystemExit(main())
