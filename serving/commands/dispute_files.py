"""Files named on the command line, read into documents and examined into a verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.exchange.csv_files.mapping import CsvMapping, load_mapping
from data.exchange.order_files import load_order_data
from data.records import ExtractedDocument
from serving.commands.messages import Unusable, is_input_error, show_message
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.verdict.vendor_message import write_message
from serving.verdict.vendor_message_templates import load_templates
from serving.wire.document_json import document_to_json
from serving.wire.policy_file import load_policy
from serving.wire.structured_files import is_data, parse_attachment, read_data_file

if TYPE_CHECKING:
    from data.pages.attachment_reader import AttachmentReader
    from data.pages.attachments import Attachment
    from training.extractor import Extractor


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """The trained model (None: the one we ship) and the device it runs on."""

    checkpoint: Path | None
    device: str


@dataclass(frozen=True, slots=True)
class DisputeFiles:
    """The files of one dispute: orders with receipts, attachments to read, documents as data.

    `messages` is a folder of templates for the message to the vendor.
    """

    orders: Sequence[Path]
    attachments: Sequence[Path]
    documents: Sequence[Path]
    mapping: Path | None
    policy: Path | None
    messages: Path | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """The documents read from one file, or the stable code and sentence why there are none."""

    path: Path
    documents: tuple[ExtractedDocument, ...] = ()
    error: tuple[str, str] | None = None


def examine_files(files: DisputeFiles, model: ModelOptions, today: date) -> dict[str, Any]:
    """Return the verdict on a dispute as JSON."""
    # The cheap inputs first: a typing error must not cost a minute of reading.
    mapping = load_mapping(files.mapping) if files.mapping else None
    data = load_order_data(files.orders, mapping)
    policy = load_policy(files.policy) if files.policy else Policy()
    templates = load_templates(files.messages)
    documents = [document for path in files.documents for document in read_data_file(path, mapping)]
    if not files.attachments and not documents:
        raise Unusable("nothing to examine; give a file with --attachment or --document")
    if files.attachments:
        documents += read_attachments(files.attachments, model, mapping)
    verdict = examine(documents, data, policy, today)
    return verdict_to_json(write_message(verdict, documents, data, templates))


def read_attachments(
    paths: Sequence[Path], model: ModelOptions, mapping: CsvMapping | None = None
) -> list[ExtractedDocument]:
    """Return the documents in the files; all are opened before the model is loaded, if needed."""
    # Imported here: reading pages needs packages that an installation for data does without.
    from data.pages.attachment_reader import AttachmentReader
    from data.pages.attachments import AttachmentError

    reader = AttachmentReader()
    opened = [_open(path, reader, mapping) for path in paths]
    extractor = cache(lambda: _load_extractor(model))
    documents: list[ExtractedDocument] = []
    for path, attachment in zip(paths, opened, strict=True):
        if isinstance(attachment, tuple):
            documents.extend(attachment)
            continue
        try:
            documents.extend(extractor().read_attachment(attachment, reader=reader))
        except AttachmentError as error:
            raise Unusable(f"{path}: {error}") from error
    return documents


def read_each_file(
    paths: Sequence[Path], model: ModelOptions, mapping: CsvMapping | None = None
) -> Iterator[FileReading]:
    """Yield the reading of each file in order; one that cannot be read costs no other.

    Raises `Unusable` for a model that cannot be loaded, which is no file's fault.
    """
    from data.pages.attachment_reader import AttachmentReader

    reader = AttachmentReader()
    extractor = cache(lambda: _load_extractor(model))
    for path in paths:
        try:
            opened = _open(path, reader, mapping)
        except Exception as error:
            yield _unread(path, error)
            continue
        if isinstance(opened, tuple):
            yield FileReading(path, opened)
            continue
        loaded = extractor()
        try:
            yield FileReading(path, tuple(loaded.read_attachment(opened, reader=reader)))
        except Exception as error:
            yield _unread(path, error)


def reading_to_json(reading: FileReading) -> list[dict[str, Any]]:
    """Return the documents of the file as JSON, or one error object that names the file."""
    if reading.error is None:
        return [document_to_json(document) for document in reading.documents]
    code, message = reading.error
    return [{"file": str(reading.path), "error": {"code": code, "message": message}}]


def _unread(path: Path, error: Exception) -> FileReading:
    """Return the reading of a file whose content is at fault; any other error is raised again."""
    if not (is_input_error(error) or isinstance(error, OSError)):
        raise error
    code = getattr(error, "code", "unreadable_file")
    message = str(error) if path.name in str(error) else f"{path}: {error}"
    return FileReading(path, error=(str(code), " ".join(message.split())))


def _open(
    path: Path, reader: "AttachmentReader", mapping: CsvMapping | None
) -> "Attachment | tuple[ExtractedDocument, ...]":
    """Return the attachment with its pages, or the documents of one that is data."""
    if path.is_file() and path.stat().st_size <= reader.limits.max_bytes:
        content = path.read_bytes()
        if is_data(content, mapping):
            return parse_attachment(content, path.name, mapping)
    return reader.open(path)


def _load_extractor(model: ModelOptions) -> "Extractor":
    from training.extractor import Extractor
    from training.network.checkpoint_seal import CheckpointError

    try:
        extractor = Extractor.load(model.checkpoint, model.device)
    except (CheckpointError, ValueError) as error:
        raise Unusable(str(error)) from error
    show_message(f"device {extractor.device_line}")
    return extractor
