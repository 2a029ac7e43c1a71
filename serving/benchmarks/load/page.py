"""The load report as one HTML page: tables, and plots as inline SVG."""

import html
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from serving.benchmarks.load.phases import Comparison, LoadRun
from serving.benchmarks.load.report import (
    Report,
    done_seconds,
    figures,
    latencies,
    memory,
    stage_seconds,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse} td,th{padding:.15rem .7rem;text-align:left}
tr{border-bottom:1px solid #ddd} .missed{color:#b02a2a;font-weight:600} .met{color:#1a7a3a}
svg{max-width:100%;height:auto} figcaption{color:#555}
"""
_MINUTE_S = 60.0


def html_page(report: Report) -> str:
    """Return the report as a self-contained HTML page."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Load of the service</title>",
        f"<style>{_STYLE}</style><h1>Load of the service</h1>",
        f"<p>{report.cores} cores, {report.clients} clients; rates are ratios within this run.</p>",
        _figures(report),
    ]
    for turns in (report.scan, report.text, report.long):
        if turns is not None:
            parts += [f"<h2>{turns.kind} pages against {turns.craft}</h2>", _turns(turns)]
    for title, steady in (
        ("Half load", report.half),
        ("Large uploads", report.uploads),
        ("Mixed load", report.mixed),
    ):
        if steady is not None:
            parts += [f"<h2>{title}</h2>", *_steady(steady)]
    return "\n".join(parts) + "\n</html>\n"


def _figures(report: Report) -> str:
    rows = []
    for figure in figures(report):
        met = {None: "", True: "met", False: "missed"}[figure.met]
        cells = "".join(
            f"<td>{html.escape(text)}" for text in (figure.name, figure.value, figure.target)
        )
        rows.append(f"<tr>{cells}<td class={met or 'none'}>{met}")
    return f"<table><tr><th>figure<th>value<th>target<th>{''.join(rows)}</table>"


def _turns(turns: Comparison) -> str:
    def draw(axes: "Axes") -> None:
        for name, slices in (("service", turns.service), (turns.craft, turns.bare)):
            rates = [pages / seconds for pages, seconds in slices]
            axes.plot(range(1, len(rates) + 1), rates, "o-", label=name)
        axes.set(xlabel="time slice", ylabel="pages per second", ylim=(0, None))
        axes.legend()

    cpu = {**turns.service_cpu, f"bare {turns.craft}": turns.bare_cpu, "client": turns.client_cpu}
    rows = {name: {"CPU seconds of a page": seconds} for name, seconds in sorted(cpu.items())}
    return _table("part", rows) + _figure("Pages per second, in turns.", draw)


def _steady(steady: LoadRun) -> list[str]:
    return [
        "<h3>Seconds to a verdict</h3>",
        _table("kind", latencies(steady.samples)),
        _figure("Share of disputes done within a number of seconds.", _times(steady)),
        "<h3>Seconds of a stage, by the service's own histograms</h3>",
        _table("stage", stage_seconds(steady)),
        _figure("Pages per minute over time.", _throughput(steady)),
        _figure("Resident memory of each part.", _memory(steady)),
    ]


def _times(steady: LoadRun) -> Callable[["Axes"], None]:
    def draw(axes: "Axes") -> None:
        for kind in sorted({sample.kind for sample in steady.samples}):
            seconds = sorted(
                done_seconds(sample for sample in steady.samples if sample.kind == kind)
            )
            shares = [(position + 1) / len(seconds) for position in range(len(seconds))]
            axes.step(seconds, shares, where="post", label=kind)
        axes.set(xlabel="seconds", ylabel="share", xlim=(0, None), ylim=(0, 1))
        axes.legend()

    return draw


def _throughput(steady: LoadRun) -> Callable[["Axes"], None]:
    def draw(axes: "Axes") -> None:
        pages: Counter[int] = Counter()
        for sample in steady.samples:
            if sample.outcome == "done":
                pages[int((sample.ended - steady.began) / _MINUTE_S)] += sample.pages
        whole = range(int(steady.seconds / _MINUTE_S))
        axes.step(list(whole), [pages[minute] for minute in whole], where="post")
        axes.set(xlabel="minute", ylabel="pages", ylim=(0, None))

    return draw


def _memory(steady: LoadRun) -> Callable[["Axes"], None]:
    def draw(axes: "Axes") -> None:
        for part, points in memory(steady).items():
            axes.plot(*zip(*points, strict=True), label=part)
        axes.set(xlabel="minute", ylabel="MB", ylim=(0, None))
        axes.legend(ncols=3)

    return draw


def _table(head: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    columns = list(next(iter(rows.values()), {}))
    titles = "".join(f"<th>{html.escape(column)}" for column in (head, *columns))
    lines = [
        f"<tr><td>{html.escape(name)}" + "".join(f"<td>{_cell(row[column])}" for column in columns)
        for name, row in rows.items()
    ]
    return f"<table><tr>{titles}{''.join(lines)}</table>"


def _cell(value: float | int | None) -> str:
    if value is None:
        return "none"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.3f}"


def _figure(caption: str, draw: Callable[["Axes"], None]) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    draw(axes)
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    picture = re.sub(r"^.*?(?=<svg)", "", stream.getvalue(), flags=re.DOTALL)
    return f"<figure>{picture}<figcaption>{html.escape(caption)}</figcaption></figure>"
