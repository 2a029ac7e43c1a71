"""The document's title against the type that the network predicts."""

import pytest

from data.labels import DOCUMENT_TYPES
from tests.support.tagged_pages import W, tagged_page
from training.decoding.document_types import decide_document_type


def page(words: str, seen_as: str, height: float = 842.0):
    placed = [W(word, "other", 0.1 + 0.04 * index) for index, word in enumerate(words.split())]
    return tagged_page(placed, document_type=seen_as, width=595.0, height=height)


@pytest.mark.parametrize(
    ("words", "seen_as", "kind"),
    [
        ("Invoice No. 4711", "invoice", "invoice"),
        ("Some words", "delivery_note", "delivery_note"),  # nothing speaks for another type
        ("Rechnung 4711", "credit_memo", "invoice"),  # a credit has to be called one
        ("Gutschrift 4711", "credit_memo", "credit_memo"),
        ("Rechnungskorrektur 4711", "credit_memo", "credit_memo"),
        ("R E C H N U N G S - K O R R E K T U R", "credit_memo", "credit_memo"),
        ("Kassenbon 4711", "receipt", "receipt"),
    ],
)
def test_a_page_is_believed_about_itself(words, seen_as, kind):
    assert decide_document_type([page(words, seen_as)]).value == kind


@pytest.mark.parametrize(
    ("words", "height", "kind"),
    [
        ("Rechnung 4711", 842.0, "invoice"),  # letter paper
        ("Kassenbon 4711", 842.0, "receipt"),
        ("Tax Invoice 4711", 1400.0, "receipt"),  # a till may call its slip a bill
    ],
)
def test_the_paper_tells_a_bill_from_a_till_receipt(words, height, kind):
    doubtful = page(words, "receipt", height)
    doubtful.document_types[DOCUMENT_TYPES.index("receipt")] = 0.87
    doubtful.document_types[DOCUMENT_TYPES.index("invoice")] = 0.07
    assert decide_document_type([doubtful]).value == kind


def test_a_title_set_letter_by_letter_weighs_more_than_a_word_in_passing():
    doubtful = page("Lieferschein-Nr. 12 R E C H N U N G", "delivery_note")
    doubtful.document_types[:] = 0.01
    doubtful.document_types[DOCUMENT_TYPES.index("invoice")] = 0.3
    doubtful.document_types[DOCUMENT_TYPES.index("delivery_note")] = 0.5
    assert decide_document_type([doubtful]).value == "invoice"


def test_a_page_without_words_is_of_no_type():
    kind = decide_document_type([tagged_page([])])
    assert (kind.value, kind.confidence) == ("other", 0.0)
