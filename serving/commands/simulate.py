"""Past disputes under two policies: what would have been claimed otherwise, in count and money.

A folder of disputes holds one folder for each: `dispute.json` (or `order.json`, `receipts.json`)
with what the buyer knows, and `documents.json` with the documents as read. The same documents are
judged twice, so that nothing but the policy makes a difference.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from data.exchange.order_files import load_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.findings.records import STATUSES
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json

ORDER_FILES = ("dispute.json", "order.json", "receipts.json", "billed.json", "claims.json")
DOCUMENT_FILES = ("documents.json", "document.json")
_MONEY = ("certain", "likely", "open")
ZERO = Decimal(0)


class NoDisputes(ValueError):
    """The folder holds no dispute that can be replayed; the message says what is wanted."""


@dataclass(frozen=True, slots=True)
class PastDispute:
    """What was known and what was read of one dispute."""

    name: str
    documents: tuple[ExtractedDocument, ...]
    data: OrderData


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dispute under one policy. Money by currency; findings count by (code, state)."""

    status: str
    findings: Mapping[tuple[str, str], int]
    totals: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Replay:
    """One dispute under both policies."""

    name: str
    first: Outcome
    second: Outcome

    @property
    def changed(self) -> bool:
        return self.first != self.second


def load_disputes(folder: Path) -> list[PastDispute]:
    """The disputes in the folders of a folder, by name. Raises NoDisputes.

    A folder without order data or without documents is refused: a dispute left out unnoticed would
    make the comparison wrong.
    """
    if not folder.is_dir():
        raise NoDisputes(
            f"{folder}: no such folder; give a folder with one folder for each dispute"
        )
    places = [place for place in sorted(folder.iterdir()) if place.is_dir()]
    if _has_any(folder, ORDER_FILES):
        places = [folder]
    if not places:
        raise NoDisputes(f"{folder}: no folders in it; each dispute is a folder of JSON files")
    return [_load(place) for place in places]


def _has_any(place: Path, names: Sequence[str]) -> bool:
    return any((place / name).is_file() for name in names)


def _load(place: Path) -> PastDispute:
    for names in (ORDER_FILES[:2], DOCUMENT_FILES):
        if not _has_any(place, names):
            raise NoDisputes(f"{place}: neither {' nor '.join(names)} in it")
    orders = [place / name for name in ORDER_FILES if (place / name).is_file()]
    documents = [
        document
        for name in DOCUMENT_FILES
        if (place / name).is_file()
        for document in documents_from_json((place / name).read_bytes(), str(place / name))
    ]
    return PastDispute(place.name, tuple(documents), load_order_data(orders))


def replay(
    disputes: Sequence[PastDispute], first: Policy, second: Policy, today: date | None = None
) -> list[Replay]:
    """Every dispute under both policies; `today` ages what was never received."""
    return [
        Replay(
            one.name,
            *(
                _outcome(examine(one.documents, one.data, policy, today))
                for policy in (first, second)
            ),
        )
        for one in disputes
    ]


def _outcome(verdict: Verdict) -> Outcome:
    totals = verdict_to_json(verdict)["totals"]
    return Outcome(
        verdict.status,
        Counter((found.code, found.state) for found in verdict.variances),
        {name: {key: Decimal(text) for key, text in totals[name].items()} for name in _MONEY},
    )


def replays_to_json(replays: Sequence[Replay], names: tuple[str, str]) -> dict[str, Any]:
    """Sums under both policies, their difference, and what changes; money as strings."""
    first, second = _sums([one.first for one in replays]), _sums([one.second for one in replays])
    return {
        "policies": list(names),
        "disputes": len(replays),
        "changed": sum(one.changed for one in replays),
        "first": _sums_json(first),
        "second": _sums_json(second),
        "difference": {
            name: _money_json(
                {
                    currency: second[name].get(currency, ZERO) - first[name].get(currency, ZERO)
                    for currency in (*first[name], *second[name])
                }
            )
            for name in _MONEY
        },
        "changes": [_change_json(one) for one in replays if one.changed],
    }


