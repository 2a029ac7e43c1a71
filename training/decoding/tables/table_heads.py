"""Printed heads of tables on a tagged page: lines that name columns, and the words over each."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.records import Box, Word
from training.decoding.derived_values import COLUMNS
from training.decoding.grouping import TAG_INDEX, TaggedPage
from training.decoding.printed_lines import (
    MONEY,
    SPACE,
    Line,
    letter_width,
    split_at_gaps,
    union_of,
)
from training.decoding.tables.column_heads import allowed_tags, word_concepts

BELIEVED = 0.5  # probability from which a word is part of a head
NEAR = 0.4  # heights between the lines of one head
PHRASE_GAP = 1.5 * SPACE  # letters: from here two words are two phrases


@dataclass(frozen=True, slots=True)
class TableHead:
    """The phrases of a table's head, in reading order, and the box around them.

    Numbers whose middle is below `bottom` stand under the head.
    """

    phrases: tuple[Line, ...]
    box: Box
    bottom: float

    def with_head(self, below: "TableHead") -> "TableHead":
        """The head together with the rest of it that is printed below."""
        return TableHead((*self.phrases, *below.phrases), self.box.union(below.box), below.bottom)

    def words_over(self, spans: Sequence[tuple[float, float]]) -> list[list[str]]:
        """The words over each span (left, right), in reading order.

        A phrase over one span alone counts whole, over several word by word. A span under no word
        takes the nearest phrase, within two letters.
        """
        over: list[list[str]] = [[] for _ in spans]
        for phrase in self.phrases:
            places = _places_under(union_of(phrase), spans)
            for word in phrase:
                for place in places if len(places) == 1 else _places_under(word.box, spans):
                    over[place].append(word.text)
        for place, span in enumerate(spans):
            if not over[place]:
                apart, nearest = min(
                    (_distance(union_of(phrase), span) / letter_width(phrase), index)
                    for index, phrase in enumerate(self.phrases)
                )
                over[place] += [word.text for word in self.phrases[nearest]] if apart < 2 else []
        return over


def _places_under(box: Box, spans: Sequence[tuple[float, float]]) -> list[int]:
    return [place for place, span in enumerate(spans) if _distance(box, span) < 0]


def _distance(box: Box, span: tuple[float, float]) -> float:
    """The gap between a box and a span of the page's width; negative where they overlap."""
    return max(span[0] - box.right, box.left - span[1])


def find_heads(tagged: TaggedPage) -> list[TableHead]:
    """Find the heads of the tables on the page, top to bottom."""
    words = tagged.page.words[: len(tagged.probabilities)]
    if not words:
        return []
    believed = tagged.probabilities[:, TAG_INDEX["column_header"]]
    is_believed = {
        id(word): float(share) >= BELIEVED for word, share in zip(words, believed, strict=True)
    }
    lines = _printed_lines(words)
    heads: list[TableHead] = []
    used_lines: set[int] = set()
    for number, line in enumerate(lines):
        if number in used_lines or not _is_head(line, is_believed):
            continue
        block = [number]
        for step in (-1, 1):
            other = number + step
            while (
                0 <= other < len(lines)
                and other not in used_lines
                and _continues(lines[other - step], lines[other], is_believed)
            ):
                block.append(other)
                other += step
        used_lines.update(block)
        phrases = [
            phrase for other in sorted(block) for phrase in split_at_gaps(lines[other], PHRASE_GAP)
        ]
        box = union_of([word for phrase in phrases for word in phrase])
        bottom = max(word.box.center[1] for phrase in phrases for word in phrase)
        heads.append(TableHead(tuple(phrases), box, bottom))
    return heads


def _printed_lines(words: Sequence[Word]) -> list[Line]:
    lines: list[list[Word]] = []
    middle = 0.0
    for word in sorted(words, key=lambda word: word.box.center[1]):
        if lines and word.box.center[1] - middle <= 0.35 * word.box.height:
            lines[-1].append(word)
        else:
            lines.append([word])
            middle = word.box.center[1]
    return [tuple(sorted(line, key=lambda word: word.box.left)) for line in lines]


def _is_head(line: Line, is_believed: dict[int, bool]) -> bool:
    """True where the line names at least two different columns, one of them of numbers to read.

    Where the network does not say so, two of quantity, price and amount have to be named.
    """
    if any(MONEY.search(word.text) for word in line):
        return False
    meanings = []
    for phrase in split_at_gaps(line, PHRASE_GAP):
        tags = allowed_tags(word.text for word in phrase)
        if tags is not None and tags not in meanings:
            meanings.append(tags)
    if len(meanings) < 2 or not any(meanings):
        return False
    if 2 * sum(is_believed[id(word)] for word in line) >= len(line):
        return True
    named = sum(any(role in tags for tags in meanings) for role in COLUMNS)
    known = sum(bool(word_concepts(word.text)) for word in line)
    return named >= 2 and 2 * known >= len(line)


def _continues(line: Line, other: Line, is_believed: dict[int, bool]) -> bool:
    """True where the other line, above or below, is part of the same head."""
    if any(MONEY.search(word.text) for word in other):
        return False
    first, second = union_of(line), union_of(other)
    gap = max(second.top - first.bottom, first.top - second.bottom)
    height = max(word.box.height for word in (*line, *other))
    return gap < NEAR * height and 2 * sum(is_believed[id(word)] for word in other) >= len(other)
