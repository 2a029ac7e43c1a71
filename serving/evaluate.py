"""How good verdicts are on a labelled corpus: disputes planted around it, examined and scored.

    python -m serving.evaluate --report DIR --corpus DIR [--format NAME] [--seed 0]
        [--policy FILE] [--worst N] [--write DIR]

`--report` is the folder that `python -m training.evaluate` wrote for the same corpus: its
predictions are taken as they are, matched with planted orders and receipts, and the section
`disputes` is added to its `report.json`, `report.md` and `report.html`. `--write` keeps every
planted dispute as JSON, to look at or to give to `tieout examine --order`.
"""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.corpora.planting.disputes import PlantedDispute, expected_json, order_json, plant_all
from data.corpora.published.formats import FORMATS, open_corpus
from data.corpora.truth import CorpusError, TrueDocument
from serving.matching.rules.policy import Policy, PolicyError
from serving.scoring.planted_verdicts import Judged, judge
from serving.wire.policy_file import load_policy
from training.evaluation.fingerprints import corpus_hash
from training.metrics.disputes import DisputeScore
from training.metrics.predictions import PredictionError, read_predictions
from training.metrics.risk import summarise
from training.report.files import add_disputes

log = logging.getLogger(__name__)

UNUSABLE = 2  # exit status: the call or its input cannot be used


