"""The variances of a trade, worked out from its records by the definitions of the reference.

Nothing is taken from what an incident says it planted: a test holds the two accounts together.
Exact fractions inside; quantities in base units, money in the order's currency.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from data.synthesis.deals import cents
from data.synthesis.stories.findings import State, Variance, Verdict, to_decimal
from data.synthesis.stories.trade import Bill, BillLine, OrderedLine, StandingClaim, Trade

_SLACK = Fraction(2, 100)  # Peppol R120
_NEAR = Fraction(1, 100)
USUAL_FACTORS = (10, 12, 100, 144, 1000)
_LOOKALIKES = str.maketrans("oisbz", "01582")
# A bill with one of these is not compared line by line.
_WHOLE = {"DUPLICATE_INVOICE", "PO_NOT_FOUND", "PO_CLOSED", "VENDOR_MISMATCH", "CURRENCY_MISMATCH"}


class Share(NamedTuple):
    """The part of a printed line that is for one order line, in base units and net price."""

    bill: Bill
    line: BillLine
    quantity: Fraction
    price: Fraction


class Standing(NamedTuple):
    """An order line in base units: what is billed now, open by receipt and by order, and why."""

    shares: tuple[Share, ...]
    billed: Fraction
    ordered_price: Fraction
    received: Fraction
    rejected: Fraction
    returned: Fraction
    limit: Fraction
    before: Fraction

    @property
    def open_by_receipt(self) -> Fraction:
        return self.received - self.rejected - self.before

    @property
    def open_by_order(self) -> Fraction:
        return self.limit - self.before


def variances(trade: Trade) -> tuple[Variance, ...]:
    """All variances of the trade, documents first, then order lines in their order."""
    whole = [found for bill in trade.bills for found in _of_document(trade, bill)]
    barred = {found.document for found in whole if found.code in _WHOLE}
    bills = [bill for bill in trade.bills if bill.key not in barred]
    found = [*whole, *_of_charges(trade, bills), *_of_evidence(trade)]
    for bill in bills:
        found += _of_sums(trade, bill)
        found += _of_rows(trade, bill)
    for line in trade.lines:
        found += _of_line(trade, line, bills)
    return tuple(found)


def _variance(
    trade: Trade,
    code: str,
    amount: Fraction | Decimal | None = None,
    *,
    line: str | None = None,
    quantity: Fraction | Decimal | None = None,
    state: State = "claim",
    document: str = "invoice",
) -> Variance:
    units, money = (
        to_decimal(one) if isinstance(one, Fraction) else one for one in (quantity, amount)
    )
    return Variance(code, state, line, units, money, trade.currency, document=document)


def folded_number(text: str) -> str:
    """A document number without what print, typing and OCR change."""
    plain = re.sub(r"[^0-9a-z]", "", text.casefold()).translate(_LOOKALIKES)
    return plain.lstrip("0")


def _of_document(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """What bars the whole bill, and its terms."""
    place = trade.bills.index(bill)
    twins = (
        other
        for other in trade.bills[:place]
        if (other.kind, folded_number(other.number), other.total)
        == (bill.kind, folded_number(bill.number), bill.total)
    )
    whole = bill.total * bill.sign
    if next(twins, None) is not None:
        yield _variance(trade, "DUPLICATE_INVOICE", whole, document=bill.key)
    elif bill.party != trade.vendor.party:
        yield _variance(trade, "VENDOR_MISMATCH", whole, document=bill.key)
    elif folded_number(bill.po_number) != folded_number(trade.po_number):
        yield _variance(trade, "PO_NOT_FOUND", whole, state="open", document=bill.key)
    elif trade.closed:
        yield _variance(trade, "PO_CLOSED", whole, document=bill.key)
    elif bill.currency != trade.currency and trade.agreed_rate is None:
        yield _variance(trade, "CURRENCY_MISMATCH", document=bill.key)
    if bill.terms != trade.terms:
        yield _variance(trade, "TERMS_MISMATCH", document=bill.key)


def _of_charges(trade: Trade, bills: Sequence[Bill]) -> Iterator[Variance]:
    """Freight and deposits of all bills against what was agreed."""
    rows = [line for bill in bills for line in bill.lines]
    freight = sum((bill.freight * bill.sign for bill in bills), Decimal(0))
    freight += sum((line.amount for line in rows if line.line_type == "freight"), Decimal(0))
    if freight > (trade.planned_freight or 0):
        code = "FREIGHT_UNPLANNED" if trade.planned_freight is None else "FREIGHT_VARIANCE"
        yield _variance(trade, code, freight - (trade.planned_freight or 0))
    deposits = sum((line.amount for line in rows if line.line_type == "deposit"), Decimal(0))
    if deposits != (trade.deposit or 0):
        yield _variance(trade, "DEPOSIT_ERROR", deposits - (trade.deposit or 0))


def _of_sums(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """Totals and tax of one bill against its own lines."""
    slack = max(_SLACK, Fraction(len(bill.lines), 100))
    if abs(gap := Fraction(bill.total - bill.due_total)) > slack:
        yield _variance(trade, "TOTAL_MISMATCH", gap, document=bill.key)
    base = Fraction(bill.lines_total + bill.freight - bill.allowance)
    rate = Fraction(bill.tax_rate) / 100
    due = base * rate / (1 + rate) if bill.includes_tax else base * rate
    due = Fraction(0) if trade.exempt else Fraction(cents(to_decimal(due)))
    if abs(gap := Fraction(bill.tax) - due) > slack:
        yield _variance(trade, "TAX_MISMATCH", gap, document=bill.key)


def _of_rows(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """Rows that are wrong in themselves, repeated, or for nothing that was ordered."""
    for place, line in enumerate(bill.lines):
        gap = Fraction(line.amount) - Fraction(line.extension)
        number = line.po_lines[0] if line.po_lines else None
        if abs(gap) > _SLACK:
            code = "EXTENSION_ERROR"
            yield _variance(trade, code, gap * bill.sign, line=number, document=bill.key)
        if _repeated(bill, place):
            yield _variance(
                trade, "DUPLICATE_LINE", line.amount, line=number,
                quantity=_in_base(trade, line), document=bill.key,
            )  # fmt: skip
        elif line.line_type == "item" and not line.po_lines:
            yield _variance(
                trade, "ITEM_NOT_ORDERED", line.amount, quantity=line.quantity, document=bill.key
            )


def _in_base(trade: Trade, line: BillLine) -> Decimal | None:
    factor = trade.line(line.po_lines[0]).factor(line.unit)
    return None if factor is None else line.quantity * factor


def _repeated(bill: Bill, place: int) -> bool:
    line = bill.lines[place]
    same = (line.article, line.quantity, line.unit, line.price, line.amount, line.po_lines)
    return bool(line.po_lines) and any(
        (one.article, one.quantity, one.unit, one.price, one.amount, one.po_lines) == same
        for one in bill.lines[:place]
    )


def _net_price(trade: Trade, order: OrderedLine, bill: Bill, line: BillLine) -> Fraction | None:
    """The billed price per base unit as the order's price is meant; None without a factor."""
    factor = order.factor(line.unit)
    if factor is None:
        return None
    price = Fraction(line.price) / Fraction(line.price_base) / Fraction(factor)
    if not order.allowance_pct:
        price *= 1 - Fraction(line.discount_rate) / 100
    if bill.includes_tax:
        price /= 1 + Fraction(bill.tax_rate) / 100
    if trade.price_net_of_allowance and bill.allowance:
        price *= 1 - Fraction(bill.allowance) / Fraction(bill.lines_total)
    if bill.currency != trade.currency and trade.agreed_rate is not None:
        price *= Fraction(trade.agreed_rate)
    return price


