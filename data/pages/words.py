"""Pages of an attachment become words: from a trusted text layer, else by OCR of the pixels.

Every page is returned upright, with the map back to the page as delivered and the reason for the
way it was read. A page that cannot be read has no words, source "none" and a reason that begins
with a stable code ("blank_page: ..."), so one bad page does not cost the document, and "not read"
is never mistaken for "nothing there". Faults of the document as a whole are raised.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, Literal

import numpy as np

from data.pages import poppler
from data.pages.attachments import (
    DEFAULT_LIMITS,
    MIN_SIDE_PX,
    MODEL_LONG_SIDE,
    Attachment,
    AttachmentError,
    DocumentTimeout,
    Limits,
    OcrTimeout,
    RenderTimeout,
    render_page,
)
from data.pages.ocr import (
    LANGUAGES,
    MAX_LONG_SIDE,
    Preparation,
    certainty,
    choose_preparation,
    recognise,
)
from data.pages.orientation import (
    UprightImage,
    estimate_orientation,
    make_upright,
    quarter_turn,
    shrink,
)
from data.pages.pasted_print import pasted_words, unread_print
from data.pages.sandbox import Outcome
from data.pages.second_engine.lone_digits import lone_digits
from data.pages.second_engine.second_reading import printed_otherwise, reread_doubtful_words
from data.pages.second_engine.whole_page_reading import (
    POOR_PAGE,
    read_whole_page,
    reads_more,
    sure_letters,
)
from data.pages.text_layer import (
    Judgement,
    TextLayer,
    drawn_rotation,
    judge_against_pixels,
    judge_drawn,
    judge_text,
    parse_text_layer,
)
from data.records import Box, GreyImage, Page, Word
from data.values.number_words import mend_numbers

WordSource = Literal["auto", "text", "ocr"]

OCR_DPI = 300
# Mean certainty of Tesseract with three languages, measured on 15 pages: .78 to .94 upright (one
# faint receipt .43), .30 to .51 upside down; below this other rotations are tried.
DOUBTFUL = 0.65
_HALF = 0.5  # confidence of a number that layer and print give differently
_BLANK_CONTRAST = 24  # grey levels between the darkest and the lightest spot of a blank page
_NO_INK = 2e-5  # share of dark pixels below which a page is blank (a dot of dirt, no word)


@dataclass(frozen=True, slots=True)
class _Request:
    """Settings for reading the pages of one attachment."""

    attachment: Attachment
    limits: Limits
    source: WordSource
    images: bool
    languages: Sequence[str]
    second_reading: bool
    file: IO[bytes]  # open copy for the native programs
    # Filled once print and text layer agreed on a page of this attachment.
    agreed: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words that Tesseract read in one rotation of the page."""

    upright: UprightImage
    words: tuple[Word, ...]


def read_pages(
    attachment: Attachment,
    limits: Limits = DEFAULT_LIMITS,
    *,
    source: WordSource = "auto",
    images: bool = True,
    languages: Sequence[str] = LANGUAGES,
    second_reading: bool = True,
) -> Iterator[Page]:
    """Yield the pages in order, each read when it is requested; only one is in memory at a time.

    `source` "text" takes a PDF's text layer unchecked, "ocr" always reads the pixels. Without
    `images`, `Page.image` is None; without `second_reading` doubtful numbers of OCR stay as
    Tesseract read them (`data.pages.second_engine.second_reading`). Pages that are left when
    `limits.document_timeout_s` is used up have no words, like those that cannot be read. The
    iterator may be abandoned at any point.
    """
    left_s = limits.document_timeout_s
    with _request(attachment, limits, source, images, languages, second_reading) as request:
        for number in range(attachment.page_count):
            # Only the time of reading counts, not the caller's before it requests the next page
            began = _now()
            page = _read_page(replace(request, limits=_limits_within(limits, left_s)), number)
            left_s -= _now() - began
            yield page


