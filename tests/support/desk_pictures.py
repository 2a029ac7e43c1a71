"""Pictures of the desk for the README: `python -m tests.support.desk_pictures FOLDER`.

The real service reads the sample and generated disputes; Chromium shows what people see.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from serving.client import Client
from serving.commands.desk import OpenDesk, filled_desk
from tests.support.desk_service import browser_pages

DISPUTES = 12
WAIT_S = 400.0


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pictures into the folder that is named."""
    folder = Path((argv if argv is not None else sys.argv[1:])[0])
    folder.mkdir(parents=True, exist_ok=True)
    with filled_desk(DISPUTES) as desk:
        dispute_id = most_doubtful(desk)
        with browser_pages() as context:
            draw(context.new_page(), desk, dispute_id, folder, "light")
        with browser_pages("de-DE", color_scheme="dark") as context:
            draw(context.new_page(), desk, dispute_id, folder, "dark")
    return 0


def most_doubtful(desk: OpenDesk) -> str:
    """The id of the dispute with most cells to decide, once all are read."""
    with Client(desk.address, desk.key) as client:
        for dispute_id in desk.dispute_ids:
            client.wait(dispute_id, WAIT_S)
        summaries = list(client.disputes())

    def doubt(summary: Any) -> int:
        overview = summary.overview
        return min(overview.unsure_cells, 8) if overview and overview.findings else 0

    return str(max(summaries, key=doubt).dispute_id)


def draw(page: Any, desk: OpenDesk, dispute_id: str, folder: Path, scheme: str) -> None:
    """Write the worklist and one review in light or dark colours."""
    page.goto(desk.entrance)
    page.wait_for_selector(".rows .row")
    save(page, folder / f"desk-worklist-{scheme}.png")
    page.goto(f"{desk.address}/desk/#/dispute/{dispute_id}")
    page.wait_for_selector("#verdict")
    page.wait_for_selector(".sheet.ready")
    page.wait_for_load_state("networkidle")
    save(page, folder / f"desk-review-{scheme}.png")


def save(page: Any, path: Path) -> None:
    """Write what the page shows, in few colours: a small file."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
