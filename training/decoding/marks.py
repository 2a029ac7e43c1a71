"""Marks put on a page by hand: from the network's map of squares to boxes and a signature field."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from data.labels import FREE_MARKS
from data.records import Box, Field, Mark, PageMark
from training.decoding.grouping import TaggedPage

FloatArray = npt.NDArray[np.float32]

SEEN = 0.5  # probability from which a square belongs to a mark
SURE_SIGNED = 0.8  # least probability of a signature that is called present
SURE_UNSIGNED = 0.3  # most probability of any square where it is called absent
SIGNED_TYPES = frozenset({"proof_of_delivery", "delivery_note", "bill_of_lading"})
EXCEPTION_MARKS = frozenset({"handwriting", "strike"})


def find_marks(squares: FloatArray, cell: tuple[float, float]) -> tuple[Mark, ...]:
    """The marks of a page: connected squares above `SEEN`, kind by kind, surest first.

    `squares` (len(FREE_MARKS), h, w) probabilities; `cell` width and height of a square in
    fractions of the page. A mark is as sure as its surest square.
    """
    found = []
    for kind, level in zip(FREE_MARKS, squares, strict=True):
        labels, count = ndimage.label(level >= SEEN, structure=np.ones((3, 3)))
        for number, (rows, columns) in enumerate(ndimage.find_objects(labels, count), start=1):
            box = Box.clamped(
                columns.start * cell[0],
                rows.start * cell[1],
                columns.stop * cell[0],
                rows.stop * cell[1],
            )
            found.append(Mark(kind, box, float(level[labels == number].max())))
    return tuple(sorted(found, key=lambda mark: -mark.confidence))


def placed(tagged: TaggedPage) -> tuple[PageMark, ...]:
    """The page's marks with their places on the page as delivered."""
    return tuple(
        PageMark(mark.kind, tagged.page.polygon(mark.box), round(mark.confidence, 4))
        for mark in tagged.marks or ()
    )


def receiver_signature(pages: Sequence[TaggedPage], kind: str) -> Field | None:
    """Whether a document of delivery is signed: `present` with its place, `absent` or `uncertain`.

    None for other types, and where no page came with its picture: nobody looked.
    """
    looked = [tagged for tagged in pages if tagged.marks is not None]
    if kind not in SIGNED_TYPES or not looked:
        return None
    signed = [
        (mark.confidence, tagged, mark)
        for tagged in looked
        for mark in tagged.marks or ()
        if mark.kind == "signature"
    ]
    if signed:
        sure, tagged, mark = max(signed, key=lambda one: one[0])
        value = "present" if sure >= SURE_SIGNED else "uncertain"
        polygon = tagged.page.polygon(mark.box)
        return Field(value, confidence=sure, page=tagged.page.number, polygon=polygon)
    likeliest = max(tagged.signature for tagged in looked)
    if likeliest <= SURE_UNSIGNED and len(looked) == len(pages):
        return Field("absent", confidence=1 - likeliest)
    return Field("uncertain", confidence=1 - likeliest)


def exceptions_by_hand(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks that may say a delivery was short or damaged: handwriting and struck numbers."""
    return tuple(mark for mark in marks if mark.kind in EXCEPTION_MARKS)
