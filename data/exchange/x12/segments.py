"""X12 interchanges split into segments and transactions; envelope counts and numbers checked.

The delimiters are the interchange's own: they are at fixed positions of its ISA segment, which has
fixed widths (X12.5). The content of elements is not interpreted here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.exchange.wire.errors import ExchangeError
from data.outside_data import shorten

_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ISA_LENGTH = 3 + sum(_ISA_WIDTHS) + len(_ISA_WIDTHS) + 1  # with the segment terminator
_REPEATS_FROM = "00402"  # earlier releases have a "U" where the repetition separator stands
_NAME = re.compile(r"[A-Z][A-Z0-9]{1,2}", re.ASCII)
MAX_SEGMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one interchange; `repetition` is None in releases that have none."""

    element: str
    component: str
    segment: str
    repetition: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `elements[0]` is the first after the name. `place` names file and number."""

    name: str
    elements: tuple[str, ...]
    place: str

    def element(self, number: int) -> str:
        """Return element `number` (from 1, as the standard counts), "" where it was not sent."""
        return self.elements[number - 1].strip() if number <= len(self.elements) else ""

    def place_of(self, number: int) -> str:
        """Return the place of an element for messages, such as "po.x12: segment 7: PO102"."""
        return f"{self.place}: {self.name}{number:02d}"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction set without its envelope: `code` is ST01, such as "850"."""

    code: str
    control: str
    segments: tuple[Segment, ...]
    delimiters: Delimiters
    place: str

    def component(self, text: str) -> str:
        """Return the first component of a composite element."""
        return text.split(self.delimiters.component)[0].strip()


def read_transactions(text: str, where: str) -> tuple[Transaction, ...]:
    """Return every transaction set of a file of one or several interchanges.

    Raises `ExchangeError` naming segment and element for any contradiction to the envelopes.
    """
    transactions: list[Transaction] = []
    rest, number = text.lstrip("\ufeff \t\r\n"), 0
    while rest:
        delimiters = read_delimiters(rest, where)
        segments, rest = _interchange(rest, delimiters, where, number)
        number += len(segments)
        transactions += _transactions(segments, delimiters)
    if not transactions:
        raise ExchangeError(f"{where}: has no transaction set")
    return tuple(transactions)


def read_delimiters(text: str, where: str) -> Delimiters:
    """Return the delimiters declared by the ISA segment at the head of the text."""
    if not text.startswith("ISA"):
        raise ExchangeError(
            f"{where}: begins with {text[:3]!r}, but an X12 interchange begins with 'ISA'"
        )
    if len(text) < _ISA_LENGTH:
        raise ExchangeError(
            f"{where}: ISA has {len(text)} characters, but its fixed length is {_ISA_LENGTH}"
        )
    element, segment = text[3], text[_ISA_LENGTH - 1]
    position = 3
    for number, width in enumerate(_ISA_WIDTHS, start=1):
        if text[position] != element:
            raise ExchangeError(
                f"{where}: ISA{number:02d} begins at character {position + 1} with "
                f"{text[position]!r}, expected the element separator {element!r}; "
                "ISA has fixed widths"
            )
        position += 1 + width
    component, version = text[_ISA_LENGTH - 2], text[84:89]
    repetition = text[82] if version >= _REPEATS_FROM and text[82] != "U" else None
    marks = [mark for mark in (element, component, segment, repetition) if mark is not None]
    wrong = [mark for mark in marks if mark.isalnum() or mark == " " or marks.count(mark) > 1]
    if wrong:
        raise ExchangeError(
            f"{where}: ISA declares {wrong[0]!r} as a delimiter; delimiters must be different "
            "characters and not letters, digits or spaces"
        )
    return Delimiters(element, component, segment, repetition)


def _interchange(
    text: str, delimiters: Delimiters, where: str, before: int
) -> tuple[list[Segment], str]:
    """Return the segments from ISA to IEA, and the rest of the file."""
    segments: list[Segment] = []
    start = 0
    breaks = "".join(sign for sign in "\r\n" if sign != delimiters.element)
    while True:
        end = text.find(delimiters.segment, start)
        place = f"{where}: segment {before + len(segments) + 1}"
        if end < 0:
            raise ExchangeError(f"{place}: the interchange ends without IEA; the file is cut off")
        raw = text[start:end].strip(breaks)
        start = end + 1
        name, *elements = raw.split(delimiters.element)
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise ExchangeError(f"{place}: {name[:10]!r} is not a segment name")
        segments.append(Segment(name, tuple(elements), place))
        if len(segments) > MAX_SEGMENTS:
            raise ExchangeError(f"{where}: more than {MAX_SEGMENTS} segments; split the file")
        if name == "IEA":
            return segments, text[start:].lstrip(" \t\r\n\x1a")


def _transactions(segments: Sequence[Segment], delimiters: Delimiters) -> Iterator[Transaction]:
    """Yield the transaction sets of one interchange, its envelopes checked."""
    isa, *enclosed, iea = segments
    _check_number(iea, 2, isa.element(13), "ISA13")
    groups = 0
    group: Segment | None = None
    start: int | None = None
    sets = 0
    for index, segment in enumerate(enclosed):
        if segment.name == "GS":
            _refuse_if(group is not None, segment, "a group begins inside another one")
            group, sets, groups = segment, 0, groups + 1
        elif segment.name == "GE":
            _refuse_if(group is None or start is not None, segment, "ends a group that is not open")
            _check_count(segment, 1, sets, "transaction sets")
            _check_number(segment, 2, group.element(6) if group else "", "GS06")
            group = None
        elif segment.name == "ST":
            _refuse_if(group is None or start is not None, segment, "begins outside a group")
            start, sets = index, sets + 1
        elif segment.name == "SE":
            _refuse_if(start is None, segment, "ends a transaction set that is not open")
            yield _transaction(enclosed[start or 0 : index + 1], delimiters)
            start = None
        else:
            _refuse_if(
                start is None and segment.name != "TA1", segment, "is outside any transaction set"
            )
    _refuse_if(
        group is not None or start is not None, iea, "a group or transaction set is not closed"
    )
    _check_count(iea, 1, groups, "groups")


def _transaction(segments: Sequence[Segment], delimiters: Delimiters) -> Transaction:
    head, *body, end = segments
    _check_count(end, 1, len(segments), "segments from ST to SE")
    _check_number(end, 2, head.element(2), "ST02")
    code, control = head.element(1), head.element(2)
    file = head.place.rpartition(": segment ")[0]
    return Transaction(code, control, tuple(body), delimiters, f"{file}: {code} {control}")


def _refuse_if(wrong: bool, segment: Segment, why: str) -> None:
    if wrong:
        raise ExchangeError(f"{segment.place}: {segment.name}: {why}")


def _check_count(segment: Segment, number: int, counted: int, what: str) -> None:
    stated = segment.element(number)
    if not (stated.isascii() and stated.isdigit() and Decimal(stated) == counted):
        raise ExchangeError(
            f"{segment.place_of(number)}: states {shorten(stated, 40)!r} {what}, "
            f"but {counted} found; the file is incomplete or was changed"
        )


def _check_number(segment: Segment, number: int, expected: str, expected_element: str) -> None:
    stated = segment.element(number)
    if stated.lstrip("0") != expected.lstrip("0"):
        raise ExchangeError(
            f"{segment.place_of(number)}: is {stated!r}, but {expected_element} is {expected!r}"
        )
