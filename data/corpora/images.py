"""Page images that corpora store beside their annotations: find, measure and cut them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from data.corpora.segments import cut_segment
from data.corpora.truth import CorpusError
from data.pages.attachments import AttachmentError, open_attachment_file, render_page
from data.pages.words import in_reading_order
from data.records import Page, Word

ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


def find_image(folders: Iterable[Path], stem: str, annotation: Path) -> Path:
    """The image of that name in one of the folders; raises `CorpusError` where there is none."""
    folders = list(folders)
    for folder in folders:
        for ending in ENDINGS:
            if (image := folder / (stem + ending)).is_file():
                return image
    places = " or ".join(str(folder / f"{stem}{ENDINGS[0]}") for folder in folders)
    raise CorpusError(f"{annotation}: has no image; want {places} (or {', '.join(ENDINGS[1:])})")


def image_size(image: Path) -> tuple[float, float]:
    """Width and height in pixels; raises `CorpusError` for an image that cannot be opened."""
    try:
        return open_attachment_file(image).page_sizes[0]
    except AttachmentError as error:
        raise CorpusError(f"{image}: {error}") from error


def cut_words(
    segments: Iterable[tuple[str, Sequence[float]]], size: tuple[float, float]
) -> list[Word]:
    """The words of segments (text, left, top, right, bottom in pixels) on an image of that size."""
    return [word for text, box in segments for word in cut_segment(text, box, *size)]


def page_of_words(words: Sequence[Word], image: Path, reason: str) -> Page:
    """The image as a page with these words, in reading order.

    Raises `attachments.AttachmentError` for an image that cannot be opened.
    """
    attachment = open_attachment_file(image)
    return Page(
        0,
        *attachment.page_sizes[0],
        in_reading_order(words),
        words_source="given",
        reason=reason,
        image=render_page(attachment, 0),
    )
