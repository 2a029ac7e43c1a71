"""Structured logs: one JSON object per line, with only ids, sizes, codes and timings.

A log outlives the documents it is about and is read by more people. So the fields are a fixed list
and their values short and plain, messages of other libraries are withheld, and of an exception
only the type and the stack are logged: its text may quote a vendor or an amount.
"""

import hashlib
import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

# Packages whose log messages follow this rule.
_OUR_PACKAGES = ("serving",)
_SERVE = "ray.serve"
FIELDS = frozenset(
    {
        *("request_id", "job_id", "tenant", "key_id", "method", "route", "status", "code"),
        *("state", "attempt", "fence", "attachments", "bytes", "pages", "words", "batch_pages"),
        *("seconds", "queue_seconds", "device", "deployment", "reason", "kind"),
    }
)
_PLAIN = re.compile(r"[A-Za-z0-9._:/{}-]{0,96}")
_WITHHELD = "withheld"
Plain = str | int | float | bool | None


def log_event(
    logger: logging.Logger, event: str, level: int = logging.INFO, **fields: Plain
) -> None:
    """Log an event; `event` is a constant text, variable values go into known fields.

    A text value that is not short and plain is written as "withheld". Raises `ValueError` for a
    field that is not in `FIELDS`.
    """
    if unknown := sorted(set(fields) - FIELDS):
        raise ValueError(
            f"log field {unknown[0]!r} of {event!r} is unknown; known fields: {sorted(FIELDS)}"
        )
    logger.log(level, "%s", event, extra={"tieout": fields})


def tenant_hash(tenant: str) -> str:
    """Return the pseudonym of a tenant for logs: always the same, and not its name."""
    return hashlib.sha256(tenant.encode()).hexdigest()[:12]


class JsonLines(logging.Formatter):
    """Formats a log record as one JSON object; `part` is the deployment that logs."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name.split(".")[0] in _OUR_PACKAGES
        line: dict[str, Plain | list[str]] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": self._part,
            "logger": record.name,
            "event": record.getMessage() if is_ours else _WITHHELD,
        }
        if not is_ours:
            line["place"] = f"{record.module}:{record.lineno}"
        fields: dict[str, Plain] = getattr(record, "tieout", {})
        line |= {
            name: _plain_or_withheld(value) for name, value in fields.items() if value is not None
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error_type(record.exc_info[1])
            line["places"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)


class WithoutErrorText(logging.Filter):
    """Removes the text of exceptions from Ray Serve's log records; type and stack stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            places = ", ".join(_places(record.exc_info[2])[-3:])
            record.msg = f"{_error_type(record.exc_info[1])} at {places}"
            record.args, record.exc_info, record.exc_text = (), None, None
        elif "Request failed" in (text := record.getMessage()) or "Traceback" in text:
            record.msg, record.args = "a request failed; see the log of the replica", ()
        return True


def set_up_logs(part: str, level: int = logging.INFO) -> None:
    """Make this process log JSON lines to stderr, which Ray keeps in its session's log folder.

    Called once by each deployment when it starts; a second call changes nothing.
    """
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(part))
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OUR_PACKAGES:
        logging.getLogger(name).setLevel(level)
    logging.getLogger(_SERVE).addFilter(WithoutErrorText())


def _plain_or_withheld(value: Plain) -> Plain:
    return _WITHHELD if isinstance(value, str) and not _PLAIN.fullmatch(value) else value


def _error_type(error: BaseException) -> str:
    # Ray wraps the exception of a replica; `cause` is the exception itself.
    cause = getattr(error, "cause", None)
    return type(cause if isinstance(cause, Exception) else error).__name__


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename.rpartition('site-packages/')[2].rpartition('/')[2]}:{frame.lineno}"
        f" {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
