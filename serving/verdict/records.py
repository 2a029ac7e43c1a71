"""The verdict on a dispute, and its JSON: decimals as strings, dates ISO, pages from 1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from data.records import Field, Problem
from serving.matching.evidence.short_payments import Settlement
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import Evidence, Hypothesis, LineVerdict, Status, Variance
from serving.wire.document_json import problem_to_json
from serving.wire.field_json import page_to_json, polygon_to_json

# ISO 4217's own code for "no currency", where neither order nor invoice names one.
NO_CURRENCY = "XXX"


@dataclass(frozen=True, slots=True)
class Totals:
    """Money by currency. `certain` and `likely` may be claimed; `open` waits for a person or a
    receipt; information is in none. Sums are net: what is in the buyer's favour is taken off.
    Amounts are rounded one by one, as they are shown: whoever adds them up gets the same.
    """

    certain: Mapping[str, Decimal]
    likely: Mapping[str, Decimal]
    open: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a dispute.

    `status` is the worst of the lines, findings and problems, in the order of
    `matching.findings.records.STATUSES`: something unread outranks every claim. `problems` kept the
    documents from being read or compared completely; with any, nothing is "matched".
    `settlements` answer short payments that the vendor disputes; `message` is the text to the
    vendor, "" where there is none. `rounding` is the policy's, for money that is shown.
    `papers` are the documents' names by id, such as "packing slip 4711"; `po_numbers` are those of
    all orders of the dispute.
    """

    status: Status
    lines: tuple[LineVerdict, ...]
    variances: tuple[Variance, ...]
    totals: Totals
    recommendation: str
    problems: tuple[Problem, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    message: str = ""
    rounding: Mapping[str, Decimal] = field(default_factory=dict)
    po_number: str | None = None
    papers: Mapping[str, str] = field(default_factory=dict)
    po_numbers: tuple[str, ...] = ()


def _quantity(number: Decimal | None) -> str | None:
    return None if number is None else quantity_text(number)


def _price(number: Decimal | None) -> str | None:
    return None if number is None else price_text(number)


def _evidence(place: Evidence) -> dict[str, Any]:
    return {
        "document_id": place.document_id,
        "page": page_to_json(place.page),
        "polygon": polygon_to_json(place.polygon),
        "field": place.field,
        "raw_text": place.raw_text,
        "confidence": round(place.confidence, 4),
        "role": place.role,
    }


def _hypothesis(hypothesis: Hypothesis | None) -> dict[str, Any] | None:
    if hypothesis is None:
        return None
    return {
        "kind": hypothesis.kind,
        "arithmetic": hypothesis.arithmetic,
        "explanation": hypothesis.explanation,
        "evidence": [_evidence(place) for place in hypothesis.evidence],
    }


Steps = Mapping[str, Decimal]


def _range(variance: Variance, steps: Steps) -> dict[str, str] | None:
    if variance.amount_range is None:
        return None
    low, high = (str(rounded(money, variance.currency, steps)) for money in variance.amount_range)
    return {"low": low, "high": high}


def _variance(variance: Variance, steps: Steps) -> dict[str, Any]:
    codes = variance.standard_codes
    amount = (
        None if variance.amount is None else str(rounded(variance.amount, variance.currency, steps))
    )
    return {
        "code": variance.code,
        "state": variance.state,
        "po_line_number": variance.po_line_number,
        "po_number": variance.po_number,
        "quantity": _quantity(variance.quantity),
        "unit": variance.unit,
        "amount": amount,
        "amount_range": _range(variance, steps),
        "currency": variance.currency,
        "formula": variance.formula,
        "tolerance": variance.tolerance,
        "evidence": [_evidence(place) for place in variance.evidence],
        "alternatives": [
            {"value": Field(other.value).text, "confidence": round(other.confidence, 4)}
            for other in variance.alternatives
        ],
        "confidence": round(variance.confidence, 4),
        "explanation": variance.explanation,
        "hypothesis": _hypothesis(variance.explained_by),
        "recommended_action": variance.action,
        "standard_codes": {
            "x12_426": codes.x12_426,
            "x12_426_also": list(codes.x12[1:]),
            "x12_412": list(codes.x12_412),
            "untdid_4221": list(codes.untdid_4221),
            "peppol_reason": codes.peppol_reason,
            "peppol_action": codes.peppol_action,
        },
    }


def _settlement(settlement: Settlement, steps: Steps) -> dict[str, Any]:
    units = [settlement.billed, settlement.paid, settlement.claimed, settlement.supported]
    billed, paid, claimed, supported = (
        None if number is None else quantity_text(number) for number in units
    )
    repay, stands = (
        None if money is None else str(rounded(to_decimal(money), settlement.currency, steps))
        for money in (settlement.repay, settlement.stands)
    )
    return {
        "claim_id": settlement.claim.claim_id,
        "invoice_id": settlement.claim.invoice_id,
        "po_line_number": settlement.claim.line,
        "recommendation": settlement.decision,
        "peppol_action": settlement.action,
        "unit": settlement.unit,
        "billed_units": billed,
        "paid_units": paid,
        "claimed_units": claimed,
        "supported_units": supported,
        "repay": repay,
        "stands": stands,
        "currency": settlement.currency,
        "formula": settlement.formula,
        "reasons": list(settlement.reasons),
        "missing": list(settlement.missing),
        "confidence": round(settlement.confidence, 4),
        "evidence": [_evidence(place) for place in settlement.evidence],
    }


def _line(line: LineVerdict) -> dict[str, Any]:
    return {
        "po_line_number": line.po_line_number,
        "po_number": line.po_number,
        "description": line.description,
        "verdict": line.verdict,
        "billed": _quantity(line.billed),
        "ordered": _quantity(line.ordered),
        "received": _quantity(line.received),
        "expected": _quantity(line.expected),
        "unit": line.unit,
        "billed_price": _price(line.billed_price),
        "ordered_price": _price(line.ordered_price),
        "price_note": line.price_note,
        "reasons": list(line.reasons),
        "notes": [
            {"kind": note.kind, "scope": note.scope, "text": note.sentence} for note in line.notes
        ],
        "unsure_cells": [_evidence(place) for place in line.unsure],
        "document_id": line.document_id,
        "page": page_to_json(line.page),
        "polygon": polygon_to_json(line.polygon),
    }


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON-able objects; money is rounded to the currency's minor units."""
    return {
        "status": verdict.status,
        "po_number": verdict.po_number,
        "po_numbers": list(verdict.po_numbers),
        "papers": dict(verdict.papers),
        "lines": [_line(line) for line in verdict.lines],
        "variances": [_variance(variance, verdict.rounding) for variance in verdict.variances],
        "totals": {
            name: {
                currency: str(rounded(amount, currency))
                for currency, amount in getattr(verdict.totals, name).items()
            }
            for name in ("certain", "likely", "open")
        },
        "recommendation": verdict.recommendation,
        "problems": [problem_to_json(problem) for problem in verdict.problems],
        "settlements": [
            _settlement(settlement, verdict.rounding) for settlement in verdict.settlements
        ],
        "message": verdict.message,
    }
