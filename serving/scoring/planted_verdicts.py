"""The verdict on one planted dispute, scored against the variances that were planted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data.corpora.planting.disputes import PlantedDispute
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.findings.records import LineVerdict, Variance
from serving.matching.rules.policy import Policy
from serving.scoring.prediction_documents import read_prediction
from serving.verdict.examine import CheckedDispute, check
from serving.verdict.records import Verdict
from training.metrics.disputes import (
    CENT,
    BilledLine,
    Dispute,
    DisputeScore,
    ExpectedVariance,
    Finding,
    Outcome,
    score_dispute,
)
from training.metrics.predictions import Prediction

# Statuses of a line that a person has to look at.
ASKING = frozenset({"needs_review", "insufficient_evidence"})


@dataclass(frozen=True, slots=True)
class CheckedPlanting:
    """One planted dispute as it was read and checked, not decided yet."""

    dispute: PlantedDispute
    documents: tuple[ExtractedDocument, ...]
    checked: CheckedDispute


def check_planting(
    dispute: PlantedDispute, prediction: Prediction, policy: Policy
) -> CheckedPlanting:
    """Check one planted dispute, read as predicted.

    Raises `PredictionError` for a prediction that does not keep to the format.
    """
    documents = _assume_role(dispute, read_prediction(prediction))
    checked = check(documents, _order_data(dispute, documents), policy)
    return CheckedPlanting(dispute, tuple(documents), checked)


def score_verdict(planting: CheckedPlanting, verdict: Verdict) -> DisputeScore:
    """Score a verdict on a planted dispute against the variances that were planted."""
    dispute = planting.dispute
    record = Dispute(
        document_id=dispute.document_id,
        currency=dispute.currency,
        expected=[
            ExpectedVariance(
                variance.code, variance.state, variance.po_line_number, variance.amount
            )
            for variance in dispute.expected
        ],
        # Of the facts that ask for nothing, only prices below the ordered ones are planted
        findings=[
            _to_finding(variance)
            for variance in verdict.variances
            if variance.state != "information" or variance.code == "PRICE_UNDER"
        ],
        lines=_line_outcomes(dispute, _read_amounts(planting.documents), verdict),
        settled=verdict.status not in ASKING,
    )
    return score_dispute(record)


def _assume_role(
    dispute: PlantedDispute, documents: Sequence[ExtractedDocument]
) -> list[ExtractedDocument]:
    """Return the documents, purchase orders as invoices where the dispute assumes that role.

    The confidence in the type stays: it does not concern the role, but bars claims alike.
    """
    return [
        replace(document, document_type=replace(document.document_type, value="invoice"))
        if dispute.role_assumed and document.document_type.value == "purchase_order"
        else document
        for document in documents
    ]


def _order_data(dispute: PlantedDispute, documents: Sequence[ExtractedDocument]) -> OrderData:
    """Return the order data, with the number read where the truth does not have the number.

    A number made up would disagree with any number on the page, rightly read or not.
    """
    numbers = (document.fields.get("purchase_order") for document in documents)
    read = next((leaf.text for leaf in numbers if leaf is not None and leaf.text), None)
    if dispute.order_number_printed or read is None:
        return dispute.order
    return replace(dispute.order, order=replace(dispute.order.order, po_number=read))


def _to_finding(variance: Variance) -> Finding:
    return Finding(
        code=variance.code,
        po_line_number=variance.po_line_number,
        quantity=variance.quantity,
        amount=variance.amount,
        state=variance.state,
        confidence=variance.confidence,
        note=variance.formula,
    )


def _line_outcomes(
    dispute: PlantedDispute, read: Sequence[Decimal], verdict: Verdict
) -> list[BilledLine]:
    """Return every billed line's outcome; `read` are the amounts of all rows read."""
    verdicts_by_line: dict[str | None, list[LineVerdict]] = {}
    for line_verdict in verdict.lines:
        verdicts_by_line.setdefault(line_verdict.po_line_number, []).append(line_verdict)
    has_stray_question = _has_question_about_stray_row(dispute, verdict)
    lines = []
    for line in dispute.lines:
        line_verdicts = verdicts_by_line.get(line.po_line_number, [])
        outcome: Outcome = "decided"
        if line.po_line_number is None:
            # The verdict cannot name this line: its amount and questions about stray rows decide.
            stray_amounts = [
                variance.amount for variance in dispute.expected if variance.po_line_number is None
            ]
            is_read = any(
                _is_same_amount(stray, amount) for stray in stray_amounts for amount in read
            )
            outcome = "asked" if has_stray_question else "decided" if is_read else "unread"
        elif not line_verdicts:
            outcome = "unread"
        elif any(line_verdict.verdict in ASKING for line_verdict in line_verdicts):
            outcome = "asked"
        lines.append(BilledLine(line.po_line_number, line.billed, outcome))
    return lines


def _has_question_about_stray_row(dispute: PlantedDispute, verdict: Verdict) -> bool:
    """Return whether a person has to look at a row that is on no PO line or on a wrong one.

    The latter shows where a PO line bills more units than it does by truth, or units that nobody
    could count.
    """
    quantities = {line.po_line_number: line.quantity for line in dispute.lines}
    for line_verdict in verdict.lines:
        true_quantity = quantities.get(line_verdict.po_line_number)
        foreign = (
            line_verdict.po_line_number is None
            or line_verdict.billed is None
            or (true_quantity is not None and line_verdict.billed > true_quantity)
        )
        if foreign and line_verdict.verdict in ASKING:
            return True
    return False


def _is_same_amount(expected: Decimal | None, amount: Decimal) -> bool:
    return expected is not None and abs(expected - amount) <= CENT


def _read_amounts(documents: Sequence[ExtractedDocument]) -> list[Decimal]:
    leaves = (item.amount for document in documents for item in document.line_items)
    return [leaf.decimal for leaf in leaves if leaf is not None and leaf.decimal is not None]
