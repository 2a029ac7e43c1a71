"""Best assignment: the largest total that SciPy finds too, and the same answer for equal totals."""

import random

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from serving.matching.pairing.best_assignment import best_assignment


def largest_total(rows: list[dict[int, float]], unassigned: list[float], columns: int) -> float:
    worths = np.full((len(rows), columns + len(rows)), -1e6)
    for number, row in enumerate(rows):
        for column, worth in row.items():
            worths[number, column] = worth
        worths[number, columns + number] = unassigned[number]
    return float(worths[linear_sum_assignment(worths, maximize=True)].sum())


@pytest.mark.parametrize("seed", range(200))
def test_the_total_is_the_largest(seed: int) -> None:
    """Few different worths, so that many assignments are equally good."""
    chance = random.Random(seed)
    count, columns = chance.randint(1, 8), chance.randint(1, 8)
    likely = [0.4, 0.5, 0.87, 0.9, 0.95, 0.97] if seed % 2 else [chance.random() for _ in range(50)]
    rows = [
        {
            column: chance.choice(likely)
            for column in chance.sample(range(columns), chance.randint(0, columns))
        }
        for _ in range(count)
    ]
    unassigned = [max(row.values(), default=0.5) - 0.08 for row in rows]
    chosen = best_assignment(rows, unassigned)
    used = [column for column in chosen if column is not None]
    assert len(used) == len(set(used))
    total = sum(
        worth if column is None else row[column]
        for row, column, worth in zip(rows, chosen, unassigned, strict=True)
    )
    assert total == pytest.approx(largest_total(rows, unassigned, columns), abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "unassigned", "chosen"),
    [
        ([], [], []),
        ([{}], [0.5], [None]),
        ([{7: 0.9}], [0.95], [None]),
        ([{7: 0.9}], [0.9], [7]),  # a column of its own where it is worth no less
        ([{0: 0.9, 1: 0.9}] * 2, [0.8] * 2, [0, 1]),  # alike rows in their order
        ([{0: 0.9}] * 2, [0.8, 0.85], [0, None]),
        ([{0: 0.9, 1: 0.8}, {0: 0.9}], [0.5, 0.5], [1, 0]),  # the first makes way
    ],
)
def test_rows_get_columns(
    rows: list[dict[int, float]], unassigned: list[float], chosen: list[int | None]
) -> None:
    assert best_assignment(rows, unassigned) == chosen


def test_many_alike_rows_take_moderate_time() -> None:
    """500 printed lines that all may be any of 64 PO lines, the older a trifle better."""
    rows = [{column: 0.97 - 1e-8 * column for column in range(64)} for _ in range(500)]
    chosen = best_assignment(rows, [0.89] * 500)
    assert sorted(column for column in chosen if column is not None) == list(range(64))
