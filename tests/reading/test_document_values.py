"""Printed numbers as a vendor writes them: what they are, what they may be, what they are not."""

import string
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.values.document_values import (
    NumberFormat,
    RowReading,
    decide_format,
    derive_unit_price,
    read_currencies,
    read_currency,
    read_number,
    resolve_row,
    sign_on_quantity,
    split_price,
    split_quantity,
)

US = NumberFormat(".", (",",))
GERMAN = NumberFormat(",", (".",))
SWISS = NumberFormat(".", ("'",))
FRENCH = NumberFormat(",", (" ",))


def shares(row: RowReading, cell: str) -> dict[str, float]:
    return {str(r.value): round(r.probability, 2) for r in getattr(row, cell)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("12.50", "12.50"),
        ("1,5", "1.5"),
        (".50", "0.50"),
        ("$.50", "0.50"),
        ("0,500", "0.500"),  # a group cannot start with 0
        ("1234.567", "1234.567"),  # nor have four digits
        ("1.0000", "1.0000"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234\u202f567,8", "1234567.8"),
        ("1\u2009234,50", "1234.50"),
        ("1,23,456.00", "123456.00"),  # lakh
        ("12,34,56,789.10", "123456789.10"),  # crore
        ("-12.50", "-12.50"),
        ("- 12.50", "-12.50"),
        ("\u221212.50", "-12.50"),
        ("\u201312.50", "-12.50"),
        ("12.50-", "-12.50"),
        ("12.50 -", "-12.50"),
        ("12.50\u2212", "-12.50"),
        ("+12.50", "12.50"),
        ("(12.50)", "-12.50"),
        ("(1.234,56)", "-1234.56"),
        ("12.50 CR", "-12.50"),
        ("12.50CR", "-12.50"),
        ("CR 12.50", "-12.50"),
        ("12.50 Cr.", "-12.50"),
        ("12.50 DR", "12.50"),
        ("$1,200.00", "1200.00"),
        ("($1,200.00)", "-1200.00"),
        ("$(1,200.00)", "-1200.00"),
        ("-$1,200.00", "-1200.00"),
        ("$-1,200.00", "-1200.00"),
        ("US$ 1,200.00", "1200.00"),
        ("£1,234.56-", "-1234.56"),
        ("EUR 12,50", "12.50"),
        ("12,50€", "12.50"),
        ("12,50 EUR-", "-12.50"),
        ("EUR 12,50-", "-12.50"),
        ("Rs. 1,23,456.00", "123456.00"),
        ("R$ 1.234,50", "1234.50"),
        ("12.50 Fr.", "12.50"),
        ("12,-", "12.00"),  # no cents: not a minus
        ("12,-- €", "12.00"),
        ("12.–", "12.00"),
        ("19,00 %", "19.00"),
        ("7%", "7"),
        ("10Stk", "10"),
        ("10 Stk.", "10"),
        ("2x", "2"),
        ("3,5kg", "3.5"),
        ("*12.50", "12.50"),
        ("***1,234.00***", "1234.00"),
        ("~5", "5"),
        ("@2.50", "2.50"),
        ("4.50/C", "4.50"),
        ("4,50 / 100 Stk", "4.50"),
        ("-0.00", "0.00"),
        ("00010", "10"),  # a line number
    ],
)
def test_a_clear_number_has_one_reading(text: str, value: str) -> None:
    readings = read_number(text)
    assert [str(reading.value) for reading in readings] == [value]
    assert not readings[0].repaired


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", ".", "...", "()", "EUR", "n/a", "Menge"),
        *("NaN", "sNaN", "Infinity", "-inf", "1e999", "1E5", "0x10", "1_000"),
        *("31.12.2026", "12/31/26", "2026-12-31", "03.04.20", "12:30"),
        *("10-20", "10–20", "1/2", "5 x 6", "12 x 24"),
        *("555-1234", "(555) 123-4567", "+49 89 123 456", "+49 123 456"),
        *("A-123", "B12", "10A7", "10S", "AB1.50", "3.1.4", "192.168.1.1", "12..50", "1,,234"),
        *("1,2345,678", "1.23,456.789", "((5.00))", "1'23.50", "12 34", "²", "½"),
        "1234567890123456789",  # longer than any barcode
        "9" * 5000,
        "(" * 5000,
    ],
)
def test_what_is_no_number_has_no_reading(text: str) -> None:
    assert read_number(text) == ()


