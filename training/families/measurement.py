"""One measurement by families: train the folds, or take a checkpoint, read, score and report.

What was finished stays in the folder: a trained fold is not trained again, and a document is not
read again by the same weights and code.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.corpora.readings import DEFAULT_CACHE
from data.corpora.truth import TrueDocument
from training.evaluation.fingerprints import code_hash, reading_hash, versions, weights_hash
from training.evaluation.learned_from import LearnedFrom, read_learned_from, write_learned_from
from training.evaluation.predicting import ReadingOptions
from training.evaluation.readers import ReadingRun
from training.families.contents import build_contents
from training.families.folds import (
    Fold,
    check_fold,
    count_learned,
    count_outside,
    make_folds,
    seen_by_start,
)
from training.families.members import Member, load_members, select_scored
from training.families.plan import Form, PageReading, Plan, PlanError
from training.families.scores import FamilyRow, family_rows, merge_folds
from training.families.tables import contents_to_markdown
from training.families.taught import learned_from
from training.learning.recipe import Recipe
from training.metrics.predictions import write_predictions
from training.metrics.scoring import score_documents
from training.report.files import replace_files, report_text

Train = Callable[[Recipe], Path]  # `training.train.train`

_TRAINED = "trained.json"  # in a fold's folder once its training is complete


@dataclass(frozen=True, slots=True)
class Measurement:
    """The settings of one measurement; `out` holds all that it makes.

    `allow_seen` lets a start checkpoint pass that saw families which are left out: the report then
    says so first.
    """

    plan: Plan
    form_name: str
    out: Path
    device: str = "auto"
    workers: int | None = None
    cache: Path = DEFAULT_CACHE
    allow_seen: bool = False

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ValueError(f"workers must be at least 1, got {self.workers}")

    @property
    def form(self) -> Form:
        if self.form_name not in self.plan.forms:
            raise PlanError(
                f"the plan has no form {self.form_name!r}, it has {', '.join(self.plan.forms)}"
            )
        return self.plan.forms[self.form_name]


def measure_checkpoint(measurement: Measurement, checkpoint: Path) -> dict[str, Any]:
    """Score a checkpoint on every family, without training; return the report after writing it."""
    members = load_members(measurement.plan)
    learned = read_learned_from(checkpoint)
    weights = weights_hash(checkpoint)
    scored = select_scored(members, measurement.form.documents)
    rows = _read_and_score(
        measurement, checkpoint, scored, count_learned(members, learned or LearnedFrom())
    )
    notices = []
    if learned is None or not learned.complete:
        notices.append(
            f"{checkpoint} keeps no whole record of the documents it learned from: a family may be "
            "known to it. No figure here is one of unseen families."
        )
    about = {
        "reader": f"checkpoint {checkpoint.name}",
        "notices": notices,
        "settings": _settings(measurement) | {"checkpoint": str(checkpoint)},
        "hashes": _hashes() | {"weights": weights},
    }
    return _write_report(measurement, rows, about)


def measure_recipe(measurement: Measurement, recipe: Recipe, train: Train) -> dict[str, Any]:
    """Train a recipe once for each fold and score it on the families left out; return the report.

    Families that are only measured are scored with the model of every fold, and all count.
    Raises `PlanError` where the start checkpoint has seen a family that is left out, or keeps no
    record, unless that is allowed.
    """
    members = load_members(measurement.plan)
    folds = make_folds(measurement.plan, measurement.form, recipe, members, measurement.out)
    warning = seen_by_start(folds, members)
    if warning and not measurement.allow_seen:
        raise PlanError(
            f"{warning}; start from weights that saw none of them, or add --allow-seen and read "
            "the figures as too good"
        )
    rows, weights = [], {}
    for fold in folds:
        check_fold(fold, members)
        sys.stderr.write(
            f"fold {fold.number} of {len(folds)}, without {len(fold.left_out)} families: "
            f"{fold.folder}\n"
        )
        checkpoint = _train_once(fold, train)
        weights[f"weights of fold {fold.number}"] = weights_hash(checkpoint)
        rows += _score_fold(measurement, fold, checkpoint, members)
    about = {
        "reader": f"recipe {recipe.name}",
        "notices": _notices(warning, count_outside(folds, members)),
        "settings": _settings(measurement) | _describe_training(recipe, folds),
        "folds": [{"number": fold.number, "left_out": list(fold.left_out)} for fold in folds],
        "hashes": _hashes() | weights,
    }
    return _write_report(measurement, merge_folds(rows), about)


def _notices(warning: str, outside: int) -> list[str]:
    notices = [f"The start had seen what is left out: {warning}."] if warning else []
    if outside:
        notices.append(
            f"The folds learned from {outside} documents that no set of the plan holds; whether "
            "their families are among those left out is not known."
        )
    return notices


def _train_once(fold: Fold, train: Train) -> Path:
    """Train a fold unless that was done; return its checkpoint, which keeps its record."""
    finished, checkpoint = fold.folder / _TRAINED, fold.folder / "checkpoint"
    if finished.is_file():
        stored = json.loads(finished.read_text())
        if stored["weights"] == weights_hash(checkpoint):
            sys.stderr.write("trained by an earlier run\n")
            return checkpoint
        raise PlanError(f"{checkpoint}: is not what was trained here; remove {fold.folder}")
    checkpoint = train(fold.recipe)
    if read_learned_from(checkpoint) is None:
        write_learned_from(checkpoint, learned_from(fold.recipe))
    finished.write_text(json.dumps({"weights": weights_hash(checkpoint)}) + "\n")
    return checkpoint


def _score_fold(
    measurement: Measurement, fold: Fold, checkpoint: Path, members: Sequence[Member]
) -> list[FamilyRow]:
    """Return the rows of the families that a fold leaves out, and of those only measured."""
    scored = [
        member
        for member in select_scored(members, measurement.form.documents)
        if member.family in fold.left_out or not member.measured.train
    ]
    learned = read_learned_from(checkpoint) or LearnedFrom(complete=False)
    rows = _read_and_score(measurement, checkpoint, scored, count_learned(members, learned))
    return [replace(row, folds=(fold.number,)) for row in rows]


def _read_and_score(
    measurement: Measurement,
    checkpoint: Path,
    members: Sequence[Member],
    trained: Mapping[str, int],
) -> list[FamilyRow]:
    """Read the members set by set, in each of the set's ways; return the rows of their families."""
    learned = read_learned_from(checkpoint)
    by_set: dict[str, list[Member]] = {}
    for member in members:
        by_set.setdefault(member.measured.name, []).append(member)
    rows = []
    for group in by_set.values():
        documents = [member.document for member in group]
        for reading in group[0].measured.readings:
            predictions = _predict(measurement, checkpoint, group, reading)
            scored = score_documents(documents, predictions, known=predictions)
            rows += family_rows(group, scored, reading, learned, trained)
    return rows


