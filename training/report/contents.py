"""What a report says, as one dict: `report.json` holds it, Markdown and HTML show it.

Two runs on the same input give the same dict but for `timing`, which holds all that depends on
the clock. Scores are {value, low, high} with the 95 % bootstrap interval over documents; a score
is None where the truth says nothing about it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from training.metrics.counts import Count, f1_interval
from training.metrics.items import DocumentScore, closed_share
from training.metrics.scoring import Scored
from training.report.automatic import automatic_section
from training.report.confidence import confidence_section

WORST_DOCUMENTS = 15
SMALL_SLICE = 5  # documents below which a slice says little

_Json = dict[str, Any]


def build_report(scored: Sequence[Scored], about: Mapping[str, Any]) -> _Json:
    """The whole report; `about` (corpus, versions, settings, further sections) is taken in as is.

    `made_at` goes into `timing`, `calibration` (what the reader's calibration was fitted on) into
    `confidence`. Raises ValueError without documents.
    """
    if not scored:
        raise ValueError("no documents were scored, a report needs at least one")
    scores = [one.score for one in scored]
    said = {name: value for name, value in about.items() if name not in ("made_at", "calibration")}
    slices = _slices(scored)
    return {
        **_headline(scores),
        "documents": len(scored),
        "items": _item_counts(scores),
        "description": asdict(sum((score.description for score in scores), Count())),
        "cells": _by_name([score.cells for score in scores]),
        "fields": _by_name([score.fields for score in scores]),
        "document_type": {
            "right": sum(score.type_right for score in scores),
            "of": len(scores),
        },
        "worst_slices": _worst_slices(slices, len(scored)),
        "slices": slices,
        "worst": _worst(scored),
        "confidence": confidence_section(scored, str(about.get("calibration") or "")),
        "automatic": automatic_section(scored),
        "labels": dict(Counter(one.truth.labels for one in scored).most_common()),
        "repeated_ids": _repeated(scored),
        **said,
        "per_document": [_per_document(one) for one in scored],
        "timing": {"made_at": about.get("made_at"), "seconds": _seconds(scored)},
    }


def _headline(scores: Sequence[DocumentScore]) -> _Json:
    closed = closed_share(scores)
    return {
        "item_f1": _f1([score.items for score in scores]),
        "cell_f1": _f1([score.all_cells for score in scores]),
        "closed": None if closed is None else asdict(closed),
        "description_f1": _f1([score.description for score in scores]),
    }


def _f1(counts: Sequence[Count]) -> _Json | None:
    """The F1 with its interval; None where nothing was wanted nor predicted."""
    if not any(count.wanted or count.predicted for count in counts):
        return None
    return asdict(f1_interval(counts))


def _item_counts(scores: Sequence[DocumentScore]) -> _Json:
    items = sum((score.items for score in scores), Count())
    return asdict(items) | {
        "precision": items.precision,
        "recall": items.recall,
        "one_cell_wrong": sum(score.near for score in scores),
        "excluded_predictions": sum(score.excluded for score in scores),
        "closed": sum(score.closed is True for score in scores),
        "can_close": sum(score.closed is not None for score in scores),
    }


def _by_name(all_counts: Sequence[Mapping[str, Count]]) -> dict[str, _Json]:
    """Counts and F1 of each name; a document that does not have it adds nothing."""
    names = sorted({name for counts in all_counts for name in counts})
    found = {}
    for name in names:
        counts = [one.get(name, Count()) for one in all_counts]
        found[name] = asdict(sum(counts, Count())) | {"f1": _f1(counts)}
    return found


def _slices(scored: Sequence[Scored]) -> dict[str, list[_Json]]:
    """For every slice key its values, worst item F1 first."""
    found = {}
    for key in dict.fromkeys(key for one in scored for key in one.groups):
        values = sorted({one.groups[key] for one in scored if key in one.groups})
        slices = [
            _slice(value, [one.score for one in scored if one.groups.get(key) == value])
            for value in values
        ]
        found[key] = sorted(slices, key=_item_f1)
    return found


def _slice(value: str, scores: Sequence[DocumentScore]) -> _Json:
    items = sum((score.items for score in scores), Count())
    return {
        "value": value,
        "documents": len(scores),
        "small": len(scores) < SMALL_SLICE,
        "items": items.wanted,
        "right": items.right,
        **_headline(scores),
    }


def _item_f1(found: Mapping[str, Any]) -> float:
    """For sorting: a slice without items comes last."""
    return 2.0 if found["item_f1"] is None else float(found["item_f1"]["value"])


def _worst_slices(slices: Mapping[str, Sequence[_Json]], documents: int) -> list[_Json]:
    """Slices of all keys, worst item F1 first, small ones after the others.

    A slice that holds every document says nothing beside the headline and is left out.
    """
    everything: list[_Json] = [
        {"key": key, **found}
        for key, values in slices.items()
        for found in values
        if found["item_f1"] is not None and found["documents"] < documents
    ]
    return sorted(everything, key=lambda found: (found["small"], _item_f1(found)))


def cost(one: Scored) -> int:
    """Items missed and items made up: what the document cost the score."""
    items = one.score.items
    return items.wanted + items.predicted - 2 * items.right


def worst_first(scored: Iterable[Scored]) -> list[Scored]:
    """The documents with anything wrong, most wrong items first; then cells, header fields, id."""

    def wrong(one: Scored) -> tuple[int, int, int]:
        cells = one.score.all_cells
        fields = sum(one.score.fields.values(), Count())
        return (
            cost(one),
            cells.wanted + cells.predicted - 2 * cells.right,
            fields.wanted + fields.predicted - 2 * fields.right,
        )

    def order(one: Scored) -> tuple[int, int, int, str, int]:
        items, cells, fields = wrong(one)
        return -items, -cells, -fields, one.truth.document_id, one.truth.line

    return sorted((one for one in scored if any(wrong(one))), key=order)


def _worst(scored: Iterable[Scored]) -> list[_Json]:
    ordered = [one for one in worst_first(scored) if cost(one) > 0]
    return [
        {"id": one.truth.document_id, **asdict(one.score.items), "closed": one.score.closed}
        for one in ordered[:WORST_DOCUMENTS]
    ]


def _per_document(one: Scored) -> _Json:
    score = one.score
    return {
        "id": one.truth.document_id,
        "line": one.truth.line,
        "groups": dict(one.groups),
        "items": asdict(score.items),
        "cells": {name: asdict(count) for name, count in score.cells.items()},
        "description": asdict(score.description),
        "closed": score.closed,
        "type_right": score.type_right,
        "fields": {name: asdict(count) for name, count in score.fields.items()},
    }


def _repeated(scored: Sequence[Scored]) -> list[str]:
    counts = Counter(one.truth.document_id for one in scored)
    return sorted(name for name, count in counts.items() if count > 1)


def _seconds(scored: Sequence[Scored]) -> dict[str, float]:
    """Seconds per document from file to line items, as measured when it was read."""
    seconds = [one.seconds for one in scored]
    return {
        "mean": round(sum(seconds) / len(seconds), 3),
        "median": round(median(seconds), 3),
        "highest": round(max(seconds), 3),
    }
