"""One invoice, credit memo or shipping paper from a file, and its form as an extracted document.

Values are strings as in JSON: decimals with a point, ISO dates. Values from a file are exact:
source "edi", confidence 1, no place on a page. A type of document that is not compared is "other",
and a value that the file omits stays absent.
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

# UNTDID 1001, the codes of types that we distinguish. The others are not compared.
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

    `derived` names, for a value that the file does not state, the values it was computed from.
    `wordings` are equally right descriptions. `unread` has the text of cells without a value.
    """

    values: Mapping[str, str]
    line_type: str = "item"
    wordings: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EdiDocument:
    """The document in one file; `fields` has `taxable_total` (BT-109) and `sub_total` (BT-106).

    `charges` are allowances (negative) and charges on the document as a whole. `excluded` are lines
    without money of their own. `code_list` is the list that unit codes are from; None: they are
    used unchanged.
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
    """Return the type, or "other" for a type that is not in `labels.DOCUMENT_TYPES`."""
    return document_type if document_type in labels.DOCUMENT_TYPES else "other"


def to_extracted_document(document: EdiDocument, document_id: str) -> ExtractedDocument:
    """Return the file's document as an extracted one; names only corpora use are left out."""
    kind = known_type(document.document_type)
    fields = dict(document.fields)
    # With charges as lines of their own, the lines sum to the total after them.
    taxable = fields.pop("taxable_total", None)
    if document.charges and taxable is not None:
        fields["sub_total"] = taxable
    lines = (*document.lines, *document.charges)
    return ExtractedDocument(
        document_id=document_id,
        document_type=Field(kind, document.type_code or document.document_type, source="edi"),
        fields={name: _leaf(name, text) for name, text in fields.items()},
        line_items=tuple(_line_item(line, document.code_list) for line in lines),
        problems=document.problems,
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
