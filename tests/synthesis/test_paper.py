"""Paper: whatever happens to a page, its words' boxes stay on their ink and lead back."""

import random
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from data.records import GreyImage
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts.documents import make_document, table_face
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.ocr_noise.noise import TaggedWord
from data.synthesis.paper import conditions, rendering, scanner
from data.synthesis.paper.conditions import CLEAN, Condition, Fold, Paper, Printer, Scanner
from data.synthesis.paper.rendering import photograph, scanned_pages
from data.synthesis.paper.warp import Warp, Wave

FACES = ("sans", "serif", "narrow", "wide", "mono")


def _page(face: str = "sans") -> Sheet:
    sheet = Sheet(400, 300, rendering.face_of(face))
    for row in range(8):
        text = f"Übergröße 1.234,56 EUR (gjpqy) {row} M8x40"
        sheet.write(20, 40 + 30 * row, [Span(text)], size=6 + row, bold=row % 2 == 1)
    return sheet


def _drawn(seed: int) -> Condition:
    """A damaged condition: the first after that seed which is not clean."""
    rng = random.Random(f"condition {seed}")
    while True:
        condition = conditions.pick_condition(rng)
        if condition != CLEAN:
            return condition


def _warp(seed: int) -> Warp:
    condition, rng = _drawn(seed), random.Random(seed)
    ink = (60.0, 50.0, 950.0, 1350.0)
    flat = scanner.FlatSheet((1000, 1400), ink, 1.65)
    return scanner.lay_sheet(condition.scanner, condition.paper, flat, rng)


