"""Words -> cells -> items: what stays together, what is kept apart, what is left out."""

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.grouping import find_item_words, group_items, page_cells


def items_of(words, **page):
    tagged = tagged_page(words, **page)
    lines, _ = page_cells(tagged)
    items = group_items(tagged, lines)
    return [[(cell.tag, cell.text) for cell in item.cells] for item in items]


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ([W("Steel", "description", 0.10, 1, 0), W("bolt", "description", 0.14, 1, 0)], 1),
        # a column's width between them
        ([W("Steel", "description", 0.10, 1, 0), W("bolt", "description", 0.40, 1, 0)], 2),
        # on the next line
        ([W("Steel", "description", 0.10, 1, 0), W("bolt", "description", 0.10, 2, 0)], 2),
        # side by side, but of two items
        ([W("Steel", "description", 0.10, 1, 0), W("bolt", "description", 0.14, 1, 1)], 2),
        # list price and net price close to each other are two numbers
        ([W("12.00", "unit_price", 0.50, 1, 0), W("10.80", "unit_price", 0.54, 1, 0)], 2),
        # a thousand written with a space is one
        ([W("1", "amount", 0.50, 1, 0), W("040,10", "amount", 0.51, 1, 0)], 1),
        # another tag between
        ([W("4", "quantity", 0.5, 1, 0), W("pcs", "unit", 0.52, 1, 0)], 2),
        ([W("Total", "other", 0.5, 1), W("12", "column_header", 0.6, 1)], 0),
    ],
)
def test_cells_are_runs_of_one_tag_on_one_line(words, cells):
    lines, headers = page_cells(tagged_page(words))
    assert len(lines) == cells
    assert headers == []


def test_a_cell_is_as_sure_as_its_least_sure_word():
    words = [W("Steel", "description", 0.1, 1, 0, 0.9), W("bolt", "description", 0.14, 1, 0, 0.6)]
    (cell,), _ = page_cells(tagged_page(words))
    assert cell.text == "Steel bolt"
    assert cell.confidence == pytest.approx(0.6)
    assert cell.box.right == pytest.approx(0.14 + 4 * 0.006)


def test_header_cells_are_apart_from_line_cells():
    words = [W("INV-7", "document_id", 0.8, 1), *row(0, "2", "5.00", "10.00")]
    lines, headers = page_cells(tagged_page(words))
    assert [cell.text for cell in headers] == ["INV-7"]
    assert len(lines) == 4


def test_adjacent_lines_with_money_each_are_two_items():
    assert items_of([*row(0, "2", "5.00", "10.00"), *row(1, "3", "1.00", "3.00", "Gadget")]) == [
        [("description", "Widget"), ("quantity", "2"), ("unit_price", "5.00"), ("amount", "10.00")],
        [("description", "Gadget"), ("quantity", "3"), ("unit_price", "1.00"), ("amount", "3.00")],
    ]


def test_a_cluster_with_two_amounts_that_do_not_belong_together_is_cut():
    # The descriptions tie the two rows into one cluster; the amounts know better.
    first, second = row(0, "2", "5.00", "10.00"), row(1, "3", "1.00", "3.00")
    tagged = tagged_page([*first, *second], apart=0.47)
    affinity = tagged.affinity.copy()
    place = {
        tagged.page.words[int(word)].text: index
        for index, word in enumerate(tagged.item_words)
        if tagged.page.words[int(word)].text != "Widget"
    }
    for upper in ("2", "5.00"):
        for lower in ("3", "1.00"):
            affinity[place[upper], place[lower]] = affinity[place[lower], place[upper]] = 0.9
    object.__setattr__(tagged, "affinity", affinity)
    lines, _ = page_cells(tagged)
    amounts = [[cell.text for cell in item.of("amount")] for item in group_items(tagged, lines)]
    assert amounts == [["10.00"], ["3.00"]]


def test_a_description_wrapped_onto_a_second_line_joins_its_item():
    words = [*row(0, "2", "5.00", "10.00"), W("stainless", "description", 0.1, 11, 0)]
    (item,) = items_of(words)
    assert ("description", "stainless") in item


@pytest.mark.parametrize(("affinity", "joins"), [(0.3, True), (0.1, False)])
def test_a_cluster_without_numbers_joins_the_item_it_hangs_on_or_falls(affinity, joins):
    words = [*row(0, "2", "5.00", "10.00"), W("blue", "description", 0.1, 11, 1)]
    (item,) = items_of(words, apart=affinity)
    assert (("description", "blue") in item) is joins


def test_words_without_any_number_are_no_item():
    assert (
        items_of([W("Terms", "description", item=0), W("apply", "description", 0.4, 10, 0)]) == []
    )


def test_a_single_amount_is_an_item():
    assert items_of([W("10.00", "amount", 0.8, 10, 0)]) == [[("amount", "10.00")]]


def test_items_come_top_to_bottom_whatever_their_numbers():
    words = [*row(3, "1", "1.00", "1.00", "last"), *row(1, "1", "1.00", "1.00", "first")]
    assert [item[0][1] for item in items_of(words)] == ["first", "last"]


def test_how_well_an_item_hangs_together_is_kept():
    for together in (0.95, 0.6):
        tagged = tagged_page(row(0, "2", "5.00", "10.00"), together=together)
        (item,) = group_items(tagged, page_cells(tagged)[0])
        assert item.cohesion == pytest.approx(together, abs=0.01)


def test_a_number_on_the_items_line_without_a_tag_is_spare():
    words = [*row(0, None, "5.00", "10.00"), W("2", "other", 0.5, 10), W("9", "other", 0.5, 14)]
    tagged = tagged_page(words)
    (item,) = group_items(tagged, page_cells(tagged)[0])
    assert [cell.text for cell in item.spares] == ["2"]


def test_a_page_without_words_has_no_cells():
    tagged = tagged_page([], words_source="none")
    assert page_cells(tagged) == ([], [])
    assert group_items(tagged, []) == []
    assert len(find_item_words(tagged.probabilities)) == 0


@pytest.mark.parametrize(
    ("word", "is_item_word"),
    [
        (W("7", "amount"), True),
        (W("7", "other", sure=0.6, maybe=(("amount", 0.2), ("quantity", 0.2))), True),
        (W("7", "other", sure=0.8, maybe=(("amount", 0.2),)), False),
        (W("7", "invoice_total"), False),
    ],
)
def test_words_that_may_be_in_an_item_are_asked_about(word, is_item_word):
    assert (len(tagged_page([word]).item_words) == 1) is is_item_word


@pytest.mark.parametrize(
    ("second", "probability", "count"),
    [
        (11, 0.9, 2),  # two aired dates under one programme: two lines
        (10, 0.9, 1),  # gross and net on one line: one line
        (11, 0.6, 1),  # the network doubts the second amount
    ],
)
def test_sure_amounts_on_lines_of_their_own_are_items_of_their_own(second, probability, count):
    words = [
        W("Morning", "description", 0.1, 10, item=1),
        W("150.00", "amount", 0.6, 10, item=1),
        W("175.00", "amount", 0.8, second, item=1, sure=probability),
    ]
    items = items_of(words)
    assert len(items) == count
    # The line below shares the programme printed above it.
    assert all(("description", "Morning") in item for item in items)
