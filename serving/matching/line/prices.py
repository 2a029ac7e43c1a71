"""Price findings of one share of a billed line: wrong price, allowance or extension."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import Alternative
from serving.matching.findings.arithmetic import (
    AMOUNT_SLACK,
    Decomposition,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)
from serving.matching.findings.records import Evidence, Finding, cell_evidence
from serving.matching.line.allowances import granted
from serving.matching.line.probability import Probability, probability, probability_over
from serving.matching.pairing.billed_line import BilledItem, reread
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.tolerances import Tolerance, breaches, breaches_cumulatively

# How often a vendor's own arithmetic is wrong: against it stands that a cell was misread. Assumed.
VENDOR_ERROR_RATE = 0.02


def billed_evidence(billed: BilledItem) -> tuple[Evidence, ...]:
    """Where every cell stands that the row's money rests on."""
    document = billed.document.document_id
    return tuple(cell_evidence(document, name, cell) for name, cell in billed.cells.items())


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One PO line with all its shares, as its prices are judged.

    `payable` is the expected part of each quantity, `currency` the one its money is in.
    """

    shares: Sequence[Share]
    standing: Standing
    tolerance: Tolerance
    payable: Fraction
    decomposition: Decomposition
    currency: str | None

    def units(self, one: Share) -> Fraction:
        """The units that a difference of price is taken on; 0 where the quantity was not read."""
        quantity = one.quantity or Fraction(0)
        return quantity if self.decomposition == "variance" else quantity * self.payable


_Gap = Callable[[Share, Standing], Fraction | None]


def _price_gap(one: Share, standing: Standing) -> Fraction | None:
    """Billed less ordered price, both net of the allowance the order grants."""
    allowance = granted(one, standing)
    price = one.price if allowance is None else allowance.rest.price
    if price is None or standing.price is None or one.quantity is None:
        return None
    return price - standing.price


def _allowance_gap(one: Share, standing: Standing) -> Fraction | None:
    """What should have been taken off the price and was not."""
    allowance = granted(one, standing)
    return None if allowance is None or one.quantity is None else allowance.missing


@dataclass(frozen=True, slots=True)
class _Sum:
    """Money over some shares, the units it is on, and these with every sign taken off."""

    amount: Fraction = Fraction(0)
    units: Fraction = Fraction(0)
    size: Fraction = Fraction(0)

    def plus(self, other: "_Sum", sign: int = 1) -> "_Sum":
        return _Sum(
            self.amount + sign * other.amount,
            self.units + sign * other.units,
            self.size + sign * other.size,
        )


class _Differences:
    """What the shares of a PO line differ by in one respect, and whether that is tolerated."""

    def __init__(self, line: PriceLine, gap_of: _Gap) -> None:
        self._line, self._gap_of = line, gap_of
        self._whole = _Sum()
        self._at_price: defaultdict[Fraction | None, _Sum] = defaultdict(_Sum)
        for one in line.shares:
            own = self.of(one)
            self._whole = self._whole.plus(own)
            self._at_price[one.price] = self._at_price[one.price].plus(own)

    def gap(self, one: Share) -> Fraction | None:
        return self._gap_of(one, self._line.standing)

    def of(self, one: Share) -> _Sum:
        units = self._line.units(one)
        return _Sum((self.gap(one) or Fraction(0)) * units, units, abs(units))

    def judged(self, one: Share, instead: Share | None = None) -> int:
        """1 or -1 for a share's difference beyond tolerance, by its sign; 0 for one within.

        Beyond is what all shares at its price differ by, or all of the PO line: splitting a row
        must not bring it inside. And what all invoices together were too dear by is held against
        the cumulative limit. `instead`: as if that share stood in the place of `one`.
        """
        changed = one if instead is None else instead
        own = self.of(changed)
        # Amounts and discounts are printed in cents of the whole line.
        rounded_off = changed.billed.price_from_amount and abs(own.amount) <= (
            AMOUNT_SLACK * changed.part
        )
        if own.amount == 0 or rounded_off:
            return 0
        whole = self._whole.plus(self.of(one), -1).plus(own)
        alike = self._at_price[changed.price]
        if changed.price == one.price:
            alike = alike.plus(self.of(one), -1)
        price, sign = self._line.standing.price or Fraction(0), _sign(own.amount)
        for together in (alike.plus(own), whole):
            beyond = breaches(self._line.tolerance, together.amount, together.size * price)
            if beyond and _sign(together.amount) == sign:
                return sign
        return 1 if sign > 0 and self._dear_in_all(whole, price) else 0

    def _dear_in_all(self, whole: _Sum, price: Fraction) -> bool:
        """Whether earlier invoices and these together breach the cumulative limit of price."""
        before = self._line.standing.amount_before
        if before is None:
            return False
        ordered = (whole.units + self._line.standing.billed_before) * price
        billed = whole.units * price + whole.amount + before
        return breaches_cumulatively(self._line.tolerance, billed, ordered)

    def probability(self, one: Share, sign: int) -> Probability:
        """That a share's difference is really there and has this sign."""

        def survives(old: Share, new: Share) -> bool:
            return self.gap(new) is not None and self.judged(old, new) == sign

        return probability_over([(one, one.billed.cells)], self._line.standing, survives)


def _sign(amount: Fraction) -> int:
    return (amount > 0) - (amount < 0)


