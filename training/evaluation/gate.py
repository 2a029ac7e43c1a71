"""The release gate: thresholds in YAML, held against the figures of a report.

A threshold names its figure as a dotted path into `report.json`, such as `item_f1` or
`fields.invoice_total.f1`. A figure equal to its threshold holds it. A figure that was not measured
misses it: the gate never passes on an unknown figure. `configs/accuracy.yaml` explains every key.
"""

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic import ValidationError as PydanticError

from data.corpora.published.formats import FORMATS
from data.corpora.readings import WordChoice
from data.corpora.scans import DamageLevel

PREDICTED = "as predicted"  # words and damage of a report on a predictions file

_Limit = Annotated[StrictFloat, Field(allow_inf_nan=False)] | StrictInt


class GateError(ValueError):
    """An unusable gate; the message names the file or run, the key and the value expected."""


class Thresholds(BaseModel):
    """Thresholds for the figures of a report.

    `bound` selects the figure compared: the measured `value`, or with `low` the cautious end of
    its 95 % interval (the lower one for `at_least`, the upper one for `at_most`). A figure without
    an interval is compared by its value either way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_least: dict[StrictStr, _Limit] = {}
    at_most: dict[StrictStr, _Limit] = {}
    bound: Literal["value", "low"] = "value"

    @model_validator(mode="after")
    def _require_threshold(self) -> "Thresholds":
        if not self.at_least and not self.at_most:
            raise ValueError("names no threshold; want at_least or at_most with figures")
        return self


class Run(Thresholds):
    """One evaluation of a corpus with its thresholds; keys as of `training.evaluate`."""

    corpus: StrictStr = Field(min_length=1)
    format: StrictStr | None = None
    words: WordChoice = "auto"
    damage: DamageLevel = "none"
    limit: StrictInt | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _require_known_format(self) -> "Run":
        if self.format is not None and self.format not in FORMATS:
            raise ValueError(f"unknown format {self.format!r}, want one of {', '.join(FORMATS)}")
        return self

    @property
    def folder_name(self) -> str:
        """The corpus's name in a report."""
        return Path(self.corpus).name

    @property
    def name(self) -> str:
        """The run's name in outcomes: `adbuy, ocr, light damage`."""
        damaged = "" if self.damage == "none" else f", {self.damage} damage"
        return f"{self.folder_name}, {self.words}{damaged}"


class Gate(BaseModel):
    """All runs of a gate. `corpora` is the folder of corpora; `default` is for a corpus without
    a run of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    corpora: Path = Path()
    runs: tuple[Run, ...] = ()
    default: Thresholds | None = None

    @model_validator(mode="after")
    def _refuse_repeated_runs(self) -> "Gate":
        names = [run.name for run in self.runs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is listed twice; want one run a corpus, words and damage")
        return self


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One evaluation that the gate lists, with the folder for its report."""

    run: Run
    corpus: Path
    out: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """One threshold held against its figure; `seen` is None where nothing was measured."""

    run: str
    figure: str
    seen: float | None
    limit: float
    at_least: bool

    @property
    def held(self) -> bool:
        """True where the figure reaches the limit or equals it; False where it is unknown."""
        if self.seen is None or math.isnan(self.seen):
            return False
        return self.seen >= self.limit if self.at_least else self.seen <= self.limit

    def __str__(self) -> str:
        """Return the outcome as a line: `adbuy, text: item_f1 0.881 < 0.900 MISSED`."""
        sign = ">=" if self.at_least else "<="
        if self.seen is None or math.isnan(self.seen):
            return f"{self.run}: {self.figure} not measured, want {sign} {self.limit:.3f} MISSED"
        measured, limit = _format_apart(self.seen, self.limit)
        if self.held:
            return f"{self.run}: {self.figure} {measured} {sign} {limit} held"
        return (
            f"{self.run}: {self.figure} {measured} {'<' if self.at_least else '>'} {limit} MISSED"
        )


