"""Codes and document numbers as they are printed, and when two of them are one."""

import re
from functools import lru_cache


@lru_cache(maxsize=65536)
def normalise_code(code: str) -> str:
    """A product code without case, punctuation and leading zeros.

    >>> normalise_code("00-4711 a")
    '4711A'
    """
    characters = re.sub(r"[^0-9A-Z]", "", code.upper())
    return characters.lstrip("0") or characters
