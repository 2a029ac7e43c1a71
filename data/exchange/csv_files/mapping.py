"""The mapping of a partner's CSV files, from YAML: columns, delimiter, decimal mark, date format.

None of it is guessed from the CSV file: "1.234" has one value or another depending on the mapping.
Unknown keys are refused with the nearest one. `configs/mapping.yaml` shows every key.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data import labels
from data.exchange.wire.contents import Basis
from data.exchange.wire.errors import ExchangeError, nearest_name
from data.outside_data import YamlError, guarded, load_yaml

Kind = Literal["order", "receipts", "billed", "claims", "document"]

ORDER_HEADER = (
    *("po_number", "currency", "vendor_id", "vendor_name", "vendor_tax_id", "order_date"),
    *("payment_terms", "freight_terms", "planned_freight", "agreed_deposit", "tax_rate"),
    *("unit_code_list", "closed", "tax_exempt"),
    *("order_allowance_rate", "order_allowance_amount", "order_allowance_in_price"),
)
RECEIPT_HEADER = ("receipt_id", "received_at")
_ORDER_LINE = (
    *("po_line_number", "product_code", "vendor_item_id", "buyer_item_id", "gtin", "description"),
    *("quantity_ordered", "unit_code", "unit_price", "price_base_quantity", "price_unit_code"),
    *("over_delivery_pct", "under_delivery_pct"),
    *("price_valid_from", "price_valid_to", "price_date", "category", "catch_weight"),
    *("receipt_expected", "allowance_rate", "allowance_amount", "line_planned_freight"),
)
_RECEIPT_LINE = (
    *("po_number", "po_line_number", "quantity_received", "quantity_accepted"),
    *(
        "quantity_rejected",
        "quantity_returned",
        "quantity_basis",
        "unit_code",
        "receipt_line",
        "weight",
        "reversed",
    ),
    *("product_code", "buyer_item_id", "gtin"),
)
_BILLED = (
    *("invoice_id", "po_number", "po_line_number", "base_quantity", "quantity", "unit_code"),
    *("amount", "status"),
)
_CLAIM = (
    *("claim_id", "kind", "invoice_id", "line", "quantity", "amount", "status"),
    *("claimed_at", "unit_code", "po_number"),
)
DOCUMENT_HEADER = (
    *("document_type", "invoice_id", "invoice_date", "due_date", "delivery_date"),
    *("purchase_order", "original_invoice_id", "vendor_name", "vendor_id", "customer_name"),
    *("currency", "sub_total", "total_discount", "shipping_charge", "total_tax"),
    *("invoice_total", "amount_due", "document_id", "ship_date"),
)
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "order": (*ORDER_HEADER, *_ORDER_LINE),
    "receipts": (*RECEIPT_HEADER, *_RECEIPT_LINE),
    "billed": _BILLED,
    "claims": _CLAIM,
    "document": (*DOCUMENT_HEADER, "line_type", *labels.LINE_FIELDS),
}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "order": ("po_number", "po_line_number", "quantity_ordered"),
    "receipts": ("receipt_id",),
    "billed": ("invoice_id", "po_line_number"),
    "claims": ("claim_id", "kind", "invoice_id"),
    "document": ("document_type",),
}
# Columns of which at least one is needed.
ONE_OF: dict[Kind, tuple[str, ...]] = {
    "receipts": ("quantity_received", "quantity_accepted"),
    "billed": ("base_quantity", "quantity"),
}
_OneSign = Annotated[str, Field(min_length=1, max_length=1)]


class _Yaml(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Layout(_Yaml):
    """One kind of CSV file. `columns` maps our names to headings, `constants` to fixed texts.

    `thousands` None: no grouping is allowed. `date` is a strptime form. `units` is the list that
    unit codes are from; None: they are words. `pack_factors` maps a unit to the heading of the
    number of base units it holds. `flags` are the words for yes and no, as they are written.
    """

    delimiter: _OneSign
    decimal: Literal[".", ","]
    columns: dict[str, str]
    thousands: Literal[".", ",", " ", "'"] | None = None
    date: str = "%Y-%m-%d"
    encoding: Literal["utf-8", "cp1252", "latin-1", "utf-16"] = "utf-8"
    units: Literal["unece", "x12"] | None = None
    flags: dict[str, bool] = Field(default_factory=lambda: {"true": True, "false": False})
    constants: dict[str, str] = Field(default_factory=dict)
    pack_factors: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _marks_differ(self) -> "Layout":
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        twice = sorted(set(self.columns) & set(self.constants))
        if twice:
            raise ValueError(f"{twice[0]!r} is both a column and a constant")
        return self


class X12Terms(_Yaml):
    """Agreements on X12. `rcd02`: the meaning of an 861's "received or accepted" quantity."""

    rcd02: Basis | None = None


