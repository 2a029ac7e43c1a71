"""Corpora recognised by what lies there, opened by name, refused in one sentence."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.published.formats import FORMATS, open_corpus, recognise_format
from data.corpora.truth import CorpusError

TASK = {"id": 1, "data": {"image": "a.png"}, "annotations": [{"result": []}]}


def lay(folder: Path, *names: str, **contents: Any) -> Path:
    """Empty folders (names that end in a stroke) and files, and JSON files by name."""
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()
    for name, content in contents.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def docile_folder(at: Path) -> Path:
    return lay(at, "annotations/a.json", "ocr/a.json", "pdfs/", train=["a"], val=["a"])


def vrdu_folder(at: Path) -> Path:
    return lay(
        at, "main/dataset.jsonl.gz", "main/meta.json", "main/pdfs/", "few_shot-splits/s.json"
    )


LAYOUTS: list[tuple[str, Callable[[Path], Path]]] = [
    ("folder", lambda at: lay(at, "manifest.jsonl", "documents/a.pdf")),
    # a manifest tells more than the PDFs and lists beside it
    ("folder", lambda at: lay(at, "manifest.jsonl", "a.pdf", "x.jsonl.gz")),
    ("docile", docile_folder),
    ("docile", lambda at: docile_folder(at) / "val.json"),
    ("docile", lambda at: lay(at, "annotations/a.json", "pdfs/a.pdf")),
    ("vrdu", vrdu_folder),
    ("vrdu", lambda at: vrdu_folder(at) / "main"),
    ("vrdu", lambda at: vrdu_folder(at) / "few_shot-splits" / "s.json"),
    ("vrdu", lambda at: vrdu_folder(at) / "few_shot-splits" / "s.json" / "valid"),
    ("cord", lambda at: lay(at, "train-00000-of-00001.parquet", "README.md")),
    ("cord", lambda at: lay(at, "data/train-00000-of-00001.parquet")),
    ("cord", lambda at: lay(at, "test-00000-of-00001.parquet") / "test"),
    ("cord", lambda at: lay(at, "a.parquet") / "a.parquet"),
    ("cord", lambda at: lay(at, "json/a.json", "image/a.png")),
    ("cord-r", lambda at: lay(at, "val.jsonl.gz")),
    ("cord-r", lambda at: lay(at, "val.jsonl.gz", "train.jsonl.gz") / "val.jsonl.gz"),
    ("sroie", lambda at: lay(at, "entities/a.txt", "box/a.txt", "img/a.jpg")),
    ("sroie", lambda at: lay(at, "key/a.json", "image/a.jpg")),
    ("sroie", lambda at: lay(at, "train/entities/a.txt", "test/entities/b.txt")),
    ("funsd", lambda at: lay(at, "annotations/a.json", "images/a.png")),
    ("funsd", lambda at: lay(at, "training_data/annotations/", "training_data/images/")),
    (
        "funsd",
        lambda at: lay(at, "dataset/testing_data/annotations/", "dataset/testing_data/images/"),
    ),
    ("facturx", lambda at: lay(at, "a.pdf", "b.pdf")),
    ("facturx", lambda at: lay(at, "a.pdf") / "a.pdf"),
    ("label-studio", lambda at: lay(at, "a.png", export=[TASK])),
    ("label-studio", lambda at: lay(at, export=[TASK], other=[TASK]) / "export.json"),
]


@pytest.mark.parametrize(("name", "layout"), LAYOUTS)
def test_recognise(tmp_path: Path, name: str, layout: Callable[[Path], Path]) -> None:
    assert recognise_format(layout(tmp_path)) == name


def test_every_format_can_be_recognised() -> None:
    assert {name for name, _ in LAYOUTS} == set(FORMATS)


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (lambda at: at / "gone", "gone: no such file or folder"),
        (lambda at: at, "is an empty folder"),
        (lambda at: lay(at, "a.txt", "b/"), "holds a.txt, b/, which is no corpus"),
        (lambda at: lay(at, *(f"{n}.txt" for n in range(9))), "4.txt and 4 more, which"),
        (lambda at: lay(at, "a.txt") / "a.txt", "a.txt: is a file, which is no corpus"),
        # JSON that is no export: JSON-MIN has no annotations
        (lambda at: lay(at, min=[{"id": 1, "image": "a.png"}]), "holds min.json, which"),
        (lambda at: lay(at, empty=[]), "holds empty.json, which"),
        (lambda at: lay(at, "broken.json"), "holds broken.json, which"),
        # annotations alone are those of anybody
        (lambda at: lay(at, "annotations/a.json"), "holds annotations/, which"),
    ],
)
def test_nothing_to_recognise(tmp_path: Path, layout: Callable[[Path], Path], said: str) -> None:
    with pytest.raises(CorpusError) as raised:
        recognise_format(layout(tmp_path))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    if "no such" not in said:
        assert all(f"{name}: " in str(raised.value) for name in FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_reader_refuses_an_empty_folder_and_a_missing_one(tmp_path: Path, name: str) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(CorpusError, match=re.escape(str(path))) as raised:
            list(open_corpus(path, name))
        assert "\n" not in str(raised.value)


def test_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(
        CorpusError, match="unknown corpus format 'coco', want one of folder, docile"
    ):
        open_corpus(tmp_path, "coco")


def test_open_by_what_lies_there(tmp_path: Path) -> None:
    tasks = [TASK | {"id": number} for number in (1, 2, 3)]
    Image.new("L", (9, 9)).save(lay(tmp_path, export=tasks) / "a.png")
    assert [document.document_id for document in open_corpus(tmp_path)] == ["1", "2", "3"]
    assert [document.document_id for document in open_corpus(tmp_path, limit=2)] == ["1", "2"]
    assert list(open_corpus(tmp_path, "label-studio", limit=0)) == []


def test_open_a_word_level_file(tmp_path: Path) -> None:
    word = ["KOPI", 10, 10, 40, 20, 1, "menu.nm"]
    receipt = {"id": "r", "width": 100, "height": 200, "words": [word]}
    (tmp_path / "val.jsonl.gz").write_bytes(gzip.compress(json.dumps(receipt).encode()))
    (document,) = open_corpus(tmp_path)
    assert (document.document_id, document.path) == ("r", None)
