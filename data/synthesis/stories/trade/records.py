"""Frozen records of one trade: order lines, receipts, bills and claims; all numbers Decimal.

They hold facts only: what is wrong with them is computed in `variances`. A changed trade is a new
record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from data.synthesis.commerce.deals import round_money
from data.synthesis.commerce.parties import Party
from data.synthesis.stories.trade.world import Article, Vendor

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
BillKind = Literal["invoice", "credit_memo", "receipt"]
CreditReason = Literal["", "return", "agreement", "overbilled"]
ExceptionKind = Literal["short", "over", "damaged", "refused"]

# Base units in one unit, for every article; packs come from the order line.
UNIT_FACTORS: Mapping[str, Decimal] = {
    **{unit: ONE for unit in ("EA", "LB", "KG", "LS")},
    **{"DZ": Decimal(12), "C": HUNDRED, "M": Decimal(1000)},
}


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One order line: `price` is net per `price_base` of `unit`, before `allowance_pct`.

    `packs` gives the base units in each unit. `later_price` holds from its date on, where
    `price_date` "ship_date" is agreed. `kit`: billed and received by parts, each with how many of
    them one kit holds. `catch_weight`: ordered by estimate and paid by weight.
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
    receipt_expected: bool = True

    def __post_init__(self) -> None:
        if self.quantity <= 0 or self.price < 0 or self.price_base <= 0:
            raise ValueError(
                f"order line {self.number}: quantity {self.quantity} and price base "
                f"{self.price_base} must be > 0, price {self.price} must be >= 0"
            )

    def factor(self, unit: str) -> Decimal | None:
        """Return the base units in one `unit`; None where the factor is unknown."""
        return self.packs.get(unit, UNIT_FACTORS.get(unit))


@dataclass(frozen=True, slots=True)
class Arrival:
    """One receipt event on an order line; `quantity` includes the rejected units.

    A reversal takes back its own quantity. `returned` units went back to the vendor later.
    `booking_only`: no goods came, only the books were corrected.
    """

    receipt_id: str
    day: date
    po_line: str
    quantity: Decimal
    unit: str
    rejected: Decimal = ZERO
    returned: Decimal = ZERO
    reversed: bool = False
    booking_only: bool = False
    article: Article | None = None  # where another article came than was ordered

    @property
    def signed_quantity(self) -> Decimal:
        return -self.quantity if self.reversed else self.quantity


@dataclass(frozen=True, slots=True)
class BillLine:
    """One printed line of a bill. `po_lines` are the order lines it is for, () for none.

    `key` names the row for evidence. `amount` is printed, right or wrong. `printed_unit` replaces
    the unit where the vendor prints another code; `code` replaces the article's code.
    `struck_quantity` is a printed quantity that was crossed out by hand and replaced by `quantity`;
    `blank_cells` names the cells that are not printed; `runs_into_next`: the amount of the next row
    is printed against this row's amount, so that both read as one number.
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
    struck_quantity: Decimal | None = None
    blank_cells: frozenset[str] = frozenset()
    runs_into_next: bool = False

    @property
    def gross(self) -> Decimal:
        """Quantity times price, unrounded."""
        return self.quantity * self.price / self.price_base

    @property
    def extension(self) -> Decimal:
        """The amount that quantity, price and discount give, unrounded."""
        return self.gross * (1 - self.discount_rate / HUNDRED)


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or credit memo on paper; credit memos print positive quantities.

    `stated_total` and `stated_tax` replace the sums of the lines. `complete`: the vendor declares
    that nothing more will come. `split_after` breaks the pages after that many rows, with a
    carried-forward line. Modelled apart from `serving.matching` on purpose: the truth must not
    share code with the rules that it tests.
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
    original_invoice: str | None = None
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
        """The lines without tax, as printed in the subtotal."""
        return self.lines_total - (self.due_tax if self.includes_tax else ZERO)

    @property
    def due_tax(self) -> Decimal:
        """The tax by rate and base, per line where the vendor rounds per line."""
        rate = self.tax_rate / HUNDRED
        if self.includes_tax:
            return round_money(self.lines_total * rate / (1 + rate))
        if self.tax_by_line:
            return sum((round_money(line.amount * rate) for line in self.lines), ZERO)
        return round_money((self.lines_total + self.freight - self.allowance) * rate)

    @property
    def tax(self) -> Decimal:
        return self.due_tax if self.stated_tax is None else self.stated_tax

    @property
    def due_total(self) -> Decimal:
        """The sum of the printed parts."""
        parts = self.lines_total + self.freight - self.allowance
        return parts if self.includes_tax else parts + self.tax

    @property
    def total(self) -> Decimal:
        return self.due_total if self.stated_total is None else self.stated_total


class EarlierBill(NamedTuple):
    """Base units and money of another live bill on an order line (credits negative)."""

    invoice_id: str
    po_line: str
    quantity: Decimal
    amount: Decimal


class Claim(NamedTuple):
    """A claim already made. `kind` "short_payment": units not paid; "agreed_credit": money.

    Modelled apart from `serving.matching` on purpose: the truth must not share code with the rules
    that it tests.
    """

    claim_id: str
    kind: str
    invoice_id: str
    po_line: str
    quantity: Decimal
    amount: Decimal


class Remark(NamedTuple):
    """A receiver's remark about an order line, on the proof of delivery of a receipt."""

    receipt_id: str
    po_line: str
    kind: ExceptionKind
    quantity: Decimal
    unit: str


