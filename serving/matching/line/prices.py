"""Price variance of a billed line: wrong price, missing allowance, wrong extension."""

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
from serving.matching.findings.records import Evidence, Finding, FindingText, cell_evidence
from serving.matching.line.allowances import share_allowance
from serving.matching.line.probability import Probability, probability, probability_over
from serving.matching.pairing.billed_line import BilledItem, reread_item
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.tolerances import Tolerance, breaches, breaches_cumulatively

# How often a vendor's own arithmetic is wrong: against it stands that a cell was misread. Assumed.
VENDOR_ERROR_RATE = 0.02


def billed_evidence(billed: BilledItem) -> tuple[Evidence, ...]:
    """Return the places of all cells that the row's money rests on."""
    document = billed.document.document_id
    return tuple(cell_evidence(document, name, cell) for name, cell in billed.cells.items())


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One PO line with all its shares, for checks of its prices.

    `payable` is the expected part of each quantity, `currency` the one its money is in.
    """

    shares: Sequence[Share]
    standing: Standing
    tolerance: Tolerance
    payable: Fraction
    decomposition: Decomposition
    currency: str | None

    def units(self, share: Share) -> Fraction:
        """Return the units that a price difference applies to; 0 where no quantity was read."""
        quantity = share.quantity or Fraction(0)
        return quantity if self.decomposition == "variance" else quantity * self.payable

    def counted_units(self, share: Share, sign: int) -> Fraction:
        """Return the units of a finding; `sign` is that of its money.

        What is not paid at all is not cheap: it is held back at the billed price.
        """
        ordered, price = self.standing.price, share.price
        if sign > 0 or ordered is None or price is None or price >= ordered:
            return self.units(share)
        return (share.quantity or Fraction(0)) * self.payable


_Gap = Callable[[Share, Standing], Fraction | None]


def _price_gap(share: Share, standing: Standing) -> Fraction | None:
    """Return billed less ordered price, both net of the allowance the order grants."""
    allowance = share_allowance(share, standing)
    price = share.price if allowance is None else allowance.net_share.price
    if price is None or standing.price is None or share.quantity is None:
        return None
    return price - standing.price


def _allowance_gap(share: Share, standing: Standing) -> Fraction | None:
    """Return the allowance that should have been taken off the price and was not."""
    allowance = share_allowance(share, standing)
    return None if allowance is None or share.quantity is None else allowance.missing


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
    """Differences of a PO line's shares in one respect, measured against its tolerance."""

    def __init__(self, line: PriceLine, gap_of: _Gap) -> None:
        self._line, self._gap_of = line, gap_of
        self._whole = _Sum()
        self._at_price: defaultdict[Fraction | None, _Sum] = defaultdict(_Sum)
        for share in line.shares:
            share_sum = self.sum_of(share)
            self._whole = self._whole.plus(share_sum)
            self._at_price[share.price] = self._at_price[share.price].plus(share_sum)

    def gap(self, share: Share) -> Fraction | None:
        return self._gap_of(share, self._line.standing)

    def sum_of(self, share: Share) -> _Sum:
        units = self._line.units(share)
        return _Sum((self.gap(share) or Fraction(0)) * units, units, abs(units))

    def breach_sign(self, share: Share, instead: Share | None = None) -> int:
        """Return 1 or -1 for a share's difference beyond tolerance, by its sign; 0 for one within.

        Measured is the difference of all shares at its price, and of all of the PO line: splitting
        a row must not bring it inside. The excess of all invoices together is measured against the
        cumulative limit. `instead`: as if that share were in the place of `share`.
        """
        changed = share if instead is None else instead
        share_sum = self.sum_of(changed)
        # Amounts and discounts are printed in cents of the whole line.
        rounded_off = changed.billed.price_from_amount and abs(share_sum.amount) <= (
            AMOUNT_SLACK * changed.part
        )
        if share_sum.amount == 0 or rounded_off:
            return 0
        whole = self._whole.plus(self.sum_of(share), -1).plus(share_sum)
        alike = self._at_price[changed.price]
        if changed.price == share.price:
            alike = alike.plus(self.sum_of(share), -1)
        price, sign = self._line.standing.price or Fraction(0), _sign(share_sum.amount)
        for together in (alike.plus(share_sum), whole):
            beyond = breaches(self._line.tolerance, together.amount, together.size * price)
            if beyond and _sign(together.amount) == sign:
                return sign
        return 1 if sign > 0 and self._exceeds_cumulative_limit(whole, price) else 0

    def _exceeds_cumulative_limit(self, whole: _Sum, price: Fraction) -> bool:
        """Return whether earlier invoices and these together breach the cumulative price limit."""
        before = self._line.standing.amount_before
        if before is None:
            return False
        ordered = (whole.units + self._line.standing.billed_before) * price
        billed = whole.units * price + whole.amount + before
        return breaches_cumulatively(self._line.tolerance, billed, ordered)

    def probability(self, share: Share, sign: int) -> Probability:
        """Return the probability that a share's difference is real and has this sign."""

        def survives(old: Share, new: Share) -> bool:
            return self.gap(new) is not None and self.breach_sign(old, new) == sign

        return probability_over([(share, share.billed.cells)], self._line.standing, survives)


