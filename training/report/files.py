"""Writing a report's three files, each replaced at once: a killed run leaves none half-written."""

import json
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from training.report.disputes_section import put_section, section_html, section_markdown
from training.report.markdown import to_markdown
from training.report.page import to_html


def write_report(
    folder: Path, report: Mapping[str, Any], charts: str = "", gallery: str = ""
) -> None:
    """Write `report.json`, `report.md` and `report.html` into the folder, which is made.

    `charts` and `gallery` are HTML and go into `report.html` only. The same report gives the same
    bytes; all that depends on the clock is `timing`, in the other two files their last line.
    Raises ValueError for a number that JSON cannot hold (not a number, infinity) and TypeError for
    a value that is none of its kinds; then nothing is written.
    """
    texts = {
        "report.json": report_text(report),
        "report.md": to_markdown(report),
        "report.html": to_html(report, charts, gallery),
    }
    folder.mkdir(parents=True, exist_ok=True)
    replace_files(folder, texts)


def add_disputes(folder: Path, disputes: Mapping[str, Any]) -> None:
    """Put the section into a report's three files, in place of an earlier one.

    Raises ValueError where the folder holds no report.
    """
    files = {name: folder / f"report.{name}" for name in ("json", "md", "html")}
    missing = [path for path in files.values() if not path.is_file()]
    if missing:
        raise ValueError(f"{missing[0]}: no such file; give a folder that training.evaluate wrote")
    report = json.loads(files["json"].read_text(encoding="utf-8")) | {"disputes": disputes}
    texts = {"report.json": report_text(report)}
    for name, written in (("md", section_markdown), ("html", section_html)):
        text = files[name].read_text(encoding="utf-8")
        texts[files[name].name] = put_section(text, written(disputes))
    replace_files(folder, texts)


def report_text(report: Mapping[str, Any]) -> str:
    """Return the report as `report.json` holds it: keys in order, decimals as strings."""
    return json.dumps(report, indent=2, allow_nan=False, default=_decimal_text) + "\n"


def _decimal_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"a report holds numbers, texts, lists and objects, got {value!r}")


def replace_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Put all texts into the folder under their names: written beside, then renamed.

    A half of a surrogate pair, which JSON can spell and UTF-8 cannot, becomes a question mark.
    """
    parts = {name: folder / f".{name}.{os.getpid()}.part" for name in texts}
    try:
        for name, text in texts.items():
            parts[name].write_bytes(text.encode("utf-8", errors="replace"))
        for name, part in parts.items():
            os.replace(part, folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
