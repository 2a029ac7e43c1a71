"""Header identities of one invoice: lines, subtotal, total and amount due, each from its parts.

Everything that is printed counts once: what rows or the subtotal do not hold already has to be in
the total. A sum that closes only by leaving out what is printed does not close.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Finding, cell_evidence
from serving.matching.invoice.sums import (
    Extra,
    header_number,
    is_tax_included,
    line_amounts,
    printed_extras,
    row_rounding,
    slack_of,
    vendor_error_probability,
)
from serving.matching.pairing.billed_line import certainty
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, is_small, tolerance_of

_PARTS = ("sub_total", "total_discount", "shipping_charge", "total_charge", "total_tax")
# How often all that stands between rows and total is read off a page: charges and tax are missed.
# Assumed.
PARTS_READ = 0.95
# The highest rate at which what a total exceeds its parts by may be a tax that was not read.
MOST_TAX = Fraction(35, 100)
_DUE_PARTS = ("invoice_total", "amount_paid", "rounding_amount", "prior_balance")


@dataclass(frozen=True, slots=True)
class _Identity:
    """A printed sum with what its parts may sum to.

    `sums` use everything that is printed, `loose` leave something of it out. `cells` are the parts
    beside the header's own.
    """

    name: str
    goal: Fraction
    sums: Sequence[Fraction]
    loose: Sequence[Fraction] = ()
    parts: Sequence[str] = _PARTS
    cells: Mapping[str, Field] | None = None


def check_identities(document: ExtractedDocument, context: Context) -> list[Finding]:
    """Return a finding for each sum that fails by more than max(0.02, 0.01 per line)."""
    findings = (_check_identity(document, identity, context) for identity in _identities(document))
    return [finding for finding in findings if finding is not None]


def _identities(document: ExtractedDocument) -> list[_Identity]:
    net, total = header_number(document, "sub_total"), header_number(document, "invoice_total")
    lines = line_amounts(document)
    known = lines is not None and bool(lines[1])
    taken_off = _discount_after_total(document)
    due, identities = _due_identity(document, taken_off), []
    if taken_off:
        fields = {name: cell for name, cell in document.fields.items() if name != "total_discount"}
        document = replace(document, fields=fields)
    if lines is not None and known:
        identities += [_line_identity(document, lines[0], lines[1], net, total)]
    if net is not None and total is not None:
        whole = lines[0] if lines is not None and known else None
        identities.append(_total_identity(document, whole, net, total))
    identities.append(due)
    return [identity for identity in identities if identity is not None]


def _discount_after_total(document: ExtractedDocument) -> Fraction:
    """Return the discount that stands between the total and the amount due; 0 where none does.

    "Gross 9,510.00, agency commission 1,426.50, net due 8,083.50": the rows sum to the total as it
    is, and the amount due is less by the discount. Nothing that is printed is left out.
    """
    due, total = header_number(document, "amount_due"), header_number(document, "invoice_total")
    discount = abs(header_number(document, "total_discount") or Fraction(0))
    lines, slack = line_amounts(document), slack_of(document)
    if not discount or due is None or total is None or total < 0:
        return Fraction(0)
    net = header_number(document, "sub_total")
    starts = [net] if net is not None else [] if lines is None else [lines[0]]
    others = [extra for extra in printed_extras(document) if extra.name != "total_discount"]
    tax = header_number(document, "total_tax") or Fraction(0)
    taxes = {tax, Fraction(0)} if is_tax_included(document) else {tax}
    gross = [start + part + owed for start in starts for part in _all(others) for owed in taxes]
    paid = abs(header_number(document, "amount_paid") or Fraction(0))
    is_gross = any(abs(total - whole) <= slack for whole in gross)
    is_after = abs(total - discount - paid - due) <= slack
    return discount if is_gross and is_after else Fraction(0)


def _subsets(extras: Sequence[Extra]) -> list[Fraction]:
    """Return the sum of every part of the extras, the empty one first."""
    choices = product(*((Fraction(0), extra.money) for extra in extras))
    return list(dict.fromkeys(sum(choice, Fraction(0)) for choice in choices))


def _all(extras: Sequence[Extra]) -> list[Fraction]:
    """Return the sums that use every extra; one that rows hold already may be left out."""
    choices = product(
        *(((extra.money, Fraction(0)) if extra.in_rows else (extra.money,)) for extra in extras)
    )
    return list(dict.fromkeys(sum(choice, Fraction(0)) for choice in choices))


def _line_identity(
    document: ExtractedDocument,
    lines: Fraction,
    cells: Mapping[str, Field],
    net: Fraction | None,
    total: Fraction | None,
) -> _Identity | None:
    """Rows sum to the subtotal, after or before discount and charges; else to the total."""
    extras, tax = printed_extras(document), header_number(document, "total_tax") or Fraction(0)
    starts = list(dict.fromkeys((lines, lines + row_rounding(document))))
    if net is not None:
        taxes = [Fraction(0), tax, -tax] if is_tax_included(document) else [Fraction(0)]
        sums = [
            start + part + due for start in starts for part in _subsets(extras) for due in taxes
        ]
        return _Identity("sub_total", net, sums, cells=cells)
    if total is None:
        return None
    taxes = [tax, Fraction(0)] if is_tax_included(document) or not tax else [tax]
    sums = [start + part + due for start in starts for part in _all(extras) for due in taxes]
    loose = [
        start + part + due for start in starts for part in _subsets(extras) for due in (0, tax)
    ]
    return _Identity("invoice_total", total, sums, loose, cells=cells)


def _total_identity(
    document: ExtractedDocument, lines: Fraction | None, net: Fraction, total: Fraction
) -> _Identity:
    """Subtotal, tax and all extras that the subtotal does not hold sum to the total."""
    extras, slack = printed_extras(document), slack_of(document)
    tax = header_number(document, "total_tax") or Fraction(0)
    included = is_tax_included(document)
    taxes = [tax, Fraction(0)] if included else [tax]
    loose = [net + part + due for part in _subsets(extras) for due in taxes]
    starts = [net, net + row_rounding(document)]
    whole = [start + part for start in starts for part in _all(extras)]
    if lines is not None and not included:
        # What the subtotal differs from the rows by is in it already.
        held = [part for part in _subsets(extras) if abs(net - lines - part) <= slack]
        whole = [
            start + part - inside for start in starts for part in _all(extras) for inside in held
        ]
        whole = whole or loose
    elif lines is None or included:
        whole = loose
    sums = [part + due for part in whole for due in taxes]
    return _Identity("invoice_total", total, sums, loose)


def _due_identity(document: ExtractedDocument, taken_off: Fraction) -> _Identity | None:
    """The total less what was paid and what is taken off it, with rounding and balance, is due."""
    due, total = header_number(document, "amount_due"), header_number(document, "invoice_total")
    if due is None or total is None:
        return None
    paid = header_number(document, "amount_paid") or Fraction(0)
    rounding = header_number(document, "rounding_amount") or Fraction(0)
    balance = header_number(document, "prior_balance") or Fraction(0)
    left = total - abs(paid) if paid * total >= 0 else total + abs(paid)
    left -= taken_off
    # The total may hold its rounding, and the amount due an earlier balance.
    sums = [left + part + old for part in {rounding, Fraction(0)} for old in {Fraction(0), balance}]
    parts = (*_DUE_PARTS, "total_discount") if taken_off else _DUE_PARTS
    return _Identity("amount_due", due, sums, parts=parts)


def _check_identity(
    document: ExtractedDocument, identity: _Identity, context: Context
) -> Finding | None:
    goal, slack = identity.goal, slack_of(document)
    nearest = min(identity.sums, key=lambda total: abs(goal - total))
    gap = goal - nearest
    tolerance = tolerance_of(context.policy.tolerance_rows(), "TOTAL_MISMATCH", context.vendor)
    if abs(gap) <= slack or not breaches(tolerance, gap, abs(nearest)):
        return None
    if is_small(gap, context.policy.small_difference):
        return None
    names = (identity.name, *([] if identity.cells else identity.parts))
    if identity.cells:
        names = (identity.name, *(name for name in identity.parts if name != "sub_total"))
    cells = {
        name: leaf for name in names if (leaf := document.fields.get(name)) is not None
    } | dict(identity.cells or {})
    closes = any(abs(goal - total) <= slack for total in identity.loose)
    finding = _finding(document, context, (identity.name, goal, nearest), cells, closes)
    if _is_read(cells) and _may_be_tax(document, identity.name, gap, nearest):
        finding = replace(
            finding,
            nature="question",
            explanation=f"{finding.explanation} No tax was read: the difference may be the tax.",
        )
    if gap < 0:
        # Less is asked for than the parts are: what is disputed may have been left out already.
        finding = replace(
            finding,
            nature="question",
            action="Find out what the vendor left out; pay no more than what is asked for.",
        )
    return replace(finding, tolerance=tolerance.label())


def _may_be_tax(document: ExtractedDocument, name: str, gap: Fraction, parts: Fraction) -> bool:
    """Return whether a total exceeds its parts by what may be a tax that is not stated."""
    if name != "invoice_total" or document.fields.get("total_tax") is not None:
        return False
    return 0 < gap <= abs(parts) * MOST_TAX


def _is_read(cells: Mapping[str, Field]) -> bool:
    """Return whether the numbers were read off a page, where others may have been missed."""
    return any(cell.page is not None for cell in cells.values())


def _parts_read(name: str, cells: Mapping[str, Field]) -> float:
    """Return the probability that no part of the sum was missed; 1 where nothing was read."""
    return PARTS_READ if _is_read(cells) and name != "amount_due" else 1.0


def _finding(
    document: ExtractedDocument,
    context: Context,
    numbers: tuple[str, Fraction, Fraction],
    cells: Mapping[str, Field],
    closes: bool,
) -> Finding:
    """Return TOTAL_MISMATCH; a question where the sum closes without something that is printed."""
    name, goal, nearest = numbers
    money, currency = to_decimal(goal - nearest), context.currency
    shown, summed = rounded(to_decimal(goal), currency), rounded(to_decimal(nearest), currency)
    sentence = f"{document.document_id}: {name} is {shown} and its parts sum to {summed}."
    if closes:
        sentence += " It agrees only without something that is printed: was that taken off before?"
    return Finding(
        code="TOTAL_MISMATCH",
        nature="question" if closes else "difference",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{shown} − {summed} = {rounded(money, currency)}",
        explanation=sentence,
        action="Ask for a corrected invoice; check that every line was read.",
        confidence=vendor_error_probability(certainty(dict(cells)) * _parts_read(name, cells)),
        evidence=tuple(
            cell_evidence(document.document_id, cell_name, leaf)
            for cell_name, leaf in cells.items()
        ),
    )
