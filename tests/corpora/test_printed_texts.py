"""Printed texts as values: read where they can mean one thing, left out where they cannot."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.corpora.published.printed_texts import (
    UNKNOWN,
    Habits,
    agreed_value,
    learn_habits,
    read_printed,
    read_row,
)
from data.values.document_values import NumberFormat

COMMA = Habits(NumberFormat(",", (".",)), day_first=True)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "1.250,00 EUR", "1250.00"),
        ("amount", "1,269.12-", "-1269.12"),
        ("amount", "(5.00)", "-5.00"),
        ("amount", "-(5.00)", None),  # a negative credit, or negative twice over
        ("amount", "(12.50", None),  # half a parenthesis
        ("amount", "1.250", None),  # a thousand or one
        ("amount", "1O,5O", None),  # only an OCR slip explains it
        ("amount", "n/a", None),
        ("amount", "0.00", "0.00"),
        ("tax_rate", "19 %", "19"),
        ("quantity", "6M", "6"),  # the unit stands beside the number as printed
        ("due_date", "25/03/2020", "2020-03-25"),
        ("due_date", "03/04/2020", None),
        ("due_date", "31/02/2020", None),
        ("currency", "$", None),
        ("currency", "US$", "USD"),
        ("vendor_name", " ACME\n Inc. ", "ACME Inc."),
        ("vendor_name", " ", None),
    ],
)
def test_one_text(name: str, text: str, value: str | None) -> None:
    assert read_printed(name, text, UNKNOWN) == value


@given(st.decimals("-999999999.99", "999999999.99", places=2), st.booleans())
def test_money_in_a_known_format_is_read_back(value: Decimal, comma: bool) -> None:
    printed = f"{value:,.2f}"
    if comma:
        printed = printed.translate(str.maketrans(",.", ".,"))
    habits = COMMA if comma else Habits(NumberFormat(".", (",",)))
    read = read_printed("amount", printed, habits)
    assert read is not None
    assert Decimal(read) == value
    unsure = read_printed("amount", printed, UNKNOWN)  # two decimals: no format is needed
    assert unsure is None or Decimal(unsure) == value


def test_habits_decide_what_a_text_alone_leaves_open() -> None:
    assert read_printed("amount", "1.250", COMMA) == "1250"
    assert read_printed("due_date", "03/04/2020", COMMA) == "2020-04-03"
    fields = {"due_date": "25/03/2020", "invoice_total": "1.250,00", "vendor_name": "3.14 Ltd"}
    assert learn_habits(fields) == COMMA


def test_the_product_teaches_the_format() -> None:
    row = {"quantity": "2", "unit_price": "1.000", "amount": "2.000"}
    assert learn_habits({}, [row]) == UNKNOWN  # holds either way
    rows = [{"quantity": "1.500", "unit_price": "2,00", "amount": "3.000,00"}]
    assert learn_habits({}, rows).number_format == NumberFormat(",", (".",))


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (("2", "10.00", "20.00"), ("2", "10.00", "20.00")),
        (("2", "1,000", "2,000.00"), ("2", "1000", "2000.00")),  # the product tells
        (("2", "1,000", "2,000"), ("2", None, None)),  # thousands or ones: both hold
        (("2", "10.00", "18.00"), ("2", "10.00", "18.00")),  # a discount: printed is printed
        (("-1", "10.00", "-10.00"), ("-1", "10.00", "-10.00")),
    ],
)
def test_a_row(row: tuple[str, str, str], values: tuple[str | None, ...]) -> None:
    names = ("quantity", "unit_price", "amount")
    read = read_row(dict(zip(names, row, strict=True)), UNKNOWN)
    assert tuple(read.get(name) for name in names) == values


def test_a_price_per_hundred_names_its_base() -> None:
    row = {"quantity": "200", "unit_price": "4.50/100", "amount": "9.00"}
    assert read_row(row, UNKNOWN) == {
        "quantity": "200",
        "unit_price": "4.50",
        "amount": "9.00",
        "price_base_quantity": "100",
    }


@pytest.mark.parametrize(
    ("values", "one"), [(["A1", "a1"], "A1"), (["A1", "B2"], None), (["A1"], "A1")]
)
def test_agreed(values: list[str], one: str | None) -> None:
    assert agreed_value(values) == one
