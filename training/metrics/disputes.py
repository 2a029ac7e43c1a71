"""How well verdicts find planted variances: codes, money claimed and missed, what needs nobody.

Pure scoring of plain records. Decisions:

- A finding is right when code and PO line agree with an expected variance and the amount is its
  amount within a cent (both without an amount agree too). Pairing is one to one, right pairs first:
  a second claim for the same thing is one too many.
- A finding on the right line under the right code with another amount is counted as wrong money,
  neither right nor found.
- Money is counted per PO line, positive claims only: what is in the buyer's favour is no claim.
  False money is what a line's claims exceed its claimable money by, missed money the reverse.
- A finding without PO line says which line it means by its amount alone: it is right to the cent or
  wholly false.
- Missed money is "asked" where the line waits for a person or a receipt, "unread" where the verdict
  does not know the line, else "silent".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from training.metrics.counts import Count

CENT = Decimal("0.01")
NO_MONEY = Decimal(0)
# decided: settled without a person; asked: a person has to look; unread: the verdict has no word.
Outcome = Literal["decided", "asked", "unread"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A variance that has to be found; fields as in `PlantedVariance`."""

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
        """The money taken from the vendor; 0 for what is only asked or in the buyer's favour."""
        amount = self.amount or NO_MONEY
        return amount if self.state == "claim" and amount > 0 else NO_MONEY


@dataclass(frozen=True, slots=True)
class Line:
    """One billed line of the truth: what it bills, and what became of it."""

    po_line_number: str | None
    billed: Decimal
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Dispute:
    """One document's verdict beside what was planted around it.

    `settled`: the verdict asks for no person at all. `currency` None: nobody stated one.
    """

    document_id: str
    currency: str | None
    expected: Sequence[Expected]
    found: Sequence[Finding]
    lines: Sequence[Line]
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

    `claimable` by truth; `claimed`; `false` of it; missed money by why (see the module); `unseen`
    is the missed money in documents that no person looks at.
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
    def found(self) -> Decimal:
        """Claimed rightly."""
        return self.claimed - self.false


