"""The seeded world: buyers, and vendors with their habits, conditions and catalogues.

A vendor is the same wherever it occurs: its catalogue, its way of printing numbers and units and
the seed of its layouts do not change from one document to the next.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from data.synthesis.commerce import catalogues, parties, vocabulary
from data.synthesis.commerce.deals import round_money
from data.synthesis.commerce.styles import Style, pick_style

VENDORS = 48
BUYERS = 9
ARTICLES = 24  # in a catalogue
LANGUAGES = ("en", "de", "fr")
FreightTerm = Literal["collect", "prepaid"]

# The words that vendors print for a unit code; a vendor keeps to one word.
_UNIT_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"EA": ("EA", "EA", "each", "pcs"), "CS": ("CS", "CS", "case"), "DZ": ("DZ", "doz")},
    "de": {"EA": ("Stk", "Stück", "STK"), "CS": ("Kiste", "KI"), "DZ": ("Dtzd", "Dutzend")},
    "fr": {"EA": ("pièce", "pce", "U"), "CS": ("caisse", "CS"), "DZ": ("douzaine", "dz")},
}
_TERMS = {
    "en": ("NET 30", "NET 45", "2/10 NET 30", "NET 60"),
    "de": ("30 Tage netto", "14 Tage 2 % Skonto, 30 Tage netto", "60 Tage netto"),
    "fr": ("30 jours fin de mois", "45 jours nets", "60 jours nets"),
}
_RATES = {"en": ("0", "6", "8.25", "20"), "de": ("19", "7"), "fr": ("20", "5.5")}


@dataclass(frozen=True, slots=True)
class Article:
    """An article that a vendor sells by the piece or by the case of `pack` pieces.

    `price` is the list price per piece. `gtin` has 12 or 13 digits with a correct check digit.
    """

    code: str
    buyer_code: str
    gtin: str
    description: str
    pack: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor with its conditions towards one buyer.

    `layout_seed` seeds all its layouts, `family` is the layout family of its bills. `substitutes`
    maps an article's code to that of the article that may replace it; `kits` maps a kit's code to
    its parts and how many of each a kit holds. `tax_rate` and `over_delivery_pct` in percent.
    """

    vendor_id: str
    party: parties.Party
    style: Style
    unit_words: Mapping[str, str]
    family: str
    layout_seed: int
    terms: str
    tax_rate: Decimal
    freight_term: FreightTerm
    pay_rejected: bool
    over_delivery_pct: Decimal
    catalogue: tuple[Article, ...]
    substitutes: Mapping[str, str]
    kits: Mapping[str, tuple[tuple[str, Decimal], ...]]

    def article(self, code: str) -> Article:
        """Return the article with that code; raises KeyError for one it does not sell."""
        for article in self.catalogue:
            if article.code == code:
                return article
        raise KeyError(code)

    def unit_word(self, unit: str) -> str:
        """Return the word that this vendor prints for a unit code."""
        return self.unit_words.get(unit, unit)


def check_digit(digits: str) -> str:
    """Return the check digit of a GTIN, from its other digits.

    >>> check_digit("400638133393")
    '1'
    """
    weighted = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return str(-weighted % 10)


def _gtin(rng: random.Random, language: str) -> str:
    body = catalogues.digits(rng, 11 if language == "en" else 12)
    return body + check_digit(body)


def _price(rng: random.Random) -> Decimal:
    return max(
        round_money(Decimal(str(round(min(2.718 ** rng.gauss(2.0, 0.9), 240.0), 2)))), Decimal(1)
    )


def make_article(rng: random.Random, language: str) -> Article:
    """Return a random article with a case pack."""
    words = [catalogues.made_up_word(rng).title(), rng.choice(vocabulary.NOUNS["goods"][language])]
    if rng.random() < 0.5:
        words.append(rng.choice(("black", "blue", "XL", "10 mm", "500 g", "120ml", "M8x40")))
    return Article(
        code=catalogues.code(rng),
        buyer_code=catalogues.code(rng),
        gtin=_gtin(rng, language),
        description=" ".join(words),
        pack=Decimal(rng.choice((6, 8, 12, 12, 24))),
        price=_price(rng),
    )


def _catalogue(rng: random.Random, language: str) -> tuple[Article, ...]:
    articles: dict[str, Article] = {}
    while len(articles) < ARTICLES:
        article = make_article(rng, language)
        descriptions = {other.description for other in articles.values()}
        if article.code not in articles and article.description not in descriptions:
            articles[article.code] = article
    return tuple(articles.values())


def _pick_style(rng: random.Random, language: str) -> Style:
    """Return a style that prints cents, because amounts of a story have cents."""
    while (style := pick_style(rng, language)).money_places != 2:
        pass
    return style


@lru_cache(maxsize=256)
def vendor(seed: int, number: int) -> Vendor:
    """Return vendor `number` (0 to VENDORS - 1) of the world with that seed."""
    rng = random.Random(f"world/{seed}/vendor/{number}")
    language = rng.choices(LANGUAGES, (58, 26, 16))[0]
    catalogue = _catalogue(rng, language)
    codes = [article.code for article in catalogue]
    return Vendor(
        vendor_id=f"V{1000 + number}",
        party=parties.make_party(rng, language),
        style=_pick_style(rng, language),
        unit_words={unit: rng.choice(words) for unit, words in _UNIT_WORDS[language].items()},
        family=rng.choices(("table", "line_printer", "key_value", "detail_rows"), (80, 9, 7, 4))[0],
        layout_seed=rng.getrandbits(32),
        terms=rng.choice(_TERMS[language]),
        tax_rate=Decimal(rng.choice(_RATES[language])),
        freight_term=rng.choice(("collect", "prepaid")),
        pay_rejected=rng.random() < 0.1,
        over_delivery_pct=Decimal(rng.choice((0, 0, 0, 5, 10))),
        catalogue=catalogue,
        substitutes=dict(zip(codes[0:6], codes[6:12], strict=True)),
        kits={codes[12]: ((codes[13], Decimal(1)), (codes[14], Decimal(1)))},
    )


@lru_cache(maxsize=64)
def buyer(seed: int, number: int) -> parties.Party:
    """Return buyer `number` (0 to BUYERS - 1) of the world with that seed."""
    rng = random.Random(f"world/{seed}/buyer/{number}")
    return parties.make_party(rng, rng.choices(LANGUAGES, (60, 25, 15))[0])


@lru_cache(maxsize=4096)
def vendors_of_buyer(seed: int, buyer_number: int) -> tuple[int, ...]:
    """Return the numbers of the vendors from which this buyer orders: about a third of them."""
    rng = random.Random(f"world/{seed}/relations/{buyer_number}")
    return tuple(sorted(rng.sample(range(VENDORS), VENDORS // 3)))