def read_page(
    attachment: Attachment,
    page_number: int,
    limits: Limits = DEFAULT_LIMITS,
    *,
    source: WordSource = "auto",
    images: bool = True,
    languages: Sequence[str] = LANGUAGES,
    second_reading: bool = True,
) -> Page:
    """Return page `page_number` (from 0), as `read_pages` yields it."""
    if not 0 <= page_number < attachment.page_count:
        count = attachment.page_count
        raise IndexError(f"{attachment.name}: page {page_number} of {count} (from 0)")
    with _request(attachment, limits, source, images, languages, second_reading) as request:
        return _read_page(request, page_number)


def read_image(
    image: GreyImage,
    *,
    number: int = 0,
    limits: Limits = DEFAULT_LIMITS,
    size: tuple[float, float] | None = None,
    images: bool = True,
    languages: Sequence[str] = LANGUAGES,
    second_reading: bool = True,
) -> Page:
    """Read the page in `image` by OCR: turned upright, deskewed, with the map back.

    `size` is the page's width and height in its own unit, the image's pixels when not given. Raises
    `OcrTimeout` or `OcrFailed`.
    """
    height, width = image.shape
    page = Page(number, *(size or (float(width), float(height))), (), "none", "")
    preview = shrink(image, MODEL_LONG_SIDE)
    blank = _blank_reason(preview)
    if blank:
        return replace(page, reason=blank, image=preview if images else None)
    reading, reason = _read_best_rotation(image, preview, limits, languages)
    upright = reading.upright
    words = _page_words(reading.words)
    if second_reading:
        upright, words, reason = _read_again(image, upright, words, reason)
        words = _page_words((*words, *lone_digits(upright.image, words)))
    return replace(
        page,
        words=words,
        words_source="ocr" if words else "none",
        reason=reason,
        rotation=upright.rotation,
        skew=upright.skew,
        to_page=upright.to_page,
        image=shrink(upright.image, MODEL_LONG_SIDE) if images else None,
    )


def _read_again(
    image: GreyImage, upright: UprightImage, words: tuple[Word, ...], reason: str
) -> tuple[UprightImage, tuple[Word, ...], str]:
    """Return the page after the second engine: all of a poor page, else its doubtful numbers.

    Where Tesseract turned a page that it reads badly, the second engine tries it as it came, too.
    """
    first_certainty = certainty(words)
    if first_certainty >= POOR_PAGE:
        return upright, reread_doubtful_words(upright.image, words, first_certainty), reason
    ways = [(upright, _page_words(read_whole_page(upright.image, words)))]
    if upright.rotation and first_certainty < DOUBTFUL:
        unturned = make_upright(image, 0, upright.skew)
        ways.append((unturned, _page_words(read_whole_page(unturned.image, ()))))
    best, again = max(ways, key=lambda way: sure_letters(way[1]))
    if not reads_more(again, words):
        return upright, reread_doubtful_words(upright.image, words, first_certainty), reason
    read = f"read by RapidOCR, certainty {certainty(again):.2f}"
    return best, again, f"{read}; {reason}" if words else read


def _read_best_rotation(
    image: GreyImage, preview: GreyImage, limits: Limits, languages: Sequence[str]
) -> tuple[_Reading, str]:
    """Return the best reading of a page that is not blank, and the explanation for its `reason`."""
    deadline = time.monotonic() + limits.ocr_timeout_s
    orientation = estimate_orientation(preview)
    upright = make_upright(image, 90 if orientation.sideways else 0, orientation.skew)
    preparation = choose_preparation(upright.image, orientation.text_height)
    first = best = _Reading(
        upright, recognise(upright.image, limits.ocr_timeout_s, preparation, languages)
    )
    notes = [preparation.reason]
    # Where nothing has the shape of text (a photograph), no other rotation would read better
    if certainty(first.words) < DOUBTFUL and orientation.text_height is not None:
        best = _try_other_rotations(image, first, preparation, deadline, languages)
        if best is first:
            notes.append("doubtful, no other way up reads better")
        else:
            notes.append(f"certainty {certainty(first.words):.2f} the first way up")
    if best.upright.rotation:
        notes.append(f"turned back by {best.upright.rotation} degrees")
    if best.upright.skew:
        notes.append(f"skew of {best.upright.skew:g} degrees undone")
    explanation = "; ".join(notes)
    if not best.words:
        return best, f"no_words: Tesseract found no word on a page that is not blank; {explanation}"
    return best, f"read by Tesseract, certainty {certainty(best.words):.2f}; {explanation}"


