"""The risk-coverage curve of claims as an inline SVG picture in the colours of the page."""

from collections.abc import Mapping, Sequence
from typing import Any

_WIDTH, _HEIGHT = 420, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 12, 40
_MIN_RISK_SHOWN = 0.05  # the axis shows at least this much, so that a small risk looks small


def risk_picture(points: Sequence[Mapping[str, Any]], caption: str) -> str:
    """Return an HTML figure: false share of the claimed money against the share claimed.

    `points` are those of `training.metrics.risk.risk_curve`, surest claims first. Empty without
    points. `caption` is HTML.
    """
    if not points:
        return ""
    highest = max(_MIN_RISK_SHOWN, *(point["risk"] for point in points))
    corners = [_picture_point(0.0, points[0]["risk"], highest)]
    corners += [_picture_point(point["coverage"], point["risk"], highest) for point in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="var(--bar,#2f6fb5)"/>'
        for x, y in corners[1:]
    )
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        'role="img" font-family="system-ui,sans-serif" font-size="11">'
        f"{_axes(highest)}"
        f'<polyline points="{line}" fill="none" stroke="var(--bar,#2f6fb5)" stroke-width="1.8"/>'
        f"{dots}</svg><figcaption>{caption}</figcaption></figure>"
    )


def _picture_point(coverage: float, risk: float, highest: float) -> tuple[float, float]:
    """Return picture coordinates, y downwards."""
    x = _LEFT + coverage * (_WIDTH - _LEFT - _RIGHT)
    y = _HEIGHT - _BOTTOM - risk / highest * (_HEIGHT - _TOP - _BOTTOM)
    return x, y


def _axes(highest: float) -> str:
    ink, soft = "var(--ink,#1c2430)", "var(--line,#d9dee5)"
    parts = []
    for step in range(5):
        x, low = _picture_point(step / 4, 0, highest)
        parts.append(_text(x, low + 16, f"{step * 25} %", "middle", ink))
        left, y = _picture_point(0, highest * step / 4, highest)
        right, _ = _picture_point(1, 0, highest)
        parts.append(
            f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{soft}"/>'
            + _text(left - 6, y + 4, f"{highest * step / 4 * 100:.3g} %", "end", ink)
        )
    middle, low = _picture_point(0.5, 0, highest)
    parts.append(_text(middle, low + 32, "share of the claimed money taken", "middle", ink))
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str, ink: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}">{text}</text>'
