"""Items whose price is printed in the rows below them, over page breaks too."""

import pytest

from tests.support.tagged_pages import W, tagged_page
from training.decoding.calibration import Calibration
from training.decoding.documents import decode_documents


def programme(y: float, amount: str, item: int) -> list[W]:
    return [
        W(str(item + 1), "line_number", 0.05, y, item),
        W("News", "description", 0.15, y, item),
        W(amount, "amount", 0.8, y, item),
    ]


def week(y: float, price: str, item: int) -> list[W]:
    return [W("News", "description", 0.15, y, item), W(price, "unit_price", 0.65, y, item)]


COUNTED = [  # a line whose quantity is printed: the document counts
    W("4", "quantity", 0.5, 5, 90),
    W("Spot", "description", 0.15, 5, 90),
    W("10.00", "unit_price", 0.65, 5, 90),
    W("40.00", "amount", 0.8, 5, 90),
]


def lines(*pages: list[W]):
    tagged = [tagged_page(words, number=number) for number, words in enumerate(pages)]
    (document,) = decode_documents("file", tagged, Calibration())
    return [
        (item.quantity and item.quantity.text, item.unit_price and item.unit_price.text)
        for item in document.line_items
    ][1:], document.line_items[1:]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (["50.00", "50.00"], ("4", "50.00")),  # 200.00
        (["50.00"], ("4", "50.00")),
        (["50.00", "40.00"], (None, None)),  # the weeks differ
        (["60.00"], (None, None)),  # not a whole number of them
        (["0.00"], (None, None)),
        ([], (None, None)),
    ],
)
def test_the_price_that_all_rows_below_agree_on(below, expected):
    words = [*COUNTED, *programme(10, "200.00", 0)]
    for place, price in enumerate(below, start=1):
        words += week(10 + 2 * place, price, place)
    assert lines(words)[0] == [expected]


def test_the_rows_of_the_next_item_are_its_own():
    words = [*COUNTED, *programme(10, "200.00", 0), *programme(14, "100.00", 1)]
    assert lines([*words, *week(16, "50.00", 2)])[0] == [(None, None), ("2", "50.00")]


def test_a_page_may_end_between_an_item_and_its_price():
    first = [*COUNTED, *programme(60, "2000.00", 0)]
    printed, items = lines(first, [*week(10, "1000.00", 0), *programme(12, "30.00", 1)])
    assert printed[0] == ("2", "1000.00")
    assert items[0].unit_price.page == 1  # where it stands
    assert items[0].unit_price.confidence <= 0.85
