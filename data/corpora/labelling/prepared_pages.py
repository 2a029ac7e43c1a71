"""The page that labels are projected onto: its words, printed lines and places, and their tags."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from statistics import median

from data import labels
from data.pages.words import in_reading_order
from data.records import LabelledPage, Page, Word
from data.values.dates import read_date
from data.values.numerals import read_number

OUTSIDE = -1  # item number of a word that belongs to no item


@lru_cache(maxsize=65536)
def numbers(text: str) -> frozenset[Decimal]:
    """The numbers that the text can be read as."""
    return frozenset(reading.value for reading in read_number(text))


@lru_cache(maxsize=65536)
def dates(text: str) -> frozenset[date]:
    """The dates that the text can be read as."""
    return frozenset(reading.value for reading in read_date(text))


def plain_text(text: str) -> str:
    """Letters and digits only, without case: unchanged by an OCR slip in punctuation."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _token(text: str) -> str:
    """The form that two prints of one word share; a mark such as "@" is its own form."""
    return plain_text(text) or text


@dataclass(slots=True)
class Sheet:
    """One page whose words are being labelled; `tags` None means undecided.

    `places` are the words' centres in fractions of the page as delivered, the coordinates of a
    corpus folder's boxes. `lines` are word indices by printed line, top to bottom.
    """

    page: Page
    document_type: str
    places: list[tuple[float, float]] = field(init=False)
    lines: list[list[int]] = field(init=False)
    tags: list[str | None] = field(init=False)
    items: list[int] = field(init=False)

    def __post_init__(self) -> None:
        corners = [self.page.polygon(word.box) for word in self.page.words]
        self.places = [((p[0] + p[4]) / 2, (p[1] + p[5]) / 2) for p in corners]
        self.lines = _lines(self.page)
        self.tags = [None] * len(self.page.words)
        self.items = [OUTSIDE] * len(self.page.words)

    def text(self, index: int) -> str:
        return self.page.words[index].text

    def edges(self, index: int) -> tuple[float, float]:
        """Left and right edge of the word on the upright page."""
        box = self.page.words[index].box
        return box.left, box.right

    def undecided(self, indices: Iterable[int]) -> list[int]:
        """Return those of the words that are still undecided."""
        return [index for index in indices if self.tags[index] is None]

    def label(self, indices: Iterable[int], tag: str, item: int = OUTSIDE) -> None:
        """Label those of the words that are still undecided."""
        for index in self.undecided(indices):
            self.tags[index], self.items[index] = tag, item

    def find_run(self, wording: str, lines: Sequence[Sequence[int]]) -> list[int]:
        """The first run of words that spells the wording; [] when there is none.

        The run may go on in the next lines, below where it began: a cell that was wrapped.
        """
        tokens = [_token(text) for text in wording.split()]
        for start in range(len(lines) if tokens else 0):
            for begin in lines[start]:
                if run := self._run_from(begin, tokens, lines[start:]):
                    return run
        return []

    def _run_from(self, begin: int, tokens: list[str], lines: Sequence[Sequence[int]]) -> list[int]:
        run: list[int] = []
        left = self.edges(begin)[0]
        for line in lines:
            after = list(line)
            if run:
                after = [index for index in line if self.edges(index)[0] >= left - 0.01]
                if not after or abs(self.edges(after[0])[0] - left) > 0.02:
                    break
            else:
                after = after[after.index(begin) :]
            for index in after:
                token = _token(self.text(index))
                if len(run) < len(tokens) and token != tokens[len(run)]:
                    break
                if len(run) == len(tokens):
                    break
                run.append(index)
            if not run or len(run) == len(tokens):
                break
        return run if len(run) == len(tokens) else []

    def labelled_page(self) -> LabelledPage:
        """The page with its labels; words that are still undecided are `other`."""
        tags = tuple(tag if tag is not None else "other" for tag in self.tags)
        line_tags = frozenset(labels.LINE_TAGS)
        owned = zip(tags, self.items, strict=True)
        items = tuple(item if tag in line_tags else OUTSIDE for tag, item in owned)
        return LabelledPage(self.page, tags, items, self.document_type)


def _lines(page: Page) -> list[list[int]]:
    """Word indices by printed line, each from left to right."""
    index_of = {id(word): index for index, word in enumerate(page.words)}
    usual = median(word.box.height for word in page.words) if page.words else 0.0
    lines: list[list[int]] = []
    last = first = None
    for word in in_reading_order(page.words):
        # In reading order a step back to the left, or half a line down, begins a new line.
        if (
            last is None
            or first is None
            or word.box.left < last.box.left
            or _is_below(word, first, usual)
        ):
            lines.append([])
            first = word
        lines[-1].append(index_of[id(word)])
        last = word
    return lines


def _is_below(word: Word, first: Word, usual: float) -> bool:
    """Return whether a word stands below the line that begins with `first`."""
    reach = 0.5 * min(max(word.box.height, first.box.height), 1.5 * usual)
    return word.box.center[1] - first.box.center[1] > reach
