"""Records shared by all packages: pages with words, documents with fields and line items.

Coordinates: a `Box` is in fractions (0..1) of the *upright* page image, origin top left: text runs
left to right in it, whatever way the sheet lay on the scanner. `Page.polygon` maps an upright box
back to the page as the sender's viewer shows it; only that mapped polygon is returned to callers.

Missing is None, never 0: a `Field` whose value is None was looked for and not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, get_args

if TYPE_CHECKING:  # records alone need no numpy: a client of the service does without
    import numpy as np
    import numpy.typing as npt

GreyImage = Annotated["npt.NDArray[np.uint8]", "(height, width), 0 black .. 255 white"]

Source = Literal["model", "rule", "derived", "edi", "override"]
WordsSource = Literal["text", "ocr", "given", "none"]
Value = str | Decimal | date | bool
ExceptionKind = Literal["short", "over", "damaged", "refused"]
Polygon = tuple[float, float, float, float, float, float, float, float]
# (a, b, c, d, e, f): x' = a*x + b*y + c, y' = d*x + e*y + f, from upright to page fractions
Affine = tuple[float, float, float, float, float, float]
IDENTITY: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the upright page, origin top left."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left <= self.right <= 1 and 0 <= self.top <= self.bottom <= 1):
            raise ValueError(f"box edges must be ordered and within 0..1, got {self}")

    @classmethod
    def clamped(cls, left: float, top: float, right: float, bottom: float) -> "Box":
        """Return the part of the rectangle that lies on the page; edges may be in either order."""
        if 0 <= left <= right <= 1 and 0 <= top <= bottom <= 1:
            return cls(left, top, right, bottom)
        xs = sorted((min(max(left, 0.0), 1.0), min(max(right, 0.0), 1.0)))
        ys = sorted((min(max(top, 0.0), 1.0), min(max(bottom, 0.0), 1.0)))
        return cls(xs[0], ys[0], xs[1], ys[1])

    @classmethod
    def around(cls, polygon: "Polygon") -> "Box":
        """Return the part of the rectangle around the polygon's corners that lies on the page."""
        xs, ys = polygon[::2], polygon[1::2]
        return cls.clamped(min(xs), min(ys), max(xs), max(ys))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def union(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed; `confidence` 0..1 is the OCR engine's, None without OCR.

    `other` is the text of a second OCR reading of the same place, None where none differed.
    """

    text: str
    box: Box
    confidence: float | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright, with its words in reading order.

    `number` counts from 0 within the attachment. `width` and `height` are the page as delivered, in
    points (1/72 inch) for a PDF, in pixels for an image. `rotation` is the clockwise turn in
    degrees (0, 90, 180, 270) and `skew` the small angle that were undone to make it upright;
    `to_page` maps upright fractions back. `reason` explains the choice of `words_source`. `image`
    is the upright page in grey, long side at most `attachments.MODEL_LONG_SIDE`.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    words_source: WordsSource
    reason: str
    rotation: int = 0
    skew: float = 0.0
    to_page: Affine = IDENTITY
    image: GreyImage | None = field(default=None, compare=False, repr=False)

    @property
    def upright_aspect(self) -> float:
        """Return width over height of the upright page."""
        turned = self.rotation in (90, 270)
        return self.height / self.width if turned else self.width / self.height

    def polygon(self, box: Box) -> Polygon:
        """Return the box's corners, clockwise from top left, in fractions of the delivered page."""
        a, b, c, d, e, f = self.to_page
        corners = (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        )
        flat = [
            min(max(number, 0.0), 1.0)
            for x, y in corners
            for number in (a * x + b * y + c, d * x + e * y + f)
        ]
        return (flat[0], flat[1], flat[2], flat[3], flat[4], flat[5], flat[6], flat[7])


@dataclass(frozen=True, slots=True)
class Mark:
    """Something put on the page by hand: `kind` is one of `labels.MARKS`, `box` bounds it."""

    kind: str
    box: Box
    confidence: float = 1.0


class TablePlace(NamedTuple):
    """The row and column of a word in the tables of its page, and what its row is to the bill.

    Rows and columns are numbered within the page, over all its tables; -1 is a word outside of
    every table, -2 one of which it is not known. `role` is one of `labels.ROW_ROLES`, or
    `labels.IGNORE` where it is not known.
    """

    row: int = -1
    column: int = -1
    role: str = "none"


OUTSIDE_TABLES = TablePlace()


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page with its truth: one tag of `labels.TAGS` and one item number (-1 = none) per word.

    Item numbers are unique within the page. `document_type` is one of `labels.DOCUMENT_TYPES`, or
    `labels.IGNORE` where it is not known.
    `marks` is None where it is not known which marks were put on the page by hand, `places` (one
    per word) where the tables of the page are not known.
    """

    page: Page
    tags: tuple[str, ...]
    items: tuple[int, ...]
    document_type: str
    marks: tuple[Mark, ...] | None = None
    places: tuple[TablePlace, ...] | None = None

    def __post_init__(self) -> None:
        counts = [len(self.page.words), len(self.tags), len(self.items)]
        if self.places is not None:
            counts.append(len(self.places))
        if len(set(counts)) != 1:
            raise ValueError(f"words, tags, items and places must be equally many, got {counts}")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the same print, with its probability (0..1)."""

    value: Value
    confidence: float


@dataclass(frozen=True, slots=True)
class Field:
    """One value with its place on the page and the reader's confidence.

    `page` counts from 0; `polygon` is in fractions of the page as delivered. `confidence` is the
    probability that `value` is right. `alternatives` are other readings, best first (at most 3).
    `derived_from` names the sibling fields a derived value was computed from.
    """

    value: Value | None
    raw_text: str | None = None
    confidence: float = 1.0
    page: int | None = None
    polygon: Polygon | None = None
    source: Source = "model"
    alternatives: tuple[Alternative, ...] = ()
    derived_from: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must be within 0..1, got {self.confidence}")
        if self.source not in get_args(Source):
            raise ValueError(f"source must be one of {get_args(Source)}, got {self.source!r}")

    @property
    def decimal(self) -> Decimal | None:
        """Return the value when it is a number, else None."""
        return self.value if isinstance(self.value, Decimal) else None

    @property
    def text(self) -> str | None:
        """Return the value as text (dates ISO, decimals plain), None when it was not read."""
        if self.value is None:
            return None
        if isinstance(self.value, Decimal):
            return format(self.value, "f")
        return self.value.isoformat() if isinstance(self.value, date) else str(self.value)


@dataclass(frozen=True, slots=True)
class LineItem:
    """One billed, ordered or delivered line. Every leaf is a `Field`, or None where absent.

    Names and meanings: the line-item schema shared by invoices and backup documents
    (`labels.LINE_FIELDS`). The sign of a line lives on the quantity. `row_polygon` covers all
    words of the line on its first page `page` (from 0).
    """

    line_type: str = "item"  # labels.LINE_TYPES
    line_number: Field | None = None
    description: Field | None = None
    product_code: Field | None = None
    buyer_item_id: Field | None = None
    gtin: Field | None = None
    quantity: Field | None = None
    unit: Field | None = None
    unit_code: Field | None = None
    pack_quantity: Field | None = None
    unit_price: Field | None = None
    price_base_quantity: Field | None = None
    discount_amount: Field | None = None
    discount_rate: Field | None = None
    charge_amount: Field | None = None
    amount: Field | None = None
    gross_amount: Field | None = None
    tax_amount: Field | None = None
    tax_rate: Field | None = None
    po_number: Field | None = None
    po_line_number: Field | None = None
    date: Field | None = None
    quantity_ordered: Field | None = None
    quantity_shipped: Field | None = None
    quantity_backordered: Field | None = None
    quantity_received: Field | None = None
    quantity_rejected: Field | None = None
    page: int | None = None
    row_polygon: Polygon | None = None

    def field(self, name: str) -> Field | None:
        """Return the leaf of that name (one of `labels.LINE_FIELDS`)."""
        leaf = getattr(self, name)
        if leaf is not None and not isinstance(leaf, Field):
            raise KeyError(f"{name!r} is not a leaf of a line item")
        return leaf


@dataclass(frozen=True, slots=True)
class PageMark:
    """A mark of one of `labels.MARKS`; `polygon` in fractions of the page as delivered."""

    kind: str
    polygon: Polygon
    confidence: float


@dataclass(frozen=True, slots=True)
class PageSummary:
    """A summary of one page: type, source of its words with the reason, rotation, marks.

    `marks` were put on it by hand; empty also where the page came without a picture.
    """

    page: int
    document_type: str
    confidence: float
    rotation: int
    width: float
    height: float
    words: int
    words_source: WordsSource
    reason: str
    skew: float = 0.0
    marks: tuple[PageMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a document, returned as data: stable code, message and page."""

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryException:
    """An exception noted on a proof of delivery: units short, over, damaged or refused.

    `unit` None: the unit of the delivered line. `product_code` None: the note names no article.
    """

    kind: ExceptionKind
    quantity: Field
    unit: Field | None = None
    product_code: Field | None = None


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """One document found in an attachment: its type, header fields and line items.

    `fields` has header leaves by the names of `labels.header_name`. A document with `problems` was
    not read completely: nothing may be concluded from what is absent in it. `file_sha256` (hex) is
    that of the file it came in, None where it was not computed.
    """

    document_id: str
    document_type: Field
    fields: Mapping[str, Field]
    line_items: tuple[LineItem, ...]
    pages: tuple[PageSummary, ...] = ()
    problems: tuple[Problem, ...] = ()
    exceptions: tuple[DeliveryException, ...] = ()
    file_sha256: str | None = None

    def value(self, name: str) -> Value | None:
        """Return the header value of that name, None when it is absent or could not be read."""
        leaf = self.fields.get(name)
        return None if leaf is None else leaf.value
