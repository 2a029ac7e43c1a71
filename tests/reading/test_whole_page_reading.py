"""Pages that Tesseract reads badly are read as wholes by the second engine, and only those."""

import cv2
import numpy as np
import pytest

from data.pages import words as pages
from data.pages.second_engine.whole_page_reading import POOR_PAGE, read_whole_page, reads_more
from data.pages.words import read_image
from data.records import Box, Word

LINES = ("CORNER SHOP", "Apples 2.40", "Bread 3.15", "Milk 1.29", "TOTAL 6.84")


def till_roll(*, height: int = 700, ink: int = 60, blur: float = 0.0) -> np.ndarray:
    """A till receipt of those lines; `blur` is the spread of a camera out of focus, in pixels."""
    image = np.full((height, 420), 225, np.uint8)
    for number, line in enumerate(LINES):
        place = (30, 90 + 110 * number)
        cv2.putText(image, line, place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, ink, 3, cv2.LINE_AA)
    return cv2.GaussianBlur(image, (0, 0), blur) if blur else image


def read_word(text: str, sure: float, left: float = 0.1) -> Word:
    return Word(text, Box(left, 0.1, left + 0.1, 0.15), sure)


def test_the_second_engine_finds_lines_and_words_with_their_places() -> None:
    found = {word.text: word for word in read_whole_page(till_roll(), ())}
    assert {"Apples", "2.40", "3.15", "1.29", "6.84"} <= set(found)
    amount, name = found["2.40"].box, found["Apples"].box
    assert name.right <= amount.left
    assert abs(name.center[1] - amount.center[1]) < 0.02
    assert all((word.confidence or 0) <= 0.99 for word in found.values())


def test_numbers_of_a_blurred_receipt_are_found() -> None:
    """Tesseract finds nothing in it but a page upside down."""
    page = read_image(till_roll(blur=3.0))
    texts = {word.text for word in page.words}
    assert {"2.40", "3.15", "1.29", "6.84"} <= texts
    assert (page.words_source, page.rotation) == ("ocr", 0)


@pytest.mark.parametrize(
    ("sure", "engine"),
    [(POOR_PAGE - 0.01, "RapidOCR"), (POOR_PAGE, "Tesseract"), (0.97, "Tesseract")],
)
def test_a_page_is_read_again_as_a_whole_only_below_the_limit(
    sure: float, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def whole(image: np.ndarray, first: tuple[Word, ...]) -> tuple[Word, ...]:
        asked.append(image.shape)
        return (read_word("other", 0.95),)

    monkeypatch.setattr(pages, "recognise", lambda *_: (read_word("words", sure),))
    monkeypatch.setattr(pages, "read_whole_page", whole)
    page = read_image(till_roll())
    assert bool(asked) == (engine == "RapidOCR")
    assert page.reason.startswith(f"read by {engine}")


def test_engines_that_agree_are_surer_and_those_that_differ_keep_both_readings() -> None:
    image = till_roll()
    alone = {word.text: word for word in read_whole_page(image, ())}
    place = alone["2.40"].box
    agreed = {w.text: w for w in read_whole_page(image, (Word("2.40", place, 0.6),))}
    assert (agreed["2.40"].confidence or 0) >= (alone["2.40"].confidence or 0)
    assert agreed["2.40"].other is None
    differing = {w.text: w for w in read_whole_page(image, (Word("2.46", place, 0.6),))}
    assert differing["2.40"].other == "2.46"
    elsewhere = {
        w.text: w for w in read_whole_page(image, (Word("2.46", Box(0, 0, 0.1, 0.1), 0.6),))
    }
    assert elsewhere["2.40"].other is None


@pytest.mark.parametrize(
    ("second", "first", "more"),
    [
        (["Apples", "2.40"], ["App1es", "2.40"], True),
        (["2.40"], ["Apples", "2.40", "Bread", "3.15"], False),  # it missed most of the page
        ([], [], False),
        (["x"], [], True),
    ],
)
def test_a_reading_that_misses_most_of_the_page_is_not_taken(
    second: list[str], first: list[str], more: bool
) -> None:
    words = [[read_word(text, 0.9) for text in texts] for texts in (second, first)]
    assert reads_more(words[0], words[1]) == more


def test_without_a_second_reading_the_page_stays_as_tesseract_read_it() -> None:
    page = read_image(till_roll(blur=3.0), second_reading=False)
    assert page.reason.startswith(("read by Tesseract", "no_words"))
