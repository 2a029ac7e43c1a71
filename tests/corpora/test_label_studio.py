"""Label Studio exports: regions, ties and transcriptions as documents with truth."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from data.corpora.published.label_studio import read_documents
from data.corpora.truth import CorpusError, TrueDocument
from data.records import Box

SIZE = {"original_width": 1000, "original_height": 2000, "image_rotation": 0}
Results = list[dict[str, Any]]


def region(name: str, label: str, text: str | None, x: float, y: float, **more: Any) -> Results:
    """A rectangle of 10 x 2 percent with its label and, as a result of its own, its text."""
    value = {"x": x, "y": y, "width": 10, "height": 2, "rotation": 0}
    value |= more.pop("value", {})
    drawn = (
        {
            "id": name,
            "type": "rectanglelabels",
            "from_name": "label",
            "to_name": "image",
            "value": value | {"rectanglelabels": [label]},
        }
        | SIZE
        | more
    )
    said = {
        "id": name,
        "type": "textarea",
        "from_name": "transcription",
        "to_name": "image",
        "value": value | {"text": [text]},
    }
    return [drawn] if text is None else [drawn, said]


def row(name: str, y: float, label: str = "line_item") -> Results:
    return region(name, label, None, 0, y, value={"width": 100, "height": 4})


def relation(first: str, second: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": first, "to_id": second, "direction": "right"}


HEAD = [
    *region("h1", "Invoice ID", "4711", 70, 5),
    *region("h2", "vendor_name", "ACME", 5, 5),
    *region("h3", "invoice_total", "1.250,00", 80, 90),
    *region("h4", "Stamp", "PAID", 40, 70),
]
LINE = [
    *row("r1", 40),
    *region("c1", "description", "Nails", 10, 41),
    *region("c2", "quantity", "5", 50, 41),
    *region("c3", "unit_price", "250,00", 60, 41),
    *region("c4", "amount", "1.250,00", 80, 41),
]
VALUES = {"description": "Nails", "quantity": "5", "unit_price": "250.00", "amount": "1250.00"}


def task(result: Results, number: int = 1, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": number,
        "data": {"image": "/data/upload/3/0f3a9c1e-page.png", "layout": "acme"},
        "annotations": [{"id": 9, "was_cancelled": False, "result": result}],
        "predictions": [],
    }
    return made | changes


def write_export(folder: Path, *tasks: Any, name: str = "export.json") -> Path:
    Image.new("L", (50, 100), 255).save(folder / "page.png")
    path = folder / name
    path.write_text(json.dumps(list(tasks)), encoding="utf-8")
    return path


def read_one(folder: Path, result: Results, **changes: Any) -> TrueDocument:
    (document,) = read_documents(write_export(folder, task(result, **changes)))
    return document


def test_a_labelled_invoice(tmp_path: Path) -> None:
    choice = {"type": "choices", "from_name": "document_type", "value": {"choices": ["Invoice"]}}
    document = read_one(tmp_path, [*HEAD, *LINE, choice | {"id": "t"}])
    assert document.document_id == "1"
    assert document.document_type == "invoice"
    assert document.fields == {
        "invoice_id": "4711",
        "vendor_name": "ACME",
        "invoice_total": "1250.00",
    }
    assert document.fields_visible == set(document.fields)
    (item,) = document.items
    assert dict(item.values) == VALUES
    assert item.visible == set(VALUES)
    assert item.wordings == ("Nails",)
    assert (item.page, item.box) == (0, Box(0.0, 0.40, 1.0, 0.44))
    assert document.path == tmp_path / "page.png"
    assert document.extra == {"layout": "acme", "annotation": 9}
    assert document.read_corpus_pages is None


def test_places_keep_every_label(tmp_path: Path) -> None:
    document = read_one(tmp_path, [*HEAD, *LINE])
    places = {place.name: place for place in document.places}
    assert len(document.places) == 9
    assert places["Stamp"].text == "PAID"  # none of our names
    assert places["Stamp"].item is None
    assert places["amount"].item == places["line_item"].item == 0
    assert document.items[0].cells["amount"] == places["amount"].box
    assert "line_item" not in document.items[0].cells
    assert places["invoice_id"].box == Box(0.70, 0.05, 0.80, 0.07)


TWO_ROWS = [*row("r1", 40), *row("r2", 43)]  # one lies over the other by a quarter


@pytest.mark.parametrize(
    ("result", "items"),
    [
        pytest.param([*row("r1", 40), *region("a", "amount", "1.00", 80, 41)], ["1.00"], id="in"),
        pytest.param(
            [*TWO_ROWS, *region("a", "amount", "1.00", 80, 42.5, parentID="r2")],
            [None, "1.00"],
            id="outline before place",
        ),
        pytest.param(
            [*TWO_ROWS, *region("a", "amount", "1.00", 80, 42.5), relation("a", "r1")],
            ["1.00", None],
            id="relation before place",
        ),
        pytest.param(
            [
                *region("a", "amount", "1.00", 80, 41),
                *region("q", "quantity", "2", 50, 41),
                relation("a", "q"),
            ],
            ["1.00"],
            id="cells tied to one another",
        ),
        pytest.param(
            [
                *region("a", "amount", "2.00", 80, 61),
                *region("q", "quantity", "2", 50, 61),
                relation("a", "q"),
                *row("r1", 40),
                *region("b", "amount", "1.00", 80, 41),
            ],
            ["1.00", "2.00"],
            id="top to bottom",
        ),
        pytest.param([*row("r1", 40)], [None], id="row without cells"),
        pytest.param([*HEAD], [], id="no items"),
    ],
)
def test_line_items(tmp_path: Path, result: Results, items: list[str | None]) -> None:
    document = read_one(tmp_path, result)
    assert [item.values.get("amount") for item in document.items] == items


def test_a_row_that_must_not_be_counted(tmp_path: Path) -> None:
    result = [*LINE, *row("r2", 60, "excluded_row"), *region("x", "amount", "9,00", 80, 61)]
    document = read_one(tmp_path, result)
    assert [item.values["amount"] for item in document.items] == ["1250.00"]
    assert [item.values["amount"] for item in document.excluded] == ["9.00"]


@pytest.mark.parametrize(
    ("kind", "ours", "number"),
    [
        (None, "other", "document_id"),
        ("Delivery Note", "delivery_note", "delivery_note_id"),
        ("proforma", "other:proforma", "document_id"),
    ],
)
def test_the_documents_number_goes_by_its_type(
    tmp_path: Path, kind: str | None, ours: str, number: str
) -> None:
    data = {"image": "page.png", "document_type": kind}
    document = read_one(tmp_path, region("d", "document_id", "77", 10, 10), data=data)
    assert (document.document_type, dict(document.fields)) == (ours, {number: "77"})


def test_rectangle_and_labels_apart(tmp_path: Path) -> None:
    value = {"x": 10, "y": 10, "width": 10, "height": 2}
    result = [
        {"id": "a", "type": "rectangle", "value": value} | SIZE,
        {"id": "a", "type": "labels", "value": value | {"labels": ["vendor_name", "remit_to"]}},
        {"id": "a", "type": "textarea", "value": value | {"text": "ACME"}},
        {"id": "b", "type": "rectangle", "value": value} | SIZE,  # nobody labelled it
    ]
    document = read_one(tmp_path, result)
    assert dict(document.fields) == {"vendor_name": "ACME"}
    assert [place.name for place in document.places] == ["vendor_name", "remit_to"]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, {}),  # no text: no value
        ({"meta": {"text": ["ACME"]}}, {"vendor_name": "ACME"}),
    ],
)
def test_region_without_transcription(
    tmp_path: Path, more: dict[str, Any], fields: dict[str, str]
) -> None:
    document = read_one(tmp_path, region("v", "vendor_name", None, 10, 10, **more))
    assert dict(document.fields) == fields
    assert document.places[0].name == "vendor_name"


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        (0, (0.2, 0.3, 0.3, 0.32)),
        # 100 x 40 px around (200, 600) px of 1000 x 2000
        (90, (0.16, 0.3, 0.2, 0.35)),
        (180, (0.1, 0.28, 0.2, 0.3)),
        (-90, (0.2, 0.25, 0.24, 0.3)),
    ],
)
def test_turned_rectangles(
    tmp_path: Path, turn: float, box: tuple[float, float, float, float]
) -> None:
    (place,) = read_one(tmp_path, region("v", "x", "t", 20, 30, value={"rotation": turn})).places
    edges = (place.box.left, place.box.top, place.box.right, place.box.bottom)
    assert all(math.isclose(a, b, abs_tol=1e-12) for a, b in zip(edges, box, strict=True))


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    Image.new("L", (50, 100), 255).save(tmp_path / "a.pdf")
    data = {"pdf": "a.pdf", "pages": ["a-1.png", "a-2.png"]}
    result = [*region("v", "vendor_name", "ACME", 10, 10, item_index=1), *LINE]
    document = read_one(tmp_path, result, data=data)
    assert document.path == tmp_path / "a.pdf"
    assert [place.page for place in document.places if place.name == "vendor_name"] == [1]


def test_the_last_annotation_that_was_not_skipped(tmp_path: Path) -> None:
    made = [
        {"id": 1, "result": region("v", "vendor_name", "first", 10, 10)},
        {"id": 2, "result": region("v", "vendor_name", "second", 10, 10)},
        {"id": 3, "result": [], "was_cancelled": True},
    ]
    skipped = task([], 2, annotations=[made[2]])
    nobody = task([], 3, annotations=[])
    last = task(region("v", "vendor_name", "x", 10, 10), 4)
    export = write_export(tmp_path, task([], annotations=made), skipped, nobody, last)
    read = list(read_documents(export))
    assert [(d.document_id, d.line) for d in read] == [("1", 1), ("4", 4)]
    assert dict(read[0].fields) == {"vendor_name": "second"}
    assert read[0].extra["annotation"] == 2


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/data/local-files/?d=scans/page.png", "page.png"),
        ("/data/local-files/?d=home/me/scans/page.png", "scans/page.png"),
        ("/data/local-files/?d=scans%2Ftwo%20words.png", "scans/two words.png"),
        ("/data/upload/3/0f3a9c1e-page.png", "page.png"),
        ("https://host/bucket/scans/page.png?token=1", "scans/page.png"),
        ("s3://bucket/page.png", "page.png"),
        ("../../page.png", "page.png"),
    ],
)
def test_addresses(tmp_path: Path, address: str, file: str) -> None:
    (tmp_path / "scans").mkdir()
    export = write_export(tmp_path, task([], data={"ocr": address}))
    if "/" in file:
        (tmp_path / "page.png").rename(tmp_path / file)
    (document,) = read_documents(export)
    assert document.path == tmp_path / file


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"annotations": None}, "task 1: annotations"),
        ({"id": None}, "task 1: id"),
        ({"data": {}}, "task 1: data: names no file"),
        ({"data": {"image": "gone.png"}}, "task 1: data.image: 'gone.png' is not under"),
        ({"data": {"image": "/"}}, "data.image: '/' is not under"),
        ({"annotations": [{}]}, "annotations.0.result: Field required"),
        ({"annotations": [{"result": [{"id": "a"}]}]}, "annotations.0.result.0.type"),
    ],
)
def test_malformed_tasks(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CorpusError, match=r"export\.json task 1: ") as raised:
        read_one(tmp_path, [], **changes)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


NO_SIZE = {"original_width": None, "value": {"rotation": 5}}


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (region("a", "amount", "1", 80, 41), "region 'a' (amount) belongs to no line item"),
        (
            [*TWO_ROWS, *region("a", "amount", "1", 80, 42.5)],
            "region 'a' (amount) lies in 2 line items",
        ),
        (region("a", "x", "1", 95, 41), "result.0.value: want a rectangle within 0..100"),
        (region("a", "x", "1", "left", 41), "result.0.value.x"),  # type: ignore[arg-type]
        (region("a", "x", "1", 5, 4, image_rotation=90), "result.0.image_rotation: got 90, want 0"),
        (region("a", "x", "1", 5, 4, **NO_SIZE), "turned by 5 degrees without original_width"),
        (
            [{"id": "a", "type": "polygonlabels", "value": {"labels": ["x"], "points": []}}],
            "result.0: a labelled region of type 'polygonlabels' has no x, y",
        ),
        (region("a", "x", "1", 5, 4, item_index=-1), "result.0.item_index"),
    ],
)
def test_malformed_regions(tmp_path: Path, result: Results, said: str) -> None:
    with pytest.raises(CorpusError, match=r"export\.json task 1: annotations\.0") as raised:
        read_one(tmp_path, result)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "not JSON"), ('{"a": 1}', "want a list of tasks, got dict"), ("[3]", "task 1: ")],
)
def test_no_export(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "e.json").write_text(content)
    with pytest.raises(CorpusError, match=r"e\.json") as raised:
        list(read_documents(tmp_path))
    assert said in str(raised.value)


def test_one_export_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="found none"):
        list(read_documents(tmp_path))
    write_export(tmp_path, task([]))
    assert len(list(read_documents(tmp_path))) == 1
    write_export(tmp_path, task([]), name="other.json")
    with pytest.raises(CorpusError, match=r"found export\.json, other\.json"):
        list(read_documents(tmp_path))


def test_a_task_given_twice(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="task 2: id '1' is also that of task 1"):
        list(read_documents(write_export(tmp_path, task([]), task([]))))


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


TURN = {"value": {"rotation": 10}, "meta": {"text": "x"}, "parentID": "r1", "item_index": 0}
EXPORT = [task([*HEAD[:3], *LINE, relation("c1", "r1"), *region("t", "x", "t", 20, 30, **TURN)])]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(at=st.sampled_from(sorted(spots(EXPORT), key=str)), junk=st.sampled_from(JUNK))
def test_junk_is_refused_in_one_sentence_or_read(
    tmp_path_factory: pytest.TempPathFactory, at: tuple[Any, ...], junk: Any
) -> None:
    export = write_export(tmp_path_factory.mktemp("export"))
    export.write_text(json.dumps(with_junk(EXPORT, at, junk)))
    said = "export.json was read"
    try:
        list(read_documents(export))
    except CorpusError as error:
        said = str(error)
    assert "export.json" in said
    assert "\n" not in said
