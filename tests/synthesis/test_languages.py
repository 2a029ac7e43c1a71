"""Every language is complete, says each thing in words of its own, and prints what can be read."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from data.synthesis.commerce import column_heads, parties, vocabulary, wording
from data.synthesis.commerce.deals import make_deal
from data.synthesis.commerce.styles import Style, pick_style
from data.synthesis.languages import LANGUAGES, Language
from data.values.dates import LANGUAGES as READ_LANGUAGES
from data.values.dates import read_date
from data.values.numerals import read_number

D = Decimal
CODES = sorted(LANGUAGES)
# Kinds of columns that vendors do call the same; what stands in them tells them apart.
SHARED_HEADS = {
    ("product_code", "description"),
    ("quantity", "unit"),
    ("quantity", "quantity_shipped"),  # an invoice bills what was shipped
    ("quantity", "quantity_unit"),
    ("unit", "price_base_quantity"),
    ("discount_rate", "discount_amount"),
    ("tax_rate", "tax_amount"),
}


def folded(texts: tuple[str, ...]) -> set[str]:
    return {text.casefold() for text in texts}


def shared(kinds: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """Pairs of kinds that have a text in common."""
    pairs = combinations(kinds, 2)
    return {(a, b) for a, b in pairs if folded(kinds[a]) & folded(kinds[b])}


def test_a_missing_kind_is_an_error() -> None:
    short = {kind: texts for kind, texts in LANGUAGES["nl"].heads.items() if kind != "amount"}
    with pytest.raises(ValueError, match=r"nl: heads lacks \['amount'\]"):
        replace(LANGUAGES["nl"], heads=short)


@pytest.mark.parametrize("text", ["a|b", "a\tb", " a", ""])
def test_a_stray_character_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="nl: paid holds"):
        replace(LANGUAGES["nl"], paid=(text,))


def test_a_year_has_twelve_months() -> None:
    with pytest.raises(ValueError, match="nl: months must be 12, got 11"):
        replace(LANGUAGES["nl"], months=LANGUAGES["nl"].months[:11])


def test_there_are_at_least_14_languages_and_half_of_all_papers_are_english() -> None:
    assert len(LANGUAGES) >= 14
    shares = {code: language.share for code, language in LANGUAGES.items()}
    assert sum(shares.values()) == pytest.approx(100, abs=2)
    assert shares["en"] == pytest.approx(50, abs=5)


@pytest.mark.parametrize("code", CODES)
def test_there_are_words_enough(code: str) -> None:
    language = LANGUAGES[code]
    least = {"goods": 10, "food": 8, "services": 8, "software": 5, "property": 5}
    assert all(len(language.nouns[kind]) >= count for kind, count in least.items())
    assert len(language.units) >= 8
    assert len(language.terms) >= 6
    assert all(len(language.heads[kind]) >= 5 for kind in ("description", "quantity", "amount"))
    assert len(set(language.months)) == len(set(language.short_months)) == 12


@pytest.mark.parametrize("code", CODES)
def test_heads_of_different_columns_differ(code: str) -> None:
    assert shared(dict(LANGUAGES[code].heads)) <= SHARED_HEADS


@pytest.mark.parametrize("code", CODES)
def test_labels_of_different_values_differ(code: str) -> None:
    language = LANGUAGES[code]
    assert shared(dict(language.totals) | {"paid": language.paid}) == set()
    assert shared(dict(language.fields) | {"other": language.other_fields}) == set()
    for document_type in ("invoice", "credit_memo", "delivery_note"):
        named = folded(language.numbers[document_type] + language.days[document_type])
        for tag in set(language.fields) - {"document_id", "document_date"}:
            assert not named & folded(language.fields[tag]), (document_type, tag)


@pytest.mark.parametrize("code", CODES)
def test_everything_that_is_said_is_said_in_this_language(code: str) -> None:
    rng = random.Random(1)
    kinds = (wording.TITLES, wording.NUMBERS, wording.DAYS, wording.TOTALS, wording.FIELDS,
             column_heads.HEADS, vocabulary.NOUNS)  # fmt: skip
    singles = (wording.TERMS, wording.NOTES, wording.PAID, wording.SUBTOTALS, vocabulary.UNITS)
    for labels in (*singles, *(labels for kind in kinds for labels in kind.values())):
        assert wording.pick_label(rng, labels, code) in labels[code]


@pytest.mark.parametrize("code", CODES)
def test_templates_take_what_they_are_given(code: str) -> None:
    language = LANGUAGES[code]
    assert language.joints[0].count("{}") == 2
    assert all(text.count("{}") <= 1 for text in language.notes)
    for tag, texts in language.fields.items():
        allowed = 1 if tag in ("document_id", "document_date") else 0
        assert all(text.count("{}") <= allowed for text in texts), tag
    elsewhere = [place for place, text in language.every_text() if "{}" in text]
    allowed_at = {"joints", "notes", "fields", "sections"}
    assert {place.split(".")[0] for place in elsewhere} <= allowed_at
    for text in language.sections:
        text.format("4711", n=1, day="2024-03-01", noun="x")
    for texts in language.head_groups.values():
        assert all("{" not in text.format(currency="EUR") for text in texts)
    assert all(D(rate) < 30 for rate in language.tax_rates)
    assert set(language.sign_sides) <= {"before", "after"}


def test_a_number_is_named_after_its_document() -> None:
    rng = random.Random(2)
    names = {wording.pick_field_label(rng, "document_id", "invoice", "de") for _ in range(300)}
    assert {"Rechn.-Nr.", "Rechnungsnummer", "Beleg"} <= names
    assert not {"Lieferschein-Nr.", "Bestellnummer"} & names


@pytest.mark.parametrize("code", CODES)
def test_a_party_has_an_address_of_its_country(code: str) -> None:
    party = parties.make_party(random.Random(3), code)
    assert all(line and "#" not in line and "@" not in line for line in party.address)
    assert any(town in party.address[-1] for town in LANGUAGES[code].towns)


STYLES: list[dict[str, object]] = [
    {},
    {"point": ",", "group": "."},
    {"point": ",", "group": " ", "sign": "zł", "sign_place": "after", "currency": "PLN"},
    {"point": ",", "group": " ", "sign": "Kč", "sign_place": "after_glued", "currency": "CZK"},
    {"point": ",", "group": ".", "sign": "kr.", "sign_place": "before", "currency": "DKK"},
    {"point": ",", "group": ".", "sign": "R$", "sign_place": "before_glued", "currency": "BRL"},
    {"point": ",", "group": ".", "sign": "TL", "sign_place": "after", "currency": "TRY"},
    {"point": ",", "group": ".", "sign": "€", "sign_place": "before"},
    {"point": ",", "group": " ", "sign": "Ft", "sign_place": "after", "money_places": 0},
    {"sign": "¥", "sign_place": "before_glued", "money_places": 0},
    {"sign": "KWD", "sign_place": "after", "money_places": 3},
    {"point": ",", "group": " ", "sign": "TND", "sign_place": "after", "money_places": 3},
    {"sign": "₹", "sign_place": "before_glued", "indian": True},
    {"sign": "Rs.", "sign_place": "before", "indian": True},
    {"group": "'", "sign": "Fr.", "sign_place": "before"},
    {"group": "’", "sign": "CHF", "sign_place": "before_glued"},
    {"sign": "USD", "sign_place": "after_glued"},
    {"group": ""},
]  # fmt: skip


def style(**changes: object) -> Style:
    given: dict[str, object] = {
        "language": "en", "currency": "USD", "point": ".", "group": ",", "price_places": 2,
        "sign": "$", "sign_place": "before_glued", "negative": "minus", "date_format": "%Y-%m-%d",
    }  # fmt: skip
    return Style(**(given | changes))  # type: ignore[arg-type]


NEGATIVES = ("minus", "dash", "inner", "parens", "trailing", "credit", "credit_apart")


@pytest.mark.parametrize("changes", STYLES)
@pytest.mark.parametrize("negative", NEGATIVES)
def test_printed_money_is_read_back(changes: dict[str, object], negative: str) -> None:
    hand = style(negative=negative, **changes)
    for text in ("0", "7", "12.5", "999.99", "1234.56", "1234567.89", "-3.25", "-45678.9"):
        value = D(text).quantize(D(1).scaleb(-hand.money_places))
        printed = hand.money(value)
        assert value in {reading.value for reading in read_number(printed)}, printed


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"negative": "minus"}, "-$1,234.50"),
        ({"negative": "dash"}, "−$1,234.50"),
        ({"negative": "inner"}, "$-1,234.50"),
        ({"negative": "parens"}, "($1,234.50)"),
        ({"negative": "trailing"}, "$1,234.50-"),
        ({"negative": "credit"}, "$1,234.50CR"),
        ({"negative": "credit_apart", "sign_place": "after", "sign": "EUR"}, "1,234.50 EUR CR"),
        ({"money_places": 0, "sign_place": "none"}, "-1,235"),
        ({"money_places": 3, "sign_place": "none"}, "-1,234.500"),
    ],
)
def test_negative_money_is_printed_by_the_style(changes: dict[str, object], text: str) -> None:
    assert style(**changes).money(D("-1234.50")) == text


def test_a_quantity_is_never_a_credit() -> None:
    assert style(negative="credit").quantity(D("-5")) == "-5"


@pytest.mark.parametrize(
    ("language", "date_format", "text"),
    [
        ("en", "%d-%b-%y", "05-Mar-24"),
        ("en", "%d-%^b-%y", "05-MAR-24"),
        ("en", "%Y%m%d", "20240305"),
        ("en", "%-m/%-d/%Y", "3/5/2024"),
        ("de", "%-d. %B %Y", "5. März 2024"),
        ("es", "%-d de %B de %Y", "5 de marzo de 2024"),
        ("pl", "%-d %B %Y", "5 marca 2024"),
        ("hu", "%Y. %B %-d.", "2024. március 5."),
    ],
)
def test_dates_name_the_month_in_the_language(language: str, date_format: str, text: str) -> None:
    assert style(language=language, date_format=date_format).day(date(2024, 3, 5)) == text


@pytest.mark.parametrize("code", sorted(set(CODES) & set(READ_LANGUAGES)))
def test_printed_dates_are_read_back(code: str) -> None:
    for date_format in set(LANGUAGES[code].dates):
        for month in range(1, 13):
            day = date(2024, month, 17)
            printed = style(language=code, date_format=date_format).day(day)
            assert day in {reading.value for reading in read_date(printed)}, printed


def test_nearly_all_documents_print_two_decimals() -> None:
    rng = random.Random(4)
    drawn = Counter(pick_style(rng).money_places for _ in range(4000))
    assert 0.93 <= drawn[2] / 4000 <= 0.97
    assert set(drawn) == {0, 2, 3}


@pytest.mark.parametrize("places", [0, 3])
def test_a_deal_rounds_to_the_places_of_its_money(places: int) -> None:
    for seed in range(30):
        rng = random.Random(seed)
        hand = replace(pick_style(rng, "hu"), money_places=places, price_places=places)
        deal = make_deal(rng, "invoice", hand, 6)
        least = D(1).scaleb(-places)
        for line in deal.lines:
            assert line.amount == line.gross - line.discount
            assert abs(line.quantity * line.price / line.base - line.gross) <= least / 2
            if places == 0:
                assert line.quantity * line.price == line.gross
        amounts = [deal.net, deal.tax, deal.total, deal.shipping, deal.deduction]
        assert all(value == value.quantize(least) for value in amounts)


def test_a_language_is_a_frozen_record() -> None:
    with pytest.raises(AttributeError):
        LANGUAGES["en"].code = "xx"  # type: ignore[misc]
    assert all(isinstance(language, Language) for language in LANGUAGES.values())
