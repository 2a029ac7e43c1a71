"""CORD receipts as documents with truth: the word-level files and the dataset as published."""

import gzip
import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.corpora import cord_words
from data.corpora.readings import read_document
from data.corpora.rupiah import till_count, till_money
from data.corpora.truth import CorpusError
from data.numerals import NumberFormat

SHARED = Path(__file__).parents[2] / "shared" / "real" / "cord"

POINT = NumberFormat(".", (",",))


@pytest.mark.parametrize(
    ("printed", "number_format", "value"),
    [
        ("TOTAL 45,500", None, "45500"),
        ("16.500", None, "16500"),  # the rupiah has no thousandths
        ("Rp 58000.00", None, "58000.00"),
        ("Tax (10.0% 2.000", None, "2000"),  # the rate is not the amount
        ("Disc -2.727", None, "-2727"),
        ("16.500", POINT, None),  # elsewhere on this receipt the point is the decimal mark
        ("1,234.50", POINT, "1234.50"),
        ("TAX 10.00 636", None, None),  # which of the two?
        ("23.500.00", None, None),  # only an OCR slip explains it
        ("12,", None, None),  # cut off
        ("VOUCHER", None, None),
        ("", None, None),
    ],
)
def test_rupiah_are_read_or_left_out(
    printed: str, number_format: NumberFormat | None, value: str | None
) -> None:
    read = till_money(printed.split(), number_format)
    assert read == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("printed", "unit_price", "amount", "count"),
    [
        ("x2", None, None, "2"),
        ("1 Pcs", None, None, "1"),
        ("2.000", "8000", "16000", "2.000"),
        ("2.000", None, "16000", None),  # two or two thousand
        ("2.000", "8000", "8000", None),  # neither multiplies
        ("1x22.000", None, None, None),
        ("1 2", None, None, None),
    ],
)
def test_counts_with_three_decimals_need_the_rows_arithmetic(
    printed: str, unit_price: str | None, amount: str | None, count: str | None
) -> None:
    money = [None if text is None else Decimal(text) for text in (unit_price, amount)]
    assert till_count(printed.split(), *money) == (None if count is None else Decimal(count))


def words_file(path: Path, *receipts: dict[str, Any]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(receipt) + "\n" for receipt in receipts))
    return path


def receipt(*words: list[Any], name: str = "x") -> dict[str, Any]:
    return {"id": name, "width": 100, "height": 200, "words": list(words)}


TEA_AND_RICE = receipt(
    ["13.000", 70, 50, 90, 56, 7, "total.total_price"],
    ["TOTAL", 5, 50, 30, 56, 7, "total.total_price"],
    ["2", 5, 10, 10, 16, 0, "menu.cnt"],
    ["HOT", 12, 10, 20, 16, 1, "menu.nm"],
    ["TEA", 22, 10, 30, 16, 1, "menu.nm"],
    ["8.000", 70, 10, 90, 16, 2, "menu.price"],
    ["RICE", 12, 20, 30, 26, 4, "menu.nm"],
    ["5.000", 70, 20, 90, 26, 5, "menu.price"],
    ["EGG", 12, 28, 30, 34, 6, "menu.sub.nm"],
    ["99", 70, 80, 90, 86, -1, "O"],
)


def test_labelled_words_become_items_fields_and_entities(tmp_path: Path) -> None:
    path = words_file(tmp_path / "val.jsonl.gz", TEA_AND_RICE)
    (document,) = cord_words.read_documents(path)
    assert [dict(item.values) for item in document.items] == [
        {"quantity": "2", "description": "HOT TEA", "amount": "8000.00"},
        {"description": "RICE", "amount": "5000.00"},  # the egg has no price of its own
    ]
    assert document.items[0].visible == {"quantity", "description", "amount"}
    assert document.items[0].wordings == ("HOT TEA",)
    assert document.fields == {"invoice_total": "13000.00"}
    assert document.document_type == "receipt"
    (page,) = read_document(document, None).pages
    said = [
        (entity.label, [page.words[index].text for index in entity.words])
        for entity in document.entities
    ]
    assert said == [
        ("menu.cnt", ["2"]),
        ("menu.nm", ["HOT", "TEA"]),
        ("menu.price", ["8.000"]),
        ("menu.nm", ["RICE"]),
        ("menu.price", ["5.000"]),
        ("menu.sub.nm", ["EGG"]),
        ("total.total_price", ["TOTAL", "13.000"]),  # in reading order, unlike in the file
    ]


