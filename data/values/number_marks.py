"""Marks of printed numbers in one plain form: digits of every script, dashes, cents, currencies.

Only the writing changes, never the number: digits of other scripts become ASCII, "12⁵⁰" becomes
"12.50", "1,500/-" becomes "1,500". What stays open stays as printed, for `data.values.numerals`
to weigh.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from data.values.currencies import LETTER_CURRENCIES, read_currencies
from data.values.units import resolve_unit

_PLAIN = str.maketrans(
    {
        **dict.fromkeys(
            "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe58\ufe63\uff0d\u207b\u208b\u2796\u02d7"
            "\u2043",
            "-",
        ),
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
            "\u3000\t\n\r",
            " ",
        ),
        # The Arabic mark for thousands can be no decimal mark, as an apostrophe
        **dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4`\uff07\u066c", "'"),
        **dict.fromkeys("\u200b\u200e\u200f\u061c\u2060\ufeff", None),
        **dict.fromkeys("\u201a\uff0c\u060c", ","),
        **dict.fromkeys("\uff0e\u066b", "."),
        **dict.fromkeys("\u066a\uff05", "%"),
        "\uff08": "(",
        "\uff09": ")",
        "\uff0b": "+",
        "\uff0f": "/",
        "\uff04": "$",
        "\uffe5": "¥",
        "\uffe1": "£",
        "\uff1d": "=",
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_CENTS = re.compile(r"(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]{2}(?!\w)")  # "12⁹⁹"; "m²" has one
_ONE_FRACTION = {"½": ".5", "¼": ".25", "¾": ".75"}
_NO_CENTS = re.compile(r"(?<=\d)\s?/[-=]{1,2}(?!\d)")  # "500/-", as printed in South Asia
_COLON_CENTS = re.compile(r"(?<![\d:])(\d{3,}|\d{1,3}(?: \d{3})+):(\d\d)(?![\d:])")  # no time
_KRONOR = re.compile(r"(?<![\d:])(\d+):(\d\d)(?=\s?kr\b)", re.IGNORECASE)
_RAISED_DOT = re.compile(r"(?<=\d)·(?=\d\d(?!\d))")  # "£5·00", as British print had it
_CENTS = re.compile(r"^(?:(\d{1,2})\s?¢|¢\s?(\d{1,2}))$")
_HYPHENED_UNIT = re.compile(r"^(\d[\d.,]*)-([^\W\d_]{2,}\.?)$")
_CLOSED_UP = re.compile(
    r"\D{0,5}\d(?:[\d,']*(?: ?\. | \.)(?:\d\d|\d{4,6})|[\d.']*(?: ?, | ,)\d\d)\D{0,5}"
)
_DOTTED = re.compile(r"^\s*((?:[A-Za-z]\.){2,3})(?=\s?[\d(-])")  # "R.O. 5.000", "L.E. 50"
_SOL = re.compile(r"^\s*([SB])/\.?(?=\s?[\d(-])")
_SPACED_DOLLAR = re.compile(r"\b(US|U|CA|AU|NZ|HK|MX|RD) ?(?:\$S|\$)(?=\s?[\d(-])")
_CREDIT = re.compile(r"\(\s*(CR|DR|-)\s*\)", re.IGNORECASE)
_LETTER = re.compile(rf"^([{''.join(LETTER_CURRENCIES)}])\s?(?=[-(]?\d[\d.,' ]*[.,]\d\d\)?-?$)")
# Quotes, rules and signs of a sum around a number; "|" between digits stays for an OCR slip
_AROUND = '|¦_:;="“”„«»[]{}'
# A till's or invoice's letter for the tax rate behind money: "12,00 A", "9.99T", "2.00-A", "3,99*B"
_TAX_LETTER = re.compile(r"(?<=\d[.,]\d\d)(-?)\s?[*#]?[A-Z]$")
_SUM = re.compile(r"^(?P<factors>[\d.,' ]+(?:\s?[x×*]\s?[\d.,' ]+)+)=\s*(?P<total>\S.*)$", re.I)
_RULE = re.compile(r"^[|¦]\s*(?=\d)")


def plain_marks(text: str) -> str:
    """Return the text with ASCII digits, one kind of dash, space and apostrophe, and plain cents.

    >>> plain_marks("12⁵⁰ €"), plain_marks("Rs. 1,500/-")
    ('12.50 €', 'Rs. 1,500')
    """
    if text.isascii() and not _NEEDS_WORK.search(text):
        return text.strip()
    plain = _ascii_digits(text.translate(_PLAIN)).strip()
    plain = _RAISED_CENTS.sub(lambda match: "." + match[0].translate(_RAISED), plain)
    for sign, decimals in _ONE_FRACTION.items():
        plain = re.sub(rf"(?<=\d)\s?{sign}$", decimals, plain)
    plain = _RAISED_DOT.sub(".", plain)
    plain = _CENTS.sub(lambda match: f"0.{int(match[1] or match[2]):02}", plain)
    plain = _NO_CENTS.sub("", plain)
    plain = _KRONOR.sub(r"\1,\2", _COLON_CENTS.sub(r"\1,\2", plain))
    plain = _DOTTED.sub(_dotted_currency, plain)
    plain = _HYPHENED_UNIT.sub(_spaced_unit, plain)
    plain = _SOL.sub(lambda match: {"S": "PEN ", "B": "PAB "}[match[1]], plain)
    plain = _SPACED_DOLLAR.sub(lambda m: {"U": "US"}.get(m[1], m[1]) + "$", plain)
    plain = _CREDIT.sub(lambda match: "-" if match[1] == "-" else f" {match[1]}", plain)
    return re.sub(r"^([^\d]*)-(?=\d.*-$)", r"\1", plain) if plain.count("-") == 2 else plain


_NEEDS_WORK = re.compile(r"[\t\n\r/:(`]|\$|\.\w\.|-.*-|\d-[A-Za-z]")


def without_frame(text: str) -> str:
    """Return the text without quotes, brackets and table rules around it.

    >>> without_frame("|5.00"), without_frame("=10,640"), without_frame("[5.00]")
    ('5.00', '10,640', '5.00')
    """
    return text.strip(_AROUND + " ")


def is_beside_rule(text: str) -> bool:
    """Return whether a stroke stands before the number: a table rule, or a 1 misread."""
    return _RULE.search(text) is not None


def without_letter(text: str) -> tuple[str, bool]:
    """Return money without a currency's letter before it or a tax rate's behind it, and if cut.

    A letter before a number without decimals is a code's ("R16"), and stays.

    >>> without_letter("R 16,875.00"), without_letter("12,00 A"), without_letter("B12")
    (('16,875.00', True), ('12,00', True), ('B12', False))
    >>> without_letter("2.00-A")
    ('2.00-', True)
    """
    if (match := _LETTER.match(text)) is not None:
        return text[match.end() :], True
    if (match := _TAX_LETTER.search(text)) is not None:
        return text[: match.start()] + match[1], True
    return text, False


def split_sum(text: str) -> tuple[tuple[str, ...], str] | None:
    """Return factors and total of a product printed in one cell; None where it is none.

    >>> split_sum("28 x 2 x 190 = 10,640")
    (('28', '2', '190'), '10,640')
    """
    match = _SUM.match(text)
    if match is None:
        return None
    factors = re.split(r"\s*[x×*]\s*", match["factors"].strip(), flags=re.IGNORECASE)
    return tuple(factors), match["total"].strip()


@lru_cache(maxsize=4096)
def printed_decimals(text: str) -> int | None:
    """Return how many decimals the currency printed with a number has; None without one currency.

    >>> printed_decimals("1.250 BHD"), printed_decimals("CLP 12.990"), printed_decimals("12.990")
    (3, 0, None)
    """
    decimals = {get_currency_precision(code) for code in read_currencies(text)}
    return decimals.pop() if len(decimals) == 1 else None


def is_closed_up(text: str) -> bool:
    """Return whether a space beside the decimal mark is all that is odd: "40. 00", "18 .50"."""
    return _CLOSED_UP.fullmatch(text) is not None


def is_product(factors: tuple[Decimal, ...], total: Decimal) -> bool:
    """Return whether the factors multiply to the total, within a cent."""
    product = Decimal(1)
    for factor in factors:
        product *= factor
    return abs(product - total) <= Decimal("0.01")


def _dotted_currency(match: re.Match[str]) -> str:
    letters = match[1].replace(".", "").upper()
    return {"RO": "OMR", "LE": "EGP"}.get(letters, letters) + " "


def _spaced_unit(match: re.Match[str]) -> str:
    """Return "3 EA" for "3-EA": the hyphen is no minus before a unit."""
    unit = match[2]
    is_unit = bool(resolve_unit(unit)) and not read_currencies(unit)
    return f"{match[1]} {unit}" if is_unit else match[0]


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char
        for char in text
    )
