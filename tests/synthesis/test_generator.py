"""The generator keeps its word: same seed same page, sums that hold, boxes on the ink."""

import ast
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from data.corpora.damage import NO_DAMAGE, Damage
from data.labels import DOCUMENT_TYPES, LINE_TAGS, TAGS
from data.records import Box, LabelledPage
from data.synthesis import __main__ as command
from data.synthesis.commerce.deals import make_deal
from data.synthesis.commerce.styles import Style, pick_style
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.disputes import write_dispute
from data.synthesis.layouts import documents
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.ocr_noise.noise import TaggedWord, in_reading_order
from data.synthesis.pages import labelled_pages, sheet_words
from data.synthesis.paper import rendering

D = Decimal
SYNTHESIS = Path(__file__).parents[2] / "data" / "synthesis"


def _style(**changes: object) -> Style:
    given: dict[str, object] = {
        "language": "en", "currency": "USD", "point": ".", "group": ",", "price_places": 2,
        "sign": "$", "sign_place": "none", "negative": "minus", "date_format": "%Y-%m-%d",
    }  # fmt: skip
    return Style(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def first_400() -> list[tuple[LabelledPage, ...]]:
    return [labelled_pages(7, index) for index in range(400)]


def _pages(documents_: list[tuple[LabelledPage, ...]]) -> Iterator[LabelledPage]:
    return (page for pages in documents_ for page in pages)


@pytest.mark.parametrize("image", [False, True])
def test_the_same_seed_and_index_give_the_same_pages(image: bool) -> None:
    for index in range(4):
        one, other = (labelled_pages(3, index, image=image) for _ in range(2))
        assert one == other
        for first, second in zip(one, other, strict=True):
            if image:
                assert np.array_equal(first.page.image, second.page.image)  # type: ignore[arg-type]


def test_another_index_gives_another_page() -> None:
    assert labelled_pages(3, 0) != labelled_pages(3, 1)


def test_every_document_type_and_layout_family_occurs(
    first_400: list[tuple[LabelledPage, ...]],
) -> None:
    assert {pages[0].document_type for pages in first_400} == set(DOCUMENT_TYPES)
    families = {pages[0].page.reason.removeprefix("synthetic ") for pages in first_400}
    assert families == set(documents.FAMILIES)


def test_every_tag_occurs_and_only_line_tags_carry_items(
    first_400: list[tuple[LabelledPage, ...]],
) -> None:
    seen: Counter[str] = Counter()
    for page in _pages(first_400):
        seen.update(page.tags)
        for tag, item in zip(page.tags, page.items, strict=True):
            assert (item >= 0) == (tag in LINE_TAGS)
    assert set(seen) <= set(TAGS)
    assert len(set(TAGS) - set(seen)) <= 1, sorted(set(TAGS) - set(seen))


def test_pages_are_one_to_twelve_with_words_on_them(
    first_400: list[tuple[LabelledPage, ...]],
) -> None:
    assert max(len(pages) for pages in first_400) > 3
    for pages in first_400:
        assert 1 <= len(pages) <= 12
        assert [page.page.number for page in pages] == list(range(len(pages)))
        assert pages[0].page.words


def test_words_hold_no_blank(first_400: list[tuple[LabelledPage, ...]]) -> None:
    for page in _pages(first_400):
        assert all(word.text and not word.text.split()[1:] for word in page.page.words)


def test_the_printed_arithmetic_of_clean_pages_holds() -> None:
    checked = 0
    for index in range(250):
        rng = random.Random(f"11/{index}")
        document = documents.make_document(rng)
        if document.family in ("parent_child", "till"):
            continue
        for sheet in document.sheets:
            checked += _check_rows(sheet, document)
    assert checked > 400


def _check_rows(sheet: Sheet, document: documents.SyntheticDocument) -> int:
    """Compare printed cells with the deal; counts the rows that print all three."""
    style = document.deal.style
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for ink in sheet.inks:
        if ink.item >= 0:
            cells[ink.item, ink.tag].append(ink.text)
    count = 0
    for place, line in enumerate(document.deal.lines):
        texts = [cells.get((place, tag)) for tag in ("quantity", "unit_price", "amount")]
        if not all(texts):
            continue
        assert " ".join(texts[2] or []) in (
            style.money(line.amount),
            style.money(line.amount, signed=False),
        )
        expected = line.quantity * line.price / line.base
        assert abs(expected - line.discount - line.amount) <= D("0.005")
        count += 1
    return count


@pytest.mark.parametrize("seed", range(30))
def test_totals_are_the_sum_of_their_parts(seed: int) -> None:
    rng = random.Random(seed)
    deal = make_deal(rng, "invoice", pick_style(rng), 8)
    for line in deal.lines:
        assert abs(line.quantity * line.price / line.base - line.gross) <= D("0.005")
        assert line.amount == line.gross - line.discount
    taxed = sum((base for _, base, _ in deal.taxes()), D(0))
    assert taxed == deal.net + deal.shipping - deal.deduction
    assert deal.total == taxed + deal.tax


@pytest.mark.parametrize(
    ("changes", "value", "places", "text"),
    [
        ({}, "1234567.5", 2, "1,234,567.50"),
        ({"point": ",", "group": "."}, "1234.5", 2, "1.234,50"),
        ({"point": ",", "group": " "}, "1400.22", 2, "1 400,22"),
        ({"group": "'"}, "12345", 0, "12'345"),
        ({"indian": True}, "1234567.5", 2, "12,34,567.50"),
        ({}, "-3.005", 2, "-3.01"),
        ({"negative": "parens"}, "-213.75", 2, "(213.75)"),
        ({"negative": "trailing"}, "-5", 2, "5.00-"),
        ({}, "0", 2, "0.00"),
        ({}, "999", 0, "999"),
    ],
)
def test_numbers_are_printed_by_the_style(
    changes: dict[str, object], value: str, places: int, text: str
) -> None:
    assert _style(**changes).number(D(value), places) == text


@pytest.mark.parametrize(
    ("place", "sign", "value", "text"),
    [
        ("none", "$", "12", "12.00"),
        ("before", "$", "12", "$ 12.00"),
        ("before_glued", "$", "-12", "-$12.00"),
        ("after", "EUR", "12", "12.00 EUR"),
        ("after_glued", "€", "12", "12.00€"),
    ],
)
def test_money_shows_the_currency_where_the_style_puts_it(
    place: str, sign: str, value: str, text: str
) -> None:
    assert _style(sign_place=place, sign=sign).money(D(value)) == text


@pytest.mark.parametrize(
    ("places", "value", "text"),
    [(0, "3", "3"), (0, "1.250", "1.25"), (2, "3", "3.00"), (4, "10000", "10,000.0000")],
)
def test_a_quantity_keeps_its_decimals(places: int, value: str, text: str) -> None:
    assert _style(quantity_places=places).quantity(D(value)) == text


DAMAGES = [
    pytest.param(NO_DAMAGE, id="clean"),
    pytest.param(Damage(0.5, angle=1.4), id="skewed"),
    pytest.param(Damage(0.5, angle=-0.8, blur=0.5, jpeg=60), id="skewed, blurred, JPEG"),
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("face", ["sans", "serif", "mono", "narrow"])
def test_boxes_cover_the_ink_and_nothing_else(damage: Damage, face: str) -> None:
    sheet = Sheet(400, 300, rendering.face_of(face))
    for row in range(8):
        text = f"Übergröße 1.234,56 EUR (gjpqy) {row} M8x40"
        sheet.write(20, 40 + 30 * row, [Span(text)], size=6 + row, bold=row % 2 == 1)
    grey, words = rendering.scan(sheet, face, random.Random(1), damage)
    height, width = grey.shape
    dark = grey < 128
    covered = np.zeros_like(dark)
    for word in words:
        box = word.box
        rows = slice(int(box.top * height) - 1, int(np.ceil(box.bottom * height)) + 1)
        columns = slice(int(box.left * width) - 1, int(np.ceil(box.right * width)) + 1)
        covered[rows, columns] = True
        assert dark[rows, columns].any()
    assert dark.sum() > 1000
    assert (dark & ~covered).sum() <= 0.001 * dark.sum()


@pytest.mark.parametrize("index", range(6))
def test_an_image_has_a_long_side_of_1024_and_the_shape_of_the_page(index: int) -> None:
    for labelled in labelled_pages(5, index, image=True):
        image = labelled.page.image
        assert image is not None
        assert image.dtype == np.uint8
        assert max(image.shape) == 1024
        aspect = image.shape[1] / image.shape[0]
        assert aspect == pytest.approx(labelled.page.upright_aspect, rel=0.01)


def test_reading_order_goes_by_lines() -> None:
    texts = ["one", "two", "three", "four"]
    boxes = [Box(0.1, 0.1, 0.2, 0.12), Box(0.5, 0.101, 0.6, 0.121),
             Box(0.1, 0.2, 0.2, 0.22), Box(0.5, 0.199, 0.6, 0.219)]  # fmt: skip
    words = [TaggedWord(text, box, "other", -1) for text, box in zip(texts, boxes, strict=True)]
    shuffled = [words[place] for place in (3, 1, 0, 2)]
    assert [word.text for word in in_reading_order(shuffled)] == texts


def test_a_dispute_ties_out_except_for_its_variances(tmp_path: Path) -> None:
    write_dispute(tmp_path, 4, dpi=72)
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF")
    known = json.loads((tmp_path / "dispute.json").read_text(encoding="utf-8"))
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    invoice = truth["documents"][0]
    ordered = known["order"]["lines"]
    received = {line["po_line_number"]: line for line in known["receipts"][0]["lines"]}
    assert len(ordered) == len(invoice["line_items"]) == 7
    at_stake = D(0)
    for order, billed in zip(ordered, invoice["line_items"], strict=True):
        assert D(billed["quantity"]) * D(billed["unit_price"]) == D(billed["amount"])
        due = D(received[order["po_line_number"]]["quantity_received"]) * D(order["unit_price"])
        at_stake += D(billed["amount"]) - due
    assert at_stake == sum(D(found["amount"]) for found in truth["variances"])
    assert {found["code"] for found in truth["variances"]} == {"QTY_OVER_RECEIPT", "PRICE_OVER"}
    assert any("pack_factors" in line for line in ordered)


def test_the_same_seed_writes_the_same_dispute(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_dispute(tmp_path / name, 9, dpi=72)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_a_dispute_of_two_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 3 lines, got 2"):
        write_dispute(tmp_path, 1, lines=2)


def test_the_command_shows_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    assert command.main(["show", str(path), "--seed", "2", "--index", "3"]) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


# What one module alone may import besides: for people at a terminal, a page, a stream, real paper.
HEAVIER = {
    "__main__.py": {"tqdm"},
    "comparison_page.py": {"matplotlib.axes", "matplotlib.figure"},
    "dataset.py": {"datasets"},
    "real_documents.py": {
        *(
            "data.pages.attachments",
            "data.corpora",
            "data.corpora.labelling",
            "data.corpora.published.formats",
            "data.corpora.labelling.projection",
        ),
        *("data.corpora.readings", "data.corpora.truth"),
    },
}


def test_the_commands_say_in_one_line_what_cannot_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["disputes", str(tmp_path / "out"), "--case", "99"]) == 2
    assert capsys.readouterr().err.startswith("no incident '99'; known: ")
    (tmp_path / "file").write_text("in the way")
    assert command.main(["show", str(tmp_path / "file" / "page.png")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_only_light_libraries_are_imported() -> None:
    allowed = {"numpy", "PIL", "cv2", "scipy", "data"}
    for path in SYNTHESIS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                if name in HEAVIER.get(path.name, ()):
                    continue
                assert name.split(".")[0] in allowed | sys.stdlib_module_names, (
                    f"{path.name} imports {name}"
                )
                within = {"labels", "records", "synthesis"}
                # The reader of the service, only once a page is read
                if path.name == "tesseract_pages.py" and node.col_offset:
                    within |= {"corpora", "pages"}
                # The fixed damage of the evaluation needs no more than what is allowed here.
                shared = {"data.corpora.damage"}
                local = name.startswith("data.") and name not in shared
                assert not local or name.split(".")[1] in within, f"{path.name} imports {name}"


def test_no_word_lies_off_the_sheet() -> None:
    sheet = Sheet(100, 100, documents.table_face("sans"))
    sheet.write(10, 50, [Span("inside")], size=8)
    sheet.write(90, 50, [Span("outside")], size=8)
    sheet.write(10, 120, [Span("below")], size=8)
    assert [word.text for word in sheet_words(sheet, full=True)] == ["inside"]
