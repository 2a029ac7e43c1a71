"""Notebooks carry no outputs, and their cells run from top to bottom."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
# What each notebook has printed when it came to its end.
CONCLUSIONS = {
    "01_read_a_dispute": "the same in one call: True",
    "02_look_at_a_corpus": "words, from text",
    "03_errors_by_cause": "worst documents drawn: ",
    "04_train_on_your_documents": "runs compared: shipped, gentle, varied",
    "05_what_confidence_is_worth": "policies compared: 5 on 20 disputes",
}


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(notebook: Path) -> None:
    cells = code_cells(notebook)
    assert cells
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    assert {cell["execution_count"] for cell in cells} == {None}


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_run(notebook: Path, tmp_path: Path) -> None:
    """As one plain script: the cells use nothing of Jupyter."""
    script = tmp_path / "cells.py"
    sources = ["".join(cell["source"]) for cell in code_cells(notebook)]
    script.write_text("\n\n".join(sources), encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr
    assert CONCLUSIONS[notebook.stem] in finished.stdout
