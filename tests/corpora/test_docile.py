"""DocILE datasets: labels by our names, boxes as the official package reads them, given words."""

import math
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.corpora.published.docile import read_documents
from data.corpora.readings import read_document
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box
from tests.support.docile_files import (
    CELLS,
    DOCID,
    FIELDS,
    METADATA,
    annotation,
    cell,
    labelled,
    ocr_page,
    write,
    write_dataset,
)


def read_one(folder: Path, **changes: Any) -> TrueDocument:
    (document,) = read_documents(write_dataset(folder, annotation(**changes)))
    return document


def test_labels_become_values_under_our_names(tmp_path: Path) -> None:
    document = read_one(tmp_path)
    assert document.document_type == "invoice"
    assert document.fields == {
        "invoice_id": "INV 77",
        "invoice_date": "2020-03-25",
        "vendor_name": "ACME Inc.",
        "amount_due": "1350.00",
        "currency": "USD",
    }
    assert document.fields_visible == set(document.fields) - {"currency"}  # only in the metadata
    assert [dict(item.values) for item in document.items] == [
        {
            "line_number": "10",
            "description": "Screws M4",
            "quantity": "1250",
            "unit_price": "1.00",
            "amount": "1250.00",
        },
        {"description": "Nails", "amount": "100.00"},
    ]
    first = document.items[0]
    assert first.visible == set(first.values)
    assert first.box == Box(0.05, 0.5, 0.9, 0.52)
    assert first.cells.keys() == first.visible  # by our names, to label words by
    assert all(first.box.left <= box.left <= first.box.right for box in first.cells.values())
    assert (document.extra["layout"], document.extra["split"]) == ("554", "val")


def test_places_keep_every_label_and_no_column_head(tmp_path: Path) -> None:
    document = read_one(tmp_path)
    assert len(document.places) == len(FIELDS) + len(CELLS)
    assert {place.name for place in document.places} >= {"vendor_address", "line_item_position"}
    assert {place.item for place in document.places} == {None, 1, 2}


NET = [
    cell(1, "amount_net", "10.00", 0.7),
    cell(1, "amount_gross", "11.90", 0.8),
    cell(1, "unit_price_net", "5.00", 0.5),
    cell(1, "quantity", "2", 0.4),
]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        # net and gross: the net money is the amount
        (NET, {"amount": "10.00", "gross_amount": "11.90", "unit_price": "5.00", "quantity": "2"}),
        # three different quantities: none is the truth
        ([cell(1, "quantity", text, 0.2) for text in ("4", "6M", "24,000")], {}),
        # the same value twice is one value
        ([cell(1, "quantity", "4", 0.2), cell(1, "quantity", "4", 0.6)], {"quantity": "4"}),
        # thousand or one, and nothing tells
        ([cell(1, "amount_gross", "1.000", 0.8)], {}),
        # the product tells
        (
            [
                cell(1, "amount_gross", "2,000", 0.8),
                cell(1, "quantity", "2", 0.2),
                cell(1, "unit_price_gross", "1000.00", 0.5),
            ],
            {"amount": "2000", "quantity": "2", "unit_price": "1000.00"},
        ),
        # a credited row
        ([cell(1, "amount_gross", "1,269.12-", 0.8)], {"amount": "-1269.12"}),
        # pieces of one description, from top to bottom
        (
            [cell(1, "description", "blue", 0.2, 0.53), cell(1, "description", "Chair", 0.2)],
            {"description": "Chair blue"},
        ),
        # nothing we have a name for
        ([cell(1, "hts_number", "8501", 0.2)], {}),
    ],
)
def test_item_values(tmp_path: Path, cells: list[Any], values: dict[str, str]) -> None:
    (item,) = read_one(tmp_path, field_extractions=[], line_item_extractions=cells).items
    assert dict(item.values) == values
    assert item.visible == set(values)


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ([("date_issue", "03/04/20")], {}),
        ([("date_issue", "1 2 02")], {}),
        ([("date_issue", "03/04/20"), ("date_due", "25/04/20")], {"invoice_date": "2020-04-03"}),
        ([("amount_due", "10.00"), ("amount_due", "12.00")], {}),
        ([("amount_due", "10.00"), ("amount_due", "10.00")], {"amount_due": "10.00"}),
        ([("order_id", "A1")], {"purchase_order": "A1"}),
        ([("order_id", "A1"), ("customer_order_id", "B2")], {"purchase_order": "B2"}),
        ([("order_id", "A1"), ("customer_order_id", "B2"), ("customer_order_id", "C3")], {}),
        ([("currency_code_amount_due", "$")], {}),
        ([("currency_code_amount_due", "EUR")], {"currency": "EUR"}),
        ([("vendor_name", None)], {}),
    ],
)
def test_header_values(tmp_path: Path, fields: list[Any], read: dict[str, str]) -> None:
    seen = [labelled(name, text, [0.1, 0.1, 0.2, 0.2]) for name, text in fields]
    metadata = METADATA | {"currency": "other"}
    document = read_one(
        tmp_path, field_extractions=seen, line_item_extractions=[], metadata=metadata
    )
    assert {name: document.fields.get(name) for name in read} == read
    if not read:
        assert document.fields == {}


