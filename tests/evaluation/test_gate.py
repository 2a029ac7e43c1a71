"""The release gate: what holds, what is missed, and what cannot be checked at all."""

import math
from pathlib import Path
from typing import Any

import pytest

from training.evaluation.gate import (
    Gate,
    GateError,
    check_report,
    find_figure,
    has_passed,
    load_gate,
    planned_runs,
)

REPORT: dict[str, Any] = {
    "corpus": "adbuy",
    "settings": {"words": "text", "limit": "none (203 documents)"},
    "item_f1": {"value": 0.9, "low": 0.85, "high": 0.95},
    "cell_f1": {"value": math.nan, "low": math.nan, "high": math.nan},
    "closed": None,
    "documents": 203,
    "document_type": {"right": 3, "of": 4},
    "nothing": {"right": 0, "of": 0},
    "fields": {"invoice_total": {"wanted": 5, "predicted": 5, "right": 4, "f1": 0.8}},
    "confidence": {"amount": {"ece": 0.03}},
    "unknown_yet": {"value": None},
    "gate_held": True,
}


def gate(*runs: dict[str, Any], **more: Any) -> Gate:
    return Gate.model_validate({"runs": runs, **more})


def run(**more: Any) -> dict[str, Any]:
    return {"corpus": "adbuy", "words": "text", "at_least": {"item_f1": 0.9}} | more


@pytest.mark.parametrize(
    ("thresholds", "line"),
    [
        ({"at_least": {"item_f1": 0.89}}, "item_f1 0.900 >= 0.890 held"),
        ({"at_least": {"item_f1": 0.9}}, "item_f1 0.900 >= 0.900 held"),  # equal holds
        ({"at_least": {"item_f1": 0.91}}, "item_f1 0.900 < 0.910 MISSED"),
        ({"at_least": {"item_f1": 0.90001}}, "item_f1 0.90000 < 0.90001 MISSED"),
        ({"at_least": {"item_f1": 1}}, "item_f1 0.900 < 1.000 MISSED"),
        ({"at_least": {"item_f1": 0.85}, "bound": "low"}, "item_f1 0.850 >= 0.850 held"),
        ({"at_least": {"item_f1": 0.86}, "bound": "low"}, "item_f1 0.850 < 0.860 MISSED"),
        ({"at_most": {"item_f1": 0.94}, "bound": "low"}, "item_f1 0.950 > 0.940 MISSED"),
        ({"at_most": {"item_f1": 0.94}}, "item_f1 0.900 <= 0.940 held"),
        ({"at_least": {"closed": 0.1}}, "closed not measured, want >= 0.100 MISSED"),
        ({"at_least": {"closed.value": 0}}, "closed.value not measured, want >= 0.000 MISSED"),
        ({"at_least": {"cell_f1": 0.1}}, "cell_f1 not measured, want >= 0.100 MISSED"),
        ({"at_most": {"cell_f1": 0.1}}, "cell_f1 not measured, want <= 0.100 MISSED"),
        ({"at_most": {"unknown_yet": 9}}, "unknown_yet not measured, want <= 9.000 MISSED"),
        ({"at_least": {"nothing": 0}}, "nothing not measured, want >= 0.000 MISSED"),
        ({"at_least": {"document_type": 0.75}}, "document_type 0.750 >= 0.750 held"),
        ({"at_least": {"documents": 204}}, "documents 203.000 < 204.000 MISSED"),
        (
            {"at_least": {"fields.invoice_total.f1": 0.8}},
            "fields.invoice_total.f1 0.800 >= 0.800 held",
        ),
        (
            {"at_most": {"confidence.amount.ece": 0.02}},
            "confidence.amount.ece 0.030 > 0.020 MISSED",
        ),
        (  # a figure without an interval is compared by its value
            {"at_most": {"confidence.amount.ece": 0.03}, "bound": "low"},
            "confidence.amount.ece 0.030 <= 0.030 held",
        ),
    ],
)
def test_a_threshold_is_held_or_missed(thresholds: dict[str, Any], line: str) -> None:
    (outcome,) = check_report(gate(run(at_least={}) | thresholds), REPORT)
    assert str(outcome) == f"adbuy, text: {line}"
    assert outcome.held == line.endswith("held")
    assert has_passed([outcome]) == outcome.held


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("item_f2", "'item_f2': the report has no 'item_f2'; did you mean 'item_f1'?"),
        ("fields.invoice_totel.f1", "did you mean 'fields.invoice_total'"),
        ("fields.invoice_total.xyz", "it has wanted, predicted, right, f1"),
        ("fields.invoice_total", "it holds fields.invoice_total.wanted"),
        ("documents.value", "'documents' has no parts"),
        ("corpus", "'corpus' is no number in the report but a str"),
        ("gate_held", "'gate_held' is no number in the report but a bool"),
        ("", "has no ''"),
    ],
)
def test_a_figure_that_no_report_has_is_an_error(path: str, message: str) -> None:
    with pytest.raises(GateError) as refused:
        find_figure(REPORT, path)
    assert message in str(refused.value)


