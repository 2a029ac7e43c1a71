"""Word grounding: right values where they are printed, in documents with true boxes."""

from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from data.records import Box
from training.metrics.grounding import (
    GroundingCount,
    count_grounded,
    count_grounded_numbers,
    overlap,
)
from training.metrics.scoring import score_documents
from training.report.contents import build_report
from training.report.markdown import to_markdown

TOP, BELOW = Box(0.5, 0.125, 0.75, 0.25), Box(0.5, 0.25, 0.75, 0.375)


def item(amount: str, box: Box | None = TOP, page: int | None = None, **values: str) -> TrueItem:
    printed = {"amount": amount, **values}
    cells = {} if box is None else {"amount": box}
    return TrueItem(printed, frozenset(printed), page=page, cells=cells)


def truth(*items: TrueItem) -> TrueDocument:
    nothing = frozenset[str]()
    return TrueDocument("d", None, "receipt", {}, nothing, items, (), "made here", {})


def line(amount: str | None, *bbox: float, page: int | None = 1, **more: Any) -> dict[str, Any]:
    place = {"bbox": list(bbox)} | ({} if page is None else {"page": page})
    return {"amount": amount, **more} | ({"places": {"amount": place}} if bbox else {})


IN_PLACE = (0.5, 0.125, 0.75, 0.25)
IS_BELOW = (0.5, 0.25, 0.75, 0.375)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Box(0, 0, 1, 1), Box(0, 0, 1, 1), 1.0),
        (Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1), 0.0),  # they touch
        (Box(0, 0, 0.5, 1), Box(0, 0, 1, 1), 0.5),
        (Box(0, 0, 0.6, 1), Box(0.2, 0, 0.8, 1), 0.5),
        (Box(0.2, 0.2, 0.2, 0.2), Box(0.2, 0.2, 0.2, 0.2), 0.0),  # no area
    ],
)
def test_overlap(first: Box, second: Box, expected: float) -> None:
    assert overlap(first, second) == pytest.approx(expected)
    assert overlap(second, first) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (line("9.00", *IN_PLACE), GroundingCount(1, 1, 1, 1)),
        (line("9.004", *IN_PLACE), GroundingCount(1, 1, 1, 1)),  # within half a cent
        (line("9.00", 0.5, 0.125, 0.625, 0.25), GroundingCount(1, 1, 1, 1)),  # half: enough
        (line("9.00", 0.5, 0.125, 0.624, 0.25), GroundingCount(1, 1, 1, 0)),
        (line("9.00", *IS_BELOW), GroundingCount(1, 1, 1, 0)),
        (line("9.00", *IN_PLACE, page=2), GroundingCount(1, 1, 1, 0)),
        (line("9.00", *IN_PLACE, page=None), GroundingCount(1, 1, 1, 1)),  # the only page
        (line("9.00"), GroundingCount(1, 1, 0, 0)),
        (line("8.00", *IN_PLACE), GroundingCount(1, 0, 0, 0)),
        (line(None, *IN_PLACE), GroundingCount(1, 0, 0, 0)),
        (None, GroundingCount(1, 0, 0, 0)),
    ],
)
def test_a_value_is_grounded_when_it_is_right_and_in_place(
    predicted: dict[str, Any] | None, expected: GroundingCount
) -> None:
    lines = [] if predicted is None else [predicted]
    counts = count_grounded(truth(item("9.00")), {"line_items": lines})
    assert counts == {"amount": expected}
    assert count_grounded_numbers(counts) == expected


@pytest.mark.parametrize(
    "document",
    [truth(), truth(item("9.00", box=None))],
    ids=["no items", "items without boxes"],
)
@pytest.mark.parametrize("lines", [[], [line("9.00", *IN_PLACE)]])
def test_without_true_boxes_nothing_is_counted(
    document: TrueDocument, lines: list[dict[str, Any]]
) -> None:
    assert count_grounded(document, {"line_items": lines}) == {}


def test_of_rows_with_the_same_numbers_the_one_in_place_is_meant() -> None:
    twice = truth(item("1.00", TOP), item("1.00", BELOW))
    lines = [line("1.00", *IS_BELOW), line("1.00", *IN_PLACE)]
    assert count_grounded(twice, {"line_items": lines})["amount"] == GroundingCount(2, 2, 2, 2)


@pytest.mark.parametrize(
    ("text", "right"),
    [("Green tea", 1), ("GREENTEA,", 1), ("Green", 0), ("", 0), (None, 0)],
)
def test_descriptions_are_compared_by_their_letters(text: str | None, right: int) -> None:
    tea = TrueItem(
        {"description": "Green tea", "amount": "9.00"},
        frozenset({"description", "amount"}),
        wordings=("Green tea",),
        cells={"description": TOP},
    )
    places = {"description": {"page": 1, "bbox": list(IN_PLACE)}}
    lines = [{"amount": "9.00", "description": text, "places": places}]
    counts = count_grounded(truth(tea), {"line_items": lines})
    assert counts == {"description": GroundingCount(1, right, right, right)}
    assert count_grounded_numbers(counts) == GroundingCount()


def test_values_that_are_not_printed_are_not_counted() -> None:
    hidden = TrueItem(
        {"amount": "9.00", "quantity": "3"}, frozenset({"amount"}), cells={"quantity": TOP}
    )
    assert count_grounded(truth(hidden), {"line_items": [line("9.00", *IN_PLACE)]}) == {}


@pytest.mark.parametrize(("box", "shown"), [(TOP, True), (None, False)])
def test_a_report_has_grounding_where_the_truth_has_boxes(box: Box | None, shown: bool) -> None:
    predictions = {"d": {"line_items": [line("9.00", *IN_PLACE), line("7.00", *IN_PLACE)]}}
    scored = score_documents([truth(item("9.00", box), item("7.00", BELOW))], predictions)
    if not shown:
        scored = score_documents([truth(item("9.00", None))], predictions)
    report = build_report(scored, {"corpus": "c"})
    assert ("Word grounding" in to_markdown(report)) == shown
    if shown:
        assert report["grounding"]["grounded"]["value"] == 0.5
        assert report["grounding"]["of_right_values"]["value"] == 0.5
        assert report["grounding"]["by_name"]["amount"]["right"] == 2
