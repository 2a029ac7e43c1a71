"""Marks made by hand: the map for training, the boxes found in it, and what follows from them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from data.labels import FREE_MARKS
from data.records import Box, LabelledPage, Mark, Page
from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.documents import decode_documents
from training.decoding.marks import find_marks
from training.learning.losses import mark_loss
from training.learning.stream import mark_map

SIGNATURE, STAMP, HANDWRITING = range(len(FREE_MARKS))


def labelled(*marks: Mark, known: bool = True) -> LabelledPage:
    image = np.full((320, 640), 255, dtype=np.uint8)  # 10 by 20 squares
    page = Page(0, 640.0, 320.0, (), "ocr", "made for a test", image=image)
    return LabelledPage(page, (), (), "invoice", marks if known else None)


@pytest.mark.parametrize(
    ("mark", "kind", "rows", "columns"),
    [
        (Mark("signature", Box(0.1, 0.2, 0.3, 0.4)), SIGNATURE, (2, 3), (2, 3, 4, 5)),
        (Mark("handwriting", Box(0.11, 0.21, 0.12, 0.22)), HANDWRITING, (2,), (2,)),
        (Mark("strike", Box(0.11, 0.21, 0.12, 0.22)), STAMP, (), ()),  # is told by the word
        (Mark("stamp", Box(0.0, 0.0, 1.0, 1.0)), STAMP, tuple(range(10)), tuple(range(20))),
        (Mark("handwriting", Box(1.0, 1.0, 1.0, 1.0)), HANDWRITING, (9,), (19,)),
    ],
)
def test_the_map_marks_the_squares_that_a_mark_covers(mark, kind, rows, columns):
    squares = mark_map(labelled(mark))
    expected = torch.zeros(len(FREE_MARKS), 10, 20)
    for r in rows:
        for c in columns:
            expected[kind, r, c] = 1
    assert torch.equal(squares, expected)


def test_where_nobody_knows_the_marks_there_is_no_map():
    assert mark_map(labelled(known=False)) is None
    bare = labelled()
    assert mark_map(replace(bare, page=replace(bare.page, image=None))) is None
    assert mark_map(bare).sum() == 0


def test_the_loss_falls_when_the_mark_is_seen_and_needs_knowledge():
    truth = mark_map(labelled(Mark("stamp", Box(0.1, 0.2, 0.3, 0.4))))
    missed = torch.full_like(truth, -4.0)
    detected = torch.where(truth > 0, 4.0, -4.0)
    assert mark_loss([detected], [truth]) < mark_loss([missed], [truth])
    assert mark_loss([detected, None], [None, truth]) is None


def test_touching_squares_are_one_mark_and_the_surest_square_speaks_for_it():
    squares = np.zeros((len(FREE_MARKS), 10, 20), dtype=np.float32)
    squares[SIGNATURE, 2, 3:6] = (0.6, 0.9, 0.7)
    squares[SIGNATURE, 3, 6] = 0.55  # touches by a corner
    squares[STAMP, 8, 8] = 0.49  # too weak
    squares[HANDWRITING, 5, 19] = 0.8
    signature, note = find_marks(squares, (0.05, 0.1))
    assert (signature.kind, note.kind) == ("signature", "handwriting")
    assert signature.confidence == pytest.approx(0.9)
    assert signature.box.left == pytest.approx(0.15)
    assert signature.box.right == pytest.approx(0.35)
    assert (signature.box.top, signature.box.bottom) == pytest.approx((0.2, 0.4))
    assert note.box.right == pytest.approx(1.0)


SIGNED = Mark("signature", Box(0.1, 0.8, 0.3, 0.9), 0.95)
DOUBTFUL = Mark("signature", Box(0.1, 0.8, 0.3, 0.9), 0.6)
NOTE = Mark("handwriting", Box(0.5, 0.5, 0.6, 0.6), 0.9)
STRUCK = Mark("strike", Box(0.5, 0.5, 0.6, 0.6), 0.9)


@pytest.mark.parametrize(
    ("kind", "marks", "likeliest", "signature", "exception"),
    [
        ("proof_of_delivery", (SIGNED,), 0.95, "present", False),
        ("proof_of_delivery", (DOUBTFUL,), 0.6, "uncertain", False),
        ("proof_of_delivery", (), 0.1, "absent", False),
        ("proof_of_delivery", (), 0.4, "uncertain", False),
        ("proof_of_delivery", None, 0.0, None, False),  # no picture: nobody looked
        ("delivery_note", (SIGNED, NOTE), 0.95, "present", True),
        ("bill_of_lading", (STRUCK,), 0.1, "absent", True),
        ("invoice", (SIGNED, NOTE), 0.95, None, False),  # a note on an invoice is no exception
    ],
)
def test_a_document_of_delivery_says_what_was_put_on_it(
    kind, marks, likeliest, signature, exception
):
    title = W("Proof of delivery note lading invoice", "other", y=1)
    page = replace(
        tagged_page([title, *row(0, "2", None, None)], document_type=kind),
        marks=marks,
        signature=likeliest,
    )
    (document,) = decode_documents("file", [page])
    assert document.document_type.value == kind
    assert document.value("receiver_signature") == signature
    assert any(problem.code == "exception_by_hand" for problem in document.problems) == exception
    assert len(document.pages[0].marks) == len(marks or ())


def test_one_page_without_a_picture_leaves_the_absence_of_a_signature_open():
    with_picture = replace(
        tagged_page([W("Proof", "other")], document_type="proof_of_delivery"), marks=()
    )
    without_picture = tagged_page([W("of", "other")], number=1, document_type="proof_of_delivery")
    (document,) = decode_documents("file", [with_picture, without_picture])
    assert document.value("receiver_signature") == "uncertain"
