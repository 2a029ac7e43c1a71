"""Verdicts against planted variances, worked by hand: codes, money, risk and coverage."""

from decimal import Decimal
from typing import Any

import pytest

from training.metrics.disputes import (
    BilledLine,
    Dispute,
    DisputeScore,
    ExpectedVariance,
    Finding,
    pair_findings,
    score_dispute,
)
from training.metrics.risk import choose_at_risk, pick_threshold, risk_curve, summarise

D = Decimal


def wants(
    code: str, line: str | None, amount: str | None, state: str = "claim"
) -> ExpectedVariance:
    return ExpectedVariance(code, state, line, None if amount is None else D(amount))


def says(
    code: str, line: str | None, amount: str | None, state: str = "claim", sure: float = 1.0
) -> Finding:
    return Finding(code, line, None, None if amount is None else D(amount), state, sure)


def dispute(
    expected: list[ExpectedVariance],
    found: list[Finding],
    lines: dict[str | None, Any] | None = None,
    name: str = "d-1",
    settled: bool = False,
) -> Dispute:
    """Lines bill 100.00 each; without outcomes, those named anywhere are decided."""
    named = {one.po_line_number: "decided" for one in (*expected, *found)}
    outcomes = named if lines is None else lines
    records = [BilledLine(line, D("100.00"), outcome) for line, outcome in outcomes.items()]
    return Dispute(name, "EUR", expected, found, records, settled)


SHORT = wants("QTY_OVER_RECEIPT", "10", "40.00")
# case, expected, found, outcomes, money (claimable, claimed, false, asked, unread, silent)
CASES: list[tuple[str, list[ExpectedVariance], list[Finding], Any, tuple[str, ...]]] = [
    (
        "right",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "40.00")],
        None,
        ("40", "40", "0", "0", "0", "0"),
    ),
    (
        "right within a cent",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "40.01")],
        None,
        ("40", "40.01", "0", "0", "0", "0"),
    ),
    (
        "too much",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "40.02")],
        None,
        ("40", "40.02", "0.02", "0", "0", "0"),
    ),
    (
        "too little",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "30.00")],
        None,
        ("40", "30", "0", "0", "0", "10"),
    ),
    (
        "wrong line",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "20", "40.00")],
        None,
        ("40", "40", "40", "0", "0", "40"),
    ),
    (
        "wrong code, right money",
        [SHORT],
        [says("QTY_OVER_ORDER", "10", "40.00")],
        None,
        ("40", "40", "0", "0", "0", "0"),
    ),
    (
        "twice",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "40.00")] * 2,
        None,
        ("40", "80", "40", "0", "0", "0"),
    ),
    (
        "abstained",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "40.00", "open")],
        {"10": "asked"},
        ("40", "0", "0", "40", "0", "0"),
    ),
    (
        "waits for a receipt",
        [SHORT],
        [says("QTY_NO_RECEIPT", "10", "90.00", "pending")],
        None,
        ("40", "0", "0", "40", "0", "0"),
    ),
    ("silent", [SHORT], [], {"10": "decided"}, ("40", "0", "0", "0", "0", "40")),
    ("not read", [SHORT], [], {"10": "unread"}, ("40", "0", "0", "0", "40", "0")),
    (
        "nothing to claim",
        [],
        [says("PRICE_OVER", "10", "5.00")],
        None,
        ("0", "5", "5", "0", "0", "0"),
    ),
    (
        "in the buyer's favour",
        [wants("PRICE_UNDER", "10", "-6.00")],
        [says("PRICE_UNDER", "10", "-6.00")],
        None,
        ("0", "0", "0", "0", "0", "0"),
    ),
    (
        "claimed before the receipt",
        [wants("QTY_NO_RECEIPT", "10", "90.00", "pending")],
        [says("QTY_NO_RECEIPT", "10", "90.00")],
        None,
        ("0", "90", "90", "0", "0", "0"),
    ),
    (
        "a line nobody ordered",
        [wants("ITEM_NOT_ORDERED", None, "70.00")],
        [says("ITEM_NOT_ORDERED", None, "70.00")],
        None,
        ("70", "70", "0", "0", "0", "0"),
    ),
    (
        "another line nobody ordered",
        [wants("ITEM_NOT_ORDERED", None, "70.00")],
        [says("ITEM_NOT_ORDERED", None, "60.00")],
        None,
        ("70", "60", "60", "0", "0", "70"),
    ),
    (
        "its row asked about",
        [wants("ITEM_NOT_ORDERED", None, "70.00")],
        [says("ITEM_NOT_ORDERED", None, "60.00", "open")],
        None,
        ("70", "0", "0", "70", "0", "0"),
    ),
    (
        "sums in doubt say nothing of a row",
        [wants("ITEM_NOT_ORDERED", None, "70.00")],
        [says("TOTAL_MISMATCH", None, "70.00", "open")],
        None,
        ("70", "0", "0", "0", "0", "70"),
    ),
    (
        "nobody ordered it: right to the cent",
        [wants("ITEM_NOT_ORDERED", None, "0.02")],
        [says("ITEM_NOT_ORDERED", None, "0.01"), says("PRICE_OVER", None, "0.01")],
        None,
        ("0.02", "0.02", "0.01", "0", "0", "0"),
    ),
    (
        "a cent is not missed",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "39.99")],
        None,
        ("40", "39.99", "0", "0", "0", "0"),
    ),
    (
        "two cents are",
        [SHORT],
        [says("QTY_OVER_RECEIPT", "10", "39.98")],
        None,
        ("40", "39.98", "0", "0", "0", "0.02"),
    ),
    (
        "two parts of a line",
        [wants("QTY_OVER_ORDER", "10", "400"), wants("PRICE_OVER", "10", "100")],
        [says("QTY_OVER_ORDER", "10", "440"), says("PRICE_OVER", "10", "60")],
        None,
        ("500", "500", "0", "0", "0", "0"),
    ),
]


