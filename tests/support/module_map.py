"""Module maps of the READMEs, made from docstrings: `python -m tests.support.module_map`.

Each folder is a heading with its own docstring, each module a line with the first line of its own.
"""

import ast
import builtins
import re
import sys
from collections import defaultdict
from pathlib import Path

from tests.support.sources import PACKAGES, REPOSITORY, sources, tree

# README -> the folder it maps, and the folders below that have a README of their own.
MAPS = {
    "data/README.md": ("data", ("data/synthesis",)),
    "data/synthesis/README.md": ("data/synthesis", ()),
    "training/README.md": ("training", ()),
    "serving/README.md": ("serving", ("serving/matching",)),
    "serving/matching/README.md": ("serving/matching", ()),
}
BEGIN, END = "<!-- module map: begin -->", "<!-- module map: end -->"
ERRORS = "serving/README.md"
ERRORS_BEGIN, ERRORS_END = "<!-- errors: begin -->", "<!-- errors: end -->"


def first_line(path: Path) -> str:
    """The first line of a module's docstring. Raises ValueError where it has none."""
    docstring = ast.get_docstring(tree(path))
    if not docstring:
        raise ValueError(f"{path}: no module docstring")
    return docstring.splitlines()[0]


def module_map(folder: str, left_out: tuple[str, ...]) -> str:
    """A Markdown list of every folder and module below the folder, but for those left out."""
    lines: list[str] = []
    root = REPOSITORY / folder
    for package in sorted(root.rglob("__init__.py")):
        place = package.parent.relative_to(REPOSITORY).as_posix()
        modules = sorted(path for path in package.parent.glob("*.py") if path != package)
        if any(place == other or place.startswith(f"{other}/") for other in left_out):
            if place in left_out:
                lines += [
                    f"**[`{place}/`]({Path(place).name}/README.md)** {first_line(package)}",
                    "",
                ]
            continue
        if not modules:
            continue
        lines += [f"**`{place}/`** {first_line(package)}", ""]
        lines += [f"- `{path.stem}`: {first_line(path)}" for path in modules]
        lines.append("")
    return "\n".join(lines).strip()


def with_map(text: str, written: str, begin: str = BEGIN, end: str = END) -> str:
    """The README's text with the map between its marks. Raises ValueError without the marks."""
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"no {begin} ... {end}")
    return marked.sub(lambda _: f"{begin}\n\n{written}\n\n{end}", text, count=1)


def error_tree() -> str:
    """A Markdown list of the packages' public exceptions below those of Python, by inheritance."""
    classes: dict[str, tuple[list[str], str, str]] = {}
    for package in PACKAGES:
        for path in sources(package).values():
            place = path.relative_to(REPOSITORY).with_suffix("").as_posix()
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
                    line = (ast.get_docstring(node) or "").partition("\n")[0]
                    classes[node.name] = bases, line, place
    below: defaultdict[str, list[str]] = defaultdict(list)
    for name, (bases, _, _) in sorted(classes.items()):
        for base in bases:
            below[base].append(name)

    def branch(name: str, depth: int) -> list[str]:
        _, line, place = classes[name]
        gloss = f": {line}" if line else ""
        entry = f"{'  ' * depth}- `{name}` (`{place}`){gloss}"
        return [entry, *(row for child in below[name] for row in branch(child, depth + 1))]

    lines: list[str] = []
    for base in sorted(below):
        builtin = getattr(builtins, base, None)
        if isinstance(builtin, type) and issubclass(builtin, Exception):
            lines.append(f"- `{base}`")
            lines += [row for child in below[base] for row in branch(child, 1)]
    return "\n".join(lines)


def main() -> int:
    """Write every map, and the tree of errors, into its README; says which changed."""
    for name, (folder, left_out) in MAPS.items():
        path = REPOSITORY / name
        text = path.read_text(encoding="utf-8")
        updated = with_map(text, module_map(folder, left_out))
        if name == ERRORS:
            updated = with_map(updated, error_tree(), ERRORS_BEGIN, ERRORS_END)
        if updated != text:
            path.write_text(updated, encoding="utf-8")
            print(f"{name}: map written", file=sys.stderr)  # noqa: T201 - its report
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
