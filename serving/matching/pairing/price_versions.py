"""Versions of an ordered price: the one that counts on the day the contract names.

The order's day is known; the day of shipment is the one on packing slip and bill of lading, else
some day from the order to the last receipt. Where the days that are possible have different prices,
none is taken: the line's price is unknown, and all are stated.
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

    def with_price_note(self, standing: Standing) -> Standing:
        """Return the standing with the note and the doubt about its price."""
        note, doubt = self.notes.get(standing.key), self.doubts.get(standing.key)
        if note is doubt is None:
            return standing
        return replace(standing, price_note=note, price_doubt=doubt)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that may decide the price, both ends included; None: that end is not known."""

    first: date | None
    last: date | None
    name: str
    agreed: bool = True

    def reason_for(self, priced: OrderLine) -> str:
        """Return a sentence with the price that counts, and why."""
        price = "none" if priced.unit_price is None else price_text(priced.unit_price)
        if priced.price_base_quantity != 1:
            price += f" per {priced.price_base_quantity}"
        if not self.agreed:
            days = f"{self.first} to {self.last}"
            return f"No pricing day is agreed; from order to receipt, {days}, it is always {price}."
        return f"The price on {self.span} was agreed: {price} applies."

    @property
    def span(self) -> str:
        ends = [str(day) for day in (self.first, self.last) if day is not None]
        if len(ends) < 2:
            return f"{self.name} is not known"
        return f"{self.name} {' to '.join(dict.fromkeys(ends))}"


def prices_in_force(
    data: OrderData, documents: Sequence[ExtractedDocument], minimum: float
) -> PricesInForce:
    """Return every line at the price that counts.

    Days on `documents` count where they were read with at least the `minimum` confidence.
    """
    shipped, unsure = _ship_days(documents, minimum)
    lines, notes, doubts = list[OrderLine](), dict[str, str](), dict[str, str]()
    for line in data.order.lines:
        if not line.price_versions:
            lines.append(line)
            continue
        days = _pricing_days(line, data, [] if unsure else shipped)
        possible = _possible_versions(line, days)
        stated_prices = f"The order's prices are {_prices_text(line)}"
        if len({_price_per_unit(line, version) for version in possible}) == 1:
            lines.append(_line_at_version(line, possible[0]))
            notes[line_key(line)] = f"{stated_prices}. {days.reason_for(lines[-1])}"
        else:
            lines.append(replace(line, unit_price=None))
            doubts[line_key(line)] = f"{stated_prices}; which one applies is open: {days.span}"
    order = replace(data.order, lines=tuple(lines))
    return PricesInForce(replace(data, order=order), notes, doubts)


def _ship_days(documents: Sequence[ExtractedDocument], minimum: float) -> tuple[list[date], bool]:
    """Return the days of shipment on papers, and whether one was not read surely."""
    days, unsure = [], False
    for document in documents:
        leaf = document.fields.get("ship_date")
        if document.document_type.value in _SHIPPING_PAPERS and leaf is not None:
            if isinstance(leaf.value, date) and leaf.confidence >= minimum:
                days.append(leaf.value)
            else:
                unsure = True
    return days, unsure


def _pricing_days(line: OrderLine, data: OrderData, shipped: Sequence[date]) -> _Days:
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
        return _Days(
            ordered,
            last,
            "the pricing day is not agreed, and the period from order to shipment",
            agreed=False,
        )
    return _Days(first, last, "the ship date")


def _version_on(line: OrderLine, day: date) -> PriceVersion | None:
    """Return the latest version that holds on the day; None: the line's own price."""
    holding = [
        version
        for version in line.price_versions
        if (version.valid_from is None or version.valid_from <= day)
        and (version.valid_to is None or day <= version.valid_to)
    ]
    return max(holding, key=lambda version: version.valid_from or date.min, default=None)


def _possible_versions(line: OrderLine, days: _Days) -> list[PriceVersion | None]:
    """Return the versions that may hold on the days; all of them where an end is not known."""
    if days.first is None or days.last is None:
        return [None, *line.price_versions]
    turns = {days.first, days.last}
    for version in line.price_versions:
        turns |= {version.valid_from} if version.valid_from else set()
        turns |= {version.valid_to + timedelta(days=1)} if version.valid_to else set()
    inside = sorted(day for day in turns if days.first <= day <= days.last)
    return [_version_on(line, day) for day in inside] or [_version_on(line, days.first)]


def _price_per_unit(line: OrderLine, version: PriceVersion | None) -> Fraction | None:
    """Return the price of one unit in a version."""
    priced = _line_at_version(line, version)
    if priced.unit_price is None:
        return None
    return Fraction(priced.unit_price) / Fraction(priced.price_base_quantity)


def _line_at_version(line: OrderLine, version: PriceVersion | None) -> OrderLine:
    if version is None:
        return line
    base = version.price_base_quantity or line.price_base_quantity
    return replace(line, unit_price=version.unit_price, price_base_quantity=base)


def _prices_text(line: OrderLine) -> str:
    line_price = [] if line.unit_price is None else [price_text(line.unit_price)]
    return ", ".join([*line_price, *(_version_text(version) for version in line.price_versions)])


def _version_text(version: PriceVersion) -> str:
    base = version.price_base_quantity
    per = "" if base in (None, 1) else f" per {base}"
    start = f" from {version.valid_from}" if version.valid_from else ""
    end = f" to {version.valid_to}" if version.valid_to else ""
    return f"{price_text(version.unit_price)}{per}{start}{end}"
