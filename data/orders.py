"""What the buyer knows of a dispute: order, receipts, earlier bills, claims and invoices.

Every format ends in one JSON shape, which is checked here (other formats: `data.exchange`). It is
strict, because a misspelt key or a rounded number would silently change a claim: decimals are
strings ("19.99"), unknown keys are refused, a currency is an ISO 4217 code. One file may hold
everything, or order and receipts come in files of their own and are merged.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from babel.core import get_global
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from data.exchange.csv_mapping import CsvMapping
from data.exchange.reading import read_exchange_file, sniff_format
from data.exchange.refusal import ExchangeError
from data.exchange.refusal import nearest_name as nearest_name
from data.exchange.settling import NamedPart, settled
from data.records import (
    Allowance,
    BilledLine,
    Claim,
    Component,
    FreightTerms,
    GoodsReceipt,
    OrderAllowance,
    OrderData,
    OrderLine,
    PastInvoice,
    PurchaseOrder,
    ReceiptLine,
    Substitute,
    UnitCodeList,
)

logger = logging.getLogger(__name__)

DECIMAL_TEXT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")


class OrderDataError(ValueError):
    """The order data cannot be used; the message says where, what was seen and what is wanted."""

    code: ClassVar[str] = "invalid_order_data"


class OrderFileMissing(OrderDataError):
    """A file of order data is not there or cannot be read."""

    code: ClassVar[str] = "missing_file"


class OrderJsonBroken(OrderDataError):
    """The text is not JSON."""

    code: ClassVar[str] = "invalid_json"


class OrderFileBroken(OrderDataError):
    """A partner's file (UBL, X12, CSV) that cannot be used."""

    code: ClassVar[str] = ExchangeError.code


class UnknownKey(OrderDataError):
    """A key the format does not have."""

    code: ClassVar[str] = "unknown_key"


class WrongCurrency(OrderDataError):
    """A currency that is not an ISO 4217 code."""

    code: ClassVar[str] = "unknown_currency"


def is_currency(code: str) -> bool:
    """Whether the code is an ISO 4217 currency (upper case)."""
    return code in get_global("all_currencies")


def wire_decimal(value: object) -> Decimal:
    """The number of a decimal string such as "-1200.50"; JSON numbers and words are refused."""
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
        raise ValueError("is empty; give the number or leave the key out")
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

    def record(self) -> OrderLine:
        parts = {
            "allowances": tuple(one.record() for one in self.allowances),
            "substitutes": tuple(one.record() for one in self.substitutes),
            "components": tuple(one.record() for one in self.components),
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
            "allowances": tuple(one.record() for one in self.allowances),
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


class _OrderDataJson(_Json):
    order: _OrderJson | None = None
    receipts: list[_ReceiptJson] = Field(default_factory=list)
    billed: list[_BilledJson] = Field(default_factory=list)
    claims: list[_ClaimJson] = Field(default_factory=list)
    invoices: list[_PastInvoiceJson] = Field(default_factory=list)


# Which model stands where, to name the keys that would have been right at a wrong one.
_MODEL_AT: dict[tuple[str, ...], type[_Json]] = {
    (): _OrderDataJson,
    ("order",): _OrderJson,
    ("order", "lines"): _OrderLineJson,
    ("order", "lines", "allowances"): _AllowanceJson,
    ("order", "lines", "components"): _ComponentJson,
    ("order", "lines", "substitutes"): _SubstituteJson,
    ("order", "allowances"): _OrderAllowanceJson,
    ("receipts",): _ReceiptJson,
    ("receipts", "lines"): _ReceiptLineJson,
    ("billed",): _BilledJson,
    ("claims",): _ClaimJson,
    ("invoices",): _PastInvoiceJson,
}


def _place(loc: Sequence[int | str]) -> str:
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _error(found: ErrorDetails, name: str) -> OrderDataError:
    """The refusal in words: which file, where in it, what was seen, what is wanted."""
    loc = found["loc"]
    place = _place(loc)
    if found["type"] == "extra_forbidden":
        parent = tuple(step for step in loc[:-1] if isinstance(step, str))
        names = list(_MODEL_AT[parent].model_fields)
        near = nearest_name(str(loc[-1]), names)
        wanted = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
        return UnknownKey(f"{name}: unknown key {place!r}; {wanted}")
    if found["type"] == "missing":
        return OrderDataError(f"{name}: {place} is missing and has to be given")
    message = found["msg"].removeprefix("Value error, ")
    if loc and loc[-1] == "currency":
        return WrongCurrency(f"{name}: {place or 'the file'}: {message}")
    return OrderDataError(f"{name}: {place or 'the file'}: {message}")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"key {twice!r} is given twice in one object")
    return dict(pairs)


