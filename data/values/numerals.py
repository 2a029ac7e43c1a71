"""Parsing of printed numbers: every defensible reading of a text as Decimal, best first.

A separator followed by three digits can group or can be the decimal mark ("1.000"): without the
document's format both readings are returned, each with its share of probability. The shares are
priors for ranking, not measured rates; arithmetic (`data.values.document_values`) and calibration
decide between them. A reading that only an OCR slip explains ("1O,5O") is returned flagged
`repaired`, below every literal one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Literal

from data.values.currencies import is_currency_mark
from data.values.number_marks import (
    is_beside_rule,
    is_closed_up,
    is_product,
    plain_marks,
    printed_decimals,
    split_sum,
    without_frame,
    without_letter,
)
from data.values.units import price_bases, resolve_unit

DecimalMark = Literal[".", ","]

MAX_LENGTH = 48  # characters; longer text is prose
MAX_DIGITS = 18  # an SSCC has 18; no billed amount has more digits

GROUPED_SHARE = 0.55  # "1.000" without a format: thousand rather than one with three decimals
REPAIRED_SHARE = 0.05  # an OCR slip although the text reads as it stands
REPAIRED_ONLY = 0.6  # an OCR slip as the only explanation
OFF_FORMAT = 0.7  # the only reading contradicts the document's format
SPACED_SHARE = 0.9  # "5 100" may be two cells
CUT_SHARE = 0.8  # "12." may have lost its decimals
LETTER_SHARE = 0.9  # "12,00 A": a tax rate's letter, or a code's
RULE_SHARE = 0.65  # "|5.00": a table rule, or a 1
CURRENCY_SHARE = 0.95  # three decimals as the printed currency has them ("1.250 BHD"), or not
CLOSED_UP_SHARE = 0.9  # "40. 00": one number, set with a space
SUM_HOLDS_SHARE = 0.98  # "28 x 2 x 190 = 10,640"
SUM_FAILS_SHARE = 0.4  # "2 x 5 = 11"
TWO_SIGNS_SHARE = 0.75  # "-(5.00)": negative twice over, or a negative credit


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A document's number format: its decimal mark and the group separators it may use."""

    decimal: DecimalMark
    group: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.decimal not in (".", ",") or self.decimal in self.group:
            raise ValueError(
                f"the decimal mark must be '.' or ',' and not also a group separator, got "
                f"{self.decimal!r} with group separators {self.group!r}"
            )


@dataclass(frozen=True, slots=True)
class NumberReading:
    """One reading of a printed number.

    `decimal_mark` is the mark the reading assumes, None where every format reads the same ("12").
    `probability` is this reading's share (0..1); the readings of a text may sum to less than 1, the
    rest is the chance that it is none of them. `repaired`: characters were exchanged for those that
    OCR confuses them with.
    """

    value: Decimal
    decimal_mark: DecimalMark | None
    probability: float = 1.0
    repaired: bool = False
    group: str | None = None

    def fits(self, number_format: NumberFormat) -> bool:
        """Return whether a document of that format would print this value in this way."""
        return self.decimal_mark in (None, number_format.decimal) and (
            self.group is None or self.group in number_format.group
        )


@dataclass(frozen=True, slots=True)
class PrintedPrice:
    """A price text split from its base: "4,50 / 100 Stk" is "4,50", bases (100,), unit "Stk".

    `bases` are the quantities the price can be meant for (several when "M" may be a metre or a
    thousand), () when no base is printed.
    """

    text: str
    bases: tuple[Decimal, ...] = ()
    unit: str | None = None


