"""What one exchanged file holds: parts for the strict model of order data, and documents.

Orders, receipts and claims are plain JSON in the shape that `data.exchange.order_files` validates.
What depends on the order, a change of it or a receipt line that names only the article, waits until
the order is known (`data.exchange.order_changes`).
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
    """What becomes of one order line. `place` says where that stands.

    `direction` is 1 or -1 where the sender says that the quantity goes up or down.
    """

    po_line_number: str
    action: Action
    values: Mapping[str, Any]
    place: str
    direction: int = 0


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A change of an order; changes apply by `sequence`, where given, then in the order read."""

    po_number: str
    lines: tuple[LineChange, ...]
    place: str
    sequence: int | None = None
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """A receipt line, with the article it names (`data.exchange.order_files` names) and a line
    number, if any.

    `line_number` may be the sender's own count instead of the order's line. `weight` is what was
    weighed in, with its unit.
    """

    values: Mapping[str, Any]
    article: Mapping[str, str]
    place: str
    line_number: str | None = None
    weight: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A goods receipt whose lines still have to be put on order lines."""

    values: Mapping[str, Any]
    lines: tuple[ReceiptEntry, ...]


@dataclass(frozen=True, slots=True)
class FileContents:
    """Everything in one file. `left_out` tells of what was read and not used, and why."""

    name: str
    orders: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[OrderChange, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    billed: tuple[Mapping[str, Any], ...] = ()
    claims: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[EdiDocument, ...] = ()
    left_out: tuple[str, ...] = ()
