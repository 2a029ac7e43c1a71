"""Agreed credits, checked against the credit memo that came for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from data.order_records import Claim
from data.records import Alternative, ExtractedDocument, Field
from serving.matching.findings.arithmetic import price_text, rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    LineCheck,
    LineFacts,
    cell_evidence,
)
from serving.matching.line.probability import probability
from serving.matching.pairing.article_names import normalise_code
from serving.matching.pairing.assignment import Assignment
from serving.matching.pairing.billed_line import BilledItem, weak_cells
from serving.matching.pairing.order_line import Standing, is_live
from serving.matching.rules.context import Context

AGREED_CREDIT = "agreed_credit"
Chosen = tuple[BilledItem, Assignment]


def is_credited(claim: Claim, documents: Sequence[ExtractedDocument]) -> bool:
    """Return whether a claim is an agreed credit with its credit memo among the documents."""
    agreed = claim.kind == AGREED_CREDIT and is_live(claim.status) and claim.amount is not None
    return agreed and any(_is_memo_for(document, claim) for document in documents)


def _is_memo_for(document: ExtractedDocument, claim: Claim) -> bool:
    leaf = document.fields.get("original_invoice_id")
    named = leaf is not None and leaf.text is not None
    return (
        document.document_type.value == "credit_memo"
        and named
        and normalise_code((leaf and leaf.text) or "") == normalise_code(claim.invoice_id)
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """Credits agreed on one invoice and order line, and the rows that are to make them good."""

    claims: tuple[Claim, ...]
    rows: tuple[Chosen, ...]

    @property
    def line(self) -> str | None:
        """The order line's number, None where neither claim nor row names one."""
        if self.claims[0].line is not None or not self.rows:
            return self.claims[0].line
        order_line = self.rows[0][1].order_line
        return None if order_line is None else order_line.po_line_number


def find_agreements(claims: Sequence[Claim], chosen: Sequence[Chosen]) -> list[Agreement]:
    """Return the agreed credits for which a credit memo came, each with the memo's rows."""
    documents = list({item.document_index: item.document for item, _ in chosen}.values())
    groups: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in claims:
        if is_credited(claim, documents):
            groups.setdefault((normalise_code(claim.invoice_id), claim.line), []).append(claim)
    return [
        Agreement(
            tuple(line_claims),
            tuple(
                (item, choice)
                for item, choice in chosen
                if _is_memo_for(item.document, line_claims[0])
                and choice.order_line is not None
                and line in (None, choice.order_line.po_line_number)
            ),
        )
        for (_, line), line_claims in groups.items()
    ]


def check_credit(agreement: Agreement, standing: Standing, context: Context) -> LineCheck:
    """Return the check of the rows that are to make an agreed credit good."""
    rows = agreement.rows
    amounts = [_credited_amount(item) for item, _ in rows]
    cells = {
        f"line {item.number} {name}": cell
        for item, _ in rows
        for name, cell in _money_cells(item).items()
    }
    doubts = _credit_doubts(rows, cells, standing, context)
    if any(amount is None for amount in amounts):
        doubts.append(Doubt("reading", "the credit could not be read", "cell"))
        return LineCheck(_facts(rows, standing), doubts=tuple(doubts))
    credited = sum((amount or Fraction(0) for amount in amounts), Fraction(0))
    if not rows:
        doubts.append(Doubt("pairing", "no row of the credit memo is for this line"))
    agreed = sum((Fraction(claim.amount or 0) for claim in agreement.claims), Fraction(0))
    currency = context.currency
    names = " and ".join(claim.claim_id for claim in agreement.claims)
    shown = rounded(to_decimal(agreed), currency), rounded(to_decimal(credited), currency)
    if credited >= agreed:
        note = f"claim {names}: {shown[0]} was agreed and {shown[1]} is credited"
        return LineCheck(_facts(rows, standing), doubts=tuple(doubts), notes=(note,))
    gap = to_decimal(agreed - credited)
    finding = replace(
        _short_credit(agreement, cells, standing),
        amount=gap,
        currency=currency,
        formula=f"{shown[0]} − {shown[1]} = {rounded(gap, currency)}",
        explanation=(
            f"Claim {names} was agreed at {price_text(agreed)}; the credit memo credits "
            f"{price_text(credited)}."
        ),
    )
    return LineCheck(_facts(rows, standing), (finding.doubted(doubts),), tuple(doubts))


def _short_credit(agreement: Agreement, cells: Mapping[str, Field], standing: Standing) -> Finding:
    """Return CREDIT_MEMO_SHORT with its evidence, before it is put in money."""
    return Finding(
        code="CREDIT_MEMO_SHORT",
        quantity=None,
        amount=None,
        currency=None,
        formula="",
        explanation="",
        action="Ask for the remaining credit.",
        confidence=probability(cells, lambda name, other: _is_less(other, name, cells)).right,
        evidence=(
            *(
                cell_evidence(item.document.document_id, name, cell)
                for item, _ in agreement.rows
                for name, cell in _money_cells(item).items()
            ),
            *(
                Evidence(claim.claim_id, "amount", str(claim.amount), 1.0)
                for claim in agreement.claims
            ),
        ),
        po_line_number=standing.line.po_line_number,
    )


def _credit_doubts(
    rows: Sequence[Chosen], cells: Mapping[str, Field], standing: Standing, context: Context
) -> list[Doubt]:
    """Return the doubts about a credit's rows: reading, pairing, identity, returned units."""
    doubts = [
        doubt
        for item, choice in rows
        for doubt in (*_reading_doubts(item), *_pairing_doubts(choice))
    ]
    minimum = context.policy.review_confidence
    doubts += [Doubt("reading", sentence, "cell") for sentence in weak_cells(cells, minimum)]
    for item, _ in rows:
        doubts += context.doubts.get(item.document.document_id, ())
        if item.off_by is not None:
            sentence = f"{item.place}: quantity × unit price is not the amount"
            doubts.append(Doubt("identity", sentence))
    if standing.returned:
        sentence = "units of this line were returned as well: the credit may be for them"
        doubts.append(Doubt("pairing", sentence))
    return doubts


def _reading_doubts(item: BilledItem) -> list[Doubt]:
    return [Doubt("reading", sentence, "cell") for sentence in item.doubts]


def _credited_amount(item: BilledItem) -> Fraction | None:
    """Return the money a row credits, positive."""
    if item.amount is not None:
        return -item.amount
    if item.price is None or item.quantity is None:
        return None
    return -item.price * item.quantity


def _is_less(other: Alternative, name: str, cells: Mapping[str, Field]) -> bool:
    """Return whether another reading credits no more: then the credit is short as well."""
    number = cells[name].decimal
    if number is None or not isinstance(other.value, Decimal):
        return False
    return abs(other.value) <= abs(number)


def _money_cells(item: BilledItem) -> dict[str, Field]:
    """Return the cells with the money a row credits."""
    amount = item.item.amount
    return {"amount": amount} if amount is not None and amount.value is not None else item.cells


def _pairing_doubts(choice: Assignment) -> list[Doubt]:
    if choice.runner_up is None:
        return []
    number = choice.runner_up.po_line_number
    return [Doubt("pairing", f"ambiguous: PO line {number} fits nearly as well")]


def _facts(rows: Sequence[Chosen], standing: Standing) -> LineFacts:
    first = rows[0][0] if rows else None
    return LineFacts(
        po_line_number=standing.line.po_line_number,
        description=standing.line.description,
        unit=standing.units.name,
        document_id=None if first is None else first.document.document_id,
        page=None if first is None else first.item.page,
        polygon=None if first is None else first.item.row_polygon,
    )
