"""Words cut into sub-words, and pages of them into windows a pretrained backbone can take.

Shapes: B pages, T words (padded), W windows, S sub-words (padded) with the special ones at both
ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Subwords:
    """A fast tokenizer, its special tokens, and how many sub-words of text a window holds."""

    tokenizer: Any  # tokenizers.Tokenizer
    begin: int
    end: int
    pad: int
    unknown: int
    room: int

    @classmethod
    def of(cls, tokenizer: Any, positions: int) -> "Subwords":
        """Those of a fast tokenizer of `transformers`, for a network with that many positions.

        Raises ValueError where the tokenizer lacks a special token or nothing fits.
        """
        own = tokenizer.backend_tokenizer
        own.no_padding()
        own.no_truncation()
        own.encode_special_tokens = True  # "</s>" printed on a page is text
        begin, end = tokenizer.cls_token_id, tokenizer.sep_token_id
        pad, unknown = tokenizer.pad_token_id, tokenizer.unk_token_id
        if None in (begin, end, pad, unknown):
            raise ValueError("the tokenizer lacks one of the tokens cls, sep, pad, unk")
        if positions < 3:
            raise ValueError(f"a window of {positions} positions holds no words")
        return cls(own, begin, end, pad, unknown, positions - 2)

    def of_words(self, words: Sequence[str]) -> list[list[int]]:
        """The ids of each word, at least one and no more than a window holds."""
        if not words:
            return []
        encoded = self.tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for number, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None:
                pieces[word].append(number)
        return [(own or [self.unknown])[: self.room] for own in pieces]


@dataclass(frozen=True, slots=True)
class Windows:
    """`ids`, `present` (W, S) and `boxes` (W, S, 4) 0..1000; `page` (W,) says whose it is.

    `first` (B, T) is the place of each word's first sub-word in the windows laid end to end.
    """

    ids: Tensor
    present: Tensor
    boxes: Tensor
    page: Tensor
    first: Tensor


def cut_pages(texts: Sequence[Sequence[str]], boxes: Tensor, how: Subwords) -> Windows:
    """The windows of all pages; `boxes` (B, T, 4) are whole numbers 0..1000."""
    pages: list[int] = []
    rows: list[tuple[list[int], list[int]]] = []  # ids and, for each, the number of its word
    places: list[tuple[int, int, int, int]] = []  # page, word, window, sub-word
    for page, words in enumerate(texts):
        pieces = how.of_words(words)
        for start, stop in cut_windows([len(own) for own in pieces], how.room):
            ids, owners = [how.begin], [-1]
            for word in range(start, stop):
                places.append((page, word, len(rows), len(ids)))
                ids += pieces[word]
                owners += [word] * len(pieces[word])
            rows.append(([*ids, how.end], [*owners, -1]))
            pages.append(page)
    longest = max((len(ids) for ids, _ in rows), default=0)
    made = Windows(
        ids=torch.full((len(rows), longest), how.pad),
        present=torch.zeros(len(rows), longest, dtype=torch.bool),
        boxes=torch.zeros(len(rows), longest, 4, dtype=torch.long),
        page=torch.tensor(pages, dtype=torch.long),
        first=torch.zeros(boxes.shape[:2], dtype=torch.long),
    )
    for row, (ids, owners) in enumerate(rows):
        made.ids[row, : len(ids)] = torch.tensor(ids)
        made.present[row, : len(ids)] = True
        # Special tokens stand nowhere: the box 0, 0, 0, 0, as both models were trained.
        made.boxes[row, 1 : len(ids) - 1] = boxes[pages[row], torch.tensor(owners[1:-1])]
    if places:
        page_of, word_of, row_of, place_of = torch.tensor(places).T
        made.first[page_of, word_of] = row_of * longest + place_of
    return made


def cut_windows(sizes: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """(start, stop) of runs of words with at most `room` sub-words each, about equally long.

    No word may be larger than the room.
    """
    count = -(-sum(sizes) // room)
    wanted = -(-sum(sizes) // count) if count else 0
    start = held = 0
    for word, size in enumerate(sizes):
        if word > start and (held >= wanted or held + size > room):
            yield start, word
            start, held = word, 0
        held += size
    if start < len(sizes):
        yield start, len(sizes)
