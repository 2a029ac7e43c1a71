"""`tieout simulate`: past disputes under two policies, compared in findings and money.

A folder of disputes has one folder for each: `dispute.json` (or `order.json`, `receipts.json`)
with the buyer's data, and `documents.json` with the documents as read. The same documents are
examined twice, so that only the policy makes a difference.
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
    """A folder without disputes, or with an incomplete one; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class PastDispute:
    """The order data and the read documents of one dispute."""

    name: str
    documents: tuple[ExtractedDocument, ...]
    data: OrderData


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one dispute under one policy: money by currency, findings by (code, state)."""

    status: str
    findings: Mapping[tuple[str, str], int]
    totals: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcomes of one dispute under both policies."""

    name: str
    first: Outcome
    second: Outcome

    @property
    def changed(self) -> bool:
        return self.first != self.second


def load_disputes(folder: Path) -> list[PastDispute]:
    """Return the disputes in the subfolders of a folder, by name. Raises `NoDisputes`.

    A subfolder without order data or without documents is refused: a dispute skipped silently would
    make the comparison wrong.
    """
    if not folder.is_dir():
        raise NoDisputes(
            f"{folder}: no such folder; name a folder with one subfolder for each dispute"
        )
    places = [place for place in sorted(folder.iterdir()) if place.is_dir()]
    if _has_any(folder, ORDER_FILES):
        places = [folder]
    if not places:
        raise NoDisputes(f"{folder}: no subfolders; each dispute is a subfolder of JSON files")
    return [_load(place) for place in places]


def _has_any(place: Path, names: Sequence[str]) -> bool:
    return any((place / name).is_file() for name in names)


def _load(place: Path) -> PastDispute:
    for names in (ORDER_FILES[:2], DOCUMENT_FILES):
        if not _has_any(place, names):
            raise NoDisputes(f"{place}: contains neither {' nor '.join(names)}")
    orders = [place / name for name in ORDER_FILES if (place / name).is_file()]
    documents = [
        document
        for name in DOCUMENT_FILES
        if (place / name).is_file()
        for document in documents_from_json((place / name).read_bytes(), str(place / name))
    ]
    return PastDispute(place.name, tuple(documents), load_order_data(orders))


def replay_disputes(
    disputes: Sequence[PastDispute], first: Policy, second: Policy, today: date | None = None
) -> list[Replay]:
    """Examine every dispute under both policies; `today` sets the age of missing deliveries."""
    return [
        Replay(
            dispute.name,
            *(
                _outcome(examine(dispute.documents, dispute.data, policy, today))
                for policy in (first, second)
            ),
        )
        for dispute in disputes
    ]


def _outcome(verdict: Verdict) -> Outcome:
    totals = verdict_to_json(verdict)["totals"]
    return Outcome(
        verdict.status,
        Counter((variance.code, variance.state) for variance in verdict.variances),
        {name: {key: Decimal(text) for key, text in totals[name].items()} for name in _MONEY},
    )


def replays_to_json(replays: Sequence[Replay], names: tuple[str, str]) -> dict[str, Any]:
    """Return totals under both policies, their difference and the changes; money as strings."""
    first, second = (
        _sums([replay.first for replay in replays]),
        _sums([replay.second for replay in replays]),
    )
    return {
        "policies": list(names),
        "disputes": len(replays),
        "changed": sum(replay.changed for replay in replays),
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
        "changes": [_change_json(replay) for replay in replays if replay.changed],
    }


