"""The way a page lies is found, and boxes find their way back to it."""

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.pages.orientation import (
    IDENTITY,
    compose_maps,
    estimate_orientation,
    make_upright,
    shrink,
)
from data.records import Box, GreyImage, Page

LINES = (
    "Invoice 4711 Acme Hardware Limited, 12 Mill Lane",
    "Pos Description            Quantity  Price   Amount",
    "1   Hex bolt M8 galvanised      120   0.25    30.00",
    "2   Washer steel large           40   0.10     4.00",
    "3   Threaded rod one metre       15   3.20    48.00",
    "4   Anchor for solid brick       60   0.75    45.00",
    "Subtotal                                     127.00",
    "Payment within thirty days without any discount",
)


def make_sheet(width: int = 900, height: int = 1200) -> GreyImage:
    """A white sheet with eight printed lines."""
    sheet = np.full((height, width), 255, dtype=np.uint8)
    for number, line in enumerate(LINES):
        place = (width // 9, 150 + 70 * number)
        cv2.putText(sheet, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.75, 0, 2, cv2.LINE_AA)
    return sheet


def deliver(sheet: GreyImage, rotation: int, skew: float) -> GreyImage:
    """The sheet as a scanner delivers it: skewed clockwise, then turned clockwise."""
    height, width = sheet.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    skewed = cv2.warpAffine(sheet, turn, (width, height), borderValue=255)
    return np.ascontiguousarray(np.rot90(skewed, -rotation // 90)).astype(np.uint8)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-7.5, -2.0, -0.4, 0.0, 0.4, 2.0, 7.5])
def test_quarter_turn_and_skew_are_found(rotation: int, skew: float) -> None:
    lie = estimate_orientation(shrink(deliver(make_sheet(), rotation, skew), 1024))
    assert lie.sideways == (rotation in (90, 270))
    assert lie.skew == pytest.approx(skew, abs=0.25)
    assert lie.text_height is not None


@pytest.mark.parametrize("image", [np.full((800, 600), 255, np.uint8), np.zeros((5, 9), np.uint8)])
def test_page_without_text_lies_straight(image: GreyImage) -> None:
    lie = estimate_orientation(image)
    assert (lie.sideways, lie.skew, lie.text_height) == (False, 0.0, None)


@settings(max_examples=60, deadline=None)
@given(
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew=st.floats(-8, 8),
    left=st.floats(0.1, 0.6),
    top=st.floats(0.1, 0.8),
    wide=st.booleans(),
)
@example(rotation=0, skew=7.0, left=0.125, top=0.1015625, wide=True)
def test_polygon_covers_the_word_on_the_delivered_page(
    rotation: int, skew: float, left: float, top: float, wide: bool
) -> None:
    width, height = (800, 500) if wide else (500, 800)
    sheet = np.full((height, width), 255, dtype=np.uint8)
    place = (int(left * width), int(top * height))
    cv2.putText(sheet, "127.00", place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    delivered = deliver(sheet, rotation, skew)

    upright = make_upright(delivered, rotation, skew)
    rows, columns = np.nonzero(upright.image < 128)
    tall, across = upright.image.shape
    box = Box.clamped(
        columns.min() / across,
        rows.min() / tall,
        (columns.max() + 1) / across,
        (rows.max() + 1) / tall,
    )
    assert box.width * across > 2.5 * box.height * tall  # the word lies level
    shown = float(delivered.shape[1]), float(delivered.shape[0])
    page = Page(0, *shown, (), "none", "", rotation, upright.skew, upright.to_page)
    corners = np.array(page.polygon(box)).reshape(4, 2) * shown
    inside = np.zeros_like(delivered)
    cv2.fillPoly(inside, [np.round(corners).astype(np.int32)], 1)
    inside = cv2.dilate(inside, np.ones((5, 5), np.uint8))  # rounding to pixels, there and back
    ink = delivered < 128
    assert np.count_nonzero(ink & (inside == 1)) >= 0.99 * np.count_nonzero(ink)
    assert np.count_nonzero(inside) < 0.1 * inside.size


@pytest.mark.parametrize("skew", [-8.0, -1.0, 1.0, 8.0])
def test_nothing_at_the_edges_is_lost_and_proportions_stay(skew: float) -> None:
    page = np.zeros((400, 300), dtype=np.uint8)
    upright = make_upright(page, 0, skew)
    assert np.count_nonzero(upright.image < 128) == pytest.approx(page.size, rel=0.01)
    height, width = upright.image.shape
    assert width / height == pytest.approx(300 / 400, rel=0.01)


def test_maps_are_chained_inner_first() -> None:
    twice = (2.0, 0.0, 0.0, 0.0, 2.0, 0.0)
    shift = (1.0, 0.0, 0.5, 0.0, 1.0, 0.25)
    assert compose_maps(twice, shift) == (2.0, 0.0, 1.0, 0.0, 2.0, 0.5)
    assert compose_maps(IDENTITY, shift) == shift == compose_maps(shift, IDENTITY)
