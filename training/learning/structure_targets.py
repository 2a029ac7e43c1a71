"""Targets of the structure heads: the rows and columns of a page and the roles of its rows."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from data.labels import DECIMAL_TAGS, IGNORE, LINE_TAGS, ROW_ROLES
from data.records import LabelledPage, TablePlace

UNKNOWN = -100  # target of words whose truth is not known, and of padding
OUTSIDE, UNPLACED = -1, -2  # a word outside of every table; one whose row or column is not known

_ROLE_INDEX = {role: index for index, role in enumerate(ROW_ROLES)}
_COLUMN_INDEX = {tag: index for index, tag in enumerate(sorted(DECIMAL_TAGS & set(LINE_TAGS)))}


class StructureTargets(NamedTuple):
    """Targets of T words: `rows` and `columns` are numbers of groups, `OUTSIDE` or `UNPLACED`.

    `roles` index `labels.ROW_ROLES`, or are UNKNOWN.
    """

    rows: Tensor
    columns: Tensor
    roles: Tensor

    def select(self, words: Tensor) -> "StructureTargets":
        """Return the targets of those words of the page."""
        return StructureTargets(self.rows[words], self.columns[words], self.roles[words])


def structure_targets(labelled: LabelledPage, count: int) -> StructureTargets:
    """Return the targets of the first `count` words.

    Of a real page only the tags are known. The numbers of its items that bear one tag stand in
    one column, those of two tags in two; its other words may stand anywhere.
    """
    places = labelled.places
    if places is None:
        places = _places_from_tags(labelled)
    return StructureTargets(
        torch.tensor([place.row for place in places[:count]]),
        torch.tensor([place.column for place in places[:count]]),
        torch.tensor([_ROLE_INDEX.get(place.role, UNKNOWN) for place in places[:count]]),
    )


def pad_targets(targets: Sequence[StructureTargets], longest: int) -> StructureTargets:
    """Return the targets of a batch, (B, longest) each; padding is not known."""
    shape = len(targets), longest
    padded = StructureTargets(
        torch.full(shape, UNPLACED), torch.full(shape, UNPLACED), torch.full(shape, UNKNOWN)
    )
    for row, page in enumerate(targets):
        for whole, part in zip(padded, page, strict=True):
            whole[row, : len(part)] = part
    return padded


def _places_from_tags(labelled: LabelledPage) -> tuple[TablePlace, ...]:
    return tuple(
        TablePlace(UNPLACED, _COLUMN_INDEX.get(tag, UNPLACED), "item")
        if item >= 0
        else TablePlace(UNPLACED, UNPLACED, IGNORE)
        for tag, item in zip(labelled.tags, labelled.items, strict=True)
    )
