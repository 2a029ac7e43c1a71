"""The buyer's rules: which row counts, what waits, what is too small, how money is rounded."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.order_records import OrderData
from serving.matching.findings.arithmetic import rounded
from serving.matching.rules.policy import Policy, PolicyError, parse_policy
from serving.matching.rules.tolerances import KIND_OF_CODE, Tolerance, tolerance_of
from serving.verdict.examine import examine
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.policy_file import load_policy
from tests.support.small_disputes import found, got, order, paper, po, row

D = Decimal


def rules(*rows: dict[str, str], **more: Any) -> Policy:
    return parse_policy({"tolerances": list(rows), **more})


def goods(price: str = "10.00", received: str = "100", **line: Any) -> OrderData:
    """100 EA ordered from vendor V at a price."""
    return order(po("100", price, **line), receipts=[got(received)], head={"vendor_id": "V"})


def test_the_most_specific_row_of_all_scopes_counts() -> None:
    scopes: list[dict[str, str]] = [{}]
    for name, value in (("code", "PRICE_OVER"), ("vendor", "V"), ("category", "fresh"),
                        ("item", "A-1")):  # fmt: skip
        scopes += [one | {name: value} for one in scopes]
    # In this order each row is narrower than all before it.
    rows = [Tolerance("price", pct_upper=D(place), **scope) for place, scope in enumerate(scopes)]
    for last in range(len(rows)):
        chosen = tolerance_of(rows[: last + 1], "PRICE_OVER", "V", ["A-1"], "fresh")
        assert chosen.pct_upper == last, scopes[last]
    others = tolerance_of(rows, "PRICE_UNDER", "W", ["B"], "dry")
    assert others.pct_upper == 0


@pytest.mark.parametrize(
    ("said", "tolerances", "line", "expected"),
    [
        ("a row for the code", [{"code": "PRICE_OVER", "abs_upper": "20"}], {}, []),
        ("a row for another code", [{"code": "PRICE_UNDER", "abs_lower": "20"}], {}, ["20.00"]),
        ("a code narrows a kind", [{"kind": "price", "abs_upper": "50"},
                                   {"code": "PRICE_OVER", "abs_upper": "5"}], {}, ["20.00"]),
        ("a code widens a kind", [{"kind": "price", "abs_upper": "5"},
                                  {"code": "PRICE_OVER", "abs_upper": "50"}], {}, []),
        ("exactly at the limit", [{"code": "PRICE_OVER", "pct_upper": "2"}], {}, []),
        ("just below it", [{"code": "PRICE_OVER", "pct_upper": "1.99"}], {}, ["20.00"]),
        ("its category", [{"kind": "price", "category": "fresh", "pct_upper": "5"}],
         {"category": "fresh"}, []),
        ("another category", [{"kind": "price", "category": "fresh", "pct_upper": "5"}],
         {"category": "dry"}, ["20.00"]),
        ("a line without category", [{"kind": "price", "category": "fresh", "pct_upper": "5"}],
         {}, ["20.00"]),
        ("its category and vendor", [
            {"kind": "price", "category": "fresh", "pct_upper": "0"},
            {"kind": "price", "category": "fresh", "vendor": "V", "pct_upper": "5"}],
         {"category": "fresh"}, []),
        ("an item before its category", [
            {"kind": "price", "category": "fresh", "pct_upper": "5"},
            {"kind": "price", "item": "A-1", "abs_upper": "0"}],
         {"category": "fresh"}, ["20.00"]),
        ("a limit left out is not checked", [{"code": "PRICE_OVER"}], {}, []),
        ("no row at all", [], {}, ["20.00"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_price_rows(
    said: str, tolerances: list[dict[str, str]], line: dict[str, str], expected: list[str]
) -> None:
    verdict = examine([paper(row("100", "10.20"))], goods(**line), rules(*tolerances))
    assert [amount for _, _, amount in found(verdict)] == expected, said
    assert verdict.status == ("discrepancy" if expected else "within_tolerance")
    if not expected:
        assert any("within tolerance" in reason for reason in verdict.lines[0].reasons)


@pytest.mark.parametrize(
    ("tolerances", "rejected", "expected"),
    [
        ([{"kind": "quantity", "pct_upper": "10"}], "0", []),
        # What was rejected is never tolerated, a short receipt is.
        ([{"kind": "quantity", "pct_upper": "10"}, {"code": "REJECTED_BILLED", "abs_upper": "0"}],
         "4", ["REJECTED_BILLED"]),
        ([{"code": "QTY_OVER_RECEIPT", "abs_upper": "0"}, {"kind": "quantity", "pct_upper": "50"}],
         "4", ["QTY_OVER_RECEIPT"]),
    ],
)  # fmt: skip
def test_quantity_rows_by_code(
    tolerances: list[dict[str, str]], rejected: str, expected: list[str]
) -> None:
    receipts = [got("96", quantity_rejected=rejected)]
    data = order(po("100", "10.00"), receipts=receipts)
    verdict = examine([paper(row("100", "10.00"))], data, rules(*tolerances))
    assert [one.code for one in verdict.variances] == expected


def test_ten_invoices_of_eleven_are_caught_by_the_cumulative_row() -> None:
    """Each is 10 % over a receipt of 10; together they are 110 against 100."""
    row_of_ten = {"code": "QTY_OVER_RECEIPT", "pct_upper": "10", "cumulative_pct_upper": "2"}
    first = order(po("200", "10.00"), receipts=[got("10")])
    assert found(examine([paper(row("11", "10.00"))], first, rules(row_of_ten))) == [
        ("QTY_OVER_RECEIPT", "1", "10.00")
    ]
    loose = {"code": "QTY_OVER_RECEIPT", "pct_upper": "10"}
    assert found(examine([paper(row("11", "10.00"))], first, rules(loose))) == []


@pytest.mark.parametrize(
    ("total", "small", "expected"),
    [
        ("1003.00", "1.00", ["0.50"]),
        ("1003.00", "0.49", ["0.50"]),
        ("1003.00", None, ["0.50"]),
    ],
)
def test_a_small_difference_is_for_headers_only(
    total: str, small: str | None, expected: list[str]
) -> None:
    """1,003.00 against 1,002.50 passes with a limit of 1.00; a line of 0.50 never does."""
    more = {} if small is None else {"small_difference": small}
    header = paper(row("100", "10.025", amount="1002.50"), sub_total="1002.50", invoice_total=total)
    line = paper(row("100", "10.005", amount="1000.50"))
    passes = small == "1.00"
    assert bool(found(examine([header], goods("10.025"), rules(**more)))) != passes
    assert [amount for _, _, amount in found(examine([line], goods(), rules(**more)))] == expected


@pytest.mark.parametrize(
    ("days", "today", "state", "status"),
    [
        (35, "2025-06-04", "pending", "pending_receipt"),
        (35, "2025-06-05", "pending", "pending_receipt"),
        (35, "2025-06-06", "claim", "discrepancy"),
        (0, "2025-05-02", "claim", "discrepancy"),
        (None, "2026-05-01", "pending", "pending_receipt"),
        (35, None, "pending", "pending_receipt"),
    ],
)
def test_what_never_came_is_claimed_after_the_waiting_days(
    days: int | None, today: str | None, state: str, status: str
) -> None:
    """Case 26: the invoice is of 1 May; 35 days later is 5 June."""
    data = order(po("100", "10.00"))
    late = paper(row("100", "10.00"), invoice_date="2025-05-01")
    on = None if today is None else date.fromisoformat(today)
    verdict = examine([late], data, rules(waiting_days=days), on)
    assert [one.state for one in verdict.variances] == [state]
    assert verdict.status == status


def test_an_invoice_without_a_date_does_not_age() -> None:
    verdict = examine(
        [paper(row("100", "10.00"))], order(po("100", "10.00")), rules(waiting_days=1),
        date(2030, 1, 1),
    )  # fmt: skip
    assert verdict.status == "pending_receipt"


def swiss(policy: Policy) -> Verdict:
    data = order(po("7", "6.72"), currency="CHF", receipts=[got("0.5")])
    return examine([paper(row("7", "6.72"))], data, policy)


def test_money_is_rounded_to_the_policys_step() -> None:
    """6.5 × 6.72 = 43.68: to 5 rappen it is 43.70; totals follow what is shown."""
    assert verdict_to_json(swiss(Policy()))["variances"][0]["amount"] == "43.68"
    shown = verdict_to_json(swiss(rules(rounding={"CHF": "0.05", "USD": "1"})))
    assert shown["variances"][0]["amount"] == "43.70"
    assert shown["totals"]["certain"] == {"CHF": "43.70"}


@given(
    st.decimals(min_value=-10000, max_value=10000, places=4),
    st.sampled_from(["0.01", "0.05", "0.10", "1"]),
)
def test_rounding_is_near_and_half_up(amount: Decimal, step: str) -> None:
    shown = rounded(amount, "CHF", {"CHF": D(step)})
    assert shown % D(step) == 0
    assert abs(shown - amount) <= D(step) / 2
    assert rounded(-amount, "CHF", {"CHF": D(step)}) == -shown


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"tolerances": [{"abs_upper": "1"}]}, "give either a kind or a code"),
        ({"tolerances": [{"kind": "price", "code": "PRICE_OVER"}]}, "give either a kind or a code"),
        ({"tolerances": [{"code": "PRICE_OVR"}]}, "did you mean 'PRICE_OVER'?"),
        ({"tolerances": [{"code": "UOM_UNRESOLVED"}]}, "has no tolerance"),
        ({"tolerances": [{"kind": "price", "catgory": "x"}]}, "did you mean 'category'?"),
        ({"tolerances": [{"kind": "price", "vendor": "V"}, {"kind": "tax"},
                         {"kind": "price", "vendor": "V", "pct_upper": "1"}]},
         "tolerances 0 and 2 are for the same findings"),
        ({"waiting_days": -1}, "waiting_days"),
        ({"waiting_dais": 3}, "did you mean 'waiting_days'?"),
        ({"small_difference": 0.5}, 'write it as a string: "0.5"'),
        ({"rounding": {"CHF": "0"}}, "rounding.CHF"),
        ({"rounding": {"Franken": "0.05"}}, "ISO 4217"),
        ({"vendor_papers": "maybe"}, "vendor_papers"),
    ],
)  # fmt: skip
def test_rules_that_are_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(values, "policy.yaml")
    assert says in str(refused.value)


def test_the_shipped_policy_shows_every_key(repository: Path) -> None:
    path = repository / "configs" / "policy.yaml"
    policy = load_policy(path)
    assert policy.model_fields_set == set(Policy.model_fields)
    assert {row.code for row in policy.tolerances if row.code} <= set(KIND_OF_CODE)
    assert Policy().tolerance_rows() == ()
    assert (Policy().waiting_days, Policy().small_difference, dict(Policy().rounding)) == (
        None, None, {},
    )  # fmt: skip