@pytest.mark.parametrize(
    ("theirs", "ours", "number"),
    [
        ("tax_invoice", "invoice", "invoice_id"),
        ("credit_note", "credit_memo", "invoice_id"),
        ("purchase_order", "purchase_order", "po_number"),
        ("proforma", "other:proforma", "document_id"),
    ],
)
def test_document_types(tmp_path: Path, theirs: str, ours: str, number: str) -> None:
    document = read_one(tmp_path, metadata=METADATA | {"document_type": theirs})
    assert document.document_type == ours
    assert document.fields[number] == "INV 77"


def test_official_package_reads_the_same_boxes(tmp_path: Path) -> None:
    official = pytest.importorskip("docile.dataset")
    dataset = official.Dataset(
        "val", write_dataset(tmp_path), cache_images=official.CachingConfig.OFF
    )
    (document,) = read_documents(tmp_path / "val.json")
    theirs = dataset[DOCID]
    wanted = [
        (field.fieldtype, field.page, field.bbox.to_tuple(), field.text, field.line_item_id)
        for field in [*theirs.annotation.fields, *theirs.annotation.li_fields]
    ]
    ours = [
        (
            place.name,
            place.page,
            (place.box.left, place.box.top, place.box.right, place.box.bottom),
            place.text,
            place.item,
        )
        for place in document.places
    ]
    assert ours == wanted
    assert document.extra["page_count"] == theirs.page_count
    (page,) = read_document(document, None, "given").pages
    read = {(word.text, word.box.left, word.box.bottom) for word in page.words}
    assert read == {(w.text, w.bbox.left, w.bbox.bottom) for w in theirs.ocr.get_all_words(0)}


@pytest.mark.parametrize(("pdf", "size"), [(False, (1200.0, 1600.0)), (True, (600.0, 800.0))])
def test_given_words(tmp_path: Path, pdf: bool, size: tuple[float, float]) -> None:
    (document,) = read_documents(write_dataset(tmp_path, pdf=pdf))
    assert (document.path is not None) == pdf
    assert document.read_corpus_pages is not None
    (page,) = pickle.loads(pickle.dumps(document)).read_corpus_pages()
    assert [word.text for word in page.words] == ["INV", "77", "Screws", "1,250.00"]
    assert (page.width, page.height) == size
    assert (page.image is not None) == pdf
    assert page.words_source == "given"


