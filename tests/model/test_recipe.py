"""Recipes: one file, overrides, and typing slips answered with the nearest known key."""

import pytest
import yaml

from training.learning.recipe import Recipe, RecipeError, load_recipe


def test_no_file_and_no_override_is_the_default_recipe():
    assert load_recipe(None, []) == Recipe()


@pytest.mark.parametrize(
    ("override", "name", "value"),
    [
        ("steps=12", "steps", 12),
        ("learning_rate=3e-4", "learning_rate", 0.0003),
        ("name=a=b", "name", "a=b"),
        ("corpora=[]", "corpora", []),
        ("start_from=null", "start_from", None),
    ],
)
def test_overrides(override, name, value):
    assert getattr(load_recipe(None, [override]), name) == value


def test_an_override_beats_the_file_and_the_last_one_beats_the_first(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("steps: 5\nmodel:\n  width: 48\n  layers: 2\n")
    recipe = load_recipe(path, ["steps=6", "model.width=96", "steps=7"])
    assert (recipe.steps, recipe.model.width, recipe.model.layers) == (7, 96, 2)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("step=12", "step: .*did you mean 'steps'"),
        ("model.widht=48", "model.widht: .*did you mean 'width'"),
        ("qqq=1", "known keys are name, runs"),
        ("steps=0", "steps: .*greater than 0"),
        ("steps=-3", "steps: .*greater than 0"),
        ("steps=soon", "steps: .*integer"),
        ("steps", "must look like key=value"),
        ("steps.more=1", "'steps' has no keys below it"),
        ("steps=[", "not YAML"),
        ("precision=float16", "precision: "),
        ("average_decay=1", "average_decay: .*less than 1"),
        ("model.heads=5", "multiple of heads 5, got 192"),
        ("model.image_channels=12", "multiple of 8"),
        ("corpora=[{path: x, share: 1.5}]", r"corpora.0.share: .*less than or equal to 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, override, message):
    path = tmp_path / "recipe.yaml"
    path.write_text("steps: 5\n")
    with pytest.raises(RecipeError, match=message):
        load_recipe(path, [override])


@pytest.mark.parametrize(
    ("text", "message"),
    [("- steps\n", "holds a list"), ("steps: [\n", "is not YAML"), ("stepps: 5\n", "'steps'")],
)
def test_an_unusable_file_is_named(tmp_path, text, message):
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=f"recipe.yaml: .*{message}"):
        load_recipe(path, [])


def test_an_empty_file_is_the_default_recipe(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("# nothing changed\n")
    assert load_recipe(path, []) == Recipe()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"gone\.yaml: no such recipe"):
        load_recipe(tmp_path / "gone.yaml", [])


def test_the_saved_recipe_is_the_recipe(tmp_path):
    recipe = load_recipe(None, ["steps=7", "model.width=48", "runs=/somewhere"])
    assert Recipe.model_validate(yaml.safe_load(recipe.to_yaml())) == recipe


@pytest.mark.parametrize(
    "name", ["train.yaml", "train-smoke.yaml", "train-backbone.yaml", "train-real.yaml"]
)
def test_the_shipped_recipes_are_valid(repository, name):
    assert load_recipe(repository / "configs" / name, []).steps > 0
