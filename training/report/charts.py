"""The two confidence charts of `report.html`: risk against coverage, and reliability.

Drawn by matplotlib as SVG inside the page: its colours are the page's CSS variables
(light or dark), its letters are text, and the same report gives the same bytes.
"""

import html
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_SIZE = (5.6, 3.6)  # inches of 72 points; the page scales it
# Colours in the notation of matplotlib, and the page's variables that take their place.
_INKS = {
    "#010101": "var(--ink)",
    "#020202": "var(--soft)",
    "#030303": "var(--line)",
    "#040404": "var(--bar)",
    "#050505": "var(--warn)",
    "#060606": "var(--good)",
}
_INK, _SOFT, _LINE, _BAR, _WARN, _GOOD = _INKS
_STYLE = {
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "text.parse_math": False,  # a currency may be "$"
    "font.family": "sans-serif",
    "font.size": 10.0,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "path.simplify": False,
}
_MIN_RISK_SHOWN = 0.05  # the axis shows at least this much, so that a small risk looks small
_MIN_COVERAGE = 0.1  # coverage from which the axis must show the curve: the first few values jump
_MAX_CURRENCIES = 2
_NO_CHARTS = '<p class="soft">No charts: {} so there is nothing to draw.</p>'

_Json = Mapping[str, Any]


def charts_html(report: _Json) -> str:
    """Return the two charts as HTML figures, or a sentence where there is nothing to draw.

    They show all line cells, or the header field with the most values where no cell states a
    confidence, and the amounts weighted by their money for the commonest currencies.
    """
    confidence = report["confidence"]
    subject = _subject(confidence)
    if subject is None:
        why = "the predictions state no confidence for a value that the truth can judge,"
        return _NO_CHARTS.format(why)
    name, measures = subject
    return _coverage_figure(name, measures, _money_curves(confidence)) + _reliability_figure(
        name, measures
    )


def _subject(confidence: _Json) -> tuple[str, _Json] | None:
    if confidence["all_cells"]["count"]:
        return "line cells", confidence["all_cells"]
    fields = sorted(confidence["fields"].items(), key=lambda field: -field[1]["count"])
    return (f"header fields '{fields[0][0]}'", fields[0][1]) if fields else None


def _money_curves(confidence: _Json) -> list[tuple[str, _Json]]:
    """Return the currencies with a curve, those with most amounts first."""
    drawn = [
        currency
        for currency in confidence["amounts_by_money"].items()
        if currency[1]["risk_coverage"]
    ]
    return sorted(drawn, key=lambda currency: -currency[1]["count"])[:_MAX_CURRENCIES]


def _coverage_figure(name: str, measures: _Json, money: Sequence[tuple[str, _Json]]) -> str:
    curves = [(f"{name}, by count", measures["risk_coverage"])]
    curves += [(_money_label(currency), curve["risk_coverage"]) for currency, curve in money]

    def draw(axes: Any) -> None:
        looks = ((_BAR, "-"), (_WARN, "--"), (_GOOD, ":"))
        for (label, points), (colour, dashes) in zip(curves, looks, strict=False):
            xs = [0.0, *(100 * point["coverage"] for point in points)]
            ys = [100 * point["risk"] for point in points]
            axes.plot(xs, [ys[0], *ys], color=colour, linestyle=dashes, linewidth=1.8, label=label)
        axes.axhline(1, color=_SOFT, linewidth=0.8, linestyle=(0, (2, 2)))
        highest = 100 * _highest_risk([points for _, points in curves])
        axes.set(xlim=(0, 100), ylim=(-highest / 100, highest))
        axes.set_xlabel("share passed without a person, highest confidence first, %")
        axes.set_ylabel("share of these that is wrong, %")
        axes.grid(axis="y", linewidth=0.6)
        axes.legend(loc="upper left", frameon=False, fontsize=9)

    passed = measures["coverage_at"]["one_percent"]
    caption = (
        f"Taking the surest {name} first, {100 * passed:.0f} % of {measures['count']} pass "
        "before more than 1 % of what passed is wrong (the dotted line); a curve that stays low "
        "for longer is better."
    )
    return _figure(draw, "coverage", f"Risk against coverage of the {name}", caption)


