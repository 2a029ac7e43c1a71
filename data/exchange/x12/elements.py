"""Values of X12 elements: numbers, dates, units, price bases, product identifiers, parties.

Code lists: element 355 units, 639 basis of unit price, 235 product qualifiers, 98 parties.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.wire_values import iso_day, wire_number
from data.exchange.x12.segments import Segment, Transaction
from data.outside_data import shorten
from data.values.unit_codes import PRICE_BASIS, UNITS
from data.values.units import code_in_force

# Element 235: the vendor's number, the buyer's, and GTINs; the first that is sent counts.
_ARTICLE_QUALIFIERS: dict[str, tuple[str, ...]] = {
    "product_code": ("VN", "VP", "VC", "VA", "SK"),
    "buyer_item_id": ("IN", "BP", "CB", "PI"),
    "gtin": ("UP", "EN", "UI", "UA", "UK"),
    "po_line_number": ("PL",),
    "po_number": ("PO",),
}
_COUNTED = frozenset(code for code, _, dimension, factor, _ in UNITS if dimension == "count")
_SINGLE = frozenset(
    code for code, _, dimension, factor, _ in UNITS if (dimension, factor) == ("count", "1")
)
_CANCELLATIONS = ("01", "03")  # element 353: cancellation, delete
# Element 639 beside `PRICE_BASIS`: catalogue prices, and kinds of price that are for one unit.
_LIST_PRICES = {"LE": "1", "LC": "100", "LD": "12", "LM": "1000"}
_BASES_OF_ONE_UNIT = frozenset({"CP", "CT", "DI", "DR", "ES", "FX", "NT", "QT", "UM", "WH"})


def required(segment: Segment, number: int) -> str:
    """Return the element; raise `ExchangeError` where it is missing."""
    text = segment.element(number)
    if not text:
        raise ExchangeError(f"{segment.place_of(number)}: is missing but required")
    return text


def number_at(segment: Segment, number: int) -> str | None:
    """Return the decimal string of an element of type R (decimal point as sent)."""
    text = segment.element(number)
    if not text:
        return None
    value = wire_number(text)
    if value is None:
        raise ExchangeError(
            f"{segment.place_of(number)}: expected a decimal number with a point, got {text!r}"
        )
    return value


def required_number(segment: Segment, number: int) -> str:
    required(segment, number)
    return number_at(segment, number) or ""


def cents_at(segment: Segment, number: int) -> str | None:
    """Return the decimal string of an element of type N2: two implied decimals, no point."""
    text = segment.element(number)
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ExchangeError(
            f"{segment.place_of(number)}: expected cents as a whole number (type N2), got {text!r}"
        )
    return format(Decimal(text).scaleb(-2), "f")


def day_at(segment: Segment, number: int) -> str | None:
    """Return the ISO date of CCYYMMDD, or of YYMMDD as in releases before 4010 (1980 to 2079)."""
    text = segment.element(number)
    if not text:
        return None
    long = f"{'19' if text >= '80' else '20'}{text}" if len(text) == 6 else text
    day = iso_day(long, "%Y%m%d") if len(long) == 8 else None
    if day is None:
        raise ExchangeError(f"{segment.place_of(number)}: expected a date CCYYMMDD, got {text!r}")
    return day


def unit_at(transaction: Transaction, segment: Segment, number: int) -> str | None:
    """Return the unit code of an element 355, alone or first in a composite, as in our tables."""
    code = transaction.component(segment.element(number))
    return code_in_force(code, "x12") if code else None


def article_at(segment: Segment, first_position: int) -> dict[str, str]:
    """Return identifiers by our names from pairs of qualifier and number.

    `first_position` is that of the first qualifier. Also returns `po_line_number` and `po_number`
    where the pairs have them.
    """
    pairs = {
        segment.element(position): segment.element(position + 1)
        for position in range(first_position, len(segment.elements) + 1, 2)
        if segment.element(position + 1)
    }
    identifiers = {
        name: next((pairs[code] for code in qualifiers if code in pairs), None)
        for name, qualifiers in _ARTICLE_QUALIFIERS.items()
    }
    return {name: text for name, text in identifiers.items() if text}


def description(segments: Sequence[Segment]) -> str | None:
    """Return the text of the PID segments of a loop, joined."""
    return (
        " ".join(
            text for segment in segments if segment.name == "PID" and (text := segment.element(5))
        )
        or None
    )


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price per `base` units; `per_article`: of a package, it is for single articles.

    `doubt` is the reason why it cannot be compared, "" where it can.
    """

    amount: str
    base: str | None = None
    per_article: bool = False
    doubt: str = ""


