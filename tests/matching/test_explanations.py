"""Differences that something else explains: said with the arithmetic, and never claimed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from tests.support.small_disputes import claimed, doubtful, got, order, paper, po, row

D = Decimal


def explained(verdict: Verdict) -> list[tuple[str, str, str]]:
    """(code, kind, arithmetic) of each hypothesis, as the JSON shows it."""
    return [
        (one["code"], one["hypothesis"]["kind"], one["hypothesis"]["arithmetic"])
        for one in verdict_to_json(verdict)["variances"]
        if one["hypothesis"] is not None
    ]


def slip(quantity: str, day: str, kind: str = "packing_slip") -> ExtractedDocument:
    dated = {"packing_slip": "ship_date", "delivery_note": "delivery_date"}[kind]
    item = {"product_code": "A-1", "quantity_shipped": quantity, "unit": "EA"}
    return paper(item, kind=kind, **{dated: day})


def unsure(quantity: str, **cells: str) -> ExtractedDocument:
    """Some units at 2.00, of which a reader is nearly sure."""
    return doubtful(paper(row(quantity, "2.00", **cells)), "quantity", confidence=0.99)


def credit(amount: str, **cells: str) -> ExtractedDocument:
    item = {"description": "Goodwill", "amount": amount, **cells}
    return paper(item, kind="credit_memo", original_invoice_id="I-1")


PACKS = {"pack_factors": {"CS": "12"}}
BY_CASE = paper(row("10", "24.00", amount="240.00"))
TAXED = paper(row("100", "12.00", amount="1200.00", tax_rate="20"))
HUNDRED = order(po("100", "10.00"), receipts=[got("100")])
SHORT = order(po("100", "10.00"), receipts=[got("60", received_at="2026-03-01")])
BILLED = paper(row("100", "10.00", amount="1000.00"))
# A like article at the same price, of which 40 are open and nothing is billed.
LIKE = {"product_code": "B-2", "description": "Hex bolt M6 zinc"}
NAMED = {"description": "Hex bolt M6"}

# The case, documents, order data, and (code, kind, arithmetic) of what explains the difference.
EXPLAINED: list[tuple[str, Sequence[ExtractedDocument], OrderData, tuple[str, str, str]]] = [
    (
        "cases at the case price, called pieces",
        [BY_CASE],
        order(po("120", "2.00", **PACKS), receipts=[got("120")]),
        ("PRICE_BASIS_SUSPECT", "pack_factor", "10 × 24.00 = 120 × 2.00"),
    ),
    (
        "dozens, called pieces",
        [BY_CASE],
        order(po("120", "2.00"), receipts=[got("120")]),
        ("PRICE_BASIS_SUSPECT", "dozen", "10 × 24.00 = 120 × 2.00"),
    ),
    (
        "hundreds, called pieces",
        [paper(row("25", "45.00", amount="1125.00"))],
        order(po("2500", "0.45"), receipts=[got("2500")]),
        ("PRICE_BASIS_SUSPECT", "per_hundred", "25 × 45.00 = 2500 × 0.45"),
    ),
    (
        "a price per thousand that nothing confirms",
        [paper(row("25000", "4.50"))],
        order(po("25000", "0.0045"), receipts=[got("25000")]),
        ("PRICE_BASIS_SUSPECT", "per_thousand", "4.50 / 1000 = 0.0045"),
    ),
    (
        "a receipt that counted cases",
        [paper(row("120", "2.00", amount="240.00"))],
        order(po("120", "2.00", **PACKS), receipts=[got("10")]),
        ("PRICE_BASIS_SUSPECT", "pack_factor", "10 × 12 = 120"),
    ),
    (
        "tax inside the price, by the rate of the row",
        [TAXED],
        order(po("100", "10.00"), receipts=[got("100")]),
        ("PRICE_OVER", "tax_inclusive", "12.00 / 1.20 = 10.00"),
    ),
    (
        "units of a like PO line that nothing bills",
        [paper(row("100", "10.00", amount="1000.00"))],
        order(
            po("60", "10.00", **NAMED),
            po("40", "10.00", **LIKE),
            receipts=[got("60"), got("40", "2")],
        ),
        ("QTY_OVER_RECEIPT", "split_line", "100 = 60 + 40"),
    ),
    (
        "a delivery after the last receipt",
        [BILLED, slip("40", "2026-03-05")],
        SHORT,
        ("QTY_OVER_RECEIPT", "late_receipt", "60 + 40 = 100"),
    ),
    (
        "a credit memo that names no PO line",
        [BILLED, credit("400.00")],
        SHORT,
        ("QTY_OVER_RECEIPT", "credit_memo", "400.00 − 400.00 = 0.00"),
    ),
    (
        "another article for what is not billed",
        [paper(row("1", "1.00", "Z-9"), row("50", "9.00", "B-7", description="Umbrella"))],
        order(
            po("1", "1.00", product_code="Z-9"),
            po("50", "8.00", description="Parasol"),
            receipts=[got("1"), got("50", "2")],
        ),
        ("ITEM_SUBSTITUTED", "substitution", "50 received = 50 billed"),
    ),
    (
        "a digit that makes the row's arithmetic and the receipt agree",
        [unsure("48", amount="92.00")],
        order(po("46", "2.00"), receipts=[got("46")]),
        ("EXTENSION_ERROR", "misread_digit", "quantity 48 → 46"),
    ),
    (
        "a digit like another, where no amount confirms it",
        [unsure("81")],
        order(po("31", "2.00"), receipts=[got("31")]),
        ("QTY_OVER_RECEIPT", "misread_digit", "quantity 81 → 31"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "wanted"),
    [case[1:] for case in EXPLAINED],
    ids=[case[0] for case in EXPLAINED],
)
def test_what_explains_a_difference_is_said_and_not_claimed(
    documents: Sequence[ExtractedDocument], data: OrderData, wanted: tuple[str, str, str]
) -> None:
    verdict = examine(documents, data)
    assert wanted in explained(verdict)
    assert claimed(verdict) == 0
    assert verdict.status == "needs_review"
    (code, _, arithmetic) = wanted
    reasons = [reason for line in verdict.lines for reason in line.reasons]
    assert any(arithmetic in reason for reason in reasons) or code == "ITEM_SUBSTITUTED"


def fewer(**change: Any) -> OrderData:
    """The order of which 40 units are missing, with one thing changed on the like PO line."""
    like = po("40", "10.00", **LIKE) | change
    return order(
        po("60", "10.00", **NAMED), like, receipts=[got("60"), got(like["quantity_ordered"], "2")]
    )


# What comes near to an explanation and is none: the claim stands.
NOT_EXPLAINED: list[tuple[str, Sequence[ExtractedDocument], OrderData, str]] = [
    ("no tax is stated", [paper(row("100", "12.00"))], HUNDRED, "200.00"),
    (
        "the tax would make another price",
        [paper(row("100", "12.01", tax_rate="20"))],
        HUNDRED,
        "201.00",
    ),
    ("a like PO line at another price", [BILLED], fewer(unit_price="11.00"), "400.00"),
    ("a like PO line with too little open", [BILLED], fewer(quantity_ordered="39"), "400.00"),
    ("another article at the same price", [BILLED], fewer(description="Umbrella"), "400.00"),
    ("a delivery on the day of the receipt", [BILLED, slip("40", "2026-03-01")], SHORT, "400.00"),
    ("a later delivery of fewer units", [BILLED, slip("39", "2026-03-05")], SHORT, "400.00"),
    (
        "a digit that its row confirms",
        [unsure("48", amount="96.00")],
        order(po("46", "2.00"), receipts=[got("46")]),
        "4.00",
    ),
    (
        "a digit that nobody had to read",
        [paper(row("81", "2.00"))],
        order(po("31", "2.00"), receipts=[got("31")]),
        "100.00",
    ),
    (
        "a digit unlike the one that would fit",
        [unsure("81")],
        order(po("80", "2.00"), receipts=[got("80")]),
        "2.00",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "claim"),
    [case[1:] for case in NOT_EXPLAINED],
    ids=[case[0] for case in NOT_EXPLAINED],
)
def test_what_explains_only_nearly_explains_nothing(
    documents: Sequence[ExtractedDocument], data: OrderData, claim: str
) -> None:
    verdict = examine(documents, data)
    assert explained(verdict) == []
    assert claimed(verdict) == D(claim)


@pytest.mark.parametrize(
    ("rows", "change", "codes"),
    [
        ([("50", "B-7")], {}, ["ITEM_SUBSTITUTED"]),
        # Other units than arrived, two rows that fit, or a name that may be misread.
        ([("49", "B-7")], {}, ["ITEM_NOT_ORDERED"]),
        ([("50", "B-7"), ("50", "B-8")], {}, ["ITEM_NOT_ORDERED", "ITEM_NOT_ORDERED"]),
        ([("50", "B-7")], {"confidence": 0.8}, ["ITEM_NOT_ORDERED"]),
    ],
)
def test_what_is_evidently_a_substitute(
    rows: Sequence[tuple[str, str]], change: dict[str, Any], codes: list[str]
) -> None:
    data = order(po("50", "8.00", description="Parasol"), receipts=[got("50")])
    document = paper(*(row(quantity, "9.00", code) for quantity, code in rows))
    verdict = examine([doubtful(document, "product_code", **change)], data)
    assert [one.code for one in verdict.variances] == codes
    assert claimed(verdict) == 0
