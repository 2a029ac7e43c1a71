"""Words, numbers, money and days of a message to the vendor, in the forms of one language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_decimal

from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.verdict.vendor_message_keys import UNKNOWN_UNIT
from serving.verdict.vendor_message_templates import Template

# A sum in numbers alone, as `findings.arithmetic` writes them.
_SUM = re.compile(r"(?:[0-9.\s()×÷/+%;=−-]|\b[A-Z]{3}\b)+= ?-?[0-9]+(\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")

Number = Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a template, filled in. `rounding` are the multiples money is rounded to."""

    template: Template
    rounding: Mapping[str, Decimal] = field(default_factory=dict)

    def text(self, key: str, **values: str | None) -> str:
        """Return the fullest text of the key for which every placeholder has a value."""
        known = {name: value for name, value in values.items() if value}
        for text in self.template.texts[key]:
            try:
                return text.format_map(known)
            except KeyError:
                continue
        return ""

    def plural(self, key: str, count: int, **values: str) -> str:
        """Return the text in the plural form of that count."""
        return self._form(self.template.plurals[key], Decimal(count)).format_map(values)

    def _form(self, forms: Mapping[str, str], number: Decimal) -> str:
        return forms.get(self.template.locale.plural_form(abs(number)), forms["other"])

    def decimal(self, text: str) -> str:
        """Return a number, given as plain digits with a point, as the language writes it."""
        digits = len(text.partition(".")[2])
        whole = "#,##0" if self.template.group_digits else "0"
        pattern = f"{whole}.{'0' * digits}" if digits else whole
        return str(format_decimal(Decimal(text), pattern, self.template.locale))

    def number(self, number: Number) -> str:
        """Return a quantity without trailing zeros."""
        return self.decimal(quantity_text(number))

    def price(self, price: Number | None, currency: str | None) -> str | None:
        """Return a price with its currency; None where it is not known."""
        if price is None:
            return None
        return self._with_currency(self.decimal(price_text(price)), currency)

    def money(self, amount: Number | None, currency: str | None) -> str | None:
        """Return money in the currency's minor unit; None where it is not known."""
        if amount is None:
            return None
        return self._with_currency(
            self.decimal(format(self.shown(amount, currency), "f")), currency
        )

    def shown(self, amount: Number, currency: str | None) -> Decimal:
        """Return money as it is shown: rounded as the verdict's totals are."""
        exact = to_decimal(amount) if isinstance(amount, Fraction) else amount
        return rounded(exact, currency, self.rounding)

    def _with_currency(self, amount: str, currency: str | None) -> str:
        return self.text("money", amount=amount, currency=currency) if currency else amount

    def quantity(self, number: Number | None, unit: str | None) -> str | None:
        """Return a quantity with its unit, in words where the template has some."""
        if number is None:
            return None
        shown = quantity_text(number)
        forms = self.template.units.get(unit or UNKNOWN_UNIT)
        name = unit if forms is None else self._form(forms, Decimal(shown))
        return self.text("quantity", number=self.decimal(shown), unit=name)

    def day(self, day: date | None) -> str | None:
        """Return a day as the language writes it; None where it is not known."""
        return None if day is None else format_date(day, "medium", self.template.locale)

    def both(self, items: Sequence[str]) -> str:
        """Return the items as a list that ends in "and"."""
        return self._list(items, "both")

    def either(self, items: Sequence[str]) -> str:
        """Return the items as a list that ends in "or"."""
        return self._list(items, "either")

    def _list(self, items: Sequence[str], key: str) -> str:
        if len(items) < 2:
            return "".join(items)
        first = self.template.texts["comma"][0].join(items[:-1])
        return self.text(key, first=first, last=items[-1])

    def comma(self, items: Sequence[str]) -> str:
        """Return the items with the language's comma between them."""
        return self.template.texts["comma"][0].join(items)

    def sentences(self, sentences: Sequence[str | None]) -> str:
        """Return those sentences that there are, the first letter of each a capital."""
        written = [capital(sentence) for sentence in sentences if sentence]
        return self.template.texts["space"][0].join(written)

    def arithmetic(self, formula: str, amount: Decimal | None, currency: str | None) -> str | None:
        """Return a sum in numbers, its result as money; None where it is not the amount's sum."""
        if amount is None or not _SUM.fullmatch(formula):
            return None
        sum_text, result = formula.rsplit("=", 1)
        if Decimal(result.strip()) != self.shown(amount, currency):
            return None
        shown = _NUMBER.sub(lambda match: self.decimal(match.group()), sum_text)
        return f"{shown}= {self.money(amount, currency)}"


def capital(sentence: str) -> str:
    """Return the sentence with its first letter a capital."""
    return sentence[:1].upper() + sentence[1:]


def one_line(text: str | None) -> str | None:
    """Return a text of the vendor's, such as an article's name, in one line."""
    return None if text is None else " ".join(text.split())
