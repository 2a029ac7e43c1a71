"""Scans read by OCR: the words stand where the undamaged file has them, and are kept apart."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from data.corpora import readings
from data.corpora.readings import Reading, read_document, read_file
from data.corpora.scans import DamageLevel, scan_page, scan_pages
from data.corpora.truth import CorpusError, TrueDocument
from data.pages.attachments import AttachmentError, CorruptDocument, open_attachment
from data.records import Page
from tests.support.small_invoices import invoice
from tests.support.small_sheets import grain, image_file, pdf, text

LEVELS: tuple[DamageLevel, ...] = ("light", "heavy")
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"


def document(
    path: Path | None, given: Callable[[], tuple[Page, ...]] | None = None
) -> TrueDocument:
    none: frozenset[str] = frozenset()
    return TrueDocument(
        "doc-1", path, "invoice", {}, none, (), (), "by hand", extra={}, read_corpus_pages=given
    )


def write(folder: Path, content: bytes, name: str = "a.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("level", "salt", "turn", "starts"),
    [
        ("light", 1, 0, JPEG),
        ("light", 4, 90, JPEG),
        ("heavy", 3, 0, JPEG),  # 1.3 degrees askew, resampled
        ("heavy", 1, 90, JPEG),  # under a dark lid
        ("heavy", 44, 0, PNG),  # a fax, 1.5 degrees askew
    ],
)
def test_words_of_a_scan_stand_where_the_text_layer_has_them(
    tmp_path: Path, level: DamageLevel, salt: int, turn: int, starts: bytes
) -> None:
    content = pdf(text(), turn=turn) + b"%%%d" % salt
    assert scan_page(open_attachment(content, "a.pdf"), 0, level).content.startswith(starts)
    layer = read_file(write(tmp_path, content), None, "text", images=False).pages[0]
    scan = read_file(tmp_path / "a.pdf", None, "auto", level, images=False).pages[0]
    assert (scan.number, scan.width, scan.height) == (0, layer.width, layer.height)
    assert (scan.words_source, scan.image) == ("ocr", None)
    wanted, seen = edges(layer), edges(scan)
    both = wanted.keys() & seen.keys()
    assert len(both) >= 5  # of 7
    # A text layer has boxes as large as the font has them, Tesseract as large as the ink; RapidOCR
    # divides a line where its letters were recognised
    slack = 8.0 if "RapidOCR" in scan.reason else 3.0
    for word in both:
        assert seen[word][:2] == pytest.approx(wanted[word][:2], abs=slack), word
        assert seen[word][2] == pytest.approx(wanted[word][2], abs=4.0), word


def edges(page: Page) -> dict[str, tuple[float, float, float]]:
    """Word -> where it begins and ends along its line, and its line's middle: points as shown."""
    found = {}
    for word in page.words:
        corners = np.array(page.polygon(word.box)).reshape(4, 2) * (page.width, page.height)
        along, across = (0, 1) if page.rotation in (0, 180) else (1, 0)
        ends = corners[:, along].min(), corners[:, along].max()
        found[word.text] = (*ends, corners[:, across].mean())
    return found


def test_tesseract_reads_most_of_a_good_scan(tmp_path: Path) -> None:
    path = write(tmp_path, invoice(5)[0])
    (layer,) = read_file(path, None, "text", images=False).pages
    (scan,) = read_document(document(path), None, "ocr", "light").pages
    printed, read = [word.text for word in layer.words], [word.text for word in scan.words]
    assert len(printed) > 30
    assert sum(word in read for word in printed) >= 0.8 * len(printed)
    assert all(word.confidence is not None for word in scan.words)
    assert scan.image is not None


WHOLE = pdf("", text())
TIFF = image_file(np.full((300, 200), 255, np.uint8), grain(1, (300, 200)), kind="TIFF")


