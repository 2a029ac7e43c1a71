"""Assignment of rows to columns with the largest total worth, each column to one row at most.

The shortest augmenting path of Jonker and Volgenant (Computing 38, 1987) over the few columns that
a row may have, in whole numbers: equal totals are equal, whatever order they are added up in. It is
written out here because SciPy, which has it too, is larger than all else that matching needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

# Worths are compared to this many parts of one, rounded half up.
_PARTS = 10**12
_HALF = 0.5


def best_assignment(
    rows: Sequence[Mapping[int, float]], unassigned: Sequence[float]
) -> list[int | None]:
    """Return for each row its column, None for a row that is worth more without one.

    `rows` are the worths of the columns that each row may have, `unassigned` the worth of a row
    without a column.
    """
    search = _Search([_costs(row, worth) for row, worth in zip(rows, unassigned, strict=True)])
    for row in range(len(rows)):
        search.assign(row)
    return [column if column >= 0 else None for column in search.columns]


def _costs(row: Mapping[int, float], unassigned: float) -> dict[int, int]:
    """Return what each column costs more than none; a column that is worth less is never taken."""
    base = _parts(unassigned)
    return {column: base - _parts(worth) for column, worth in row.items() if worth >= unassigned}


def _parts(worth: float) -> int:
    return (int(2 * _PARTS * worth) + 1) // 2


@dataclass(slots=True)
class _Path:
    """A shortest path search from one row: columns by distance, and the rows they came from."""

    distances: dict[int, int] = field(default_factory=dict)
    origins: dict[int, int] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)


class _Search:
    """The assignment so far. A negative column, -1 - row, is the row's own and means none."""

    def __init__(self, costs: Sequence[dict[int, int]]) -> None:
        self._costs = [{**row, -1 - number: 0} for number, row in enumerate(costs)]
        self._row_prices = [0] * len(costs)
        self._column_prices = {column: 0 for row in self._costs for column in row}
        self._owners: dict[int, int] = {}
        self.columns = [0] * len(costs)

    def assign(self, row: int) -> None:
        """Give the row a column, moving other rows along the cheapest path that frees one."""
        path = _Path()
        free = self._find_free_column(row, path)
        total = path.distances[free]
        self._row_prices[row] += total
        for column in path.done:
            saved = total - path.distances[column]
            self._row_prices[self._owners[column]] += saved
            self._column_prices[column] -= saved
        column = free
        while True:
            owner = path.origins[column]
            self._owners[column] = owner
            self.columns[owner], column = column, self.columns[owner]
            if owner == row:
                return

    def _find_free_column(self, row: int, path: _Path) -> int:
        """Return the nearest column without an owner; of equally near ones the first seen."""
        distances, owners, prices = path.distances, self._owners, self._column_prices
        heap: list[tuple[int, bool, int, int]] = []
        distance, pushed = 0, 0
        while True:
            start = distance - self._row_prices[row]
            for column, cost in self._costs[row].items():
                reach = start + cost - prices[column]
                if column not in distances or reach < distances[column]:
                    distances[column], path.origins[column] = reach, row
                    heappush(heap, (reach, column in owners, pushed, column))
                    pushed += 1
            distance, is_owned, _, column = heappop(heap)
            while column in path.done:  # reached again, on a longer way
                distance, is_owned, _, column = heappop(heap)
            if not is_owned:
                return column
            path.done.add(column)
            row = owners[column]
