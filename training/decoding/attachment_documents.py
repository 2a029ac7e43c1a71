"""Last step of reading: from tagged pages to an attachment's documents, e-invoice checked, stamped.

Service, command line, benchmarks and `Extractor.read` all end here. It needs no torch: a process
that only decodes does not load the network.
"""

from collections.abc import Sequence

from data.exchange.einvoice.cross_check import compare_with_einvoice
from data.file_hash import stamp_documents
from data.pages.attachments import Attachment
from data.records import ExtractedDocument
from training.decoding.calibration import Calibration
from training.decoding.documents import decode_documents
from training.decoding.grouping import TaggedPage


def finish_attachment(
    attachment: Attachment,
    tagged: Sequence[TaggedPage],
    calibration: Calibration,
    *,
    arithmetic: bool = True,
) -> tuple[ExtractedDocument, ...]:
    """Return the documents on the tagged pages of an attachment.

    They are decoded, compared with the e-invoice that a PDF may embed, and stamped with the file's
    hash. Evaluation calls `decode_documents` alone: there the embedded XML may be the truth.
    """
    decoded = decode_documents(attachment.name, tagged, calibration, arithmetic=arithmetic)
    checked = compare_with_einvoice(attachment, decoded, [page.page for page in tagged])
    return stamp_documents(checked, attachment.content)
