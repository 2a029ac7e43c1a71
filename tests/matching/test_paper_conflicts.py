"""Papers against receipts: what a proof of delivery opens, and which claims it leaves standing.

Every case: 100 ordered at 10.00, and what is claimed or left open of the billed units.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import ExtractedDocument
from serving.matching.evidence.paper_conflicts import received_sums
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import claimed, doubtful, got, order, paper, po, row

CONFLICT = "EVIDENCE_CONFLICT"


def proof(quantity: str, kind: str = "proof_of_delivery", **fields: str) -> ExtractedDocument:
    name = "quantity_shipped" if kind == "packing_slip" else "quantity_received"
    signed = {} if kind == "packing_slip" else {"receiver_signature": "present"}
    (document,) = documents_from_json(
        {
            "id": kind,
            "document_type": kind,
            "fields": {"purchase_order": "4711", **signed, **fields},
            "line_items": [{"product_code": "A-1", name: quantity, "unit": "EA"}],
        }
    )
    return document


def told(verdict: Verdict) -> list[tuple[str, str, str | None, str | None]]:
    shown = verdict_to_json(verdict)["variances"]
    return [(one["code"], one["state"], one["quantity"], one["amount"]) for one in shown]


def short(units: str, amount: str, state: str = "claim") -> tuple[str, str, str, str]:
    return "QTY_OVER_RECEIPT", state, units, amount


BEFORE = {"billed": [{"invoice_id": "I-0", "po_line_number": "1", "base_quantity": "60"}]}
REJECTED = ("REJECTED_BILLED", "claim", "8", "80.00")


@pytest.mark.parametrize(
    ("billed", "received", "papers", "more", "wanted"),
    [
        # The proof says what the receipts say: the claim stands.
        ("100", [got("90")], ["90"], {}, [short("10", "100.00")]),
        # It proves all that was billed: nothing is claimed.
        ("100", [got("90")], ["100"], {},
         [short("10", "100.00", "open"), (CONFLICT, "open", "10", None)]),
        ("100", [got("90")], ["120"], {},
         [short("10", "100.00", "open"), (CONFLICT, "open", "30", None)]),
        # It proves three more: seven came by neither.
        ("100", [got("90")], ["93"], {},
         [short("7", "70.00"), short("3", "30.00", "open"), (CONFLICT, "open", "3", None)]),
        ("100", [got("90")], ["99"], {},
         [short("1", "10.00"), short("9", "90.00", "open"), (CONFLICT, "open", "9", None)]),
        # It says that fewer came than the receipts do: what they lack is lacking by both.
        ("100", [got("90")], ["88"], {}, [short("10", "100.00"), (CONFLICT, "open", "2", None)]),
        # Earlier deliveries and bills: the proof is of the second delivery, or of both.
        ("40", [got("60"), got("30")], ["30"], BEFORE, [short("10", "100.00")]),
        ("40", [got("60"), got("30")], ["90"], BEFORE, [short("10", "100.00")]),
        ("40", [got("60"), got("30")], ["95"], BEFORE,
         [short("5", "50.00"), short("5", "50.00", "open"), (CONFLICT, "open", "5", None)]),
        ("40", [got("60"), got("30")], ["35"], BEFORE,
         [short("5", "50.00"), short("5", "50.00", "open"), (CONFLICT, "open", "5", None)]),
        # Of the first delivery or of both? The one says more than was received.
        ("40", [got("60"), got("30")], ["80"], BEFORE,
         [short("10", "100.00", "open"), (CONFLICT, "open", "20", None)]),
        # A receipt that was taken back proves nothing.
        ("100", [got("100"), got("100", reversed=True), got("90")], ["100"], {},
         [short("10", "100.00", "open"), (CONFLICT, "open", "10", None)]),
        ("100", [got("100"), got("10", reversed=True)], ["90"], {}, [short("10", "100.00")]),
        # Ten deliveries, and a proof of one of them.
        ("110", [got("10")] * 10, ["30"], {"line": {"over_delivery_pct": "20"}},
         [short("10", "100.00")]),
        # Rejected goods came: their proof says nothing against the rejection.
        ("100", [got("100", quantity_rejected="8")], ["100"], {}, [REJECTED]),
        # Three more came than the receipts say: five rejected units are billed whichever holds.
        ("100", [got("100", quantity_rejected="8")], ["103"], {},
         [("REJECTED_BILLED", "claim", "5", "50.00"), ("REJECTED_BILLED", "open", "3", "30.00"),
          (CONFLICT, "open", "3", None)]),
        # Beyond the order it does not matter what came.
        ("110", [got("110")], ["110"], {},
         [("QTY_OVER_ORDER", "claim", "10", "100.00"),
          ("OVER_DELIVERY", "information", "10", "100.00")]),
        # Nothing was booked: a proof opens the wait.
        ("100", [], ["100"], {}, [("QTY_NO_RECEIPT", "open", "100", "1000.00")]),
    ],
)  # fmt: skip
def test_what_a_proof_of_delivery_leaves_claimed(
    billed: str,
    received: list[dict[str, Any]],
    papers: list[str],
    more: dict[str, Any],
    wanted: list[Any],
) -> None:
    more = dict(more)
    data = order(po("100", "10.00", **more.pop("line", {})), receipts=received, **more)
    verdict = examine([paper(row(billed, "10.00")), *map(proof, papers)], data)
    assert told(verdict) == wanted
    money = sum((Decimal(amount) for _, state, _, amount in wanted if state == "claim"), Decimal(0))
    assert claimed(verdict) == money


def test_the_units_between_proof_and_receipts_are_named() -> None:
    data = order(po("100", "10.00"), receipts=[got("90")])
    bill = paper(row("100", "10.00"), invoice_id="I-1")
    verdict = examine([bill, proof("93", proof_of_delivery_id="P-7")], data)
    claim, between, conflict = verdict.variances
    assert claim.formula == "(10 − 3) × 10.00 = 70.00"
    assert claim.explanation.endswith(
        "By the proof of delivery P-7 3 EA of them came; 7 did not by either."
    )
    assert between.formula == "3 × 10.00 = 30.00"
    assert conflict.amount_range == (Decimal(70), Decimal(100))
    assert {one.role for one in claim.evidence if one.document_id == "proof_of_delivery"} == {
        "contradicts"
    }
    assert "70.00" in verdict.message
    assert "30.00" not in verdict.message


def test_a_price_is_claimed_whatever_the_papers_say_of_units() -> None:
    data = order(po("100", "10.00"), receipts=[got("90")])
    verdict = examine([paper(row("100", "11.00")), proof("100")], data)
    assert told(verdict) == [
        short("10", "100.00", "open"),
        ("PRICE_OVER", "claim", "100", "100.00"),
        (CONFLICT, "open", "10", None),
    ]


def test_a_proof_that_was_read_badly_leaves_no_claim_beyond_it() -> None:
    data = order(po("100", "10.00"), receipts=[got("90")])
    weak = doubtful(proof("93"), "quantity_received", confidence=0.6)
    verdict = examine([paper(row("100", "10.00")), weak], data)
    assert claimed(verdict) == 0
    assert told(verdict)[0] == short("10", "100.00", "open")


def test_the_better_proof_counts_and_of_equals_the_vendors_friend() -> None:
    data = order(po("100", "10.00"), receipts=[got("90")])
    bill = paper(row("100", "10.00"))
    verdict = examine([bill, proof("93"), proof("100", "packing_slip")], data)
    assert told(verdict)[0] == short("7", "70.00")
    note = proof("97", "delivery_note")
    verdict = examine([bill, proof("93"), note], data)
    assert told(verdict)[0] == short("3", "30.00")


def test_what_is_left_beyond_a_proof_may_be_within_tolerance() -> None:
    data = order(po("100", "10.00"), receipts=[got("90")])
    policy = Policy.model_validate({"tolerances": [{"kind": "quantity", "abs_upper": "20"}]})
    for quantity, left in (("97", "30.00"), ("98", None)):
        verdict = examine([paper(row("100", "10.00")), proof(quantity)], data, policy)
        assert claimed(verdict) == Decimal(left or 0)


def test_a_row_that_stands_twice_may_be_two_deliveries() -> None:
    data = order(po("100", "10.00"), receipts=[got("20")])
    twice = paper(row("20", "10.00"), row("20", "10.00"))
    assert told(examine([twice], data)) == [("DUPLICATE_LINE", "claim", "20", "200.00")]
    assert claimed(examine([twice, proof("40")], data)) == 0


@given(st.integers(1, 120), st.integers(1, 120), st.integers(1, 120), st.integers(0, 40))
def test_no_claim_is_beyond_the_best_proof(
    billed: int, received: int, proven: int, before: int
) -> None:
    earlier = {"invoice_id": "I-0", "po_line_number": "1", "base_quantity": str(before)}
    data = order(po("500", "10.00"), receipts=[got(str(received))], billed=[earlier])
    verdict = examine([paper(row(str(billed), "10.00")), proof(str(proven))], data)
    came = max(received, proven)
    assert claimed(verdict) <= 10 * max(0, billed - max(0, came - before))


def test_sums_of_many_receipts_end_in_the_whole() -> None:
    odd = [got(str(2**place)) for place in range(13)]
    data = order(po("9000", "1.00"), receipts=odd)
    from serving.matching.pairing.order_line import Ledger, standing_of

    at = standing_of(Ledger.of(data, ()), data.order.lines[0], ["EA"])
    assert received_sums(at) == [Fraction(2**13 - 1)]


@pytest.mark.parametrize(
    ("weighed", "billed", "signed", "conflict"),
    [
        # Ten cases weigh 215 LB, whatever ten times 25 is: bill, receipt and proof agree.
        ("215", "215", "215", False),
        ("300", "300", "300", False),
        # The proof says 50 LB less than the receipt, and 60 less: both are told.
        ("300", "300", "250", True),
        ("300", "300", "240", True),
        ("215", "215", "240", False),  # more came by the proof, and no more is billed
        ("215", "240", "240", True),
    ],
)
def test_receipts_of_goods_paid_by_weight_are_compared_by_their_weight(
    weighed: str, billed: str, signed: str, conflict: bool
) -> None:
    line = po("10", "2.00", unit_code="CS", price_unit_code="LB", catch_weight=True,
              pack_factors={"LB": "1", "CS": "25"})  # fmt: skip
    received = [got("10", unit_code="CS", weight=weighed)]
    data = order(line, receipts=received, unit_code_list="x12")
    (proven,) = documents_from_json(
        {
            "id": "pod",
            "document_type": "proof_of_delivery",
            "fields": {"purchase_order": "4711", "receiver_signature": "present"},
            "line_items": [{"product_code": "A-1", "quantity_shipped": signed, "unit": "LB"}],
        }
    )
    verdict = examine([paper(row(billed, "2.00", unit="LB")), proven], data)
    assert (CONFLICT in {one.code for one in verdict.variances}) == conflict
    assert not any("the receipts say 250" in one.explanation for one in verdict.variances)
