"""Real pages varied a little each time they are taught: where words stand, digits, what is lost.

Generated pages never repeat; a few hundred real ones do, and a network learns them by heart. What
is varied here is what a second photograph of the same paper, or the next receipt of the same till,
would vary too.
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


def wordings_of(pages: Iterable[LabelledPage]) -> Wordings:
    """The words of these pages by what they are, each as often as it stands there."""
    found: dict[tuple[str, bool], list[str]] = {}
    for labelled in pages:
        for word, tag in zip(labelled.page.words, labelled.tags, strict=True):
            found.setdefault(_class(tag, word.text), []).append(word.text)
    return found


def vary_page(
    labelled: LabelledPage, how: Augmentation, wordings: Wordings, rng: np.random.Generator
) -> LabelledPage:
    """The page with words moved, exchanged, redrawn and left out; its pixels if nothing changed.

    `wordings` are what words are exchanged for.
    """
    words = labelled.page.words
    if not words or how == Augmentation():
        return labelled
    kept = [index for index in range(len(words)) if rng.random() >= how.lose_words] or [0]
    edges = np.array([_edges(words[index].box) for index in kept])
    edges = _moved(edges, labelled.page.upright_aspect, how, rng)
    texts = [words[index].text for index in kept]
    for place, index in enumerate(kept):
        if rng.random() < how.swap_words:
            known = wordings[_class(labelled.tags[index], texts[place])]
            texts[place] = known[int(rng.integers(len(known)))]
    if rng.random() < how.digits:
        texts = [_redrawn(text, rng) for text in texts]
    made = tuple(
        replace(words[index], text=text, box=Box.clamped(*map(float, row)))
        for index, text, row in zip(kept, texts, edges, strict=True)
    )
    page = replace(labelled.page, words=made, image=None if made != words else labelled.page.image)
    return replace(
        labelled,
        page=page,
        tags=tuple(labelled.tags[index] for index in kept),
        items=tuple(labelled.items[index] for index in kept),
    )


def lose_grams(encoded: EncodedPage, share: float, rng: np.random.Generator) -> EncodedPage:
    """The page with that share of its words' n-grams left out, drawn one by one."""
    kept = rng.random(len(encoded.ngrams)) >= share
    before = np.concatenate(([0], np.cumsum(kept)))
    return replace(encoded, ngrams=encoded.ngrams[kept], offsets=before[encoded.offsets])


def _class(tag: str, text: str) -> tuple[str, bool]:
    return tag, _DIGIT.search(text) is not None


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _moved(edges: _Floats, aspect: float, how: Augmentation, rng: np.random.Generator) -> _Floats:
    """(T, 4) edges after one movement of the page and a small one of every edge."""

    def drawn(largest: float, *shape: int) -> _Floats:
        return rng.uniform(-largest, largest, shape)

    heights = edges[:, 3:] - edges[:, 1:2]  # (T, 1)
    middles = (edges[:, :2] + edges[:, 2:]) / 2  # (T, 2)
    halves = (edges[:, 2:] - edges[:, :2]) / 2
    angle = np.deg2rad(drawn(how.rotation, 1)[0])
    # In fractions of a page that is no square a turn is a shear as well.
    turn = np.array(
        [
            [np.cos(angle), -np.sin(angle) / aspect],
            [np.sin(angle) * aspect, np.cos(angle)],
        ]
    )
    grown = 1 + drawn(how.scale, 2)
    middles = ((middles - 0.5) @ turn.T) * grown + 0.5 + drawn(how.shift, 2)
    halves = halves * grown
    edges = np.concatenate([middles - halves, middles + halves], axis=1)
    return edges + drawn(how.jitter, len(edges), 4) * heights


def _redrawn(text: str, rng: np.random.Generator) -> str:
    """Other digits in the same places; a leading 0 and the zeros at the end of a price stay."""
    zeros = len(text) - len(text.rstrip("0.,"))
    head, tail = text[: len(text) - zeros], text[len(text) - zeros :]
    first = _DIGIT.search(head)
    drawn = _DIGIT.sub(lambda _: str(rng.integers(1, 10)), head)
    if first is not None and first.group() == "0":
        drawn = drawn[: first.start()] + "0" + drawn[first.end() :]
    return drawn + tail
