"""Exceptions that a client may see, as problem+json with a stable code."""

from data.exchange.order_files import OrderDataError
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import AttachmentError
from data.pages.sandbox import MissingProgram
from serving.wire.field_json import DocumentJsonError
from serving.wire.schema import ProblemDetails, problem

INTERNAL = problem("internal", "the service failed; its operator can find the reason in the logs")
REFUSALS = (AttachmentError, OrderDataError, DocumentJsonError, ExchangeError)


def refusal(error: Exception) -> ProblemDetails | None:
    """Return the problem+json of an unreadable document or a missing reader, else None."""
    # An error that crossed a Ray process carries a traceback in its text; its cause does not.
    cause = getattr(error, "cause", None)
    error = cause if isinstance(cause, Exception) else error
    if isinstance(error, REFUSALS):
        return problem(error.code, str(error))
    if isinstance(error, MissingProgram):
        return problem("reader_unavailable", str(error))
    return None
