"""Entities from words with entity labels, and loading of a network that was taught entities.

Words that are more likely of some label than of none are clustered by the same-entity head's
affinities (average linkage, as line items are); a cluster's label is the one its words agree on
most (the largest mean log-probability). There is no BIO: two entities of one label side by side are
separated by affinity alone, and an entity may continue after words of another.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from data.pages.level_lines import level_page
from data.records import ExtractedDocument, Page
from training.decoding.grouping import FloatArray, IntArray
from training.network.backbones import Network
from training.network.batch import collate
from training.network.checkpoint import load_model, read_config
from training.network.device import Device, autocast, choose_device
from training.network.encoding import encode_page

CUT = 0.5  # affinity under which clusters stay apart


class EntityReader:
    """A network that was taught entities, on its device."""

    def __init__(self, model: Network, device: Device) -> None:
        self.model = model.to(device.torch_device).eval()
        self.device = device

    @classmethod
    def load(cls, checkpoint: Path, device: str = "auto") -> "EntityReader":
        """Load the network of a checkpoint folder; raises `CheckpointError` without entities."""
        return cls(load_model(checkpoint, labels="entities"), choose_device(device))

    @torch.inference_mode()
    def read_entities(self, page: Page) -> list[dict[str, Any]]:
        """Return the page's entities as `metrics.entities` scores them: {label, words, page}."""
        if not page.words:
            return []
        batch = collate([encode_page(level_page(page))]).to(self.device.torch_device)
        precision = "bfloat16" if self.device.is_gpu else "float32"
        with autocast(self.device, precision):
            output = self.model(batch)
        probabilities = output.tags[0].float().softmax(-1).cpu().numpy()
        affinity = output.same_item[0].float().sigmoid().cpu().numpy()
        entities = group_entities(probabilities, affinity, self.model.config.tags)
        return [{"label": label, "words": words, "page": page.number} for label, words in entities]

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        """Return no documents: this network reads no line items."""
        return ()


def has_entity_labels(checkpoint: Path) -> bool:
    """Return whether the network was taught entities, not line items; raises `CheckpointError`."""
    return read_config(checkpoint).labels == "entities"


def group_entities(
    probabilities: FloatArray, affinity: FloatArray, tags: Sequence[str]
) -> list[tuple[str, list[int]]]:
    """Return (label, words) of each entity, by first word.

    `probabilities` (T, L) per word with `tags` naming the columns, the first of them no entity;
    `affinity` (T, T) symmetric.
    """
    inside = np.nonzero(probabilities.argmax(axis=1) != 0)[0]
    if not len(inside):
        return []
    logs = np.log(np.maximum(probabilities[inside, 1:], 1e-9))
    entities = []
    for members in _clusters(affinity[np.ix_(inside, inside)]):
        label = int(logs[members].mean(axis=0).argmax())
        entities.append((tags[1 + label], [int(word) for word in inside[members]]))
    return sorted(entities, key=lambda entity: entity[1])


def _clusters(affinity: FloatArray) -> list[IntArray]:
    """Return the indices of the words of each cluster."""
    if len(affinity) == 1:
        return [np.zeros(1, dtype=np.int64)]
    distance = 1 - affinity
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average")
    numbers = fcluster(tree, t=1 - CUT, criterion="distance")
    return [np.flatnonzero(numbers == number).astype(np.int64) for number in np.unique(numbers)]
