"""What a number belongs to: a hash changes with everything that it stands for, and with no more."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TrueEntity, TrueItem, TruePlace
from data.records import Box, Page, Word
from training.evaluation.fingerprints import (
    code_hash,
    corpus_hash,
    generator_hash,
    labels_hash,
    versions,
    weights_hash,
)


@pytest.fixture
def document(tmp_path: Path) -> TrueDocument:
    path = tmp_path / "page.png"
    path.write_bytes(b"a page")
    return TrueDocument(
        document_id="d",
        path=path,
        document_type="invoice",
        fields={"invoice_id": "1", "vendor_name": "Tea House"},
        fields_visible=frozenset({"invoice_id"}),
        items=(TrueItem({"amount": "1.00"}, frozenset({"amount"})),),
        excluded=(),
        labels="made here",
        extra={},
    )


@pytest.mark.parametrize(
    "change",
    [
        {"document_id": "e"},
        {"document_type": "receipt"},
        {"fields": {"invoice_id": "2", "vendor_name": "Tea House"}},
        {"fields_visible": frozenset({"invoice_id", "vendor_name"})},
        {"items": (TrueItem({"amount": "2.00"}, frozenset({"amount"})),)},
        {"items": (TrueItem({"amount": "1.00"}, frozenset()),)},
        {"items": (TrueItem({"amount": "1.00"}, frozenset({"amount"}), ("Tea",)),)},
        {"items": ()},
        {"items_labelled": False},
        {"extra": {"vrdu_match": {"gross_amount": "PriceMatch"}}},
        {"excluded": (TrueItem({"amount": "1.00"}, frozenset()),)},
        {"places": (TruePlace("invoice_id", 0, Box(0, 0, 1, 1)),)},
        {"entities": (TrueEntity("menu.nm", (0,)),)},
        {"path": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_truth_is_another_corpus(document: TrueDocument, change: dict[str, Any]) -> None:
    assert corpus_hash([replace(document, **change)]) != corpus_hash([document])


def test_another_file_is_another_corpus_and_another_folder_is_not(
    document: TrueDocument, tmp_path: Path
) -> None:
    before = corpus_hash([document])
    moved = tmp_path / "moved.png"
    moved.write_bytes(b"a page")
    assert corpus_hash([replace(document, path=moved)]) == before
    turned = dict(sorted(document.fields.items(), reverse=True))
    assert corpus_hash([replace(document, fields=turned)]) == before
    moved.write_bytes(b"another page")
    assert corpus_hash([replace(document, path=moved)]) != before


def test_given_words_are_the_file_of_a_document_that_has_none(document: TrueDocument) -> None:
    def hashed(*texts: str) -> str:
        words = tuple(Word(text, Box(0.1, 0.1, 0.2, 0.2)) for text in texts)
        page = Page(0, 100, 100, words, "given", "test")
        return corpus_hash([replace(document, path=None, read_corpus_pages=lambda: (page,))])

    assert hashed("TEA") == hashed("TEA")
    assert len({hashed("TEA"), hashed("TEE"), hashed("TEA", "2"), hashed()}) == 4


def test_the_order_and_number_of_documents_count(document: TrueDocument) -> None:
    other = replace(document, document_id="e")
    hashes = [[document, other], [other, document], [document], []]
    assert len({corpus_hash(documents) for documents in hashes}) == 4


def test_weights_are_their_shards_and_their_calibration(tmp_path: Path) -> None:
    def hashed(**files: bytes) -> str:
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(content)
        return weights_hash(tmp_path)

    said = [hashed(), hashed(a_safetensors=b"1"), hashed(b_safetensors=b"2")]
    said += [hashed(calibration_json=b"{}"), hashed(calibration_json=b"[]")]
    assert len(set(said)) == 5
    assert hashed(card_md=b"of the model") == said[-1]


def test_versions_and_code_are_said_without_asking_twice() -> None:
    assert code_hash() == code_hash()
    assert len(code_hash()) == 16
    assert {"python", "torch", "tesseract", "pdftoppm"} <= versions().keys()


def test_a_program_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert versions()["tesseract"] == versions()["pdftoppm"] == "not installed"


def test_the_generator_has_a_hash_and_so_have_the_labels_of_a_corpus(tmp_path):
    assert re.fullmatch(r"[0-9a-f]{16}", generator_hash())
    manifest = tmp_path / "manifest.jsonl"
    assert labels_hash(tmp_path) == "none"
    manifest.write_text('{"id": "a"}\n')
    first = labels_hash(tmp_path)
    assert first == labels_hash(manifest)
    manifest.write_text('{"id": "b"}\n')
    assert labels_hash(tmp_path) != first