def test_document_without_ocr_brings_no_words(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    (tmp_path / "ocr" / f"{DOCID}.json").unlink()
    (document,) = read_documents(tmp_path)
    assert document.read_corpus_pages is None


def test_splits(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    write(tmp_path / "annotations" / "b2.json", annotation())
    write(tmp_path / "trainval.json", ["b2", DOCID])
    read = [(d.document_id, d.extra["split"]) for d in read_documents(tmp_path)]
    assert read == [(DOCID, "val"), ("b2", "trainval")]
    read = [(d.document_id, d.extra["split"]) for d in read_documents(tmp_path / "trainval.json")]
    assert read == [("b2", "trainval"), (DOCID, "trainval")]
    (tmp_path / "val.json").unlink()
    (tmp_path / "trainval.json").unlink()
    assert [d.document_id for d in read_documents(tmp_path)] == [DOCID, "b2"]


WIDE = [0.1, 0.1, 1.2, 0.2]
TURNED = [0.3, 0.1, 0.2, 0.2]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("{", "a1.json"),
        ({"metadata": METADATA}, "a1.json: field_extractions: Field required"),
        (annotation(metadata={}), "metadata.page_count: Field required"),
        (annotation(metadata=METADATA | {"page_count": 0}), "metadata.page_count"),
        (
            annotation(field_extractions=[labelled("x", "y", [0.1, 0.2, 0.3])]),
            "field_extractions.0.bbox",
        ),
        (
            annotation(field_extractions=[labelled("x", "y", WIDE)]),
            "field_extractions.0.bbox: want left <= right",
        ),
        (
            annotation(line_item_extractions=[labelled("x", "y", TURNED, line_item_id=1)]),
            "line_item_extractions.0.bbox",
        ),
        (
            annotation(line_item_extractions=[labelled("x", "y", [0, 0, 1, 1])]),
            "line_item_extractions.0.line_item_id: Field required",
        ),
        (
            annotation(field_extractions=[labelled("x", "y", [0, 0, 1, 1], page=1)]),
            "field_extractions.0.page: got 1, want 0..0",
        ),
        (
            annotation(field_extractions=[labelled("x", 7, [0, 0, 1, 1])]),
            "field_extractions.0.text",
        ),
    ],
)
def test_malformed_annotations(tmp_path: Path, seen: Any, said: str) -> None:
    folder = write_dataset(tmp_path, seen)
    with pytest.raises(CorpusError) as raised:
        list(read_documents(folder))
    assert said in str(raised.value)
    assert "a1.json" in str(raised.value)


@pytest.mark.parametrize(
    ("ocr", "said"),
    [
        ({}, "pages: Field required"),
        ({"pages": [{"dimensions": [1, 2]}]}, "pages.0.blocks"),
        ({"pages": []}, "pages: got 0, want 1"),
        ({"pages": [ocr_page([("far", 1.5, 0.1)])]}, "pages.0: want left <= right"),
    ],
)
def test_malformed_ocr(tmp_path: Path, ocr: Any, said: str) -> None:
    (document,) = read_documents(write_dataset(tmp_path, ocr=ocr, pdf=True))
    assert document.read_corpus_pages is not None
    with pytest.raises(CorpusError, match=r"a1\.json") as raised:
        document.read_corpus_pages()
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("index", "said"),
    [(["missing"], "missing.json: cannot be read"), (["../a1"], "id '../a1'")],
)
def test_bad_index(tmp_path: Path, index: list[str], said: str) -> None:
    with pytest.raises(CorpusError) as raised:
        list(read_documents(write_dataset(tmp_path, index=index)))
    assert said in str(raised.value)


def test_a_box_just_beyond_the_page_is_cut(tmp_path: Path) -> None:
    seen = [labelled("x", "y", [-0.001, 0.1, 0.5, 1.002])]
    document = read_one(tmp_path, field_extractions=seen)
    assert document.places[0].box == Box(0.0, 0.1, 0.5, 1.0)


JUNK = [None, True, -1, 10**30, math.nan, "", "x", "\x00", "9" * 400, [], [[]], {}, {"a": 1}]


def spots(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in the JSON value something stands: the keys that lead there."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from spots(value[key], (*at, key))


def with_junk(value: Any, at: tuple[Any, ...], junk: Any) -> Any:
    if not at:
        return junk
    changed = value.copy()
    changed[at[0]] = with_junk(value[at[0]], at[1:], junk)
    return changed


@settings(max_examples=150, deadline=None, derandomize=True)
@given(at=st.sampled_from(sorted(spots(annotation()), key=str)), junk=st.sampled_from(JUNK))
def test_junk_is_refused_in_one_sentence_or_read(
    tmp_path_factory: pytest.TempPathFactory, at: tuple[Any, ...], junk: Any
) -> None:
    folder = write_dataset(tmp_path_factory.mktemp("docile"), with_junk(annotation(), at, junk))
    said = "a1.json was read"
    try:
        list(read_documents(folder))
    except CorpusError as error:
        said = str(error)
    assert "a1.json" in said
    assert "\n" not in said