# Letters OCR reads for digits. The second set is believed only beside a decimal mark: "B12" and
# "10S" are codes.
_SLIPS = str.maketrans("OoQlI|SsBZzG", "000111558226")
_PLAIN_SLIPS = frozenset("OoQlI|")
_SLIP_CORE = re.compile(r"[\dOoQlI|SsBZzG.,' ]+")
_CORE = re.compile(r"[\d.,' ]*\d[\d.,' ]*", re.ASCII)
_SEPARATOR = re.compile(r"([.,' ])")
_NO_CENTS = re.compile(r"(?<=\d)([.,])\s?-{1,3}$")  # "12,-" and "12.--": no cents, not a minus
_LEADING_WORD = re.compile(r"[^\d.,'()<>+\-\s%*~@/]+")
_TRAILING_WORD = re.compile(r"[^\d.,'()<>+\-\s%*~@/]+[²³]?\.?$")
_DOTTED = frozenset(
    {"rs", "fr", "sfr", "kr", "cr", "dr", "bs", "gs", "tk", "dhs", "kc"}
)  # abbreviations that take a dot
# Words behind an amount that say whether tax is in it
_TAX_WORDS = frozenset(
    {"ht", "ttc", "net", "nett", "netto", "brutto", "gross", "incl", "inkl", "excl", "exkl", "exc"}
)
_TIMES = frozenset({"x", "X", "×"})
_PER = re.compile(
    r"^(?P<price>.*\d.*?)\s*(?:/|\b(?:per|je|pro|par|por|ogni)\b)\s*"
    r"(?P<base>1[.,' ]?0+(?:[.,' ]?0{3})*|1|12|144)?\s*(?P<unit>[^\W\d_]+[²³]?)?\.?$"
)
_QUANTITY = re.compile(r"^(?P<number>[-+(]?\s?[\d.,][\d.,' ]*[-)]?)(?P<gap>\s*)(?P<unit>\D+?)$")
_UNIT_FIRST = re.compile(r"^(?P<unit>[^\W\d_]+\.?)\s+(?P<number>[-+]?\d[\d.,']*-?)$")
_MONEY_END = re.compile(r"\d[.,]\d\d\b\D*$")
_UNIT_WORD = re.compile(r"[^\W\d_][^\W\d_.]*[²³]?\.?")


@dataclass(frozen=True, slots=True)
class _BareNumber:
    """The rest of a text after removing signs, currency and unit."""

    core: str
    signs: int = 0  # number of marks that mean "negative"
    share: float = 1.0
    open_ended: bool = False  # one parenthesis of two


@lru_cache(maxsize=32768)
def read_number(text: str, number_format: NumberFormat | None = None) -> tuple[NumberReading, ...]:
    """Return all defensible readings of the text, best first; () when it is no number.

    With `number_format`, readings that fit it are the only ones; where none fits, the others stay
    with less probability. A trailing minus, parentheses and CR are negative, DR is not; a currency,
    a percent sign, a unit ("10Stk") and a printed price base ("4.50/100") are left out.

    >>> [(str(r.value), r.decimal_mark) for r in read_number("1.000")]
    [('1000', ','), ('1.000', '.')]
    """
    clean = plain_marks(text)
    if not clean or len(clean) > MAX_LENGTH or not any("0" <= char <= "9" for char in clean):
        return ()
    if (parts := split_sum(clean)) is not None:
        return _read_sum(parts[0], parts[1], number_format)
    exact, repaired = _literal_and_repaired(clean)
    share = 1 - RULE_SHARE if is_beside_rule(clean) else REPAIRED_SHARE
    if exact and repaired:
        exact = tuple(_scale(reading, 1 - share) for reading in exact)
        repaired = tuple(_scale(reading, share) for reading in repaired)
    elif repaired:
        share = CLOSED_UP_SHARE if is_closed_up(clean) else REPAIRED_ONLY
        repaired = tuple(_scale(reading, share) for reading in repaired)
    return _fit_to_format(exact, number_format) + _fit_to_format(repaired, number_format)


def _literal_and_repaired(
    clean: str,
) -> tuple[tuple[NumberReading, ...], tuple[NumberReading, ...]]:
    """Return the readings of the text as it stands, and those that an OCR slip explains."""
    price = split_price(without_frame(clean))
    bare = _strip_marks(price.text, units=True)
    exact = _read_core(bare) if bare is not None else ()
    if not exact:
        rest, is_cut = without_letter(price.text)
        bare = _strip_marks(rest, units=True) if is_cut else None
        letterless = _read_core(bare) if bare is not None else ()
        exact = tuple(_scale(reading, LETTER_SHARE) for reading in letterless)
    exact = _weigh_by_currency(exact, clean)
    text = clean if exact and is_beside_rule(clean) else price.text
    return exact, _read_repaired(text, {reading.value for reading in exact})


def _weigh_by_currency(readings: tuple[NumberReading, ...], text: str) -> tuple[NumberReading, ...]:
    """Return two readings weighed by the decimals of the printed currency: "1.250 BHD"."""
    decimals = printed_decimals(text) if len(readings) == 2 else None
    if decimals not in (0, 3) or {abs(_exponent(r.value)) for r in readings} != {0, 3}:
        return readings
    share = sum(reading.probability for reading in readings)
    weighed = [
        replace(r, probability=share * (fit if abs(_exponent(r.value)) == decimals else 1 - fit))
        for r in readings
        for fit in (CURRENCY_SHARE,)
    ]
    return tuple(sorted(weighed, key=lambda reading: -reading.probability))


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _read_sum(
    factors: tuple[str, ...], total: str, number_format: NumberFormat | None
) -> tuple[NumberReading, ...]:
    """Return the total of a product printed in one cell; surer where the product holds."""
    totals = read_number(total, number_format)
    choices = [[r.value for r in read_number(factor, number_format)] for factor in factors]
    products = list(product(*choices))
    holding = [r for r in totals if any(is_product(values, r.value) for values in products)]
    if holding:
        return tuple(replace(r, probability=SUM_HOLDS_SHARE / len(holding)) for r in holding)
    return tuple(_scale(reading, SUM_FAILS_SHARE) for reading in totals)


