"""Packing, weights and deliveries of the goods of a deal: the counts that are no quantity.

Pieces per carton times cartons is the quantity, weight per piece times quantity the net weight: the
products hold, so that arithmetic alone does not tell which of the numbers is the quantity.
"""

import random
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal, DealLine, round_money

_PER_CARTON = (2, 4, 5, 6, 8, 10, 12, 12, 20, 24, 24, 25, 36, 40, 48, 50, 60, 72, 96, 100, 144, 200)
_PACKAGES = ("CTN", "Ctn", "Carton", "Pallet", "PLT", "Box", "Crate", "Drum", "Bag", "Skid", "KT",
             "Karton", "Palette", "Colis", "Caja", "CS", "PKG", "EUP", "IBC", "Roll")  # fmt: skip
# Columns of text, and all columns whose cells are drawn here.
TEXTUAL = frozenset({"carton_range", "package_type", "dimensions", "promised_date",
                     "manufacturer_part", "tax_code", "expiry", "lot", "checked", "bin",
                     "freight_class"})  # fmt: skip
WORDED = TEXTUAL | {"cartons", "pieces_per_carton", "pallets", "piece_weight", "net_weight",
                    "gross_weight", "volume", "shipped_before", "received_before",
                    "released_before", "blanket_quantity", "declared_value"}  # fmt: skip
# Counts and sums that a closing row may print.
SUMMED = ("cartons", "pallets", "net_weight", "gross_weight", "volume", "shipped_before",
          "received_before", "declared_value")  # fmt: skip


def draw_quantities(rng: random.Random, deal: Deal) -> None:
    """Draw quantities of whole cartons for most lines, and what was ordered, open and refused."""
    packed, history = rng.random() < 0.75, rng.random() < 0.5
    for line in deal.lines:
        if packed and line.quantity > 0 and rng.random() < 0.85:
            cartons = rng.choice((1, 1, 2, 3, 4, 5, 8, 10, 12, 20, 25, rng.randint(1, 60)))
            line.quantity = Decimal(cartons * rng.choice(_PER_CARTON))
        whole = max(int(line.quantity), 1)
        if history and rng.random() < 0.7:
            line.before = Decimal(rng.choice((0, whole, whole * 2, rng.randint(1, whole * 3))))
        open_now = Decimal(rng.choice((0, 0, 0, rng.randint(1, whole), whole)))
        if rng.random() < 0.04 and line.quantity > 0:  # all of it comes later
            line.quantity, open_now = Decimal(0), line.quantity
        line.ordered = max(line.quantity, Decimal(0)) + line.before + open_now
        if rng.random() < 0.25 and line.quantity >= 1:
            line.refused = Decimal(rng.randint(1, max(min(whole // 4, 20), 1)))


def pack(rng: random.Random, deal: Deal) -> list[dict[str, Decimal]]:
    """Draw the printed counts, weights and sizes of every line, and their sums.

    Returns the counts and weights of each line.
    """
    packed = []
    totals: dict[str, Decimal] = dict.fromkeys(SUMMED, Decimal(0))
    places = rng.choice((0, 1, 2, 2, 3))
    tare = Decimal(rng.choice((2, 3, 5, 8, 12))) / 100
    first = 1
    for line in deal.lines:
        facts = _facts(rng, line, tare, places)
        packed.append(facts)
        for kind in SUMMED:
            totals[kind] += facts[kind]
        _print_facts(deal, line, facts, places)
        last = first + max(int(facts["cartons"]), 1) - 1
        line.words["carton_range"] = str(first) if last == first else f"{first}-{last}"
        first = last + 1
        _print_particulars(rng, deal, line)
    for kind in SUMMED:
        deal.column_sums[kind] = _print(deal, kind, totals[kind], places)
    return packed


def _facts(rng: random.Random, line: DealLine, tare: Decimal, places: int) -> dict[str, Decimal]:
    quantity = abs(line.quantity)
    fitting = [n for n in _PER_CARTON if quantity and quantity % n == 0]
    per_carton = Decimal(rng.choice(fitting or _PER_CARTON))
    cartons = -(-quantity // per_carton)
    piece = Decimal(rng.choice((rng.randint(2, 900), rng.randint(2, 90) * 10, 1000))) / 1000
    net = round_money(piece * quantity, places)
    per_pallet = rng.choice((4, 6, 8, 12, 20, 24, 30))
    return {
        "cartons": cartons,
        "pieces_per_carton": per_carton,
        "pallets": -(-cartons // per_pallet),
        "piece_weight": piece,
        "net_weight": net,
        "gross_weight": round_money(net * (1 + tare), places) + cartons,
        "volume": round_money(cartons * rng.randint(8, 90) / 1000, 3),
        "shipped_before": line.before,
        "received_before": line.before,
        "released_before": line.before,
        "blanket_quantity": max(line.ordered, line.quantity + line.before),
        "declared_value": line.amount,
    }


def _print(deal: Deal, kind: str, value: Decimal, places: int) -> str:
    style = deal.style
    if kind == "declared_value":
        return style.money(value)
    if kind in ("net_weight", "gross_weight"):
        return style.number(value, places)
    if kind in ("volume", "piece_weight"):
        return style.number(value, 3)
    return style.quantity(value)


def _print_facts(deal: Deal, line: DealLine, facts: dict[str, Decimal], places: int) -> None:
    for kind, value in facts.items():
        line.words[kind] = _print(deal, kind, value, places)


def _print_particulars(rng: random.Random, deal: Deal, line: DealLine) -> None:
    """Draw the values of the columns that hold no count."""
    sides = [str(rng.randint(8, 120)) for _ in range(3)]
    line.words |= {
        "package_type": rng.choice(_PACKAGES),
        "dimensions": rng.choice(("x", "X", " x ", "*")).join(sides),
        "promised_date": deal.style.day(deal.day + timedelta(days=rng.randint(1, 60))),
        "manufacturer_part": catalogues.code(rng),
        "tax_code": rng.choice(("T", "N", "Y", "V1", "S", "A1", "00", "1", "E")),
        "expiry": deal.style.day(deal.day + timedelta(days=rng.randint(30, 900))),
        "lot": catalogues.number(rng),
        "checked": rng.choice(("", "", "", "[ ]", "___", "X")),
        "bin": f"{catalogues.letters(rng, 1)}{rng.randint(1, 40)}-{rng.randint(1, 99):02d}",
        "freight_class": rng.choice(("50", "55", "70", "85", "92.5", "125", "3", "8", "UN1263")),
    }
