"""Text to print, with the tag that a model has to learn for it."""

from typing import NamedTuple


class Span(NamedTuple):
    """Text with one tag; may hold several words. `mark` names it for the truth of a dispute."""

    text: str
    tag: str = "other"
    mark: str = ""


Line = list[Span]
Cell = list[Line]
