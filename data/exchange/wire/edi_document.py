"""One invoice, credit or shipping paper as a file says it, by our names, and as a read document.

Values are strings as JSON carries them: decimals with a point, ISO dates. What a file says is
exact: source "edi", confidence 1, no place on a page. A type of document that is not compared is
"other", and a value the file leaves out stays out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from data import labels
from data.order_records import UnitCodeList
from data.records import (
    ExtractedDocument,
    Field,
    LineItem,
    Problem,
    Value,
)
from data.values.units import code_in_force

# UNTDID 1001, as far as it names types we tell apart. The others are not compared.
DOCUMENT_TYPE_OF_CODE: dict[str, str] = {
    "380": "invoice",
    "381": "credit_memo",
    "383": "debit_memo",
    "384": "corrected_invoice",
    "389": "invoice",
    "326": "invoice",
    "220": "purchase_order",
    "230": "purchase_order",
    "231": "purchase_order",
}
_DECIMALS = labels.DECIMAL_TAGS | {
    *("charge_amount", "pack_quantity"),
    *("total_charge", "amount_paid", "rounding_amount"),
}
_DATES = labels.DATE_TAGS | frozenset(labels.DOCUMENT_DATE_NAMES.values())


@dataclass(frozen=True, slots=True)
class EdiLine:
    """One line: `values` by `labels.LINE_FIELDS` names and names that corpora use.

    `derived` says of a value that the file does not state what it was computed from. `wordings` are
    descriptions that are equally right. `unread` holds what a cell says that no value stands for.
    """

    values: Mapping[str, str]
    line_type: str = "item"
    wordings: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EdiDocument:
    """What one file says. `taxable_total` (BT-109) in `fields` stands beside `sub_total` (BT-106).

    `charges` are allowances (negative) and charges on the document as a whole. `excluded` are lines
    without money of their own. `code_list` is the list that unit codes are from; None: they are
    taken as they stand.
    """

    document_type: str
    fields: Mapping[str, str]
    lines: tuple[EdiLine, ...]
    charges: tuple[EdiLine, ...] = ()
    excluded: tuple[EdiLine, ...] = ()
    problems: tuple[Problem, ...] = ()
    code_list: UnitCodeList | None = "unece"
    type_code: str | None = None


def known_type(document_type: str) -> str:
    """The type, or "other" where we do not tell it apart."""
    return document_type if document_type in labels.DOCUMENT_TYPES else "other"


def extracted(said: EdiDocument, document_id: str) -> ExtractedDocument:
    """The document as one that was read exactly; names only corpora use are left out."""
    kind = known_type(said.document_type)
    named = dict(said.fields)
    # With charges as lines of their own, the lines sum to the total after them.
    taxable = named.pop("taxable_total", None)
    if said.charges and taxable is not None:
        named["sub_total"] = taxable
    lines = (*said.lines, *said.charges)
    return ExtractedDocument(
        document_id=document_id,
        document_type=Field(kind, said.type_code or said.document_type, source="edi"),
        fields={name: _leaf(name, text) for name, text in named.items()},
        line_items=tuple(_line_item(line, said.code_list) for line in lines),
        problems=said.problems,
    )


def _line_item(line: EdiLine, code_list: UnitCodeList | None) -> LineItem:
    leaves = {
        name: _leaf(name, text, line.derived.get(name, ()))
        for name, text in line.values.items()
        if name in labels.LINE_FIELDS
    }
    unit = line.values.get("unit_code")
    if unit is not None:
        code = unit if code_list is None else code_in_force(unit, code_list)
        leaves["unit_code"] = Field(code, unit, source="edi")
    leaves |= {name: Field(None, text, source="edi") for name, text in line.unread.items()}
    return LineItem(line_type=line.line_type, page=None, row_polygon=None, **leaves)


def _leaf(name: str, text: str, derived_from: tuple[str, ...] = ()) -> Field:
    value: Value = text
    if name in _DECIMALS:
        value = Decimal(text)
    elif name in _DATES:
        value = date.fromisoformat(text)
    if derived_from:
        return Field(value, source="derived", derived_from=derived_from)
    return Field(value, text, source="edi")
