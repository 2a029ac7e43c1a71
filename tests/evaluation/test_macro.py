"""Means over families: every family counts the same, and intervals know that layouts fail whole."""

import pytest

from training.metrics.counts import share_interval
from training.metrics.macro import FamilyCounts, macro_share, pooled_share


def family(name: str, *shares: tuple[float, float]) -> FamilyCounts:
    return FamilyCounts(name, {f"{name}-{n}": share for n, share in enumerate(shares)})


LARGE_AND_GOOD = family("large", *[(9.0, 10.0)] * 8)
SMALL_AND_BAD = family("small", (1.0, 10.0))
EMPTY = family("empty", (0.0, 0.0))


@pytest.mark.parametrize(
    ("families", "macro", "pooled"),
    [
        ([LARGE_AND_GOOD], 0.9, 0.9),
        ([LARGE_AND_GOOD, SMALL_AND_BAD], 0.5, 73 / 90),
        ([LARGE_AND_GOOD, SMALL_AND_BAD, EMPTY], 0.5, 73 / 90),  # nothing to score: left out
        # The same family read in two ways: both readings count, as two rows.
        ([family("a", (1.0, 1.0)), family("a", (0.0, 1.0))], 0.5, 0.5),
        ([family("a", (0.0, 3.0))], 0.0, 0.0),
    ],
)
def test_families_count_the_same_however_large(
    families: list[FamilyCounts], macro: float, pooled: float
) -> None:
    mean, share = macro_share(families), pooled_share(families)
    assert mean is not None
    assert share is not None
    assert (mean.value, share.value) == (pytest.approx(macro), pytest.approx(pooled))
    assert mean.low <= mean.value + 1e-9
    assert mean.high >= mean.value - 1e-9


@pytest.mark.parametrize("families", [[], [EMPTY], [FamilyCounts("none", {})]])
def test_nothing_to_score_is_no_share(families: list[FamilyCounts]) -> None:
    assert macro_share(families) is None
    assert pooled_share(families) is None


def test_families_that_fail_whole_make_a_wider_interval_than_their_documents_would() -> None:
    families = [family(str(n), *[(float(n % 2), 1.0)] * 20) for n in range(6)]
    clustered = pooled_share(families)
    documents = [share for each in families for share in each.counts.values()]
    apart = share_interval([part for part, _ in documents], [whole for _, whole in documents])
    assert clustered is not None
    assert clustered.value == apart.value == 0.5
    assert clustered.high - clustered.low > 2 * (apart.high - apart.low)


def test_one_family_is_drawn_by_its_documents_alone() -> None:
    mean = macro_share([family("a", (0.0, 1.0), (1.0, 1.0), (1.0, 1.0), (1.0, 1.0))])
    assert mean is not None
    assert (mean.low, mean.high) == (0.25, 1.0)


def test_readings_of_one_family_are_drawn_together() -> None:
    """Two readings that mirror each other on the same documents cancel out in every draw."""
    shares = {f"d{n}": (float(n % 2), 1.0) for n in range(10)}
    mirrored = {name: (1.0 - part, whole) for name, (part, whole) in shares.items()}
    mean = macro_share([FamilyCounts("a", shares), FamilyCounts("a", mirrored)])
    assert mean is not None
    assert (mean.low, mean.value, mean.high) == (0.5, 0.5, 0.5)


def test_the_same_families_give_the_same_interval() -> None:
    families = [family(str(n), (n * 0.7, 10.0), (n * 0.9, 10.0)) for n in range(10)]
    assert macro_share(families) == macro_share(families)
    assert macro_share(families, seed=1) != macro_share(families)
