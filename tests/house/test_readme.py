"""The documents are true: their maps, commands, paths and examples are those of the clone."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import typer
import yaml

from data.corpora.published.formats import FORMATS
from data.exchange.order_files import parse_order_data
from serving.cli import app
from serving.matching.rules.policy import Policy
from serving.settings import ServiceFile, Settings, load_service_file
from serving.wire.policy_file import load_policy
from tests.support.module_map import (
    ERRORS,
    ERRORS_BEGIN,
    ERRORS_END,
    MAPS,
    error_tree,
    module_map,
    with_map,
)
from tests.support.sources import PACKAGES, REPOSITORY, sources
from training.evaluate import main
from training.learning.recipe import ModelSize, Recipe, load_recipe
from training.metrics.predictions import read_predictions

DOCUMENTS = {
    str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8")
    for path in sorted(
        [
            *REPOSITORY.glob("*.md"),
            *REPOSITORY.glob(".github/*.md"),
            *(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.md")),
        ]
    )
}
README = DOCUMENTS["README.md"]
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
SHELL = [
    block
    for text in DOCUMENTS.values()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
]
MOST_LINES = 200  # of the README: what is longer belongs beside its package


@pytest.mark.parametrize("name", MAPS)
def test_module_maps_are_those_of_the_docstrings(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    assert text == with_map(text, module_map(*MAPS[name])), "run `make map`"


def test_every_module_is_on_a_map() -> None:
    written = "".join(module_map(*place) for place in MAPS.values())
    on_disk = [path for package in PACKAGES for path in sources(package).values()]
    modules = [path for path in on_disk if path.name != "__init__.py"]
    assert len([line for line in written.splitlines() if line.startswith("- `")]) == len(modules)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))


def test_documents_were_found() -> None:
    assert {"README.md", "serving/matching/README.md", ".github/CONTRIBUTING.md"} <= set(DOCUMENTS)


def test_readme_stays_short() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def test_make_targets_that_are_named_exist() -> None:
    named = {
        word for block in SHELL for word in re.findall(r"^make ([a-z-]+)", block, re.MULTILINE)
    }
    for text in DOCUMENTS.values():
        named |= set(re.findall(r"`make ([a-z-]+)", text))
    assert {"demo", "test", "check", "map"} <= named <= make_targets()
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == make_targets()


def test_the_tree_of_errors_is_that_of_the_code() -> None:
    text = DOCUMENTS[ERRORS]
    assert text == with_map(text, error_tree(), ERRORS_BEGIN, ERRORS_END), "run `make map`"
    assert "`AttachmentError`" in error_tree()


def tieout_commands(text: str) -> list[list[str]]:
    """Every `tieout ...` line as words, continued lines joined, comments dropped."""
    joined = re.sub(r"\\\n\s*", " ", text)
    lines = re.findall(r"\.venv/bin/tieout ([^\n#]*)", joined)
    return [line.replace("$(ARGS)", "").split() for line in lines]


@pytest.mark.parametrize(
    "words", [words for text in (*SHELL, MAKEFILE) for words in tieout_commands(text)], ids=" ".join
)
def test_commands_and_options_exist(words: list[str]) -> None:
    commands = typer.main.get_command(app).commands
    assert words[0] in commands
    command = commands[words[0]]
    if isinstance(command, typer.core.TyperGroup):
        assert words[1] in command.commands
        command = command.commands[words[1]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


# Names what is gone.
REMOVED = {".github/CHANGELOG.md"}


@pytest.mark.parametrize("name", sorted(set(DOCUMENTS) - REMOVED))
def test_modules_that_are_run_exist(name: str) -> None:
    for module in re.findall(r"-m ([a-z_]+\.[a-z_.]+)", DOCUMENTS[name] + MAKEFILE):
        assert importlib.util.find_spec(module), module


@pytest.mark.parametrize("name", sorted(set(DOCUMENTS) - REMOVED))
def test_paths_exist(name: str) -> None:
    text, folder = DOCUMENTS[name], (REPOSITORY / name).parent
    named = re.findall(r"`((?:data|training|serving|configs|tests)/[\w./-]*)`", text)
    for path in named:
        places = (REPOSITORY / path, REPOSITORY / f"{path}.py")
        assert any(place.exists() for place in places), path
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (folder / link).exists(), link


def test_order_example_is_accepted() -> None:
    text = DOCUMENTS["data/exchange/README.md"]
    example = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert example
    data = parse_order_data(json.loads(example[1]))
    assert data.order.lines[0].pack_factors
    assert data.receipts


def test_prediction_example_is_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENTS["training/README.md"], re.DOTALL)
    (tmp_path / "p.jsonl").write_text(json.dumps(json.loads(example)) + "\n")
    assert read_predictions(tmp_path / "p.jsonl")["doc-1"]["line_items"]


def test_every_corpus_format_is_listed() -> None:
    table = (
        DOCUMENTS["training/README.md"].partition("| format | what it is |")[2].partition("\n\n")[0]
    )
    listed = [
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([\w-]+)`", row.split("|")[1])
    ]
    assert sorted(listed) == sorted(FORMATS)


def test_options_of_the_evaluation_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    text = DOCUMENTS["training/README.md"]
    lines = re.findall(r"^\$E (.*?)(?:#.*)?$", text, re.MULTILINE)
    assert len(lines) >= 4
    assert {option for line in lines for option in re.findall(r"--[a-z]+", line)} <= known


def keys(path: str) -> dict[str, object]:
    return dict(yaml.safe_load((REPOSITORY / "configs" / path).read_text(encoding="utf-8")))


def test_train_config_writes_every_default_out() -> None:
    written = keys("train.yaml")
    assert set(written) == set(Recipe.model_fields)
    assert written["model"] == ModelSize().model_dump()
    assert load_recipe(REPOSITORY / "configs" / "train.yaml", []) == Recipe()


def test_smoke_config_is_a_recipe() -> None:
    assert load_recipe(REPOSITORY / "configs" / "train-smoke.yaml", []).steps <= 50


def test_serve_config_writes_every_default_out() -> None:
    written = keys("serve.yaml")
    (application,) = written["applications"]  # type: ignore[misc]
    assert set(application["args"]) == set(Settings.model_fields)
    loaded = load_service_file(REPOSITORY / "configs" / "serve.yaml")
    assert loaded.http_options == ServiceFile().http_options


def test_policy_config_writes_every_rule_out() -> None:
    assert set(keys("policy.yaml")) == set(Policy.model_fields)
    assert load_policy(REPOSITORY / "configs" / "policy.yaml").tolerances
