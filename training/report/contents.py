"""The contents of a report as one dict: written to `report.json`, shown as Markdown and HTML.

Two runs on the same input give the same dict but for `timing`, which holds all that depends on
the clock. Scores are {value, low, high} with the 95 % bootstrap interval over documents; a score
is None where the truth does not have it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from training.metrics.counts import Count, f1_interval, share_interval, share_or_zero
from training.metrics.grounding import GroundingCount, count_grounded, count_grounded_numbers
from training.metrics.items import DocumentScore, closed_share
from training.metrics.scoring import ScoredDocument
from training.report.automatic import automatic_section
from training.report.confidence import confidence_section

WORST_DOCUMENTS = 15
SMALL_SLICE = 5  # documents below which a slice is marked as small

_Json = dict[str, Any]


def build_report(scored: Sequence[ScoredDocument], about: Mapping[str, Any]) -> _Json:
    """Return the whole report; `about` (corpus, versions, settings, ...) is included as it is.

    `made_at` goes into `timing`, `calibration` (what the reader's calibration was fitted on) into
    `confidence`. Raises ValueError without documents.
    """
    if not scored:
        raise ValueError("no documents were scored; a report needs at least one")
    scores = [document.score for document in scored]
    further = {
        name: value for name, value in about.items() if name not in ("made_at", "calibration")
    }
    slices = _slices(scored)
    return {
        **_headline(scores),
        "documents": len(scored),
        "items": _item_counts(scores),
        "description": asdict(sum((score.description for score in scores), Count())),
        "cells": _scores_by_name([score.cells for score in scores]),
        "fields": _scores_by_name([score.fields for score in scores]),
        "document_type": {
            "right": sum(score.type_right for score in scores),
            "of": len(scores),
        },
        "worst_slices": _worst_slices(slices, len(scored)),
        "slices": slices,
        "worst": _worst_documents(scored),
        "confidence": confidence_section(scored, str(about.get("calibration") or "")),
        "automatic": automatic_section(scored),
        "grounding": _grounding(scored),
        "labels": dict(Counter(document.truth.labels for document in scored).most_common()),
        "repeated_ids": _repeated_ids(scored),
        **further,
        "per_document": [_document_row(document) for document in scored],
        "timing": {"made_at": about.get("made_at"), "seconds": _timing(scored)},
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
    """Return the F1 with its interval; None where nothing was labelled or predicted."""
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


def _scores_by_name(all_counts: Sequence[Mapping[str, Count]]) -> dict[str, _Json]:
    """Return counts and F1 of each name; a document that lacks it adds nothing."""
    names = sorted({name for counts in all_counts for name in counts})
    scores = {}
    for name in names:
        counts = [counts_by_name.get(name, Count()) for counts_by_name in all_counts]
        scores[name] = asdict(sum(counts, Count())) | {"f1": _f1(counts)}
    return scores


def _grounding(scored: Sequence[ScoredDocument]) -> _Json | None:
    """Return word grounding over the printed values whose true box is known; None without any."""
    by_document = [count_grounded(document.truth, document.prediction) for document in scored]
    numbers = [count_grounded_numbers(counts) for counts in by_document]
    boxed, right = ([float(getattr(n, name)) for n in numbers] for name in ("boxed", "right"))
    if not sum(boxed):
        return None
    grounded = [float(count.grounded) for count in numbers]
    names = dict.fromkeys(name for counts in by_document for name in counts)
    return {
        "note": "Value right and its box at an intersection over union of .5 or more with the true "
        "word's. The shares are of amounts, quantities and unit prices.",
        "grounded": asdict(share_interval(grounded, boxed)),
        "of_right_values": asdict(share_or_zero(grounded, right)),
        "by_name": {
            name: asdict(
                sum((counts[name] for counts in by_document if name in counts), GroundingCount())
            )
            for name in names
        },
    }


def _slices(scored: Sequence[ScoredDocument]) -> dict[str, list[_Json]]:
    """Return the slices of every slice key, worst item F1 first."""
    slices_by_key = {}
    for key in dict.fromkeys(key for document in scored for key in document.groups):
        values = sorted({document.groups[key] for document in scored if key in document.groups})
        slices = [
            _slice(
                value, [document.score for document in scored if document.groups.get(key) == value]
            )
            for value in values
        ]
        slices_by_key[key] = sorted(slices, key=_item_f1_or_last)
    return slices_by_key


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


def _item_f1_or_last(row: Mapping[str, Any]) -> float:
    """Return a sort key that puts a slice without items last."""
    return 2.0 if row["item_f1"] is None else float(row["item_f1"]["value"])


def _worst_slices(slices: Mapping[str, Sequence[_Json]], documents: int) -> list[_Json]:
    """Return the slices of all keys, worst item F1 first, small ones after the others.

    A slice that holds every document repeats the headline and is left out.
    """
    everything: list[_Json] = [
        {"key": key, **row}
        for key, values in slices.items()
        for row in values
        if row["item_f1"] is not None and row["documents"] < documents
    ]
    return sorted(everything, key=lambda row: (row["small"], _item_f1_or_last(row)))


def count_wrong_items(document: ScoredDocument) -> int:
    """Count the items missed and made up: the document's cost in items."""
    items = document.score.items
    return items.wanted + items.predicted - 2 * items.right


def sort_worst_first(scored: Iterable[ScoredDocument]) -> list[ScoredDocument]:
    """Return the documents with errors by wrong items; then cells, header fields, id."""

    def error_counts(document: ScoredDocument) -> tuple[int, int, int]:
        cells = document.score.all_cells
        fields = sum(document.score.fields.values(), Count())
        return (
            count_wrong_items(document),
            cells.wanted + cells.predicted - 2 * cells.right,
            fields.wanted + fields.predicted - 2 * fields.right,
        )

    def sort_key(document: ScoredDocument) -> tuple[int, int, int, str, int]:
        items, cells, fields = error_counts(document)
        return -items, -cells, -fields, document.truth.document_id, document.truth.line

    return sorted((document for document in scored if any(error_counts(document))), key=sort_key)


def _worst_documents(scored: Iterable[ScoredDocument]) -> list[_Json]:
    ordered = [document for document in sort_worst_first(scored) if count_wrong_items(document) > 0]
    return [
        {
            "id": document.truth.document_id,
            **asdict(document.score.items),
            "closed": document.score.closed,
        }
        for document in ordered[:WORST_DOCUMENTS]
    ]


def _document_row(document: ScoredDocument) -> _Json:
    score = document.score
    return {
        "id": document.truth.document_id,
        "line": document.truth.line,
        "groups": dict(document.groups),
        "items": asdict(score.items),
        "cells": {name: asdict(count) for name, count in score.cells.items()},
        "description": asdict(score.description),
        "closed": score.closed,
        "type_right": score.type_right,
        "fields": {name: asdict(count) for name, count in score.fields.items()},
    }


def _repeated_ids(scored: Sequence[ScoredDocument]) -> list[str]:
    counts = Counter(document.truth.document_id for document in scored)
    return sorted(name for name, count in counts.items() if count > 1)


def _timing(scored: Sequence[ScoredDocument]) -> dict[str, float]:
    """Return the seconds per document from file to line items, as measured when it was read."""
    seconds = [document.seconds for document in scored]
    return {
        "mean": round(sum(seconds) / len(seconds), 3),
        "median": round(median(seconds), 3),
        "highest": round(max(seconds), 3),
    }
