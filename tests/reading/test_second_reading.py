"""Numbers that Tesseract doubts are read again; what two engines say is weighed, never lost."""

import cv2
import numpy as np
import pytest

from data.pages.second_engine import second_reading
from data.pages.second_engine.second_reading import doubtful_cells, reread_doubtful_words
from data.records import Box, Word

GOOD, BAD = 0.95, 0.8  # certainty of a page
HEIGHT, WIDTH = 400, 1000


def word(text: str, left: float, sure: float | None, line: int = 0, wide: float = 0.0) -> Word:
    top = 0.1 + 0.2 * line
    return Word(text, Box(left, top, left + (wide or 0.02 * len(text)), top + 0.08), sure)


@pytest.mark.parametrize(
    ("words", "certainty", "cells"),
    [
        ([("12.00", 0.1, 0.95)], GOOD, []),
        ([("12.00", 0.1, 0.89)], GOOD, [(0,)]),
        ([("12.00", 0.1, 0.90)], GOOD, []),  # exactly at the limit is believed
        ([("12.00", 0.1, 0.92)], GOOD, []),
        ([("12.00", 0.1, 0.92)], BAD, [(0,)]),  # on a bad page numbers are doubted more
        ([("12.00", 0.1, 0.97)], BAD, []),
        ([("Widget", 0.1, 0.75)], GOOD, []),
        ([("Cd", 0.1, 0.4)], GOOD, [(0,)]),  # letters nobody is sure of may be a number
        ([("12.00", 0.1, None)], BAD, []),  # a text layer doubts nothing
        ([("21", 0.10, 0.95), ("20", 0.15, 0.6)], GOOD, [(0, 1)]),  # 21.20 in two parts
        ([("21", 0.10, 0.6), ("20", 0.60, 0.6)], GOOD, [(0,), (1,)]),  # two columns
        ([("RM7.", 0.10, 0.6), ("00", 0.19, 0.95)], GOOD, [(0, 1)]),
        ([("Tea", 0.10, 0.95), ("20", 0.17, 0.6)], GOOD, [(1,)]),  # a word is no part of a number
    ],
)
def test_what_is_doubted(words, certainty, cells):
    read = [word(text, left, sure) for text, left, sure in words]
    assert list(doubtful_cells(read, certainty)) == cells


def test_words_on_two_lines_are_two_cells():
    read = [word("21", 0.1, 0.5), word("20", 0.15, 0.5, line=1)]
    assert list(doubtful_cells(read, GOOD)) == [(0,), (1,)]


@pytest.fixture
def says(monkeypatch):
    """Lets the second engine say what it is told, and counts how often it is asked."""

    def tell(text: str, score: float) -> list[int]:
        asked = []

        def recognise(cut):
            asked.append(cut.size)
            return text, score

        monkeypatch.setattr(second_reading, "_recognise", recognise)
        return asked

    return tell


BLANK = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)


@pytest.mark.parametrize(
    ("first", "sure", "second", "score", "left"),
    [
        ("42.00", 0.5, "12.00", 0.99, [("12.00", "42.00")]),
        ("42.00", 0.5, "12.00", 0.79, [("42.00", None)]),  # the second is not sure enough
        ("42.00", 0.5, "", 0.0, [("42.00", None)]),  # nothing read: nothing said
        ("42.00", 0.5, "42.00", 0.9, [("42.00", None)]),
        ("IDlal", 0.5, "Total", 0.99, [("IDlal", None)]),  # letters stay with the first
        ("Cd", 0.3, "45.00", 0.97, [("45.00", "Cd")]),
        ("1X2590", 0.3, "1 X 25.90", 0.99, [("1", None), ("X", None), ("25.90", None)]),
        ("17,50", 0.8, "17.50", 0.99, [("17.50", "17,50")]),  # a point is a reading too
    ],
)
def test_two_readings_of_one_place(says, first, sure, second, score, left):
    says(second, score)
    read = reread_doubtful_words(BLANK, [word(first, 0.1, sure)], GOOD)
    assert [(one.text, one.other) for one in read] == left


def test_engines_that_agree_are_surer_than_either_and_never_certain(says):
    says("42.00", 0.9)
    (read,) = reread_doubtful_words(BLANK, [word("42.00", 0.1, 0.8)], GOOD)
    assert read.confidence == pytest.approx(0.98)
    says("42.00", 1.0)
    (read,) = reread_doubtful_words(BLANK, [word("42.00", 0.1, 0.8)], GOOD)
    assert read.confidence == second_reading.MAX_AGREED_CONFIDENCE


def test_parts_become_the_one_number_they_are(says):
    says("21.20", 0.99)
    before, first, second = word("Tea", 0.02, 0.95), word("21", 0.1, 0.6), word("20", 0.15, 0.6)
    read = reread_doubtful_words(BLANK, [before, first, second, word("pcs", 0.5, 0.9)], GOOD)
    assert [one.text for one in read] == ["Tea", "21.20", "pcs"]
    assert (read[1].other, read[1].box) == ("2120", first.box.union(second.box))


def test_several_words_share_the_place_of_the_cell(says):
    says("1 X 25.90", 0.99)
    old = word("1X2590", 0.1, 0.3)
    read = reread_doubtful_words(BLANK, [old], GOOD)
    lefts = [one.box.left for one in read]
    assert lefts == sorted(lefts)
    assert (read[0].box.left, read[-1].box.right) == (old.box.left, pytest.approx(old.box.right))


def test_nothing_is_asked_where_nothing_is_doubted(says):
    asked = says("99", 1.0)
    words = (word("12.00", 0.1, 0.95), word("Widget", 0.4, None))
    assert reread_doubtful_words(BLANK, words, GOOD) == words
    assert not asked


def test_the_most_doubtful_are_asked_first_and_only_so_many(says, monkeypatch):
    monkeypatch.setattr(second_reading, "MAX_CELLS", 1)
    asked = says("7.00", 0.99)
    read = reread_doubtful_words(BLANK, [word("1.00", 0.1, 0.6), word("2.00", 0.5, 0.3)], GOOD)
    assert [one.text for one in read] == ["1.00", "7.00"]
    assert len(asked) == 1


def test_when_the_time_is_over_words_stay_as_they_were(says, monkeypatch):
    monkeypatch.setattr(second_reading, "TIME_S", -1.0)
    asked = says("7.00", 0.99)
    words = (word("1.00", 0.1, 0.6),)
    assert reread_doubtful_words(BLANK, words, GOOD) == words
    assert not asked


def test_the_second_engine_reads_print():
    page = BLANK.copy()
    cv2.putText(page, "128.45", (120, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 2, cv2.LINE_AA)
    printed = Word("12B.4S", Box(0.12, 0.19, 0.30, 0.31), 0.4)
    (read,) = reread_doubtful_words(page, [printed], GOOD)
    assert (read.text, read.other) == ("128.45", "12B.4S")
    assert read.confidence is not None
    assert read.confidence > second_reading.MIN_SCORE


def test_a_cell_at_the_edge_of_the_page_and_one_without_size():
    edge = Word("1", Box(0.0, 0.0, 0.002, 0.002), 0.1)
    flat = Word("2", Box(0.5, 0.5, 0.5, 0.5), 0.1)
    assert [one.text for one in reread_doubtful_words(BLANK, [edge, flat], GOOD)] == ["1", "2"]
