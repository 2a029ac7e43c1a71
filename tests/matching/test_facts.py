"""What is true and nothing to take: goods beyond the order, and goods that were not billed."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.rules.policy import Policy
from serving.presentation.prose import verdict_prose
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from tests.support.small_disputes import claimed, got, order, paper, po, row

OVER = "OVER_DELIVERY"
UNDER = "QTY_UNDER_BILLED"


def facts(verdict: Verdict) -> list[tuple[str, str, str]]:
    shown = verdict_to_json(verdict)["variances"]
    return [
        (one["code"], one["quantity"], one["amount"])
        for one in shown
        if one["state"] == "information"
    ]


def bill(quantity: str = "100", *more: dict[str, Any], **fields: str) -> ExtractedDocument:
    return paper(row(quantity, "10.00"), *more, **fields)


FIVE = {"over_delivery_pct": "5"}
WEIGHED = {
    "unit_code": "CS", "price_unit_code": "LB", "catch_weight": True,
    "pack_factors": {"LB": "1", "CS": "25"},
}  # fmt: skip
FREE = row("5", "0.00")
LEFT = {"quantity_ordered": "100", "quantity_backordered": "4"}
NOTHING_LEFT = {"quantity_ordered": "100", "quantity_backordered": "0"}


@pytest.mark.parametrize(
    ("received", "line", "wanted"),
    [
        ([got("100")], {}, []),
        ([got("101")], {}, [(OVER, "1", "10.00")]),
        ([got("105")], FIVE, []),  # exactly 5 %: inside
        ([got("106")], FIVE, [(OVER, "1", "10.00")]),
        ([got("60"), got("46")], {}, [(OVER, "6", "60.00")]),
        ([got("106"), got("6", reversed=True)], {}, []),
        ([got("106", quantity_rejected="6")], {}, []),  # refused, so not kept
        ([got("106", quantity_returned="4")], {}, [(OVER, "2", "20.00")]),
        ([got("10", weight="300")], WEIGHED, []),  # an estimate is no limit
    ],
)
def test_goods_beyond_the_order(
    received: list[dict[str, Any]], line: dict[str, Any], wanted: list[Any]
) -> None:
    data = order(po("100", "10.00", **line), receipts=received)
    assert facts(examine([bill("10" if line is WEIGHED else "100")], data)) == wanted


def test_a_policy_that_pays_rejected_goods_keeps_them() -> None:
    data = order(po("100", "10.00"), receipts=[got("106", quantity_rejected="6")])
    assert facts(examine([bill()], data, Policy(pay_rejected=True))) == [(OVER, "6", "60.00")]


def test_gifts_are_not_beyond_the_order() -> None:
    data = order(po("100", "10.00"), receipts=[got("105")])
    assert facts(examine([bill("100", FREE)], data)) == []
    data = order(po("100", "10.00"), receipts=[got("107")])
    (fact,) = verdict_to_json(examine([bill("100", FREE)], data))["variances"]
    assert fact["formula"] == "(102 − 100) × 10.00 = 20.00"
    assert fact["explanation"] == (
        "107 EA were received, 5 of them free of charge, and 100 were ordered."
    )


GIFT_ALONE = paper(row("100", "10.00"), row("2", "0.00", "A-2"))


@pytest.mark.parametrize(
    ("document", "received", "wanted"),
    [
        (bill("100", FREE), [got("105")], []),
        (bill("100", FREE), [got("104")], [("QTY_OVER_RECEIPT", "1", "0.00")]),
        (bill("100", FREE), [got("98")], [("QTY_OVER_RECEIPT", "5", "0.00")]),
        (bill("100", FREE), [], []),  # all of it may still come
        (GIFT_ALONE, [got("100"), got("2", "2")], []),
        (GIFT_ALONE, [got("100"), got("1", "2")], [("QTY_OVER_RECEIPT", "1", "0.00")]),
    ],
)
def test_gifts_that_did_not_come_cost_nothing(
    document: ExtractedDocument, received: list[dict[str, Any]], wanted: list[Any]
) -> None:
    data = order(po("100", "10.00"), po("2", "0.00"), receipts=received)
    assert facts(examine([document], data)) == wanted


def test_what_a_unit_costs_when_gifts_are_counted_in() -> None:
    data = order(po("12", "5.00"), receipts=[got("13")])
    bought = paper(row("12", "5.00", amount="60.00"), row("1", "0.00", amount="0.00"))
    (line,) = examine([bought], data).lines
    assert line.reasons == (
        "1 of 13 units are free of charge and not counted; including them a unit costs "
        "60.00 / 13 = 4.62",
    )


def test_mixed_up_units_are_no_over_delivery() -> None:
    data = order(po("10", "10.00", pack_factors={"CS": "12"}), receipts=[got("120")])
    codes = [one.code for one in examine([bill("10")], data).variances]
    assert codes == ["PRICE_BASIS_SUSPECT"]


@pytest.mark.parametrize(
    ("second", "received", "wanted"),
    [
        (po("20", "3.00"), [got("20", "2")], []),
        (po("20", "3.00"), [got("21", "2")], [(OVER, "1", "3.00")]),
        (po("20", "3.00"), [got("30", "2"), got("10", "2", reversed=True)], []),
        (po("20", "3.00", over_delivery_pct="5"), [got("21", "2")], []),
        (po("20", "3.00", over_delivery_pct="5"), [got("22", "2")], [(OVER, "1", "3.00")]),
        (po("20", "3.00", catch_weight=True), [got("21", "2")], []),
        (po("20", "3.00", pack_factors={"CS": "12"}), [got("2", "2", unit_code="CS")],
         [(OVER, "4", "12.00")]),
        # As many cases as pieces were ordered, or no factor from one to the other: no fact.
        (po("20", "3.00", pack_factors={"CS": "12"}), [got("240", "2")], []),
        (po("20", "3.00"), [got("2", "2", unit_code="CS")], []),
        (po("20", "3.00"), [got("21", "2", po_number="4712")], []),  # another order's line 2
        (po("20", "3.00"), [], []),
    ],
)  # fmt: skip
def test_goods_beyond_the_order_that_nobody_bills(
    second: dict[str, Any], received: list[dict[str, Any]], wanted: list[Any]
) -> None:
    data = order(po("100", "10.00"), second, receipts=[got("100"), *received])
    verdict = examine([bill()], data)
    assert facts(verdict) == wanted
    assert claimed(verdict) == 0
    assert verdict.status == "matched"


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (bill("94"), []),  # more may follow
        (bill("94", shipment_complete="false"), []),
        (bill("94", shipment_complete="true"), [(UNDER, "-6", "-60.00")]),
        (bill("100", shipment_complete="true"), []),
        (bill("101", shipment_complete="true"), []),
        (paper(row("94", "10.00", **NOTHING_LEFT)), [(UNDER, "-6", "-60.00")]),
        (paper(row("94", "10.00", **LEFT)), []),
        (paper(row("94", "10.00"), kind="credit_memo", shipment_complete="true"), []),
        (paper(row(None, "10.00"), shipment_complete="true"), []),  # quantity not read
    ],
)
def test_goods_that_are_not_billed(document: ExtractedDocument, wanted: list[Any]) -> None:
    data = order(po("100", "10.00"), receipts=[got("100")])
    assert facts(examine([document], data)) == wanted


def test_units_beyond_the_order_are_not_missed_on_the_bill() -> None:
    data = order(po("100", "10.00"), receipts=[got("106")])
    assert facts(examine([bill(shipment_complete="true")], data)) == [(OVER, "6", "60.00")]


def both() -> tuple[ExtractedDocument, OrderData]:
    data = order(po("100", "10.00"), po("50", "2.00"), receipts=[got("106"), got("50", "2")])
    rows = row("106", "10.00"), row("48", "2.00", "A-2")
    return paper(*rows, invoice_id="RE-1", shipment_complete="true"), data


def test_information_is_in_no_total_and_in_no_message() -> None:
    document, data = both()
    verdict = examine([document], data)
    assert facts(verdict) == [(OVER, "6", "60.00"), (UNDER, "-2", "-4.00")]
    assert claimed(verdict) == 60  # QTY_OVER_ORDER alone
    assert verdict.totals.open["USD"] == 0
    assert [line.verdict for line in verdict.lines] == ["discrepancy", "matched"]
    assert "complete" not in verdict.message
    assert "received and 100 were ordered" not in verdict.message


def test_information_is_told_apart_from_claims() -> None:
    document, data = both()
    seen = verdict_to_json(examine([document], data))
    prose = "\n".join(line.plain for line in verdict_prose(seen))
    told = prose[prose.index("For information") : prose.index("Message to the vendor")]
    assert "106 EA were received and 100 were ordered." in told
    assert "(48 − 50) × 2.00 = -4.00 USD" in told
    assert "Short-pay" not in told
    (over, under) = (one for one in seen["variances"] if one["state"] == "information")
    assert over["standard_codes"]["untdid_4221"] == ["AC"]
    assert under["standard_codes"]["peppol_reason"] == "NON"


def test_information_alone_leaves_a_dispute_matched() -> None:
    data = order(po("100", "10.00"), receipts=[got("100")])
    verdict = examine([bill("94", shipment_complete="true")], data)
    assert (verdict.status, verdict.recommendation) == ("matched", "Nothing to claim.")
