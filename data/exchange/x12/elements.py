"""X12 elements as values: numbers, days, units, price bases, product identifiers, parties.

Code lists: element 355 units, 639 basis of unit price, 235 product qualifiers, 98 parties.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.wire_values import iso_day, wire_number
from data.exchange.x12.segments import Segment, Transaction
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


def needed(segment: Segment, number: int) -> str:
    """The element, which has to be there."""
    text = segment.element(number)
    if not text:
        raise ExchangeError(f"{segment.at(number)}: is missing and has to be given")
    return text


def number_at(segment: Segment, number: int) -> str | None:
    """The decimal string of an element of type R (decimal point as sent)."""
    text = segment.element(number)
    if not text:
        return None
    value = wire_number(text)
    if value is None:
        raise ExchangeError(f"{segment.at(number)}: want a decimal with a point, got {text!r}")
    return value


def needed_number(segment: Segment, number: int) -> str:
    needed(segment, number)
    return number_at(segment, number) or ""


def cents_at(segment: Segment, number: int) -> str | None:
    """The decimal string of an element of type N2: two implied decimals, no point."""
    text = segment.element(number)
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ExchangeError(
            f"{segment.at(number)}: want cents as a whole number (type N2), got {text!r}"
        )
    return format(Decimal(text).scaleb(-2), "f")


def day_at(segment: Segment, number: int) -> str | None:
    """The ISO date of CCYYMMDD, or of YYMMDD as releases before 4010 have it (1980 to 2079)."""
    text = segment.element(number)
    if not text:
        return None
    long = f"{'19' if text >= '80' else '20'}{text}" if len(text) == 6 else text
    day = iso_day(long, "%Y%m%d") if len(long) == 8 else None
    if day is None:
        raise ExchangeError(f"{segment.at(number)}: want a day CCYYMMDD, got {text!r}")
    return day


def unit_at(transaction: Transaction, segment: Segment, number: int) -> str | None:
    """The unit code of an element 355, alone or first in a composite, as our tables know it."""
    code = transaction.component(segment.element(number))
    return code_in_force(code, "x12") if code else None


def article_at(segment: Segment, first: int) -> dict[str, str]:
    """Identifiers by our names from pairs of qualifier and number, `first` being a qualifier.

    Also `po_line_number` and `po_number` where the pairs hold them.
    """
    pairs = {
        segment.element(at): segment.element(at + 1)
        for at in range(first, len(segment.elements) + 1, 2)
        if segment.element(at + 1)
    }
    found = {
        name: next((pairs[code] for code in qualifiers if code in pairs), None)
        for name, qualifiers in _ARTICLE_QUALIFIERS.items()
    }
    return {name: text for name, text in found.items() if text}


def description(segments: Sequence[Segment]) -> str | None:
    """What the PID segments of a loop say, in one text."""
    return (
        " ".join(text for one in segments if one.name == "PID" and (text := one.element(5))) or None
    )


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price per `base` units; `per_article`: of a package, it is for single articles.

    `doubt` says why it cannot be compared, "" where it can.
    """

    amount: str
    base: str | None = None
    per_article: bool = False
    doubt: str = ""


def price_at(segment: Segment, number: int, unit: str | None) -> Price | None:
    """The price of an element with its basis (element 639), which follows it.

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
        return Price(amount, doubt=f"how many units its basis {code!r} (639) is for is not known")
    packed = unit is not None and (unit in _COUNTED or unit.startswith("X")) and unit not in _SINGLE
    return Price(amount, base, packed)


def pack_factor(segments: Sequence[Segment], unit: str | None) -> str | None:
    """How many articles the ordered package holds, by PO4: packs in it times articles in a pack."""
    found = next((one for one in segments if one.name == "PO4"), None)
    if found is None or unit is None or not unit.startswith("X"):
        return None
    packs, inner = number_at(found, 1), number_at(found, 14)
    if packs is None:
        return None
    factor = Decimal(packs) * Decimal(inner or "1")
    return format(factor, "f") if factor > 0 else None


@dataclass(frozen=True, slots=True)
class Party:
    name: str | None
    number: str | None


def parties(segments: Sequence[Segment]) -> dict[str, Party]:
    """Parties by element 98 (VN vendor, SE seller, SU supplier, BY buyer, ...)."""
    return {
        one.element(1): Party(one.element(2) or None, one.element(4) or None)
        for one in segments
        if one.name == "N1"
    }


def vendor(segments: Sequence[Segment]) -> dict[str, str]:
    """`vendor_name` and `vendor_id` of the party that sells."""
    known = parties(segments)
    seller = next((known[code] for code in ("VN", "SE", "SU", "SF") if code in known), None)
    if seller is None:
        return {}
    found = {"vendor_name": seller.name, "vendor_id": seller.number}
    return {name: text for name, text in found.items() if text}


def loops(
    segments: Sequence[Segment], start: str, ends: frozenset[str] = frozenset({"CTT", "TDS"})
) -> Iterator[tuple[Segment, Sequence[Segment]]]:
    """(first segment, the others) of every loop that `start` begins."""
    begins = [index for index, one in enumerate(segments) if one.name == start]
    for index, following in pairwise([*begins, len(segments)]):
        inside = segments[index + 1 : following]
        stop = next((at for at, one in enumerate(inside) if one.name in ends), len(inside))
        yield segments[index], inside[:stop]


def heading(segments: Sequence[Segment], start: str) -> Sequence[Segment]:
    """The segments before the first loop that `start` begins."""
    stop = next((at for at, one in enumerate(segments) if one.name == start), len(segments))
    return segments[:stop]


def first(transaction: Transaction, name: str) -> Segment:
    """The transaction's beginning segment, which has to be there."""
    found = next((one for one in transaction.segments if one.name == name), None)
    if found is None:
        raise ExchangeError(f"{transaction.place}: has no {name} segment")
    return found


def check_line_count(transaction: Transaction, counted: int, what: str) -> None:
    """CTT01, where it is sent, must be the number of lines: a lost line looks like none billed."""
    total = next((one for one in transaction.segments if one.name == "CTT"), None)
    if total is None:
        return
    said = total.element(1)
    if not (said.isascii() and said.isdigit() and int(said) == counted):
        raise ExchangeError(f"{total.at(1)}: says {said!r} {what}, {counted} are there")


def is_cancellation(segment: Segment, number: int) -> bool:
    """Whether the purpose code (element 353) takes back what was sent before."""
    return segment.element(number) in _CANCELLATIONS


def reference(segments: Sequence[Segment], qualifier: str) -> str | None:
    """REF02 of the first REF with that qualifier."""
    return next(
        (one.element(2) for one in segments if one.name == "REF" and one.element(1) == qualifier),
        None,
    )
