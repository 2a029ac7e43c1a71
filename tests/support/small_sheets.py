"""Small files made by the tests: PDFs that print a few words large, and images of grain."""

import io

import numpy as np
from PIL import Image

from data.records import GreyImage

# Places of the text in points from the bottom left; the words differ from each other
PRINTED = (
    (60, 700, "Invoice"),
    (420, 700, "Hardware"),
    (60, 400, "Galvanised"),
    (300, 420, "1284.75"),
    (420, 130, "Amount"),
    (70, 90, "Washers"),
    (250, 550, "Steel"),
)


def pdf(*contents: str, media: str = "[0 0 612 792]", turn: int = 0) -> bytes:
    """A PDF of one page for each content stream, Helvetica as /F."""
    kids = " ".join(f"{2 * n + 10} 0 R" for n in range(len(contents)))
    parts = [
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        f"2 0 obj <</Type /Pages /Kids [{kids}] /Count {len(contents)}>> endobj",
        "3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
    ]
    for n, content in enumerate(contents):
        parts.append(
            f"{2 * n + 10} 0 obj <</Type /Page /Parent 2 0 R /MediaBox {media} /Rotate {turn}"
            f" /Contents {2 * n + 11} 0 R /Resources <</Font <</F 3 0 R>>>>>> endobj\n"
            f"{2 * n + 11} 0 obj <</Length {len(content)}>> stream\n{content}\nendstream endobj"
        )
    return "\n".join([*parts, "trailer <</Root 1 0 R>>\n%%EOF"]).encode()


def text() -> str:
    return " ".join(f"BT /F 20 Tf {x} {y} Td ({word}) Tj ET" for x, y, word in PRINTED)


def image_file(*pages: GreyImage, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    first, *rest = (Image.fromarray(page) for page in pages)
    first.save(buffer, kind, **({"save_all": True, "append_images": rest} if rest else {}))
    return buffer.getvalue()


def grain(seed: int, shape: tuple[int, int] = (40, 30)) -> GreyImage:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
