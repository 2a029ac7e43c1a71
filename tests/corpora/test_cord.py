"""CORD receipts as documents with truth: the word-level files and the dataset as published."""

import gzip
import io
import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.cord import receipts as cord
from data.corpora.cord import word_level as cord_words
from data.corpora.cord.rupiah import till_count, till_item, till_money
from data.corpora.readings import read_document
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box
from data.values.numerals import NumberFormat

SHARED = Path(__file__).parents[3] / "shared" / "real" / "cord"

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


@pytest.mark.parametrize(
    ("cells", "visible"),
    [
        (
            {"quantity": "2", "unit_price": "8.000", "amount": "16.000"},
            "quantity unit_price amount",
        ),
        (
            {"quantity": "3", "unit_price": "3.333", "amount": "10.000"},
            "quantity unit_price amount",
        ),
        ({"quantity": "2", "unit_price": "8.000", "amount": "18.000"}, "amount"),  # a cell is wrong
        (
            {
                "quantity": "2",
                "unit_price": "8.000",
                "amount": "15.000",
                "discount_amount": "1.000",
            },
            "quantity unit_price amount discount_amount",
        ),
        ({"unit_price": "114.000", "amount": "14.000"}, "amount"),  # "1x14.000" misread
        ({"unit_price": "14.000", "amount": "14.000"}, "unit_price amount"),
        ({"unit_price": "14.000", "amount": "0"}, "unit_price amount"),  # free of charge
        ({"quantity": "2", "unit_price": "8.000"}, "quantity unit_price"),
    ],
)
def test_cells_that_contradict_the_amount_are_not_scored(
    cells: dict[str, str], visible: str
) -> None:
    item = till_item({name: text.split() for name, text in cells.items()}, None)
    assert set(item.values) == set(cells)
    assert item.visible == set(visible.split())


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
    assert document.read_corpus_pages is not None
    assert again.read_corpus_pages() == document.read_corpus_pages()


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
        ([receipt(), receipt()], r"line 2: id 'x' is already on line 1"),
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


def quad(left: float, top: float, right: float, bottom: float) -> dict[str, float]:
    corners = {"x1": left, "x2": right, "x3": right, "x4": left}
    return corners | {"y1": top, "y2": top, "y3": bottom, "y4": bottom}


def line(category: str, group: int, *words: tuple[str, int, int], **more: int) -> dict[str, Any]:
    """A valid line; every word is 20 x 10 px at (left, top)."""
    return {
        "words": [
            {"quad": quad(x, y, x + 20, y + 10), "text": text, "row_id": 1}
            | {"is_key": int(":" in text)}
            for text, x, y in words
        ],
        "category": category,
        "group_id": group,
        **more,
    }


LINES = [
    line("menu.price", 1, ("8.000", 70, 10)),
    line("menu.nm", 1, ("HOT", 10, 10), ("TEA", 35, 10)),
    line("menu.sub_nm", 1, ("MILK", 12, 25), sub_group_id=1),
    line("menu.sub_price", 1, ("500", 70, 25), sub_group_id=1),
    line("menu.nm", 2, ("RICE", 10, 40)),
    line("menu.cnt", 2, ("2x", 5, 40)),
    line("menu.price", 2, ("5.000", 70, 40)),
    line("total.total_price", 3, ("TOTAL:", 10, 60), ("13.500", 70, 60)),
]
MENU = [
    {"nm": "HOT TEA", "price": "8.000", "sub": {"nm": "MILK", "price": "500"}},
    {"nm": "RICE", "cnt": "2x", "price": "5.000"},
]


def truth(**more: Any) -> dict[str, Any]:
    meta = {"split": "train", "image_id": 7, "image_size": {"width": 100, "height": 80}}
    parse = {"menu": MENU, "total": {"total_price": "13.500"}}
    return {"meta": meta, "valid_line": LINES, "gt_parse": parse} | more


def json_folder(path: Path, *truths: dict[str, Any]) -> Path:
    (path / "json").mkdir(parents=True)
    (path / "image").mkdir()
    for number, one in enumerate(truths):
        (path / "json" / f"receipt_{number:05d}.json").write_text(json.dumps(one))
        (path / "image" / f"receipt_{number:05d}.png").write_bytes(image_bytes())
    return path


def image_bytes() -> bytes:
    content = io.BytesIO()
    Image.new("L", (100, 80), 200).save(content, "PNG")
    return content.getvalue()


def parquet_file(path: Path, *truths: object, image: bytes | None = None) -> Path:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    stored = {"bytes": image if image is not None else image_bytes(), "path": None}
    texts = [text if isinstance(text, str) else json.dumps(text) for text in truths]
    table = pa.table({"image": [stored for _ in texts], "ground_truth": texts})
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(table, path, row_group_size=2)
    return path


def said(document: TrueDocument) -> list[dict[str, str]]:
    return [dict(item.values) for item in document.items]


BOUGHT = [
    {"description": "HOT TEA", "amount": "8000.00"},
    {"description": "MILK", "amount": "500.00"},
    {"description": "RICE", "quantity": "2", "amount": "5000.00"},
]