def test_a_read_receipt_goes_to_other_processes(tmp_path: Path) -> None:
    (document,) = cord_words.read_documents(words_file(tmp_path / "val.jsonl.gz", TEA_AND_RICE))
    again = pickle.loads(pickle.dumps(document))
    assert document.given is not None
    assert again.given() == document.given()


def test_what_was_taken_back_is_excluded_and_differing_totals_are_left_out(tmp_path: Path) -> None:
    path = words_file(
        tmp_path / "val.jsonl.gz",
        receipt(
            ["TEA", 12, 10, 30, 16, 0, "void_menu.nm"],
            ["-8.000", 70, 10, 90, 16, 1, "void_menu.price"],
            ["5.000", 70, 20, 90, 26, 2, "total.total_price"],
            ["6.000", 70, 30, 90, 36, 3, "total.total_price"],
        ),
    )
    (document,) = cord_words.read_documents(path)
    assert [item.values["amount"] for item in document.excluded] == ["-8000.00"]
    assert document.fields == {}
    assert document.items == ()


def test_a_folder_with_one_file_is_that_file_and_with_two_is_a_question(tmp_path: Path) -> None:
    words_file(tmp_path / "val.jsonl.gz", TEA_AND_RICE)
    assert len(list(cord_words.read_documents(tmp_path))) == 1
    words_file(tmp_path / "train.jsonl.gz", TEA_AND_RICE)
    with pytest.raises(CorpusError, match=r"found train\.jsonl\.gz, val\.jsonl\.gz; name the file"):
        list(cord_words.read_documents(tmp_path))


def test_receipts_are_read_one_by_one(tmp_path: Path) -> None:
    bad = receipt(["TEA", 12, 10])
    documents = cord_words.read_documents(words_file(tmp_path / "a.jsonl.gz", TEA_AND_RICE, bad))
    assert next(documents).document_id == "x"
    with pytest.raises(CorpusError, match=r"a\.jsonl\.gz line 2"):
        next(documents)


@pytest.mark.parametrize(
    ("receipts", "message"),
    [
        ([receipt(["TEA", 12, 10])], r"line 1: not a CORD-r receipt: words\.0\.3"),
        ([receipt() | {"width": 0}], r"line 1: .*width: Input should be greater than 0"),
        ([receipt() | {"height": "200"}], r"line 1: .*height: Input should be a valid number"),
        ([{"id": "x", "width": 1, "height": 1}], r"line 1: .*words: Field required"),
        ([receipt() | {"width": float("nan")}], r"line 1: .*width: Input should be a finite"),
        ([receipt(), receipt()], r"line 2: id 'x' stands on line 1 already"),
    ],
)
def test_what_is_no_receipt_is_named_by_line_and_field(
    tmp_path: Path, receipts: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        list(cord_words.read_documents(words_file(tmp_path / "val.jsonl.gz", *receipts)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not gzip", "after line 0: cannot be read"),
        (gzip.compress(b'{"id": "x", ') + b"", "line 1: not a CORD-r receipt: Invalid JSON"),
        (gzip.compress(b"{}\n" * 20000)[:-20], "cannot be read|line 1: not a CORD-r"),
        (gzip.compress(b"\xff\xfe\n"), "not UTF-8"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "val.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        list(cord_words.read_documents(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"val\.jsonl\.gz after line 0: cannot be read"):
        list(cord_words.read_documents(tmp_path / "val.jsonl.gz"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "documents", "entities", "items"),
    [("train.jsonl.gz", 799, 9909, 2186), ("val.jsonl.gz", 100, 1120, 228)],
)
def test_the_real_receipts_are_all_read(
    file: str, documents: int, entities: int, items: int
) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real receipts are not beside the checkout")
    read = list(cord_words.read_documents(SHARED / file))
    assert len(read) == documents
    assert sum(len(document.entities) for document in read) == entities
    assert sum(len(document.items) for document in read) == items
