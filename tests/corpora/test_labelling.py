"""Corpus folders, truth on page words, kept readings, CORD."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from data import labels
from data.corpora.cord.word_level import labelled_pages
from data.corpora.folder import parse_document, read_corpus
from data.corpora.labelling.projection import (
    NotLabelled,
    label_document,
    project_truth,
)
from data.corpora.readings import read_file
from data.corpora.segments import page_of_segments
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box, LabelledPage, Page, Word

ITEM = {
    "page": 1,
    "bbox": [0.0, 0.30, 1.0, 0.33],
    "line_number": "1",
    "description": "Late News",
    "quantity": "2",
    "unit_price": "50.00",
    "amount": "100.00",
    "start_date": "2020-03-30",
    "end_date": "2020-04-05",
    "visible": ["amount", "quantity", "unit_price", "description"],
}


def manifest_line(**changes: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": "a",
        "file": "a.pdf",
        "document_type": "invoice",
        "fields": {"invoice_id": "4711", "sub_total": "100.00"},
        "fields_visible": ["invoice_id"],
        "line_items": [ITEM],
        "labels": "human",
        "layout": "grid",
    }
    return line | changes


def write_corpus(folder: Path, *lines: dict[str, Any]) -> Path:
    for line in lines:
        if isinstance(line.get("file"), str):
            (folder / line["file"]).write_bytes(b"%PDF-")
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")
    return folder


def true_document(folder: Path, **changes: Any) -> TrueDocument:
    (folder / "a.pdf").write_bytes(b"%PDF-")
    return parse_document(json.dumps(manifest_line(**changes)), folder)


def test_a_document_comes_with_its_truth(tmp_path: Path) -> None:
    (document,) = read_corpus(write_corpus(tmp_path, manifest_line()))
    (item,) = document.items
    assert document.fields_visible == {"invoice_id"}
    assert document.extra == {"layout": "grid"}
    assert (item.page, item.box) == (0, Box(0.0, 0.30, 1.0, 0.33))
    assert str(item.visible_decimal("amount")) == "100.00"
    assert item.wordings == ("Late News",)


def test_without_visible_everything_given_is_visible(tmp_path: Path) -> None:
    item = {"description": "Tee", "amount": "2.00", "quantity": None}
    document = true_document(tmp_path, line_items=[item], fields_visible=None)
    assert document.items[0].visible == {"description", "amount"}
    assert document.fields_visible == {"invoice_id", "sub_total"}


def test_a_printed_rate_of_an_excluded_row_is_kept(tmp_path: Path) -> None:
    row = {"amount": None, "parts": {"printed_rate": "75.00", "after": "Credited"}}
    document = true_document(tmp_path, excluded_rows=[row])
    assert str(document.excluded[0].decimal("printed_rate")) == "75.00"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"line_items": [ITEM | {"amount": 100.0}]}, "line 1: line_items.0.amount: .*string"),
        (
            {"line_items": [ITEM | {"amount": "1,00"}]},
            r"line_items.0.amount: .*'12.50', got '1,00'",
        ),
        ({"line_items": [ITEM, ITEM | {"page": 0}]}, "line_items.1.page: .*greater than"),
        ({"line_items": [ITEM | {"bbox": [0.5, 0, 0.2, 1]}]}, "line_items.0.bbox: .*ordered"),
        ({"line_items": [ITEM | {"start_date": "30.03.2020"}]}, "line_items.0.start_date"),
        ({"id": ""}, "line 1: id"),
        ({"file": "../a.pdf"}, "line 1: file: .*outside"),
        ({"fields": {"invoice_id": 4711}}, "line 1: fields.invoice_id"),
    ],
)
def test_a_wrong_manifest_is_refused_by_field(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        true_document(tmp_path, **changes)


def test_a_broken_line_a_missing_file_and_a_missing_manifest_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        list(read_corpus(tmp_path))
    write_corpus(tmp_path, manifest_line())
    (tmp_path / "a.pdf").unlink()
    with pytest.raises(CorpusError, match=r"manifest.jsonl line 1: file: .*does not exist"):
        list(read_corpus(tmp_path))
    (tmp_path / "manifest.jsonl").write_text("\n{broken\n")
    with pytest.raises(CorpusError, match="line 2: not a JSON object"):
        list(read_corpus(tmp_path))


def test_an_id_may_come_twice_for_one_file_only(tmp_path: Path) -> None:
    assert len(list(read_corpus(write_corpus(tmp_path, manifest_line(), manifest_line())))) == 2
    write_corpus(tmp_path, manifest_line(), manifest_line(file="b.pdf"))
    with pytest.raises(CorpusError, match=r"line 2: id 'a' names .*b.pdf but on line 1 .*a.pdf"):
        list(read_corpus(tmp_path))


def page_of(*rows: tuple[float, list[tuple[str, float]]], number: int = 0) -> Page:
    """Rows of (top, [(text, right edge)]); every letter is 0.01 wide, every row 0.02 high."""
    words = tuple(
        Word(text, Box.clamped(right - 0.01 * len(text), top, right, top + 0.02))
        for top, row in rows
        for text, right in row
    )
    return Page(number, 600, 800, words, "given", "test")


def said(page: LabelledPage) -> dict[str, list[tuple[str, int]]]:
    """Words by tag, with their item."""
    found: dict[str, list[tuple[str, int]]] = {}
    for word, tag, item in zip(page.page.words, page.tags, page.items, strict=True):
        found.setdefault(tag, []).append((word.text, item))
    return found


def spots(top: float, *cells: str) -> tuple[float, list[tuple[str, float]]]:
    edges = (0.05, 0.15, 0.25, 0.37, 0.45, 0.60, 0.75, 0.90)
    return top, list(zip(cells, edges, strict=True))


def test_cells_are_found_by_value_and_doubt_is_settled_by_column(tmp_path: Path) -> None:
    second = ITEM | {
        "bbox": [0.0, 0.40, 1.0, 0.43],
        "line_number": "2",
        "quantity": "3",
        "amount": "150.00",
    }
    page = page_of(
        (0.10, [("Order", 0.1), ("4711", 0.2)]),
        # line 1 has its quantity in two columns, line 2 only in the right one
        spots(0.305, "1", "03/30/20", "Late", "News", "2", "$50.00", "2", "$100.00"),
        spots(0.405, "2", "03/30/20", "Late", "News", "1", "$50.00", "3", "$150.00"),
        (0.60, [("Thank", 0.2), ("you", 0.3), ("Total", 0.7), ("$250.00", 0.9)]),
    )
    document = true_document(tmp_path, line_items=[ITEM, second])
    (labelled,) = label_document(document, [page])
    found = said(labelled)
    assert found["amount"] == [("$100.00", 0), ("$150.00", 1)]
    assert found["unit_price"] == [("$50.00", 0), ("$50.00", 1)]
    assert found["quantity"] == [("2", 0), ("3", 1)]
    assert found["line_number"] == [("1", 0), ("2", 1)]
    assert found["date"] == [("03/30/20", 0), ("03/30/20", 1)]
    assert [word for word, _ in found["description"]] == ["Late", "News"] * 2
    assert found["document_id"] == [("4711", -1)]
    assert ("$250.00", -1) in found["ignore"]
    assert ("Thank", -1) in found["other"]
    quantities = [i for i, word in enumerate(labelled.page.words) if word.text == "2"]
    assert [labelled.tags[i] for i in quantities] == ["other", "quantity", "line_number"]


def test_marks_between_the_words_of_a_description_belong_to_it(tmp_path: Path) -> None:
    item = ITEM | {"description": "News @ 9p"}
    page = page_of((0.305, [("News", 0.2), ("@", 0.25), ("9p", 0.3), ("9p", 0.5), ("$100.00", 1)]))
    (labelled,) = label_document(true_document(tmp_path, line_items=[item]), [page])
    assert labelled.tags[:4] == ("description", "description", "description", "other")


def test_a_price_may_stand_below_and_a_description_above(tmp_path: Path) -> None:
    page = page_of(
        (0.27, [("Late", 0.3), ("News", 0.4)]),
        (0.305, [("2", 0.75), ("$100.00", 0.9)]),
        (0.34, [("Week", 0.2), ("$50.00", 0.6)]),
        (0.37, [("Week", 0.2), ("$50.00", 0.6)]),
    )
    (labelled,) = label_document(true_document(tmp_path), [page])
    found = said(labelled)
    assert found["unit_price"] == [("$50.00", 0)]
    assert found["ignore"] == [("$50.00", -1)]
    assert found["description"] == [("Late", 0), ("News", 0)]


def test_what_was_not_found_is_left_out_of_training(tmp_path: Path) -> None:
    page = page_of((0.305, [("Late", 0.3), ("News", 0.4), ("2", 0.75), ("$1??.00", 0.9), ("7", 1)]))
    projection = project_truth(true_document(tmp_path), [page])
    found = said(projection.pages[0])
    assert "amount" not in found
    assert ("7", -1) in found["ignore"]
    assert projection.whole == (False,)
    assert projection.true_cells["amount"] == 1
    assert projection.found_cells.get("amount", 0) == 0


def test_excluded_rows_are_left_out(tmp_path: Path) -> None:
    row = {"page": 1, "bbox": [0, 0.5, 1, 0.53], "description": "Late News"}
    page = page_of(
        (0.305, [("Late", 0.3), ("News", 0.4), ("2", 0.6), ("$50.00", 0.75), ("$100.00", 0.9)]),
        (0.505, [("Late", 0.3), ("News", 0.4), ("2", 0.6), ("$50.00", 0.75), ("$100.00", 0.9)]),
    )
    (labelled,) = label_document(true_document(tmp_path, excluded_rows=[row]), [page])
    assert labelled.tags[5:] == ("ignore",) * 5


def test_a_page_delivered_upside_down_keeps_its_truth(tmp_path: Path) -> None:
    upright = page_of((0.675, [("News", 0.4), ("2", 0.6), ("$50.00", 0.75), ("$100.00", 0.9)]))
    turned = replace(upright, rotation=180, to_page=(-1.0, 0.0, 1.0, 0.0, -1.0, 1.0))
    (labelled,) = label_document(true_document(tmp_path), [turned])
    assert said(labelled)["amount"] == [("$100.00", 0)]


def test_a_document_of_which_nothing_can_be_learned_says_why(tmp_path: Path) -> None:
    bare = true_document(tmp_path, line_items=[{"description": "Tee", "amount": "5.00"}])
    with pytest.raises(NotLabelled, match="no words were read"):
        label_document(bare, [page_of()])
    with pytest.raises(NotLabelled, match="none of its items was found"):
        label_document(bare, [page_of((0.3, [("Cup", 0.2), ("4.00", 0.8)]))])
    with pytest.raises(NotLabelled, match="labels no line items"):
        label_document(replace(bare, items_labelled=False), [page_of((0.3, [("Tee", 0.2)]))])


def receipt(folder: Path, *items: tuple[str, str]) -> TrueDocument:
    rows = [{"description": d, "amount": a, "quantity": "1", "unit_price": a} for d, a in items]
    visible = [row | {"visible": ["description", "amount"]} for row in rows]
    return true_document(folder, line_items=visible, document_type="receipt", fields={})


def test_a_receipt_is_matched_by_wording_and_column(tmp_path: Path) -> None:
    page = page_of(
        (0.30, [("GREEN", 0.2), ("TEA", 0.3)]),
        (0.33, [("1", 0.3), ("4.00", 0.5), ("4.00", 0.8)]),
        (0.36, [("BROWN", 0.2), ("SUGAR", 0.3), ("3.50", 0.8)]),
        (0.40, [("TOTAL", 0.3), ("7.50", 0.8)]),
    )
    (labelled,) = label_document(
        receipt(tmp_path, ("Green Tea", "4.00"), ("Brown Sugr", "3.50")), [page]
    )
    found = said(labelled)
    assert found["amount"] == [("4.00", 0), ("3.50", 1)]
    assert found["unit_price"] == [("4.00", 0)]
    assert found["quantity"] == [("1", 0)]
    assert [word for word, _ in found["description"]] == ["GREEN", "TEA", "BROWN", "SUGAR"]
    assert ("7.50", -1) in found["ignore"]


def test_amounts_in_another_order_than_their_items_are_not_believed(tmp_path: Path) -> None:
    page = page_of(
        (0.30, [("TEA", 0.2), ("4.00", 0.8)]),
        (0.33, [("SUGAR", 0.2), ("3.50", 0.8)]),
    )
    swapped = receipt(tmp_path, ("Tea", "3.50"), ("Sugar", "4.00"))
    projection = project_truth(swapped, [page])
    assert projection.found_cells == {}
    assert projection.whole == (False,)


def test_segments_of_human_ocr_are_cut_into_words(tmp_path: Path) -> None:
    Image.new("L", (400, 800), 255).save(tmp_path / "r.png")
    (tmp_path / "r.json").write_text(json.dumps([["GREEN TEA", 40, 80, 130, 96]]))
    page = page_of_segments(tmp_path / "r.json", tmp_path / "r.png")
    green, tea = page.words
    assert (green.text, tea.text) == ("GREEN", "TEA")
    assert green.box.left == pytest.approx(0.1)
    assert green.box.right == pytest.approx(0.225)
    assert tea.box.right == pytest.approx(0.325)
    assert page.image is not None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:300],
        lambda content: content[:-30],
        lambda content: content[:200] + b"\0" * 60 + content[260:],
        lambda content: b"no zip file",
    ],
)
def test_a_damaged_kept_reading_is_made_anew(
    tmp_path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    picture = tmp_path / "white.png"
    Image.new("L", (900, 900), 255).save(picture)
    fresh = read_file(picture, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").glob("*.npz")
    kept.write_bytes(damage(kept.read_bytes()))
    assert read_file(picture, tmp_path / "kept").pages == fresh.pages
    assert "the cached reading is damaged; the file is read again" in caplog.text
    caplog.clear()
    assert read_file(picture, tmp_path / "kept").pages == fresh.pages
    assert caplog.text == ""


def test_a_reading_is_kept_and_comes_back_equal(tmp_path: Path) -> None:
    picture = tmp_path / "white.png"
    Image.new("L", (900, 900), 255).save(picture)
    fresh = read_file(picture, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").glob("*.npz")
    again = read_file(picture, tmp_path / "kept")
    assert again == fresh
    assert again.pages[0].image is not None
    assert fresh.pages[0].image is not None
    np.testing.assert_array_equal(again.pages[0].image, fresh.pages[0].image)
    assert kept.stat().st_size > 0


def cord_file(folder: Path, *words: list[Any]) -> Path:
    path = folder / "cord.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "x", "width": 100, "height": 200, "words": words}) + "\n")
    return path


def test_cord_entities_become_items(tmp_path: Path) -> None:
    # The second item's quantity stands higher than its name: the sheet was tilted.
    path = cord_file(
        tmp_path,
        ["2x", 5, 10, 10, 16, 0, "menu.cnt"],
        ["TEA", 12, 10, 30, 16, 1, "menu.nm"],
        ["8.000", 70, 11, 90, 17, 2, "menu.price"],
        ["1", 5, 18, 10, 24, 3, "menu.cnt"],
        ["RICE", 12, 20, 30, 26, 4, "menu.nm"],
        ["5.000", 70, 21, 90, 27, 5, "menu.price"],
        ["HOT", 14, 30, 30, 36, 6, "menu.sub.nm"],
        ["TOTAL", 5, 50, 30, 56, 7, "total.total_price"],
        ["13.000", 70, 50, 90, 56, 7, "total.total_price"],
        ["99", 70, 80, 90, 86, -1, "O"],
    )
    (labelled,) = labelled_pages(path)
    found = said(labelled)
    assert found["quantity"] == [("2x", 0), ("1", 1)]
    assert found["description"] == [("TEA", 0), ("RICE", 1)]
    assert found["amount"] == [("8.000", 0), ("5.000", 1)]
    assert found["invoice_total"] == [("13.000", -1)]
    assert found["ignore"] == [("HOT", -1), ("99", -1)]
    assert found["other"] == [("TOTAL", -1)]
    assert labelled.document_type == "receipt"


def test_a_priced_modifier_is_an_item_of_its_own(tmp_path: Path) -> None:
    path = cord_file(
        tmp_path,
        ["TEA", 12, 10, 30, 16, 0, "menu.nm"],
        ["8.000", 70, 10, 90, 16, 1, "menu.price"],
        ["MILK", 14, 20, 30, 26, 2, "menu.sub.nm"],
        ["500", 70, 20, 90, 26, 3, "menu.sub.price"],
    )
    (labelled,) = labelled_pages(path)
    assert len(set(labelled.items)) == 2
    assert said(labelled)["amount"][1][0] == "500"


def test_a_file_that_is_not_cord_is_refused_by_line(tmp_path: Path) -> None:
    path = cord_file(tmp_path, ["TEA", 12, 10])
    with pytest.raises(ValueError, match="line 1: not a CORD-r receipt"):
        list(labelled_pages(path))


def test_ignored_words_are_no_tag() -> None:
    assert labels.IGNORE not in labels.TAGS


@pytest.mark.shared
@pytest.mark.parametrize(
    ("corpus", "documents", "items"),
    [("adbuy", 203, 3395), ("einvoice", 47, 148), ("receipts", 90, 204)],
)
def test_the_real_corpora_keep_to_the_format(
    shared: Path, corpus: str, documents: int, items: int
) -> None:
    read = list(read_corpus(shared / "real" / corpus))
    assert len(read) == documents
    assert sum(len(document.items) for document in read) == items


@pytest.mark.shared
def test_nearly_all_cells_of_real_orders_are_found(shared: Path) -> None:
    wanted = found = 0
    for document in read_corpus(shared / "real" / "adbuy", limit=4):
        reading = read_file(document.path, None, "text", images=False)
        projection = project_truth(document, reading.pages)
        wanted += sum(projection.true_cells[name] for name in ("amount", "quantity"))
        found += sum(projection.found_cells[name] for name in ("amount", "quantity"))
    assert wanted > 40
    assert found >= 0.98 * wanted
