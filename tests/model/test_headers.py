"""Header values chosen for the whole document: totals that add up, numbers that are no phones."""

from decimal import Decimal

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.documents import decode_documents


def fields(words, kind="invoice"):
    (document,) = decode_documents("file", [tagged_page(words, document_type=kind)])
    return document.fields


def total(text, tag, y, probability=0.97, maybe=()):
    return W(text, tag, 0.8, y, sure=probability, maybe=maybe)


LINES = [*row(0, "2", "30.00", "60.00"), *row(1, "1", "40.00", "40.00")]


@pytest.mark.parametrize(
    ("case", "words", "expected"),
    [
        (
            "all three are tagged and add up",
            [total("100.00", "sub_total", 30), total("19.00", "total_tax", 32),
             total("119.00", "invoice_total", 34)],
            {"sub_total": "100.00", "total_tax": "19.00", "invoice_total": "119.00",
             "amount_due": "119.00"},
        ),
        (
            "the likelier total does not add up, the other does",
            [total("100.00", "sub_total", 30), total("19.00", "total_tax", 32),
             total("91.00", "invoice_total", 34, 0.6), total("119.00", "invoice_total", 36, 0.5)],
            {"sub_total": "100.00", "total_tax": "19.00", "invoice_total": "119.00"},
        ),
        (
            "the tax was not found but is printed",
            [total("100.00", "sub_total", 30), total("19.00", "other", 32),
             total("119.00", "invoice_total", 34)],
            {"total_tax": "19.00", "invoice_total": "119.00"},
        ),
        (
            "the tax was not found and is not printed",
            [total("100.00", "sub_total", 30), total("119.00", "invoice_total", 34)],
            {"sub_total": "100.00", "invoice_total": "119.00", "total_tax": None},
        ),
        (
            "less is due than the total: something was paid",
            [total("100.00", "invoice_total", 30), total("40.00", "amount_due", 32)],
            {"invoice_total": "100.00", "amount_due": "40.00"},
        ),
        ("no total at all", [], {"invoice_total": None, "amount_due": None, "sub_total": None}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_totals(case, words, expected):
    totals = fields([*LINES, *words])
    for name, value in expected.items():
        leaf = totals.get(name)
        assert (None if leaf is None else str(leaf.value)) == value, (case, name)


def test_a_total_that_only_arithmetic_found_says_so_and_is_not_certain():
    totals = fields([*LINES, total("100.00", "sub_total", 30), total("19.00", "other", 32),
                    total("119.00", "invoice_total", 34)])  # fmt: skip
    tax = totals["total_tax"]
    assert tax.source == "derived"
    assert tax.derived_from == ("invoice_total", "sub_total")
    assert tax.polygon is not None
    assert tax.confidence <= 0.8


def test_what_is_due_is_derived_from_the_total_where_nothing_else_is_said():
    due = fields([*LINES, total("100.00", "invoice_total", 30)])["amount_due"]
    assert (due.value, due.source, due.derived_from) == (
        Decimal("100.00"), "derived", ("invoice_total",),
    )  # fmt: skip
    assert due.confidence <= 0.8


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([W("4711", "document_id", y=1)], "4711"),
        ([W("4711", "other", y=1, sure=0.6, maybe=(("document_id", 0.3),))], "4711"),
        ([W("4711", "other", y=1, sure=0.9, maybe=(("document_id", 0.01),))], None),
        ([W("ORIGINAL", "document_id", y=1)], None),
        ([W("(919)821-8514", "document_id", y=1)], None),
        (
            [W("4711", "document_id", y=1, sure=0.8), W("(919)821-8514", "document_id", y=2)],
            "4711",
        ),
    ],
)
def test_the_number_of_a_document(words, expected):
    leaf = fields([*words, *LINES]).get("invoice_id")
    assert (None if leaf is None else leaf.value) == expected


def test_rivals_share_the_confidence_and_are_named():
    rivals = [W(text, "document_id", y=y, sure=0.6) for y, text in enumerate(("4711", "4712"), 1)]
    read = fields([*rivals, *LINES])
    leaf = read["invoice_id"]
    assert leaf.confidence <= 0.51
    assert [other.value for other in leaf.alternatives] == [
        "4712" if leaf.value == "4711" else "4711"
    ]


def test_a_half_tagged_date_is_read_as_a_whole():
    words = [
        W("3", "document_date", 0.1, 1, sure=0.5),
        W("May", "other", 0.12, 1, sure=0.6, maybe=(("document_date", 0.3),)),
        W("2024", "document_date", 0.15, 1, sure=0.5),
    ]
    assert str(fields([*words, *LINES])["invoice_date"].value) == "2024-05-03"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("DE123456789", None),
        ("ATU12345678", None),
        ("GB123456789", None),
        ("FR40303265045", None),
        ("DE-4711", "DE-4711"),  # too short for a tax number
        ("DEABCDEFGHI1", "DEABCDEFGHI1"),  # letters are no tax number
        ("B123456789", "B123456789"),
        ("45123456789", "45123456789"),
        ("DE02120300000000202051", None),  # a bank account: its check digits hold
        ("DE02120300000000202052", "DE02120300000000202052"),
        ("urn:cen.eu:en16931:2017", None),
        ("Invoice_4711.xml", None),
        ("orders4711@example.com", None),
        ("PO:4711", "PO:4711"),
    ],
)
def test_numbers_of_other_things_are_no_order_numbers(printed, read):
    words = [
        W("Invoice", "other", 0.1, 1),
        W(printed, "other", 0.3, 3, maybe=(("purchase_order", 0.6),), sure=0.3),
    ]
    (document,) = decode_documents("file", [tagged_page(words)])
    assert document.value("purchase_order") == read


def test_a_name_by_its_label_is_taken_and_what_the_network_saw_is_told_beside_it():
    words = [
        W("Renderer", "vendor_name", 0.1, 1, sure=0.9),
        W("Seller:", "other", 0.1, 3),
        W("Hartmann", "other", 0.1, 4),
        W("Ltd", "other", 0.155, 4),
    ]
    leaf = fields([*words, *LINES])["vendor_name"]
    assert (leaf.value, leaf.source) == ("Hartmann Ltd", "rule")
    assert [other.value for other in leaf.alternatives] == ["Renderer"]
    assert leaf.confidence + leaf.alternatives[0].confidence <= 1


def test_a_name_that_is_half_believed_word_by_word_beats_one_word_that_is_believed_more():
    halves = (("vendor_name", 0.45),)
    words = [
        W("Visual", "other", 0.1, 1, maybe=(("vendor_name", 0.6),), sure=0.3),
        *[
            W(text, "other", 0.1 + 0.03 * place, 4, maybe=halves, sure=0.5)
            for place, text in enumerate(("Bei", "Spiel", "GmbH"))
        ],
    ]
    (document,) = decode_documents("file", [tagged_page(words)])
    assert document.value("vendor_name") == "Bei Spiel GmbH"
