"""Lines that fail: totals of order and invoice, the first sentence of a verdict, stated papers."""

from dataclasses import replace
from typing import Any

import pytest

from data.exchange.order_files import OrderDataError, parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument, Field
from serving.presentation.prose import verdict_prose
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from tests.support.small_disputes import got, order, paper, po, row, ten

WEEK = po("2", "275.00", product_code=None, description="Evening news, week")


def weeks(**more: Any) -> OrderData:
    """Two weeks of a campaign at 275.00, for which nothing is received."""
    return order(WEEK | {"receipt_expected": False}, **more)


def spot(name: str, amount: str = "275.00") -> dict[str, Any]:
    return {"description": name, "amount": amount}


def spots(*names: str, **fields: str) -> ExtractedDocument:
    total = f"{275 * len(names)}.00"
    return paper(*map(spot, names), **({"sub_total": total, "invoice_total": total} | fields))


THREE = "Champions 20:45", "Europa 18:55", "Cup 21:00"


def total_of(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [
        (variance.state, None if variance.amount_range is None else str(variance.amount_range[0]))
        for variance in verdict.variances
        if variance.code == "TOTAL_OVER_ORDER"
    ]


EARLIER = [{"invoice_id": "I-0", "po_line_number": "1", "base_quantity": "1", "amount": "275.00"}]
TOTALS: list[tuple[str, list[ExtractedDocument], OrderData, list[Any]]] = [
    ("three spots for two weeks", [spots(*THREE)], weeks(), [("open", "275")]),
    ("two spots for two weeks", [spots(*THREE[:2])], weeks(), [("information", None)]),
    ("one week was billed before", [spots(*THREE[:2])], weeks(billed=EARLIER), [("open", "275")]),
    ("the rest of it now", [spots(THREE[0])], weeks(billed=EARLIER), [("information", None)]),
    ("tax is no part of it", [spots(*THREE[:2], sub_total="", total_tax="50.00",
                                    invoice_total="600.00")], weeks(), [("information", None)]),
    ("a commission taken off is", [spots(*THREE, sub_total="", total_discount="123.75",
                                         invoice_total="701.25")], weeks(), [("open", "275")]),
    ("no total is printed", [paper(*map(spot, THREE))], weeks(), []),
    ("the lines are sure", [paper(row("12", "10.00", amount="120.00"), sub_total="120.00",
                                  invoice_total="120.00")], ten(), []),
    ("a price of the order is not known", [spots(*THREE)],
     order(WEEK | {"unit_price": None, "receipt_expected": False}), []),
    ("less was received than was ordered", [spots(*THREE[:2])], order(WEEK, receipts=[got("1")]),
     [("open", "275")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "totals"),
    [case[1:] for case in TOTALS],
    ids=[case[0] for case in TOTALS],
)
def test_totals_are_compared_where_the_lines_fail(
    documents: list[ExtractedDocument], data: OrderData, totals: list[Any]
) -> None:
    papers = [
        replace(
            document,
            fields={name: leaf for name, leaf in document.fields.items() if leaf.text},
        )
        for document in documents
    ]
    verdict = examine(papers, data)
    assert total_of(verdict) == totals
    assert not [finding for finding in verdict.variances if finding.state == "claim" and totals]


def test_the_first_sentence_states_the_money_and_the_second_what_settles_it() -> None:
    verdict = examine([spots(*THREE)], weeks())
    first, second, *_ = verdict.recommendation.split(". ")
    assert first == "275.00 USD is at stake"
    assert second.startswith("In all 550.00 was ordered; invoice bills 825.00: 275.00 more than")
    assert "To settle it: " in verdict.recommendation
    (finding,) = [each for each in verdict.variances if each.code == "TOTAL_OVER_ORDER"]
    assert {place.field for place in finding.evidence} == {"sub_total", "lines"}
    prose = "\n".join(text.plain for text in verdict_prose(verdict_to_json(verdict)))
    assert "ordered and billed in all, 275.00 USD [TOTAL_OVER_ORDER]" in prose


@pytest.mark.parametrize(
    ("documents", "step"),
    [
        ([paper(row("10", "10.00", amount="110.00"))], "quantity × price is not the amount"),
        ([paper(row("10", "10.00", amount="100.00", unit="XYZ"))], "how the units convert"),
        ([paper(row("10", "10.00", amount="100.00"), purchase_order="99881")],
         "which order the invoice belongs to"),
        ([], "no billed line was read"),
    ],
)  # fmt: skip
def test_one_thing_is_named_that_would_settle_it(
    documents: list[ExtractedDocument], step: str
) -> None:
    verdict = examine(documents, ten(received="9"))
    assert step in verdict.recommendation.split("To settle it: ")[1]


@pytest.mark.parametrize(
    ("number", "printed", "confidence", "codes"),
    [
        ("4711-1", "9751143", 0.7, ["PO_NOT_FOUND"]),
        ("471100-1", "9751143", 0.7, []),
        ("471100-1", "9751143", 1.0, []),
        ("9471100", "9751143", 0.7, ["PO_NOT_FOUND"]),
    ],
)
def test_an_invoice_numbered_by_the_order_is_for_it(
    number: str, printed: str, confidence: float, codes: list[str]
) -> None:
    data = ten()
    data = replace(data, order=replace(data.order, po_number="471100"))
    bill = paper(row("10", "10.00", amount="100.00"), invoice_id=number)
    leaf = Field(printed, confidence=confidence)
    bill = replace(bill, fields={**bill.fields, "purchase_order": leaf})
    verdict = examine([bill], data)
    assert [each.code for each in verdict.variances if each.code == "PO_NOT_FOUND"] == codes
    assert (verdict.status == "matched") == (not codes and confidence < 0.9)


def stated(**types: str) -> OrderData:
    line = {"po_line_number": "1", "product_code": "A-1", "quantity_ordered": "10",
            "unit_code": "EA", "unit_price": "10.00", "receipt_expected": False}  # fmt: skip
    head = {"po_number": "4711", "currency": "USD", "lines": [line]}
    return parse_order_data(
        {"order": head, "attachments": {f"{k}.pdf": v for k, v in types.items()}}
    )


READ = replace(
    paper(row("10", "10.00", amount="100.00"), kind="purchase_order"), document_id="scan.pdf"
)


@pytest.mark.parametrize(
    ("document", "types", "status", "problems"),
    [
        (READ, {}, "needs_review", ["unread"]),
        (READ, {"scan": "invoice"}, "needs_review", ["type_contradicted"]),
        (replace(READ, document_type=Field("purchase_order", confidence=0.6)),
         {"scan": "invoice"}, "matched", []),
        (replace(READ, document_id="scan.pdf#2", document_type=Field("other", confidence=0.6)),
         {"scan": "invoice"}, "matched", []),
        (replace(READ, document_type=Field("invoice", confidence=0.6)), {"scan": "invoice"},
         "matched", []),
        (replace(READ, document_type=Field("invoice", confidence=0.6)), {"other": "invoice"},
         "needs_review", []),
    ],
)  # fmt: skip
def test_a_client_may_state_what_an_attachment_is(
    document: ExtractedDocument, types: dict[str, str], status: str, problems: list[str]
) -> None:
    verdict = examine([document], stated(**types))
    assert (verdict.status, [problem.code for problem in verdict.problems]) == (status, problems)


def test_a_type_that_nobody_knows_is_refused() -> None:
    with pytest.raises(OrderDataError, match="attachments"):
        stated(scan="leaflet")
