"""The worst documents on their pages: which are shown, what is marked where, hostile text."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageDraw

from data.corpora.scans import scan_page
from data.corpora.truth import CorpusError, TrueDocument, TrueItem, TruePlace
from data.pages.attachments import open_attachment_file
from data.records import Box, Page, Word
from training.metrics.items import SCORED_CELLS
from training.metrics.scoring import ScoredDocument, score_documents
from training.report.contents import sort_worst_first
from training.report.gallery import MAX_ROWS, gallery_html
from training.report.gallery_pages import (
    LONG_SIDE,
    MAX_MARKS,
    choose_pages,
    encode_jpeg,
    invert_affine,
)
from training.report.gallery_rows import Mark, compare_fields, compare_items, find_marks

CELLS = frozenset({"description", "quantity", "unit_price", "amount"})
HOSTILE = "<script>alert(1)</script></svg> & '\"> ]]> \u202eevil\u0000\ud800 שלום " + "a" * 10_000
SHEET = {"svg": "http://www.w3.org/2000/svg"}


def item(amount: str, *, box: Box | None = None, page: int = 0, **values: str) -> TrueItem:
    given = {"amount": amount, "quantity": "1", "unit_price": amount, "description": "Bolt"}
    return TrueItem(given | values, CELLS, page=page, box=box)


def line(amount: str, page: int = 1, **more: Any) -> dict[str, Any]:
    place = {"page": page, "bbox": [0.7, 0.2, 0.8, 0.25]}
    said = {"amount": amount, "quantity": "1", "unit_price": amount, "description": "bolt"}
    row = {"page": page, "bbox": [0.1, 0.2, 0.8, 0.25], "places": {"amount": place}}
    return said | row | more


def document(name: str, *items: TrueItem, path: Path | None = None, **more: Any) -> TrueDocument:
    given: dict[str, Any] = {
        "document_type": "invoice",
        "fields": {"invoice_id": "4711"},
        "fields_visible": frozenset({"invoice_id"}),
        "excluded": (),
        "labels": "made here",
        "extra": {},
    }
    return TrueDocument(document_id=name, path=path, items=items, **given | more)


def prediction(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"document_type": "invoice", "fields": {"invoice_id": "4711"}} | {
        "line_items": list(lines),
        **more,
    }


def one(truth: TrueDocument, said: dict[str, Any]) -> list[ScoredDocument]:
    return score_documents([truth], {truth.document_id: said})


def sheets(page: str) -> list[ElementTree.Element]:
    """The pages drawn, each of which must be well-formed XML."""
    found = re.findall(r'<svg class="sheet".*?</svg>', page, re.S)
    return [ElementTree.fromstring(text) for text in found]


def marks_of(sheet: ElementTree.Element, kind: str) -> list[tuple[list[float], str]]:
    """The corners and tooltips of the marks of a kind."""
    return [
        (
            [float(number) for number in re.split("[ ,]", mark.attrib["points"])],
            mark.findtext("svg:title", namespaces=SHEET) or "",
        )
        for mark in sheet.findall("svg:polygon", SHEET)
        if mark.attrib["class"] == f"m {kind}"
    ]


def picture_in(sheet: ElementTree.Element) -> Image.Image:
    (found,) = sheet.findall("svg:image", SHEET)
    return Image.open(io.BytesIO(base64.b64decode(found.attrib["href"].split(",")[1])))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A page of 900 x 1200 px with a black block at (.5, .3) to (.6, .4)."""
    image = Image.new("L", (900, 1200), 255)
    ImageDraw.Draw(image).rectangle((450, 360, 540, 480), fill=0)
    image.save(tmp_path / "page.png")
    return tmp_path / "page.png"


def tiff(path: Path, pages: int) -> Path:
    first, *rest = [Image.new("L", (300, 400), 200 + page) for page in range(pages)]
    first.save(path, save_all=True, append_images=rest)
    return path


