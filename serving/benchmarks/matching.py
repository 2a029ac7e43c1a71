"""Growth of matching time with the number of lines: `python -m serving.benchmarks.matching`.

Prints processor time for invoices against orders ten times as long, each size twice the one before,
and the ratio of the two: 2 is linear, 4 quadratic. One thread, no model; no threshold is checked.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rich.console import Console

from data.order_records import (
    GoodsReceipt,
    OrderData,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
)
from data.records import ExtractedDocument, Field, LineItem
from serving.matching.pairing.assignment import assign_lines
from serving.verdict.examine import examine

PO_LINES_PER_LINE = 10
_THINGS = (
    "valve pipe elbow bolt screw washer pump seal gasket bearing chain belt filter motor cable "
    "switch relay sensor lamp panel hinge lock handle glove mask helmet boot tape glue roller"
)
_KINDS = (
    "red blue green black white steel brass nylon copper heavy light long short wide narrow zinc"
)


@dataclass(frozen=True, slots=True)
class Bulk:
    """An invoice over a tenth of the lines of an order that was delivered in full."""

    invoice: ExtractedDocument
    data: OrderData

    def assign(self) -> object:
        rows = [(item, _price(item), "EA") for item in self.invoice.line_items]
        return assign_lines(rows, self.data.order.lines)

    def examine(self) -> object:
        return examine([self.invoice], self.data)


def _price(item: LineItem) -> Fraction | None:
    number = None if item.unit_price is None else item.unit_price.decimal
    return None if number is None else Fraction(number)


def bulk(lines: int, seed: int, codes: bool) -> Bulk:
    """Return an invoice of that many lines; without `codes` only descriptions identify them."""
    rng = random.Random(f"bulk/{seed}/{lines}")
    ordered = [_order_line(rng, number) for number in range(1, lines * PO_LINES_PER_LINE + 1)]
    items = tuple(_billed(line, codes) for line in rng.sample(ordered, lines))
    invoice = ExtractedDocument("invoice", Field("invoice"), {}, items)
    received = tuple(ReceiptLine(line.po_line_number, line.quantity_ordered) for line in ordered)
    order = PurchaseOrder("4711", tuple(ordered), currency="USD")
    return Bulk(invoice, OrderData(order, (GoodsReceipt("R1", received),)))


def _order_line(rng: random.Random, number: int) -> OrderLine:
    words = [rng.choice(some.split()) for some in (_KINDS, _THINGS, _KINDS, _THINGS)]
    return OrderLine(
        po_line_number=str(number),
        quantity_ordered=Decimal(rng.randint(1, 100)),
        product_code=f"{rng.choice('ABCDE')}{rng.randrange(10**7):07d}",
        description=f"{' '.join(words)} M{rng.randint(3, 60)}x{rng.randint(10, 400)}",
        unit_code="EA",
        unit_price=Decimal(rng.randint(100, 99999)) / 100,
    )


def _billed(line: OrderLine, codes: bool) -> LineItem:
    price = line.unit_price or Decimal(0)
    return LineItem(
        description=Field(line.description),
        product_code=Field(line.product_code) if codes else None,
        quantity=Field(line.quantity_ordered),
        unit=Field("EA"),
        unit_price=Field(price),
        amount=Field(line.quantity_ordered * price),
    )


def processor_seconds(run: Callable[[], object], repeats: int) -> float:
    """Return the median processor seconds of `repeats` runs."""
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def main(argv: list[str] | None = None) -> int:
    """Print the measurements as they come; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m serving.benchmarks.matching")
    parser.description = __doc__
    parser.add_argument("--lines", type=int, default=250, help="invoice lines of the smallest size")
    parser.add_argument("--sizes", type=int, default=3, help="number of sizes, each twice the last")
    parser.add_argument("--repeats", type=int, default=3, help="runs per measurement")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(argv)
    sizes = [chosen.lines * 2**step for step in range(chosen.sizes)]
    out = Console(highlight=False)
    for codes in (True, False):
        known = "code" if codes else "description"
        bulks = [bulk(size, chosen.seed, codes) for size in sizes]
        _print_growth(out, f"assign by {known}", bulks, Bulk.assign, chosen.repeats)
        _print_growth(out, f"examine by {known}", bulks, Bulk.examine, chosen.repeats)
    return 0


def _print_growth(
    out: Console,
    name: str,
    bulks: Sequence[Bulk],
    run: Callable[[Bulk], object],
    repeats: int,
) -> None:
    before: float | None = None
    for step, case in enumerate(bulks):
        seconds = processor_seconds(lambda case=case: run(case), repeats)  # type: ignore[misc]
        growth = "" if before is None else f"  {seconds / before:4.1f} x"
        lines, ordered = len(case.invoice.line_items), len(case.data.order.lines)
        out.print(
            f"{name:26} {2**step}x  {lines:5} lines  {ordered:6} PO lines  {seconds:6.2f} s{growth}"
        )
        before = seconds


if __name__ == "__main__":
    sys.exit(main())
