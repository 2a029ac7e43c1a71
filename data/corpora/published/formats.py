"""Opens a corpus of any format we read, by the format's name or recognised by its files."""

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
    """Return the documents of a corpus, the first `limit` of them.

    Without a name the format is recognised. `cache_folder` is for truth that needs the pages read
    (Factur-X: which values of the XML are printed). Raises `CorpusError` for an unknown format, and
    while reading for a document that does not keep to it.
    """
    name = format_name or recognise_format(path)
    if name not in FORMATS:
        raise CorpusError(f"unknown corpus format {name!r}, want one of {', '.join(FORMATS)}")
    if name == "facturx":
        return itertools.islice(facturx.read_documents(path, cache_folder), limit)
    return itertools.islice(FORMATS[name](path), limit)


def recognise_format(path: Path) -> str:
    """Return the name of the corpus format at a path, by the files that only this format has.

    A path that does not exist may still name a list of a VRDU split (`SPLIT.json/valid`) or the
    shards of a CORD split (`DIR/train` for `DIR/train-*.parquet`). Raises `CorpusError` naming the
    files found and those expected.
    """
    for sign in _SIGNS:
        if sign.fits(path):
            return sign.format_name
    if not path.exists():
        raise CorpusError(f"{path}: no such file or folder; want a corpus")
    expected = "; ".join(f"{sign.format_name}: {sign.expected}" for sign in _SIGNS)
    raise CorpusError(
        f"{path}: {_describe_path(path)}, which is no corpus we recognise ({expected})"
    )


@dataclass(frozen=True, slots=True)
class _FormatSign:
    """The files that distinguish a format from those after it in the list, in words and a test."""

    format_name: str
    expected: str
    fits: Callable[[Path], bool]


def _is_folder(path: Path) -> bool:
    return (path / folder.MANIFEST).is_file() or (path.suffix == ".jsonl" and path.is_file())


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
    return any(candidate.is_dir() for candidate in (*named, *path.glob("*/entities")))


def _is_funsd(path: Path) -> bool:
    folders = (path, *path.glob("t*ing_data"), *path.glob("dataset/t*ing_data"))
    return any(
        (candidate / "annotations").is_dir() and (candidate / "images").is_dir()
        for candidate in folders
    )


def _is_label_studio(path: Path) -> bool:
    files = [path] if path.is_file() else sorted(path.glob("*.json"))
    task = _first_entry(files[0]) if len(files) == 1 else None
    return isinstance(task, dict) and {"data", "annotations"} <= set(task)


def _is_facturx(path: Path) -> bool:
    files = [path] if path.is_file() else (*path.glob("*"), *path.glob("*/*"))
    return any(file.suffix.lower() == ".pdf" for file in files)


def _first_entry(path: Path) -> Any:
    """The first entry of a JSON list; None where the file holds none."""
    if path.suffix != ".json":
        return None
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return content[0] if isinstance(content, list) and content else None


def _describe_path(path: Path) -> str:
    """Describe the content of a path in a few words."""
    if not path.is_dir():
        return "is a file"
    names = sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in path.iterdir())
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"holds {', '.join(names[:5])}{more}" if names else "is an empty folder"


# In this order: a folder with a manifest or an export may well hold PDFs.
_SIGNS: tuple[_FormatSign, ...] = (
    _FormatSign("folder", f"a folder with {folder.MANIFEST}, or a .jsonl manifest", _is_folder),
    _FormatSign("docile", "annotations/ beside ocr/ or pdfs/, or an index there", _is_docile),
    _FormatSign("vrdu", "main/dataset.jsonl.gz, or a file of few_shot-splits/", _is_vrdu),
    _FormatSign("cord", "parquet files, or json/ and image/", _is_cord),
    _FormatSign("cord-r", "a .jsonl.gz file", _is_cord_words),
    _FormatSign("sroie", "entities/ beside img/", _is_sroie),
    _FormatSign("funsd", "annotations/ beside images/", _is_funsd),
    _FormatSign("label-studio", "one exported .json list of tasks", _is_label_studio),
    _FormatSign("facturx", "a PDF or a folder of such", _is_facturx),
)
