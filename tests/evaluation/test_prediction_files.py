"""Predictions from any source: what breaks the format is refused by file, line, seen and wanted."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.corpora.folder import read_corpus
from tests.support.small_invoices import write_corpus
from training.evaluate import main
from training.metrics.predictions import PredictionError, read_predictions


def write(path: Path, **values: Any) -> Path:
    path.write_text('{"id": "doc-0"}\n' + json.dumps({"id": "doc-1"} | values) + "\n")
    return path


def of_line(**values: Any) -> dict[str, Any]:
    return {"line_items": [{"amount": "1.00"}, values]}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            of_line(confidence={"amount": 1.7}),
            "confidence.amount: want a confidence within 0..1, got 1.7",
        ),
        (of_line(confidence={"amount": -0.1}), "want a confidence within 0..1, got -0.1"),
        (of_line(confidence={"amount": float("nan")}), "want a confidence within 0..1, got nan"),
        (of_line(confidence={"amount": float("inf")}), "want a confidence within 0..1, got inf"),
        (of_line(confidence={"amount": "0.9"}), "want a confidence within 0..1, got '0.9'"),
        (of_line(confidence={"amount": True}), "want a confidence within 0..1, got True"),
        (
            of_line(confidence=[0.9]),
            "line_items.1.confidence: Input should be a valid dict.*got \\[0.9\\]",
        ),
        (
            of_line(amount="1,00"),
            "line_items.1.amount: want a decimal string with a point, got '1,00'",
        ),
        (of_line(amount="NaN"), "want a decimal string with a point, got 'NaN'"),
        (of_line(quantity="1e3"), "want a decimal string with a point, got '1e3'"),
        (
            of_line(unit_price=12.5),
            "line_items.1.unit_price: Input should be a valid string, got 12.5",
        ),
        (of_line(description=["Tea"]), "line_items.1.description: Input should be a valid string"),
        (of_line(page=0), "line_items.1.page: want a page number from 1, got 0"),
        (of_line(page="1"), "want a page number from 1, got '1'"),
        (of_line(bbox=[10, 20, 300, 40]), "want an edge as a fraction of the page, got 10"),
        (of_line(bbox=[0.1, 0.2, 0.3]), "line_items.1.bbox"),
        (of_line(places={"amount": {"page": 1, "bbox": [0.1, 0.2, "0.3", 0.4]}}), "got '0.3'"),
        (of_line(places={"amount": [0.1, 0.2, 0.3, 0.4]}), "line_items.1.places.amount"),
        (of_line(alternatives={"amount": [{"value": "2", "confidence": 2}]}), "within 0..1, got 2"),
        (of_line(alternatives={"amount": [{"confidence": 0.2}]}), "amount.0.value: Field required"),
        ({"fields": {"invoice_total": 12.5}}, "fields.invoice_total: .*got 12.5"),
        ({"confidence": {"invoice_total": 7}}, "confidence.invoice_total: want a confidence"),
        ({"document_type_confidence": "high"}, "document_type_confidence: .*got 'high'"),
        ({"document_type": 380}, "document_type: .*got 380"),
        ({"seconds": -1}, "seconds: want seconds, 0 or more, got -1"),
        ({"seconds": 10**400}, "seconds: want seconds, 0 or more, got 1000"),
        ({"pages": 1.5}, "pages: want a number of pages, got 1.5"),
        ({"parts": [{"line_items": [-1]}]}, "parts.0.line_items.0: want a row of line_items"),
        ({"line_items": None}, "line_items: Input should be a valid list, got None"),
        ({"line_items": ["Tea"]}, "line_items.0: .*got 'Tea'"),
    ],
)
def test_a_value_that_breaks_the_format_is_refused(
    tmp_path: Path, values: dict[str, Any], message: str
) -> None:
    file = write(tmp_path / "theirs.jsonl", **values)
    with pytest.raises(PredictionError, match=f"theirs.jsonl line 2: .*{message}"):
        read_predictions(file)


@pytest.mark.parametrize(
    "values",
    [
        {},
        of_line(),
        of_line(amount="", quantity=None, unit_price="-12.50", description=None),
        of_line(confidence={"amount": 0, "quantity": 1, "unit_price": None}),
        of_line(confidence=None, places=None, alternatives=None),
        of_line(places={"amount": {"page": 1}, "quantity": None}, page=3, bbox=[0, 0, 1, 1]),
        of_line(bbox=[-0.01, 0.2, 1.02, 0.3]),  # sticks out of a turned page
        {"seconds": 0, "pages": 0, "parts": [], "entities": [], "whatever": {"else": 1}},
    ],
)
def test_what_may_be_left_out_is_taken(tmp_path: Path, values: dict[str, Any]) -> None:
    file = write(tmp_path / "theirs.jsonl", **values)
    assert read_predictions(file)["doc-1"] == {"id": "doc-1"} | values


def test_the_evaluation_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", 2)
    file = write(tmp_path / "theirs.jsonl", **of_line(confidence={"amount": 1.7}))
    arguments = ["--corpus", str(corpus), "--out", str(tmp_path / "out"), "--predictions"]
    assert main([*arguments, str(file)]) == 2
    said = capsys.readouterr().err
    assert said.endswith("want a confidence within 0..1, got 1.7\n")
    assert said.count("\n") == 1
    assert len(list(read_corpus(corpus))) == 2
