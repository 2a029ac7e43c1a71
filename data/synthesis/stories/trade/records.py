"""What really happened between a buyer and a vendor, as frozen records; all numbers Decimal.

An order, receipt events, bills and what else both sides know. Nothing here says what is wrong: that
is worked out in `truth`. A changed trade is a new record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from data.synthesis.commerce.deals import cents
from data.synthesis.commerce.parties import Party
from data.synthesis.stories.trade.world import Article, Vendor

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
BillKind = Literal["invoice", "credit_memo", "receipt"]
CreditReason = Literal["", "return", "agreement", "overbilled"]
ExceptionKind = Literal["short", "over", "damaged", "refused"]

# How many base units a unit holds whatever the article; packs come from the order line.
UNIT_FACTORS: Mapping[str, Decimal] = {
    **{unit: ONE for unit in ("EA", "LB", "KG", "LS")},
    **{"DZ": Decimal(12), "C": HUNDRED, "M": Decimal(1000)},
}


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One order line: `price` is net per `price_base` of `unit`, before `allowance_pct`.

    `packs` says how many base units a unit holds. `promised` is a part of the order that may come
    free of charge. `later_price` holds from its date on, where `price_date` "ship_date" is agreed.
    `kit`: billed and received by parts, each with how many of them one kit holds.
    `catch_weight`: ordered by estimate and paid by weight. `waits` False: no receipt is expected.
    """

    number: str
    article: Article
    quantity: Decimal
    unit: str
    price: Decimal
    price_base: Decimal = ONE
    packs: Mapping[str, Decimal] = field(default_factory=dict)
    over_delivery_pct: Decimal = ZERO
    allowance_pct: Decimal = ZERO
    later_price: tuple[date, Decimal] | None = None
    price_date: Literal["order_date", "ship_date"] = "order_date"
    substitutes: tuple[str, ...] = ()
    kit: tuple[tuple[Article, Decimal], ...] = ()
    catch_weight: bool = False
    waits: bool = True

    def __post_init__(self) -> None:
        if self.quantity <= 0 or self.price < 0 or self.price_base <= 0:
            raise ValueError(f"order line {self.number}: quantity, price or price base is not > 0")

    def factor(self, unit: str) -> Decimal | None:
        """Base units in one `unit`; None where nobody knows."""
        return self.packs.get(unit, UNIT_FACTORS.get(unit))


@dataclass(frozen=True, slots=True)
class Arrival:
    """One receipt event on an order line; `quantity` includes the rejected units.

    A reversal takes back what it names. `returned` units went back later. `booking`: no goods came,
    only the books were put right.
    """

    receipt_id: str
    day: date
    po_line: str
    quantity: Decimal
    unit: str
    rejected: Decimal = ZERO
    returned: Decimal = ZERO
    reversed: bool = False
    booking: bool = False
    article: Article | None = None  # where another one came than was ordered

    @property
    def signed(self) -> Decimal:
        return -self.quantity if self.reversed else self.quantity