@dataclass(frozen=True, slots=True)
class Planting:
    """What is to be planted and judged, and how.

    `report` holds the predictions and takes the figures; `write` is a folder for the planted
    disputes (None: they are not kept); `worst` is how many documents are listed.
    """

    report: Path
    corpus: Path
    format_name: str | None = None
    seed: int = 0
    policy: Policy | None = None
    worst: int = 10
    write: Path | None = None


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        asked = Planting(
            report=given.report,
            corpus=given.corpus,
            format_name=given.format,
            seed=given.seed,
            policy=None if given.policy is None else load_policy(given.policy),
            worst=given.worst,
            write=given.write,
        )
        found = evaluate_disputes(asked)
    except (CorpusError, PolicyError, PredictionError, ValueError, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    sys.stdout.write(_headline(found, given.report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m serving.evaluate")
    parser.add_argument(
        "--report", type=Path, required=True, help="folder that training.evaluate wrote"
    )
    parser.add_argument("--corpus", type=Path, required=True, help="corpus it was written for")
    parser.add_argument("--format", choices=tuple(FORMATS), help="default: recognised")
    parser.add_argument("--seed", type=int, default=0, help="of the planted changes")
    parser.add_argument("--policy", type=Path, help="default: nothing is tolerated")
    parser.add_argument("--worst", type=int, default=10, help="how many documents to list")
    parser.add_argument("--write", type=Path, help="folder for the planted disputes")
    return parser


def evaluate_disputes(asked: Planting) -> dict[str, Any]:
    """The `disputes` section, after adding it to the report's files.

    Raises `CorpusError` or `PredictionError` for input that cannot be used, or for a corpus that is
    not the one the report was written for, ValueError where no document can carry a dispute.
    """
    predictions = read_predictions(_file(asked.report, "predictions.jsonl"))
    documents = _scored_documents(asked)
    planted, refused = plant_all(documents, asked.seed)
    if not planted:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(refused.items())[:3])
        raise ValueError(f"{asked.corpus}: no document can carry a dispute ({reasons or 'empty'})")
    if asked.write is not None:
        write_disputes(asked.write, planted)
    policy = asked.policy or Policy()
    judged = [
        judge(dispute, predictions.get(dispute.document_id, {"id": dispute.document_id}), policy)
        for dispute in tqdm(planted, unit="dispute", disable=not sys.stderr.isatty())
    ]
    section = _section(asked, judged, planted, refused, policy)
    add_disputes(asked.report, section)
    return section


def _scored_documents(asked: Planting) -> list[TrueDocument]:
    """The documents that the report was written for; one without a prediction is nothing read."""
    path = _file(asked.report, "report.json")
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise PredictionError(f"{path}: not a JSON object: {error}") from error
    if not isinstance(report, dict):
        raise PredictionError(f"{path}: want a JSON object, got {type(report).__name__}")
    settings, hashes = (report.get(name) or {} for name in ("settings", "hashes"))
    if not isinstance(settings, dict) or not isinstance(hashes, dict):
        raise PredictionError(f"{path}: settings and hashes must be objects, as in a report")
    limit = settings.get("limit")
    documents = list(
        open_corpus(asked.corpus, asked.format_name, limit if isinstance(limit, int) else None)
    )
    written_for = hashes.get("corpus")
    if written_for is not None and written_for != corpus_hash(documents):
        raise CorpusError(
            f"{asked.corpus}: not the documents that {path} was written for "
            f"({report.get('corpus')}, hash {written_for}); give that corpus as it was"
        )
    return documents


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise PredictionError(
            f"{path}: no such file; --report wants a folder that training.evaluate wrote"
        )
    return path


def write_disputes(folder: Path, planted: Sequence[PlantedDispute]) -> None:
    """`<id>.json` as `tieout examine --order` takes it, and `<id>.expected.json` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for dispute in planted:
        name = dispute.document_id.replace("/", "_")
        _write_json(folder / f"{name}.json", order_json(dispute.order))
        _write_json(folder / f"{name}.expected.json", expected_json(dispute))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _section(
    asked: Planting,
    judged: Sequence[Judged],
    planted: Sequence[PlantedDispute],
    refused: Mapping[str, str],
    policy: Policy,
) -> dict[str, Any]:
    scores = [one.score for one in judged]
    kinds = [line.kind or "untouched" for dispute in planted for line in dispute.lines]
    return {
        "seed": asked.seed,
        "policy": policy.model_dump(mode="json"),
        "role_assumed": sum(dispute.role_assumed for dispute in planted),
        "order_number_not_labelled": sum(not one.order_number_printed for one in planted),
        "planted": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "not_planted": dict(sorted(refused.items())),
        **summarise(scores, policy.certain_confidence),
        "left_to_a_person": _reasons(judged, asked.worst),
        "worst": _worst(scores, asked.worst),
    }


def _reasons(judged: Sequence[Judged], most: int) -> list[dict[str, Any]]:
    """What is said most often of lines left to a person; a line may have several reasons."""
    counts = Counter(reason for one in judged for line in one.asked for reason in line)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"reason": reason, "lines": lines} for reason, lines in ranked[:most]]


def _worst(scores: Sequence[DisputeScore], most: int) -> list[dict[str, Any]]:
    """The documents with most false money, then most missed unseen, then most missed at all."""
    costs = []
    for score in scores:
        money = score.money
        missed = money.missed_asked + money.missed_unread + money.missed_silent
        if money.false or missed:
            costs.append((money.false, money.missed_unseen, missed, score))
    costs.sort(key=lambda cost: (-cost[0], -cost[1], -cost[2], cost[3].document_id))
    return [
        {
            "id": score.document_id,
            "false": f"{false:.2f}",
            "missed": f"{missed:.2f}",
            "missed_unseen": f"{unseen:.2f}",
            "claimable": f"{score.money.claimable:.2f}",
            "currency": score.currency,
        }
        for false, unseen, missed, score in costs[:most]
    ]


def _headline(section: Mapping[str, Any], report: Path) -> str:
    parts = [f"{section['documents']} disputes: variances F1 {section['variances']['value']:.3f}"]
    for currency, money in section["money"].items():
        parts.append(
            f"{currency}: claimed {money['claimed']}, of it false {money['false']}, "
            f"of {money['claimable']} claimable found {money['found']}"
        )
    return f"{'; '.join(parts)}; added to {report}\n"


if __name__ == "__main__":
    raise SystemExit(main())
