"""The contents of a report by families: `report.json`, and what its tables are made of.

Every family counts the same in the means, however many documents it has. Families that nothing was
tuned on are the headline; those that thresholds or calibration were chosen on, and those that the
weights learned from, stand apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from training.families.scores import SCORES, FamilyRow, Source, Standing
from training.metrics.counts import Interval
from training.metrics.macro import FamilyCounts, macro_share, pooled_share

SMALL_FAMILY = 3  # documents below which a family is not named as the worst
SOURCES: tuple[Source, ...] = get_args(Source)

_Json = dict[str, Any]


def build_contents(rows: Sequence[FamilyRow], about: Mapping[str, Any]) -> _Json:
    """Return the report of these rows; `about` (reader, settings, hashes) is included as it is.

    Raises ValueError without rows.
    """
    if not rows:
        raise ValueError("no family was scored; a report needs at least one")
    unseen = [row for row in rows if row.standing in ("new", "tuned")]
    standings = dict.fromkeys(get_args(Standing))
    return {
        **about,
        "means": {
            standing: _means([row for row in rows if row.standing == standing])
            for standing in standings
        }
        | {"left_out": _means(unseen)},
        "worst": {standing: _worst(rows, standing) for standing in standings},
        "sets": _sets(rows),
        "families": [_family(row) for row in _worst_first(rows)],
    }


def _means(rows: Sequence[FamilyRow]) -> _Json | None:
    """Return means over families by source, and over both; None without families."""
    if not rows:
        return None
    selections: dict[str, list[FamilyRow]] = {
        source: [row for row in rows if row.source == source] for source in SOURCES
    }
    selections["all"] = list(rows)
    return {name: _mean(selected) for name, selected in selections.items() if selected}


def _mean(rows: Sequence[FamilyRow]) -> _Json:
    return {
        "families": len({row.family for row in rows}),
        "documents": _count_documents(rows),
        "scores": {score: _macro(rows, score) for score in SCORES},
        "sure": _sure(rows),
    }


def _macro(rows: Sequence[FamilyRow], score: str) -> _Json | None:
    return _interval(macro_share([row.counts(score) for row in rows]))


def _interval(interval: Interval | None) -> _Json | None:
    return None if interval is None else asdict(interval)


def _count_documents(rows: Iterable[FamilyRow]) -> int:
    """Count documents; one that was read in two ways, or is in two families, counts once."""
    return len({name for row in rows for name in row.parts["item_f1"]})


def _sure(rows: Iterable[FamilyRow]) -> _Json:
    """Return how many cells were stated surely, and how many of them are wrong."""
    right = count = 0.0
    for row in rows:
        part, whole = row.total("sure_cells")
        right, count = right + part, count + whole
    return {"count": int(count), "wrong": int(count - right)}


def _sets(rows: Sequence[FamilyRow]) -> list[_Json]:
    """Return each set as it was read: pooled over its documents, as other reports have it."""
    grouped: dict[tuple[str, str, Standing], list[FamilyRow]] = {}
    for row in rows:
        grouped.setdefault((row.set_name, row.reading, row.standing), []).append(row)
    return [
        {
            "set": name,
            "reading": reading,
            "standing": standing,
            "families": len({row.family for row in group}),
            "documents": _count_documents(group),
            "pooled": {
                score: _interval(pooled_share([row.counts(score) for row in group]))
                for score in SCORES
            },
            "mean_item_f1": _macro(group, "item_f1"),
            "sure": _sure(group),
        }
        for (name, reading, standing), group in grouped.items()
    ]


def _family(row: FamilyRow) -> _Json:
    return {
        "family": row.family,
        "source": row.source,
        "reading": row.reading,
        "standing": row.standing,
        "documents": row.documents,
        "trained": row.trained,
        "calibrated": row.calibrated,
        "folds": list(row.folds),
        "scores": {score: _interval(pooled_share([row.counts(score)])) for score in SCORES},
        "sure": _sure([row]),
    }


def _worst_first(rows: Iterable[FamilyRow]) -> list[FamilyRow]:
    order: tuple[Standing, ...] = ("new", "unknown", "tuned", "trained")
    return sorted(
        rows,
        key=lambda row: (order.index(row.standing), _item_f1(row), row.family, row.reading),
    )


def _item_f1(row: FamilyRow) -> float:
    """Return the item F1, for sorting; a family without items comes last."""
    share = FamilyCounts(row.family, row.parts["item_f1"]).share
    return 2.0 if share is None else share


def _worst(rows: Sequence[FamilyRow], standing: str) -> _Json | None:
    """Return the family with the lowest item F1 among those with enough documents."""
    large = [
        row
        for row in rows
        if row.standing == standing and row.documents >= SMALL_FAMILY and _item_f1(row) <= 1
    ]
    return _family(min(large, key=_item_f1)) if large else None