def price_at(segment: Segment, number: int, unit: str | None) -> Price | None:
    """Return the price of an element with its basis (element 639), which follows it.

    A basis counts single articles (PE each, HP hundred): of a case at a price per each, the price
    is for the article.
    """
    amount = number_at(segment, number)
    if amount is None:
        return None
    code = segment.element(number + 1)
    if not code or code in _BASES_OF_ONE_UNIT:
        return Price(amount)
    base = PRICE_BASIS.get(code) or _LIST_PRICES.get(code)
    if base is None:
        return Price(amount, doubt=f"its basis {code!r} (element 639) is not known")
    packed = unit is not None and (unit in _COUNTED or unit.startswith("X")) and unit not in _SINGLE
    return Price(amount, base, packed)


def pack_factor(segments: Sequence[Segment], unit: str | None) -> str | None:
    """Return the number of articles in the ordered package, by PO4: packs x articles per pack."""
    package = find_segment(segments, "PO4")
    if package is None or unit is None or not unit.startswith("X"):
        return None
    packs, inner = number_at(package, 1), number_at(package, 14)
    if packs is None:
        return None
    factor = Decimal(packs) * Decimal(inner or "1")
    return format(factor, "f") if factor > 0 else None


@dataclass(frozen=True, slots=True)
class Party:
    name: str | None
    number: str | None


def parties(segments: Sequence[Segment]) -> dict[str, Party]:
    """Return the parties by element 98 (VN vendor, SE seller, SU supplier, BY buyer, ...)."""
    return {
        segment.element(1): Party(segment.element(2) or None, segment.element(4) or None)
        for segment in segments
        if segment.name == "N1"
    }


def vendor(segments: Sequence[Segment]) -> dict[str, str]:
    """Return `vendor_name` and `vendor_id` of the party that sells."""
    known_parties = parties(segments)
    seller = next(
        (known_parties[code] for code in ("VN", "SE", "SU", "SF") if code in known_parties), None
    )
    if seller is None:
        return {}
    values = {"vendor_name": seller.name, "vendor_id": seller.number}
    return {name: text for name, text in values.items() if text}


def loops(
    segments: Sequence[Segment], start: str, ends: frozenset[str] = frozenset({"CTT", "TDS"})
) -> Iterator[tuple[Segment, Sequence[Segment]]]:
    """Yield (first segment, the others) of every loop that `start` begins."""
    begins = [index for index, segment in enumerate(segments) if segment.name == start]
    for index, following in pairwise([*begins, len(segments)]):
        loop_segments = segments[index + 1 : following]
        stop = next(
            (position for position, segment in enumerate(loop_segments) if segment.name in ends),
            len(loop_segments),
        )
        yield segments[index], loop_segments[:stop]


def heading(segments: Sequence[Segment], start: str) -> Sequence[Segment]:
    """Return the segments before the first loop that `start` begins."""
    stop = next(
        (position for position, segment in enumerate(segments) if segment.name == start),
        len(segments),
    )
    return segments[:stop]


def find_segment(segments: Sequence[Segment], name: str) -> Segment | None:
    """Return the first segment of that name, or None."""
    return next((segment for segment in segments if segment.name == name), None)


def first_element(segments: Sequence[Segment], name: str, number: int) -> str | None:
    """Return element `number` of the first segment of that name; None without the segment."""
    segment = find_segment(segments, name)
    return None if segment is None else segment.element(number)


def required_segment(transaction: Transaction, name: str) -> Segment:
    """Return the transaction's first segment of that name; raise `ExchangeError` without one."""
    match = find_segment(transaction.segments, name)
    if match is None:
        raise ExchangeError(f"{transaction.place}: has no {name} segment")
    return match


def check_line_count(transaction: Transaction, counted: int, what: str) -> None:
    """Raise `ExchangeError` where CTT01 is sent and is not the line count: a line may be lost."""
    total = find_segment(transaction.segments, "CTT")
    if total is None:
        return
    stated = total.element(1)
    if not (stated.isascii() and stated.isdigit() and Decimal(stated) == counted):
        raise ExchangeError(
            f"{total.place_of(1)}: states {shorten(stated, 40)!r} {what}, but {counted} found"
        )


def is_cancellation(segment: Segment, number: int) -> bool:
    """Return whether the purpose code (element 353) cancels an earlier transaction."""
    return segment.element(number) in _CANCELLATIONS


def reference(segments: Sequence[Segment], qualifier: str) -> str | None:
    """Return REF02 of the first REF with that qualifier."""
    return next(
        (
            segment.element(2)
            for segment in segments
            if segment.name == "REF" and segment.element(1) == qualifier
        ),
        None,
    )
