"""JSON and text files of other people's corpora, checked; errors name the file and the first key.

A form is a pydantic model; `Form` is its base. Keys that a form does not name are ignored: another
project may add keys to its files.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from data.corpora.truth import CorpusError


class Form(BaseModel):
    """The keys that a reader needs of a JSON object, with their types; no number may be NaN."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, allow_inf_nan=False)


AnyForm = TypeVar("AnyForm", bound=Form)


def read_form(form: type[AnyForm], text: str | bytes, where: str) -> AnyForm:
    """Parse JSON text as that form; raise `CorpusError` naming `where` and the first wrong key."""
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        raise CorpusError(f"{where}: {describe_first_problem(error)}") from error


def describe_first_problem(error: ValidationError) -> str:
    """The first problem that a check found: its JSON path, and the value expected there."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{path}: {first['msg']}{more}" if path else f"{first['msg']}{more}"


def read_file_form(form: type[AnyForm], path: Path) -> AnyForm:
    """Parse a JSON file as that form; raise `CorpusError`, also for a missing file."""
    return read_form(form, read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; raise `CorpusError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror}") from error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, text) of each line of a UTF-8 file that is not blank, `.gz` or plain.

    Raises `CorpusError` for a file that cannot be read, naming the line it breaks off after.
    """
    number = 0
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, text in enumerate(lines, start=1):
                if text.strip():
                    yield number, text
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} after line {number}: not UTF-8: {error.reason}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(f"{path} after line {number}: cannot be read: {error}") from error
