"""Scores of verdicts on planted disputes: variances by code, money claimed, money missed.

Pure scoring of plain records. Decisions:

- A finding is right when code and PO line agree with an expected variance and the amount is its
  amount within a cent (both without an amount agree too). Pairing is one to one, right pairs first:
  a second claim for the same thing is one too many.
- A finding on the right line under the right code with another amount is counted as wrong money,
  neither right nor found.
- Money is counted per PO line, positive claims only: what is in the buyer's favour is no claim.
  False money is what a line's claims exceed its claimable money by, missed money the reverse.
- A finding without PO line identifies its line by its amount alone: it is right to the cent or
  wholly false.
- Missed money is "asked" where the line waits for a person or a receipt, "unread" where the verdict
  does not contain the line, else "silent".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from training.metrics.counts import Count

CENT = Decimal("0.01")
NO_MONEY = Decimal(0)
# decided: settled without a person; asked: a person has to look; unread: not in the verdict.
Outcome = Literal["decided", "asked", "unread"]


@dataclass(frozen=True, slots=True)
class ExpectedVariance:
    """A planted variance that the verdict has to report; fields as in `PlantedVariance`."""

    code: str
    state: str
    po_line_number: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A variance that a verdict reports.

    `state` is "claim", "pending", "open" or "information"; `confidence` the probability (0..1) that
    it is real; `note` is shown with the claim where it is wrong.
    """

    code: str
    po_line_number: str | None
    quantity: Decimal | None
    amount: Decimal | None
    state: str
    confidence: float
    note: str = ""

    @property
    def claimed(self) -> Decimal:
        """The money claimed from the vendor; 0 for any other state and for a negative amount."""
        amount = self.amount or NO_MONEY
        return amount if self.state == "claim" and amount > 0 else NO_MONEY


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One billed line of the truth: the amount it bills, and its outcome in the verdict."""

    po_line_number: str | None
    billed: Decimal
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Dispute:
    """One document's verdict beside the variances planted around it.

    `settled`: the verdict needs no person at all. `currency` None: none is stated.
    """

    document_id: str
    currency: str | None
    expected: Sequence[ExpectedVariance]
    findings: Sequence[Finding]
    lines: Sequence[BilledLine]
    settled: bool


@dataclass(frozen=True, slots=True)
class CodeCount:
    """One variance code over some documents.

    `reported` counts findings of any state (what a person is shown), `asserted` those that are not
    left open (what goes on without a person) against expected variances that are not open either.
    `wrong_money`: right code and line, another amount.
    """

    reported: Count = field(default_factory=Count)
    asserted: Count = field(default_factory=Count)
    wrong_money: int = 0

    def __add__(self, other: "CodeCount") -> "CodeCount":
        return CodeCount(
            self.reported + other.reported,
            self.asserted + other.asserted,
            self.wrong_money + other.wrong_money,
        )


@dataclass(frozen=True, slots=True)
class ScoredClaim:
    """A claim with the part of its money that is false."""

    document_id: str
    finding: Finding
    false: Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """Money of some documents, in one currency.

    `claimable` by truth; `claimed`; `false` of it; missed money by reason (see the module); the
    missed money of documents that no person looks at is `missed_unseen`.
    """

    claimable: Decimal = NO_MONEY
    claimed: Decimal = NO_MONEY
    false: Decimal = NO_MONEY
    missed_asked: Decimal = NO_MONEY
    missed_unread: Decimal = NO_MONEY
    missed_silent: Decimal = NO_MONEY
    missed_unseen: Decimal = NO_MONEY
    billed: Decimal = NO_MONEY
    billed_decided: Decimal = NO_MONEY

    def __add__(self, other: "Money") -> "Money":
        names = self.__dataclass_fields__
        return Money(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def claimed_rightly(self) -> Decimal:
        """The claimed money that is right."""
        return self.claimed - self.false


@dataclass(frozen=True, slots=True)
class DisputeScore:
    """The score of one verdict. `clean`: nothing was planted, so every finding is false."""

    document_id: str
    currency: str | None
    codes: Mapping[str, CodeCount]
    money: Money
    claims: tuple[ScoredClaim, ...]
    lines: int
    lines_decided: int
    clean: bool
    settled: bool


def score_dispute(dispute: Dispute) -> DisputeScore:
    """Return the score of one verdict, by the rules of this module."""
    pairs, wrong_money = pair_findings(dispute.expected, dispute.findings)
    claims = [
        ScoredClaim(dispute.document_id, dispute.findings[index], false)
        for index, false in _false_money(dispute, pairs)
    ]
    decided = [line for line in dispute.lines if line.outcome == "decided"]
    money = Money(
        claimed=sum((claim.finding.claimed for claim in claims), NO_MONEY),
        false=sum((claim.false for claim in claims), NO_MONEY),
        billed=sum((line.billed for line in dispute.lines), NO_MONEY),
        billed_decided=sum((line.billed for line in decided), NO_MONEY),
    )
    return DisputeScore(
        document_id=dispute.document_id,
        currency=dispute.currency,
        codes=_count_codes(dispute, pairs, wrong_money),
        money=money + _missed_money(dispute, pairs),
        claims=tuple(claims),
        lines=len(dispute.lines),
        lines_decided=len(decided),
        clean=not dispute.expected,
        settled=dispute.settled,
    )


def pair_findings(
    expected: Sequence[ExpectedVariance], findings: Sequence[Finding]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the right pairs, and those with right code and line and wrong money, as indices.

    Asserted findings come before open ones, so that a claim is not hidden by a doubt about it.
    """
    order = sorted(range(len(findings)), key=lambda index: findings[index].state == "open")
    right: list[tuple[int, int]] = []
    wrong: list[tuple[int, int]] = []
    used: set[int] = set()
    for same_money, pairs in ((True, right), (False, wrong)):
        done = {variance_index for variance_index, _ in right}
        for variance_index, variance in enumerate(expected):
            # Without PO line only the amount identifies the line.
            if variance_index in done or (not same_money and variance.po_line_number is None):
                continue
            fits = (
                index
                for index in order
                if index not in used
                and _is_same_code_and_line(variance, findings[index])
                and (not same_money or _is_same_amount(variance.amount, findings[index].amount))
            )
            index = next(fits, None)
            if index is not None:
                used.add(index)
                pairs.append((variance_index, index))
    return right, wrong