def split_quantity(text: str) -> tuple[str, str | None]:
    """Return number and unit of a quantity cell: "10Stk" -> ("10", "Stk"), "5" -> ("5", None).

    A unit glued to the number must be a known one ("A-123" and "10A7" stay whole); after a space
    any word is taken as printed, except a currency.
    """
    clean = plain_marks(text)
    match = _QUANTITY.match(clean) or _UNIT_FIRST.match(clean)
    if match is None or not any("0" <= char <= "9" for char in match["number"]):
        return text.strip(), None
    unit = match["unit"].strip()
    known = unit in _TIMES or bool(resolve_unit(unit))
    spaced = match.re is _QUANTITY and bool(match["gap"] or match["number"].endswith(" "))
    word = bool(_UNIT_WORD.fullmatch(unit)) and not is_currency_mark(unit)
    if known or (spaced and word and unit.casefold() not in ("cr", "dr")):
        return match["number"].strip(), unit
    return text.strip(), None


@lru_cache(maxsize=8192)
def split_price(text: str) -> PrintedPrice:
    """Return a price split from the base printed behind it ("4.50/C", "12,50 per 1000")."""
    match = _PER.match(text) if len(text) <= MAX_LENGTH else None
    if match is None or not (match["base"] or match["unit"]):
        return PrintedPrice(text)
    unit = match["unit"]
    if unit is not None and not resolve_unit(unit):
        return PrintedPrice(text)
    if match["base"]:
        bases: tuple[Decimal, ...] = (Decimal(re.sub(r"\D", "", match["base"])),)
    else:
        bases = price_bases(unit or "")
    return PrintedPrice(match["price"], bases, unit)


def _read_core(bare: _BareNumber) -> tuple[NumberReading, ...]:
    if not _CORE.fullmatch(bare.core):
        return ()
    readings = sorted(_plain_readings(bare.core), key=lambda reading: -reading.probability)
    return tuple(
        replace(reading, value=value, probability=reading.probability * bare.share * share)
        for reading in readings
        for value, share in _signed_values(reading.value, bare)
    )


def _signed_values(value: Decimal, bare: _BareNumber) -> tuple[tuple[Decimal, float], ...]:
    if value == 0 or (bare.signs == 0 and not bare.open_ended):
        return ((value, 1.0),)
    if bare.open_ended:  # "(12.50" with its other half in the next word, or a stray stroke
        return ((-value, 0.5), (value, 0.5))
    if bare.signs == 1:
        return ((-value, 1.0),)
    return ((-value, TWO_SIGNS_SHARE), (value, 1 - TWO_SIGNS_SHARE))


def _plain_readings(core: str) -> Iterator[NumberReading]:
    """Yield the readings of plain digits and separators; their shares sum to 1."""
    pieces = _SEPARATOR.split(core)
    digits, separators = pieces[::2], pieces[1::2]
    if sum(map(len, digits)) > MAX_DIGITS or not all(digits[1:]):
        return
    if not separators:
        yield NumberReading(Decimal(core), None)
        return
    last, kinds = separators[-1], set(separators[:-1])
    whole_fits = len(digits) == 2 or (len(kinds) == 1 and _is_grouped(digits[:-1], separators[0]))
    is_decimal = last in ".," and last not in kinds and whole_fits
    is_grouped = len(set(separators)) == 1 and _is_grouped(digits, last)
    if is_grouped:
        mark: dict[str, DecimalMark] = {",": ".", ".": ","}
        share = GROUPED_SHARE if is_decimal else SPACED_SHARE if last == " " else 1.0
        yield NumberReading(Decimal("".join(digits)), mark.get(last), share, group=last)
    if is_decimal:
        value = Decimal("".join(digits[:-1]) + "." + digits[-1])
        group = separators[0] if len(separators) > 1 else None
        decimal_mark: DecimalMark = "." if last == "." else ","
        share = 1 - GROUPED_SHARE if is_grouped else SPACED_SHARE if group == " " else 1.0
        yield NumberReading(value, decimal_mark, share, group=group)


