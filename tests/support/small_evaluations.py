"""Evaluations of the tests: quick options, and rows of their reports."""

import json
from pathlib import Path
from typing import Any

FAST = ("--device", "cpu", "--workers", "1")


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(text) for text in path.read_text().splitlines()]
    times = ("seconds", "seconds_reading")
    return [{name: value for name, value in one.items() if name not in times} for one in rows]
