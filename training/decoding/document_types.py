"""The document's type: the network's probabilities weighed by the title on the first page."""

import re
from collections.abc import Sequence

import numpy as np

from data.labels import DOCUMENT_TYPES, TITLE_WORDS
from data.records import Alternative, Field
from training.decoding.grouping import FloatArray, TaggedPage

UNNAMED_TYPE = 0.1  # weight of a document type that the page does not name
UNNAMED_CREDIT = 0.001
STRESSED = 5.0  # weight of a type whose title is set letter by letter
LETTER_RECEIPT = 0.02  # weight of a receipt on letter paper that calls itself an invoice
_LETTER = (1.25, 1.45)  # height / width of A4 and letter paper, with room for crooked scans
_SPACED = re.compile(r"(?<!\S)\S(?: \S){3,}(?!\S)")


def decide_document_type(pages: Sequence[TaggedPage]) -> Field:
    """Decide the document's type by its first page with words; later pages only confirm it."""
    pages = [page for page in pages if page.page.words] or pages
    if not pages[0].page.words:  # without words the network's probabilities mean nothing
        return Field("other", confidence=0.0, page=pages[0].page.number)
    first = pages[0].document_types
    mean = np.mean([page.document_types for page in pages], axis=0)
    both = (0.7 * first + 0.3 * mean) * _type_weights(pages[0])
    both = both / both.sum()
    order = np.argsort(-both)
    others = tuple(
        Alternative(DOCUMENT_TYPES[int(index)], float(both[index])) for index in order[1:3]
    )
    best = int(order[0])
    return Field(
        DOCUMENT_TYPES[best],
        confidence=min(float(both[best]), 1.0),
        page=pages[0].page.number,
        alternatives=others,
    )


def _type_weights(page: TaggedPage) -> FloatArray:
    """Weight of each document type by its title words on the page, (K,).

    A credit memo reverses the sign of money: without its title on the page it is not believed. A
    till may call its receipt a bill; on a sheet of the shape of letter paper that is an invoice.
    """
    line = " ".join(word.text for word in page.page.words).casefold()
    # Words set letter by letter, as typewriters stressed a title, are also added joined
    stressed = " ".join(spaced.replace(" ", "") for spaced in _SPACED.findall(line))
    text = f"{line} {stressed}"
    weights = np.ones(len(DOCUMENT_TYPES), dtype=np.float32)
    for index, kind in enumerate(DOCUMENT_TYPES):
        titles = TITLE_WORDS.get(kind)
        if titles is not None and not any(title in text for title in titles):
            weights[index] = UNNAMED_CREDIT if kind == "credit_memo" else UNNAMED_TYPE
        elif titles is not None and any(title in stressed for title in titles):
            weights[index] = STRESSED
    letter = _LETTER[0] <= page.page.height / page.page.width <= _LETTER[1]
    if letter and any(title in text for title in TITLE_WORDS["invoice"]):
        weights[DOCUMENT_TYPES.index("receipt")] = LETTER_RECEIPT
    return weights