def _covered(words: list[TaggedWord], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    height, width = shape[0], shape[1]
    covered = np.zeros((height, width), dtype=bool)
    for word in words:
        box = word.box
        rows = slice(max(int(box.top * height) - 1, 0), int(np.ceil(box.bottom * height)) + 1)
        columns = slice(max(int(box.left * width) - 1, 0), int(np.ceil(box.right * width)) + 1)
        covered[rows, columns] = True
    return covered


def test_a_warp_leads_back_to_where_it_came_from() -> None:
    points = np.random.default_rng(1).uniform((0, 0), (1000, 1400), (200, 2))
    moved = 0
    for seed in range(300):
        warp = _warp(seed)
        assert np.abs(warp.backward(warp.forward(points)) - points).max() < 1e-6
        assert np.abs(warp.forward(warp.backward(points)) - points).max() < 1e-6
        moved += warp != Warp()
    assert moved > 200


def test_a_warp_that_cannot_be_undone_is_refused() -> None:
    with pytest.raises(ValueError, match="can be inverted"):
        Warp(matrix=(1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0))


def _edges(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points along the upper and lower edges of the boxes: (boxes, points, 2)."""
    along = np.linspace(0, 1, 12)
    x = boxes[:, 0, None] + (boxes[:, 2] - boxes[:, 0])[:, None] * along
    lines = [np.stack((x, np.repeat(boxes[:, edge, None], 12, 1)), axis=2) for edge in (1, 3)]
    return np.concatenate(lines, axis=1)


def test_boxes_of_damaged_pages_lead_back_to_the_ink_of_the_clean_page() -> None:
    checked = 0
    for seed in range(30):
        rng = random.Random(seed)
        document = make_document(rng, rendering.faces_of(rng))
        shot = photograph(document.sheets[0], document.face, rng, _drawn(seed), 600)
        height, width = shot.grey.shape
        assert len(shot.words) == len(shot.clean_boxes)
        edges = _edges(shot.clean_boxes)
        seen = shot.warp.forward(edges.reshape(-1, 2))
        assert np.abs(shot.warp.backward(seen) - edges.reshape(-1, 2)).max() < 0.5
        seen = seen.reshape(edges.shape)
        boxes = np.array([
            (word.box.left, word.box.top, word.box.right, word.box.bottom) for word in shot.words
        ]) * (width, height, width, height)  # fmt: skip
        # A box holds the bent edges, and reaches no further than they do
        assert np.abs(seen.min(axis=1) - boxes[:, :2]).max() < 0.5
        assert np.abs(seen.max(axis=1) - boxes[:, 2:]).max() < 0.5
        checked += len(boxes)
    assert checked > 2000


TURNS = [
    pytest.param(Scanner("phone"), Paper(), id="flat"),
    pytest.param(Scanner("phone", skew=2.5), Paper(), id="skewed"),
    pytest.param(Scanner("phone", tilt=0.03), Paper(), id="tilted"),
    pytest.param(Scanner("phone", size=0.9), Paper(waves=4.0), id="small and wavy"),
    pytest.param(Scanner("phone", skew=1.5, tilt=0.02, size=1.2), Paper(waves=4.0), id="cut off"),
]


@pytest.mark.parametrize(("machine", "paper"), TURNS)
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    "printer",
    [
        pytest.param(Printer(), id="plain"),
        pytest.param(Printer("dots"), id="needles"),
        pytest.param(Printer(weight=1, tall=1.3), id="broad and tall"),
    ],
)
def test_boxes_cover_the_ink_of_a_bent_page_and_nothing_else(
    machine: Scanner, paper: Paper, face: str, printer: Printer
) -> None:
    condition = Condition(printer, paper, scanner=machine)
    shot = photograph(_page(face), face, random.Random(3), condition)
    dark = shot.grey < 128
    covered = _covered(shot.words, dark.shape)
    assert dark.sum() > 1000
    assert (dark & ~covered).sum() <= 0.001 * dark.sum()
    for word in shot.words:
        assert (dark & _covered([word], dark.shape)).any(), word.text


def test_the_picture_shows_what_the_map_says() -> None:
    page = np.full((400, 300), 255, dtype=np.uint8)
    spots = np.array([[40.5, 60.5], [250.5, 80.5], [150.5, 200.5], [60.5, 350.5], [260.5, 330.5]])
    for x, y in spots:
        page[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3] = 0
    matrix = (0.96, 0.02, 6.0, -0.03, 0.95, 14.0, 0.00003, 0.00002, 1.0)
    warp = Warp((Wave(2.0, 500.0, 1.0),), (Wave(4.0, 400.0, 0.5),), matrix)
    picture = warp.warp_page(page, 255)
    for x, y in warp.forward(spots):
        part = 255.0 - picture[int(y) - 8 : int(y) + 9, int(x) - 8 : int(x) + 9]
        rows, columns = np.mgrid[int(y) - 8 : int(y) + 9, int(x) - 8 : int(x) + 9]
        assert (columns * part).sum() / part.sum() + 0.5 == pytest.approx(x, abs=0.15)
        assert (rows * part).sum() / part.sum() + 0.5 == pytest.approx(y, abs=0.15)


def test_no_word_is_cut_off_with_the_edges() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        condition = _drawn(seed)
        wide = replace(condition, scanner=replace(condition.scanner, size=1.3))
        shot = photograph(_page(), "sans", rng, wide, 500)
        for word in shot.words:
            assert min(word.box.left, word.box.top) > 0
            assert max(word.box.right, word.box.bottom) < 1


def _told_apart(grey: GreyImage, word: TaggedWord) -> float:
    """Grey levels between the paper and the print of a word."""
    height, width = grey.shape
    box = word.box
    part = grey[
        int(box.top * height) : int(np.ceil(box.bottom * height)),
        int(box.left * width) : int(np.ceil(box.right * width)),
    ]
    dark, light = np.percentile(part, (5, 95)) if part.size else (0.0, 0.0)
    return float(light - dark)


def test_print_stays_apart_from_the_paper_under_all_damage() -> None:
    told = []
    for seed in range(60):
        shot = photograph(_page(), "sans", random.Random(seed), _drawn(seed), 560)
        told += [_told_apart(shot.grey, word) for word in shot.words]
    assert np.mean(np.array(told) > 40) > 0.97


def test_conditions_run_from_clean_to_bad() -> None:
    rng = random.Random(5)
    drawn = [conditions.pick_condition(rng, fixed_pitch=n % 4 == 0) for n in range(2000)]
    clean = sum(condition == CLEAN for condition in drawn) / len(drawn)
    assert 0.21 < clean < 0.29
    assert {one.scanner.kind for one in drawn} == {"none", "office", "copier", "fax", "phone"}
    assert {one.printer.kind for one in drawn} == {"laser", "worn", "carbon", "dots"}
    assert {one.scanner.halftone for one in drawn} == {"", "dots", "ordered"}
    for share in (
        sum(bool(one.paper.folds) for one in drawn),
        sum(one.paper.waves > 0 for one in drawn),
        sum(one.scanner.dpi > 0 for one in drawn),
        sum(one.scanner.jpeg > 0 for one in drawn),
        sum(one.hand.strikes > 0 for one in drawn),
        sum(one.paper.behind > 0 for one in drawn),
    ):
        assert 0.03 * len(drawn) < share < 0.6 * len(drawn)
    tills = [conditions.pick_condition(rng, till=True) for _ in range(300)]
    assert sum(one.printer.kind == "thermal" for one in tills) > 90


def test_the_same_seed_takes_the_same_picture() -> None:
    for seed in range(12):
        one, other = (
            photograph(_page(), "serif", random.Random(seed), _drawn(seed), 500) for _ in range(2)
        )
        assert np.array_equal(one.grey, other.grey)
        assert one.words == other.words


def test_a_clean_condition_is_the_printed_page() -> None:
    shot = photograph(_page(), "sans", random.Random(1), CLEAN, 500)
    assert shot.warp == Warp()
    assert shot.grey[0, 0] == 255
    assert shot.grey.min() < 40


@pytest.mark.parametrize("long_side", [300, 1400, 2600])
def test_a_page_has_the_long_side_that_was_asked_for(long_side: int) -> None:
    rng = random.Random(3)
    document = make_document(rng, rendering.face_of)
    for labelled in scanned_pages(document, rng, long_side):
        assert labelled.page.image is not None
        assert max(labelled.page.image.shape) == long_side


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(Paper(folds=(Fold(False, 0.5, 0.2), Fold(True, 0.5, 0.1))), id="folded"),
        pytest.param(Paper(creases=6), id="creased"),
        pytest.param(Paper(holes=2), id="punched"),
        pytest.param(Paper(staple=True), id="stapled"),
        pytest.param(Paper(behind=0.1), id="the reverse side shows"),
        pytest.param(Paper(stains=3), id="stained"),
        pytest.param(Paper(tone=235), id="grey"),
    ],
)
def test_wear_shows_and_moves_no_word(paper: Paper) -> None:
    clean = photograph(_page(), "sans", random.Random(2), CLEAN, 600)
    worn = photograph(_page(), "sans", random.Random(2), Condition(paper=paper), 600)
    assert worn.words == clean.words
    changed = np.mean(worn.grey != clean.grey)
    assert changed > 0
    assert np.abs(worn.grey.astype(int) - clean.grey).mean() < 30


def test_a_word_fills_the_width_that_the_layout_gave_it_in_any_font() -> None:
    sheet = Sheet(400, 100, table_face("sans"))
    sheet.write(50, 50, [Span("HHHHHHHHHH")], size=12)
    for face in FACES:
        shot = photograph(sheet, face, random.Random(1), CLEAN, 1600)
        box = shot.words[0].box
        assert box.left * 400 == pytest.approx(50, abs=2)
        assert box.right * 400 == pytest.approx(50 + sheet.inks[0].width, abs=2)
