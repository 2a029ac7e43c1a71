"""The strict JSON form of order data, into which every order format is converted.

A misspelt key or a rounded number would silently change a claim: unknown keys are refused, numbers
are exact ("19.99"), a currency is an ISO 4217 code, a day is an ISO date.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from data.history_json import (
    UNIT,
    BilledJson,
    ClaimJson,
    PastInvoiceJson,
    ReceiptJson,
    ReceiptLineJson,
)
from data.json_values import (
    Currency,
    Day,
    Identifier,
    NotNegative,
    Number,
    Positive,
    StrictJson,
)
from data.order_records import (
    Allowance,
    ChargeKind,
    Component,
    FreightTerms,
    OrderAllowance,
    OrderLine,
    PlannedCharge,
    PriceDate,
    PriceVersion,
    PurchaseOrder,
    Substitute,
    UnitCodeList,
)

BackupType = Literal["packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"]
# What a client may state that an attachment is.
PaperType = (
    BackupType
    | Literal[
        "invoice", "corrected_invoice", "credit_memo", "debit_memo", "receipt", "purchase_order",
        "other",
    ]
)  # fmt: skip


class _AllowanceJson(StrictJson):
    rate: Annotated[NotNegative, Field(le=100)] | None = None
    amount: NotNegative | None = None
    reason: str | None = None

    def record(self) -> Allowance:
        return Allowance(**dict(self))

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.rate is None) == (self.amount is None):
            raise ValueError("give either a rate (percent) or an amount (per priced unit)")
        return self


class _ArticleJson(StrictJson):
    product_code: Identifier | None = None
    buyer_item_id: Identifier | None = None
    gtin: Identifier | None = None
    description: str | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not any(dict(self).get(name) for name in _ArticleJson.model_fields):
            raise ValueError("give a product_code, a buyer_item_id, a gtin or a description")
        return self


class _ComponentJson(_ArticleJson):
    quantity: Positive

    def record(self) -> Component:
        return Component(**dict(self))


class _SubstituteJson(_ArticleJson):
    """A plain string is a product code."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return {"product_code": value} if isinstance(value, str) else value

    def record(self) -> Substitute:
        return Substitute(**dict(self))


class _PriceVersionJson(StrictJson):
    unit_price: NotNegative
    valid_from: Day | None = None
    valid_to: Day | None = None
    price_base_quantity: Positive | None = None

    def record(self) -> PriceVersion:
        return PriceVersion(**dict(self))

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.valid_from is None and self.valid_to is None:
            raise ValueError(
                "give valid_from, valid_to or both; a price without either is the unit_price"
            )
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self


class PlannedChargeJson(StrictJson):
    kind: ChargeKind
    amount: NotNegative | None = None
    rate: NotNegative | None = None
    unit_amount: NotNegative | None = None
    description: str | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if [self.amount, self.rate, self.unit_amount].count(None) != 2:
            raise ValueError(
                "give one of amount (money in all), rate (percent) and unit_amount (money for each "
                "ordered unit)"
            )
        return self

    def record(self) -> PlannedCharge:
        return PlannedCharge(**dict(self))


def _refuse_twice(
    charges: list[PlannedChargeJson], kind: ChargeKind, key: str, amount: Decimal | None
) -> None:
    """Refuse a planned charge that another key states as well: it would count twice or not."""
    if amount is not None and any(charge.kind == kind for charge in charges):
        raise ValueError(f"{kind} is given by {key} and in planned_charges; give it once")


class _OrderLineJson(StrictJson):
    po_line_number: Identifier
    quantity_ordered: Number
    po_number: Identifier | None = None
    product_code: Identifier | None = Field(
        default=None, validation_alias=AliasChoices("product_code", "item_code")
    )
    vendor_item_id: Identifier | None = None
    buyer_item_id: Identifier | None = None
    gtin: Identifier | None = None
    description: str | None = None
    unit_code: Identifier | None = UNIT
    unit_price: NotNegative | None = None
    price_base_quantity: Positive = Decimal(1)
    price_unit_code: Identifier | None = None
    pack_factors: dict[str, Positive] = Field(default_factory=dict)
    over_delivery_pct: NotNegative = Decimal(0)
    under_delivery_pct: NotNegative = Decimal(0)
    allowances: list[_AllowanceJson] = Field(default_factory=list)
    substitutes: list[_SubstituteJson] = Field(default_factory=list)
    components: list[_ComponentJson] = Field(default_factory=list)
    catch_weight: bool = False
    receipt_expected: bool = True
    category: Identifier | None = None
    planned_freight: NotNegative | None = None
    price_versions: list[_PriceVersionJson] = Field(default_factory=list)
    price_date: PriceDate | None = None
    planned_charges: list[PlannedChargeJson] = Field(default_factory=list)

    @model_validator(mode="after")
    def _freight_once(self) -> Self:
        _refuse_twice(self.planned_charges, "freight", "planned_freight", self.planned_freight)
        return self

    def record(self) -> OrderLine:
        parts = {
            "allowances": tuple(allowance.record() for allowance in self.allowances),
            "substitutes": tuple(substitute.record() for substitute in self.substitutes),
            "components": tuple(component.record() for component in self.components),
            "price_versions": tuple(version.record() for version in self.price_versions),
            "planned_charges": tuple(charge.record() for charge in self.planned_charges),
        }
        return OrderLine(**(dict(self) | parts))


class _OrderAllowanceJson(StrictJson):
    rate: NotNegative | None = None
    amount: NotNegative | None = None
    in_price: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.rate is None) == (self.amount is None):
            raise ValueError("give either rate (percent) or amount (money) of the allowance")
        return self

    def record(self) -> OrderAllowance:
        return OrderAllowance(**dict(self))


