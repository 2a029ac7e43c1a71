"""Rows that several order lines fit alike, claimed where every choice gives the same money.

"Valve DN20" may be either of two valves on the order. Where both cost the same, or what is wrong
comes to the same money whichever row bills which line, nobody has to say which is which.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.findings.records import LineCheck
from serving.matching.pairing.billed_line import describe
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import line_key
from serving.matching.pairs import Pairs
from serving.matching.rules.decide import is_claimable
from serving.matching.rules.policy import Policy

CheckLine = Callable[[str, Sequence[Share]], LineCheck]
# More rows, order lines or choices than these are left to a person.
_MOST_ROWS, _MOST_LINES, _MOST_CHOICES = 6, 6, 128
# Of a whole dispute.
_MOST_CHECKS = 4000


@dataclass(frozen=True, slots=True)
class _Group:
    """Order lines that some rows fit alike: `fixed` shares by key, and rows with their choices."""

    keys: tuple[str, ...]
    fixed: Mapping[str, Sequence[Share]]
    rows: tuple[tuple[Share, tuple[str, ...]], ...]

    def choices(self) -> Iterator[tuple[str, ...]]:
        """Yield the order lines of the rows: choices that fill as many lines as any can."""
        whole = list(product(*(keys for _, keys in self.rows)))
        filled = {key for key, shares in self.fixed.items() if shares}
        limit = max(len({*choice, *filled}) for choice in whole)
        yield from (choice for choice in whole if len({*choice, *filled}) == limit)


def settle_alike(
    checks: Mapping[str, LineCheck], pairs: Pairs, check_line: CheckLine
) -> dict[str, LineCheck]:
    """Return the checks, those of alike order lines without that doubt where it decides nothing."""
    settled, left = dict(checks), _MOST_CHECKS
    for group in _groups(pairs):
        left -= len(list(group.choices())) * len(group.keys)
        if left < 0:
            break
        settled |= _settle(group, pairs.context.policy, check_line)
    return settled


def _groups(pairs: Pairs) -> Iterator[_Group]:
    """Yield the order lines that rows fit alike, with all that is billed on them."""
    rivals: defaultdict[str, set[str]] = defaultdict(set)
    for key, shares in pairs.shares.items():
        for share in shares:
            for line in share.assignment.rivals:
                rivals[key].add(line_key(line))
                rivals[line_key(line)].add(key)
    visited: set[str] = set()
    for start in rivals:
        if start in visited:
            continue
        keys = _connected(start, rivals)
        visited |= keys
        ordered = tuple(key for key in pairs.order_lines if key in keys)
        if len(ordered) <= _MOST_LINES and (group := _group(ordered, pairs)) is not None:
            yield group


def _connected(start: str, rivals: Mapping[str, set[str]]) -> set[str]:
    keys, fresh = {start}, [start]
    while fresh:
        more = rivals[fresh.pop()] - keys
        keys |= more
        fresh += more
    return keys


def _group(keys: Sequence[str], pairs: Pairs) -> _Group | None:
    """Return the group; None where its quantities are not comparable, or its rows too many."""
    units = {pairs.order_lines[key].units.name for key in keys}
    shares = [(key, share) for key in keys for share in pairs.shares.get(key, ())]
    is_read = all(share.quantity is not None and share.part == 1 for _, share in shares)
    alike = [(key, share) for key, share in shares if share.assignment.rivals]
    if len(units) > 1 or not is_read or len(alike) > _MOST_ROWS:
        return None
    rows = tuple(
        (share, (key, *(line_key(line) for line in share.assignment.rivals)))
        for key, share in alike
    )
    count = 1
    for _, choices in rows:
        count *= len(choices)
    if count > _MOST_CHOICES:
        return None
    fixed = {
        key: [share for share in pairs.shares.get(key, ()) if not share.assignment.rivals]
        for key in keys
    }
    return _Group(tuple(keys), fixed, rows)


def _settle(group: _Group, policy: Policy, check_line: CheckLine) -> dict[str, LineCheck]:
    """Return the checks of the group's lines as they were paired, {} where the choice decides."""
    paired = tuple(choices[0] for _, choices in group.rows)
    outcome = _checks(group, paired, check_line)
    money = _claimed(outcome, policy)
    choices = list(group.choices())
    if money is None or paired not in choices:
        return {}
    for choice in choices:
        other = _claimed(_checks(group, choice, check_line), policy)
        if other is None or abs(other - money) > AMOUNT_SLACK:
            return {}
    numbers = ", ".join(sorted({key.rpartition("/")[2] for key in group.keys}))
    note = f"PO lines {numbers} fit alike: whichever the rows bill, the money is the same"
    names = {describe(share.billed) for share, _ in group.rows}
    name = names.pop() if len(names) == 1 else None
    return {key: _noted(check, note, name) for key, check in outcome.items()}


def _noted(check: LineCheck, note: str, name: str | None) -> LineCheck:
    """Return the check in the words of the bill, which do not tell the order lines apart."""
    facts = check.facts if name is None else replace(check.facts, description=name)
    return replace(check, facts=facts, notes=(*check.notes, note))


def _checks(group: _Group, choice: Sequence[str], check_line: CheckLine) -> dict[str, LineCheck]:
    """Return the checks of the lines with the rows on those of the choice."""
    shares = {key: list(fixed) for key, fixed in group.fixed.items()}
    for (share, _), key in zip(group.rows, choice, strict=True):
        single = replace(share.assignment, runner_up=None, rivals=())
        shares[key].append(replace(share, assignment=single))
    return {key: check_line(key, line_shares) for key, line_shares in shares.items() if line_shares}


def _claimed(checks: Mapping[str, LineCheck], policy: Policy) -> Decimal | None:
    """Return the money that the checks would claim; None where anything on them is open."""
    money = Decimal(0)
    for check in checks.values():
        if check.doubts:
            return None
        for finding in check.findings:
            if finding.nature == "fact" or finding.tolerated_by is not None:
                continue
            if not is_claimable(finding, policy):
                return None
            money += finding.amount or Decimal(0)
    return money
