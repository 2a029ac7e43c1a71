"""The error for a trading partner's file that is refused, and suggestions for misspelt names."""

from collections.abc import Sequence
from typing import ClassVar

from rapidfuzz import process


class ExchangeError(ValueError):
    """A file that cannot be used; the message states file, place, value and what to give."""

    code: ClassVar[str] = "invalid_exchange_file"


def nearest_name(name: str, names: Sequence[str]) -> str | None:
    """Return the most similar name, or None when none is similar."""
    best_match = process.extractOne(name.casefold(), list(names), score_cutoff=60)
    return None if best_match is None else str(best_match[0])
