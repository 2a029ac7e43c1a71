"""Which of the rows read are lines, and how their amounts read, told by the printed total.

When the amounts do not sum to a printed total but would if one or two were read the other way, that
is how they read. When they would without a few rows, those rows are what they look like: a tax
table, an address with a price-like number, a total taken for a line.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

CLOSED = Decimal("0.02")  # lines and total agree within this
MOST_DROPPED = 6  # of the least certain rows together
SURE = 0.95  # certainty from which a row is never dropped: then the total is what is in doubt
MOST_PAIRED = 14  # rows, or readings, up to which any two may go; more would close by chance


def closes(amounts: Iterable[Decimal | None], totals: Sequence[Decimal]) -> bool:
    """Whether the amounts that were read sum to one of the totals."""
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return any(abs(printed - total) <= CLOSED for printed in totals)


def readings_that_close(
    amounts: Sequence[Decimal | None],
    others: Sequence[Sequence[Decimal]],
    totals: Sequence[Decimal],
) -> dict[int, Decimal]:
    """The amounts by row that, read the other way, let all rows sum to a printed total.

    `others` holds each row's further readings, likeliest first. One row alone before any two; ()
    when the rows close as they are, or nothing helps. A total of 0 proves nothing.

    >>> readings_that_close([Decimal(40), Decimal(69)], [[], [Decimal(60)]], [Decimal(100)])
    {1: Decimal('60')}
    """
    telling = [total for total in totals if total != 0]
    if not telling or closes(amounts, telling):
        return {}
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    changes = [
        (row, other, other - amount)
        for row, amount in enumerate(amounts)
        if amount is not None
        for other in others[row]
    ]
    wanted = [printed - total for printed in telling]
    for count in (1, 2) if len(changes) <= MOST_PAIRED else (1,):
        for chosen in combinations(changes, count):
            difference = sum((change for _, _, change in chosen), Decimal(0))
            once = len({row for row, _, _ in chosen}) == count
            if once and any(abs(want - difference) <= CLOSED for want in wanted):
                return {row: other for row, other, _ in chosen}
    return {}


def rows_to_drop(
    amounts: Sequence[Decimal | None], certainty: Sequence[float], totals: Sequence[Decimal]
) -> frozenset[int]:
    """Rows without which the rest sums to a printed total; () when nothing needs or helps it.

    Fewest rows first, and among equally few the least certain. At least one row must remain, and a
    total of 0 proves nothing.

    >>> rows_to_drop([Decimal(40), Decimal(60), Decimal(19)], [0.9, 0.9, 0.6], [Decimal(100)])
    frozenset({2})
    """
    telling = [total for total in totals if total != 0]
    if not telling or closes(amounts, telling):
        return frozenset()
    for dropped in _candidates(certainty):
        if len(dropped) < len(amounts):
            kept = [amount for row, amount in enumerate(amounts) if row not in dropped]
            if closes(kept, telling):
                return frozenset(dropped)
    return frozenset()


def _candidates(certainty: Sequence[float]) -> Iterator[tuple[int, ...]]:
    doubtful = (row for row in range(len(certainty)) if certainty[row] < SURE)
    least = sorted(doubtful, key=lambda row: certainty[row])
    for row in least:
        yield (row,)
    if len(least) <= MOST_PAIRED:
        yield from combinations(least, 2)
    for count in range(2, min(MOST_DROPPED, len(least)) + 1):
        yield tuple(least[:count])
