"""Score verdicts on a labelled corpus: plant disputes around it and examine them.

    python -m serving.evaluate --report DIR --corpus DIR [--format NAME] [--seed 0] [--seeds 1]
        [--policy FILE] [--worst N] [--what-if] [--write DIR]

`--report` is the folder that `python -m training.evaluate` wrote for the same corpus: its
predictions are taken as they are, matched with planted orders and receipts, and the section
`disputes` is added to its `report.json`, `report.md` and `report.html`. `--seeds 20` plants twenty
disputes around every document, and intervals are drawn by family of layouts, then by document.
`--what-if` decides everything again without each rule that sends lines to a person, and says what
the rule costs and what it stops. `--write` keeps the planted disputes of the first seed as JSON, to
look at or to give to `tieout examine --order`.
"""

import argparse
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.corpora.layout_families import family_of
from data.corpora.planting.disputes import PlantedDispute, expected_json, order_json, plant_disputes
from data.corpora.published.formats import FORMATS, open_corpus
from data.corpora.truth import CorpusError, TrueDocument
from serving.matching.rules.policy import Policy, PolicyError
from serving.scoring.planted_verdicts import check_planting
from serving.scoring.what_if import judge_planting, rule_table
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
    """The settings of an evaluation of planted disputes.

    `report` holds the predictions and takes the figures; `seeds` are planted from `seed` on;
    `write` is a folder for the planted disputes (None: they are not kept); `worst` is how many
    documents and rules are listed; `what_if` decides again without each rule.
    """

    report: Path
    corpus: Path
    format_name: str | None = None
    seed: int = 0
    seeds: int = 1
    what_if: bool = False
    policy: Policy | None = None
    worst: int = 10
    write: Path | None = None


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        planting = Planting(
            report=arguments.report,
            corpus=arguments.corpus,
            format_name=arguments.format,
            seed=arguments.seed,
            seeds=arguments.seeds,
            what_if=arguments.what_if,
            policy=None if arguments.policy is None else load_policy(arguments.policy),
            worst=arguments.worst,
            write=arguments.write,
        )
        section = evaluate_disputes(planting)
    except (CorpusError, PolicyError, PredictionError, ValueError, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    sys.stdout.write(_headline(section, arguments.report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m serving.evaluate")
    parser.add_argument(
        "--report", type=Path, required=True, help="folder that training.evaluate wrote"
    )
    parser.add_argument(
        "--corpus", type=Path, required=True, help="corpus the report was written for"
    )
    parser.add_argument(
        "--format", choices=tuple(FORMATS), help="default: recognised from the files"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the planted changes")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, from --seed on")
    parser.add_argument(
        "--what-if", action="store_true", help="decide again without each rule that asks a person"
    )
    parser.add_argument("--policy", type=Path, help="default: nothing is tolerated")
    parser.add_argument("--worst", type=int, default=10, help="how many documents to list")
    parser.add_argument("--write", type=Path, help="folder for the planted disputes")
    return parser


def evaluate_disputes(planting: Planting) -> dict[str, Any]:
    """Return the `disputes` section, after adding it to the report's files.

    Raises `CorpusError` or `PredictionError` for input that cannot be used, or for a corpus that is
    not the one the report was written for, ValueError where no document can carry a dispute.
    """
    predictions = read_predictions(_file(planting.report, "predictions.jsonl"))
    documents = _scored_documents(planting)
    planted, refused = _plant_all(planting, documents)
    policy = planting.policy or Policy()
    judged = [
        judge_planting(
            check_planting(
                dispute, predictions.get(dispute.document_id, {"id": dispute.document_id}), policy
            ),
            policy,
        )
        for dispute in tqdm(planted, unit="dispute", disable=not sys.stderr.isatty())
    ]
    families = {
        document.document_id: family_of(planting.corpus.name, document) for document in documents
    }
    section = {
        **_planted_json(planting, planted, refused, policy),
        **summarise([entry.score for entry in judged], policy.certain_confidence, families),
        "rules": rule_table(judged, policy, limit=planting.worst, what_if=planting.what_if),
        "worst": _worst_documents([entry.score for entry in judged], planting.worst),
    }
    add_disputes(planting.report, section)
    return section


def _plant_all(
    planting: Planting, documents: Sequence[TrueDocument]
) -> tuple[list[PlantedDispute], dict[str, str]]:
    """Return the disputes of all seeds, and why other documents carry none."""
    if planting.seeds < 1:
        raise ValueError(f"--seeds: want 1 or more, got {planting.seeds}")
    planted, refused = plant_disputes(documents, planting.seed)
    if not planted:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(refused.items())[:3])
        raise ValueError(
            f"{planting.corpus}: no document can carry a dispute ({reasons or 'empty'})"
        )
    if planting.write is not None:
        write_disputes(planting.write, planted)
    for seed in range(planting.seed + 1, planting.seed + planting.seeds):
        planted += plant_disputes(documents, seed)[0]
    return planted, refused


def _scored_documents(planting: Planting) -> list[TrueDocument]:
    """Return the documents of the report; without a prediction they count as unread."""
    path = _file(planting.report, "report.json")
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
        open_corpus(
            planting.corpus, planting.format_name, limit if isinstance(limit, int) else None
        )
    )
    written_for = hashes.get("corpus")
    if written_for is not None and written_for != corpus_hash(documents):
        raise CorpusError(
            f"{planting.corpus}: not the documents that {path} was written for "
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
    """Write `<id>.json` for `tieout examine --order`, and `<id>.expected.json` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for dispute in planted:
        name = dispute.document_id.replace("/", "_")
        _write_json(folder / f"{name}.json", order_json(dispute.order))
        _write_json(folder / f"{name}.expected.json", expected_json(dispute))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _planted_json(
    planting: Planting,
    planted: Sequence[PlantedDispute],
    refused: Mapping[str, str],
    policy: Policy,
) -> dict[str, Any]:
    """Return what was planted, and where nothing could be."""
    kinds = [line.kind or "untouched" for dispute in planted for line in dispute.lines]
    return {
        "seed": planting.seed,
        "seeds": planting.seeds,
        "policy": policy.model_dump(mode="json"),
        "role_assumed": len({entry.document_id for entry in planted if entry.role_assumed}),
        "order_number_not_labelled": len(
            {entry.document_id for entry in planted if not entry.order_number_printed}
        ),
        "planted": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "not_planted": dict(sorted(refused.items())),
    }


def _worst_documents(scores: Sequence[DisputeScore], limit: int) -> list[dict[str, Any]]:
    """Return the documents with most false money, then most unseen, then most missed money."""
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
        for false, unseen, missed, score in costs[:limit]
    ]


def _headline(section: Mapping[str, Any], report: Path) -> str:
    parts = [f"{section['disputes']} disputes: variances F1 {section['variances']['value']:.3f}"]
    for currency, money in section["money"].items():
        upper = money["false_per_1000"]["upper"]
        bound = "" if upper is None else f" (at most {upper / 10:.2f} %)"
        parts.append(
            f"{currency}: claimed {money['claimed']}, of it false {money['false']}{bound}, "
            f"of {money['claimable']} claimable found {money['found']}"
        )
    return f"{'; '.join(parts)}; added to {report}\n"


if __name__ == "__main__":
    raise SystemExit(main())
