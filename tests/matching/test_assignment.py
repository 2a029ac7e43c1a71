"""Which PO line a billed line belongs to: by what it says, never by where it stands."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.order_records import Component, OrderLine, Substitute
from data.records import Field, LineItem
from data.values.units import normalise_gtin
from serving.benchmarks.matching import bulk
from serving.matching.pairing.article_names import description_likeness, normalise_code
from serving.matching.pairing.assignment import (
    MIN_LIKENESS,
    SHARING,
    SURE_LIKENESS,
    Assignment,
    assign_lines,
    best_pairing,
    twin_groups,
)

D = Decimal


def line(number: str, price: str | None = None, **codes: str) -> OrderLine:
    return OrderLine(
        number, D(10), unit_code="EA", unit_price=None if price is None else D(price), **codes
    )


def printed(price: str | None = None, **leaves: str) -> tuple[LineItem, Fraction | None, str]:
    item = LineItem(**{name: Field(value, value) for name, value in leaves.items()})
    return item, None if price is None else Fraction(price), "EA"


def chosen(choices: tuple[Assignment, ...]) -> list[str | None]:
    return [None if one.order_line is None else one.order_line.po_line_number for one in choices]


BOLT = line("10", "2.00", product_code="B-20", description="Hex bolt M6x20")
LONG_BOLT = line("20", "2.40", product_code="B-30", description="Hex bolt M6x30")
TAPE = line("30", "5.10", product_code="T-1", gtin="4006381333931", description="Packing tape")
LINES = (BOLT, LONG_BOLT, TAPE)


@pytest.mark.parametrize(
    ("item", "number", "by"),
    [
        (printed(product_code="T-1"), "30", "code"),
        (printed(product_code="00T1"), "30", "code"),
        (printed(buyer_item_id="b 30"), "20", "code"),
        (printed(gtin="4006381333931"), "30", "GTIN"),
        (printed(product_code="04006381333931"), "30", "GTIN"),
        (printed(po_line_number="20", description="Bolt M6x30"), "20", "PO line number"),
        (printed(description="hex bolt, M6x30"), "20", "description"),
        (printed(description="Hex bolt M6x20 zinc plated"), "10", "description"),
        (printed("5.10", description="PACKING-TAPE"), "30", "price"),
    ],
)
def test_what_a_line_is_known_by(
    item: tuple[LineItem, Fraction | None, str], number: str, by: str
) -> None:
    (choice,) = assign_lines([item], LINES)
    assert chosen((choice,)) == [number]
    assert by in choice.by
    assert choice.runner_up is None
    assert choice.score >= SURE_LIKENESS


def test_order_of_lines_does_not_matter() -> None:
    items = [printed(product_code=code) for code in ("T-1", "B-30", "B-20")]
    assert chosen(assign_lines(items, LINES)) == ["30", "20", "10"]
    assert chosen(assign_lines(items[::-1], LINES[::-1])) == ["10", "20", "30"]


def test_several_lines_may_belong_to_one_po_line() -> None:
    items = [printed(product_code="B-20") for _ in range(3)]
    assert chosen(assign_lines(items, LINES)) == ["10", "10", "10"]


def test_two_alike_lines_go_to_two_alike_po_lines() -> None:
    orders = (line("1", product_code="A"), line("2", product_code="A"))
    items = [printed(product_code="A"), printed(product_code="A")]
    assert sorted(filter(None, chosen(assign_lines(items, orders)))) == ["1", "2"]


def test_price_decides_between_po_lines_of_one_item() -> None:
    orders = (line("1", "5.00", product_code="A"), line("2", "5.20", product_code="A"))
    (choice,) = assign_lines([printed("5.20", product_code="A")], orders)
    assert chosen((choice,)) == ["2"]


def test_a_close_runner_up_is_named() -> None:
    orders = (
        line("1", "9.00", description="T-shirt blue cotton"),
        line("2", "9.00", description="T-shirt blue linen"),
    )
    (choice,) = assign_lines([printed("9.00", description="T-shirt blue")], orders)
    assert choice.runner_up is not None
    assert {chosen((choice,))[0], choice.runner_up.po_line_number} == {"1", "2"}


def test_nothing_alike_is_no_po_line() -> None:
    (choice,) = assign_lines([printed(product_code="ZZ-9", description="Umbrella stand")], LINES)
    assert choice.order_line is None
    assert choice.nearest is not None


def test_price_alone_is_not_enough() -> None:
    (choice,) = assign_lines([printed("5.10", description="Klebeband braun")], LINES)
    assert choice.order_line is None or choice.score < SURE_LIKENESS


def test_two_valid_gtins_that_differ_are_two_articles() -> None:
    orders = (line("1", gtin="4006381333931", description="Marker red"),)
    (choice,) = assign_lines([printed(gtin="5901234123457", description="Marker red")], orders)
    assert choice.order_line is None


def test_no_lines() -> None:
    assert assign_lines([], LINES) == ()
    assert chosen(assign_lines([printed(product_code="A")], ())) == [None]


def test_codes_and_descriptions_without_their_noise() -> None:
    assert normalise_code("00-4711 a") == "4711A"
    assert normalise_code("000") == "000"
    assert normalise_gtin("4006381333931") == "04006381333931"
    assert description_likeness("Hex bolt M6x20", "HEX BOLT (M6x20)") == 1
    assert description_likeness("Hex bolt M6x20", "Hex bolt M6x30") < 0.5
    assert description_likeness("", "Hex bolt") == 0
    assert description_likeness("Hex bolt M6 x 20 zinc", "HEX BOLT M6X20 ZINC PLATED") > 0.8


def test_po_lines_for_one_item_are_twins() -> None:
    lines = [
        line("1", product_code="A-1"),
        line("2", vendor_item_id="A1"),
        line("3", description="Screw 5 mm"),
        line("4", description="SCREW, 5mm"),
        line("5"),
        line("6"),
    ]
    assert twin_groups(lines) == [(0, 1), (0, 1), (2, 3), (2, 3), (4,), (5,)]


# Scores in hundredths, so that sums of different assignments differ by more than the tie-break.
some_scores = st.lists(
    st.dictionaries(st.integers(0, 3), st.integers(0, 100).map(lambda n: n / 100)),
    min_size=1,
    max_size=5,
)


def worth(scores: Sequence[dict[int, float]], chosen: Sequence[int | None]) -> float:
    """The sum of an assignment: likenesses, less what sharing costs."""
    used = Counter(column for column in chosen if column is not None)
    likenesses = sum(row[one] for row, one in zip(scores, chosen, strict=True) if one is not None)
    return likenesses - SHARING * sum(count - 1 for count in used.values())


@given(some_scores)
def test_no_assignment_is_better_than_the_chosen_one(scores: list[dict[int, float]]) -> None:
    able = [[column for column, score in row.items() if score >= MIN_LIKENESS] for row in scores]
    chosen = best_pairing(scores, range(4))
    assert [one is None for one in chosen] == [not row for row in able]
    every = itertools.product(*(row or [None] for row in able))
    assert worth(scores, chosen) == pytest.approx(max(worth(scores, one) for one in every))


def test_equal_assignments_prefer_the_older_line() -> None:
    assert best_pairing([{0: 0.9, 1: 0.9, 2: 0.9}], range(3)) == [0]
    assert best_pairing([{2: 0.9, 1: 0.9}], range(3)) == [1]


@pytest.mark.parametrize("codes", [True, False])
def test_a_long_order_is_not_compared_as_a_whole_and_finds_the_same(codes: bool) -> None:
    one = bulk(60, 3, codes)
    items = [
        (item, Fraction(item.unit_price.decimal or 0), "EA")
        for item in one.invoice.line_items
        if item.unit_price
    ]
    found = assign_lines(items, one.data.order.lines)
    for (item, _, _), choice in zip(items, found, strict=True):
        assert item.description is not None
        assert choice.order_line is not None
        assert choice.order_line.description == item.description.text
        assert choice.runner_up is None


def test_a_misread_word_still_finds_its_line_in_a_long_order() -> None:
    one = bulk(20, 4, codes=False)
    for item in one.invoice.line_items:
        text = (item.description and item.description.text) or ""
        misread = replace(item, description=Field(text.replace("e", "c", 1)))
        (choice,) = assign_lines([(misread, None, "EA")], one.data.order.lines)
        assert choice.order_line is not None
        assert choice.order_line.description == text


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("B-31", "20"),  # one character off: misread rather than another article
        ("B-3O", "20"),
        ("Q-77", None),  # the document speaks in the order's codes, and this is none of them
    ],
)
def test_a_code_of_another_article_counts_where_codes_are_used(
    code: str, found: str | None
) -> None:
    items = [
        printed(product_code="B-20", description="Hex bolt M6x20"),
        printed(product_code=code, description="Hex bolt M6x30"),
    ]
    assert chosen(assign_lines(items, LINES))[1] == found


def test_codes_of_another_kind_say_nothing() -> None:
    items = [printed(product_code="B-20"), printed(buyer_item_id="9", description="Packing tape")]
    assert chosen(assign_lines(items, LINES)) == ["10", "30"]


KIT = OrderLine(
    "40",
    D(10),
    product_code="K",
    description="Tool kit",
    components=(Component(D(2), "H-1", description="Hammer"), Component(D(1), "S-1")),
    substitutes=(Substitute("K2"), Substitute(gtin="4006381333931", description="Tool box")),
)


@pytest.mark.parametrize(
    ("item", "component", "substitute"),
    [
        (printed(product_code="K"), None, False),
        (printed(product_code="H-1"), "H-1", False),
        (printed(description="HAMMER"), "H-1", False),
        (printed(product_code="S1"), "S-1", False),
        (printed(product_code="K-2"), None, True),
        (printed(gtin="4006381333931"), None, True),
        (printed(description="Tool box"), None, True),
    ],
)
def test_a_po_line_may_be_billed_as_parts_or_as_a_substitute(
    item: tuple[LineItem, Fraction | None, str], component: str | None, substitute: bool
) -> None:
    (choice,) = assign_lines([item], [BOLT, KIT])
    assert chosen((choice,)) == ["40"]
    assert (choice.component and choice.component.product_code) == component
    assert choice.is_substitute == substitute


def test_a_row_little_like_a_line_that_another_row_fits_is_none_of_its_own() -> None:
    orders = [line("20", "4.96", description="Hame Hand Truck")]
    items = [
        printed("4.96", description="Hame Hand Truck"),
        printed("6.01", description="Zelplakelmo Hand Truck XL"),
    ]
    assert chosen(assign_lines(items, orders)) == ["20", None]
    assert chosen(assign_lines(items[1:], orders)) == ["20"]