@pytest.mark.parametrize(
    ("expected", "found", "lines", "money"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_money_by_hand(
    expected: list[ExpectedVariance], found: list[Finding], lines: Any, money: tuple[str, ...]
) -> None:
    seen = score_dispute(dispute(expected, found, lines)).money
    assert (
        seen.claimable,
        seen.claimed,
        seen.false,
        seen.missed_asked,
        seen.missed_unread,
        seen.missed_silent,
    ) == tuple(map(D, money))
    assert seen.missed_unseen == 0


def test_what_a_line_can_bear_goes_to_the_surest_claim() -> None:
    """What is false beside it is doubted more: by confidence, not by the order they come in."""
    doubted = says("QTY_OVER_ORDER", "10", "30.00", sure=0.6)
    sure = says("PRICE_OVER", "10", "25.00", sure=0.9)
    for found in ([doubted, sure], [sure, doubted]):
        claims = score_dispute(dispute([SHORT], found)).claims
        assert [(one.finding.code, one.false) for one in claims] == [
            ("PRICE_OVER", D(0)),
            ("QTY_OVER_ORDER", D("15.00")),
        ]


def test_money_missed_where_nobody_looks() -> None:
    seen = score_dispute(dispute([SHORT], [], {"10": "decided"}, settled=True)).money
    assert (seen.missed_silent, seen.missed_unseen) == (D(40), D(40))


@pytest.mark.parametrize(
    ("expected", "found", "counts"),
    [
        # (reported wanted, predicted, right; asserted wanted, predicted, right; wrong money)
        ([SHORT], [says("QTY_OVER_RECEIPT", "10", "40.00")], (1, 1, 1, 1, 1, 1, 0)),
        ([SHORT], [says("QTY_OVER_RECEIPT", "10", "40.00", "open")], (1, 1, 1, 1, 0, 0, 0)),
        ([SHORT], [says("QTY_OVER_RECEIPT", "10", "41.00")], (1, 1, 0, 1, 1, 0, 1)),
        ([SHORT], [says("QTY_OVER_RECEIPT", "20", "40.00")], (1, 1, 0, 1, 1, 0, 0)),
        ([SHORT], [says("QTY_OVER_RECEIPT", "10", "40.00")] * 2, (1, 2, 1, 1, 2, 1, 0)),
        ([SHORT], [], (1, 0, 0, 1, 0, 0, 0)),
        # A claim and a doubt about the same thing: the claim counts.
        (
            [SHORT],
            [
                says("QTY_OVER_RECEIPT", "10", "40.00", "open"),
                says("QTY_OVER_RECEIPT", "10", "40.00"),
            ],
            (1, 2, 1, 1, 1, 1, 0),
        ),
        # One order line billed in two rows: two price parts, each found once.
        (
            [wants("QTY_OVER_RECEIPT", "10", "4"), wants("QTY_OVER_RECEIPT", "10", "6")],
            [says("QTY_OVER_RECEIPT", "10", "6"), says("QTY_OVER_RECEIPT", "10", "4")],
            (2, 2, 2, 2, 2, 2, 0),
        ),
    ],
)
def test_codes_by_hand(
    expected: list[ExpectedVariance], found: list[Finding], counts: tuple[int, ...]
) -> None:
    count = score_dispute(dispute(expected, found)).codes["QTY_OVER_RECEIPT"]
    shown, sure = count.reported, count.asserted
    assert (shown.wanted, shown.predicted, shown.right) == counts[:3]
    assert (sure.wanted, sure.predicted, sure.right, count.wrong_money) == counts[3:]


def test_what_cannot_be_put_in_money_agrees_without_money() -> None:
    unknown = wants("UOM_UNRESOLVED", "10", None, "open")
    right = score_dispute(dispute([unknown], [says("UOM_UNRESOLVED", "10", None, "open")]))
    assert right.codes["UOM_UNRESOLVED"].reported.right == 1
    assert right.codes["UOM_UNRESOLVED"].asserted.wanted == 0
    other = score_dispute(dispute([unknown], [says("UOM_UNRESOLVED", "10", "5.00", "open")]))
    assert other.codes["UOM_UNRESOLVED"].wrong_money == 1


def test_a_right_pair_is_never_spent_on_wrong_money() -> None:
    expected = [wants("PRICE_OVER", "10", "5"), wants("PRICE_OVER", "10", "7")]
    found = [says("PRICE_OVER", "10", "7"), says("PRICE_OVER", "10", "9")]
    assert pair_findings(expected, found) == ([(1, 0)], [(0, 1)])


def test_a_dispute_without_findings_and_lines() -> None:
    score = score_dispute(dispute([], []))
    assert (score.clean, score.lines, dict(score.codes), score.claims) == (True, 0, {}, ())


def claims(*parts: tuple[str, str, float], name: str = "d") -> DisputeScore:
    """One document with claims of (claimed, of it right, confidence) on lines of their own."""
    found = [
        says("PRICE_OVER", str(index), claimed, sure=sure)
        for index, (claimed, _, sure) in enumerate(parts)
    ]
    expected = [
        wants("PRICE_OVER", str(index), right)
        for index, (_, right, _) in enumerate(parts)
        if D(right)
    ]
    return score_dispute(dispute(expected, found, name=name))


def test_risk_and_coverage_by_hand() -> None:
    scores = [claims(("60", "60", 0.99), ("20", "0", 0.90)), claims(("20", "20", 0.90))]
    first, last = risk_curve(scores)
    assert (first.confidence, first.claims, first.risk, first.coverage) == (0.99, 1, 0.0, 0.6)
    assert first.recovered == 0.75  # 60 of 80 claimable
    # Equal confidence is taken together, whichever document it comes from.
    assert (last.confidence, last.claims, last.risk, last.coverage) == (0.9, 3, 0.2, 1.0)
    assert last.recovered == 1.0
    assert (last.claimed, last.false) == (D(100), D(20))
    assert risk_curve([]) == []


@pytest.mark.parametrize(
    ("risk", "threshold"),
    [
        (0.0, 0.99),
        (0.2, 0.99),  # all three are at .20, but the way there leads over .25
        (0.25, 0.8),  # exactly at the risk is inside
        (1.0, 0.8),
    ],
)
def test_threshold_by_hand(risk: float, threshold: float) -> None:
    scores = [claims(("60", "60", 0.99), ("20", "0", 0.9), ("20", "20", 0.8))]
    assert pick_threshold(scores, risk) == threshold


def test_no_claim_keeps_a_risk_that_the_surest_breaks() -> None:
    assert pick_threshold([claims(("5", "0", 1.0), ("500", "500", 0.9))], 0.05) is None
    assert pick_threshold([], 0.05) is None


def test_the_threshold_is_measured_on_the_other_documents() -> None:
    picked = claims(("90", "90", 0.95), ("10", "0", 0.60), name="picked on")
    apart = claims(("40", "30", 0.97), ("50", "50", 0.70), name="measured on")
    choice = choose_at_risk([picked, apart], 0.01)
    assert choice is not None
    assert (choice.threshold, choice.documents, choice.claims) == (0.95, 1, 1)
    assert choice.risk == 0.25  # 10 of 40
    assert choice.coverage.value == pytest.approx(40 / 90)
    assert choice.recovered.value == pytest.approx(30 / 80)
    assert choose_at_risk([picked], 0.01) is None


def test_no_threshold_takes_no_claim() -> None:
    wrong, right = claims(("10", "0", 0.9), name="a"), claims(("10", "10", 0.99), name="b")
    choice = choose_at_risk([wrong, right], 0.05)
    assert choice is not None
    assert (choice.threshold, choice.claims, choice.risk) == (None, 0, None)
    assert (choice.coverage.value, choice.recovered.value) == (0.0, 0.0)


def test_summary_adds_up_and_lists_what_is_wrong_but_certain() -> None:
    scores = [
        claims(("60", "60", 0.99), ("20", "0", 0.96), ("30", "0", 0.95), name="a"),
        claims(("5", "0", 0.90), name="b"),
        score_dispute(dispute([SHORT], [], {"10": "decided"}, name="c", settled=True)),
    ]
    said = summarise(scores, certain=0.95)
    assert (said["documents"], said["clean_documents"], said["settled_documents"]) == (3, 1, 1)
    assert said["clean_documents_claimed_against"] == 1
    assert [(one["id"], one["false"]) for one in said["wrong_but_certain"]] == [
        ("a", "30.00"),  # most false money first; at the confidence is certain
        ("a", "20.00"),
    ]
    money = said["money"]["EUR"]
    assert (money["claimed"], money["false"], money["found"]) == ("115.00", "55.00", "60.00")
    assert (money["claimable"], money["missed_unseen"]) == ("100.00", "40.00")
    assert money["risk"]["value"] == pytest.approx(55 / 115)
    assert said["lines_decided"]["value"] == 1.0
    assert [choice["stated_risk"] for choice in money["at_risk"]] == [0.001, 0.01, 0.05]
    assert summarise(scores, 0.95) == said
    with pytest.raises(ValueError, match="at least one"):
        summarise([], 0.95)


def test_currencies_are_never_added() -> None:
    euro, other = claims(("10", "10", 0.9)), score_dispute(Dispute("x", None, [], [], [], False))
    said = summarise([euro, other], 0.95)["money"]
    assert {name: money["documents"] for name, money in said.items()} == {
        "not stated": 1,
        "EUR": 1,
    }
