"""The command that scores by families: a checkpoint as it is, and a recipe fold by fold."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.small_families import write_plan
from tests.support.tiny_run import TINY_RUN
from training.evaluation.learned_from import LearnedFrom, hashed_documents, write_learned_from
from training.families.measurement import Measurement, measure_recipe
from training.families.plan import PlanError, load_plan
from training.learning.recipe import RealCorpus, Recipe
from training.leave_out import main
from training.network.checkpoint import DEFAULT


def run(tmp_path: Path, *more: str, status: int = 0) -> dict[str, Any]:
    """The report of the command on the small plan; nothing where it must refuse."""
    plan, out = tmp_path / "plan.yaml", tmp_path / "out"
    if not plan.is_file():
        write_plan(tmp_path)
    given = ["--plan", str(plan), "--out", str(out), "--cache", str(tmp_path / "cache")]
    assert main([*given, "--device", "cpu", "--workers", "1", *more]) == status
    return json.loads((out / "report.json").read_text()) if status == 0 else {}


def copy_of_shipped(folder: Path, learned: LearnedFrom | None) -> Path:
    shutil.copytree(DEFAULT, folder)
    if learned is not None:
        write_learned_from(folder, learned)
    return folder


def hashes(corpus: Path, *layouts: str) -> frozenset[str]:
    documents = hashed_documents(corpus)
    return frozenset(digest for truth, digest in documents if truth.extra["layout"] in layouts)


def test_a_checkpoint_is_scored_and_what_it_learned_from_stands_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_plan(tmp_path)
    shops, papers = tmp_path / "sets" / "shops", tmp_path / "sets" / "papers"
    learned = LearnedFrom(hashes(shops, "blue"), hashes(papers, "any"))
    checkpoint = copy_of_shipped(tmp_path / "checkpoint", learned)
    report = run(tmp_path, "--checkpoint", str(checkpoint))
    standings = {entry["family"]: entry["standing"] for entry in report["families"]}
    assert standings == {
        "shops/red": "new",
        "shops/blue": "trained",
        "shops/green": "new",
        "papers": "tuned",  # calibrated on, by hash
        "measured/grey": "tuned",  # by the plan
        "measured/black": "tuned",
    }
    new, left_out = report["means"]["new"]["all"], report["means"]["left_out"]["all"]
    assert (new["families"], new["documents"]) == (2, 3)
    assert (left_out["families"], left_out["documents"]) == (5, 7)
    assert report["means"]["unknown"] is None
    assert "scan" not in report["means"]["new"]  # every page has a text layer
    assert report["worst"]["new"] is None  # no family of three documents
    assert report["sets"][0]["pooled"]["item_f1"]["value"] > 0
    assert report["notices"] == []
    written = (tmp_path / "out" / "report.md").read_text()
    assert written == capsys.readouterr().out
    assert "| shops/blue | text (auto) | trained on | weights 1 |" in written
    assert "| papers | text (auto) | tuned on | calibration 2 |" in written


def test_a_checkpoint_without_a_record_has_no_unseen_family(tmp_path: Path) -> None:
    checkpoint = copy_of_shipped(tmp_path / "checkpoint", LearnedFrom(complete=False))
    report = run(tmp_path, "--checkpoint", str(checkpoint), "--form", "cheap")
    assert {entry["standing"] for entry in report["families"]} == {"unknown"}
    assert report["means"]["new"] is report["means"]["left_out"] is None
    assert "keeps no whole record" in report["notices"][0]
    assert [entry["documents"] for entry in report["families"]] == [1] * 6  # cheap


class FakeTraining:
    """Stands for a training: the shipped weights, with the record of the recipe's documents."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.recipes: list[Recipe] = []
        self.stop_after = stop_after

    def __call__(self, recipe: Recipe) -> Path:
        if len(self.recipes) == self.stop_after:
            raise KeyboardInterrupt
        self.recipes.append(recipe)
        checkpoint = copy_of_shipped(recipe.folder / "checkpoint", None)
        (checkpoint / "learned_from.json").unlink()
        return checkpoint


def measurement(tmp_path: Path, **values: Any) -> tuple[Measurement, Recipe]:
    plan = load_plan(write_plan(tmp_path))
    corpora = [RealCorpus(path=measured.score, share=0.1) for measured in plan.sets[:2]]
    settings = {"device": "cpu", "workers": 1, "cache": tmp_path / "cache"} | values
    return Measurement(plan, "cheap", tmp_path / "out", **settings), Recipe(corpora=corpora)