def _sums(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    statuses = Counter(outcome.status for outcome in outcomes)
    findings: Counter[str] = Counter()
    for outcome in outcomes:
        for (code, _), count in outcome.findings.items():
            findings[code] += count
    return {
        "statuses": {name: statuses[name] for name in STATUSES if statuses[name]},
        "findings": dict(sorted(findings.items())),
        **{
            name: _sum_by_currency([outcome.totals[name] for outcome in outcomes])
            for name in _MONEY
        },
    }


def _sum_by_currency(amounts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sum of amounts by currency."""
    totals: dict[str, Decimal] = {}
    for money in amounts:
        for currency, amount in money.items():
            totals[currency] = totals.get(currency, ZERO) + amount
    return totals


def _sums_json(sums: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "statuses": sums["statuses"],
        "findings": sums["findings"],
        **{name: _money_json(sums[name]) for name in _MONEY},
    }


def _money_json(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: str(amount) for currency, amount in sorted(money.items())}


def _change_json(replay: Replay) -> dict[str, Any]:
    before, after = Counter(replay.first.findings), Counter(replay.second.findings)
    return {
        "dispute": replay.name,
        "status": [replay.first.status, replay.second.status],
        "only_first": _findings_json(before - after),
        "only_second": _findings_json(after - before),
        **{
            name: [_money_json(replay.first.totals[name]), _money_json(replay.second.totals[name])]
            for name in _MONEY
        },
    }


def _findings_json(counts: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "state": state, "count": count}
        for (code, state), count in sorted(counts.items())
    ]


def replay_tables(report: Mapping[str, Any]) -> RenderableType:
    """Return the result of `replays_to_json` as tables."""
    names = report["policies"]
    sums = Table(
        title=f"{report['disputes']} disputes, {report['changed']} changed", title_justify="left"
    )
    sums.add_column("")
    for name in (*names, "difference"):
        sums.add_column(str(name), justify="right")
    for label, first, second, difference in _sum_rows(report):
        sums.add_row(label, first, second, Text(difference, style="bold"))
    if not report["changes"]:
        return Group(sums, Text("No dispute changed."))
    changes = Table(title="changes", title_justify="left")
    for name in (
        "dispute",
        "status",
        f"only under {names[0]}",
        f"only under {names[1]}",
        "claimed",
    ):
        changes.add_column(name, justify="right" if name == "claimed" else "left")
    for change in report["changes"]:
        changes.add_row(*_change_row(change))
    return Group(sums, changes)


def _sum_rows(report: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    first, second = report["first"], report["second"]
    for group, what in (("statuses", "status"), ("findings", "finding")):
        for name in dict.fromkeys((*first[group], *second[group])):
            counts = first[group].get(name, 0), second[group].get(name, 0)
            if group == "findings" and counts[0] == counts[1]:
                continue
            label = f"{what} {name.replace('_', ' ') if group == 'statuses' else name}"
            yield label, str(counts[0]), str(counts[1]), _signed(counts[1] - counts[0])
    for name in _MONEY:
        for currency, gap in report["difference"][name].items():
            shown = (first[name].get(currency, "0"), second[name].get(currency, "0"))
            if any(Decimal(money) for money in shown):
                yield f"{name} {currency}", *shown, _signed(Decimal(gap))


def _signed(number: Decimal | int) -> str:
    return "" if not number else f"{number:+}".replace("-", "−")


def _change_row(change: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = (state.replace("_", " ") for state in change["status"])
    status = before if before == after else f"{before} → {after}"
    sides = (
        ", ".join(
            f"{finding['code']} ({finding['state']})"
            + (f" × {finding['count']}" if finding["count"] > 1 else "")
            for finding in change[side]
        )
        for side in ("only_first", "only_second")
    )
    was, now = (_claimed(change, side) for side in (0, 1))
    money = [
        f"{was.get(currency, ZERO)} → {now.get(currency, ZERO)} {currency}"
        for currency in dict.fromkeys((*was, *now))
        if was.get(currency) != now.get(currency)
    ]
    return str(change["dispute"]), status, *sides, "; ".join(money)


def _claimed(change: Mapping[str, Any], side: int) -> dict[str, Decimal]:
    """Return the money to claim, by currency, under the first (0) or second (1) policy."""
    money = [change[name][side] for name in ("certain", "likely")]
    return _sum_by_currency(
        {currency: Decimal(text) for currency, text in amounts.items()} for amounts in money
    )
