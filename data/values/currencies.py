"""Currencies: printed symbols, words and codes to ISO 4217, all candidates of a shared symbol.

"$" alone does not identify which dollar: such a symbol gives several candidates and no single code.
The rest of the document (a code in the header, the vendor's country) has to decide.
"""

import re
from functools import lru_cache

from babel.core import get_global

# Symbol or word (case-folded, without a final dot) -> candidates, most usual first.
_SYMBOLS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "CLP", "COP", "ARS", "TWD"),
    "us$": ("USD",),
    "$us": ("USD",),
    "usd$": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "can$": ("CAD",),
    "cdn$": ("CAD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "nz$": ("NZD",),
    "hk$": ("HKD",),
    "s$": ("SGD",),
    "mx$": ("MXN",),
    "nt$": ("TWD",),
    "r$": ("BRL",),
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "£": ("GBP",),
    "stg": ("GBP",),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "fr": ("CHF",),
    "sfr": ("CHF",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON", "MDL"),
    "rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "₹": ("INR",),
    "rm": ("MYR",),
    "rp": ("IDR",),
    "₺": ("TRY",),
    "tl": ("TRY",),
    "₽": ("RUB",),
    "₴": ("UAH",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "₦": ("NGN",),
    "dhs": ("AED", "MAD"),
    "dh": ("MAD", "AED"),
    "fcfa": ("XOF", "XAF"),
    "cfa": ("XOF", "XAF"),
    "ksh": ("KES",),
    "ush": ("UGX",),
    "tsh": ("TZS",),
    "gh₵": ("GHS",),
    "gh¢": ("GHS",),
    "₵": ("GHS",),
    "tk": ("BDT",),
    "৳": ("BDT",),
    "php": ("PHP",),
    "₲": ("PYG",),
    "₡": ("CRC",),
    "rd$": ("DOP",),
    "tt$": ("TTD",),
    "j$": ("JMD",),
    "n$": ("NAD",),
    "z$": ("ZWL",),
    "b$": ("BND",),
    "ec$": ("XCD",),
    "cl$": ("CLP",),
    "clp$": ("CLP",),
    "cop$": ("COP",),
    "sgd$": ("SGD",),
    "cad$": ("CAD",),
    "$cad": ("CAD",),
    "aud$": ("AUD",),
    "$aud": ("AUD",),
    "$usd": ("USD",),
    "$mxn": ("MXN",),
    "u$s": ("USD",),
    "₸": ("KZT",),
    "₾": ("GEL",),
    "֏": ("AMD",),
    "₮": ("MNT",),
    "₭": ("LAK",),
    "円": ("JPY",),
    "元": ("CNY",),
    "원": ("KRW",),
    "บาท": ("THB",),
    "\u0440\u0443\u0431": ("RUB",),
    "грн": ("UAH",),
    "лв": ("BGN",),
    "ден": ("MKD",),
    "د.إ": ("AED",),
    "ر.س": ("SAR",),
    "د.ك": ("KWD",),
    "ج.م": ("EGP",),
}
# Abbreviations that are other words or units in another case ("dm", "bs", "Gs." beside "gs").
_CASED: dict[str, tuple[str, ...]] = {
    "KD": ("KWD",),
    "BD": ("BHD",),
    "JD": ("JOD",),
    "SR": ("SAR", "SCR"),
    "QR": ("QAR",),
    "DT": ("TND",),
    "Eur": ("EUR",),
    "DM": ("DEM",),
    "Bs": ("BOB", "VES"),
    "Gs": ("PYG",),
}
# A letter alone is a currency only before money with decimals: "R 16,875.00", but not "R16".
LETTER_CURRENCIES: dict[str, tuple[str, ...]] = {
    "R": ("ZAR",),
    "Q": ("GTQ",),
    "L": ("HNL",),
    "K": ("ZMW", "PGK"),
    "P": ("PHP", "BWP"),
    "E": ("SZL",),
}
# Codes that are also words or other abbreviations of an invoice: alone or beside digits only.
_WORDS = frozenset(
    {"ALL", "BAM", "BAN", "BOB", "COP", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "SOS", "TOP"}
    | {"TRY", "STD", "STN", "KIT", "PAB", "ANG", "NAD", "MIL", "GIN", "DEM"}
)
_NUMBER = re.compile(r"[\d.,'()+\-\s%*~]+")
_LETTER_MONEY = re.compile(r"[A-Z]\s?[-(]?\d[\d.,' ]*[.,]\d\d\)?-?$")
_TOKEN = re.compile(
    r"[A-Za-zÀ-ž]*\$[A-Z]{0,3}|GH[₵¢]|[\u0621-\u064a]\.[\u0621-\u064a]"
    r"|[€£¥₹₺₽₴₩₪₫฿₱₦₵৳₲₡₸₾֏₮₭]|[^\W\d_]+"
)


@lru_cache(maxsize=1)
def _iso_codes() -> frozenset[str]:
    """Return every three-letter code in CLDR, historic ones too: old documents are read as well."""
    codes = {code for code in get_global("all_currencies") if isinstance(code, str)}
    return frozenset(codes - {"XXX", "XTS"})


@lru_cache(maxsize=4096)
def read_currencies(text: str) -> tuple[str, ...]:
    """Return the ISO 4217 codes the text can mean, most usual first; () for no currency.

    A code narrows a symbol beside it: "USD $" and "$ 5.00 CAD" have one candidate.
    """
    rest = _NUMBER.sub(" ", text).strip()
    if rest in LETTER_CURRENCIES:
        return LETTER_CURRENCIES[rest] if _LETTER_MONEY.match(text.strip()) else ()
    tokens = [token for token in _TOKEN.findall(rest) if token]
    by_token = [_candidates(token, alone=len(tokens) == 1) for token in tokens]
    sets = [codes for codes in by_token if codes]
    common = [code for code in sets[0] if all(code in other for other in sets)] if sets else []
    if common:
        return tuple(common)
    return tuple(dict.fromkeys(code for codes in sets for code in codes))


def read_currency(text: str) -> str | None:
    """Return the one ISO 4217 code the text can mean; None when there is none or more than one."""
    codes = read_currencies(text)
    return codes[0] if len(codes) == 1 else None


def is_currency_mark(word: str) -> bool:
    """Return whether a word beside a number is a currency symbol or code."""
    return bool(_candidates(word, alone=True))


def _candidates(token: str, alone: bool) -> tuple[str, ...]:
    if len(token) == 3 and token.isupper() and token in _iso_codes():
        return () if token in _WORDS and not alone else (token,)
    word = token.rstrip(".")
    return _CASED.get(word) or _SYMBOLS.get(word.casefold(), ())
