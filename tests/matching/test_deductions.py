"""The deduction ledger: nothing is deducted or repaid twice, in whatever words it comes."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.ledger.deductions import Reason, Stage, reason_of, stage_of
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from tests.support.small_disputes import found, got, order, paper, po, row

LINE = row("10", "30.00", amount="300.00")
BILL = paper(LINE, invoice_id="I-1")


def claim(name: str = "D-1", kind: str = "shortage", **more: Any) -> dict[str, Any]:
    whole = {"claim_id": name, "kind": kind, "invoice_id": "I-1", "line": "1"}
    whole |= {"quantity": "5", "amount": "150.00"} | more
    return {key: value for key, value in whole.items() if value is not None}


def told(*claims: dict[str, Any], received: str = "5", **head: Any) -> OrderData:
    """10 ordered at 30.00."""
    return order(po("10", "30.00"), receipts=[got(received)], claims=list(claims), head=head)


def proof(quantity: str = "10", **cells: Any) -> ExtractedDocument:
    return paper(
        row(quantity, None, **cells), kind="proof_of_delivery", receiver_signature="present"
    )


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("shortage", "shortage"), ("Short Payment", "shortage"), ("22", "shortage"),
        ("code 22", "shortage"), ("PQV", "shortage"), ("qty_not_received", "shortage"),
        ("concealed shortage", "concealed"), ("21", "concealed"),
        ("pricing error", "price"), ("price", "price"), ("11", "price"), ("PPV", "price"),
        ("freight", "freight"), ("Damaged goods", "damage"), ("customer return", "return"),
        ("duplicate billing", "duplicate"), ("agreed_credit", "credit"),
        ("goodwill", "other"), ("", "other"), ("222", "other"),
    ],
)  # fmt: skip
def test_a_kind_is_known_by_its_words_or_its_code(kind: str, reason: Reason) -> None:
    assert reason_of(kind) == reason


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (None, "open"), ("", "open"), ("disputed", "open"), ("who knows", "open"),
        ("Taken", "taken"), ("closed", "taken"), ("repaid", "repaid"), ("Paid back", "repaid"),
        ("Approved", "taken"), ("credited", "taken"),
        ("withdrawn", "withdrawn"), ("cancelled", "withdrawn"), ("void", "withdrawn"),
    ],
)  # fmt: skip
def test_a_status_says_what_became_of_it(status: str | None, stage: Stage) -> None:
    assert stage_of(status) == stage


SHORT = ("QTY_OVER_RECEIPT", "5", "150.00")
KNOWN: list[tuple[str, list[ExtractedDocument], OrderData, list[Any]]] = [
    ("taken before", [BILL], told(claim(status="taken")), [(*SHORT, "information")]),
    ("repaid before", [BILL], told(claim(status="repaid")), [(*SHORT, "information")]),
    ("withdrawn holds nothing", [BILL], told(claim(status="withdrawn")), [(*SHORT, "claim")]),
    ("a part was taken", [BILL], told(claim(status="taken", quantity="2", amount="60.00")),
     [("QTY_OVER_RECEIPT", "5", "90.00", "open")]),
    ("by its units alone", [BILL], told(claim(status="taken", quantity="2", amount=None)),
     [("QTY_OVER_RECEIPT", "5", "90.00", "open")]),
    ("on no line", [BILL], told(claim(status="taken", line=None)), [(*SHORT, "information")]),
    ("for another reason", [BILL], told(claim(kind="price", status="taken")), [(*SHORT, "claim")]),
    ("for a reason nobody knows", [BILL], told(claim(kind="code 77", status="taken")),
     [(*SHORT, "information")]),
    ("on another invoice", [BILL], told(claim(status="taken", invoice_id="I-2")),
     [(*SHORT, "claim")]),
    ("a price, taken before", [paper(row("10", "33.00", amount="330.00"), invoice_id="I-1")],
     told(claim(kind="price", quantity=None, amount="30.00", status="closed"), received="10"),
     [("PRICE_OVER", "10", "30.00", "information")]),
    ("the buyer's debit memo is among the papers",
     [BILL, paper(row("5", "30.00", amount="150.00"), kind="debit_memo", invoice_id="DM-1",
                  original_invoice_id="I-1")],
     told(), [(*SHORT, "information")]),
    ("a debit memo for another invoice",
     [BILL, paper(row("5", "30.00", amount="150.00"), kind="debit_memo", invoice_id="DM-1",
                  original_invoice_id="I-9")],
     told(), [(*SHORT, "claim")]),
    ("freight that was deducted",
     [paper(LINE, {"description": "Freight", "amount": "20.00", "line_type": "freight"},
            invoice_id="I-1")],
     told(claim(kind="freight", line=None, quantity=None, amount="8.00", status="taken"),
          received="10", planned_freight="12.00"),
     [("FREIGHT_VARIANCE", None, "8.00", "information")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "findings"), [case[1:] for case in KNOWN], ids=[case[0] for case in KNOWN]
)
def test_what_was_deducted_is_not_deducted_again(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any]
) -> None:
    shown = verdict_to_json(examine(documents, data))["variances"]
    names = ("code", "quantity", "amount", "state")
    assert [tuple(one[name] for name in names) for one in shown] == findings


DEAR = paper(row("10", "33.00", amount="330.00"), invoice_id="I-1")
PRICE = claim(kind="price", quantity=None, amount="30.00")
SETTLED: list[tuple[str, list[ExtractedDocument], OrderData, list[Any]]] = [
    ("a price that order and bill agree on", [BILL], told(PRICE, received="10"),
     [("repay", "30.00", "0.00")]),
    ("a price that was too high", [DEAR], told(PRICE, received="10"),
     [("uphold", "0.00", "30.00")]),
    ("more than it was too high", [DEAR], told(PRICE | {"amount": "50.00"}, received="10"),
     [("partly_repay", "20.00", "30.00")]),
    ("a price without money", [BILL], told(claim(kind="price", amount=None), received="10"),
     [("needs_analyst", None, None)]),
    ("damage that no receipt records", [BILL], told(claim(kind="damage"), received="10"),
     [("needs_analyst", None, None)]),
    ("damage on record",
     [BILL],
     order(po("10", "30.00"), receipts=[got("10", quantity_rejected="5")],
           claims=[claim(kind="damage")]),
     [("uphold", "0.00", "150.00")]),
    ("freight as planned",
     [paper(LINE, {"description": "Freight", "amount": "20.00", "line_type": "freight"},
            invoice_id="I-1")],
     told(claim(kind="freight", line=None, quantity=None, amount="8.00"), received="10",
          planned_freight="20.00"),
     [("repay", "8.00", "0.00")]),
    ("by amount alone: 150.00 / 30.00 = 5", [BILL, proof()],
     told(claim(line=None, quantity=None)), [("repay", "150.00", "0.00")]),
    ("by amount alone, no whole units", [BILL, proof()],
     told(claim(line=None, quantity=None, amount="100.00")), [("needs_analyst", None, None)]),
    ("the same taken twice: one stands, one is repaid", [BILL], told(
        claim(), claim("D-2"),
     ), [("ask_for_evidence", None, None), ("repay", "150.00", "0.00")]),
    ("two equal ones where both are missing", [BILL, proof()],
     told(claim(), claim("D-2"), received="0"),
     [("repay", "150.00", "0.00"), ("repay", "150.00", "0.00")]),
    ("pieces missing inside a carton that was signed for",
     [BILL, proof("1", unit="CT")],
     order(po("10", "30.00", pack_factors={"CT": "10"}), receipts=[got("8")],
           claims=[claim(quantity="2", amount="60.00")]),
     [("needs_analyst", None, None)]),
    ("a carton missing among cartons",
     [BILL, proof("2", unit="CT")],
     order(po("10", "30.00", pack_factors={"CT": "5"}), receipts=[got("5")], claims=[claim()]),
     [("repay", "150.00", "0.00")]),
    ("a concealed shortage is not settled by the count at the door", [BILL, proof()],
     told(claim(kind="concealed shortage")), [("needs_analyst", None, None)]),
    ("withdrawn needs no answer", [BILL, proof()], told(claim(status="withdrawn")), []),
    ("repaid needs none either", [BILL, proof()], told(claim(status="repaid")), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "outcomes"),
    [case[1:] for case in SETTLED],
    ids=[case[0] for case in SETTLED],
)
def test_each_kind_is_settled_by_what_the_records_find(
    documents: list[ExtractedDocument], data: OrderData, outcomes: list[Any]
) -> None:
    shown = verdict_to_json(examine(documents, data))["settlements"]
    assert [(one["recommendation"], one["repay"], one["stands"]) for one in shown] == outcomes


@pytest.mark.parametrize(
    ("quantity", "amount", "outcome"),
    [
        ("8", "240.00", ("repay", "240.00")),
        (None, "240.00", ("repay", "240.00")),
        ("7", "210.00", ("needs_analyst", None)),
        (None, "239.00", ("needs_analyst", None)),
    ],
)
def test_one_deduction_over_two_lines(
    quantity: str | None, amount: str, outcome: tuple[str, str | None]
) -> None:
    """5 and 3 units of 30.00 are missing by the receipts; the proof of delivery has them all."""
    data = order(
        po("10", "30.00"), po("6", "30.00"), receipts=[got("5"), got("3", "2")],
        claims=[claim(line=None, quantity=quantity, amount=amount)],
    )  # fmt: skip
    rows = LINE, row("6", "30.00", "A-2", amount="180.00")
    delivered = paper(
        row("10", None), row("6", None, "A-2"), kind="proof_of_delivery",
        receiver_signature="present",
    )  # fmt: skip
    verdict = examine([paper(*rows, invoice_id="I-1"), delivered], data)
    (shown,) = verdict_to_json(verdict)["settlements"]
    assert (shown["recommendation"], shown["repay"]) == outcome
    if outcome[0] == "repay":
        taken = [one for one in verdict.variances if one.state in ("claim", "open")]
        assert taken == []


def test_an_open_claim_that_nobody_can_judge_goes_to_a_person() -> None:
    verdict = examine([BILL], told(claim(kind="goodwill"), received="10"))
    assert [settlement.decision for settlement in verdict.settlements] == ["needs_analyst"]
    assert (found(verdict), verdict.status, verdict.message) == ([], "needs_review", "")


TWICE = paper(LINE, LINE, invoice_id="I-1", invoice_total="600.00")
CHAIR = {"description": "Chair, blue", "product_code": "ZZ-9", "quantity": "2", "amount": "60.00",
         "unit_price": "30.00", "unit": "EA"}  # fmt: skip
WHOLE = {"line": None, "quantity": None}
OTHERS: list[tuple[str, list[ExtractedDocument], OrderData, list[Any]]] = [
    ("duplicate, and billed once", [BILL],
     told(claim(kind="duplicate billing", amount="300.00", **WHOLE), received="10"),
     [("repay", "300.00", "0.00")]),
    ("duplicate, and the invoice was paid before", [BILL],
     order(po("10", "30.00"), receipts=[got("10")],
           claims=[claim(kind="30", amount="300.00", **WHOLE)],
           invoices=[{"invoice_id": "I-1", "invoice_total": "300.00", "result": "paid"}]),
     [("needs_analyst", None, None)]),
    ("a row that is billed twice", [TWICE],
     told(claim(kind="duplicate", amount="300.00", **WHOLE), received="10"),
     [("uphold", "0.00", "300.00")]),
    ("not ordered", [paper(LINE, CHAIR, invoice_id="I-1")],
     told(claim(kind="not ordered", amount="60.00", **WHOLE), received="10"),
     [("uphold", "0.00", "60.00")]),
    ("a sum that does not agree",
     [paper(LINE, invoice_id="I-1", sub_total="300.00", total_tax="0.00", invoice_total="340.00")],
     told(claim(kind="total incorrect", amount="40.00", **WHOLE), received="10"),
     [("uphold", "0.00", "40.00")]),
    ("an allowance on the whole invoice", [BILL],
     told(claim(kind="allowance", amount="15.00", **WHOLE), received="10",
          allowances=[{"rate": "5"}]),
     [("uphold", "0.00", "15.00")]),
    ("tax, and no rate is known", [BILL], told(claim(kind="tax", amount="9.00", **WHOLE),
                                               received="10"),
     [("needs_analyst", None, None)]),
    ("a code nobody knows, just what is missing", [BILL],
     told(claim(kind="ZX9", quantity=None), received="5"), [("uphold", "0.00", "150.00")]),
    ("a code nobody knows, more than is missing", [BILL],
     told(claim(kind="ZX9", quantity=None, amount="180.00"), received="5"),
     [("needs_analyst", None, None)]),
    ("the same price twice", [DEAR], told(PRICE, PRICE | {"claim_id": "D-2"}, received="10"),
     [("uphold", "0.00", "30.00"), ("repay", "30.00", "0.00")]),
    ("a price that was taken for good, and once more", [DEAR],
     told(PRICE | {"status": "taken"}, PRICE | {"claim_id": "D-2"}, received="10"),
     [("repay", "30.00", "0.00")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "outcomes"),
    [case[1:] for case in OTHERS],
    ids=[case[0] for case in OTHERS],
)
def test_deductions_of_any_kind_are_answered_and_nothing_is_taken_again(
    documents: list[ExtractedDocument], data: OrderData, outcomes: list[Any]
) -> None:
    verdict = examine(documents, data)
    shown = verdict_to_json(verdict)["settlements"]
    assert [(one["recommendation"], one["repay"], one["stands"]) for one in shown] == outcomes
    assert not [one for one in verdict.variances if one.state == "claim"]


EURO = paper(row("10", "30.00", amount="300.00"), invoice_id="I-1", currency="EUR")
IN_EURO: list[tuple[str, list[ExtractedDocument], list[Any], list[Any]]] = [
    ("taken in the invoice's money", [EURO], [claim(status="taken")],
     [("150.00", "information")]),
    ("a part of it", [EURO], [claim(status="taken", quantity="2", amount="60.00")],
     [("90.00", "open")]),
    ("by its units", [EURO], [claim(status="taken", quantity="2", amount=None)],
     [("90.00", "open")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "claims", "findings"),
    [case[1:] for case in IN_EURO],
    ids=[case[0] for case in IN_EURO],
)
def test_deductions_are_money_of_their_invoice(
    documents: list[ExtractedDocument], claims: list[Any], findings: list[Any]
) -> None:
    """10 billed at 30.00 EUR, ordered at 33.00 USD; 1 EUR is 1.10 USD; 5 came."""
    data = order(po("10", "33.00"), receipts=[got("5")], claims=claims,
                 head={"agreed_rates": {"EUR": "1.10"}})  # fmt: skip
    shown = verdict_to_json(examine(documents, data))["variances"]
    assert [(one["amount"], one["state"]) for one in shown] == findings
    assert {one["currency"] for one in shown} == {"EUR"}


def test_a_settlement_is_in_the_money_of_its_invoice() -> None:
    data = order(po("10", "33.00"), receipts=[got("5")], claims=[claim()],
                 head={"agreed_rates": {"EUR": "1.10"}})  # fmt: skip
    verdict = examine([EURO, proof()], data)
    (shown,) = verdict_to_json(verdict)["settlements"]
    assert (shown["repay"], shown["currency"]) == ("150.00", "EUR")
    assert "165.00 / 1.1 = 150.00" in shown["formula"]
    assert "5 × 30.00 = 150.00 EUR" in verdict.message
    assert "USD" not in verdict.message


@pytest.mark.parametrize("status", ["who knows", "resolved", "partially repaid", "paid"])
def test_a_status_that_nobody_knows_is_asked_about(status: str) -> None:
    verdict = examine([BILL, proof()], told(claim(status=status)))
    assert [settlement.decision for settlement in verdict.settlements] == ["needs_analyst"]
    assert not [finding for finding in verdict.variances if finding.state == "claim"]


@pytest.mark.parametrize("status", ["disputed", "In dispute", "under review", "open", ""])
def test_a_disputed_deduction_is_settled(status: str) -> None:
    verdict = examine([BILL, proof()], told(claim(status=status)))
    assert [settlement.decision for settlement in verdict.settlements] == ["repay"]


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({}, [("repay", "150.00")]),
        ({"quantity": None}, [("repay", "150.00")]),
        ({"status": "repaid"}, []),
        ({"invoice_id": "I-9"}, []),
    ],
)
def test_a_proof_alone_settles_by_the_invoice_in_the_history(
    more: dict[str, Any], outcome: list[Any]
) -> None:
    billed = {"invoice_id": "I-1", "po_line_number": "1", "base_quantity": "10"}
    data = order(
        po("10", "30.00"), receipts=[got("5")], claims=[claim(**more)],
        billed=[billed | {"amount": "300.00"}],
    )  # fmt: skip
    verdict = examine([proof()], data)
    shown = verdict_to_json(verdict)["settlements"]
    assert [(one["recommendation"], one["repay"]) for one in shown] == outcome
    assert (verdict.problems == ()) == bool(outcome)
    assert not [one for one in verdict.variances if one.state == "claim"]