def _allocated(trade: Trade, order: OrderedLine, line: BillLine) -> Fraction:
    """Which part of a printed line is this order line's; several are filled in receipt order."""
    if len(line.po_lines) < 2:
        return Fraction(1)
    factor = Fraction(order.factor(line.unit) or 1)
    left = whole = Fraction(line.quantity) * factor
    arrival = {one.po_line: place for place, one in reversed(list(enumerate(trade.arrivals)))}
    numbers = sorted(line.po_lines, key=lambda one: arrival.get(one, len(arrival)))
    for number in numbers:
        other = trade.line(number)
        room = Fraction(other.quantity) * Fraction(other.factor(other.unit) or 1)
        part = left if number == numbers[-1] else min(left, room)
        if number == order.number:
            return part / whole
        left -= part
    return Fraction(0)


def _shares(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> list[Share] | None:
    """The shares of an order line; None where a unit has no factor."""
    shares = []
    for bill in bills:
        if bill.reason in ("return", "agreement"):
            continue
        for place, line in enumerate(bill.lines):
            if order.number not in line.po_lines or _repeated(bill, place):
                continue
            if line.article != order.article and not line.part_of_kit:
                continue
            price, factor = _net_price(trade, order, bill, line), order.factor(line.unit)
            if price is None or factor is None:
                return None
            quantity = Fraction(line.quantity) * Fraction(factor) * bill.sign
            if price < 0:  # the sign lives on the quantity (BR-27)
                price, quantity = -price, -quantity
            part = _allocated(trade, order, line)
            shares.append(Share(bill, line, quantity * part, price))
    return _as_kits(order, shares) if order.kit else shares


def _as_kits(order: OrderedLine, shares: Sequence[Share]) -> list[Share]:
    """Parts billed for a kit, as one share of whole kits."""
    if not shares:
        return []
    each = {part.code: Fraction(count) for part, count in order.kit}
    kits = min(share.quantity / each[share.line.article.code] for share in shares)
    value = sum((share.quantity * share.price for share in shares), Fraction(0))
    return [shares[0]._replace(quantity=kits, price=value / kits)]


def agreed_price(trade: Trade, order: OrderedLine) -> Fraction:
    """The order's price per base unit, in the version that was agreed on."""
    price = order.price
    if order.later_price is not None and order.price_date == "ship_date":
        day, later = order.later_price
        shipped = [one.day for one in trade.arrived(order.number) if not one.booking]
        price = later if shipped and max(shipped) >= day else price
    return Fraction(price) / Fraction(order.price_base) / Fraction(order.factor(order.unit) or 1)


def standing(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> Standing | None:
    """How an order line stands against these bills; None where a unit has no factor."""
    shares = _shares(trade, order, bills)
    if shares is None:
        return None
    received = rejected = returned = Fraction(0)
    for event in trade.arrived(order.number):
        factor = Fraction(order.factor(event.unit) or 0)
        received += Fraction(event.signed) * factor
        rejected += Fraction(-event.rejected if event.reversed else event.rejected) * factor
        returned += Fraction(event.returned) * factor
    ordered = Fraction(order.quantity) * Fraction(order.factor(order.unit) or 1)
    before = (one.quantity for one in trade.earlier if one.po_line == order.number)
    return Standing(
        shares=tuple(shares),
        billed=sum((share.quantity for share in shares), Fraction(0)),
        ordered_price=agreed_price(trade, order),
        received=received,
        rejected=Fraction(0) if trade.vendor.pay_rejected else rejected,
        returned=returned,
        limit=ordered * (1 + Fraction(order.over_delivery_pct) / 100),
        before=Fraction(sum(before, Decimal(0))),
    )


def _of_line(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> list[Variance]:
    at = standing(trade, order, bills)
    if at is None:
        return [_variance(trade, "UOM_UNRESOLVED", line=order.number, state="open")]
    found = [*_of_substitutes(trade, order, bills), *_of_returns(trade, order, at)]
    if _basis_suspect(order, at):
        return [
            _variance(trade, "PRICE_BASIS_SUSPECT", Decimal(0), line=order.number, state="open"),
            *found,
        ]
    found += _of_quantity(trade, order, at)
    for share in at.shares:
        gap = (share.price - at.ordered_price) * share.quantity
        if gap:
            code = "PRICE_OVER" if share.price > at.ordered_price else "PRICE_UNDER"
            where = share.bill.key
            found.append(
                _variance(
                    trade, code, gap, line=order.number, quantity=share.quantity, document=where
                )
            )
        found += _of_allowance(trade, order, share)
    return found


def _of_quantity(trade: Trade, order: OrderedLine, at: Standing) -> Iterator[Variance]:
    """What is billed beyond receipts or order, each unit once; and facts about the receipt."""
    document = at.shares[-1].bill.key if at.shares else "invoice"

    def units(code: str, count: Fraction, state: State) -> Variance:
        money = count * at.ordered_price
        return _variance(
            trade, code, money, line=order.number, quantity=count, state=state, document=document
        )

    if at.received > at.limit and not order.catch_weight:
        yield units("OVER_DELIVERY", at.received - at.limit, "information")
    by_order = at.billed if order.catch_weight else max(Fraction(0), at.open_by_order)
    by_receipt = max(Fraction(0), at.open_by_receipt) if order.waits else by_order
    over = max(Fraction(0), min(at.billed, at.billed - min(by_order, by_receipt)))
    state: State = "open" if proven_beyond(trade, order) > 0 else "claim"
    if over and at.received == 0 and order.waits:
        beyond = max(Fraction(0), at.billed - by_order)
        if beyond:
            yield units("QTY_OVER_ORDER", beyond, "claim")
        if over - beyond:
            yield units("QTY_NO_RECEIPT", over - beyond, "pending")
    elif over and at.open_by_order < at.open_by_receipt and not order.catch_weight:
        yield units("QTY_OVER_ORDER", over, "claim")
    elif over and order.catch_weight:
        yield units("WEIGHT_ERROR", over, "claim")
    elif over:
        refused = min(over, at.rejected)
        if over - refused:
            yield units("QTY_OVER_RECEIPT", over - refused, state)
        if refused:
            yield units("REJECTED_BILLED", refused, "claim")
    if at.billed < by_receipt and any(share.bill.complete for share in at.shares):
        yield units("QTY_UNDER_BILLED", at.billed - by_receipt, "information")


def _near(ratio: Fraction, factor: Fraction) -> bool:
    return abs(ratio / factor - 1) <= _NEAR


def _basis_suspect(order: OrderedLine, at: Standing) -> bool:
    """Whether quantity or price is off by a pack or a usual factor, as a mistaken unit makes it."""
    room = min(at.open_by_order, at.open_by_receipt) if order.waits else at.open_by_order
    if at.billed <= 0 or room <= 0 or not at.ordered_price:
        return False
    value = sum((share.quantity * share.price for share in at.shares), Fraction(0))
    by_quantity, by_price = at.billed / room, value / at.billed / at.ordered_price
    own = {Fraction(factor) for factor in order.packs.values() if factor != 1}
    own |= {1 / factor for factor in own}
    usual = {Fraction(factor) for factor in USUAL_FACTORS}
    usual |= {1 / factor for factor in usual}
    alone = any(_near(ratio, f) for ratio in (by_quantity, by_price) for f in own)
    inverse = any(_near(by_quantity, f) and _near(by_price, 1 / f) for f in usual | own)
    return alone or inverse


def _of_allowance(trade: Trade, order: OrderedLine, share: Share) -> Iterator[Variance]:
    wrong = Fraction(order.allowance_pct - share.line.discount_rate) / 100
    if not order.allowance_pct or not wrong:
        return
    code = "DISCOUNT_INCORRECT" if share.line.discount_rate else "ALLOWANCE_MISSING"
    money = share.quantity * share.price * wrong
    yield _variance(trade, code, money, line=order.number, document=share.bill.key)


def _of_substitutes(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> Iterator[Variance]:
    for bill in bills:
        for line in bill.lines:
            if order.number not in line.po_lines or line.part_of_kit:
                continue
            price, factor = _net_price(trade, order, bill, line), order.factor(line.unit)
            if line.article == order.article or price is None or factor is None:
                continue
            quantity = Fraction(line.quantity) * Fraction(factor)
            money = Fraction(line.amount)
            if line.article.code in order.substitutes:
                money = (price - agreed_price(trade, order)) * quantity
            yield _variance(
                trade, "ITEM_SUBSTITUTED", money, line=order.number, quantity=quantity,
                document=bill.key,
            )  # fmt: skip


def _of_returns(trade: Trade, order: OrderedLine, at: Standing) -> Iterator[Variance]:
    """Returns not credited at the original price, and credits below what was agreed."""
    credited = {reason: [Fraction(0), Fraction(0)] for reason in ("return", "agreement")}
    for bill in trade.bills:
        for line in bill.lines if bill.kind == "credit_memo" else ():
            if bill.reason in credited and order.number in line.po_lines:
                factor = Fraction(order.factor(line.unit) or 1)
                credited[bill.reason][0] += Fraction(line.quantity) * factor
                credited[bill.reason][1] += Fraction(line.amount)
    if missing := max(Fraction(0), at.returned - credited["return"][0]):
        yield _variance(
            trade, "RETURN_NOT_CREDITED", missing * at.ordered_price, line=order.number,
            quantity=missing, document="credit_memo",
        )  # fmt: skip
    agreed = sum(
        (
            Fraction(one.amount)
            for one in trade.claims
            if one.kind == "agreed_credit" and one.po_line == order.number
        ),
        Fraction(0),
    )
    if agreed > credited["agreement"][1]:
        gap = agreed - credited["agreement"][1]
        yield _variance(trade, "CREDIT_MEMO_SHORT", gap, line=order.number, document="credit_memo")


def proven(trade: Trade, order: OrderedLine) -> Fraction | None:
    """Base units that came by the best paper in hand; None where no paper tells."""
    total, told = Fraction(0), False
    signed = "proof_of_delivery" in trade.papers
    if not signed and not trade.papers & {"packing_slip", "delivery_note"}:
        return None
    for receipt in trade.deliveries:
        shipped = trade.shipment(receipt, order.number)
        factor = None if shipped is None else order.factor(shipped.unit)
        if shipped is None or factor is None:
            continue
        told = True
        total += Fraction(shipped.quantity) * Fraction(factor)
        for one in trade.remarks if signed else ():
            if (one.receipt_id, one.po_line) == (receipt, order.number):
                lost = Fraction(one.quantity) * Fraction(order.factor(one.unit) or 1)
                total += lost if one.kind == "over" else -lost if one.kind == "short" else 0
    return total if told else None


def proven_beyond(trade: Trade, order: OrderedLine) -> Fraction:
    """How many base units the best paper says came beyond the receipts (negative: fewer)."""
    events = trade.arrived(order.number)
    known = [Fraction(order.factor(one.unit) or 0) for one in events]
    received = sum(
        (Fraction(one.signed) * factor for one, factor in zip(events, known, strict=True)),
        Fraction(0),
    )
    told = proven(trade, order)
    if told is None or not received:
        return Fraction(0)
    packs = [Fraction(factor) for factor in order.packs.values() if factor != 1]
    mixed_up = any(_near(told / received, factor) for factor in packs)
    return Fraction(0) if mixed_up else told - received


def _of_evidence(trade: Trade) -> Iterator[Variance]:
    for kind in sorted(trade.demanded - trade.papers) if trade.deliveries else ():
        yield _variance(trade, "EVIDENCE_MISSING", state="open", document=kind)
    for order in trade.lines:
        gap = proven_beyond(trade, order)
        if gap:
            yield _variance(
                trade, "EVIDENCE_CONFLICT", line=order.number, quantity=abs(gap), state="open"
            )


class Settlement(NamedTuple):
    """What becomes of a short payment that the vendor disputes; None: the papers do not tell."""

    claim: StandingClaim
    supported: Fraction | None
    repay: Fraction | None
    stands: Fraction | None


def settlements(trade: Trade) -> tuple[Settlement, ...]:
    """Each short payment against the best proof: what has to be paid after all."""
    found = []
    for claim in trade.claims:
        if claim.kind != "short_payment":
            continue
        order = trade.line(claim.po_line)
        if "proof_of_delivery" not in trade.papers:
            found.append(Settlement(claim, None, None, None))
            continue
        at = standing(trade, order, trade.bills)
        billed = Fraction(0) if at is None else at.billed
        paid = billed - Fraction(claim.quantity)
        delivered = proven(trade, order) or Fraction(0)
        units = max(Fraction(0), min(delivered - paid, Fraction(claim.quantity)))
        price = Fraction(claim.amount) / Fraction(claim.quantity)
        found.append(
            Settlement(claim, units, units * price, (Fraction(claim.quantity) - units) * price)
        )
    return tuple(found)


def verdicts(trade: Trade, found: Sequence[Variance]) -> Mapping[str, Verdict]:
    """The verdict of every order line, from its variances and from what the paper leaves open."""
    barred = {one.document for one in found if one.code in _WHOLE}
    lines: dict[str, Verdict] = {}
    unproven = {one.claim.po_line for one in settlements(trade) if one.supported is None}
    for order in trade.lines:
        states = {one.state for one in found if one.po_line == order.number}
        rows = [
            bill.key for bill in trade.bills for line in bill.lines if order.number in line.po_lines
        ]
        lines[order.number] = "matched"
        if order.number in unproven:
            lines[order.number] = "insufficient_evidence"
        elif "open" in states or order.number in trade.illegible or (rows and barred >= set(rows)):
            lines[order.number] = "needs_review"
        elif "claim" in states:
            lines[order.number] = "discrepancy"
        elif "pending" in states:
            lines[order.number] = "pending_receipt"
    return lines