@dataclass(frozen=True, slots=True)
class BillLine:
    """One printed line of a bill. `po_lines` are the order lines it is for, () for none.

    `key` names the row for evidence. `amount` is printed, right or wrong. `printed_unit` stands for
    the unit where the vendor prints another code; `code` for the article's code. `struck` is a
    printed quantity that a hand crossed out and replaced by `quantity`; `blank` names the cells
    that are not printed; `glued` says that the amount of the next row runs into this one.
    """

    key: str
    article: Article
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    po_lines: tuple[str, ...] = ()
    line_type: str = "item"
    price_base: Decimal = ONE
    discount_rate: Decimal = ZERO
    part_of_kit: bool = False
    printed_unit: str | None = None
    code: str | None = None
    gtin: str | None = None
    printed_quantity: str | None = None
    struck: Decimal | None = None
    blank: frozenset[str] = frozenset()
    glued: bool = False

    @property
    def gross(self) -> Decimal:
        """Quantity times price, unrounded."""
        return self.quantity * self.price / self.price_base

    @property
    def extension(self) -> Decimal:
        """What the amount should be, unrounded."""
        return self.gross * (1 - self.discount_rate / HUNDRED)


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or credit memo on paper; credit memos print positive quantities.

    `stated_total` and `stated_tax` replace what the lines sum to. `complete`: the vendor says that
    nothing more will come.
    `split_after` breaks the pages after that many rows, with a carried-forward line.
    """

    key: str
    kind: BillKind
    number: str
    day: date
    lines: tuple[BillLine, ...]
    po_number: str
    party: Party
    currency: str
    terms: str
    tax_rate: Decimal
    freight: Decimal = ZERO
    allowance: Decimal = ZERO
    includes_tax: bool = False
    tax_by_line: bool = False
    stated_total: Decimal | None = None
    stated_tax: Decimal | None = None
    original: str | None = None
    reason: CreditReason = ""
    complete: bool = False
    split_after: int = 0

    @property
    def sign(self) -> int:
        return -1 if self.kind == "credit_memo" else 1

    @property
    def lines_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """The lines without tax, as the subtotal prints them."""
        return self.lines_total - (self.due_tax if self.includes_tax else ZERO)

    @property
    def due_tax(self) -> Decimal:
        """The tax that rate and base ask for, per line where the vendor rounds per line."""
        rate = self.tax_rate / HUNDRED
        if self.includes_tax:
            return cents(self.lines_total * rate / (1 + rate))
        if self.tax_by_line:
            return sum((cents(line.amount * rate) for line in self.lines), ZERO)
        return cents((self.lines_total + self.freight - self.allowance) * rate)

    @property
    def tax(self) -> Decimal:
        return self.due_tax if self.stated_tax is None else self.stated_tax

    @property
    def due_total(self) -> Decimal:
        """What the printed parts sum to."""
        parts = self.lines_total + self.freight - self.allowance
        return parts if self.includes_tax else parts + self.tax

    @property
    def total(self) -> Decimal:
        return self.due_total if self.stated_total is None else self.stated_total


class EarlierBill(NamedTuple):
    """What another live bill took on an order line, in base units (credits negative)."""

    invoice_id: str
    po_line: str
    quantity: Decimal
    amount: Decimal


class StandingClaim(NamedTuple):
    """A claim already made. `kind` "short_payment": units not paid; "agreed_credit": money."""

    claim_id: str
    kind: str
    invoice_id: str
    po_line: str
    quantity: Decimal
    amount: Decimal


class Remark(NamedTuple):
    """What a receiver wrote on the proof of delivery of a receipt about an order line."""

    receipt_id: str
    po_line: str
    kind: ExceptionKind
    quantity: Decimal
    unit: str


class ReceiptSlot(NamedTuple):
    """A number and a day under which goods may be received."""

    receipt_id: str
    day: date


class Shipped(NamedTuple):
    """What the vendor's papers say was shipped, where that is not what the receipt says."""

    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Trade:
    """Everything both sides know of one order.

    `papers` are the kinds of backup documents in hand, `demanded` those that must be there.
    `planned_freight` and `deposit` are what was agreed (None: nothing). `price_net_of_allowance`:
    the order's prices have the header allowance already taken off. `agreed_rate` turns the bill's
    currency into the order's. `illegible` names order lines of which the paper leaves a cell open.
    """

    vendor: Vendor
    buyer: Party
    po_number: str
    order_day: date
    lines: tuple[OrderedLine, ...]
    arrivals: tuple[Arrival, ...]
    bills: tuple[Bill, ...]
    slots: tuple[ReceiptSlot, ...]
    earlier: tuple[EarlierBill, ...] = ()
    claims: tuple[StandingClaim, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shipped: Mapping[tuple[str, str], Shipped] = field(default_factory=dict)
    papers: frozenset[str] = frozenset()
    demanded: frozenset[str] = frozenset()
    unproven: bool = False  # bills of lading say "shipper load and count"
    closed: bool = False
    exempt: bool = False  # the buyer pays no tax
    planned_freight: Decimal | None = None
    deposit: Decimal | None = None
    price_net_of_allowance: bool = False
    agreed_rate: Decimal | None = None
    code_list: str | None = None
    illegible: frozenset[str] = frozenset()
    bundle: Literal["", "one_file", "two_files"] = ""

    @property
    def currency(self) -> str:
        return self.vendor.style.currency

    @property
    def terms(self) -> str:
        return self.vendor.terms

    @property
    def receipt_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.receipt_id for one in self.arrivals))

    def line(self, number: str) -> OrderedLine:
        """The order line of that number; raises StopIteration where there is none."""
        return next(one for one in self.lines if one.number == number)

    def arrived(self, number: str) -> tuple[Arrival, ...]:
        return tuple(one for one in self.arrivals if one.po_line == number)

    def answered(self, number: str) -> bool:
        """Whether a proof of delivery answers the short payment of an order line."""
        held = any((one.kind, one.po_line) == ("short_payment", number) for one in self.claims)
        return held and "proof_of_delivery" in self.papers

    @property
    def deliveries(self) -> tuple[str, ...]:
        """The receipts with which goods came."""
        came = (one.receipt_id for one in self.arrivals if not one.booking)
        return tuple(dict.fromkeys(came))

    def shipment(self, receipt_id: str, number: str) -> Shipped | None:
        """What the vendor's papers say of an order line; None where it is not on them."""
        if (stated := self.shipped.get((receipt_id, number))) is not None:
            return stated
        own = [
            one
            for one in self.arrived(number)
            if one.receipt_id == receipt_id and not one.booking and one.quantity > 0
        ]
        if not own:
            return None
        return Shipped(sum((one.quantity for one in own), ZERO), own[0].unit)

    def agreed_price(self, line: OrderedLine) -> Decimal:
        """The order line's price, per its unit and price base, in the version agreed on."""
        if line.later_price is None or line.price_date == "order_date":
            return line.price
        day, later = line.later_price
        came = [one.day for one in self.arrived(line.number) if not one.booking]
        return later if came and max(came) >= day else line.price

    def bill(self, key: str = "invoice") -> Bill:
        return next(one for one in self.bills if one.key == key)

    def ordering(self, line: OrderedLine) -> "Trade":
        """With that order line in the place of the one with its number, or added."""
        if any(one.number == line.number for one in self.lines):
            changed = (line if one.number == line.number else one for one in self.lines)
            return replace(self, lines=tuple(changed))
        return replace(self, lines=(*self.lines, line))

    def receiving(self, number: str, *events: Arrival) -> "Trade":
        """With these events as all that arrived on an order line."""
        others = tuple(one for one in self.arrivals if one.po_line != number)
        return replace(self, arrivals=others + events)

    def changing_bill(self, change: Callable[[Bill], Bill], key: str = "invoice") -> "Trade":
        bills = tuple(change(one) if one.key == key else one for one in self.bills)
        return replace(self, bills=bills)

    def billing(self, number: str, *lines: BillLine, key: str = "invoice") -> "Trade":
        """With these lines as all that the bill says on an order line, in its place."""

        def change(bill: Bill) -> Bill:
            own = [n for n, one in enumerate(bill.lines) if number in one.po_lines]
            at = own[0] if own else len(bill.lines)
            rest = [one for one in bill.lines if number not in one.po_lines]
            return replace(bill, lines=(*rest[:at], *lines, *rest[at:]))

        return self.changing_bill(change, key)
