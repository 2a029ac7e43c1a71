"""Records of findings with their doubts, and of the variances and line verdicts they become."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, Self

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
# information: true, and nothing to take (its money, if any, is part of another finding).
State = Literal["claim", "pending", "open", "information"]
# What a finding asks for by itself, before anything is doubted. difference: money back; breach: a
# correction without an amount; awaits_receipt: money back if no receipt comes; question: an answer
# of a person; fact: nothing.
Nature = Literal["difference", "breach", "awaits_receipt", "question", "fact"]
# reading: a cell was not read surely; pairing: the order line is not sure; order: the order data is
# incomplete; unit: a unit has no factor; identity: quantity × price is not the amount; price: the
# price is not sure; sums: the invoice's sums fail; header: order, vendor or currency differ; copy:
# the invoice may have come before; claimed: a claim on the units exists; paper: a delivery paper
# contradicts; limit: more than the bill would be claimed; charge: nothing agreed to compare with.
DoubtKind = Literal[
    "reading",
    "pairing",
    "order",
    "unit",
    "identity",
    "price",
    "sums",
    "header",
    "copy",
    "claimed",
    "paper",
    "limit",
    "charge",
]
Scope = Literal["cell", "line", "invoice"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason that keeps a finding from being claimed, and how far the reason reaches."""

    kind: DoubtKind
    sentence: str
    scope: Scope = "line"


class FindingText(NamedTuple):
    """The words of a finding: its sum in numbers, what it means, what to do."""

    formula: str
    explanation: str
    action: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that supports or contradicts a finding. `page` counts from 0.

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
    "swapped_columns",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference or fact that a check found; `rules.decide` alone gives it a state.

    `amount` is unrounded and positive where too much was billed; None: cannot be put in money;
    where papers disagree it lies within `amount_range`, both ends included. `confidence` is the
    probability that the variance is real, as far as it rests on what was read. `tolerance` is the
    row it was measured against, `tolerated_by` the row of the policy that lets it pass. `doubts`
    keep it from being claimed, and so does `explained_by`, which would explain it without anything
    being owed. `overdue`: the receipt it waits for is later than the policy waits.
    """

    code: str
    nature: Nature = "difference"
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
    po_number: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    explained_by: Hypothesis | None = None
    amount_range: tuple[Decimal, Decimal] | None = None
    doubts: tuple[Doubt, ...] = ()
    tolerated_by: str | None = None
    overdue: bool = False

    @property
    def standard_codes(self) -> StandardCodes:
        return STANDARD_CODES[self.code]

    def doubted(self, doubts: Iterable[Doubt]) -> Self:
        """The finding with more doubts, each once."""
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, *doubts))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance(Finding):
    """A finding with its state, as `rules.decide` wrote it."""

    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One PO line (or a billed line that has none) in numbers, in one unit of measure.

    `expected` is what could be billed: the smaller of received and ordered, less billed before.
    Numbers that were not read or not stated are None. `page` counts from 0. `unsure` are the cells
    that were not read or not surely enough to claim on them. `price_note` says which of several
    ordered prices counts, and why.
    """

    po_line_number: str | None = None
    po_number: str | None = None
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


@dataclass(frozen=True, slots=True)
class Note:
    """A reason of a line's status that is no finding: a doubt, an explanation, a remark.

    `kind` is that of the doubt, else "explained", "improbable", "claimed" or "remark".
    """

    kind: str
    scope: Scope
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVerdict(LineFacts):
    """A line with its status and the reasons for it, as `rules.decide` wrote them.

    `notes` are those of the reasons that no finding tells.
    """

    verdict: Status
    reasons: tuple[str, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Units of a line that the vendor's disputed short payments hold back already.

    `claim_ids` name the claims. `settled`: the papers in hand settle every one of them;
    `unproven`: for at least one, no paper in hand proves anything.
    """

    claim_ids: str
    units: Fraction
    settled: bool
    unproven: bool


@dataclass(frozen=True, slots=True)
class LineCheck:
    """All results of the checks of one line; `rules.decide` makes its verdict of them.

    `doubts` keep the whole line from being settled without a person, `notes` are told and change
    nothing. `invoice_findings` are findings on the invoice that this row is a part of: they count
    for its status and are not its own. `tolerated`: a difference is within its tolerance.
    """

    facts: LineFacts
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    invoice_findings: tuple[Finding, ...] = ()
    tolerated: bool = False
    held: Held | None = None


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
