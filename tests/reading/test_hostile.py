"""Documents made to harm a reader end in a known code, soon, and leave nothing behind."""

import io
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import DEFAULT_LIMITS, Limits, open_attachment
from data.pages.words import read_pages
from data.records import Page
from serving.benchmarks.hostile import main, read_hostile, remaining_children, warm_up
from serving.benchmarks.hostile_report import PARTLY, READ, Report, stable_codes, unknown_codes

LIMITS = Limits(inspect_timeout_s=10, render_timeout_s=10, ocr_timeout_s=20, document_timeout_s=30)


def png(width: int, height: int, claimed: tuple[int, int] | None = None) -> bytes:
    """A black PNG of one bit a pixel whose header may claim another size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    head = struct.pack(">IIBBBBB", *(claimed or (width, height)), 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def tiff(pages: int, loops: bool = False) -> bytes:
    """A TIFF of one-pixel pages, by hand; with `loops` the last is followed by the first."""
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1))
    size = 2 + 12 * len(tags) + 4
    content = b"II*\x00" + struct.pack("<I", 12) + b"\x00" * 4
    for number in range(pages):
        last = number == pages - 1
        following = (12 if loops else 0) if last else 12 + (number + 1) * size
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        content += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return content


def picture(kind: str, grey: int, size: tuple[int, int] = (800, 600), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, grey).save(buffer, kind, **options)
    return buffer.getvalue()


def texts(letters: int) -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", "x" * letters, zip=True)
    return info


def pdf(*objects: bytes, trailer: bytes = b"<</Root 1 0 R>>") -> bytes:
    numbered = (b"%d 0 obj %s endobj" % item for item in enumerate(objects, start=1))
    return b"\n".join([b"%PDF-1.7", *numbered, b"trailer " + trailer, b"%%EOF"])


CATALOG, PAGES = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
LETTER = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"


def drawn(content: bytes, page: bytes = LETTER, packed: int = 0) -> bytes:
    """A page with a content stream, packed with Flate so many times."""
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = b"/Filter[" + b"/FlateDecode" * packed + b"]" if packed else b""
    stream = b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content)
    return pdf(CATALOG, PAGES, page, stream)


LOCKED = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<33><33>]" % (
    b"11" * 32,
    b"22" * 32,
)

ATTACKS: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("nothing", lambda: b"", {"empty_file"}),
    ("a program", lambda: b"\x7fELF" + bytes(200), {"unsupported_type"}),
    ("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(200), {"unsupported_type"}),
    ("a picture Pillow knows and we do not", lambda: b"8BPS" + bytes(99), {"unsupported_type"}),
    ("PNG of 169 megapixels", lambda: png(13_000, 13_000), {"image_too_large"}),
    ("PNG that claims terapixels", lambda: png(8, 8, (2**20, 2**20)), {"image_too_large"}),
    ("PNG that claims more than it has", lambda: png(8, 8, (5000, 5000)), {"corrupt_document"}),
    ("PNG with a bomb of text", lambda: picture("PNG", 0, pnginfo=texts(2**22)),
     {"corrupt_document"}),
    ("PNG without an end", lambda: picture("PNG", 9)[:60], {"corrupt_document"}),
    ("JPEG without an end", lambda: picture("JPEG", 9)[:-900], {"corrupt_document", "blank_page"}),
    ("TIFF of 5,000 pages", lambda: tiff(5000), {"too_many_pages"}),
    ("TIFF whose pages go round", lambda: tiff(2, loops=True), {"too_many_pages", "blank_page"}),
    ("TIFF of nothing", lambda: b"II*\x00" + bytes(40), {"corrupt_document"}),
    ("one pixel, PNG", lambda: png(1, 1), {"blank_page"}),
    ("one pixel, JPEG", lambda: picture("JPEG", 0, (1, 1)), {"blank_page"}),
    ("one pixel, TIFF", lambda: tiff(1), {"blank_page"}),
    ("all white", lambda: picture("PNG", 255), {"blank_page"}),
    ("all black", lambda: picture("JPEG", 0), {"blank_page"}),
    ("PDF, all white", lambda: drawn(b""), {"blank_page"}),
    ("PDF of one point", lambda: drawn(b"", LETTER.replace(b"612 792", b"1 1")), {"blank_page"}),
    ("PDF without an area", lambda: drawn(b"", LETTER.replace(b"612 792", b"0 0")),
     {"blank_page", "corrupt_document"}),
    ("PDF of a kilometre", lambda: drawn(b"", LETTER.replace(b"612", b"9999999")),
     {"page_too_large"}),
    ("PDF that claims pages", lambda: pdf(CATALOG, PAGES.replace(b"1>>", b"100000>>"), LETTER),
     {"too_many_pages"}),
    ("PDF whose pages go round", lambda: pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
     {"corrupt_document", "no_pages", "blank_page"}),
    ("PDF with a password", lambda: pdf(CATALOG, PAGES, LETTER,
                                        trailer=b"<</Root 1 0 R" + LOCKED + b">>"),
     {"password_required"}),
    ("PDF with 32 MB packed twice", lambda: drawn(b"0 " * (2**24), packed=2),
     {"blank_page", "corrupt_document", "render_timeout", "render_memory"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> AttachmentReader:
    warm_up(LIMITS)
    return AttachmentReader(LIMITS)


@pytest.mark.parametrize(
    ("make", "codes"),
    [(make, codes) for _, make, codes in ATTACKS],
    ids=[name for name, _, _ in ATTACKS],
)
def test_attack_ends_in_its_code(
    reader: AttachmentReader, tmp_path: Path, make: Callable[[], bytes], codes: set[str]
) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(make())
    before = frozenset(one.pid for one in psutil.Process().children(recursive=True))
    report = read_hostile(path, reader)
    assert report.outcome in codes
    assert codes <= stable_codes()
    assert report.seconds < 30
    assert report.peak_bytes < 2500 * 2**20
    assert report.message_bytes == 0
    assert gone(before)


def gone(before: frozenset[int]) -> bool:
    """Whether no process is left that was not there; those that were killed need a moment."""
    deadline = time.monotonic() + 5
    while remaining_children(before) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not remaining_children(before)


def test_document_beyond_its_time_keeps_the_pages_that_were_read() -> None:
    words = b"BT /F 14 Tf 60 700 Td (Invoice 4711) Tj ET"
    content = drawn(words, LETTER.replace(b"/Type", b"/Resources<</Font<</F 5 0 R>>>>/Type"))
    font = b"5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\ntrailer"
    content = content.replace(b"trailer", font)
    content = content.replace(b"[3 0 R]/Count 1", b"[3 0 R 3 0 R 3 0 R]/Count 3")
    attachment = open_attachment(content, "a.pdf")
    ticks = iter([0.0, 7.0, 7.0, 12.0, 12.0, 12.0])
    pages = read_with_clock(attachment, replace(LIMITS, document_timeout_s=10), ticks)
    assert [page.words_source for page in pages] == ["text", "text", "none"]
    assert pages[2].reason.startswith("document_timeout: page 3 was not read")


def read_with_clock(attachment, limits, ticks) -> list[Page]:
    """The pages, where the clock of `read_pages` says what it is told."""
    from data.pages import words

    real = words._now
    words._now = lambda: next(ticks)
    try:
        return list(read_pages(attachment, limits))
    finally:
        words._now = real


def test_codes_that_are_not_ours_are_seen() -> None:
    known = Report("a", PARTLY, 2, ("blank_page",), 0.1, 0, 0)
    assert unknown_codes([known, replace(known, outcome=READ)]) == set()
    odd = replace(known, outcome="unknown_error", page_codes=("text layer",))
    assert unknown_codes([known, odd]) == {"unknown_error", "text layer"}


def test_command_counts_outcomes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(png(1, 1))
    (tmp_path / "b.txt").write_bytes(b"Invoice 4711")
    assert main([str(tmp_path), "--out", str(tmp_path / "out.jsonl")]) == 0
    printed = capsys.readouterr().out
    assert "blank_page" in printed
    assert "unsupported_type" in printed
    assert "2 files" in printed
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2


@pytest.mark.slow
@pytest.mark.shared
def test_whole_corpus_is_read_within_bounds(shared: Path) -> None:
    """248 files made or found to break readers: bounded time, memory, messages; known codes."""
    reader = AttachmentReader(replace(DEFAULT_LIMITS, document_timeout_s=60))
    warm_up(reader.limits)
    before = frozenset(one.pid for one in psutil.Process().children(recursive=True))
    me = psutil.Process()
    files = sorted(path for path in (shared / "hostile").rglob("*") if path.is_file())
    reports = [read_hostile(path, reader) for path in files]
    assert len(reports) >= 248
    assert unknown_codes(reports) == set()
    # A page that was begun is finished: its own limits add to the document's
    assert max(one.seconds for one in reports) < 60 + 20 + 20 + 60
    assert max(one.peak_bytes for one in reports) < 2500 * 2**20
    assert sum(one.message_bytes for one in reports) == 0
    assert me.memory_info().rss < 1500 * 2**20
    assert gone(before)
    assert sum(one.outcome in (READ, PARTLY) for one in reports) >= 130
