"""Pages of attachments as pictures for people: two sizes, drawn once, a few held in memory."""

import asyncio
import io
from collections import OrderedDict
from typing import Literal

from PIL import Image

from data.pages.attachments import DEFAULT_LIMITS, Attachment, Limits, render_page

Size = Literal["small", "large"]

# Long side in pixels: an A4 page of 1,900 px is 160 dpi, enough to read a receipt's small print.
LONG_SIDE: dict[Size, int] = {"small": 360, "large": 1900}
_CACHE_BYTES = 64_000_000
_AT_ONCE = 2


class PageImages:
    """Draws pages in sandboxed programs, at most two at once, and holds the newest pictures."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, cache_bytes: int = _CACHE_BYTES) -> None:
        self._limits = limits
        self._cache_bytes = cache_bytes
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def stored(self, name: str) -> bytes | None:
        """Return a picture that is in memory, None without one."""
        picture = self._pictures.get(name)
        if picture is not None:
            self._pictures.move_to_end(name)
        return picture

    async def draw(self, name: str, attachment: Attachment, page: int, size: Size) -> bytes:
        """Return the page (from 0) as PNG, as it was delivered. Raises `AttachmentError`."""
        async with self._slots:
            if (picture := self.stored(name)) is not None:
                return picture
            picture = await asyncio.to_thread(
                draw_page, attachment, page, LONG_SIDE[size], self._limits
            )
        self._store(name, picture)
        return picture

    def _store(self, name: str, picture: bytes) -> None:
        if len(picture) > self._cache_bytes or name in self._pictures:
            return
        self._pictures[name] = picture
        self._bytes += len(picture)
        while self._bytes > self._cache_bytes:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= len(oldest)


def draw_page(attachment: Attachment, page: int, long_side: int, limits: Limits) -> bytes:
    """Return one page as a grey PNG whose long side has about that many pixels."""
    stream = io.BytesIO()
    Image.fromarray(render_page(attachment, page, long_side, limits)).save(stream, "png")
    return stream.getvalue()