def _sign(amount: Fraction) -> int:
    return (amount > 0) - (amount < 0)


def net_of_credits(shares: Sequence[Share]) -> list[Share]:
    """Return the shares, units credited at the price they are billed at taken off one another.

    Ten at 105.00 and two credited at 105.00 are eight at 105.00.
    """
    credited: defaultdict[Fraction | None, Fraction] = defaultdict(Fraction)
    billed: defaultdict[Fraction | None, Fraction] = defaultdict(Fraction)
    for share in shares:
        units = share.quantity or Fraction(0)
        (credited if units < 0 else billed)[share.price] += abs(units)
    left = {price: min(units, billed[price]) for price, units in credited.items()}
    if not any(left.values()):
        return list(shares)
    # What is taken off the bills is taken off the credits too.
    both = {1: dict(left), -1: dict(left)}
    netted = []
    for share in shares:
        units, open_units = (
            share.quantity or Fraction(0),
            both[-1 if (share.quantity or 0) < 0 else 1],
        )
        used = min(abs(units), open_units.get(share.price, Fraction(0)))
        if used:
            open_units[share.price] -= used
            units -= used if units > 0 else -used
            if not units:
                continue
            share = replace(share, quantity=units)
        netted.append(share)
    return netted


def price_findings(line: PriceLine) -> Iterator[tuple[Share, list[Finding]]]:
    """Yield each share with its findings beyond tolerance: allowance, then price."""
    prices, allowances = _Differences(line, _price_gap), _Differences(line, _allowance_gap)
    for share in line.shares:
        findings = [
            _allowance_finding(share, line, allowances),
            _price_finding(share, line, prices),
        ]
        yield share, [finding for finding in findings if finding is not None]


def _price_finding(share: Share, line: PriceLine, differences: _Differences) -> Finding | None:
    """Return the price part of a share's variance, None within tolerance."""
    gap, sign = differences.gap(share), differences.breach_sign(share)
    standing, ordered = line.standing, line.standing.price
    if gap is None or ordered is None or sign == 0:
        return None
    # Credits mirror the sides: a credit below the ordered price is against the buyer.
    code = "PRICE_OVER" if gap > 0 else "PRICE_UNDER"
    if share.assignment.is_substitute:
        code = "ITEM_SUBSTITUTED"
    counted = line.counted_units(share, sign)
    if not counted:
        return None
    text = _price_text(standing, gap, counted)
    explanation = text.explanation
    if standing.price_note is not None:
        explanation = f"{explanation} {standing.price_note}"
    source = Evidence(standing.order_number, "unit_price", str(standing.line.unit_price), 1.0)
    bare = Finding(
        code=code,
        nature="difference" if sign > 0 else "fact",
        quantity=to_decimal(counted),
        amount=to_decimal(gap * counted),
        currency=line.currency,
        formula=text.formula,
        explanation=explanation,
        action=text.action,
        confidence=0.0,
    )
    return _with_evidence(bare, share, line, source, differences.probability(share, sign))