class ReceiptSlot(NamedTuple):
    """The number and day of a receipt that goods may be booked under."""

    receipt_id: str
    day: date


class ShippedQuantity(NamedTuple):
    """The quantity shipped by the vendor's papers, where it differs from the receipt."""

    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Trade:
    """The facts that buyer and vendor have about one order.

    `papers` are the kinds of backup documents in hand, `required_papers` those that must be there.
    `shipped` are the quantities on the vendor's papers by receipt and order line, where they differ
    from the receipt. `planned_freight` and `agreed_deposit` are None where none was agreed.
    `price_net_of_allowance`: the order's prices have the header allowance already taken off.
    `agreed_rate` turns the bill's currency into the order's. `illegible_lines` are the order lines
    with a cell that cannot be read with certainty.
    """

    vendor: Vendor
    buyer: Party
    po_number: str
    order_day: date
    lines: tuple[OrderedLine, ...]
    arrivals: tuple[Arrival, ...]
    bills: tuple[Bill, ...]
    slots: tuple[ReceiptSlot, ...]
    earlier_bills: tuple[EarlierBill, ...] = ()
    claims: tuple[Claim, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shipped: Mapping[tuple[str, str], ShippedQuantity] = field(default_factory=dict)
    papers: frozenset[str] = frozenset()
    required_papers: frozenset[str] = frozenset()
    shipper_load_and_count: bool = False  # printed on bills of lading
    closed: bool = False
    tax_exempt: bool = False  # the buyer pays no tax
    planned_freight: Decimal | None = None
    agreed_deposit: Decimal | None = None
    price_net_of_allowance: bool = False
    agreed_rate: Decimal | None = None
    code_list: str | None = None
    illegible_lines: frozenset[str] = frozenset()
    bundle: Literal["", "one_file", "two_files"] = ""

    @property
    def currency(self) -> str:
        return self.vendor.style.currency

    @property
    def terms(self) -> str:
        return self.vendor.terms

    @property
    def receipt_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(arrival.receipt_id for arrival in self.arrivals))

    def line(self, number: str) -> OrderedLine:
        """Return the order line with that number; raises StopIteration where there is none."""
        return next(line for line in self.lines if line.number == number)

    def arrivals_of(self, number: str) -> tuple[Arrival, ...]:
        return tuple(arrival for arrival in self.arrivals if arrival.po_line == number)

    def is_claim_answered(self, number: str) -> bool:
        """Return whether a proof of delivery settles the short payment of an order line."""
        is_short_paid = any(
            (claim.kind, claim.po_line) == ("short_payment", number) for claim in self.claims
        )
        return is_short_paid and "proof_of_delivery" in self.papers

    @property
    def deliveries(self) -> tuple[str, ...]:
        """The receipts with which goods came."""
        receipt_ids = (arrival.receipt_id for arrival in self.arrivals if not arrival.booking_only)
        return tuple(dict.fromkeys(receipt_ids))

    def shipment(self, receipt_id: str, number: str) -> ShippedQuantity | None:
        """Return the quantity of an order line on the vendor's papers; None where on none."""
        if (stated := self.shipped.get((receipt_id, number))) is not None:
            return stated
        arrivals = [
            arrival
            for arrival in self.arrivals_of(number)
            if arrival.receipt_id == receipt_id
            and not arrival.booking_only
            and arrival.quantity > 0
        ]
        if not arrivals:
            return None
        quantity = sum((arrival.quantity for arrival in arrivals), ZERO)
        return ShippedQuantity(quantity, arrivals[0].unit)

    def agreed_price(self, line: OrderedLine) -> Decimal:
        """Return the order line's agreed price version, per its unit and price base."""
        if line.later_price is None or line.price_date == "order_date":
            return line.price
        day, later = line.later_price
        days = [
            arrival.day for arrival in self.arrivals_of(line.number) if not arrival.booking_only
        ]
        return later if days and max(days) >= day else line.price

    def bill(self, key: str = "invoice") -> Bill:
        return next(bill for bill in self.bills if bill.key == key)

    def with_order_line(self, line: OrderedLine) -> "Trade":
        """Return the trade with that order line added, or in place of the one with its number."""
        if any(other.number == line.number for other in self.lines):
            changed = (line if other.number == line.number else other for other in self.lines)
            return replace(self, lines=tuple(changed))
        return replace(self, lines=(*self.lines, line))

    def with_arrivals(self, number: str, *events: Arrival) -> "Trade":
        """Return the trade with these as the only receipt events of an order line."""
        others = tuple(arrival for arrival in self.arrivals if arrival.po_line != number)
        return replace(self, arrivals=others + events)

    def with_changed_bill(self, change: Callable[[Bill], Bill], key: str = "invoice") -> "Trade":
        bills = tuple(change(bill) if bill.key == key else bill for bill in self.bills)
        return replace(self, bills=bills)

    def with_bill_lines(self, number: str, *lines: BillLine, key: str = "invoice") -> "Trade":
        """Return the trade with these lines as all that the bill has on an order line."""

        def change(bill: Bill) -> Bill:
            places = [n for n, line in enumerate(bill.lines) if number in line.po_lines]
            place = places[0] if places else len(bill.lines)
            others = [line for line in bill.lines if number not in line.po_lines]
            return replace(bill, lines=(*others[:place], *lines, *others[place:]))

        return self.with_changed_bill(change, key)