def price_findings(line: PriceLine) -> Iterator[tuple[Share, list[Finding]]]:
    """Each share with what is wrong about its price beyond tolerance: allowance, then price."""
    prices, allowances = _Differences(line, _price_gap), _Differences(line, _allowance_gap)
    for one in line.shares:
        found = [_allowance_finding(one, line, allowances), _price_finding(one, line, prices)]
        yield one, [finding for finding in found if finding is not None]


def _price_finding(one: Share, line: PriceLine, differences: _Differences) -> Finding | None:
    """The price part of a share's variance."""
    gap, sign = differences.gap(one), differences.judged(one)
    standing, ordered = line.standing, line.standing.price
    if gap is None or ordered is None or sign == 0:
        return None
    # Credits mirror the sides: a credit below the ordered price is against the buyer.
    code = "PRICE_OVER" if gap > 0 else "PRICE_UNDER"
    if one.assignment.is_substitute:
        code = "ITEM_SUBSTITUTED"
    action = "Nothing to claim; the difference is in the buyer's favour."
    if sign > 0:
        action = "Short-pay the price difference or ask for a partial credit."
    shown, wanted = price_text(ordered + gap), price_text(ordered)
    units = quantity_text(line.units(one))
    explanation = (
        f"The billed net price {shown} is {'above' if gap > 0 else 'below'} the ordered "
        f"{wanted} per {standing.units.name or 'unit'}, on {units} units."
    )
    if standing.price_note is not None:
        explanation = f"{explanation} {standing.price_note}"
    source = Evidence(standing.order_number, "unit_price", str(standing.line.unit_price), 1.0)
    bare = Finding(
        code=code,
        quantity=to_decimal(line.units(one)),
        amount=to_decimal(gap * line.units(one)),
        currency=line.currency,
        formula=f"({shown} − {wanted}) × {units}",
        explanation=explanation,
        action=action,
        confidence=0.0,
    )
    return _grounded(bare, one, line, source, differences.probability(one, sign))


def _allowance_finding(one: Share, line: PriceLine, differences: _Differences) -> Finding | None:
    """An allowance that was not given, or not as agreed."""
    allowance, sign = granted(one, line.standing), differences.judged(one)
    if allowance is None or sign == 0:
        return None
    due, taken = price_text(allowance.due), price_text(allowance.taken)
    units = quantity_text(line.units(one))
    said = f"was {taken}" if allowance.taken else "is missing"
    action = "Short-pay the allowance or ask for a partial credit."
    texts = (
        f"{own.rate} %" if own.rate is not None else str(own.amount)
        for own in line.standing.line.allowances
    )
    source = Evidence(line.standing.order_number, "allowances", ", ".join(texts), 1.0)
    bare = Finding(
        code="DISCOUNT_INCORRECT" if allowance.taken else "ALLOWANCE_MISSING",
        quantity=to_decimal(line.units(one)),
        amount=to_decimal(allowance.missing * line.units(one)),
        currency=line.currency,
        formula=f"({due} − {taken}) × {units}",
        explanation=(
            f"The order grants {due} off each {line.standing.units.name or 'unit'} at a billed "
            f"price of {price_text(allowance.gross)}; it {said}, on {units} units."
        ),
        action=action if sign > 0 else "Nothing to claim; more was taken off than agreed.",
        confidence=0.0,
    )
    return _grounded(bare, one, line, source, differences.probability(one, sign))


def _grounded(
    bare: Finding, one: Share, line: PriceLine, source: Evidence, probable: Probability
) -> Finding:
    """The finding with the sum of its formula, its places and how probable it is."""
    total = "" if bare.amount is None else f" = {rounded(bare.amount, bare.currency)}"
    return replace(
        bare,
        formula=f"{bare.formula}{total}",
        confidence=probable.right,
        alternatives=probable.shown,
        evidence=(*billed_evidence(one.billed), source),
        tolerance=line.tolerance.label(),
        unit=line.standing.units.name,
        po_line_number=line.standing.line.po_line_number,
    )


def extension_finding(
    billed: BilledItem, po_line: str | None, currency: str | None
) -> Finding | None:
    """A printed amount that is not quantity x price. Rather a misread cell than a vendor's error:

    the confidence weighs the cells against how rarely a vendor's arithmetic is wrong.
    """
    if billed.off_by is None or billed.amount is None:
        return None
    gap = billed.off_by

    def stays(name: str, other: Alternative) -> bool:
        changed = reread(billed, name, other.value)
        off_by = None if changed is None else changed.off_by
        return off_by is not None and (off_by > 0) == (gap > 0)

    probable = probability(billed.cells, stays)
    right = probable.right
    confidence = right * VENDOR_ERROR_RATE / (right * VENDOR_ERROR_RATE + 1 - right)
    money = to_decimal(billed.off_by)
    amount = to_decimal(billed.amount)
    computed = rounded(amount - money, currency)
    return Finding(
        code="EXTENSION_ERROR",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{rounded(amount, currency)} − {computed} = {rounded(money, currency)}",
        explanation=(
            f"The printed amount {rounded(amount, currency)} is not quantity × net price, "
            f"which is {computed}."
        ),
        action="Ask for a corrected invoice.",
        confidence=confidence,
        evidence=billed_evidence(billed),
        po_line_number=po_line,
        alternatives=probable.shown,
    )
