"""Why a trading partner's file was refused, and spelling help for whoever wrote it."""

from collections.abc import Sequence
from typing import ClassVar

from rapidfuzz import process


class ExchangeError(ValueError):
    """A file that cannot be used: which file, where in it, what was seen and what is wanted."""

    code: ClassVar[str] = "invalid_exchange_file"


def nearest_name(name: str, names: Sequence[str]) -> str | None:
    """The name most like `name`, or None when none is similar."""
    found = process.extractOne(name.casefold(), list(names), score_cutoff=60)
    return None if found is None else str(found[0])
