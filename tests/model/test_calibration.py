"""Calibrated confidences: monotone, never certain, and cautious where cases are few."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.calibrate import share_weight
from training.decoding.calibration import (
    DERIVED,
    MIN_CASES,
    Calibration,
    Case,
    fit,
    load_calibration,
    save_calibration,
)


def cases(name: str, raw: float, right: int, wrong: int, holds: bool | None = None) -> list[Case]:
    return [Case(name, raw, holds, index >= wrong) for index in range(right + wrong)]


outcomes = st.lists(
    st.tuples(st.floats(0, 1), st.booleans()), min_size=MIN_CASES, max_size=3 * MIN_CASES
)


@settings(max_examples=50, deadline=None)
@given(outcomes)
def test_a_higher_raw_confidence_is_never_worth_less_and_none_is_certain(pairs):
    calibration = fit([Case("amount", raw, None, right) for raw, right in pairs], "a test")
    worth = [calibration.confidence("amount", step / 50) for step in range(51)]
    assert worth == sorted(worth)
    assert worth[0] > 0
    assert worth[-1] < 1


@settings(max_examples=30, deadline=None)
@given(outcomes, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(pairs, random):
    coarse = [Case("amount", round(raw, 1), None, right) for raw, right in pairs]
    shuffled = list(coarse)
    random.shuffle(shuffled)
    for step in range(11):
        first, second = (fit(c, "").confidence("amount", step / 10) for c in (coarse, shuffled))
        assert first == pytest.approx(second, abs=1e-4)


@pytest.mark.parametrize("raw", [0.9, 1.0])
def test_equal_confidences_are_worth_their_share_of_right_values(raw):
    # Half of what the network is equally sure of is wrong: no order of the cases may hide that.
    calibration = fit(cases("amount", raw, right=100, wrong=100), "")
    assert calibration.confidence("amount", raw) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("count", [MIN_CASES, 1000, 100_000])
def test_without_one_error_the_curve_still_ends_below_certainty(count):
    calibration = fit(cases("amount", 1.0, right=count, wrong=0), "")
    believed = calibration.confidence("amount", 1.0)
    assert believed <= min((count + 1) / (count + 2) + 1e-4, 0.9999)
    assert believed > 0.98


@pytest.mark.parametrize(
    ("name", "holds", "expected"),
    [
        ("amount", True, 0.9),  # its own curve for rows that multiply
        ("quantity", True, 0.6),  # no curve for rows that multiply: the plain one
        ("amount", None, 0.7),
        ("amount", False, 0.7),  # a row that fails is no better than one that was not checked
        ("quantity", None, 0.6),
        ("unit", None, 0.5),  # never measured: the network's own
        ("unit", True, 0.5),
    ],
)
def test_the_nearest_curve_is_used(name, holds, expected):
    curves = {
        "amount/holds": ((0.5, 0.9),),
        "amount": ((0.5, 0.7),),
        "quantity": ((0.5, 0.6),),
    }
    assert Calibration(curves).confidence(name, 0.5, holds) == expected


def test_a_row_that_multiplies_uses_the_plain_curves_where_it_has_none_of_its_own():
    assert Calibration({"amount": ((0.5, 0.6),)}).confidence("amount", 0.99, True) == 0.6


@pytest.mark.parametrize("holds", [None, False, True])
def test_without_any_curve_the_raw_confidence_is_passed_on(holds):
    assert Calibration().confidence("amount", 0.42, holds) == 0.42


@pytest.mark.parametrize(("count", "shared"), [(MIN_CASES - 1, True), (MIN_CASES, False)])
def test_a_field_with_few_cases_shares_the_curve_of_all(count, shared):
    many = cases("quantity", 0.5, right=MIN_CASES, wrong=0)
    curves = fit([*many, *cases("amount", 0.5, right=0, wrong=count)], "").curves
    believed = Calibration(curves).confidence("amount", 0.5)
    assert (believed > 0.3) is shared  # alone it was never right


def test_too_few_cases_altogether_make_no_curve():
    assert fit(cases("amount", 0.5, right=MIN_CASES - 1, wrong=0), "").curves == {}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(0.0, 0.3), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5), (0.7, 0.7), (1.0, 0.9)],
)
def test_between_points_the_curve_is_straight_and_level_beyond_them(raw, expected):
    calibration = Calibration({"amount": ((0.2, 0.3), (0.4, 0.5), (1.0, 0.9))})
    assert math.isclose(calibration.confidence("amount", raw), expected)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    calibration = fit(cases("amount", 0.8, right=50, wrong=20), "70 values of a test")
    save_calibration(tmp_path, calibration)
    assert load_calibration(tmp_path) == calibration


def test_a_checkpoint_without_calibration_has_an_empty_one(tmp_path):
    assert load_calibration(tmp_path) == Calibration()


@pytest.mark.parametrize(
    ("name", "holds", "ocr", "expected"),
    [
        ("amount", True, True, 0.3),  # its own curve for OCR and rows that multiply
        ("amount", None, True, 0.4),
        ("quantity", True, True, 0.6),  # OCR was not measured apart for it
        ("amount", True, False, 0.9),
        ("header/invoice_total", None, True, 0.2),
        ("header/invoice_total", None, False, 0.5),  # measured on OCR only: the network's own
    ],
)
def test_what_ocr_read_has_curves_of_its_own(name, holds, ocr, expected):
    worth = {
        "amount/holds/ocr": 0.3,
        "amount/ocr": 0.4,
        "quantity": 0.6,
        "amount/holds": 0.9,
        "header/invoice_total/ocr": 0.2,
    }
    curves = {key: ((0.0, value), (1.0, value)) for key, value in worth.items()}
    assert Calibration(curves).confidence(name, 0.5, holds, ocr=ocr) == pytest.approx(expected)


def test_header_fields_with_few_cases_share_with_header_fields_only():
    lines = cases("amount", 0.9, right=200, wrong=0)
    header = cases("header/document_id", 0.9, right=40, wrong=40)
    few = cases("header/due_date", 0.9, right=5, wrong=0)
    calibration = fit([*lines, *header, *few], "")
    shared = calibration.confidence("header/due_date", 0.9)
    assert shared == pytest.approx(45 / 85, abs=0.02)
    assert calibration.confidence("amount", 0.9) > 0.98


def test_one_long_document_does_not_decide_for_all_layouts():
    """A hundred right rows of one document, against many that are wrong every other time."""
    long = [Case("amount", 0.9, None, True) for _ in range(100)]
    short = [Case("amount", 0.9, None, right) for right in (True, False) * 30]
    plain = fit([*long, *short], "").confidence("amount", 0.9)
    shared = fit([*share_weight(long), *share_weight(short)], "").confidence("amount", 0.9)
    assert plain > 0.75
    assert 0.6 < shared < plain
    assert sum(case.weight for case in share_weight(long)) == pytest.approx(8)
    assert [case.weight for case in share_weight(short[:5])] == [1.0] * 5
    assert share_weight([]) == []


@pytest.mark.parametrize(
    ("right", "wrong", "share"),
    [(98, 2, 99 / 102), (60, 0, 61 / 62), (59, 0, None), (0, 60, 1 / 62)],
)
def test_derived_values_have_a_share_of_their_own(right, wrong, share):
    """Many right numbers that were read say nothing about what is derived from them."""
    derived = [Case(DERIVED + "quantity", 1.0, None, n < right) for n in range(right + wrong)]
    read = [Case("quantity", 0.9, None, True)] * 500
    calibration = fit([*derived, *read], "test")
    expected = None if share is None else pytest.approx(share, abs=1e-4)
    assert calibration.derived_share("quantity") == expected
    assert fit(read, "").curves["quantity"] == calibration.curves["quantity"]