@pytest.mark.parametrize(
    ("items", "lines", "outcomes"),
    [
        ([item("1.00")], [line("1.00")], ["right"]),
        ([item("1.00")], [line("1.005")], ["right"]),  # within half a cent
        ([item("1.00")], [line("1.006")], ["wrong"]),
        ([item("-1.00")], [line("1.00")], ["wrong"]),
        ([item("1.00")], [line("+1")], ["right"]),
        ([item("1.00")], [], ["missed"]),
        ([item("1.00")], [{}], ["wrong"]),
        ([], [line("1.00")], ["made up"]),
        ([], [], []),
        ([item("1.00"), item("2.00")], [line("2.00")], ["missed", "right"]),
        ([item("2.00")], [line("1.00"), line("2.00")], ["right", "made up"]),
    ],
)
def test_every_line_is_listed_with_its_outcome(
    items: list[TrueItem], lines: list[dict[str, Any]], outcomes: list[str]
) -> None:
    rows = compare_items(document("a", *items), prediction(*lines))
    assert [row.outcome for row in rows] == outcomes
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_rows_count_as_the_score_counts() -> None:
    truth = document("a", item("1.00"), item("2.00", quantity="3"), item("4.00"))
    said = prediction(line("1.00"), line("2.00"), line("9.00"), line("8.00"))
    (scored,) = one(truth, said)
    rows = compare_items(truth, said)
    outcomes = [row.outcome for row in rows]
    assert outcomes.count("right") == scored.score.items.right == 1
    assert sum(row.item is not None for row in rows) == scored.score.items.wanted
    assert sum(row.line is not None for row in rows) == scored.score.items.predicted


@pytest.mark.parametrize("items", [[TrueItem({"amount": "1.00"}, frozenset({"amount"}))], []])
def test_made_up_values_are_wrong_where_the_score_counts_them(items: list[TrueItem]) -> None:
    truth, said = document("a", *items), prediction(*(line("1.00") for _ in items), line("9.00"))
    (scored,) = one(truth, said)
    cells = compare_items(truth, said)[-1].cells
    wrong = {cell.name for cell in cells if cell.name in SCORED_CELLS and cell.outcome == "wrong"}
    counted = scored.score.cells.items()
    assert wrong == {name for name, count in counted if count.predicted > count.right}
    assert wrong == ({"amount"} if items else {"amount", "quantity", "unit_price"})


def test_an_excluded_row_of_the_truth_is_listed_as_not_counted() -> None:
    struck = TrueItem({"amount": "5.00"}, frozenset(), wordings=("Struck out",))
    truth = document("a", item("1.00"), excluded=(struck,))
    rows = compare_items(truth, prediction(line("1.00"), line("5.00", description="struck out")))
    assert [row.outcome for row in rows] == ["right", "left out"]
    kinds = {mark.kind for mark in find_marks(truth, {"line_items": []}, rows)}
    assert kinds == {"right", "left out"}


def test_what_is_not_printed_is_not_judged() -> None:
    hidden = TrueItem({"amount": "1.00", "quantity": "7"}, frozenset({"amount"}))
    (row,) = compare_items(document("a", hidden), prediction(line("1.00", quantity="2")))
    assert row.outcome == "right"
    assert [cell.outcome for cell in row.cells] == ["not judged"] * 3 + ["right"]


def test_header_fields_are_listed_under_the_name_of_the_truth() -> None:
    truth = document("a", fields={"invoice_id": "1", "vendor_name": "Tea"},
                     fields_visible=frozenset({"invoice_id", "vendor_name"}))  # fmt: skip
    cells = compare_fields(truth, {"document_type": "invoice", "fields": {"invoice_id": "2"}})
    assert [(cell.name, cell.read, cell.outcome) for cell in cells] == [
        ("invoice_id", "2", "wrong"),
        ("vendor_name", None, "missed"),
    ]


