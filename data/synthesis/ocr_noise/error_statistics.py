"""The statistics of Tesseract's errors, which `noise` applies and `refit` measures.

The numbers are in `errors.json` beside this file. Lengths are in ems (the size of the print), so
that they hold at every size and resolution. Pages are sorted into levels by
the share of their words that were read exactly; between two levels, rates are interpolated.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("errors.json")

KINDS = ("mark", "single", "pair", "number", "word")  # no letter or digit, one, two, more
CLASSES = ("digit", "lower", "upper", "point", "currency", "mark")  # of characters
SIZES = (6.0, 7.5, 9.5)  # points: between tiny, small, usual and large print
PAGE_SIZES = (6.75, 8.25)  # points: pages of small, usual and large print
GAPS = (0.12, 0.2, 0.28, 0.36, 0.5, 0.8, 1.5, 3.0)  # ems between words that may be read as one
SHARES = (0.002, 0.01, 0.03, 0.07, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.93, 0.97, 0.99, 0.998)

_TALL = frozenset("bdfhkltijABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!?()[]{}|/\\\"'%&@#$€£*^`°")
_MARKED = frozenset("ÄÖÜÁÀÂÉÈÊÍÓÚÑÇ")
_DEEP = frozenset("gjpqyç,;()[]{}|Q@$/_")


@dataclass(frozen=True, slots=True)
class Level:
    """Rates on pages of which `recall` of the words were read exactly (dashes do not count).

    `drop` (a word is lost), `go_on` (it is lost after its left neighbour was) and `garble` (most
    characters are wrong) are by kind. `region` is the number of whole regions lost a page,
    `regions` are examples: (share of the page's words, width, height). `merge` is by gap, `split`
    a factor on `pair_split`, `character` is by class; `*_by_size` are factors by size of print.
    `before` and `after` are the chances that something is read in front of or behind a word.
    `edges` are quantiles (at `SHARES`) of how far the left, top, right and bottom edge lie from
    the ink, in ems; `specks` those of the number of words a page read where nothing is printed,
    `sure` and `unsure` those of the confidence of words read right and wrong.
    """

    recall: float
    pages: int
    drop: tuple[float, ...]
    drop_by_size: tuple[float, ...]
    go_on: tuple[float, ...]
    region: float
    regions: tuple[tuple[float, float, float], ...]
    garble: tuple[float, ...]
    garble_by_size: tuple[float, ...]
    merge: tuple[float, ...]
    split: float
    character: tuple[float, ...]
    character_by_size: tuple[float, ...]
    before: float
    after: float
    edges: tuple[tuple[float, ...], ...]
    specks: tuple[float, ...]
    sure: tuple[float, ...]
    unsure: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: its tables are cached
class ReadingErrors:
    """All statistics; `fitted_on` describes the pages they were fitted on.

    `levels` go from good to bad. `qualities` are quantiles (at `SHARES`) of a page's recall by
    scanner and size of its print, `by_scanner` factors on the rates of its level. `skews`
    are quantiles of the degrees left after deskewing. `character` are rates by class, `characters`
    factors on them, `character_by_kind` factors of the kind of word around. `confusions` lists
    (printed, read, weight) by first printed character; `garbled` what was read, by the length
    printed. `pair_split` and `pair_merge` are by the classes of the two characters. `before` and
    `after` are texts read beside words, `specks` (text, width, height) in ems. `held_out` are
    `refit.summarise` of pages read and not fitted to, by scanner.
    """

    fitted_on: dict[str, Any]
    levels: tuple[Level, ...]
    qualities: dict[str, tuple[tuple[float, ...], ...]]
    skews: tuple[float, ...]
    character: tuple[float, ...]
    characters: dict[str, float]
    character_by_kind: tuple[float, ...]
    confusions: dict[str, tuple[tuple[str, str, int], ...]]
    garbled: dict[str, tuple[str, ...]]
    pair_split: tuple[tuple[float, ...], ...]
    pair_merge: tuple[tuple[float, ...], ...]
    before: dict[str, int]
    after: dict[str, int]
    by_scanner: dict[str, dict[str, float]]
    specks: tuple[tuple[str, float, float], ...]
    held_out: dict[str, dict[str, float]]


@lru_cache(maxsize=1)
def reading_errors() -> ReadingErrors:
    """Return the statistics shipped with the package."""
    return load(PATH)


def load(path: Path) -> ReadingErrors:
    """Read the statistics in that file."""
    values = json.loads(path.read_text(encoding="utf-8"))
    levels = tuple(Level(**_freeze_values(level)) for level in values.pop("levels"))
    return ReadingErrors(levels=levels, **_freeze_values(values))


def save(errors: ReadingErrors, path: Path) -> None:
    """Write the statistics, a statistic a line."""
    values = asdict(errors)
    levels = values.pop("levels")
    rows = [f"{json.dumps(name)}: {_text(value)}" for name, value in values.items()]
    rows.append('"levels": [\n' + ",\n".join(_text(level) for level in levels) + "]")
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _freeze_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _freeze(value) for name, value in values.items()}


def _freeze(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_freeze(part) for part in value)
    if isinstance(value, dict):
        return {name: _freeze(part) for name, part in value.items()}
    return value


@lru_cache(maxsize=100_000)
def ink_reach(text: str) -> tuple[float, float]:
    """The reach of the text's ink above and below the base line, in ems."""
    chars = set(text)
    up = 0.97 if chars & _MARKED else 0.76 if chars & _TALL else 0.58
    return up, 0.24 if chars & _DEEP else 0.02


@lru_cache(maxsize=100_000)
def kind_of(text: str) -> int:
    """The word's index in `KINDS`."""
    plain = [char for char in text if char.isalnum()]
    if len(plain) < 3:
        return len(plain)
    return 3 if 2 * sum(char.isdigit() for char in plain) >= len(plain) else 4


def class_of(char: str) -> int:
    """The character's index in `CLASSES`."""
    if char.isdigit():
        return 0
    if char.isalpha():
        return 2 if char.isupper() else 1
    return 3 if char in ".," else 4 if char in "$€£¥₹" else 5
