"""One way to read an attachment: Python, command line and service return the same documents."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

import data
from data.pages.attachment_reader import AttachmentReader, BlankDocument
from data.pages.attachments import AttachmentError, MissingFile, PageSizes, open_attachment_file
from data.records import ExtractedDocument
from serving.cli import main
from serving.deployments import documents as deployment
from serving.wire.document_json import document_to_json
from tests.support.embedded_invoices import invoice, pdf
from training.decoding.calibration import Calibration
from training.decoding.grouping import TaggedPage
from training.extractor import Extractor

SAMPLE = Path(data.__file__).parent / "samples" / "dispute"
# Printed on a page whose embedded XML bills something else.
OTHER_PAPER = (
    "INVOICE",
    "Papier GmbH",
    "Invoice number R-17",
    "Date 05.03.2024",
    "Pos  Article  Quantity  Price  Amount",
    "1  Stapler blue  3  7.00  21.00",
    "Total EUR 21.00",
)


class Reply:
    """A method of a deployment without Ray: what it returns is awaited or iterated over."""

    def __init__(self, method: Any) -> None:
        self.remote = method


class ReadingHandle:
    """The deployment `reading` without Ray: pages opened, read and tagged one by one."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self.tagged_pages = Reply(self._tagged_pages)

    def options(self, *, stream: bool) -> "ReadingHandle":
        assert stream
        return self

    async def _tagged_pages(
        self, name: str, content: bytes, page_sizes: PageSizes | None, within: object
    ) -> AsyncIterator[TaggedPage | AttachmentError]:
        reader = AttachmentReader()
        try:
            for page in reader.pages(reader.open(content, name, check_blank=False)):
                yield self._extractor.tag_pages([page])[0]
        except AttachmentError as error:
            yield error


class ModelHandle:
    """The deployment `model` without Ray."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self.calibration = Reply(self._read_calibration)

    async def _read_calibration(self) -> Calibration:
        return self._calibration


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The model we ship, on one thread as the command line test below."""
    torch.set_num_threads(1)
    return Extractor.load(device="cpu")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The attachments that are read in every way, by kind."""
    folder = tmp_path_factory.mktemp("attachments")
    with Image.open(SAMPLE / "delivery_note.png") as picture:
        picture.convert("L").save(folder / "scan.tif")
    return {
        "e-invoice": pdf(folder / "einvoice.pdf", invoice()),
        "e-invoice that differs": pdf(folder / "differs.pdf", invoice(), lines=OTHER_PAPER),
        "e-invoice that is broken": pdf(folder / "broken.pdf", "not XML"),
        "PDF without XML": SAMPLE / "invoice.pdf",
        "scan": SAMPLE / "delivery_note.png",
        "TIFF": folder / "scan.tif",
    }


@pytest.fixture(scope="module")
def from_python(
    extractor: Extractor, paths: dict[str, Path]
) -> dict[str, tuple[ExtractedDocument, ...]]:
    return {kind: extractor.read(path) for kind, path in paths.items()}


def by_deployment(extractor: Extractor, path: Path) -> tuple[ExtractedDocument, ...]:
    handles: tuple[Any, Any] = ReadingHandle(extractor), ModelHandle(extractor.calibration)
    reader = deployment.Documents("test", *handles)
    reader.record = lambda *_, **__: None  # type: ignore[assignment]
    return asyncio.run(reader.extract(path.name, path.read_bytes()))


def test_every_kind_is_read_and_stamped(
    paths: dict[str, Path], from_python: dict[str, tuple[ExtractedDocument, ...]]
) -> None:
    for kind, documents in from_python.items():
        digest = hashlib.sha256(paths[kind].read_bytes()).hexdigest()
        assert documents, kind
        assert {document.file_sha256 for document in documents} == {digest}
        assert {document.document_id for document in documents} == {paths[kind].name}


def test_an_embedded_e_invoice_is_checked(
    from_python: dict[str, tuple[ExtractedDocument, ...]],
) -> None:
    (exact,) = from_python["e-invoice"]
    assert exact.line_items[0].quantity is not None
    assert exact.line_items[0].quantity.source == "edi"
    codes = {
        kind: {problem.code for document in documents for problem in document.problems}
        for kind, documents in from_python.items()
    }
    assert "einvoice_unreadable" in codes["e-invoice that is broken"]
    assert "einvoice_line_not_on_page" in codes["e-invoice that differs"]
    assert not any(code.startswith("einvoice_") for code in codes["PDF without XML"])


def test_the_command_line_reads_the_same(
    paths: dict[str, Path],
    from_python: dict[str, tuple[ExtractedDocument, ...]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [str(path) for path in paths.values()]
    assert main(["extract", *files, "--json", "--device", "cpu"]) == 0
    expected = [
        document_to_json(document) for documents in from_python.values() for document in documents
    ]
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(expected))


def test_the_service_reads_the_same(
    extractor: Extractor,
    paths: dict[str, Path],
    from_python: dict[str, tuple[ExtractedDocument, ...]],
) -> None:
    for kind, path in paths.items():
        assert by_deployment(extractor, path) == from_python[kind], kind


def test_content_is_read_as_its_file(
    extractor: Extractor,
    paths: dict[str, Path],
    from_python: dict[str, tuple[ExtractedDocument, ...]],
) -> None:
    path = paths["e-invoice that differs"]
    documents = from_python["e-invoice that differs"]
    assert extractor.read(path.read_bytes(), path.name) == documents
    assert extractor.read(str(path)) == documents
    with pytest.raises(ValueError, match=r"name='invoice\.pdf'"):
        extractor.read(path.read_bytes())


def test_evaluation_reads_the_pages_alone(extractor: Extractor, paths: dict[str, Path]) -> None:
    """The embedded XML is the truth of some corpora: a prediction must not be made from it."""
    path = paths["e-invoice"]
    pages = AttachmentReader().pages(open_attachment_file(path))
    documents = extractor.extract(path.name, pages)
    leaves = [leaf for document in documents for leaf in document.fields.values()]
    leaves += [
        leaf
        for document in documents
        for item in document.line_items
        if (leaf := item.quantity) is not None
    ]
    assert leaves
    assert all(leaf.source != "edi" for leaf in leaves)
    assert {document.file_sha256 for document in documents} == {None}


def test_what_cannot_be_read_is_an_attachment_error(extractor: Extractor, tmp_path: Path) -> None:
    Image.new("L", (300, 300), 255).save(tmp_path / "white.png")
    with pytest.raises(BlankDocument, match=r"white\.png"):
        extractor.read(tmp_path / "white.png")
    with pytest.raises(MissingFile, match=r"no-file\.pdf"):
        extractor.read(tmp_path / "no-file.pdf")
    with pytest.raises(BlankDocument):
        by_deployment(extractor, tmp_path / "white.png")
