"""Attachments: files checked for type and limits when they are opened, and pages rendered in grey.

The content decides the type of a file. Limits are checked before anything is rendered. PDFs are
counted, measured and rendered by one program, poppler, because two parsers disagree about what is
in a broken file.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar, Literal

import numpy as np

from data.pages import poppler
from data.pages.sandbox import MIB, Bounds, Outcome, run_task
from data.records import GreyImage

MODEL_LONG_SIDE = 1024  # px, long side of `Page.image` (grey, upright)
MIN_SIDE_PX = 16  # a smaller image has no room for a word

Kind = Literal["pdf", "tiff", "png", "jpeg"]
PageSizes = tuple[tuple[float, float], ...]  # as `Attachment.page_sizes`

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_ACCEPTED_FILES = "send a PDF, TIFF, PNG or JPEG"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one attachment: size, pages, memory, and seconds of wall clock.

    Times are per page, but `document_timeout_s` is for all pages of an attachment together.
    """

    max_bytes: int = 50 * MIB
    max_pages: int = 200  # PDF and TIFF
    max_page_inches: float = 200.0  # longer side of a PDF page
    max_image_pixels: int = 100_000_000  # of one image or TIFF page, before decoding
    inspect_timeout_s: float = 20.0  # page count, sizes and text layer
    render_timeout_s: float = 20.0
    ocr_timeout_s: float = 60.0
    document_timeout_s: float = 900.0  # 200 scanned pages take half of it on a slow core
    memory_bytes: int = 2048 * MIB  # address space of one native program


DEFAULT_LIMITS = Limits()


class AttachmentError(ValueError):
    """An attachment that cannot be read, with a stable `code` and the remedy in the message."""

    code: ClassVar[str] = "corrupt_document"


class UnsupportedType(AttachmentError):
    code = "unsupported_type"


class EmptyFile(AttachmentError):
    code = "empty_file"


class FileTooLarge(AttachmentError):
    code = "file_too_large"


class TooManyPages(AttachmentError):
    code = "too_many_pages"


class PageTooLarge(AttachmentError):
    code = "page_too_large"


class ImageTooLarge(AttachmentError):
    code = "image_too_large"


class PasswordRequired(AttachmentError):
    code = "password_required"


class CorruptDocument(AttachmentError):
    code = "corrupt_document"


class NoPages(AttachmentError):
    code = "no_pages"


class RenderTimeout(AttachmentError):
    code = "render_timeout"


class RenderMemory(AttachmentError):
    code = "render_memory"


class DocumentTimeout(AttachmentError):
    code = "document_timeout"


class OcrTimeout(AttachmentError):
    code = "ocr_timeout"


class OcrFailed(AttachmentError):
    code = "ocr_failed"


class MissingFile(AttachmentError):
    code = "missing_file"


@dataclass(frozen=True)
class Attachment:
    """A file that was opened within the limits.

    `page_sizes` holds (width, height) of each page as a viewer shows it: points (1/72 inch) for a
    PDF, with the page's own rotation applied; pixels for an image, with its EXIF turn applied. A
    PDF page that cannot be loaded has the size of the first one that can; rendering it fails.
    """

    name: str
    kind: Kind
    content: bytes
    page_count: int
    page_sizes: PageSizes

    @contextmanager
    def file(self) -> Iterator[IO[bytes]]:
        """Open the content as a nameless file for native programs; it removes itself."""
        with tempfile.TemporaryFile() as handle:
            handle.write(self.content)
            handle.flush()
            yield handle


def open_attachment_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> Attachment:
    """Open the attachment at `path`; raise `AttachmentError`, also when there is no such file."""
    if not path.is_file():
        raise MissingFile(f"{path}: there is no such file; check the path")
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise FileTooLarge(_too_large_message(path.name, size, limits))
    return open_attachment(path.read_bytes(), path.name, limits)


