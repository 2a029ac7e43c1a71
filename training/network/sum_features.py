"""Arithmetic features: printed numbers that take part in `a * b = c` or sum a column.

Features for the network only: no value leaves this module.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
DoubleArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_LINE_NUMBERS = 16  # numbers used per line; wider schedule grids keep their last ones
_WINDOW = 8  # consecutive numbers in reading order, for blocks that put one value on a line


def product_roles(
    values: DoubleArray, decimals: DoubleArray, lines: Sequence[IntArray]
) -> tuple[FloatArray, FloatArray]:
    """Roles in products, on one line (T, 3) and among neighbours in reading order (T, 2).

    Columns: is the product of two others; is a factor; (line only) equals another number of a line
    that also has a 1. `values` is nan where a word is no number.
    """
    on_line = np.zeros((len(values), 3), dtype=np.float32)
    in_window = np.zeros((len(values), 2), dtype=np.float32)
    reading_order: list[int] = []
    for line in lines:
        numbers = line[~np.isnan(values[line])]
        reading_order.extend(int(i) for i in numbers)
        numbers = numbers[-_LINE_NUMBERS:]
        if len(numbers) < 2:
            continue
        v = values[numbers]
        product, factor = _products(v, decimals[numbers])
        on_line[numbers, 0] = product
        on_line[numbers, 1] = factor
        if (v == 1).any():
            equal = (v[:, None] == v[None, :]) & ~np.eye(len(v), dtype=bool)
            on_line[numbers, 2] = equal.any(axis=1) & (v > 1)
    order = np.array(reading_order, dtype=np.int64)
    for start in range(0, max(len(order) - 2, 0), _WINDOW // 2):
        numbers = order[start : start + _WINDOW]
        product, factor = _products(values[numbers], decimals[numbers])
        in_window[numbers, 0] = np.maximum(in_window[numbers, 0], product)
        in_window[numbers, 1] = np.maximum(in_window[numbers, 1], factor)
    return on_line, in_window


def _products(v: DoubleArray, decimals: DoubleArray) -> tuple[FloatArray, FloatArray]:
    """Flags of each number: is a product, is a factor; factors 0 and 1 prove nothing."""
    size = len(v)
    useful = np.abs(v) > 1.0001
    useful |= (np.abs(v) < 0.9999) & (v != 0)
    pair = useful[:, None] & useful[None, :]
    pair &= np.triu(np.ones((size, size), dtype=bool), 1)
    # At least one of the three must show decimals or be large: 2 * 3 = 6 happens by chance.
    first, second = np.nonzero(pair)
    product = v[first] * v[second]  # (P,)
    slack = np.maximum(0.0101, np.abs(product) * 1e-5)
    hit = np.abs(product[:, None] - v[None, :]) <= slack[:, None]  # (P, K)
    telling = (decimals[first] + decimals[second] > 0)[:, None] | (np.abs(v) >= 100)[None, :]
    hit &= telling & useful[None, :]
    hit &= (np.arange(size)[None, :] != first[:, None]) & (
        np.arange(size)[None, :] != second[:, None]
    )
    is_product: FloatArray = np.asarray(hit.any(axis=0), dtype=np.float32)
    is_factor: FloatArray = np.zeros(size, dtype=np.float32)
    rows = hit.any(axis=1)
    is_factor[first[rows]] = 1
    is_factor[second[rows]] = 1
    return is_product, is_factor


def column_sums(values: DoubleArray, scaled: FloatArray) -> FloatArray:
    """1 where a number is the sum of two or more consecutive numbers above it, right edges aligned.

    `scaled` (T, 4) boxes in line heights. Edges within half a line height count as aligned.
    """
    flags = np.zeros(len(values), dtype=np.float32)
    numbers = np.nonzero(~np.isnan(values))[0]
    if len(numbers) < 3:
        return flags
    by_edge = numbers[np.argsort(scaled[numbers, 2], kind="stable")]
    edges = scaled[by_edge, 2]
    breaks = np.nonzero(np.diff(edges) > 0.5)[0] + 1
    for column in np.split(by_edge, breaks):
        if not 3 <= len(column) <= 200:
            continue
        column = column[np.argsort(scaled[column, 1], kind="stable")]
        v = values[column]
        prefix = np.concatenate(([0.0], np.cumsum(v)))  # prefix[k] = v[0] + .. + v[k-1]
        prefix_before = prefix[: len(v)] - v  # v[k] = prefix[k] - prefix[j], j <= k - 2
        close = np.abs(prefix_before[:, None] - prefix[None, : len(v)]) < 0.006  # (k, j)
        close &= np.arange(len(v))[None, :] <= np.arange(len(v))[:, None] - 2
        hit = close.any(axis=1) & (np.abs(v) > 1)
        flags[column[hit]] = 1
    return flags
