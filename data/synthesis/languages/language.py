"""The record of one language: every word, tax rate and format that its documents may print.

A language is one file with one such record, for a native speaker to read and correct. Lists of
texts are written with bars between them; a text written twice is twice as frequent. A missing
entry, a stray bar or a wrong number of months is an error when the record is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from data.labels import DOCUMENT_TYPES

Texts = tuple[str, ...]
Kinds = Mapping[str, Texts]

# Document types whose number and date have names of their own ("Inv. No.", "Rechnungsdatum").
NAMED_TYPES = ("invoice", "credit_memo", "purchase_order", "delivery_note")
TOTALS = ("sub_total", "total_discount", "shipping_charge", "total_tax", "invoice_total",
          "amount_due")  # fmt: skip
FIELDS = ("document_id", "document_date", "due_date", "delivery_date", "purchase_order",
          "original_invoice_id", "currency")  # fmt: skip
HEADS = ("line_number", "product_code", "buyer_item_id", "gtin", "description", "quantity", "unit",
         "unit_price", "price_base_quantity", "discount_rate", "discount_amount", "amount",
         "gross_amount", "tax_rate", "tax_amount", "date", "po_number", "quantity_ordered",
         "quantity_shipped", "quantity_backordered", "quantity_received", "quantity_rejected",
         "list_price", "quantity_unit")  # fmt: skip
HEAD_GROUPS = ("quantity", "money", "article")
CATALOGUES = ("goods", "food", "services", "software", "property")
_KINDS = {
    "titles": DOCUMENT_TYPES,
    "numbers": NAMED_TYPES,
    "days": NAMED_TYPES,
    "totals": TOTALS,
    "fields": FIELDS,
    "heads": HEADS,
    "head_groups": HEAD_GROUPS,
    "nouns": CATALOGUES,
}
_COUNTS = {"months": 12, "short_months": 12, "detail_heads": 6, "joints": 4,
           "party_labels": 10}  # fmt: skip
_MAY_BE_EMPTY = ("titles", "legal")  # a till prints no title, a company has no suffix


def words(text: str) -> Texts:
    """Split a list of texts at its bars."""
    return tuple(text.split("|"))


def texts(**kinds: str) -> Kinds:
    """Split the texts of each kind at their bars."""
    return {kind: words(text) for kind, text in kinds.items()}


@dataclass(frozen=True, slots=True)
class Language:
    """One language's documents; see the module for how texts are written.

    `{}` in `fields` is replaced by the document's title, in `notes` by a number, a date or an
    amount, in the first of `joints` by quantity and price. In `phones`, `postcodes` and `tax_ids`
    `#` is a digit and `@` a capital letter.
    """

    code: str  # ISO 639-1
    share: float  # documents in a hundred
    titles: Kinds  # by document type
    numbers: Kinds  # names of the document's number, by document type
    days: Kinds  # names of the document's date, by document type
    fields: Kinds  # names of header values
    headings: Texts  # title, {number} and {day} of the document in one line
    other_fields: Texts
    seller_labels: Texts  # over the vendor's name and address
    buyer_labels: Texts  # over the customer's
    place_labels: Texts  # over another party's: where goods or money go
    heads: Kinds  # column heads
    detail_heads: Texts  # from, to, weekdays, count, price, rating: of rows below an item
    sections: Texts  # titles of sections: {} a number, {n} a count, {day} a date, {noun} goods
    discounts: Texts  # of one item, in a row of its own
    nets: Texts  # the rest of an item's amount after its discount
    parts: Texts  # words before the parts of an item
    charges: Texts  # freight, deposits and fees, as items and as rows that are none
    head_groups: Kinds  # heads over several columns; {currency} is the code
    party_labels: Texts  # of a party's name, address, contact, phone, mail and five numbers
    subtotals: Texts
    totals: Kinds
    paid: Texts
    terms: Texts
    notes: Texts
    joints: Texts  # "{} at {} each", "for", and two openings of a bill in sentences
    nouns: Kinds  # goods and services, by catalogue
    units: Texts
    time_units: Texts
    legal: Texts  # company suffixes
    trades: Texts
    streets: Texts
    towns: Texts
    departments: Texts  # a line above the street
    street_form: str  # of {street} and {house}
    town_form: str  # of {town} and {code}
    postcodes: Texts
    phones: Texts
    tax_ids: Texts
    tax_rates: Texts  # percent
    currencies: Texts  # ISO 4217
    number_forms: Texts  # how 1234.56 is printed
    sign_sides: Texts  # the currency is "before" or "after" the number
    dates: Texts  # `strftime` forms; %B and %b are `months` and `short_months`
    months: Texts  # as written in a date
    short_months: Texts

    def __post_init__(self) -> None:
        for name, expected in _KINDS.items():
            present = set(getattr(self, name))
            if present != set(expected):
                missing, unknown = sorted(set(expected) - present), sorted(present - set(expected))
                raise ValueError(f"{self.code}: {name} lacks {missing}, unknown are {unknown}")
        for name, count in _COUNTS.items():
            if len(getattr(self, name)) != count:
                raise ValueError(
                    f"{self.code}: {name} must be {count}, got {len(getattr(self, name))}"
                )
        for place, text in self.every_text():
            if not text.strip() and place.partition(".")[0] not in _MAY_BE_EMPTY:
                raise ValueError(f"{self.code}: {place} holds an empty text")
            if "|" in text or "\t" in text or text != text.strip():
                raise ValueError(f"{self.code}: {place} holds a stray bar, tab or blank: {text!r}")

    def every_text(self) -> Iterator[tuple[str, str]]:
        """Yield each text with its place in the record ("heads.quantity")."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                yield field.name, value
            elif isinstance(value, tuple):
                yield from ((field.name, text) for text in value)
            elif isinstance(value, Mapping):
                for kind, choices in value.items():
                    yield from ((f"{field.name}.{kind}", text) for text in choices)
