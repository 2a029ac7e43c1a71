"""Corpora of any format we read, opened by name or recognised by what lies there."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.corpora import folder
from data.corpora.cord import receipts as cord
from data.corpora.cord import word_level as cord_words
from data.corpora.published import docile, facturx, funsd, label_studio, sroie, vrdu
from data.corpora.readings import DEFAULT_CACHE
from data.corpora.truth import CorpusError, TrueDocument

FORMATS: dict[str, Callable[[Path], Iterator[TrueDocument]]] = {
    "folder": folder.read_corpus,
    "docile": docile.read_documents,
    "vrdu": vrdu.read_documents,
    "cord": cord.read_documents,
    "cord-r": cord_words.read_documents,
    "sroie": sroie.read_documents,
    "funsd": funsd.read_documents,
    "label-studio": label_studio.read_documents,
    "facturx": facturx.read_documents,
}


def open_corpus(
    path: Path,
    format_name: str | None = None,
    limit: int | None = None,
    cache_folder: Path | None = DEFAULT_CACHE,
) -> Iterator[TrueDocument]:
    """The documents of a corpus, the first `limit` of them.

    Without a name the format is recognised. `cache_folder` is for truth that needs the pages read
    (Factur-X: what of the XML is printed). Raises `CorpusError` for an unknown format, and while
    reading for a document that does not keep to it.
    """
    name = format_name or recognise(path)
    if name not in FORMATS:
        raise CorpusError(f"unknown corpus format {name!r}, want one of {', '.join(FORMATS)}")
    if name == "facturx":
        return itertools.islice(facturx.read_documents(path, cache_folder), limit)
    return itertools.islice(FORMATS[name](path), limit)


def recognise(path: Path) -> str:
    """The name of the format that lies there, by the files that tell it from the others.

    A path that is none itself may still name a list of a VRDU split (`SPLIT.json/valid`) or the
    shards of a CORD split (`DIR/train` for `DIR/train-*.parquet`). Raises `CorpusError` naming what
    is there and what is wanted.
    """
    for sign in _SIGNS:
        if sign.fits(path):
            return sign.format_name
    if not path.exists():
        raise CorpusError(f"{path}: no such file or folder; want a corpus")
    wanted = "; ".join(f"{sign.format_name}: {sign.wanted}" for sign in _SIGNS)
    raise CorpusError(f"{path}: {_shown(path)}, which is no corpus we recognise ({wanted})")


@dataclass(frozen=True, slots=True)
class _Sign:
    """What tells a format from those after it in the list, in words and as a test."""

    format_name: str
    wanted: str
    fits: Callable[[Path], bool]


def _is_folder(path: Path) -> bool:
    return (path / folder.MANIFEST).is_file()


def _is_docile(path: Path) -> bool:
    root = path.parent if path.suffix == ".json" else path
    beside = (root / "ocr").is_dir() or (root / "pdfs").is_dir()
    if not beside or not (root / docile.ANNOTATIONS).is_dir():
        return False
    return path.is_dir() or isinstance(_first_entry(path), str)


def _is_vrdu(path: Path) -> bool:
    main = path / "main" if (path / "main").is_dir() else path
    if any((main / f"dataset.jsonl{end}").is_file() for end in (".gz", "")):
        return True
    file = path if path.is_file() else path.parent
    return file.is_file() and file.suffix == ".json" and file.parent.name == "few_shot-splits"


def _is_cord(path: Path) -> bool:
    if path.is_file():
        return path.suffix == ".parquet"
    if not path.is_dir():
        return any(path.parent.glob(f"{path.name}-*.parquet"))
    shards = (*path.glob("*.parquet"), *path.glob("data/*.parquet"))
    return bool(shards) or ((path / "json").is_dir() and (path / "image").is_dir())


def _is_cord_words(path: Path) -> bool:
    if path.is_file():
        return path.name.endswith(".jsonl.gz")
    return any(path.glob("*.jsonl.gz"))


def _is_sroie(path: Path) -> bool:
    named = [path / name for name in ("entities", "key", "keys")]
    return any(found.is_dir() for found in (*named, *path.glob("*/entities")))


def _is_funsd(path: Path) -> bool:
    folders = (path, *path.glob("t*ing_data"), *path.glob("dataset/t*ing_data"))
    return any((at / "annotations").is_dir() and (at / "images").is_dir() for at in folders)


def _is_label_studio(path: Path) -> bool:
    files = [path] if path.is_file() else sorted(path.glob("*.json"))
    task = _first_entry(files[0]) if len(files) == 1 else None
    return isinstance(task, dict) and {"data", "annotations"} <= set(task)


def _is_facturx(path: Path) -> bool:
    files = [path] if path.is_file() else (*path.glob("*"), *path.glob("*/*"))
    return any(file.suffix.lower() == ".pdf" for file in files)


def _first_entry(path: Path) -> Any:
    """The first entry of a JSON list, None where the file holds none."""
    if path.suffix != ".json":
        return None
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return content[0] if isinstance(content, list) and content else None


def _shown(path: Path) -> str:
    """What lies there, in a few words."""
    if not path.is_dir():
        return "is a file"
    names = sorted(f"{found.name}/" if found.is_dir() else found.name for found in path.iterdir())
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"holds {', '.join(names[:5])}{more}" if names else "is an empty folder"


# In this order: a folder with a manifest or an export may well hold PDFs.
_SIGNS: tuple[_Sign, ...] = (
    _Sign("folder", f"a folder with {folder.MANIFEST}", _is_folder),
    _Sign("docile", "annotations/ beside ocr/ or pdfs/, or an index there", _is_docile),
    _Sign("vrdu", "main/dataset.jsonl.gz, or a file of few_shot-splits/", _is_vrdu),
    _Sign("cord", "parquet files, or json/ and image/", _is_cord),
    _Sign("cord-r", "a .jsonl.gz file", _is_cord_words),
    _Sign("sroie", "entities/ beside img/", _is_sroie),
    _Sign("funsd", "annotations/ beside images/", _is_funsd),
    _Sign("label-studio", "one exported .json list of tasks", _is_label_studio),
    _Sign("facturx", "a PDF or a folder of such", _is_facturx),
)
