"""Counts the fate of every printed word of a page that was read: right, wrong, merged, lost."""

import statistics
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from data.records import Box
from data.synthesis.ocr_fitting.alignment import Edit, Group, find_edits, group_words
from data.synthesis.ocr_noise.error_statistics import GAPS, SIZES, class_of, kind_of
from data.synthesis.ocr_noise.noise import TaggedWord, in_reading_order, print_sizes

_REGION_WORDS = 6  # lost neighbours on several lines from which they count as a region
_GARBLED = 0.5  # share of wrong characters above which a word counts as garbled
_RUN = 3  # characters of a confusion; longer ones are no habit of the reader


class Fate(NamedTuple):
    """The reading of one printed word; `after_lost`: its neighbour to the left was lost."""

    kind: int
    size: int
    fate: str  # "right" | "wrong" | "garbled" | "lost" | "region"
    after_lost: bool


class Spot(NamedTuple):
    """A printed character, the size of its print, and the kind of its word."""

    char: str
    size: int
    kind: int


@dataclass(slots=True)
class Tally:
    """Counts of one page. Characters and their errors are by (character, size, kind of word)."""

    printed: int = 0
    read: int = 0
    right: int = 0
    readable: int = 0  # printed words with a letter or digit
    readable_right: int = 0
    fates: list[Fate] = field(default_factory=list)
    gaps: Counter[tuple[int, tuple[int, int], bool]] = field(default_factory=Counter)
    joints: Counter[tuple[tuple[int, int], bool]] = field(default_factory=Counter)
    characters: Counter[Spot] = field(default_factory=Counter)
    wrong: Counter[Spot] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    legible: int = 0  # words neither lost nor garbled
    garbled: list[tuple[int, str]] = field(default_factory=list)
    edges: list[tuple[float, ...]] = field(default_factory=list)
    regions: list[tuple[float, float, float]] = field(default_factory=list)
    specks: list[tuple[str, float, float]] = field(default_factory=list)
    right_confidences: list[float] = field(default_factory=list)
    wrong_confidences: list[float] = field(default_factory=list)
    size: float = 0.0  # median em in points

    @property
    def recall(self) -> float:
        """The share of the printed words that were read exactly."""
        return self.right / max(self.printed, 1)

    @property
    def quality(self) -> float:
        """The recall of words with a letter or digit: dashes are no evidence of scan quality."""
        return self.readable_right / max(self.readable, 1)

    @property
    def precision(self) -> float:
        """The share of the read words that are printed exactly so."""
        return self.right / max(self.read, 1)