def _is_same_code_and_line(variance: ExpectedVariance, finding: Finding) -> bool:
    return (variance.code, variance.po_line_number) == (finding.code, finding.po_line_number)


def _is_same_amount(first: Decimal | None, second: Decimal | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= CENT


def _count_codes(
    dispute: Dispute, right: Sequence[tuple[int, int]], wrong: Sequence[tuple[int, int]]
) -> dict[str, CodeCount]:
    counted: list[tuple[str, CodeCount]] = []
    for variance in dispute.expected:
        asserted = Count(wanted=int(variance.state != "open"))
        counted.append((variance.code, CodeCount(Count(wanted=1), asserted)))
    for finding in dispute.findings:
        asserted = Count(predicted=int(finding.state != "open"))
        counted.append((finding.code, CodeCount(Count(predicted=1), asserted)))
    for variance_index, index in right:
        same_state = (
            dispute.expected[variance_index].state == dispute.findings[index].state != "open"
        )
        asserted = Count(right=int(same_state))
        counted.append((dispute.expected[variance_index].code, CodeCount(Count(right=1), asserted)))
    counted += [
        (dispute.expected[variance_index].code, CodeCount(wrong_money=1))
        for variance_index, _ in wrong
    ]
    counts: dict[str, CodeCount] = {}
    for code, added in counted:
        counts[code] = counts.get(code, CodeCount()) + added
    return counts


def _claimable_by_line(expected: Iterable[ExpectedVariance]) -> dict[str | None, Decimal]:
    """Return the money that may be claimed, by PO line; lines without any are left out."""
    money: dict[str | None, Decimal] = {}
    for variance in expected:
        amount = variance.amount or NO_MONEY
        if variance.state == "claim" and amount > 0 and variance.po_line_number is not None:
            line = variance.po_line_number
            money[line] = money.get(line, NO_MONEY) + amount
    return money


def _false_money(dispute: Dispute, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, Decimal]]:
    """Return (index, false money) of each claim; right claims use up a line's money first.

    Within a cent of what is left nothing is false: amounts are compared to the cent throughout.
    Money of a variance that has to wait for a receipt is not claimable, so claiming it is false.
    """
    right = {
        index
        for variance_index, index in pairs
        if dispute.expected[variance_index].state == "claim"
    }
    left = _claimable_by_line(dispute.expected)
    order = [index for index, finding in enumerate(dispute.findings) if finding.claimed]
    order.sort(key=lambda index: (index not in right, -dispute.findings[index].confidence, index))
    scored = []
    for index in order:
        finding = dispute.findings[index]
        line, claimed = finding.po_line_number, finding.claimed
        false = claimed - min(claimed, left.get(line, NO_MONEY))
        # Of a line that is not on the order only a claim right to the cent is covered.
        if index in right or (false <= CENT and line is not None):
            false = NO_MONEY
        if line is not None:
            left[line] = max(NO_MONEY, left.get(line, NO_MONEY) - claimed)
        scored.append((index, false))
    return scored


def _open_lines(findings: Sequence[Finding]) -> set[str | None]:
    """Return the PO lines with a finding that is no claim; None for a line that is not ordered."""
    doubted = [finding for finding in findings if finding.state != "claim"]
    # Open findings without a PO line are about the whole document, but for this code.
    lines = {finding.po_line_number for finding in doubted} - {None}
    if any(finding.code == "ITEM_NOT_ORDERED" for finding in doubted):
        lines.add(None)
    return lines


def _missed_money(dispute: Dispute, right: Sequence[tuple[int, int]]) -> Money:
    """Return the claimable money and the part of it that no claim covers, by reason."""
    claimed: dict[str | None, Decimal] = {}
    for finding in dispute.findings:
        line = finding.po_line_number
        claimed[line] = claimed.get(line, NO_MONEY) + finding.claimed
    outcomes = {line.po_line_number: line.outcome for line in dispute.lines}
    open_lines = _open_lines(dispute.findings)
    asserted = {
        variance_index
        for variance_index, index in right
        if dispute.findings[index].state == "claim"
    }
    gaps: list[tuple[str | None, Decimal, Decimal]] = []
    for line, amount in _claimable_by_line(dispute.expected).items():
        gaps.append((line, amount, max(NO_MONEY, amount - claimed.get(line, NO_MONEY))))
    for variance_index, variance in enumerate(dispute.expected):
        if variance.po_line_number is None and variance.state == "claim" and variance.amount:
            gaps.append(
                (None, variance.amount, NO_MONEY if variance_index in asserted else variance.amount)
            )
    total = Money()
    for line, amount, gap in gaps:
        missed = gap if gap > CENT else NO_MONEY
        outcome = outcomes.get(line, "unread")
        is_waiting = outcome == "asked" or line in open_lines
        total += Money(
            claimable=amount,
            missed_asked=missed if is_waiting else NO_MONEY,
            missed_unread=missed if outcome == "unread" and not is_waiting else NO_MONEY,
            missed_silent=missed if outcome == "decided" and not is_waiting else NO_MONEY,
            missed_unseen=missed if dispute.settled else NO_MONEY,
        )
    return total