def load_gate(path: Path) -> Gate:
    """Load the gate from a YAML file, `corpora` relative to its folder; raises GateError."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GateError(f"{path}: the gate cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GateError(f"{path}: not YAML ({' '.join(str(error).split())[:160]})") from None
    if not isinstance(values, dict):
        raise GateError(f"{path}: want keys with values, got a {type(values).__name__}")
    try:
        gate = Gate.model_validate(values)
    except PydanticError as error:
        raise GateError(_describe_error(path, error)) from None
    return gate.model_copy(update={"corpora": (path.parent / gate.corpora).resolve()})


def planned_runs(gate: Gate, corpora: Path | None, out: Path) -> list[PlannedRun]:
    """Return the evaluations of the gate, each with report folder `out/<corpus>-<words>-<damage>`.

    `corpora` overrides the gate's own folder. Raises GateError for a gate that lists none and for
    a corpus that is not there: what was not measured has not passed.
    """
    if not gate.runs:
        raise GateError("the gate lists no runs; name a corpus to hold against its default")
    folder = gate.corpora if corpora is None else corpora
    planned = []
    for run in gate.runs:
        corpus = folder / run.corpus
        if not corpus.exists():
            raise GateError(f"{run.name}: the corpus {corpus} does not exist")
        name = f"{run.folder_name}-{run.words}-{run.damage}"
        planned.append(PlannedRun(run, corpus, out / name))
    return planned


def check_report(gate: Gate, report: Mapping[str, Any]) -> list[Outcome]:
    """Return the outcomes of a report: of its own runs in the gate, else of the gate's default.

    Raises GateError where the gate has no threshold for the report, and for a figure that no
    such report has.
    """
    return [
        outcome
        for name, thresholds in select_thresholds(gate, report)
        for outcome in check_thresholds(thresholds, report, name)
    ]


def select_thresholds(gate: Gate, report: Mapping[str, Any]) -> list[tuple[str, Thresholds]]:
    """Return the thresholds a report must hold, with a name each.

    A report belongs to the run of its corpus, words, damage and limit. One with words "auto", which
    may turn out to be any, belongs to the runs of all words where none has "auto"; one on a
    predictions file, whose words and damage are unknown, to all runs of its corpus. Raises
    GateError where the gate has no threshold for the report.
    """
    corpus = str(report.get("corpus"))
    settings = report.get("settings") or {}
    words, damage = settings.get("words", "auto"), settings.get("damage") or "none"
    limit = settings.get("limit")
    limit = limit if isinstance(limit, int) else None
    corpus_runs = [run for run in gate.runs if run.folder_name == corpus]
    alike = [run for run in corpus_runs if damage in (run.damage, PREDICTED) and limit == run.limit]
    matching = [run for run in alike if words in (run.words, PREDICTED)]
    if not matching and words == "auto":
        matching = alike
    if matching:
        return [(run.name, run) for run in matching]
    name = f"{corpus}, {words}"
    settings_text = f"words {words}, damage {damage}, limit {limit or 'none'}"
    if corpus_runs:
        listed = "; ".join(f"{run.name}, limit {run.limit or 'none'}" for run in corpus_runs)
        raise GateError(f"{corpus}: the gate lists no run with {settings_text}, only {listed}")
    if gate.default is None:
        raise GateError(f"{corpus}: the gate lists no run with {settings_text} and has no default")
    return [(name, gate.default)]


def check_thresholds(thresholds: Thresholds, report: Mapping[str, Any], name: str) -> list[Outcome]:
    """Hold every threshold against the report, without regard to its run."""
    outcomes = []
    for at_least, limits in ((True, thresholds.at_least), (False, thresholds.at_most)):
        end = "value" if thresholds.bound == "value" else "low" if at_least else "high"
        for path, limit in limits.items():
            measured = find_figure(report, path, end)
            outcomes.append(Outcome(name, path, measured, float(limit), at_least))
    return outcomes


def has_passed(outcomes: Iterable[Outcome]) -> bool:
    """Return whether every threshold was held."""
    return all(outcome.held for outcome in outcomes)


def find_figure(report: Mapping[str, Any], path: str, end: str = "value") -> float | None:
    """Return the figure under a dotted path of the report; None where it was not measured.

    Of {value, low, high} it is the `end` asked for, of {right, of} the share. Raises GateError
    for a path that the report does not have, naming the nearest keys, and for one that leads to
    no number.
    """
    figure: Any = report
    walked: list[str] = []
    for key in path.split("."):
        if figure is None:
            return None
        if not isinstance(figure, Mapping):
            raise GateError(f"unknown figure {path!r}: {'.'.join(walked)!r} has no parts")
        if key not in figure:
            raise GateError(f"unknown figure {path!r}: {_suggest_keys(key, figure, walked)}")
        walked.append(key)
        figure = figure[key]
    if isinstance(figure, Mapping):
        figure = _figure_of_parts(figure, path, end)
    if figure is None:
        return None
    if isinstance(figure, bool) or not isinstance(figure, int | float):
        raise GateError(f"{path!r} is no number in the report but a {type(figure).__name__}")
    return float(figure)


def _figure_of_parts(parts: Mapping[str, Any], path: str, end: str) -> Any:
    if "value" in parts:
        return parts.get(end, parts["value"])
    if parts.keys() == {"right", "of"}:
        return parts["right"] / parts["of"] if parts["of"] else None
    keys = ", ".join(f"{path}.{key}" for key in parts) or "nothing, it is empty"
    raise GateError(f"{path!r} is no number in the report; it holds {keys}")


def _suggest_keys(key: str, parts: Mapping[str, Any], walked: Sequence[str]) -> str:
    place = f"{'.'.join(walked)!r}" if walked else "the report"
    near = difflib.get_close_matches(key, list(parts), n=3)
    if near:
        names = ", ".join(repr(".".join([*walked, name])) for name in near)
        return f"{place} has no {key!r}; did you mean {names}?"
    return f"{place} has no {key!r}; it has {', '.join(parts) or 'nothing'}"


def _format_apart(measured: float, limit: float) -> tuple[str, str]:
    """Return both with three decimals, or with as many as show that they differ."""
    for decimals in range(3, 13):
        pair = f"{measured:.{decimals}f}", f"{limit:.{decimals}f}"
        if measured == limit or pair[0] != pair[1]:
            return pair
    return repr(measured), repr(limit)


def _describe_error(path: Path, error: PydanticError) -> str:
    first = error.errors(include_url=False)[0]
    loc = first["loc"]
    where = ".".join(str(step) for step in loc)
    if first["type"] != "extra_forbidden":
        place = f"{where}: " if where else ""
        return f"{path}: {place}{first['msg'].removeprefix('Value error, ')}"
    model: type[BaseModel] = Gate
    if len(loc) > 1:
        model = Run if loc[0] == "runs" else Thresholds
    near = difflib.get_close_matches(str(loc[-1]), list(model.model_fields), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(model.model_fields)}"
    return f"{path}: unknown key {where!r}; {hint}"
