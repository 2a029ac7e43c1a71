"""Names of articles, on paper and in order data, and the likeness of two names (0..1)."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from data.order_records import Component, OrderLine, Substitute
from data.records import LineItem
from data.values.units import normalise_gtin
from serving.matching.findings.printed_codes import (
    normalise_code as normalise_code,  # articles and headers take it from here
)

# Letters and digits that print and OCR confuse.
LOOKALIKES = str.maketrans("OISBZ", "01582")
_KINDS = ("product_code", "buyer_item_id", "gtin")


@lru_cache(maxsize=65536)
def _word_text(text: str) -> str:
    """Case-folded words; letters and digits apart, so that "M6x20" and "M6 x 20" are one."""
    return " ".join(re.findall(r"[^\W\d_]+|\d+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an article: normalised codes, valid GTINs as 14 digits, description words.

    `kinds` are the names of the codes that are given; `digits` the words that are numbers.
    """

    codes: frozenset[str]
    gtins: frozenset[str]
    kinds: frozenset[str]
    words: str
    digits: frozenset[str]

    @classmethod
    def of(cls, codes: Mapping[str, str | None], description: str | None) -> "Names":
        """Return the names for codes (by kind of code) and a description."""
        return _build_names(tuple(codes.items()), description or "")

    def has_similar_code(self, other: "Names") -> bool:
        """Return whether any two codes differ by one character at most, lookalikes taken as one."""
        folded = [code.translate(LOOKALIKES) for code in self.codes]
        return any(
            Levenshtein.distance(code, other_code.translate(LOOKALIKES), score_cutoff=1) <= 1
            for code in folded
            for other_code in other.codes
        )

    def has_other_code(self, other: "Names", kinds: Set[str]) -> bool:
        """Return whether both have a code of one of these kinds, and no code of one is the other's.

        Codes that are nearly the same may be misread: they count as the same.
        """
        both = self.kinds & other.kinds & kinds
        return bool(both) and not self.has_similar_code(other)


@lru_cache(maxsize=65536)
def _build_names(codes: tuple[tuple[str, str | None], ...], description: str) -> Names:
    """Return the names of an article; cached, as assignment and allocation need the same ones."""
    codes_by_name = {name: code for name, code in codes if code}
    words = _word_text(description)
    return Names(
        codes=frozenset(filter(None, map(normalise_code, codes_by_name.values()))),
        gtins=frozenset(gtin for code in codes_by_name.values() if (gtin := normalise_gtin(code))),
        kinds=frozenset(codes_by_name),
        words=words,
        digits=frozenset(word for word in words.split() if word.isdigit()),
    )


def printed_names(item: LineItem) -> Names:
    """Return the names of the article on a printed line."""
    leaves = ((name, item.field(name)) for name in _KINDS)
    codes = {name: None if leaf is None else leaf.text for name, leaf in leaves}
    return Names.of(codes, None if item.description is None else item.description.text)


def same_codes(item: LineItem, names: Names) -> list[str]:
    """Return the cells of a printed line that hold one of these codes or GTINs."""
    leaves = ((kind, item.field(kind)) for kind in _KINDS)
    texts = {kind: leaf.text for kind, leaf in leaves if leaf is not None and leaf.text}
    return [
        kind
        for kind, text in texts.items()
        if normalise_code(text) in names.codes or normalise_gtin(text) in names.gtins
    ]


def ordered_names(line: OrderLine) -> Names:
    """Return the names of the article on an order line."""
    codes = {name: getattr(line, name) for name in (*_KINDS, "vendor_item_id")}
    return Names.of(codes, line.description)


def article_names(part: Component | Substitute) -> Names:
    """Return the names of a kit's part or of a substitute."""
    return Names.of({name: getattr(part, name) for name in _KINDS}, part.description)


def article_groups(names: Sequence[Names]) -> list[int]:
    """Return a group number for each; equal numbers are one article.

    One article: a code in common, directly or over others, or no codes at all and the same words.
    """
    parent = list(range(len(names)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first_index: dict[str, int] = {}
    for index, article in enumerate(names):
        for key in sorted(article.codes) or ([f" {article.words}"] if article.words else []):
            first_root, second_root = root(first_index.setdefault(key, index)), root(index)
            parent[max(first_root, second_root)] = min(first_root, second_root)
    return [root(index) for index in range(len(names))]


def resemblance(first: str, second: str) -> float:
    """Return the largest share of letters in common (0..1), part against whole included."""
    first_words, second_words = _word_text(first), _word_text(second)
    if not first_words or not second_words:
        return 0.0
    return (
        max(
            float(fuzz.token_set_ratio(first_words, second_words)),
            float(fuzz.partial_ratio(first_words, second_words)),
        )
        / 100
    )


def description_likeness(first: str, second: str) -> float:
    """Return 0..1; 1 where only case, order and punctuation differ. Other numbers weigh heavily.

    Texts that share 40 % of their letters by chance are not alike at all, so that scores 0.

    >>> description_likeness("Hex bolt M6x20", "hex bolt, M6 x 20")
    1.0
    """
    return names_likeness(Names.of({}, first), Names.of({}, second))


def names_likeness(first: Names, second: Names) -> float:
    """Return the `description_likeness` of two names."""
    if not first.words or not second.words:
        return 0.0
    likeness = float(fuzz.token_sort_ratio(first.words, second.words)) / 100
    if min(len(first.words), len(second.words)) >= 6:
        likeness = max(likeness, 0.9 * float(fuzz.token_set_ratio(first.words, second.words)) / 100)
    # "M6x20" and "M6x30" are two items however alike the words are.
    if first.digits - second.digits and second.digits - first.digits:
        likeness *= 0.6
    return max(0.0, (likeness - 0.4) / 0.6)
