"""References for the benchmarks: a page as a PDF, Tesseract alone, CPU seconds."""

import io

import psutil
import pytesseract
from PIL import Image

from data.pages.ocr import LANGUAGES
from data.records import Page


def read_by_tesseract(content: bytes) -> object:
    """Return the words of an image, by the plainest call of Tesseract there is."""
    with Image.open(io.BytesIO(content)) as image:
        return pytesseract.image_to_data(image, lang="+".join(LANGUAGES))


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and all that it started.

    Unlike the clock's seconds these hardly grow when the machine is busy with something else.
    """
    me = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (me, *me.children(recursive=True)))


def text_pdf(page: Page, copies: int, ballast: int = 0) -> bytes:
    """Return a PDF of `copies` A4 pages whose text layer and print are the words of `page`.

    `ballast` bytes lie in it that no page refers to.
    """
    width, height = 595.0, 842.0
    shown = [
        _shown(
            word.text,
            word.box.height * height,
            word.box.left * width,
            (1 - word.box.bottom) * height,
        )
        for word in page.words
    ]
    stream = "BT\n" + "\n".join(shown) + "\nET"
    kids = " ".join(f"{number + 5} 0 R" for number in range(copies))
    leaf = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]"
        "/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {copies}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<</Length {len(stream.encode('cp1252', 'replace'))}>>stream\n{stream}\nendstream",
        *[leaf] * copies,
    ]
    if ballast:
        objects.append(f"<</Length {ballast}>>stream\n{'0' * ballast}\nendstream")
    return _assemble(objects)


def _shown(text: str, size: float, left: float, bottom: float) -> str:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"/F {max(size, 4):.1f} Tf 1 0 0 1 {left:.1f} {bottom:.1f} Tm ({escaped}) Tj"


def _assemble(objects: list[str]) -> bytes:
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj{body}\nendobj\n".encode("cp1252", "replace")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + (head + tail).encode()
