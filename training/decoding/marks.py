"""Marks made by hand: the network's map of squares -> boxes, and the receiver's signature."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from data.labels import FREE_MARKS
from data.records import Box, Field, Mark, PageMark
from training.decoding.grouping import TaggedPage

FloatArray = npt.NDArray[np.float32]

SEEN = 0.5  # probability from which a square belongs to a mark
SURE_SIGNED = 0.8  # lowest probability of a signature that is called present
SURE_UNSIGNED = 0.3  # highest probability of any square where it is called absent
SIGNED_TYPES = frozenset({"proof_of_delivery", "delivery_note", "bill_of_lading"})
EXCEPTION_MARKS = frozenset({"handwriting", "strike"})


def find_marks(squares: FloatArray, cell: tuple[float, float]) -> tuple[Mark, ...]:
    """Return the marks of a page: connected squares from `SEEN` up, kind by kind, surest first.

    `squares` (len(FREE_MARKS), h, w) probabilities; `cell` width and height of a square in
    fractions of the page. A mark is as sure as its surest square.
    """
    marks = []
    for kind, level in zip(FREE_MARKS, squares, strict=True):
        labels, count = ndimage.label(level >= SEEN, structure=np.ones((3, 3)))
        for number, (rows, columns) in enumerate(ndimage.find_objects(labels, count), start=1):
            box = Box.clamped(
                columns.start * cell[0],
                rows.start * cell[1],
                columns.stop * cell[0],
                rows.stop * cell[1],
            )
            marks.append(Mark(kind, box, float(level[labels == number].max())))
    return tuple(sorted(marks, key=lambda mark: -mark.confidence))


def place_marks(tagged: TaggedPage) -> tuple[PageMark, ...]:
    """Return the page's marks with their places on the page as delivered."""
    return tuple(
        PageMark(mark.kind, tagged.page.polygon(mark.box), round(mark.confidence, 4))
        for mark in tagged.marks or ()
    )


def receiver_signature(pages: Sequence[TaggedPage], kind: str) -> Field | None:
    """The receiver's signature: `present` with its place, `absent` or `uncertain`.

    None for types other than delivery documents, and where no page came with its picture.
    """
    with_picture = [tagged for tagged in pages if tagged.marks is not None]
    if kind not in SIGNED_TYPES or not with_picture:
        return None
    signed = [
        (mark.confidence, tagged, mark)
        for tagged in with_picture
        for mark in tagged.marks or ()
        if mark.kind == "signature"
    ]
    if signed:
        confidence, tagged, mark = max(signed, key=lambda entry: entry[0])
        value = "present" if confidence >= SURE_SIGNED else "uncertain"
        polygon = tagged.page.polygon(mark.box)
        return Field(value, confidence=confidence, page=tagged.page.number, polygon=polygon)
    likeliest = max(tagged.signature for tagged in with_picture)
    if likeliest <= SURE_UNSIGNED and len(with_picture) == len(pages):
        return Field("absent", confidence=1 - likeliest)
    return Field("uncertain", confidence=1 - likeliest)


def exceptions_by_hand(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks that may note a short or damaged delivery: handwriting and struck numbers."""
    return tuple(mark for mark in marks if mark.kind in EXCEPTION_MARKS)
