"""Words of a corpus that come as segments: a few words in one box, cut by their letters."""

import json
from collections.abc import Sequence
from pathlib import Path

from data.corpora.truth import CorpusError
from data.pages.attachments import open_attachment_file, render_page
from data.pages.words import in_reading_order
from data.records import Box, Page, Word


def page_of_segments(words_path: Path, image_path: Path) -> Page:
    """A page image with the words of its human OCR (`[text, x0, y0, x1, y1]`, px).

    Raises `CorpusError` for a words file of another form, `attachments.AttachmentError` for an
    image that cannot be opened.
    """
    attachment = open_attachment_file(image_path)
    width, height = attachment.page_sizes[0]
    try:
        words = [
            word
            for text, *box in json.loads(words_path.read_text(encoding="utf-8"))
            for word in cut_segment(str(text), [float(edge) for edge in box], width, height)
        ]
    except (TypeError, ValueError) as error:
        raise CorpusError(f"{words_path}: want [[text, x0, y0, x1, y1], ...]: {error}") from error
    return Page(
        number=0,
        width=width,
        height=height,
        words=in_reading_order(words),
        words_source="given",
        reason="human OCR of the corpus",
        image=render_page(attachment, 0),
    )


def cut_segment(text: str, box: Sequence[float], width: float, height: float) -> list[Word]:
    """The words of a segment, its box (px) shared out in proportion to their letters."""
    left, top, right, bottom = box
    words, end = [], 0
    for token in text.split():
        begin = text.index(token, end)
        end = begin + len(token)
        share = (right - left) / len(text)
        edges = (left + begin * share) / width, (left + end * share) / width
        words.append(Word(token, Box.clamped(edges[0], top / height, edges[1], bottom / height)))
    return words
