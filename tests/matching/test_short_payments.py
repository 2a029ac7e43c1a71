"""Short payments that a vendor disputes: what the best proof in hand supports, by evidence rank.

The worked example of `serving/matching/README.md`: billed 480 EA (20 cartons of 24), 432 paid,
48 short at 1.50.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import ExtractedDocument
from serving.matching.evidence.short_payments import supported_units
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import got, order, paper, po, row

SIGNED = {"receiver_signature": "present"}
BY_CARRIER = {"carrier_signature": "present"}


def shipped(
    cartons: str, kind: str, noted: tuple[str, str, str] | None = None, **fields: str
) -> ExtractedDocument:
    """A paper over cartons of 24; `noted` is (kind, quantity, unit) of an exception."""
    said = [] if noted is None else [dict(zip(("kind", "quantity", "unit"), noted, strict=True))]
    number = {"packing_slip": "packing_list_id", "bill_of_lading": "bol_number"}
    header = {"purchase_order": "4711", number.get(kind, "proof_of_delivery_id"): "S-1"} | fields
    (document,) = documents_from_json(
        {
            "id": kind,
            "document_type": kind,
            "fields": header,
            "exceptions": said,
            "line_items": [
                {"product_code": "A-1", "quantity_shipped": cartons, "unit": "CS", "page": 1}
            ],
        }
    )
    return document


def settled(
    *papers: ExtractedDocument,
    terms: str = "prepaid",
    received: tuple[dict[str, Any], ...] = (),
    policy: Policy | None = None,
    **claim: Any,
) -> Verdict:
    """480 EA billed, 432 received and paid, 48 claimed short on 10 May."""
    data = order(
        po("480", "1.50", pack_factors={"CS": "24"}),
        receipts=[got("432"), *received],
        head={"freight_terms": terms},
        claims=[
            {
                "claim_id": "C1",
                "kind": "short_payment",
                "invoice_id": "RE-77",
                "line": "1",
                "quantity": "48",
                "amount": "72.00",
                "claimed_at": "2025-05-10",
            }
            | claim
        ],
    )
    return examine([paper(row("480", "1.50"), invoice_id="RE-77"), *papers], data, policy)


SLIP = shipped("20", "packing_slip")
SLC = shipped("20", "bill_of_lading", shipper_load_and_count="true", **BY_CARRIER)
CASES: list[tuple[str, tuple[ExtractedDocument, ...], str, tuple[Any, ...]]] = [
    (
        "a clean signed proof of delivery: 480 − 432 = 48",
        (shipped("20", "proof_of_delivery", **SIGNED), SLIP),
        "prepaid",
        ("repay", "48", "72.00", "0.00", "CNP", []),
    ),
    (
        "signed with one carton short: 19 × 24 = 456",
        (shipped("20", "proof_of_delivery", ("short", "1", "CS"), **SIGNED), SLIP),
        "prepaid",
        ("partly_repay", "24", "36.00", "36.00", "CNP", []),
    ),
    (
        "signed with two cartons short: as was paid",
        (shipped("20", "proof_of_delivery", ("short", "2", "CS"), **SIGNED),),
        "prepaid",
        ("uphold", "0", "0.00", "72.00", "NOA", []),
    ),
    (
        "a remark in pieces",
        (shipped("20", "proof_of_delivery", ("short", "12", "EA"), **SIGNED),),
        "prepaid",
        ("partly_repay", "36", "54.00", "18.00", "CNP", []),
    ),
    (
        "one carton came damaged and damaged goods are not paid",
        (shipped("20", "proof_of_delivery", ("damaged", "1", "CS"), **SIGNED),),
        "prepaid",
        ("partly_repay", "24", "36.00", "36.00", "CNP", []),
    ),
    (
        "more than was billed is not repaid",
        (shipped("22", "proof_of_delivery", **SIGNED),),
        "prepaid",
        ("repay", "48", "72.00", "0.00", "CNP", []),
    ),
    (
        "only shipper load and count and a packing slip",
        (SLC, SLIP),
        "prepaid",
        ("ask_for_evidence", None, None, None, "PIN", ["proof_of_delivery"]),
    ),
    (
        "the same under collect asks for the carrier's paper",
        (SLC, SLIP),
        "collect",
        ("ask_for_evidence", None, None, None, "PIN", ["bill_of_lading"]),
    ),
    (
        "our carrier signed for all: collect",
        (shipped("20", "bill_of_lading", **BY_CARRIER),),
        "collect",
        ("repay", "48", "72.00", "0.00", "CNP", []),
    ),
    (
        "the vendor's carrier signed for all: prepaid proves no delivery",
        (shipped("20", "bill_of_lading", **BY_CARRIER),),
        "prepaid",
        ("ask_for_evidence", None, None, None, "PIN", ["proof_of_delivery"]),
    ),
    (
        "the receiver outranks the carrier",
        (
            shipped("20", "bill_of_lading", **BY_CARRIER),
            shipped("19", "proof_of_delivery", **SIGNED),
        ),
        "collect",
        ("partly_repay", "24", "36.00", "36.00", "CNP", []),
    ),
    (
        "a proof of delivery that nobody signed",
        (shipped("20", "proof_of_delivery", receiver_signature="absent"),),
        "prepaid",
        ("ask_for_evidence", None, None, None, "PIN", ["proof_of_delivery"]),
    ),
    (
        "no paper at all",
        (),
        "unknown",
        ("ask_for_evidence", None, None, None, "PIN", ["proof_of_delivery"]),
    ),
    (
        "two receivers signed different numbers",
        (
            shipped("20", "proof_of_delivery", **SIGNED),
            shipped("19", "delivery_note", **SIGNED),
        ),
        "prepaid",
        ("needs_analyst", None, None, None, "NOA", []),
    ),
    (
        "a remark in a unit without a factor",
        (shipped("20", "proof_of_delivery", ("short", "1", "PAL"), **SIGNED),),
        "prepaid",
        ("needs_analyst", None, None, None, "NOA", []),
    ),
]


@pytest.mark.parametrize(
    ("papers", "terms", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_the_papers_support(
    papers: tuple[ExtractedDocument, ...], terms: str, expected: tuple[Any, ...]
) -> None:
    (one,) = verdict_to_json(settled(*papers, terms=terms))["settlements"]
    names = ("recommendation", "supported_units", "repay", "stands", "peppol_action", "missing")
    assert tuple(one[name] for name in names) == expected


@pytest.mark.parametrize(
    ("day", "quantity", "expected"),
    [
        ("2025-05-11", "48", ("repay", "48")),
        ("2025-05-11", "24", ("partly_repay", "24")),
        # On the day of the claim or before it the receipt was known: papers decide.
        ("2025-05-10", "48", ("uphold", "0")),
    ],
)
def test_receipts_posted_after_the_claim_come_before_all_papers(
    day: str, quantity: str, expected: tuple[str, str]
) -> None:
    proof = shipped("18", "proof_of_delivery", **SIGNED)
    verdict = settled(proof)
    late = {"receipt_id": "R9", "received_at": day, "lines": [got(quantity)]}
    data = order(
        po("480", "1.50", pack_factors={"CS": "24"}),
        receipts=[got("432")],
        claims=[
            {
                "claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-77", "line": "1",
                "quantity": "48", "amount": "72.00", "claimed_at": "2025-05-10",
            }
        ],
        late=[late],
    )  # fmt: skip
    invoice = paper(row("480", "1.50"), invoice_id="RE-77")
    (one,) = verdict_to_json(examine([invoice, proof], data))["settlements"]
    assert (one["recommendation"], one["supported_units"]) == expected
    assert verdict.settlements[0].decision == "uphold"


def test_damaged_goods_are_paid_where_the_buyer_pays_them() -> None:
    proof = shipped("20", "proof_of_delivery", ("damaged", "1", "CS"), **SIGNED)
    assert settled(proof, policy=Policy(pay_rejected=True)).settlements[0].decision == "repay"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quantity": None, "amount": "71.00"}, "does not state how many units"),
        ({"line": "9"}, "names no line of this order"),
        ({"quantity": "500"}, "more is claimed short than was billed"),
    ],
)
def test_a_claim_that_is_not_clear_needs_a_person(change: dict[str, Any], reason: str) -> None:
    (one,) = settled(shipped("20", "proof_of_delivery", **SIGNED), **change).settlements
    assert (one.decision, one.repay) == ("needs_analyst", None)
    assert any(reason in said for said in one.reasons), one.reasons


def test_a_dead_claim_is_not_settled() -> None:
    assert settled(SLIP, status="cancelled").settlements == ()


def test_a_count_that_was_read_badly_repays_nothing() -> None:
    proof = shipped("20", "proof_of_delivery", **SIGNED)
    (unsure,) = documents_from_json(
        {
            "document_id": "pod",
            "document_type": {"value": "proof_of_delivery"},
            "fields": {"receiver_signature": {"value": "present"}},
            "line_items": [
                {
                    "product_code": {"value": "A-1"},
                    "quantity_shipped": {"value": "20", "confidence": 0.6},
                    "unit": {"value": "CS"},
                }
            ],
        }
    )
    assert settled(proof).settlements[0].decision == "repay"
    (one,) = settled(unsure).settlements
    assert one.decision == "needs_analyst"
    assert any("confidence 0.60" in reason for reason in one.reasons)


def test_units_that_are_held_back_already_are_not_claimed_again() -> None:
    verdict = settled(shipped("18", "proof_of_delivery", **SIGNED))
    (over,) = verdict.variances
    # The proof settles them: their money is the settlement's and in no total.
    assert (over.code, over.state) == ("QTY_OVER_RECEIPT", "information")
    assert "Claim C1 is about these units" in over.explanation
    assert (verdict.totals.certain, verdict.totals.open) == ({"USD": Decimal(0)},) * 2
    assert verdict.status == "discrepancy"
    assert verdict.recommendation == "Short payment C1: uphold, 72.00 USD stands."


def test_units_that_a_claim_holds_are_open_until_it_is_settled() -> None:
    verdict = settled(SLC, SLIP)
    over = next(one for one in verdict.variances if one.code == "QTY_OVER_RECEIPT")
    assert over.state == "open"
    assert "Claim C1 already holds" in over.explanation
    assert verdict.totals.open == {"USD": Decimal("72.00")}
    assert verdict.status == "needs_review"


def test_what_is_beyond_the_units_of_a_claim_is_not_settled_with_it() -> None:
    verdict = settled(shipped("20", "proof_of_delivery", **SIGNED), quantity="24", amount="36.00")
    over = next(one for one in verdict.variances if one.code == "QTY_OVER_RECEIPT")
    assert (over.quantity, over.state) == (48, "open")
    assert verdict.status == "needs_review"


def test_a_doubt_about_the_invoice_keeps_a_settled_line_open() -> None:
    bill = paper(row("480", "1.50"), invoice_id="RE-77", vendor_name="Kapla Software")
    claim = {
        "claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-77", "line": "1",
        "quantity": "48", "amount": "72.00",
    }  # fmt: skip
    head = {"freight_terms": "prepaid", "vendor_name": "Kapla Hardware Co."}
    data = order(
        po("480", "1.50", pack_factors={"CS": "24"}), receipts=[got("432")], head=head,
        claims=[claim],
    )  # fmt: skip
    verdict = examine([bill, shipped("20", "proof_of_delivery", **SIGNED)], data)
    assert verdict.lines[0].verdict == "needs_review"
    assert {one.state for one in verdict.variances if one.code == "QTY_OVER_RECEIPT"} == {"open"}


def test_the_message_names_numbers_papers_pages_and_exactly_what_is_missing() -> None:
    partly = settled(shipped("20", "proof_of_delivery", ("short", "1", "CS"), **SIGNED)).message
    assert "You billed 480 EA, we paid 432 and held back 48 (72.00 USD)." in partly
    assert "proof of delivery S-1 (page 1) is signed by the receiver" in partly
    assert "notes 1 CS short: 456 EA were delivered." in partly
    assert "We will pay 24 × 1.50 = 36.00 USD." in partly
    assert "The deduction for the other 24 EA, 36.00 USD, stands." in partly
    asked = settled(SLC, SLIP).message
    assert "bill of lading S-1 (page 1) (counted by the shipper" in asked
    assert "Please send the proof of delivery of this shipment, signed by the receiver" in asked
    assert "We will pay" not in asked


quantities = st.fractions(min_value=0, max_value=1000, max_denominator=24)


@given(quantities, quantities, quantities)
def test_what_is_repaid_and_what_stands_make_up_the_claim(
    delivered: Fraction, paid: Fraction, claimed: Fraction
) -> None:
    supported = supported_units(delivered, paid, claimed)
    assert 0 <= supported <= claimed
    assert supported <= max(Fraction(0), delivered - paid)
    # One more unit delivered never lowers what is repaid.
    assert supported_units(delivered + 1, paid, claimed) >= supported


def test_a_claim_on_an_invoice_that_is_not_compared_is_not_forgotten() -> None:
    claim = {
        "claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-77", "line": "1",
        "quantity": "48",
    }  # fmt: skip
    data = order(po("480", "1.50"), head={"closed": True}, claims=[claim])
    verdict = examine([paper(row("480", "1.50"), invoice_id="RE-77")], data)
    assert verdict.settlements == ()
    assert [one.code for one in verdict.problems] == ["claim_exists"]


def test_a_signature_that_may_be_none_proves_nothing() -> None:
    (proof,) = documents_from_json(
        {
            "document_id": "pod",
            "document_type": {"value": "proof_of_delivery"},
            "fields": {"receiver_signature": {"value": "present", "confidence": 0.6}},
            "line_items": [
                {"product_code": {"value": "A-1"}, "quantity_shipped": {"value": "20"},
                 "unit": {"value": "CS"}}
            ],
        }
    )  # fmt: skip
    assert settled(proof).settlements[0].decision == "ask_for_evidence"


def test_two_claims_on_one_line_are_not_repaid_twice() -> None:
    """480 billed, 24 and 24 held back, 456 came: the first is repaid, the second stands."""
    claims = [
        {
            "claim_id": name, "kind": "short_payment", "invoice_id": "RE-77", "line": "1",
            "quantity": "24", "amount": "36.00",
        }
        for name in ("C1", "C2")
    ]  # fmt: skip
    data = order(po("480", "1.50", pack_factors={"CS": "24"}), receipts=[got("432")], claims=claims)
    proof = shipped("19", "proof_of_delivery", **SIGNED)
    verdict = examine([paper(row("480", "1.50"), invoice_id="RE-77"), proof], data)
    assert [one.decision for one in verdict.settlements] == ["repay", "uphold"]


def test_another_vendor_is_not_told_in_whose_name_he_bills() -> None:
    data = order(po("1", "1.50"), receipts=[got("1")], head={"vendor_name": "Kapla Hardware"})
    stranger = paper(row("1", "1.50", amount="1.50"), vendor_name="Norvia Tools AG")
    verdict = examine([stranger], data)
    assert [one.code for one in verdict.variances] == ["VENDOR_MISMATCH"]
    assert verdict.message == ""
