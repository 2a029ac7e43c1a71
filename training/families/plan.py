"""The plan of a measurement by families: which corpora, what a family is, how its pages are read.

Every key with its meaning: `configs/leave-out.yaml`. Paths are from the folder of the file.
"""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.corpora.readings import WordChoice
from data.corpora.scans import DamageLevel


class PlanError(ValueError):
    """A plan that cannot be used as written, or a recipe that does not fit it."""


class _StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PageReading(_StrictModel):
    """The source of the words of a set's pages (`data.corpora.readings`)."""

    words: WordChoice = "auto"
    damage: DamageLevel = "none"

    @model_validator(mode="after")
    def _damaged_pages_are_read_by_ocr(self) -> "PageReading":
        if self.damage != "none" and self.words not in ("auto", "ocr"):
            raise ValueError(f"damaged pages are read by ocr, words cannot be {self.words!r}")
        return self

    def __str__(self) -> str:
        return self.words if self.damage == "none" else f"{self.damage} scan"


class MeasuredSet(_StrictModel):
    """One collection of documents, divided into families of layouts.

    `score` is the corpus that is scored, `train` are those of the set that may be trained on, and
    `also` names further ones that belong to the same families and may not. `family` is the key of
    the manifest that divides them (None: all are one family). With `tuned` code, thresholds or
    calibration were chosen while looking at it.
    """

    name: str = Field(min_length=1, pattern=r"^[^/]+$")
    score: Path
    train: tuple[Path, ...] = ()
    also: tuple[Path, ...] = ()
    family: str | None = None
    tuned: bool = False
    note: str = ""
    readings: tuple[PageReading, ...] = Field(default=(PageReading(),), min_length=1)

    @property
    def corpora(self) -> tuple[Path, ...]:
        """All corpora of the set, the scored one first."""
        return tuple(dict.fromkeys((self.score, *self.train, *self.also)))


class Form(_StrictModel):
    """The extent of a measurement: trainings, their budget, and how many documents are scored.

    `folds` None is one training for each family, or group of them; `documents` None is all of a
    family. `recipe` holds `key=value` changes to the training recipe.
    """

    folds: int | None = Field(default=None, gt=1)
    documents: int | None = Field(default=None, gt=0)
    recipe: tuple[str, ...] = ()


class Plan(_StrictModel):
    recipe: Path
    forms: dict[str, Form]
    together: tuple[tuple[str, ...], ...] = ()  # families that are left out at once
    sets: tuple[MeasuredSet, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_and_corpora_are_unique(self) -> "Plan":
        names = [measured.name for measured in self.sets]
        corpora = [str(path) for measured in self.sets for path in measured.corpora]
        families = [name for group in self.together for name in group]
        for what, listed in (("set", names), ("corpus", corpora), ("family of together", families)):
            if twice := sorted({name for name in listed if listed.count(name) > 1}):
                raise ValueError(f"{what} {twice[0]} is named twice")
        return self


def load_plan(path: Path) -> Plan:
    """Load a plan, its paths made absolute; raises `PlanError` naming file and key."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PlanError(f"{path}: is not YAML: {error}") from error
    if not isinstance(values, dict):
        raise PlanError(f"{path}: must hold `key: value` lines")
    folder = path.resolve().parent
    corpora = (folder / str(values.pop("corpora", "."))).resolve()
    try:
        plan = Plan.model_validate(values)
        return Plan(
            recipe=(folder / plan.recipe).resolve(),
            forms=plan.forms,
            together=plan.together,
            sets=tuple(_with_full_paths(measured, corpora) for measured in plan.sets),
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PlanError(f"{path}: {place}: {first['msg']}") from error


def _with_full_paths(measured: MeasuredSet, folder: Path) -> MeasuredSet:
    return measured.model_copy(
        update={
            "score": (folder / measured.score).resolve(),
            "train": tuple((folder / path).resolve() for path in measured.train),
            "also": tuple((folder / path).resolve() for path in measured.also),
        }
    )
