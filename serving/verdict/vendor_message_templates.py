"""Templates of the message to the vendor: one YAML file a language, checked when it is loaded.

The shipped files are in `configs/vendor-messages`. A folder of the user's own overrides them
language by language and may add languages that Babel knows.
"""

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml
from babel import Locale, UnknownLocaleError

from data.exchange.wire.errors import nearest_name
from serving.verdict.vendor_message_keys import MAY_BE_EMPTY, SLOTS, UNIT_SLOT, UNKNOWN_UNIT, Slot

DEFAULT_LANGUAGE = "en"
# An installed package has the files beside this module, a checkout in its `configs`.
_FOLDERS = (
    Path(__file__).parent / "vendor_messages",
    Path(__file__).parents[2] / "configs" / "vendor-messages",
)
# The one written in C, where it is installed, is ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Plural forms that only numbers beyond this take are optional ("un million de ...").
_PLURAL_RANGE = 1000


class TemplateError(ValueError):
    """A template that cannot be used; the message names file, line, the text and what to give."""

    code: ClassVar[str] = "invalid_message_template"


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of one language: alternatives by key, and plural forms by key and form.

    `units` are the words for unit codes, by form.
    """

    locale: Locale
    texts: Mapping[str, tuple[str, ...]]
    plurals: Mapping[str, Mapping[str, str]]
    units: Mapping[str, Mapping[str, str]]
    group_digits: bool


Templates = Mapping[str, Template]


class _Files(Mapping[str, Template]):
    """The templates of files by language, each loaded when it is first needed."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = {path.stem: path for path in paths}

    @property
    def paths(self) -> list[Path]:
        """Return the files."""
        return list(self._paths.values())

    def __getitem__(self, language: str) -> Template:
        return load_template(self._paths[language])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@cache
def shipped_templates() -> "_Files":
    """Return the shipped templates by language (ISO 639-1)."""
    folder = next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[-1])
    return _Files(sorted(folder.glob("*.yaml")))


def load_templates(folder: Path | None = None) -> Templates:
    """Return the shipped templates, overridden by those in the folder; raises `TemplateError`."""
    if folder is None:
        return shipped_templates()
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise TemplateError(f"{folder}: no templates in it; give a folder with files like de.yaml")
    # A mistake in a file of the user's own is told now, not with its first message.
    for path in paths:
        load_template(path)
    return _Files([*shipped_templates().paths, *paths])


@cache
def load_template(path: Path) -> Template:
    """Return the template of one file, which is named after its language; raises `TemplateError`.

    Every text must be there, with all its placeholders and no unknown ones.
    """
    try:
        locale = Locale.parse(path.stem)
    except (UnknownLocaleError, ValueError):
        raise TemplateError(
            f"{path}: {path.stem!r} is no language; name the file by its ISO 639-1 code, like de"
        ) from None
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), _LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TemplateError(f"{path}: not YAML ({' '.join(str(error).split())[:160]})") from None
    return _Reader(path, locale, dict(_leaves(path, root))).template()


