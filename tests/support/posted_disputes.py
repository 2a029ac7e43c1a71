"""What tests post to a real service, and how they wait for it."""

import io
import time
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw, ImageFont


def wait_for(what: Callable[[], Any], deadline_s: float) -> Any:
    """The first truthy answer; fails after the deadline."""
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        if answer := what():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"not within {deadline_s:g} s")


def scan(pages: int) -> bytes:
    """A TIFF of scanned text that takes Tesseract about a second a page."""
    sheet = Image.new("L", (1240, 1754), 255)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(24)
    for row in range(40):
        draw.text((80, 60 + 40 * row), f"{row} article {row * 7919} costs {row * 31}.50", 0, font)
    stream = io.BytesIO()
    sheet.save(stream, "tiff", save_all=True, append_images=[sheet] * (pages - 1))
    return stream.getvalue()


def attachment(content: bytes, name: str = "a.tif") -> list[tuple[str, tuple[str, bytes]]]:
    return [("attachments", (name, content))]
