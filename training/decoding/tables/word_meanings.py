"""Words of tables weighed by what their column means: tagged pages -> tagged pages."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.values.document_values import NumberFormat
from training.decoding.grouping import FloatArray, HalfArray, IntArray, TaggedPage, find_item_words
from training.decoding.tables.column_meanings import INDICES, DoubleArray, column_posteriors
from training.decoding.tables.number_columns import NumberColumn, find_tables


def weigh_by_columns(
    pages: Sequence[TaggedPage], number_format: NumberFormat | None
) -> list[TaggedPage]:
    """The pages with the probabilities of numbers in tables weighed by what their column means."""
    weighed = [tagged.probabilities.copy() for tagged in pages]
    words: list[list[int]] = [[] for _ in pages]
    for table in find_tables(pages):
        if not table:  # no row of its section held a number of an item
            continue
        posteriors = column_posteriors(table, pages, number_format)
        for column, posterior in zip(table, posteriors, strict=True):
            _weigh_column(column, posterior, pages, weighed)
            for number in column.numbers:
                words[number.page] += number.words
    return [
        _with_item_words(replace(tagged, probabilities=probabilities), changed)
        for tagged, probabilities, changed in zip(pages, weighed, words, strict=True)
    ]


def _weigh_column(
    column: NumberColumn,
    posterior: DoubleArray,
    pages: Sequence[TaggedPage],
    weighed: Sequence[FloatArray],
) -> None:
    """Weigh the line tags of the column's words; what they may be outside of tables stays.

    Without a printed head the column does not say that a number is part of an item. A currency
    mark follows the number it was read with.
    """
    indices = INDICES if column.head else INDICES[:-1]
    for number in column.numbers:
        before = pages[number.page].probabilities
        believed = before[number.words[0]]
        mass = float(believed[indices].sum())
        if mass <= 0:
            continue
        shares = posterior[: len(indices)] * np.sqrt(believed[indices] / mass)
        for word in number.words:
            if before[word].argmax() == believed.argmax():
                weighed[number.page][word] = believed
                weighed[number.page][word, indices] = mass * shares / shares.sum()


def _with_item_words(tagged: TaggedPage, words: Sequence[int]) -> TaggedPage:
    """The page with those of the words that became part of items among its item words.

    The network said nothing of them: each takes the affinities of the nearest item word on its
    line.
    """
    known = set(tagged.item_words.tolist())
    joining = set(find_item_words(tagged.probabilities).tolist()) - known
    new = [word for word in sorted(set(words)) if word in joining]
    if not new or not known:
        return tagged
    sources = [_nearest(tagged, word) for word in new]
    order = [*range(len(known)), *sources]
    affinity: HalfArray = tagged.affinity[np.ix_(order, order)].copy()
    for place, source in enumerate(sources, start=len(known)):
        affinity[place, source] = affinity[source, place] = 1.0
    item_words: IntArray = np.concatenate([tagged.item_words, np.array(new, dtype=np.int64)])
    sort = np.argsort(item_words)
    return replace(tagged, item_words=item_words[sort], affinity=affinity[np.ix_(sort, sort)])


def _nearest(tagged: TaggedPage, word: int) -> int:
    """The place among the item words of the nearest to the word, first of those on its line."""
    box = tagged.page.words[word].box

    def distance(other: int) -> tuple[bool, float]:
        beside = tagged.page.words[other].box
        apart = abs(beside.center[1] - box.center[1])
        is_apart = apart >= 0.5 * max(box.height, beside.height)
        return is_apart, apart if is_apart else abs(beside.center[0] - box.center[0])

    places = tagged.item_words.tolist()
    return min(range(len(places)), key=lambda place: distance(places[place]))
