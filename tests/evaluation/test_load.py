"""The load benchmark's own arithmetic: percentiles, slopes, mixes, arrivals, and its report."""

import json
import math
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.benchmarks.load.driving import Sample, arrivals, pages_within
from serving.benchmarks.load.figures import Slope, histogram_quantile, percentile, rate, slope
from serving.benchmarks.load.page import html_page
from serving.benchmarks.load.papers import KINDS, SHARES, Case, Kind, mixed_cases
from serving.benchmarks.load.phases import Comparison, LoadRun, Overload
from serving.benchmarks.load.report import Report, figures, markdown, write_report
from serving.benchmarks.load.watching import (
    Snapshot,
    counts_between,
    cpu_used,
    part_of,
    stage_histograms,
)
from serving.settings import Settings

TURNS = Comparison(
    "scan", "tesseract", ((18, 20.0), (17, 20.0)), ((20, 20.0), (20, 20.0)),
    {"reading": 0.9, "model": 0.1, "http": 0.03, "ray": 0.01}, 0.01, 1.0, {"done": 40},
)  # fmt: skip


def sample(seconds: float, outcome: str = "done", kind: Kind = "text", began: float = 0) -> Sample:
    return Sample(kind, 1, began, began + seconds, outcome)


def steady(*samples: Sample, growth: float = 0.0) -> LoadRun:
    """Two minutes in which the memory of `http` grows by so many MB a minute, and jitters."""
    snapshots = tuple(
        Snapshot(
            2.0 * at,
            {"http": int(1e6 * (200 + growth * at / 30 + (at % 2))), "proxy": 10**8},
            {"http": at},
        )
        for at in range(60)
    )
    return LoadRun(0.0, 120.0, samples, {"read": {0.5: 3.0, 1.0: 4.0, math.inf: 4.0}}, snapshots)


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [
        ([], 0.5, None),
        ([7.0], 0.01, 7.0),
        ([7.0], 1.0, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(number) for number in range(1, 101)], 0.95, 95.0),
        ([float(number) for number in range(1, 101)], 0.951, 96.0),
    ],
)
def test_a_percentile_is_a_value_that_was_seen(
    values: list[float], share: float, wanted: float | None
) -> None:
    assert percentile(values, share) == wanted


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_percentile_of_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        percentile([1.0], share)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.001, 1))
def test_no_more_than_the_share_lies_below_a_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value < found for value in values) < share * len(values) + 1e-9
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_a_slope_is_found_with_bounds_that_hold_it() -> None:
    growing = slope([(at / 10, 5 + 2 * at / 10 + (at % 7) / 10) for at in range(200)])
    assert growing is not None
    assert growing.low < 2 < growing.high
    assert growing.value == pytest.approx(2, abs=0.05)
    assert not growing.flat


def test_what_never_changes_is_flat() -> None:
    assert slope([(float(at), 0.1) for at in range(9)]) == Slope(0.0, 0.0, 0.0)


def test_what_only_jitters_is_flat() -> None:
    still = slope([(at / 10, 300 + 5 * math.sin(at)) for at in range(400)])
    assert still is not None
    assert still.flat
    assert still.low <= 0 <= still.high


@pytest.mark.parametrize("points", [[], [(0.0, 1.0)], [(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]])
def test_too_little_has_no_slope(points: list[tuple[float, float]]) -> None:
    assert slope(points) is None


@pytest.mark.parametrize(
    ("counts", "share", "wanted"),
    [
        ({}, 0.5, None),
        ({1.0: 0.0, math.inf: 0.0}, 0.5, None),
        ({1.0: 10.0, 2.0: 10.0, math.inf: 10.0}, 0.5, 0.5),  # linear in the first bucket
        ({1.0: 5.0, 2.0: 10.0, math.inf: 10.0}, 0.75, 1.5),
        ({1.0: 0.0, 2.0: 0.0, math.inf: 4.0}, 0.9, 2.0),  # open above: at least that
    ],
)
def test_a_quantile_of_a_histogram_is_that_of_prometheus(
    counts: dict[float, float], share: float, wanted: float | None
) -> None:
    assert histogram_quantile(counts, share) == wanted


def test_a_rate_is_over_all_slices_and_needs_time() -> None:
    assert rate([(10, 5.0), (20, 10.0)]) == 2.0
    with pytest.raises(ValueError, match="no time"):
        rate([])


def test_a_mix_is_the_same_for_a_seed_and_keeps_its_shares_in_every_round() -> None:
    cases = {kind: [Case(kind, 1, f"{kind} {at}") for at in range(3)] for kind in KINDS}
    round_of = sum(SHARES.values())
    drawn = list(islice(mixed_cases(3, cases), 5 * round_of))
    assert drawn == list(islice(mixed_cases(3, cases), 5 * round_of))
    assert drawn != list(islice(mixed_cases(4, cases), 5 * round_of))
    for start in range(0, len(drawn), round_of):
        assert Counter(one.kind for one in drawn[start : start + round_of]) == dict(SHARES)


def test_arrivals_come_by_chance_at_the_rate() -> None:
    moments = arrivals(5.0, 400.0, seed=1)
    assert moments == arrivals(5.0, 400.0, seed=1)
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] < 400
    assert len(moments) == pytest.approx(2000, rel=0.1)
    with pytest.raises(ValueError, match="must be above 0"):
        arrivals(0.0, 1.0, seed=1)


