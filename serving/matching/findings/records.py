"""What matching finds: variances with their arithmetic and evidence, and a verdict per line."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from data.records import Alternative, Field, Polygon
from serving.matching.findings.codes import STANDARD_CODES, StandardCodes

Status = Literal[
    "matched",
    "within_tolerance",
    "pending_receipt",
    "discrepancy",
    "insufficient_evidence",
    "needs_review",
]
# From harmless to what a person must look at: a claim never outshines what could not be read.
STATUSES: tuple[Status, ...] = (
    "matched",
    "within_tolerance",
    "pending_receipt",
    "discrepancy",
    "insufficient_evidence",
    "needs_review",
)
Role = Literal["supports", "contradicts"]
# claim: may be taken from the vendor; pending: waits for a receipt; open: a person has to look;
# information: true, and nothing to take (its money, if any, stands in another finding).
State = Literal["claim", "pending", "open", "information"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that speaks for or against a finding. `page` counts from 0.

    Order data has no page: its `document_id` is the order's or receipt's number.
    """

    document_id: str
    field: str
    raw_text: str | None
    confidence: float
    role: Role = "supports"
    page: int | None = None
    polygon: Polygon | None = None


# What may explain a difference though nothing is owed.
HypothesisKind = Literal[
    "pack_factor",
    "dozen",
    "per_hundred",
    "per_thousand",
    "tax_inclusive",
    "split_line",
    "late_receipt",
    "credit_memo",
    "substitution",
    "misread_digit",
]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something that would explain a difference wholly, with its arithmetic.

    What it explains is not claimed: a person has to say whether it holds.
    """

    kind: HypothesisKind
    arithmetic: str
    explanation: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Variance:
    """One finding. `amount` is unrounded and positive where too much was billed.

    `amount` None: cannot be put in money; where papers disagree it lies within `amount_range`, both
    ends included. `confidence` is the probability that the variance is
    real, as far as it rests on what was read. `tolerance` is the row it was measured against.
    `hypothesis` would explain it without anything being owed; then it is no claim.
    """

    code: str
    state: State
    quantity: Decimal | None
    amount: Decimal | None
    currency: str | None
    formula: str
    explanation: str
    action: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    tolerance: str | None = None
    unit: str | None = None
    po_line_number: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    hypothesis: Hypothesis | None = None
    amount_range: tuple[Decimal, Decimal] | None = None

    @property
    def standard_codes(self) -> StandardCodes:
        return STANDARD_CODES[self.code]


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What became of one PO line (or of a billed line that has none), in one unit of measure.

    `expected` is what could be billed: the smaller of received and ordered, less billed before.
    Numbers that were not read or not given are None. `page` counts from 0. `unsure` are the cells
    that were not read or not surely enough to claim on them. `price_note` says which of several
    ordered prices counts, and why.
    """

    verdict: Status
    reasons: tuple[str, ...]
    po_line_number: str | None = None
    description: str | None = None
    billed: Decimal | None = None
    ordered: Decimal | None = None
    received: Decimal | None = None
    expected: Decimal | None = None
    unit: str | None = None
    billed_price: Decimal | None = None
    ordered_price: Decimal | None = None
    document_id: str | None = None
    page: int | None = None
    polygon: Polygon | None = None
    unsure: tuple[Evidence, ...] = ()
    price_note: str | None = None


def worst(statuses: list[Status]) -> Status:
    """The status furthest down `STATUSES`; "needs_review" of nothing: nothing was compared."""
    return max(statuses, key=STATUSES.index) if statuses else "needs_review"


def cell_evidence(document_id: str, name: str, cell: Field, role: Role = "supports") -> Evidence:
    """The place of one read value."""
    return Evidence(
        document_id,
        name,
        cell.raw_text if cell.raw_text is not None else cell.text,
        cell.confidence,
        role,
        cell.page,
        cell.polygon,
    )
