"""What the picture tells that the words do not, measured on generated pages made for it.

    python -m training.evaluation.page_marks --checkpoint DIR [--documents 200] [--seed 7]

Every page is read twice by the same network, with and without its picture. The words are as
printed, so that all the difference comes from pixels: quantities struck out by pen, words under a
stamp, shaded or ruled rows, and marks that are no words at all. Printed as a table to stdout.
Generated pages say which of these the network can see, not how often they occur on real paper.
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
from training.network.struck_numbers import covers

_LINES = frozenset(LINE_TAGS)


@dataclass(slots=True)
class Tally:
    """Of one kind of word: how many, and how many are tagged right with and without pixels."""

    count: int = 0
    seen: int = 0
    blind: int = 0


@dataclass(slots=True)
class MarkTally:
    """Of one kind of mark: how many there are, how many were found, how many were called."""

    count: int = 0
    found: int = 0
    called: int = 0
    true_calls: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    words: dict[str, Tally]
    marks: dict[str, MarkTally]
    signed_right: int
    signed_pages: int


def marked_pages(seed: int, documents: int) -> Iterator[tuple[LabelledPage, Sheet]]:
    """First pages of generated documents on damaged paper, all of them written on by hand."""
    for index in range(documents):
        rng = random.Random(f"pixels/{seed}/{index}")
        document = make_document(rng, faces_of(rng))
        condition = pick_condition(rng, till=document.family == "till")
        yield draw_marked(document, 0, rng, condition), document.sheets[0]


def draw_marked(
    document: SyntheticDocument, number: int, rng: random.Random, condition: Condition
) -> LabelledPage:
    """That page of the document, written on by hand, with its words as printed."""
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


def measure(extractor: Extractor, seed: int, documents: int) -> Measured:
    """The reader with and without pixels on that many documents."""
    words: dict[str, Tally] = defaultdict(Tally)
    marks = {kind: MarkTally() for kind in MARKS}
    signed_right = signed_pages = 0
    pages = tqdm(
        marked_pages(seed, documents),
        total=documents,
        unit="page",
        disable=not sys.stderr.isatty(),
    )
    for labelled, sheet in pages:
        if not labelled.page.words:
            continue
        seen = extractor.tag_pages([labelled.page])[0]
        blind = extractor.tag_pages([without_image(labelled.page)])[0]
        _tally_words(words, labelled, sheet, seen, blind)
        truth, called = labelled.marks or (), seen.marks or ()
        _tally_marks(marks, truth, called)
        is_signed = any(mark.kind == "signature" for mark in truth)
        signed_right += is_signed == any(mark.kind == "signature" for mark in called)
        signed_pages += 1
    return Measured(dict(words), marks, signed_right, signed_pages)


def _tally_words(
    words: dict[str, Tally],
    labelled: LabelledPage,
    sheet: Sheet,
    seen: TaggedPage,
    blind: TaggedPage,
) -> None:
    with_pixels = seen.probabilities.argmax(axis=1)
    without = blind.probabilities.argmax(axis=1)
    ruled = any(shape.kind in ("line", "frame") for shape in sheet.shapes)
    marks = labelled.marks or ()
    for place in range(len(with_pixels)):
        for kind in _kinds(labelled, place, marks, ruled):
            tally = words[kind]
            tally.count += 1
            tally.seen += TAGS[int(with_pixels[place])] == labelled.tags[place]
            tally.blind += TAGS[int(without[place])] == labelled.tags[place]


def _kinds(labelled: LabelledPage, place: int, marks: Sequence[Mark], ruled: bool) -> Iterator[str]:
    """The rows of the table in which that word counts."""
    tag, box = labelled.tags[place], labelled.page.words[place].box
    yield "all words"
    if any(mark.kind == "strike" and covers(mark.box, box, 0.5) for mark in marks):
        yield "struck quantities"
    elif tag in QUANTITIES:
        yield "other quantities"
    if any(mark.kind == "stamp" and covers(mark.box, box, 0.5) for mark in marks):
        yield "words under a stamp"
    if tag == "subtotal_row":
        yield "words of subtotal rows"
    if tag in _LINES:
        yield "item words, rules or frames on the page" if ruled else "item words, no rules"


def _tally_marks(
    tallies: dict[str, MarkTally], truth: Sequence[Mark], called: Sequence[Mark]
) -> None:
    """A mark is found, and a call true, when a box of its kind overlaps it."""
    for kind in MARKS:
        wanted = [mark.box for mark in truth if mark.kind == kind]
        said = [mark.box for mark in called if mark.kind == kind]
        tally = tallies[kind]
        tally.count += len(wanted)
        tally.called += len(said)
        tally.found += sum(any(_touch(one, other) for other in said) for one in wanted)
        tally.true_calls += sum(any(_touch(one, other) for other in wanted) for one in said)


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def table(measured: Measured) -> str:
    """The figures as two Markdown tables."""
    rows = ["| words | count | right with pixels | without |", "|---|---|---|---|"]
    rows += [
        f"| {kind} | {one.count} | {one.seen / one.count:.3f} | {one.blind / one.count:.3f} |"
        for kind, one in sorted(measured.words.items())
    ]
    rows += ["", "| marks | count | found | calls | of them true |", "|---|---|---|---|---|"]
    rows += [
        f"| {kind} | {one.count} | {_share(one.found, one.count)} | {one.called} |"
        f" {_share(one.true_calls, one.called)} |"
        for kind, one in measured.marks.items()
    ]
    right = _share(measured.signed_right, measured.signed_pages)
    rows.append(f"\nsigned or not, told right: {right} of {measured.signed_pages} pages")
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
    given = parser.parse_args(argv)
    try:
        extractor = Extractor.load(given.checkpoint, given.device)
    except CheckpointError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"device {extractor.device_line}\n")
    sys.stdout.write(table(measure(extractor, given.seed, given.documents)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