@pytest.mark.parametrize(
    ("text", "number_format", "values"),
    [
        ("1.000", None, ["1000", "1.000"]),
        ("1,000", None, ["1000", "1.000"]),
        ("-1.250", None, ["-1250", "-1.250"]),
        ("1.000 EUR", None, ["1000", "1.000"]),
        ("1.000", GERMAN, ["1000"]),
        ("1.000", US, ["1.000"]),
        ("1,000", US, ["1000"]),
        ("1,000", GERMAN, ["1.000"]),
        ("1,000", SWISS, ["1000", "1.000"]),  # neither is how this document writes
        ("1.234,56", US, ["1234.56"]),  # against the format, still the only reading
        ("(12.50", None, ["-12.50", "12.50"]),  # half a pair of parentheses
        ("-(5.00)", None, ["-5.00", "5.00"]),
    ],
)
def test_an_open_reading_keeps_its_alternatives(
    text: str, number_format: NumberFormat | None, values: list[str]
) -> None:
    readings = read_number(text, number_format)
    assert [str(reading.value) for reading in readings] == values
    assert sum(reading.probability for reading in readings) <= 1 + 1e-9
    if len(values) > 1:
        assert all(reading.probability < 1 for reading in readings)


@pytest.mark.parametrize(
    ("text", "as_printed", "repaired"),
    [
        ("1O,5O", [], ["10.50"]),
        ("l2.50", [], ["12.50"]),
        ("I2", [], ["12"]),
        ("S.00", [], ["5.00"]),
        ("12, 50", [], ["12.50"]),
        ("12 .50", [], ["12.50"]),
        ("1.234.56", [], ["1234.56"]),
        ("5l", ["5"], ["51"]),  # litres before a misread 51
        ("12.50", ["12.50"], []),
        ("OO.OO", [], []),  # more letters than digits is a word
    ],
)
def test_what_only_a_misread_letter_explains_is_flagged(
    text: str, as_printed: list[str], repaired: list[str]
) -> None:
    readings = read_number(text)
    assert [str(r.value) for r in readings if not r.repaired] == as_printed
    assert [str(r.value) for r in readings if r.repaired] == repaired
    assert all(r.probability < 1 for r in readings if r.repaired)
    if as_printed and repaired:
        assert not readings[0].repaired


@pytest.mark.parametrize("text", ["5 100", "12."])
def test_a_number_that_may_be_cut_or_two_cells_is_not_certain(text: str) -> None:
    (reading,) = read_number(text)
    assert reading.probability < 1


def written(value: D, decimal: str, group: str, lakh: bool = False) -> str:
    """The value's magnitude in a country's way: an independent writer to read back."""
    whole, _, cents = format(abs(value), "f").partition(".")
    groups = [whole[-3:]]
    rest, size = whole[:-3], 2 if lakh else 3
    while rest:
        groups.insert(0, rest[-size:])
        rest = rest[:-size]
    return group.join(groups) + (decimal + cents if cents else "")


COUNTRIES = [
    (".", ",", False),
    (",", ".", False),
    (".", "'", False),
    (".", "’", False),
    (",", " ", False),
    (",", "\u202f", False),
    (".", ",", True),
]
MINUS = ["-{}", "\u2212{}", "{}-", "({})", "{} CR", "CR {}"]
CURRENCY = ["{}", "${}", "EUR {}", "{} EUR", "{}€", "CHF {}", "Rs. {}", "*{}", "{} %"]


