"""The message to the vendor: what is claimed, repaid or still needed, in plain words with numbers.

Only what may be claimed is said; what is open stays in the house until a person has looked.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from data.order_records import OrderData
from serving.matching.evidence.paper_conflicts import PAPER_NAMES
from serving.matching.evidence.short_payments import Settlement, asked_for
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.paper_names import Papers, named
from serving.matching.findings.records import LineVerdict, Variance

# Whoever bills in another's name is not told whose.
_NOT_TOLD = frozenset({"VENDOR_MISMATCH"})


def vendor_message(
    data: OrderData,
    papers: Papers,
    lines: Sequence[LineVerdict],
    variances: Sequence[Variance],
    settlements: Sequence[Settlement],
) -> str:
    """The text, "" where there is nothing to tell the vendor."""
    claims = [one for one in variances if one.state == "claim" and one.code not in _NOT_TOLD]
    missing = [one for one in variances if one.code == "EVIDENCE_MISSING"]
    asked = {kind for one in settlements for kind in one.missing}
    answered = {f"no {PAPER_NAMES[kind]}" for kind in asked}
    wanted = [one for one in missing if one.formula not in answered]
    answers = [_answer(one) for one in settlements if one.decision != "needs_analyst"]
    parts = [*_claims(claims, lines, papers), *answers, *_wanted(wanted)]
    if not parts:
        return ""
    greeting = f"About order {data.order.po_number}"
    invoices = papers.invoices()
    if invoices:
        greeting += f", {', '.join(invoices)}"
    return "\n\n".join([f"{greeting}:", *parts])


def _claims(claims: Sequence[Variance], lines: Sequence[LineVerdict], papers: Papers) -> list[str]:
    if not claims:
        return []
    names = {line.po_line_number: line.description for line in lines if line.po_line_number}
    rows = [f"- {_claim(one, names, papers)}" for one in claims]
    money: dict[str, Decimal] = {}
    for one in claims:
        if one.amount is not None:
            shown = rounded(one.amount, one.currency)
            money[one.currency or ""] = money.get(one.currency or "", Decimal(0)) + shown
    sums = " and ".join(
        f"{amount} {currency}".strip() for currency, amount in money.items() if amount > 0
    )
    head = f"We are paying {sums} less than billed:" if sums else "We found:"
    return ["\n".join([head, *rows])]


def _claim(one: Variance, names: dict[str, str | None], papers: Papers) -> str:
    """What is wrong, the sum, and where it stands."""
    place = ""
    if one.po_line_number is not None:
        name = names.get(one.po_line_number)
        place = f"Line {one.po_line_number}{f', {name}' if name else ''}: "
    formula = ""
    if one.amount is not None:
        currency = (
            f" {one.currency}"
            if one.currency and " = " in one.formula and one.formula[-1:].isdigit()
            else ""
        )
        formula = f" {one.formula}{currency}."
    cited = papers.cite_evidence(one.evidence)
    said = named(one.explanation, papers.titles)
    said = said if place else said[:1].upper() + said[1:]
    return f"{place}{said}{formula}{f' See {cited}.' if cited else ''}"


def _answer(one: Settlement) -> str:
    """The answer to an objection against a short payment."""
    claim, unit, currency = one.claim, one.unit or "units", one.currency or ""
    name = f", {one.description}" if one.description else ""
    lines = [f"Our short payment {claim.claim_id} on invoice {claim.invoice_id}{name}:"]
    if one.billed is not None and one.paid is not None and one.claimed is not None:
        money = "" if one.price is None else f" ({_money(one.claimed * one.price, one)} {currency})"
        lines.append(
            f"You billed {quantity_text(one.billed)} {unit}, we paid {quantity_text(one.paid)} and "
            f"held back {quantity_text(one.claimed)}{money.rstrip()}."
        )
    if one.decision == "ask_for_evidence":
        lines += [
            *one.reasons,
            f"Please send the {asked_for(one)} of this shipment{_what_it_must_show(one)}. "
            "Until then the deduction stands.",
        ]
        return "\n".join(lines)
    lines.append(one.reasons[0])
    supported, price = one.supported or Fraction(0), one.price or Fraction(0)
    if supported:
        lines.append(
            f"We will pay {quantity_text(supported)} × {price_text(price)} = "
            f"{_money(one.repay, one)} {currency}.".replace(" .", ".")
        )
    if one.stands:
        rest = (one.claimed or Fraction(0)) - supported
        lines.append(
            f"The deduction for {'the other ' if supported else ''}{quantity_text(rest)} {unit}, "
            f"{_money(one.stands, one)} {currency}, stands."
        )
    return "\n".join(lines)


def _what_it_must_show(one: Settlement) -> str:
    if "bill_of_lading" in one.missing:
        return ", signed by the carrier, with the carrier's own count"
    return ", signed by the receiver, with the count that was delivered and any remarks"


def _wanted(missing: Sequence[Variance]) -> list[str]:
    if not missing:
        return []
    papers = [f"- the {one.formula.removeprefix('no ')} of this shipment" for one in missing]
    return ["\n".join(["We still need from you:", *papers])]


def _money(money: Fraction | None, one: Settlement) -> str:
    return str(rounded(to_decimal(money or Fraction(0)), one.currency))
