"""Scores during training, on pages that are not taught: generated ones, or held-out real ones."""

import torch

from data.corpora.truth import TrueEntity
from data.records import LabelledPage
from training.backbones import Network
from training.device import Device, autocast
from training.entity_reader import EntityReader
from training.metrics.entities import entity_f1, score_entities
from training.recipe import Recipe
from training.stream import UNKNOWN, batches, held_out_pages

_HELD_OUT_GROUP = 1 << 30  # group numbers no run reaches


@torch.no_grad()
def tag_scores(network: Network, recipe: Recipe, device: Device) -> dict[str, float]:
    """Word accuracy on generated pages: all words, words in items, documents' type."""
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
        typed = truth.kinds != UNKNOWN  # pages that go on are not asked for their type
        kinds_right += int(((output.document_type.argmax(-1) == truth.kinds) & typed).sum())
        kinds += int(typed.sum())
        if labelled.last_of_group:
            break
    return {
        "words_right": right / max(words, 1),
        "item_words_right": inside_right / max(inside_all, 1),
        "document_type_right": kinds_right / max(kinds, 1),
    }


def entity_scores(network: Network, recipe: Recipe, device: Device) -> dict[str, float]:
    """Entity F1 on the pages that `recipe.hold_out` keeps; nothing where it keeps none."""
    reader = EntityReader(network, device)
    scores = [
        score_entities(str(number), true_entities(labelled), reader.entities(labelled.page))
        for number, labelled in enumerate(held_out_pages(recipe))
    ]
    return {"entity_f1": entity_f1(scores).value} if scores else {}


def true_entities(labelled: LabelledPage) -> list[TrueEntity]:
    """The entities of a page whose tags are labels and whose items are entities."""
    words: dict[int, list[int]] = {}
    for word, number in enumerate(labelled.items):
        if number >= 0:
            words.setdefault(number, []).append(word)
    page = labelled.page.number
    return [TrueEntity(labelled.tags[own[0]], tuple(own), page) for own in words.values()]
