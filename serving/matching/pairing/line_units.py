"""One unit of measure per PO line, in which everything on that line is compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.order_records import OrderLine, UnitCodeList
from data.values.units import convert

# How the readers of EDI and UBL mark a code that is missing from their list.
_LIST_NAMES = ("unece ", "x12 ")


def base_unit(line: OrderLine) -> str | None:
    """Return the unit that pack factors count: factor 1, else the line's own unit, else eaches."""
    return line.base_unit


def _plain(unit: str) -> str:
    """Return a unit without the name of a code list: one word on both sides is one unit."""
    for name in _LIST_NAMES:
        unit = unit.removeprefix(name)
    return unit.strip().casefold()


@dataclass(frozen=True, slots=True)
class LineUnits:
    """Conversion into the unit `name` of one PO line. `name` None: no unit is stated.

    `code_list` is the list that unit codes come from, where that is known.
    """

    line: OrderLine
    name: str | None
    code_list: UnitCodeList | None = None

    def size(self, unit: str | None) -> Fraction | None:
        """Return how many of the line's units one `unit` holds; None when no factor is known.

        A unit that is not stated is taken as the order's.
        """
        unit = unit or self.line.unit_code or self.name
        if unit is None or self.name is None or unit == self.name:
            return Fraction(1)
        if _plain(unit) == _plain(self.name):
            return Fraction(1)
        packs, codes = self._packs, self.code_list
        size = convert(Decimal(1), unit, self.name, packs, codes)
        back = convert(Decimal(1), self.name, unit, packs, codes)
        if size is None or back is None:
            return None
        # One of the two directions is a whole number as a rule: 1/12 has no decimal form.
        return Fraction(size) if len(str(size)) <= len(str(back)) else 1 / Fraction(back)

    @property
    def _packs(self) -> Mapping[str, Decimal]:
        """The factors of packs, the unit that they count among them."""
        packs, base = self.line.pack_factors, self.line.base_unit
        return packs if not packs or base is None else {base: Decimal(1), **packs}

    def quantity(self, quantity: Decimal, unit: str | None) -> Fraction | None:
        size = self.size(unit)
        return None if size is None else Fraction(quantity) * size

    def gross_price(self) -> Fraction | None:
        """Return the order's price per unit `name` before allowances; None as `ordered_price`."""
        size = self.size(self.line.price_unit_code)
        if self.line.unit_price is None or size is None:
            return None
        return Fraction(self.line.unit_price) / Fraction(self.line.price_base_quantity) / size

    def ordered_price(self) -> Fraction | None:
        """Return the order's net price per unit `name`; None when unstated or without a factor."""
        gross = self.gross_price()
        if gross is None or not self.line.allowances:
            return gross
        return gross - self.allowance_on(gross)

    def allowance_on(self, gross: Fraction) -> Fraction:
        """Return the order's allowances on a gross price per unit `name`."""
        if not self.line.allowances:
            return Fraction(0)
        size = self.size(self.line.price_unit_code) or Fraction(1)
        per_unit = Fraction(self.line.price_base_quantity) * size
        left = gross
        for allowance in self.line.allowances:
            # One after another: a second rate is on what the first one leaves.
            if allowance.rate is not None:
                left -= left * Fraction(allowance.rate) / 100
            else:
                left -= Fraction(allowance.amount or 0) / per_unit
        return gross - left


def line_units(
    line: OrderLine,
    used: Iterable[str | None],
    in_base: bool,
    code_list: UnitCodeList | None = None,
) -> LineUnits:
    """Return the unit to compare a PO line in: the order's own when all use it, else the base unit.

    `used` are the units of invoices and receipts; `in_base`: some quantity is known in base units
    only (earlier bills). Staying in cases when everything is in cases keeps the numbers
    those a person sees on the paper. Goods paid by weight are compared in the unit of their price.
    """
    if line.catch_weight and line.price_unit_code is not None:
        return LineUnits(line, line.price_unit_code, code_list)
    ordered_unit = line.unit_code
    stated = [unit for unit in (*used, line.price_unit_code) if unit is not None]
    if ordered_unit is None:
        return LineUnits(line, base_unit(line) or next(iter(stated), None), code_list)
    ordered_units = LineUnits(line, ordered_unit, code_list)
    base = base_unit(line)
    if all(ordered_units.size(unit) == 1 for unit in {*stated}) and not (
        in_base and ordered_units.size(base) != 1
    ):
        return ordered_units
    return LineUnits(line, base, code_list)
