"""The message to the vendor: what is claimed, repaid or still needed, in plain words with numbers.

Only claims are stated; open findings stay in the house until a person has looked.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from data.order_records import OrderData
from serving.matching.evidence.paper_conflicts import PAPER_NAMES
from serving.matching.evidence.short_payments import Settlement, papers_needed
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.paper_names import Papers, name_papers
from serving.matching.findings.records import LineVerdict, Variance

# A company that bills in another's name must not learn whose.
_WITHHELD_CODES = frozenset({"VENDOR_MISMATCH"})


def vendor_message(
    data: OrderData,
    papers: Papers,
    lines: Sequence[LineVerdict],
    variances: Sequence[Variance],
    settlements: Sequence[Settlement],
) -> str:
    """Return the message, "" where there is nothing to write to the vendor."""
    claims = [
        variance
        for variance in variances
        if variance.state == "claim" and variance.code not in _WITHHELD_CODES
    ]
    missing = [variance for variance in variances if variance.code == "EVIDENCE_MISSING"]
    missing_kinds = {kind for settlement in settlements for kind in settlement.missing}
    answered = {f"no {PAPER_NAMES[kind]}" for kind in missing_kinds}
    still_missing = [variance for variance in missing if variance.formula not in answered]
    answers = [
        _answer(settlement) for settlement in settlements if settlement.decision != "needs_analyst"
    ]
    parts = [
        *_claim_paragraphs(claims, lines, papers),
        *answers,
        *_missing_paragraphs(still_missing),
    ]
    if not parts:
        return ""
    greeting = f"About order {data.order.po_number}"
    invoices = papers.invoices()
    if invoices:
        greeting += f", {', '.join(invoices)}"
    return "\n\n".join([f"{greeting}:", *parts])


def _claim_paragraphs(
    claims: Sequence[Variance], lines: Sequence[LineVerdict], papers: Papers
) -> list[str]:
    if not claims:
        return []
    names = {line.po_line_number: line.description for line in lines if line.po_line_number}
    rows = [f"- {_claim(claim, names, papers)}" for claim in claims]
    money: dict[str, Decimal] = {}
    for claim in claims:
        if claim.amount is not None:
            shown = rounded(claim.amount, claim.currency)
            money[claim.currency or ""] = money.get(claim.currency or "", Decimal(0)) + shown
    sums = " and ".join(
        f"{amount} {currency}".strip() for currency, amount in money.items() if amount > 0
    )
    head = f"We are paying {sums} less than billed:" if sums else "We found:"
    return ["\n".join([head, *rows])]


def _claim(claim: Variance, names: dict[str, str | None], papers: Papers) -> str:
    """Return the explanation of a claim, its sum and the papers it is in."""
    place = ""
    if claim.po_line_number is not None:
        name = names.get(claim.po_line_number)
        place = f"Line {claim.po_line_number}{f', {name}' if name else ''}: "
    formula = ""
    if claim.amount is not None:
        currency = (
            f" {claim.currency}"
            if claim.currency and " = " in claim.formula and claim.formula[-1:].isdigit()
            else ""
        )
        formula = f" {claim.formula}{currency}."
    cited = papers.cite_evidence(claim.evidence)
    sentence = name_papers(claim.explanation, papers.titles)
    sentence = sentence if place else sentence[:1].upper() + sentence[1:]
    return f"{place}{sentence}{formula}{f' See {cited}.' if cited else ''}"


def _answer(settlement: Settlement) -> str:
    """Return the answer to an objection against a short payment."""
    claim, unit, currency = settlement.claim, settlement.unit or "units", settlement.currency or ""
    name = f", {settlement.description}" if settlement.description else ""
    lines = [f"Our short payment {claim.claim_id} on invoice {claim.invoice_id}{name}:"]
    billed, paid, claimed = settlement.billed, settlement.paid, settlement.claimed
    price = settlement.price
    if billed is not None and paid is not None and claimed is not None:
        money = "" if price is None else f" ({_money(claimed * price, settlement)} {currency})"
        lines.append(
            f"You billed {quantity_text(billed)} {unit}, we paid {quantity_text(paid)} and "
            f"held back {quantity_text(claimed)}{money.rstrip()}."
        )
    if settlement.decision == "ask_for_evidence":
        lines += [
            *settlement.reasons,
            f"Please send the {papers_needed(settlement)} of this shipment"
            f"{_proof_requirements(settlement)}. "
            "Until then the deduction stands.",
        ]
        return "\n".join(lines)
    lines.append(settlement.reasons[0])
    supported = settlement.supported or Fraction(0)
    if supported:
        lines.append(
            f"We will pay {quantity_text(supported)} × {price_text(price or Fraction(0))} = "
            f"{_money(settlement.repay, settlement)} {currency}.".replace(" .", ".")
        )
    if settlement.stands:
        rest = (settlement.claimed or Fraction(0)) - supported
        lines.append(
            f"The deduction for {'the other ' if supported else ''}{quantity_text(rest)} {unit}, "
            f"{_money(settlement.stands, settlement)} {currency}, stands."
        )
    return "\n".join(lines)


def _proof_requirements(settlement: Settlement) -> str:
    if "bill_of_lading" in settlement.missing:
        return ", signed by the carrier, with the carrier's own count"
    return ", signed by the receiver, with the quantity delivered and any remarks"


def _missing_paragraphs(missing: Sequence[Variance]) -> list[str]:
    if not missing:
        return []
    papers = [
        f"- the {variance.formula.removeprefix('no ')} of this shipment" for variance in missing
    ]
    return ["\n".join(["We still need from you:", *papers])]


def _money(money: Fraction | None, settlement: Settlement) -> str:
    return str(rounded(to_decimal(money or Fraction(0)), settlement.currency))
