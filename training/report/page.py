"""A report as one self-contained HTML page: opens offline, light or dark, fetches nothing."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from training.report.disputes_section import CLOSES, OPENS, section_html
from training.report.sections import (
    HEADLINE,
    confidence_tables,
    detail_tables,
    headline_table,
    meaning,
    notices,
    optional_tables,
    run_table,
    slice_tables,
    subject,
    timing_line,
    title,
    worst_slices_table,
)
from training.report.tables import Table

_FOLDED_ROWS = 25  # longer tables are folded
_SCANNERS = {"light": "on a good scanner", "heavy": "on a bad one"}

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5c6675;--line:#d9dee5;--page:#fff;
--panel:#f5f7fa;--bar:#2f6fb5;--track:#dfe6ee;--warn:#b45309;--good:#15803d;--bad:#c81e1e;
--missed:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa5b4;--line:#333c48;
--page:#12161c;--panel:#1a2028;--bar:#6ea8e6;--track:#2a323d;--warn:#f0a450;--good:#4ade80;
--bad:#f87171;--missed:#93b4ff}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);
background:var(--page);max-width:70rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
footer{color:var(--soft);font-size:.85rem;margin-top:2rem}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
p{max-width:52rem;margin:.4rem 0 .8rem}.soft,h2+p{color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.8rem 0 1.2rem;font-size:.9rem}
body:not(:has(#disputes h2)) nav a[href="#disputes"]{display:none}
nav a{color:var(--bar);text-decoration:none}nav a:hover{text-decoration:underline}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.9rem;
margin:1.2rem 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.card b{display:block;font-size:1.9rem;line-height:1.2;font-variant-numeric:tabular-nums}
.card small{color:var(--soft);display:block;font-size:.82rem}.card small+small{margin-top:.5rem}
.range{position:relative;height:.5rem;border-radius:.25rem;background:var(--track);
margin:.5rem 0}
.range i,.range u{position:absolute;top:0;bottom:0;border-radius:.25rem;background:var(--bar)}
.range i{opacity:.45}.range u{width:3px;margin-left:-1px}
aside{border-left:4px solid var(--warn);background:var(--panel);padding:.5rem .9rem;
margin:.6rem 0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;margin:.3rem 0 .8rem}
td,th{padding:.28rem .8rem .28rem 0;border-bottom:1px solid var(--line);text-align:left;
vertical-align:top;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;overflow-wrap:normal}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--bar)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.2rem}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:.6rem;
padding:.8rem}
figure svg{max-width:100%;height:auto;display:block}
figcaption{color:var(--soft);font-size:.85rem;margin-top:.4rem}
.document{width:min(96vw,96rem);position:relative;left:50%;transform:translateX(-50%);
border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem;margin:1rem 0}
.document h3{margin:0 0 .2rem;font-size:1rem;overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1.2rem}
.sides>.wide{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto}
.sides .number{white-space:nowrap}.pages p{margin:0;font-size:.85rem}
.sheet{display:block;width:100%;max-width:56rem;height:auto;background:#fff;margin:0 0 .7rem;
border:1px solid var(--line);font-family:system-ui,sans-serif;color:#000}
.m{fill:none;stroke-width:1.5;pointer-events:all}text.m{stroke:#fff;stroke-width:3px;
paint-order:stroke;font-size:11px;font-weight:700;pointer-events:none}
.m.right{stroke:#15803d}.m.wrong{stroke:#c81e1e;stroke-width:2}
.m.missed{stroke:#1d4ed8;stroke-width:2;stroke-dasharray:7 4}
.m.left-out{stroke:#6b7280;stroke-dasharray:1.5 3}
text.m{stroke:#fff!important;stroke-width:3px!important;stroke-dasharray:none!important}
text.m.right{fill:#15803d}text.m.wrong{fill:#c81e1e}text.m.missed{fill:#1d4ed8}
text.m.left-out{fill:#6b7280}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;max-width:none}
.legend svg{width:2.5rem;height:1.1rem;background:#fff;vertical-align:-.2rem;margin-right:.4rem}
.right{color:var(--good)}.wrong{color:var(--bad)}.missed{color:var(--missed)}
@media(max-width:48rem){.wide table{min-width:44rem}}
@media print{nav{display:none}.sides>.wide{position:static;max-height:none}}
"""


