"""Stories are true: planted variances equal those of the records and of the worked cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.synthesis.stories.incidents.by_name import INCIDENTS, find_incident
from data.synthesis.stories.order_data import conditions_json, dispute_json
from data.synthesis.stories.story import Story, make_story
from data.synthesis.stories.trade import world
from data.synthesis.stories.trade.findings import STANDARD_CODES, Variance, normalise_number
from data.synthesis.stories.trade.order_lines import line_balance
from data.synthesis.stories.trade.outcomes import dispute_status, line_verdicts, settle_claims
from data.synthesis.stories.trade.variances import find_variances, folded_number
from data.values.units import normalise_gtin

D = Decimal
MANY = 400


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return [make_story(1, index) for index in range(MANY)]


def comparison_keys(variances: Iterable[Variance]) -> Counter[tuple[Any, ...]]:
    return Counter(variance.comparison_key for variance in variances)


def worked_example(name: str, **numbers: Any) -> Story:
    """Return a story of the incident with the numbers of its worked case, some of them changed."""
    incident = find_incident(name)
    return make_story(1, 0, [incident], {**incident.numbers, **numbers})


def test_every_code_is_planted_by_some_incident() -> None:
    planted = {
        variance.code
        for incident in INCIDENTS
        for variance in worked_example(incident.name).planted
    }
    not_planted = {"CHARGE_UNPLANNED", "CHARGE_VARIANCE", "PREPAYMENT_NOT_DEDUCTED"}
    assert planted == set(STANDARD_CODES) - not_planted


def test_every_edge_case_is_in_some_incident() -> None:
    assert {case for incident in INCIDENTS for case in incident.cases} == set(range(1, 43))


def test_every_incident_happens_in_a_stream_of_disputes(stories: list[Story]) -> None:
    happened = {incident.name for story in stories for incident in story.incidents}
    assert happened == {incident.name for incident in INCIDENTS}
    assert any(not story.incidents for story in stories)
    assert any(len(story.incidents) == 3 for story in stories)


# Edge case, numbers that differ from the incident's own, and (code, units, money) of what is
# planted; the figures are those of serving/matching/README.md, "Worked cases".
WORKED: list[tuple[str, dict[str, Any], list[tuple[str, str | None, str | None]]]] = [
    ("1", {}, [("QTY_OVER_RECEIPT", "2", "4.00")]),
    ("2", {}, [("PRICE_BASIS_SUSPECT", None, "0")]),
    ("3", {}, []),
    ("4", {}, []),
    ("5", {}, []),
    ("6", {}, []),
    ("7", {}, [("QTY_OVER_RECEIPT", "10", "100")]),
    ("8", {}, [("QTY_OVER_RECEIPT", "10", "100")]),
    ("9", {}, [("QTY_OVER_ORDER", "10", "100.00")]),
    ("10", {}, [("PRICE_OVER", "40", "20.00")]),
    ("11", {}, [("PRICE_OVER", "100", "10.00")]),
    ("12", {}, [("ITEM_SUBSTITUTED", "50", "50.00")]),
    ("12", {"authorised": False}, [("ITEM_SUBSTITUTED", "50", "450.00")]),
    ("13", {}, [("FREIGHT_VARIANCE", None, "15.00")]),
    ("14", {}, []),
    ("15", {}, []),
    ("16", {}, []),
    ("17", {}, []),
    ("18", {}, []),
    ("19", {}, []),
    ("20", {}, [("WEIGHT_ERROR", "3.40", "10.88")]),
    ("21", {}, []),
    ("22", {}, []),
    ("23", {}, [("PRICE_OVER", "1200", "8.00")]),
    ("24", {}, []),
    ("25", {}, [("CURRENCY_MISMATCH", None, None)]),
    ("25", {"rate": D("1.08")}, []),
    ("26", {}, [("QTY_NO_RECEIPT", "100", "1000.00")]),
    ("27", {"received": D(105)}, []),
    ("27", {}, [("QTY_OVER_ORDER", "1", "10.00")]),
    ("28", {}, [("REJECTED_BILLED", "8", "80.00")]),
    ("28", {"pay_rejected": True}, []),
    ("29", {}, [("QTY_OVER_RECEIPT", "10", "100.00")]),
    ("30", {}, [("RETURN_NOT_CREDITED", "2", "20.00")]),
    ("31", {}, []),
    ("32", {}, []),
    ("33", {}, []),
    ("34", {}, []),
    ("35", {}, [("QTY_OVER_RECEIPT", "48", "72.00")]),
    ("36", {}, [("PRICE_OVER", "100", "40.00")]),
    ("36", {"by_ship_date": True}, []),
    ("37", {}, []),
    ("38", {}, []),
    ("40", {}, []),
    ("41", {}, []),
    ("42", {}, []),
    ("over_receipt", {}, [("QTY_OVER_RECEIPT", "20", "200")]),
    ("price_under", {}, []),
    ("partial_shipments", {}, []),
]


@pytest.mark.parametrize(("case", "numbers", "expected"), WORKED)
def test_a_worked_case_gives_the_documented_number(
    case: str, numbers: dict[str, Any], expected: list[tuple[str, str | None, str | None]]
) -> None:
    story = worked_example(case, **numbers)
    findings = {
        (variance.code, normalise_number(variance.quantity), normalise_number(variance.amount))
        for variance in find_variances(story.trade)
        if variance.state != "information"
    }
    assert findings == {
        (code, *(None if text is None else normalise_number(D(text)) for text in texts))
        for code, *texts in expected
    }
    assert comparison_keys(story.planted) == comparison_keys(find_variances(story.trade))


def test_a_resent_invoice_is_a_duplicate_over_its_whole_total() -> None:
    story = worked_example("resent")
    first, second = story.trade.bills
    assert first.number != second.number
    assert folded_number(first.number) == folded_number(second.number)
    assert [(variance.code, variance.amount) for variance in story.planted] == [
        ("DUPLICATE_INVOICE", first.total)
    ]


@pytest.mark.parametrize(
    ("proof", "supported", "repay", "stands"),
    [("clean", 48, "72.00", "0"), ("short", 24, "36.00", "36.00"), ("none", None, None, None)],
)
def test_a_short_payment_is_settled_by_the_best_proof(
    proof: str, supported: int | None, repay: str | None, stands: str | None
) -> None:
    """Billed 480, paid 432 at 1.50: "Disputed short payments" in serving/matching/README.md."""
    trade = worked_example("short_payment", proof=proof).trade
    (settlement,) = settle_claims(trade)
    expected = [None if text is None else Fraction(text) for text in (repay, stands)]
    assert [settlement.supported, settlement.repay, settlement.stands] == [supported, *expected]
    lines = line_verdicts(trade, find_variances(trade))
    unproven = lines[settlement.claim.po_line] == "insufficient_evidence"
    assert unproven == (proof == "none")


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ("over_receipt", "discrepancy"),
        ("before_receipt", "pending_receipt"),
        ("unknown_unit", "needs_review"),
        ("other_order", "needs_review"),
        ("merged_rows", "needs_review"),
        ("short_payment", "discrepancy"),
        ("over_delivery", "discrepancy"),
        ("under_billed", "matched"),
        ("price_per_thousand", "matched"),
        ("not_ordered", "discrepancy"),
    ],
)
def test_the_status_is_that_of_the_gravest_finding(case: str, verdict: str) -> None:
    story = worked_example(case)
    assert dispute_status(story.trade, story.planted) == verdict


def test_planted_variances_equal_those_of_the_records(stories: list[Story]) -> None:
    for story in stories:
        names = [incident.name for incident in story.incidents]
        assert comparison_keys(story.planted) == comparison_keys(find_variances(story.trade)), names


@pytest.mark.parametrize("name", [incident.name for incident in INCIDENTS])
def test_drawn_numbers_plant_the_variances_of_the_records(name: str) -> None:
    for index in range(4):
        story = make_story(2, index, [find_incident(name)])
        assert comparison_keys(story.planted) == comparison_keys(find_variances(story.trade))


def test_a_trade_in_which_nothing_happens_ties_out() -> None:
    for index in range(30):
        trade = make_story(3, index, []).trade
        assert find_variances(trade) == ()
        assert set(line_verdicts(trade, ()).values()) == {"matched"}
        received = {arrival.po_line: arrival.quantity for arrival in trade.arrivals}
        billed = {line.key: line.quantity for line in trade.bill().lines}
        assert received == billed == {line.number: line.quantity for line in trade.lines}


# Codes whose money is billed less expected: serving/matching/README.md, "Definitions".
SPLIT = {
    *("QTY_OVER_RECEIPT", "QTY_OVER_ORDER", "QTY_NO_RECEIPT", "REJECTED_BILLED"),
    *("PRICE_OVER", "PRICE_UNDER", "WEIGHT_ERROR"),
}


def test_quantity_and_price_parts_sum_to_billed_less_expected(stories: list[Story]) -> None:
    checked = 0
    for story in stories:
        trade, parts = story.trade, Counter[str]()
        for variance in story.planted:
            parts[variance.code] += 1
        if not parts or set(parts) - SPLIT - {"OVER_DELIVERY"} or len(trade.bills) > 1:
            continue
        for order in trade.lines:
            balance = line_balance(trade, order, trade.bills)
            assert balance is not None
            value = sum((share.quantity * share.price for share in balance.shares), Fraction(0))
            limits = [balance.open_by_receipt if order.receipt_expected else balance.open_by_order]
            limits += [] if order.catch_weight else [balance.open_by_order]
            due = min(balance.billed, max(Fraction(0), *[Fraction(0), min(limits)]))
            parts_sum = sum(
                (
                    Fraction(variance.amount or 0)
                    for variance in story.planted
                    if variance.po_line == order.number and variance.code in SPLIT
                ),
                Fraction(0),
            )
            assert abs(parts_sum - (value - due * balance.ordered_price)) < Fraction(1, 10**12)
            checked += 1
    assert checked > 100


def test_printed_sums_hold_unless_a_wrong_total_is_planted(stories: list[Story]) -> None:
    for story in stories:
        wrong = {
            variance.document for variance in story.planted if variance.code == "TOTAL_MISMATCH"
        }
        for bill in story.trade.bills:
            parts = sum((line.amount for line in bill.lines), D(0))
            parts += bill.freight - bill.allowance + (D(0) if bill.includes_tax else bill.tax)
            assert (parts == bill.total) == (bill.key not in wrong)


def test_amounts_are_quantity_times_price_unless_a_wrong_extension_is_planted(
    stories: list[Story],
) -> None:
    for story in stories:
        wrong = {
            variance.po_line for variance in story.planted if variance.code == "EXTENSION_ERROR"
        }
        for bill in story.trade.bills:
            for line in bill.lines:
                is_wrong = abs(line.amount - line.extension) > D("0.02")
                assert is_wrong == bool(wrong & set(line.po_lines))


def test_formulas_end_in_the_amount(stories: list[Story]) -> None:
    for variance in (variance for story in stories for variance in story.planted):
        assert variance.formula
        if " = " in variance.formula and variance.amount:
            assert normalise_number(D(variance.formula.rpartition(" = ")[2])) == normalise_number(
                variance.amount
            )


def test_the_same_seed_and_index_give_the_same_story() -> None:
    for index in range(20):
        assert make_story(5, index) == make_story(5, index)
    assert make_story(5, 0) != make_story(5, 1)


def test_the_service_reads_the_order_data_of_a_story(stories: list[Story]) -> None:
    for story in stories[:150]:
        data = parse_order_data(dispute_json(story.trade))
        for order, line in zip(data.order.lines, story.trade.lines, strict=True):
            assert order.quantity_ordered == line.quantity
            assert dict(order.pack_factors) == dict(line.packs)
        received = Counter[str]()
        for event in (line for receipt in data.receipts for line in receipt.lines):
            received[event.po_line_number] += int(event.reversed)
        assert sum(received.values()) == sum(arrival.reversed for arrival in story.trade.arrivals)


def test_an_allowance_on_the_invoice_is_shared_pro_rata() -> None:
    shares = conditions_json(worked_example("15").trade)["invoice_allowance_shares"]
    assert sorted(shares.values()) == ["12", "8"]


@pytest.mark.parametrize("number", range(6))
def test_a_vendor_is_the_same_wherever_it_occurs(number: int) -> None:
    vendor = world.vendor(7, number)
    assert vendor == replace(vendor)
    assert vendor is world.vendor(7, number)
    for article in vendor.catalogue:
        assert normalise_gtin(article.gtin) is not None
    codes = {article.code for article in vendor.catalogue}
    assert set(vendor.substitutes) | set(vendor.substitutes.values()) | set(vendor.kits) <= codes


def test_incidents_with_the_same_edge_case_take_turns() -> None:
    assert [find_incident("34", index).name for index in range(3)] == [
        *("two_in_one_file", "one_in_two_files", "two_in_one_file"),
    ]


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(ValueError, match="no incident '43'; known: over_receipt"):
        find_incident("43")
