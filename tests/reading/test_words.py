"""Where the words of a page come from, why, and where they stand."""

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from data.pages.attachments import (
    AttachmentError,
    Limits,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.pages.text_layer import (
    TextLayer,
    drawn_rotation,
    judge_drawn,
    judge_text,
    parse_text_layer,
)
from data.pages.words import in_reading_order, read_image, read_page, read_pages
from data.records import Box, GreyImage, Page, Word

ENGLISH = ("eng",)  # one language keeps the tests quick
LINES = (
    "Invoice 4711 of Acme Hardware Limited",
    "Pos Description Quantity Price Amount",
    "1 Hex bolt galvanised 120 0.25 30.00",
    "2 Washer steel large 40 0.10 4.00",
    "3 Threaded rod long 15 3.20 48.00",
    "4 Anchor for solid brick 60 0.75 45.00",
    "Subtotal of all positions 127.00",
)


def make_pdf(contents: Sequence[str], page: str = "", image: GreyImage | None = None) -> bytes:
    """A PDF of letter pages with these content streams, Helvetica as /F and an image as /I."""
    kids = " ".join(f"{2 * number + 10} 0 R" for number in range(len(contents)))
    picture = b"" if image is None else image.tobytes()
    high, wide = (1, 1) if image is None else image.shape
    parts = [
        b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        b"2 0 obj <</Type /Pages /Kids [%s] /Count %d>> endobj" % (kids.encode(), len(contents)),
        b"3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
        b"4 0 obj <</Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray /Length %d>> stream\n%s\nendstream endobj"
        % (wide, high, len(picture), picture),
    ]
    for number, content in enumerate(contents):
        parts.append(
            (
                f"{2 * number + 10} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
                f" /Contents {2 * number + 11} 0 R {page}"
                " /Resources <</Font <</F 3 0 R>> /XObject <</I 4 0 R>>>>>> endobj\n"
                f"{2 * number + 11} 0 obj <</Length {len(content)}>>"
                f" stream\n{content}\nendstream endobj"
            ).encode()
        )
    return b"\n".join([*parts, b"trailer <</Root 1 0 R>>\n%%EOF"])


def write_lines(matrix: str = "1 0 0 1 60 720", mode: int = 0, lines: Sequence[str] = LINES) -> str:
    """A content stream that prints the lines, `mode` 3 invisibly."""
    shown = " ".join(f"({line}) Tj 0 -24 Td" for line in lines)
    return f"BT /F 14 Tf {mode} Tr {matrix} Tm {shown} ET"


def make_scan() -> GreyImage:
    """A scanned letter page with the same lines, 150 dpi."""
    sheet = np.full((1650, 1275), 255, dtype=np.uint8)
    for number, line in enumerate(LINES):
        place = (120, 200 + 80 * number)
        cv2.putText(sheet, line, place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2, cv2.LINE_AA)
    return sheet


def read(content: bytes, **options: object) -> Page:
    options.setdefault("languages", ENGLISH)
    return read_page(open_attachment(content, "a.pdf"), 0, **options)  # type: ignore[arg-type]


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


PRINTED = " ".join(LINES).split()


def test_trusted_text_layer_is_read_without_ocr() -> None:
    page = read(make_pdf([write_lines()]))
    assert (page.words_source, page.rotation, texts(page)) == ("text", 0, PRINTED)
    assert "agrees with the pixels" in page.reason
    assert page.words[0].confidence is None
    assert page.image is not None
    assert page.image.shape == (1024, 792)
    box = page.words[0].box  # "Invoice" at 60, 720 points from the bottom left
    assert box.left == pytest.approx(60 / 612, abs=0.002)
    assert box.top < (792 - 720) / 792 < box.bottom


@pytest.mark.parametrize(
    ("matrix", "page", "rotation"),
    [
        ("1 0 0 1 60 720", "", 0),
        ("0 -1 1 0 300 700", "", 90),
        ("0 1 -1 0 200 80", "", 270),
        ("-1 0 0 -1 560 80", "", 180),
        ("0 1 -1 0 200 80", "/Rotate 90", 0),
    ],
)
def test_text_drawn_turned_comes_upright(matrix: str, page: str, rotation: int) -> None:
    found = read(make_pdf([write_lines(matrix)], page))
    assert (found.words_source, found.rotation) == ("text", rotation)
    assert texts(found) == PRINTED
    first = found.words[0].box
    assert first.width * found.upright_aspect > 2 * first.height
    assert_on_ink(found, make_pdf([write_lines(matrix)], page))


def assert_on_ink(page: Page, content: bytes) -> None:
    """Every word's polygon, on the page as delivered, holds ink."""
    delivered = render_page(open_attachment(content, "a.pdf"), page.number, 1024)
    height, width = delivered.shape
    for word in page.words:
        corners = np.array(page.polygon(word.box)).reshape(4, 2) * (width, height)
        left, top = np.floor(corners.min(axis=0)).astype(int)
        right, bottom = np.ceil(corners.max(axis=0)).astype(int)
        assert delivered[top:bottom, left:right].min() < 140, word


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            write_lines(mode=3) + " q 612 0 0 792 0 0 cm Q",
            "text layer differs from the visible page",
        ),
        ("q 612 0 0 792 0 0 cm /I Do Q " + write_lines(lines=["Received"]), "leaves print unread"),
        ("q 612 0 0 792 0 0 cm /I Do Q", "text layer is empty"),
    ],
)
def test_text_layer_that_differs_from_the_pixels_is_not_believed(content: str, reason: str) -> None:
    page = read(make_pdf([content], image=make_scan()))
    if "visible" in reason:  # nothing is printed there at all
        assert page.words_source == "none"
        assert page.reason.startswith("blank_page: ")
        return
    assert page.words_source == "ocr"
    assert reason in page.reason
    assert "127.00" in texts(page)
    assert all(word.confidence is not None for word in page.words)


