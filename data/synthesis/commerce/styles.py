"""The print style of one vendor: numbers, money, dates and currency, drawn for each document."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from data.synthesis.languages import LANGUAGES as _LANGUAGES
from data.synthesis.languages import Language

LANGUAGES = tuple(_LANGUAGES)
_SHARES = tuple(language.share for language in _LANGUAGES.values())

# Printed instead of the code; a currency without an entry prints its code.
_SIGNS = {
    "USD": ("$", "$", "$", "$", "US$"), "EUR": ("€", "€", "€", "€", "Euro"), "GBP": ("£",),
    "INR": ("₹", "Rs.", "Rs"), "MYR": ("RM",), "CHF": ("Fr.", "SFr."), "CAD": ("$", "$", "C$"),
    "AUD": ("$", "$", "A$"), "NZD": ("$",), "SGD": ("S$", "$"), "HKD": ("HK$",), "JPY": ("¥",),
    "MXN": ("$",), "BRL": ("R$",), "PLN": ("zł",), "SEK": ("kr",), "DKK": ("kr.", "kr"),
    "NOK": ("kr", "kr."), "CZK": ("Kč",), "HUF": ("Ft",), "RON": ("lei", "Lei"),
    "TRY": ("TL", "TL", "₺"),
}  # fmt: skip
# How 1234.56 is printed where the currency's country decides and not the language.
_FORMS = {
    "CHF": ("1'234.56", "1’234.56", "1234.56"),
    "MXN": ("1,234.56", "1,234.56", "1,234.56", "1234.56"),
    "PEN": ("1,234.56", "1234.56"),
    "ZAR": ("1 234.56", "1,234.56", "1 234,56"),
}
_BEFORE = frozenset({"CHF", "MXN", "BRL", "COP", "CLP", "PEN"})  # whatever the language
_NO_CENTS = {"JPY": 1.0, "CLP": 1.0, "XOF": 1.0, "HUF": 0.7, "COP": 0.5}  # share without decimals
_MILLS = frozenset({"KWD", "TND"})  # three decimals
# Units of a currency that buy about what one euro buys, where amounts have more digits for it.
_UNITS_PER_EURO = {"HUF": 400, "JPY": 150, "CLP": 1000, "COP": 4500, "XOF": 650, "CZK": 25,
                   "INR": 90, "TRY": 30, "PHP": 60, "SEK": 11, "NOK": 11, "MXN": 20,
                   "ZAR": 20}  # fmt: skip
_NEGATIVES = ("minus", "parens", "trailing", "dash", "inner", "credit", "credit_apart")


@dataclass(frozen=True, slots=True)
class Style:
    """One vendor's print style: language, currency, separators, places, side of the currency.

    `negative` is minus (-$5.00), dash (the minus sign U+2212), inner ($-5.00), parens, trailing
    (5.00-), credit (5.00CR) or credit_apart (5.00 CR). `money_places` 0 means that money is whole
    all over the document, prices included.
    """

    language: str
    currency: str
    point: str
    group: str
    price_places: int
    sign: str
    sign_place: str  # none | before | before_glued | after | after_glued
    negative: str
    date_format: str  # as `strftime`; %-d and %-m without zero, %^b in capitals
    indian: bool = False
    trim_quantity: bool = True
    quantity_places: int = 0
    money_places: int = 2

    @property
    def units_per_euro(self) -> int:
        """Units of the currency that buy about what one euro buys; 1 where it is near that."""
        return _UNITS_PER_EURO.get(self.currency, 1)

    def number(self, value: Decimal, places: int) -> str:
        """Format the value rounded half up to `places`, with this style's separators."""
        text = self._unsigned(value, places)
        return text if value >= 0 else self._signed(text, "")

    def _unsigned(self, value: Decimal, places: int) -> str:
        rounded = abs(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        whole, _, fraction = format(rounded, "f").partition(".")
        return self._grouped(whole) + (self.point + fraction if places else "")

    def _signed(self, text: str, sign: str) -> str:
        """Format a negative number, glued to the currency before it."""
        forms = {
            "minus": f"-{sign}{text}",
            "dash": f"−{sign}{text}",
            "inner": f"{sign}-{text}",
            "parens": f"({sign}{text})",
            "trailing": f"{sign}{text}-",
            "credit": f"{sign}{text}CR",
            "credit_apart": f"{sign}{text} CR",
        }
        return forms[self.negative]

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
        """Format a quantity with the decimals that this style or the value needs; never with CR."""
        exponent = value.normalize().as_tuple().exponent
        needed = max(-exponent, 0) if isinstance(exponent, int) else 0
        places = max(self.quantity_places, needed)
        if value < 0 and self.negative.startswith("credit"):
            return "-" + self._unsigned(value, places)
        return self.number(value, places)

    def money(self, value: Decimal, places: int | None = None, *, signed: bool = True) -> str:
        """Format an amount with `places` or this style's decimals, and by choice the currency.

        The currency is printed where `signed` is set and the style has a `sign_place`.
        """
        places = self.money_places if places is None else places
        if not signed or self.sign_place == "none":
            return self.number(value, places)
        if self.sign_place == "before_glued":
            text = self._unsigned(value, places)
            return self._signed(text, self.sign) if value < 0 else self.sign + text
        text = self.number(value, places)
        if self.sign_place == "before":
            return f"{self.sign} {text}"
        gap = " " if self.sign_place == "after" else ""
        if value < 0 and self.negative.startswith("credit"):
            return f"{self._unsigned(value, places)}{gap}{self.sign} CR"
        return f"{text}{gap}{self.sign}"

    def day(self, value: date) -> str:
        """Format a date in this style, the month in the document's language."""
        form = self.date_format
        if "%-" in form:
            form = form.replace("%-d", str(value.day)).replace("%-m", str(value.month))
        if "%B" in form or "b" in form:
            language = _LANGUAGES[self.language]
            short = language.short_months[value.month - 1]
            form = form.replace("%B", language.months[value.month - 1])
            form = form.replace("%b", short).replace("%^b", short.upper())
        return value.strftime(form)


def pick_style(rng: random.Random, language: str | None = None) -> Style:
    """Draw a self-consistent style; English is the most frequent language."""
    if language is None:
        language = rng.choices(LANGUAGES, _SHARES)[0]
    spoken = _LANGUAGES[language]
    currency = rng.choice(spoken.currencies)
    form = rng.choice(_FORMS.get(currency, spoken.number_forms))
    point, group = form[-3], form[1:-6]
    sign, place = _pick_sign(rng, spoken, currency)
    money_places = _pick_places(rng, currency)
    price_places = money_places + rng.choices((0, 1, 2), (80, 8, 12))[0]
    return Style(
        language=language,
        currency=currency,
        point=point,
        group=group,
        price_places=price_places if money_places else 0,
        sign=sign,
        sign_place=place,
        negative=rng.choices(_NEGATIVES, (50, 18, 14, 7, 6, 3, 2))[0],
        date_format=rng.choice(spoken.dates),
        indian=currency == "INR" and group == "," and rng.random() < 0.85,
        quantity_places=rng.choices((0, 1, 2, 3, 4), (72, 3, 15, 6, 4))[0],
        money_places=money_places,
    )


def _pick_sign(rng: random.Random, language: Language, currency: str) -> tuple[str, str]:
    """Draw the sign or code of the currency beside an amount, and its place."""
    side = "before" if currency in _BEFORE else rng.choice(language.sign_sides)
    code_share = 0.2 if side == "before" and language.code == "en" else 0.4
    code = rng.random() < code_share or currency not in _SIGNS
    if code:
        if rng.random() < 0.3:  # codes follow the amount in every language
            side = "after"
        places = ("none", "none", "none", "none", side, side, side, f"{side}_glued")
        return currency, rng.choice(places)
    sign = rng.choice(_SIGNS[currency])
    if side == "before" and language.code == "en":
        return sign, rng.choice(("none", f"{side}_glued", f"{side}_glued", side))
    return sign, rng.choice(("none", "none", side, side, side, f"{side}_glued"))


def _pick_places(rng: random.Random, currency: str) -> int:
    """Draw the decimals of amounts: mostly the currency's own; few vendors print whole units."""
    if currency in _MILLS:
        return 3
    return 0 if rng.random() < _NO_CENTS.get(currency, 0.02) else 2
