"""Corpora as Hugging Face datasets: typed truth, pages on access, nothing left behind."""

import json
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from data.corpora.published.dataset import as_dataset
from data.corpora.truth import CorpusError

pytest.importorskip("datasets")

ITEM = {
    "description": "Nails",
    "amount": "12.50",
    "net_weight": "3",
    "page": 1,
    "bbox": [0.1, 0.2, 0.9, 0.25],
    "visible": ["amount"],
}


def line(name: str, **changes: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "id": name,
        "file": f"{name}.png",
        "words": f"{name}.json",
        "document_type": "receipt",
        "fields": {"vendor_name": "ACME", "till": "7"},
        "line_items": [ITEM],
        "layout": "grid",
    }
    return seen | changes


def write_corpus(folder: Path, *lines: dict[str, Any]) -> Path:
    for seen in lines:
        Image.new("L", (100, 200), 255).save(folder / seen["file"])
        if seen.get("words"):
            words = [["Nails", 10, 40, 60, 50], [seen["id"], 70, 40, 90, 50]]
            (folder / seen["words"]).write_text(json.dumps(words))
    text = "\n".join(json.dumps(seen) for seen in lines)
    (folder / "manifest.jsonl").write_text(text)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(
        tmp_path, line("a"), line("b", line_items=[], fields={}, document_type="invoice"), line("c")
    )


def test_truth_is_typed(corpus: Path) -> None:
    dataset = as_dataset(corpus, "folder", words="given")
    first = dataset.with_format(None)[0]
    assert first == {
        "document_id": "a",
        "file": str(corpus / "a.png"),
        "document_type": "receipt",
        "labels": "not stated",
        "line": 1,
        "fields": {"vendor_name": "ACME", "currency": None, "invoice_total": None, "till": "7"},
        "fields_visible": ["till", "vendor_name"],
        "items_labelled": True,
        "line_items": [
            {
                "values": {
                    "line_number": None,
                    "description": "Nails",
                    "product_code": None,
                    "quantity": None,
                    "unit": None,
                    "unit_price": None,
                    "amount": "12.50",
                    "net_weight": "3",
                },
                "visible": ["amount"],
                "wordings": ["Nails"],
                "page": 0,
                "box": [0.1, 0.2, 0.9, 0.25],
            }
        ],
        "excluded": [],
        "places": [],
        "entities": [],
        "extra": '{"layout": "grid"}',
    }
    second = dataset.with_format(None)[1]
    assert (second["line_items"], second["fields"]["vendor_name"]) == ([], None)
    assert dataset.features["line"].dtype == "int32"
    assert dataset.features["fields"]["till"].dtype == "string"


def test_pages_are_read_on_access(corpus: Path) -> None:
    dataset = as_dataset(corpus, words="given")
    (page,) = dataset[2]["pages"]
    assert page["words"] == ["Nails", "c"]
    assert page["boxes"][0] == [0.1, 0.2, 0.6, 0.25]
    assert (page["width"], page["height"], page["number"]) == (100, 200, 0)
    assert page["confidences"] == [None, None]
    assert "image" not in page
    for path in corpus.glob("*.json"):
        path.unlink()  # the words are gone, the labels were read before
    assert dataset.with_format(None)[0]["document_id"] == "a"
    with pytest.raises(FileNotFoundError):
        dataset[0]


def test_page_images(corpus: Path) -> None:
    (page,) = as_dataset(corpus, words="given", images=True)[0]["pages"]
    assert page["image"].dtype == np.uint8
    assert page["image"].ndim == 2


def test_slices_selections_and_copies_keep_the_pages(corpus: Path) -> None:
    dataset = as_dataset(corpus, words="given")
    assert [pages[0]["words"][1] for pages in dataset[1:]["pages"]] == ["b", "c"]
    assert [row["pages"][0]["words"][1] for row in dataset.select([2, 0])] == ["c", "a"]
    again = pickle.loads(pickle.dumps(dataset.shuffle(seed=3)))
    assert sorted(row["pages"][0]["words"][1] for row in again) == ["a", "b", "c"]
    kept = dataset.filter(lambda name: name == "invoice", input_columns=["document_type"])
    assert [row["pages"][0]["words"][1] for row in kept] == ["b"]


def test_data_loader_workers(corpus: Path) -> None:
    loading = pytest.importorskip("torch.utils.data")
    dataset = as_dataset(corpus, words="given")
    loader = loading.DataLoader(dataset, batch_size=2, num_workers=2, collate_fn=list)
    read = [[row["pages"][0]["words"][1] for row in batch] for batch in loader]
    assert read == [["a", "b"], ["c"]]


def test_readings_are_kept_by_the_files_content(tmp_path: Path) -> None:
    folder, cache = tmp_path / "corpus", tmp_path / "cache"
    folder.mkdir()
    write_corpus(folder, line("a", words=None))
    dataset = as_dataset(folder, words="text", cache_folder=cache)
    assert not cache.exists()  # nothing is read yet
    assert dataset[0]["pages"][0]["words"] == []
    (kept,) = cache.iterdir()
    written = kept.stat().st_mtime_ns
    assert dataset[0]["pages"][0]["reason"].startswith("no_text_layer")
    assert [path.stat().st_mtime_ns for path in cache.iterdir()] == [written]
    Image.new("L", (120, 200), 255).save(folder / "a.png")
    assert dataset[0]["pages"][0]["width"] == 120
    assert len(list(cache.iterdir())) == 2


def test_nothing_is_left_behind(corpus: Path) -> None:
    before = set(os.listdir(corpus)), set(os.listdir(tempfile.gettempdir()))
    dataset = as_dataset(corpus, words="given", cache_folder=None)
    assert len(dataset[:]["pages"]) == 3
    assert dataset.cache_files == []
    assert set(os.listdir(corpus)) == before[0]
    made = set(os.listdir(tempfile.gettempdir())) - before[1]
    assert not [name for name in made if "hf" in name or "datasets" in name]


def test_words_that_the_corpus_does_not_bring(tmp_path: Path) -> None:
    dataset = as_dataset(write_corpus(tmp_path, line("a", words=None)), words="given")
    with pytest.raises(CorpusError, match="a: the corpus brings no words"):
        dataset[0]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("", "holds no documents"),
        ("{", "manifest.jsonl line 1: not a JSON object"),
        (json.dumps({"id": "a", "file": "a.png"}), "line 1: document_type: Field required"),
    ],
)
def test_bad_corpora_fail_at_once(tmp_path: Path, manifest: str, said: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(manifest)
    with pytest.raises(CorpusError) as raised:
        as_dataset(tmp_path)
    assert said in str(raised.value)


def test_two_truths_of_one_file_are_two_rows(tmp_path: Path) -> None:
    dataset = as_dataset(write_corpus(tmp_path, line("a"), line("a", line_items=[])), words="given")
    assert [len(row["line_items"]) for row in dataset] == [1, 0]
