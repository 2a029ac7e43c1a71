"""The README's Python example: at most six lines, and it runs."""

import contextlib
import io
import re

import pytest

from tests.support.sources import REPOSITORY

EXAMPLE = re.compile(r"^### From Python\n+```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
MAX_LINES = 6


def example() -> str:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (block,) = EXAMPLE.findall(text)
    return str(block)


def test_the_example_is_short() -> None:
    assert len([line for line in example().splitlines() if line.strip()]) <= MAX_LINES


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is printed, from the clone's folder; what it prints is the message to the vendor."""
    monkeypatch.chdir(REPOSITORY)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(example(), "README.md", "exec"), {"__name__": "example"})
    assert "We are paying 111.24 USD less than billed" in output.getvalue()
