"""Scans as they are made: always the same, within the documented bounds, with the way back."""

import io
import math
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from data.corpora.scans import (
    DamageLevel,
    Lay,
    Scanner,
    lay_on_glass,
    pick_page,
    pick_scanner,
    scan_page,
    scan_pages,
    scan_to_sheet,
)
from data.pages.attachments import Attachment, open_attachment
from data.records import GreyImage
from tests.support.small_sheets import grain, image_file, pdf, text

LEVELS: tuple[DamageLevel, ...] = ("light", "heavy")
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"
SCANNERS = 4000
# About four standard deviations of a share of so many draws
SHARE_TOLERANCE = 0.03

UNHARMED = Scanner("light", 1.0, 0.0, "left", (), 0.0, 250, 0.0, 0.0012, False)
FLAT = Lay(0.0, 1.0, (0.0, 0.0), 0.0, (0.0, 0.0))


def opened(content: bytes) -> Attachment:
    return open_attachment(content, "a.pdf")


def pixels_of(content: bytes) -> GreyImage:
    return np.asarray(Image.open(io.BytesIO(content)))


TWO_EQUAL_PAGES = pdf(text(), text())


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_page_gives_the_same_bytes_and_no_other_does(level: DamageLevel) -> None:
    first, again = opened(TWO_EQUAL_PAGES), open_attachment(TWO_EQUAL_PAGES, "another name.pdf")
    scan = scan_page(first, 0, level)
    with again.file() as file:
        assert scan_page(again, 0, level, file=file) == scan
    # The two sheets print the same; they lie and are read by the sensor each in their own way
    second = scan_page(first, 1, level)
    assert second.content != scan.content
    assert second.to_page != scan.to_page
    other = next(one for one in LEVELS if one != level)
    assert scan_page(first, 0, other).to_page != scan.to_page
    # One more byte in the file is another document
    assert scan_page(opened(TWO_EQUAL_PAGES + b"\n"), 0, level).to_page != scan.to_page


@pytest.mark.parametrize("level", ["none", "medium", "", None])
def test_a_scan_without_damage_is_refused(tmp_path: Path, level: Any) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(""))
    wanted = rf"a\.pdf: a scan needs the damage light or heavy, got {level!r}"
    with pytest.raises(ValueError, match=wanted):
        scan_page(opened(pdf("")), 0, level)
    with pytest.raises(ValueError, match=wanted):
        next(scan_pages(path, level))


@pytest.mark.parametrize("number", [-1, 2])
def test_a_page_outside_of_the_document_is_an_index_error(number: int) -> None:
    with pytest.raises(IndexError):
        scan_page(opened(TWO_EQUAL_PAGES), number, "light")


@pytest.mark.parametrize(
    ("content", "level", "size"),
    [
        (pdf(""), "light", (1700, 2200)),  # a letter sheet at 200 dpi
        (pdf(""), "heavy", (1275, 1650)),  # and at 150
        (pdf("", turn=90), "heavy", (1650, 1275)),
        (pdf("", media="[0 0 90 2300]"), "light", (137, 3500)),  # no more than the reader takes
        (image_file(grain(0, (70, 90))), "light", (90, 70)),
        (image_file(grain(0, (70, 90))), "heavy", (90, 70)),
        (image_file(grain(0, (1754, 60))), "heavy", (60, 1754)),  # the long side of an A4 sheet
        (image_file(grain(0, (1755, 60))), "light", (60, 1755)),
        (image_file(grain(0, (40, 2400))), "light", (2338, 39)),
        (image_file(grain(0, (2400, 40))), "heavy", (29, 1754)),
        (image_file(grain(0, (1, 1))), "heavy", (1, 1)),
    ],
)
def test_resolution_of_the_scan(content: bytes, level: DamageLevel, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(scan_page(opened(content), 0, level).content)) as scanned:
        assert scanned.size == size
        assert scanned.mode == "L"


