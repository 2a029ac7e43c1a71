"""Draws the condition of one document, the same on all its pages: printer, paper, hand, scanner.

Records only; `printing`, `wear`, `pen` and `scanner` apply them. Lengths are in points, so that a
page looks the same at every resolution. A quarter of the documents is clean; the others run
from a good office scanner to bad faxes and photos taken by phone. Effects are drawn one by one and
combine freely.
"""

import random
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

PrinterKind = Literal["laser", "worn", "carbon", "dots", "thermal"]
ScannerKind = Literal["none", "office", "copier", "fax", "phone"]
Side = Literal["left", "right", "top", "bottom"]


class Fold(NamedTuple):
    """A straight fold across the sheet at `place` (0..1 of its height, or width if `upright`)."""

    upright: bool
    place: float
    depth: float  # share of the light that it takes; negative: the ridge is bright


@dataclass(frozen=True, slots=True)
class Printer:
    """The printer: `black` is the grey of its full ink, `fading` the share of ink lost at most.

    `weight` 1 prints strokes too broad and -1 too thin; letters are `tall` times their height.
    """

    kind: PrinterKind = "laser"
    black: int = 0
    fading: float = 0.0
    weight: Literal[-1, 0, 1] = 0
    tall: float = 1.0


@dataclass(frozen=True, slots=True)
class Paper:
    """One document's sheets; `tone` is the grey of the bare paper."""

    tone: int = 255
    folds: tuple[Fold, ...] = ()
    creases: int = 0  # short ones a page
    holes: int = 0  # punched along one edge
    holes_side: Side = "left"
    staple: bool = False
    behind: float = 0.0  # share of the reverse side's ink that shows through
    stains: int = 0  # rings and spots a page
    waves: float = 0.0  # height in points of paper that does not lie flat


@dataclass(frozen=True, slots=True)
class Hand:
    """The person who marked the sheets: pen, handwriting, and expected number of marks a page."""

    grey: int = 60
    width: float = 1.0
    slant: float = 0.15  # sideways shift over height
    unrest: float = 0.06  # how far letters stray, in their height
    rings: float = 0.0  # around numbers
    ticks: float = 0.0
    strikes: float = 0.0  # quantities struck out, another number beside
    notes: float = 0.0
    lines: float = 0.0  # strokes under and beside words
    highlights: float = 0.0
    signatures: float = 0.0
    stamps: float = 0.0


@dataclass(frozen=True, slots=True)
class Scanner:
    """The machine that made the image; `none` leaves the page as it was printed."""

    kind: ScannerKind = "none"
    around: int = 255  # grey of the lid or the table beside the sheet
    skew: float = 0.0  # degrees, the usual size; each page has its own
    tilt: float = 0.0  # how far a corner strays, in fractions of the long side
    size: float = 1.0  # of the sheet in the image; above 1 its edges are cut off
    shadow: float = 0.0  # share of the light lost beside the sheet's edge
    fade: float = 0.0  # share of the light lost at the dark side
    dark_side: Side = "left"
    shade: float = 0.0  # share of the light taken by a shadow that falls on the page
    dpi: float = 0.0  # resolution the scan was made at, 0: that of the image
    blur: float = 0.0  # sigma in points
    noise: float = 0.0  # sigma in grey levels
    grain: bool = False  # noise in grains larger than a pixel
    contrast: float = 1.0
    fog: int = 0  # grey level of full black
    hard: bool = False  # black and white, as it looks once its pixels are merged to fewer
    halftone: Literal["", "dots", "ordered"] = ""
    streaks: int = 0  # thin lines along the paper's way, from dirt on the glass
    specks: int = 0
    jpeg: int = 0  # quality, 0: none


@dataclass(frozen=True, slots=True)
class Condition:
    """Printer, paper, hand and scanner of a document; the default is a clean rendering."""

    printer: Printer = field(default_factory=Printer)
    paper: Paper = field(default_factory=Paper)
    hand: Hand = field(default_factory=Hand)
    scanner: Scanner = field(default_factory=Scanner)


