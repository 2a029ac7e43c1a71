"""Reads Factur-X, ZUGFeRD, Order-X and XRechnung PDFs: the embedded XML is the page's truth.

The XML names more than the page shows, so `visible` holds the names whose value is printed
(`visibility`). That needs the page's words: they are read as the service reads them, and cached.
"""

from collections.abc import Iterator
from pathlib import Path

from data.corpora.readings import DEFAULT_CACHE, read_file
from data.corpora.truth import CorpusError, TrueDocument, TrueItem
from data.corpora.visibility import visible_item
from data.exchange.cii import read_cii
from data.exchange.einvoice.embedded_files import read_embedded_xml
from data.exchange.wire.edi_document import EdiLine
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import AttachmentError, open_attachment_file
from data.values.printed_values import printed_names, read_printed_values

# The XML states these too; they are no part of the truth that readers are scored on.
_NOT_SCORED = frozenset({"discount_amount", "charge_amount"})
_NOT_SCORED_FIELDS = frozenset(
    {"total_charge", "amount_paid", "rounding_amount", "original_invoice_id"}
)
LABELS = "embedded XML; visible where its values are found on the page"


def read_documents(path: Path, cache_folder: Path | None = DEFAULT_CACHE) -> Iterator[TrueDocument]:
    """Yield the document of a PDF, or of every PDF in a folder and its subfolders, by path.

    Readings are cached in `cache_folder` (None: never). Raises `CorpusError` for a PDF that cannot
    be read or embeds no invoice, naming the problem and its place in the XML.
    """
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() == ".pdf")
    if not path.is_dir():
        files = [path]
    if not files:
        raise CorpusError(f"{path}: holds no PDF")
    for file in files:
        name = file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else file.stem
        yield _document(file, name, cache_folder)


def _document(path: Path, name: str, cache_folder: Path | None) -> TrueDocument:
    try:
        invoice = read_cii(read_embedded_xml(open_attachment_file(path), str(path)), str(path))
        pages = read_file(path, cache_folder).pages
    except AttachmentError as error:
        raise CorpusError(f"{path}: {error}") from error
    except ExchangeError as error:
        raise CorpusError(str(error)) from error
    prints = read_printed_values(pages)
    fields = {
        name: invoice.fields[name] for name in invoice.fields if name not in _NOT_SCORED_FIELDS
    }
    visible = printed_names(fields, prints)
    taxable = fields.pop("taxable_total", None)
    # Where lines are allowed a discount on their sum, pages print the one sum or the other.
    if taxable is not None and "sub_total" not in visible and "taxable_total" in visible:
        fields["sub_total"], visible = taxable, visible | {"sub_total"}
    return TrueDocument(
        document_id=name,
        path=path,
        document_type=invoice.document_type,
        fields=fields,
        fields_visible=visible & frozenset(fields),
        items=tuple(visible_item(_item(line), prints) for line in invoice.lines),
        excluded=tuple(visible_item(_item(line), prints) for line in invoice.excluded),
        labels=LABELS,
        extra={"pages": len(pages)},
    )


def _item(line: EdiLine) -> TrueItem:
    values = {name: line.values[name] for name in line.values if name not in _NOT_SCORED}
    return TrueItem(values, frozenset(values), line.wordings)
