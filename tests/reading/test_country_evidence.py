"""Whose dollar it is and which way round dates are, by what documents print of their countries."""

import pytest

from data.records import Box, Page, Word
from data.values.country_evidence import settle_currency, settle_day_first
from data.values.document_currency import find_currency

DOLLARS = ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD")


@pytest.mark.parametrize(
    ("text", "candidates", "currency"),
    [
        ("12 Main St, Austin, TX 78701", DOLLARS, "USD"),
        ("Toronto, ON M5V 2T6 HST 13%", DOLLARS, "CAD"),
        ("Sydney NSW 2000 ABN 51 824 753 556", DOLLARS, "AUD"),
        ("1 Raffles Place, Singapore 048616", DOLLARS, "SGD"),
        ("Acme Pte Ltd", DOLLARS, "SGD"),
        ("Nathan Road, Kowloon, Hong Kong", DOLLARS, "HKD"),
        ("Auckland 1010, New Zealand +64 9 123 4567", DOLLARS, "NZD"),
        ("Comercial SA de C.V. México", DOLLARS, "MXN"),
        ("Hex bolts, 12 pieces", DOLLARS, None),
        ("Austin, TX 78701 / Toronto, ON M5V 2T6", DOLLARS, None),  # seller's or buyer's?
        ("10115 Berlin, Deutschland", DOLLARS, None),  # no dollar there
        ("CNPJ 12.345.678/0001-90", (), "BRL"),
        ("GSTIN 27AAPFU0939F1ZV", (), "INR"),
        ("DE89 3704 0044 0532 0130 00", (), "EUR"),
        ("DE89 3704 0044 0532 0130 01", (), None),  # the check digits fail
        ("VAT ID FR40303265045", (), "EUR"),
        ("SIRET 303 265 045, USt-IdNr DE123456789", (), "EUR"),  # two countries, one currency
        ("CHE-123.456.788 MWST, DE123456789", (), None),
        ("Made in Germany", (), None),  # a name alone, and no symbol
        ("", (), None),
    ],
)
def test_countries_settle_a_currency(
    text: str, candidates: tuple[str, ...], currency: str | None
) -> None:
    assert settle_currency(text, candidates) == currency


@pytest.mark.parametrize(
    ("text", "day_first"),
    [
        ("Austin, TX 78701", False),
        ("Sydney NSW 2000", True),
        ("DE89 3704 0044 0532 0130 00", True),
        ("Toronto, ON M5V 2T6", None),  # Canada prints both
        ("Austin, TX 78701 and Sydney NSW 2000", None),
        ("United Kingdom", None),  # a name alone
        ("", None),
    ],
)
def test_countries_settle_the_order_of_dates(text: str, day_first: bool | None) -> None:
    assert settle_day_first(text) is day_first


def page(text: str) -> Page:
    words = tuple(Word(word, Box(0.1, 0.1, 0.2, 0.12)) for word in text.split())
    return Page(0, 100.0, 100.0, words, "text", "test")


@pytest.mark.parametrize(
    ("money", "text", "currency"),
    [
        (["12.50 EUR"], "", "EUR"),
        (["$12.50"], "Austin, TX 78701", "USD"),
        (["$12.50"], "Toronto, ON M5V 2T6", "CAD"),
        (["$12.50"], "no address", None),
        (["12.50"], "Amounts in USD", "USD"),
        (["12.50"], "EUR and USD", None),
        (["12.50 EUR"], "Rate USD 1.08", "EUR"),  # what stands beside the amounts
        (["12.50"], "R$ 5,00", "BRL"),
        (["12.50"], "CNPJ 12.345.678/0001-90", "BRL"),
        (["kr 100"], "+46 8 123 456 78", "SEK"),
        (["kr 100"], "", None),
        (["12.50"], "ALL TOP GOODS", None),  # words that are codes too
        ([], "", None),
    ],
)
def test_a_document_has_one_currency_or_none(
    money: list[str], text: str, currency: str | None
) -> None:
    leaf = find_currency(money, [page(text)])
    assert (None if leaf is None else leaf.value) == currency
