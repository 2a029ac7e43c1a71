"""Tolerances at, above and below their limits, and the policy file that holds them."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from serving.matching.rules.policy import Policy, PolicyError, parse_policy
from serving.matching.rules.tolerances import (
    Tolerance,
    breaches,
    breaches_cumulatively,
    no_tolerance,
    tolerance_for,
    tolerance_of,
)
from serving.wire.policy_file import load_policy

D = Decimal


@pytest.mark.parametrize(
    ("limits", "difference", "base", "expected"),
    [
        # 5 % of 10.00: 10.50 passes, 10.51 does not.
        ({"pct_upper": "5"}, "0.50", "10.00", ()),
        ({"pct_upper": "5"}, "0.51", "10.00", ("pct_upper",)),
        # 50.00 and 2 %: 100 x 0.15 is inside, 10,000 x 0.15 is not although 1.5 % < 2 %.
        ({"abs_upper": "50", "pct_upper": "2"}, "15.00", "1000", ()),
        ({"abs_upper": "50", "pct_upper": "2"}, "1500.00", "100000", ("abs_upper",)),
        ({"abs_upper": "50", "pct_upper": "1"}, "1500.00", "100000", ("abs_upper", "pct_upper")),
        # Nothing set checks nothing, 0 lets nothing pass.
        ({}, "1000000", "1", ()),
        ({"abs_upper": "0"}, "0.0001", "1000000", ("abs_upper",)),
        ({"abs_upper": "0", "abs_lower": "0"}, "0", "10", ()),
        # The other side has limits of its own.
        ({"abs_upper": "0"}, "-5", "10", ()),
        ({"abs_lower": "5"}, "-5", "10", ()),
        ({"abs_lower": "5"}, "-5.01", "10", ("abs_lower",)),
        ({"pct_lower": "10"}, "-1.01", "10", ("pct_lower",)),
        # A percentage of nothing is no percentage: breached, and said so.
        ({"pct_upper": "5"}, "1", "0", ("no_base",)),
        ({"pct_upper": "5"}, "1", "-3", ("no_base",)),
        ({"pct_upper": "5"}, "0", "0", ()),
    ],
)
def test_limits_are_strict(
    limits: dict[str, str], difference: str, base: str, expected: tuple[str, ...]
) -> None:
    row = Tolerance("price", **{name: D(value) for name, value in limits.items()})
    assert breaches(row, D(difference), D(base)) == expected


def test_thirds_of_a_case_are_compared_exactly() -> None:
    # 5 % of 1/3 is 1/60: neither has a decimal form, and exactly at the limit is inside.
    assert breaches(Tolerance("price", pct_upper=D(5)), Fraction(1, 60), Fraction(1, 3)) == ()


def test_ten_invoices_of_eleven_breach_together() -> None:
    row = Tolerance("quantity", pct_upper=D(10), cumulative_pct_upper=D(2))
    assert not breaches(row, Fraction(1), Fraction(10))
    assert breaches_cumulatively(row, Fraction(110), Fraction(100))
    assert not breaches_cumulatively(row, Fraction(102), Fraction(100))
    assert not breaches_cumulatively(row, Fraction(90), Fraction(100))
    assert breaches_cumulatively(row, Fraction(1), Fraction(0))
    assert not breaches_cumulatively(no_tolerance("quantity"), Fraction(110), Fraction(100))


def test_the_most_specific_row_counts() -> None:
    rows = [
        Tolerance("price", pct_upper=D(1)),
        Tolerance("price", pct_upper=D(2), vendor="V"),
        Tolerance("price", pct_upper=D(3), item="A"),
        Tolerance("price", pct_upper=D(4), item="A", vendor="V"),
    ]

    def percent(vendor: str | None, item: str | None) -> Decimal | None:
        return tolerance_for(rows, "price", vendor, [item]).pct_upper

    assert [percent(None, None), percent("V", None), percent("W", "A"), percent("V", "A")] == [
        D(1),
        D(2),
        D(3),
        D(4),
    ]
    assert tolerance_for(rows, "quantity", "V", ["A"]) == no_tolerance("quantity")


def test_negative_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="abs_upper must be 0 or more"):
        Tolerance("price", abs_upper=D(-1))


def test_the_shipped_policy_is_read(repository: Path) -> None:
    policy = load_policy(repository / "configs" / "policy.yaml")
    price = tolerance_of(policy.tolerance_rows(), "PRICE_OVER", None)
    assert (price.abs_upper, price.pct_upper, price.abs_lower) == (D("50.00"), D(2), None)


def test_the_default_policy_tolerates_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "policy.yaml"
    empty.write_text("# nothing\n", encoding="utf-8")
    assert load_policy(empty) == Policy()
    assert Policy().tolerance_rows() == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("expct: receipts", "unknown key 'expct'; did you mean 'expect'?"),
        (
            "tolerances: [{kind: price, abs_uper: '1'}]",
            "unknown key 'tolerances.0.abs_uper'; did you mean 'abs_upper'?",
        ),
        ("tolerances: [{kind: price, abs_upper: 1.5}]", 'write it as a string: "1.5"'),
        ("tolerances: [{kind: price, abs_upper: '-1'}]", "tolerances.0.abs_upper"),
        ("review_confidence: 90", "review_confidence"),
        ("- 1", "the top level must be keys"),
        ("a: [", "not YAML"),
    ],
)
def test_policies_that_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    assert says in str(refused.value)
    assert "policy.yaml" in str(refused.value)


def test_a_missing_policy_is_named() -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.yaml: cannot be read"):
        load_policy("nowhere.yaml")


def test_policy_from_parsed_json() -> None:
    assert parse_policy({"expect": "order"}).expect == "order"
