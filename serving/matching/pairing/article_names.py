"""What an article is called on paper and in order data, and how alike two names are."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from data.order_records import Component, OrderLine, Substitute
from data.records import LineItem
from data.values.units import normalise_gtin

# Letters and digits that print and OCR confuse.
LOOKALIKES = str.maketrans("OISBZ", "01582")
_KINDS = ("product_code", "buyer_item_id", "gtin")


@lru_cache(maxsize=65536)
def normalise_code(code: str) -> str:
    """A product code without case, punctuation and leading zeros.

    >>> normalise_code("00-4711 a")
    '4711A'
    """
    kept = re.sub(r"[^0-9A-Z]", "", code.upper())
    return kept.lstrip("0") or kept


@lru_cache(maxsize=65536)
def _words(text: str) -> str:
    """Case-folded words; letters and digits apart, so that "M6x20" and "M6 x 20" are one."""
    return " ".join(re.findall(r"[^\W\d_]+|\d+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Names:
    """What a line is called: normalised codes, valid GTINs as 14 digits, words it is described by.

    `kinds` are the names of the codes that are given; `digits` the words that are numbers.
    """

    codes: frozenset[str]
    gtins: frozenset[str]
    kinds: frozenset[str]
    words: str
    digits: frozenset[str]

    @classmethod
    def of(cls, codes: Mapping[str, str | None], description: str | None) -> "Names":
        """From codes by name and a description."""
        return _named(tuple(codes.items()), description or "")

    def nearly_same_code(self, other: "Names") -> bool:
        """Whether codes differ by one character at most, lookalikes of print taken as one."""
        folded = [code.translate(LOOKALIKES) for code in self.codes]
        return any(
            Levenshtein.distance(code, two.translate(LOOKALIKES), score_cutoff=1) <= 1
            for code in folded
            for two in other.codes
        )

    def names_another(self, other: "Names", kinds: Set[str]) -> bool:
        """Whether both have a code of one of these kinds and none of their codes is the same.

        Codes that are nearly the same may be misread.
        """
        both = self.kinds & other.kinds & kinds
        return bool(both) and not self.nearly_same_code(other)


@lru_cache(maxsize=65536)
def _named(codes: tuple[tuple[str, str | None], ...], description: str) -> Names:
    """Worked out once for each article: assignment and allocation ask for the same ones."""
    given = {name: code for name, code in codes if code}
    words = _words(description)
    return Names(
        codes=frozenset(filter(None, map(normalise_code, given.values()))),
        gtins=frozenset(gtin for code in given.values() if (gtin := normalise_gtin(code))),
        kinds=frozenset(given),
        words=words,
        digits=frozenset(word for word in words.split() if word.isdigit()),
    )


def printed_names(item: LineItem) -> Names:
    """What a printed line calls its article."""
    leaves = ((name, item.field(name)) for name in _KINDS)
    codes = {name: None if leaf is None else leaf.text for name, leaf in leaves}
    return Names.of(codes, None if item.description is None else item.description.text)


def same_codes(item: LineItem, names: Names) -> list[str]:
    """The cells of a printed line that hold one of these codes or GTINs."""
    leaves = ((kind, item.field(kind)) for kind in _KINDS)
    texts = {kind: leaf.text for kind, leaf in leaves if leaf is not None and leaf.text}
    return [
        kind
        for kind, text in texts.items()
        if normalise_code(text) in names.codes or normalise_gtin(text) in names.gtins
    ]


def ordered_names(line: OrderLine) -> Names:
    """What an order line calls its article."""
    codes = {name: getattr(line, name) for name in (*_KINDS, "vendor_item_id")}
    return Names.of(codes, line.description)


def article_names(part: Component | Substitute) -> Names:
    """What a kit's part or a substitute is called."""
    return Names.of({name: getattr(part, name) for name in _KINDS}, part.description)


def article_groups(names: Sequence[Names]) -> list[int]:
    """A number for each; equal numbers name one article.

    One article: a code in common, directly or over others, or no codes at all and the same words.
    """
    parent = list(range(len(names)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[str, int] = {}
    for index, own in enumerate(names):
        for key in sorted(own.codes) or ([f" {own.words}"] if own.words else []):
            one, two = root(first.setdefault(key, index)), root(index)
            parent[max(one, two)] = min(one, two)
    return [root(index) for index in range(len(names))]


def resemblance(first: str, second: str) -> float:
    """How many letters two descriptions share at best (0..1), part against whole included."""
    one, two = _words(first), _words(second)
    if not one or not two:
        return 0.0
    return max(float(fuzz.token_set_ratio(one, two)), float(fuzz.partial_ratio(one, two))) / 100


def description_likeness(first: str, second: str) -> float:
    """0..1; equal but for case, order and punctuation is 1. Different numbers count heavily.

    Texts that share 40 % of their letters by chance are not alike at all, so that scores 0.

    >>> description_likeness("Hex bolt M6x20", "hex bolt, M6 x 20")
    1.0
    """
    return described_alike(Names.of({}, first), Names.of({}, second))


def described_alike(one: Names, two: Names) -> float:
    """`description_likeness` of two names."""
    if not one.words or not two.words:
        return 0.0
    likeness = float(fuzz.token_sort_ratio(one.words, two.words)) / 100
    if min(len(one.words), len(two.words)) >= 6:
        likeness = max(likeness, 0.9 * float(fuzz.token_set_ratio(one.words, two.words)) / 100)
    # "M6x20" and "M6x30" are two items however alike the words are.
    if one.digits - two.digits and two.digits - one.digits:
        likeness *= 0.6
    return max(0.0, (likeness - 0.4) / 0.6)
