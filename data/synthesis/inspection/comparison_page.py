"""Writes the comparison of real and synthetic documents as one page: `statistics.html`.

Each measure is a chart: a dot is one real document, the grey band holds 98 % of the synthetic
documents of its group, the dark part half of them. Dots outside the band are documents that the
generator does not make.
"""

import base64
import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.synthesis.inspection.comparison import (
    PRINTS,
    Floats,
    compare,
    list_beyond_range,
    markdown_table,
    measure_values,
    most_common_group,
    rank_by_distance,
)
from data.synthesis.inspection.measures import MEASURES, DocumentMeasures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#0b6fb8", "#c4500a", "#1a8a4a", "#8a3fa8", "#a8820a", "#b02a5b")
_SHOWN = 120  # missing words a list shows; the JSON has them all
_SENTENCES = 40
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
h1,h2{line-height:1.2} figure{margin:1.5rem 0} figcaption{color:#555} img{max-width:100%}
table{border-collapse:collapse} td,th{padding:.15rem .7rem;text-align:right}
td:first-child,th:first-child{text-align:left} tr{border-bottom:1px solid #ddd}
.words span{display:inline-block;margin:.1rem .25rem;padding:0 .4rem;border-radius:.3rem;
background:#eee} .words b{font-weight:600;color:#c4500a}
"""


def write_comparison(
    folder: Path,
    real: Mapping[str, Sequence[DocumentMeasures]],
    synthetic: Sequence[DocumentMeasures],
) -> str:
    """Write `statistics.html` and `statistics.json` and return a short Markdown table.

    The page shows words of the real documents: keep it where these may be read.
    """
    comparison = compare(real, synthetic)
    folder.mkdir(parents=True, exist_ok=True)
    whole = comparison | {
        "poorer": list_beyond_range(comparison),
        "furthest": rank_by_distance(comparison),
    }
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    (folder / "statistics.json").write_text(text + "\n", encoding="utf-8")
    page = _page(comparison, real, synthetic)
    (folder / "statistics.html").write_text(page, encoding="utf-8")
    return markdown_table(comparison)


def _page(
    comparison: Mapping[str, Any],
    real: Mapping[str, Sequence[DocumentMeasures]],
    synthetic: Sequence[DocumentMeasures],
) -> str:
    corpora = tuple(real)
    colours = {name: _COLOURS[index % len(_COLOURS)] for index, name in enumerate(corpora)}
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<title>Real and synthetic documents</title>",
        f"<style>{_STYLE}</style><h1>What the synthetic documents lack</h1>",
        _counts(comparison),
        "<h2>Beyond the synthetic range</h2><ol>",
        *(
            f"<li>{html.escape(entry['sentence'])}"
            for entry in list_beyond_range(comparison)[:_SENTENCES]
        ),
        "</ol><h2>Furthest apart</h2>",
        "<p>A corpus may be within the range, but where few synthetic documents are.</p><ol>",
        *(
            f"<li>{html.escape(entry['sentence'])}"
            for entry in rank_by_distance(comparison)[:_SENTENCES]
        ),
        "</ol><h2>Printed by real documents, never by synthetic ones</h2>",
        "<p>The number is the count of real documents that print it.</p>",
        *(_words(kind, comparison) for kind in PRINTS),
        "<h2>Every measure</h2><p>A dot is a real document. The grey band holds 98 % of the"
        " synthetic documents of its group, the darker part the middle half.</p>",
    ]
    parts += [
        _figure(name, comparison["measures"][name], picture)
        for name, picture in _pictures(real, synthetic, colours)
    ]
    return "\n".join(parts) + "\n</html>\n"


def _counts(comparison: Mapping[str, Any]) -> str:
    groups = ", ".join(f"{count} {name}s" for name, count in comparison["groups"].items())
    head = "".join(f"<th>{html.escape(what)}" for what in PRINTS.values())
    rows = []
    for name, count in comparison["documents"].items():
        if name == "synthetic":
            continue
        shares = [comparison["coverage"][kind].get(name) for kind in PRINTS]
        cells = "".join(
            f"<td>{'' if share is None else f'{100 * share:.0f} %'}" for share in shares
        )
        rows.append(f"<tr><td>{html.escape(name)}<td>{count}{cells}")
    return (
        f"<p>{comparison['documents']['synthetic']} synthetic documents ({groups}). The share of"
        " a real document's texts that some synthetic document prints:</p>"
        f"<table><tr><th>corpus<th>documents{head}{''.join(rows)}</table>"
    )


def _words(kind: str, comparison: Mapping[str, Any]) -> str:
    entries = comparison["missing"][kind]
    spans = "".join(
        f"<span title='{html.escape(_where(entry), quote=True)}'>{html.escape(entry['text'])}"
        f" <b>{entry['documents']}</b></span>"
        for entry in entries[:_SHOWN]
    )
    return f"<h3>{PRINTS[kind]}: {len(entries)}</h3><p class=words>{spans or 'none'}</p>"


def _where(entry: Mapping[str, Any]) -> str:
    by = ", ".join(f"{name} {count}" for name, count in entry["corpora"].items())
    return f"{by}; {entry['layouts']} known layouts" if entry["layouts"] else by


def _figure(name: str, entry: Mapping[str, Any], picture: bytes) -> str:
    distances = "; ".join(
        f"{corpus} {numbers['distance']:.2f} ({numbers['distance_from_to'][0]:.2f} to"
        f" {numbers['distance_from_to'][1]:.2f})"
        for corpus, numbers in entry["corpora"].items()
    )
    source = base64.b64encode(picture).decode()
    return (
        f"<figure id={name}><h3>{html.escape(entry['what'])}</h3>"
        f"<img alt='{html.escape(entry['what'], quote=True)}' width=860"
        f" src='data:image/png;base64,{source}'>"
        f"<figcaption>Kolmogorov-Smirnov distance, 90 % of resamples: {html.escape(distances)}"
        "</figcaption></figure>"
    )


def _pictures(
    real: Mapping[str, Sequence[DocumentMeasures]],
    synthetic: Sequence[DocumentMeasures],
    colours: Mapping[str, str],
) -> Iterable[tuple[str, bytes]]:
    """Yield each measure that some corpus has, with its chart as PNG."""
    for name in MEASURES:
        rows = [
            (corpus, real_values, synthetic_values)
            for corpus, documents in real.items()
            if len(real_values := measure_values(documents, name))
            and len(
                synthetic_values := measure_values(synthetic, name, most_common_group(documents))
            )
        ]
        if rows:
            yield name, _picture(rows, colours)


def _picture(rows: Sequence[tuple[str, Floats, Floats]], colours: Mapping[str, str]) -> bytes:
    from matplotlib.figure import Figure

    below, tall = 0.32, 0.1 + 0.5 * len(rows)  # inches
    figure = Figure(figsize=(8.6, below + tall + 0.05), dpi=110)
    share = 1 / (below + tall + 0.05)
    # Fixed positions: a layout engine takes longer than the drawing
    axes = figure.add_axes((0.16, below * share, 0.82, tall * share))
    for place, (corpus, real_values, synthetic_values) in enumerate(rows):
        _row(axes, len(rows) - 1 - place, real_values, synthetic_values, colours[corpus])
    axes.set_yticks(range(len(rows)), [row[0] for row in reversed(rows)])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    # A few very large values would press everything else to the edge
    every = [np.quantile(numbers, (0.005, 0.995)) for row in rows for numbers in row[1:]]
    low, high = min(edges[0] for edges in every), max(edges[1] for edges in every)
    room = 0.02 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _row(axes: "Axes", y: int, real_values: Floats, synthetic_values: Floats, colour: str) -> None:
    low, below, median, above, high = np.quantile(synthetic_values, (0.01, 0.25, 0.5, 0.75, 0.99))
    axes.barh(y, high - low, left=low, height=0.7, color="#e3e3e3", zorder=1)
    axes.barh(y, above - below, left=below, height=0.7, color="#c4c4c4", zorder=2)
    axes.vlines(median, y - 0.35, y + 0.35, color="#777", linewidth=1.2, zorder=3)
    jitter = np.random.default_rng(len(real_values)).uniform(-0.27, 0.27, len(real_values))
    axes.scatter(real_values, y + jitter, s=6, color=colour, alpha=0.55, linewidths=0, zorder=4)