def _money_label(currency: str) -> str:
    """Return a currency's name in the legend; one that the font may lack or misread is replaced."""
    plain = currency.isascii() and currency.replace(" ", "").isalnum() and len(currency) <= 12
    return f"amounts by money, {currency if plain else 'another currency'}"


def _highest_risk(curves: Sequence[Sequence[_Json]]) -> float:
    """Return the end of the risk axis; the few surest values alone may be 100 % wrong."""
    risks: list[float] = [
        point["risk"] for points in curves for point in points if point["coverage"] >= _MIN_COVERAGE
    ]
    return min(max(_MIN_RISK_SHOWN, 1.15 * max(risks)), 1.0)


def _reliability_figure(name: str, measures: _Json) -> str:
    table = measures["reliability"]

    def draw(axes: Any) -> None:
        axes.plot([0, 100], [0, 100], color=_SOFT, linewidth=1, linestyle=(0, (4, 3)))
        for row in table:
            low, high = _wilson(row["right"], row["count"])
            axes.plot([100 * row["stated"]] * 2, [100 * low, 100 * high], color=_BAR, linewidth=1)
        xs, ys = ([100 * row[key] for row in table] for key in ("stated", "right"))
        axes.plot(xs, ys, color=_BAR, marker="o", markersize=6, linewidth=0, clip_on=False)
        axes.set(xlim=(0, 101), ylim=(0, 101))
        axes.set_xlabel("confidence stated, %")
        axes.set_ylabel("right, %")
        axes.grid(axis="y", linewidth=0.6)

    fullest = max(table, key=lambda row: row["count"])
    caption = (
        f"Of the {fullest['count']} {name} stated at {100 * fullest['stated']:.1f} % on "
        f"average, {100 * fullest['right']:.1f} % are right: points below the dashed line mean "
        "more confidence than is earned; the bars show the 95 % interval, wide where there are few."
    )
    return _figure(draw, "reliability", f"Reliability of the confidence of {name}", caption)


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `count` values (Wilson 1927)."""
    z = 1.959964
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def _figure(draw: Callable[[Any], None], salt: str, title: str, caption: str) -> str:
    label = html.escape(title)
    picture = _svg(draw, salt).replace(
        "<svg ", f'<svg role="img" aria-label="{label}" data-chart="{salt}" ', 1
    )
    opened, rest = picture.split(">", 1)
    picture = f"{opened}><title>{label}</title>{rest}"
    figcaption = f"<strong>{label}.</strong> {html.escape(caption)}"
    return f"<figure>{picture}<figcaption>{figcaption}</figcaption></figure>"


def _svg(draw: Callable[[Any], None], salt: str) -> str:
    """Return the drawing as an SVG element; `salt` makes its ids differ from other charts'."""
    from matplotlib import style
    from matplotlib.figure import Figure

    written = io.StringIO()
    # The defaults first: a matplotlibrc of this machine must not change the report
    with style.context(["default", _STYLE | {"svg.hashsalt": salt}]):
        figure = Figure(figsize=_SIZE, layout="tight")
        draw(figure.add_subplot())
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(written, format="svg", transparent=True, metadata=nothing)
    return _strip_for_page(written.getvalue())


def _strip_for_page(svg: str) -> str:
    """Return the file's <svg> element without anything that would affect the rest of the page."""
    svg = svg[svg.index("<svg ") :]
    # Its style sheet would hold for the whole page, its group names come in every chart
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r' xmlns:xlink="[^"]*"', "", svg).replace("xlink:href", "href")
    svg = re.sub(r'(<svg [^>]*?)width="[^"]*" height="[^"]*" ', r"\1", svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: inherit", svg)
    for colour, variable in _INKS.items():
        svg = svg.replace(colour, variable)
    return re.sub(r"\s*\n\s*", " ", svg).strip()
