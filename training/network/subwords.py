"""Words cut into sub-words, and pages into windows that fit a pretrained backbone.

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
    """A fast tokenizer, its special tokens, and the room for text in a window, in sub-words."""

    tokenizer: Any  # tokenizers.Tokenizer
    begin: int
    end: int
    pad: int
    unknown: int
    room: int

    @classmethod
    def from_tokenizer(cls, tokenizer: Any, positions: int) -> "Subwords":
        """Build from a fast tokenizer of `transformers`, for a network with that many positions.

        Raises ValueError where the tokenizer lacks a special token or nothing fits.
        """
        backend = tokenizer.backend_tokenizer
        backend.no_padding()
        backend.no_truncation()
        backend.encode_special_tokens = True  # "</s>" printed on a page is text
        begin, end = tokenizer.cls_token_id, tokenizer.sep_token_id
        pad, unknown = tokenizer.pad_token_id, tokenizer.unk_token_id
        if None in (begin, end, pad, unknown):
            raise ValueError("the tokenizer lacks one of the tokens cls, sep, pad, unk")
        if positions < 3:
            raise ValueError(f"a window of {positions} positions holds no words")
        return cls(backend, begin, end, pad, unknown, positions - 2)

    def split_words(self, words: Sequence[str]) -> list[list[int]]:
        """Return the sub-word ids of each word, at least one and no more than a window holds."""
        if not words:
            return []
        encoded = self.tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for number, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None:
                pieces[word].append(number)
        return [(ids or [self.unknown])[: self.room] for ids in pieces]


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of sub-words: `ids` and `present` (W, S), `boxes` (W, S, 4) in 0..1000.

    `page` (W,) is the page of each window. `first` (B, T) is the place of each word's first
    sub-word in the windows laid end to end.
    """

    ids: Tensor
    present: Tensor
    boxes: Tensor
    page: Tensor
    first: Tensor


def cut_pages(texts: Sequence[Sequence[str]], boxes: Tensor, subwords: Subwords) -> Windows:
    """Cut all pages into windows; `boxes` (B, T, 4) are whole numbers 0..1000."""
    pages: list[int] = []
    rows: list[tuple[list[int], list[int]]] = []  # ids and, for each, the number of its word
    places: list[tuple[int, int, int, int]] = []  # page, word, window, sub-word
    for page, words in enumerate(texts):
        pieces = subwords.split_words(words)
        for start, stop in cut_windows([len(ids_of_word) for ids_of_word in pieces], subwords.room):
            ids, owners = [subwords.begin], [-1]
            for word in range(start, stop):
                places.append((page, word, len(rows), len(ids)))
                ids += pieces[word]
                owners += [word] * len(pieces[word])
            rows.append(([*ids, subwords.end], [*owners, -1]))
            pages.append(page)
    longest = max((len(ids) for ids, _ in rows), default=0)
    windows = Windows(
        ids=torch.full((len(rows), longest), subwords.pad),
        present=torch.zeros(len(rows), longest, dtype=torch.bool),
        boxes=torch.zeros(len(rows), longest, 4, dtype=torch.long),
        page=torch.tensor(pages, dtype=torch.long),
        first=torch.zeros(boxes.shape[:2], dtype=torch.long),
    )
    for row, (ids, owners) in enumerate(rows):
        windows.ids[row, : len(ids)] = torch.tensor(ids)
        windows.present[row, : len(ids)] = True
        # Special tokens have no place: the box 0, 0, 0, 0, as both models were trained.
        windows.boxes[row, 1 : len(ids) - 1] = boxes[pages[row], torch.tensor(owners[1:-1])]
    if places:
        page_of, word_of, row_of, place_of = torch.tensor(places).T
        windows.first[page_of, word_of] = row_of * longest + place_of
    return windows


def cut_windows(sizes: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of runs of words with at most `room` sub-words, about equally long.

    No word may be larger than the room.
    """
    count = -(-sum(sizes) // room)
    target_size = -(-sum(sizes) // count) if count else 0
    start = held = 0
    for word, size in enumerate(sizes):
        if word > start and (held >= target_size or held + size > room):
            yield start, word
            start, held = word, 0
        held += size
    if start < len(sizes):
        yield start, len(sizes)
