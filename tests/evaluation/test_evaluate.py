"""The evaluation command: four files, slices, and one line on stderr for unusable input."""

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.folder import read_corpus
from data.records import ExtractedDocument, Field, LineItem, Page, PageSummary, Problem
from training.evaluate import main
from training.evaluation.predicting import ReadingOptions, predict
from training.metrics.predictions import PredictionError, read_predictions, to_prediction
from training.metrics.scoring import score_documents
from training.report.contents import build_report
from training.report.markdown import to_markdown
from training.report.page import to_html


def decimal(text: str) -> Field:
    return Field(Decimal(text), raw_text=text, confidence=0.9)


def document(
    *lines: LineItem, kind: str = "invoice", problems: tuple[Problem, ...] = (), **fields: str
) -> ExtractedDocument:
    leaves = {name: Field(value) for name, value in fields.items()}
    return ExtractedDocument("x", Field(kind), leaves, lines, (), problems)


class FakeReader:
    """Finds one line of 9.00 on every page."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        return tuple(document(LineItem(amount=decimal("9.00"), page=page.number)) for page in pages)


def write_corpus(folder: Path, *amounts: str) -> Path:
    folder.mkdir(exist_ok=True)
    lines = []
    for number, amount in enumerate(amounts):
        Image.new("L", (700, 700), 255).save(folder / f"{number}.png")
        lines.append(
            {
                "id": f"doc-{number}",
                "file": f"{number}.png",
                "document_type": "invoice",
                "layout": "a" if number % 2 else "b",
                "labels": "model-assisted item labels",
                "line_items": [{"amount": amount}],
            }
        )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "manifest.jsonl").write_text(text)
    return folder


def write_predictions_file(path: Path, *amounts: str) -> Path:
    rows = [
        {"id": f"doc-{n}", "document_type": "invoice", "line_items": [{"amount": a}], "seconds": n}
        for n, a in enumerate(amounts)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_several_documents_of_a_file_become_one_prediction() -> None:
    found = to_prediction(
        "f",
        (
            document(kind="other", invoice_id="1"),
            document(
                LineItem(amount=decimal("2.00"), page=1, row_polygon=(0.1, 0.2, 0.9, 0.2) * 2),
                LineItem(amount=decimal("9.00"), page=1, line_type="subtotal"),
                invoice_id="2",
                vendor_name="Tea House",
            ),
            document(LineItem(amount=decimal("1.00"), quantity=Field(None), page=0)),
            document(LineItem(amount=decimal("3.00")), kind="receipt"),
        ),
        1.23456,
    )
    assert found["document_type"] == "invoice"
    assert found["fields"] == {"invoice_id": "1", "vendor_name": "Tea House"}
    amounts = [line["amount"] for line in found["line_items"]]
    assert amounts == ["3.00", "1.00", "2.00"]  # without a page first, then by page
    assert "page" not in found["line_items"][0]
    assert "quantity" not in found["line_items"][1]
    assert found["line_items"][2]["page"] == 2
    assert found["line_items"][2]["bbox"] == [0.1, 0.2, 0.9, 0.2]
    assert [part["line_items"] for part in found["parts"]] == [[], [2], [1], [0]]
    assert [line["line_type"] for line in found["other_lines"]] == ["subtotal"]
    assert found["seconds"] == 1.235


def test_nothing_found_is_a_prediction_too() -> None:
    problem = Problem("not_read", "page 1 could not be read", 0)
    found = to_prediction("f", (document(problems=(problem,)),), 0.0)
    assert found["line_items"] == []
    assert found["problems"][0]["code"] == "not_read"
    assert to_prediction("f", (), 0.0)["document_type"] is None


def test_files_are_read_and_one_that_cannot_be_opened_is_scored_as_nothing(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", "9.00", "9.00")
    (folder / "1.png").write_bytes(b"no picture")
    documents = list(read_corpus(folder))
    options = ReadingOptions("auto", tmp_path / "cache")
    first, second = (predict(document, FakeReader(), options) for document in documents)
    assert first["line_items"][0]["amount"] == "9.00"
    assert first["words_source"] == "none"
    assert "1.png" in second["failed"]
    scored = score_documents(documents, {"doc-0": first, "doc-1": second})
    assert [one.score.items.right for one in scored] == [1, 0]


def test_the_report_says_score_slices_and_where_the_truth_comes_from(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", "1.00", "2.00", "3.00")
    given = write_predictions_file(tmp_path / "p.jsonl", "1.00", "2.50", "3.00")
    arguments = ["--corpus", str(folder), "--out", str(tmp_path / "out"), "--predictions"]
    assert main([*arguments, str(given)]) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["item_f1"]["value"] == pytest.approx(2 / 3)
    assert report["item_f1"]["low"] <= 2 / 3 <= report["item_f1"]["high"]
    assert report["closed"]["value"] == pytest.approx(2 / 3)
    assert [one["value"] for one in report["slices"]["layout"]] == ["a", "b"]  # worst first
    assert report["labels"] == {"model-assisted item labels": 3}
    assert report["worst"][0]["id"] == "doc-1"
    assert report["timing"]["seconds"]["highest"] == 2
    markdown = (tmp_path / "out" / "report.md").read_text()
    page = (tmp_path / "out" / "report.html").read_text()
    for text in (markdown, page):
        assert "0.667" in text
        assert "The truth of 3 of 3 documents is model-assisted." in text
    assert len((tmp_path / "out" / "predictions.jsonl").read_text().splitlines()) == 3


def test_a_document_without_a_prediction_is_nothing_read(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", "1.00", "2.00")
    documents = list(read_corpus(folder))
    report = build_report(score_documents(documents, {}, ["layout"]), {"corpus": "c"})
    assert report["items"]["wanted"] == 2
    assert report["items"]["predicted"] == 0
    assert report["item_f1"]["value"] == 0.0


def test_text_of_the_corpus_is_escaped(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", "1.00")
    report: dict[str, Any] = build_report(
        score_documents(list(read_corpus(folder)), {}), {"corpus": "<script>|"}
    )
    report["slices"]["layout"][0]["value"] = "<b>|"
    assert "<script>" not in to_html(report)
    assert "&lt;b>\\|" in to_markdown(report)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("{", "p.jsonl line 1: not a JSON object"),
        ('{"x": 1}', "line 1: want an object with an 'id'"),
    ],
)
def test_broken_predictions_are_refused_by_line(tmp_path: Path, broken: str, message: str) -> None:
    (tmp_path / "p.jsonl").write_text(broken)
    with pytest.raises(PredictionError, match=message):
        read_predictions(tmp_path / "p.jsonl")


def test_unusable_input_is_one_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out"), "--predictions", str(tmp_path / "missing.jsonl")]
    assert main(["--corpus", str(tmp_path / "nowhere"), *out]) == 2
    folder = write_corpus(tmp_path / "corpus", "1.00")
    assert main(["--corpus", str(folder), *out]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "nowhere" in said[0]
    assert "missing.jsonl" in said[1]


def test_pages_are_counted_from_one_in_predictions() -> None:
    summary = PageSummary(0, "invoice", 1.0, 0, 600, 800, 3, "text", "test")
    line = LineItem(amount=decimal("1.00"), page=summary.page)
    assert to_prediction("f", (document(line),), 0.0)["line_items"][0]["page"] == 1
