"""A PO line before this invoice: ordered, received, billed before, still open to bill."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from data.order_records import (
    BilledLine,
    OrderData,
    OrderLine,
    ReceiptLine,
)
from serving.matching.findings.records import Evidence
from serving.matching.ledger.line_money import NO_MONEY, LineMoney, line_money
from serving.matching.pairing.line_units import LineUnits, base_unit, line_units

# Earlier bills and claims of these states no longer count.
DEAD_STATUSES = frozenset({"cancelled", "canceled", "rejected", "void", "voided", "reversed"})


def is_live(status: str | None) -> bool:
    """Return whether an earlier bill or claim of that status still counts."""
    return status is None or status.strip().casefold() not in DEAD_STATUSES


def line_key(line: OrderLine) -> str:
    """Return the key of a PO line, unique over orders."""
    return f"{line.po_number or ''}/{line.po_line_number}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One PO line in one unit of measure. Fractions, so that thirds of a case stay exact.

    `received` is what arrived, reversals taken off, rejected and returned units included;
    `rejected` what was rejected of it, `returned` what went back. None = a unit has no factor.
    `deliveries` are the units of each receipt, of which `received` is the sum; a receipt that takes
    back more than it books is negative.
    `last_receipt` is the day of the last receipt event, None where none is stated; `money` is what
    earlier bills came to. `claims` are live claims on it. `price_note` is the version of the price
    that counts, `price_doubt` why that is not known.
    """

    order_number: str
    line: OrderLine
    units: LineUnits
    ordered: Fraction | None
    received: Fraction | None
    rejected: Fraction | None
    returned: Fraction | None
    billed_before: Fraction
    price: Fraction | None
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[str, ...] = ()
    last_receipt: date | None = None
    money: LineMoney = NO_MONEY
    claims: tuple[str, ...] = ()
    price_note: str | None = None
    price_doubt: str | None = None
    deliveries: tuple[Fraction, ...] = ()

    @property
    def key(self) -> str:
        """The key of the PO line, unique over orders."""
        return line_key(self.line)

    @property
    def amount_before(self) -> Fraction | None:
        """The money of all earlier bills; None where one does not state it."""
        return Fraction(self.money.asked) if self.money.is_known else None

    @property
    def order_limit(self) -> Fraction | None:
        """The quantity the order lets be billed in all: ordered plus allowed over-delivery."""
        if self.ordered is None:
            return None
        return self.ordered * (1 + Fraction(self.line.over_delivery_pct) / 100)

    def receipt_limit(self, pay_rejected: bool) -> Fraction | None:
        """Return the quantity the receipts let be billed in all, without returned units."""
        if self.received is None or self.rejected is None or self.returned is None:
            return None
        return self.received - self.returned - (0 if pay_rejected else self.rejected)


@dataclass(frozen=True, slots=True)
class OpenQuantity:
    """The quantity a PO line leaves to bill; None: that side sets no limit, one always does.

    `no_receipt`: nothing has arrived yet, so the invoice waits for it rather than disputing.
    """

    by_order: Fraction | None
    by_receipt: Fraction | None
    no_receipt: bool

    @property
    def limits(self) -> list[Fraction]:
        return [limit for limit in (self.by_order, self.by_receipt) if limit is not None]

    @property
    def expected(self) -> Fraction:
        return max(Fraction(0), min(self.limits))