def beneath(line: str, number: int) -> str:
    """Invisible words where the scan shows its line of that number."""
    return f"BT /F 17 Tf 3 Tr 1 0 0 1 57.6 {696 - 38.4 * number} Tm ({line}) Tj ET"


def test_words_behind_a_scan_are_another_programs_reading() -> None:
    """What a scanner's program misread stands in the text layer as sure as print."""
    misread = [line.replace("127.00", "121.00") for line in LINES]
    behind = " ".join(beneath(line, number) for number, line in enumerate(misread))
    page = read(make_pdf([f"q 612 0 0 792 0 0 cm /I Do Q {behind}"], image=make_scan()))
    assert page.words_source == "ocr"
    assert "18 of 18 numbers of the text layer are not drawn" in page.reason
    assert "127.00" in texts(page)
    assert "121.00" not in texts(page)


def test_one_hidden_number_costs_the_text_layer_its_trust() -> None:
    hidden = "BT /F 14 Tf 3 Tr 1 0 0 1 60 576 Tm (Subtotal of all positions 172.00) Tj ET"
    page = read(make_pdf([write_lines(lines=LINES[:-1]) + " " + hidden]))
    assert page.words_source == "ocr"
    assert "1 of 18 numbers of the text layer are not drawn" in page.reason
    assert "172.00" not in texts(page)


def test_a_picture_behind_drawn_words_is_no_scan() -> None:
    watermark = np.full((110, 85), 250, dtype=np.uint8)
    content = "q 612 0 0 792 0 0 cm /I Do Q " + write_lines()
    page = read(make_pdf([content], image=watermark))
    assert (page.words_source, texts(page)) == ("text", PRINTED)


@pytest.mark.parametrize(
    ("words", "output", "trusted"),
    [
        ("1,234.50", '<text top="1"><b>1,234</b>.50</text>', True),  # cut elsewhere, in bold
        ("1 234,50", "<text a=''>1 234,50</text>", True),
        ("R&D12", "<text a=''>R&amp;D12</text>", True),
        ("12 12", "<text a=''>12</text><text a=''>x 12</text>", True),
        ("12 12", "<text a=''>12</text>", False),  # drawn once, there twice
        ("12", "<text a=''>1</text><text a=''>3</text>", False),
        ("total", "", True),  # no number: nothing to say
        ("12", "", False),
    ],
)
def test_numbers_have_to_be_drawn(words: str, output: str, trusted: bool) -> None:
    listed = [Word(word, Box(0.1, 0.1, 0.2, 0.2)) for word in words.split()]
    assert judge_drawn(listed, output.encode()).trusted is trusted


