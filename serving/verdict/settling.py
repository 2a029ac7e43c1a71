"""The first sentence of a verdict that a person has to settle: the money, and what settles it."""

from collections.abc import Iterator, Mapping, Sequence

from data.records import Problem
from serving.matching.evidence.short_payments import papers_needed
from serving.matching.findings.arithmetic import rounded
from serving.matching.findings.records import LineVerdict, Note, Variance
from serving.verdict.records import NO_CURRENCY, Verdict

# Findings that come before any line: the one thing to settle is what the invoice is for.
_FIRST = ("DUPLICATE_INVOICE", "PO_NOT_FOUND", "VENDOR_MISMATCH", "CURRENCY_MISMATCH", "PO_CLOSED")
# What settles a doubt, by its kind, in the order in which to ask.
_STEPS: Mapping[str, str] = {
    "header": "find out which order the invoice is for",
    "copy": "find out whether the invoice came before",
    "sums": "check that every row was read, for the sums do not agree",
    "reading": "look at the cells that were not read surely",
    "identity": "look at the rows whose quantity × price is not the amount",
    "unit": "state how the units convert",
    "pairing": "say which order lines the rows bill",
    "paper": "find out which paper is right",
    "claimed": "find out what the earlier claim left open",
    "order": "complete the order's data",
    "price": "find out which price was agreed",
    "charge": "find out which charges were agreed",
    "limit": "look at the claims, which are more than the invoice asks for",
}


def first_sentence(verdict: Verdict) -> str:
    """Return the money at stake, then the one thing that would settle it; "" where nothing is open.

    Where the lines fail, the totals of order and invoice tell the money.
    """
    step = next(_steps(verdict), None)
    if step is None:
        return ""
    stake = _stake(verdict)
    return f"{stake} To settle it: {step.rstrip('.?')}." if stake else f"To settle it: {step}."


def _stake(verdict: Verdict) -> str:
    totals = [finding for finding in verdict.variances if finding.code == "TOTAL_OVER_ORDER"]
    if totals:
        return " ".join(_told_total(finding) for finding in totals)
    sums = [
        f"{rounded(money, currency)} {'' if currency == NO_CURRENCY else currency}".strip()
        for currency, money in verdict.totals.open.items()
        if money > 0
    ]
    if not sums:
        return ""
    return f"{' and '.join(sums)} {'is' if len(sums) == 1 else 'are'} at stake."


def _told_total(finding: Variance) -> str:
    span = finding.amount_range
    if span is None:
        return finding.explanation
    stake = f"{rounded(span[0], finding.currency)} {finding.currency or ''}".strip()
    return f"{stake} is at stake. {finding.explanation}"


def _steps(verdict: Verdict) -> Iterator[str]:
    """Yield what would settle the verdict, the first of them first."""
    yield from (_problem_step(problem) for problem in verdict.problems)
    is_open = [finding for finding in verdict.variances if finding.state == "open"]
    for code in _FIRST:
        yield from (_lowered(finding.action) for finding in is_open if finding.code == code)
    for settlement in verdict.settlements:
        if settlement.decision == "ask_for_evidence" and settlement.missing:
            yield f"ask for the {papers_needed(settlement)}"
        elif settlement.decision == "needs_analyst":
            yield settlement.reasons[-1]
    notes = list(_open_notes(verdict.lines))
    for kind, step in _STEPS.items():
        sentences = [note.sentence for note in notes if note.kind == kind]
        if sentences:
            more = f" and {len(sentences) - 1} more" if len(sentences) > 1 else ""
            yield f"{step} ({sentences[0]}{more})"
    yield from (_lowered(finding.action) for finding in is_open)


def _problem_step(problem: Problem) -> str:
    return f"look at what was not compared ({problem.message})"


def _open_notes(lines: Sequence[LineVerdict]) -> Iterator[Note]:
    """Yield the notes of lines that need a person, each once."""
    notes = [note for line in lines if line.verdict == "needs_review" for note in line.notes]
    yield from dict.fromkeys(notes)


def _lowered(action: str) -> str:
    return action[:1].lower() + action[1:].rstrip(".")