def open_quantity(standing: Standing, expect: str, pay_rejected: bool) -> OpenQuantity | None:
    """Return the quantity that may be billed now; None when a unit without a factor hides it."""
    order_limit, receipt_limit = standing.order_limit, standing.receipt_limit(pay_rejected)
    received = expect == "receipts" and standing.line.receipt_expected
    if order_limit is None or (received and receipt_limit is None):
        return None
    by_receipt = None
    if received and receipt_limit is not None:
        by_receipt = receipt_limit - standing.billed_before
    # An estimate of weight limits nothing where the goods are weighed.
    weighed = standing.line.catch_weight and by_receipt is not None
    return OpenQuantity(
        by_order=None if weighed else order_limit - standing.billed_before,
        by_receipt=by_receipt,
        no_receipt=by_receipt is not None and standing.received == 0,
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """Receipt events and live bills of other invoices, by the number of the PO line they are on."""

    data: OrderData
    receipts: Mapping[str, Sequence[tuple[str, ReceiptLine]]]
    billed: Mapping[str, Sequence[BilledLine]]
    days: Mapping[str, date | None]
    claims: Mapping[str | None, Sequence[str]]

    @classmethod
    def of(cls, data: OrderData, invoices: Collection[str]) -> "Ledger":
        """Return the ledger of the order data, without what the `invoices` billed.

        `invoices` are the numbers of those that are examined now.
        """
        receipts: defaultdict[str, list[tuple[str, ReceiptLine]]] = defaultdict(list)
        billed: defaultdict[str, list[BilledLine]] = defaultdict(list)
        for receipt in data.receipts:
            for event in receipt.lines:
                receipts[event.po_line_number].append((receipt.receipt_id, event))
        for bill in data.billed:
            if bill.invoice_id not in invoices and is_live(bill.status):
                billed[bill.po_line_number].append(bill)
        claims: defaultdict[str | None, list[str]] = defaultdict(list)
        for claim in data.claims:
            if is_live(claim.status):
                claims[claim.line].append(claim.claim_id)
        days = {receipt.receipt_id: receipt.received_at for receipt in data.receipts}
        return cls(data, receipts, billed, days, claims)

    def day(self, receipt_id: str) -> date | None:
        """Return the day a receipt was booked, None where it is not stated."""
        return self.days.get(receipt_id)

    def number(self, line: OrderLine) -> str:
        """Return the number of the order a line is on."""
        return line.po_number or self.data.order.po_number

    def events(self, line: OrderLine) -> list[tuple[str, ReceiptLine]]:
        """Return (receipt number, event) of all that was received on a PO line."""
        numbered_events = self.receipts.get(line.po_line_number, ())
        orders = (None, self.number(line))
        return [(number, event) for number, event in numbered_events if event.po_number in orders]

    def bills(self, line: OrderLine) -> list[BilledLine]:
        """Return the bills of other live invoices on a PO line."""
        bills = self.billed.get(line.po_line_number, ())
        return [bill for bill in bills if bill.po_number in (None, self.number(line))]


@dataclass(frozen=True, slots=True)
class _ReceiptSums:
    """Sums over the signed receipt events of a PO line, in its unit."""

    by_receipt: Mapping[str, Fraction]
    rejected: Fraction
    returned: Fraction

    @property
    def received(self) -> Fraction:
        return sum(self.by_receipt.values(), Fraction(0))


def _sum_receipts(events: list[tuple[str, ReceiptLine]], units: LineUnits) -> _ReceiptSums | None:
    """Return what arrived in all; None without a unit factor."""
    by_receipt: defaultdict[str, Fraction] = defaultdict(Fraction)
    rejected = returned = Fraction(0)
    for receipt_id, event in events:
        size = _event_size(event, units)
        if size is None:
            return None
        # A reversal takes back the quantity it names, whichever sign it is written with.
        quantity = -abs(event.quantity_received) if event.reversed else event.quantity_received
        sign = -1 if event.reversed else 1
        by_receipt[receipt_id] += Fraction(quantity) * size
        # Most events have neither, and orders have many events.
        if event.quantity_rejected:
            rejected += Fraction(event.quantity_rejected) * size * sign
        if event.quantity_returned:
            returned += Fraction(event.quantity_returned) * size * sign
    return _ReceiptSums(by_receipt, rejected, returned)


def _as_returns(sums: _ReceiptSums) -> _ReceiptSums:
    """Return the receipts of a return line: what they take back went to the vendor."""
    return _ReceiptSums({}, Fraction(0), max(Fraction(0), sums.returned - sums.received))


def _event_size(event: ReceiptLine, units: LineUnits) -> Fraction | None:
    """Return how many of the line's units one received unit holds: by weight where that counts."""
    if units.line.catch_weight and event.weight is not None and event.quantity_received:
        return Fraction(event.weight) / abs(Fraction(event.quantity_received))
    return units.size(event.unit_code)


def _billed_before(bills: Sequence[BilledLine], base: Fraction | None) -> Fraction:
    if not bills:
        return Fraction(0)
    return sum((Fraction(bill.base_quantity) for bill in bills), Fraction(0)) * (base or 1)


class Standings(Mapping[str, Standing]):
    """The standings of an order's PO lines, by their keys, oldest first.

    Each is worked out on first use: an order may have far more lines than are billed. `lines` need
    no working out.
    """

    def __init__(self, lines: Sequence[OrderLine], build: Callable[[OrderLine], Standing]) -> None:
        self.lines = {line_key(line): line for line in lines}
        self._build = build
        self._known: dict[str, Standing] = {}

    def __getitem__(self, key: str) -> Standing:
        if key not in self._known:
            self._known[key] = self._build(self.lines[key])
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


def standing_of(ledger: Ledger, line: OrderLine, billed_units: Collection[str | None]) -> Standing:
    """Return the standing of a PO line; `billed_units` are the units it is billed in now."""
    events, before = ledger.events(line), ledger.bills(line)
    used = [*(event.unit_code for _, event in events), *billed_units]
    in_base = any(bill.base_quantity for bill in before)
    units = line_units(line, used, in_base, ledger.data.order.unit_code_list)
    sums = _sum_receipts(events, units)
    if sums is not None and line.quantity_ordered < 0:
        sums = _as_returns(sums)
    doubts: list[str] = []
    if sums is None:
        doubts.append("a receipt is in a unit that cannot be converted to the order's unit")
    elif min(sums.received, sums.rejected, sums.returned) < 0:
        doubts.append("more units are reversed than were received")
    ordered = units.quantity(line.quantity_ordered, line.unit_code)
    base = units.size(base_unit(line))
    if ordered is None or base is None:
        doubts.append("the order's unit cannot be converted to its base unit")
    days = [ledger.day(number) for number, _ in events]
    return Standing(
        order_number=ledger.number(line),
        line=line,
        units=units,
        ordered=ordered,
        received=None if sums is None else max(sums.received, Fraction(0)),
        rejected=None if sums is None else max(sums.rejected, Fraction(0)),
        returned=None if sums is None else max(sums.returned, Fraction(0)),
        billed_before=_billed_before(before, base),
        price=units.ordered_price(),
        evidence=tuple(
            Evidence(receipt_id, "quantity_received", str(event.quantity_received), 1.0)
            for receipt_id, event in events
        ),
        doubts=tuple(doubts),
        last_receipt=max(filter(None, days), default=None),
        money=line_money(before),
        claims=tuple(ledger.claims.get(line.po_line_number, ())),
        deliveries=() if sums is None else tuple(sums.by_receipt.values()),
    )
