"""Levelling of a photographed page's words: printed lines made horizontal, from boxes alone.

A page that we render or scan is turned upright by its pixels (`data.pages.orientation`). Words that
come without a picture, as in corpora, are still where the camera saw them: on the receipts of CORD
a line falls or rises by up to a line height from name to price, and neighbours of one row look like
rows of their own.

The slope is a linear function of height, as perspective makes it for level lines photographed
nearly from the front. It is fitted to pairs of neighbours, near ones first, so that later ones are
paired along lines already nearly level; by least absolute deviations, so that pairs across rows do
not count (iteratively reweighted least squares, Schlossmacher 1973).
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from data.records import Box, Page

Floats = npt.NDArray[np.float64]

# (reach to the right, difference in height) of a neighbour, in line heights, round by round
_ROUNDS = ((2.0, 0.8), (8.0, 0.6), (30.0, 0.5), (30.0, 0.45))
_MIN_PAIRS = 4
_REPEATS = 15  # of the reweighting
_STIFFNESS = 0.02  # penalty on the change of slope, as a share of the evidence


def level_page(page: Page) -> Page:
    """Return the page with its words moved up or down; box sizes and images are unchanged."""
    if len(page.words) < 2:
        return page
    edges = np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in page.words])
    shifts = _shifts(edges * [page.upright_aspect, 1, page.upright_aspect, 1])
    words = tuple(
        replace(word, box=_move_down(word.box, shift))
        for word, shift in zip(page.words, shifts.tolist(), strict=True)
    )
    return replace(page, words=words)


def _move_down(box: Box, shift: float) -> Box:
    return Box.clamped(box.left, box.top + shift, box.right, box.bottom + shift)


def _shifts(edges: Floats) -> Floats:
    """Return the shift down of each word, (T,); lengths are in page heights."""
    across = (edges[:, 0] + edges[:, 2]) / 2
    down = (edges[:, 1] + edges[:, 3]) / 2
    line_height = max(float(np.median(edges[:, 3] - edges[:, 1])), 1e-4)
    slope = np.zeros(2)  # at the top of the page, and its change down the page
    for reach, tolerance in _ROUNDS:
        levelled = down - (slope[0] + slope[1] * down) * across
        pairs = _neighbour_pairs(edges, levelled, reach * line_height, tolerance * line_height)
        if len(pairs) >= _MIN_PAIRS:
            slope = _fit_slope(across, down, pairs, line_height)
    # Around the middle of the words, so that the page stays where it is.
    shifts: Floats = -(slope[0] + slope[1] * down) * (across - across.mean())
    return shifts


def _neighbour_pairs(
    edges: Floats, levelled: Floats, reach: float, tolerance: float
) -> npt.NDArray[np.int64]:
    """Return (P, 2) indices: a word and the nearest one to its right on its line, if any."""
    across = (edges[:, 0] + edges[:, 2]) / 2
    gaps = edges[None, :, 0] - edges[:, None, 2]  # (T, T) from the word to the other
    apart = np.abs(levelled[None, :] - levelled[:, None])
    near = (gaps > -0.6 * tolerance) & (gaps < reach) & (apart < tolerance)
    near &= across[None, :] > across[:, None]
    costs = np.where(near, gaps + 2 * apart, np.inf)
    best = costs.argmin(axis=1)
    mine = np.flatnonzero(near.any(axis=1))
    return np.stack([mine, best[mine]], axis=1)


def _fit_slope(
    across: Floats, down: Floats, pairs: npt.NDArray[np.int64], line_height: float
) -> Floats:
    """Return the slope at the top and its change, so that most pairs become level."""
    mine, other = pairs.T
    run, rise = across[other] - across[mine], down[other] - down[mine]
    terms = np.stack([run, (down[mine] + down[other]) / 2 * run], axis=1)  # (P, 2)
    held = np.diag([1e-6, _STIFFNESS * float((run**2).sum())])
    weights = np.ones(len(pairs))
    slope = np.zeros(2)
    for _ in range(_REPEATS):
        weighted = terms * weights[:, None]
        slope = np.linalg.solve(terms.T @ weighted + held, weighted.T @ rise)
        off = np.abs(rise - terms @ slope)
        weights = line_height / np.maximum(off, 0.1 * line_height)
    return slope
