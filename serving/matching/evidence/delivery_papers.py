"""Delivery notes, packing slips, bills of lading and proofs of delivery, by PO line.

Receipts rule what may be billed; these documents support or contradict the finding.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from data.order_records import OrderLine
from data.records import (
    DeliveryException,
    ExtractedDocument,
    Field,
    LineItem,
)
from serving.matching.findings.paper_names import title_of
from serving.matching.findings.records import Evidence, Role, cell_evidence
from serving.matching.pairing.assignment import SURE_LIKENESS, assign_lines
from serving.matching.pairing.order_line import Standing, Standings, line_key

BACKUP_TYPES = frozenset({"packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"})
# The quantity that counts in each type, the best evidence first.
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "packing_slip": ("quantity_shipped", "quantity"),
    "delivery_note": ("quantity_received", "quantity_shipped", "quantity"),
    "bill_of_lading": ("quantity_shipped", "quantity"),
    "proof_of_delivery": ("quantity_received", "quantity", "quantity_shipped"),
}
# What a noted exception makes of the goods that the paper counts: damaged goods came.
_EXCEPTION_SIGN = {"short": -1, "refused": -1, "over": 1, "damaged": 0}
# A signature seen with less does not make a proof.
_SURE_MARK = 0.9


class Rank(IntEnum):
    """The worth of a paper as proof of delivery, from the vendor's own word upwards."""

    VENDORS_PAPER = 1
    SHIPPER_COUNT = 2  # a bill of lading "shipper load and count", or one that nobody signed
    CARRIER_SIGNED = 3
    RECEIVER_SIGNED = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """The units of a PO line that were moved by one kind of paper, in that line's unit.

    `damaged` of them came damaged; `pack` are the units in what the paper counts, such as a carton.
    `places` are (document id, field, cell). `remarks` were noted on delivery. `doubts` are
    sentences on why the number may be wrong. `titles` name the papers.
    """

    kind: str
    rank: Rank
    quantity: Fraction
    damaged: Fraction
    places: tuple[tuple[str, str, Field], ...]
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    pack: Fraction = Fraction(1)

    @property
    def pages(self) -> list[tuple[str, int | None]]:
        """(document id, page from 0) of each cell."""
        return [(name, leaf.page) for name, _, leaf in self.places]

    def evidence(self, role: Role) -> tuple[Evidence, ...]:
        return tuple(
            cell_evidence(document_id, name, leaf, role) for document_id, name, leaf in self.places
        )

    @property
    def confidence(self) -> float:
        """The probability that every number was read right."""
        product = 1.0
        for _, _, leaf in self.places:
            product *= leaf.confidence
        return product


def is_signed(document: ExtractedDocument, name: str) -> bool:
    """Return whether the paper is signed: by the field of that name, else by a mark on its pages.

    On a bill of lading a mark does not show whether shipper or carrier signed.
    """
    leaf = document.fields.get(name)
    if leaf is not None and leaf.text:
        return leaf.text.casefold() == "present" and leaf.confidence >= _SURE_MARK
    return document.document_type.value != "bill_of_lading" and any(
        mark.kind == "signature" and mark.confidence >= _SURE_MARK
        for page in document.pages
        for mark in page.marks
    )


def rank_of(document: ExtractedDocument) -> Rank:
    """Return the worth of the paper as proof of delivery."""
    kind = document.document_type.value
    # A delivery note that the receiver signed is what Europe calls a proof of delivery.
    if kind in ("proof_of_delivery", "delivery_note"):
        signed = is_signed(document, "receiver_signature")
        return Rank.RECEIVER_SIGNED if signed else Rank.VENDORS_PAPER
    if kind == "bill_of_lading":
        counted = document.fields.get("shipper_load_and_count")
        by_shipper = counted is not None and (counted.text or "").casefold() == "true"
        signed = is_signed(document, "carrier_signature") and not by_shipper
        return Rank.CARRIER_SIGNED if signed else Rank.SHIPPER_COUNT
    return Rank.VENDORS_PAPER


def _moved_quantity(item: LineItem, document_type: str) -> tuple[str, Field] | None:
    for name in _QUANTITIES[document_type]:
        leaf = item.field(name)
        if leaf is not None and leaf.decimal is not None:
            return name, leaf
    return None


def _unit(item: LineItem) -> str | None:
    leaf = item.unit_code or item.unit
    return None if leaf is None else leaf.text


