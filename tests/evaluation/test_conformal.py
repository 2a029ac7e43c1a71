"""Thresholds that promise a money risk: the arithmetic, too few documents, and the promise kept."""

import random
from decimal import Decimal

import pytest

from training.metrics.conformal import (
    DecidedDocument,
    DecidedLine,
    find_threshold,
    loss,
    measure_promise,
)


def document(*lines: tuple[float, str, bool], money: str | None = None) -> DecidedDocument:
    made = tuple(DecidedLine(sure, Decimal(amount), right) for sure, amount, right in lines)
    total = sum((line.money for line in made), Decimal(0))
    return DecidedDocument(made, total if money is None else Decimal(money))


GOOD = document((0.99, "60", True), (0.9, "40", True))
BAD = document((0.95, "60", True), (0.8, "40", False))


@pytest.mark.parametrize(
    ("one", "threshold", "wanted"),
    [
        (GOOD, 0.0, 0.0),
        (BAD, 0.81, 0.0),
        (BAD, 0.8, 0.4),  # equal to the threshold is decided
        (document((0.9, "40", False), money="200"), 0.5, 0.2),  # lines that were missed count too
        (document((0.9, "0", False)), 0.5, 0.0),  # no money, nothing to lose
        (document(), 0.0, 0.0),
    ],
)
def test_a_document_loses_the_share_of_its_money_that_is_decided_wrongly(one, threshold, wanted):
    assert loss(one, threshold) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("documents", "risk", "wanted"),
    [
        ([], 0.05, None),
        ([GOOD], 0.05, None),  # one document can promise nothing below 50 %
        ([GOOD], 0.5, 0.9),
        ([GOOD] * 98, 0.01, None),  # (0 + 1) / 99 is more than 1 %
        ([GOOD] * 99, 0.01, 0.9),  # equal to the risk is within it
        ([GOOD] * 99 + [BAD], 0.01, 0.9),  # (0.4 + 1) / 101 would break it below 0.9
        ([GOOD] * 99 + [BAD], 0.02, 0.8),
        ([document((0.99, "1", False))] * 200, 0.05, None),  # sure and wrong: nothing is decided
    ],
)
def test_the_lowest_threshold_that_promises_the_risk(documents, risk, wanted):
    assert find_threshold(documents, risk) == wanted


def test_equal_confidences_are_decided_together():
    tied = document((0.9, "50", True), (0.9, "50", False))
    assert find_threshold([*[GOOD] * 50, tied], 0.02) == 0.99


@pytest.mark.parametrize("risk", [0.0, 1.0, -0.1, 1.5])
def test_a_risk_that_is_no_share_is_refused(risk):
    with pytest.raises(ValueError, match="between 0 and 1"):
        find_threshold([GOOD], risk)


def _drawn(rng: random.Random) -> DecidedDocument:
    """Lines that are wrong one time in eight where they are unsure, rarely where they are sure."""
    lines = []
    for _ in range(rng.randint(1, 8)):
        sure = rng.random()
        right = rng.random() > 0.12 * (1 - sure)
        lines.append((sure, str(rng.randint(1, 500)), right))
    return document(*lines)


@pytest.mark.parametrize("risk", [0.01, 0.02, 0.05])
def test_the_promise_is_kept_on_average_over_many_calibrations(risk):
    rng = random.Random(4)
    fresh = [_drawn(rng) for _ in range(400)]
    realised = []
    for _ in range(60):
        threshold = find_threshold([_drawn(rng) for _ in range(150)], risk)
        taken = 2.0 if threshold is None else threshold
        realised.append(sum(loss(one, taken) for one in fresh) / len(fresh))
    assert sum(realised) / len(realised) <= risk
    assert sum(realised) > 0  # something is decided, and sometimes wrongly


def test_more_risk_never_decides_less():
    rng = random.Random(5)
    documents = [_drawn(rng) for _ in range(300)]
    thresholds = [find_threshold(documents, risk) for risk in (0.01, 0.02, 0.05, 0.2)]
    assert all(one is not None for one in thresholds)
    assert thresholds == sorted(thresholds, reverse=True)


def test_a_promise_is_measured_on_documents_that_did_not_pick_it():
    rng = random.Random(6)
    made = measure_promise([_drawn(rng) for _ in range(300)], 0.02)
    assert made.threshold is not None
    assert 0 < made.money.value < 1
    assert 0 < made.lines.value < 1
    assert made.risk.value <= 0.02
    assert made.to_json()["stated_risk"] == 0.02


def test_too_few_documents_promise_and_decide_nothing():
    made = measure_promise([GOOD] * 20, 0.01)
    assert made.threshold is None
    assert made.money.value == made.lines.value == made.risk.value == 0.0
