"""Scores of one family as it was read in one way, and their means over families."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from training.evaluation.learned_from import LearnedFrom, role_of
from training.families.members import Member
from training.families.plan import PageReading
from training.metrics.counts import Count
from training.metrics.grounding import count_grounded, count_grounded_numbers
from training.metrics.items import judged_cells
from training.metrics.macro import FamilyCounts
from training.metrics.scoring import ScoredDocument
from training.report.confidence import stated_confidence

SURE = 0.98  # a cell stated at this confidence or more may be claimed without a person

# What is scored, by its key in the report, and its heading.
SCORES = {
    "item_f1": "item F1",
    "cell_f1": "cell F1",
    "closed": "closed",
    "description_f1": "description F1",
    "document_type": "type",
    "header_fields": "header fields",
    "sure_cells": f"stated ≥ {SURE} right",
    "grounding": "grounded",
}

# Where words came from: the page's own text, or a picture that was read.
Source = Literal["text", "scan"]
# How a family stands to the reader: `new` nothing was fitted or tuned on, `tuned` the weights never
# saw but thresholds or calibration were chosen on, `trained` the weights saw, and where the reader
# keeps no record it is `unknown`.
Standing = Literal["new", "tuned", "trained", "unknown"]

Parts = dict[str, dict[str, tuple[float, float]]]  # score -> document -> part and whole


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One family read in one way: where it stands, and part and whole of each score by document.

    `trained` counts documents of the family that the weights saw, whether they are scored or not;
    `calibrated` those scored that the calibration was fitted on. `folds` are the trainings whose
    readings are in it (none: a checkpoint's).
    """

    family: str
    set_name: str
    source: Source
    reading: str
    standing: Standing
    trained: int
    calibrated: int
    parts: Parts
    folds: tuple[int, ...] = ()

    @property
    def documents(self) -> int:
        return len(self.parts["item_f1"])

    def counts(self, score: str) -> FamilyCounts:
        """Return the counts of one score, to be averaged with those of other families."""
        return FamilyCounts(self.family, self.parts[score])

    def total(self, score: str) -> tuple[float, float]:
        """Return part and whole of one score over all documents."""
        parts = self.parts[score].values()
        return sum(part for part, _ in parts), sum(whole for _, whole in parts)


def score_parts(scored: ScoredDocument) -> dict[str, tuple[float, float]]:
    """Return part and whole of every score of one document."""
    score = scored.score
    fields = sum(score.fields.values(), Count())
    stated = [
        right
        for row, name, right in judged_cells(scored.truth, scored.prediction)
        if (stated_confidence(scored.prediction["line_items"][row], name) or 0.0) >= SURE
    ]
    grounding = count_grounded_numbers(count_grounded(scored.truth, scored.prediction))
    return {
        "item_f1": _f1(score.items),
        "cell_f1": _f1(score.all_cells),
        "closed": (0.0, 0.0) if score.closed is None else (float(score.closed), 1.0),
        "description_f1": _f1(score.description),
        "document_type": (float(score.type_right), 1.0),
        "header_fields": (float(fields.right), float(fields.wanted)),
        "sure_cells": (float(sum(stated)), float(len(stated))),
        "grounding": (float(grounding.grounded), float(grounding.boxed)),
    }


def _f1(count: Count) -> tuple[float, float]:
    return 2.0 * count.right, float(count.wanted + count.predicted)


def family_rows(
    members: Sequence[Member],
    scored: Sequence[ScoredDocument],
    reading: PageReading,
    learned: LearnedFrom | None,
    trained: Mapping[str, int],
) -> list[FamilyRow]:
    """Return a row for each family and source of words; members and scored documents in one order.

    `trained` counts by family the documents that the weights saw.
    """
    grouped: dict[tuple[str, Source], list[tuple[Member, ScoredDocument]]] = {}
    for member, document in zip(members, scored, strict=True):
        key = (member.family, _source(document, reading))
        grouped.setdefault(key, []).append((member, document))
    rows = []
    for (family, source), entries in grouped.items():
        measured = entries[0][0].measured
        roles = [role_of(member.sha256, learned or LearnedFrom()) for member, _ in entries]
        calibrated = roles.count("calibrated")
        standing: Standing = "tuned" if measured.tuned or calibrated else "new"
        if trained.get(family):
            standing = "trained"
        elif learned is None or not learned.complete:
            standing = "unknown"
        rows.append(
            FamilyRow(
                family=family,
                set_name=measured.name,
                source=source,
                reading=str(reading),
                standing=standing,
                trained=trained.get(family, 0),
                calibrated=calibrated,
                parts=_add_parts(
                    (member.sha256, score_parts(document)) for member, document in entries
                ),
            )
        )
    return rows


def _source(document: ScoredDocument, reading: PageReading) -> Source:
    """Return where the words came from; of a file that could not be opened, where they should."""
    words = document.prediction.get("words_source")
    if words is None:
        return "text" if reading.words == "text" else "scan"
    return "text" if words == "text" else "scan"


def _add_parts(parts: Iterable[tuple[str, dict[str, tuple[float, float]]]]) -> Parts:
    total: Parts = {score: {} for score in SCORES}
    for name, scores in parts:
        for score, (part, whole) in scores.items():
            before = total[score].get(name, (0.0, 0.0))
            total[score][name] = (before[0] + part, before[1] + whole)
    return total


def merge_folds(rows: Sequence[FamilyRow]) -> list[FamilyRow]:
    """Return rows of one family, source and reading added: what several folds read of it.

    A family that only measures is read by every fold, and its score is that of all of them.
    """
    merged: dict[tuple[str, Source, str], list[FamilyRow]] = {}
    for row in rows:
        merged.setdefault((row.family, row.source, row.reading), []).append(row)
    return [_merge(same) for same in merged.values()]


def _merge(rows: Sequence[FamilyRow]) -> FamilyRow:
    first = rows[0]
    if len(rows) == 1:
        return first
    order: tuple[Standing, ...] = ("unknown", "trained", "tuned", "new")
    parts = _add_parts(
        (name, {score: row.parts[score][name] for score in SCORES})
        for row in rows
        for name in row.parts["item_f1"]
    )
    return FamilyRow(
        family=first.family,
        set_name=first.set_name,
        source=first.source,
        reading=first.reading,
        standing=min((row.standing for row in rows), key=order.index),
        trained=max(row.trained for row in rows),
        calibrated=max(row.calibrated for row in rows),
        parts=parts,
        folds=tuple(number for row in rows for number in row.folds),
    )
