"""Dates as printed, with both readings where day and month can be exchanged ("03/04/20").

Two-digit years 00-69 are 2000-2069, 70-99 are 1970-1999. Four-digit years outside 1900-2100 are
refused: they are numbers of something else. Month and weekday names are CLDR's (Babel).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import get_day_names, get_month_names

# Where two languages call different months the same, the first here is meant.
LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl"),
    *("pl", "cs", "sv", "da", "nb", "fi", "hu", "ro", "tr"),
)
MAX_LENGTH = 48  # characters; longer text is prose

DOTTED_SHARE = 0.95  # "03.04.2020": with dots the day comes first nearly everywhere
SLASHED_SHARE = 0.5  # "03/04/2020": nothing in the text decides
DAY_FIRST_FROM = 0.9  # readings at least this sure vote in `decide_day_first`


@dataclass(frozen=True, slots=True)
class DateReading:
    """One reading of a printed date; `day_first` is the order it assumes, None where none."""

    value: date
    day_first: bool | None = None
    probability: float = 1.0


_TIME = re.compile(
    r"[T\s,]+(?:um\s|at\s|à\s)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?"
    r"\s*(?:uhr|[ap]\.?m\.?)?\s*(?:z|utc|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?", re.ASCII)
_EAST_ASIAN = re.compile(
    r"(\d{4})\s?[\u5e74\ub144]\s?(\d{1,2})\s?[\u6708\uc6d4]\s?(\d{1,2})\s?[\u65e5\uc77c]", re.ASCII
)
_YEAR_NAME_DAY = re.compile(r"(\d{4})[\s.\-/]+([^\W\d_]+)[\s.\-/]+(\d{1,2})\.?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?", re.ASCII)
_DAY_NAME_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|o|a|°)?[\s.\-/]*(?:de |of )?([^\W\d_]+)[\s.,\-/']*"
    r"(?:de |del )?(\d{4}|\d{2})",
    re.ASCII,
)
_NAME_DAY_YEAR = re.compile(
    r"([^\W\d_]+)[\s.\-/]*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|[\s\-/]+'?)(\d{4}|\d{2})", re.ASCII
)


_ARTICLES = frozenset({"the", "le", "den", "der", "dem", "el", "il", "am", "on", "dnia", "dne"})
_YEAR_WORDS = frozenset({"r", "roku", "g"})  # "of the year", behind it


@lru_cache(maxsize=8192)
def read_date(text: str, day_first: bool | None = None) -> tuple[DateReading, ...]:
    """Return all dates the text can mean, best first; () when it is no date.

    `day_first` is the document's order of numeric dates and leaves one reading where it can; a
    date that only the other order explains is still read. A weekday and a time are ignored.

    >>> [str(reading.value) for reading in read_date("03/04/20")]
    ['2020-04-03', '2020-03-04']
    """
    if len(text) > MAX_LENGTH or not any(char.isdigit() for char in text):
        return ()
    plain = _TIME.sub("", _fold(text))
    # "mar" is March and Tuesday: a leading word is a weekday only where no month is meant.
    return _read_plain(plain, day_first) or _read_plain(_without_weekday(plain), day_first)


def _read_plain(plain: str, day_first: bool | None) -> tuple[DateReading, ...]:
    if (match := _YEAR_FIRST.fullmatch(plain)) is not None:
        return _certain_reading(match[1], match[3], match[4])
    if (match := _EAST_ASIAN.fullmatch(plain)) is not None:
        return _certain_reading(*match.groups())
    if (match := _YEAR_NAME_DAY.fullmatch(plain)) is not None:
        return _certain_reading(match[1], _months().get(match[2]), match[3])
    if (match := _COMPACT.fullmatch(plain)) is not None:
        return _certain_reading(*match.groups())
    if (match := _YEAR_LAST.fullmatch(plain)) is not None:
        return _ordered_readings((match[1], match[3], match[4]), match[2] == ".", day_first)
    if (match := _DAY_NAME_YEAR.fullmatch(plain)) is not None:
        return _certain_reading(match[3], _months().get(match[2]), match[1])
    if (match := _NAME_DAY_YEAR.fullmatch(plain)) is not None:
        return _certain_reading(match[3], _months().get(match[1]), match[2])
    return ()


def decide_day_first(texts: Iterable[str]) -> bool | None:
    """Return whether the document's numeric dates put the day first; None when undecided.

    >>> decide_day_first(["03/04/2020", "03/25/2020"])
    False
    """
    orders = {
        readings[0].day_first
        for text in texts
        if (readings := read_date(text)) and readings[0].probability >= DAY_FIRST_FROM
    } - {None}
    return orders.pop() if len(orders) == 1 else None


def _certain_reading(year: str, month: str | int | None, day: str) -> tuple[DateReading, ...]:
    value = None if month is None else _valid_date(year, int(month), int(day))
    return () if value is None else (DateReading(value),)


def _ordered_readings(
    parts: tuple[str, str, str], dotted: bool, day_first: bool | None
) -> tuple[DateReading, ...]:
    """Return the readings of first/second/year in the requested order, else in both."""
    first, second, year = int(parts[0]), int(parts[1]), parts[2]
    day_month, month_day = _valid_date(year, second, first), _valid_date(year, first, second)
    if day_month is not None and day_month == month_day:
        return (DateReading(day_month),)
    if day_month is None or month_day is None:
        value = day_month or month_day
        return () if value is None else (DateReading(value, day_first=month_day is None),)
    if day_first is not None:
        return (DateReading(day_month if day_first else month_day, day_first),)
    share = DOTTED_SHARE if dotted else SLASHED_SHARE
    return (DateReading(day_month, True, share), DateReading(month_day, False, round(1 - share, 2)))


def _valid_date(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    if not 1900 <= number <= 2100:
        return None
    try:
        return date(number, month, day)
    except ValueError:  # 31 February
        return None


def _fold(text: str) -> str:
    """Return the text in lower case without accents, with single spaces, every dash a hyphen."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    plain = unicodedata.normalize("NFC", plain).replace("\u0131", "i").replace("\u2019", "'")
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", digits).split())


def _without_weekday(text: str) -> str:
    """Return the text without a weekday and an article before it, or behind it ("... 2026 r.")."""
    words = text.split(" ")
    while len(words) > 1 and words[0].strip(".,") in _weekdays() | _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1].strip(".,") in _weekdays() | _YEAR_WORDS:
        words = words[:-1]
    return " ".join(words).rstrip(",")


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Return month numbers by folded name or abbreviation, and by the short forms people print."""
    names = {"sept": 9, "mrz": 3, "maerz": 3, "janner": 1, "juill": 7, "okt": 10}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(_fold(name).rstrip("."), number)
    starts: dict[str, set[int]] = {}
    for name, number in names.items():
        for length in (3, 4):
            starts.setdefault(name[:length], set()).add(number)
    # "deze" and "febb" are fine, "jui" (juin, juillet) names no month.
    clear = {start: numbers.pop() for start, numbers in starts.items() if len(numbers) == 1}
    return clear | names


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    names = (
        name
        for language in LANGUAGES
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for name in get_day_names(width, context, language).values()
    )
    return frozenset(_fold(name).rstrip(".") for name in names)