def test_a_fax_is_black_and_white_in_png_and_all_else_jpeg_of_its_quality() -> None:
    kinds = []
    for seed in range(40):
        sheets = opened(image_file(grain(2 * seed), grain(2 * seed + 1), kind="TIFF"))
        light, *heavy = (scan_page(sheets, *at).content for at in ((0, "light"), (0, "heavy")))
        heavy.append(scan_page(sheets, 1, "heavy").content)
        assert table_of(light) == table_of(coded(75))
        faxes = [content.startswith(PNG) for content in heavy]
        assert len(set(faxes)) == 1  # all sheets of a document go through one machine
        for content in heavy:
            levels = set(np.unique(pixels_of(content)).tolist())
            assert levels <= {0, 255} if faxes[0] else len(levels) > 2
            assert faxes[0] or table_of(content) == table_of(coded(40))
        kinds.append(faxes[0])
    assert 1 <= sum(kinds) <= 15  # of 40, six are expected


def coded(quality: int) -> bytes:
    return cv2.imencode(".jpg", grain(0), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def table_of(content: bytes) -> dict[int, list[int]]:
    """The quantisation tables of a JPEG: they follow from its quality."""
    assert content.startswith(JPEG)
    with Image.open(io.BytesIO(content)) as image:
        return dict(image.quantization)  # type: ignore[attr-defined]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def scanners(level: DamageLevel) -> list[Scanner]:
    return [pick_scanner(random.Random(f"seed {n}"), level) for n in range(SCANNERS)]


def assert_fills(values: list[float], low: float, high: float) -> None:
    """All within the bounds, and nearly up to both of them."""
    room = 0.03 * (high - low)
    assert low <= min(values) <= low + room
    assert high - room <= max(values) <= high


def test_a_good_scanner_is_as_documented() -> None:
    drawn = scanners("light")
    assert {(s.level, s.coarse, s.lid, s.fax) for s in drawn} == {("light", 1.0, 250, False)}
    assert share([bool(s.folds) for s in drawn]) == pytest.approx(0.3, abs=SHARE_TOLERANCE)
    assert_fills([s.fold_depth for s in drawn], 0.02, 0.05)
    assert_fills([s.fade for s in drawn], 0.0, 0.02)
    assert_fills([s.shadow for s in drawn], 0.05, 0.2)
    assert {s.dark_side for s in drawn} == {"left", "right", "top", "bottom"}


def test_a_bad_scanner_is_as_documented() -> None:
    drawn = scanners("heavy")
    resampled = [s.coarse * 150 for s in drawn if s.coarse != 1]
    assert share([s.coarse != 1 for s in drawn]) == pytest.approx(0.3, abs=SHARE_TOLERANCE)
    assert_fills(resampled, 110, 135)
    assert share([bool(s.folds) for s in drawn]) == pytest.approx(0.6, abs=SHARE_TOLERANCE)
    assert_fills([s.fold_depth for s in drawn], 0.10, 0.30)
    assert_fills([s.fade for s in drawn], 0.05, 0.15)
    assert_fills([s.shadow for s in drawn], 0.3, 0.6)
    assert share([s.lid < 100 for s in drawn]) == pytest.approx(1 / 3, abs=SHARE_TOLERANCE)
    assert_fills([s.lid for s in drawn if s.lid < 100], 20, 70)
    assert_fills([s.lid for s in drawn if s.lid >= 100], 190, 235)
    assert share([s.fax for s in drawn]) == pytest.approx(3 / 20, abs=SHARE_TOLERANCE)
    assert {s.shadow_width for s in drawn} == {0.004} != {s.shadow_width for s in scanners("light")}


@pytest.mark.parametrize("level", LEVELS)
def test_sheets_are_folded_once_or_in_three(level: DamageLevel) -> None:
    folds = [s.folds for s in scanners(level) if s.folds]
    assert_fills([f[0] for f in folds if len(f) == 1], 0.48, 0.52)
    in_three = [f for f in folds if len(f) == 2]
    assert_fills([first for first, _ in in_three], 0.31, 0.35)
    assert all(second == pytest.approx(2 * first) for first, second in in_three)
    assert share([len(f) == 2 for f in folds]) == pytest.approx(0.5, abs=2 * SHARE_TOLERANCE)


@pytest.mark.parametrize(
    ("level", "angle", "scale", "wave", "blur", "noise", "contrast", "jpeg"),
    [
        ("light", 0.4, (0.985, 1.0), 0.0, (0.4, 0.4), (4, 4), (0.97, 0.97), 75),
        ("heavy", 1.5, (0.965, 0.99), 0.0005, (0.45, 0.75), (6, 13), (0.75, 0.92), 40),
    ],
)
def test_pages_are_damaged_as_documented(
    level: DamageLevel,
    angle: float,
    scale: tuple[float, float],
    wave: float,
    blur: tuple[float, float],
    noise: tuple[float, float],
    contrast: tuple[float, float],
    jpeg: int,
) -> None:
    scanner = pick_scanner(random.Random("one scanner"), level)
    drawn = [pick_page(random.Random(f"page {n}"), scanner) for n in range(SCANNERS)]
    damages, lays = [damage for damage, _ in drawn], [lay for _, lay in drawn]
    assert_fills([lay.angle for lay in lays], -angle, angle)
    assert all(damage.angle == lay.angle for damage, lay in drawn)
    assert_fills([lay.scale for lay in lays], *scale)
    assert_fills([lay.wave for lay in lays], 0.0, wave)
    assert_fills([damage.blur for damage in damages], *blur)
    assert_fills([damage.noise for damage in damages], *noise)
    assert_fills([damage.contrast for damage in damages], *contrast)
    assert {(damage.jpeg, damage.marks, damage.fax) for damage in damages} == {(jpeg, 0, False)}
    # But for its corners, a sheet lies on the glass
    assert all(abs(s) <= (1 - lay.scale) / 2 for lay in lays for s in lay.shift)


@pytest.mark.parametrize(
    ("lay", "on_scan", "on_sheet"),
    [
        (FLAT, (0.25, 0.75), (0.25, 0.75)),
        # Turned clockwise, what was right of the middle lies lower; the sheet is 200 x 400
        (replace(FLAT, angle=90.0), (0.5, 0.75), (1.0, 0.5)),
        (replace(FLAT, angle=-90.0), (0.5, 0.75), (0.0, 0.5)),
        (replace(FLAT, scale=0.5), (0.25, 0.75), (0.0, 1.0)),
        (replace(FLAT, shift=(0.01, -0.02)), (0.51, 0.48), (0.5, 0.5)),
        (replace(FLAT, angle=90.0, scale=0.5, shift=(0.1, 0.0)), (0.6, 0.625), (1.0, 0.5)),
    ],
)
def test_the_way_back_from_scan_to_sheet(
    lay: Lay, on_scan: tuple[float, float], on_sheet: tuple[float, float]
) -> None:
    assert mapped(scan_to_sheet(lay, 200 / 400), on_scan) == pytest.approx(on_sheet)


def mapped(to_page: tuple[float, ...], point: tuple[float, float]) -> tuple[float, float]:
    a, b, c, d, e, f = to_page
    x, y = point
    return a * x + b * y + c, d * x + e * y + f


MARKS = ((0.12, 0.1), (0.83, 0.14), (0.31, 0.42), (0.62, 0.55), (0.14, 0.88), (0.87, 0.9))
MARK_PX = 9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    size=st.sampled_from([(300, 424), (424, 300), (300, 300), (160, 500)]),
    angle=st.floats(-1.5, 1.5),
    scale=st.floats(0.965, 1.0),
    way=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    seed=st.integers(0, 10_000),
    level=st.sampled_from(LEVELS),
)
def test_marks_on_the_scan_map_back_to_where_they_were_drawn(
    size: tuple[int, int],
    angle: float,
    scale: float,
    way: tuple[float, float],
    seed: int,
    level: DamageLevel,
) -> None:
    width, height = size
    sheet = np.full((height, width), 255, dtype=np.uint8)
    for x, y in MARKS:
        left, top = round(x * width) - MARK_PX // 2, round(y * height) - MARK_PX // 2
        sheet[top : top + MARK_PX, left : left + MARK_PX] = 0
    room = (1 - scale) / 2
    lay = Lay(angle, scale, (way[0] * room, way[1] * room), 0.0, (0.0, 0.0))
    scan = lay_on_glass(sheet, lay, pick_scanner(random.Random(seed), level))
    to_page = scan_to_sheet(lay, width / height)
    found = [mapped(to_page, (x / width, y / height)) for x, y in marks_in(scan)]
    for x, y in MARKS:
        want = (round(x * width) + 0.5) / width, (round(y * height) + 0.5) / height
        off = [math.hypot((u - want[0]) * width, (v - want[1]) * height) for u, v in found]
        assert min(off, default=math.inf) < 1


