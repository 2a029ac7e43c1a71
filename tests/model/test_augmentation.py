"""Augmented training pages: the variations, the limits to them, and that 0 changes nothing."""

import re
from collections.abc import Mapping

import numpy as np
import pytest

from data.records import Box, LabelledPage, Page, Word
from training.learning.augmentation import collect_wordings, lose_grams, vary_page
from training.learning.recipe import Augmentation
from training.network.encoding import encode_page

TEXTS = ("TEA", "8.000", "RICE", "5.050", "TOTAL", "13.050")
TAGS = ("menu.nm", "menu.price", "menu.nm", "menu.price", "total.total_price", "total.total_price")
ITEMS = (0, 1, 2, 3, 4, 4)


def labelled() -> LabelledPage:
    places = [(0.1 + 0.5 * (i % 2), 0.2 + 0.1 * (i // 2)) for i in range(len(TEXTS))]
    words = tuple(
        Word(text, Box(left, top, left + 0.2, top + 0.02))
        for text, (left, top) in zip(TEXTS, places, strict=True)
    )
    image = np.zeros((8, 8), dtype=np.uint8)
    page = Page(0, 600.0, 800.0, words, "given", "made for a test", image=image)
    return LabelledPage(page, TAGS, ITEMS, "receipt")


def varied(how: Mapping[str, float], seed: int = 0) -> LabelledPage:
    page = labelled()
    rng = np.random.default_rng(seed)
    return vary_page(page, Augmentation.model_validate(how), collect_wordings([page]), rng)


def texts(page: LabelledPage) -> list[str]:
    return [word.text for word in page.page.words]


def boxes(page: LabelledPage) -> np.ndarray:
    return np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in page.page.words])


def test_without_any_variation_the_page_is_the_page():
    assert varied({}) == labelled()
    assert varied({}).page.image is not None


@pytest.mark.parametrize(
    ("how", "largest"),
    [
        ({"shift": 0.05}, 0.05),
        ({"scale": 0.1}, 0.05),  # half a page from the middle
        ({"rotation": 2.0}, 0.03),
        ({"jitter": 0.1}, 0.0021),  # of a height of 0.02
    ],
)
def test_words_move_and_not_too_far(how, largest):
    moved = varied(how)
    off = np.abs(boxes(moved) - boxes(labelled()))
    assert 0 < off.max() <= largest
    assert texts(moved) == list(TEXTS)
    assert (moved.tags, moved.items) == (TAGS, ITEMS)
    assert moved.page.image is None  # the pixels would lie elsewhere


def test_a_turn_leaves_distances_on_paper_as_they_are():
    before, after = (
        boxes(page) * [600, 800, 600, 800] for page in (labelled(), varied({"rotation": 9}))
    )
    middles = [(b[:, :2] + b[:, 2:]) / 2 for b in (before, after)]
    apart = [np.linalg.norm(m[:, None] - m[None, :], axis=-1) for m in middles]
    assert np.allclose(*apart, atol=1e-6)
    assert not np.allclose(*middles)


@pytest.mark.parametrize("seed", range(5))
def test_redrawn_digits_keep_the_shape_of_a_number(seed):
    drawn = texts(varied({"digits": 1.0}, seed))
    assert [re.sub(r"\d", "9", text) for text in drawn] == [re.sub(r"\d", "9", t) for t in TEXTS]
    assert drawn[0] == "TEA"
    assert drawn[1].endswith(".000")  # prices end in zeros as before
    assert not any(text.startswith("0") for text in drawn)
    assert drawn != list(TEXTS)


@pytest.mark.parametrize("seed", range(5))
def test_words_are_exchanged_for_words_of_the_same_kind(seed):
    drawn = texts(varied({"swap_words": 1.0}, seed))
    assert set(drawn[0:1] + drawn[2:3]) <= {"TEA", "RICE"}
    assert set(drawn[1:2] + drawn[3:4]) <= {"8.000", "5.050"}
    assert drawn[4:] == ["TOTAL", "13.050"]  # a caption is no number


def test_lost_words_take_their_truth_along():
    fewer = varied({"lose_words": 0.5}, 1)
    assert 0 < len(fewer.tags) < len(TAGS)
    truth = dict(zip(TEXTS, zip(TAGS, ITEMS, strict=True), strict=True))
    left = zip(texts(fewer), zip(fewer.tags, fewer.items, strict=True), strict=True)
    assert all(truth[text] == labels for text, labels in left)


def test_a_page_never_loses_all_its_words():
    assert all(len(varied({"lose_words": 0.99}, seed).tags) >= 1 for seed in range(20))


def test_a_page_without_words_stays_one():
    empty = LabelledPage(Page(0, 6, 8, (), "none", "blank"), (), (), "other")
    how = Augmentation(shift=0.1, lose_words=0.5)
    assert vary_page(empty, how, {}, np.random.default_rng(0)) == empty


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_lost_n_grams_leave_each_word_its_own(share):
    encoded = encode_page(labelled().page)
    fewer = lose_grams(encoded, share, np.random.default_rng(0))
    assert len(fewer.ngrams) == len(encoded.ngrams) if share == 0 else len(fewer.ngrams) > 0
    ends, old_ends = (np.append(e.offsets[1:], len(e.ngrams)) for e in (fewer, encoded))
    for word in range(encoded.length):
        ngrams = fewer.ngrams[fewer.offsets[word] : ends[word]].tolist()
        whole = encoded.ngrams[encoded.offsets[word] : old_ends[word]].tolist()
        assert set(ngrams) <= set(whole)
    assert len(fewer.ngrams) < len(encoded.ngrams) or share == 0
