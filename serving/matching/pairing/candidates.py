"""Which of many order lines a printed line may be, without comparing it with every one of them.

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
# Below this length a word has no groups of three letters worth knowing.
_SHORT = 5


def _word_features(names: Names) -> set[str]:
    """Words, and groups of three letters: a misread word still shares some."""
    found = set(names.words.split())
    for word in list(found):
        if len(word) >= _SHORT:
            found |= {f"{word[i : i + 3]}*" for i in range(len(word) - 2)}
    return found


class Candidates:
    """An index over the names of order lines, built once."""

    def __init__(self, names: Sequence[Names]) -> None:
        self._count = len(names)
        self._codes: defaultdict[str, list[int]] = defaultdict(list)
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        if self._count <= WHOLE:
            return
        for index, one in enumerate(names):
            for code in one.codes | one.gtins:
                self._codes[code].append(index)
            for feature in _word_features(one):
                self._words[feature].append(index)

    def of(self, names: Names) -> list[int]:
        """The indices worth comparing with a printed line of these names, in ascending order."""
        if self._count <= WHOLE:
            return list(range(self._count))
        found: set[int] = set()
        for code in names.codes | names.gtins:
            found.update(islice(self._codes.get(code, ()), BY_CODE))
        return sorted(found.union(self._by_words(names)))

    def _by_words(self, names: Names) -> list[int]:
        # Sorted twice, because sets have no order of their own.
        known = sorted(one for one in _word_features(names) if one in self._words)
        known.sort(key=lambda one: len(self._words[one]))
        weights: Counter[int] = Counter()
        hits = 0
        for feature in known:
            own = self._words[feature]
            if hits and hits + len(own) > _HITS:
                break
            hits += len(own)
            # A rare feature says more; whole numbers keep the order of addition out of it.
            weight = 1 + 1000 * len(feature) // len(own)
            for index in own:
                weights[index] += weight
        best = sorted(weights, key=lambda index: (-weights[index], index))
        return best[:BY_WORDS]
