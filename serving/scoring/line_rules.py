"""The rules that send a line to a person, and a dispute checked without one of them.

A rule is what a doubt says with names and numbers left out, so that the doubts of all documents
come together: "the PO line was matched by description alone, likeness …".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from serving.matching.findings.records import Doubt, DoubtKind, Finding, LineCheck
from serving.matching.rules.decide import state_of
from serving.matching.rules.policy import Policy
from serving.verdict.examine import CheckedDispute

# Beside the kinds of doubts. improbable: a finding less probable than the policy's
# `likely_confidence`; explained: something explains the difference wholly; question: the finding
# itself asks a person.
RuleKind = Literal[DoubtKind, "improbable", "explained", "question"]
RELAXED_CONFIDENCE = 0.5  # `likely_confidence` where improbable findings may be claimed

_QUOTED_OR_NUMBER = re.compile(r"'[^']*'|\S*\d\S*")


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One reason for which lines go to a person: its kind, and its words without their numbers."""

    kind: RuleKind
    sentence: str


def rules_of(line: LineCheck, policy: Policy, names: Sequence[str]) -> frozenset[Rule]:
    """Return the rules that keep the line from being settled; `names` are the documents' ids."""
    findings = (*line.findings, *line.invoice_findings)
    open_findings = [finding for finding in findings if state_of(finding, policy) == "open"]
    doubts = (*line.doubts, *(doubt for finding in open_findings for doubt in finding.doubts))
    return frozenset(
        [
            *(_rule_of(doubt, names) for doubt in doubts),
            *(rule for finding in open_findings for rule in _other_rules(finding, policy)),
        ]
    )


def _rule_of(doubt: Doubt, names: Sequence[str]) -> Rule:
    return Rule(doubt.kind, fold(doubt.sentence, names))


def _other_rules(finding: Finding, policy: Policy) -> Iterator[Rule]:
    if finding.nature == "question":
        yield Rule("question", finding.code)
        return
    if finding.confidence < policy.likely_confidence:
        yield Rule("improbable", "the finding rests on values that are not probable enough")
    if finding.explained_by is not None:
        yield Rule("explained", finding.explained_by.kind.replace("_", " "))


def fold(sentence: str, names: Sequence[str]) -> str:
    """Return the sentence without the place it is about, names and numbers as "…"."""
    for name in names:
        sentence = re.sub(rf"^({re.escape(name)}( line \d+)?: )+", "", sentence)
    return _QUOTED_OR_NUMBER.sub("…", sentence)


def without_rule(checked: CheckedDispute, rule: Rule, names: Sequence[str]) -> CheckedDispute:
    """Return the dispute as if the rule did not exist; a question stays one."""

    def freed(finding: Finding) -> Finding:
        doubts = tuple(doubt for doubt in finding.doubts if _rule_of(doubt, names) != rule)
        explained = finding.explained_by
        if rule.kind == "explained" and explained is not None:
            explained = None if explained.kind.replace("_", " ") == rule.sentence else explained
        return replace(finding, doubts=doubts, explained_by=explained)

    lines = tuple(
        replace(
            line,
            findings=tuple(map(freed, line.findings)),
            invoice_findings=tuple(map(freed, line.invoice_findings)),
            doubts=tuple(doubt for doubt in line.doubts if _rule_of(doubt, names) != rule),
        )
        for line in checked.lines
    )
    return replace(checked, lines=lines, findings=tuple(map(freed, checked.findings)))


def relaxed_policy(policy: Policy, rule: Rule) -> Policy:
    """Return the policy, with improbable findings claimed where that is the rule."""
    if rule.kind != "improbable":
        return policy
    likely = min(RELAXED_CONFIDENCE, policy.likely_confidence)
    return policy.model_copy(update={"likely_confidence": likely})
