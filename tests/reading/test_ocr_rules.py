"""Lines of tables leave the page before OCR; letters, dark areas and short strokes stay."""

import cv2
import numpy as np
import pytest

from data.pages.ocr import remove_rules

HEIGHT, WIDTH = 1200, 900


def sheet(paper: int = 255) -> np.ndarray:
    return np.full((HEIGHT, WIDTH), paper, dtype=np.uint8)


def written(page: np.ndarray) -> np.ndarray:
    cv2.putText(page, "12 Widgets 25.00", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    return page


@pytest.mark.parametrize(
    ("start", "end", "thickness", "grey"),
    [
        ((40, 100), (40, 900), 1, 0),  # a column's rule
        ((40, 100), (860, 100), 2, 0),  # under the head
        ((40, 100), (40, 900), 2, 150),  # printed grey
        ((300, 500), (300, 560), 1, 0),  # the side of one cell
    ],
)
@pytest.mark.parametrize("paper", [255, 215])
def test_rules_go(start, end, thickness, grey, paper):
    page = sheet(paper)
    cv2.line(page, start, end, grey, thickness)
    assert remove_rules(page).min() >= min(paper, 200)


def test_print_beside_rules_stays_as_it_was():
    page = written(sheet())
    ruled = page.copy()
    cv2.line(ruled, (45, 100), (45, 900), 0, 2)
    cv2.line(ruled, (20, 340), (880, 340), 0, 2)
    assert np.array_equal(remove_rules(ruled), page)


@pytest.mark.parametrize(
    "draw",
    [
        lambda page: None,
        written,
        lambda page: cv2.line(page, (60, 500), (90, 500), 0, 2),  # a dash
        lambda page: cv2.putText(page, "I", (60, 500), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2),
        lambda page: cv2.rectangle(page, (50, 400), (850, 460), 0, -1),  # white print on black
        lambda page: cv2.rectangle(page, (50, 400), (80, 900), 0, -1),
    ],
    ids=["blank", "words", "dash", "letter", "bar", "column"],
)
def test_what_is_no_rule_stays(draw):
    page = sheet()
    draw(page)
    assert np.array_equal(remove_rules(page), page)


def test_the_page_given_is_not_changed():
    page = sheet()
    cv2.line(page, (40, 100), (40, 900), 0, 1)
    before = page.copy()
    remove_rules(page)
    assert np.array_equal(page, before)
