"""Countries that a document's print shows, and what follows: currency and order of dates.

A symbol such as "$" names no country; an IBAN, a tax number, a postcode, a telephone prefix or the
words of a tax do. Where two countries of different money are shown, seller's and buyer's, the
currency stays open: None is a question, a wrong currency a wrong claim.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from babel.numbers import get_territory_currencies

STRONG, WEAK = 2, 1  # a number made for one country; a prefix or a name, which others print too
CLEAR = 2  # weight from which a country alone, without a symbol, settles the currency
_AS_OF = date(2026, 1, 1)  # the day whose currencies countries have

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    "NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
# What is printed only, or nearly only, in one country
_PATTERNS: tuple[tuple[str, int, str], ...] = (
    ("US", STRONG, rf"\b(?:{_STATES})\.?,?\s+\d{{5}}(?:-\d{{4}})?\b"),
    ("CA", STRONG, r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b"),
    ("CA", STRONG, r"\b(?:HST|QST|TPS|TVQ)\b"),
    ("AU", STRONG, r"\b(?:NSW|VIC|QLD|TAS)\s+\d{4}\b"),
    ("AU", STRONG, r"\bA\.?B\.?N\.?:?\s*\d{2}\s?\d{3}\s?\d{3}\s?\d{3}\b"),
    ("GB", WEAK, r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"),
    ("SG", STRONG, r"\bSingapore\s+\d{6}\b"),
    ("SG", STRONG, r"(?i:\bPte\.?\s+Ltd\b)|\bUEN\b"),
    ("MY", STRONG, r"(?i:\bSdn\.?\s*Bhd\b)"),
    ("NZ", STRONG, r"\bNZBN\b"),
    ("IN", STRONG, r"\b(?:GSTIN|CGST|SGST|IGST)\b"),
    ("BR", STRONG, r"\b(?:CNPJ|NF-?e|DANFE|ICMS)\b"),
    (
        "MX",
        STRONG,
        r"\b(?:CFDI|SAT|R\.?F\.?C\.?)\b[^\n]{0,40}\b[A-Z&]{3,4}\d{6}[A-Z\d]{3}\b|\bC\.V\.",
    ),
    ("AR", STRONG, r"\bCUIT\b"),
    ("CL", STRONG, r"\bR\.?U\.?T\.?:?\s*\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b"),
    ("FR", STRONG, r"\b(?:SIRET|SIREN)\b"),
    ("IT", STRONG, r"(?i:\bpartita iva\b|\bp\. ?iva\b|\bcodice fiscale\b)"),
    ("DE", STRONG, r"\b(?:USt-?Id(?:Nr)?|Steuer-?Nr|Steuernummer)\b"),
    ("NL", STRONG, r"\bBTW\b"),
    ("PL", STRONG, r"\bNIP\b:?\s*\d|\bFaktura VAT\b"),
    ("CZ", WEAK, r"\bDI\u010c\b|\bI\u010cO\b"),
    ("HK", WEAK, r"\bHong Kong\b|\bKowloon\b"),
    ("MX", WEAK, r"\bM[\u00e9e]xico\b"),
    ("CA", WEAK, r"\bCanada\b|\b(?:Ontario|Qu[\u00e9e]bec|Alberta|British Columbia)\b"),
    ("AU", WEAK, r"\bAustralia\b"),
    ("NZ", WEAK, r"\bNew Zealand\b"),
    ("SG", WEAK, r"\bSingapore\b"),
    ("US", WEAK, r"\bUSA\b|\bU\.S\.A\.|\bUnited States\b"),
    ("CH", WEAK, r"\bSchweiz\b|\bSuisse\b|\bSvizzera\b|\bSwitzerland\b"),
    ("GB", WEAK, r"\bUnited Kingdom\b"),
    ("FR", WEAK, r"\bFrance\b"),
    ("DE", WEAK, r"\bDeutschland\b|\bGermany\b"),
    ("TW", WEAK, r"\bTaiwan\b"),
    ("CO", WEAK, r"\bColombia\b"),
)
_COMPILED = tuple((country, weight, re.compile(text)) for country, weight, text in _PATTERNS)
_PHONES = {
    **{"20": "EG", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES"},
    **{"36": "HU", "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK"},
    **{"46": "SE", "47": "NO", "48": "PL", "49": "DE", "52": "MX", "54": "AR", "55": "BR"},
    **{"56": "CL", "57": "CO", "60": "MY", "61": "AU", "62": "ID", "63": "PH", "64": "NZ"},
    **{"65": "SG", "66": "TH", "81": "JP", "82": "KR", "84": "VN", "86": "CN", "90": "TR"},
    **{"91": "IN", "351": "PT", "353": "IE", "358": "FI", "420": "CZ", "421": "SK", "852": "HK"},
    **{"886": "TW", "966": "SA", "971": "AE", "972": "IL"},
}
_PHONE = re.compile(r"(?<![\w+])\+\s?(\d{2,3})[\s().\-/\d]{7,}")
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?)\b")
_VAT = re.compile(
    r"\b(AT|BE|BG|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|CHE)"
    r"[ -]?(?=(?:[\w.]?\d){7})[\dA-Z.]{8,13}\b"
)
_MONTH_FIRST = frozenset({"US"})
_EITHER_ORDER = frozenset({"CA", "PH"})


@lru_cache(maxsize=256)
def country_weights(text: str) -> Mapping[str, int]:
    """Return the countries that a document's text shows, each with the weight of the evidence.

    >>> dict(country_weights("12 Main St, Austin, TX 78701"))
    {'US': 2}
    """
    weights: Counter[str] = Counter()
    for country, weight, pattern in _COMPILED:
        if pattern.search(text):
            weights[country] += weight
    for match in _VAT.finditer(text):
        weights[{"EL": "GR", "CHE": "CH"}.get(match[1], match[1])] += STRONG
    for match in _IBAN.finditer(text):
        if _is_iban("".join(match[1].split())):
            weights[match[1][:2]] += STRONG
    for match in _PHONE.finditer(text):
        called = _PHONES.get(match[1]) or _PHONES.get(match[1][:2])
        if called is not None:
            weights[called] += WEAK
    return weights


def settle_currency(text: str, candidates: Sequence[str] = ()) -> str | None:
    """Return the currency that the countries shown agree on; None where that is open.

    `candidates` are those of a printed symbol ("$"): then weak evidence is enough, as a choice
    among few. Without a symbol the evidence has to be strong.
    """
    weights: Counter[str] = Counter()
    for country, weight in country_weights(text).items():
        if (currency := _currency_of(country)) is not None:
            weights[currency] += weight
    if candidates:
        weights = Counter({code: weights[code] for code in candidates if weights[code]})
    ranked = weights.most_common(2)
    if not ranked or (not candidates and ranked[0][1] < CLEAR):
        return None
    others = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if others == 0 or ranked[0][1] > 2 * others else None


def settle_day_first(text: str) -> bool | None:
    """Return the order of numeric dates where the countries shown agree on it; else None.

    >>> settle_day_first("Austin, TX 78701"), settle_day_first("ABN 12 345 678 901")
    (False, True)
    """
    weights = country_weights(text)
    if _EITHER_ORDER & set(weights):
        return None
    months = sum(weight for country, weight in weights.items() if country in _MONTH_FIRST)
    days = sum(weights.values()) - months
    if max(months, days) < CLEAR or min(months, days) > 0:
        return None
    return days > months


def _currency_of(country: str) -> str | None:
    currencies = get_territory_currencies(country, _AS_OF)
    return str(currencies[0]) if currencies else None


def _is_iban(text: str) -> bool:
    """Return whether the check digits of ISO 13616 hold."""
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1
