"""The cost of each rule that sends lines to a person, and the false money that it stops.

Every dispute is decided again as if one rule did not exist: what would then be claimed rightly,
what falsely, what would be missed without anybody looking, and how many lines would need nobody. A
doubt earns its keep where the wrong money it stops is worth the lines it costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from serving.matching.findings.records import LineCheck
from serving.matching.rules.policy import Policy
from serving.scoring.line_rules import Rule, relaxed_policy, rules_of, without_rule
from serving.scoring.planted_verdicts import ASKING, CheckedPlanting, score_verdict
from serving.verdict.examine import judge
from serving.verdict.records import Verdict
from training.metrics.disputes import DisputeScore

_CENT = Decimal("0.01")


@dataclass(slots=True)
class RuleCount:
    """Lines that a rule holds back, counted, and their billed money by currency.

    `alone`: it is the only rule that does.
    """

    lines: int = 0
    alone: int = 0
    money: dict[str, Decimal] = field(default_factory=dict)
    money_alone: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, billed: Decimal, *, alone: bool) -> None:
        """Count one line that bills that much."""
        self.lines += 1
        self.money[currency] = self.money.get(currency, Decimal(0)) + billed
        if alone:
            self.alone += 1
            self.money_alone[currency] = self.money_alone.get(currency, Decimal(0)) + billed


@dataclass(frozen=True, slots=True)
class JudgedPlanting:
    """One planted dispute, checked, decided and scored."""

    planting: CheckedPlanting
    verdict: Verdict
    score: DisputeScore

    @property
    def names(self) -> list[str]:
        return [document.document_id for document in self.planting.documents]


def judge_planting(planting: CheckedPlanting, policy: Policy) -> JudgedPlanting:
    """Decide and score a planted dispute."""
    verdict = judge(planting.checked, policy)
    return JudgedPlanting(planting, verdict, score_verdict(planting, verdict))


def count_rules(judged: Sequence[JudgedPlanting], policy: Policy) -> dict[Rule, RuleCount]:
    """Return the rules that left lines to a person, those that hold back most lines first."""
    counts: dict[Rule, RuleCount] = {}
    for entry in judged:
        billed = {line.po_line_number: line.billed for line in entry.planting.dispute.lines}
        currency = entry.planting.dispute.currency or "not stated"
        for line in _lines_left(entry):
            rules = rules_of(line, policy, entry.names)
            money = billed.get(line.facts.po_line_number, Decimal(0))
            for rule in rules:
                count = counts.setdefault(rule, RuleCount())
                count.add(currency, money, alone=len(rules) == 1)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1].lines, pair[0])))


def _lines_left(judged: JudgedPlanting) -> list[LineCheck]:
    """Return the checks of the lines that a person has to look at."""
    lines = zip(judged.planting.checked.lines, judged.verdict.lines, strict=True)
    return [check for check, line in lines if line.verdict in ASKING]


def rule_table(
    judged: Sequence[JudgedPlanting], policy: Policy, *, limit: int, what_if: bool
) -> list[dict[str, Any]]:
    """Return the first rules as JSON values; with `what_if` what would change without each."""
    table = []
    for rule, count in list(count_rules(judged, policy).items())[:limit]:
        row: dict[str, Any] = {
            "kind": rule.kind,
            "rule": rule.sentence,
            "lines": count.lines,
            "lines_alone": count.alone,
            "money": _cents(count.money),
            "money_alone": _cents(count.money_alone),
        }
        if what_if:
            row |= {"without": _without(judged, policy, rule)}
        table.append(row)
    return table


def _without(judged: Sequence[JudgedPlanting], policy: Policy, rule: Rule) -> dict[str, Any]:
    """Return what changes where the rule does not exist: money by currency, and lines decided."""
    relaxed = relaxed_policy(policy, rule)
    money: dict[str, dict[str, Decimal]] = {"claimed_rightly": {}, "false": {}, "missed_silent": {}}
    lines = 0
    for entry in judged:
        checked = without_rule(entry.planting.checked, rule, entry.names)
        if checked == entry.planting.checked and relaxed == policy:
            continue
        score = score_verdict(entry.planting, judge(checked, relaxed))
        currency = entry.score.currency or "not stated"
        for name, changes in money.items():
            change = getattr(score.money, name) - getattr(entry.score.money, name)
            changes[currency] = changes.get(currency, Decimal(0)) + change
        lines += score.lines_decided - entry.score.lines_decided
    return {name: _cents(changes) for name, changes in money.items()} | {"lines_decided": lines}


def _cents(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {
        currency: format(amount.quantize(_CENT, ROUND_HALF_UP), "f")
        for currency, amount in sorted(money.items())
    }
