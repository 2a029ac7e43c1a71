"""Scores: pairing, visible cells, excluded rows, closed, header fields, intervals."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.corpora.truth import TrueDocument, TrueItem
from training.metrics.counts import Count, share_interval
from training.metrics.items import (
    DocumentScore,
    cell_f1,
    closed_share,
    description_f1,
    item_f1,
    judged_cells,
    score_document,
)
from training.metrics.predictions import PredictionError

CELLS = ("amount", "quantity", "unit_price")


def true_item(description: str = "", visible: str | None = None, **values: str) -> TrueItem:
    shown = values.keys() if visible is None else visible.split()
    wordings = (description,) if description else ()
    return TrueItem(values, frozenset(shown), wordings)


def truth(*items: TrueItem, excluded: tuple[TrueItem, ...] = (), **changes: Any) -> TrueDocument:
    about: dict[str, Any] = {
        "fields": {},
        "fields_visible": frozenset(),
        "document_type": "invoice",
    }
    return TrueDocument(
        document_id="d",
        path=Path("d.pdf"),
        items=items,
        excluded=excluded,
        labels="human",
        extra={},
        **(about | changes),
    )


def line(quantity: str | None, unit_price: str | None, amount: str | None, **more: str) -> Any:
    return {"quantity": quantity, "unit_price": unit_price, "amount": amount, **more}


def predicted(*lines: Any, **more: Any) -> dict[str, Any]:
    return {"id": "d", "document_type": "invoice", "fields": {}, "line_items": list(lines), **more}


TEA = true_item("Tea", quantity="2", unit_price="3.00", amount="6.00")


@pytest.mark.parametrize(
    ("read", "right", "near"),
    [
        (line("2", "3.00", "6.00"), 1, 0),
        (line("2.000", "3", "6"), 1, 0),
        (line("2", "3.00", "6.005"), 1, 0),  # exactly at the tolerance
        (line("2", "3.00", "6.006"), 0, 1),
        (line("2", "3.00", None), 0, 1),
        (line("2", None, "-6.00"), 0, 0),
        (line(None, None, None), 0, 0),
        (line("", "", ""), 0, 0),
    ],
)
def test_an_item_is_right_when_all_its_visible_cells_are(read: Any, right: int, near: int) -> None:
    score = score_document(truth(TEA), predicted(read))
    assert score.items == Count(1, 1, right)
    assert score.near == near


def test_a_cell_that_is_not_printed_is_not_held_against_the_reader() -> None:
    spot = true_item(visible="amount", quantity="1", unit_price="9.00", amount="9.00")
    score = score_document(truth(spot), predicted(line("7", "1.00", "9.00")))
    assert score.items.right == 1
    assert score.cells["quantity"] == Count(0, 0, 0)
    assert score.all_cells == Count(1, 1, 1)


def test_an_item_whose_only_cell_is_wrong_is_not_nearly_right() -> None:
    spot = true_item(visible="amount", amount="9.00")
    assert score_document(truth(spot), predicted(line(None, None, "8.00"))).near == 0


def test_an_item_without_an_amount_is_scored_on_what_it_has() -> None:
    item = true_item(visible="quantity", quantity="4", amount="1.00")
    score = score_document(truth(item), predicted(line("4", None, None)))
    assert score.items == Count(1, 1, 1)
    assert score.closed is None


def test_an_item_without_a_scored_cell_is_not_wanted() -> None:
    bare = true_item("Note", visible="description")
    score = score_document(truth(TEA, bare), predicted(line("2", "3.00", "6.00")))
    assert score.items == Count(1, 1, 1)


def test_pairing_takes_most_equal_cells_not_the_first() -> None:
    # Greedy pairing would give the first prediction to the first item (one equal cell) and lose 1.
    first = true_item(quantity="1", unit_price="5.00", amount="5.00")
    second = true_item(quantity="1", unit_price="7.00", amount="7.00")
    score = score_document(
        truth(first, second), predicted(line("1", "7.00", "7.00"), line("1", "5.00", "5.00"))
    )
    assert score.items == Count(2, 2, 2)


def test_a_greedy_choice_of_the_best_pair_would_lose_cells() -> None:
    # The best single pair (first item, first row: 2 cells) leaves 0 for the rest; 1 + 2 is best.
    first = true_item(quantity="1", unit_price="5.00", amount="5.00")
    second = true_item(visible="quantity unit_price", quantity="1", unit_price="5.00")
    both, only_amount = line("1", "5.00", None), line(None, None, "5.00")
    score = score_document(truth(first, second), predicted(both, only_amount))
    assert score.all_cells == Count(5, 3, 3)
    assert score.items == Count(2, 2, 1)


def test_ties_in_cells_and_descriptions_lose_nothing() -> None:
    three = (true_item("Tea", amount="1.00"),) * 3
    same = line(None, None, "1.00", description="Tea")
    assert score_document(truth(*three), predicted(same, same)).items == Count(3, 2, 2)
    assert score_document(truth(*three[:1]), predicted(same, same)).items == Count(1, 2, 1)


@pytest.mark.parametrize(
    ("items", "lines", "count"),
    [
        ((TEA,), (), Count(1, 0, 0)),
        ((), (line("2", "3.00", "6.00"),), Count(0, 1, 0)),
        ((), (), Count(0, 0, 0)),
    ],
)
def test_empty_sides(items: tuple[TrueItem, ...], lines: tuple[Any, ...], count: Count) -> None:
    score = score_document(truth(*items), predicted(*lines))
    assert score.items == count
    assert score.description == Count()  # TEA's description is a wording that is not printed


def described(*wordings: str, amount: str = "6.00", visible: str = "description amount") -> Any:
    values = {"description": wordings[0], "amount": amount}
    return TrueItem(values, frozenset(visible.split()), wordings)


def saying(description: str | None, amount: str | None = "6.00") -> Any:
    return {"amount": amount, "description": description}


@pytest.mark.parametrize(
    ("wordings", "said", "count"),
    [
        (("Green Tea",), "green TEA", Count(2, 2, 2)),
        (("Green Tea",), "Tea, (green)", Count(2, 2, 2)),  # order and punctuation do not matter
        (("Green Tea",), "Green - Tea", Count(2, 2, 2)),  # a lone dash is no token
        (("Tea 0.5 l",), "Tea 05 l", Count(3, 3, 2)),  # punctuation inside is part of the token
        (("Green Tea",), "Green", Count(2, 1, 1)),
        (("Tea Tea",), "Tea", Count(2, 1, 1)),  # each print counts
        (("Tea",), "Tea Tea", Count(1, 2, 1)),
        (("Green Tea",), None, Count(2, 0, 0)),
        (("Green Tea",), "", Count(2, 0, 0)),
        (("Tea black loose", "Black tea"), "black tea", Count(2, 2, 2)),  # best wording
        (("Black tea", "Tea black loose"), "Loose black tea", Count(3, 3, 3)),
        (("Straße",), "STRASSE", Count(1, 1, 1)),
        (("Green Tea",), "Kettle", Count(2, 1, 0)),
    ],
)
def test_descriptions_share_tokens(
    wordings: tuple[str, ...], said: str | None, count: Count
) -> None:
    score = score_document(truth(described(*wordings)), predicted(saying(said)))
    assert score.description == count


@pytest.mark.parametrize(
    ("items", "lines", "count"),
    [
        # the second prediction has no partner: its tokens are made up
        ((described("Tea"),), (saying("Tea"), saying("Iced coffee", "9.00")), Count(1, 3, 1)),
        # the second item has none: its tokens are missed
        (
            (described("Tea"), described("Oat milk", amount="2.00")),
            (saying("Tea"),),
            Count(3, 1, 1),
        ),
        # rows are paired by their cells, not by their descriptions
        (
            (described("Tea"), described("Milk", amount="2.00")),
            (saying("Milk"), saying("Tea", "2.00")),
            Count(2, 2, 0),
        ),
        # nothing printed: nothing wanted, nothing made up
        ((described("Tea", visible="amount"),), (saying("Tea"), saying("Milk")), Count()),
        # the other item prints its own, so an extra row is made up; the unprinted one is not held
        (
            (described("Tea", visible="amount"), described("Milk", amount="2.00")),
            (saying("Tea"), saying("Milk", "2.00"), saying("Sugar", "3.00")),
            Count(1, 2, 1),
        ),
        ((described("Tea", visible="description"),), (), Count()),  # no scored cell: not wanted
    ],
)
def test_descriptions_without_partner_are_missed_or_made_up(
    items: tuple[TrueItem, ...], lines: tuple[Any, ...], count: Count
) -> None:
    assert score_document(truth(*items), predicted(*lines)).description == count


def test_the_description_of_an_excluded_row_is_not_made_up() -> None:
    read = line(None, None, "50.00", description="M-F Late News 11p")
    score = score_document(truth(described("Tea"), excluded=(EXCLUDED,)), predicted(read))
    assert score.excluded == 1
    assert score.description == Count(1, 0, 0)


def test_a_printed_description_without_wordings_is_its_own() -> None:
    item = TrueItem(
        {"description": "Green Tea", "amount": "6.00"}, frozenset({"description", "amount"})
    )
    assert score_document(truth(item), predicted(saying("tea"))).description == Count(2, 1, 1)


def test_description_f1_is_over_all_tokens() -> None:
    scores = [
        score_document(truth(described("a b c")), predicted(saying("a b c"))),
        score_document(truth(described("d")), predicted(saying("e"))),
    ]
    assert description_f1(scores).value == pytest.approx(6 / 8)


def test_items_of_a_corpus_that_labels_none_are_not_looked_at() -> None:
    read = predicted(line("1", "1.00", "1.00"))
    score = score_document(truth(items_labelled=False), read)
    assert score.items == Count()
    assert judged_cells(truth(items_labelled=False), read) == []


def test_confidence_is_judged_by_the_pairing_of_the_score() -> None:
    excluded = line(None, None, "50.00", description="M-F Late News 11p")
    read = predicted(excluded, line("2", "3.00", "7.00"), line(None, None, "1.00"))
    found = judged_cells(truth(TEA, excluded=(EXCLUDED,)), read)
    right = [(1, "quantity", True), (1, "unit_price", True)]
    assert sorted(found) == [(1, "amount", False), *right, (2, "amount", False)]
    made_up = judged_cells(truth(), predicted(line("1", None, "1.00")))
    assert sorted(made_up) == [(0, "amount", False), (0, "quantity", False)]


def test_descriptions_break_ties_and_any_wording_will_do() -> None:
    # Both predictions share one cell with both items; only wording says which is which.
    milk = TrueItem({"quantity": "1", "amount": "5.00"}, frozenset({"quantity"}), ("x", "Milk"))
    tea = TrueItem({"quantity": "1", "amount": "5.00"}, frozenset({"quantity", "amount"}), ("Tea",))
    score = score_document(
        truth(milk, tea),
        predicted(
            line("1", None, "5.00", description="tea"), line("1", None, None, description="MILK")
        ),
    )
    assert score.items.right == 2


def test_items_made_up_cost_precision_and_their_printed_columns() -> None:
    spot = true_item(visible="amount", amount="9.00")
    score = score_document(
        truth(spot), predicted(line(None, None, "9.00"), line("3", "1.00", "3.00"))
    )
    assert score.items == Count(1, 2, 1)
    assert score.cells["amount"] == Count(1, 2, 1)
    assert score.cells["quantity"] == Count(0, 0, 0)  # the document prints no quantities
    assert score.items.precision == 0.5


def test_everything_said_of_a_document_without_items_is_made_up() -> None:
    read = line("3", None, "3.00", description="Iced coffee")
    score = score_document(truth(), predicted(read))
    assert score.items == Count(0, 1, 0)
    assert {name: count.predicted for name, count in score.cells.items()} == {
        "amount": 1,
        "quantity": 1,
        "unit_price": 0,
    }
    assert score.description == Count(0, 2, 0)


EXCLUDED = TrueItem(
    {"printed_rate": "50.00", "line_number": "7"}, frozenset(), ("M-F Late News 11p",)
)


@pytest.mark.parametrize(
    ("read", "counted"),
    [
        (line(None, None, "50.00", description="Late News 11p"), 0),
        (line(None, "50.00", None, description="M-F Late News 11p"), 0),
        (line(None, None, "0.00", description="M-F Late News 11p", line_number="7"), 0),
        (line(None, None, "0.00", description="M-F Late News 11p"), 1),
        (line(None, None, "50.00", description="M-F L"), 1),  # less than half of the description
        (line(None, None, "0.00", description="M-F Late News", line_number="7"), 0),
        # half of it, not most
        (line(None, None, "0.00", description="Late News p", line_number="7"), 1),
        (line(None, None, "50.00", description="Wheel"), 1),
        (line(None, None, "51.00", description="M-F Late News 11p"), 1),
    ],
)
def test_a_prediction_of_an_excluded_row_is_not_counted(read: Any, counted: int) -> None:
    good = line("2", "3.00", "6.00")
    score = score_document(truth(TEA, excluded=(EXCLUDED,)), predicted(good, read))
    assert score.items == Count(1, 1 + counted, 1)
    assert score.excluded == 1 - counted
    assert score.closed is (counted == 0 or read["amount"] == "0.00")


@pytest.mark.parametrize("name", ["amount", "unit_price", "printed_rate"])
def test_an_excluded_row_is_known_by_any_money_it_prints(name: str) -> None:
    row = true_item("Late News 11p", **{name: "50.00"})
    read = line(None, None, "50.00", description="Late News 11p")
    assert score_document(truth(TEA, excluded=(row,)), predicted(read)).excluded == 1


@pytest.mark.parametrize(
    ("reads", "items"),
    [
        ([line("1", None, "4.00", description="Iced coffee")], (1, 1, 1)),  # nobody can judge it
        ([line(None, None, None, description="ICED COFFEE.")], (1, 1, 1)),
        ([line("1", None, "4.00", description="Iced coffee")] * 2, (1, 2, 1)),  # it is one row
        ([line("1", None, "4.00", description="Scone")], (1, 2, 1)),
        ([line("1", None, "4.00")], (1, 2, 1)),
        ([], (1, 1, 1)),  # nor is it missed
    ],
)
def test_an_item_that_shows_no_scored_cell_is_neither_missed_nor_made_up(
    reads: list[Any], items: tuple[int, int, int]
) -> None:
    shown = {"description": "Iced coffee"}
    coffee = TrueItem(shown, frozenset(shown), ("Iced coffee",))
    score = score_document(truth(TEA, coffee), predicted(line("2", "3.00", "6.00"), *reads))
    assert score.items == Count(*items)


def test_an_excluded_row_takes_one_prediction_and_none_that_is_right() -> None:
    item = true_item("Late News 11p", visible="amount", amount="50.00")
    same = line(None, None, "50.00", description="Late News 11p")
    score = score_document(truth(item, excluded=(EXCLUDED,)), predicted(same, same, same))
    assert score.items == Count(1, 2, 1)


@pytest.mark.parametrize(
    ("amounts", "closed"),
    [
        (("6.00", "4.00"), True),
        (("10.00",), True),
        (("6.00", "4.005"), True),
        (("6.00", "4.01"), False),
        (("16.00", "-6.00"), True),
        ((), False),
        ((None,), False),
    ],
)
def test_a_document_is_closed_when_the_amounts_sum_up(
    amounts: tuple[str | None, ...], closed: bool
) -> None:
    items = (true_item(amount="6.00"), true_item(amount="4.00"))
    score = score_document(truth(*items), predicted(*(line(None, None, a) for a in amounts)))
    assert score.closed is closed


@pytest.mark.parametrize(
    ("name", "wanted", "fields", "document_type", "right"),
    [
        ("vendor_name", "Tea  House Ltd.", {"vendor_name": "TEA HOUSE LTD"}, "invoice", True),
        ("vendor_name", "Tea House", {"vendor_name": "Tee House"}, "invoice", False),
        ("sub_total", "100.00", {"sub_total": "100"}, "invoice", True),
        ("sub_total", "100.00", {"sub_total": "100.01"}, "invoice", False),
        ("total_tax", "0", {"total_tax": "0.00"}, "invoice", True),  # however the truth spells it
        ("total_tax", "0", {"total_tax": "0.01"}, "invoice", False),
        ("invoice_id", "0042", {"invoice_id": "42"}, "invoice", False),
        ("invoice_id", "42", {"po_number": "42"}, "purchase_order", True),
        ("invoice_id", "42", {"po_number": "42"}, "invoice", False),
        ("invoice_date", "2020-03-01", {"order_date": "2020-03-01"}, "purchase_order", True),
        ("vendor_name", "Tea", {}, "invoice", False),
    ],
)
def test_header_fields_are_compared_after_normalisation(
    name: str, wanted: str, fields: dict[str, str], document_type: str, right: bool
) -> None:
    document = truth(fields={name: wanted}, fields_visible=frozenset({name}))
    score = score_document(document, predicted(fields=fields, document_type=document_type))
    assert score.fields[name].right == right


@pytest.mark.parametrize(
    ("true_type", "read", "right"),
    [
        ("invoice", "invoice", True),
        ("corrected_invoice", "invoice", True),
        ("other:575", "invoice", True),  # an insurer's invoice, UNTDID 1001
        ("other:387", "invoice", True),
        ("other:575", "other", False),
        ("other:999", "other", True),
        ("invoice", "receipt", False),
        ("invoice", None, False),
    ],
)
def test_document_types_the_model_has_no_name_for(
    true_type: str, read: str | None, right: bool
) -> None:
    document = truth(TEA, document_type=true_type)
    assert score_document(document, predicted(document_type=read)).type_right is right


@pytest.mark.parametrize("value", [6.0, "6,00", "abc", "NaN", True])
def test_a_cell_that_is_no_decimal_string_is_refused(value: Any) -> None:
    with pytest.raises(PredictionError, match=r"d: line_items.1.amount: want a decimal string"):
        score_document(truth(TEA), predicted(line("1", "1", "1"), {"amount": value}))


def test_a_document_without_items_wants_none() -> None:
    assert score_document(truth(), predicted()).items.f1 == 1.0
    assert score_document(truth(), predicted(line("1", "1", "1"))).items.f1 == 0.0


def score_of(wanted: int, seen: int, right: int, closed: bool | None = True) -> DocumentScore:
    count = Count(wanted, seen, right)
    return DocumentScore("d", count, {"amount": count}, {}, 0, closed, True)


def test_f1_is_over_all_items_not_over_documents() -> None:
    found = item_f1([score_of(9, 9, 9), score_of(1, 1, 0)])
    assert found.value == pytest.approx(0.9)
    assert found.low < found.value < found.high
    assert cell_f1([score_of(2, 2, 1)]).value == pytest.approx(0.5)


def test_an_interval_is_the_same_each_time_and_tighter_with_more_documents() -> None:
    few, many = ([score_of(4, 4, 4), score_of(4, 4, 1)] * times for times in (4, 100))
    assert item_f1(few) == item_f1(few)
    assert item_f1(many).high - item_f1(many).low < item_f1(few).high - item_f1(few).low


def test_an_interval_holds_95_of_100_draws() -> None:
    # Half of 400 documents right: a share's standard deviation is .025, of which 1.96 on each side
    interval = share_interval([1.0, 0.0] * 200, [1.0] * 400, draws=20_000)
    assert interval.value == 0.5
    assert interval.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.0015)
    assert interval.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.0015)


def test_closed_counts_only_documents_that_can_say() -> None:
    closed = closed_share([score_of(1, 1, 1), score_of(1, 1, 1, False), score_of(1, 1, 1, None)])
    assert closed is not None
    assert closed.value == 0.5
    assert closed_share([score_of(1, 1, 1, None)]) is None
    with pytest.raises(ValueError, match="at least one"):
        share_interval([], [])


_NUMBER = st.decimals("-999", "999", places=2).map(str)
_LINES = st.lists(st.tuples(_NUMBER, _NUMBER, _NUMBER).map(lambda cells: line(*cells)), max_size=6)


@given(_LINES)
def test_the_truth_itself_scores_one_in_any_order(lines: list[Any]) -> None:
    items = [true_item(**{name: one[name] for name in CELLS}) for one in lines]
    score = score_document(truth(*items), predicted(*reversed(lines)))
    assert score.items == Count(len(lines), len(lines), len(lines))
    assert score.closed is (True if lines else None)


@given(_LINES, _LINES)
def test_more_is_never_right_than_wanted_or_predicted(true: list[Any], read: list[Any]) -> None:
    items = [true_item(**{name: one[name] for name in CELLS}) for one in true]
    score = score_document(truth(*items), predicted(*read))
    for count in (score.items, *score.cells.values()):
        assert 0 <= count.right <= min(count.wanted, count.predicted)
    if score.closed:
        total = sum((Decimal(one["amount"]) for one in true), Decimal(0))
        assert abs(total - sum(Decimal(one["amount"]) for one in read)) <= Decimal("0.005")
