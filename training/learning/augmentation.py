"""Augmentation of real pages: word positions, digits and lost words vary at each repetition.

Generated pages never repeat; a few hundred real ones do, and a network learns them by heart. The
variations are those of a second photograph of the same paper, or of the next receipt of the same
till.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from data.records import Box, LabelledPage
from training.learning.recipe import Augmentation
from training.network.encoding import EncodedPage

_Floats = npt.NDArray[np.float64]

_DIGIT = re.compile(r"\d")


Wordings = Mapping[tuple[str, bool], Sequence[str]]  # (tag, has digits) -> words that carry it


def collect_wordings(pages: Iterable[LabelledPage]) -> Wordings:
    """Collect the words of these pages by tag and digits, each as often as it is printed."""
    words_by_class: dict[tuple[str, bool], list[str]] = {}
    for labelled in pages:
        for word, tag in zip(labelled.page.words, labelled.tags, strict=True):
            words_by_class.setdefault(_wording_class(tag, word.text), []).append(word.text)
    return words_by_class


def vary_page(
    labelled: LabelledPage, augment: Augmentation, wordings: Wordings, rng: np.random.Generator
) -> LabelledPage:
    """Return the page with words moved, exchanged, redrawn and left out.

    It keeps its pixels only where no word changed. Words are exchanged for `wordings`.
    """
    words = labelled.page.words
    if not words or augment == Augmentation():
        return labelled
    remaining = [index for index in range(len(words)) if rng.random() >= augment.lose_words] or [0]
    edges = np.array([_edges(words[index].box) for index in remaining])
    edges = _move_edges(edges, labelled.page.upright_aspect, augment, rng)
    texts = [words[index].text for index in remaining]
    for position, index in enumerate(remaining):
        if rng.random() < augment.swap_words:
            substitutes = wordings[_wording_class(labelled.tags[index], texts[position])]
            texts[position] = substitutes[int(rng.integers(len(substitutes)))]
    if rng.random() < augment.digits:
        texts = [_redraw_digits(text, rng) for text in texts]
    varied = tuple(
        replace(words[index], text=text, box=Box.clamped(*map(float, row)))
        for index, text, row in zip(remaining, texts, edges, strict=True)
    )
    page = replace(
        labelled.page, words=varied, image=None if varied != words else labelled.page.image
    )
    return replace(
        labelled,
        page=page,
        tags=tuple(labelled.tags[index] for index in remaining),
        items=tuple(labelled.items[index] for index in remaining),
    )


def lose_grams(encoded: EncodedPage, share: float, rng: np.random.Generator) -> EncodedPage:
    """Return the page without that share of its words' n-grams, drawn one by one."""
    remains = rng.random(len(encoded.ngrams)) >= share
    before = np.concatenate(([0], np.cumsum(remains)))
    return replace(encoded, ngrams=encoded.ngrams[remains], offsets=before[encoded.offsets])


def _wording_class(tag: str, text: str) -> tuple[str, bool]:
    return tag, _DIGIT.search(text) is not None


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _move_edges(
    edges: _Floats, aspect: float, augment: Augmentation, rng: np.random.Generator
) -> _Floats:
    """Return the edges (T, 4) after one movement of the page and a small one of every edge."""

    def draw_uniform(largest: float, *shape: int) -> _Floats:
        return rng.uniform(-largest, largest, shape)

    heights = edges[:, 3:] - edges[:, 1:2]  # (T, 1)
    middles = (edges[:, :2] + edges[:, 2:]) / 2  # (T, 2)
    halves = (edges[:, 2:] - edges[:, :2]) / 2
    angle = np.deg2rad(draw_uniform(augment.rotation, 1)[0])
    # In fractions of a page that is no square a turn is a shear as well.
    turn = np.array(
        [
            [np.cos(angle), -np.sin(angle) / aspect],
            [np.sin(angle) * aspect, np.cos(angle)],
        ]
    )
    growth = 1 + draw_uniform(augment.scale, 2)
    middles = ((middles - 0.5) @ turn.T) * growth + 0.5 + draw_uniform(augment.shift, 2)
    halves = halves * growth
    edges = np.concatenate([middles - halves, middles + halves], axis=1)
    return edges + draw_uniform(augment.jitter, len(edges), 4) * heights


def _redraw_digits(text: str, rng: np.random.Generator) -> str:
    """Redraw the digits in place; a leading 0 and the zeros at the end of a price stay."""
    zeros = len(text) - len(text.rstrip("0.,"))
    head, tail = text[: len(text) - zeros], text[len(text) - zeros :]
    first = _DIGIT.search(head)
    drawn = _DIGIT.sub(lambda _: str(rng.integers(1, 10)), head)
    if first is not None and first.group() == "0":
        drawn = drawn[: first.start()] + "0" + drawn[first.end() :]
    return drawn + tail
