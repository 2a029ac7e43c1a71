"""Attachments of a few bytes made by the tests: PDFs and images."""

import io
from collections.abc import Sequence

from PIL import Image

LETTER = "/MediaBox [0 0 612 792]"


def make_pdf(pages: Sequence[str], count: int | None = None, trailer: str = "") -> bytes:
    """A PDF whose pages have these dictionaries; poppler rebuilds the missing reference table."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(len(pages)))
    parts = [
        "%PDF-1.4",
        "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        f"2 0 obj <</Type /Pages /Kids [{kids}] /Count {count or len(pages)}>> endobj",
    ]
    for number, page in enumerate(pages):
        parts.append(f"{number + 3} 0 obj <</Type /Page /Parent 2 0 R {page}>> endobj")
    parts.append(f"trailer <</Root 1 0 R {trailer}>>\n%%EOF")
    return "\n".join(parts).encode()


def make_image(size: tuple[int, int], kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, 255).save(buffer, kind, **options)
    return buffer.getvalue()
