"""Products as evidence: what it proves that numbers of a row multiply.

A product is worth what it would hold by chance. A factor of 0 proves nothing, a factor of 1 that
two numbers are equal, as net and gross or list and net price are; 10 and 100 shift digits, as a
rate of 10 % does. Columns that follow from others by definition - a tax is a rate of an amount -
hold in every row and say what they are themselves.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations, product

Values = tuple[Decimal, ...]  # readings of one number, best first

SLACK = Decimal("0.02")  # Peppol R120: a line amount may differ by this from its product
BASES = (1, 100, 1000)  # units that a price may be for
HOLDS = 0.9  # share of rows that multiply in the right columns: OCR, rebates and bases do the rest
EQUAL = 0.4  # chance that a product by 1 holds: two numbers of the row are equal
SHIFTED = 0.3  # by 10, 100 or 1000
CHANCE = 0.02  # of any other product, among the numbers of a row
MOST = 6.0  # log-odds that all rows of a table prove together
RATE = 1.5  # log-odds that one row proves of a rate, up to twice that
RATES = (Decimal(1), Decimal(50))  # per cent


def product_odds(columns: Sequence[Mapping[int, Values]]) -> float:
    """Log-odds that the first column times the second is the third, from the rows that have all.

    Rows that repeat count once.
    """
    rows = set[tuple[Values, ...]]()
    for row in set.intersection(*(set(column) for column in columns)):
        if all(column[row] for column in columns):
            rows.add(tuple(column[row] for column in columns))
    odds = sum(row_odds(quantity, price, amount) for quantity, price, amount in rows)
    return max(-MOST, min(MOST, odds))


def row_odds(quantity: Values, price: Values, amount: Values) -> float:
    """Log-odds from one row that quantity x price = amount."""
    if not (any(quantity) and any(price) and any(amount)):  # a 0 checks no other number
        return 0.0
    holds = any(
        third != 0 and abs(first * second / base - third) <= SLACK
        for first, second, third in product(quantity, price, amount)
        for base in BASES
    )
    chance = chance_of(quantity[0], price[0])
    return math.log(HOLDS / chance) if holds else math.log((1 - HOLDS) / (1 - chance))


def chance_of(quantity: Decimal, price: Decimal) -> float:
    """The share of rows in which a product would hold by chance."""
    factors = {abs(quantity), abs(price)}
    if 1 in factors:
        return EQUAL
    return SHIFTED if factors & {10, 100, 1000} else CHANCE


def rate_columns(values: Sequence[Mapping[int, Values]]) -> Iterator[tuple[int, int, float]]:
    """Yield columns (rate, part, log-odds) where the rate of a third is the part in every row."""
    rates = [
        place
        for place, column in enumerate(values)
        if all(RATES[0] <= readings[0] <= RATES[1] for readings in column.values() if readings)
    ]
    for rate, (whole, part) in product(rates, permutations(range(len(values)), 2)):
        if rate in (whole, part):
            continue
        rows = {
            (values[rate][row][0], values[whole][row][0], values[part][row][0])
            for row in values[rate].keys() & values[whole].keys() & values[part].keys()
            if values[rate][row] and values[whole][row] and values[part][row]
        }
        rows = {row for row in rows if row[0] and row[1]}
        if rows and all(
            abs(total * percent / 100 - share) <= SLACK for percent, total, share in rows
        ):
            yield rate, part, min(2 * RATE, RATE * len(rows))
