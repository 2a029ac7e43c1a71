"""Measures the generator's pages per second in one process, to compare two versions."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from data.synthesis.layouts.documents import make_document
from data.synthesis.pages import labelled_pages

IMAGE_LONG_SIDE = 1400  # about 1000 x 1400 px for paper of A4 or letter size
_WARMING = 10  # other documents made first, so that caches are full
Watch = Callable[[range, str], Iterable[Any]]


def pages_per_second(text_documents: int, image_documents: int, watch: Watch) -> dict[str, float]:
    """`text_pages_per_second` (words and boxes) and `image_pages_per_second` (drawn, damaged).

    As many other documents, at most ten, warm the caches first. `watch` passes a range on and may
    show its progress under the name in its second argument.
    """
    return {
        "text_pages_per_second": round(_speed(_text, text_documents, watch, "text"), 1),
        "image_pages_per_second": round(_speed(_image, image_documents, watch, "images"), 1),
    }


def _speed(make: Callable[[int, int], int], documents: int, watch: Watch, what: str) -> float:
    for index in range(min(documents, _WARMING)):
        make(1, index)
    begin = time.perf_counter()
    pages = sum(make(2, index) for index in watch(range(documents), what))
    return pages / (time.perf_counter() - begin)


def _text(seed: int, index: int) -> int:
    return len(labelled_pages(seed, index))


def _image(seed: int, index: int) -> int:
    from data.synthesis.paper.fonts import faces_of
    from data.synthesis.paper.rendering import scanned_pages

    rng = random.Random(f"{seed}/{index}")
    document = make_document(rng, faces_of(rng))
    return len(scanned_pages(document, rng, IMAGE_LONG_SIDE))