def read_backup(
    documents: Sequence[ExtractedDocument], standings: Standings
) -> dict[str, tuple[Statement, ...]]:
    """Return the statements of `BACKUP_TYPES` documents on each PO line, by key, best proof first.

    Quantities of one kind of paper are added up (two deliveries); different kinds describe the
    same goods. A line that is not surely of that PO line is left out.
    """
    by_kind: dict[tuple[str, str], Statement] = {}
    lines = list(standings.lines.values())
    for document in documents:
        kind = str(document.document_type.value)
        rows = [(item, None, _unit(item)) for item in document.line_items]
        noted = _exceptions_by_line(document, lines)
        for (item, _, unit), choice in zip(rows, assign_lines(rows, lines), strict=True):
            moved = _moved_quantity(item, kind)
            is_sure = choice.runner_up is None and choice.score >= SURE_LIKENESS
            if moved is None or choice.order_line is None or not is_sure:
                continue
            key = line_key(choice.order_line)
            size = standings[key].units.size(unit)
            if size is not None:
                # What is noted on a paper of one row is about that row.
                row_exceptions = [
                    (exception, line is not None or len(rows) == 1)
                    for exception, line in noted
                    if line is choice.order_line or line is None
                ]
                about = standings[key], row_exceptions
                statement = _statement(document, _unit(item), moved, size, about)
                same = by_kind.get((key, kind))
                by_kind[key, kind] = _sum_statements(same, statement) if same else statement
    by_line: dict[str, list[Statement]] = {}
    for (key, _), statement in by_kind.items():
        by_line.setdefault(key, []).append(statement)
    return {
        key: tuple(sorted(line_statements, key=lambda statement: statement.rank, reverse=True))
        for key, line_statements in by_line.items()
    }


def _statement(
    document: ExtractedDocument,
    unit: str | None,
    moved: tuple[str, Field],
    size: Fraction,
    about: tuple[Standing, Sequence[tuple[DeliveryException, bool]]],
) -> Statement:
    """Return the statement of one row, corrected by the receiver's remarks about it."""
    (name, leaf), (standing, exceptions) = moved, about
    kind = str(document.document_type.value)
    quantity, damaged = Fraction(leaf.decimal or 0) * size, Fraction(0)
    places, noted, doubts = [(document.document_id, name, leaf)], list[str](), list[str]()
    for exception, is_sure in exceptions:
        unit_code = exception.unit.text if exception.unit is not None else unit
        factor = standing.units.size(unit_code)
        if not is_sure or factor is None or exception.quantity.decimal is None:
            doubts.append(f"{document.document_id}: the remarks noted on delivery are not clear")
            continue
        count = Fraction(exception.quantity.decimal) * factor
        # A receiver's own count of what came has what was short taken off already.
        if name != "quantity_received":
            quantity += _EXCEPTION_SIGN[exception.kind] * count
        damaged += count if exception.kind == "damaged" else 0
        places.append((document.document_id, f"exception {exception.kind}", exception.quantity))
        noted.append(f"{exception.quantity.text} {unit_code or 'units'} {exception.kind}")
    return Statement(
        kind=kind,
        rank=rank_of(document),
        quantity=quantity,
        damaged=damaged,
        places=tuple(places),
        remarks=tuple(noted),
        doubts=tuple(doubts),
        titles=(title_of(document),),
        pack=size,
    )


def _exceptions_by_line(
    document: ExtractedDocument, lines: Sequence[OrderLine]
) -> list[tuple[DeliveryException, OrderLine | None]]:
    """Return each exception with the PO line that it names; None where it names none surely."""
    pseudo = [
        (LineItem(product_code=exception.product_code), None, None)
        for exception in document.exceptions
    ]
    choices = assign_lines(pseudo, lines)
    return [
        (
            exception,
            choice.order_line
            if choice.runner_up is None and choice.score >= SURE_LIKENESS
            else None,
        )
        for exception, choice in zip(document.exceptions, choices, strict=True)
    ]


def _sum_statements(first: Statement, second: Statement) -> Statement:
    """Return both statements together; as proof they are worth what the weaker is."""
    return Statement(
        first.kind,
        min(first.rank, second.rank),
        first.quantity + second.quantity,
        first.damaged + second.damaged,
        (*first.places, *second.places),
        (*first.remarks, *second.remarks),
        (*first.doubts, *second.doubts),
        tuple(dict.fromkeys((*first.titles, *second.titles))),
        max(first.pack, second.pack),
    )


def backup_evidence(
    statements: Mapping[str, Sequence[Statement]], received: Mapping[str, Collection[Fraction]]
) -> dict[str, tuple[Evidence, ...]]:
    """Return evidence by PO line key; `received` are all sums of its receipts.

    Findings rest on the receipts: a paper with no more units than they have supports them, one
    with more units contradicts them, whatever was billed.
    """
    return {
        key: tuple(
            place
            for statement in line_statements
            for place in statement.evidence(
                "contradicts" if units_beyond(statement, received[key]) else "supports"
            )
        )
        for key, line_statements in statements.items()
    }


def units_beyond(statement: Statement, received: Collection[Fraction]) -> Fraction:
    """Return the units that came beyond the receipts by the paper (negative: fewer).

    It may be about some deliveries only: the most of them that it covers wholly are taken off.
    """
    covered = [total for total in received if total <= statement.quantity]
    return statement.quantity - (max(covered) if covered else min(received))
