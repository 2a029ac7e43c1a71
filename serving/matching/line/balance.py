"""Balance of one article's prices before any is claimed: sister lines and rows of one invoice.

One row may fill two order lines at two prices, and one order line may be billed in rows at two
prices: what is too dear on the one is then too cheap on the other. Articles are never balanced
with one another: a favourable price of one cancels nothing that is owed on another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from serving.matching.findings.arithmetic import rounded
from serving.matching.findings.records import Doubt, Finding, LineCheck
from serving.matching.pairing.article_names import article_groups, ordered_names
from serving.matching.pairing.order_line import Standings

PRICE_CODES = frozenset({"PRICE_OVER", "ALLOWANCE_MISSING", "DISCOUNT_INCORRECT"})
_ALLOWANCES = frozenset({"DISCOUNT_INCORRECT", "ALLOWANCE_MISSING"})
_FAVOURABLE = _ALLOWANCES | {"PRICE_UNDER"}

_SISTER = "The same article is billed below its ordered price on the same invoice"


@dataclass(frozen=True, slots=True)
class _Place:
    """A finding by its order line and its number among the findings there."""

    key: str
    number: int


def balance_prices(checks: Mapping[str, LineCheck], order_lines: Standings) -> dict[str, LineCheck]:
    """Return the checks with claims on prices less what the same article is too cheap elsewhere.

    `checks` are by the key of the order line. Only what one invoice bills is balanced.
    """
    dear = [key for key, check in checks.items() if any(map(_is_dear, check.findings))]
    cheap = [key for key, check in checks.items() if any(map(_is_cheap, check.findings))]
    if not dear or not cheap:
        return dict(checks)
    keys = list(dict.fromkeys((*dear, *cheap)))
    groups = article_groups([ordered_names(order_lines.lines[key]) for key in keys])
    balanced = dict(checks)
    members: defaultdict[tuple[int, str], list[_Place]] = defaultdict(list)
    for key, group in zip(keys, groups, strict=True):
        for number, finding in enumerate(checks[key].findings):
            if _is_dear(finding) or _is_cheap(finding):
                members[group, finding.evidence[0].document_id].append(_Place(key, number))
    for places in members.values():
        _balance_group(balanced, places)
    return balanced


def _is_dear(finding: Finding) -> bool:
    owed = finding.nature == "difference" and finding.tolerated_by is None
    return owed and finding.code in PRICE_CODES and (finding.amount or 0) > 0


def _is_cheap(finding: Finding) -> bool:
    is_fact = finding.nature == "fact" and finding.code in _FAVOURABLE
    return is_fact and (finding.amount or 0) < 0


def _balance_group(checks: dict[str, LineCheck], places: list[_Place]) -> None:
    """Take the favourable differences of one article off its claims, in the order of the lines."""
    findings = [(place, checks[place.key].findings[place.number]) for place in places]
    left = -sum(
        (finding.amount or Decimal(0) for _, finding in findings if _is_cheap(finding)), Decimal(0)
    )
    for place, finding in findings:
        amount = finding.amount or Decimal(0)
        if not left or not _is_dear(finding):
            continue
        used = min(amount, left)
        left -= used
        line_findings = list(checks[place.key].findings)
        line_findings[place.number] = less(finding, used, _SISTER)
        checks[place.key] = replace(checks[place.key], findings=tuple(line_findings))


def less(finding: Finding, used: Decimal, why: str) -> Finding:
    """Return the claim less money that stands against it; a fact where none is left."""
    currency = finding.currency
    rest = (finding.amount or Decimal(0)) - used
    shown = rounded(used, currency), rounded(rest, currency)
    return replace(
        finding,
        nature="difference" if rest else "fact",
        amount=rest,
        formula=f"{finding.formula}; − {shown[0]} = {shown[1]}",
        explanation=f"{finding.explanation} {why}: {shown[0]} is taken off.",
        action=finding.action if rest else "Nothing to claim; the two balance.",
    )


def doubt_allowances(
    findings: Sequence[Finding], checks: Iterable[LineCheck]
) -> tuple[Finding, ...]:
    """Return the findings on whole invoices, an allowance in doubt where the prices may hold it.

    Lines that are billed below their ordered prices may be net of what was agreed on the whole.
    """
    cheap = {
        place.document_id
        for check in checks
        for finding in check.findings
        if _is_cheap(finding)
        for place in finding.evidence[:1]
    }
    doubt = Doubt("price", "lines are billed below their ordered prices: the allowance may be in")
    return tuple(
        finding.doubted([doubt])
        if finding.code in _ALLOWANCES and cheap & {place.document_id for place in finding.evidence}
        else finding
        for finding in findings
    )