def test_each_family_is_scored_by_the_fold_that_left_it_out(tmp_path: Path) -> None:
    settings, recipe = measurement(tmp_path)
    training = FakeTraining()
    report = measure_recipe(settings, recipe, training)
    folds = {entry["family"]: entry["folds"] for entry in report["families"]}
    assert folds == {
        "shops/red": [1],
        "shops/blue": [2],
        "shops/green": [1],
        "papers": [2],
        "measured/grey": [1, 2],  # only measured: by every fold
        "measured/black": [1, 2],
    }
    assert {entry["standing"] for entry in report["families"]} == {"new", "tuned"}
    assert [entry["left_out"] for entry in report["folds"]] == [
        ["shops/red", "shops/green"],
        ["shops/blue", "papers"],
    ]
    assert len(training.recipes) == 2
    assert report["settings"]["confidences"] == "the network's own: a fold is not calibrated"


def test_what_was_finished_is_not_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, recipe = measurement(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        measure_recipe(settings, recipe, FakeTraining(stop_after=1))
    assert not (tmp_path / "out" / "report.json").exists()
    training = FakeTraining()
    capsys.readouterr()
    report = measure_recipe(settings, recipe, training)
    assert [fold.name[:7] for fold in training.recipes] == ["fold-2-"]
    said = capsys.readouterr().err
    assert said.count("trained by an earlier run") == 1
    assert "2 documents were read by an earlier run" in said
    again = measure_recipe(settings, recipe, FakeTraining(stop_after=0))
    assert again | {"timing": 0} == report | {"timing": 0}


def test_a_fold_whose_weights_were_exchanged_is_refused(tmp_path: Path) -> None:
    settings, recipe = measurement(tmp_path)
    training = FakeTraining()
    measure_recipe(settings, recipe, training)
    weights = training.recipes[0].folder / "checkpoint" / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(PlanError, match="is not what was trained here; remove"):
        measure_recipe(settings, recipe, FakeTraining())


def test_a_start_that_saw_a_family_is_refused_or_said_first(tmp_path: Path) -> None:
    settings, recipe = measurement(tmp_path)
    seen = LearnedFrom(hashes(tmp_path / "sets" / "shops", "red"))
    start = copy_of_shipped(tmp_path / "start", seen)
    recipe = recipe.model_copy(update={"start_from": start})
    training = FakeTraining()
    with pytest.raises(PlanError, match=r"learned from 2 documents .* shops/red \(2\); start from"):
        measure_recipe(settings, recipe, training)
    assert training.recipes == []
    shutil.rmtree(tmp_path / "sets")
    (settings, _) = measurement(tmp_path, allow_seen=True)
    report = measure_recipe(settings, recipe, training)
    assert report["notices"][0].startswith("The start had seen what is left out: ")
    standings = {entry["family"]: entry["standing"] for entry in report["families"]}
    assert standings["shops/red"] == "trained"  # the start's documents are the fold's too
    assert standings["shops/blue"] == "new"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--plan", "missing.yaml"], "missing.yaml"),
        (["--form", "huge"], "the plan has no form 'huge', it has cheap, full"),
        (["--checkpoint", "none"], "no config.json"),
        (["--checkpoint", str(DEFAULT), "steps=3"], "--checkpoint trains nothing: leave out"),
        (["--checkpoint", str(DEFAULT), "--workers", "0"], "workers must be at least 1, got 0"),
        (["stepz=3"], "did you mean 'steps'?"),
    ],
)
def test_a_call_that_cannot_be_used_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    run(tmp_path, *more, status=2)
    last = capsys.readouterr().err.splitlines()[-1]
    assert message in last


def test_a_tiny_recipe_is_really_trained(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    shops, recipe = tmp_path / "sets" / "shops", tmp_path / "other.yaml"
    recipe.write_text(f"corpora: [{{path: {shops}, share: 0.5}}]\n")
    assert plan.is_file()
    report = run(tmp_path, "--recipe", str(recipe), *TINY_RUN, "steps=4")
    assert report["settings"]["steps"] == 4
    folders = sorted((tmp_path / "out").glob("fold-*/checkpoint"))
    records = [json.loads((folder / "learned_from.json").read_text()) for folder in folders]
    assert [set(record["documents"]) for record in records] == [
        hashes(shops, "blue"),
        hashes(shops, "red", "green"),
    ]
