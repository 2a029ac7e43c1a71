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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.corpora.formats import FORMATS, open_corpus
from data.corpora.planted import (
    PlantedDispute,
    expected_json,
    order_json,
    plant_all,
)
from data.corpora.truth import CorpusError
from data.records import ExtractedDocument, OrderData
from serving.disputes import examine
from serving.matching.findings import LineVerdict, Variance
from serving.policy import Policy, PolicyError, load_policy
from serving.predicted import read_prediction
from serving.verdict import Verdict
from training.metrics.disputes import (
    CENT,
    Dispute,
    DisputeScore,
    Expected,
    Finding,
    Line,
    Outcome,
    score_dispute,
)
from training.metrics.risk import summarise
from training.predictions import Prediction, PredictionError, read_predictions
from training.report.disputes_section import add_disputes

log = logging.getLogger(__name__)

UNUSABLE = 2  # exit status: the call or its input cannot be used
_ASKING = frozenset({"needs_review", "insufficient_evidence"})


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

    Raises `CorpusError` or `PredictionError` for input that cannot be used, ValueError where no
    document can carry a dispute.
    """
    predictions = read_predictions(_predictions_file(asked.report))
    documents = list(open_corpus(asked.corpus, asked.format_name))
    unknown = set(predictions) - {document.document_id for document in documents}
    for name in sorted(unknown):
        log.warning("%s: predicted, but not in the corpus; no dispute is planted for it", name)
    read = [document for document in documents if document.document_id in predictions]
    if not read:
        raise PredictionError(
            f"{asked.report}: none of its {len(predictions)} predictions is for a document of "
            f"{asked.corpus}; give the corpus it was written for"
        )
    planted, refused = plant_all(read, asked.seed)
    if not planted:
        raise ValueError(
            f"{asked.corpus}: no document can carry a dispute; the first, "
            f"{next(iter(refused))}: {next(iter(refused.values()))}"
        )
    if asked.write is not None:
        write_disputes(asked.write, planted)
    policy = asked.policy or Policy()
    scores = [
        judge(dispute, predictions[dispute.document_id], policy)
        for dispute in tqdm(planted, unit="dispute", disable=not sys.stderr.isatty())
    ]
    section = _section(asked, scores, planted, refused, policy)
    add_disputes(asked.report, section)
    return section


def _predictions_file(folder: Path) -> Path:
    path = folder / "predictions.jsonl"
    if not path.is_file():
        raise PredictionError(
            f"{path}: no such file; --report wants a folder that training.evaluate wrote"
        )
    return path


def judge(dispute: PlantedDispute, prediction: Prediction, policy: Policy) -> DisputeScore:
    """The score of the verdict on one planted dispute, read as predicted."""
    documents = _in_role(dispute, read_prediction(prediction))
    verdict = examine(documents, _order_data(dispute, documents), policy)
    return score_dispute(
        Dispute(
            document_id=dispute.document_id,
            currency=dispute.currency,
            expected=[
                Expected(one.code, one.state, one.po_line_number, one.amount)
                for one in dispute.expected
            ],
            found=[_finding(found) for found in verdict.variances],
            lines=_lines(dispute, _amounts(documents), verdict),
            settled=verdict.status not in _ASKING,
        )
    )


def _in_role(
    dispute: PlantedDispute, documents: Sequence[ExtractedDocument]
) -> list[ExtractedDocument]:
    """The documents, purchase orders as invoices where the dispute takes them for the bill.

    How sure the reader is of the type stays: it says nothing of the role, but bars claims alike.
    """
    return [
        replace(one, document_type=replace(one.document_type, value="invoice"))
        if dispute.role_assumed and one.document_type.value == "purchase_order"
        else one
        for one in documents
    ]


def _order_data(dispute: PlantedDispute, documents: Sequence[ExtractedDocument]) -> OrderData:
    """The order data, under the number that was read where the truth does not know the number.

    A number made up would disagree with any number on the page, rightly read or not.
    """
    numbers = (one.fields.get("purchase_order") for one in documents)
    read = next((leaf.text for leaf in numbers if leaf is not None and leaf.text), None)
    if dispute.order_number_printed or read is None:
        return dispute.order
    return replace(dispute.order, order=replace(dispute.order.order, po_number=read))


def _finding(found: Variance) -> Finding:
    return Finding(
        code=found.code,
        po_line_number=found.po_line_number,
        quantity=found.quantity,
        amount=found.amount,
        state=found.state,
        confidence=found.confidence,
        note=found.formula,
    )


def _lines(dispute: PlantedDispute, read: Sequence[Decimal], verdict: Verdict) -> list[Line]:
    """What became of every line of the dispute; `read` are the amounts of all rows read."""
    said: dict[str | None, list[LineVerdict]] = {}
    for one in verdict.lines:
        said.setdefault(one.po_line_number, []).append(one)
    strange = _asks_about_strange_rows(dispute, verdict)
    lines = []
    for line in dispute.lines:
        own = said.get(line.po_line_number, [])
        outcome: Outcome = "decided"
        if line.po_line_number is None:
            # The verdict cannot name this line, so its amount and any doubt about rows tell.
            wanted = [one.amount for one in dispute.expected if one.po_line_number is None]
            is_read = any(_near(one, amount) for one in wanted for amount in read)
            outcome = "asked" if strange else "decided" if is_read else "unread"
        elif not own:
            outcome = "unread"
        elif any(one.verdict in _ASKING for one in own):
            outcome = "asked"
        lines.append(Line(line.po_line_number, line.billed, outcome))
    return lines


def _asks_about_strange_rows(dispute: PlantedDispute, verdict: Verdict) -> bool:
    """Whether a person is asked about a row that is on no PO line, or on one it does not belong to.

    The latter shows where a PO line bills more units than it does by truth.
    """
    quantities = {line.po_line_number: line.quantity for line in dispute.lines}
    for one in verdict.lines:
        own = quantities.get(one.po_line_number)
        foreign = one.po_line_number is None or (
            one.billed is not None and own is not None and one.billed > own
        )
        if foreign and one.verdict in _ASKING:
            return True
    return False


def _near(one: Decimal | None, other: Decimal) -> bool:
    return one is not None and abs(one - other) <= CENT


def _amounts(documents: Sequence[ExtractedDocument]) -> list[Decimal]:
    leaves = (item.amount for document in documents for item in document.line_items)
    return [leaf.decimal for leaf in leaves if leaf is not None and leaf.decimal is not None]


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
    scores: Sequence[DisputeScore],
    planted: Sequence[PlantedDispute],
    refused: Mapping[str, str],
    policy: Policy,
) -> dict[str, Any]:
    kinds = [line.kind or "untouched" for dispute in planted for line in dispute.lines]
    return {
        "seed": asked.seed,
        "policy": policy.model_dump(mode="json"),
        "role_assumed": sum(dispute.role_assumed for dispute in planted),
        "order_number_not_labelled": sum(not one.order_number_printed for one in planted),
        "planted": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "not_planted": dict(sorted(refused.items())),
        **summarise(scores, policy.certain_confidence),
        "worst": _worst(scores, asked.worst),
    }


def _worst(scores: Sequence[DisputeScore], most: int) -> list[dict[str, Any]]:
    """The documents with most false money, then with most money missed unseen or silently."""
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