@contextmanager
def _request(
    attachment: Attachment,
    limits: Limits,
    source: WordSource,
    images: bool,
    languages: Sequence[str],
    second_reading: bool,
) -> Iterator[_Request]:
    with attachment.file() as file:
        yield _Request(attachment, limits, source, images, languages, second_reading, file)


def _now() -> float:
    return time.monotonic()


def _limits_within(limits: Limits, left_s: float) -> Limits:
    """Return the limits of one page when its document has `left_s` seconds left."""
    return replace(
        limits,
        inspect_timeout_s=min(limits.inspect_timeout_s, left_s),
        render_timeout_s=min(limits.render_timeout_s, left_s),
        ocr_timeout_s=min(limits.ocr_timeout_s, left_s),
        document_timeout_s=left_s,
    )


def _read_page(request: _Request, number: int) -> Page:
    """Return the page, or a page without words whose reason names its fault."""
    width, height = request.attachment.page_sizes[number]
    try:
        if request.limits.document_timeout_s <= 0:
            raise DocumentTimeout(
                f"page {number + 1} was not read, the pages before it used up the time limit of"
                " the document; send only the relevant pages"
            )
        if request.attachment.kind == "pdf" and request.source != "ocr":
            return _read_pdf_page(request, number)
        if request.source == "text":
            reason = "no_text_layer: an image has no text layer; read it with source auto or ocr"
            return Page(number, width, height, (), "none", reason)
        return _read_pixels(request, number, "")
    except AttachmentError as error:
        return Page(number, width, height, (), "none", f"{error.code}: {error}")


def _read_pdf_page(request: _Request, number: int) -> Page:
    """Return the page from its text layer when that can be trusted, else from its pixels."""
    width, height = request.attachment.page_sizes[number]
    layer = _text_layer(request, number)
    verdict = judge_text(layer)
    preview: GreyImage | None = None
    if request.source == "text":
        if not layer.words:
            return Page(number, width, height, (), "none", f"no_text_layer: {verdict.reason}")
        verdict = Judgement(True, "text layer used unchecked, as requested")
    if verdict.trusted and request.source == "auto":
        verdict = judge_drawn(layer.words, _drawn_text(request, number))
    if verdict.trusted and (request.images or request.source == "auto"):
        preview = render_page(
            request.attachment, number, MODEL_LONG_SIDE, request.limits, file=request.file
        )
        if request.source == "auto":
            verdict = judge_against_pixels(layer.words, preview)
        if request.source == "auto" and verdict.trusted and request.second_reading:
            layer, verdict = _compare_numbers(request, layer, verdict, preview)
    if not verdict.trusted:
        return _read_pixels(request, number, f"{verdict.reason}; ")
    rotation = drawn_rotation(layer.words)
    words = tuple(replace(w, box=_to_upright_box(w.box, rotation)) for w in layer.words)
    turned = f"; text runs turned by {rotation} degrees" if rotation else ""
    if request.source == "auto" and preview is not None and not rotation:
        pictured = _read_pasted_print(request, number, words, preview)
        words += pictured
        turned += f"; {len(pictured)} words read from a picture on the page" if pictured else ""
    return Page(
        number,
        width,
        height,
        _page_words(words),
        "text",
        verdict.reason + turned,
        rotation,
        0.0,
        quarter_turn(rotation),
        make_upright(preview, rotation, 0.0).image
        if preview is not None and request.images
        else None,
    )


