"""The source files of the three packages, as the tests of the house see them."""

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("data", "training", "serving")


def module_name(path: Path) -> str:
    """The dotted name of a source file of the repository."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources(package: str) -> dict[str, Path]:
    """The files of a package by their module names, at any depth. Fails where there are none."""
    found = {module_name(path): path for path in python_files(package)}
    assert found, f"{package}: no source files"
    return found


def python_files(folder: str) -> list[Path]:
    """The Python files below a folder of the repository. Fails where there are none."""
    paths = sorted((REPOSITORY / folder).rglob("*.py"))
    assert paths, f"{folder}: no Python files"
    return paths


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, at its top or inside a function, with the line."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path.parent)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: -node.level + 1 or None] if node.level else []
            origin = ".".join([*parents, *([node.module] if node.module else [])])
            yield origin, node.lineno
            # `from data.values import units` imports the module data.values.units
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def module_graph() -> dict[str, set[str]]:
    """Which of our modules each of our modules imports; packages' `__init__` left out."""
    modules = {
        name: path
        for package in PACKAGES
        for name, path in sources(package).items()
        if path.name != "__init__.py"
    }
    return {
        name: {target for target, _ in imported(path) if target in modules} - {name}
        for name, path in modules.items()
    }


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The strongly connected components of two or more nodes (Tarjan)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = lowest[node] = len(index)
        stack.append(node)
        for target in graph.get(node, ()):
            if target not in index:
                visit(target)
            if target in stack:
                lowest[node] = min(lowest[node], lowest[target])
        if lowest[node] == index[node]:
            start = stack.index(node)
            component, stack[start:] = stack[start:], []
            if len(component) > 1:
                components.append(sorted(component))

    for node in graph:
        if node not in index:
            visit(node)
    return components


def is_entry_point(path: Path) -> bool:
    """Whether the file is made to be run with `python -m`."""
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


def folders_of(modules: Iterable[str]) -> dict[str, list[str]]:
    """The modules that lie directly in each folder."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules:
        folders[module.rpartition(".")[0]].append(module)
    return dict(folders)
