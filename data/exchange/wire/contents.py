"""The contents of one exchanged file: order data as plain JSON, order changes, and documents.

Orders, receipts and claims are plain JSON in the form that `data.exchange.order_files` validates.
Order changes, and receipt lines that name only the article, depend on the order and are resolved by
`data.exchange.order_changes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.exchange.wire.edi_document import EdiDocument

# add: a new line; set: new values of a line; put: either; delete; keep: restated unchanged
Action = Literal["add", "set", "put", "delete", "keep"]
Basis = Literal["received", "accepted"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """The change of one order line; `place` is its place in the file, for messages.

    `direction` is 1 or -1 where the sender states that the quantity goes up or down.
    """

    po_line_number: str
    action: Action
    values: Mapping[str, Any]
    place: str
    direction: int = 0


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A change of an order; changes are applied by `sequence`, if any, then in the order read."""

    po_number: str
    lines: tuple[LineChange, ...]
    place: str
    sequence: int | None = None
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """A receipt line with its article, by the names of order data, and a line number, if any.

    `line_number` may be the sender's own count instead of the order's line. `weight` is the
    received weight with its unit.
    """

    values: Mapping[str, Any]
    article: Mapping[str, str]
    place: str
    line_number: str | None = None
    weight: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A goods receipt whose lines are not yet assigned to order lines."""

    values: Mapping[str, Any]
    lines: tuple[ReceiptEntry, ...]


@dataclass(frozen=True, slots=True)
class FileContents:
    """The contents of one file; `left_out` lists what was not used and the reasons."""

    name: str
    orders: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[OrderChange, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    billed: tuple[Mapping[str, Any], ...] = ()
    claims: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[EdiDocument, ...] = ()
    left_out: tuple[str, ...] = ()
