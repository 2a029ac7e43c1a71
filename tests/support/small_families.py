"""Small sets of invoices divided into families of layouts, and plans over them."""

from pathlib import Path
from typing import Any

import yaml

from tests.support.small_invoices import invoice, row, write_lines


def write_set(folder: Path, first: int, *layouts: str) -> Path:
    """A corpus of one invoice for each layout, numbered from `first`: no two sets share one."""
    folder.mkdir(parents=True)
    rows = []
    for number, layout in enumerate(layouts, start=first):
        (folder / f"{number}.pdf").write_bytes(invoice(number)[0])
        rows.append(row(number, layout=layout))
    write_lines(folder / "manifest.jsonl", *rows)
    return folder


def write_plan(folder: Path, **changes: Any) -> Path:
    """A plan over three sets: `shops` of three layouts, `papers` of one, `measured` apart."""
    write_set(folder / "sets" / "shops", 0, "red", "red", "blue", "green")
    write_set(folder / "sets" / "papers", 10, "any", "any")
    write_set(folder / "sets" / "measured", 20, "grey", "black")
    (folder / "recipe.yaml").write_text("corpora: []\n")
    plan = {
        "recipe": "recipe.yaml",
        "corpora": "sets",
        "forms": {
            "cheap": {"folds": 2, "documents": 1, "recipe": ["steps=8"]},
            "full": {"folds": None},
        },
        "sets": [
            {"name": "shops", "score": "shops", "train": ["shops"], "family": "layout"},
            {"name": "papers", "score": "papers", "train": ["papers"]},
            {"name": "measured", "score": "measured", "family": "layout", "tuned": True},
        ],
    }
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan | changes))
    return path
