"""The variances of a trade, computed from its records by the definitions of the matching rules.

The definitions are those of `serving/matching/README.md`. Nothing is taken from the variances that
an incident planted: a test compares the two accounts. Exact fractions inside; quantities in base
units, money in the order's currency.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from data.synthesis.commerce.deals import round_money
from data.synthesis.stories.trade.findings import State, Variance, to_decimal
from data.synthesis.stories.trade.order_lines import (
    LineBalance,
    Share,
    base_price,
    is_near,
    is_repeated_row,
    line_balance,
    net_price,
    proven_surplus,
)
from data.synthesis.stories.trade.records import Bill, BillLine, OrderedLine, Trade

_TOLERANCE = Fraction(2, 100)  # Peppol R120
USUAL_FACTORS = (10, 12, 100, 144, 1000)
_LOOKALIKES = str.maketrans("oisbz", "01582")
# A bill with one of these is not compared line by line.
BARRING_CODES = frozenset(
    {"DUPLICATE_INVOICE", "PO_NOT_FOUND", "PO_CLOSED", "VENDOR_MISMATCH", "CURRENCY_MISMATCH"}
)


def find_variances(trade: Trade) -> tuple[Variance, ...]:
    """Return all variances of the trade, documents first, then order lines in their order."""
    whole = [variance for bill in trade.bills for variance in _document_variances(trade, bill)]
    barred = {variance.document for variance in whole if variance.code in BARRING_CODES}
    bills = [bill for bill in trade.bills if bill.key not in barred]
    variances = [*whole, *_charge_variances(trade, bills), *_evidence_variances(trade)]
    for bill in bills:
        variances += _total_variances(trade, bill)
        variances += _row_variances(trade, bill)
    for line in trade.lines:
        variances += _line_variances(trade, line, bills)
    return tuple(variances)


def _make_variance(
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
        to_decimal(number) if isinstance(number, Fraction) else number
        for number in (quantity, amount)
    )
    return Variance(code, state, line, units, money, trade.currency, document=document)


def folded_number(text: str) -> str:
    """Return a document number without the signs that print, typing and OCR change."""
    plain = re.sub(r"[^0-9a-z]", "", text.casefold()).translate(_LOOKALIKES)
    return plain.lstrip("0")


def _document_variances(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """Yield the variances that bar the whole bill, and the one of its terms."""
    place = trade.bills.index(bill)
    twins = (
        other
        for other in trade.bills[:place]
        if (other.kind, folded_number(other.number), other.total)
        == (bill.kind, folded_number(bill.number), bill.total)
    )
    whole = bill.total * bill.sign
    if next(twins, None) is not None:
        yield _make_variance(trade, "DUPLICATE_INVOICE", whole, document=bill.key)
    elif bill.party != trade.vendor.party:
        yield _make_variance(trade, "VENDOR_MISMATCH", whole, document=bill.key)
    elif folded_number(bill.po_number) != folded_number(trade.po_number):
        yield _make_variance(trade, "PO_NOT_FOUND", whole, state="open", document=bill.key)
    elif trade.closed:
        yield _make_variance(trade, "PO_CLOSED", whole, document=bill.key)
    elif bill.currency != trade.currency and trade.agreed_rate is None:
        yield _make_variance(trade, "CURRENCY_MISMATCH", document=bill.key)
    if bill.terms != trade.terms:
        yield _make_variance(trade, "TERMS_MISMATCH", document=bill.key)


def _charge_variances(trade: Trade, bills: Sequence[Bill]) -> Iterator[Variance]:
    """Yield the variances of freight and deposits of all bills against the agreements."""
    rows = [line for bill in bills for line in bill.lines]
    freight = sum((bill.freight * bill.sign for bill in bills), Decimal(0))
    freight += sum((line.amount for line in rows if line.line_type == "freight"), Decimal(0))
    if freight > (trade.planned_freight or 0):
        code = "FREIGHT_UNPLANNED" if trade.planned_freight is None else "FREIGHT_VARIANCE"
        yield _make_variance(trade, code, freight - (trade.planned_freight or 0))
    deposits = sum((line.amount for line in rows if line.line_type == "deposit"), Decimal(0))
    if deposits != (trade.agreed_deposit or 0):
        yield _make_variance(trade, "DEPOSIT_ERROR", deposits - (trade.agreed_deposit or 0))


def _total_variances(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """Yield the variances of total and tax of one bill against its own lines."""
    tolerance = max(_TOLERANCE, Fraction(len(bill.lines), 100))
    if abs(gap := Fraction(bill.total - bill.due_total)) > tolerance:
        yield _make_variance(trade, "TOTAL_MISMATCH", gap, document=bill.key)
    base = Fraction(bill.lines_total + bill.freight - bill.allowance)
    rate = Fraction(bill.tax_rate) / 100
    due = base * rate / (1 + rate) if bill.includes_tax else base * rate
    due = Fraction(0) if trade.tax_exempt else Fraction(round_money(to_decimal(due)))
    if abs(gap := Fraction(bill.tax) - due) > tolerance:
        yield _make_variance(trade, "TAX_MISMATCH", gap, document=bill.key)


def _row_variances(trade: Trade, bill: Bill) -> Iterator[Variance]:
    """Yield the variances of rows with wrong arithmetic, repeated rows and rows not ordered."""
    for place, line in enumerate(bill.lines):
        gap = Fraction(line.amount) - Fraction(line.extension)
        number = line.po_lines[0] if line.po_lines else None
        if abs(gap) > _TOLERANCE:
            code = "EXTENSION_ERROR"
            yield _make_variance(trade, code, gap * bill.sign, line=number, document=bill.key)
        if is_repeated_row(bill, place):
            yield _make_variance(
                trade, "DUPLICATE_LINE", line.amount, line=number,
                quantity=_base_quantity(trade, line), document=bill.key,
            )  # fmt: skip
        elif line.line_type == "item" and not line.po_lines:
            yield _make_variance(
                trade, "ITEM_NOT_ORDERED", line.amount, quantity=line.quantity, document=bill.key
            )


def _base_quantity(trade: Trade, line: BillLine) -> Decimal | None:
    factor = trade.line(line.po_lines[0]).factor(line.unit)
    return None if factor is None else line.quantity * factor


def _line_variances(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> list[Variance]:
    balance = line_balance(trade, order, bills)
    if balance is None:
        return [_make_variance(trade, "UOM_UNRESOLVED", line=order.number, state="open")]
    variances = [
        *_substitute_variances(trade, order, bills),
        *_return_variances(trade, order, balance),
    ]
    if _is_price_basis_suspect(order, balance):
        return [
            _make_variance(
                trade, "PRICE_BASIS_SUSPECT", Decimal(0), line=order.number, state="open"
            ),
            *variances,
        ]
    variances += _quantity_variances(trade, order, balance)
    for share in balance.shares:
        gap = (share.price - balance.ordered_price) * share.quantity
        if gap:
            is_dear = share.price > balance.ordered_price
            variances.append(
                _make_variance(
                    trade, "PRICE_OVER" if is_dear else "PRICE_UNDER", gap, line=order.number,
                    quantity=share.quantity, document=share.bill.key,
                    state="claim" if is_dear else "information",
                )
            )  # fmt: skip
        variances += _allowance_variances(trade, order, share)
    return variances


def _quantity_variances(
    trade: Trade, order: OrderedLine, balance: LineBalance
) -> Iterator[Variance]:
    """Yield units billed beyond receipts or order, each unit once, and facts about the receipt."""
    document = balance.shares[-1].bill.key if balance.shares else "invoice"

    def units(code: str, count: Fraction, state: State) -> Variance:
        money = count * balance.ordered_price
        return _make_variance(
            trade, code, money, line=order.number, quantity=count, state=state, document=document
        )

    if balance.received > balance.limit and not order.catch_weight:
        yield units("OVER_DELIVERY", balance.received - balance.limit, "information")
    by_order = balance.billed if order.catch_weight else max(Fraction(0), balance.open_by_order)
    by_receipt = max(Fraction(0), balance.open_by_receipt) if order.receipt_expected else by_order
    over = max(Fraction(0), min(balance.billed, balance.billed - min(by_order, by_receipt)))
    state: State = "open" if proven_surplus(trade, order) > 0 else "claim"
    state = "information" if trade.is_claim_answered(order.number) else state
    if over and balance.received == 0 and order.receipt_expected:
        beyond = max(Fraction(0), balance.billed - by_order)
        if beyond:
            yield units("QTY_OVER_ORDER", beyond, "claim")
        if over - beyond:
            yield units("QTY_NO_RECEIPT", over - beyond, "pending")
    elif over and balance.open_by_order < balance.open_by_receipt and not order.catch_weight:
        yield units("QTY_OVER_ORDER", over, "claim")
    elif over and order.catch_weight:
        yield units("WEIGHT_ERROR", over, "claim")
    elif over:
        refused = min(over, balance.rejected)
        if over - refused:
            yield units("QTY_OVER_RECEIPT", over - refused, state)
        if refused:
            yield units("REJECTED_BILLED", refused, "claim")
    if balance.billed < by_receipt and any(share.bill.complete for share in balance.shares):
        yield units("QTY_UNDER_BILLED", balance.billed - by_receipt, "information")


def _is_price_basis_suspect(order: OrderedLine, balance: LineBalance) -> bool:
    """Return whether quantity or price is off by a pack or a usual factor: a mistaken unit."""
    room = (
        min(balance.open_by_order, balance.open_by_receipt)
        if order.receipt_expected
        else balance.open_by_order
    )
    if balance.billed <= 0 or room <= 0 or not balance.ordered_price:
        return False
    value = sum((share.quantity * share.price for share in balance.shares), Fraction(0))
    by_quantity, by_price = balance.billed / room, value / balance.billed / balance.ordered_price
    packs = {Fraction(factor) for factor in order.packs.values() if factor != 1}
    packs |= {1 / factor for factor in packs}
    usual = {Fraction(factor) for factor in USUAL_FACTORS}
    usual |= {1 / factor for factor in usual}
    is_off_by_pack = any(
        is_near(ratio, factor) for ratio in (by_quantity, by_price) for factor in packs
    )
    is_inverse = any(
        is_near(by_quantity, factor) and is_near(by_price, 1 / factor) for factor in usual | packs
    )
    return is_off_by_pack or is_inverse


def _allowance_variances(trade: Trade, order: OrderedLine, share: Share) -> Iterator[Variance]:
    missing_rate = Fraction(order.allowance_pct - share.line.discount_rate) / 100
    if not order.allowance_pct or not missing_rate:
        return
    code = "DISCOUNT_INCORRECT" if share.line.discount_rate else "ALLOWANCE_MISSING"
    money = share.quantity * share.price * missing_rate
    yield _make_variance(trade, code, money, line=order.number, document=share.bill.key)


def _substitute_variances(
    trade: Trade, order: OrderedLine, bills: Sequence[Bill]
) -> Iterator[Variance]:
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
            yield _make_variance(
                trade, "ITEM_SUBSTITUTED", money, line=order.number, quantity=quantity,
                document=bill.key,
            )  # fmt: skip


def _return_variances(trade: Trade, order: OrderedLine, balance: LineBalance) -> Iterator[Variance]:
    """Yield returns not credited at the original price, and credits below the agreed money."""
    credited = {reason: [Fraction(0), Fraction(0)] for reason in ("return", "agreement")}
    for bill in trade.bills:
        for line in bill.lines if bill.kind == "credit_memo" else ():
            if bill.reason in credited and order.number in line.po_lines:
                factor = Fraction(order.factor(line.unit) or 1)
                credited[bill.reason][0] += Fraction(line.quantity) * factor
                credited[bill.reason][1] += Fraction(line.amount)
    if missing := max(Fraction(0), balance.returned - credited["return"][0]):
        yield _make_variance(
            trade, "RETURN_NOT_CREDITED", missing * balance.ordered_price, line=order.number,
            quantity=missing, document="credit_memo",
        )  # fmt: skip
    agreed = sum(
        (
            Fraction(claim.amount)
            for claim in trade.claims
            if claim.kind == "agreed_credit" and claim.po_line == order.number
        ),
        Fraction(0),
    )
    if agreed > credited["agreement"][1]:
        gap = agreed - credited["agreement"][1]
        yield _make_variance(
            trade, "CREDIT_MEMO_SHORT", gap, line=order.number, document="credit_memo"
        )


def _evidence_variances(trade: Trade) -> Iterator[Variance]:
    for kind in sorted(trade.required_papers - trade.papers) if trade.deliveries else ():
        yield _make_variance(trade, "EVIDENCE_MISSING", state="open", document=kind)
    for order in trade.lines:
        gap = proven_surplus(trade, order)
        if gap:
            state: State = "information" if trade.is_claim_answered(order.number) else "open"
            yield _make_variance(
                trade, "EVIDENCE_CONFLICT", line=order.number, quantity=abs(gap), state=state
            )
