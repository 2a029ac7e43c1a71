"""Units of measure: printed words and codes to UNECE codes, exact conversion, GTIN check.

Code lists clash: "CA" is a case in X12 355 and a can in UNECE Rec 21; "M" is a metre or, on US
invoices, a thousand. Such a text resolves to several units, and a conversion that depends on which
one is meant gives None: the quantity is then not comparable, which is not the same as different.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from data.order_records import UnitCodeList as CodeList
from data.values.unit_codes import PRICE_BASIS, UNECE_RETIRED, UNITS, X12


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure by its UNECE Rec 20 code, or Rec 21 code with the prefix X.

    `factor` is the number of the dimension's own unit (article, kilogram, metre, square metre,
    litre, second, day, kilowatt hour) that it holds; None for packages, sets and services.
    """

    code: str
    name: str
    dimension: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class _Measure:
    """A factor within a dimension; a package of unknown content is a dimension of its own."""

    dimension: str
    factor: Decimal
    unknown_content: bool = False


@lru_cache(maxsize=4096)
def resolve_unit(text: str, code_list: CodeList | None = None) -> tuple[Unit, ...]:
    """Return the units the text can mean, most usual first; () when it is no unit.

    `code_list` is the list the document's codes come from, where that is known. It is tried first;
    a text that is not in it is read as a printed word.

    >>> [unit.code for unit in resolve_unit("CA")], [u.code for u in resolve_unit("CA", "x12")]
    (['XCS', 'XCA'], ['XCS'])
    """
    by_code, by_word = _tables()
    word = text.strip().rstrip(".")
    upper = word.upper()
    if code_list == "x12" and upper in X12:
        return (by_code[X12[upper]],)
    if word == upper and upper in by_code:
        return (by_code[upper],)
    if code_list == "unece" and f"X{upper}" in by_code:
        return (by_code[f"X{upper}"],)
    units = by_word.get(_fold(word), ()) + by_word.get(f"={word}", ())
    return tuple(dict.fromkeys(units)) or tuple(filter(None, [by_code.get(upper)]))


def code_in_force(code: str, code_list: CodeList) -> str:
    """Return the UNECE code of a unit code from that list; longer texts are words and stay.

    A code missing from our tables is prefixed with the name of its list, so that it resolves to no
    unit rather than to the meaning of the same letters in print: X12's CL is a cylinder, on paper
    "cl" is a centilitre.

    >>> code_in_force("CA", "x12"), code_in_force("CA", "unece"), code_in_force("CL", "x12")
    ('XCS', 'XCA', 'x12 CL')
    """
    by_code, _ = _tables()
    word = code.strip()
    if code_list == "x12":
        longest, held = 2, X12.get(word)
    else:
        longest, held = 3, UNECE_RETIRED.get(word)
        held = held or next((c for c in (word, f"X{word}") if c in by_code), None)
    if held is not None:
        return held
    is_code = len(word) <= longest and word.isalnum() and word == word.upper()
    return f"{code_list} {word}" if is_code else word


def price_bases(unit: str) -> tuple[Decimal, ...]:
    """Return the quantities that a price per this unit can be for: "C" 100, "M" 1 or 1000.

    Also reads X12 element 639 (HP hundred, TP thousand, PN ten, PD dozen, PE each). Packages give
    1: a price per case is a price of one case. () for an unknown unit.
    """
    if (basis := PRICE_BASIS.get(unit.strip().upper())) is not None:
        return (Decimal(basis),)
    units = resolve_unit(unit)
    bases = (u.factor if u.dimension == "count" and u.factor else Decimal(1) for u in units)
    return tuple(dict.fromkeys(bases))


def convert(
    quantity: Decimal,
    unit: str,
    to: str,
    pack_factors: Mapping[str, Decimal],
    code_list: CodeList | None = None,
) -> Decimal | None:
    """Return the quantity in the unit `to`; None without a known factor or for ambiguous units.

    `pack_factors` maps a package to the base units it holds ({"CS": 12}). The base unit is the one
    with the factor 1 where the mapping names it, else single articles.

    >>> convert(Decimal(10), "CS", "EA", {"CS": Decimal(12)})
    Decimal('120')
    """
    ratio = _ratio(unit, to, pack_factors, _stated_base(pack_factors), code_list)
    return None if ratio is None else quantity * ratio[0] / ratio[1]


