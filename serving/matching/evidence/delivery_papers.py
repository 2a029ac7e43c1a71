"""What delivery notes, packing slips and proofs of delivery say of a PO line's quantity.

Receipts rule what may be billed; these documents speak for or against the finding.
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
from serving.matching.pairing.assignment import SURE, assign_lines
from serving.matching.pairing.order_line import Standing, Standings, line_key

BACKUP_TYPES = frozenset({"packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"})
# The quantity that counts in each type, the most telling first.
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
    """What a paper is worth as proof of delivery, from the vendor's own word upwards."""

    VENDORS_PAPER = 1
    SHIPPER_COUNT = 2  # a bill of lading "shipper load and count", or one that nobody signed
    CARRIER_SIGNED = 3
    RECEIVER_SIGNED = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """How many units of a PO line one kind of paper says were moved, in that line's unit.

    `damaged` of them came damaged. `places` are (document id, field, cell). `doubts` say why the
    number may not be what it seems. `titles` are what the papers are called.
    """

    kind: str
    rank: Rank
    quantity: Fraction
    damaged: Fraction
    places: tuple[tuple[str, str, Field], ...]
    noted: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

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
    """Whether the paper is signed: so the field of that name says, else a mark on its pages.

    On a bill of lading a mark does not say whether shipper or carrier signed.
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
    """What the paper is worth as proof of delivery."""
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


def _moved(item: LineItem, document_type: str) -> tuple[str, Field] | None:
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
    """What documents of `BACKUP_TYPES` say of each PO line, by key, best proof first.

    Quantities of one kind of paper are added up (two deliveries); different kinds describe the
    same goods. A line that is not surely of that PO line is left out.
    """
    said: dict[tuple[str, str], Statement] = {}
    lines = list(standings.lines.values())
    for document in documents:
        kind = str(document.document_type.value)
        rows = [(item, None, _unit(item)) for item in document.line_items]
        noted = _noted_on(document, lines)
        for (item, _, unit), choice in zip(rows, assign_lines(rows, lines), strict=True):
            moved = _moved(item, kind)
            sure = choice.runner_up is None and choice.score >= SURE
            if moved is None or choice.order_line is None or not sure:
                continue
            key = line_key(choice.order_line)
            size = standings[key].units.size(unit)
            if size is not None:
                # What is noted on a paper of one row is about that row.
                own = [
                    (exception, line is not None or len(rows) == 1)
                    for exception, line in noted
                    if line is choice.order_line or line is None
                ]
                one = _statement(document, _unit(item), moved, size, (standings[key], own))
                said[key, kind] = one if (key, kind) not in said else _add(said[key, kind], one)
    found: dict[str, list[Statement]] = {}
    for (key, _), statement in said.items():
        found.setdefault(key, []).append(statement)
    return {
        key: tuple(sorted(own, key=lambda one: one.rank, reverse=True))
        for key, own in found.items()
    }


def _statement(
    document: ExtractedDocument,
    unit: str | None,
    moved: tuple[str, Field],
    size: Fraction,
    about: tuple[Standing, Sequence[tuple[DeliveryException, bool]]],
) -> Statement:
    """What one row says, corrected by what the receiver noted, surely about it or maybe."""
    (name, leaf), (standing, exceptions) = moved, about
    kind = str(document.document_type.value)
    quantity, damaged = Fraction(leaf.decimal or 0) * size, Fraction(0)
    places, noted, doubts = [(document.document_id, name, leaf)], list[str](), list[str]()
    for one, sure in exceptions:
        own = one.unit.text if one.unit is not None else unit
        factor = standing.units.size(own)
        if not sure or factor is None or one.quantity.decimal is None:
            doubts.append(f"{document.document_id}: what was noted on delivery is not clear")
            continue
        count = Fraction(one.quantity.decimal) * factor
        # A receiver's own count of what came has what was short taken off already.
        if name != "quantity_received":
            quantity += _EXCEPTION_SIGN[one.kind] * count
        damaged += count if one.kind == "damaged" else 0
        places.append((document.document_id, f"exception {one.kind}", one.quantity))
        noted.append(f"{one.quantity.text} {own or 'units'} {one.kind}")
    return Statement(
        kind=kind,
        rank=rank_of(document),
        quantity=quantity,
        damaged=damaged,
        places=tuple(places),
        noted=tuple(noted),
        doubts=tuple(doubts),
        titles=(title_of(document),),
    )


def _noted_on(
    document: ExtractedDocument, lines: Sequence[OrderLine]
) -> list[tuple[DeliveryException, OrderLine | None]]:
    """Each exception with the PO line that it names; None where it names none surely."""
    pseudo = [(LineItem(product_code=one.product_code), None, None) for one in document.exceptions]
    choices = assign_lines(pseudo, lines)
    return [
        (one, choice.order_line if choice.runner_up is None and choice.score >= SURE else None)
        for one, choice in zip(document.exceptions, choices, strict=True)
    ]


def _add(one: Statement, other: Statement) -> Statement:
    """Both together; as proof they are worth what the weaker is."""
    return Statement(
        one.kind,
        min(one.rank, other.rank),
        one.quantity + other.quantity,
        one.damaged + other.damaged,
        (*one.places, *other.places),
        (*one.noted, *other.noted),
        (*one.doubts, *other.doubts),
        tuple(dict.fromkeys((*one.titles, *other.titles))),
    )


def backup_evidence(
    statements: Mapping[str, Sequence[Statement]], received: Mapping[str, Collection[Fraction]]
) -> dict[str, tuple[Evidence, ...]]:
    """Evidence by PO line key; `received` are all sums of its receipts.

    Findings rest on the receipts: a paper that says no more than they do supports them, one that
    says that more came contradicts them, whatever was billed.
    """
    return {
        key: tuple(
            place
            for one in own
            for place in one.evidence("contradicts" if beyond(one, received[key]) else "supports")
        )
        for key, own in statements.items()
    }


def beyond(one: Statement, received: Collection[Fraction]) -> Fraction:
    """How many units the paper says came beyond the receipts (negative: fewer).

    It may be about some deliveries only: the most of them that it covers wholly are taken off.
    """
    covered = [total for total in received if total <= one.quantity]
    return one.quantity - (max(covered) if covered else min(received))