def _compare_numbers(
    request: _Request, layer: TextLayer, verdict: Judgement, preview: GreyImage
) -> tuple[TextLayer, Judgement]:
    """Return the layer and the judgement after some of its numbers were read from the page.

    Two that are printed otherwise cost the layer its trust; one keeps both readings. Once print and
    layer agreed on a page, the later pages of the document are believed.
    """
    if request.agreed or drawn_rotation(layer.words):
        return layer, verdict
    compared, others = printed_otherwise(preview, layer.words)
    if len(others) > 1:
        index, text = next(iter(others.items()))
        return layer, Judgement(
            False,
            f"{len(others)} of {compared} numbers of the text layer are printed otherwise:"
            f" {layer.words[index].text} is {text} on the page",
        )
    if compared and not others:
        request.agreed.append(True)
    words = tuple(
        replace(word, other=others[index], confidence=_HALF) if index in others else word
        for index, word in enumerate(layer.words)
    )
    return replace(layer, words=words), verdict


def _read_pasted_print(
    request: _Request, number: int, words: Sequence[Word], preview: GreyImage
) -> tuple[Word, ...]:
    """Return the words of print that is no text, as of a table pasted as a picture, by OCR."""
    place = unread_print(words, preview)
    if place is None:
        return ()
    side = min(round(max(request.attachment.page_sizes[number]) / 72 * OCR_DPI), MAX_LONG_SIDE)
    image = render_page(request.attachment, number, side, request.limits, file=request.file)
    return pasted_words(
        image,
        place,
        words,
        lambda cut: read_image(
            cut,
            limits=request.limits,
            images=False,
            languages=request.languages,
            second_reading=request.second_reading,
        ),
    )


def _text_layer(request: _Request, number: int) -> TextLayer:
    width, height = request.attachment.page_sizes[number]
    return parse_text_layer(_text_output(request, number, poppler.list_words), width, height)


def _drawn_text(request: _Request, number: int) -> bytes:
    return _text_output(request, number, poppler.list_drawn)


def _text_output(
    request: _Request, number: int, program: Callable[[IO[bytes], int, float, int], Outcome]
) -> bytes:
    """Return the output of one of poppler's programs on the page's text; b"" where it failed."""
    limits = request.limits
    outcome = program(request.file, number, limits.inspect_timeout_s, limits.memory_bytes)
    if outcome.stopped == "time":
        raise RenderTimeout(
            f"page {number + 1}: its text took over {limits.inspect_timeout_s:g} s to read;"
            " print the document to a new PDF and send that"
        )
    # A failed or cut-off run may have left half a page, which cannot be used
    return outcome.stdout if outcome.status == 0 and outcome.stopped is None else b""


def _read_pixels(request: _Request, number: int, prefix: str) -> Page:
    width, height = request.attachment.page_sizes[number]
    side: int | None = MAX_LONG_SIDE
    if request.attachment.kind == "pdf":
        side = min(round(max(width, height) / 72 * OCR_DPI), MAX_LONG_SIDE)
    image = render_page(request.attachment, number, side, request.limits, file=request.file)
    page = read_image(
        image,
        number=number,
        limits=request.limits,
        size=(width, height),
        images=request.images,
        languages=request.languages,
        second_reading=request.second_reading,
    )
    # A code stays at the front, where callers look for it
    reason = page.reason if page.words_source == "none" else prefix + page.reason
    return replace(page, reason=reason)


