"""What is let in, what is refused and with which code, and that native programs are bounded."""

import io
import pickle
import sys
from pathlib import Path

import pytest
from PIL import Image

from data.pages.attachments import (
    MODEL_LONG_SIDE,
    AttachmentError,
    Limits,
    PasswordRequired,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.pages.sandbox import Bounds, MissingProgram, run_bounded
from data.pages.words import read_pages
from tests.support.small_attachments import LETTER, make_image, make_pdf


def make_tiff(count: int) -> bytes:
    frames = [Image.new("L", (60, 40), 20 * number) for number in range(count)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


LOCKED = (
    f"/Encrypt <</Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}>>>"
    f" /ID [<{'33' * 16}> <{'33' * 16}>]"
)


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (make_pdf([LETTER]), "pdf", 1),
        (b"\n\n junk before the header \n" + make_pdf([LETTER, LETTER]), "pdf", 2),
        (make_tiff(3), "tiff", 3),
        (make_image((30, 20), "PNG"), "png", 1),
        (make_image((30, 20), "JPEG"), "jpeg", 1),
    ],
)
def test_kind_is_found_by_content_whatever_the_name(content: bytes, kind: str, pages: int) -> None:
    attachment = open_attachment(content, "scan.docx")
    assert (attachment.kind, attachment.page_count) == (kind, pages)
    assert len(attachment.page_sizes) == pages


SMALL = Limits(max_bytes=20_000, max_pages=3, max_image_pixels=10_000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"Invoice 4711\nTotal 12.00\n", "unsupported_type"),
        (b"PK\x03\x04 a spreadsheet", "unsupported_type"),
        (b"GIF89a" + bytes(40), "unsupported_type"),
        (b"x" * 20_001, "file_too_large"),
        (b"%PDF-1.4\n", "corrupt_document"),
        (make_pdf([LETTER])[:60], "corrupt_document"),
        (make_pdf([LETTER], trailer=LOCKED), "password_required"),
        (make_pdf([LETTER] * 3), None),
        (make_pdf([LETTER] * 4), "too_many_pages"),
        (make_pdf([LETTER], count=10_000), "too_many_pages"),
        (make_pdf(["/MediaBox [0 0 14400 14400]"]), None),
        (make_pdf(["/MediaBox [0 0 14401 100]"]), "page_too_large"),
        (make_pdf(["/MediaBox [0 0 200000 200000]"]), "page_too_large"),
        (make_tiff(3), None),
        (make_tiff(4), "too_many_pages"),
        (make_image((100, 100), "PNG"), None),
        (make_image((100, 101), "PNG"), "image_too_large"),
        (make_image((101, 100), "JPEG"), "image_too_large"),
        (make_image((50, 50), "PNG")[:30], "corrupt_document"),
        (b"II*\x00" + bytes(40), "corrupt_document"),
    ],
)
def test_fault_of_a_document_has_its_code(content: bytes, code: str | None) -> None:
    if code is None:
        assert open_attachment(content, "a.pdf", SMALL).page_count > 0
        return
    with pytest.raises(AttachmentError) as raised:
        open_attachment(content, "a.pdf", SMALL)
    assert raised.value.code == code
    assert str(raised.value).startswith("a.pdf: ")


def test_missing_and_large_files_are_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(AttachmentError, match="check the path") as raised:
        open_attachment_file(tmp_path / "none.pdf")
    assert raised.value.code == "missing_file"
    large = tmp_path / "large.pdf"
    large.write_bytes(b"x" * 20_001)
    with pytest.raises(AttachmentError, match="20001 bytes"):
        open_attachment_file(large, SMALL)


def test_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(PasswordRequired("a.pdf: locked; unlock it")))
    assert (error.code, str(error)) == ("password_required", "a.pdf: locked; unlock it")


