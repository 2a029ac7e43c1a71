"""Labels from a checkpoint: kept where the accounting closes, and nowhere else."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from data.corpora.shards.loading import load_training_pages
from data.corpora.shards.training_page import pack_page
from data.corpora.truth import TrueItem
from data.records import Box, ExtractedDocument, Field, LineItem, Page, Word
from data.synthesis.ocr_fitting.shards import write_shard
from training.extractor import Extractor
from training.label import main
from training.learning.pseudo_labels import (
    FolderCounts,
    PseudoLabels,
    count_right,
    label_folder,
    pseudo_label,
)

COLUMNS = {"description": 0.1, "quantity": 0.4, "unit_price": 0.6, "amount": 0.8}
Row = tuple[str, str, str, str]  # description, quantity, unit price, amount as printed; "" = none


def page_of(rows: Sequence[Row], total: str) -> Page:
    """One line a row, the total below."""
    printed = [
        (text, COLUMNS[name], 0.1 + 0.05 * number)
        for number, row in enumerate(rows)
        for name, text in zip(COLUMNS, row, strict=True)
        if text
    ]
    printed += [("Total", 0.6, 0.9), (total, 0.8, 0.9)]
    words = tuple(Word(text, Box(left, top, left + 0.1, top + 0.02)) for text, left, top in printed)
    return Page(0, 600, 800, words, "given", "test")


def leaf(page: Page, text: str, place: Box, **changes: Any) -> Field:
    number = text.lstrip("$").replace(",", "")
    is_number = number.replace(".", "").lstrip("-").isdigit()
    value = Decimal(number) if is_number else text
    made = Field(value, raw_text=text, page=0, polygon=page.polygon(place), confidence=0.95)
    return replace(made, **changes)


def read(page: Page, rows: Sequence[Row], total: str = "", **changes: Any) -> ExtractedDocument:
    """The document as a perfect reader returns it; `changes` apply to the first row's leaves."""
    items = []
    for number, row in enumerate(rows):
        top = 0.1 + 0.05 * number
        leaves = {
            name: leaf(page, text, Box(left, top, left + 0.1, top + 0.02))
            for (name, left), text in zip(COLUMNS.items(), row, strict=True)
            if text
        }
        if number == 0:
            leaves |= {name: replace(leaves[name], **change) for name, change in changes.items()}
        polygon = page.polygon(Box(0.1, top, 0.9, top + 0.02))
        items.append(replace(LineItem(page=0, row_polygon=polygon), **cast(Any, leaves)))
    fields = {"invoice_total": leaf(page, total, Box(0.8, 0.9, 0.9, 0.92))} if total else {}
    return ExtractedDocument("d", Field("invoice", confidence=0.99), fields, tuple(items))


def tags(labelled: PseudoLabels) -> list[str]:
    return list(labelled.pages[0].tags)


TEA: Row = ("Tea", "3", "2.50", "7.50")
RICE: Row = ("Rice", "1", "4.00", "4.00")
BAG: Row = ("Bag", "", "", "0.50")


@pytest.mark.parametrize(
    ("rows", "total", "outcome", "why"),
    [
        ([TEA, RICE], "11.50", "whole", "rows sum to the total and no product fails"),
        ([RICE, BAG], "4.50", "whole", "two amounts that sum to the total"),
        ([TEA, RICE], "11.51", "rows", "a cent apart: only the row that proves itself"),
        ([TEA, RICE], "", "rows", "no total was read"),
        ([TEA], "7.50", "whole", "one row, but its product holds"),
        ([RICE], "4.00", "none", "a product by one and a sum of one row prove nothing"),
        ([RICE, BAG], "4.60", "none", "nothing closes"),
        ([("Tea", "3", "2.50", "7.60"), RICE], "11.60", "none", "a row contradicts itself"),
        ([TEA, ("Gift", "1", "0.00", "0.00")], "7.50", "whole", "a free row is left open"),
        ([TEA, ("Cup", "2", "-1.00", "-2.00")], "5.50", "whole", "a credit"),
        ([("Tea", "3", "2.505", "7.515")], "7.51", "none", "an amount is money"),
    ],
)
def test_what_closes_is_kept(rows: list[Row], total: str, outcome: str, why: str) -> None:
    page = page_of(rows, total or "99.99")
    labelled = pseudo_label(read(page, rows, total), [page])
    found = "none" if labelled is None else "whole" if labelled.whole else "rows"
    assert found == outcome, why


def test_a_whole_document_teaches_items_and_the_total_that_closed() -> None:
    rows = [TEA, RICE]
    page = page_of(rows, "11.50")
    labelled = pseudo_label(read(page, rows, "11.50"), [page])
    assert labelled is not None
    row = ["description", "quantity", "unit_price", "amount"]
    assert tags(labelled) == [*row, *row, "other", "invoice_total"]
    assert labelled.pages[0].items == (0, 0, 0, 0, 1, 1, 1, 1, -1, -1)
    assert labelled.pages[0].document_type == "invoice"


