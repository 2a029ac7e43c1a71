"""The strict JSON form of order data, into which every order format is converted.

A misspelt key or a rounded number would silently change a claim: unknown keys are refused, decimals
are strings ("19.99"), a currency is an ISO 4217 code, a day is an ISO date.
"""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from babel.core import get_global
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data.order_records import (
    Allowance,
    BilledLine,
    Claim,
    Component,
    FreightTerms,
    GoodsReceipt,
    OrderAllowance,
    OrderLine,
    PastInvoice,
    PriceDate,
    PriceVersion,
    PurchaseOrder,
    ReceiptLine,
    Substitute,
    UnitCodeList,
)

DECIMAL_TEXT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")


def is_currency(code: str) -> bool:
    """Return whether the code is an ISO 4217 currency code (upper case)."""
    return code in get_global("all_currencies")


def wire_decimal(value: object) -> Decimal:
    """Return the value of a decimal string such as "-1200.50"; refuse JSON numbers and words."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool | int | float):
        raise ValueError(
            f"{json.dumps(value)} is a JSON number, which is read through binary floating point; "
            f'write it as a string: "{json.dumps(value)}"'
        )
    if not isinstance(value, str) or not DECIMAL_TEXT.fullmatch(value):
        raise ValueError(
            f"{value!r} is not a decimal string; write digits with a point and no grouping, "
            'like "1200.50"'
        )
    return Decimal(value)


def _identifier(value: object) -> object:
    # A whole number is as good an identifier as its digits; nothing is lost in writing it out.
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    value = str(value) if is_whole else value
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty; give the number or omit the key")
    return value.strip() if isinstance(value, str) else value


def _currency(value: object) -> object:
    if not isinstance(value, str) or not is_currency(value):
        raise ValueError(
            f'currency {value!r} is not an ISO 4217 code; write three capitals such as "USD"'
        )
    return value


def _calendar_day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a date; write it as a string: "2026-01-31"')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'{value!r} is not an ISO date; write it like "2026-01-31"') from None


Number = Annotated[Decimal, BeforeValidator(wire_decimal)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Identifier = Annotated[str, BeforeValidator(_identifier)]
Currency = Annotated[str, BeforeValidator(_currency)]
Day = Annotated[date, BeforeValidator(_calendar_day)]
BackupType = Literal["packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"]


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class _AllowanceJson(_Json):
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


class _ArticleJson(_Json):
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


class _PriceVersionJson(_Json):
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


class _OrderLineJson(_Json):
    po_line_number: Identifier
    quantity_ordered: NotNegative
    po_number: Identifier | None = None
    product_code: Identifier | None = Field(
        default=None, validation_alias=AliasChoices("product_code", "item_code")
    )
    vendor_item_id: Identifier | None = None
    buyer_item_id: Identifier | None = None
    gtin: Identifier | None = None
    description: str | None = None
    unit_code: Identifier | None = None
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

    def record(self) -> OrderLine:
        parts = {
            "allowances": tuple(allowance.record() for allowance in self.allowances),
            "substitutes": tuple(substitute.record() for substitute in self.substitutes),
            "components": tuple(component.record() for component in self.components),
            "price_versions": tuple(version.record() for version in self.price_versions),
        }
        return OrderLine(**(dict(self) | parts))


class _OrderAllowanceJson(_Json):
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


class _OrderJson(_Json):
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

    def record(self) -> PurchaseOrder:
        lists = {
            "lines": tuple(line.record() for line in self.lines),
            "allowances": tuple(allowance.record() for allowance in self.allowances),
            "required_documents": tuple(self.required_documents),
        }
        return PurchaseOrder(**(dict(self) | lists))


class _ReceiptLineJson(_Json):
    po_line_number: Identifier
    quantity_received: Number
    po_number: Identifier | None = None
    quantity_rejected: NotNegative = Decimal(0)
    quantity_returned: NotNegative = Decimal(0)
    unit_code: Identifier | None = None
    receipt_line: Identifier | None = None
    reversed: bool = False
    quantity_basis: Literal["received", "accepted"] = "received"
    weight: NotNegative | None = None

    def record(self) -> ReceiptLine:
        return ReceiptLine(**dict(self))


class _ReceiptJson(_Json):
    receipt_id: Identifier
    lines: list[_ReceiptLineJson]
    received_at: Day | None = None

    def record(self) -> GoodsReceipt:
        return GoodsReceipt(**(dict(self) | {"lines": tuple(line.record() for line in self.lines)}))


class _BilledJson(_Json):
    invoice_id: Identifier
    po_line_number: Identifier = Field(validation_alias=AliasChoices("po_line_number", "po_line"))
    base_quantity: Number
    po_number: Identifier | None = None
    amount: Number | None = None
    status: str | None = None

    def record(self) -> BilledLine:
        return BilledLine(**dict(self))


class _ClaimJson(_Json):
    claim_id: Identifier
    kind: str
    invoice_id: Identifier
    line: Identifier | None = None
    quantity: Number | None = None
    amount: Number | None = None
    status: str | None = None
    claimed_at: Day | None = None
    unit_code: Identifier | None = None

    def record(self) -> Claim:
        return Claim(**dict(self))


class _PastInvoiceJson(_Json):
    invoice_id: Identifier
    invoice_total: Number | None = None
    invoice_date: Day | None = None
    document_type: Literal["invoice", "credit_memo", "corrected_invoice", "receipt"] = "invoice"
    po_number: Identifier | None = None
    currency: Currency | None = None
    file_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    result: str | None = None

    def record(self) -> PastInvoice:
        return PastInvoice(**dict(self))


class OrderDataJson(_Json):
    order: _OrderJson | None = None
    receipts: list[_ReceiptJson] = Field(default_factory=list)
    billed: list[_BilledJson] = Field(default_factory=list)
    claims: list[_ClaimJson] = Field(default_factory=list)
    invoices: list[_PastInvoiceJson] = Field(default_factory=list)


# The model of each place in the JSON: its keys are suggested where an unknown key is found.
MODEL_AT: dict[tuple[str, ...], type[_Json]] = {
    (): OrderDataJson,
    ("order",): _OrderJson,
    ("order", "lines"): _OrderLineJson,
    ("order", "lines", "allowances"): _AllowanceJson,
    ("order", "lines", "components"): _ComponentJson,
    ("order", "lines", "price_versions"): _PriceVersionJson,
    ("order", "lines", "substitutes"): _SubstituteJson,
    ("order", "allowances"): _OrderAllowanceJson,
    ("receipts",): _ReceiptJson,
    ("receipts", "lines"): _ReceiptLineJson,
    ("billed",): _BilledJson,
    ("claims",): _ClaimJson,
    ("invoices",): _PastInvoiceJson,
}
