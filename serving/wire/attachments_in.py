"""Attachments on their way in: refused at once when nothing can be read, else read page by page."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from data.pages.attachments import (
    DEFAULT_LIMITS,
    MIN_SIDE_PX,
    Attachment,
    AttachmentError,
    Limits,
    open_attachment,
    render_page,
)
from data.pages.words import read_pages
from data.records import ExtractedDocument, Page

# Only short attachments are looked at before they are accepted: it costs a rendering per page.
_LOOKED_AT_PAGES = 3
_LOOK_PX = 512
# A page as white as that is compressed to little; what is larger is left to the reader.
_LOOKED_AT_BYTES = 100_000  # a page
_PAPER_GREY = 250  # a page without a darker spot is white beyond doubt; the rest is the reader's
# A PDF that brings a font prints with it. Streams of fonts are told by their dictionaries, which
# are never packed away as others may be.
_FONT = re.compile(rb"/(?:Font|Length1|Type1C|CIDFontType0C|OpenType)\b")


class BlankDocument(AttachmentError):
    """No page of the attachment holds a word."""

    code = "blank_page"


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens attachments and reads their pages; tests give another `read`."""

    limits: Limits = DEFAULT_LIMITS
    read: Callable[..., Iterator[Page]] = read_pages

    def open(self, content: bytes, name: str, *, look: bool = True) -> Attachment:
        """The attachment, within the limits and not plainly blank. Raises `AttachmentError`.

        Whoever reads the pages next needs no `look` at them: `pages` finds out by itself, and a
        look costs a rendering of each page.
        """
        attachment = open_attachment(content, name, self.limits)
        if look:
            self.refuse_blank(attachment)
        return attachment

    def refuse_blank(self, attachment: Attachment) -> None:
        """Raises `BlankDocument` when it is certain without OCR that no page holds a word."""
        pages, content = attachment.page_count, attachment.content
        if pages > _LOOKED_AT_PAGES or len(content) > pages * _LOOKED_AT_BYTES:
            return
        if attachment.kind == "pdf" and _FONT.search(content):
            return
        tiny = attachment.kind != "pdf" and all(
            min(size) < MIN_SIDE_PX for size in attachment.page_sizes
        )
        if tiny:
            width, height = attachment.page_sizes[0]
            raise BlankDocument(
                f"{attachment.name}: the image is {width:g} x {height:g} pixels, words need"
                f" {MIN_SIDE_PX} or more; scan it again at 300 dpi"
            )
        if all(_is_white(attachment, page, self.limits) for page in range(attachment.page_count)):
            raise BlankDocument(f"{attachment.name}: every page is white; scan the printed side")

    def pages(self, attachment: Attachment) -> Iterator[Page]:
        """The pages in order, one in memory at a time.

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
            raise _nothing_read(attachment.name, unread or "no words were found")


def _is_white(attachment: Attachment, page: int, limits: Limits) -> bool:
    try:
        return bool(render_page(attachment, page, _LOOK_PX, limits).min() >= _PAPER_GREY)
    except AttachmentError:
        return False  # reading says what is wrong with the page


def _nothing_read(name: str, reason: str) -> AttachmentError:
    """The refusal for a page's reason such as "blank_page: ..."; other reasons count as blank."""
    code, colon, sentence = reason.partition(": ")
    kinds = {kind.code: kind for kind in AttachmentError.__subclasses__()}
    told = sentence if colon and code.replace("_", "").isalpha() else reason
    return kinds.get(code, BlankDocument)(f"{name}: no page could be read: {told}")


def stamped(
    documents: Iterable[ExtractedDocument], content: bytes
) -> tuple[ExtractedDocument, ...]:
    """The documents of a file with its SHA-256, by which a file that comes again is known."""
    digest = hashlib.sha256(content).hexdigest()
    return tuple(replace(document, file_sha256=digest) for document in documents)
