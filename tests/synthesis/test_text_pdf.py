"""Papers as PDFs with a text layer: the layer holds what the sheet has, where it has it."""

from pathlib import Path

import pytest

from data.corpora.folder import read_corpus
from data.corpora.readings import read_document
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts.sheets import FACES, Sheet
from data.synthesis.stories.dispute import clean_words, make_dispute
from data.synthesis.stories.files import write_disputes
from data.synthesis.stories.text_pdf import pdf_of_sheets


def _sheet(text: str) -> Sheet:
    sheet = Sheet(4000.0, 200.0, FACES["sans"])
    sheet.write(20.0, 100.0, [Span(text, "other", "")], size=12.0)
    return sheet


def test_a_text_layer_is_read_as_the_truth_has_it(tmp_path: Path) -> None:
    write_disputes(tmp_path, 3, 1, None, "text")
    dispute = make_dispute(3, 0)
    documents = {document.document_id: document for document in read_corpus(tmp_path)}
    for paper, sheets in zip(dispute.papers, clean_words(dispute), strict=True):
        document = documents[f"{dispute.dispute_id}-{paper.key}"]
        assert document.extra["layout"] == paper.family
        pages = read_document(document, None).pages
        assert {page.words_source for page in pages} == {"text"}
        for page, words in zip(pages, sheets, strict=True):
            read = {word.text: word.box for word in page.words}
            places = [(read[word.text], word.box) for word in words if word.text in read]
            assert len(places) > 0.9 * len(words)
            texts = [word.text for word in words]
            alone = [
                (read[word.text], word.box)
                for word in words
                if word.text in read and texts.count(word.text) == 1
            ]
            assert max(abs(box.left - true.left) for box, true in alone) < 0.01


@pytest.mark.parametrize("text", ["(a) \\ b", "Łódź Žižkov İstanbul Ørsted 12,50 €", "Ünïcode 7.5"])
def test_letters_of_every_language_come_back(tmp_path: Path, text: str) -> None:
    file = tmp_path / "letters.pdf"
    file.write_bytes(pdf_of_sheets([_sheet(text), _sheet(text)]))
    assert file.read_bytes() == pdf_of_sheets([_sheet(text), _sheet(text)])
    pypdfium2 = pytest.importorskip("pypdfium2")
    shown = pypdfium2.PdfDocument(file)[1].get_textpage().get_text_range()
    assert shown.split() == text.split()


def test_more_letters_than_a_font_has_codes_are_refused() -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(230))
    with pytest.raises(ValueError, match="want at most 223 different letters, got 230"):
        pdf_of_sheets([_sheet(letters)])