@given(
    value=st.decimals("-99999999.9999", "99999999.9999", places=4),
    places=st.integers(0, 4),
    country=st.sampled_from(COUNTRIES),
    minus=st.sampled_from(MINUS),
    currency=st.sampled_from(CURRENCY),
)
def test_a_number_written_in_any_format_is_read_back(
    value: D, places: int, country: tuple[str, str, bool], minus: str, currency: str
) -> None:
    value = value.quantize(D(1).scaleb(-places))
    decimal, group, lakh = country
    text = currency.format(written(value, decimal, group, lakh))
    text = minus.format(text) if value < 0 else text
    assert value in {reading.value for reading in read_number(text)}
    usual = group.replace("’", "'").replace("\u202f", " ")
    (reading,) = read_number(text, NumberFormat(decimal, (usual,)))  # type: ignore[arg-type]
    assert (reading.value, reading.repaired) == (value, False)


@given(st.text(string.digits + string.ascii_letters + " .,'-+()/%€$*~@|’\u2212", max_size=20))
def test_any_text_gives_finite_readings_best_first(text: str) -> None:
    readings = read_number(text)
    assert all(reading.value.is_finite() for reading in readings)
    assert sum(reading.probability for reading in readings) <= 1 + 1e-9
    flags = [reading.repaired for reading in readings]
    assert flags == sorted(flags)
    split_quantity(text), split_price(text), read_currencies(text)


def test_a_format_whose_marks_clash_is_refused() -> None:
    with pytest.raises(ValueError, match="decimal mark"):
        NumberFormat(".", (".",))


@pytest.mark.parametrize(
    ("texts", "checks", "expected"),
    [
        (["1.234,56", "12,00", "1.000"], [], GERMAN),
        (["1,234.56"], [], US),
        (["1'234.50", "1.000"], [], SWISS),
        (["1 234,50", "12"], [], FRENCH),
        (["12,50"], [], NumberFormat(",", (".", "'", " "))),
        (["1.000", "2.000", "12"], [], None),  # nothing tells
        (["12.50", "12,50"], [], None),  # a tie
        ([], [], None),
        (["Total", "31.12.2026"], [], None),
        (["12.50", "9.95", "3,10", "1,234.00"], [], US),  # one slip does not turn the vote
        ([], [("1.234", "2", "2468")], NumberFormat(",", (".", "'", " "))),
        (["2.50"] * 5, [("1.234", "2", "2468")], NumberFormat(",", (".", "'", " "))),
        ([], [("4", "1.250", "5.000")], None),  # holds either way
        ([], [("0", "0,00", "0,00")], None),
        ([], [("", "x", "1")], None),
    ],
)
def test_the_document_votes_and_arithmetic_outweighs(
    texts: list[str], checks: list[tuple[str, str, str]], expected: NumberFormat | None
) -> None:
    assert decide_format(texts, checks) == expected


@pytest.mark.parametrize(
    ("row", "number_format", "best", "base"),
    [
        (("3", "3.333", "10.00"), None, ("3", "3.333", "10.00"), "1"),  # case 22: inside 0.02
        (("1", "9.98", "10.00"), None, ("1", "9.98", "10.00"), "1"),  # exactly 0.02
        (("1.000", "2,50", "2,50"), None, ("1.000", "2.50", "2.50"), "1"),  # case 21
        (("1.000", "2,50", "2,50"), GERMAN, ("1.000", "2.50", "2.50"), "1"),
        (("1.000", "2,50", "2.500,00"), None, ("1000", "2.50", "2500.00"), "1"),
        (("2", "1.250", "2.500"), GERMAN, ("2", "1250", "2500"), "1"),
        (("25 M", "4.50", "112.50"), US, ("25", "4.50", "112.50"), "1"),  # case 4
        (("25000", "4.50", "112.50"), US, ("25000", "4.50", "112.50"), "1000"),  # case 5
        (("25,000", "4.50/M", "112.50"), US, ("25000", "4.50", "112.50"), "1000"),
        (("25,000", "4.50 per 1000", "112.50"), US, ("25000", "4.50", "112.50"), "1000"),
        (("250", "4,50 / 100 Stk", "11,25"), GERMAN, ("250", "4.50", "11.25"), "100"),
        (("2 DZ", "6.00", "12.00"), US, ("2", "6.00", "12.00"), "1"),  # case 6
        (("12", "0.00", "0.00"), US, ("12", "0.00", "0.00"), "1"),  # free goods: no base
        (("5-", "10.00", "50.00-"), US, ("-5", "10.00", "-50.00"), "1"),  # a credit
        (("1O", "5.00", "50.00"), US, ("10", "5.00", "50.00"), "1"),  # a misread 0
        (("5l", "2.00", "102.00"), US, ("51", "2.00", "102.00"), "1"),
    ],
)
def test_arithmetic_decides_among_readings(
    row: tuple[str, str, str],
    number_format: NumberFormat | None,
    best: tuple[str, str, str],
    base: str,
) -> None:
    result = resolve_row(*row, number_format)
    cells = (result.quantity, result.unit_price, result.amount)
    assert tuple(str(cell[0].value) for cell in cells) == best
    assert (result.price_base_quantity, result.holds) == (D(base), True)