def test_only_pages_done_within_the_span_count() -> None:
    samples = [sample(1.0), sample(2.0), sample(3.0), sample(2.5, outcome="internal")]
    assert pages_within(samples, 2.0, 3.0) == 1


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("ray::ServeReplica:tieout:http", "http"),
        ("ray::ServeReplica:tieout:reading", "reading"),
        ("ray::ProxyActor", "proxy"),
        ("python -c from data.pages.forkserver import serve", None),
        ("ray::ServeController", None),
    ],
)
def test_a_process_is_known_by_its_title(title: str, part: str | None) -> None:
    assert part_of(title) == part


def test_cpu_between_two_looks_counts_parts_that_are_new() -> None:
    before, after = Snapshot(0, {}, {"http": 1.0}), Snapshot(1, {}, {"http": 3.0, "model": 0.5})
    assert cpu_used(before, after) == {"http": 2.0, "model": 0.5}


EXPORTED = """# TYPE ray_tieout_stage_seconds histogram
ray_tieout_stage_seconds_bucket{le="0.5",stage="read",replica="a"} 2.0
ray_tieout_stage_seconds_bucket{le="+Inf",stage="read",replica="a"} 3.0
ray_tieout_stage_seconds_bucket{le="0.5",stage="read",replica="b"} 4.0
ray_tieout_stage_seconds_bucket{le="+Inf",stage="read",replica="b"} 4.0
ray_tieout_stage_seconds_count{stage="read",replica="b"} 4.0
other_bucket{le="0.5",stage="read"} 9.0
"""


def test_stages_are_added_up_over_replicas_and_since_a_moment() -> None:
    seen = stage_histograms(EXPORTED)
    assert seen == {"read": {0.5: 6.0, math.inf: 7.0}}
    assert counts_between({"read": {0.5: 5.0, math.inf: 5.0}}, seen) == {
        "read": {0.5: 1.0, math.inf: 2.0}
    }
    assert counts_between({}, seen) == seen


def report_of(**parts: object) -> Report:
    return replace(Report(Settings(), 2, 8, 10.0, 12.0, "done"), **parts)  # type: ignore[arg-type]


def missed(report: Report) -> list[str]:
    return [one.name for one in figures(report) if one.met is False]


def test_a_report_says_what_is_met_and_what_is_missed() -> None:
    fine = report_of(scan=TURNS, half=steady(sample(0.5)), mixed=steady(sample(1.0)))
    assert missed(fine) == []
    slow = replace(TURNS, service=((16, 20.0),))  # .80 of Tesseract's
    assert missed(report_of(scan=slow)) == ["scanned pages by bare Tesseract"]
    failing = replace(TURNS, outcomes={"done": 40, "internal": 1})
    assert missed(report_of(scan=failing)) == ["  scan disputes not done"]
    dear = replace(TURNS, service_cpu={"reading": 1.0, "http": 0.05})  # exactly 5 % is too much
    assert missed(report_of(scan=dear)) == ["CPU added to a scanned page"]
    late = steady(*[sample(0.5)] * 9, sample(1.0))
    assert missed(report_of(half=late)) == ["one-page text dispute at half load, 95th percentile"]
    assert "memory of http after warm-up" in missed(report_of(mixed=steady(growth=5.0)))
    assert missed(report_of(uploads=steady(sample(1.0), growth=10.0))) == []
    filling = report_of(uploads=steady(sample(1.0), growth=40.0))  # 45 MB of 230
    assert missed(filling) == ["memory of http over large uploads, after warm-up"]
    short = report_of(uploads=replace(steady(sample(1.0)), snapshots=()))
    assert len(missed(short)) == 2


@pytest.mark.parametrize(
    ("answers", "states", "wanted"),
    [
        ({"taken": 2, "429 with Retry-After": 9, "503 with Retry-After": 1}, {"done": 2}, []),
        (
            {"taken": 2, "503 with no Retry-After": 1},
            {"done": 2},
            ["overload, neither taken nor refused with Retry-After"],
        ),
        (
            {"taken": 2, "no answer": 1},
            {"done": 2},
            ["overload, neither taken nor refused with Retry-After"],
        ),
        ({"taken": 2}, {"done": 1, "failed": 1}, ["overload, taken and not done"]),
    ],
)
def test_overload_may_be_refused_but_not_fail(
    answers: dict[str, int], states: dict[str, int], wanted: list[str]
) -> None:
    assert missed(report_of(overload=Overload(answers, states, 1.0, 0.4))) == wanted


def test_the_report_is_a_page_that_needs_nothing_else(tmp_path: Path) -> None:
    report = report_of(
        scan=TURNS,
        half=steady(sample(0.5), sample(0.7, outcome="internal")),
        mixed=steady(sample(1.0), sample(70.0, kind="scan")),
        overload=Overload({"taken": 1}, {"done": 1}, 1.0, 0.4),
    )
    page = write_report(tmp_path / "new" / "folder", report, html_page(report)).read_text(
        encoding="utf-8"
    )
    assert page.count("<svg") == page.count("</svg>") == 7
    assert "<script" not in page
    assert "<img" not in page
    written = json.loads((tmp_path / "new" / "folder" / "report.json").read_text())
    assert written["scan"]["ratio"] == pytest.approx(0.875)
    assert written["mixed"]["latencies_s"]["scan"]["p95"] == 70.0
    assert written["half"]["outcomes"] == {"done": 1, "internal": 1}
    assert "| scanned pages by bare Tesseract | 0.88 | at least 0.85 | met |" in markdown(report)
