"""One arrow serving -> training -> data; imports do nothing; money is never a float."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import (
    PACKAGES,
    REPOSITORY,
    imported,
    is_entry_point,
    python_files,
    sources,
    tracked_files,
    tree,
)

# What each package must never import, at any depth of a file.
FORBIDDEN = {
    "data": {"training", "serving", "torch", "torchvision", "transformers", "ray"},
    "training": {"serving", "ray"},
    "serving": set[str](),
}
FOLDERS = {"training", "serving", "data", "notebooks", "tests", "configs"}
FILES = {"pyproject.toml", "README.md", "LICENSE", "Makefile"}
# Names that say nothing about what is inside.
EMPTY_NAMES = {
    *("utils", "util", "common", "helpers", "helper", "misc", "base", "core"),
    *("manager", "managers", "types", "constants", "tools", "functions", "stuff"),
}
TRACKED_LIMIT = 40 * 2**20
SHARD_LIMIT = 15 * 10**6
# Where money is computed: a float there loses cents without a word.
MONEY = (
    "serving/matching",
    "serving/verdict/examine.py",
    "serving/verdict/conclusion.py",
    "serving/verdict/vendor_message.py",
    "data/values/document_values.py",
    "data/values/units.py",
    "data/exchange/order_files.py",
)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_follow_the_one_arrow(package: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line} imports {target}"
        for path in sources(package).values()
        for target, line in imported(path)
        if target.split(".")[0] in FORBIDDEN[package]
    ]
    assert wrong == []


def test_entry_points_are_run_and_never_imported() -> None:
    script = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["scripts"]
    every = {name: path for package in PACKAGES for name, path in sources(package).items()}
    entries = {name for name, path in every.items() if is_entry_point(path)}
    entries |= {target.split(":")[0] for target in script.values()}
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line} imports the entry point {target}"
        for name, path in every.items()
        if name not in entries
        for target, line in imported(path)
        if target in entries
    ]
    assert wrong == []


def test_deciding_is_pure() -> None:
    """Matching needs no model, no Ray, no web framework, and reads no file."""
    impure = {"training", "ray", "torch", "fastapi", "starlette", "pathlib", "os", "subprocess"}
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line} imports {target}"
        for path in python_files("serving/matching")
        for target, line in imported(path)
        if target.split(".")[0] in impure
    ]
    assert wrong == []


# Imports every module of a package except those that only run, and tells what that did.
IMPORT_ALL = """
import importlib, json, logging, os, sys
environment, handlers = dict(os.environ), list(logging.root.handlers)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps({
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
    "logging": handlers != logging.root.handlers,
    "files": sorted(os.listdir()),
}))
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_does_nothing(package: str, tmp_path: Path) -> None:
    # Alembic runs its `env`, within a context of its own.
    run = ("__main__", ".migrations.env")
    names = [name for name in sources(package) if not name.endswith(run)]
    finished = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, json.dumps(names)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    *noise, report = finished.stdout.splitlines()
    seen = json.loads(report)
    assert noise == [], f"importing {package} writes to stdout"
    assert not seen["logging"], f"importing {package} sets up logging"
    assert seen["files"] == [], f"importing {package} writes files"
    assert FORBIDDEN[package].isdisjoint(seen["modules"])


@pytest.mark.parametrize("package", PACKAGES)
def test_module_names_say_what_is_inside(package: str) -> None:
    parts = {part for name in sources(package) for part in name.split(".")}
    assert parts.isdisjoint(EMPTY_NAMES)
    inner = {part for name in sources(package) for part in name.split(".")[1:]}
    shadowing = inner & {*PACKAGES, *sys.stdlib_module_names} - {"calendar"}
    assert not shadowing, "named like a package of ours or of the standard library"


def test_top_level_is_exactly_the_house() -> None:
    tracked = [path.relative_to(REPOSITORY) for path in tracked_files()]
    folders = {path.parts[0] for path in tracked if len(path.parts) > 1}
    files = {path.name for path in tracked if len(path.parts) == 1}
    assert {name for name in folders if not name.startswith(".")} == FOLDERS
    assert {name for name in files if not name.startswith(".")} == FILES


def test_tracked_files_stay_small() -> None:
    sizes = {path: path.stat().st_size for path in tracked_files()}
    assert sum(sizes.values()) < TRACKED_LIMIT
    shards = {path.name: size for path, size in sizes.items() if path.suffix == ".safetensors"}
    assert [name for name, size in shards.items() if size > SHARD_LIMIT] == []


def test_tests_shadow_no_package() -> None:
    """A folder tests/data would hide the package `data` from the tests."""
    tests = REPOSITORY / "tests"
    inside = [path.relative_to(tests) for path in tracked_files() if tests in path.parents]
    assert {path.parts[0] for path in inside}.isdisjoint({*PACKAGES, "__init__.py"})
    assert {path.name for path in inside if len(path.parts) == 1} == {"conftest.py"}


def float_calls(node: ast.AST) -> Iterator[int]:
    """Lines that call float() or round(), outside of functions that give a float, a likeness."""
    if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "float":
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "round"}:
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from float_calls(child)


def files_at(place: str) -> list[Path]:
    """The file of that path, or all Python files below the folder. Fails where there is neither."""
    if not place.endswith(".py"):
        return python_files(place)
    assert (REPOSITORY / place).is_file(), place
    return [REPOSITORY / place]


def test_money_is_never_a_float() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}"
        for place in MONEY
        for path in files_at(place)
        for line in float_calls(tree(path))
    ]
    assert wrong == []


# What may be a float in matching: how alike, how probable, how often.
LIKELY = {
    *("score", "described", "likeness", "aged", "best"),
    *("right", "wrong", "alike", "product", "certainty", "against", "confidence"),
}


def float_literals(node: ast.AST) -> Iterator[int]:
    """Lines with a float that is no likeness, probability or rate.

    Such a one is a named constant of the module, stands in a statement about a likeness or in a
    function that gives one, or is a confidence: of an `Evidence`, a finding or the policy.
    """
    if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) in {
        *("float", "Probability", "Likeness"),
    }:
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Evidence", "Assignment"}:
        return
    if isinstance(node, ast.keyword) and node.arg == "confidence":
        return
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.target).endswith("_confidence"):
        return
    if isinstance(node, ast.arguments) and {one.arg for one in node.kwonlyargs} & LIKELY:
        return
    if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        if names & LIKELY or (isinstance(node, ast.Assign) and all(map(str.isupper, names))):
            return
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from float_literals(child)


def test_matching_writes_no_float_but_for_likenesses() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}"
        for path in python_files("serving/matching")
        for line in float_literals(tree(path))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("amount = quantity * 1.5", [1]),
        ("price = Decimal('1.5')", []),
        ("def f() -> Fraction:\n    return Fraction(0.1)", [2]),
        ("def f() -> float:\n    return 0.5", []),
        ("LEAST = 0.4", []),
        ("if gap <= 0.02: pass", [1]),
    ],
)
def test_what_counts_as_a_float_of_money(line: str, wrong: list[int]) -> None:
    assert list(float_literals(ast.parse(line))) == wrong