def test_source_can_be_forced() -> None:
    content = make_pdf([write_lines()])
    by_ocr = read(content, source="ocr")
    assert by_ocr.words_source == "ocr"
    assert "127.00" in texts(by_ocr)
    by_text = read(make_pdf([write_lines(mode=3)]), source="text", images=False)
    assert (by_text.words_source, by_text.image, texts(by_text)) == ("text", None, PRINTED)
    assert read(make_pdf([""]), source="text").reason.startswith("no_text_layer: ")


SENTENCE = (
    "Please transfer the amount stated above within thirty days after receipt of this invoice and"
    " quote your customer number with every payment that you make"
)
SHIFTED = "".join(chr((ord(c) - 94) % 26 + 97) if c.islower() else c for c in SENTENCE)


def layer(text: str, count: int = 40) -> TextLayer:
    box = Box(0.1, 0.1, 0.2, 0.12)
    return TextLayer(tuple(Word(part, box) for part in text.split() * count), 0)


@pytest.mark.parametrize(
    ("candidate", "trusted"),
    [
        (layer("Invoice 4711 total 12.00"), True),
        (layer("Rechnung über 12,00 € größer"), True),
        (layer("12.00 1,250.00 4711"), True),
        (layer("DHL GmbH PVC XLPE 5x16"), True),  # too few different words to judge by
        (layer(SENTENCE), True),
        (TextLayer((), 0), False),
        (TextLayer(layer("Invoice").words, 9), True),
        (TextLayer(layer("Invoice").words, 11), False),
        (layer("\ue001\ue002 \ue003 Invoice"), False),
        (layer("Invo\ufffdce"), False),
        (layer("I n v o i c e 1"), False),
        (layer("----- ..... _____ 7"), False),
        (layer(SHIFTED), False),
    ],
)
def test_only_text_that_reads_like_text_is_believed(candidate: TextLayer, trusted: bool) -> None:
    verdict = judge_text(candidate)
    assert verdict.trusted == trusted
    assert verdict.reason


def test_text_layer_is_parsed_with_entities_ligatures_and_bold_doubles() -> None:
    word = '<word xMin="{0}" yMin="10" xMax="{1}" yMax="20">{2}</word>'
    output = "\n".join(
        [
            word.format(10, 40, "Smith &amp; Co"),
            word.format(50, 70, "\ufb01t\x02"),
            word.format(80, 90, "bold"),
            word.format(80.2, 90.2, "bold"),
            word.format(-50, -20, "gone"),
        ]
    )
    parsed = parse_text_layer(output.encode(), 100, 100)
    assert [word.text for word in parsed.words] == ["Smith & Co", "fit\x02", "bold"]
    assert parsed.outside == 1
    assert parsed.words[0].box == Box(0.1, 0.1, 0.4, 0.2)


def test_few_words_never_turn_a_page() -> None:
    tall = tuple(Word("Total", Box(0.1, 0.1 * n, 0.11, 0.1 * n + 0.05)) for n in range(4))
    assert drawn_rotation(tall) == 0


@pytest.mark.parametrize(("rotation", "skew"), [(0, 0.0), (90, 2.0), (180, 0.0), (270, -3.0)])
def test_scan_comes_upright_with_boxes_on_the_delivered_page(rotation: int, skew: float) -> None:
    sheet = make_scan()
    height, width = sheet.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    skewed = cv2.warpAffine(sheet, turn, (width, height), borderValue=255)
    delivered = np.ascontiguousarray(np.rot90(skewed, -rotation // 90)).astype(np.uint8)

    page = read_image(delivered, languages=ENGLISH)
    assert (page.words_source, page.rotation) == ("ocr", rotation)
    assert page.skew == pytest.approx(skew, abs=0.25)
    assert {"Invoice", "30.00", "4.00", "48.00", "45.00", "127.00"} <= set(texts(page))
    total = next(word for word in page.words if word.text == "127.00")
    corners = np.array(page.polygon(total.box)).reshape(4, 2) * delivered.shape[::-1]
    inside = np.zeros_like(delivered)
    cv2.fillPoly(inside, [np.round(corners).astype(np.int32)], 1)
    assert np.count_nonzero((delivered < 128) & (inside == 1)) > 200


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (np.full((1, 1), 0, np.uint8), "blank_page"),
        (np.full((900, 700), 255, np.uint8), "blank_page"),
        (np.full((900, 700), 0, np.uint8), "blank_page"),
        (np.full((900, 700), 200, np.uint8), "blank_page"),
    ],
)
def test_page_without_print_is_told_apart_from_a_page_without_lines(
    image: GreyImage, code: str
) -> None:
    page = read_image(image)
    assert (page.words, page.words_source) == ((), "none")
    assert page.reason.startswith(f"{code}: ")


