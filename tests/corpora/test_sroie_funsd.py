"""SROIE receipts and FUNSD forms as documents with truth."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.published import funsd, sroie
from data.corpora.readings import read_document
from data.corpora.truth import CorpusError
from data.records import Box

KEY = {"company": "TEA SDN BHD", "date": "03/04/2018", "address": "1, JALAN A", "total": "9.00"}
BOXES = "10,10,50,10,50,30,10,30,TEA, HOT\r\n60,10,90,10,90,30,60,30,9.00\r\n"


def image(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (100, 200), 255).save(path)


def receipts(
    folder: Path,
    key: object = KEY,
    boxes: bytes | None = BOXES.encode(),
    names: tuple[str, str, str] = ("entities", "box", "img"),
    endings: tuple[str, str, str] = (".txt", ".txt", ".jpg"),
) -> Path:
    keys, box, images = (folder / name for name in names)
    keys.mkdir(parents=True)
    content = key if isinstance(key, bytes) else json.dumps(key).encode()
    (keys / f"X001{endings[0]}").write_bytes(content)
    if boxes is not None:
        box.mkdir()
        (box / f"X001{endings[1]}").write_bytes(boxes)
    image(images / f"X001{endings[2]}")
    return folder


@pytest.mark.parametrize(
    ("names", "endings"),
    [
        (("entities", "box", "img"), (".txt", ".txt", ".jpg")),
        (("key", "box", "img"), (".json", ".csv", ".jpg")),
        (("key", "annotations", "images"), (".json", ".txt", ".png")),
    ],
)
def test_a_receipt_has_header_values_and_no_items_to_score(
    tmp_path: Path, names: tuple[str, str, str], endings: tuple[str, str, str]
) -> None:
    (document,) = sroie.read_documents(receipts(tmp_path, names=names, endings=endings))
    assert document.document_id == "X001"
    assert document.document_type == "receipt"
    assert document.fields == {
        "vendor_name": "TEA SDN BHD",
        "invoice_date": "2018-04-03",  # the day comes first
        "vendor_address": "1, JALAN A",
        "invoice_total": "9.00",
    }
    assert document.fields_visible == {"vendor_name", "invoice_date", "invoice_total"}
    assert document.items == ()
    assert not document.items_labelled
    (page,) = read_document(pickle.loads(pickle.dumps(document)), None, "given").pages
    assert [word.text for word in page.words] == ["TEA,", "HOT", "9.00"]
    assert page.words[2].box == Box(0.6, 0.05, 0.9, 0.15)
    assert page.image is not None


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ({"total": "RM 1,234.5"}, "invoice_total", "1234.50"),
        ({"total": "9"}, "invoice_total", "9.00"),
        ({"total": "-0.02"}, "invoice_total", "-0.02"),
        ({"total": "SEE BELOW"}, "invoice_total", None),
        ({"total": ""}, "invoice_total", None),
        ({"total": None}, "invoice_total", None),
        ({}, "invoice_total", None),
        ({"date": "25 DEC 2018"}, "invoice_date", "2018-12-25"),
        ({"date": "12/25/2018"}, "invoice_date", "2018-12-25"),  # only this order explains it
        ({"date": "31/02/2018"}, "invoice_date", None),
        ({"company": "A\nB"}, "vendor_name", "A B"),
    ],
)
def test_header_values_are_read_or_left_out(
    tmp_path: Path, key: dict[str, Any], name: str, value: str | None
) -> None:
    (document,) = sroie.read_documents(receipts(tmp_path, key))
    assert document.fields.get(name) == value


def test_latin_1_keys_are_read(tmp_path: Path) -> None:
    (document,) = sroie.read_documents(receipts(tmp_path, '{"company": "CAFÉ"}'.encode("latin-1")))
    assert document.fields["vendor_name"] == "CAFÉ"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (b"{", r"X001\.txt: Invalid JSON"),
        ({"total": 9.0}, r"X001\.txt: total: Input should be a valid string"),
        ([], r"X001\.txt: Input should be an object"),
    ],
)
def test_a_malformed_key_file_is_named_with_its_key(
    tmp_path: Path, key: object, message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        list(sroie.read_documents(receipts(tmp_path, key)))


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        (b"1,2,3\n", r"X001\.txt line 1: want x1,y1,.*text, got '1,2,3'"),
        (b"\n1,2,3,4,5,6,7,b,TEA\n", r"X001\.txt line 2: column 8: want whole pixels, got 'b'"),
        (b"1,2,3,4,5,6,7.5,8,TEA\n", r"line 1: column 7: want whole pixels"),
    ],
)
def test_a_malformed_box_file_is_named_by_line_and_column(
    tmp_path: Path, boxes: bytes, message: str
) -> None:
    (document,) = sroie.read_documents(receipts(tmp_path, boxes=boxes))
    with pytest.raises(CorpusError, match=message):
        read_document(document, None, "given")


def test_missing_receipt_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="want a folder with entities or key"):
        list(sroie.read_documents(tmp_path))
    folder = receipts(tmp_path / "a")
    with pytest.raises(CorpusError, match=r"in it; name one of .*a$"):
        list(sroie.read_documents(tmp_path))
    (folder / "box" / "X001.txt").unlink()
    (document,) = sroie.read_documents(folder)
    with pytest.raises(CorpusError, match=r"box/X001\.txt: cannot be read"):
        read_document(document, None, "given")
    (folder / "img" / "X001.jpg").unlink()
    with pytest.raises(CorpusError, match=r"entities/X001\.txt: has no image"):
        list(sroie.read_documents(folder))
    (unboxed,) = sroie.read_documents(receipts(tmp_path / "b", boxes=None))
    assert unboxed.read_corpus_pages is None


FORM = {
    "form": [
        {
            "id": 1,
            "box": [60, 10, 90, 20],
            "text": "Jane Doe",
            "label": "answer",
            "linking": [[0, 1]],
            "words": [
                {"text": "Doe", "box": [76, 10, 90, 20]},
                {"text": "Jane", "box": [60, 10, 75, 20]},
                {"text": "", "box": [0, 0, 0, 0]},
            ],
        },
        {"id": 2, "label": "other", "words": [{"text": "page", "box": [0, 190, 20, 199]}]},
        {"id": 0, "label": "question", "words": [{"text": "Name:", "box": [10, 10, 40, 20]}]},
        {"id": 3, "label": "header", "words": []},
    ]
}


def forms(folder: Path, annotation: object = FORM) -> Path:
    (folder / "annotations").mkdir(parents=True)
    (folder / "annotations" / "f1.json").write_text(json.dumps(annotation))
    image(folder / "images" / "f1.png")
    return folder


def test_a_form_has_entities_in_reading_order_and_nothing_else(tmp_path: Path) -> None:
    (document,) = funsd.read_documents(forms(tmp_path))
    (page,) = read_document(pickle.loads(pickle.dumps(document)), None, "given").pages
    assert [word.text for word in page.words] == ["Name:", "Jane", "Doe", "page"]
    said = [(one.label, [page.words[i].text for i in one.words]) for one in document.entities]
    assert said == [("answer", ["Jane", "Doe"]), ("question", ["Name:"])]
    assert (document.fields, document.items, document.items_labelled) == ({}, (), False)
    assert document.path == tmp_path / "images" / "f1.png"
    assert document.document_type == "other"


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        ({}, r"f1\.json: form: Field required"),
        ({"form": [{"label": "answer"}]}, r"f1\.json: form\.0\.words: Field required"),
        (
            {"form": [{"label": "answer", "words": [{"text": "x", "box": [1, 2, 3]}]}]},
            r"f1\.json: form\.0\.words\.0\.box\.3: Field required",
        ),
        (
            {"form": [{"label": 3, "words": []}]},
            r"f1\.json: form\.0\.label: Input should be a valid string",
        ),
    ],
)
def test_a_malformed_form_is_named_with_its_field(
    tmp_path: Path, annotation: object, message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        list(funsd.read_documents(forms(tmp_path, annotation)))


def test_missing_form_files_are_named(tmp_path: Path) -> None:
    folder = forms(tmp_path / "dataset" / "training_data")
    with pytest.raises(
        CorpusError, match=r"want a folder with annotations/.*name one of .*training"
    ):
        list(funsd.read_documents(tmp_path))
    (folder / "images" / "f1.png").write_bytes(b"no image")
    with pytest.raises(CorpusError, match=r"f1\.png: .*not a supported file type"):
        list(funsd.read_documents(folder))
    (folder / "images" / "f1.png").unlink()
    with pytest.raises(CorpusError, match=r"f1\.json: has no image; want .*f1\.png"):
        list(funsd.read_documents(folder))
