"""The sample dispute, posted over HTTP to a service started for it, shown as a table."""

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console

import data
from serving.cluster import free_port, running
from serving.settings import ServiceFile
from serving.tables import verdict_tables

SAMPLE = Path(data.__file__).parent / "samples" / "dispute"
WAIT_S = 120.0
_POLL_S = 0.2


class DisputeFailed(RuntimeError):
    """The service did not settle the dispute; the message holds its answer."""


def show_sample_dispute(out: Console, notes: Console, port: int | None = None) -> None:
    """Starts the service on `port` (None: a free one), prints the verdict on `out`, stops it."""
    names = ", ".join(path.name for path in attachments_in(SAMPLE))
    notes.print("starting the service ...")
    with (
        TemporaryDirectory(prefix="tieout-demo-") as folder,
        running(_service(folder, port)) as address,
    ):
        notes.print(f"posting {SAMPLE.name}/dispute.json with {names}")
        began = time.monotonic()
        answer = settle_dispute(address, SAMPLE)
        seconds = time.monotonic() - began
        out.print(verdict_tables(answer["verdict"]))
        notes.print(f"{len(answer['documents'])} documents read in {seconds:.1f} s; stopping ...")
    notes.print("stopped")


def _service(folder: str, port: int | None) -> ServiceFile:
    return ServiceFile().listening(port=port or free_port()).kept_in(Path(folder))


def attachments_in(folder: Path) -> list[Path]:
    """The documents of a dispute's folder: all that is not JSON."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".json")


def settle_dispute(address: str, folder: Path) -> dict[str, Any]:
    """The settled dispute of a folder, after posting it and polling until it is done."""
    with ExitStack() as stack, httpx.Client(base_url=address, timeout=WAIT_S) as client:
        files = [
            ("attachments", (path.name, stack.enter_context(path.open("rb"))))
            for path in attachments_in(folder)
        ]
        text = (folder / "dispute.json").read_text(encoding="utf-8")
        taken = client.post("/v1/disputes", data={"dispute": text}, files=files)
        if taken.status_code != 202:
            raise DisputeFailed(_told(taken))
        return _poll(client, taken.headers["location"])


def _poll(client: httpx.Client, location: str) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        answer = client.get(location)
        if answer.status_code != 200:
            raise DisputeFailed(_told(answer))
        dispute: dict[str, Any] = answer.json()
        if dispute["state"] == "done":
            return dispute
        if dispute["state"] in ("failed", "cancelled"):
            raise DisputeFailed(str((dispute["error"] or {}).get("detail", dispute["state"])))
        time.sleep(_POLL_S)
    raise DisputeFailed(f"the dispute was not settled within {WAIT_S:g} s")


def _told(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except json.JSONDecodeError:
        told = None
    detail = told.get("detail") if isinstance(told, Mapping) else answer.text[:200]
    return f"the service answered {answer.status_code}: {detail}"