def marks_in(scan: GreyImage) -> Iterator[tuple[float, float]]:
    """The middles, in pixels from the scan's corner, of dark pieces as large as a mark."""
    _, _, stats, middles = cv2.connectedComponentsWithStats((scan < 100).astype(np.uint8))
    for (_, _, wide, tall, _), middle in zip(stats[1:], middles[1:], strict=True):
        if abs(wide - MARK_PX) <= 2 and abs(tall - MARK_PX) <= 2:
            yield middle[0] + 0.5, middle[1] + 0.5


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (16, 15), (17, 16), (60, 3500), (3500, 20)])
@pytest.mark.parametrize("level", LEVELS)
def test_the_glass_is_as_large_as_the_sheet(shape: tuple[int, int], level: DamageLevel) -> None:
    for seed in range(5):
        rng = random.Random(seed)
        scanner = pick_scanner(rng, level)
        laid = lay_on_glass(grain(seed, shape), pick_page(rng, scanner)[1], scanner)
        assert (laid.shape, str(laid.dtype)) == (shape, "uint8")


def test_a_flat_sheet_under_even_light_is_unharmed() -> None:
    sheet = grain(0, (80, 60))
    assert np.array_equal(lay_on_glass(sheet, FLAT, UNHARMED), sheet)


@pytest.mark.parametrize(
    ("side", "where"),
    [
        ("left", (slice(None), slice(0, 1))),
        ("right", (slice(None), slice(-1, None))),
        ("top", (slice(0, 1), slice(None))),
        ("bottom", (slice(-1, None), slice(None))),
    ],
)
def test_light_falls_off_to_the_dark_side(side: Any, where: tuple[slice, slice]) -> None:
    scanner = replace(UNHARMED, fade=0.2, dark_side=side)
    laid = lay_on_glass(np.full((90, 70), 200, np.uint8), FLAT, scanner)
    assert laid[where] == pytest.approx(0.8 * 200, abs=2)
    assert (laid.min(), laid.max()) == (pytest.approx(160, abs=2), pytest.approx(200, abs=1))