def to_html(report: Mapping[str, Any], charts: str = "", gallery: str = "") -> str:
    """Return the page; `charts` and `gallery` are HTML of their own and included as they are."""
    name = html.escape(title(report))
    disputes = report.get("disputes")
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{name}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(subject(report))}: how well it was read</h1>",
        f'<p class="soft">{html.escape(_reading_line(report))}</p>',
        _navigation(gallery),
        _cards(report),
        *(f"<aside>{html.escape(notice)}</aside>" for notice in notices(report)),
        '<span id="slices"></span>',
        _table(worst_slices_table(report)),
        *(_table(table) for table in optional_tables(report)),
        '<div id="disputes">',
        OPENS,
        section_html(disputes) if disputes else "",
        CLOSES,
        "</div>",
        '<span id="trust"></span>',
        *([f'<h2>Charts</h2><div class="charts">{charts}</div>'] if charts else []),
        *(_table(table) for table in confidence_tables(report)),
        *([f'<h2 id="gallery">Worst documents</h2>{gallery}'] if gallery else []),
        '<span id="details"></span>',
        _table(headline_table(report)),
        *(_table(table) for table in detail_tables(report)),
        *(_table(table) for table in slice_tables(report)),
        '<span id="run"></span>',
        _table(run_table(report)),
        f"<footer>{html.escape(timing_line(report))}</footer>",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a report that a notebook shows in a frame of its own; `html` is a whole page."""

    html: str
    height: int = 700  # px of the frame

    def _repr_html_(self) -> str:
        """Return what Jupyter shows; the frame keeps the page's style away from the notebook."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="{self.height}" '
            'style="border:0" sandbox></iframe>'
        )


def show_gallery(gallery: str) -> Fragment:
    """Return a gallery of pages (`training.report.gallery`) as it is in the report."""
    return _fragment(gallery or "<p>Every document was read right.</p>", 900)


def show_charts(charts: str) -> Fragment:
    """Return the charts (`training.report.charts`) as they are in the report."""
    return _fragment(f'<div class="charts">{charts}</div>', 520)


def show_tables(tables: Iterable[Table]) -> Fragment:
    """Return tables as they are in the report, each under its title."""
    return _fragment("".join(_table(table) for table in tables), 420)


def _fragment(body: str, height: int) -> Fragment:
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Tieout</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )
    return Fragment(page, height)


def _reading_line(report: Mapping[str, Any]) -> str:
    settings = report.get("settings") or {}
    parts = [f"{report['documents']} documents"]
    if settings.get("reader"):
        parts.append(f"read by {settings['reader']}")
    if settings.get("words"):
        parts.append(f"words: {settings['words']}")
    if settings.get("damage") in _SCANNERS:
        parts.append(f"every page scanned first, {_SCANNERS[settings['damage']]}")
    return ", ".join(parts) + ". A score of 1 is perfect; the bar shows the 95 % interval."


def _navigation(gallery: str) -> str:
    links = {
        "slices": "Where it is worst",
        "disputes": "Disputes",
        "trust": "Confidence",
        **({"gallery": "Worst documents"} if gallery else {}),
        "details": "Details",
        "run": "Run",
    }
    return "<nav>" + "".join(f'<a href="#{k}">{v}</a>' for k, v in links.items()) + "</nav>"


def _cards(report: Mapping[str, Any]) -> str:
    cards = "".join(
        _card(name, report[key], meaning(report, key)) for key, name in HEADLINE.items()
    )
    return f'<div class="cards">{cards}</div>'


def _card(name: str, score: Mapping[str, float] | None, words: str) -> str:
    meaning_html = f"<small>{html.escape(words)}</small>"
    if score is None:
        return f'<div class="card"><small>{html.escape(name)}</small><b>-</b>{meaning_html}</div>'
    low, high, value = (100 * score[key] for key in ("low", "high", "value"))
    return (
        f'<div class="card"><small>{html.escape(name)}</small><b>{score["value"]:.3f}</b>'
        f'<div class="range"><i style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<u style="left:{value:.1f}%"></u></div>'
        f"<small>between {score['low']:.3f} and {score['high']:.3f}</small>{meaning_html}</div>"
    )


def _table(table: Table) -> str:
    parts = [f"<h2>{html.escape(table.title)}</h2>"]
    if table.note:
        parts.append(f"<p>{html.escape(table.note)}</p>")
    if table.columns:
        grid = f'<div class="wide"><table>{_cells("th", table.columns)}{_rows(table)}</table></div>'
        if len(table.rows) > _FOLDED_ROWS:
            grid = f"<details><summary>{len(table.rows)} rows</summary>{grid}</details>"
        parts.append(grid)
    return "".join(parts)


def _rows(table: Table) -> str:
    return "".join(_cells("td", row) for row in table.rows)


def _cells(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
