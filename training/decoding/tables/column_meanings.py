"""Meanings of the columns of a table: votes of their numbers, heads, and what they multiply to.

A column has one meaning for the whole table. Which three columns are quantity, price and amount is
decided together: by the mean of the network's probabilities over the column, by the printed head
above it, and by how often the three multiply compared with how often they would by chance.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from data.labels import DECIMAL_TAGS, LINE_TAGS
from data.values.document_values import NumberFormat, read_number, split_quantity
from training.decoding.derived_values import COLUMNS
from training.decoding.grouping import TAG_INDEX, TaggedPage
from training.decoding.printed_lines import MONEY
from training.decoding.tables.column_heads import allowed_tags
from training.decoding.tables.number_columns import NumberColumn, NumberTable, PrintedNumber
from training.decoding.tables.product_evidence import Values, product_odds, rate_columns

DoubleArray = npt.NDArray[np.float64]

MEANINGS = (*LINE_TAGS, "other")
INDICES = np.array([TAG_INDEX[tag] for tag in MEANINGS])
PLACE = {tag: place for place, tag in enumerate(MEANINGS)}
_ROLE_PLACES = [PLACE[role] for role in COLUMNS]
# Log-odds of what a printed head allows: 724 columns of real documents agreed, 17 did not
HEAD = 4.0
TWICE = 3.0  # log-odds against a second column of quantity, price or amount
# Log-odds of a quantity with cents times a price without: a product holds either way round
EXCHANGED = -2.0
DOUBT = 0.1  # share of every meaning in each vote: on unseen layouts the network is too sure
LEAST = 8.0  # a meaning so far below the column's best is not tried
TRIED = 6  # columns tried for each of quantity, price and amount


def column_posteriors(
    table: NumberTable, pages: Sequence[TaggedPage], number_format: NumberFormat | None
) -> DoubleArray:
    """The probability of each of `MEANINGS` for every column of the table, (C, M)."""
    values = [
        {row: _values(number, number_format) for row, number in column.by_row.items()}
        for column in table
    ]
    votes = np.stack([_vote(column, pages) for column in table])
    heads = np.stack([_head_odds(tags) for tags in _allowed_by_heads(table)])
    scores = votes + heads + _rate_odds(values)
    apart = scores.copy()
    apart[:, _ROLE_PLACES] -= TWICE
    rest = np.logaddexp.reduce(apart, axis=1)
    posteriors = np.zeros_like(scores)
    alone = np.ones(len(table))  # share of the choices in which the column is none of the three
    cents = [_is_money(column) for column in table]
    for choice, share in _weighed_choices(scores, rest, values, cents):
        for column, place in zip(choice, _ROLE_PLACES, strict=True):
            if column is not None:
                posteriors[column, place] += share
                alone[column] -= share
    posteriors += np.exp(apart - rest[:, None]) * alone.clip(0)[:, None]
    result: DoubleArray = posteriors / posteriors.sum(axis=1, keepdims=True)
    return result


def _weighed_choices(
    scores: DoubleArray,
    rest: DoubleArray,
    values: Sequence[Mapping[int, Values]],
    cents: Sequence[bool],
) -> list[tuple[tuple[int | None, ...], float]]:
    """Choices of the columns of quantity, price and amount, each with its share of belief."""
    weighed = []
    for choice in product(*(_candidates(scores, rest, place) for place in _ROLE_PLACES)):
        columns = [column for column in choice if column is not None]
        if len(set(columns)) < len(columns):
            continue
        score = sum(
            float(scores[column, place] - rest[column])
            for column, place in zip(choice, _ROLE_PLACES, strict=True)
            if column is not None
        )
        if len(columns) == len(COLUMNS):
            score += product_odds([values[column] for column in columns])
        quantity, price, _ = choice
        if quantity is not None and price is not None and cents[quantity] and not cents[price]:
            score += EXCHANGED
        weighed.append((choice, score))
    best = max(score for _, score in weighed)
    weights = [float(np.exp(score - best)) for _, score in weighed]
    return [
        (choice, weight / sum(weights))
        for (choice, _), weight in zip(weighed, weights, strict=True)
    ]


def _candidates(scores: DoubleArray, rest: DoubleArray, place: int) -> list[int | None]:
    """The columns that may have that meaning; None stands for no column."""
    near = scores[:, place] > scores.max(axis=1) - LEAST
    columns: list[int] = np.nonzero(near)[0].tolist()
    best = sorted(columns, key=lambda column: float(rest[column] - scores[column, place]))
    return [None, *best[:TRIED]]


def _vote(column: NumberColumn, pages: Sequence[TaggedPage]) -> DoubleArray:
    """Log of the mean probability of each meaning over the numbers of the column."""
    rows = np.stack(
        [pages[number.page].probabilities[number.words[0]][INDICES] for number in column.numbers]
    ).astype(np.float64)
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), 1e-6)
    vote: DoubleArray = np.log(rows.mean(axis=0) * (1 - DOUBT) + DOUBT / len(MEANINGS))
    return vote


def _allowed_by_heads(table: NumberTable) -> list[frozenset[str] | None]:
    """The tags that each column's head allows; the only money of a table may be its amount."""
    heads = [allowed_tags(column.head) for column in table]
    money = [place for place, column in enumerate(table) if _is_money(column)]
    if len(money) == 1 and heads[money[0]] == frozenset({"unit_price"}):
        heads[money[0]] = frozenset({"unit_price", "amount"})
    return heads


def _is_money(column: NumberColumn) -> bool:
    """True where most numbers of the column have cents."""
    cents = sum(bool(MONEY.search(number.text)) for number in column.numbers)
    return 2 * cents > len(column.numbers)


def _head_odds(tags: frozenset[str] | None) -> DoubleArray:
    """Log-odds of each meaning under a head that allows those tags; 0 where it says nothing."""
    if tags is None:
        return np.zeros(len(MEANINGS))
    forbidden = {tag for tag in LINE_TAGS if tag not in tags} if tags else DECIMAL_TAGS
    return np.array([-HEAD if tag in forbidden else 0.0 for tag in MEANINGS])


def _rate_odds(values: Sequence[Mapping[int, Values]]) -> DoubleArray:
    """Log-odds of rates and of the amounts they give, by what holds in every row."""
    odds = np.zeros((len(values), len(MEANINGS)))
    for rate, part, strength in rate_columns(values):
        for column, kind in ((rate, "rate"), (part, "amount")):
            for tag in (f"tax_{kind}", f"discount_{kind}"):
                odds[column, PLACE[tag]] = max(float(odds[column, PLACE[tag]]), strength)
    return odds


def _values(number: PrintedNumber, number_format: NumberFormat | None) -> Values:
    """The readings of the number, best first; two at most."""
    readings = read_number(split_quantity(number.text)[0], number_format)
    return tuple(reading.value for reading in readings[:2])
