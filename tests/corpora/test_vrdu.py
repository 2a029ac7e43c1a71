"""VRDU corpora: dataset, meta and splits as documents with truth."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.published import vrdu
from data.corpora.readings import read_document
from data.corpora.truth import CorpusError
from data.records import Box
from tests.support.vrdu_files import corpus, labelled, line

NEWS = [
    ["channel", "program_desc", "program_start_date", "program_end_date", "sub_amount"],
    [
        [
            labelled("WXYZ\n", top=0.5),
            labelled("M-F Late\nNews", top=0.5),
            labelled("10/01/20", top=0.5),
            labelled("10/07/20", top=0.5),
            labelled("$1,500.00", top=0.5),
        ]
    ],
]


def split_file(folder: Path, **lists: Any) -> Path:
    (folder / "few_shot-splits").mkdir()
    file = folder / "few_shot-splits" / "DeepForm-train_1-SD_0.json"
    file.write_text(json.dumps({"train": [], "valid": [], "test": []} | lists))
    return file


def test_labelled_texts_become_fields_items_and_places(tmp_path: Path) -> None:
    annotations = [
        ["gross_amount", [labelled("$1,500\n"), labelled("1,500.00", page=1)]],
        ["contract_num", [labelled("515500 \n")]],
        ["flight_from", [labelled("10/01/20")]],
        ["tv_address", [labelled("1 Main St")]],
        NEWS,
    ]
    (document,) = vrdu.read_documents(corpus(tmp_path, line(*annotations, pages=2)))
    assert document.document_id == "a"
    assert document.document_type == "ad-buy form"
    assert document.path is None
    assert document.fields == {
        "sub_total": "1500.00",  # two prints of one value
        "invoice_id": "515500",
        "service_from": "2020-10-01",  # the month comes first
    }
    (item,) = document.items
    assert item.values == {
        "description": "M-F Late News",
        "start_date": "2020-10-01",
        "end_date": "2020-10-07",
        "amount": "1500.00",
    }
    assert (item.page, item.box) == (0, Box(0.1, 0.5, 0.3, 0.52))
    assert [(place.name, place.text, place.item) for place in document.places[:2]] == [
        ("gross_amount", "$1,500\n", None),  # VRDU's own metric wants its texts
        ("gross_amount", "1,500.00", None),
    ]
    assert [place.name for place in document.places if place.item == 0][::4] == [
        "line_item/channel",
        "line_item/sub_amount",
    ]
    assert document.extra["vrdu_match"]["gross_amount"] == "PriceMatch"
    assert document.extra["vrdu_pattern"]["sub_amount"] == "line_item"


@pytest.mark.parametrize(
    ("field", "texts", "name", "value"),
    [
        ("gross_amount", ["$2,250"], "sub_total", "2250.00"),
        ("gross_amount", ["1,000.00", "900.00"], "sub_total", None),  # which one?
        ("gross_amount", ["1,000.00", "see page 2"], "sub_total", "1000.00"),
        ("gross_amount", ["N/A"], "sub_total", None),
        ("flight_to", ["12/31"], "service_to", None),  # of which year?
        ("flight_to", ["31/12/20"], "service_to", "2020-12-31"),
        ("advertiser", ["Friends\nof X", "FRIENDS OF X"], "customer_name", "Friends of X"),
        ("advertiser", ["\n"], "customer_name", None),
    ],
)
def test_a_field_is_what_its_candidates_agree_on(
    tmp_path: Path, field: str, texts: list[str], name: str, value: str | None
) -> None:
    annotation = [field, [labelled(text) for text in texts]]
    (document,) = vrdu.read_documents(corpus(tmp_path, line(annotation)))
    assert document.fields.get(name) == value
    assert document.fields_visible == set(document.fields)


def test_an_amount_in_doubt_is_no_cell(tmp_path: Path) -> None:
    row = [["sub_amount", "program_desc"], [[labelled("2 x 230.00"), labelled("News", page=1)]]]
    (document,) = vrdu.read_documents(corpus(tmp_path, line(row, pages=2)))
    assert document.items[0].values == {"description": "News"}
    assert document.items[0].page is None  # its parts stand on two pages
    assert document.items[0].cells == {}
    row = [["sub_amount", "program_desc"], [[labelled("2 x 230.00"), labelled("News")]]]
    (document,) = vrdu.read_documents(corpus(tmp_path / "other", line(row)))
    assert document.items[0].cells.keys() == {"amount", "description"}  # a box, but no sure value


def test_the_ocr_is_given_in_reading_order_also_in_another_process(tmp_path: Path) -> None:
    (document,) = vrdu.read_documents(corpus(tmp_path, line(pages=2)))
    pages = read_document(pickle.loads(pickle.dumps(document)), None, "given").pages
    assert [page.number for page in pages] == [0, 1]
    assert [word.text for word in pages[0].words] == ["Order", "Gross"]
    assert pages[0].words[0].box == Box(0.1, 0.1, 0.2, 0.12)
    assert (pages[0].width, pages[0].height) == (1700, 2200)
    assert pages[0].image is None


def test_a_pdf_beside_the_dataset_is_the_file_and_gives_the_images(tmp_path: Path) -> None:
    folder = corpus(tmp_path, line())
    (folder / "main" / "pdfs").mkdir()
    Image.new("L", (170, 220), 255).save(folder / "main" / "pdfs" / "a.pdf")
    (document,) = vrdu.read_documents(folder / "main")
    assert document.path == folder / "main" / "pdfs" / "a.pdf"
    (page,) = read_document(document, None, "given").pages
    assert page.image is not None


@pytest.mark.parametrize(
    ("chosen", "names"), [("", ["b"]), ("test", ["b"]), ("train", ["a", "c"]), ("valid", [])]
)
def test_a_split_file_chooses_documents(tmp_path: Path, chosen: str, names: list[str]) -> None:
    folder = corpus(tmp_path, *(line(name=f"{name}.pdf") for name in "abc"))
    file = split_file(folder, train=["c.pdf", "a.pdf"], test=["b.pdf"])
    found = vrdu.read_documents(file / chosen if chosen else file)
    assert [document.document_id for document in found] == names


def test_registration_forms_have_a_number_and_a_date(tmp_path: Path) -> None:
    annotations = [
        ["registration_num", [labelled("3712\n")]],
        ["file_date", [labelled("Jul 1, 2019")]],
    ]
    folder = corpus(tmp_path, line(*annotations), dataset_name="FARA")
    (document,) = vrdu.read_documents(folder)
    assert document.fields == {"document_id": "3712", "document_date": "2019-07-01"}
    assert document.document_type == "other"
    assert document.items == ()


@pytest.mark.parametrize(
    ("one", "message"),
    [
        ("{", r"dataset\.jsonl\.gz line 2: Invalid JSON"),
        ({"filename": "b.pdf"}, r"line 2: ocr: Field required \(and 1 more\)"),
        (line(["gross_amount", "$1"], name="b.pdf"), r"line 2: annotations\.0\.field\.1: Input"),
        (line([["sub_amount"], [labelled("$1")]], name="b.pdf"), r"annotations\.0\.item\.1\.0\.0"),
        (
            line([["sub_amount", "channel"], [[labelled("$1")]]], name="b.pdf"),
            r"line 2: annotations\.0: 2 names, but 1 labelled texts",
        ),
        (
            line(["product", [labelled("x", page=1)]], name="b.pdf"),
            r"line 2: annotations\.0: product: is on page 1, but the OCR has 1 pages",
        ),
        (
            line(["product", [["x", [0, 10, 10, 90, 20], []]]], name="b.pdf"),
            r"line 2: annotations\.0: product: bbox: want fractions of the page",
        ),
        (line(name="../b.pdf"), r"line 2: filename: '\.\./b\.pdf' is outside"),
        (line(name="a.pdf"), r"line 2: filename 'a\.pdf' is already on line 1"),
        (line(name=""), r"line 2: filename: String should have at least 1"),
    ],
)
def test_a_malformed_line_is_named_with_its_field(
    tmp_path: Path, one: object, message: str
) -> None:
    documents = vrdu.read_documents(corpus(tmp_path, line(), one))
    assert next(documents).document_id == "a"  # what comes before it is read
    with pytest.raises(CorpusError, match=message):
        next(documents)


def test_tokens_outside_the_page_are_named_when_they_are_wanted(tmp_path: Path) -> None:
    one = line()
    one["ocr"]["pages"][0]["tokens"][1]["bbox"] = [0, 100, 100, 200, 120]
    (document,) = vrdu.read_documents(corpus(tmp_path, one))
    with pytest.raises(
        CorpusError, match=r"line 1: ocr\.pages\.0\.tokens\.1: bbox: want fractions"
    ):
        read_document(document, None)


def test_missing_and_wrong_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"meta\.json: cannot be read"):
        next(vrdu.read_documents(tmp_path))
    folder = corpus(tmp_path / "one", line())
    file = split_file(folder, test=["z.pdf"])
    with pytest.raises(CorpusError, match=r"SD_0\.json: 'z\.pdf' is not in .*dataset"):
        list(vrdu.read_documents(file))
    file.write_text('{"train": [], "valid": []}')
    with pytest.raises(CorpusError, match=r"SD_0\.json: test: Field required"):
        list(vrdu.read_documents(file))
    (folder / "main" / "dataset.jsonl.gz").unlink()
    with pytest.raises(CorpusError, match=r"dataset\.jsonl after line 0: cannot be read"):
        list(vrdu.read_documents(folder))