def open_attachment(content: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Attachment:
    """Open the attachment in `content`, its kind found by content; raise `AttachmentError`.

    Page count, page sizes and pixel counts are checked here, before any page is rendered.
    """
    if not content:
        raise EmptyFile(f"{name}: the file is empty (0 bytes); {_ACCEPTED_FILES}")
    if len(content) > limits.max_bytes:
        raise FileTooLarge(_too_large_message(name, len(content), limits))
    kind = sniff_kind(content)
    if kind is None:
        raise UnsupportedType(_unsupported_message(name, content))
    sizes = (
        _pdf_sizes(content, name, limits)
        if kind == "pdf"
        else _image_sizes(content, name, kind, limits)
    )
    return Attachment(name, kind, content, len(sizes), sizes)


def reopen_attachment(content: bytes, name: str, page_sizes: PageSizes) -> Attachment:
    """Open an attachment again whose page sizes are known; raise `UnsupportedType`.

    Nothing is measured again, which would cost a run of a native program.
    """
    kind = sniff_kind(content)
    if kind is None:
        raise UnsupportedType(_unsupported_message(name, content))
    return Attachment(name, kind, content, len(page_sizes), page_sizes)


def sniff_kind(content: bytes) -> Kind | None:
    """Return the kind of file by its first bytes; a PDF header may be in the first 1024."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    return "pdf" if b"%PDF-" in content[:1024] else None


def _unsupported_message(name: str, content: bytes) -> str:
    return (
        f"{name}: the content begins with {content[:8]!r}, which is not a supported file type;"
        f" {_ACCEPTED_FILES}"
    )


def _too_large_message(name: str, size: int, limits: Limits) -> str:
    return (
        f"{name}: the file has {size} bytes, the limit is {limits.max_bytes};"
        " send fewer pages or a lower resolution"
    )


def _pdf_sizes(content: bytes, name: str, limits: Limits) -> PageSizes:
    with tempfile.TemporaryFile() as handle:
        handle.write(content)
        handle.flush()
        outcome = poppler.inspect_pdf(
            handle, limits.max_pages, limits.inspect_timeout_s, limits.memory_bytes
        )
    _refuse_failed_inspection(outcome, name, limits)
    pages = poppler.parse_inspection(outcome.stdout)
    if pages.count > limits.max_pages:
        raise TooManyPages(_too_many_message(name, str(pages.count), limits))
    if pages.count <= 0:
        raise NoPages(f"{name}: the PDF has no page; export it again from its source")
    if not pages.sizes:
        raise CorruptDocument(
            f"{name}: none of its {pages.count} pages can be loaded;"
            " the file is damaged, send it again"
        )
    for number, (width, height) in pages.sizes.items():
        _refuse_page_size(width, height, name, number, limits)
    stand_in = pages.sizes[min(pages.sizes)]
    return tuple(pages.sizes.get(number, stand_in) for number in range(1, pages.count + 1))


def _refuse_failed_inspection(outcome: Outcome, name: str, limits: Limits) -> None:
    if "Incorrect password" in outcome.stderr:
        raise PasswordRequired(
            f"{name}: the PDF is encrypted and needs a password; send it without one"
        )
    if outcome.stopped == "time":
        raise RenderTimeout(
            f"{name}: counting the pages took over {limits.inspect_timeout_s:g} s;"
            " print the document to a new PDF and send that"
        )
    if outcome.stopped == "memory":
        raise RenderMemory(
            f"{name}: counting the pages took over {limits.memory_bytes // MIB} MiB of memory;"
            " print the document to a new PDF and send that"
        )
    claimed = poppler.claimed_pages(outcome.stderr)
    if claimed > limits.max_pages:
        raise TooManyPages(_too_many_message(name, str(claimed), limits))
    if outcome.status != 0 or outcome.stopped is not None:
        raise CorruptDocument(
            f"{name}: the PDF cannot be opened ({_last_line(outcome.stderr)});"
            " the file is damaged or incomplete, send it again"
        )


def _refuse_page_size(width: float, height: float, name: str, number: int, limits: Limits) -> None:
    inches = max(width, height) / 72
    if inches > limits.max_page_inches:
        raise PageTooLarge(
            f"{name}: page {number} is {width / 72:.0f} x {height / 72:.0f} inches,"
            f" the limit is {limits.max_page_inches:g} inches; print it to an ordinary paper size"
        )


def _too_many_message(name: str, count: str, limits: Limits) -> str:
    return (
        f"{name}: the document has {count} pages, the limit is {limits.max_pages};"
        " send only the relevant pages or split it"
    )


def _last_line(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    printable = "".join(c if c.isprintable() else "?" for c in lines[-1]) if lines else ""
    return printable[:160] or "no reason given"


def _image_sizes(content: bytes, name: str, kind: Kind, limits: Limits) -> PageSizes:
    arguments = {
        "do": "measure",
        "kind": kind,
        "max_pages": limits.max_pages,
        "max_pixels": limits.max_image_pixels,
    }
    bounds = Bounds(limits.inspect_timeout_s, limits.memory_bytes, MIB)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        outcome, head = run_task("data.pages.pictures", arguments, bounds, file)
    _refuse_failed_decoding(outcome, head, name, limits, limits.inspect_timeout_s)
    sizes = _checked_sizes(head.get("sizes"), limits)
    if not sizes:
        raise CorruptDocument(f"{name}: the image cannot be measured; send it again")
    return sizes


def _checked_sizes(answer: Any, limits: Limits) -> PageSizes:
    """Return the sizes in the answer of a process that read a hostile file; () if not valid."""
    if not isinstance(answer, list) or not 0 < len(answer) <= limits.max_pages:
        return ()
    for size in answer:
        if not isinstance(size, list) or len(size) != 2:
            return ()
        if not all(isinstance(side, int) and 0 < side < 2**31 for side in size):
            return ()
        if size[0] * size[1] > limits.max_image_pixels:
            return ()
    return tuple((float(width), float(height)) for width, height in answer)


def _refuse_failed_decoding(
    outcome: Outcome, head: dict[str, Any], where: str, limits: Limits, wall_s: float
) -> None:
    if outcome.stopped == "time":
        raise RenderTimeout(f"{where}: decoding took over {wall_s:g} s; scan at 300 dpi")
    if outcome.stopped is not None:
        raise RenderMemory(
            f"{where}: decoding took over {limits.memory_bytes // MIB} MiB; scan at 300 dpi"
        )
    fault, message = head.get("fault"), _last_line(str(head.get("message", outcome.stderr)))
    if fault == "too_many_pages":
        raise TooManyPages(_too_many_message(where, f"over {limits.max_pages}", limits))
    if fault == "image_too_large":
        raise ImageTooLarge(
            f"{where}: {message}, the limit is {limits.max_image_pixels} pixels; scan at 300 dpi"
        )
    if fault is not None or outcome.status != 0:
        raise CorruptDocument(
            f"{where}: the image cannot be decoded ({message});"
            " the file is damaged or incomplete, send it again"
        )


def render_page(
    attachment: Attachment,
    page: int,
    long_side: int | None = MODEL_LONG_SIDE,
    limits: Limits = DEFAULT_LIMITS,
    *,
    file: IO[bytes] | None = None,
) -> GreyImage:
    """Return page `page` (from 0) in grey as a viewer shows it, its longer side `long_side` pixels.

    An image is never enlarged, and None leaves it at its own size (for a PDF: 300 dpi). `file` is
    an open `attachment.file()`, so that many pages cost one copy. Raises `AttachmentError`
    when this page cannot be rendered.
    """
    if not 0 <= page < attachment.page_count:
        raise IndexError(f"{attachment.name}: page {page} of {attachment.page_count} (from 0)")
    with nullcontext(file) if file is not None else attachment.file() as handle:
        if attachment.kind != "pdf":
            return _decode_page(attachment, page, long_side, limits, handle)
        side = long_side or round(max(attachment.page_sizes[page]) / 72 * 300)
        return _render_pdf_page(attachment, page, side, limits, handle)


def _render_pdf_page(
    attachment: Attachment, page: int, long_side: int, limits: Limits, file: IO[bytes]
) -> GreyImage:
    where = f"{attachment.name}: page {page + 1} of {attachment.page_count}"
    outcome, image = poppler.render_grey(
        file, page, long_side, limits.render_timeout_s, limits.memory_bytes
    )
    if outcome.stopped == "time":
        raise RenderTimeout(
            f"{where} took over {limits.render_timeout_s:g} s to render;"
            " print the document to a new PDF and send that"
        )
    if outcome.stopped == "memory":
        raise RenderMemory(
            f"{where} took over {limits.memory_bytes // MIB} MiB to render;"
            " print the document to a new PDF and send that"
        )
    width, height = attachment.page_sizes[page]
    scale = long_side / max(width, height)
    expected = max(round(height * scale), 1), max(round(width * scale), 1)
    # Poppler reports success with a 1x1 image when it refuses to allocate the page
    if image is None or any(abs(a - b) > 2 for a, b in zip(image.shape, expected, strict=True)):
        actual = "nothing" if image is None else f"{image.shape[1]} x {image.shape[0]} pixels"
        raise CorruptDocument(
            f"{where} rendered to {actual}, expected {expected[1]} x {expected[0]} pixels"
            f" ({_last_line(outcome.stderr)}); print the document to a new PDF and send that"
        )
    return image


def _decode_page(
    attachment: Attachment, page: int, long_side: int | None, limits: Limits, file: IO[bytes]
) -> GreyImage:
    where = f"{attachment.name}: page {page + 1} of {attachment.page_count}"
    arguments = {
        "do": "decode",
        "kind": attachment.kind,
        "page": page,
        "long_side": long_side,
        "max_pixels": limits.max_image_pixels,
    }
    bounds = Bounds(limits.render_timeout_s, limits.memory_bytes, limits.max_image_pixels + MIB)
    outcome, head = run_task("data.pages.pictures", arguments, bounds, file)
    _refuse_failed_decoding(outcome, head, where, limits, limits.render_timeout_s)
    pixels = np.frombuffer(outcome.stdout, dtype=np.uint8)
    expected = _decoded_shape(attachment.page_sizes[page], long_side)
    shape = _checked_shape(head.get("shape"), expected)
    # As with a renderer, reported success does not prove that the page has its measured size
    if shape is None or pixels.size != shape[0] * shape[1]:
        raise CorruptDocument(
            f"{where} decoded to {pixels.size} pixels, expected {expected[1]} x {expected[0]};"
            " the file is damaged, send it again"
        )
    return pixels.reshape(shape)


def _decoded_shape(size: tuple[float, float], long_side: int | None) -> tuple[int, int]:
    """Return (height, width) of an image of that size after decoding, never enlarged."""
    scale = min((long_side or max(size)) / max(size), 1.0)
    return max(round(size[1] * scale), 1), max(round(size[0] * scale), 1)


def _checked_shape(answer: Any, expected: tuple[int, int]) -> tuple[int, int] | None:
    """Return (height, width) from the answer of a decoder, None unless within 2 px of `expected`.

    Not exactly as expected: a JPEG decoded at a smaller size is rounded twice.
    """
    if not isinstance(answer, list) or len(answer) != 2:
        return None
    if not all(isinstance(side, int) and side > 0 for side in answer):
        return None
    near = all(abs(a - b) <= 2 for a, b in zip(answer, expected, strict=True))
    return (answer[0], answer[1]) if near else None
