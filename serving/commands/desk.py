"""`tieout desk`: the service with a dozen disputes to try the desk on, in a temporary folder."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from data.synthesis.stories.dispute import make_dispute
from data.synthesis.stories.files import write_dispute
from serving.client import Client
from serving.commands.cluster import free_port, run_service
from serving.commands.demo import SAMPLE, attachments_in
from serving.commands.keys import key_store
from serving.settings import ServiceFile
from serving.store.keys import NewKey

SEED = 11
SCAN_DPI = 150
WAIT_S = 120.0


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A running service with disputes in it, and the key to sign in with."""

    address: str
    key: str
    dispute_ids: tuple[str, ...]

    @property
    def entrance(self) -> str:
        """The address that signs in; what is after # stays in the browser."""
        return f"{self.address}/desk/#/enter/{self.key}"


@contextmanager
def filled_desk(count: int, port: int | None = None) -> Iterator[OpenDesk]:
    """Run the service with the sample and `count` - 1 generated disputes, being read meanwhile."""
    with TemporaryDirectory(prefix="tieout-desk-") as place:
        folder = Path(place)
        service = ServiceFile().with_address(port=port or free_port()).with_storage_in(folder)
        with key_store(service.settings) as store:
            _, key = store.create(NewKey("demo", "desk"))
        folders = [SAMPLE, *_generated(folder / "disputes", count - 1)]
        with run_service(service) as address, Client(address, key, timeout_s=WAIT_S) as client:
            ids = [_post(client, dispute) for dispute in folders]
            yield OpenDesk(address, key, tuple(ids))


def show_desk(say: Callable[[str], None], stop: threading.Event, count: int, port: int) -> None:
    """Run the desk until `stop`; `say` is told where it is."""
    say(f"making {count} disputes and starting the service, this takes some seconds ...")
    with filled_desk(count, port) as desk:
        say(f"the desk is at {desk.entrance}")
        say("its disputes are read now, one after the other; Ctrl-C stops it and deletes them")
        stop.wait()
        say("stopping ...")


def _generated(folder: Path, count: int) -> list[Path]:
    """Write generated disputes, every other one scanned, and return their folders."""
    folders = []
    for index in range(count):
        dispute = make_dispute(SEED, index)
        place = folder / dispute.dispute_id
        write_dispute(place, dispute, SCAN_DPI if index % 2 else "text")
        for name in ("documents.json", "truth.json"):  # what a reader has to find out
            (place / name).unlink()
        folders.append(place)
    return folders


def _post(client: Client, folder: Path) -> str:
    text = (folder / "dispute.json").read_text(encoding="utf-8")
    return client.submit(text, attachments_in(folder)).dispute_id
