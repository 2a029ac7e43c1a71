"""The currency of a document: as printed with its amounts, else as its countries show it.

A code or symbol of one currency settles it. A shared symbol ("$", "kr") is settled by addresses,
tax numbers and telephone prefixes, and so is a document that prints none, with less confidence.
Where the evidence differs the currency stays open.
"""

import re
from collections.abc import Iterable, Sequence

from data.records import Field, Page
from data.values.country_evidence import settle_currency
from data.values.currencies import read_currencies

BESIDE_MONEY = 0.9  # confidence of a code or symbol beside the amounts
ON_PAGE = 0.85  # of the only one on the pages
SHARED_SYMBOL = 0.8  # of a symbol that several share, settled by country
COUNTRY_ALONE = 0.6  # of no printed currency at all
_SYMBOL = re.compile(r"[^\d\s.,'()+\-]")
# Codes that stand on a page for a currency; other ISO codes are more often words
_USUAL = frozenset(
    {"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD", "HKD", "JPY", "CNY", "INR", "MXN"}
    | {"BRL", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "RON", "ZAR", "AED", "SAR", "MYR", "IDR"}
    | {"KWD", "BHD", "OMR", "THB", "PHP", "KRW", "TWD", "ILS", "EGP", "CLP", "ARS", "KES", "NGN"}
)
_SIGNS = frozenset("$\u20ac\u00a3\u00a5\u20b9\u20ba\u20bd\u20a9\u20aa\u20ab\u0e3f\u20b1\u20a6")
_WITH_SIGN = re.compile(r"^(?:[A-Za-z]{0,3}\$|[^\w\s])?[-(]?\d[\d.,' ]*(?:[^\w\s]|[A-Z]{3})?$")


def find_currency(money: Sequence[str], pages: Sequence[Page]) -> Field | None:
    """Return the document's currency; None where it is open.

    `money` are the texts of its amounts, with what is printed beside them.
    """
    first = pages[0].number
    text = "\n".join(page_text(page) for page in pages)
    beside = _candidate_sets(text for text in money if _SYMBOL.search(text))
    words = [word.text for page in pages for word in page.words]
    around = _candidate_sets(word for word in words if _is_mark(word))
    for sets, confidence in ((beside, BESIDE_MONEY), (around, ON_PAGE)):
        clear = {codes[0] for codes in sets if len(codes) == 1}
        if len(clear) == 1:
            return Field(clear.pop(), confidence=confidence, source="rule", page=first)
        if clear:
            return None  # two currencies are printed
    shared = {codes for codes in (*beside, *around) if len(codes) > 1}
    if len(shared) > 1:
        return None
    candidates = next(iter(shared)) if shared else ()
    code = settle_currency(text, candidates)
    if code is None:
        return None
    confidence = SHARED_SYMBOL if candidates else COUNTRY_ALONE
    return Field(code, confidence=confidence, source="rule", page=first)


def page_text(page: Page) -> str:
    """Return the words of the page in reading order, as one text."""
    return " ".join(word.text for word in page.words)


def _candidate_sets(texts: Iterable[str]) -> set[tuple[str, ...]]:
    return {codes for text in texts if (codes := read_currencies(text))}


def _is_mark(word: str) -> bool:
    """Return whether a word of the page stands for a currency: a usual code, or a sign."""
    bare = word.strip("()[]:.,;")
    if bare in _USUAL:
        return True
    return any(sign in word for sign in _SIGNS) and (
        len(bare) <= 4 or _WITH_SIGN.match(bare) is not None
    )
