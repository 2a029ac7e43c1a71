"""Items of which only values are known: rows found beyond doubt, all else left open."""

from pathlib import Path

import pytest

from data import labels
from data.corpora.folder import read_corpus
from data.corpora.labelling.prepared_pages import OUTSIDE, Sheet
from data.corpora.labelling.value_rows import label_values
from data.corpora.truth import TrueItem
from data.records import Box, Page, Word

Cells = dict[str, list[str]]  # tag -> words of one item
Row = tuple[str, ...]  # words of a printed line with their right edges: "word@0.9"

HEAD: Row = ("Item@0.1", "Qty@0.5", "Price@0.7", "Amount@0.9")


def page_of(*rows: Row, height: float = 0.02) -> Page:
    words = [
        Word(text, Box.clamped(float(right) - 0.008 * len(text), top, float(right), top + height))
        for number, row in enumerate(rows)
        for top in (0.1 + number * 0.03,)
        for text, _, right in (cell.rpartition("@") for cell in row)
    ]
    return Page(0, 600, 800, tuple(words), "given", "test")


def item(description: str | None = None, **values: str) -> TrueItem:
    given = values | ({"description": description} if description else {})
    return TrueItem(given, frozenset(given), (description,) if description else ())


def labelled(items: list[TrueItem], *pages: Page) -> tuple[list[Cells], list[str]]:
    """The words of each item by tag, and the texts that are left open."""
    sheets = [Sheet(page, "invoice") for page in pages]
    rows = label_values(items, sheets)
    cells: dict[int, Cells] = {row.number: {} for row in rows}
    for row in rows:
        for name, words in row.cells.items():
            cells[row.number][name] = [row.sheet.text(index) for index in words]
            assert all(row.sheet.items[index] == row.number for index in words)
    open_texts = [
        sheet.text(index)
        for sheet in sheets
        for index, tag in enumerate(sheet.tags)
        if tag == labels.IGNORE
    ]
    return [cells.get(number, {}) for number in range(len(items))], open_texts


def test_a_row_is_found_by_its_values_and_closes() -> None:
    page = page_of(
        HEAD,
        ("Tea@0.1", "3@0.5", "2.50@0.7", "7.50@0.9"),
        ("Rice@0.1", "2@0.5", "4.00@0.7", "8.00@0.9"),
        ("Total@0.7", "15.50@0.9"),
    )
    tea = item("Tea", quantity="3", unit_price="2.50", amount="7.50")
    rice = item("Rice", quantity="2", unit_price="4.00", amount="8.00")
    cells, _ = labelled([tea, rice], page)
    assert cells[0] == {
        "amount": ["7.50"],
        "unit_price": ["2.50"],
        "quantity": ["3"],
        "description": ["Tea"],
    }
    assert cells[1]["amount"] == ["8.00"]


@pytest.mark.parametrize(
    ("total_line", "why"),
    [
        (("Total@0.7", "9.00@0.9"), "a total of one item is equal to its amount"),
        (("Zu@0.6", "zahlen@0.7", "9.00@0.9"), "also in German"),
        (("Visa@0.7", "9.00@0.9"), "and the payment"),
    ],
)
def test_the_total_of_the_only_item_is_not_its_amount(total_line: Row, why: str) -> None:
    page = page_of(("Tea@0.1", "9.00@0.9"), total_line, total_line)
    cells, open_texts = labelled([item("Tea", amount="9.00")], page)
    assert cells == [{"amount": ["9.00"], "description": ["Tea"]}], why
    assert open_texts.count("9.00") == 2  # the equal sums beside it are not taught as anything


@pytest.mark.parametrize(
    ("items", "rows", "why"),
    [
        (
            [item(amount="9.00")],
            [("Tea@0.1", "9.00@0.9"), ("Cup@0.1", "9.00@0.9")],
            "two lines print the amount and nothing else is known",
        ),
        (
            [item("Tea", quantity="3", unit_price="2.50", amount="7.50")],
            [("Rice@0.1", "5@0.5", "1.50@0.7", "7.50@0.9")],
            "the only line with the amount shows nothing else of the item",
        ),
        ([item("Tea", amount="9.00")], [("Tea@0.1", "9.80@0.9")], "the amount was misread"),
        ([item("Tea")], [("Tea@0.1", "9.80@0.9")], "no number is known to look for"),
    ],
)
def test_what_is_not_certain_is_left_open(items: list[TrueItem], rows: list[Row], why: str) -> None:
    cells, open_texts = labelled(items, page_of(*rows))
    assert cells == [{}], why
    assert {text.rpartition("@")[0] for row in rows for text in row} <= set(open_texts)


def test_items_that_were_found_leave_open_what_lies_between_them() -> None:
    page = page_of(
        ("Tea@0.1", "7.50@0.9"),
        ("Lost@0.1", "9.?0@0.9"),
        ("5@0.5", "1.80@0.7"),
        ("Rice@0.1", "8.00@0.9"),
        ("Thank@0.2", "you@0.3"),
    )
    lost = item("Lost", amount="9.00")
    cells, open_texts = labelled(
        [item("Tea", amount="7.50"), lost, item("Rice", amount="8.00")], page
    )
    assert [bool(found) for found in cells] == [True, False, True]
    assert {"Lost", "9.?0", "5", "1.80"} <= set(open_texts)


