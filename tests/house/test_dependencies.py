"""Packages and dependencies: listed completely, declared where they are used, nothing unused."""

import importlib.metadata
import re
import sys
import tomllib

from tests.support.sources import PACKAGES, REPOSITORY, imported, module_name, python_files, sources

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
        for path in python_files(folder)
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
