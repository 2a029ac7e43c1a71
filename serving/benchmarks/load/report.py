"""The report of the load benchmark: figures with their targets, as JSON, HTML and Markdown."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from serving.benchmarks.load.driving import Sample
from serving.benchmarks.load.figures import Slope, histogram_quantile, percentile, rate, slope
from serving.benchmarks.load.papers import KINDS
from serving.benchmarks.load.phases import Comparison, LoadRun, Overload, count_outcomes
from serving.settings import Settings

MB = 1_000_000
SHARES = (0.5, 0.95, 0.99)
# Growth of memory counts after this share of the mixed load: caches fill and pools grow before.
_WARM = 0.25
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """All measurements of a run; None where a part was left out."""

    settings: Settings
    cores: int
    clients: int
    ready_s: float
    verdict_s: float
    first_outcome: str
    scan: Comparison | None = None
    text: Comparison | None = None
    long: Comparison | None = None
    half: LoadRun | None = None
    uploads: LoadRun | None = None
    mixed: LoadRun | None = None
    overload: Overload | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its target; `met` is None where there is no target."""

    name: str
    value: str
    target: str = ""
    met: bool | None = None


def figures(report: Report) -> list[Figure]:
    """Return the figures of a report, each with its target."""
    results = [
        Figure("service ready after the start", f"{report.ready_s:.1f} s"),
        Figure(
            "first verdict after the start",
            f"{report.verdict_s:.1f} s ({report.first_outcome})",
        ),
    ]
    if report.scan is not None:
        results += _turns(report.scan, "scanned pages by bare Tesseract", 0.85)
        added = report.scan.added_cpu
        results.append(_at_most("CPU added to a scanned page", added, 0.05, "{:.1%}"))
        results.append(Figure("scanned page, CPU of the service by bare Tesseract's",
                            f"{report.scan.cpu_over_bare + 1:.2f}"))  # fmt: skip
    if report.text is not None:
        results += _turns(report.text, "text pages by the same extraction without Ray", 0.7)
        added = report.text.added_cpu
        results.append(_at_most("CPU added to a text page", added, 0.05, "{:.1%}"))
        results.append(Figure("text page, CPU of the service by that of the extraction",
                            f"{report.text.cpu_over_bare + 1:.2f}"))  # fmt: skip
    if report.long is not None:
        results += _turns(
            report.long, "pages of long texts by the same extraction without Ray", 0.7
        )
        results.append(_at_most("CPU added to a page of a long text", report.long.added_cpu, 0.05,
                              "{:.1%}"))  # fmt: skip
    if report.half is not None:
        p95 = percentile(done_seconds(report.half.samples), 0.95)
        name = "one-page text dispute at half load, 95th percentile"
        results.append(_at_most(name, p95, 1.0, "{:.2f} s"))
    if report.uploads is not None:
        results += _uploads(report.uploads)
    if report.mixed is not None:
        results += _mixed(report.mixed)
    if report.overload is not None:
        results += _overload(report.overload)
    return results


def _turns(turns: Comparison, name: str, minimum_ratio: float) -> list[Figure]:
    failed = sum(count for outcome, count in turns.outcomes.items() if outcome != "done")
    return [
        Figure(name, f"{turns.ratio:.2f}", f"at least {minimum_ratio:.2f}", 
               turns.ratio >= minimum_ratio),
        Figure(f"  pages a second, the service and {turns.craft}",
               f"{rate(turns.service):.2f}, {rate(turns.bare):.2f}"),
        Figure(f"  {turns.kind} disputes not done", str(failed), "0", failed == 0),
    ]  # fmt: skip


def _at_most(name: str, value: float | None, limit: float, shown: str) -> Figure:
    if value is None:
        return Figure(name, "nothing measured", f"below {shown.format(limit)}", False)
    return Figure(name, shown.format(value), f"below {shown.format(limit)}", value < limit)


def _mixed(steady: LoadRun) -> list[Figure]:
    pages = sum(sample.pages for sample in steady.samples if sample.outcome == "done")
    failed = sum(sample.outcome != "done" for sample in steady.samples)
    results = [
        Figure("mixed load", f"{len(steady.samples)} disputes, {pages} pages in"
               f" {steady.seconds / _MINUTE_S:.1f} minutes"),
        Figure("mixed load, pages a second", f"{pages / steady.seconds:.2f}"),
        Figure("mixed load, disputes not done", str(failed), "0", failed == 0),
    ]  # fmt: skip
    for part, line in memory_slopes(steady).items():
        if line is not None:
            text = f"{line.value:+.2f} MB/min, 95 % within {line.low:+.2f} and {line.high:+.2f}"
            results.append(Figure(f"memory of {part} after warm-up", text, "flat", line.flat))
    return results


def _uploads(steady: LoadRun) -> list[Figure]:
    failed = sum(sample.outcome != "done" for sample in steady.samples)
    results = [
        Figure("large uploads", f"{len(steady.samples)} in {steady.seconds:.0f} s"),
        Figure("large uploads not done", str(failed), "0", failed == 0),
    ]
    for part in ("http", "proxy"):
        grown = growth(steady, part)
        name = f"memory of {part} over large uploads, after warm-up"
        results.append(_at_most(name, grown, 0.1, "{:+.1%}"))
    return results