def test_equal_numbers_are_settled_by_the_column_of_the_other_rows() -> None:
    page = page_of(
        ("Tea@0.1", "1@0.5", "4.00@0.7", "4.00@0.9", "4.00@0.98"),
        ("Rice@0.1", "2@0.5", "3.00@0.7", "6.00@0.9", "6.60@0.98"),
        ("Salt@0.1", "3@0.5", "1.00@0.7", "3.00@0.9", "3.30@0.98"),
    )
    values = [
        ("Tea", "1", "4.00", "4.00"),
        ("Rice", "2", "3.00", "6.00"),
        ("Salt", "3", "1.00", "3.00"),
    ]
    items = [item(name, quantity=q, unit_price=p, amount=a) for name, q, p, a in values]
    sheet = Sheet(page, "invoice")
    rows = label_values(items, [sheet])
    edges = [sheet.edges(row.cells["amount"][0])[1] for row in rows]
    assert edges == pytest.approx([0.9] * 3)
    assert [sheet.edges(row.cells["unit_price"][0])[1] for row in rows] == pytest.approx([0.7] * 3)


def test_of_two_equal_numbers_the_amount_is_right_of_the_price() -> None:
    page = page_of(("Tea@0.1", "1@0.5", "4.00@0.7", "4.00@0.9"))
    sheet = Sheet(page, "invoice")
    (row,) = label_values([item("Tea", quantity="1", unit_price="4.00", amount="4.00")], [sheet])
    assert sheet.edges(row.cells["amount"][0])[1] == pytest.approx(0.9)
    assert sheet.edges(row.cells["unit_price"][0])[1] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("printed", "value", "words"),
    [
        (("7@0.84", "220,00@0.90", "€@0.93"), "7220.00", ["7", "220,00"]),
        (("€1@0.84", "040,10@0.90"), "1040.10", ["€1", "040,10"]),
        (("7@0.70", "220,00@0.90"), "220.00", ["220,00"]),  # far apart: two numbers
        (("7@0.84", "220,00@0.90"), "220.00", []),  # a part of a number is none
        (("75.00SR@0.9",), "75.00", ["75.00SR"]),
        (("2,18xB@0.9",), "2.18", ["2,18xB"]),
        (("19.00%@0.9",), "19.00", []),  # a rate is no amount
        (("-4.00@0.9",), "-4.00", ["-4.00"]),
        (("4.00@0.9",), "-4.00", []),
        (("4.01@0.9",), "4.00", []),
    ],
)
def test_a_number_is_found_as_it_is_printed(printed: Row, value: str, words: list[str]) -> None:
    cells, _ = labelled(
        [item("Desk lamp", amount=value)], page_of(("Desk@0.1", "lamp@0.2", *printed))
    )
    assert cells[0].get("amount", []) == words


def test_a_price_below_its_row_goes_to_the_row_above_it() -> None:
    rows = []
    items = []
    for name, price, amount in (
        ("Tea", "2.00", "4.00"),
        ("Rice", "2.00", "6.00"),
        ("Oil", "5.00", "5.00"),
    ):
        rows += [(f"{name}@0.1", f"{amount}@0.9"), ("at@0.3", f"{price}@0.5")]
        items.append(item(name, unit_price=price, amount=amount))
    cells, _ = labelled(items, page_of(*rows))
    assert [found.get("unit_price") for found in cells] == [["2.00"], ["2.00"], ["5.00"]]


def test_a_wording_may_be_wrapped_or_misread() -> None:
    page = page_of(
        ("Garden@0.2", "9.00@0.9"),
        ("chair@0.19",),
        ("WURFELZUKKER@0.3", "0.89@0.9"),
    )
    cells, _ = labelled(
        [item("Garden chair", amount="9.00"), item("Würfelzucker", amount="0.89")], page
    )
    assert cells[0]["description"] == ["Garden", "chair"]
    assert cells[1]["amount"] == ["0.89"]


def test_items_go_over_pages_in_their_order() -> None:
    pages = page_of(("Tea@0.1", "4.00@0.9")), page_of(("Tea@0.1", "4.00@0.9"))
    tea = item("Tea", amount="4.00")
    sheets = [Sheet(page, "invoice") for page in pages]
    rows = label_values([tea, tea], sheets)
    assert [row.sheet for row in rows] == sheets
    assert [sheet.items[1] for sheet in sheets] == [0, 1]
    (row,) = label_values([tea], [Sheet(pages[0], "invoice")])
    assert row.number != OUTSIDE


@pytest.mark.shared
def test_rows_found_by_value_lie_on_the_boxes_that_real_invoices_come_with(shared: Path) -> None:
    right = placed = wanted = 0
    for document in read_corpus(shared / "real" / "odoo_fr" / "train", limit=12):
        assert document.read_corpus_pages is not None
        sheets = [Sheet(page, "invoice") for page in document.read_corpus_pages()]
        wanted += len(document.items)
        for row in label_values(document.items, sheets):
            true = document.items[row.number].cells["amount"]
            for index in row.cells.get("amount", [])[-1:]:
                x, y = row.sheet.places[index]
                placed += 1
                right += true.left <= x <= true.right and true.top <= y <= true.bottom
    assert placed >= 0.95 * wanted
    assert right == placed