def _parsed(text: str | bytes, name: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"{name}: not JSON ({str(error)[:120]})") from None


def _read_part(part: object, name: str) -> _OrderDataJson:
    if isinstance(part, str | bytes):
        part = _parsed(part, name)
    if not isinstance(part, Mapping):
        kind = type(part).__name__
        raise OrderDataError(
            f'{name}: the top level is a {kind}; wanted an object with "order", "receipts"'
        )
    try:
        return _OrderDataJson.model_validate(part)
    except ValidationError as error:
        # An unknown key is the likeliest cause of a missing one: say it first.
        found = error.errors(include_url=False)
        found.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        raise _error(found[0], name) from None


def _merge_receipts(parts: Sequence[_OrderDataJson]) -> tuple[GoodsReceipt, ...]:
    receipts: dict[str, GoodsReceipt] = {}
    for receipt in (receipt.record() for part in parts for receipt in part.receipts):
        if receipts.setdefault(receipt.receipt_id, receipt) != receipt:
            raise OrderDataError(
                f"receipt {receipt.receipt_id!r} is given twice with different content; "
                "a receipt number must be unique"
            )
    return tuple(receipts.values())


def _check_lines(order: PurchaseOrder, receipts: Sequence[GoodsReceipt]) -> None:
    keys = [(line.po_number or order.po_number, line.po_line_number) for line in order.lines]
    twice = sorted(number for (_, number), count in Counter(keys).items() if count > 1)
    if twice:
        raise OrderDataError(
            f"order.lines: po_line_number {twice[0]!r} is given twice; it must be unique"
        )
    numbers, orders = {number for _, number in keys}, {po for po, _ in keys}
    bases: dict[tuple[str | None, str], str] = {}
    for receipt in receipts:
        for line in receipt.lines:
            ours = line.po_number is None or line.po_number in orders
            if ours and line.po_line_number not in numbers:
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} is "
                    f"not a line of order {order.po_number!r}; lines: {', '.join(sorted(numbers))}"
                )
            key = line.po_number or order.po_number, line.po_line_number
            if bases.setdefault(key, line.quantity_basis) != line.quantity_basis:
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} has "
                    "received quantities in one receipt and accepted ones in another: the same "
                    "goods would count twice; give one of the two kinds"
                )


def parse_order_data(*parts: object, names: Sequence[str] = ()) -> OrderData:
    """The order data of one or several JSON texts (or parsed objects), merged.

    `names` are what the parts are called in messages, by default "order data". Exactly one order
    must be among them; a receipt given twice with equal content counts once. Raises OrderDataError.
    """
    called = [*names, *["order data"] * (len(parts) - len(names))]
    read = [_read_part(part, name) for part, name in zip(parts, called, strict=True)]
    distinct = [part.order for part in read if part.order is not None]
    if not distinct:
        raise OrderDataError(
            f'{", ".join(called) or "order data"}: no "order" given; one is needed'
        )
    if any(order != distinct[0] for order in distinct):
        raise OrderDataError(
            f"{', '.join(called)}: {len(distinct)} different orders given "
            f"({', '.join(order.po_number for order in distinct)}); a dispute is about one"
        )
    order = distinct[0].record()
    receipts = _merge_receipts(read)
    _check_lines(order, receipts)
    return OrderData(
        order=order,
        receipts=receipts,
        billed=tuple(line.record() for part in read for line in part.billed),
        claims=tuple(claim.record() for part in read for claim in part.claims),
        invoices=tuple(invoice.record() for part in read for invoice in part.invoices),
    )


def load_order_data(paths: Sequence[str | Path], mapping: CsvMapping | None = None) -> OrderData:
    """The order data in files, merged; the same file given twice counts once.

    JSON, UBL and X12 are recognised by content; CSV is read as `mapping` says. Order changes are
    applied. Raises OrderDataError.
    """
    contents: dict[Path, bytes] = {}
    for path in map(Path, paths):
        try:
            contents[path.resolve()] = path.read_bytes()
        except OSError as error:
            raise OrderFileMissing(
                f"{path}: cannot be read ({error.strerror}); give the path of a file"
            ) from None
    given, files = [], []
    try:
        for path, content in contents.items():
            if sniff_format(content) == "json":
                given.append(NamedPart(path.name, _parsed(content, path.name)))
            else:
                files.append(read_exchange_file(content, path.name, mapping))
        parts = settled(given, files)
    except ExchangeError as error:
        raise OrderFileBroken(str(error)) from None
    for sentence in (sentence for file in files for sentence in file.left_out):
        logger.warning("%s", sentence)
    return parse_order_data(*(part.content for part in parts), names=[part.name for part in parts])
