"""Struck-out numbers: the truth, the head that finds them, and their confidence."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from data.records import Box, LabelledPage, Mark, Page, Word
from tests.support.tagged_pages import row, tagged_page
from training.decoding.documents import decode_documents
from training.decoding.line_items import STRUCK_LIMIT
from training.network.struck_numbers import (
    NOT_A_NUMBER,
    StrikeHead,
    is_covered,
    strike_loss,
    struck_words,
)


@pytest.mark.parametrize(
    ("outer", "inner", "share", "covered"),
    [
        (Box(0.1, 0.1, 0.3, 0.2), Box(0.1, 0.1, 0.3, 0.2), 1.0, True),
        (Box(0.1, 0.1, 0.2, 0.2), Box(0.1, 0.1, 0.3, 0.2), 0.5, True),  # exactly half
        (Box(0.1, 0.1, 0.2, 0.2), Box(0.1, 0.1, 0.31, 0.2), 0.5, False),
        (Box(0.4, 0.1, 0.5, 0.2), Box(0.1, 0.1, 0.3, 0.2), 0.1, False),  # beside it
        (Box(0.1, 0.3, 0.3, 0.4), Box(0.1, 0.1, 0.3, 0.2), 0.1, False),  # below it
    ],
)
def test_a_box_covers_a_share_of_another(outer, inner, share, covered):
    # Boxes are floats: exactly half is half but for the last bit
    assert is_covered(inner, outer, share - 1e-9) == covered


def page_with(*marks: Mark, known: bool = True, picture: bool = True) -> LabelledPage:
    image = np.full((200, 400), 255, dtype=np.uint8) if picture else None
    words = (Word("12", Box(0.1, 0.1, 0.2, 0.15)), Word("7.50", Box(0.5, 0.1, 0.6, 0.15)))
    page = Page(0, 400.0, 200.0, words, "ocr", "made for a test", image=image)
    return LabelledPage(page, ("quantity", "amount"), (0, 0), "invoice", marks if known else None)


def test_a_word_under_a_strike_is_struck_and_no_other():
    strike = Mark("strike", Box(0.1, 0.1, 0.2, 0.15))
    stamp = Mark("stamp", Box(0.4, 0.0, 0.9, 0.5))
    assert struck_words(page_with(strike, stamp)).tolist() == [True, False]
    assert struck_words(page_with()).tolist() == [False, False]
    assert struck_words(page_with(strike, known=False)) is None
    assert struck_words(page_with(strike, picture=False)) is None


def test_only_numbers_are_asked():
    head = StrikeHead(channels=4)
    picture = torch.rand(1, 1, 64, 128)
    boxes = torch.tensor([[4.0, 4.0, 40.0, 16.0], [60.0, 4.0, 90.0, 16.0]])
    logits = head(picture, boxes, torch.tensor([True, False]))
    assert logits[0] > NOT_A_NUMBER
    assert logits[1] == NOT_A_NUMBER
    none = head(picture, boxes, torch.tensor([False, False]))
    assert (none == NOT_A_NUMBER).all()
    assert strike_loss([none], [torch.tensor([False, False])]) is None
    assert strike_loss([logits, None], [None, torch.tensor([True])]) is None


def numbers(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A picture of numbers below one another, their boxes in pixels, and which are crossed out."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((30 * count, 160), dtype=np.uint8)
    struck = rng.random(count) < 0.5
    boxes = []
    for place in range(count):
        low = 30 * place + 20
        text = str(rng.integers(10, 99999))
        cv2.putText(picture, text, (20, low), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
        right = 20 + 9 * len(text)
        boxes.append([20, low - 11, right, low])
        if struck[place]:
            tilt = int(rng.integers(-3, 4))
            ends = (17, low - 6 + tilt), (right + 3, low - 6 - tilt)
            cv2.line(picture, *ends, 255, 1, cv2.LINE_AA)
    ink = torch.from_numpy(picture).float()[None, None] / 255
    return ink, torch.tensor(boxes, dtype=torch.float32), torch.from_numpy(struck)


def test_strokes_through_numbers_are_learned_in_a_few_steps():
    torch.manual_seed(0)
    head = StrikeHead(channels=8)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3)
    for step in range(60):
        ink, boxes, struck = numbers(step, 24)
        loss = strike_loss([head(ink, boxes, torch.ones(24, dtype=torch.bool))], [struck])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    ink, boxes, struck = numbers(999, 40)
    called = head(ink, boxes, torch.ones(40, dtype=torch.bool)) > 0
    assert (called == struck).float().mean() > 0.9


def test_a_struck_number_is_said_and_nothing_is_claimed_on_it():
    page = tagged_page(row(0, "48", "2.50", "120.00"))
    (plain,) = decode_documents("file", [page])
    (document,) = decode_documents("file", [replace(page, struck=frozenset({1}))])
    (line,) = document.line_items
    assert line.quantity.value == plain.line_items[0].quantity.value
    assert line.quantity.confidence <= STRUCK_LIMIT < plain.line_items[0].quantity.confidence
    assert line.amount.confidence == plain.line_items[0].amount.confidence
    (struck,) = [problem for problem in document.problems if problem.code == "struck_number"]
    assert "'48'" in struck.message
    assert struck.page == 0
