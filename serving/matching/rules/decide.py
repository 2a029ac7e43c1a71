"""Release of claims: every finding becomes claim, pending, open or information here alone.

Checks return findings with doubts and explanations and never a state. A finding is a claim only
where nothing speaks against it: it asks for money, nobody doubts what it rests on, nothing explains
it, it is probable enough, and what it waits for is overdue. A line's status and reasons follow from
its findings, doubts and notes. The rules in words: serving/matching/README.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from data.records import Field
from serving.matching.findings.records import (
    Finding,
    Held,
    LineCheck,
    LineFacts,
    LineVerdict,
    Note,
    State,
    Status,
    Variance,
    worst,
)
from serving.matching.rules.policy import Policy
from serving.matching.rules.waiting import aged

_STATUS_OF_STATE: Mapping[State, Status] = {
    "claim": "discrepancy",
    "pending": "pending_receipt",
    "open": "needs_review",
    "information": "matched",
}


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One line's verdict and the variances on it."""

    verdict: LineVerdict
    variances: tuple[Variance, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """All lines of a dispute, and the variances on no billed line, decided."""

    lines: tuple[DecidedLine, ...]
    header: tuple[Variance, ...]


def state_of(finding: Finding, policy: Policy) -> State:
    """The state of a finding, by its nature, its doubts and how probable it is."""
    if finding.nature == "fact":
        return "information"
    if finding.nature == "question" or finding.doubts:
        return "open"
    if finding.confidence < policy.likely_confidence:
        return "open"
    if finding.nature != "breach" and finding.amount is None:
        return "open"
    if finding.nature == "difference" and finding.amount is not None and finding.amount < 0:
        return "information"  # in the buyer's favour: nobody is asked for it
    if finding.nature == "awaits_receipt" and not finding.overdue:
        return "pending"
    return "open" if finding.explained_by is not None else "claim"


def is_claimable(finding: Finding, policy: Policy) -> bool:
    """Return whether the finding would be claimed as it is: for checks that build on others."""
    return state_of(finding, policy) == "claim"


def decide(
    lines: Sequence[LineCheck],
    header: Sequence[Finding],
    invoice_dates: Mapping[str, Field],
    policy: Policy,
    today: date | None = None,
) -> Decided:
    """Decide every line and every finding on no billed line (`header`).

    `invoice_dates` are by document id; with `today` they say how long a receipt was waited for.
    """
    return Decided(
        tuple(_decided_line(line, invoice_dates, policy, today) for line in lines),
        tuple(_variance(finding, state_of(finding, policy)) for finding in header),
    )


def _variance(finding: Finding, state: State) -> Variance:
    values = {field.name: getattr(finding, field.name) for field in fields(Finding)}
    return Variance(state=state, **values)


def _decided_line(
    check: LineCheck, invoice_dates: Mapping[str, Field], policy: Policy, today: date | None
) -> DecidedLine:
    findings = [aged(finding, invoice_dates, today, policy) for finding in check.findings]
    variances = tuple(
        _variance(finding, state_of(finding, policy))
        for finding in findings
        if finding.tolerated_by is None
    )
    tellings = tuple(map(_told, (*findings, *check.invoice_findings)))
    notes = _notes(replace(check, findings=tuple(findings)), policy)
    status = _status(check, variances, policy)
    if check.held is not None:
        claimed_before = _claimed_before(check.held)
        is_settled = check.held.settled and not check.doubts
        variances = tuple(_beside_claim(variance, check.held, is_settled) for variance in variances)
        status = _held_status(check.held, variances, is_settled)
        notes = (*notes, Note("claimed", "line", claimed_before))
    facts = {field.name: getattr(check.facts, field.name) for field in fields(LineFacts)}
    reasons = (*tellings, *(note.sentence for note in notes))
    return DecidedLine(
        LineVerdict(
            verdict=status,
            reasons=tuple(dict.fromkeys(reasons)),
            notes=tuple(note for note in notes if note.sentence not in tellings),
            **facts,
        ),
        variances,
    )


def _status(check: LineCheck, variances: Sequence[Variance], policy: Policy) -> Status:
    """The worst of all statuses that findings and doubts call for."""
    statuses: list[Status] = ["matched"]
    passed = [finding for finding in check.findings if finding.tolerated_by is not None]
    if check.tolerated or passed:
        statuses.append("within_tolerance")
    states = [variance.state for variance in variances]
    states += [state_of(finding, policy) for finding in check.invoice_findings]
    # A difference within tolerance that was read badly may be another one.
    states += [state for finding in passed if (state := state_of(finding, policy)) == "open"]
    statuses += [_STATUS_OF_STATE[state] for state in states]
    if check.doubts:
        statuses.append("needs_review")
    return worst(statuses)


def _notes(check: LineCheck, policy: Policy) -> tuple[Note, ...]:
    """Every reason of a line beside its findings: explanations, readings, doubts, remarks."""
    findings = (*check.findings, *check.invoice_findings)
    explained = (
        f"{finding.code} may be explained: {finding.explained_by.explanation}"
        for finding in findings
        if finding.explained_by is not None and finding.code != "PRICE_BASIS_SUSPECT"
    )
    improbable = (
        f"{finding.code} rests on values right with probability {finding.confidence:.2f}"
        for finding in findings
        if finding.nature != "fact" and finding.confidence < policy.likely_confidence
    )
    doubts = (*check.doubts, *(doubt for finding in findings for doubt in finding.doubts))
    notes = (
        *(Note("explained", "line", sentence) for sentence in explained),
        *(Note("improbable", "line", sentence) for sentence in improbable if not check.doubts),
        *(Note(doubt.kind, doubt.scope, doubt.sentence) for doubt in doubts),
        *(Note("remark", "line", sentence) for sentence in check.notes),
    )
    return tuple({note.sentence: note for note in reversed(notes)}.values())[::-1]


def _told(finding: Finding) -> str:
    if finding.tolerated_by is None:
        return finding.explanation
    return f"{finding.formula} is within tolerance ({finding.tolerated_by})"


def _claimed_before(held: Held) -> str:
    return f"Claim {held.claim_ids} already holds units of this line back."


def _held_status(held: Held, variances: Sequence[Variance], is_settled: bool) -> Status:
    """The status of a line whose short payment is settled in this verdict, or is not."""
    if held.unproven:
        return "insufficient_evidence"
    if is_settled and not any(variance.state == "open" for variance in variances):
        # Nothing is left to look into: what is repaid and what stands is decided.
        return "discrepancy"
    return "needs_review"


def _beside_claim(variance: Variance, held: Held, is_settled: bool) -> Variance:
    """A variance of a line of which a claim holds units back: never a claim of its own.

    Where the claim is settled the money of these units is in the settlement, else they are open.
    """
    names = held.claim_ids
    counts = variance.code.startswith("QTY_") and variance.state in ("claim", "open")
    is_same = (variance.quantity or 0) <= held.units
    if is_settled and is_same and (counts or variance.code == "EVIDENCE_CONFLICT"):
        return replace(
            variance,
            state="information",
            explanation=f"{variance.explanation} Claim {names} is about these units.",
            action=f"Take nothing more: what becomes of claim {names} settles these units.",
        )
    if not counts:
        return variance
    return replace(
        variance,
        state="open",
        explanation=f"{variance.explanation} {_claimed_before(held)}",
        action=f"Take nothing more: settle claim {names}, which holds these units back.",
    )