class OrderJson(StrictJson):
    po_number: Identifier
    lines: list[_OrderLineJson] = Field(min_length=1)
    currency: Currency | None = None
    vendor_id: Identifier | None = None
    vendor_name: str | None = None
    order_date: Day | None = None
    unit_code_list: UnitCodeList | None = None
    vendor_tax_id: Identifier | None = None
    payment_terms: Identifier | None = None
    freight_terms: FreightTerms = "unknown"
    planned_freight: NotNegative | None = None
    agreed_deposit: NotNegative | None = None
    allowances: list[_OrderAllowanceJson] = Field(default_factory=list)
    agreed_rates: dict[Currency, Positive] = Field(default_factory=dict)
    closed: bool = False
    tax_exempt: bool = False
    tax_rate: NotNegative | None = None
    required_documents: list[BackupType] = Field(default_factory=list)
    planned_charges: list[PlannedChargeJson] = Field(default_factory=list)

    @model_validator(mode="after")
    def _charges_once(self) -> Self:
        _refuse_twice(self.planned_charges, "freight", "planned_freight", self.planned_freight)
        _refuse_twice(self.planned_charges, "deposit", "agreed_deposit", self.agreed_deposit)
        return self

    def record(self) -> PurchaseOrder:
        lists = {
            "lines": tuple(line.record() for line in self.lines),
            "allowances": tuple(allowance.record() for allowance in self.allowances),
            "required_documents": tuple(self.required_documents),
            "planned_charges": tuple(charge.record() for charge in self.planned_charges),
        }
        return PurchaseOrder(**(dict(self) | lists))


class OrderDataJson(StrictJson):
    order: OrderJson | None = None
    orders: list[OrderJson] = Field(default_factory=list)
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    attachments: dict[str, PaperType] = Field(default_factory=dict)
    receipts: list[ReceiptJson] = Field(default_factory=list)
    billed: list[BilledJson] = Field(default_factory=list)
    claims: list[ClaimJson] = Field(default_factory=list)
    invoices: list[PastInvoiceJson] = Field(default_factory=list)

    @property
    def all_orders(self) -> list[OrderJson]:
        """Return the orders of both keys."""
        return [*([] if self.order is None else [self.order]), *self.orders]


# What other systems call a key of ours, where the spelling does not tell.
OTHER_NAMES: dict[str, str] = {
    **dict.fromkeys(("qty", "quantity"), "quantity_ordered (order) or quantity_received (receipt)"),
    **dict.fromkeys(("uom", "unit_of_measure"), "unit_code"),
    **dict.fromkeys(("price", "net_price"), "unit_price"),
    **dict.fromkeys(("accepted", "accepted_quantity"), "quantity_accepted"),
    **dict.fromkeys(("rejected", "rejected_quantity"), "quantity_rejected"),
    **dict.fromkeys(("returned", "returned_quantity"), "quantity_returned"),
    **dict.fromkeys(("charges", "surcharges", "handling", "packaging"), "planned_charges"),
    **dict.fromkeys(("freight", "shipping"), "planned_freight, or planned_charges"),
    **dict.fromkeys(("deposit", "deposits"), "agreed_deposit, or planned_charges"),
    **dict.fromkeys(("discount", "discounts", "rebate"), "allowances"),
    **dict.fromkeys(("supplier", "vendor", "supplier_name"), "vendor_name"),
    **dict.fromkeys(("purchase_order", "order_number", "order_id"), "po_number"),
    **dict.fromkeys(("order_line", "line_number", "line_no"), "po_line_number"),
    **dict.fromkeys(("history", "earlier_invoices", "past_invoices"), "invoices or billed"),
    **dict.fromkeys(("deductions", "disputes", "chargebacks"), "claims"),
    **dict.fromkeys(("reason", "reason_code"), "kind (of a claim)"),
}
# What to give instead of a number with the wrong sign.
INSTEAD_OF_NEGATIVE: dict[str, str] = {
    "unit_price": "a price has no sign; a return has a negative quantity_ordered",
    "quantity_rejected": "give it without sign; a reversal has reversed: true",
    "quantity_returned": "give it without sign, or a negative quantity_received alone",
    "planned_freight": "what is taken off belongs in allowances",
    "agreed_deposit": "what is taken off belongs in allowances",
    "amount": "give it without sign: allowances are taken off, planned_charges are added",
    "rate": "give it without sign: allowances are taken off, planned_charges are added",
    "unit_amount": "what is taken off belongs in allowances",
}
# The model of each place in the JSON: its keys are suggested where an unknown key is found.
MODEL_AT: dict[tuple[str, ...], type[StrictJson]] = {
    (): OrderDataJson,
    ("order",): OrderJson,
    ("order", "lines"): _OrderLineJson,
    ("order", "lines", "allowances"): _AllowanceJson,
    ("order", "lines", "components"): _ComponentJson,
    ("order", "lines", "price_versions"): _PriceVersionJson,
    ("order", "lines", "substitutes"): _SubstituteJson,
    ("order", "allowances"): _OrderAllowanceJson,
    ("order", "planned_charges"): PlannedChargeJson,
    ("order", "lines", "planned_charges"): PlannedChargeJson,
    ("receipts",): ReceiptJson,
    ("receipts", "lines"): ReceiptLineJson,
    ("billed",): BilledJson,
    ("claims",): ClaimJson,
    ("invoices",): PastInvoiceJson,
}
