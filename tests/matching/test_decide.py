"""Which finding becomes a claim, and why a line needs a person: the one place that decides."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from data.records import Field
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    Held,
    Hypothesis,
    LineCheck,
    LineFacts,
    Nature,
    State,
    Status,
)
from serving.matching.rules.decide import DecidedLine, decide, state_of
from serving.matching.rules.policy import Policy
from tests.support.sources import REPOSITORY, python_files, tree

POLICY = Policy(waiting_days=35)
MISREAD = Hypothesis("misread_digit", "3 → 8", "one digit may be misread")
WEAK = Doubt("reading", "quantity '40' was read with confidence 0.60, below 0.90", "cell")
BILLED = date(2026, 1, 10)


def finding(
    nature: Nature = "difference",
    amount: str | None = "25.00",
    confidence: float = 0.99,
    code: str = "QTY_OVER_RECEIPT",
    doubts: tuple[Doubt, ...] = (),
    explained_by: Hypothesis | None = None,
) -> Finding:
    return Finding(
        code=code,
        nature=nature,
        quantity=Decimal(5),
        amount=None if amount is None else Decimal(amount),
        currency="USD",
        formula="(40 − 35) × 5.00 = 25.00",
        explanation="5 EA are billed beyond what was received.",
        action="Short-pay these units.",
        confidence=confidence,
        evidence=(Evidence("invoice", "quantity", "40", 0.99),),
        doubts=doubts,
        explained_by=explained_by,
    )


def decided(check: LineCheck, today: date | None = None) -> DecidedLine:
    dates = {"invoice": Field(value=BILLED, raw_text=str(BILLED), confidence=0.99, source="edi")}
    (line,) = decide([check], [], dates, POLICY, today).lines
    return line


@pytest.mark.parametrize(
    ("case", "state"),
    [
        (finding(), "claim"),
        (finding(amount="-25.00"), "information"),  # in the buyer's favour: nobody is asked for it
        (finding(amount="0.01"), "claim"),
        (finding(amount="0.00"), "claim"),
        # What nobody can put into money is no claim on money; a breach asks for none.
        (finding(amount=None), "open"),
        (finding("breach", amount=None), "claim"),
        # Exactly likely enough, and just below.
        (finding(confidence=0.75), "claim"),
        (finding(confidence=0.7499), "open"),
        (finding("breach", amount=None, confidence=0.7), "open"),
        # Any doubt, whatever it reaches, and any explanation bars the claim.
        (finding(doubts=(WEAK,)), "open"),
        (finding(doubts=(Doubt("copy", "may be a copy", "invoice"),)), "open"),
        (finding(explained_by=MISREAD), "open"),
        (finding("breach", amount=None, doubts=(WEAK,)), "open"),
        # A question never becomes a claim, a fact never anything else.
        (finding("question"), "open"),
        (finding("fact"), "information"),
        (finding("fact", doubts=(WEAK,), confidence=0.1), "information"),
        # What waits for a receipt waits, explained or not, unless it is in doubt.
        (finding("awaits_receipt"), "pending"),
        (finding("awaits_receipt", explained_by=MISREAD), "pending"),
        (finding("awaits_receipt", doubts=(WEAK,)), "open"),
        (finding("awaits_receipt", confidence=0.5), "open"),
        (replace(finding("awaits_receipt"), overdue=True), "claim"),
        (replace(finding("awaits_receipt", explained_by=MISREAD), overdue=True), "open"),
    ],
)
def test_the_state_of_a_finding(case: Finding, state: State) -> None:
    assert state_of(case, POLICY) == state


TOLERATED = replace(finding(), tolerated_by="10 % for fresh")


@pytest.mark.parametrize(
    ("check", "status"),
    [
        (LineCheck(LineFacts()), "matched"),
        (LineCheck(LineFacts(), tolerated=True), "within_tolerance"),
        (LineCheck(LineFacts(), (finding("fact"),)), "matched"),
        (LineCheck(LineFacts(), (finding("awaits_receipt"),)), "pending_receipt"),
        (LineCheck(LineFacts(), (finding(),)), "discrepancy"),
        (LineCheck(LineFacts(), (finding(), finding("awaits_receipt"))), "discrepancy"),
        # A claim never outshines what could not be read.
        (LineCheck(LineFacts(), (finding(), finding("question"))), "needs_review"),
        (LineCheck(LineFacts(), (finding(),), doubts=(WEAK,)), "needs_review"),
        (LineCheck(LineFacts(), doubts=(WEAK,)), "needs_review"),
        (LineCheck(LineFacts(), (TOLERATED,)), "within_tolerance"),
        # Within tolerance as it was read, and it was read badly.
        (LineCheck(LineFacts(), (replace(TOLERATED, confidence=0.5),)), "needs_review"),
        # A freight row follows the finding on all freight.
        (LineCheck(LineFacts(), invoice_findings=(finding(),)), "discrepancy"),
        (LineCheck(LineFacts(), invoice_findings=(finding("question"),)), "needs_review"),
    ],
)
def test_the_status_of_a_line(check: LineCheck, status: Status) -> None:
    assert decided(check).verdict.verdict == status


def test_every_reason_is_told_once() -> None:
    check = LineCheck(
        LineFacts(),
        (finding(doubts=(WEAK,)), finding(confidence=0.5), finding(explained_by=MISREAD)),
        doubts=(WEAK,),
        notes=("no unit is printed",),
    )
    reasons = decided(check).verdict.reasons
    assert reasons == (
        "5 EA are billed beyond what was received.",
        "QTY_OVER_RECEIPT may be explained: one digit may be misread",
        WEAK.sentence,
        "no unit is printed",
    )
    improbable = replace(check, findings=(finding(confidence=0.5),), doubts=())
    assert decided(improbable).verdict.reasons[1] == (
        "QTY_OVER_RECEIPT rests on values right with probability 0.50"
    )


def test_what_passes_is_no_variance_and_says_by_which_rule() -> None:
    line = decided(LineCheck(LineFacts(), (TOLERATED, finding())))
    assert [variance.tolerated_by for variance in line.variances] == [None]
    assert line.verdict.reasons[0] == (
        "(40 − 35) × 5.00 = 25.00 is within tolerance (10 % for fresh)"
    )


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (None, "pending"),
        (date(2026, 2, 14), "pending"),  # 35 days, not more
        (date(2026, 2, 15), "claim"),
    ],
)
def test_a_receipt_is_waited_for_only_so_long(today: date | None, state: State) -> None:
    check = LineCheck(LineFacts(), (finding("awaits_receipt", code="QTY_NO_RECEIPT"),))
    (variance,) = decided(check, today).variances
    assert variance.state == state
    assert ("36 days old" in variance.explanation) == (state == "claim")


@pytest.mark.parametrize(
    ("held", "check", "status", "states"),
    [
        # The claim is settled here: its units are not claimed again.
        (Held("C1", Fraction(5), True, False), (finding(),), "discrepancy", ["information"]),
        # It holds fewer units than are in dispute: what is beyond needs a person.
        (Held("C1", Fraction(4), True, False), (finding(),), "needs_review", ["open"]),
        (Held("C1", Fraction(5), False, False), (finding(),), "needs_review", ["open"]),
        (Held("C1", Fraction(5), False, True), (), "insufficient_evidence", []),
        # Prices have nothing to do with units that are held back.
        (
            Held("C1", Fraction(5), True, False),
            (finding(code="PRICE_OVER"),),
            "discrepancy",
            ["claim"],
        ),
    ],
)
def test_units_that_a_claim_holds_back(
    held: Held, check: tuple[Finding, ...], status: Status, states: list[State]
) -> None:
    line = decided(LineCheck(LineFacts(), check, held=held))
    assert line.verdict.verdict == status
    assert [variance.state for variance in line.variances] == states
    assert line.verdict.reasons[-1] == "Claim C1 already holds units of this line back."


def test_a_line_in_doubt_is_not_settled_by_its_claim() -> None:
    held = Held("C1", Fraction(5), True, False)
    line = decided(LineCheck(LineFacts(), (finding(),), doubts=(WEAK,), held=held))
    assert line.verdict.verdict == "needs_review"


DECIDES = REPOSITORY / "serving" / "matching" / "rules" / "decide.py"


def states_written(module: ast.Module) -> Iterator[int]:
    """Lines that give a record a state: `state=` of a call, or a name `Variance` called."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            names = {keyword.arg for keyword in node.keywords}
            if called in {"Variance", "LineVerdict"} or names & {"state", "verdict"}:
                yield node.lineno


@pytest.mark.parametrize("folder", ["serving/matching", "serving/verdict"])
def test_states_are_written_in_one_place(folder: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}"
        for path in python_files(folder)
        if path != DECIDES
        for line in states_written(tree(path))
    ]
    assert wrong == []
    if folder == "serving/matching":
        assert list(states_written(tree(DECIDES)))


@pytest.mark.parametrize("folder", ["serving/matching", "serving/verdict"])
def test_nothing_is_known_by_its_identity_in_memory(folder: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in python_files(folder)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\bid\(", line)
    ]
    assert wrong == []