@pytest.mark.parametrize("version_0", [False, True], ids=["gt_parse", "groups"])
def test_a_published_receipt_has_items_places_and_entities(tmp_path: Path, version_0: bool) -> None:
    one = truth()
    if version_0:
        del one["gt_parse"]
    (document,) = cord.read_documents(json_folder(tmp_path / "train", one))
    assert said(document) == BOUGHT
    assert document.items[0].box == Box(0.1, 0.125, 0.9, 0.25)
    assert document.fields == {"invoice_total": "13500.00"}
    assert document.path == tmp_path / "train" / "image" / "receipt_00000.png"
    (page,) = read_document(document, None, "given").pages
    assert page.image is not None
    assert page.image.shape == (80, 100)
    words = [
        (entity.label, [page.words[index].text for index in entity.words])
        for entity in document.entities
    ]
    assert words[1] == ("menu.nm", ["HOT", "TEA"])
    assert words[-1] == ("total.total_price", ["TOTAL:", "13.500"])


@pytest.mark.parametrize(
    ("parse", "items", "fields"),
    [
        (
            {"menu": {"nm": "TEA", "price": "8.000"}},
            [{"description": "TEA", "amount": "8000.00"}],
            {},
        ),
        (  # the second line's price contradicts the first's: which is it?
            {"menu": {"nm": ["TEA", "HOT"], "price": ["8.000", "9.000"]}},
            [{"description": "TEA HOT"}],
            {},
        ),
        ({"menu": [{"nm": "TEA", "sub": [{"nm": "ICE"}]}]}, [{"description": "TEA"}], {}),
        ({"menu": [{"nm": None, "price": "8.000"}, {}]}, [{"amount": "8000.00"}], {}),
        ({"total": {"total_price": ["9.000", "9,000"]}}, [], {"invoice_total": "9000.00"}),
        ({"total": {"total_price": ["9.000", "8.000"]}}, [], {}),
        (
            {"sub_total": [{"subtotal_price": "9.000", "tax_price": "900"}]},
            [],
            {"sub_total": "9000.00", "total_tax": "900.00"},
        ),
    ],
)
def test_what_was_bought_is_one_or_several(
    tmp_path: Path, parse: dict[str, Any], items: list[dict[str, str]], fields: dict[str, str]
) -> None:
    (document,) = cord.read_documents(json_folder(tmp_path, truth(gt_parse=parse)))
    assert said(document) == items
    assert document.fields == fields


def test_void_rows_are_excluded(tmp_path: Path) -> None:
    parse = {"void_menu": {"nm": "TEA", "price": "-8.000"}}
    (document,) = cord.read_documents(json_folder(tmp_path, truth(gt_parse=parse)))
    assert [dict(item.values) for item in document.excluded] == [
        {"description": "TEA", "amount": "-8000.00"}
    ]


def test_parquet_shards_of_a_split_are_one_corpus_with_images(tmp_path: Path) -> None:
    data = tmp_path / "data"
    truths = [truth(meta=truth()["meta"] | {"image_id": number}) for number in range(5)]
    parquet_file(data / "train-00000-of-00002-ab.parquet", *truths[:3])
    parquet_file(data / "train-00001-of-00002-cd.parquet", *truths[3:])
    documents = list(cord.read_documents(tmp_path))
    assert [document.document_id for document in documents] == [
        f"train_000{number}" for number in range(5)
    ]
    assert said(documents[4]) == BOUGHT
    assert documents[2].path is None
    third = pickle.loads(pickle.dumps(documents[2]))
    (page,) = read_document(third, None).pages  # in the second row group
    assert page.image is not None
    parquet_file(data / "test-00000-of-00001-ef.parquet", truth())
    with pytest.raises(CorpusError, match="found splits: test, train"):
        list(cord.read_documents(tmp_path))
    assert len(list(cord.read_documents(data / "train"))) == 5


@pytest.mark.parametrize(
    ("one", "message"),
    [
        ("{", r"receipt row 0: ground_truth: Invalid JSON"),
        (truth(valid_line=[{"words": []}]), r"row 0: ground_truth: valid_line\.0\.category: Field"),
        (
            truth(gt_parse={"menu": [{"nm": 3}]}),
            r"gt_parse\.menu\.0\.nm\.0: Input should be a valid",
        ),
        (truth(meta={"image_size": {"width": 0, "height": 1}}), r"meta\.image_size\.width: Input"),
        (truth(gt_parse={"menu": "TEA"}), r"gt_parse\.menu\.0: Input should be"),
    ],
)
def test_a_malformed_receipt_is_named_by_row_and_field(
    tmp_path: Path, one: object, message: str
) -> None:
    path = parquet_file(tmp_path / "x.parquet", one)
    with pytest.raises(CorpusError, match=message.replace("receipt row", r"x\.parquet row")):
        list(cord.read_documents(path))


def test_a_receipt_given_twice_is_an_error(tmp_path: Path) -> None:
    path = parquet_file(tmp_path / "x.parquet", truth(), truth())
    with pytest.raises(
        CorpusError, match=r"row 1: ground_truth: id 'train_0007' is already in .*row 0"
    ):
        list(cord.read_documents(path))


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    folder = json_folder(tmp_path / "train", truth())
    (folder / "image" / "receipt_00000.png").unlink()
    with pytest.raises(CorpusError, match=r"receipt_00000\.json: has no image; want .*\.png"):
        list(cord.read_documents(folder))
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no parquet")
    with pytest.raises(CorpusError, match=r"x\.parquet: cannot be read as parquet"):
        list(cord.read_documents(tmp_path / "x.parquet"))
    with pytest.raises(CorpusError, match="want a parquet file"):
        list(cord.read_documents(tmp_path / "absent"))
    with pytest.raises(CorpusError, match="found splits: none"):
        list(cord.read_documents(tmp_path / "train" / "image"))
    (document,) = cord.read_documents(
        parquet_file(tmp_path / "no_image.parquet", truth(), image=b"")
    )
    with pytest.raises(CorpusError, match="image: want bytes"):
        read_document(document, None)
