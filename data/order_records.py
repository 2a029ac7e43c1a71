"""The buyer's records: purchase order, goods receipts, earlier billings, claims and invoices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from data.records import Problem

UnitCodeList = Literal["unece", "x12"]
FreightTerms = Literal["collect", "prepaid", "prepaid_and_add", "unknown"]
PriceDate = Literal["order_date", "ship_date"]
ChargeKind = Literal[
    "freight",
    "handling",
    "packaging",
    "insurance",
    "surcharge",
    "deposit",
    "fee",
    "other",
]


@dataclass(frozen=True, slots=True)
class Allowance:
    """An allowance off a price of the order: `rate` percent of it, or `amount` of money.

    `amount` is per the quantity that `unit_price` is for. Exactly one of the two is given.
    """

    rate: Decimal | None = None
    amount: Decimal | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if (self.rate is None) == (self.amount is None):
            raise ValueError(
                f"an allowance has either a rate or an amount, got rate {self.rate} and "
                f"amount {self.amount}"
            )


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a kit: `quantity` of it make one unit of the order line."""

    quantity: Decimal
    product_code: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """An article that may be delivered in the place of the ordered one."""

    product_code: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A price that is valid from a day to a day, both included; None = without that bound.

    It is per `price_base_quantity`, None: the order line's.
    """

    unit_price: Decimal
    valid_from: date | None = None
    valid_to: date | None = None
    price_base_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlannedCharge:
    """A charge agreed beside the prices: exactly one of the three numbers is given.

    `amount` is money in all, `rate` percent of the value it is agreed on, `unit_amount` money for
    each ordered unit. On a line it is for that line, on the order for all lines.
    """

    kind: ChargeKind
    amount: Decimal | None = None
    rate: Decimal | None = None
    unit_amount: Decimal | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One purchase order line. `unit_price` is per `price_base_quantity` of `price_unit_code`.

    A negative `quantity_ordered` is a return: the vendor takes the goods back and credits them.
    It is net where there are no `allowances`, which are taken off it otherwise. `price_unit_code`
    None: `unit_code`. `pack_factors` maps a unit code to base units, e.g. {"CS": 12}.
    `substitutes` may be delivered instead, `components` are what a kit is billed by.
    `catch_weight`: ordered by estimate, paid by weight. `receipt_expected` False: nothing will be
    received, as of a service. Outside the days of its `price_versions` the line costs `unit_price`;
    `price_date` is the day that picks the version by contract. `None` = not stated.
    """

    po_line_number: str
    quantity_ordered: Decimal
    po_number: str | None = None
    product_code: str | None = None
    vendor_item_id: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    description: str | None = None
    unit_code: str | None = None
    unit_price: Decimal | None = None
    price_base_quantity: Decimal = Decimal(1)
    price_unit_code: str | None = None
    pack_factors: Mapping[str, Decimal] = field(default_factory=dict)
    over_delivery_pct: Decimal = Decimal(0)
    under_delivery_pct: Decimal = Decimal(0)
    allowances: tuple[Allowance, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    components: tuple[Component, ...] = ()
    catch_weight: bool = False
    receipt_expected: bool = True
    category: str | None = None
    planned_freight: Decimal | None = None
    price_versions: tuple[PriceVersion, ...] = ()
    price_date: PriceDate | None = None
    planned_charges: tuple[PlannedCharge, ...] = ()

    @property
    def base_unit(self) -> str | None:
        """Return the unit that pack factors count: factor 1, else the line's own, else eaches.

        The line's own unit counts itself unless the factors say what it holds.
        """
        stated = next((unit for unit, factor in self.pack_factors.items() if factor == 1), None)
        if stated is not None or not self.pack_factors:
            return stated or self.unit_code
        packs = {unit.casefold() for unit in self.pack_factors}
        is_pack = self.unit_code is None or self.unit_code.casefold() in packs
        return "EA" if is_pack else self.unit_code


@dataclass(frozen=True, slots=True)
class OrderAllowance:
    """An allowance on whole invoices: `rate` percent of their lines, or an `amount` of money.

    `in_price`: the order's prices have it taken off already.
    """

    rate: Decimal | None = None
    amount: Decimal | None = None
    in_price: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """The order and its terms; None or empty = not known.

    `planned_freight` and `agreed_deposit` are money for the whole order. `agreed_rates` turn one
    unit of another currency into the order's. `tax_rate` is in percent. `required_documents` are
    the types of backup documents without which nothing is paid. `unit_code_list` is the list that
    the vendor's unit codes come from.
    """

    po_number: str
    lines: tuple[OrderLine, ...]
    currency: str | None = None
    vendor_id: str | None = None
    vendor_name: str | None = None
    order_date: date | None = None
    unit_code_list: UnitCodeList | None = None
    vendor_tax_id: str | None = None
    payment_terms: str | None = None
    freight_terms: FreightTerms = "unknown"
    planned_freight: Decimal | None = None
    agreed_deposit: Decimal | None = None
    allowances: tuple[OrderAllowance, ...] = ()
    agreed_rates: Mapping[str, Decimal] = field(default_factory=dict)
    closed: bool = False
    tax_exempt: bool = False
    tax_rate: Decimal | None = None
    required_documents: tuple[str, ...] = ()
    planned_charges: tuple[PlannedCharge, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One goods receipt event on a PO line; `quantity_received` includes the rejected units.

    `quantity_basis` "accepted": the sender states the accepted quantity; further units that arrived
    are known only as far as they are stated as rejected or returned.
    `weight` is the received weight, in the order line's price unit, for goods paid by weight.
    """

    po_line_number: str
    quantity_received: Decimal
    po_number: str | None = None
    quantity_rejected: Decimal = Decimal(0)
    quantity_returned: Decimal = Decimal(0)
    unit_code: str | None = None
    receipt_line: str | None = None
    reversed: bool = False
    quantity_basis: Literal["received", "accepted"] = "received"
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GoodsReceipt:
    receipt_id: str
    lines: tuple[ReceiptLine, ...]
    received_at: date | None = None


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A quantity billed on a PO line by another active invoice, in base units; credits negative.

    `quantity` of `unit_code` is what was stated, where that was not `base_quantity` itself. `kind`
    is what the money is for: goods, an advance, a retention, or a charge; None: not stated.
    """

    invoice_id: str
    po_line_number: str
    base_quantity: Decimal
    po_number: str | None = None
    amount: Decimal | None = None
    status: str | None = None
    quantity: Decimal | None = None
    unit_code: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A short payment or chargeback already raised against an invoice line.

    `quantity` counts base units where `unit_code` is None.
    """

    claim_id: str
    kind: str
    invoice_id: str
    line: str | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    status: str | None = None
    claimed_at: date | None = None
    unit_code: str | None = None
    po_number: str | None = None


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An earlier invoice in the buyer's records, to detect duplicates.

    `result` names the decision that was made on it then.
    """

    invoice_id: str
    invoice_total: Decimal | None = None
    invoice_date: date | None = None
    document_type: str = "invoice"
    po_number: str | None = None
    currency: str | None = None
    file_sha256: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class OrderData:
    """The buyer's records of one order: its receipts, and other billings, claims and invoices.

    Several orders are one here: `order` has the first one's number and every line its own order's;
    `orders` are all of them as they were given, empty for a single one. `problems` are what the
    order data states and nothing compares yet. `language` is the one to write to the vendor in
    (ISO 639-1). `attachments` are the types of papers that the client states, by file name.
    """

    order: PurchaseOrder
    receipts: tuple[GoodsReceipt, ...] = ()
    billed: tuple[BilledLine, ...] = ()
    claims: tuple[Claim, ...] = ()
    invoices: tuple[PastInvoice, ...] = ()
    orders: tuple[PurchaseOrder, ...] = ()
    problems: tuple[Problem, ...] = ()
    language: str | None = None
    attachments: Mapping[str, str] = field(default_factory=dict)
