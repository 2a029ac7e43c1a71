"""Reader of attachments: opens them within limits, refuses blank ones, yields their pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from data.pages.attachments import (
    DEFAULT_LIMITS,
    MIN_SIDE_PX,
    Attachment,
    AttachmentError,
    Limits,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.pages.words import read_pages
from data.records import Page

# Only short attachments are checked for blank pages before they are read: it costs a rendering per
# page.
_CHECKED_PAGES = 3
_CHECK_PX = 512
# A white page is compressed to few bytes; larger files are checked while they are read.
_CHECKED_BYTES = 100_000  # a page
_PAPER_GREY = 250  # a page without a darker spot is certainly white; others are checked by reading
# A PDF with a font prints text. Font streams are recognised by their dictionaries, which are never
# compressed as others may be.
_FONT = re.compile(rb"/(?:Font|Length1|Type1C|CIDFontType0C|OpenType)\b")

Source = Path | str | bytes  # a path, or the content of a file


class BlankDocument(AttachmentError):
    """The attachment has no word on any page."""

    code = "blank_page"


@dataclass(frozen=True, slots=True)
class AttachmentReader:
    """Opens attachments and reads their pages; tests replace `read`."""

    limits: Limits = DEFAULT_LIMITS
    read: Callable[..., Iterator[Page]] = read_pages

    def open(
        self, source: Source, name: str | None = None, *, check_blank: bool = True
    ) -> Attachment:
        """Return the attachment, within the limits and not plainly blank.

        `source` is a path, or the content of a file, which needs a `name`. Without `check_blank` a
        rendering of each page is saved; `pages` finds a blank attachment by itself. Raises
        `AttachmentError`; `ValueError` for content without a name.
        """
        attachment = self._open(source, name)
        if check_blank:
            self.refuse_blank(attachment)
        return attachment

    def _open(self, source: Source, name: str | None) -> Attachment:
        if not isinstance(source, bytes):
            attachment = open_attachment_file(Path(source), self.limits)
            return replace(attachment, name=name) if name else attachment
        if not name:
            raise ValueError("content has no file name; give one, as in name='invoice.pdf'")
        return open_attachment(source, name, self.limits)

    def refuse_blank(self, attachment: Attachment) -> None:
        """Raise `BlankDocument` when it is certain without OCR that no page holds a word."""
        pages, content = attachment.page_count, attachment.content
        if pages > _CHECKED_PAGES or len(content) > pages * _CHECKED_BYTES:
            return
        if attachment.kind == "pdf" and _FONT.search(content):
            return
        tiny = attachment.kind != "pdf" and all(
            min(size) < MIN_SIDE_PX for size in attachment.page_sizes
        )
        if tiny:
            width, height = attachment.page_sizes[0]
            raise BlankDocument(
                f"{attachment.name}: the image is {width:g} x {height:g} pixels, too small for text"
                f" (at least {MIN_SIDE_PX} each way); scan it again at 300 dpi"
            )
        if all(_is_white(attachment, page, self.limits) for page in range(attachment.page_count)):
            raise BlankDocument(f"{attachment.name}: every page is white; scan the printed side")

    def pages(self, attachment: Attachment) -> Iterator[Page]:
        """Yield the pages in order, one in memory at a time.

        Raises `AttachmentError` after the last one when none held a word: nothing may be concluded
        from such a document, not even that it lists nothing.
        """
        unread: str | None = None
        words = 0
        for page in self.read(attachment, self.limits):
            words += len(page.words)
            unread = unread or (None if page.words else page.reason)
            yield page
        if words == 0:
            raise _no_words(attachment.name, unread or "no words were found")


def _is_white(attachment: Attachment, page: int, limits: Limits) -> bool:
    try:
        return bool(render_page(attachment, page, _CHECK_PX, limits).min() >= _PAPER_GREY)
    except AttachmentError:
        return False  # reading the page raises the error


def _no_words(name: str, reason: str) -> AttachmentError:
    """Return the error for a page's reason such as "blank_page: ..."; others count as blank."""
    code, colon, sentence = reason.partition(": ")
    kinds = {kind.code: kind for kind in AttachmentError.__subclasses__()}
    message = sentence if colon and code.replace("_", "").isalpha() else reason
    return kinds.get(code, BlankDocument)(f"{name}: no page could be read: {message}")
