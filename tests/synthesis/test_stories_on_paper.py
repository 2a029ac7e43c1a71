"""A story's documents show it: printed evidence reads back, files and manifest hold together."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from data.corpora.damage import NO_DAMAGE, Damage
from data.corpora.folder import read_corpus
from data.exchange.order_files import load_order_data
from data.labels import DECIMAL_TAGS
from data.synthesis.stories.dispute import Dispute, clean_words, make_dispute, render
from data.synthesis.stories.files import truth_json, write_disputes
from data.synthesis.stories.incidents.by_name import INCIDENTS
from data.values.document_values import read_number, split_quantity

D = Decimal


@pytest.fixture(scope="module")
def disputes() -> list[Dispute]:
    drawn = [make_dispute(4, index) for index in range(8)]
    return [*drawn, *(make_dispute(4, 0, incident.name) for incident in INCIDENTS)]


@pytest.fixture(scope="module")
def truths(disputes: list[Dispute]) -> list[dict[str, Any]]:
    return [truth_json(dispute, clean_words(dispute)) for dispute in disputes]


def _places(truth: dict[str, Any]) -> list[dict[str, Any]]:
    evidence = [place for variance in truth["variances"] for place in variance["evidence"]]
    return [place for place in [*evidence, *truth["shown"]] if place["printed"]]


def test_evidence_on_the_documents_in_hand_is_printed(truths: list[dict[str, Any]]) -> None:
    for truth in truths:
        kinds = {document["kind"] for document in truth["documents"]}
        for variance in truth["variances"]:
            for place in variance["evidence"]:
                # Receipts and the order are data too, and not every line is on every paper.
                if place.get("document") in kinds - {"purchase_order", "goods_receipt"}:
                    assert place["printed"], (truth["incidents"], place)


def test_evidence_reads_back_as_its_value(truths: list[dict[str, Any]]) -> None:
    checked = 0
    for truth in truths:
        documents = {document["id"]: document for document in truth["documents"]}
        for place in _places(truth):
            if place["row"] is None or place["field"] not in DECIMAL_TAGS:
                continue
            document = documents.get(place["document_id"])
            if document is None or "decimal_point_in_commas" in truth["incidents"]:
                continue
            rows = [row for row in document["line_items"] if row["row"] == place["row"]]
            values = {abs(D(row[place["field"]])) for row in rows}
            readings = {abs(reading.value) for reading in read_number(place["text"])}
            parts = split_quantity(place["text"])
            if parts is not None:
                readings |= {abs(reading.value) for reading in read_number(parts[0])}
            assert values & readings, (truth["dispute"], place, values)
            checked += 1
    assert checked > 60


def test_boxes_of_evidence_lie_on_the_page(truths: list[dict[str, Any]]) -> None:
    for place in (place for truth in truths for place in _places(truth)):
        left, top, right, bottom = place["bbox"]
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert len(place["boxes"]) == len(place["text"].split())


def test_every_printed_text_is_an_allowed_one(disputes: list[Dispute]) -> None:
    for dispute in disputes:
        for paper in dispute.papers:
            for place, row in enumerate(paper.content.rows):
                for name, text in paper.row_texts(place).items():
                    allowed = row.texts.get(name)
                    assert row.printed_quantity or allowed is not None
                    assert not allowed or row.printed_quantity or text in allowed


def test_every_row_is_on_paper(disputes: list[Dispute]) -> None:
    for dispute in disputes:
        for paper in dispute.papers:
            printed = [paper.row_texts(place) for place in range(len(paper.content.rows))]
            assert all("description" in row for row in printed), (dispute.dispute_id, paper.key)


def test_every_kind_of_document_occurs(disputes: list[Dispute]) -> None:
    assert {paper.content.kind for dispute in disputes for paper in dispute.papers} == {
        *("invoice", "credit_memo", "receipt", "purchase_order", "packing_slip", "delivery_note"),
        *("bill_of_lading", "proof_of_delivery", "goods_receipt", "debit_memo"),
    }


@pytest.mark.parametrize(
    ("case", "document", "field", "numbers"),
    [
        ("cartons_short", "proof_of_delivery", "exception", {"1", "2"}),
        ("struck_by_hand", "invoice", "struck_quantity", {"48", "60"}),
    ],
)
def test_handwritten_numbers_are_read_back(
    case: str, document: str, field: str, numbers: set[str]
) -> None:
    dispute = make_dispute(9, 2, case)
    truth = truth_json(dispute, clean_words(dispute))
    places = [
        place
        for place in _places(truth)
        if place["field"] == field and document in place["document_id"]
    ]
    assert places
    readings = {reading.value for reading in read_number(places[0]["text"].split()[0])}
    assert readings & {D(number) for number in numbers}


def test_merged_amounts_touch() -> None:
    paper = make_dispute(4, 0, "merged_rows").paper("invoice")
    place = [row.runs_into_next for row in paper.content.rows].index(True)
    inks = {ink.item: ink for _, _, ink in paper.inks() if ink.tag == "amount"}
    first, second = inks[place], inks[place + 1]
    assert second.left == pytest.approx(first.left + first.width)
    assert second.baseline == first.baseline


def test_an_absent_price_is_absent_and_the_amount_is_there() -> None:
    paper = make_dispute(4, 0, "price_absent").paper("invoice")
    places = [place for place, row in enumerate(paper.content.rows) if row.blank_cells]
    for place in places:
        assert "unit_price" not in paper.row_texts(place)
        assert "amount" in paper.row_texts(place)


def test_a_sum_is_carried_to_the_next_page() -> None:
    paper = make_dispute(4, 0, "carried_forward").paper("invoice")
    assert len(paper.sheets) == 2
    sheets = {number for number, _, ink in paper.inks() if ink.mark == "carried_forward"}
    assert sheets == {0, 1}


def test_two_invoices_share_a_file_and_one_invoice_two() -> None:
    dispute = make_dispute(4, 0, "two_in_one_file")
    assert {
        dispute.find_page(number, 0)[0].name
        for number, paper in enumerate(dispute.papers)
        if "invoice" in paper.key
    } == {"invoices.pdf"}
    dispute = make_dispute(4, 0, "one_in_two_files")
    truth = truth_json(dispute, clean_words(dispute))
    parts = [document for document in truth["documents"] if document["kind"] == "invoice"]
    assert [part["file"] for part in parts] == ["invoice_page_1.pdf", "invoice_page_2.pdf"]
    assert all(part["line_items"] for part in parts)


@pytest.mark.parametrize("index", range(8))
def test_every_file_has_pages_and_every_sheet_a_file(index: int) -> None:
    dispute = make_dispute(4, index, "one_in_two_files")
    assert all(file.pages for file in dispute.files)
    sheets = sum(len(paper.sheets) for paper in dispute.papers)
    assert sum(len(file.pages) for file in dispute.files) == sheets


@pytest.mark.parametrize("damage", [NO_DAMAGE, Damage(0.5, angle=1.2, noise=5, jpeg=60)])
def test_boxes_follow_the_damage(damage: Damage) -> None:
    dispute = make_dispute(4, 3)
    for paper, scans in zip(dispute.papers, render(dispute, 60, damage), strict=True):
        for sheet, scan in zip(paper.sheets, scans, strict=True):
            assert [word.text for word in scan.words] == [ink.text for ink in sheet.inks_on_sheet()]
            height, width = scan.grey.shape
            inked = [
                np.min(
                    scan.grey[
                        int(word.box.top * height) : int(word.box.bottom * height) + 1,
                        int(word.box.left * width) : int(word.box.right * width) + 1,
                    ]
                )
                < 200
                for word in scan.words
            ]
            assert sum(inked) > 0.9 * len(inked)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("disputes")
    write_disputes(path, 6, 3, dpi=50)
    return path


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_disputes(tmp_path, 6, 2, dpi=50)
    written_files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written_files) > 6
    for path in written_files:
        if path.name != "manifest.jsonl":
            assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_the_folder_is_a_corpus(folder: Path) -> None:
    documents = list(read_corpus(folder))
    assert len(documents) >= 9
    for document in documents:
        assert document.path is not None
        assert document.items
        assert all(item.box is not None for item in document.items)
        if document.path.suffix != ".pdf":
            with Image.open(document.path) as image:
                assert image.width > 100


def test_order_data_and_truth_of_a_dispute_belong_together(folder: Path) -> None:
    for path in sorted(folder.glob("*/dispute.json")):
        data = load_order_data([path])
        truth = json.loads((path.parent / "truth.json").read_text(encoding="utf-8"))
        numbers = [line.po_line_number for line in data.order.lines]
        assert [line["po_line_number"] for line in truth["lines"]][: len(numbers)] == numbers
        for document in truth["documents"]:
            assert (path.parent / document["file"]).is_file()


def test_a_layout_with_more_rows_than_the_story_is_rejected() -> None:
    # Raised IndexError: a layout of this vendor adds rows of its own to the item table.
    assert make_dispute(20261201, 224).papers
