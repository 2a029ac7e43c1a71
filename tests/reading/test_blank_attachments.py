"""Attachments without a word: refused when posted where that is sure, else when they are read."""

import pytest

from data.pages.attachment_reader import AttachmentReader, BlankDocument
from data.pages.attachments import UnsupportedType, open_attachment, reopen_attachment
from tests.support.small_attachments import LETTER, make_pdf

FONT = "/Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
WHITE = make_pdf([LETTER])
WHITE_WITH_FONT = make_pdf([f"{LETTER} {FONT}"])
# Where dictionaries are packed away, that of a font's stream is not.
WHITE_WITH_PACKED_FONT = WHITE.replace(
    b"trailer", b"9 0 obj <</Length 0 /Length1 0>> stream\n\nendstream endobj\ntrailer"
)
UNKNOWN_PAGE = make_pdf([LETTER, f"{LETTER} {FONT}"])


def test_a_white_pdf_is_refused_when_it_is_posted() -> None:
    with pytest.raises(BlankDocument, match="scan the printed side"):
        AttachmentReader().open(WHITE, "white.pdf")


@pytest.mark.parametrize("content", [WHITE_WITH_FONT, WHITE_WITH_PACKED_FONT, UNKNOWN_PAGE])
def test_a_pdf_with_a_font_is_not_looked_at_and_still_never_read_as_nothing(content: bytes) -> None:
    reader = AttachmentReader()
    attachment = reader.open(content, "white.pdf")
    with pytest.raises(BlankDocument, match="no page could be read"):
        list(reader.pages(attachment))


def test_an_attachment_that_was_opened_before_is_the_same() -> None:
    attachment = open_attachment(WHITE, "white.pdf")
    assert reopen_attachment(WHITE, "white.pdf", attachment.page_sizes) == attachment


def test_what_is_no_attachment_was_never_opened() -> None:
    with pytest.raises(UnsupportedType, match="send a PDF"):
        reopen_attachment(b"plain text", "a.txt", ((595.0, 842.0),))