@pytest.mark.parametrize(
    ("row", "number_format"),
    [
        (("1.000", "2,50", "2,50"), GERMAN),  # 1 at 2.50, or 1000 at 2.50 per 1000
        (("25,000", "4.50", "112.50"), US),
        (("100", "5.00", "5.00"), US),  # 100 at 5.00 per 100, or a lost point in the quantity
        (("1,000", "1,000", "1,000"), None),
        (("1.000", "2,50", None), None),
    ],
)
def test_a_row_with_two_explanations_is_never_certain(
    row: tuple[str, str, str | None], number_format: NumberFormat | None
) -> None:
    result = resolve_row(*row, number_format)
    assert not result.is_certain()
    assert len(result.quantity) > 1
    assert result.quantity[0].probability < 0.95


@pytest.mark.parametrize(
    ("row", "holds", "sign_conflict"),
    [
        (("5", "10.00", "50.00"), True, False),
        (("5", "10.00", "60.00"), False, False),  # the vendor's own extension error
        (("1", "9.97", "10.00"), False, False),  # 0.03
        (("5", "10.00", "-50.00"), False, True),
        (("5", "-10.00", "-50.00"), True, False),
        (("5", None, "50.00"), None, False),
        (("5", "illegible", "50.00"), None, False),
        ((None, "10.00", "50.00"), None, False),
        ((None, None, None), None, False),
        (("", "", ""), None, False),
    ],
)
def test_a_row_says_whether_it_multiplies(
    row: tuple[str | None, str | None, str | None], holds: bool | None, sign_conflict: bool
) -> None:
    result = resolve_row(*row, US)
    assert (result.holds, result.sign_conflict) == (holds, sign_conflict)
    assert result.price_base_quantity == 1


def test_a_row_that_fails_keeps_the_print_and_its_doubt() -> None:
    row = resolve_row("1.500", "2,00", "7,77", None)
    assert row.holds is False
    assert set(shares(row, "quantity")) == {"1500", "1.500"}
    assert not row.is_certain()
    repaired = resolve_row("1O", "2.00", "7.77", US)
    assert repaired.quantity[0].probability < 0.95


def test_a_price_per_m_without_an_amount_leaves_the_base_open() -> None:
    row = resolve_row("25", "4.50/M", None, US)
    assert row.base_probability == pytest.approx(0.5)
    assert not row.is_certain()


@given(
    quantity=st.decimals("1", "9999", places=0),
    price=st.decimals("0.01", "999.99", places=2),
    country=st.sampled_from(COUNTRIES[:3]),
)
def test_a_true_row_is_among_the_readings(
    quantity: D, price: D, country: tuple[str, str, bool]
) -> None:
    decimal, group, _ = country
    texts = [written(n, decimal, group) for n in (quantity, price, quantity * price)]
    row = resolve_row(*texts)
    assert row.holds is True
    assert quantity in {reading.value for reading in row.quantity}
    assert price in {reading.value for reading in row.unit_price}
    assert quantity * price in {reading.value for reading in row.amount}


