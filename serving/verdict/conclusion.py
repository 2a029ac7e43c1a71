"""What it all comes to: status, money by how sure it is, and what to do, in a few sentences."""

from collections.abc import Sequence
from decimal import Decimal

from data.order_records import OrderData
from data.records import Problem
from serving.matching.evidence.short_payments import Settlement, asked_for
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import LineVerdict, Status, Variance, worst
from serving.matching.papers import SortedPapers
from serving.matching.rules.context import Context
from serving.matching.rules.decide import Decided
from serving.verdict.records import NO_CURRENCY, Totals, Verdict
from serving.verdict.vendor_message import vendor_message


def conclude(
    decided: Decided,
    data: OrderData,
    papers: SortedPapers,
    settlements: Sequence[Settlement],
    problems: Sequence[Problem],
    context: Context,
) -> Verdict:
    """The verdict of everything that was decided: status, money, advice, message to the vendor."""
    variances = (
        *decided.header,
        *(variance for line in decided.lines for variance in line.variances),
    )
    lines = tuple(line.verdict for line in decided.lines)
    totals = _totals(variances, context)
    status = _status(decided, problems)
    cited = Papers(papers.documents)
    return Verdict(
        status=status,
        lines=lines,
        variances=variances,
        totals=totals,
        recommendation=_recommendation(status, totals, lines, problems, variances, settlements),
        problems=tuple(problems),
        settlements=tuple(settlements),
        rounding=context.policy.rounding,
        message=vendor_message(data, cited, lines, variances, settlements),
        po_number=data.order.po_number,
        papers=cited.titles,
    )


def _status(decided: Decided, problems: Sequence[Problem]) -> Status:
    """The worst status of lines, of findings on no line and of problems."""
    statuses: list[Status] = [line.verdict.verdict for line in decided.lines]
    statuses += [
        "discrepancy" if variance.state == "claim" else "needs_review"
        for variance in decided.header
        if variance.state != "information"
    ]
    return worst([*statuses, "needs_review"] if problems else statuses)


def _totals(variances: Sequence[Variance], context: Context) -> Totals:
    """The findings' money as it is shown, so that adding up what is shown gives the totals."""
    policy, usual = context.policy, context.currency or NO_CURRENCY
    sums = {name: {usual: Decimal(0)} for name in ("certain", "likely", "open")}
    for found in variances:
        if found.amount is None or found.state == "information":
            continue
        name = "open"
        if found.state == "claim":
            sure = found.confidence >= policy.certain_confidence
            name = "certain" if sure else "likely"
        currency = found.currency or NO_CURRENCY
        shown = rounded(found.amount, found.currency, policy.rounding)
        sums[name][currency] = sums[name].get(currency, Decimal(0)) + shown
    return Totals(**sums)


def _recommendation(
    status: Status,
    totals: Totals,
    lines: Sequence[LineVerdict],
    problems: Sequence[Problem],
    variances: Sequence[Variance],
    settlements: Sequence[Settlement],
) -> str:
    """What to do, in a few sentences: what can be claimed, what needs a person and why."""
    parts = []
    parts += [_settled(one) for one in settlements]
    for currency in dict.fromkeys((*totals.certain, *totals.likely)):
        certain = totals.certain.get(currency, Decimal(0))
        claimable = certain + totals.likely.get(currency, Decimal(0))
        if claimable > 0:
            part = f"of which {rounded(certain, currency)} is certain"
            sure = "all of it certain" if certain == claimable else part
            parts.append(f"Short-pay {rounded(claimable, currency)} {currency}, {sure}.")
    waiting = [found for found in variances if found.state == "pending"]
    if waiting:
        parts.append(f"{len(waiting)} line(s) wait for a receipt.")
    if status == "needs_review":
        asking = [line for line in lines if line.verdict == "needs_review"]
        reasons = [problem.message for problem in problems]
        reasons += [reason for line in asking for reason in line.reasons[:1]]
        reasons += [found.explanation for found in variances if found.state == "open"]
        first = list(dict.fromkeys(reasons))
        more = f" (and {len(first) - 1} more)" if len(first) > 1 else ""
        parts.append(f"An analyst has to look: {first[0]}{more}")
    return " ".join(parts) or "Nothing to claim."


def _settled(one: Settlement) -> str:
    """What to do about one short payment."""
    name, currency = f"Short payment {one.claim.claim_id}", one.currency or ""
    if one.repay is None or one.stands is None:
        if one.missing:
            return f"{name}: ask for the {asked_for(one)}; what is in hand proves no delivery."
        return f"{name}: a person has to look, {one.reasons[-1].rstrip('.')}."
    back, kept = (rounded(to_decimal(money), one.currency) for money in (one.repay, one.stands))
    if one.decision == "uphold":
        return f"{name}: uphold, {kept} {currency} stands."
    if one.decision == "repay":
        return f"{name}: repay {back} {currency}."
    return f"{name}: repay {back} {currency}, {kept} {currency} stands."
