"""Tesseract's library and its program read the same words."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from data.pages import tesseract
from data.pages.ocr import installed_languages


def sheet() -> Image.Image:
    page = Image.new("L", (900, 240), 255)
    face = ImageFont.load_default(40)
    ImageDraw.Draw(page).text((40, 30), "Hex bolt M6x20", font=face, fill=0)
    ImageDraw.Draw(page).text((40, 130), "12 CS 48.00 576.00", font=face, fill=0)
    return page


def words(page: Image.Image) -> list[str]:
    folder, _ = installed_languages()
    arguments = {
        "width": page.width,
        "height": page.height,
        "mode": 6,
        "languages": "eng",
        "tessdata": folder,
    }
    _, table = tesseract.run(arguments, io.BytesIO(page.tobytes()))
    rows = [row.split("\t") for row in table.decode().splitlines()]
    return [row[11] for row in rows if row[0] == "5" and row[11].strip()]


def test_where_the_library_is_missing_the_program_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_library = words(sheet())
    library, engine = tesseract._engine("eng", installed_languages()[0] or "")
    library.TessBaseAPIDelete(engine)  # or it complains of leaks when the tests end
    tesseract._engine.cache_clear()
    assert by_library[-1] == "576.00"
    monkeypatch.setattr(tesseract, "_library", lambda: None)
    assert words(sheet()) == by_library


def test_pixels_that_are_not_the_page_are_refused() -> None:
    page = sheet()
    arguments = {"width": 900, "height": 241, "mode": 6, "languages": "eng", "tessdata": "/"}
    with pytest.raises(tesseract.EngineFailed, match="900 x 241"):
        tesseract.run(arguments, io.BytesIO(page.tobytes()))
