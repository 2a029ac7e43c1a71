"""Tables pasted as pictures on pages of text: seen by their letters, and read where no text is."""

import cv2
import numpy as np
import pytest

from data.pages.pasted_print import pasted_words, unread_print
from data.records import Box, GreyImage, Page, Word

HEIGHT, WIDTH = 1000, 700
ROWS = ("Pump seal kit 4 38.50", "Impeller 160 mm 1 219.00", "O-ring set 12 4.15")


def page_of(lines: dict[int, str]) -> GreyImage:
    """A page with printed lines at those heights, in pixels."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for top, text in lines.items():
        cv2.putText(image, text, (60, top), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 1, cv2.LINE_AA)
    return image


def text_at(top: int) -> Word:
    """The words of a printed line, as a text layer has them: one box around all."""
    return Word("line", Box(0.08, (top - 16) / HEIGHT, 0.75, (top + 5) / HEIGHT))


TEXT = {100: "Invoice 4711 of 3 May 2026", 140: "Order 1234, Brass and Sons"}
TABLE = {500 + 40 * number: row for number, row in enumerate(ROWS)}


@pytest.mark.parametrize(
    ("why", "lines", "words", "is_found"),
    [
        ("all print is text", TEXT, list(TEXT), False),
        ("three rows are a picture", TEXT | TABLE, list(TEXT), True),
        ("the same rows as text", TEXT | TABLE, [*TEXT, *TABLE], False),
        ("one line, as of a signature", TEXT | {500: "J. Doe"}, list(TEXT), False),
        ("nothing at all", {}, [], False),
    ],
)
def test_print_outside_the_text_is_seen_by_its_letters(
    why: str, lines: dict[int, str], words: list[int], is_found: bool
) -> None:
    del why
    place = unread_print([text_at(top) for top in words], page_of(lines))
    assert (place is not None) == is_found
    if place is not None:
        assert 0.46 < place.top < 0.5 < place.bottom < 0.6


def test_a_logo_of_large_letters_is_no_table() -> None:
    image = page_of(TEXT)
    for number in range(3):
        cv2.putText(image, "ACME TOOLS", (60, 400 + 120 * number), 0, 3.0, 0, 8, cv2.LINE_AA)
    assert unread_print([text_at(top) for top in TEXT], image) is None


def test_words_of_the_picture_get_their_places_on_the_page_and_repeat_no_text() -> None:
    image, place = page_of(TEXT | TABLE), Box(0.1, 0.48, 0.6, 0.6)
    shapes = []

    def read(cut: GreyImage) -> Page:
        shapes.append(cut.shape)
        middle = Word("4", Box(0.4, 0.4, 0.6, 0.6), 0.9)
        corner = Word("Order", Box(0.0, 0.0, 0.1, 0.1), 0.9)
        return Page(0, 1, 1, (middle, corner), "ocr", "read")

    there = Word("Order", Box(0.05, 0.45, 0.15, 0.5))
    (word,) = pasted_words(image, place, [there], read)
    assert shapes[0][0] == pytest.approx(0.12 * HEIGHT + 20, abs=2)
    assert (word.text, word.confidence) == ("4", 0.9)
    assert word.box.center == pytest.approx((0.35, 0.54), abs=0.01)


def test_a_picture_that_lies_askew_is_left_out() -> None:
    def read(cut: GreyImage) -> Page:
        del cut
        return Page(0, 1, 1, (Word("4", Box(0.4, 0.4, 0.6, 0.6), 0.9),), "ocr", "", rotation=90)

    assert pasted_words(page_of(TABLE), Box(0.1, 0.48, 0.6, 0.6), [], read) == ()
