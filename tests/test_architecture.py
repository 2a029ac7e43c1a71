"""The house keeps its shape: one arrow serving -> training -> data, everything in its room."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("data", "training", "serving")
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
    "serving/matching/*.py",
    "serving/disputes.py",
    "data/values.py",
    "data/units.py",
    "data/orders.py",
)
# Imported, and installed by another package that is declared.
BROUGHT = {"pydantic-core": "pydantic"}
# Needed though no line imports them.
NOT_IMPORTED = {
    "aiobotocore": "bounds what pip tries for s3fs",
    "mypy": "run by make check",
    "nbstripout": "run by pre-commit",
    # The distributions of OpenTelemetry share one package; only the first is found by it.
    "opentelemetry-api": "imported as opentelemetry",
    "opentelemetry-exporter-otlp-proto-http": "imported as opentelemetry.exporter",
    "opentelemetry-proto": "imported as opentelemetry.proto",
    "opentelemetry-sdk": "imported as opentelemetry.sdk",
    "onnxruntime": "runs the second OCR engine, which does not ask for it itself",
    "pre-commit": "run by hand",
    "pre-commit-hooks": "run by pre-commit",
    "psycopg": "the driver sqlalchemy takes for postgresql+psycopg://",
    "ruff": "run by make check",
    "s3fs": "what fsspec takes for s3://",
    "types-PyYAML": "types for mypy",
    "types-defusedxml": "types for mypy",
    "types-tqdm": "types for mypy",
    "tensorboard": "written to through torch.utils.tensorboard",
    "python-multipart": "reads uploads for fastapi",
}


def module_name(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources(package: str) -> dict[str, Path]:
    return {module_name(path): path for path in sorted((REPOSITORY / package).rglob("*.py"))}


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, at its top or inside a function, with the line."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path.parent)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: -node.level + 1 or None] if node.level else []
            origin = ".".join([*parents, *([node.module] if node.module else [])])
            yield origin, node.lineno
            # `from data import values` imports the module data.values
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def is_entry_point(path: Path) -> bool:
    return path.name == "__main__.py" or bool(
        re.search(r"^if __name__ == .__main__.:", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def tracked_files() -> list[Path]:
    """What git keeps; the test is skipped outside of a clone."""
    try:
        listing = subprocess.run(
            ["git", "-C", str(REPOSITORY), "ls-files", "-z"], capture_output=True, check=True
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git clone, or git is not installed")
    files = [REPOSITORY / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in files if path.is_file()]


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
        for path in (REPOSITORY / "serving" / "matching").glob("*.py")
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
    inside = [path for path in tracked_files() if tests in path.parents]
    assert {path.parent for path in inside} == {tests}
    assert tests / "__init__.py" not in inside


def float_calls(node: ast.AST) -> Iterator[int]:
    """Lines that call float() or round(), outside of functions that give a float, a likeness."""
    if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "float":
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "round"}:
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from float_calls(child)


def test_money_is_never_a_float() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}"
        for pattern in MONEY
        for path in REPOSITORY.glob(pattern)
        for line in float_calls(ast.parse(path.read_text(encoding="utf-8")))
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
    function that gives one, or is the confidence of an `Evidence` or a finding.
    """
    if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) in {
        *("float", "Probability", "Likeness"),
    }:
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Evidence", "Assignment"}:
        return
    if isinstance(node, ast.keyword) and node.arg == "confidence":
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
        for path in sorted((REPOSITORY / "serving" / "matching").glob("*.py"))
        for line in float_literals(ast.parse(path.read_text(encoding="utf-8")))
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


def test_packages_are_listed_by_hand_and_completely() -> None:
    """A package that is not listed is missing from a built wheel, and nothing else notices."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    every = [path for package in PACKAGES for path in sources(package).values()]
    folders = {module_name(path) for path in every if path.name == "__init__.py"}
    assert {path.parent / "__init__.py" for path in every} <= set(every)
    assert set(settings["tool"]["setuptools"]["packages"]) == folders


def declared(settings: dict[str, object], *, dev: bool) -> set[str]:
    project = settings["project"]
    assert isinstance(project, dict)
    lines = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if dev else [])]
    return {re.split(r"[\[<>=!~; ]", line)[0] for line in lines}


def third_party(folders: tuple[str, ...]) -> set[str]:
    """Distributions that the files of these folders import, by the name pip knows them under."""
    distributions = importlib.metadata.packages_distributions()
    tops = {
        target.split(".")[0]
        for folder in folders
        for path in (REPOSITORY / folder).rglob("*.py")
        for target, _ in imported(path)
    }
    tops -= {*sys.stdlib_module_names, *PACKAGES, "tests"}
    return {distributions.get(top, [top])[0] for top in tops}


def normal(names: set[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_dependencies_are_declared_and_used() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    running = normal(third_party(PACKAGES))
    testing = normal(third_party((*PACKAGES, "tests")))
    brought = normal(set(BROUGHT))
    assert running - brought <= normal(declared(settings, dev=False))
    assert testing - brought <= normal(declared(settings, dev=True))
    unused = normal(declared(settings, dev=True)) - testing - normal(set(NOT_IMPORTED))
    assert unused == set()
