"""Which version of an ordered price counts, by the day that the contract names.

The order's day is known; the day of shipment is what packing slip and bill of lading say, else some
day from the order to the last receipt. Where the days that are possible have different prices, none
is taken: the line's price is unknown, and both are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from data.order_records import OrderData, OrderLine, PriceVersion
from data.records import ExtractedDocument
from serving.matching.findings.arithmetic import price_text
from serving.matching.pairing.order_line import Standing, line_key

_SHIPPING_PAPERS = frozenset({"packing_slip", "bill_of_lading"})


@dataclass(frozen=True, slots=True)
class PricesInForce:
    """Order data with every line at the price that counts, None where that is not known.

    `notes` and `doubts` are sentences by PO line key, for lines that have several prices.
    """

    data: OrderData
    notes: Mapping[str, str]
    doubts: Mapping[str, str]

    def noted(self, one: Standing) -> Standing:
        """The standing with what is said of its price."""
        note, doubt = self.notes.get(one.key), self.doubts.get(one.key)
        return one if note is doubt is None else replace(one, price_note=note, price_doubt=doubt)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that may pick a price, both ends included; None: nobody knows that end."""

    first: date | None
    last: date | None
    what: str
    agreed: bool = True

    def why(self, priced: OrderLine) -> str:
        """Which price counts, and why."""
        price = "none" if priced.unit_price is None else price_text(priced.unit_price)
        if priced.price_base_quantity != 1:
            price += f" per {priced.price_base_quantity}"
        if not self.agreed:
            days = f"{self.first} to {self.last}"
            return f"No day is agreed; on all days from order to receipt, {days}, it is {price}."
        return f"Agreed is the price at {self.told}: {price} counts."

    @property
    def told(self) -> str:
        ends = [str(day) for day in (self.first, self.last) if day is not None]
        if len(ends) < 2:
            return f"{self.what} is not known"
        return f"{self.what} {' to '.join(dict.fromkeys(ends))}"


def prices_in_force(
    data: OrderData, documents: Sequence[ExtractedDocument], least: float
) -> PricesInForce:
    """Every line at its price; days on `documents` count that were read as surely as `least`."""
    shipped, unsure = _ship_days(documents, least)
    lines, notes, doubts = list[OrderLine](), dict[str, str](), dict[str, str]()
    for line in data.order.lines:
        if not line.price_versions:
            lines.append(line)
            continue
        days = _days(line, data, [] if unsure else shipped)
        possible = _possible(line, days)
        told = f"The order's prices are {_listed(line)}"
        if len({_each(line, one) for one in possible}) == 1:
            lines.append(_at(line, possible[0]))
            notes[line_key(line)] = f"{told}. {days.why(_at(line, possible[0]))}"
        else:
            lines.append(replace(line, unit_price=None))
            doubts[line_key(line)] = f"{told}; which one counts is open: {days.told}"
    order = replace(data.order, lines=tuple(lines))
    return PricesInForce(replace(data, order=order), notes, doubts)


def _ship_days(documents: Sequence[ExtractedDocument], least: float) -> tuple[list[date], bool]:
    """(days of shipment on papers, whether one was not read surely)."""
    days, unsure = [], False
    for document in documents:
        leaf = document.fields.get("ship_date")
        if document.document_type.value in _SHIPPING_PAPERS and leaf is not None:
            if isinstance(leaf.value, date) and leaf.confidence >= least:
                days.append(leaf.value)
            else:
                unsure = True
    return days, unsure


def _days(line: OrderLine, data: OrderData, shipped: Sequence[date]) -> _Days:
    ordered = data.order.order_date
    if line.price_date == "order_date":
        return _Days(ordered, ordered, "the order date")
    came = [
        receipt.received_at
        for receipt in data.receipts
        for event in receipt.lines
        if event.po_line_number == line.po_line_number
    ]
    known = [day for day in came if day is not None]
    last = max(known) if known and len(known) == len(came) else None
    first = ordered
    if shipped:
        first, last = min(shipped), max(shipped)
    if line.price_date is None:
        return _Days(ordered, last, "no day is agreed, and order and shipment are", agreed=False)
    return _Days(first, last, "the ship date")


def _at_day(line: OrderLine, day: date) -> PriceVersion | None:
    """The version that began last of those that hold on the day; None: the line's own price."""
    holding = [
        one
        for one in line.price_versions
        if (one.valid_from is None or one.valid_from <= day)
        and (one.valid_to is None or day <= one.valid_to)
    ]
    return max(holding, key=lambda one: one.valid_from or date.min, default=None)


def _possible(line: OrderLine, days: _Days) -> list[PriceVersion | None]:
    """What may hold on the days; all there is where an end is not known."""
    if days.first is None or days.last is None:
        return [None, *line.price_versions]
    turns = {days.first, days.last}
    for one in line.price_versions:
        turns |= {one.valid_from} if one.valid_from else set()
        turns |= {one.valid_to + timedelta(days=1)} if one.valid_to else set()
    inside = sorted(day for day in turns if days.first <= day <= days.last)
    return [_at_day(line, day) for day in inside] or [_at_day(line, days.first)]


def _each(line: OrderLine, version: PriceVersion | None) -> Fraction | None:
    """The price of one unit in a version."""
    priced = _at(line, version)
    if priced.unit_price is None:
        return None
    return Fraction(priced.unit_price) / Fraction(priced.price_base_quantity)


def _at(line: OrderLine, version: PriceVersion | None) -> OrderLine:
    if version is None:
        return line
    base = version.price_base_quantity or line.price_base_quantity
    return replace(line, unit_price=version.unit_price, price_base_quantity=base)


def _listed(line: OrderLine) -> str:
    own = [] if line.unit_price is None else [price_text(line.unit_price)]
    return ", ".join([*own, *(_version(one) for one in line.price_versions)])


def _version(one: PriceVersion) -> str:
    base = one.price_base_quantity
    per = "" if base in (None, 1) else f" per {base}"
    start = f" from {one.valid_from}" if one.valid_from else ""
    end = f" to {one.valid_to}" if one.valid_to else ""
    return f"{price_text(one.unit_price)}{per}{start}{end}"