CLEAN = Condition()


def pick_condition(
    rng: random.Random, *, fixed_pitch: bool = False, till: bool = False
) -> Condition:
    """Draw a condition: clean for a quarter; dot matrix only where letters have a fixed pitch."""
    if rng.random() < 0.25:
        return CLEAN
    kinds: tuple[ScannerKind, ...] = ("office", "copier", "fax", "phone")
    kind = rng.choices(kinds, (52, 17, 6, 25) if not till else (30, 10, 0, 60))[0]
    return Condition(
        _pick_printer(rng, kind, fixed_pitch, till),
        _pick_paper(rng, kind, till),
        _pick_hand(rng, till),
        _pick_scanner(rng, kind),
    )


def _pick_printer(
    rng: random.Random, scanned_by: ScannerKind, fixed_pitch: bool, till: bool
) -> Printer:
    odds = (80, 14, 6, 0, 0)
    if till:
        odds = (25, 0, 0, 10, 65)
    elif fixed_pitch:
        odds = (40, 8, 12, 40, 0)
    if scanned_by == "fax":
        odds = (100, 0, 0, 0, 0)  # weak print would be lost in a fax
    kinds: tuple[PrinterKind, ...] = ("laser", "worn", "carbon", "dots", "thermal")
    kind = rng.choices(kinds, odds)[0]
    weights: tuple[Literal[-1, 0, 1], ...] = (-1, 0, 1)
    weight = rng.choices(weights, (1, 10, 3) if till else (1, 20, 3))[0]
    tall = rng.uniform(1.05, 1.4) if fixed_pitch and rng.random() < (0.5 if till else 0.2) else 1.0
    if kind == "laser":
        return Printer(kind, rng.choice((0, 0, 15, 30)), 0.0, weight, tall)
    min_fading, max_fading = {"worn": (0.15, 0.5), "carbon": (0.1, 0.35), "dots": (0.05, 0.4)}.get(
        kind, (0.0, 0.45)
    )
    return Printer(
        kind, rng.randint(15, 75), rng.uniform(min_fading, max_fading), max(weight, 0), tall
    )


def _pick_paper(rng: random.Random, scanned_by: ScannerKind, till: bool) -> Paper:
    folds: list[Fold] = []
    if rng.random() < (0.5 if scanned_by == "phone" else 0.25):
        depth = rng.uniform(0.03, 0.2 if scanned_by == "phone" else 0.12)
        third = rng.uniform(0.31, 0.35)
        for place in rng.choice(((third, 2 * third), (rng.uniform(0.46, 0.54),))):
            folds.append(Fold(False, place, depth * rng.choice((1, 1, -0.5))))
        if rng.random() < 0.3:
            folds.append(Fold(True, rng.uniform(0.47, 0.53), depth * 0.7))
    bent = {"phone": (0.75, 5.0), "copier": (0.4, 1.5), "office": (0.2, 0.8)}
    share, height = bent.get(scanned_by, (0.0, 0.0))
    return Paper(
        tone=rng.randint(232, 255) if rng.random() < 0.6 else 255,
        folds=tuple(folds),
        creases=rng.randint(2, 9) if rng.random() < (0.25 if till else 0.08) else 0,
        holes=rng.choice((2, 2, 3, 4)) if rng.random() < 0.15 and not till else 0,
        holes_side=rng.choice(("left", "left", "left", "top")),
        staple=rng.random() < 0.1,
        behind=rng.uniform(0.02, 0.14) if rng.random() < 0.15 else 0.0,
        stains=rng.randint(1, 3) if rng.random() < 0.08 else 0,
        waves=rng.uniform(0.1, 1.0) * height if rng.random() < share else 0.0,
    )