def test_the_default_is_for_a_corpus_without_a_run() -> None:
    held = gate(run(), default={"at_least": {"item_f1": 0.5}})
    (outcome,) = check_report(held, REPORT | {"corpus": "own"})
    assert str(outcome) == "own, text: item_f1 0.900 >= 0.500 held"


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (
            gate(run(words="ocr")),
            "no run with words text, damage none, limit none, only adbuy, ocr",
        ),
        (gate(run(limit=5)), "only adbuy, text, limit 5"),
        (gate(run(damage="heavy")), "only adbuy, text, heavy damage"),
        # The default does not let a listed corpus through a side door.
        (gate(run(words="ocr"), default={"at_least": {"item_f1": 0}}), "only adbuy, ocr"),
        (gate(run(corpus="other")), "adbuy: the gate lists no run .* and has no default"),
    ],
)
def test_a_report_that_the_gate_says_nothing_about_does_not_pass(held: Gate, message: str) -> None:
    with pytest.raises(GateError, match=message):
        check_report(held, REPORT)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"words": "text"}, ["adbuy, text"]),
        ({"words": "ocr", "damage": "none"}, ["adbuy, ocr"]),
        ({"words": "ocr", "damage": "light"}, ["adbuy, ocr, light damage"]),
        ({"words": "as predicted"}, ["adbuy, text", "adbuy, ocr"]),
        (
            {"words": "as predicted", "damage": "as predicted"},
            ["adbuy, text", "adbuy, ocr", "adbuy, ocr, light damage"],
        ),
        ({"words": "auto", "limit": 20}, ["adbuy, auto"]),
        ({"words": "auto"}, ["adbuy, text", "adbuy, ocr"]),  # it may be either, so it holds both
        ({"words": "auto", "damage": "light"}, ["adbuy, ocr, light damage"]),
    ],
)
def test_a_report_is_held_against_its_own_runs(settings: dict[str, Any], names: list[str]) -> None:
    held = gate(
        run(),
        run(words="ocr"),
        run(words="ocr", damage="light"),
        run(words="auto", limit=20),
    )
    outcomes = check_report(held, REPORT | {"settings": settings})
    assert [outcome.run for outcome in outcomes] == names


def test_a_run_of_any_words_is_held_before_those_of_some() -> None:
    held = gate(run(), run(words="auto"))
    (outcome,) = check_report(held, REPORT | {"settings": {"words": "auto"}})
    assert outcome.run == "adbuy, auto"


def write(folder: Path, text: str) -> Path:
    path = folder / "gate.yaml"
    path.write_text(text)
    return path


RUN = "runs: [{corpus: adbuy, at_least: {item_f1: 0.9}, "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("corpra: x", "unknown key 'corpra'; did you mean 'corpora'?"),
        (RUN + "wrds: text}]", "unknown key 'runs.0.wrds'; did you mean 'words'?"),
        ("default: {at_leest: {item_f1: 1}}", "'default.at_leest'; did you mean 'at_least'?"),
        ("zzz: 1", "unknown key 'zzz'; known: corpora, runs, default"),
        (RUN + "words: txt}]", "runs.0.words: Input should be"),
        (RUN + "limit: 0}]", "runs.0.limit"),
        (RUN + "format: nope}]", "unknown format 'nope', want one of"),
        ("runs: [{corpus: a, at_least: {item_f1: '0.9'}}]", "runs.0.at_least.item_f1"),
        ("runs: [{corpus: a, at_least: {item_f1: .nan}}]", "runs.0.at_least.item_f1"),
        ("runs: [{corpus: a, at_least: {item_f1: true}}]", "runs.0.at_least.item_f1"),
        ("runs: [{corpus: a}]", "runs.0: names no threshold"),
        ("default: {at_least: {}}", "default: names no threshold"),
        ("runs: [{at_least: {item_f1: 0.9}}]", "runs.0.corpus: Field required"),
        (
            "runs: [{corpus: a, at_most: {x: 1}}, {corpus: b/a, at_most: {x: 2}}]",
            "a, auto is listed twice",
        ),
        ("[1]", "want keys with values, got a list"),
        ("", "want keys with values, got a NoneType"),
        ("{", "not YAML"),
    ],
)
def test_a_gate_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(GateError) as refused:
        load_gate(write(tmp_path, text))
    assert message in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "gate.yaml"))
    assert "\n" not in str(refused.value)


def test_a_gate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"nowhere\.yaml: the gate cannot be read"):
        load_gate(tmp_path / "nowhere.yaml")


def test_runs_are_planned_from_the_folder_of_the_gate_or_the_one_given(tmp_path: Path) -> None:
    (tmp_path / "corpora" / "adbuy").mkdir(parents=True)
    text = "corpora: corpora\n" + RUN + "words: ocr, damage: light}]"
    listed = load_gate(write(tmp_path, text))
    (planned,) = planned_runs(listed, None, Path("runs"))
    assert planned.corpus == tmp_path / "corpora" / "adbuy"
    assert planned.out == Path("runs/adbuy-ocr-light")
    assert planned.run.at_least == {"item_f1": 0.9}
    with pytest.raises(GateError, match=r"adbuy, ocr, light damage: the corpus .* does not exist"):
        planned_runs(listed, tmp_path / "elsewhere", Path("runs"))


def test_a_gate_without_runs_plans_nothing(tmp_path: Path) -> None:
    held = load_gate(write(tmp_path, "default: {at_least: {item_f1: 0.9}}"))
    with pytest.raises(GateError, match="lists no runs"):
        planned_runs(held, None, Path("runs"))


def test_the_shipped_gate_loads(repository: Path) -> None:
    shipped = load_gate(repository / "configs" / "accuracy.yaml")
    assert {"adbuy, text", "einvoice, text", "receipts, ocr"} <= {run.name for run in shipped.runs}
    assert shipped.default is not None
    for thresholds in (*shipped.runs, shipped.default):
        assert 0 < thresholds.at_least["item_f1"] < 1
