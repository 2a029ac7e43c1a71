"""Loads the labelled pages of a corpus: from shards, or projected once and cached.

The cache is keyed by the manifest, the files that the corpus holds (by name and size) and the
source code of reading and labelling: a changed corpus or rule is projected anew.
"""

import gzip
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from data.corpora import cord, labelling, shards
from data.corpora.readings import reader_version
from data.corpora.shards.corpus_pages import Counts, project_corpus
from data.corpora.shards.training_page import TrainingPage, corpus_name, pack_page, unpack_page
from data.corpora.truth import CorpusError
from data.synthesis.ocr_fitting.shards import read_shard, write_shard

log = logging.getLogger(__name__)

DEFAULT_LABELLED = Path("~/.cache/tieout/labelled")
_SHARD_KEYS = frozenset({"read", "printed", "family"})
_CODE = (labelling, cord, shards)  # packages whose source decides how pages are labelled


def load_training_pages(
    path: Path,
    leave_out: Mapping[str, Sequence[str]] | None = None,
    cache_folder: Path | None = DEFAULT_LABELLED,
) -> list[TrainingPage]:
    """Return the pages to train on of a shard, a folder of shards or a corpus of any known format.

    `leave_out` maps keys of `TrainingPage.family` to values whose pages are left out. A corpus is
    projected once and kept as a shard in `cache_folder` (None: projected each time). Raises
    `CorpusError` for a path that holds no page to train on.
    """
    pages = list(_read_pages(path, cache_folder))
    if not pages:
        raise CorpusError(f"{path}: holds no page that can be trained on; want labelled items")
    taught = [page for page in pages if not page.is_in(leave_out or {})]
    log.info("%s: %d of %d pages to train on", path, len(taught), len(pages))
    return taught


def write_corpus_shard(path: Path, shard: Path) -> Counts:
    """Project the corpus and write its pages as one shard; return the counts."""
    counts = Counts()
    pages = [pack_page(page) for page in project_corpus(path, counts)]
    shard.parent.mkdir(parents=True, exist_ok=True)
    write_shard(shard, pages)
    log.info("%s: %s", path, counts)
    return counts


def _read_pages(path: Path, cache_folder: Path | None) -> Iterator[TrainingPage]:
    shard_files = find_shards(path)
    if not shard_files and cache_folder is None:
        yield from project_corpus(path, Counts())
        return
    if not shard_files and cache_folder is not None:
        shard_files = [_cached_shard(path, cache_folder.expanduser())]
    for shard in shard_files:
        yield from map(unpack_page, read_shard(shard))


def find_shards(path: Path) -> list[Path]:
    """Return the shard at a path, or the shards in its folder; none where it is a corpus."""
    files = [path] if path.is_file() else sorted(path.glob("*.jsonl.gz"))
    return [file for file in files if file.name.endswith(".jsonl.gz") and _is_shard(file)]


def _is_shard(file: Path) -> bool:
    """Return whether the first line is a page as shards hold them."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            first = json.loads(next(lines, "null"))
    except (OSError, EOFError, ValueError):
        return False
    return isinstance(first, dict) and first.keys() >= _SHARD_KEYS


def _cached_shard(path: Path, cache_folder: Path) -> Path:
    """The shard of a corpus in the cache, written when it is not there."""
    shard = cache_folder / f"{corpus_name(path)}-{_corpus_key(path)}.jsonl.gz"
    if not shard.is_file():
        log.info("%s is projected once; its pages are kept in %s", path, shard)
        write_corpus_shard(path, shard)
    return shard


def _corpus_key(path: Path) -> str:
    """The hash of a corpus and of the code that labels it."""
    digest = hashlib.sha256(reader_version().encode())
    for package in _CODE:
        for folder in package.__path__:
            for module in sorted(Path(folder).glob("*.py")):
                digest.update(module.read_bytes())
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        if file.is_file():
            digest.update(f"{file.relative_to(path)} {file.stat().st_size}\n".encode())
            if file.name == "manifest.jsonl" or file == path:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
