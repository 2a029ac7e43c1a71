"""The conclusion of a verdict: status, money by certainty, advice, message to the vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from data.order_records import OrderData
from data.records import Problem
from serving.matching.evidence.settlement import Decision
from serving.matching.evidence.short_payments import Settlement, papers_needed
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import Status, Variance, worst
from serving.matching.invoice.check import CheckedInvoices
from serving.matching.papers import SortedPapers
from serving.matching.proof import CheckedEvidence
from serving.matching.rules.context import Context
from serving.matching.rules.decide import Decided
from serving.verdict.records import NO_CURRENCY, Totals, Verdict
from serving.verdict.settling import first_sentence
from serving.verdict.vendor_message import write_message


def conclude(
    decided: Decided,
    papers: SortedPapers,
    invoices: CheckedInvoices,
    evidence: CheckedEvidence,
    order_data: OrderData,
) -> Verdict:
    """The verdict of everything that was decided: status, money, advice, message to the vendor."""
    variances = (
        *decided.header,
        *(variance for line in decided.lines for variance in line.variances),
    )
    lines = tuple(line.verdict for line in decided.lines)
    problems = (*papers.problems, *invoices.problems, *evidence.problems)
    settlements, cited = evidence.settlements, Papers(papers.documents)
    verdict = Verdict(
        status=_status(decided, problems, settlements),
        lines=lines,
        variances=variances,
        totals=_totals(variances, invoices.context),
        recommendation="",
        problems=problems,
        settlements=settlements,
        rounding=invoices.context.policy.rounding,
        po_number=order_data.order.po_number,
        papers=cited.titles,
        po_numbers=_order_numbers(order_data),
    )
    bills = [bill.document for bill in papers.bills]
    are_credits = all(bill.document_type.value == "credit_memo" for bill in bills)
    advice = "Ask for a credit of" if bills and are_credits else "Short-pay"
    verdict = replace(verdict, recommendation=_recommendation(verdict, advice))
    return write_message(verdict, papers.documents, order_data)


def _order_numbers(data: OrderData) -> tuple[str, ...]:
    """Return the numbers of all orders, each once."""
    return tuple(dict.fromkeys(line.po_number or data.order.po_number for line in data.order.lines))


_STATUS_OF_DECISION: Mapping[Decision, Status] = {
    "repay": "discrepancy",
    "partly_repay": "discrepancy",
    "uphold": "discrepancy",
    "ask_for_evidence": "insufficient_evidence",
    "needs_analyst": "needs_review",
}


def _status(
    decided: Decided, problems: Sequence[Problem], settlements: Sequence[Settlement]
) -> Status:
    """The worst status of lines, of findings on no line, of settlements and of problems."""
    statuses: list[Status] = [line.verdict.verdict for line in decided.lines]
    statuses += [
        "discrepancy" if variance.state == "claim" else "needs_review"
        for variance in decided.header
        if variance.state != "information"
    ]
    statuses += [_STATUS_OF_DECISION[settlement.decision] for settlement in settlements]
    return worst([*statuses, "needs_review"] if problems else statuses)


def _totals(variances: Sequence[Variance], context: Context) -> Totals:
    """The findings' money as it is shown, so that adding up what is shown gives the totals."""
    policy, usual = context.policy, context.currency or NO_CURRENCY
    sums = {name: {usual: Decimal(0)} for name in ("certain", "likely", "open")}
    for variance in variances:
        if variance.amount is None or variance.state == "information":
            continue
        name = "open"
        if variance.state == "claim":
            is_certain = variance.confidence >= policy.certain_confidence
            name = "certain" if is_certain else "likely"
        currency = variance.currency or NO_CURRENCY
        shown = rounded(variance.amount, variance.currency, policy.rounding)
        sums[name][currency] = sums[name].get(currency, Decimal(0)) + shown
    return Totals(**sums)


def _recommendation(verdict: Verdict, advice: str) -> str:
    """The advice in a few sentences: the money to claim, and the lines that need a person.

    `advice` is what to do with money that is claimed.
    """
    totals, variances = verdict.totals, verdict.variances
    parts = [_settlement_advice(settlement) for settlement in verdict.settlements]
    for currency in dict.fromkeys((*totals.certain, *totals.likely)):
        certain = totals.certain.get(currency, Decimal(0))
        claimable = certain + totals.likely.get(currency, Decimal(0))
        if claimable > 0:
            part = f"of which {rounded(certain, currency)} is certain"
            share = "all of it certain" if certain == claimable else part
            parts.append(f"{advice} {rounded(claimable, currency)} {currency}, {share}.")
    waiting = [variance for variance in variances if variance.state == "pending"]
    if waiting:
        parts.append(f"{len(waiting)} line(s) wait for a receipt.")
    if verdict.status == "needs_review":
        parts = [first_sentence(verdict), *parts]
    return " ".join(filter(None, parts)) or "Nothing to claim."


def _settlement_advice(settlement: Settlement) -> str:
    """The advice on one disputed short payment."""
    name, currency = f"Short payment {settlement.claim.claim_id}", settlement.currency or ""
    if settlement.repay is None or settlement.stands is None:
        if settlement.missing:
            papers = papers_needed(settlement)
            return f"{name}: ask for the {papers}; what is in hand proves no delivery."
        return f"{name}: a person has to look, {settlement.reasons[-1].rstrip('.?')}."
    repaid, upheld = (
        rounded(to_decimal(money), settlement.currency)
        for money in (settlement.repay, settlement.stands)
    )
    if settlement.decision == "uphold":
        return f"{name}: uphold, {upheld} {currency} stands."
    if settlement.decision == "repay":
        return f"{name}: repay {repaid} {currency}."
    return f"{name}: repay {repaid} {currency}, {upheld} {currency} stands."
