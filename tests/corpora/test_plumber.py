"""The words pdfplumber finds stand where they are printed, however the page is turned or cut."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from data.corpora.plumber import pages_by_pdfplumber
from data.pages.attachments import AttachmentError, open_attachment_file
from data.pages.words import read_pages
from data.records import Page

LINES = ("Invoice 4711", "Hex bolt galvanised 120 0.25 30.00", "Washer steel 40 0.10 4.00")
PLAIN = "1 0 0 1 150 500"
CROP = "/CropBox [100 60 580 700]"
TURNED = "0 1 -1 0 400 150"  # baselines run upwards
UPSIDE_DOWN = "-1 0 0 -1 500 300"


def make_pdf(contents: Sequence[str], page: str = "") -> bytes:
    """A PDF of letter pages with these content streams, Helvetica as /F."""
    kids = " ".join(f"{2 * number + 10} 0 R" for number in range(len(contents)))
    parts = [
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        f"2 0 obj <</Type /Pages /Kids [{kids}] /Count {len(contents)}>> endobj",
        "3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
    ]
    for number, content in enumerate(contents):
        parts.append(
            f"{2 * number + 10} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {page}"
            f" /Contents {2 * number + 11} 0 R /Resources <</Font <</F 3 0 R>>>>>> endobj\n"
            f"{2 * number + 11} 0 obj <</Length {len(content)}>> stream\n{content}\n"
            "endstream endobj"
        )
    return "\n".join([*parts, "trailer <</Root 1 0 R>>\n%%EOF"]).encode()


def write_lines(matrix: str = PLAIN, size: int = 14) -> str:
    shown = " ".join(f"({line}) Tj 0 -24 Td" for line in LINES)
    return f"BT /F {size} Tf {matrix} Tm {shown} ET"


def read(tmp_path: Path, content: bytes) -> tuple[Page, ...]:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    return pages_by_pdfplumber(path)


@pytest.mark.parametrize(
    ("turn", "matrix", "crop"),
    [
        (0, PLAIN, ""),
        (90, PLAIN, ""),
        (0, PLAIN, CROP),
        (90, PLAIN, CROP),
        (180, PLAIN, CROP),
        (270, PLAIN, CROP),
        (0, TURNED, CROP),
        (90, UPSIDE_DOWN, CROP),
        (270, TURNED, CROP),
    ],
)
def test_words_stand_where_poppler_finds_them(
    tmp_path: Path, turn: int, matrix: str, crop: str
) -> None:
    content = make_pdf([write_lines(matrix)], f"/Rotate {turn} {crop}")
    (page,) = read(tmp_path, content)
    attachment = open_attachment_file(tmp_path / "a.pdf")
    (wanted,) = read_pages(attachment, source="text", images=False)
    words = " ".join(LINES).split()
    assert [word.text for word in page.words] == words
    assert (page.width, page.height) == (wanted.width, wanted.height)
    # Poppler's page compared through the page as shown: both ways up are then the same
    other = {word.text: wanted.polygon(word.box) for word in wanted.words}
    for word in page.words:
        corners = page.polygon(word.box)
        x, y = sum(corners[0::2]) / 4, sum(corners[1::2]) / 4
        theirs = other[word.text]
        assert x == pytest.approx(sum(theirs[0::2]) / 4, abs=0.01)
        assert y == pytest.approx(sum(theirs[1::2]) / 4, abs=0.01)


@pytest.mark.parametrize(
    ("matrix", "turn", "rotation"),
    [
        (PLAIN, 0, 0),
        (PLAIN, 90, 90),
        (PLAIN, 180, 180),
        (TURNED, 0, 270),
        (TURNED, 90, 0),  # a sheet that was turned to be read
    ],
)
def test_the_turn_of_the_text_on_the_page_as_shown_is_undone(
    tmp_path: Path, matrix: str, turn: int, rotation: int
) -> None:
    (page,) = read(tmp_path, make_pdf([write_lines(matrix)], f"/Rotate {turn}"))
    assert page.rotation == rotation
    assert all(word.box.width > word.box.height for word in page.words if len(word.text) > 2)
    assert page.words_source == "text"


def test_words_outside_of_what_is_shown_are_left_out(tmp_path: Path) -> None:
    (page,) = read(tmp_path, make_pdf([write_lines()], "/CropBox [100 490 580 700]"))
    assert [word.text for word in page.words] == LINES[0].split()


def test_a_page_without_text_has_no_words_and_says_so(tmp_path: Path) -> None:
    first, second = read(tmp_path, make_pdf([write_lines(), "0 0 50 50 re f"]))
    assert first.words
    assert (first.number, second.number) == (0, 1)
    assert (second.words, second.words_source) == ((), "none")
    assert second.reason.startswith("no_text_layer: ")


def test_letters_printed_twice_are_one_word(tmp_path: Path) -> None:
    (page,) = read(tmp_path, make_pdf([write_lines() + write_lines("1 0 0 1 150.3 500")]))
    assert [word.text for word in page.words] == " ".join(LINES).split()


def test_small_print_keeps_its_words_apart(tmp_path: Path) -> None:
    (page,) = read(tmp_path, make_pdf([write_lines(size=6)]))
    assert [word.text for word in page.words] == " ".join(LINES).split()


@pytest.mark.parametrize(
    ("name", "code"), [("missing.pdf", "missing_file"), ("a.png", "unsupported_type")]
)
def test_what_cannot_be_opened_is_an_attachment_error(tmp_path: Path, name: str, code: str) -> None:
    Image.new("L", (64, 64), 255).save(tmp_path / "a.png")
    with pytest.raises(AttachmentError) as raised:
        pages_by_pdfplumber(tmp_path / name)
    assert raised.value.code == code


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing else", b"no PDF at all"])
def test_damaged_files_are_attachment_errors(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(AttachmentError):
        read(tmp_path, content)