def _price_text(standing: Standing, gap: Fraction, counted: Fraction) -> FindingText:
    """Return the words of a price difference; units that are credited have a negative count."""
    ordered = standing.price or Fraction(0)
    stated, agreed = price_text(ordered + gap), price_text(ordered)
    units, side = quantity_text(abs(counted)), "above" if gap > 0 else "below"
    is_credit, is_owed = counted < 0, gap * counted > 0
    action = "Nothing to claim; the difference is in the buyer's favour."
    if is_owed:
        action = "Short-pay the price difference or ask for a partial credit."
        action = "Ask for the rest of the credit." if is_credit else action
    done = "credited" if is_credit else "billed"
    first, last = (agreed, stated) if is_credit else (stated, agreed)
    return FindingText(
        f"({first} − {last}) × {units}",
        f"The {done} net price {stated} is {side} the ordered {agreed} per "
        f"{standing.units.name or 'unit'}, on {units} units.",
        action,
    )


def _allowance_finding(share: Share, line: PriceLine, differences: _Differences) -> Finding | None:
    """Return the finding on an allowance that was not given, or not as agreed."""
    allowance, sign = share_allowance(share, line.standing), differences.breach_sign(share)
    if allowance is None or sign == 0:
        return None
    due, deducted = price_text(allowance.due), price_text(allowance.deducted)
    counted = line.counted_units(share, sign)
    units = quantity_text(counted)
    outcome = f"{deducted} was" if allowance.deducted else "none was"
    action = "Short-pay the allowance or ask for a partial credit."
    texts = (
        f"{allowance_term.rate} %"
        if allowance_term.rate is not None
        else str(allowance_term.amount)
        for allowance_term in line.standing.line.allowances
    )
    source = Evidence(line.standing.order_number, "allowances", ", ".join(texts), 1.0)
    bare = Finding(
        code="DISCOUNT_INCORRECT" if allowance.deducted else "ALLOWANCE_MISSING",
        nature="difference" if sign > 0 else "fact",
        quantity=to_decimal(counted),
        amount=to_decimal(allowance.missing * counted),
        currency=line.currency,
        formula=f"({due} − {deducted}) × {units}",
        explanation=(
            f"The order grants {due} off each {line.standing.units.name or 'unit'} at a billed "
            f"price of {price_text(allowance.gross)}; {outcome} taken off, on {units} units."
        ),
        action=action if sign > 0 else "Nothing to claim; more was taken off than agreed.",
        confidence=0.0,
    )
    return _with_evidence(bare, share, line, source, differences.probability(share, sign))


def _with_evidence(
    bare: Finding, share: Share, line: PriceLine, source: Evidence, probable: Probability
) -> Finding:
    """Return the finding with the sum of its formula, its evidence and its probability."""
    total = "" if bare.amount is None else f" = {rounded(bare.amount, bare.currency)}"
    return replace(
        bare,
        formula=f"{bare.formula}{total}",
        confidence=probable.right,
        alternatives=probable.shown,
        evidence=(*billed_evidence(share.billed), source),
        tolerance=line.tolerance.label(),
        unit=line.standing.units.name,
        po_line_number=line.standing.line.po_line_number,
    )


def extension_finding(
    billed: BilledItem, po_line: str | None, currency: str | None
) -> Finding | None:
    """Return EXTENSION_ERROR where the printed amount is not quantity x price, else None.

    Rather a misread cell than a vendor's error: the confidence weighs the cells against how rarely
    a vendor's arithmetic is wrong.
    """
    if billed.off_by is None or billed.amount is None:
        return None
    gap = billed.off_by

    def survives(name: str, other: Alternative) -> bool:
        changed = reread_item(billed, name, other.value)
        off_by = None if changed is None else changed.off_by
        return off_by is not None and (off_by > 0) == (gap > 0)

    probable = probability(billed.cells, survives)
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