def _predict(
    measurement: Measurement, checkpoint: Path, members: Sequence[Member], reading: PageReading
) -> dict[str, dict[str, Any]]:
    """Return the predictions by document id; those that are on disk are not made again."""
    measured = members[0].measured
    folder = measurement.out / "predictions" / weights_hash(checkpoint)
    file = folder / f"{measured.name} {reading}.jsonl"
    sys.stderr.write(f"{measured.name}, {reading}: {len(members)} documents\n")
    # Not the selection of documents: a larger one goes on from what a smaller one read
    key = [weights_hash(checkpoint), reading_hash(), str(measured.score), str(reading)]
    run = ReadingRun(
        "model",
        file,
        key,
        ReadingOptions(reading.words, measurement.cache, reading.damage),
        checkpoint,
        measurement.device,
        measurement.workers,
    )
    rows = run.predictions(_distinct(member.document for member in members))
    write_predictions(file, rows)
    return {str(row["id"]): row for row in rows}


def _distinct(documents: Iterable[TrueDocument]) -> list[TrueDocument]:
    return list({document.document_id: document for document in documents}.values())


def _settings(measurement: Measurement) -> dict[str, Any]:
    documents = measurement.form.documents
    return {
        "form": measurement.form_name,
        "documents of a family": "all" if documents is None else f"at most {documents}",
    }


def _describe_training(recipe: Recipe, folds: Sequence[Fold]) -> dict[str, Any]:
    return {
        "folds": len(folds),
        "steps": recipe.steps,
        "start": str(recipe.start_from or "random weights"),
        "families only measured": "scored with the model of every fold",
        "confidences": "the network's own: a fold is not calibrated",
    }


def _hashes() -> dict[str, str]:
    return {"code": code_hash(), "reading code": reading_hash()}


def _write_report(
    measurement: Measurement, rows: Sequence[FamilyRow], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Write `report.json` and `report.md` into the folder, both replaced at once."""
    notes = [
        {"set": measured.name, "note": measured.note}
        for measured in measurement.plan.sets
        if measured.note
    ]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    report = build_contents(
        rows, {**about, "set_notes": notes, "versions": versions(), "timing": {"made_at": now}}
    )
    measurement.out.mkdir(parents=True, exist_ok=True)
    texts = {"report.json": report_text(report), "report.md": contents_to_markdown(report)}
    replace_files(measurement.out, texts)
    return report
