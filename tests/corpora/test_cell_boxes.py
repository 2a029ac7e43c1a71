"""Boxes of cells, and human classes of segments, as labels of the words that lie on them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from data.corpora.folder import parse_document
from data.corpora.labelling.projection import project_truth
from data.corpora.labelling.read_back import read_back
from data.corpora.labelling.segment_classes import Segment, read_segments
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box, LabelledPage, Page, Word

CELLS = {"description": [0.1, 0.3, 0.4, 0.33], "amount": [0.8, 0.3, 0.9, 0.33]}
TEA = {
    "description": "GREEN TEA",
    "amount": "4.00",
    "page": 1,
    "bbox": [0.1, 0.3, 0.9, 0.33],
    "cells": CELLS,
}


def document(folder: Path, *items: dict[str, Any], **changes: Any) -> TrueDocument:
    (folder / "a.png").write_bytes(b"")
    line = {"id": "a", "file": "a.png", "document_type": "receipt", "line_items": list(items)}
    return parse_document(json.dumps(line | changes), folder)


def page_of(*words: tuple[str, float, float, float]) -> Page:
    """Words as (text, left, right, top), all 0.02 high."""
    boxes = tuple(Word(t, Box(left, top, right, top + 0.02)) for t, left, right, top in words)
    return Page(0, 400, 800, boxes, "given", "test")


def tags(page: LabelledPage) -> dict[str, str]:
    return {word.text: tag for word, tag in zip(page.page.words, page.tags, strict=True)}


@pytest.mark.parametrize(
    ("word", "place", "tag", "why"),
    [
        ("4.00", (0.81, 0.89, 0.305), "amount", "the value on its box"),
        ("$4.00", (0.81, 0.89, 0.305), "amount", "with its currency"),
        ("4.0O", (0.81, 0.89, 0.305), "amount", "a misread amount is an amount"),
        ("A", (0.81, 0.83, 0.305), "ignore", "no digit, so not the number"),
        ("98765", (0.81, 0.89, 0.305), "ignore", "digits that the amount cannot be"),
        ("4.00", (0.60, 0.70, 0.305), "ignore", "an equal number in the row, outside of its box"),
        ("7.00", (0.60, 0.70, 0.305), "ignore", "a number without a label is not known"),
        ("4.00", (0.81, 0.89, 0.60), "ignore", "an equal number elsewhere may be a total"),
        ("Thanks", (0.3, 0.5, 0.60), "other", "words outside all rows are nothing"),
    ],
)
def test_a_word_is_labelled_by_the_box_it_lies_on(
    tmp_path: Path, word: str, place: tuple[float, float, float], tag: str, why: str
) -> None:
    page = page_of(("TEA", 0.1, 0.2, 0.305), ("TOTAL", 0.5, 0.6, 0.60), (word, *place))
    (labelled,) = project_truth(document(tmp_path, TEA), [page]).pages
    assert tags(labelled)[word] == tag, why


def test_a_word_on_two_cells_is_left_open(tmp_path: Path) -> None:
    rice = TEA | {
        "description": "RICE",
        "bbox": [0.1, 0.31, 0.9, 0.34],
        "cells": {"amount": [0.8, 0.31, 0.9, 0.34]},
    }
    page = page_of(("4.00", 0.81, 0.89, 0.31))
    (labelled,) = project_truth(document(tmp_path, TEA, rice), [page]).pages
    assert tags(labelled) == {"4.00": "ignore"}


def test_a_number_may_be_printed_in_several_words(tmp_path: Path) -> None:
    item = TEA | {"amount": "7220.00"}
    page = page_of(("7", 0.80, 0.82, 0.305), ("220.00", 0.83, 0.9, 0.305))
    (labelled,) = project_truth(document(tmp_path, item), [page]).pages
    assert labelled.tags == ("amount", "amount")


def test_items_without_cells_are_found_by_their_values(tmp_path: Path) -> None:
    rice = {"description": "RICE", "amount": "6.50", "page": 1}
    page = page_of(
        ("TEA", 0.1, 0.2, 0.305), ("4.00", 0.81, 0.89, 0.305),
        ("RICE", 0.1, 0.2, 0.40), ("6.50", 0.81, 0.89, 0.40),
    )  # fmt: skip
    projection = project_truth(document(tmp_path, TEA, rice), [page])
    assert projection.pages[0].tags == ("description", "amount", "description", "amount")
    assert len(set(projection.pages[0].items)) == 2
    labelled, right = read_back(projection.pages, projection.items)
    assert labelled == right == {"amount": 2, "description": 2}


def test_labels_that_read_otherwise_are_counted(tmp_path: Path) -> None:
    page = page_of(("TEA", 0.1, 0.2, 0.305), ("4.0O", 0.81, 0.89, 0.305))
    projection = project_truth(document(tmp_path, TEA), [page])
    labelled, right = read_back(projection.pages, projection.items)
    assert labelled == {"amount": 1, "description": 1}
    assert right["amount"] in (0, 1)  # an O may be read as a zero
    misread = page_of(("TEA", 0.1, 0.2, 0.305), ("4.09", 0.81, 0.89, 0.305))
    projection = project_truth(document(tmp_path, TEA), [misread])
    assert read_back(projection.pages, projection.items)[1]["amount"] == 0


@pytest.mark.parametrize(
    ("label", "text", "tag"),
    [
        ("Total_value", "$9.00", "invoice_total"),
        ("Total_value", "$8.00", "ignore"),  # not the document's total
        ("Subtotal_value", "7.00", "sub_total"),
        ("Tax_value", "2.00", "total_tax"),
        ("Tax_value", "A", "ignore"),
        ("Date_value", "12/30/2016", "document_date"),
        ("Date_value", "soon", "ignore"),
        ("Store_name_value", "COSTCO", "vendor_name"),
        ("Store_name_value", "TaxInvoice", "ignore"),
        ("Prod_item_key", "Description", "column_header"),
        ("Prod_item_key", "4ITEMS", "ignore"),
        ("Total_key", "TOTAL", "other"),
        ("Tel_value", "555-1234", "other"),
        ("Ignore", "smudge", "ignore"),
    ],
)
def test_classes_of_segments_name_header_values(
    tmp_path: Path, label: str, text: str, tag: str
) -> None:
    fields = {"invoice_total": "9.00", "sub_total": "7.00", "total_tax": "2.00"}
    page = page_of((text, 0.5, 0.6, 0.7), ("TEA", 0.1, 0.2, 0.305), ("4.00", 0.81, 0.89, 0.305))
    truth = document(tmp_path, TEA, fields=fields)
    segments = [Segment(label, Box(0.5, 0.7, 0.6, 0.72))]
    (labelled,) = project_truth(truth, [page], segments).pages
    assert tags(labelled)[text] == tag


def test_segments_are_read_by_document(tmp_path: Path) -> None:
    assert read_segments(tmp_path) == {}
    path = tmp_path / "segments.jsonl.gz"
    words = [["9.00", 50, 70, 60, 72, 0, "Total_value"]]
    with gzip.open(path, "wt") as file:
        file.write(json.dumps({"id": "a", "width": 100, "height": 100, "words": words}) + "\n")
    assert read_segments(tmp_path) == {"a": (Segment("Total_value", Box(0.5, 0.7, 0.6, 0.72)),)}
    with gzip.open(path, "wt") as file:
        file.write('{"id": "a", "words": [["9.00"]]}\n')
    with pytest.raises(CorpusError, match="line 1: not segments with classes"):
        read_segments(tmp_path)


def test_boxes_of_cells_that_are_none_are_refused(tmp_path: Path) -> None:
    wrong = TEA | {"cells": {"amount": [0.9, 0.3, 0.8, 0.33]}}
    with pytest.raises(CorpusError, match=r"line_items.0.cells.amount: .*ordered"):
        document(tmp_path, wrong)
