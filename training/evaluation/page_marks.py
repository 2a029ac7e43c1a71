"""Measure what the page image adds to the words, on generated pages with marks by hand.

    python -m training.evaluation.page_marks --checkpoint DIR [--documents 200] [--seed 7]

Every page is read twice by the same network, with and without its picture. The words are as
printed, so that all the difference comes from pixels: quantities struck out by pen, words under a
stamp, shaded or ruled rows, and marks that are no words at all. Printed as a table to stdout.
Generated pages show which of these the network can see, not how often they occur on real paper.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from data.labels import LINE_TAGS, MARKS, TAGS
from data.records import Box, LabelledPage, Mark
from data.synthesis.layouts.documents import SyntheticDocument, make_document
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.paper.conditions import Condition, Hand, pick_condition
from data.synthesis.paper.fonts import faces_of
from data.synthesis.paper.page_record import as_page
from data.synthesis.paper.pen import QUANTITIES
from data.synthesis.paper.rendering import photograph
from training.decoding.grouping import TaggedPage
from training.extractor import Extractor, without_image
from training.network.checkpoint_seal import CheckpointError
from training.network.struck_numbers import is_covered

_LINES = frozenset(LINE_TAGS)


@dataclass(slots=True)
class WordTally:
    """Words of one kind: their number, and how many are tagged right with and without pixels."""

    count: int = 0
    right_with_pixels: int = 0
    right_without_pixels: int = 0


@dataclass(slots=True)
class MarkTally:
    """Marks of one kind: their number, how many are matched, and how many were predicted."""

    count: int = 0
    matched: int = 0
    predicted: int = 0
    true_predictions: int = 0


@dataclass(frozen=True, slots=True)
class PixelMeasurement:
    words: dict[str, WordTally]
    marks: dict[str, MarkTally]
    signed_right: int
    signed_pages: int


def make_marked_pages(seed: int, documents: int) -> Iterator[tuple[LabelledPage, Sheet]]:
    """Yield first pages of generated documents on damaged paper, all with marks by hand."""
    for index in range(documents):
        rng = random.Random(f"pixels/{seed}/{index}")
        document = make_document(rng, faces_of(rng))
        condition = pick_condition(rng, till=document.family == "till")
        yield draw_marked_page(document, 0, rng, condition), document.sheets[0]


def draw_marked_page(
    document: SyntheticDocument, number: int, rng: random.Random, condition: Condition
) -> LabelledPage:
    """Return that page of the document with marks by hand, and its words as printed."""
    hand = Hand(
        grey=condition.hand.grey,
        width=condition.hand.width,
        slant=condition.hand.slant,
        unrest=condition.hand.unrest,
        strikes=rng.choice((0.0, 1.0, 2.0)),
        notes=rng.choice((0.0, 0.0, 1.0, 2.0)),
        stamps=rng.choice((0.0, 0.0, 1.0)),
        signatures=rng.choice((0.0, 1.0)),
        ticks=rng.choice((0.0, 4.0)),
        rings=rng.choice((0.0, 1.0)),
        lines=rng.choice((0.0, 2.0)),
    )
    sheet = document.sheets[number]
    picture = photograph(sheet, document.face, rng, replace(condition, hand=hand))
    return as_page(document, number, picture.words, "ocr", picture.grey, picture.marks)


def measure_pixels(extractor: Extractor, seed: int, documents: int) -> PixelMeasurement:
    """Measure the reader with and without pixels on that many documents."""
    words: dict[str, WordTally] = defaultdict(WordTally)
    marks = {kind: MarkTally() for kind in MARKS}
    signed_right = signed_pages = 0
    pages = tqdm(
        make_marked_pages(seed, documents),
        total=documents,
        unit="page",
        disable=not sys.stderr.isatty(),
    )
    for labelled, sheet in pages:
        if not labelled.page.words:
            continue
        tagged = extractor.tag_pages([labelled.page])[0]
        tagged_without_pixels = extractor.tag_pages([without_image(labelled.page)])[0]
        _tally_words(words, labelled, sheet, tagged, tagged_without_pixels)
        truth, predicted = labelled.marks or (), tagged.marks or ()
        _tally_marks(marks, truth, predicted)
        is_signed = any(mark.kind == "signature" for mark in truth)
        signed_right += is_signed == any(mark.kind == "signature" for mark in predicted)
        signed_pages += 1
    return PixelMeasurement(dict(words), marks, signed_right, signed_pages)


def _tally_words(
    words: dict[str, WordTally],
    labelled: LabelledPage,
    sheet: Sheet,
    tagged: TaggedPage,
    tagged_without_pixels: TaggedPage,
) -> None:
    with_pixels = tagged.probabilities.argmax(axis=1)
    without = tagged_without_pixels.probabilities.argmax(axis=1)
    ruled = any(shape.kind in ("line", "frame") for shape in sheet.shapes)
    marks = labelled.marks or ()
    for place in range(len(with_pixels)):
        for kind in _word_kinds(labelled, place, marks, ruled):
            tally = words[kind]
            tally.count += 1
            tally.right_with_pixels += TAGS[int(with_pixels[place])] == labelled.tags[place]
            tally.right_without_pixels += TAGS[int(without[place])] == labelled.tags[place]


def _word_kinds(
    labelled: LabelledPage, place: int, marks: Sequence[Mark], ruled: bool
) -> Iterator[str]:
    """Yield the rows of the table in which that word counts."""
    tag, box = labelled.tags[place], labelled.page.words[place].box
    yield "all words"
    if any(mark.kind == "strike" and is_covered(box, mark.box, 0.5) for mark in marks):
        yield "struck quantities"
    elif tag in QUANTITIES:
        yield "other quantities"
    if any(mark.kind == "stamp" and is_covered(box, mark.box, 0.5) for mark in marks):
        yield "words under a stamp"
    if tag == "subtotal_row":
        yield "words of subtotal rows"
    if tag in _LINES:
        yield "item words, rules or frames on the page" if ruled else "item words, no rules"


def _tally_marks(
    tallies: dict[str, MarkTally], truth: Sequence[Mark], predicted: Sequence[Mark]
) -> None:
    """A mark is found, and a call true, when a box of its kind overlaps it."""
    for kind in MARKS:
        true_boxes = [mark.box for mark in truth if mark.kind == kind]
        predicted_boxes = [mark.box for mark in predicted if mark.kind == kind]
        tally = tallies[kind]
        tally.count += len(true_boxes)
        tally.predicted += len(predicted_boxes)
        tally.matched += sum(
            any(_is_touching(box, other) for other in predicted_boxes) for box in true_boxes
        )
        tally.true_predictions += sum(
            any(_is_touching(box, other) for other in true_boxes) for box in predicted_boxes
        )


def _is_touching(first: Box, second: Box) -> bool:
    return (
        first.left < second.right
        and second.left < first.right
        and first.top < second.bottom
        and second.top < first.bottom
    )


def format_table(measured: PixelMeasurement) -> str:
    """Return the figures as two Markdown tables."""
    rows = ["| words | count | right with pixels | without |", "|---|---|---|---|"]
    rows += [
        f"| {kind} | {tally.count} | {tally.right_with_pixels / tally.count:.3f} |"
        f" {tally.right_without_pixels / tally.count:.3f} |"
        for kind, tally in sorted(measured.words.items())
    ]
    rows += ["", "| marks | count | found | predicted | of these right |", "|---|---|---|---|---|"]
    rows += [
        f"| {kind} | {tally.count} | {_share(tally.matched, tally.count)} | {tally.predicted} |"
        f" {_share(tally.true_predictions, tally.predicted)} |"
        for kind, tally in measured.marks.items()
    ]
    right = _share(measured.signed_right, measured.signed_pages)
    rows.append(f"\nsigned or not, recognised: {right} of {measured.signed_pages} pages")
    return "\n".join(rows) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.page_marks", description=__doc__
    )
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", default="auto")
    arguments = parser.parse_args(argv)
    try:
        extractor = Extractor.load(arguments.checkpoint, arguments.device)
    except CheckpointError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"device {extractor.device_line}\n")
    sys.stdout.write(format_table(measure_pixels(extractor, arguments.seed, arguments.documents)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
