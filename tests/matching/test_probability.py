"""How probable a variance is: every cell it rests on, and what other readings would make of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import (
    Alternative,
    ExtractedDocument,
    Field,
    LineItem,
)
from serving.matching.findings.records import Variance
from serving.matching.line.probability import probability
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json

D = Decimal
BOX = (0.1, 0.2, 0.3, 0.2, 0.3, 0.25, 0.1, 0.25)
ROW = {"product_code": "A", "description": "Hex bolt", "unit": "EA"}


def order(quantity: str, price: str, received: str, **more: Any) -> OrderData:
    line = {
        "po_line_number": "1", "product_code": "A", "description": "Hex bolt", "unit_code": "EA",
        "quantity_ordered": quantity, "unit_price": price, "pack_factors": {"CS": "12"}, **more,
    }  # fmt: skip
    event = {"po_line_number": "1", "quantity_received": received}
    receipt = {"receipt_id": "R1", "lines": [event]}
    return parse_order_data(
        {"order": {"po_number": "4711", "lines": [line]}, "receipts": [receipt]}
    )


def invoice(
    changed: str = "", leaf: dict[str, Any] | None = None, **cells: str
) -> ExtractedDocument:
    """One row, of which the cell `changed` was read as `leaf` says."""
    values: dict[str, Any] = {
        name: Field(text if name in {*ROW, "unit"} else D(text), text, page=0, polygon=BOX)
        for name, text in (ROW | cells).items()
    }
    if changed:
        values[changed] = replace(values[changed], **(leaf or {}))
    return ExtractedDocument("i", Field("invoice"), {}, (LineItem(**values),))


def other(*readings: tuple[str | Decimal, float]) -> dict[str, Any]:
    return {"alternatives": tuple(Alternative(value, weight) for value, weight in readings)}


def only(verdict: Verdict) -> Variance:
    (found,) = verdict.variances
    return found


SHORT = order("100", "10.00", "30")  # 40 are billed
DEAR = order("40", "10.00", "40")  # at 11.00


@pytest.mark.parametrize(
    ("data", "price", "cell", "leaf", "right"),
    [
        # The quantity of a shortage: confidence, and readings under which nothing is short.
        (SHORT, "10.00", "quantity", {"confidence": 0.97}, 0.97),
        (SHORT, "10.00", "quantity", other((D(30), 0.2)), 0.8),
        (SHORT, "10.00", "quantity", other((D(30), 0.2), (D(4), 0.1)), 0.7),
        (SHORT, "10.00", "quantity", other((D(48), 0.2)), 1.0),
        (SHORT, "10.00", "quantity", other((D(31), 0.2)), 1.0),
        (SHORT, "10.00", "quantity", other(("4O", 0.2)), 0.8),
        (SHORT, "10.00", "quantity", {"confidence": 0.9, **other((D(30), 0.05))}, 0.9),
        # Another unit: 40 cases are more than 40 pieces; a unit without a factor cannot be told.
        (SHORT, "10.00", "unit", other(("CS", 0.2)), 1.0),
        (SHORT, "10.00", "unit", other(("BX", 0.2)), 0.8),
        # The price says nothing of a shortage.
        (SHORT, "10.00", "unit_price", {"confidence": 0.5}, 1.0),
        # What names the PO line: the description vouches for a code that is hard to read.
        (SHORT, "10.00", "product_code", {"confidence": 0.5}, 1.0),
        # The price of a dear line: gone, turned round, or still too high.
        (DEAR, "11.00", "unit_price", {"confidence": 0.96}, 0.96),
        (DEAR, "11.00", "unit_price", other((D("10.00"), 0.3)), 0.7),
        (DEAR, "11.00", "unit_price", other((D("1.00"), 0.3)), 0.7),
        (DEAR, "11.00", "unit_price", other((D("17.00"), 0.3)), 1.0),
        (DEAR, "11.00", "quantity", {"confidence": 0.96}, 0.96),
    ],
)  # fmt: skip
def test_what_counts_against_a_variance(
    data: OrderData, price: str, cell: str, leaf: dict[str, Any], right: float
) -> None:
    found = only(examine([invoice(cell, leaf, quantity="40", unit_price=price)], data))
    assert found.confidence == pytest.approx(right)
    assert (found.state == "claim") == (right >= 0.75)


def test_readings_against_a_variance_are_shown_by_weight() -> None:
    leaf = other((D(30), 0.05), (D(20), 0.1), (D(70), 0.1))
    found = only(examine([invoice("quantity", leaf, quantity="40", unit_price="10.00")], SHORT))
    assert [(one.value, one.confidence) for one in found.alternatives] == [
        (D(20), 0.1),
        (D(30), 0.05),
    ]


def test_an_amount_divided_is_as_sure_as_both_its_parts() -> None:
    document = invoice("amount", other((D("400.00"), 0.3)), quantity="40", amount="440.00")
    found = only(examine([document], DEAR))
    assert (found.code, found.confidence) == ("PRICE_OVER", pytest.approx(0.7))
    fewer = invoice("quantity", other((D(44), 0.3)), quantity="40", amount="440.00")
    assert only(examine([fewer], DEAR)).confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("quantity", "40"), ("unit", "EA"), ("unit_price", "11.00"),
        ("quantity", None), ("unit_price", None),
    ],
)  # fmt: skip
def test_a_weak_cell_is_named_with_its_box_and_never_claimed_on(
    cell: str, value: str | None
) -> None:
    leaf = {"confidence": 0.6} | ({"value": None} if value is None else {})
    document = invoice(cell, leaf, quantity="40", unit_price="11.00")
    verdict = examine([document], order("40", "10.00", "40"))
    assert verdict.status == "needs_review"
    assert not [one for one in verdict.variances if one.state == "claim"]
    (line,) = verdict_to_json(verdict)["lines"]
    (unsure,) = line["unsure_cells"]
    assert (unsure["field"], unsure["page"]) == (cell, 1)
    assert unsure["polygon"] == list(BOX)
    assert any(cell in reason for reason in line["reasons"])


@pytest.mark.parametrize(
    ("sure", "other_code", "claimed"),
    [
        # That a misread code is the order's is chance; where its neighbour is called nearly the
        # same it is not.
        (0.6, "B-99", True),
        (0.3, "B-99", False),
        (0.6, "A-2", False),
        (0.95, "A-2", True),
    ],
)
def test_a_weak_code_is_claimed_on_only_where_it_cannot_be_anothers(
    sure: float, other_code: str, claimed: bool
) -> None:
    lines = [
        {
            "po_line_number": str(number), "product_code": code, "unit_code": "EA",
            "quantity_ordered": "10", "unit_price": "10.00",
        }
        for number, code in enumerate(("A-1", other_code), start=1)
    ]  # fmt: skip
    events = [{"po_line_number": "1", "quantity_received": "10"}]
    data = parse_order_data(
        {
            "order": {"po_number": "4711", "lines": lines},
            "receipts": [{"receipt_id": "R1", "lines": events}],
        }
    )
    leaf = {"confidence": sure}
    document = invoice("product_code", leaf, quantity="12", unit_price="10.50", product_code="A-1")
    (item,) = document.line_items
    alone = replace(document, line_items=(replace(item, description=None),))
    verdict = examine([alone], data)
    assert {one.state for one in verdict.variances} == {"claim" if claimed else "open"}
    named = [one.field for one in verdict.lines[0].unsure]
    assert named == ([] if claimed else ["product_code"])


def test_an_ambiguous_line_is_said_to_be_so_and_nothing_is_claimed() -> None:
    lines = [
        {
            "po_line_number": number, "description": f"T-shirt blue {cloth}", "unit_code": "EA",
            "quantity_ordered": "10", "unit_price": "9.00",
        }
        for number, cloth in (("1", "cotton"), ("2", "linen"))
    ]  # fmt: skip
    data = parse_order_data({"order": {"po_number": "1", "lines": lines}})
    document = invoice(quantity="20", unit_price="9.00", description="T-shirt blue")
    (item,) = document.line_items
    document = replace(document, line_items=(replace(item, product_code=None),))
    verdict = examine([document], data)
    assert verdict.status == "needs_review"
    assert {one.state for one in verdict.variances} == {"open"}
    assert any("fits nearly as well" in reason for reason in verdict.lines[0].reasons)


weights = st.lists(st.floats(0, 1), max_size=3)


@given(st.lists(st.tuples(st.floats(0, 1), weights), max_size=4), st.booleans())
def test_a_probability_is_one_and_never_above_the_weakest_cell(
    cells: list[tuple[float, list[float]]], survives: bool
) -> None:
    read = {
        str(number): Field(
            D(1), confidence=sure, alternatives=tuple(Alternative(D(2), one) for one in more)
        )
        for number, (sure, more) in enumerate(cells)
    }
    found = probability(read, lambda name, reading: survives)
    assert 0 <= found.right <= min([1.0, *(sure for sure, _ in cells)])
    assert (len(found.against) == 0) == (survives or not any(more for _, more in cells))
