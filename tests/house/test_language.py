"""Names and docstrings in the words of the trade: ceilings that only ever fall."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import PACKAGES, REPOSITORY, python_files, sources, tree

# Bindings that do not say what they hold. A loop variable is the singular of its list.
WEAK_NAMES = frozenset(
    {
        *("one", "own", "said", "told", "asked", "given", "kept", "seen"),
        *("found", "wanted", "taken", "at", "here", "sure", "most", "least"),
    }
)
# Fields that are written to disk or read from settings under these names: they stay.
SERIALISED = {
    "data/synthesis/ocr_noise/error_statistics.py": {"sure"},
    "serving/settings.py": {"least", "most"},
    "training/evaluation/gate.py": {"seen"},
    "training/metrics/counts.py": {"wanted"},
    "training/report/comparison.py": {"wanted"},
}
# How many of them there are in all. Lower it, never raise it (1,840 before they were counted).
MOST_WEAK_NAMES = 6
# A docstring begins with a verb or a noun: what comes back, not a question.
WEAK_BEGINNINGS = frozenset(
    {
        *("What", "Who", "Whatever", "Whoever", "Whether", "How", "Which", "Where", "Why", "When"),
        *("Everything", "Nothing"),
    }
)
MOST_WEAK_DOCSTRINGS = 0
MOST_ARGUMENTS = 5
MOST_LONG_SIGNATURES = 38
MOST_RESULTS = 2
MOST_UNNAMED_RESULTS = 20
MOST_LINES = 40
MOST_LONG_FUNCTIONS = 19


def all_files() -> list[Path]:
    return [path for package in PACKAGES for path in sources(package).values()]


def bindings(module: ast.AST) -> Iterator[str]:
    """Every name that is bound: variables, loop variables, parameters, fields."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def weak_names(path: Path) -> int:
    return sum(name in WEAK_NAMES for name in bindings(tree(path)))


def test_weak_names_only_become_fewer() -> None:
    assert sum(weak_names(path) for path in all_files()) <= MOST_WEAK_NAMES


def test_weak_names_are_those_that_are_serialised() -> None:
    weak = {
        path.relative_to(REPOSITORY).as_posix(): set(bindings(tree(path))) & WEAK_NAMES
        for path in all_files()
    }
    assert {path: names for path, names in weak.items() if names} == SERIALISED


def test_matching_has_no_weak_name() -> None:
    wrong = {path.name: weak_names(path) for path in python_files("serving/matching")}
    assert {name: count for name, count in wrong.items() if count} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("for one in lines: pass", ["one"]),
        ("[one.price for one in lines]", ["one"]),
        ("def f(given, *, kept=1): pass", ["given", "kept"]),
        ("if (found := match(text)): pass", ["found"]),
        ("for line in lines: line.found", []),
        ("lines = taken(lines)", []),
    ],
)
def test_what_counts_as_a_weak_name(source: str, names: list[str]) -> None:
    bound = [name for name in bindings(ast.parse(source)) if name in WEAK_NAMES]
    assert sorted(bound) == sorted(names)


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The first line of every docstring of a file, with its line number."""
    for node in ast.walk(tree(path)):
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, documented) and (text := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), text.splitlines()[0]


def is_weak(line: str) -> bool:
    word = re.match(r"\W*(\w+)", line)
    return len(line) > 100 or (word is not None and word[1] in WEAK_BEGINNINGS)


def test_docstrings_begin_with_a_verb_or_a_noun() -> None:
    weak = [
        f"{path.relative_to(REPOSITORY)}:{number} {line}"
        for path in all_files()
        for number, line in docstrings(path)
        if is_weak(line)
    ]
    assert len(weak) <= MOST_WEAK_DOCSTRINGS, weak[:20]


@pytest.mark.parametrize(
    ("line", "weak"),
    [
        ("What is billed beyond the order.", True),
        ("Whether the price is one of the ordered ones.", True),
        ("`What` is quoted.", True),
        ("Return whether the price is one of the ordered ones.", False),
        ("Units billed beyond the order.", False),
        ("x" * 101, True),
    ],
)
def test_what_counts_as_a_weak_docstring(line: str, weak: bool) -> None:
    assert is_weak(line) == weak


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in all_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def count_arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_long_functions_only_become_fewer() -> None:
    long = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path, node in functions()
        if (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES
    ]
    assert len(long) <= MOST_LONG_FUNCTIONS, long


def test_long_signatures_only_become_fewer() -> None:
    long = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path, node in functions()
        if count_arguments(node) > MOST_ARGUMENTS
    ]
    assert len(long) <= MOST_LONG_SIGNATURES, long


def test_unnamed_results_only_become_fewer() -> None:
    many = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path, node in functions()
        if (results := re.match(r"tuple\[(.*)\]", ast.unparse(node.returns or node)))
        and "..." not in results[1]
        and count_parts(results[1]) > MOST_RESULTS
    ]
    assert len(many) <= MOST_UNNAMED_RESULTS, many


def count_parts(text: str) -> int:
    """The parts of a type's arguments at the top level."""
    depth, parts = 0, 1
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        parts += sign == "," and depth == 0
    return parts


# Documents that are not in this repository.
_CITED = re.compile(
    r"(?:matching|serving|style) reference|the reference(?:'s)? (?:own|edge|section)|"
    r"of the reference[^-\w ]|matching\.md"
)


def test_no_sentence_cites_a_document_that_is_not_here() -> None:
    files = [*all_files(), *(path for path in python_files("tests") if path != Path(__file__))]
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if _CITED.search(line)
    ]
    assert wrong == []