def _leaves(path: Path, root: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Yield each text with its key; keys of a group have the group's name before a point."""
    for key, node in _entries(path, root):
        is_group = key == "units" or any(name.startswith(f"{key}.") for name in SLOTS)
        if is_group:
            yield from ((f"{key}.{name}", leaf) for name, leaf in _entries(path, node))
        else:
            yield key, node


def _entries(path: Path, node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        line = 1 if node is None else node.start_mark.line + 1
        raise TemplateError(f"{path}, line {line}: expected keys with their texts")
    names: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in names:
            raise TemplateError(f"{path}, line {_line(key)}: {name!r} is given twice")
        names.add(name)
        yield name, value


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """The texts of a file by their keys, to be checked against `SLOTS`."""

    path: Path
    locale: Locale
    nodes: Mapping[str, yaml.Node]

    def template(self) -> Template:
        texts: dict[str, tuple[str, ...]] = {}
        plurals: dict[str, Mapping[str, str]] = {}
        self._check_keys()
        for key, slot in SLOTS.items():
            if slot.is_optional and key not in self.nodes:
                continue
            if slot.is_plural:
                plurals[key] = self._plural(key, slot)
            else:
                texts[key] = self._alternatives(key, slot)
        units = {
            key.removeprefix("units."): self._plural(key, UNIT_SLOT)
            for key in self.nodes
            if key.startswith("units.")
        }
        return Template(self.locale, texts, plurals, units, self._flag("group_digits"))

    def _check_keys(self) -> None:
        known = [*SLOTS, "group_digits", f"units.{UNKNOWN_UNIT}"]
        for key, node in self.nodes.items():
            if key not in known and not key.startswith("units."):
                near = nearest_name(key, known)
                hint = f"did you mean {near!r}?" if near else f"known texts: {', '.join(known)}"
                raise TemplateError(f"{self._at(node)}: unknown text {key!r}; {hint}")
        optional = {key for key, slot in SLOTS.items() if slot.is_optional}
        missing = [key for key in known if key not in self.nodes and key not in optional]
        if missing:
            raise TemplateError(f"{self.path}: the text {missing[0]!r} is missing; give it")

    def _at(self, node: yaml.Node) -> str:
        return f"{self.path}, line {_line(node)}"

    def _flag(self, key: str) -> bool:
        node = self.nodes[key]
        if node.value not in ("true", "false"):
            raise TemplateError(f"{self._at(node)}: {key} is true or false, got {node.value!r}")
        return bool(node.value == "true")

    def _alternatives(self, key: str, slot: Slot) -> tuple[str, ...]:
        node = self.nodes[key]
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not nodes:
            raise TemplateError(f"{self._at(node)}: {key} has no text; give at least one")
        texts = tuple(self._text(key, leaf, slot) for leaf in nodes)
        unsure = sorted(_names(texts[-1]) - slot.always)
        if unsure:
            raise TemplateError(
                f"{self._at(nodes[-1])}: the last text of {key} has {{{unsure[0]}}}, which is not "
                "always known; add a plainer text after it"
            )
        return texts

    def _plural(self, key: str, slot: Slot) -> Mapping[str, str]:
        node = self.nodes[key]
        if not isinstance(node, yaml.MappingNode):
            raise TemplateError(
                f"{self._at(node)}: {key} needs its plural forms: {', '.join(self._forms())}"
            )
        forms = {name: self._text(key, leaf, slot) for name, leaf in _entries(self.path, node)}
        allowed = [*self.locale.plural_form.tags, "other"]
        for name in forms:
            if name not in allowed:
                raise TemplateError(
                    f"{self._at(node)}: {key} has the plural form {name!r}; "
                    f"{self.locale.language} has {', '.join(sorted(allowed))}"
                )
        for name in self._forms():
            if name not in forms:
                raise TemplateError(f"{self._at(node)}: {key} lacks the plural form {name!r}")
        return forms

    def _forms(self) -> list[str]:
        """Return the plural forms that whole numbers of a usual size take, and "other"."""
        usual = {self.locale.plural_form(number) for number in range(_PLURAL_RANGE)}
        return sorted(usual | {"other"})

    def _text(self, key: str, node: yaml.Node, slot: Slot) -> str:
        is_empty = not node.value and key not in MAY_BE_EMPTY
        if not isinstance(node, yaml.ScalarNode) or is_empty:
            raise TemplateError(f"{self._at(node)}: {key} is a text in quotes")
        text = str(node.value)
        try:
            names = _names(text)
        except ValueError as error:
            raise TemplateError(
                f"{self._at(node)}: {key}: {error}; known: {_known(slot)}"
            ) from None
        for name in sorted(names):
            if name not in slot.names:
                raise TemplateError(
                    f"{self._at(node)}: {key} has the unknown placeholder {{{name}}}; "
                    f"known: {_known(slot)}"
                )
        for name in sorted(slot.always):
            if name not in names:
                raise TemplateError(
                    f"{self._at(node)}: {key} lacks the placeholder {{{name}}}; "
                    f"known: {_known(slot)}"
                )
        return text


def _known(slot: Slot) -> str:
    return ", ".join(f"{{{name}}}" for name in slot.names) or "none"


def _names(text: str) -> set[str]:
    """Return the placeholders of a text; raises `ValueError` for anything else in braces."""
    names: set[str] = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} is no plain placeholder")
        names.add(name)
    return names
