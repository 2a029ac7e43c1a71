"""The endless stream of training batches: synthetic pages and real corpora, mixed by shares.

The stream is a function of (recipe, group number): group g is always the same pages cut into
the same batches, for any number of workers. So a killed run continues at its group number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from data.labels import DOCUMENT_TYPES, FREE_MARKS, TAGS
from data.records import LabelledPage
from data.synthesis.pages import labelled_pages as synthetic_pages
from training.learning.augmentation import Wordings, collect_wordings, lose_grams, vary_page
from training.learning.real_pages import taught_pages
from training.learning.recipe import Recipe
from training.learning.structure_targets import (
    UNKNOWN,
    StructureTargets,
    pad_targets,
    structure_targets,
)
from training.network.batch import Batch, collate
from training.network.encoding import EncodedPage, encode_page, text_lines
from training.network.struck_numbers import struck_words
from training.network.vision import MARK_CELL

GROUP = 144  # pages (synthetic: documents) per group: many, so that little is padding

_TYPE_INDEX = {kind: index for index, kind in enumerate(DOCUMENT_TYPES)}


@dataclass(frozen=True, slots=True)
class LabelledBatch:
    """A batch with its truth: `tags` (B, T) or UNKNOWN, `items` (B, T) or -1, `kinds` (B,).

    `marks` holds for each page (len(FREE_MARKS), h, w) of 0 and 1 as in `Output.marks`, `struck`
    (T,) flags its struck-out words; both None where that is not known. `structure` holds the
    places of the words in tables, (B, T) each.
    """

    batch: Batch
    tags: Tensor
    items: Tensor
    kinds: Tensor
    marks: tuple[Tensor | None, ...]
    struck: tuple[Tensor | None, ...]
    structure: StructureTargets
    group: int
    last_of_group: bool

    def to(self, device: torch.device) -> "LabelledBatch":
        return replace(
            self,
            batch=self.batch.to(device),
            tags=self.tags.to(device),
            items=self.items.to(device),
            kinds=self.kinds.to(device),
            structure=StructureTargets(*(part.to(device) for part in self.structure)),
        )


@dataclass(frozen=True, slots=True)
class _Example:
    encoded: EncodedPage
    tags: Tensor
    items: Tensor
    kind: int
    marks: Tensor | None
    struck: Tensor | None
    structure: StructureTargets


class Groups(Dataset[list[LabelledBatch]]):
    """Group number -> its batches. Real corpora are loaded once per worker, when first drawn.

    `tags` are the network's tags, in its order.
    """

    def __init__(self, recipe: Recipe, tags: Sequence[str] = TAGS) -> None:
        self.recipe = recipe
        self._tag_index = {tag: index for index, tag in enumerate(tags)}
        self._loaded: dict[int, tuple[list[LabelledPage], Wordings]] = {}

    def __len__(self) -> int:
        return 1 << 31

    def _corpus(self, index: int) -> tuple[list[LabelledPage], Wordings]:
        if index not in self._loaded:
            pages = taught_pages(self.recipe, self.recipe.corpora[index])
            self._loaded[index] = pages, collect_wordings(pages)
        return self._loaded[index]

    def __getitem__(self, group: int) -> list[LabelledBatch]:
        rng = np.random.default_rng((self.recipe.seed, group))
        pages = self._draw(rng, group)
        examples = [self._example(page, rng) for page in pages if page.page.words]
        examples.sort(key=lambda example: example.encoded.length)
        cuts = list(_cut_into_batches(examples, self.recipe.words_per_batch))
        order = rng.permutation(len(cuts))
        last = len(cuts) - 1
        return [
            _collate_examples(cuts[index], group, last_of_group=place == last)
            for place, index in enumerate(order)
        ]

    def _draw(self, rng: np.random.Generator, group: int) -> list[LabelledPage]:
        with_image = bool(rng.random() < self.recipe.image_share)
        # Pixels cost ten times the time: fewer pages a group
        size = GROUP // 4 if with_image else GROUP
        shares = [corpus.share for corpus in self.recipe.corpora]
        counts = rng.multinomial(size, [*shares, max(0.0, 1 - sum(shares))])
        pages = [
            page
            for index, count in enumerate(counts[:-1])
            for page in self._draw_real(rng, index, int(count))
        ]
        for index in range(group * GROUP, group * GROUP + int(counts[-1])):
            pages += synthetic_pages(self.recipe.seed, index, image=with_image)
        return pages

    def _draw_real(
        self, rng: np.random.Generator, index: int, count: int
    ) -> Iterator[LabelledPage]:
        if not count:
            return
        pages, wordings = self._corpus(index)
        for number in rng.choice(len(pages), size=count):
            yield vary_page(pages[number], self.recipe.augment, wordings, rng)

    def _example(self, labelled: LabelledPage, rng: np.random.Generator) -> _Example:
        encoded = encode_page(labelled.page)
        if self.recipe.augment.lose_grams:
            encoded = lose_grams(encoded, self.recipe.augment.lose_grams, rng)
        count = encoded.length
        tags = torch.tensor([self._tag_index.get(tag, UNKNOWN) for tag in labelled.tags[:count]])
        items = torch.tensor(labelled.items[:count])
        struck = struck_words(labelled)
        struck = None if struck is None else struck[:count]
        structure = structure_targets(labelled, count)
        if count > self.recipe.max_words:
            rows = _draw_whole_lines(encoded, self.recipe.max_words, rng)
            encoded, tags, items = _select_words(encoded, rows), tags[rows], items[rows]
            struck = None if struck is None else struck[rows]
            structure = structure.select(rows)
        kind = _TYPE_INDEX.get(labelled.document_type, UNKNOWN)
        # A page that continues another rarely shows the type of its document
        if labelled.page.number or self.recipe.labels == "entities":
            kind = UNKNOWN
        return _Example(encoded, tags, items, kind, mark_map(labelled), struck, structure)


def batches(
    recipe: Recipe, first_group: int = 0, tags: Sequence[str] = TAGS, every: int = 1
) -> Iterator[LabelledBatch]:
    """Yield batches from that group on, without end, in one order for any number of workers.

    `every` is the step from group to group: processes that train together divide the groups.
    """
    loader: DataLoader[list[LabelledBatch]] = DataLoader(
        Groups(recipe, tags),
        batch_size=None,
        sampler=range(first_group, 1 << 31, every),
        num_workers=recipe.workers,
        prefetch_factor=4 if recipe.workers else None,
        worker_init_fn=_use_one_thread,
        # Its own generator: the loader must not draw from the one that dropout uses, or a resumed
        # run would go another way than an uninterrupted one.
        generator=torch.Generator(),
    )
    for group in loader:
        yield from group


def _use_one_thread(worker: int) -> None:
    torch.set_num_threads(1)


def _cut_into_batches(
    examples: Sequence[_Example], words_per_batch: int
) -> Iterator[list[_Example]]:
    """Yield runs of examples (sorted by length) whose padded size is within `words_per_batch`."""
    run: list[_Example] = []
    for example in examples:
        if run and example.encoded.length * (len(run) + 1) > words_per_batch:
            yield run
            run = []
        run.append(example)
    if run:
        yield run


def mark_map(labelled: LabelledPage) -> Tensor | None:
    """Map of the picture's squares, 1 where a mark is, (len(FREE_MARKS), h, w); None if unknown.

    A square counts when the mark covers a quarter of it, or it holds the middle of a smaller one.
    """
    if labelled.marks is None or labelled.page.image is None:
        return None
    height, width = labelled.page.image.shape
    rows, columns = -(-height // MARK_CELL), -(-width // MARK_CELL)
    squares = torch.zeros(len(FREE_MARKS), rows, columns)
    for mark in labelled.marks:
        if mark.kind not in FREE_MARKS:
            continue
        left, right = mark.box.left * width / MARK_CELL, mark.box.right * width / MARK_CELL
        top, bottom = mark.box.top * height / MARK_CELL, mark.box.bottom * height / MARK_CELL
        across = (
            _interval_overlap(left, right, columns)[None, :]
            * _interval_overlap(top, bottom, rows)[:, None]
        )
        middle = int((top + bottom) / 2), int((left + right) / 2)
        across[min(middle[0], rows - 1), min(middle[1], columns - 1)] = 1
        squares[FREE_MARKS.index(mark.kind)][across >= 0.25] = 1
    return squares


def _interval_overlap(start: float, end: float, count: int) -> Tensor:
    """The share of each unit interval 0..count that lies between start and end, (count,)."""
    edges = torch.arange(count + 1).clamp(start, end)
    return edges.diff()


def _draw_whole_lines(encoded: EncodedPage, max_words: int, rng: np.random.Generator) -> Tensor:
    """Draw the word indices of a random run of whole lines with at most `max_words` words."""
    lines = text_lines(encoded.scaled)
    start = int(rng.integers(0, len(lines)))
    indices: list[int] = []
    for line in (*lines[start:], *lines[:start][::-1]):
        if len(indices) + len(line) > max_words:
            break
        indices.extend(int(index) for index in line)
    return torch.tensor(sorted(indices) or [0])


def _select_words(encoded: EncodedPage, indices: Tensor) -> EncodedPage:
    rows = indices.numpy()
    ends = np.append(encoded.offsets[1:], len(encoded.ngrams))
    pieces = [encoded.ngrams[encoded.offsets[row] : ends[row]] for row in rows]
    lengths = np.array([len(piece) for piece in pieces], dtype=np.int64)
    return EncodedPage(
        ngrams=np.concatenate(pieces),
        offsets=np.concatenate(([0], np.cumsum(lengths)[:-1])),
        features=encoded.features[rows],
        boxes=encoded.boxes[rows],
        scaled=encoded.scaled[rows],
        image=encoded.image,
        texts=tuple(encoded.texts[row] for row in rows),
    )


def _collate_examples(
    examples: Sequence[_Example], group: int, *, last_of_group: bool
) -> LabelledBatch:
    batch = collate([example.encoded for example in examples])
    tags = torch.full(batch.mask.shape, UNKNOWN)
    items = torch.full(batch.mask.shape, -1)
    for row, example in enumerate(examples):
        tags[row, : len(example.tags)] = example.tags
        items[row, : len(example.items)] = example.items
    kinds = torch.tensor([example.kind for example in examples])
    marks = tuple(example.marks for example in examples)
    struck = tuple(example.struck for example in examples)
    structure = pad_targets([example.structure for example in examples], batch.mask.shape[1])
    return LabelledBatch(batch, tags, items, kinds, marks, struck, structure, group, last_of_group)
