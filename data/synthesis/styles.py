"""How one vendor prints numbers, money and dates; drawn at random per document."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

LANGUAGES = ("en", "de", "fr", "es", "it")
CENT = Decimal("0.01")

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "MYR": "RM", "CHF": "Fr."}
_CURRENCIES = {
    "en": ("USD", "USD", "USD", "GBP", "EUR", "CAD", "AUD", "INR", "MYR", "SGD"),
    "de": ("EUR", "EUR", "EUR", "CHF"),
    "fr": ("EUR", "EUR", "CHF", "CAD"),
    "es": ("EUR", "EUR", "MXN"),
    "it": ("EUR",),
}
_DATES = {
    "en": ("%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%b %d, %Y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d"),
    "de": ("%d.%m.%Y", "%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"),
    "fr": ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"),
    "es": ("%d/%m/%Y", "%d-%m-%Y"),
    "it": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """One vendor's hand: language, currency, separators, places, where the currency stands."""

    language: str
    currency: str
    point: str
    group: str
    price_places: int
    sign: str
    sign_place: str  # none | before | before_glued | after | after_glued
    negative: str  # minus | parens | trailing
    date_format: str
    indian: bool = False
    trim_quantity: bool = True
    quantity_places: int = 0

    def number(self, value: Decimal, places: int) -> str:
        """The value rounded half up to `places`, with this style's separators."""
        rounded = abs(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        whole, _, fraction = format(rounded, "f").partition(".")
        text = self._grouped(whole) + (self.point + fraction if places else "")
        if value >= 0:
            return text
        if self.negative == "parens":
            return f"({text})"
        return text + "-" if self.negative == "trailing" else "-" + text

    def _grouped(self, whole: str) -> str:
        if not self.group or len(whole) <= 3:
            return whole
        head, tail = whole[:-3], whole[-3:]
        step = 2 if self.indian else 3
        parts = [tail]
        while head:
            parts.insert(0, head[-step:])
            head = head[:-step]
        return self.group.join(parts)

    def quantity(self, value: Decimal) -> str:
        """A quantity with as many decimals as this style or the value asks for."""
        exponent = value.normalize().as_tuple().exponent
        needed = max(-exponent, 0) if isinstance(exponent, int) else 0
        return self.number(value, max(self.quantity_places, needed))

    def money(self, value: Decimal, places: int = 2, *, signed: bool = True) -> str:
        """An amount; with the currency when the style shows one and `signed` asks for it."""
        text = self.number(value, places)
        if not signed or self.sign_place == "none":
            return text
        if self.sign_place == "before":
            return f"{self.sign} {text}"
        if self.sign_place == "before_glued":
            if text.startswith(("-", "(")):
                return text[0] + self.sign + text[1:]
            return self.sign + text
        return f"{text} {self.sign}" if self.sign_place == "after" else text + self.sign

    def day(self, value: date) -> str:
        """A date as this style prints it."""
        return value.strftime(self.date_format)


def pick_style(rng: random.Random, language: str | None = None) -> Style:
    """A random, self-consistent style; English is the most frequent language."""
    if language is None:
        language = rng.choices(LANGUAGES, (54, 26, 11, 5, 4))[0]
    currency = rng.choice(_CURRENCIES[language])
    if language == "en" or currency == "MXN":
        point, group = ".", rng.choice((",", ",", ",", ""))
    elif currency == "CHF":
        point, group = ".", rng.choice(("'", "’", ""))
    else:
        point = ","
        group = rng.choice((" ", " ", ".", "") if language == "fr" else (".", ".", ".", "", " "))
    code = rng.random() < 0.4 or currency not in _SIGNS
    before = language == "en" or currency == "CHF"
    places: tuple[str, ...]
    if code:
        places = ("none", "none", "before" if before else "after", "after")
    elif before:
        places = ("none", "before_glued", "before_glued", "before")
    else:
        places = ("none", "none", "after", "after", "after_glued", "before")
    return Style(
        language=language,
        currency=currency,
        point=point,
        group=group,
        price_places=rng.choices((2, 3, 4), (80, 8, 12))[0],
        sign=currency if code else _SIGNS[currency],
        sign_place=rng.choice(places),
        negative=rng.choice(("minus", "minus", "minus", "parens", "trailing")),
        date_format=rng.choice(_DATES[language]),
        indian=currency == "INR" and group == ",",
        quantity_places=rng.choices((0, 1, 2, 3, 4), (72, 3, 15, 6, 4))[0],
    )
