"""Numbers of a text layer held against the page: a layer may say other digits than are printed."""

import cv2
import numpy as np
import pytest

from data.pages.second_engine.second_reading import COMPARED, printed_otherwise
from data.records import Box, GreyImage, Word

PRINTED = ("1,234.50", "868.20", "512.75", "97.10", "41.35", "18.90", "5.25")


def sheet(numbers: tuple[str, ...] = PRINTED) -> tuple[GreyImage, list[Word]]:
    """A page of numbers one below the other, and a text layer that says the same."""
    image, words = np.full((1000, 700), 255, np.uint8), []
    for row, text in enumerate(numbers):
        base = 80 + 60 * row
        cv2.putText(image, text, (300, base), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2, cv2.LINE_AA)
        (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
        box = Box(300 / 700, (base - tall) / 1000, (300 + wide) / 700, (base + 4) / 1000)
        words.append(Word(text, box))
    return image, words


@pytest.mark.parametrize(
    ("why", "layer", "compared", "others"),
    [
        ("the same digits", {}, COMPARED, {}),
        ("one of the largest", {0: "7,284.50"}, 2 * COMPARED, {0: "1,234.50"}),
        ("a font without a map of its characters", {0: "7,284.50", 1: "888.70", 2: "572.15"},
         2 * COMPARED, {0: "1,234.50", 1: "868.20", 2: "512.75"}),
        ("another number of digits is a neighbour's stroke", {0: "11,234.50"}, COMPARED, {}),
        ("small sums are not compared", {6: "9.99"}, COMPARED, {}),
    ],
)  # fmt: skip
def test_numbers_that_are_printed_otherwise(
    why: str, layer: dict[int, str], compared: int, others: dict[int, str]
) -> None:
    del why
    image, words = sheet()
    said = [Word(layer.get(index, word.text), word.box) for index, word in enumerate(words)]
    count, differing = printed_otherwise(image, said)
    assert count == compared
    assert {index: text.replace(" ", "") for index, text in differing.items()} == others


def test_a_page_without_money_is_not_compared() -> None:
    image, words = sheet(("Invoice", "4711", "2026-05-03"))
    assert printed_otherwise(image, words) == (0, {})
