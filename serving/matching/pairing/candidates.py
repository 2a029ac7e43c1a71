"""Order lines that a printed line may be, found without comparing it with every one of them.

An inverted index over codes, words and groups of three letters. Rare features are looked up first
and looking stops after a fixed number of hits, so that the time for one printed line hardly depends
on how long the order is. A short order is compared as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from serving.matching.pairing.article_names import Names

# Orders of up to this many names are compared as a whole.
WHOLE = 64
# The most candidates by description, and by one code or line number.
BY_WORDS, BY_CODE = 12, 64
# Hits after which no more words are looked up.
_HITS = 600
# Below this length a word has no groups of three letters worth indexing.
_SHORT = 5


def _word_features(names: Names) -> set[str]:
    """Return words, and groups of three letters: a misread word still shares some."""
    features = set(names.words.split())
    for word in list(features):
        if len(word) >= _SHORT:
            features |= {f"{word[i : i + 3]}*" for i in range(len(word) - 2)}
    return features


class Candidates:
    """An index over the names of order lines, built once."""

    def __init__(self, names: Sequence[Names]) -> None:
        self._count = len(names)
        self._codes: defaultdict[str, list[int]] = defaultdict(list)
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        if self._count <= WHOLE:
            return
        for index, line_names in enumerate(names):
            for code in line_names.codes | line_names.gtins:
                self._codes[code].append(index)
            for feature in _word_features(line_names):
                self._words[feature].append(index)

    def find(self, names: Names) -> list[int]:
        """Return the indices worth comparing with a printed line of these names, ascending."""
        if self._count <= WHOLE:
            return list(range(self._count))
        indices: set[int] = set()
        for code in names.codes | names.gtins:
            indices.update(islice(self._codes.get(code, ()), BY_CODE))
        return sorted(indices.union(self._find_by_words(names)))

    def _find_by_words(self, names: Names) -> list[int]:
        # Sorted twice, because sets have no order of their own.
        known = sorted(
            word_feature for word_feature in _word_features(names) if word_feature in self._words
        )
        known.sort(key=lambda word_feature: len(self._words[word_feature]))
        weights: Counter[int] = Counter()
        hits = 0
        for feature in known:
            line_indices = self._words[feature]
            if hits and hits + len(line_indices) > _HITS:
                break
            hits += len(line_indices)
            # A rare feature says more; whole numbers keep the order of addition out of it.
            weight = 1 + 1000 * len(feature) // len(line_indices)
            for index in line_indices:
                weights[index] += weight
        best = sorted(weights, key=lambda index: (-weights[index], index))
        return best[:BY_WORDS]