def factor_to_base(
    unit: str | None,
    base_unit: str | None,
    pack_factors: Mapping[str, Decimal],
    code_list: CodeList | None = None,
) -> Decimal | None:
    """Return the number of base units that one `unit` holds; None when it is not known.

    Pack factors count `base_unit` here, unless the mapping itself gives the base unit a factor.
    Two unstated units are taken as the same one (1); one stated and one not give None. A factor
    such as 1/12 is rounded to the 28 digits of the Decimal context: convert quantities with
    `convert`, which divides last.
    """
    if unit is None or base_unit is None:
        return Decimal(1) if unit is None and base_unit is None else None
    base = _stated_base(pack_factors)
    if base is None and _listed_factor(base_unit, pack_factors) is None:
        base = base_unit
    ratio = _ratio(unit, base_unit, pack_factors, base, code_list)
    return None if ratio is None else ratio[0] / ratio[1]


def normalise_gtin(text: str) -> str | None:
    """Return the 14-digit form of a GTIN-8, -12, -13 or -14; None on a wrong check digit."""
    digits = re.sub(r"[\s\-]", "", text)
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits, re.ASCII) or not digits.strip("0"):
        return None
    digits = digits.zfill(14)
    weighted = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(digits))
    return digits if weighted % 10 == 0 else None


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Unit], dict[str, tuple[Unit, ...]]]:
    """Return the units by code, and by printed word."""
    by_code: dict[str, Unit] = {}
    by_word: dict[str, tuple[Unit, ...]] = {}
    for code, name, dimension, factor, words in UNITS:
        unit = Unit(code, name, dimension, Decimal(factor) if factor else None)
        by_code[code] = unit
        for word in words.split():
            by_word[word] = (*by_word.get(word, ()), unit)
    return by_code, by_word


def _fold(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in letters if char.isalnum())


def _listed_factor(text: str, pack_factors: Mapping[str, Decimal]) -> Decimal | None:
    """Return the factor listed under exactly this text, whichever unit it means."""
    folded = _fold(text)
    return next((f for key, f in pack_factors.items() if _fold(key) == folded), None)


def _stated_base(pack_factors: Mapping[str, Decimal]) -> str | None:
    return next((key for key, factor in pack_factors.items() if factor == 1), None)


def _ratio(
    unit: str,
    to: str,
    pack_factors: Mapping[str, Decimal],
    base: str | None,
    code_list: CodeList | None,
) -> tuple[Decimal, Decimal] | None:
    """Return numerator and denominator of unit/to, where all meanings of both texts agree."""
    if any(factor <= 0 for factor in pack_factors.values()):
        raise ValueError(f"pack factors must be above 0, got {dict(pack_factors)}")
    if _fold(unit) == _fold(to):
        return Decimal(1), Decimal(1)
    single_article = _Measure("count", Decimal(1))
    bases = (
        [single_article]
        if base is None
        else [_standard_measure(u) for u in resolve_unit(base, code_list)]
    )
    ratios: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for basis in bases or [_Measure(f"package {base}", Decimal(1))]:
        for source in _possible_measures(unit, pack_factors, basis, code_list):
            for target in _possible_measures(to, pack_factors, basis, code_list):
                if source.dimension == target.dimension:
                    ratio = source.factor / target.factor
                    ratios[ratio] = (source.factor, target.factor)
                elif _can_hold(source, target) or _can_hold(target, source):
                    return None
    return next(iter(ratios.values())) if len(ratios) == 1 else None


def _possible_measures(
    text: str, pack_factors: Mapping[str, Decimal], basis: _Measure, code_list: CodeList | None
) -> Iterable[_Measure]:
    """Return each meaning of a unit text as a factor within a dimension."""
    if (factor := _listed_factor(text, pack_factors)) is not None:
        return (_Measure(basis.dimension, factor * basis.factor),)
    listed = {
        units[0].code: factor
        for key, factor in pack_factors.items()
        if len(units := resolve_unit(key, code_list)) == 1
    }
    return tuple(
        _Measure(basis.dimension, listed[unit.code] * basis.factor)
        if unit.code in listed
        else _standard_measure(unit)
        for unit in resolve_unit(text, code_list)
    )


def _standard_measure(unit: Unit) -> _Measure:
    if unit.factor is None:
        return _Measure(f"package {unit.code}", Decimal(1), unknown_content=True)
    return _Measure(unit.dimension, unit.factor)


def _can_hold(package: _Measure, content: _Measure) -> bool:
    """Return whether a package of unknown content may hold this: articles or another package."""
    return package.unknown_content and (content.unknown_content or content.dimension == "count")
