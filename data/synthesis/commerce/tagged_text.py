"""Text that is to be printed, with the tag that the reader shall learn for it."""

from typing import NamedTuple


class Span(NamedTuple):
    """Text with one tag; may hold several words. `mark` names it for the truth of a dispute."""

    text: str
    tag: str = "other"
    mark: str = ""


Line = list[Span]
Cell = list[Line]