def test_marks_say_what_was_read_and_what_is_true(paper: Path) -> None:
    box = Box(0.1, 0.5, 0.9, 0.6)
    truth = document("a", item("1.00"), item("2.00", box=box), item("3.00", box=box), path=paper)
    wrong = line("2.00", unit_price="7.00")
    wrong["places"]["unit_price"] = {"page": 1, "bbox": [0.4, 0.2, 0.5, 0.25]}
    (sheet,) = sheets(gallery_html(one(truth, prediction(line("1.00"), wrong))))
    assert "line 2, unit price: read 7.00, true is 2.00" in [t for _, t in marks_of(sheet, "wrong")]
    missed = [title for _, title in marks_of(sheet, "missed")]
    assert [title.split(":")[0] for title in missed] == ["line 2, true", "line 3, true"]
    assert "line 1, amount: read 1.00, right" in [title for _, title in marks_of(sheet, "right")]
    corners, _ = marks_of(sheet, "missed")[1]
    assert corners == pytest.approx([0.1 * 675, 450, 0.9 * 675, 450, 0.9 * 675, 540, 67.5, 540])


def test_a_missed_header_field_is_drawn_where_the_truth_has_its_box(paper: Path) -> None:
    place = TruePlace("invoice_id", 0, Box(0.1, 0.1, 0.2, 0.2), "4711")
    truth = document("a", path=paper, places=(place, TruePlace("logo", 0, place.box)))
    (sheet,) = sheets(gallery_html(one(truth, prediction(fields={}))))
    assert [title for _, title in marks_of(sheet, "missed")] == ["invoice id, true: 4711"]


@pytest.mark.parametrize(
    "place",
    [None, "page 1", {}, {"page": 1}, {"page": "1", "bbox": [0, 0, 1, 1]},
     {"page": 0, "bbox": [0, 0, 1, 1]}, {"page": True, "bbox": [0, 0, 1, 1]},
     {"page": 1, "bbox": [0, 0, 1]}, {"page": 1, "bbox": "0011"},
     {"page": 1, "bbox": [0, 0, 1, "x"]}, {"page": 1, "bbox": [0, 0, float("nan"), 1]},
     {"page": 1, "bbox": [0, 0, float("inf"), 1]}, {"page": 1, "bbox": [0, 0, 10**400, 1]}],
)  # fmt: skip
def test_a_place_that_is_none_draws_nothing(place: Any) -> None:
    truth = document("a", item("1.00"))
    said = prediction({"amount": "2.00", "places": {"amount": place}}, {"amount": "3.00"})
    assert find_marks(truth, said, compare_items(truth, said)) == []
    said = prediction({"amount": "2.00", "places": place}, places=place)
    assert find_marks(truth, said, compare_items(truth, said)) == []


def test_a_place_beyond_the_page_is_cut_to_it() -> None:
    truth = document("a", item("1.00"))
    said = prediction({"amount": "1.00", "page": 1, "bbox": [-2, 0.2, 7, 0.1]})
    (mark,) = find_marks(truth, said, compare_items(truth, said))
    assert mark.box == Box(0, 0.1, 1, 0.2)


def test_the_worst_come_first_and_ties_go_by_id() -> None:
    documents = [document(name, item("1.00"), item("2.00")) for name in ("d", "b", "c", "a")]
    predictions = {
        "d": prediction(line("1.00"), line("3.00")),
        "b": prediction(line("1.00"), line("3.00")),
        "c": prediction(line("1.00"), line("2.00")),  # all right: not shown
        "a": prediction(),
    }
    scored = score_documents(documents, predictions)
    # One wrong item costs as much as it counts: missed and made up; two missed cost as much.
    assert [found.truth.document_id for found in sort_worst_first(scored)] == ["a", "b", "d"]
    shown = re.findall(r"<h3><bdi>(.*?)</bdi>", gallery_html(scored))
    assert shown == ["a", "b", "d"]


def test_at_most_eight_documents_and_none_where_all_is_right() -> None:
    documents = [document(f"doc-{n:02}", item("1.00")) for n in range(11)]
    assert gallery_html(score_documents(documents, {})).count("<article") == 8
    right = {truth.document_id: prediction(line("1.00")) for truth in documents}
    assert gallery_html(score_documents(documents, right)) == ""
    assert gallery_html([]) == ""


def test_empty_predictions_are_shown_as_missed(paper: Path) -> None:
    gallery = gallery_html(score_documents([document("a", item("1.00"), path=paper)], {}))
    assert "No prediction was given" in gallery
    assert "– missed" in gallery
    assert len(sheets(gallery)) == 1
    failed = gallery_html(one(document("a", item("1.00")), {"failed": "<broken>"}))
    assert "Not opened, scored as nothing read: &lt;broken&gt;." in failed


