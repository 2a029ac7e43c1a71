"""JSON of other people's corpora, checked: what does not keep to its form is named in a sentence.

A form is a pydantic model; `Form` is its base. Keys a form does not name are ignored: what another
project adds to its files is no error of ours.
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
    """The JSON text as that form; raises `CorpusError` naming `where` and the first wrong key."""
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        raise CorpusError(f"{where}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """The first thing a check found wrong: its JSON path, and what was wanted there."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{path}: {first['msg']}{more}" if path else f"{first['msg']}{more}"


def read_file_form(form: type[AnyForm], path: Path) -> AnyForm:
    """The JSON file as that form; raises `CorpusError`, also for a file that is not there."""
    return read_form(form, read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """The content of a file; raises `CorpusError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror}") from error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number from 1, text) of the lines of a UTF-8 file that hold something, `.gz` or plain.

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
