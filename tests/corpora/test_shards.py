"""Pages to train on: projected once, stored as shards, left out by family, known by document."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.cord.word_level import read_documents
from data.corpora.shards import loading
from data.corpora.shards.__main__ import main
from data.corpora.shards.corpus_pages import Counts, project_corpus
from data.corpora.shards.loading import load_training_pages, write_corpus_shard
from data.corpora.shards.training_page import TrainingPage, corpus_name, document_hash
from data.corpora.truth import CorpusError
from data.synthesis.ocr_fitting.shards import read_pages

RECEIPT = [
    ["GREEN TEA", 40, 80, 130, 96],
    ["4.00", 300, 80, 340, 96],
    ["RICE", 40, 110, 80, 126],
    ["6.50", 300, 110, 340, 126],
    ["TOTAL", 40, 150, 90, 166],
    ["10.50", 300, 150, 350, 166],
]
ITEMS = [{"description": "GREEN TEA", "amount": "4.00"}, {"description": "RICE", "amount": "6.50"}]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of two receipts with words of their own, in two layouts, and one of no items."""
    folder = tmp_path / "tills" / "train"
    folder.mkdir(parents=True)
    lines: list[dict[str, Any]] = []
    for name, layout, items in (
        ("a", "corner", ITEMS),
        ("b", "market", ITEMS),
        ("c", "corner", []),
    ):
        # Pixels differ so that the documents do
        Image.new("L", (400, 800), 255 - len(lines)).save(folder / f"{name}.png")
        words = RECEIPT if items else [["GOODBYE", 40, 80, 130, 96]]
        (folder / f"{name}.json").write_text(json.dumps(words))
        line: dict[str, Any] = {
            "id": name,
            "file": f"{name}.png",
            "words": f"{name}.json",
            "layout": layout,
        }
        line |= {"document_type": "receipt", "line_items": items or [{"amount": "1.00"}]}
        lines.append(line | {"fields": {"invoice_total": "10.50"}, "notes": "x" * 100})
    (folder / "manifest.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return folder


@pytest.fixture
def given_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract: only the words that the corpus brings."""
    monkeypatch.setattr("data.corpora.shards.corpus_pages._choices", lambda document: ("given",))


def texts(pages: list[TrainingPage]) -> list[list[tuple[str, str]]]:
    return [
        [(w.text, tag) for w, tag in zip(p.page.page.words, p.page.tags, strict=True)]
        for p in pages
        if p.family["words"] == "given"
    ]


@pytest.mark.usefixtures("given_words")
def test_a_corpus_becomes_pages_with_document_and_family(corpus: Path) -> None:
    counts = Counts()
    pages = list(project_corpus(corpus, counts, cache_folder=None))
    assert [page.family["words"] for page in pages] == ["given", "noise"] * 2
    first = pages[0]
    assert first.document == hashlib.sha256((corpus / "a.png").read_bytes()).hexdigest()
    assert pages[1].document == first.document != pages[2].document
    wanted = {"corpus": "tills", "layout": "corner", "document_type": "receipt", "words": "given"}
    assert first.family == wanted  # prose of the manifest is no family
    assert texts(pages)[0][:4] == [
        ("GREEN", "description"),
        ("TEA", "description"),
        ("4.00", "amount"),
        ("RICE", "description"),
    ]
    assert (counts.documents, counts.labelled, counts.whole, counts.placed) == (3, 2, 2, 4)
    assert counts.reasons == {"given: fewer than half of its items were found": 1}
    assert counts.cells == counts.right_cells == {"amount": 4, "description": 4}


@pytest.mark.usefixtures("given_words")
def test_a_shard_holds_what_was_projected(corpus: Path, tmp_path: Path) -> None:
    shard = tmp_path / "out" / "tills.jsonl.gz"
    write_corpus_shard(corpus, shard)
    loaded = load_training_pages(shard)
    projected = list(project_corpus(corpus, Counts(), cache_folder=None))
    assert [(p.document, p.family, p.page.tags, p.page.items) for p in loaded] == [
        (p.document, p.family, p.page.tags, p.page.items) for p in projected
    ]
    assert all(page.page.page.image is None and page.page.places is None for page in loaded)
    assert load_training_pages(shard.parent) == loaded
    assert [page.page for page in loaded] == read_pages(shard.parent)  # `kind: read` of a recipe


@pytest.mark.usefixtures("given_words")
@pytest.mark.parametrize(
    ("leave_out", "documents"),
    [
        ({}, ["a", "b"]),
        ({"layout": ["market"]}, ["a"]),
        ({"layout": ["corner", "market"]}, []),
        ({"layout": ["kiosk"]}, ["a", "b"]),
        ({"country": ["de"]}, ["a", "b"]),  # no such key
        ({"corpus": ["tills"]}, []),
        ({"layout": ["corner"], "document_type": ["invoice"]}, ["b"]),
    ],
)
def test_families_are_left_out_of_shards_and_folders(
    corpus: Path, tmp_path: Path, leave_out: dict[str, list[str]], documents: list[str]
) -> None:
    shard = tmp_path / "tills.jsonl.gz"
    write_corpus_shard(corpus, shard)
    wanted = {
        hashlib.sha256((corpus / f"{name}.png").read_bytes()).hexdigest() for name in documents
    }
    for path in (shard, corpus):
        pages = load_training_pages(path, leave_out, cache_folder=tmp_path / "cache")
        assert {page.document for page in pages} == wanted


@pytest.mark.usefixtures("given_words")
def test_a_corpus_is_projected_once(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = load_training_pages(corpus, cache_folder=cache)
    (kept,) = cache.glob("tills-*.jsonl.gz")
    monkeypatch.setattr(loading, "write_corpus_shard", lambda *_: pytest.fail("projected again"))
    assert load_training_pages(corpus, cache_folder=cache) == first
    monkeypatch.undo()
    # A truth that changed is projected anew
    manifest = corpus / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"corner"', '"kiosk"'))
    monkeypatch.setattr("data.corpora.shards.corpus_pages._choices", lambda document: ("given",))
    again = load_training_pages(corpus, cache_folder=cache)
    assert again[0].family["layout"] == "kiosk"
    assert len(list(cache.glob("*.gz"))) == 2
    assert kept.is_file()


@pytest.mark.usefixtures("given_words")
def test_a_corpus_of_which_nothing_can_be_learned_is_refused_in_one_line(
    corpus: Path, tmp_path: Path
) -> None:
    manifest = corpus / "manifest.jsonl"
    manifest.write_text(manifest.read_text().splitlines()[-1])
    with pytest.raises(CorpusError, match="holds no page that can be trained on"):
        load_training_pages(corpus, cache_folder=tmp_path / "cache")


def test_cord_is_loaded_by_the_hash_that_its_reader_gives(tmp_path: Path) -> None:
    path = tmp_path / "cord" / "train.jsonl.gz"
    path.parent.mkdir()
    words = [["TEA", 12, 10, 30, 16, 0, "menu.nm"], ["8.000", 70, 10, 90, 16, 1, "menu.price"]]
    with gzip.open(path, "wt") as file:
        file.write(json.dumps({"id": "x", "width": 100, "height": 200, "words": words}) + "\n")
    given, noise = load_training_pages(path, cache_folder=tmp_path / "cache")
    (document,) = read_documents(path)
    assert given.document == noise.document == document_hash(document)
    assert given.family["corpus"] == "cord"
    assert given.page.tags == ("description", "amount")
    (only,) = load_training_pages(path, {"words": ["noise"]}, cache_folder=tmp_path / "cache")
    assert only == given


@pytest.mark.usefixtures("given_words")
def test_the_command_writes_a_shard_for_each_corpus(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "out"), str(corpus)]) == 0
    assert (tmp_path / "out" / "tills.jsonl.gz").is_file()
    assert "tills: 4 pages of 2 of 3 documents (2 whole); 4 of 5 items" in capsys.readouterr().out
    assert main([str(tmp_path / "out"), str(tmp_path / "nothing")]) == 2
    assert "no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("real/adbuy", "adbuy"),
        ("real/wildreceipt/train", "wildreceipt"),
        ("real/wildreceipt/train/open.jsonl", "wildreceipt"),
        ("cord/val.jsonl.gz", "cord"),
        ("shards/own.jsonl.gz", "own"),
        ("train", "train"),
    ],
)
def test_a_corpus_is_named_without_its_split(path: str, name: str) -> None:
    assert corpus_name(Path(path)) == name
