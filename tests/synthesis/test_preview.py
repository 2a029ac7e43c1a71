"""Pictures of synthetic pages: what is framed, tinted, captioned and written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.labels import LINE_TAGS
from data.records import Box, GreyImage, LabelledPage, Page, Word
from data.synthesis import __main__ as command
from data.synthesis.inspection.preview import (
    PAPERS,
    ROOM,
    CaptionedPage,
    captioned_pages,
    contact_sheet,
)
from data.synthesis.inspection.show import draw_legend, draw_page, tag_colour

WORDS = (
    Word("Total", Box(0.1, 0.1, 0.3, 0.15)),
    Word("Bolt", Box(0.1, 0.5, 0.3, 0.55)),
    Word("12.00", Box(0.7, 0.5, 0.9, 0.55)),
)
TAGS = ("other", "description", "amount")


def _page(image: GreyImage | None = None, height: float = 400.0) -> LabelledPage:
    page = Page(0, 400.0, height, WORDS, "text", "synthetic table", image=image)
    return LabelledPage(page, TAGS, (-1, 3, 3), "invoice")


def _white(height: int, width: int) -> GreyImage:
    return np.full((height, width), 255, dtype=np.uint8)


def _captioned(count: int) -> list[CaptionedPage]:
    return [CaptionedPage(_page(_white(200, 200)), "one", "two")] * count


@pytest.mark.parametrize(("tag", "box"), [(TAGS[1], WORDS[1].box), (TAGS[2], WORDS[2].box)])
def test_a_tagged_word_is_framed_in_the_colour_of_its_tag(tag: str, box: Box) -> None:
    drawn = draw_page(_page(_white(1000, 1000)))
    assert drawn.getpixel((int(box.left * 1000), int(box.center[1] * 1000))) == tag_colour(tag)


def test_an_item_is_tinted_and_a_word_without_tag_is_left_alone() -> None:
    drawn = draw_page(_page(_white(1000, 1000)))
    inside_item, inside_other = drawn.getpixel((200, 525)), drawn.getpixel((200, 125))
    assert inside_item != (255, 255, 255)
    assert inside_other == (255, 255, 255)


def test_without_tags_a_picture_is_the_page_alone() -> None:
    drawn = draw_page(_page(_white(300, 200)), tags=False)
    assert np.array_equal(np.asarray(drawn), np.full((300, 200, 3), 255))


def test_a_page_without_image_is_written_word_by_word_in_its_boxes() -> None:
    drawn = np.asarray(draw_page(_page(), (700, 700), tags=False)).min(axis=2)
    inside = np.zeros_like(drawn, dtype=bool)
    for word in WORDS:
        rows = slice(int(word.box.top * 700) - 1, int(word.box.bottom * 700) + 2)
        columns = slice(int(word.box.left * 700) - 1, int(word.box.right * 700) + 2)
        inside[rows, columns] = True
        assert (drawn[rows, columns] < 128).any()
    assert (drawn[~inside] == 255).all()


@pytest.mark.parametrize(
    ("shape", "room", "size"),
    [
        ((1000, 500), (600, 800), (400, 800)),
        ((500, 1000), (600, 800), (600, 300)),
        ((100, 50), (600, 800), (50, 100)),  # never larger than it is
        ((1000, 500), None, (500, 1000)),
    ],
)
def test_a_picture_keeps_its_shape_within_the_room(
    shape: tuple[int, int], room: tuple[int, int] | None, size: tuple[int, int]
) -> None:
    assert draw_page(_page(_white(*shape)), room).size == size


def test_the_tags_of_lines_are_told_apart_by_colour() -> None:
    assert len({tag_colour(tag) for tag in LINE_TAGS}) == len(LINE_TAGS)


def test_a_legend_needs_more_lines_where_it_is_narrow() -> None:
    assert draw_legend(LINE_TAGS, 400).height > draw_legend(LINE_TAGS, 4000).height


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (4, 1), (5, 2), (9, 3)])
def test_a_contact_sheet_holds_four_pages_a_row(count: int, rows: int) -> None:
    one = contact_sheet(_captioned(1), tags=False)
    sheet = contact_sheet(_captioned(count), tags=False)
    assert sheet.width > min(count, 4) * ROOM[0]
    assert sheet.height == one.height + (rows - 1) * (200 + 42 + 14)


@pytest.mark.parametrize("index", range(4))
def test_a_caption_names_number_type_family_language_and_where_words_come_from(index: int) -> None:
    shown = captioned_pages(8, index, "text", max_pages=9)
    for place, (labelled, first, second) in enumerate(shown):
        assert first == f"8/{index} page {place + 1} of {len(shown)}: {labelled.document_type}"
        family, language, paper, source = second.split(", ")
        # The language is read from the document made anew: it must be the same document
        assert labelled.page.reason == f"synthetic {family}"
        assert language.isalpha()
        assert len(language) == 2
        assert (paper, source) == ("text", f"words by {labelled.page.words_source}")


def test_a_clean_page_is_white_paper_without_reading_errors() -> None:
    (clean, *_), (scanned, *_) = (captioned_pages(8, 2, paper) for paper in ("clean", "scan"))
    image = clean.labelled.page.image
    assert image is not None
    assert np.median(image) == 255
    assert clean.labelled.page.words_source == "text"
    assert clean.labelled.document_type == scanned.labelled.document_type


def test_no_more_pages_of_a_document_are_shown_than_asked_for() -> None:
    index = next(at for at in range(50) if len(captioned_pages(8, at, "text", 9)) > 1)
    assert len(captioned_pages(8, index, "text", max_pages=1)) == 1


def test_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match=r"scan, clean, text, got 'vellum'"):
        captioned_pages(8, 0, "vellum")
    assert PAPERS == ("scan", "clean", "text")


@pytest.mark.parametrize("options", [[], ["--clean", "--no-tags"], ["--text"]])
def test_the_command_writes_a_contact_sheet(tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "sheet.png"
    assert command.main(["preview", str(path), "--count", "2", "--pages", "1", *options]) == 0
    with Image.open(path) as sheet:
        assert sheet.width > 2 * ROOM[0]
