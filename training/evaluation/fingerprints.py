"""Hashes of code, weights and documents, and versions of programs, that figures depend on."""

import hashlib
import json
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from platform import python_version

import data
import training
from data.corpora.truth import TrueDocument

_PACKAGES = (
    "tieout",
    "torch",
    "numpy",
    "scipy",
    "rapidfuzz",
    "pdfplumber",
    "opencv-python-headless",
    "rapidocr",
    "onnxruntime",
)
_PROGRAMS = {"tesseract": "--version", "pdftoppm": "-v"}  # what reads pages outside of Python
_TIMEOUT_S = 20
_READING_CODE = (
    *("data/pages", "data/values", "data/labels.py", "data/records.py"),
    *("data/corpora/readings.py", "data/corpora/scans.py", "data/corpora/damage.py"),
    *("training/network", "training/decoding", "training/extractor.py"),
    *("training/evaluation/predicting.py", "training/metrics/predictions.py"),
)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages and programs that figures depend on."""
    installed = {"python": python_version()}
    installed |= {name: _package_version(name) for name in _PACKAGES}
    return installed | {name: _program_version(name, option) for name, option in _PROGRAMS.items()}


def _package_version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _program_version(program: str, option: str) -> str:
    """Return the first line of the program's version message, without its name."""
    try:
        finished = subprocess.run(
            [program, option], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "not installed"
    lines = (finished.stdout + finished.stderr).splitlines() or [""]
    return lines[0].removeprefix(program).removeprefix(" version").strip()


def code_hash() -> str:
    """Return the hash of the Python files of `data` and `training`, by path; 16 hex digits."""
    digest = hashlib.sha256()
    for package in (data, training):
        root = Path(str(package.__file__)).parent
        for source in sorted(root.rglob("*.py")):
            digest.update(source.relative_to(root.parent).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def reading_hash() -> str:
    """Over the Python files that a reading follows from: pages, damage, network and decoding.

    Other code may change while a long measurement runs, and no document is read again for it.
    """
    root = Path(str(data.__file__)).parents[1]
    digest = hashlib.sha256()
    for place in _READING_CODE:
        path = root / place
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(source.relative_to(root).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def generator_hash() -> str:
    """Over everything that generated pages follow from, but for the seed: `data.synthesis`, and the
    damage it shares with `data.corpora`."""
    root = Path(str(data.__file__)).parent
    synthesis, damage = root / "synthesis", root / "corpora" / "damage.py"
    digest = hashlib.sha256()
    for source in sorted((*synthesis.rglob("*.py"), *synthesis.rglob("*.json"), damage)):
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def labels_hash(corpus: Path) -> str:
    """Return the hash of a corpus's labels on disk: its file, or the manifest of its folder."""
    file = corpus / "manifest.jsonl" if corpus.is_dir() else corpus
    if not file.is_file():
        return "none"
    with file.open("rb") as labels:
        return hashlib.file_digest(labels, "sha256").hexdigest()[:16]


def weights_hash(checkpoint: Path) -> str:
    """Return the hash of all weight shards and the calibration of a checkpoint folder."""
    digest = hashlib.sha256()
    for part in (*sorted(checkpoint.glob("*.safetensors")), checkpoint / "calibration.json"):
        digest.update(part.read_bytes() if part.is_file() else b"none")
    return digest.hexdigest()[:16]


def corpus_hash(documents: Sequence[TrueDocument]) -> str:
    """Over the truth and the files of the documents, in order; where there is no file, over the
    words that the corpus gives. Raises `CorpusError` for words that cannot be read."""
    digest = hashlib.sha256()
    for document in documents:
        truth = (
            document.document_id,
            document.document_type,
            sorted(document.fields.items()),
            sorted(document.fields_visible),
            [
                (sorted(item.values.items()), sorted(item.visible), item.wordings)
                for item in document.items
            ],
            document.items_labelled,
            json.dumps(document.extra, sort_keys=True, default=str),
            [sorted(item.values.items()) for item in document.excluded],
            document.places,
            document.entities,
        )
        digest.update(repr(truth).encode())
        if document.path is not None:
            digest.update(document.path.read_bytes())
        elif document.read_corpus_pages is not None:
            digest.update(repr([page.words for page in document.read_corpus_pages()]).encode())
    return digest.hexdigest()[:16]
