"""What a stated confidence is worth: reliability, Brier score and risk by hand, and its section."""

from decimal import Decimal
from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from training.metrics.scoring import score_documents
from training.metrics.trust import (
    CoveragePoint,
    StatedValue,
    area_under_curve,
    brier,
    expected_error,
    point_at_risk,
    reliability,
    risk_coverage,
)
from training.report.confidence import confidence_section


@pytest.mark.parametrize(
    ("confidence", "low", "high"),
    [(0.0, 0.0, 0.3), (0.3, 0.3, 0.5), (0.949, 0.9, 0.95), (0.98, 0.98, 1.0), (1.0, 0.98, 1.0)],
)
def test_a_bin_begins_at_its_lower_edge(confidence: float, low: float, high: float) -> None:
    (row,) = reliability([(confidence, True)])
    assert (row.low, row.high, row.count, row.stated, row.right) == (low, high, 1, confidence, 1.0)


def test_calibration_error_by_hand() -> None:
    # .8 stated and .5 right over two values, .6 stated and 1 right over one: doubt is an error too
    table = reliability([(0.8, True), (0.8, False), (0.6, True)])
    assert [(row.count, row.right) for row in table] == [(1, 1.0), (2, 0.5)]
    assert expected_error(table) == pytest.approx((2 * 0.3 + 1 * 0.4) / 3)
    assert expected_error([]) == 0.0


def test_brier_score_by_hand() -> None:
    assert brier([(0.8, True), (0.8, False)]) == pytest.approx((0.04 + 0.64) / 2)
    assert brier([]) is None


def stated(*values: tuple[float, bool, str]) -> list[StatedValue]:
    return [StatedValue(confidence, right, Decimal(weight)) for confidence, right, weight in values]


def test_risk_and_coverage_by_hand() -> None:
    values = stated((0.5, True, "1"), (0.9, True, "2"), (0.7, False, "1"), (0.9, True, "4"))
    points = risk_coverage(values)
    assert points == [
        CoveragePoint(0.9, 2, 6 / 8, 0.0),  # equal confidence is taken together
        CoveragePoint(0.7, 3, 7 / 8, 1 / 7),
        CoveragePoint(0.5, 4, 1.0, 1 / 8),
    ]
    assert area_under_curve(points) == pytest.approx(1 / 8 * 1 / 7 + 1 / 8 * 1 / 8)
    assert point_at_risk(points, 0.0) == points[0]
    assert point_at_risk(points, 1 / 8) == points[2]  # exactly at the risk is inside, in hindsight
    assert point_at_risk(points, 0.13) == points[2]  # though the way there leads over 1/7


def test_nothing_stated_and_nothing_weighed_is_no_point() -> None:
    assert risk_coverage([]) == risk_coverage(stated((0.9, True, "0"))) == []
    assert area_under_curve([]) is None
    assert point_at_risk([], 0.5) is None
    assert point_at_risk(risk_coverage(stated((0.9, False, "1"))), 0.5) is None


def document(currency: str, *amounts: str) -> TrueDocument:
    return TrueDocument(
        document_id=f"of {currency}",
        path=None,
        document_type="invoice",
        fields={"currency": currency, "invoice_id": "4711"},
        fields_visible=frozenset({"invoice_id"}),
        items=tuple(TrueItem({"amount": amount}, frozenset({"amount"})) for amount in amounts),
        excluded=(),
        labels="made here",
        extra={},
    )


def read(amount: str, confidence: object, **more: str) -> dict[str, Any]:
    return {"amount": amount, "confidence": {"amount": confidence}, **more}


def section(*lines: dict[str, Any], truth: TrueDocument | None = None) -> dict[str, Any]:
    truth = truth or document("EUR", "10.00", "-20.00")
    return confidence_section(
        score_documents([truth], {truth.document_id: {"line_items": list(lines)}})
    )


def test_money_is_weighed_by_its_size_and_currencies_are_kept_apart() -> None:
    documents = [document("EUR", "10.00", "-20.00"), document("USD", "5.00")]
    predictions = {
        "of EUR": {"line_items": [read("10.00", 0.9), read("-30.00", 0.4)]},
        "of USD": {"line_items": [read("5.00", 0.8)]},
    }
    found = confidence_section(score_documents(documents, predictions))
    money = found["amounts_by_money"]
    assert list(money) == ["EUR", "USD"]
    euro = money["EUR"]
    assert (euro["count"], euro["money"], euro["wrong_money"]) == (2, "40.00", "30.00")
    assert euro["coverage_at"]["one_percent"] == 0.25
    assert euro["confidence_at"]["one_percent"] == 0.9
    assert found["all_cells"]["count"] == found["stated"] == 3
    assert found["all_cells"]["right"] == 2


@pytest.mark.parametrize("confidence", [None, True, "0.9", 1.5, -0.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_not_stated(confidence: object) -> None:
    found = section(read("10.00", confidence))
    assert (found["stated"], found["not_stated"]) == (0, 1)
    assert found["all_cells"]["brier"] is None
    assert found["cells"] == {}


def test_only_what_the_truth_can_judge_is_counted() -> None:
    # The document prints no quantities; the third row is paired with nothing and made up.
    lines = [read("10.00", 0.9, quantity="1"), read("-20.00", 0.9), read("7.00", 0.9, quantity="2")]
    found = section(*lines)
    assert found["not_stated"] == 0
    assert (found["cells"]["amount"]["count"], found["cells"]["amount"]["right"]) == (3, 2)


def test_header_fields_have_figures_of_their_own() -> None:
    truth = document("EUR")
    said = {"fields": {"invoice_id": "4712"}, "confidence": {"invoice_id": 0.8}}
    found = confidence_section(
        score_documents([truth], {truth.document_id: said}), "fitted on tea."
    )
    assert found["calibration"] == "fitted on tea."
    assert (found["fields"]["invoice_id"]["count"], found["fields"]["invoice_id"]["right"]) == (
        1,
        0,
    )
    assert found["fields"]["invoice_id"]["brier"] == pytest.approx(0.64)
    assert found["all_cells"]["count"] == 0
