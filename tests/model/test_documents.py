"""Tagged pages -> documents: where one ends, its number format, and problems with its reading."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.calibration import Calibration
from training.decoding.documents import decode_documents
from training.decoding.grouping import TaggedPage


def decode(*pages: TaggedPage):
    return decode_documents("file", pages)


def numbered(text: str, number: int, **page) -> TaggedPage:
    words = [W(text, "document_id", 0.8, 1), *row(0, "2", "5.00", "10.00")]
    return tagged_page(words, number=number, **page)


def blank(number: int, document_type: str = "receipt") -> TaggedPage:
    reason = "blank_page: all grey levels lie within 250..255"
    return tagged_page([], number, document_type, words_source="none", reason=reason)


def test_an_ordinary_invoice():
    words = [
        W("INV-7", "document_id", 0.8, 1),
        W("03.04.2026", "document_date", 0.8, 2),
        *row(0, "2", "5.00", "10.00"),
        *row(1, "3", "1.00", "3.00", "Gadget"),
        W("13.00", "invoice_total", 0.8, 20),
        W("EUR", "currency", 0.7, 20),
    ]
    (document,) = decode(tagged_page(words))
    assert document.document_id == "file"
    assert document.document_type.value == "invoice"
    assert {name: leaf.text for name, leaf in document.fields.items()} == {
        "invoice_id": "INV-7",
        "invoice_date": "2026-04-03",
        "invoice_total": "13.00",
        "currency": "EUR",
        "sub_total": "13.00",  # the lines sum to the total: there is no tax
        "amount_due": "13.00",  # nothing says that less is due
    }
    assert [str(line.description.value) for line in document.line_items] == ["Widget", "Gadget"]
    assert document.problems == ()


@pytest.mark.parametrize(
    ("kind", "name"), [("invoice", "invoice_id"), ("purchase_order", "po_number")]
)
def test_a_documents_own_number_is_called_by_its_type(kind, name):
    (document,) = decode(numbered("77", 0, document_type=kind))
    assert document.value(name) == "77"


@pytest.mark.parametrize(
    ("numbers", "sizes"),
    [
        (["A1", "A1"], [2]),
        (["A1", "a-1"], [2]),  # the same number, printed another way
        (["A1", "B2"], [1, 1]),
        (["A1", None, "B2"], [2, 1]),
        ([None, "B2"], [2]),  # a cover page has none
        (["A1", "B2", "A1"], [1, 1, 1]),
    ],
)
def test_a_file_is_split_where_another_number_begins(numbers, sizes):
    pages = [
        numbered(text, place) if text else tagged_page(row(0, "2", "5.00", "10.00"), number=place)
        for place, text in enumerate(numbers)
    ]
    documents = decode(*pages)
    assert [len(document.pages) for document in documents] == sizes
    names = [document.document_id for document in documents]
    count = len(sizes)
    assert names == (["file"] if count == 1 else [f"file#{n}" for n in range(1, count + 1)])


def test_a_number_the_model_doubts_splits_nothing():
    doubted = tagged_page([W("B2", "document_id", 0.8, 1, sure=0.5)], number=1)
    assert len(decode(numbered("A1", 0), doubted)) == 1


def test_a_sure_change_of_type_splits_even_without_a_first_number():
    first = tagged_page(row(0, "2", "5.00", "10.00"), number=0, document_type="purchase_order")
    documents = decode(first, numbered("A1", 1, document_type="invoice"))
    assert [document.document_type.value for document in documents] == ["purchase_order", "invoice"]


def test_a_blank_page_within_changes_neither_the_type_nor_the_document():
    (document,) = decode(
        numbered("A1", 0), blank(1), tagged_page([W("A1", "document_id")], number=2)
    )
    assert document.document_type.value == "invoice"
    assert [problem.code for problem in document.problems] == ["blank_page"]


def test_a_blank_first_page_does_not_name_the_document():
    (document,) = decode(blank(0), numbered("A1", 1))
    assert document.document_type.value == "invoice"
    assert document.document_type.page == 1


def test_a_blank_page_is_a_problem_and_no_empty_invoice():
    (document,) = decode(blank(0))
    (problem,) = document.problems
    assert (problem.code, problem.page) == ("blank_page", 0)
    assert "250..255" in problem.message
    assert document.document_type.confidence == 0
    assert document.line_items == ()
    assert dict(document.fields) == {}


def test_a_page_without_words_whose_reason_has_no_code_is_blank():
    (document,) = decode(tagged_page([], words_source="ocr", reason="nothing found"))
    assert [problem.code for problem in document.problems] == ["blank_page"]


def test_a_page_with_more_words_than_the_model_takes_is_a_problem():
    tagged = replace(numbered("A1", 3), dropped=2)
    (document,) = decode(tagged)
    (problem,) = document.problems
    assert (problem.code, problem.page) == ("page_too_dense", 3)
    assert f"only the first {len(tagged.page.words) - 2} were read" in problem.message


@pytest.mark.parametrize(
    ("rows", "amounts"),
    [
        # "1.250" alone says nothing; the document's other numbers do
        ([("1", "3,50", "3,50"), ("1", None, "1.250")], ["3.50", "1250"]),
        ([("1", "3.50", "3.50"), ("1", None, "1.250")], ["3.50", "1.250"]),
        ([("1", "3,50", "3,50"), ("1", "1.250,00", "1.250,00")], ["3.50", "1250.00"]),
        ([("1", "3.50", "3.50"), ("1", "1,250.00", "1,250.00")], ["3.50", "1250.00"]),
    ],
)
def test_the_decimal_mark_is_decided_for_the_whole_document(rows, amounts):
    words = [word for item, printed in enumerate(rows) for word in row(item, *printed)]
    (document,) = decode(tagged_page(words))
    assert [str(line.amount.value) for line in document.line_items] == amounts


def test_each_document_of_a_file_has_its_own_decimal_mark():
    german = [W("A1", "document_id", 0.8, 1), *row(0, "1.000", "2,50", "2.500,00")]
    english = [W("B2", "document_id", 0.8, 1), *row(0, "1,000", "2.50", "2,500.00")]
    documents = decode(tagged_page(german), tagged_page(english, number=1))
    assert [str(document.line_items[0].quantity.value) for document in documents] == ["1000"] * 2


def test_where_lines_have_amounts_a_row_without_one_is_no_line():
    note = [W("30", "quantity", 0.5, 20, 5), W("days", "description", 0.6, 20, 5)]
    (document,) = decode(tagged_page([*row(0, "2", "5.00", "10.00"), *note]))
    assert len(document.line_items) == 1


def test_a_packing_slip_has_lines_without_money():
    words = [*row(0, "2", None, None), *row(1, "3", None, None)]
    (document,) = decode(tagged_page(words, document_type="packing_slip"))
    assert [line.quantity.value for line in document.line_items] == [D(2), D(3)]
    assert all(line.amount is None for line in document.line_items)


def test_an_unreadable_amount_keeps_its_line():
    words = [*row(0, "2", "5.00", "10.00"), *row(1, "3", "1.00", "§§")]
    (document,) = decode(tagged_page(words))
    unread = document.line_items[1].amount
    assert (unread.value, unread.raw_text) == (None, "§§")


@pytest.mark.parametrize(
    ("words", "currency"),
    [
        ([W("10.00", "invoice_total", 0.8, 20), W("EUR", "other", 0.7, 20)], "EUR"),
        ([W("€10.00", "invoice_total", 0.8, 20)], "EUR"),
        ([W("€10.00", "invoice_total", 0.8, 20), W("£3.00", "sub_total", 0.8, 19)], None),
        ([W("EUR", "other", 0.7, 20), W("USD", "other", 0.7, 21)], None),  # an exchange rate
        ([W("10.00", "invoice_total", 0.8, 20)], None),
    ],
)
def test_the_currency_is_what_all_amounts_name_or_unknown(words, currency):
    (document,) = decode(tagged_page(words))
    assert document.value("currency") == currency


def test_a_currency_that_cannot_be_read_is_not_claimed():
    (document,) = decode(tagged_page([W("Qxz", "currency", 0.7, 20)]))
    leaf = document.fields["currency"]
    assert (leaf.value, leaf.raw_text, leaf.confidence) == (None, "Qxz", 0.0)


def test_a_second_total_is_an_alternative_best_first():
    words = [
        W("13.00", "invoice_total", 0.8, 20),
        W("15.47", "invoice_total", 0.8, 22, sure=0.7),
        W("2.47", "invoice_total", 0.8, 24, sure=0.8),
    ]
    (document,) = decode(tagged_page(words))
    leaf = document.fields["invoice_total"]
    assert leaf.value == D("13.00")
    assert [other.value for other in leaf.alternatives] == [D("2.47"), D("15.47")]


def test_confidences_are_calibrated():
    flat = ((0.0, 0.25), (1.0, 0.25))
    calibration = Calibration({"invoice_id": flat, "document_id": flat, "amount": flat})
    (document,) = decode_documents("file", [numbered("A1", 0)], calibration)
    assert document.fields["invoice_id"].confidence == 0.25
    assert document.line_items[0].amount.confidence == 0.25


def test_every_page_says_how_it_was_read():
    (document,) = decode(numbered("A1", 0, rotation=90), blank(1))
    first, second = document.pages
    assert (first.page, first.rotation, first.words, first.words_source) == (0, 90, 5, "text")
    assert (second.page, second.words, second.words_source) == (1, 0, "none")


def test_no_pages_are_no_documents():
    assert decode() == ()
