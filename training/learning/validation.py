"""Validation scores during training, on generated or real pages that are not trained on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import torch
from PIL.Image import Image

from data.corpora.truth import TrueEntity
from data.labels import TAGS
from data.records import LabelledPage
from data.synthesis.inspection.show import draw_page
from data.synthesis.pages import labelled_pages
from training.decoding.calibration import Calibration
from training.decoding.grouping import TaggedPage, group_items, page_cells
from training.evaluation.entity_reader import EntityReader
from training.extractor import Extractor
from training.learning.real_pages import held_out_pages
from training.learning.recipe import Recipe
from training.learning.stream import GROUP, batches
from training.learning.structure_targets import UNKNOWN
from training.metrics.entities import entity_f1, score_entities
from training.network.backbones import Network
from training.network.device import Device, autocast

_HELD_OUT_GROUP = 1 << 30  # group numbers no run reaches
_HELD_OUT_DOCUMENT = _HELD_OUT_GROUP * GROUP
_MAX_SIZE = (900, 1200)  # pixels a drawn page may take


@torch.no_grad()
def tag_scores(network: Network, recipe: Recipe, device: Device) -> dict[str, float]:
    """Compute accuracy on generated pages: of all words, words in items, document types."""
    right = inside_right = inside_all = words = kinds_right = kinds = 0
    held_out = recipe.model_copy(update={"workers": 0, "corpora": []})
    for labelled in batches(held_out, _HELD_OUT_GROUP):
        truth = labelled.to(device.torch_device)
        with autocast(device, recipe.precision):
            output = network(truth.batch)
        known = truth.tags != UNKNOWN
        hit = (output.tags.argmax(-1) == truth.tags) & known
        inside = truth.items >= 0
        right, words = right + int(hit.sum()), words + int(known.sum())
        inside_right += int((hit & inside).sum())
        inside_all += int(inside.sum())
        typed = truth.kinds != UNKNOWN  # pages that continue a document have no type
        kinds_right += int(((output.document_type.argmax(-1) == truth.kinds) & typed).sum())
        kinds += int(typed.sum())
        if labelled.last_of_group:
            break
    return {
        "words_right": right / max(words, 1),
        "item_words_right": inside_right / max(inside_all, 1),
        "document_type_right": kinds_right / max(kinds, 1),
    }


def real_scores(network: Network, recipe: Recipe, device: Device) -> dict[str, float]:
    """Compute item F1 on the real pages held out or left out; empty where there are none.

    An item counts when amount, quantity and unit price are made of the very words of the truth,
    before any arithmetic: the word-level counterpart of the item F1 of the evaluation.
    """
    extractor = Extractor(network, device, Calibration())
    hits = true_count = read_count = 0
    for labelled in held_out_pages(recipe):
        truth = _true_numbers(labelled)
        tagged = extractor.tag_pages([replace(labelled.page, image=None)])[0]
        read = [
            _numbers((cell.tag, cell.words) for cell in item.cells)
            for item in group_items(tagged, page_cells(tagged)[0])
        ]
        numbered = [numbers for numbers in read if numbers]
        hits += (Counter(truth) & Counter(numbered)).total()
        true_count, read_count = true_count + len(truth), read_count + len(numbered)
    if not true_count:
        return {}
    return {"real_item_f1": 2 * hits / (true_count + read_count)}


_Numbers = frozenset[tuple[str, int]]


def _true_numbers(labelled: LabelledPage) -> list[_Numbers]:
    """The words of each item's numbers, with their tags; items without a number are left out."""
    items = (
        _numbers((labelled.tags[word], (word,)) for word in words)
        for words in _words_by_item(labelled)
    )
    return [numbers for numbers in items if numbers]


def _words_by_item(labelled: LabelledPage) -> list[list[int]]:
    """The indices of the words of each item, in the order in which the items begin."""
    words: dict[int, list[int]] = {}
    for word, number in enumerate(labelled.items):
        if number >= 0:
            words.setdefault(number, []).append(word)
    return list(words.values())


def _numbers(cells: Iterable[tuple[str, Iterable[int]]]) -> _Numbers:
    scored = ("amount", "quantity", "unit_price")
    return frozenset((tag, word) for tag, words in cells if tag in scored for word in words)


def drawn_pages(network: Network, recipe: Recipe, device: Device, count: int = 4) -> list[Image]:
    """Draw the first pages of held-out generated documents with the network's tags in colour."""
    extractor = Extractor(network, device, Calibration())
    drawn = []
    for index in range(_HELD_OUT_DOCUMENT, _HELD_OUT_DOCUMENT + count):
        labelled = labelled_pages(recipe.seed, index)[0]
        tagged = extractor.tag_pages([labelled.page])[0]
        word_count = len(tagged.probabilities)
        predicted = replace(
            labelled,
            page=replace(labelled.page, words=labelled.page.words[:word_count]),
            tags=tuple(TAGS[best] for best in tagged.probabilities.argmax(axis=1).tolist()),
            items=_item_numbers(tagged, word_count),
        )
        drawn.append(draw_page(predicted, _MAX_SIZE))
    return drawn


def _item_numbers(tagged: TaggedPage, count: int) -> tuple[int, ...]:
    """The number of each word's item, -1 for none."""
    items = [-1] * count
    for number, item in enumerate(group_items(tagged, page_cells(tagged)[0])):
        for cell in item.cells:
            for word in cell.words:
                items[word] = number
    return tuple(items)


def entity_scores(network: Network, recipe: Recipe, device: Device) -> dict[str, float]:
    """Compute entity F1 on the pages of `recipe.hold_out`; empty where it holds out none."""
    reader = EntityReader(network, device)
    scores = [
        score_entities(str(number), true_entities(labelled), reader.read_entities(labelled.page))
        for number, labelled in enumerate(held_out_pages(recipe))
    ]
    return {"entity_f1": entity_f1(scores).value} if scores else {}


def true_entities(labelled: LabelledPage) -> list[TrueEntity]:
    """The true entities of a page whose tags are entity labels and whose items are entities."""
    page = labelled.page.number
    return [
        TrueEntity(labelled.tags[words[0]], tuple(words), page)
        for words in _words_by_item(labelled)
    ]
