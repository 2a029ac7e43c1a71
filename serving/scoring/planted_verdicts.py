"""One verdict on a planted dispute, judged: what was read of the page against what was planted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data.corpora.planting.disputes import PlantedDispute
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.findings.records import LineVerdict, Variance
from serving.matching.rules.policy import Policy
from serving.scoring.prediction_documents import read_prediction
from serving.verdict.examine import examine
from serving.verdict.records import Verdict
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
from training.metrics.predictions import Prediction

_ASKING = frozenset({"needs_review", "insufficient_evidence"})
_QUOTED_OR_NUMBER = re.compile(r"'[^']*'|\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Judged:
    """The score of a verdict, and per line left to a person what is said of it.

    Names and numbers in a sentence are replaced by "…", so that equal reasons read alike.
    """

    score: DisputeScore
    asked: tuple[frozenset[str], ...]


def judge(dispute: PlantedDispute, prediction: Prediction, policy: Policy) -> Judged:
    """The verdict on one planted dispute, read as predicted, against what was planted.

    Raises `PredictionError` for a prediction that does not keep to the format.
    """
    documents = _in_role(dispute, read_prediction(prediction))
    verdict = examine(documents, _order_data(dispute, documents), policy)
    record = Dispute(
        document_id=dispute.document_id,
        currency=dispute.currency,
        expected=[
            Expected(one.code, one.state, one.po_line_number, one.amount)
            for one in dispute.expected
        ],
        # Facts that ask for nothing are not planted
        found=[_finding(found) for found in verdict.variances if found.state != "information"],
        lines=_lines(dispute, _amounts(documents), verdict),
        settled=verdict.status not in _ASKING,
    )
    names = [one.document_id for one in documents]
    asked = (
        frozenset(_folded(reason, names) for reason in line.reasons)
        for line in verdict.lines
        if line.verdict in _ASKING
    )
    return Judged(score_dispute(record), tuple(asked))


def _folded(reason: str, names: Sequence[str]) -> str:
    """The sentence without the place it is about, names and numbers as "…"."""
    for name in names:
        reason = re.sub(rf"^({re.escape(name)}( line \d+)?: )+", "", reason)
    return _QUOTED_OR_NUMBER.sub("…", reason)


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
