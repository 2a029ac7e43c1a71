"""Packages and dependencies: all listed, each declared by the extra that uses it, none unused."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.sources import (
    PACKAGES,
    REPOSITORY,
    imported,
    module_name,
    python_files,
    sources,
    tree,
)

DISTRIBUTIONS = importlib.metadata.packages_distributions()
# Folders and modules, and the extra of pyproject.toml that they need; "" is the base installation.
# The longest name counts: a module may need less than its folder.
EXTRA_OF = {
    "data": "",
    "data.pages": "read",
    "data.pages.sandbox": "",
    "data.pages.forkserver": "",
    "data.exchange.einvoice": "read",
    "data.corpora": "train",
    "data.synthesis": "train",
    "training": "",
    "training.baseline": "train",
    "training.calibrate": "train",
    "training.evaluate": "train",
    "training.evaluation": "train",
    "training.families": "train",
    "training.leave_out": "train",
    "training.label": "train",
    "training.learning": "train",
    "training.metrics": "train",
    "training.report": "train",
    "training.train": "train",
    "training.network": "read",
    "training.network.checkpoint_seal": "",
    "training.decoding": "read",
    "training.extractor": "read",
    "serving": "serve",
    "serving.cli": "",
    "serving.client": "",
    "serving.commands": "",
    "serving.commands.cluster": "serve",
    "serving.commands.demo": "serve",
    "serving.commands.desk": "train+serve",
    "serving.matching": "",
    "serving.presentation": "",
    "serving.service.versions": "",
    "serving.store.identity": "",
    "serving.verdict": "",
    "serving.wire": "",
    "serving.scoring": "train",
    "serving.evaluate": "train",
    "serving.benchmarks": "train+serve",
}

# Imported, and installed by another package that is declared.
BROUGHT = {"pydantic-core": "pydantic"}
# Needed though no line imports them.
NOT_IMPORTED = {
    "aiobotocore": "bounds what pip tries for s3fs",
    "axe-playwright-python": "imported by name in the tests of the desk, which skip without it",
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


def test_packages_are_listed_by_hand_and_completely() -> None:
    """A package that is not listed is missing from a built wheel, and nothing else notices."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    every = [path for package in PACKAGES for path in sources(package).values()]
    folders = {module_name(path) for path in every if path.name == "__init__.py"}
    assert {path.parent / "__init__.py" for path in every} <= set(every)
    setup = settings["tool"]["setuptools"]
    # Folders without code that a wheel has in another place than the checkout.
    moved = set(setup["package-dir"])
    assert set(setup["packages"]) == folders | moved
    for name in moved:
        assert list((REPOSITORY / setup["package-dir"][name]).glob(setup["package-data"][name][0]))


@cache
def extra_of(module: str) -> str:
    """The extra that a module needs, by the longest name in the table that it begins with."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next(EXTRA_OF[name] for name in names if name in EXTRA_OF)


@cache
def declared() -> dict[str, set[str]]:
    """The packages each extra names itself, "" for the base, by the name pip knows them under."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        extra: normal(re.split(r"[\[<>=!~; ]", line)[0] for line in lines) - {"tieout"}
        for extra, lines in extras.items()
    }


@cache
def installed(extra: str) -> set[str]:
    """The packages that come with an extra, with those of the extras it includes."""
    packages = declared()
    parts = {*extra.split("+")}
    includes = parts | {"read" for part in parts if part in ("train", "serve")} | {""}
    return set.union(*(packages[name] for name in includes))


def normal(names: Iterable[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def imports_on_load(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when a module is loaded: outside of functions and of type checking."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports_on_load(child)


@cache
def named(path: Path) -> frozenset[str]:
    """The modules that a file imports, when it is loaded or later."""
    return frozenset(target for target, _ in imported(path))


@cache
def loaded(path: Path) -> frozenset[str]:
    """The modules that are imported when a file is loaded."""
    lines = {node.lineno for node in imports_on_load(tree(path))}
    return frozenset(target for target, line in imported(path) if line in lines)


def third_party(targets: Iterable[str]) -> set[str]:
    """The distributions of imported modules, by the name pip knows them under."""
    tops = {target.split(".")[0] for target in targets}
    tops -= {*sys.stdlib_module_names, *PACKAGES, "tests"}
    return normal(DISTRIBUTIONS.get(top, [top])[0] for top in tops) - normal(BROUGHT)


@cache
def modules() -> dict[str, Path]:
    return {name: path for package in PACKAGES for name, path in sources(package).items()}


def test_each_extra_declares_what_its_modules_import() -> None:
    """The base may import on demand what it lacks: `tieout` then names the extra."""
    everything = set.union(*(installed(extra) for extra in ("train", "serve", "s3", "postgres")))
    wrong = []
    for name, path in modules().items():
        extra = extra_of(name)
        every = third_party(named(path))
        allowed = installed(extra)
        missing = (every - allowed) if extra else (third_party(loaded(path)) - allowed)
        missing |= every - everything
        wrong += [f"{name} imports {package}, not in {extra or 'base'}" for package in missing]
    assert wrong == []


def test_modules_import_no_module_of_another_extra() -> None:
    """An extra installs enough for its own modules and all that they import."""
    every = modules()
    wrong = []
    for name, path in every.items():
        targets = named(path) if extra_of(name) else loaded(path)
        for target in targets & set(every):
            if not installed(extra_of(target)) <= installed(extra_of(name)):
                wrong.append(f"{name} imports {target}, of {extra_of(target)}")
    assert wrong == []


def test_nothing_is_declared_that_is_not_used() -> None:
    used: dict[str, set[str]] = {extra: set() for extra in declared()}
    for name, path in modules().items():
        for extra in (extra_of(name) or "").split("+"):
            used[extra] |= third_party(named(path))
    tests = {target for path in python_files("tests") for target in named(path)}
    used["dev"] = third_party(tests)
    not_imported = normal(NOT_IMPORTED)
    unused = {
        extra: packages - used[extra] - not_imported for extra, packages in declared().items()
    }
    assert {extra: names for extra, names in unused.items() if names} == {}


def test_tests_import_what_is_declared() -> None:
    tests = {target for path in python_files("tests") for target in named(path)}
    assert third_party(tests) - set.union(*declared().values()) == set()


def test_the_packages_of_the_task_are_required() -> None:
    """By the extra whose modules use them."""
    packages = declared()
    assert {"torch", "torchvision", "transformers", "pytesseract", "pdf2image"} <= packages["read"]
    assert "datasets" in packages["train"]
    assert "ray" in packages["serve"]
    assert "pytest" in packages["dev"]


# Loads a module and prints which of the packages are loaded with it.
LOADED = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*(name for name in sys.argv[2:] if name in sys.modules))
"""


HEAVY = ("torch", "ray", "transformers", "datasets", "cv2", "onnxruntime", "numpy", "scipy")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("serving.client", HEAVY),
        # `tieout --help` answers at once.
        ("serving.cli", (*HEAVY, "pydantic", "yaml", "babel", "sqlalchemy", "httpx")),
        ("serving.commands.dispute_files", HEAVY),
        ("serving.verdict.examine", HEAVY),
    ],
)
def test_the_base_loads_no_model_and_no_cluster(module: str, heavy: tuple[str, ...]) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", LOADED, module, *heavy],
        env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert finished.stdout.split() == []