def _sums(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    statuses = Counter(one.status for one in outcomes)
    findings: Counter[str] = Counter()
    for one in outcomes:
        for (code, _), count in one.findings.items():
            findings[code] += count
    return {
        "statuses": {name: statuses[name] for name in STATUSES if statuses[name]},
        "findings": dict(sorted(findings.items())),
        **{name: _added([one.totals[name] for one in outcomes]) for name in _MONEY},
    }


def _added(several: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Money summed by currency."""
    found: dict[str, Decimal] = {}
    for money in several:
        for currency, amount in money.items():
            found[currency] = found.get(currency, ZERO) + amount
    return found


def _sums_json(sums: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "statuses": sums["statuses"],
        "findings": sums["findings"],
        **{name: _money_json(sums[name]) for name in _MONEY},
    }


def _money_json(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: str(amount) for currency, amount in sorted(money.items())}


def _change_json(one: Replay) -> dict[str, Any]:
    before, after = Counter(one.first.findings), Counter(one.second.findings)
    return {
        "dispute": one.name,
        "status": [one.first.status, one.second.status],
        "only_first": _findings_json(before - after),
        "only_second": _findings_json(after - before),
        **{
            name: [_money_json(one.first.totals[name]), _money_json(one.second.totals[name])]
            for name in _MONEY
        },
    }


def _findings_json(found: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "state": state, "count": count}
        for (code, state), count in sorted(found.items())
    ]


def replay_tables(seen: Mapping[str, Any]) -> RenderableType:
    """What `replays_to_json` gives, in tables for people."""
    names = seen["policies"]
    sums = Table(
        title=f"{seen['disputes']} disputes, {seen['changed']} change", title_justify="left"
    )
    sums.add_column("")
    for name in (*names, "difference"):
        sums.add_column(str(name), justify="right")
    for label, first, second, difference in _sum_rows(seen):
        sums.add_row(label, first, second, Text(difference, style="bold"))
    if not seen["changes"]:
        return Group(sums, Text("No dispute changes."))
    changes = Table(title="what changes", title_justify="left")
    for name in (
        "dispute",
        "status",
        f"only under {names[0]}",
        f"only under {names[1]}",
        "claimed",
    ):
        changes.add_column(name, justify="right" if name == "claimed" else "left")
    for one in seen["changes"]:
        changes.add_row(*_change_row(one))
    return Group(sums, changes)


def _sum_rows(seen: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    first, second = seen["first"], seen["second"]
    for group, what in (("statuses", "status"), ("findings", "finding")):
        for name in dict.fromkeys((*first[group], *second[group])):
            counts = first[group].get(name, 0), second[group].get(name, 0)
            if group == "findings" and counts[0] == counts[1]:
                continue
            label = f"{what} {name.replace('_', ' ') if group == 'statuses' else name}"
            yield label, str(counts[0]), str(counts[1]), _signed(counts[1] - counts[0])
    for name in _MONEY:
        for currency, gap in seen["difference"][name].items():
            shown = (first[name].get(currency, "0"), second[name].get(currency, "0"))
            if any(Decimal(money) for money in shown):
                yield f"{name} {currency}", *shown, _signed(Decimal(gap))


def _signed(number: Decimal | int) -> str:
    return "" if not number else f"{number:+}".replace("-", "−")


def _change_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = (state.replace("_", " ") for state in one["status"])
    status = before if before == after else f"{before} → {after}"
    sides = (
        ", ".join(
            f"{found['code']} ({found['state']})"
            + (f" × {found['count']}" if found["count"] > 1 else "")
            for found in one[side]
        )
        for side in ("only_first", "only_second")
    )
    was, now = (_claimed(one, side) for side in (0, 1))
    money = [
        f"{was.get(currency, ZERO)} → {now.get(currency, ZERO)} {currency}"
        for currency in dict.fromkeys((*was, *now))
        if was.get(currency) != now.get(currency)
    ]
    return str(one["dispute"]), status, *sides, "; ".join(money)


def _claimed(one: Mapping[str, Any], side: int) -> dict[str, Decimal]:
    """Money that may be claimed, by currency, under the first (0) or second (1) policy."""
    money = [one[name][side] for name in ("certain", "likely")]
    return _added(
        {currency: Decimal(text) for currency, text in amounts.items()} for amounts in money
    )
