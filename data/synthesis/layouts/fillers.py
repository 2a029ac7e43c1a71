"""Filler columns without quantity or money: warehouses, weights, air dates, remarks."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.styles import Style

Filler = Callable[[random.Random, Style], str]


def weekdays(rng: random.Random) -> str:
    """Draw a pattern of weekdays, as stations write it."""
    letters = rng.choice(("MTWTFSS", "MTWTFSS", "MTuWThF", "MoTuWeThFrSaSu"))
    return "".join(char if rng.random() < 0.4 else "-" for char in letters)


# Kind: heads (in any language) and a maker of values.
FILLERS: dict[str, tuple[str, Filler]] = {
    "warehouse": (
        "Whs|Location|Bin|Lager",
        lambda rng, s: catalogues.letters(rng, 1) + str(rng.randint(1, 40)),
    ),
    "weight": (
        "Weight|Wt|Gewicht|Kg",
        lambda rng, s: s.number(Decimal(rng.randint(1, 90_000)) / 100, 2),
    ),
    "hs": (
        "HS Code|Tariff|Zolltarif|Commodity",
        lambda rng, s: catalogues.digits(rng, rng.choice((6, 8))),
    ),
    "country": (
        "Origin|COO|Ctry|Land",
        lambda rng, s: rng.choice(("US", "CN", "DE", "FR", "MY", "IT")),
    ),
    "channel": (
        "Ch|Channel|Station",
        lambda rng, s: rng.choice(("All", "K", "W")) + catalogues.letters(rng, rng.choice((0, 3))),
    ),
    "day": ("Day|Days|Tag", lambda rng, s: rng.choice(("M", "Tu", "W", "Th", "F", "Sa", "Su"))),
    "length": (
        "Length|Len|Dur",
        lambda rng, s: rng.choice((":30", ":15", ":60", ":30", "1:00", "0:30", "30")),
    ),
    "ad": (
        "Ad-ID|ISCI|Copy",
        lambda rng, s: catalogues.letters(rng, 4) + catalogues.digits(rng, 4) + "H",
    ),
    "time": ("Time|Start/End Time|Run Times|Zeit", lambda rng, s: catalogues.time_range(rng)),
    "clock": ("Air Time|Time", lambda rng, s: catalogues.clock(rng)),
    "page": ("Ref #|Page|Ref", lambda rng, s: str(rng.randint(1, 3))),
    "type": (
        "Type|Class|Typ|T",
        lambda rng, s: rng.choice(("NM", "PK", "A", "S", "AV", "Cash", "STD")),
    ),
    "tax_code": (
        "Tax|TC|SK|Code",
        lambda rng, s: rng.choice(("SR", "ZR", "T", "A", "B", "S", "*", "1")),
    ),
    "rating": (
        "Rating|Rtg|GRP",
        lambda rng, s: s.number(Decimal(rng.choice((0, 0, 0, 1, 12, 35))) / 10, 2),
    ),
    "break": (
        "Break|Brk|Break Type|AE/Break",
        lambda rng, s: rng.choice(("CM", "PRG", "LOC", "Spot", "A1", "In/Out")),
    ),
    "seconds": ("Sec|Secs|Dur.", lambda rng, s: rng.choice(("30", "15", "60", "10"))),
    "entered": ("Entered|Date Entered|Changed", lambda rng, s: s.day(_some_day(rng))),
    "revision": ("Rev|Rev.|Version", lambda rng, s: str(rng.randint(0, 9))),
    "share": ("%|Share|Prozent|Pct", lambda rng, s: rng.choice(("100%", "50%", "25 %", "10%"))),
    "class": (
        "Classification|Characteristics|Kategorie|Types|Special",
        lambda rng, s: rng.choice(("S", "Standard", "A", "Local", "Political", "N/A", "VAT")),
    ),
    "bracketed": ("ID|Ext. ID|Ref. ID", lambda rng, s: f"({catalogues.digits(rng, 5)})"),
    "priority": ("Pri|Prio", lambda rng, s: rng.choice(("P-6", "P-1", "CM", "1", "2"))),
    "weekdays": ("Days|Weekdays|Pattern", lambda rng, s: weekdays(rng)),
    "week_count": ("Spots/Week|Spots|SPW|x/wk", lambda rng, s: str(rng.randint(1, 9))),
    "status": ("Status|St", lambda rng, s: rng.choice(("OK", "C", "Open", "7", "N", "E"))),
    "colour": (
        "Color|Colour|Farbe|Size",
        lambda rng, s: rng.choice(("Black", "BLU", "42", "XL", "weiß")),
    ),
    "batch": ("Batch|Lot|Charge", lambda rng, s: catalogues.number(rng)),
    "end_date": ("End Date|End|Bis", lambda rng, s: s.day(_some_day(rng))),
    "pack_size": (
        "Pack|Pack Size|Case Pack|VPE|Inhalt|Colisage|Pk/Sz|Content",
        lambda rng, s: rng.choice(("12", "24", "6", "6x1L", "12/16 OZ", "24x330ml", "100", "10")),
    ),
    "currency": ("Curr|Currency|Währung|Cur.|Dev.", lambda rng, s: s.currency),
    "store": ("Store|Filiale|Site|Magasin", lambda rng, s: catalogues.digits(rng, 4)),
    "serial": ("Serial No.|Seriennr.|S/N", lambda rng, s: catalogues.code(rng)),
    "gl_account": (
        "G/L|Account|Cost Center|Kostenstelle|GL Code",
        lambda rng, s: catalogues.digits(rng, rng.choice((4, 5, 6))),
    ),
    "tax_letter": ("T|Tx|St", lambda rng, s: rng.choice(("Y", "N", "T", "E", "X"))),
    "delivery": (
        "Delivery|Lieferschein|DN No.|BL",
        lambda rng, s: catalogues.number(rng),
    ),
    "reconciliation": ("Reconciliation|Remarks|Notes|Comments", lambda rng, s: ""),
}


def _some_day(rng: random.Random) -> date:
    return date(2015, 1, 1) + timedelta(days=rng.randint(0, 4400))
