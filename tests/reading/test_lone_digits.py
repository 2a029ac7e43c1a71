"""Digits that stand alone beside the words of a line are found on the paper and read."""

import cv2
import numpy as np
import pytest

from data.pages.second_engine.lone_digits import lone_digits
from data.records import Box, Word

HEIGHT, WIDTH = 700, 420
FONT = cv2.FONT_HERSHEY_SIMPLEX


def paper(*print_: tuple[str, int, int], shade: bool = False, scale: float = 1.0) -> np.ndarray:
    """A page with those texts at x and y in pixels; `shade` darkens it to one side."""
    image = np.full((HEIGHT, WIDTH), 225, np.uint8)
    for text, x, y in print_:
        cv2.putText(image, text, (x, y), FONT, 1.1, 60, 3, cv2.LINE_AA)
    if shade:
        image = (image * np.linspace(0.55, 1.0, WIDTH)[None, :]).astype(np.uint8)
    if scale != 1.0:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return image


def word(text: str, x: int, y: int, wide: int) -> Word:
    box = Box(x / WIDTH, (y - 30) / HEIGHT, (x + wide) / WIDTH, (y + 8) / HEIGHT)
    return Word(text, box, 0.95)


LINE = (("Gyros", 110, 200), ("8.99", 320, 200))
WORDS = (word("Gyros", 110, 200, 105), word("8.99", 320, 200, 85))


@pytest.mark.parametrize(
    ("print_", "digits"),
    [
        ((("3", 40, 200),), ["3"]),  # left of the article
        ((("1", 40, 200),), ["1"]),
        ((("2", 265, 200),), ["2"]),  # in a column between article and price
        ((("12", 40, 200),), ["12"]),
        ((), []),
        ((("A", 40, 200),), []),  # a letter
        ((("3", 40, 420),), []),  # on no line
        ((("482", 10, 200),), []),  # a code
    ],
)
def test_a_digit_beside_the_words_of_a_line_is_read(print_, digits) -> None:
    found = lone_digits(paper(*LINE, *print_), WORDS)
    assert [digit.text for digit in found] == digits
    assert all(0.85 <= (digit.confidence or 0) <= 0.99 for digit in found)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_shade_and_small_print_hide_no_digit(scale: float) -> None:
    found = lone_digits(paper(*LINE, ("3", 40, 200), shade=True, scale=scale), WORDS)
    assert [digit.text for digit in found] == ["3"]
    assert found[0].box.center[0] == pytest.approx(51 / WIDTH, abs=0.02)


def test_a_digit_that_was_read_is_not_read_twice() -> None:
    image = paper(*LINE, ("3", 40, 200))
    (digit,) = lone_digits(image, WORDS)
    assert lone_digits(image, (digit, *WORDS)) == ()


def test_table_rules_and_dust_are_no_digits() -> None:
    image = paper(*LINE)
    cv2.line(image, (60, 100), (60, 300), 60, 3)
    cv2.circle(image, (280, 195), 3, 60, -1)
    cv2.rectangle(image, (30, 175), (50, 195), 60, 2)  # a box to tick
    assert lone_digits(image, WORDS) == ()


def test_lines_of_numbers_alone_are_not_searched() -> None:
    image = paper(("8.99", 320, 200), ("3", 40, 200))
    assert lone_digits(image, WORDS[1:]) == ()
    assert lone_digits(image, ()) == ()
