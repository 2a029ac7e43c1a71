"""One row of a document: its cells read together, and cells that cannot be read."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from data.records import Field, LineItem
from data.values.document_values import NumberFormat, resolve_row
from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.calibration import Calibration
from training.decoding.derived_values import (
    UNTAGGED_LIMIT,
    other_amounts,
    with_amount,
    with_quantity,
)
from training.decoding.grouping import OTHER_READING, group_items, page_cells
from training.decoding.line_items import PageContext, proved_product, read_item

POINT = NumberFormat(".", (",",))
COMMA = NumberFormat(",", (".",))


def read(words, number_format: NumberFormat | None = POINT, **page) -> LineItem:
    tagged = tagged_page(words, **page)
    (item,) = group_items(tagged, page_cells(tagged)[0])
    reader = PageContext(tagged.page, number_format, True, Calibration())
    line = read_item(item, reader)
    assert line is not None
    return line


def values(line: LineItem) -> tuple[object, object, object]:
    leaves = (line.quantity, line.unit_price, line.amount)
    return tuple(None if leaf is None or leaf.value is None else str(leaf.value) for leaf in leaves)


@pytest.mark.parametrize(
    ("printed", "number_format", "expected"),
    [
        (("4", "2.50", "10.00"), POINT, ("4", "2.50", "10.00")),
        (("4", "2,50", "10,00"), COMMA, ("4", "2.50", "10.00")),
        (("1.000", "2,50", "2.500,00"), COMMA, ("1000", "2.50", "2500.00")),
        (("1.000", "2,50", "2,50"), COMMA, ("1.000", "2.50", "2.50")),  # arithmetic overrules it
        (("4", "2.50", "11.00"), POINT, ("4", "2.50", "11.00")),  # a wrong sum is not repaired
        (("-4", "2.50", "-10.00"), POINT, ("-4", "2.50", "-10.00")),
        (("4", "-2.50", "-10.00"), POINT, ("-4", "2.50", "-10.00")),  # BR-27: prices have no sign
        (("4", "2.50-", "10.00-"), POINT, ("-4", "2.50", "-10.00")),
        (("0", "2.50", "0.00"), POINT, ("0", "2.50", "0.00")),  # 0 was printed
        (("4", "$2.50", "$10.00"), POINT, ("4", "2.50", "10.00")),
        (("smudge", "2.50", "10.00"), POINT, (None, "2.50", "10.00")),
        (("4", "smudge", "10.00"), POINT, ("4", None, "10.00")),  # and nothing is derived over it
        (("4", "2.50", "smudge"), POINT, ("4", "2.50", None)),
        (("4", "?", "?"), POINT, ("4", None, None)),
    ],
)
def test_rows(printed, number_format, expected):
    assert values(read(row(0, *printed), number_format)) == expected


@pytest.mark.parametrize("column", ["quantity", "unit_price", "amount"])
def test_an_unreadable_cell_keeps_its_print_and_claims_nothing(column):
    cells = {"quantity": "4", "unit_price": "2.50", "amount": "10.00"} | {column: "#§x"}
    leaf = read(row(0, **cells)).field(column)
    assert (leaf.value, leaf.raw_text, leaf.confidence) == (None, "#§x", 0.0)
    assert leaf.polygon is not None
    assert leaf.alternatives == ()


def test_a_price_that_is_not_printed_is_derived_and_says_from_what():
    leaf = read(row(0, "3", None, "10.00")).unit_price
    assert (leaf.value, leaf.source, leaf.derived_from) == (
        D("3.333333"),
        "derived",
        ("quantity", "amount"),
    )
    assert leaf.raw_text is None


def test_an_amount_that_is_not_printed_is_derived_half_up():
    leaf = read(row(0, "5", "0.025", None)).amount
    assert (str(leaf.value), leaf.source) == ("0.13", "derived")
    assert leaf.derived_from == ("quantity", "unit_price")


def test_what_is_derived_is_no_surer_than_what_it_comes_from():
    words = row(0, "3", None, "10.00")
    doubted = [W(w.text, w.tag, w.x, w.y, w.item, 0.6) if w.tag == "amount" else w for w in words]
    line = read(doubted)
    assert line.unit_price.confidence == line.amount.confidence
    assert line.unit_price.confidence < line.quantity.confidence


@pytest.mark.parametrize(
    ("quantity", "amount"),
    [("0", "10.00"), ("4", "-10.00"), (None, "10.00"), ("4", None)],
    ids=["division by zero", "negative price", "no quantity", "no amount"],
)
def test_no_price_is_derived_where_it_would_be_a_guess(quantity, amount):
    assert read(row(0, quantity, None, amount)).unit_price is None


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount"),
    [("9" * 18, "9" * 18, None), ("0.0000001", None, "9" * 18), ("9" * 19, "1.00", "1.00")],
)
def test_absurdly_long_numbers_do_not_crash_and_derive_nothing(quantity, unit_price, amount):
    line = read(row(0, quantity, unit_price, amount))
    derived = [leaf for leaf in (line.unit_price, line.amount) if leaf and leaf.source == "derived"]
    assert derived == []


@pytest.mark.parametrize("order", [("12.00", "10.80"), ("10.80", "12.00")])
def test_of_two_prices_in_a_row_arithmetic_picks_and_keeps_the_other(order):
    words = [
        W("Widget", "description", 0.1, 10, 0),
        W("10", "quantity", 0.4, 10, 0),
        W(order[0], "unit_price", 0.5, 10, 0),
        W(order[1], "unit_price", 0.6, 10, 0),
        W("108.00", "amount", 0.8, 10, 0),
    ]
    line = read(words)
    assert line.unit_price.value == D("10.80")
    assert [other.value for other in line.unit_price.alternatives] == [D("12.00")]


def test_a_number_the_model_half_took_for_the_quantity_is_it_when_the_row_multiplies():
    words = row(0, None, "2.50", "10.00")
    words.append(W("4", "line_number", 0.4, 10, 0, sure=0.7, maybe=(("quantity", 0.25),)))
    line = read(words)
    assert values(line) == ("4", "2.50", "10.00")
    assert line.quantity.confidence < 0.3  # it was half believed, and says so
    assert line.line_number is None


def test_a_number_that_does_not_multiply_stays_where_the_model_put_it():
    words = row(0, None, "2.50", "10.00")
    words.append(W("3", "line_number", 0.4, 10, 0, sure=0.7, maybe=(("quantity", 0.05),)))
    line = read(words)
    assert line.quantity is None
    assert line.line_number.value == "3"


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "code"),
    [("12pcs", "12", "pcs", "H87"), ("5kg", "5", "kg", "KGM"), ("7", "7", None, None)],
)
def test_a_quantity_glued_to_its_unit(quantity, value, unit, code):
    line = read(row(0, quantity, None, None))
    assert str(line.quantity.value) == value
    assert (line.unit.value if line.unit else None) == unit
    assert (line.unit_code.value if line.unit_code else None) == code


def test_a_unit_with_two_meanings_is_half_as_sure_and_names_both():
    words = [*row(0, "4", "2.50", "10.00"), W("CA", "unit", 0.55, 10, 0)]
    line = read(words)
    assert line.unit_code.value == "XCS"
    assert [other.value for other in line.unit_code.alternatives] == ["XCA"]
    assert line.unit_code.confidence == pytest.approx(line.unit.confidence / 2)


@pytest.mark.parametrize(
    ("price", "base"), [("4.50/100", "100"), ("4.50", "1000"), ("0.0045", None)]
)
def test_a_price_per_hundred_or_thousand(price, base):
    amount = {"100": "1125.00", "1000": "112.50", None: "112.50"}[base]
    leaf = read(row(0, "25000", price, amount)).price_base_quantity
    assert (None if leaf is None else str(leaf.value)) == base


def test_no_amount_is_derived_from_a_price_whose_base_cannot_be_read():
    words = [*row(0, "25000", "4.50", None), W("l0?x", "price_base_quantity", 0.7, 10, 0)]
    line = read(words)
    assert line.price_base_quantity.value is None
    assert line.amount is None


def test_doubt_of_the_ocr_engine_and_of_the_network_lower_the_confidence():
    undoubted = read(row(0, "4", "2.50", "10.00")).amount.confidence
    words = row(0, "4", "2.50", "10.00")
    words[-1] = W("10.00", "amount", 0.8, 10, 0, seen=0.5)
    assert read(words).amount.confidence == pytest.approx(undoubted / 2, rel=0.01)
    assert read(row(0, "4", "2.50", "10.00"), together=0.6).amount.confidence < undoubted


def test_a_doubtful_number_lowers_the_confidence_of_the_others_in_its_row():
    undoubted = read(row(0, "4", "2.50", "10.00"))
    words = row(0, "4", "2.50", "10.00")
    words[-1] = W("10.00", "amount", 0.8, 10, 0, seen=0.5)
    line = read(words)
    for column in ("quantity", "unit_price"):
        # The geometric mean with the weakest, which is half as sure
        lowered = getattr(undoubted, column).confidence / math.sqrt(2)
        assert getattr(line, column).confidence == pytest.approx(lowered, rel=0.05)


@pytest.mark.parametrize(
    ("description", "line_type"),
    [
        ("Freight", "freight"),
        ("Versandkosten", "freight"),
        ("Rabatt:", "discount"),
        ("Pfand", "deposit"),
        ("Widget", "item"),
        ("Shipping-box", "item"),
    ],
)
def test_a_line_that_is_no_article_says_so(description, line_type):
    assert read(row(0, "1", "5.00", "5.00", description)).line_type == line_type


def test_a_description_over_two_lines_is_one_text_with_one_box():
    words = [*row(0, "4", "2.50", "10.00"), W("stainless", "description", 0.1, 11, 0)]
    line = read(words)
    assert line.description.value == "Widget stainless"
    assert line.row_polygon[7] == pytest.approx(11 * 0.015 + 0.01)


def test_other_columns_are_read_by_their_own_rules():
    words = [
        *row(0, "4", "2.50", "10.00"),
        W("03.04.2026", "date", 0.2, 10, 0),
        W("4006381333931", "gtin", 0.3, 10, 0),
        W("AB-7:", "product_code", 0.4, 10, 0),
        W("19%", "tax_rate", 0.9, 10, 0),
    ]
    line = read(words)
    assert line.date.value == date(2026, 4, 3)
    assert line.gtin.value == "04006381333931"
    assert line.product_code.value == "AB-7"
    assert line.tax_rate.value == D(19)


def test_a_gtin_with_a_wrong_check_digit_is_not_read():
    words = [*row(0, "4", "2.50", "10.00"), W("4006381333932", "gtin", 0.3, 10, 0)]
    leaf = read(words).gtin
    assert (leaf.value, leaf.raw_text, leaf.confidence) == (None, "4006381333932", 0.0)


def test_a_row_without_one_readable_number_is_no_line():
    tagged = tagged_page(row(0, "smudge", None, "###"))
    (item,) = group_items(tagged, page_cells(tagged)[0])
    assert read_item(item, PageContext(tagged.page, POINT, None, Calibration())) is None


def _line(price: str | None, amount: str | None, quantity: str | None = None, **more) -> LineItem:
    leaves = {
        name: Field(D(text), confidence=0.95)
        for name, text in (("unit_price", price), ("amount", amount), ("quantity", quantity))
        if text is not None
    }
    return LineItem(**(leaves | more))


@pytest.mark.parametrize(
    ("price", "amount", "expected"),
    [
        ("120.00", "120.00", "1"),
        ("35.00", "70.00", "2"),
        ("35.00", "-70.00", "-2"),  # the sign lives on the quantity
        ("35.00", "71.00", None),  # no whole number of units
        ("0.00", "0.00", None),
        ("35.00", "0.00", None),
        ("-35.00", "70.00", None),
        (None, "70.00", None),
        ("35.00", None, None),
        ("0.01", "99999.00", None),  # more units than anybody orders: the price is misread
    ],
)
def test_a_quantity_that_price_and_amount_imply(price, amount, expected):
    leaf = with_quantity(_line(price, amount)).quantity
    assert (None if leaf is None else str(leaf.value)) == expected
    if leaf is not None:
        assert (leaf.source, leaf.derived_from) == ("derived", ("unit_price", "amount"))
        assert leaf.confidence <= UNTAGGED_LIMIT


@pytest.mark.parametrize(
    "line",
    [
        _line("35.00", "70.00", "3"),  # printed, even if the product fails
        replace(_line("35.00", "70.00"), unit_price=Field(D(35), source="derived")),
    ],
)
def test_what_is_printed_or_rests_on_derived_numbers_is_left_alone(line):
    assert with_quantity(line) == line
    assert with_quantity(line, 0.97) == line


def test_a_price_per_hundred_implies_hundreds():
    base = Field(D(100), confidence=0.9)
    line = with_quantity(_line("4.50", "9.00", price_base_quantity=base))
    assert line.quantity.value == 200


def twice_read(item, **cells):
    """A row of which some cells were read two ways: `amount=("18.00", "10.00")`."""
    first = {name: text if isinstance(text, str) else text[0] for name, text in cells.items()}
    words = row(item, **({"quantity": None, "unit_price": None, "amount": None} | first))
    others = {name: text[1] for name, text in cells.items() if not isinstance(text, str)}
    return [replace(w, other=others.get(w.tag)) for w in words]


@pytest.mark.parametrize(
    ("cells", "expected", "rival"),
    [
        # The product holds with the second reading alone, or with the first, or with neither
        ({"quantity": "4", "unit_price": "2.50", "amount": ("18.00", "10.00")}, "10.00", "18.00"),
        ({"quantity": "4", "unit_price": "2.50", "amount": ("10.00", "18.00")}, "10.00", "18.00"),
        ({"quantity": "4", "unit_price": "2.50", "amount": ("18.00", "16.00")}, "18.00", "16.00"),
        ({"amount": ("18.00", "10.00")}, "18.00", "10.00"),  # nothing tells them apart
    ],
)
def test_of_two_readings_the_one_whose_product_holds(cells, expected, rival):
    leaf = read(twice_read(0, **cells)).amount
    assert str(leaf.value) == expected
    assert rival in [str(other.value) for other in leaf.alternatives]


def test_the_reading_that_nobody_believed_first_is_less_sure():
    cells = {"quantity": "4", "unit_price": "2.50"}
    first = read(twice_read(0, **cells, amount=("10.00", "18.00"))).amount
    second = read(twice_read(0, **cells, amount=("18.00", "10.00"))).amount
    assert first.value == second.value
    assert second.confidence < first.confidence * OTHER_READING * 1.5
    assert second.alternatives[0].confidence == pytest.approx(1 - OTHER_READING)


def test_a_price_and_a_quantity_may_both_have_been_misread():
    line = read(twice_read(0, quantity=("1", "4"), unit_price=("7.50", "2.50"), amount="10.00"))
    assert values(line) == ("4", "2.50", "10.00")


@pytest.mark.parametrize(
    ("cells", "others"),
    [
        ({"amount": ("18.00", "10.00")}, ["10.00"]),
        ({"amount": "18.00"}, []),
        ({"quantity": "4", "unit_price": "2.50", "amount": ("10.00", "18.00")}, []),  # proved
        ({"quantity": "1", "unit_price": "10.00", "amount": ("10.00", "18.00")}, ["18.00"]),
        ({"quantity": "65", "unit_price": "15.50", "amount": "15.50"}, ["1007.50"]),
        ({"quantity": "4", "amount": ("18.00", "10.00")}, []),  # its price rests on the amount
        ({"quantity": "4", "unit_price": "2.50"}, []),  # derived: proved
    ],
)
def test_what_else_an_amount_may_read(cells, others):
    assert [str(amount) for amount in other_amounts(read(twice_read(0, **cells)))] == others


def test_an_amount_that_the_total_chose_says_so():
    line = read(twice_read(0, amount=("18.00", "10.00")))
    leaf = with_amount(line, D("10.00")).amount
    assert (leaf.value, leaf.source, leaf.derived_from) == (
        D("10.00"),
        "derived",
        ("invoice_total",),
    )
    assert leaf.alternatives[0].value == D("18.00")
    assert leaf.confidence <= UNTAGGED_LIMIT


def test_a_line_without_an_amount_has_none_to_choose():
    with pytest.raises(ValueError, match="no amount"):
        with_amount(LineItem(), D(1))


@pytest.mark.parametrize(
    ("share_right", "confidence"), [(None, UNTAGGED_LIMIT), (0.98, 0.98 * 0.95), (0.5, 0.5 * 0.95)]
)
def test_a_derived_quantity_is_as_sure_as_measured(share_right, confidence):
    leaf = with_quantity(_line("4.50", "9.00"), share_right).quantity
    assert leaf.value == 2
    assert leaf.confidence == pytest.approx(confidence, abs=1e-6)


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount", "proved"),
    [
        ("6", "300.00", "1800.00", True),
        ("6", "300.00", "1900.00", False),
        # 10 % of 1,800 is 180, and 10 times 180 is 1,800: a rate and its tax look like a product
        ("10", "180.00", "1800.00", None),
        ("100", "18.00", "1800.00", None),
        ("11", "10.00", "110.00", True),
        ("1", "1800.00", "1800.00", True),
    ],
)
def test_a_factor_of_ten_proves_nothing(quantity, unit_price, amount, proved):
    row = resolve_row(quantity, unit_price, amount)
    assert proved_product(row) is proved