def mark(page: int, kind: Any = "right") -> Mark:
    return Mark(page, Box(0, 0, 1, 1), kind, "", "")


@pytest.mark.parametrize(
    ("count", "marks", "pages"),
    [
        (0, [], []),
        (2, [], [0, 1]),
        (9, [], [0, 1, 2]),
        (9, [mark(8), mark(4)], [0, 4, 8]),
        (9, [mark(8, "wrong"), mark(1), mark(2), mark(3), mark(3)], [1, 3, 8]),
        (9, [mark(7, "missed"), mark(6, "wrong"), mark(5, "wrong"), mark(4, "wrong")], [4, 5, 6]),
        (1, [mark(3, "wrong")], [0]),  # a page that is not there
    ],
)
def test_pages_with_most_wrong_are_chosen(count: int, marks: list[Mark], pages: list[int]) -> None:
    assert choose_pages(count, marks) == pages


def test_pages_not_shown_are_said(tmp_path: Path) -> None:
    truth = document("a", item("1.00"), path=tiff(tmp_path / "a.tiff", 5))
    gallery = gallery_html(one(truth, prediction(line("2.00", page=5))))
    assert "Pages 1, 2, 5 of 5." in gallery
    assert len(sheets(gallery)) == 3


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_document_that_cannot_be_opened_gets_its_table(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    gallery = gallery_html(one(document("a", item("1.00"), path=path), prediction(line("2.00"))))
    assert "No page is shown: " in gallery
    assert sheets(gallery) == []
    assert "<td>1</td>" in gallery


def test_a_page_that_cannot_be_rendered_is_said_and_the_others_are_shown(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tiff", 2)
    content = bytearray(path.read_bytes())
    with Image.open(path) as image:
        (start,) = image.tag_v2[273]  # type: ignore[attr-defined]
    cut = tmp_path / "cut.tiff"
    # The first page's strip now lies beyond the end of the file
    cut.write_bytes(bytes(content).replace(start.to_bytes(4, "little"), b"\xff\xff\xff\x0f", 1))
    gallery = gallery_html(one(document("a", item("1.00"), path=cut), prediction()))
    assert "Page 1 is not shown" in gallery
    assert len(sheets(gallery)) == 1


def given_page() -> tuple[Page, ...]:
    words = (Word("Bolt", Box(0.1, 0.2, 0.3, 0.25)), Word(HOSTILE, Box(0.5, 0.2, 0.6, 0.25)))
    return (Page(0, 600, 800, words, "given", "test"),)


def no_words() -> tuple[Page, ...]:
    raise CorpusError("words.json: no such words")


@pytest.mark.parametrize(
    ("given", "pages", "sentence"),
    [
        (given_page, 1, "Drawn from the words of the corpus"),
        (no_words, 0, "No page is shown: words.json: no such words"),
        (None, 0, "neither a file nor words of its own"),
    ],
)
def test_a_document_of_words_only_is_drawn_from_them(
    given: Callable[[], tuple[Page, ...]] | None, pages: int, sentence: str
) -> None:
    truth = document("a", item("1.00"), read_corpus_pages=given)
    gallery = gallery_html(one(truth, prediction(line("2.00"))))
    assert sentence in gallery
    found = sheets(gallery)
    assert len(found) == pages
    if found:
        words = [text for text in found[0].findall("svg:text", SHEET) if "class" not in text.attrib]
        assert words[0].text == "Bolt"
        assert float(words[0].attrib["x"]) == pytest.approx(0.1 * 675)
        assert float(words[0].attrib["textLength"]) == pytest.approx(0.2 * 675)
        assert len(words[1].text or "") <= 100


@pytest.mark.parametrize("level", ["light", "heavy"])
def test_marks_lie_on_the_damaged_page_where_they_lay_on_the_clean_one(
    paper: Path, level: Any
) -> None:
    block = [0.5, 0.3, 0.6, 0.4]
    said = {"amount": "2.00", "page": 1, "bbox": block}
    scored = one(document("a", item("1.00"), path=paper), prediction(said))
    shown = {damage: sheets(gallery_html(scored, damage))[0] for damage in ("none", level)}
    clean, moved = (marks_of(shown[damage], "wrong")[0][0] for damage in ("none", level))
    assert clean == pytest.approx([337.5, 270, 405, 270, 405, 360, 337.5, 360], abs=0.06)
    # Mapped back as the reader's boxes are
    scan = scan_page(open_attachment_file(paper), 0, level)
    a, b, c, d, e, f = scan.to_page
    for place in range(0, 8, 2):
        x, y = moved[place] / 675, moved[place + 1] / LONG_SIDE
        back = (a * x + b * y + c) * 675, (d * x + e * y + f) * LONG_SIDE
        assert back == pytest.approx(tuple(clean[place : place + 2]), abs=0.2)
    # And on the picture itself the block is dark inside the mark and light outside of it
    pixels = np.asarray(picture_in(shown[level]), float)
    assert pixels.shape == (900, 675)
    middle = sum(moved[0::2]) / 4, sum(moved[1::2]) / 4
    for share, dark in ((0.85, True), (1.2, False)):
        for x, y in zip(moved[0::2], moved[1::2], strict=True):
            at = (middle[0] + share * (x - middle[0]), middle[1] + share * (y - middle[1]))
            assert (pixels[round(at[1]), round(at[0])] < 128) == dark


def test_undo_is_the_way_back() -> None:
    a, b, c, d, e, f = (0.99, 0.02, 0.01, -0.03, 1.01, -0.02)
    g, h, i, j, k, m = invert_affine((a, b, c, d, e, f))
    x, y = g * 0.3 + h * 0.7 + i, j * 0.3 + k * 0.7 + m
    assert (a * x + b * y + c, d * x + e * y + f) == pytest.approx((0.3, 0.7))


def test_hostile_text_is_only_text(paper: Path) -> None:
    truth = document(
        HOSTILE,
        item("1.00", description=HOSTILE, box=Box(0.1, 0.1, 0.9, 0.2)),
        path=paper,
        fields={"invoice_id": HOSTILE, HOSTILE: HOSTILE},
        fields_visible=frozenset({"invoice_id", HOSTILE}),
        document_type=HOSTILE,
    )
    said = prediction(
        line("2.00", description=HOSTILE + "b", unit_price=None),
        fields={"invoice_id": HOSTILE + "b"},
        places={"invoice_id": {"page": 1, "bbox": [0.1, 0.1, 0.3, 0.2]}},
        document_type="<b>",
        failed=HOSTILE,
    )
    gallery = gallery_html(one(truth, said))
    assert "<script" not in gallery
    assert "<b>" not in gallery
    assert "&lt;script&gt;" in gallery
    assert len(sheets(gallery)) == 1
    assert len(gallery) < 60_000
    # Right-to-left text turns nothing round it, and every tag is closed
    ElementTree.fromstring(gallery)
    assert gallery.count("שלום") > 3


def test_the_same_documents_give_the_same_bytes(paper: Path) -> None:
    scored = one(document("a", item("1.00"), path=paper), prediction(line("2.00")))
    for damage in ("none", "light"):
        assert gallery_html(scored, damage) == gallery_html(scored, damage)


def test_a_long_document_is_cut_and_its_wrong_lines_are_kept(paper: Path) -> None:
    items = [item(f"{n}.00") for n in range(1, 401)]
    lines = [line(f"{n}.00") for n in range(1, 400)] + [line("9999.00")]
    gallery = gallery_html(one(document("a", *items, path=paper), prediction(*lines)))
    assert f"{400 - MAX_ROWS} more lines are not listed." in gallery
    assert "✗ <bdi>9999.00</bdi>" in gallery
    (sheet,) = sheets(gallery)
    assert len(sheet.findall("svg:polygon", SHEET)) == MAX_MARKS
    assert marks_of(sheet, "wrong")


def test_a_noisy_page_is_coded_small() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 675), np.uint8)
    assert len(encode_jpeg(noise)) <= 180_000
    assert encode_jpeg(noise) == encode_jpeg(noise)
    assert len(encode_jpeg(np.full((1, 1), 255, np.uint8))) < 1000