def _blank_reason(preview: GreyImage) -> str | None:
    """Return the reason why the page counts as blank, None when something may be on it."""
    height, width = preview.shape
    if min(height, width) < MIN_SIDE_PX:
        return (
            f"blank_page: the page is {width} x {height} pixels, too small for text"
            f" (at least {MIN_SIDE_PX} each way); scan it again at 300 dpi"
        )
    low, high = int(preview.min()), int(preview.max())
    if high - low < _BLANK_CONTRAST:
        return (
            f"blank_page: all grey levels are within {low}..{high};"
            " check the scan, or scan the other side"
        )
    dark = float(np.count_nonzero(preview < high - _BLANK_CONTRAST)) / preview.size
    if dark < _NO_INK:
        return (
            f"blank_page: only {dark:.5%} of the page is not paper;"
            " check the scan, or scan the other side"
        )
    return None


def _try_other_rotations(
    image: GreyImage,
    first: _Reading,
    preparation: Preparation,
    deadline: float,
    languages: Sequence[str],
) -> _Reading:
    """Return the reading in the best rotation, when the first reads badly; else the first.

    Each rotation is tried on the strip with most print; the whole page is read again only when a
    strip reads clearly better than in the first rotation. `deadline` is on the monotonic clock.
    """
    certainty_by_rotation: dict[int, float] = {}
    skew = first.upright.skew
    try:
        for turn in (0, 180, 90, 270):
            candidate = make_upright(image, (first.upright.rotation + turn) % 360, skew)
            strip = _fullest_strip(candidate.image)
            read = recognise(strip, _seconds_until(deadline), preparation, languages)
            certainty_by_rotation[candidate.rotation] = certainty(read)
            if certainty_by_rotation[candidate.rotation] > DOUBTFUL:
                break
        best = max(certainty_by_rotation, key=lambda rotation: certainty_by_rotation[rotation])
        if certainty_by_rotation[best] < certainty_by_rotation[first.upright.rotation] + 0.1:
            return first
        upright = make_upright(image, best, skew)
        again = recognise(upright.image, _seconds_until(deadline), preparation, languages)
    except OcrTimeout:
        return first  # a doubtful reading is worth more than none
    return _Reading(upright, again) if certainty(again) > certainty(first.words) else first


def _seconds_until(deadline: float) -> float:
    left_s = deadline - time.monotonic()
    if left_s < 0.5:
        raise OcrTimeout("the time for this page is used up; scan it again at 300 dpi")
    return left_s


def _fullest_strip(image: GreyImage) -> GreyImage:
    """Return the fifth of the page, over its whole width, with the most dark pixels."""
    height = image.shape[0]
    strip = max(height // 5, MIN_SIDE_PX)
    dark = np.count_nonzero(image < 128, axis=1)
    total = np.concatenate([[0], np.cumsum(dark)])
    starts = np.arange(0, max(height - strip, 0) + 1)
    start = int(np.argmax(total[np.minimum(starts + strip, height)] - total[starts]))
    return image[start : start + strip]


def _to_upright_box(box: Box, rotation: int) -> Box:
    """Return a box of the page as shown in fractions of the upright page."""
    # The way back from a clockwise turn is the turn that completes the circle
    a, b, c, d, e, f = quarter_turn((360 - rotation) % 360)
    left, top = a * box.left + b * box.top + c, d * box.left + e * box.top + f
    right, bottom = a * box.right + b * box.bottom + c, d * box.right + e * box.bottom + f
    return Box.clamped(left, top, right, bottom)


def in_reading_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words by printed line, top to bottom, and from left to right within it.

    Both sources list table columns one after the other on some pages; a line item is a row.
    """
    if not words:
        return ()
    usual = float(np.median([word.box.height for word in words]))
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.center[1]):
        # Half a line apart is the next line; a tall word (logo, stamp) must not swallow lines
        first = lines[-1][0].box if lines else word.box
        reach = 0.5 * min(max(word.box.height, first.height), 1.5 * usual)
        if lines and word.box.center[1] - first.center[1] <= reach:
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(w for line in lines for w in sorted(line, key=lambda w: w.box.left))


def _page_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a page in reading order; cut numbers are joined, glued ones split."""
    return mend_numbers(in_reading_order(words))
