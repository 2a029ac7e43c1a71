"""Documents that arrive as data: Tieout's JSON, UBL, CII, X12, or CSV with its mapping."""

from pathlib import Path

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.recognise import read_documents, sniff_format
from data.exchange.wire.errors import ExchangeError
from data.file_hash import stamp_documents
from data.json_values import load_exact_json
from data.outside_data import guarded
from data.records import ExtractedDocument
from serving.wire.document_json import documents_from_json
from serving.wire.field_json import DocumentJsonError


def is_data(content: bytes, mapping: CsvMapping | None = None) -> bool:
    """Return whether an attachment is data, not pages: by its content; CSV needs a mapping."""
    # Imported here: reading pages needs packages that an installation for data does without.
    from data.pages.attachments import sniff_kind

    if sniff_kind(content) is not None:
        return False
    return sniff_format(content) is not None or (mapping is not None and bool(content))


@guarded(DocumentJsonError, 1, ExchangeError)
def parse_documents(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> tuple[ExtractedDocument, ...]:
    """Return the documents in a file's content; raises `DocumentJsonError` or `ExchangeError`."""
    if sniff_format(content) != "json":
        return read_documents(content, name, mapping)
    try:
        parsed = load_exact_json(content)
    except (ValueError, RecursionError) as error:
        raise DocumentJsonError(f"{name}: not JSON ({str(error)[:120]})") from None
    try:
        return documents_from_json(parsed)
    except DocumentJsonError as error:
        raise DocumentJsonError(f"{name}: {error}") from None


def parse_attachment(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> tuple[ExtractedDocument, ...]:
    """Return the documents in an attachment that is data, stamped with the file's hash.

    Raises `DocumentJsonError` or `ExchangeError`.
    """
    return stamp_documents(parse_documents(content, name, mapping), content)


def read_data_file(path: Path, mapping: CsvMapping | None = None) -> tuple[ExtractedDocument, ...]:
    """Return the documents in a file; raises `DocumentJsonError` or `ExchangeError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); check the path"
        raise DocumentJsonError(message) from error
    return parse_documents(content, str(path), mapping)