@dataclass(frozen=True, slots=True)
class DisputeScore:
    """What one verdict got right. `clean`: nothing was planted, so every finding is false."""

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
    """The score of one verdict, by the rules of this module."""
    pairs, wrong_money = pair_findings(dispute.expected, dispute.found)
    claims = [
        ScoredClaim(dispute.document_id, dispute.found[index], false)
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
    expected: Sequence[Expected], found: Sequence[Finding]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(right pairs, pairs with the right code and line and wrong money), as indices.

    Asserted findings come before open ones, so that a claim is not hidden by a doubt about it.
    """
    order = sorted(range(len(found)), key=lambda index: found[index].state == "open")
    right: list[tuple[int, int]] = []
    wrong: list[tuple[int, int]] = []
    taken: set[int] = set()
    for same_money, pairs in ((True, right), (False, wrong)):
        done = {one for one, _ in right}
        for one, wanted in enumerate(expected):
            # Without PO line only the amount says which line is meant.
            if one in done or (not same_money and wanted.po_line_number is None):
                continue
            fits = (
                index
                for index in order
                if index not in taken
                and _same_place(wanted, found[index])
                and (not same_money or _same_money(wanted.amount, found[index].amount))
            )
            index = next(fits, None)
            if index is not None:
                taken.add(index)
                pairs.append((one, index))
    return right, wrong


def _same_place(wanted: Expected, finding: Finding) -> bool:
    return (wanted.code, wanted.po_line_number) == (finding.code, finding.po_line_number)


def _same_money(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= CENT


def _count_codes(
    dispute: Dispute, right: Sequence[tuple[int, int]], wrong: Sequence[tuple[int, int]]
) -> dict[str, CodeCount]:
    counted: list[tuple[str, CodeCount]] = []
    for wanted in dispute.expected:
        asserted = Count(wanted=int(wanted.state != "open"))
        counted.append((wanted.code, CodeCount(Count(wanted=1), asserted)))
    for finding in dispute.found:
        asserted = Count(predicted=int(finding.state != "open"))
        counted.append((finding.code, CodeCount(Count(predicted=1), asserted)))
    for one, index in right:
        same_state = dispute.expected[one].state == dispute.found[index].state != "open"
        asserted = Count(right=int(same_state))
        counted.append((dispute.expected[one].code, CodeCount(Count(right=1), asserted)))
    counted += [(dispute.expected[one].code, CodeCount(wrong_money=1)) for one, _ in wrong]
    counts: dict[str, CodeCount] = {}
    for code, added in counted:
        counts[code] = counts.get(code, CodeCount()) + added
    return counts


def _claimable(expected: Iterable[Expected]) -> dict[str | None, Decimal]:
    """Money that may be claimed, by PO line; what has none is left out."""
    money: dict[str | None, Decimal] = {}
    for wanted in expected:
        amount = wanted.amount or NO_MONEY
        if wanted.state == "claim" and amount > 0 and wanted.po_line_number is not None:
            line = wanted.po_line_number
            money[line] = money.get(line, NO_MONEY) + amount
    return money


def _false_money(dispute: Dispute, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, Decimal]]:
    """(index, false money) of each claim; what the right ones leave of a line covers the others.

    Within a cent of what is left nothing is false: amounts are compared to the cent throughout.
    Money of a variance that has to wait for a receipt is not claimable, so claiming it is false.
    """
    right = {index for one, index in pairs if dispute.expected[one].state == "claim"}
    left = _claimable(dispute.expected)
    order = [index for index, finding in enumerate(dispute.found) if finding.claimed]
    order.sort(key=lambda index: (index not in right, -dispute.found[index].confidence, index))
    scored = []
    for index in order:
        finding = dispute.found[index]
        line, claimed = finding.po_line_number, finding.claimed
        false = claimed - min(claimed, left.get(line, NO_MONEY))
        # Of a line that is not on the order only a claim right to the cent is covered.
        if index in right or (false <= CENT and line is not None):
            false = NO_MONEY
        if line is not None:
            left[line] = max(NO_MONEY, left.get(line, NO_MONEY) - claimed)
        scored.append((index, false))
    return scored


def _missed_money(dispute: Dispute, right: Sequence[tuple[int, int]]) -> Money:
    """Claimable money and what of it no claim covers, by why."""
    claimed: dict[str | None, Decimal] = {}
    for finding in dispute.found:
        line = finding.po_line_number
        claimed[line] = claimed.get(line, NO_MONEY) + finding.claimed
    outcomes = {line.po_line_number: line.outcome for line in dispute.lines}
    doubted = {one.po_line_number for one in dispute.found if one.state != "claim"}
    # Open findings without a PO line are about the whole document, but for this code.
    open_lines = doubted - {None}
    if any(one.code == "ITEM_NOT_ORDERED" and one.state != "claim" for one in dispute.found):
        open_lines.add(None)
    asserted = {one for one, index in right if dispute.found[index].state == "claim"}
    gaps: list[tuple[str | None, Decimal, Decimal]] = []
    for line, amount in _claimable(dispute.expected).items():
        gaps.append((line, amount, max(NO_MONEY, amount - claimed.get(line, NO_MONEY))))
    for one, wanted in enumerate(dispute.expected):
        if wanted.po_line_number is None and wanted.state == "claim" and wanted.amount:
            gaps.append((None, wanted.amount, NO_MONEY if one in asserted else wanted.amount))
    total = Money()
    for line, amount, gap in gaps:
        missed = gap if gap > CENT else NO_MONEY
        outcome = outcomes.get(line, "unread")
        asked = outcome == "asked" or line in open_lines
        total += Money(
            claimable=amount,
            missed_asked=missed if asked else NO_MONEY,
            missed_unread=missed if outcome == "unread" and not asked else NO_MONEY,
            missed_silent=missed if outcome == "decided" and not asked else NO_MONEY,
            missed_unseen=missed if dispute.settled else NO_MONEY,
        )
    return total
