"""Files that hold several documents: put together from known ones, taken apart, counted."""

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.calibration import Calibration
from training.decoding.documents import decode_documents
from training.evaluation.document_splitting import (
    StartCounts,
    combine_documents,
    count_starts,
    format_table,
    main,
)
from training.metrics.counts import Count


class Decoder:
    """Stands in for an extractor: the pages are tagged already."""

    def documents(self, name, tagged):
        return decode_documents(name, tagged, Calibration())


def page(number: str | None, words: str = "", place: int = 0, sure: float = 0.97):
    said = [W(text, "other", 0.1 + 0.05 * at, 2) for at, text in enumerate(words.split())]
    if number is not None:
        said.append(W(number, "document_id", 0.7, 1, sure=sure))
    return tagged_page([*said, *row(0, "2", "5.00", "10.00")], number=place)


@pytest.mark.parametrize(
    ("second", "starts"),
    [
        (page("4712"), True),
        (page("4711"), False),  # the same number
        (page(None), False),  # no number of its own
        (page("4712", sure=0.5), False),  # too weak a number
        (page("4712", "Page 2 of 3"), False),
        (page("4712", "Seite 2 von 2"), False),
        (page("4712", "page: 3/4"), False),
        (page("4712", "Page 1 of 3"), True),
        (page("4712", "2/3"), True),  # may be anything
        (page("4712", "Invoice 4711 continued"), False),
        (page("4712", "Meter 47110"), True),
    ],
)
def test_where_a_document_begins(second, starts):
    count = count_starts(Decoder(), [[page("4711")], [second]])
    assert (count.wanted, count.right, count.predicted) == (1, int(starts), int(starts))


def test_a_number_that_the_page_before_names_begins_no_document_of_the_same_type():
    first = page("1861", "ORDER RESPONSE: R36594")  # its own number was not recognised
    assert count_starts(Decoder(), [[first, page("R36594")]]) == Count(0, 0, 0)
    note = [W("L876", "document_id", 0.7, 1), W("Delivery", "other", 0.1, 1)]
    other = tagged_page([*note, *row(0, "2", "5.00", "10.00")], document_type="delivery_note")
    assert count_starts(Decoder(), [[page("4711", "Delivery note L876")], [other]]) == Count(
        1, 1, 1
    )


def test_a_document_alone_has_no_start_inside():
    assert count_starts(Decoder(), [[page("4711"), page("4711")]]) == Count(0, 0, 0)
    assert count_starts(Decoder(), [[page("4711"), page("4712")]]) == Count(0, 1, 0)


def test_documents_are_laid_together_in_a_seeded_order_and_none_twice():
    documents = [[page(str(number))] for number in range(8)]
    files = list(combine_documents(documents, 3, seed=1))
    assert [len(file) for file in files] == [3, 3]
    used = [id(document) for file in files for document in file]
    assert len(set(used)) == 6
    assert files == list(combine_documents(documents, 3, seed=1))
    assert files != list(combine_documents(documents, 3, seed=2))


def test_the_table_says_nothing_where_there_was_nothing():
    shown = format_table(
        [("files", StartCounts([Count(2, 3, 1)])), ("alone", StartCounts([Count()]))]
    )
    assert "| 1 files | 2 | 1 | 3 | 0.500" in shown
    assert "| 1 alone | 0 | 0 | 0 | - | - |" in shown


def test_a_call_that_cannot_be_used_is_one_line(tmp_path, capsys):
    assert main(["--corpus", str(tmp_path), "--together", "1"]) == 2
    assert main(["--corpus", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") >= 2