def _pick_hand(rng: random.Random, till: bool) -> Hand:
    """Draw more marks than most real pages have: a model must see each kind often to learn it."""
    hand = Hand(
        grey=rng.choice((rng.randint(10, 60), rng.randint(40, 110), rng.randint(90, 150))),
        width=rng.uniform(0.5, 1.3),
        slant=rng.gauss(0.18, 0.15),
        unrest=rng.uniform(0.02, 0.1),
        stamps=rng.choice((0.5, 1.0)) if rng.random() < 0.3 else 0.0,
        signatures=rng.uniform(0.3, 1.0) if rng.random() < 0.35 else 0.0,
    )
    if rng.random() < (0.7 if till else 0.4):
        return hand
    return replace(
        hand,
        rings=rng.choice((0.0, 0.0, 0.5, 1.5)),
        ticks=rng.choice((0.0, 0.0, 1.0, 6.0, 12.0)),
        strikes=rng.choice((0.0, 0.5, 1.0, 2.0, 3.0)),
        notes=rng.choice((0.0, 0.5, 1.0, 2.0)),
        lines=rng.choice((0.0, 0.0, 1.0, 3.0)),
        highlights=rng.choice((0.0, 0.0, 0.0, 1.0, 3.0)),
    )


def _pick_scanner(rng: random.Random, kind: ScannerKind) -> Scanner:
    side: Side = rng.choice(("left", "right", "top", "bottom"))
    bad = rng.random() ** 1.5  # 0 is a machine in good order, as most are
    jpeg = rng.choice((0, 85, 75, 60, 45, 35)) if rng.random() < 0.7 else 0
    if kind == "phone":
        return Scanner(
            kind, around=rng.randint(25, 170), skew=1.2, tilt=rng.uniform(0.002, 0.022),
            size=rng.uniform(0.88, 1.02), shadow=rng.uniform(0.1, 0.5),
            fade=rng.uniform(0.05, 0.35), dark_side=side,
            shade=rng.uniform(0.1, 0.45) if rng.random() < 0.5 else 0.0,
            blur=rng.uniform(0.15, 0.3 + 0.3 * bad), noise=rng.uniform(1, 3 + 7 * bad),
            grain=rng.random() < 0.6, contrast=rng.uniform(0.7, 1.0), fog=rng.randint(0, 45),
            jpeg=jpeg or 70,
        )  # fmt: skip
    if kind == "fax":
        return Scanner(
            kind, skew=0.6, size=rng.uniform(0.95, 1.0), blur=rng.uniform(0.1, 0.25),
            noise=rng.uniform(4, 16), halftone=rng.choice(("", "", "ordered")),
            dpi=rng.choice((0.0, 150.0)), streaks=rng.choice((0, 0, 0, 1, 2)),
            specks=rng.choice((0, 20, 60, 150)),
        )  # fmt: skip
    copied = kind == "copier"
    dark_lid = rng.random() < (0.35 if copied else 0.15)
    hard = rng.random() < 0.25
    return Scanner(
        kind, around=rng.randint(10, 80) if dark_lid else rng.randint(225, 255),
        skew=rng.uniform(0.2, 1.0) if copied else rng.choice((0.0, 0.3, 0.6)),
        size=rng.choice((1.0, 1.0, rng.uniform(0.95, 1.0), rng.uniform(1.0, 1.04))),
        shadow=rng.uniform(0.0, 0.3), fade=rng.uniform(0.0, 0.12) * bad, dark_side=side,
        dpi=rng.uniform(75, 150) if rng.random() < 0.2 else 0.0,
        blur=rng.uniform(0.05, 0.15 + 0.35 * bad), noise=rng.uniform(0, 2 + 12 * bad),
        grain=rng.random() < 0.3, contrast=rng.uniform(1 - 0.4 * bad, 1.2) if not hard else 1.0,
        fog=rng.randint(0, 30) if not hard else 0, hard=hard,
        halftone=rng.choice(("dots", "ordered")) if copied and rng.random() < 0.25 else "",
        streaks=rng.randint(1, 3) if rng.random() < 0.08 else 0,
        specks=rng.choice((0, 0, 15, 60)) if copied else 0, jpeg=jpeg,
    )  # fmt: skip