def test_of_a_document_that_does_not_close_only_proved_rows_teach() -> None:
    rows = [TEA, RICE]
    page = page_of(rows, "99.00")
    labelled = pseudo_label(read(page, rows, "99.00"), [page])
    assert labelled is not None
    row = ["description", "quantity", "unit_price", "amount"]
    assert tags(labelled) == row + ["ignore"] * 6


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"source": "derived"}, "a derived value is no print"),
        ({"raw_text": None}, "nor is one without print"),
        ({"raw_text": "7,80"}, "the print reads otherwise: arithmetic overwrote it"),
        ({"polygon": None}, "it has no place"),
        ({"value": None}, "it was not read"),
    ],
)
def test_a_number_counts_only_where_its_print_reads_as_its_value(
    change: dict[str, Any], why: str
) -> None:
    rows = [TEA, RICE]
    page = page_of(rows, "11.50")
    labelled = pseudo_label(read(page, rows, "11.50", amount=change), [page])
    assert labelled is None, why


def test_quantity_and_price_that_make_no_amount_are_left_open() -> None:
    rows: list[Row] = [("Tea", "3", "", "7.50"), BAG]
    page = page_of(rows, "8.00")
    labelled = pseudo_label(read(page, rows, "8.00"), [page])
    assert labelled is not None
    assert tags(labelled)[:3] == ["description", "ignore", "amount"]


def test_charges_count_for_the_sum_and_are_left_open() -> None:
    rows = [TEA, RICE, ("Freight", "", "", "5.00")]
    page = page_of(rows, "16.50")
    document = read(page, rows, "16.50")
    freight = replace(document.line_items[2], line_type="freight")
    document = replace(document, line_items=(*document.line_items[:2], freight))
    labelled = pseudo_label(document, [page])
    assert labelled is not None
    assert labelled.whole
    assert tags(labelled)[8:10] == ["ignore", "ignore"]


def item(**values: str) -> TrueItem:
    return TrueItem(values, frozenset(values))


@pytest.mark.parametrize(
    ("labelled", "true", "right"),
    [
        ([item(amount="4.00")], [item(amount="4.00")], 1),
        ([item(amount="4.00")], [item(amount="4.01")], 0),
        ([item(amount="4.00"), item(amount="4.00")], [item(amount="4.00")], 1),  # one to one
        ([item(amount="4.00", quantity="2")], [item(amount="4.00")], 1),  # not printed: not known
        ([item(amount="4.00", quantity="2")], [item(amount="4.00", quantity="1")], 0),
        ([item(amount="4.00")], [], 0),
    ],
)
def test_kept_rows_are_compared_with_the_truth_one_to_one(
    labelled: list[TrueItem], true: list[TrueItem], right: int
) -> None:
    assert count_right(labelled, true) == right


class FakeExtractor:
    """Reads every page as the same two rows; a file named `none` as no document."""

    def extract(self, name: str, pages: Sequence[Page]) -> tuple[ExtractedDocument, ...]:
        return () if name.startswith("none") else (read(pages[0], [TEA, RICE], "11.50"),)


def test_a_folder_becomes_a_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "unlabelled" / "documents"
    folder.mkdir(parents=True)
    for number, name in enumerate(("a.png", "none.png")):
        Image.new("L", (40, 40), number).save(folder / name)
    (folder / "broken.png").write_bytes(b"no picture")
    page = page_of([TEA, RICE], "11.50")

    def read_page(path: Path, cache: Path | None) -> Any:
        from data.corpora import readings

        return readings.read_file(path, None) if "broken" in path.name else PagesOnly((page,))

    monkeypatch.setattr("training.learning.pseudo_labels.read_file", read_page)
    counts = FolderCounts()
    extractor = cast(Extractor, FakeExtractor())
    pages = list(label_folder(folder, extractor, "abc", None, counts))
    assert (counts.files, counts.labelled, counts.whole, counts.rows) == (3, 1, 1, 2)
    assert sum(counts.reasons.values()) == 2
    shard = tmp_path / "pseudo.jsonl.gz"
    write_shard(shard, [pack_page(page) for page in pages])
    (loaded,) = load_training_pages(shard)
    assert loaded.family == {
        "corpus": "unlabelled",
        "words": "pseudo",
        "checkpoint": "abc",
        "document_type": "invoice",
    }
    assert load_training_pages(shard, {"words": ["pseudo"]}) == []


class PagesOnly:
    """A reading with pages and nothing else."""

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self.pages = pages


def test_the_command_wants_one_form(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments in ([], [str(tmp_path)], ["--out", "x.jsonl.gz"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert main([str(tmp_path), "--out", "x", "--checkpoint", str(tmp_path / "none")]) == 2
    assert json.dumps(capsys.readouterr().err)
