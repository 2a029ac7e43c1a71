"""Lines of words that a camera saw at an angle come to lie level; level ones stay."""

from dataclasses import replace

import numpy as np
import pytest

from data.pages.level_lines import level_page
from data.records import Box, Page, Word

HEIGHT = 0.02  # of a line of print


def photographed(slope: float, change: float = 0.0, *, rows: int = 8, width: float = 600.0) -> Page:
    """Rows of four words that fall to the right by `slope`, and by `change` more down the page."""
    words = []
    for row in range(rows):
        for left, right in ((0.1, 0.2), (0.21, 0.3), (0.5, 0.55), (0.8, 0.9)):
            top = 0.2 + 0.04 * row
            top += (slope + change * top) * (left + right) / 2 * width / 800
            words.append(Word(f"w{row}", Box(left, top, right, top + HEIGHT)))
    return Page(0, width, 800.0, tuple(words), "given", "made for a test")


def unevenness(page: Page) -> float:
    """The largest difference in height within a row, in line heights."""
    tops = np.array([word.box.top for word in page.words]).reshape(-1, 4)
    return float(np.ptp(tops, axis=1).max()) / HEIGHT


@pytest.mark.parametrize(
    ("slope", "change", "before"),
    [
        (0.0, 0.0, 0.0),
        (0.02, 0.0, 0.5),
        (-0.02, 0.0, 0.5),
        (0.04, 0.0, 1.0),  # a line height from name to price
        (-0.04, 0.0, 1.0),
        (0.0, 0.06, 0.7),  # only the foot of the paper is bent
    ],
)
def test_sloping_lines_come_to_lie_level(slope, change, before):
    page = photographed(slope, change)
    assert unevenness(page) == pytest.approx(before, abs=0.3)
    assert unevenness(level_page(page)) < 0.1


def test_a_level_page_stays_as_it_is():
    page = photographed(0.0)
    for before, after in zip(page.words, level_page(page).words, strict=True):
        assert after.box.top == pytest.approx(before.box.top, abs=1e-9)


def test_words_keep_text_order_and_size():
    page = photographed(0.03)
    levelled = level_page(page)
    assert [word.text for word in levelled.words] == [word.text for word in page.words]
    for before, after in zip(page.words, levelled.words, strict=True):
        assert after.box.height == pytest.approx(before.box.height)
        assert (after.box.left, after.box.right) == (before.box.left, before.box.right)


def test_a_narrow_strip_is_levelled_as_a_wide_sheet():
    assert unevenness(level_page(photographed(0.03, width=200.0))) < 0.1
    assert unevenness(level_page(photographed(0.03, width=1200.0))) < 0.1


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_too_few_words_to_tell_stay_where_they_are(count):
    page = photographed(0.03)
    few = replace(page, words=page.words[:count])
    assert level_page(few) == few


def test_one_stray_word_between_the_rows_bends_nothing():
    page = photographed(0.02)
    stray = Word("stamp", Box(0.6, 0.215, 0.7, 0.235))
    levelled = level_page(replace(page, words=(*page.words, stray)))
    assert unevenness(replace(levelled, words=levelled.words[:-1])) < 0.1


def test_words_at_the_edge_stay_on_the_page():
    top = tuple(Word("a", Box(x, 0.0, x + 0.1, 0.01)) for x in (0.0, 0.3, 0.6, 0.85))
    page = photographed(-0.04)
    levelled = level_page(replace(page, words=(*top, *page.words)))
    assert all(0 <= word.box.top <= word.box.bottom <= 1 for word in levelled.words)