@pytest.mark.parametrize(
    ("page", "size", "shape"),
    [
        (LETTER, (612, 792), (1024, 791)),
        (LETTER + " /Rotate 90", (792, 612), (791, 1024)),
        (LETTER + " /Rotate -90", (792, 612), (791, 1024)),
        (LETTER + " /CropBox [0 0 612 306]", (612, 306), (512, 1024)),
        ("/MediaBox [0 0 14400 7200]", (14400, 7200), (512, 1024)),
    ],
)
def test_pdf_page_is_measured_and_rendered_as_shown(
    page: str, size: tuple[float, float], shape: tuple[int, int]
) -> None:
    attachment = open_attachment(make_pdf([page]), "a.pdf")
    assert attachment.page_sizes == (size,)
    image = render_page(attachment, 0, MODEL_LONG_SIDE)
    assert all(abs(a - b) <= 1 for a, b in zip(image.shape, shape, strict=True))


def test_exif_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    attachment = open_attachment(make_image((300, 200), "JPEG", exif=exif.tobytes()), "a.jpg")
    assert attachment.page_sizes == ((200, 300),)
    assert render_page(attachment, 0).shape == (300, 200)


def test_tiff_pages_are_told_apart() -> None:
    attachment = open_attachment(make_tiff(3), "a.tif")
    assert [int(render_page(attachment, n)[0, 0]) for n in range(3)] == [0, 20, 40]


@pytest.mark.parametrize(
    ("mode", "color", "grey"),
    [("RGBA", (0, 0, 0, 0), 255), ("LA", (0, 255), 0), ("I;16", 65535, 255), ("1", 1, 255)],
)
def test_every_pixel_format_becomes_grey_on_white(mode: str, color: object, grey: int) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (20, 20), color).save(buffer, "PNG")  # type: ignore[arg-type]
    image = render_page(open_attachment(buffer.getvalue(), "a.png"), 0)
    assert (int(image.min()), int(image.max())) == (grey, grey)


def test_page_number_outside_of_the_document_is_an_index_error() -> None:
    attachment = open_attachment(make_pdf([LETTER]), "a.pdf")
    with pytest.raises(IndexError, match="page 1 of 1"):
        render_page(attachment, 1)


def test_page_that_cannot_be_loaded_does_not_cost_the_document() -> None:
    whole = make_pdf([LETTER, LETTER])
    broken = whole.replace(b"4 0 obj <</Type /Page /Parent 2 0 R", b"4 0 obj <</Type /Frob /X 1")
    pages = list(read_pages(open_attachment(broken, "a.pdf")))
    assert [page.words_source for page in pages] == ["none", "none"]
    assert pages[0].reason.startswith("blank_page: ")


@pytest.mark.parametrize(
    ("argv", "bounds", "stopped"),
    [
        (["yes"], Bounds(5, stdout_bytes=100_000), "output"),
        (["sh", "-c", "yes >&2"], Bounds(5, stderr_bytes=1000), "output"),
        (["tail", "-f", "/dev/null"], Bounds(0.2), "time"),
        (["sh", "-c", "tail -f /dev/null & exec tail -f /dev/null"], Bounds(0.2), "time"),
        (["sh", "-c", "exec >&- 2>&-; exec sleep 60"], Bounds(0.2), "time"),
        (["echo", "done"], Bounds(5), None),
    ],
)
def test_program_is_stopped_at_its_bound(
    argv: list[str], bounds: Bounds, stopped: str | None
) -> None:
    outcome = run_bounded(argv, bounds)
    assert outcome.stopped == stopped
    assert len(outcome.stdout) <= bounds.stdout_bytes
    assert len(outcome.stderr) <= bounds.stderr_bytes


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_memory_is_bounded() -> None:
    outcome = run_bounded(
        ["sh", "-c", "head -c 900000000 /dev/zero | tail -c 800000000 | wc -c"],
        Bounds(20, memory_bytes=200 * 2**20),
    )
    assert b"800000000" not in outcome.stdout


def test_environment_is_clean_and_input_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    assert "s3cret" not in run_bounded(["env"], Bounds(5)).stdout.decode()
    assert run_bounded(["cat"], Bounds(5)).stdout == b""


def test_missing_program_says_what_to_install() -> None:
    with pytest.raises(MissingProgram, match="poppler-utils"):
        run_bounded(["no-such-program"], Bounds(1))
