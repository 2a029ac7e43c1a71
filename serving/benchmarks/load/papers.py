"""Disputes to post, made from a seed: scans, text pages, long and large files, no file.

A scan is a damaged page of `data.synthesis` as a JPEG of 200 dpi; a text page is a PDF that prints
the words read on such a scan. Each is posted with the order it belongs to, so that matching costs
what it costs in production.
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

from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import (
    AttachmentError,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.records import Page
from data.synthesis.disputes import write_dispute
from serving.benchmarks.references import text_pdf

Kind = Literal["text", "scan", "long", "tiny", "large"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LONG_PAGES = 6
LARGE_BYTES = 50_000_000
_DPI = 200
_LETTER_INCHES = 11
_JPEG_QUALITY = 80
# A plausible mix of disputes; the seed decides the order, not the shares.
SHARES: Mapping[Kind, int] = {"text": 5, "scan": 3, "long": 1, "tiny": 1}


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute to post: order data as JSON text, files by name, number of pages."""

    kind: Kind
    pages: int
    dispute: str
    attachments: tuple[tuple[str, bytes], ...] = ()


Cases = Mapping[Kind, Sequence[Case]]


def make_cases(seed: int, each: int) -> Cases:
    """Return `each` disputes of every kind, one large one, the same for the same seed."""
    made: dict[Kind, list[Case]] = {kind: [] for kind in KINDS}
    for number in range(each):
        with TemporaryDirectory(prefix="tieout-load-") as name:
            folder = Path(name)
            write_dispute(folder, seed + number, lines=5 + number % 5, dpi=_DPI)
            order = (folder / "dispute.json").read_text(encoding="utf-8")
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            scan = _scan(folder / "invoice.pdf")
        page = next(AttachmentReader().pages(open_attachment(scan, "scan.jpg")))
        for case in _cases_of_page(page, scan, order, truth["documents"]):
            made[case.kind].append(case)
        if number == 0:
            large = text_pdf(page, 1, LARGE_BYTES)
            made["large"] = [Case("large", 1, order, (("invoice.pdf", large),))]
    return made


def _cases_of_page(
    page: Page, scan: bytes, order: str, documents: Sequence[object]
) -> Iterator[Case]:
    yield Case("scan", 1, order, (("invoice.jpg", scan),))
    yield Case("text", 1, order, (("invoice.pdf", text_pdf(page, 1)),))
    yield Case("long", LONG_PAGES, order, (("invoices.pdf", text_pdf(page, LONG_PAGES)),))
    read = [_without_file(document) for document in documents]
    yield Case("tiny", 0, json.dumps(json.loads(order) | {"documents": read}))


def _without_file(document: object) -> dict[str, object]:
    if not isinstance(document, dict):
        raise TypeError(
            f"a document in truth.json is {type(document).__name__}, expected an object"
        )
    return {key: value for key, value in document.items() if key != "file"}


def _scan(path: Path) -> bytes:
    """Return the first page as a JPEG, as a scanner would send it."""
    grey = render_page(open_attachment_file(path), 0, _LETTER_INCHES * _DPI)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=_JPEG_QUALITY, dpi=(_DPI, _DPI))
    return stream.getvalue()


def cases_of_folder(folder: Path, cases: Cases) -> Cases:
    """Return cases with the documents of a folder: images are scans, PDFs text or long ones.

    They are posted with the orders of `cases`, to which they do not belong. A PDF whose first page
    has no text is skipped: bare Tesseract reads no PDF. Raises `ValueError` where none is left.
    """
    folder_cases: dict[Kind, list[Case]] = {kind: [] for kind in KINDS}
    order = cases["text"][0].dispute
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            attachment = open_attachment_file(path)
            first = next(AttachmentReader().pages(attachment))
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
        folder_cases[kind].append(Case(kind, attachment.page_count, order, (file,)))
    if not any(folder_cases.values()):
        raise ValueError(f"{folder}: no readable document; name a folder of PDFs or images")
    return {kind: folder_cases[kind] or cases[kind] for kind in KINDS}


def mixed_cases(seed: int, cases: Cases, shares: Mapping[Kind, int] = SHARES) -> Iterator[Case]:
    """Yield cases endlessly in an order that the seed decides; every round has the shares."""
    rng = random.Random(f"load/{seed}")
    round_of = [kind for kind, share in shares.items() for _ in range(share)]
    while True:
        rng.shuffle(round_of)
        for kind in round_of:
            yield rng.choice(cases[kind])
