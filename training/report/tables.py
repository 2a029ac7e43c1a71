"""A table of a report, before anybody decided how it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; `note` is a sentence or two said before the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
