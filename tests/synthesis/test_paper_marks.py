"""What people and machines put on a page: pen and stamps, fonts, and the shapes of a layout."""

import random
from collections import Counter

import numpy as np
import pytest

from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts.documents import make_document
from data.synthesis.layouts.sheets import FACES, Shape, Sheet
from data.synthesis.paper import fonts, handwriting, pen
from data.synthesis.paper.conditions import CLEAN, Condition, Hand
from data.synthesis.paper.figures import draw_shape
from data.synthesis.paper.rendering import face_of, faces_of, photograph


def _delivery() -> Sheet:
    sheet = Sheet(400, 300, face_of("sans"))
    for item in range(6):
        y = 60 + 30 * item
        sheet.write(40, y, [Span(f"Part {item}", "description")], size=9, item=item)
        sheet.write(200, y, [Span(f"{item + 3}0", "quantity")], size=9, item=item)
        sheet.write(300, y, [Span(f"{item}9.50", "amount")], size=9, item=item)
    return sheet


def _marked(hand: Hand, seed: int = 1) -> tuple[Counter[str], int, list[str]]:
    """Tags that were lost, how many pixels darkened, and the texts whose tag was lost."""
    clean = photograph(_delivery(), "sans", random.Random(seed), CLEAN, 800)
    marked = photograph(_delivery(), "sans", random.Random(seed), Condition(hand=hand), 800)
    lost = [
        (one.tag, one.text)
        for one, other in zip(clean.words, marked.words, strict=True)
        if one != other
    ]
    for one, other in zip(clean.words, marked.words, strict=True):
        assert one.box == other.box
        assert one == other or (other.tag, other.item) == ("other", -1)
    darker = int((marked.grey < clean.grey.astype(int) - 20).sum())
    return Counter(tag for tag, _ in lost), darker, [text for _, text in lost]


@pytest.mark.parametrize("seed", range(5))
def test_a_struck_quantity_no_longer_holds(seed: int) -> None:
    lost, darker, _ = _marked(Hand(strikes=2.0), seed)
    assert lost == Counter(quantity=2)
    assert darker > 100


@pytest.mark.parametrize(
    "hand",
    [
        pytest.param(Hand(rings=3.0), id="rings"),
        pytest.param(Hand(ticks=5.0), id="ticks"),
        pytest.param(Hand(notes=2.0), id="notes"),
        pytest.param(Hand(lines=3.0), id="lines"),
        pytest.param(Hand(highlights=2.0), id="highlights"),
        pytest.param(Hand(signatures=1.0), id="signature"),
        pytest.param(Hand(stamps=1.0), id="stamp"),
    ],
)
def test_other_marks_show_and_change_no_truth(hand: Hand) -> None:
    lost, darker, _ = _marked(hand)
    assert not lost
    assert darker > 30


def test_only_a_quantity_that_is_one_word_of_digits_is_struck() -> None:
    sheet = Sheet(400, 300, face_of("sans"))
    sheet.write(40, 60, [Span("1 400", "quantity")], size=9, item=0)
    sheet.write(40, 90, [Span("12x", "quantity")], size=9, item=1)
    sheet.write(40, 120, [Span("99.50", "amount")], size=9, item=2)
    shot = photograph(sheet, "sans", random.Random(1), Condition(hand=Hand(strikes=3.0)), 800)
    assert [word.tag for word in shot.words] == ["quantity", "quantity", "quantity", "amount"]


@pytest.mark.parametrize("text", ["1", "0", "12", "1,250.00", "4.000", "3.5"])
def test_another_number_is_written_than_was_struck(text: str) -> None:
    rng = random.Random(1)
    for _ in range(50):
        number = pen.pick_other_number(text, rng)
        assert number.isdigit()
        assert len(number) < 5
        assert number != text


def test_the_hand_writes_within_a_line() -> None:
    rng = random.Random(2)
    for text in ("0123456789", "short 2 cs", "OK", "damaged"):
        points = np.concatenate(handwriting.write_text(text, Hand(), 20.0, rng))
        assert -35 < points[:, 1].min() < -10
        assert points[:, 1].max() < 25
        assert points[:, 0].max() > 8 * len(text)


def test_every_letter_of_the_notes_can_be_written() -> None:
    printed = set("".join(pen._NOTES)) - set("{} ")
    assert printed <= set(handwriting._LETTERS)


def test_fonts_are_found_and_sorted_into_the_faces_of_layouts() -> None:
    found = fonts.find_fonts()
    assert set(found) <= set(FACES)
    for face, families in found.items():
        for family in families:
            name = f"{face}:{family.stem}"
            thin, wide = (face_of(name).width(char, False) for char in "im")
            assert (thin == wide) == (face == "mono"), name


def test_no_letter_of_a_document_is_drawn_as_missing() -> None:
    letters = {
        char
        for index in range(150)
        for sheet in make_document(random.Random(index)).sheets
        for ink in sheet.inks
        for char in ink.text
    }
    assert len(letters) > 90
    for face, families in fonts.find_fonts().items():
        for family in families:
            name = f"{face}:{family.stem}"
            missing = fonts.glyph(name, False, 20, "\uffff").mask
            for char in letters:
                mask = fonts.glyph(name, False, 20, char).mask
                assert mask.size, (name, char)
                assert not np.array_equal(mask, missing), (name, char)


def test_a_document_keeps_one_font_a_face_and_seeds_choose_it() -> None:
    one, other = faces_of(random.Random(1)), faces_of(random.Random(1))
    assert all(one(name) is other(name) for name in FACES)
    names = {faces_of(random.Random(seed))("serif").name for seed in range(40)}  # type: ignore[attr-defined]
    assert len(names) == max(len(fonts.find_fonts().get("serif", ())), 1)


def test_a_machine_without_fonts_still_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_font_file", lambda name, bold: None)
    for cached in (fonts.font, fonts.glyph, fonts._font_with_letter, fonts._width_in_ems):
        cached.cache_clear()
    sheet = Sheet(200, 100, fonts.FontFace("sans"))
    sheet.write(20, 50, [Span("Total 12.50", "amount")], size=12)
    shot = photograph(sheet, "sans", random.Random(1), CLEAN, 400)
    assert (shot.grey < 128).sum() > 50
    for cached in (fonts.font, fonts.glyph, fonts._font_with_letter, fonts._width_in_ems):
        cached.cache_clear()


KINDS = ("line", "dashes", "fill", "frame", "blob", "ellipse", "barcode", "square_code", "logo")


@pytest.mark.parametrize("kind", KINDS)
def test_a_shape_is_drawn_where_it_stands_and_always_the_same(kind: str) -> None:
    pages = []
    for _ in range(2):
        page = np.full((200, 300), 255, dtype=np.uint8)
        draw_shape(page, Shape(kind, 30, 40, 110, 40 if kind == "dashes" else 80, 20), 2.0)
        pages.append(page)
    assert np.array_equal(pages[0], pages[1])
    rows, columns = np.nonzero(pages[0] < 128)
    assert len(rows) > 50
    assert rows.min() >= 76
    assert rows.max() <= 164
    assert columns.min() >= 56
    assert columns.max() <= 224


@pytest.mark.parametrize("kind", KINDS)
def test_a_shape_that_reaches_over_the_edge_is_cut(kind: str) -> None:
    page = np.full((100, 100), 255, dtype=np.uint8)
    draw_shape(page, Shape(kind, -20, 60, 120, 130, 0), 1.0)
    assert (page < 128).any()
