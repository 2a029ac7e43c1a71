"""`tieout demo`: the sample dispute, posted over HTTP to a temporary service, shown as tables."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

import data
from serving.client import Client
from serving.commands.cluster import free_port, run_service
from serving.commands.keys import key_store
from serving.presentation.tables import verdict_tables
from serving.settings import ServiceFile
from serving.store.keys import NewKey
from serving.wire.schema import Dispute

SAMPLE = Path(data.__file__).parent / "samples" / "dispute"
WAIT_S = 120.0


def show_sample_dispute(out: Console, notes: Console, port: int | None = None) -> None:
    """Start the service on `port` (None: a free one), print the verdict on `out`, stop it."""
    notes.print("starting the service ...")
    with TemporaryDirectory(prefix="tieout-demo-") as folder:
        service = ServiceFile().with_address(port=port or free_port()).with_storage_in(Path(folder))
        with key_store(service.settings) as store:
            _, key = store.create(NewKey("demo", "demo"))
        _run_sample(service, key, out, notes)
    notes.print("stopped; to look at disputes and correct them in a browser: make desk")


def _run_sample(service: ServiceFile, key: str, out: Console, notes: Console) -> None:
    names = ", ".join(path.name for path in attachments_in(SAMPLE))
    with run_service(service) as address:
        notes.print(f"posting {SAMPLE.name}/dispute.json with {names}")
        began = time.monotonic()
        dispute = settle_dispute(address, SAMPLE, key)
        seconds = time.monotonic() - began
        out.print(verdict_tables(dispute.verdict or {}))
        notes.print(
            f"{len(dispute.documents)} documents read and examined in {seconds:.1f} s; stopping ..."
        )


def attachments_in(folder: Path) -> list[Path]:
    """Return the attachments in a dispute's folder: all files that are not JSON."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".json")


def settle_dispute(address: str, folder: Path, key: str | None) -> Dispute:
    """Post the dispute of a folder, wait until it is done and return it."""
    text = (folder / "dispute.json").read_text(encoding="utf-8")
    with Client(address, key, timeout_s=WAIT_S) as client:
        accepted = client.submit(text, attachments_in(folder))
        return client.wait(accepted.dispute_id, WAIT_S)