@pytest.mark.parametrize(
    ("broken", "size"),
    [
        (WHOLE.replace(b"/Kids [10 0 R 12 0 R]", b"/Kids [10 0 R 99 0 R]"), (612, 792)),
        (WHOLE.replace(b"12 0 obj <<", b"12 0 obj 5 endobj 99 0 obj <<"), (612, 792)),
        (TIFF[:-2000], (200, 300)),
    ],
)
def test_a_page_that_cannot_be_rendered_has_no_words_and_a_coded_reason(
    tmp_path: Path, broken: bytes, size: tuple[int, int]
) -> None:
    blank, lost = scan_pages(write(tmp_path, broken), "light")
    assert [(p.number, p.words, p.words_source) for p in (blank, lost)] == [
        (0, (), "none"),
        (1, (), "none"),
    ]
    assert (lost.width, lost.height) == size
    assert blank.reason.split(":")[0] in {"blank_page", "no_words"}
    assert lost.reason.startswith("corrupt_document: a.pdf: page 2 of 2")
    with pytest.raises(CorruptDocument, match="page 2 of 2"):
        scan_page(open_attachment(broken, "a.pdf"), 1, "light")


def test_pages_keep_their_numbers_and_sizes(tmp_path: Path) -> None:
    sheets = image_file(np.full((300, 200), 255, np.uint8), grain(1, (12, 14)), kind="TIFF")
    pages = list(scan_pages(write(tmp_path, sheets), "heavy", images=False))
    assert [(p.number, p.width, p.height) for p in pages] == [(0, 200, 300), (1, 14, 12)]
    assert pages[1].reason.startswith("blank_page: ")


@pytest.mark.parametrize("content", [b"", b"no document", b"%PDF-1.4\n"])
def test_a_file_that_cannot_be_opened_is_raised(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with pytest.raises(AttachmentError, match=r"a\.pdf"):
        read_document(document(path), tmp_path / "cache", "auto", "heavy")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("words", ["text", "given"])
def test_damaged_pages_have_only_words_read_by_ocr(
    tmp_path: Path, words: Any, level: DamageLevel
) -> None:
    wanted = rf"damaged pages \('{level}'\) .* want words auto or ocr, got '{words}'"
    for path in (write(tmp_path, pdf("")), None):
        with pytest.raises(ValueError, match=wanted):
            read_document(document(path, lambda: ()), None, words, level)
    if words == "text":
        with pytest.raises(ValueError, match=wanted):
            read_file(tmp_path / "a.pdf", None, words, level)


@pytest.mark.parametrize("words", ["auto", "ocr"])
def test_a_document_without_a_file_cannot_be_damaged(words: Any) -> None:
    for given_words in (None, lambda: ()):
        with pytest.raises(CorpusError, match=r"doc-1: has no file .*damaged \('light'\)"):
            read_document(document(None, given_words), None, words, "light")


def entries(cache: Path) -> int:
    return len(list(cache.glob("*.npz")))


class Called(Exception):
    """The page would have been read."""


def refuse(*_: object, **__: object) -> Any:
    raise Called


def test_scans_are_kept_apart_from_clean_readings_and_from_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, cache = document(write(tmp_path, pdf(text()))), tmp_path / "cache"
    clean = read_document(here, cache, "auto")
    light = read_document(here, cache, "auto", "light")
    assert (clean.pages[0].words_source, light.pages[0].words_source) == ("text", "ocr")
    assert entries(cache) == 2
    monkeypatch.setattr("data.pages.words.recognise", refuse)
    for words in ("auto", "ocr"):  # the same reading for a damaged page
        again: Reading = read_document(here, cache, words, "light")
        assert again == light
        assert np.array_equal(again.pages[0].image, light.pages[0].image)  # type: ignore[arg-type]
    assert read_document(here, cache, "auto") == clean
    for words, damage in (("ocr", "none"), ("auto", "heavy")):
        with pytest.raises(Called):
            read_document(here, cache, words, damage)  # type: ignore[arg-type]
    assert entries(cache) == 2  # a reading that failed leaves nothing


def test_changed_damage_makes_scans_anew_and_leaves_clean_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = write(tmp_path, image_file(grain(0, (12, 12)))), tmp_path / "cache"
    light, clean = (read_file(path, cache, "ocr", level) for level in ("light", "none"))
    changed = ModuleType("changed")
    changed.__file__ = str(write(tmp_path, b"other code", "changed.py"))
    monkeypatch.setattr(readings, "_DAMAGE_MODULES", (changed,))
    monkeypatch.setattr("data.pages.words.read_image", refuse)
    assert read_file(path, cache, "ocr") == clean
    with pytest.raises(Called):
        read_file(path, cache, "ocr", "light")
    monkeypatch.undo()
    monkeypatch.setattr("data.pages.words.read_image", refuse)
    assert read_file(path, cache, "ocr", "light") == light