class CsvMapping(_Yaml):
    """The mapping file: a layout for each kind of CSV file that a partner sends."""

    order: Layout | None = None
    receipts: Layout | None = None
    billed: Layout | None = None
    claims: Layout | None = None
    document: Layout | None = None
    x12: X12Terms = X12Terms()

    @field_validator("order", "receipts", "billed", "claims", "document")
    @classmethod
    def _known_names(cls, layout: Layout | None, info: Any) -> Layout | None:
        if layout is None:
            return None
        kind: Kind = info.field_name
        for name in (*layout.columns, *layout.constants):
            if name not in COLUMNS[kind]:
                raise ValueError(_unknown_key_message(name, COLUMNS[kind]))
        if layout.pack_factors and kind != "order":
            raise ValueError("pack_factors are allowed for the order only")
        names = {*layout.columns, *layout.constants}
        missing = [name for name in REQUIRED[kind] if name not in names]
        if missing:
            raise ValueError(f"{missing[0]!r} is required, as a column or a constant")
        choices = ONE_OF.get(kind, ())
        if choices and names.isdisjoint(choices):
            raise ValueError(f"{' or '.join(map(repr, choices))} is required, as a column")
        return layout

    def layouts(self) -> dict[Kind, Layout]:
        """Return the given layouts by kind."""
        layouts: dict[Kind, Layout] = {}
        for kind in COLUMNS:
            layout = getattr(self, kind)
            if layout is not None:
                layouts[kind] = layout
        return layouts


def load_mapping(path: Path) -> CsvMapping:
    """Return the mapping in a YAML file; raise `ExchangeError`."""
    try:
        return read_mapping(path.read_bytes(), str(path))
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read ({error.strerror}); check the path") from None


@guarded(ExchangeError, 1)
def read_mapping(text: bytes, name: str) -> CsvMapping:
    """Return the mapping in the content of a YAML file of that name; raise `ExchangeError`."""
    try:
        content = load_yaml(text)
    except YamlError as error:
        raise ExchangeError(f"{name}: {error}") from None
    if not isinstance(content, Mapping):
        raise ExchangeError(f"{name}: expected keys such as order and receipts")
    try:
        return CsvMapping.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        errors.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        raise ExchangeError(f"{name}: {_error_message(errors[0])}") from None


def _error_message(detail: Any) -> str:
    place = ".".join(str(step) for step in detail["loc"])
    if detail["type"] == "extra_forbidden":
        names = _known_keys_at(detail["loc"][:-1])
        return f"{place}: {_unknown_key_message(str(detail['loc'][-1]), names)}"
    if detail["type"] == "missing":
        return f"{place} is missing but required; it is never guessed"
    return f"{place}: {detail['msg'].removeprefix('Value error, ')}"


def _known_keys_at(parent: Sequence[int | str]) -> Sequence[str]:
    model: type[BaseModel] = CsvMapping
    if parent:
        model = X12Terms if parent[0] == "x12" else Layout
    return list(model.model_fields)


def _unknown_key_message(name: str, names: Sequence[str]) -> str:
    near = nearest_name(name, names)
    suggestion = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
    return f"unknown key {name!r}; {suggestion}"
