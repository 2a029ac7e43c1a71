"""The table record of a report, independent of the form in which it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; `note` is a sentence or two shown before the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
