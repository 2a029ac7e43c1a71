"""Line amounts against the printed total: other readings, and rows to drop, that make it close.

When the amounts do not sum to a printed total but would with the other reading of one or two, those
readings are taken. When they would without a few rows, those rows are no lines: a tax table, an
address with a price-like number, a total taken for a line.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

CLOSED = Decimal("0.02")  # lines and total agree within this
MAX_DROPPED = 6  # of the least certain rows together
CERTAIN = 0.95  # certainty from which a row is never dropped: then the total is in doubt
MAX_SPARES = 6  # rows left out that are tried
MAX_PAIRED = 14  # rows, or readings, up to which any two are tried; more would close by chance


def is_closing(amounts: Iterable[Decimal | None], totals: Sequence[Decimal]) -> bool:
    """True where the amounts that were read sum to one of the totals."""
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return any(abs(printed - total) <= CLOSED for printed in totals)


def readings_that_close(
    amounts: Sequence[Decimal | None],
    others: Sequence[Sequence[Decimal]],
    totals: Sequence[Decimal],
) -> dict[int, Decimal]:
    """The other readings of amounts, by row, with which all rows sum to a printed total.

    `others` holds each row's further readings, likeliest first. One row alone before any two; empty
    when the rows close as they are, or nothing helps. A total of 0 proves nothing.

    >>> readings_that_close([Decimal(40), Decimal(69)], [[], [Decimal(60)]], [Decimal(100)])
    {1: Decimal('60')}
    """
    nonzero = [total for total in totals if total != 0]
    if not nonzero or is_closing(amounts, nonzero):
        return {}
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    changes = [
        (row, other, other - amount)
        for row, amount in enumerate(amounts)
        if amount is not None
        for other in others[row]
    ]
    shortfalls = [printed - total for printed in nonzero]
    for count in (1, 2) if len(changes) <= MAX_PAIRED else (1,):
        for combination in combinations(changes, count):
            difference = sum((change for _, _, change in combination), Decimal(0))
            distinct_rows = len({row for row, _, _ in combination}) == count
            if distinct_rows and any(
                abs(shortfall - difference) <= CLOSED for shortfall in shortfalls
            ):
                return {row: other for row, other, _ in combination}
    return {}


def rows_to_drop(
    amounts: Sequence[Decimal | None], certainty: Sequence[float], totals: Sequence[Decimal]
) -> frozenset[int]:
    """Rows without which the rest sums to a printed total; empty when the rows close or none help.

    Fewest rows first, and among equally few the least certain. At least one row must remain, and a
    total of 0 proves nothing.

    >>> rows_to_drop([Decimal(40), Decimal(60), Decimal(19)], [0.9, 0.9, 0.6], [Decimal(100)])
    frozenset({2})
    """
    nonzero = [total for total in totals if total != 0]
    if not nonzero or is_closing(amounts, nonzero):
        return frozenset()
    for dropped in _candidates(certainty):
        if len(dropped) < len(amounts):
            remaining = [amount for row, amount in enumerate(amounts) if row not in dropped]
            if is_closing(remaining, nonzero):
                return frozenset(dropped)
    return frozenset()


def rows_to_add(
    amounts: Sequence[Decimal | None], spares: Sequence[Decimal], totals: Sequence[Decimal]
) -> tuple[int, ...]:
    """The spare rows, by number, with which the rows sum to a printed total; () where none help.

    `spares` are the amounts of rows that were left out, likeliest first: one alone before any two.
    No row to add is a total itself, and where nothing was read nothing is added.

    >>> rows_to_add([Decimal(40)], [Decimal(19), Decimal(60)], [Decimal(100)])
    (1,)
    """
    nonzero = [total for total in totals if total != 0]
    if not nonzero or not any(amounts) or is_closing(amounts, nonzero):
        return ()
    likely = [row for row, amount in enumerate(spares) if amount != 0 and amount not in nonzero][
        :MAX_SPARES
    ]
    for count in (1, 2):
        for added in combinations(likely, count):
            if is_closing([*amounts, *(spares[row] for row in added)], nonzero):
                return added
    return ()


def rows_of_other_tables(
    amounts: Sequence[Decimal | None], tables: Sequence[int], totals: Sequence[Decimal]
) -> frozenset[int]:
    """Rows outside of the tables that alone sum to a printed total; empty where none do.

    `tables` holds the number of each row's table, in reading order. Lists of calls or of hours
    stand behind the bill: as many of the first tables as possible are tried, then each alone.

    >>> rows_of_other_tables([Decimal(40), Decimal(60), Decimal(7)], [0, 0, 1], [Decimal(100)])
    frozenset({2})
    """
    nonzero = [total for total in totals if total != 0]
    numbers = sorted(set(tables))
    if not nonzero or len(numbers) < 2 or is_closing(amounts, nonzero):
        return frozenset()
    choices = [numbers[:count] for count in range(len(numbers) - 1, 0, -1)]
    for billed in [*choices, *([number] for number in numbers[1:])]:
        rows = [row for row, table in enumerate(tables) if table in billed]
        if len(rows) >= 2 and is_closing([amounts[row] for row in rows], nonzero):
            return frozenset(range(len(tables))) - frozenset(rows)
    return frozenset()


def _candidates(certainty: Sequence[float]) -> Iterator[tuple[int, ...]]:
    doubtful = (row for row in range(len(certainty)) if certainty[row] < CERTAIN)
    least_certain = sorted(doubtful, key=lambda row: certainty[row])
    for row in least_certain:
        yield (row,)
    if len(least_certain) <= MAX_PAIRED:
        yield from combinations(least_certain, 2)
    for count in range(2, min(MAX_DROPPED, len(least_certain)) + 1):
        yield tuple(least_certain[:count])