def test_folds_take_light_across_the_sheet() -> None:
    scanner = replace(UNHARMED, folds=(0.25, 0.65), fold_depth=0.3)
    rows = lay_on_glass(np.full((1000, 9), 200, np.uint8), FLAT, scanner).mean(axis=1)
    dark = np.flatnonzero(rows < 0.8 * 200)
    near = [min((250, 650), key=lambda fold: abs(row - fold)) for row in dark.tolist()]
    assert set(near) == {250, 650}
    assert max(abs(row - fold) for row, fold in zip(dark.tolist(), near, strict=True)) < 20
    assert rows.min() == pytest.approx(0.72 * 200, abs=3)
    assert rows[100] == rows[450] == rows[900] == pytest.approx(200, abs=1)


@pytest.mark.parametrize("lid", [40, 210])
def test_beside_the_sheet_lies_the_lid_in_the_shadow_of_the_edge(lid: int) -> None:
    scanner = replace(UNHARMED, lid=lid, shadow=0.5, shadow_width=0.005)
    lay = replace(FLAT, scale=0.8)
    row = lay_on_glass(np.full((400, 400), 255, np.uint8), lay, scanner)[200].astype(int)
    assert row[0] == pytest.approx(lid, abs=1)
    assert row[39] < 0.7 * lid  # the sheet begins at 40
    assert row[60:340].min() >= 254
