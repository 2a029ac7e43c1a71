"""Structured logs: one JSON object a line, with ids, sizes, codes and timings and nothing else.

A log outlives the document it speaks of and is read by more people. So the fields are a fixed list
and their values short and plain, what other libraries say of a document is withheld, and of an
exception only the type and the places are kept: its text may quote a vendor or an amount.
"""

import hashlib
import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

# Whose texts are written with this rule in mind.
_OWN = ("serving",)
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


def note(logger: logging.Logger, event: str, level: int = logging.INFO, **fields: Plain) -> None:
    """Logs an event; `event` is a constant text, what varies goes into known fields.

    A text value that is not short and plain is written as "withheld". Raises `ValueError` for a
    field that is not in `FIELDS`.
    """
    if unknown := sorted(set(fields) - FIELDS):
        raise ValueError(f"log field {unknown[0]!r} of {event!r} is unknown, know {sorted(FIELDS)}")
    logger.log(level, "%s", event, extra={"tieout": fields})


def tenant_hash(tenant: str) -> str:
    """A tenant as logs name it: the same for the same tenant, and no name."""
    return hashlib.sha256(tenant.encode()).hexdigest()[:12]


class JsonLines(logging.Formatter):
    """A record as one JSON object; `part` is the deployment that writes."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.split(".")[0] in _OWN
        line: dict[str, Plain | list[str]] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": self._part,
            "logger": record.name,
            "event": record.getMessage() if own else _WITHHELD,
        }
        if not own:
            line["place"] = f"{record.module}:{record.lineno}"
        fields: dict[str, Plain] = getattr(record, "tieout", {})
        line |= {name: _plain(value) for name, value in fields.items() if value is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error_type(record.exc_info[1])
            line["places"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)


class WithoutErrorText(logging.Filter):
    """Takes the text of exceptions out of what Ray Serve logs; type and places stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            places = ", ".join(_places(record.exc_info[2])[-3:])
            record.msg = f"{_error_type(record.exc_info[1])} at {places}"
            record.args, record.exc_info, record.exc_text = (), None, None
        elif "Request failed" in (text := record.getMessage()) or "Traceback" in text:
            record.msg, record.args = "a request failed; the replica's log says where", ()
        return True


def set_up_logs(part: str, level: int = logging.INFO) -> None:
    """Makes this process write JSON lines on stderr, which Ray keeps in its session's log folder.

    Called once by each deployment when it starts; a second call changes nothing.
    """
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(part))
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN:
        logging.getLogger(name).setLevel(level)
    logging.getLogger(_SERVE).addFilter(WithoutErrorText())


def _plain(value: Plain) -> Plain:
    return _WITHHELD if isinstance(value, str) and not _PLAIN.fullmatch(value) else value


def _error_type(error: BaseException) -> str:
    # Ray wraps what a replica raised; `cause` is the error itself.
    cause = getattr(error, "cause", None)
    return type(cause if isinstance(cause, Exception) else error).__name__


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename.rpartition('site-packages/')[2].rpartition('/')[2]}:{frame.lineno}"
        f" {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
