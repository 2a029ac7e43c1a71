"""Scores by the rules of published benchmarks, from the command to the report's sections."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from data.corpora.folder import read_corpus
from data.corpora.readings import WordChoice
from data.corpora.truth import TrueEntity
from data.records import Box, Page, Word
from tests.support.docile_files import write_dataset
from tests.support.small_evaluations import FAST, rows_of
from tests.support.small_invoices import write_corpus, write_lines
from tests.support.vrdu_files import corpus as write_vrdu
from tests.support.vrdu_files import labelled, line
from training.evaluate import main
from training.evaluation.predicting import ReadingOptions, predict
from training.extractor import Extractor

RECEIPT = {
    "id": "till",
    "width": 100,
    "height": 200,
    "words": [
        ["TEA", 12, 10, 30, 16, 1, "menu.nm"],
        ["8.000", 70, 10, 90, 16, 2, "menu.price"],
        ["RICE", 12, 20, 30, 26, 4, "menu.nm"],
        ["5.000", 70, 20, 90, 26, 5, "menu.price"],
        ["TOTAL", 5, 50, 30, 56, 7, "total.total_price"],
        ["13.000", 70, 50, 90, 56, 7, "total.total_price"],
    ],
}


def score_cord(folder: Path, *more: str) -> dict[str, Any]:
    corpus = folder / "val.jsonl.gz"
    corpus.write_bytes(gzip.compress(json.dumps(RECEIPT).encode()))
    out = folder / "out"
    assert main(["--corpus", str(corpus), "--out", str(out), *more]) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text())
    return report


def test_the_model_names_entities_on_the_words_of_the_corpus(tmp_path: Path) -> None:
    report = score_cord(tmp_path, *FAST)
    (prediction,) = rows_of(tmp_path / "out" / "predictions.jsonl")
    total = {"label": "total.total_price", "words": [4, 5], "page": 0}  # with its caption
    assert total in prediction["entities"]
    assert report["entities"]["by_name"]["total.total_price"]["right"] == 1
    assert report["entities"]["f1"]["value"] > 0
    assert "Entities" in (tmp_path / "out" / "report.html").read_text()
    assert "entities" not in rows_of(tmp_path / "out" / "baseline.jsonl")[0]


def test_entities_are_said_of_the_words_of_the_corpus_alone(tmp_path: Path) -> None:
    Image.new("L", (700, 700), 255).save(tmp_path / "page.png")
    words = (Word("TOTAL", Box(0.1, 0.1, 0.2, 0.12)), Word("5.00", Box(0.7, 0.1, 0.8, 0.12)))
    page = Page(0, 700, 700, words, "given", "made here")
    (document,) = read_corpus(write_corpus(tmp_path / "corpus", 1))
    labelled_words = replace(
        document,
        path=tmp_path / "page.png",
        read_corpus_pages=lambda: (page,),
        entities=(TrueEntity("total.total_price", (0, 1)),),
    )
    reader = Extractor.load(device="cpu")
    choices: dict[WordChoice, bool] = {"given": True, "ocr": False, "auto": False}
    for choice, said in choices.items():
        found = predict(labelled_words, reader, ReadingOptions(choice))
        assert ("entities" in found) == said, choice


def test_entities_that_anybody_predicted_are_scored(tmp_path: Path) -> None:
    said = [
        {"label": "menu.nm", "words": [0]},
        {"label": "menu.nm", "words": [2, 3]},  # a word too many
    ]
    given = write_lines(tmp_path / "p.jsonl", {"id": "till", "entities": said})
    counts = score_cord(tmp_path, "--predictions", str(given))["entities"]["by_name"]["menu.nm"]
    assert (counts["wanted"], counts["predicted"], counts["right"]) == (2, 2, 1)


def test_docile_corpora_are_scored_by_their_own_metrics(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path)
    place = {"page": 1, "bbox": [0.7, 0.1, 0.8, 0.12]}
    fields = {"fields": {"invoice_id": "INV 77"}, "places": {"invoice_id": place}}
    given = write_lines(tmp_path / "p.jsonl", {"id": "a1"} | fields, {"id": "made up"} | fields)
    out = tmp_path / "out"
    arguments = ["--corpus", str(folder), "--out", str(out), "--predictions", str(given)]
    assert main(arguments) == 0
    found = json.loads((out / "report.json").read_text())["docile"]["kile"]["by_name"]
    counts = {name: found["document_id"][name] for name in ("wanted", "predicted", "right")}
    assert counts == {"wanted": 1, "predicted": 2, "right": 1}


def test_vrdu_corpora_are_scored_by_their_own_metric(tmp_path: Path) -> None:
    truth = [["gross_amount", [labelled("$1,500.00")]]]
    folder = write_vrdu(tmp_path / "vrdu", line(*truth))
    made_up = {"id": "ghost", "fields": {"sub_total": "1.00"}}  # VRDU scores its documents alone
    said = {"id": "a", "fields": {"sub_total": "1500.00"}}
    given = write_lines(tmp_path / "p.jsonl", said, made_up)
    out = tmp_path / "out"
    arguments = ["--corpus", str(folder), "--out", str(out), "--predictions", str(given)]
    assert main(arguments) == 0
    found = json.loads((out / "report.json").read_text())["vrdu"]
    assert found["by_name"]["gross_amount"]["right"] == 1
    assert found["micro_f1"]["value"] == 1.0
