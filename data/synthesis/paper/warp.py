"""Maps points, boxes and pixels from a clean page to its image: waves, turn and perspective.

A `Warp` maps points exactly, both ways: every wave is a shear (a shift along one axis that depends
on the other alone), and a shear is undone by the shift back. Image and boxes use the same map.
Points are in pixels, x to the right and y down, whole numbers at the corners of pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from data.records import GreyImage

Points = npt.NDArray[np.float64]  # (N, 2) x and y in pixels
Boxes = npt.NDArray[np.float64]  # (N, 4) left, top, right, bottom in pixels

_CELL = 16  # pixels between points where the map is computed; between them it is straight
_STEPS = 6  # parts into which an edge of a box is cut before it is bent
_UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Wave(NamedTuple):
    """A shift of `height` pixels times the sine of the way along a `length` (pixels a period)."""

    height: float
    length: float
    phase: float = 0.0  # radians


@dataclass(frozen=True, slots=True)
class Warp:
    """The map from page to image: sideways waves along the height, upright waves along the width.

    `matrix`, applied last, is a projective map by rows, nine numbers.
    """

    sideways: tuple[Wave, ...] = ()
    upright: tuple[Wave, ...] = ()
    matrix: tuple[float, ...] = _UNMOVED

    def __post_init__(self) -> None:
        if len(self.matrix) != 9 or abs(np.linalg.det(self._projection())) < 1e-9:
            raise ValueError(f"a warp needs nine numbers that can be inverted, got {self.matrix}")

    def forward(self, points: Points) -> Points:
        """Map points of the clean page to the image."""
        x = points[:, 0] + _shift(self.sideways, points[:, 1])
        y = points[:, 1] + _shift(self.upright, x)
        return _project(self._projection(), x, y)

    def backward(self, points: Points) -> Points:
        """Map points of the image to the clean page."""
        flat = _project(_inverse(self._projection()), points[:, 0], points[:, 1])
        x, y = flat[:, 0], flat[:, 1]
        y = y - _shift(self.upright, x)
        return np.stack((x - _shift(self.sideways, y), y), axis=1)

    def warp_boxes(self, boxes: Boxes) -> Boxes:
        """Map boxes of the clean page to their bounds in the image, edges bent as the paper."""
        if not len(boxes) or self == Warp():
            return boxes
        along = np.linspace(0.0, 1.0, _STEPS + 1)[None, :]
        left, top, right, bottom = (boxes[:, edge, None] for edge in range(4))
        x, y = left + (right - left) * along, top + (bottom - top) * along
        xs = np.concatenate(
            (x, x, np.repeat(left, _STEPS + 1, 1), np.repeat(right, _STEPS + 1, 1)), 1
        )
        ys = np.concatenate(
            (np.repeat(top, _STEPS + 1, 1), np.repeat(bottom, _STEPS + 1, 1), y, y), 1
        )
        moved = self.forward(np.stack((xs.ravel(), ys.ravel()), axis=1)).reshape(len(boxes), -1, 2)
        return cast(Boxes, np.concatenate((moved.min(axis=1), moved.max(axis=1)), axis=1))

    def warp_page(self, page: GreyImage, around: int) -> GreyImage:
        """Warp the page to an image of the same size; `around` is the grey beside the sheet."""
        if self == Warp():
            return page
        height, width = page.shape
        # OpenCV counts pixels from their centres
        half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
        if not (self.sideways or self.upright):
            matrix = _inverse(half) @ self._projection() @ half
            if np.allclose(matrix[2, :2], 0):
                flat = matrix[:2] / matrix[2, 2]
                moved = cv2.warpAffine(page, flat, (width, height), borderValue=around)
            else:
                moved = cv2.warpPerspective(page, matrix, (width, height), borderValue=around)
            return cast(GreyImage, moved)
        x, y = self._pixel_maps(width, height)
        return cast(
            GreyImage, cv2.remap(page, x, y, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, around)
        )

    def _pixel_maps(
        self, width: int, height: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """For each pixel of the image, x and y of its point on the page."""
        columns, rows = math.ceil(width / _CELL) + 2, math.ceil(height / _CELL) + 2
        x, y = np.meshgrid((np.arange(columns) - 0.5) * _CELL, (np.arange(rows) - 0.5) * _CELL)
        back = self.backward(np.stack((x.ravel(), y.ravel()), axis=1)) - 0.5
        maps = []
        for axis in range(2):
            coarse = back[:, axis].reshape(rows, columns).astype(np.float32)
            fine = cv2.resize(coarse, (columns * _CELL, rows * _CELL))
            maps.append(
                np.asarray(fine, dtype=np.float32)[_CELL : _CELL + height, _CELL : _CELL + width]
            )
        return maps[0], maps[1]

    def _projection(self) -> npt.NDArray[np.float64]:
        return np.array(self.matrix, dtype=np.float64).reshape(3, 3)


def _shift(waves: Sequence[Wave], along: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = np.zeros_like(along)
    for height, length, phase in waves:
        total += height * np.sin(along * (math.tau / length) + phase)
    return total


def _inverse(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return cast(npt.NDArray[np.float64], np.linalg.inv(matrix))


def _project(
    matrix: npt.NDArray[np.float64], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> Points:
    moved = matrix @ np.stack((x, y, np.ones_like(x)))
    return cast(Points, (moved[:2] / moved[2]).T)


def fit_warp(
    size: tuple[int, int], corners: Points, ink: tuple[float, float, float, float], waves: Warp
) -> Warp:
    """Return the warp from the page's corners (clockwise from top left) to `corners`.

    It keeps the waves of `waves`, and is moved and shrunk so that `ink` (a box) stays in the image.
    """
    width, height = size
    start = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(start, corners.astype(np.float32))
    warp = Warp(waves.sideways, waves.upright, tuple(matrix.ravel().tolist()))
    left, top, right, bottom = warp.warp_boxes(np.array([ink]))[0].tolist()
    edge = 2.0  # pixels that stay free around the ink
    fit = min(1.0, (width - 2 * edge) / (right - left), (height - 2 * edge) / (bottom - top))
    x = max(edge - left * fit, 0.0) + min(width - edge - right * fit, 0.0)
    y = max(edge - top * fit, 0.0) + min(height - edge - bottom * fit, 0.0)
    if fit == 1.0 and x == 0.0 and y == 0.0:
        return warp
    fitted = np.array([[fit, 0.0, x], [0.0, fit, y], [0.0, 0.0, 1.0]]) @ matrix
    return Warp(waves.sideways, waves.upright, tuple((fitted / fitted[2, 2]).ravel().tolist()))