def _is_grouped(digits: list[str], separator: str) -> bool:
    """Return whether the digits are in groups of three, or of lakh and crore (1,23,456)."""
    first, rest = digits[0], digits[1:]
    if not 1 <= len(first) <= 3 or first[0] == "0":
        return False
    if all(len(group) == 3 for group in rest):
        return True
    lakh = separator == "," and len(first) <= 2 and len(rest) >= 2 and len(rest[-1]) == 3
    return lakh and all(len(group) == 2 for group in rest[:-1])


def _strip_marks(text: str, units: bool) -> _BareNumber | None:
    """Return the digits of a text with its signs counted; None when other text is among them."""
    core, signs, opened, closed, share = text.strip(), 0, 0, 0, 1.0
    while core and not (core[0].isdigit() and core[-1].isdigit()):
        before = core
        core = _NO_CENTS.sub(r"\g<1>00", core)
        if core[0] in "-+*~@%(<±≈":
            signs, opened = signs + (core[0] == "-"), opened + (core[0] in "(<")
            core = core[1:].lstrip()
        elif core[-1] in "-+*~%)>":
            signs, closed = signs + (core[-1] == "-"), closed + (core[-1] in ")>")
            core = core[:-1].rstrip()
        elif (stripped := _strip_word(core, units)) is not None:
            core, is_credit = stripped
            signs += is_credit
        elif core[-1] in ".,:;":
            core, share = core[:-1].rstrip(), CUT_SHARE
        if core == before:
            break
    if not core or opened > 1 or closed > 1 or ("+" in text and " " in core):
        return None  # the last: "+49 89 123" is a telephone number
    return _BareNumber(core, signs + (opened and closed), share, open_ended=opened != closed)


def _strip_word(text: str, units: bool) -> tuple[str, bool] | None:
    """Return the text without one outer currency, CR, DR or unit, and whether it was CR."""
    if (match := _LEADING_WORD.match(text)) is not None:
        word, rest = match[0], text[match.end() :]
        folded = word.casefold()
        if folded in _DOTTED and rest.startswith("."):
            rest = rest[1:]
        if folded in ("cr", "dr") or word in _TIMES or is_currency_mark(word):
            return rest.lstrip(), folded == "cr"
    if (match := _TRAILING_WORD.search(text)) is not None and match.start() > 0:
        word, rest = match[0], text[: match.start()].rstrip()
        folded = word.rstrip(".").casefold()
        if folded in ("cr", "dr") or word in _TIMES or is_currency_mark(word):
            return rest, folded == "cr"
        if (units and resolve_unit(word)) or (folded in _TAX_WORDS and _MONEY_END.search(rest)):
            return rest, False
    return None


def _read_repaired(text: str, known: set[Decimal]) -> tuple[NumberReading, ...]:
    """Return readings of the text with likely OCR slips corrected, except the `known` values."""
    bare = _strip_marks(text, units=False)
    if bare is None or not _SLIP_CORE.fullmatch(bare.core):
        return ()
    cores = []
    slips = sum(char.isalpha() or char == "|" for char in bare.core)
    plain = slips == 0 or set(bare.core) <= _PLAIN_SLIPS | set("0123456789.,' ")
    believable = slips <= len(bare.core) / 2 and (plain or re.search("[.,]", bare.core))
    closed_up = re.sub(r"\s*([.,])\s*", r"\1", bare.core.translate(_SLIPS))
    if believable and closed_up != bare.core:
        cores.append(closed_up)
    if slips == 0 and (match := re.fullmatch(r"(\d+(?:([.,])\d{3})+)\2(\d\d?)", bare.core)):
        other = "," if match[2] == "." else "."  # "1.234.56": the last mark was misread
        cores.append(f"{match[1]}{other}{match[3]}")
    readings = (reading for core in cores for reading in _read_core(replace(bare, core=core)))
    new_readings = tuple(replace(r, repaired=True) for r in readings if r.value not in known)
    return tuple(_scale(reading, 1 / max(1, len(cores))) for reading in new_readings)


def _fit_to_format(
    readings: tuple[NumberReading, ...], number_format: NumberFormat | None
) -> tuple[NumberReading, ...]:
    if number_format is None or not readings:
        return readings
    fitting = tuple(reading for reading in readings if reading.fits(number_format))
    if not fitting:
        return tuple(_scale(reading, OFF_FORMAT) for reading in readings)
    share = sum(reading.probability for reading in readings)
    fitting_share = sum(reading.probability for reading in fitting)
    return tuple(_scale(reading, share / fitting_share) for reading in fitting)


def _scale(reading: NumberReading, factor: float) -> NumberReading:
    return replace(reading, probability=min(1.0, reading.probability * factor))
