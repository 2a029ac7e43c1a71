"""Disputes to post, made from a seed: scanned and text pages, long and large documents, no page.

A scan is a damaged page of `data.synthesis` as a JPEG of 200 dpi; a text page is a PDF that prints
the words read on such a scan. Their orders are those the pages belong to, so that comparing them
costs what it costs in earnest.
"""

import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

from PIL import Image

from data.pages.attachments import (
    AttachmentError,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.records import Page
from data.synthesis.disputes import write_dispute
from serving.benchmarks.references import text_pdf
from serving.wire.attachments_in import Reader

Kind = Literal["text", "scan", "long", "tiny", "large"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LONG_PAGES = 6
LARGE_BYTES = 50_000_000
_DPI = 200
_LETTER_INCHES = 11
_JPEG_QUALITY = 80
# What a month of disputes might look like; the seed decides the order, not the shares.
SHARES: Mapping[Kind, int] = {"text": 5, "scan": 3, "long": 1, "tiny": 1}


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute to post: its order data as JSON text, its files by name, how many pages."""

    kind: Kind
    pages: int
    dispute: str
    attachments: tuple[tuple[str, bytes], ...] = ()


Cases = Mapping[Kind, Sequence[Case]]


def make_cases(seed: int, each: int) -> Cases:
    """`each` disputes of every kind, one of the large, the same for the same seed."""
    made: dict[Kind, list[Case]] = {kind: [] for kind in KINDS}
    for number in range(each):
        with TemporaryDirectory(prefix="tieout-load-") as name:
            folder = Path(name)
            write_dispute(folder, seed + number, lines=5 + number % 5, dpi=_DPI)
            order = (folder / "dispute.json").read_text(encoding="utf-8")
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            scan = _scan(folder / "invoice.pdf")
        page = next(Reader().pages(open_attachment(scan, "scan.jpg")))
        for case in _of_page(page, scan, order, truth["documents"]):
            made[case.kind].append(case)
        if number == 0:
            large = text_pdf(page, 1, LARGE_BYTES)
            made["large"] = [Case("large", 1, order, (("invoice.pdf", large),))]
    return made


def _of_page(page: Page, scan: bytes, order: str, documents: Sequence[object]) -> Iterator[Case]:
    yield Case("scan", 1, order, (("invoice.jpg", scan),))
    yield Case("text", 1, order, (("invoice.pdf", text_pdf(page, 1)),))
    yield Case("long", LONG_PAGES, order, (("invoices.pdf", text_pdf(page, LONG_PAGES)),))
    read = [_without_file(document) for document in documents]
    yield Case("tiny", 0, json.dumps(json.loads(order) | {"documents": read}))


def _without_file(document: object) -> dict[str, object]:
    if not isinstance(document, dict):
        raise TypeError(f"a document of a truth is {type(document).__name__}, wanted an object")
    return {key: value for key, value in document.items() if key != "file"}


def _scan(path: Path) -> bytes:
    """The page as a scanner sends it."""
    grey = render_page(open_attachment_file(path), 0, _LETTER_INCHES * _DPI)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=_JPEG_QUALITY, dpi=(_DPI, _DPI))
    return stream.getvalue()


def cases_of_folder(folder: Path, cases: Cases) -> Cases:
    """Documents of a folder in place of those made: images are scans, PDFs text or long ones.

    They are posted with the orders of `cases`, to which they do not belong. A PDF whose first page
    has no text is left out: bare Tesseract reads no PDF. Raises `ValueError` where nothing is left.
    """
    found: dict[Kind, list[Case]] = {kind: [] for kind in KINDS}
    order = cases["text"][0].dispute
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            attachment = open_attachment_file(path)
            first = next(Reader().pages(attachment))
        except AttachmentError:
            continue
        one_page = attachment.page_count == 1
        if attachment.kind == "pdf" and first.words_source == "text":
            kind: Kind = "text" if one_page else "long"
        elif attachment.kind != "pdf" and one_page:
            kind = "scan"
        else:
            continue
        file = (path.name, attachment.content)
        found[kind].append(Case(kind, attachment.page_count, order, (file,)))
    if not any(found.values()):
        raise ValueError(f"{folder}: no document that can be read; give a folder of PDFs or images")
    return {kind: found[kind] or cases[kind] for kind in KINDS}


def mixed(seed: int, cases: Cases, shares: Mapping[Kind, int] = SHARES) -> Iterator[Case]:
    """Cases without end, in an order that the seed decides; shares hold in every round of it."""
    rng = random.Random(f"load/{seed}")
    round_of = [kind for kind, share in shares.items() for _ in range(share)]
    while True:
        rng.shuffle(round_of)
        for kind in round_of:
            yield rng.choice(cases[kind])
