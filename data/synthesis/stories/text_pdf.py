"""A paper as a PDF with a text layer: every word where its sheet has it, and nothing scanned.

What vendors' programs send: read without Tesseract, so that a corpus of such papers is made and
read in seconds. Letters come from a font of the viewer, squeezed to the width the sheet gave them;
a ToUnicode map states each letter, so the text layer is what the truth has, in every language.
"""

from collections.abc import Iterator, Sequence

from data.synthesis.layouts.sheets import FACES, Ink, Shape, Sheet

_FIRST_CODE = 33  # of a letter in the font; codes are given in the order of first use
_MOST_LETTERS = 256 - _FIRST_CODE
_FILLED = ("fill", "blob")
_STROKED = ("line", "dashes", "frame")


def pdf_of_sheets(sheets: Sequence[Sheet]) -> bytes:
    """Return a PDF of the sheets, one a page; the same sheets give the same bytes.

    Raises ValueError for more than 223 different letters: one simple font has no more codes.
    """
    inks = [ink for sheet in sheets for ink in sheet.inks_on_sheet()]
    letters = "".join(dict.fromkeys(letter for ink in inks for letter in ink.text))
    if len(letters) > _MOST_LETTERS:
        raise ValueError(f"want at most {_MOST_LETTERS} different letters, got {len(letters)}")
    codes = {letter: _FIRST_CODE + place for place, letter in enumerate(letters)}
    pages = [5 + 2 * number for number in range(len(sheets))]  # objects 1 to 4: see below
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Kids [{' '.join(f'{page} 0 R' for page in pages)}]"
        f" /Count {len(pages)}>>".encode(),
        _font(letters),
        _stream(_unicode_map(codes)),
    ]
    for page, sheet in zip(pages, sheets, strict=True):
        size = f"{sheet.width:.2f} {sheet.height:.2f}"
        objects.append(
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {page + 1} 0 R"
            " /Resources <</Font <</F 3 0 R>>>>>>".encode()
        )
        objects.append(_stream("\n".join(_drawing(sheet, codes))))
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    """Return the objects, numbered from 1, with the table of their places."""
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d /Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(content))
    )


def _stream(text: str) -> bytes:
    content = text.encode("ascii")
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content)


def _font(letters: str) -> bytes:
    names = " ".join(f"/uni{ord(letter):04X}" for letter in letters)
    widths = " ".join(str(round(1000 * FACES["sans"].width(letter, False))) for letter in letters)
    last = _FIRST_CODE + max(len(letters), 1) - 1
    return (
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R"
        f" /FirstChar {_FIRST_CODE} /LastChar {last} /Widths [{widths}]"
        f" /Encoding <</Type /Encoding /Differences [{_FIRST_CODE} {names}]>>>>"
    ).encode()


def _unicode_map(codes: dict[str, int]) -> str:
    rows = [
        f"<{code:02X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for letter, code in codes.items()
    ]
    blocks = [rows[first : first + 100] for first in range(0, len(rows), 100)]  # 100 at most each
    shown = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Letters def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{shown}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    )


def _drawing(sheet: Sheet, codes: dict[str, int]) -> Iterator[str]:
    for shape in sheet.shapes:
        yield from _shape(shape, sheet.height)
    for ink in sheet.inks_on_sheet():
        yield _word(ink, sheet.height, codes)


def _shape(shape: Shape, height: float) -> Iterator[str]:
    """Yield what draws a rule, a frame or a patch; pictures are left out."""
    left, low = shape.left, height - shape.bottom
    width, tall = shape.right - shape.left, shape.bottom - shape.top
    grey = f"{shape.grey / 255:.3f}"
    if shape.kind in _FILLED:
        yield f"{grey} g {left:.2f} {low:.2f} {width:.2f} {tall:.2f} re f"
    elif shape.kind == "frame":
        yield f"{grey} G {shape.thickness:.2f} w {left:.2f} {low:.2f} {width:.2f} {tall:.2f} re S"
    elif shape.kind in _STROKED:
        path = f"{left:.2f} {height - shape.top:.2f} m {shape.right:.2f} {low:.2f} l S"
        yield f"{grey} G {shape.thickness:.2f} w {path}"


def _word(ink: Ink, height: float, codes: dict[str, int]) -> str:
    natural = sum(FACES["sans"].width(letter, False) for letter in ink.text) * ink.size
    stretch = 100 * ink.width / natural if natural else 100.0
    text = "".join(f"{codes[letter]:02X}" for letter in ink.text)
    return (
        f"BT {ink.grey / 255:.3f} g /F {ink.size:.2f} Tf {stretch:.1f} Tz"
        f" {ink.left:.2f} {height - ink.baseline:.2f} Td <{text}> Tj ET"
    )