def test_tiff_pages_are_read_one_by_one_and_a_blank_one_is_kept() -> None:
    buffer = io.BytesIO()
    blank = Image.new("L", (1275, 1650), 255)
    scan = Image.fromarray(make_scan())
    blank.save(buffer, "TIFF", save_all=True, append_images=[scan])
    pages = list(read_pages(open_attachment(buffer.getvalue(), "a.tif"), languages=ENGLISH))
    assert [(page.number, page.words_source) for page in pages] == [(0, "none"), (1, "ocr")]
    assert pages[0].reason.startswith("blank_page: ")
    assert (pages[1].width, pages[1].height) == (1275, 1650)
    assert "127.00" in texts(pages[1])


def test_ocr_that_takes_too_long_costs_one_page() -> None:
    buffer = io.BytesIO()
    Image.fromarray(make_scan()).save(buffer, "PNG")
    attachment = open_attachment(buffer.getvalue(), "a.png")
    page = read_page(attachment, 0, Limits(ocr_timeout_s=0.01))
    assert page.words_source == "none"
    assert page.reason.startswith("ocr_timeout: ")


def test_many_pages_are_read_lazily_and_may_be_abandoned() -> None:
    attachment = open_attachment(make_pdf([write_lines()] * 100), "a.pdf")
    pages = read_pages(attachment)
    assert next(pages).number == 0
    assert next(pages).number == 1
    pages.close()  # type: ignore[attr-defined]


def test_page_outside_of_the_document_is_an_index_error() -> None:
    with pytest.raises(IndexError, match="page 5 of 1"):
        read_page(open_attachment(make_pdf([""]), "a.pdf"), 5)


def test_reading_order_goes_by_printed_lines() -> None:
    def word(text: str, left: float, top: float, height: float = 0.01) -> Word:
        return Word(text, Box(left, top, left + 0.05, top + height))

    columns = [word("1", 0.1, 0.1), word("2", 0.1, 0.12), word("9.00", 0.8, 0.102)]
    columns += [word("8.00", 0.8, 0.119), word("LOGO", 0.3, 0.09, 0.06)]
    assert [w.text for w in in_reading_order(columns)] == ["1", "9.00", "2", "LOGO", "8.00"]
    assert in_reading_order([]) == ()


HOSTILE = (
    "ocrmypdf/hugemono.pdf",
    "qpdf/qtest/deep-pages.pdf",
    "qpdf/fuzz_extra/69977.fuzz",
    "qpdf/fuzz_extra/57639.fuzz",
    "qpdf/qtest/issue-99.pdf",
)


@pytest.mark.shared
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_pages_or_a_coded_error(shared: Path, name: str) -> None:
    path = shared / "hostile" / name
    if not path.is_file():
        pytest.skip(f"no {path}")
    limits = Limits(render_timeout_s=5, inspect_timeout_s=5, ocr_timeout_s=2)
    try:
        attachment = open_attachment_file(path, limits)
    except AttachmentError:
        return
    page = read_page(attachment, 0, limits)
    assert page.words or page.reason.split(":")[0].isidentifier()


@pytest.mark.shared
def test_real_page_with_a_large_media_box_is_read(shared: Path) -> None:
    """Ad-buy invoices exist on pages of 24 x 31 inches."""
    for path in sorted((shared / "real" / "adbuy" / "documents").glob("*.pdf")):
        attachment = open_attachment_file(path)
        if attachment.page_sizes[0][0] > 1500:
            page = read_page(attachment, 0)
            assert page.words
            assert page.image is not None
            assert max(page.image.shape) == 1024
            return
    pytest.skip("no such page")