@pytest.mark.parametrize(
    ("quantity", "amount", "base", "price"),
    [
        ("12", "30.00", "1", "2.50"),  # case 41
        ("25000", "112.50", "1000", "4.5"),
        ("-5", "-50.00", "1", "10"),
        ("0", "10.00", "1", None),  # case 42
    ],
)
def test_a_missing_price_is_derived(
    quantity: str, amount: str, base: str, price: str | None
) -> None:
    assert derive_unit_price(D(quantity), D(amount), D(base)) == (price and D(price))


@pytest.mark.parametrize(
    ("printed", "signed"),
    [(("5", "-10"), ("-5", "10")), (("5", "10"), ("5", "10")), (("5", "0"), ("5", "0"))],
)
def test_the_sign_lives_on_the_quantity(printed: tuple[str, str], signed: tuple[str, str]) -> None:
    assert sign_on_quantity(D(printed[0]), D(printed[1])) == (D(signed[0]), D(signed[1]))


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("10Stk", "10", "Stk"),
        ("5 x", "5", "x"),
        ("1x", "1", "x"),
        ("2 CS", "2", "CS"),
        ("3,00 kg", "3,00", "kg"),
        ("-2 EA", "-2", "EA"),
        ("2- EA", "2-", "EA"),
        ("EA 12", "12", "EA"),
        ("4 Gizmos", "4", "Gizmos"),  # unknown, but a word of its own
        ("12", "12", None),
        ("A-123", "A-123", None),
        ("10A7", "10A7", None),
        ("12Foo", "12Foo", None),
        ("12,50 EUR", "12,50 EUR", None),
        ("12.50 CR", "12.50 CR", None),
        ("Stk", "Stk", None),
        ("", "", None),
    ],
)
def test_a_unit_is_split_from_its_quantity(text: str, number: str, unit: str | None) -> None:
    assert split_quantity(text) == (number, unit)


@pytest.mark.parametrize(
    ("text", "price", "bases", "unit"),
    [
        ("4.50/C", "4.50", ["100"], "C"),
        ("4.50/M", "4.50", ["1", "1000"], "M"),
        ("4.50/EA", "4.50", ["1"], "EA"),
        ("6.00 / DZ", "6.00", ["12"], "DZ"),
        ("24.00/CS", "24.00", ["1"], "CS"),
        ("4,50 / 100 Stk", "4,50", ["100"], "Stk"),
        ("4,50 je 100", "4,50", ["100"], None),
        ("4.50 per 1,000", "4.50", ["1000"], None),
        ("$4.50 per 1000", "$4.50", ["1000"], None),
        ("4.50", "4.50", [], None),
        ("12/31", "12/31", [], None),  # a date, not a price per 31
        ("12/31/26", "12/31/26", [], None),
        ("4.50/foo", "4.50/foo", [], None),
    ],
)
def test_a_printed_price_base_is_split(
    text: str, price: str, bases: list[str], unit: str | None
) -> None:
    split = split_price(text)
    assert (split.text, [str(base) for base in split.bases], split.unit) == (price, bases, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        ("€ 12,50", "EUR"),
        ("12.50 GBP", "GBP"),
        ("£", "GBP"),
        ("US$ 5.00", "USD"),
        ("$ 5.00 CAD", "CAD"),
        ("USD $", "USD"),
        ("1'200.00 SFr.", "CHF"),
        ("R$ 5,00", "BRL"),
        ("12,50 zł", "PLN"),
        ("Euro", "EUR"),
        ("5.00", None),
        ("", None),
        ("$ 5.00", None),  # whose dollar?
        ("kr 100", None),
        ("¥ 1000", None),
        ("EUR/USD", None),
        ("ALL GOODS", None),  # not the Albanian lek
        ("100 ALL", "ALL"),
        ("eur", None),
    ],
)
def test_a_currency_is_named_only_when_it_is_clear(text: str, code: str | None) -> None:
    assert read_currency(text) == code


def test_a_bare_dollar_offers_its_candidates() -> None:
    assert read_currencies("$")[:2] == ("USD", "CAD")
    assert read_currencies("EUR/USD") == ("EUR", "USD")
