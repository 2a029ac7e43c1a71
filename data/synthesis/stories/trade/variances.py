"""The variances of a trade, worked out from its records by the definitions of the reference.

Nothing is taken from what an incident says it planted: a test holds the two accounts together.
Exact fractions inside; quantities in base units, money in the order's currency.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from data.synthesis.commerce.deals import cents
from data.synthesis.stories.trade.findings import State, Variance, to_decimal
from data.synthesis.stories.trade.order_lines import (
    Share,
    Standing,
    base_price,
    near,
    net_price,
    proven_beyond,
    repeated,
    standing,
)
from data.synthesis.stories.trade.records import Bill, BillLine, OrderedLine, Trade

_SLACK = Fraction(2, 100)  # Peppol R120
USUAL_FACTORS = (10, 12, 100, 144, 1000)
_LOOKALIKES = str.maketrans("oisbz", "01582")
# A bill with one of these is not compared line by line.
WHOLE = frozenset(
    {"DUPLICATE_INVOICE", "PO_NOT_FOUND", "PO_CLOSED", "VENDOR_MISMATCH", "CURRENCY_MISMATCH"}
)


def variances(trade: Trade) -> tuple[Variance, ...]:
    """All variances of the trade, documents first, then order lines in their order."""
    whole = [found for bill in trade.bills for found in _of_document(trade, bill)]
    barred = {found.document for found in whole if found.code in WHOLE}
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
        if repeated(bill, place):
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
    state = "information" if trade.answered(order.number) else state
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
    alone = any(near(ratio, f) for ratio in (by_quantity, by_price) for f in own)
    inverse = any(near(by_quantity, f) and near(by_price, 1 / f) for f in usual | own)
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
            price, factor = net_price(trade, order, bill, line), order.factor(line.unit)
            if line.article == order.article or price is None or factor is None:
                continue
            quantity = Fraction(line.quantity) * Fraction(factor)
            money = Fraction(line.amount)
            if line.article.code in order.substitutes:
                money = (price - base_price(trade, order)) * quantity
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


def _of_evidence(trade: Trade) -> Iterator[Variance]:
    for kind in sorted(trade.demanded - trade.papers) if trade.deliveries else ():
        yield _variance(trade, "EVIDENCE_MISSING", state="open", document=kind)
    for order in trade.lines:
        gap = proven_beyond(trade, order)
        if gap:
            state: State = "information" if trade.answered(order.number) else "open"
            yield _variance(
                trade, "EVIDENCE_CONFLICT", line=order.number, quantity=abs(gap), state=state
            )