class _Page:
    """One page while it is counted: the ems of its words, and the fate of each printed word."""

    def __init__(
        self, printed: Sequence[TaggedWord], read: Sequence[TaggedWord], paper: tuple[float, float]
    ) -> None:
        self.printed, self.read = in_reading_order(list(printed)), list(read)
        self.width, self.height = paper
        self.ems = print_sizes(self.printed, self.height).tolist()
        self.fates = [""] * len(self.printed)
        self.merged: set[int] = set()  # the left one of every pair read as one word
        self.tally = Tally(len(self.printed), len(self.read))
        self.tally.readable = sum(kind_of(word.text) > 0 for word in self.printed)
        self.tally.size = statistics.median(self.ems) if self.ems else 0.0

    def count(self) -> Tally:
        for group in group_words(self.printed, self.read):
            self._count_right(group)
            if not group.printed:
                self._speck(self.read[group.read[0]])
            elif not group.read:
                for place in group.printed:
                    self.fates[place] = "lost"
            elif self._on_one_line(group):
                self._line(group)
        self._regions()
        self._list_fates()
        return self.tally

    def _count_right(self, group: Group) -> None:
        remaining = Counter(self.printed[place].text for place in group.printed)
        for place in group.read:
            word = self.read[place]
            right = remaining[word.text] > 0
            remaining[word.text] -= right
            self.tally.right += right
            self.tally.readable_right += right and kind_of(word.text) > 0
            if word.confidence is not None and group.printed:
                (self.tally.right_confidences if right else self.tally.wrong_confidences).append(
                    word.confidence
                )

    def _on_one_line(self, group: Group) -> bool:
        middles = [self.printed[place].box.center[1] for place in group.printed]
        reach = 0.5 * min(self.ems[place] for place in group.printed)
        return bool((max(middles) - min(middles)) * self.height < reach)

    def _speck(self, word: TaggedWord) -> None:
        em = max(self.tally.size, 1.0)
        wide, tall = word.box.width * self.width / em, word.box.height * self.height / em
        self.tally.specks.append((word.text, round(wide, 2), round(tall, 2)))

    def _line(self, group: Group) -> None:
        """Count characters, joints and gaps of the printed and read words on a part of a line."""
        texts = [self.printed[place].text for place in group.printed]
        printed_text, read_text = (
            "".join(texts),
            "".join(self.read[place].text for place in group.read),
        )
        owners = [n for n, place in enumerate(group.read) for _ in self.read[place].text]
        where = _read_positions(len(printed_text), find_edits(printed_text, read_text))
        start = 0
        spans: list[tuple[int, int] | None] = []
        for place, text in zip(group.printed, texts, strict=True):
            read_positions = [spot for spot in where[start : start + len(text)] if spot is not None]
            spans.append((read_positions[0], read_positions[-1] + 1) if read_positions else None)
            self._joints(text, where[start : start + len(text)], owners)
            if not read_positions:
                self.fates[place] = "lost"
            start += len(text)
        self._gaps(group, spans, owners)
        known = [(place, span) for place, span in zip(group.printed, spans, strict=True) if span]
        for n, (place, (begin, _)) in enumerate(known):
            stop = known[n + 1][1][0] if n + 1 < len(known) else len(read_text)
            self._word(place, read_text[0 if n == 0 else begin : stop])
        if len(group.printed) == len(group.read) == 1 and self.fates[group.printed[0]] != "garbled":
            self._edges(group.printed[0], self.read[group.read[0]].box)

    def _joints(self, text: str, where: Sequence[int | None], owners: Sequence[int]) -> None:
        for n in range(len(text) - 1):
            left, right = where[n], where[n + 1]
            if left is not None and right is not None:
                pair = class_of(text[n]), class_of(text[n + 1])
                self.tally.joints[pair, owners[left] != owners[right]] += 1

    def _gaps(
        self, group: Group, spans: Sequence[tuple[int, int] | None], owners: Sequence[int]
    ) -> None:
        for n in range(len(spans) - 1):
            left, right = spans[n], spans[n + 1]
            if left and right and owners[left[1] - 1] == owners[right[0]]:
                self.merged.add(group.printed[n])
                self._gap(group.printed[n], group.printed[n + 1], merged=True)

    def _gap(self, left: int, right: int, *, merged: bool) -> None:
        left_word, right_word = self.printed[left], self.printed[right]
        gap = (right_word.box.left - left_word.box.right) * self.width / self.ems[left]
        pair = class_of(left_word.text[-1]), class_of(right_word.text[0])
        self.tally.gaps[bisect(GAPS, gap), pair, merged] += 1

    def _word(self, place: int, got: str) -> None:
        text, size = self.printed[place].text, bisect(SIZES, self.ems[place])
        changes = find_edits(text, got)
        wrong = sum(max(edit.end - edit.start, len(edit.text)) for edit in changes)
        if len(text) > 2 and wrong > _GARBLED * len(text):
            self.fates[place] = "garbled"
            self.tally.garbled.append((len(text), got))
            return
        self.fates[place] = "wrong" if changes else "right"
        self.tally.legible += 1
        kind = kind_of(text)
        self.tally.characters.update(Spot(char, size, kind) for char in text)
        for edit in changes:
            self._edit(text, edit, (size, kind))

    def _edit(self, text: str, edit: Edit, where: tuple[int, int]) -> None:
        start, end, got = edit
        if start == end:
            if start in (0, len(text)):
                (self.tally.after if start else self.tally.before)[got] += 1
                return
            start, got = start - 1, text[start - 1] + got
        if end - start == len(got):  # as many as printed: one by one
            for char, other in zip(text[start:end], got, strict=True):
                self.tally.wrong[Spot(char, *where)] += 1
                self.tally.confusions[char, other] += 1
            return
        self.tally.wrong[Spot(text[start], *where)] += 1
        if end - start <= _RUN and len(got) <= _RUN:
            self.tally.confusions[text[start:end], got] += 1

    def _edges(self, place: int, got: Box) -> None:
        box, em = self.printed[place].box, self.ems[place]
        x, y = self.width / em, self.height / em
        moved = (
            (got.left - box.left) * x,
            (got.top - box.top) * y,
            (got.right - box.right) * x,
            (got.bottom - box.bottom) * y,
        )
        self.tally.edges.append(moved)

    def _regions(self) -> None:
        """Turn lost words that are together on several lines into a region."""
        lost = {place for place, fate in enumerate(self.fates) if fate == "lost"}
        while lost:
            region = self._grown(lost)
            boxes = [self.printed[place].box for place in region]
            around = boxes[0]
            for box in boxes:
                around = around.union(box)
            em = self.ems[region[0]] / self.height
            if len(region) < _REGION_WORDS or around.height < 1.5 * em:
                continue
            share = round(len(region) / len(self.printed), 3)
            shape = round(around.width, 3), round(around.height, 3)
            self.tally.regions.append((share, *shape))
            for place in region:
                self.fates[place] = "region"

    def _grown(self, lost: set[int]) -> list[int]:
        """Take one word and all its lost neighbours out of `lost`."""
        region = [lost.pop()]
        for place in region:
            box, em = self.printed[place].box, self.ems[place]
            x, y = 2.0 * em / self.width, 2.2 * em / self.height
            near = [
                other
                for other in lost
                if abs(self.printed[other].box.center[1] - box.center[1]) < y
                and self.printed[other].box.left < box.right + x
                and self.printed[other].box.right > box.left - x
            ]
            lost.difference_update(near)
            region += near
        return region

    def _list_fates(self) -> None:
        for place, fate in enumerate(self.fates):
            after = place > 0 and self._beside(place - 1, place)
            legible = all(self.fates[n] not in ("", "lost", "region") for n in (place - 1, place))
            if after and legible and place - 1 not in self.merged:
                self._gap(place - 1, place, merged=False)
            if fate:
                after = after and self.fates[place - 1] == "lost"
                size = bisect(SIZES, self.ems[place])
                kind = kind_of(self.printed[place].text)
                self.tally.fates.append(Fate(kind, size, fate, after))

    def _beside(self, left: int, right: int) -> bool:
        left_box, right_box = self.printed[left].box, self.printed[right].box
        level = abs(left_box.center[1] - right_box.center[1]) * self.height < 0.5 * self.ems[left]
        return level and right_box.left >= left_box.left


def count_page(
    printed: Sequence[TaggedWord], read: Sequence[TaggedWord], paper: tuple[float, float]
) -> Tally:
    """Count one page; `paper` is its width and height in points."""
    return _Page(printed, read, paper).count()


def _read_positions(length: int, changes: Sequence[Edit]) -> list[int | None]:
    """For each printed character the position of the one read for it."""
    where: list[int | None] = []
    shift = 0
    for start, end, text in changes:
        where += [place + shift for place in range(len(where), start)]
        where += [start + shift + n if n < len(text) else None for n in range(end - start)]
        shift += len(text) - (end - start)
    where += [place + shift for place in range(len(where), length)]
    return where