def _overload(overload: Overload) -> list[Figure]:
    fine = sum(
        count
        for answer, count in overload.answers.items()
        if answer in ("taken", "429 with Retry-After", "503 with Retry-After")
    )
    other = sum(overload.answers.values()) - fine
    accepted = overload.answers.get("taken", 0)
    lost = accepted - overload.states.get("done", 0)
    return [
        Figure("overload, answers", _counts(overload.answers)),
        Figure("overload, neither taken nor refused with Retry-After", str(other), "0", other == 0),
        Figure("overload, taken and not done", str(lost), "0", lost == 0),
        Figure("overload, settled after", f"{overload.drained_s:.1f} s"),
        Figure("overload, the next verdict after", f"{overload.verdict_after_s:.2f} s"),
    ]


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items())


def done_seconds(samples: Iterable[Sample]) -> list[float]:
    """Return the seconds of each dispute that was done."""
    return [sample.seconds for sample in samples if sample.outcome == "done"]


def memory(steady: LoadRun) -> dict[str, list[tuple[float, float]]]:
    """Return the resident MB of each part by the minutes since the load began."""
    points: dict[str, list[tuple[float, float]]] = {}
    for snapshot in steady.snapshots:
        minute = (snapshot.moment - steady.began) / _MINUTE_S
        for part, size in snapshot.rss.items():
            points.setdefault(part, []).append((minute, size / MB))
    return dict(sorted(points.items()))


def memory_slopes(steady: LoadRun) -> dict[str, Slope | None]:
    """Return the memory growth of each part after warm-up, in MB per minute."""
    warm = _WARM * steady.seconds / _MINUTE_S
    return {
        part: slope([point for point in points if point[0] >= warm])
        for part, points in memory(steady).items()
    }


def growth(steady: LoadRun, part: str) -> float | None:
    """Return the relative memory growth of a part from the second quarter to the last."""
    sizes = [snapshot.rss[part] for snapshot in steady.snapshots if part in snapshot.rss]
    quarter = len(sizes) // 4
    if not quarter:
        return None
    before, after = mean(sizes[quarter : 2 * quarter]), mean(sizes[-quarter:])
    return after / before - 1


def latencies(samples: Sequence[Sample]) -> dict[str, dict[str, float | int | None]]:
    """Return count and percentiles of the seconds to a verdict, for each kind and for all."""
    groups: dict[str, list[Sample]] = {
        kind: [sample for sample in samples if sample.kind == kind] for kind in KINDS
    }
    return {
        name: {
            "disputes": len(group),
            **{f"p{share * 100:g}": percentile(done_seconds(group), share) for share in SHARES},
        }
        for name, group in (groups | {"all": list(samples)}).items()
        if group
    }


def stage_seconds(steady: LoadRun) -> dict[str, dict[str, float | None]]:
    """Return percentiles of each stage's seconds, from the service's own histograms."""
    return {
        stage: {
            "count": max(counts.values(), default=0.0),
            **{f"p{share * 100:g}": histogram_quantile(counts, share) for share in SHARES},
        }
        for stage, counts in sorted(steady.stages.items())
    }


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON-able objects, without single samples."""
    written: dict[str, Any] = {
        "figures": [asdict(figure) for figure in figures(report)],
        "settings": report.settings.model_dump(mode="json", exclude_defaults=True),
        "cores": report.cores,
        "clients": report.clients,
    }
    for name, turns in (("scan", report.scan), ("text", report.text), ("long", report.long)):
        if turns is not None:
            written[name] = asdict(turns) | {"ratio": turns.ratio, "added_cpu": turns.added_cpu}
    for name, steady in (
        ("half", report.half),
        ("uploads", report.uploads),
        ("mixed", report.mixed),
    ):
        if steady is not None:
            written[name] = {
                "seconds": steady.seconds,
                "outcomes": count_outcomes(steady.samples),
                "latencies_s": latencies(steady.samples),
                "stages_s": stage_seconds(steady),
                "memory_mb_per_minute": {
                    part: None if line is None else asdict(line)
                    for part, line in memory_slopes(steady).items()
                },
                "memory_mb": memory(steady),
            }
    if report.overload is not None:
        written["overload"] = asdict(report.overload)
    return written


def markdown(report: Report) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| figure | value | target | |", "|---|---|---|---|"]
    for figure in figures(report):
        met = {None: "", True: "met", False: "**missed**"}[figure.met]
        lines.append(f"| {figure.name.strip()} | {figure.value} | {figure.target} | {met} |")
    return "\n".join(lines) + "\n"


def write_report(folder: Path, report: Report, page_html: str) -> Path:
    """Write `report.json` and `report.html` to a folder; return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(report), indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    page = folder / "report.html"
    page.write_text(page_html, encoding="utf-8")
    return page
