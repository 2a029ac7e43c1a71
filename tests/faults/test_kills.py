"""A process that is killed or stopped at any commit point loses no job and publishes none twice.

Every run has a seed, and a failure says which: `TIEOUT_FAULT_SEED=7 make test-faults` plays run 7
again on both databases; `TIEOUT_FAULT_KILLS` says how many kills are enough on each. The witness
is none of ours: triggers in the database write down what became of every row.
"""

import itertools
import multiprocessing
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text

from serving.service.retention import delete_orphans
from serving.store.content import ContentStore
from serving.store.database import read_transaction, write_transaction
from serving.store.jobs import JobStore
from serving.store.tables import Table
from serving.store.webhooks import WebhookStore
from tests.conftest import clear
from tests.support.fake_service import BOX, now
from tests.support.killed_services import ENDS, JOBS, RETENTION_OVER, Errand, Told, live
from tests.support.posted_disputes import wait_for

# The commit points of a job, in the order of its life. A rehearsal finds the same ones, so that
# a new write cannot be forgotten here.
POINTS = tuple(
    f"{step}: {what}"
    for step, *within in (
        ("receive", "begun", "before commit", "returned"),
        ("keep upload", "begun", "before mkdir", "before rename", "returned"),
        ("submit", "begun", "before commit", "returned"),
        ("abandon", "begun", "before commit", "returned"),
        ("claim", "begun", "before commit", "returned"),
        ("read", "begun", "returned"),
        ("attachment", "read"),
        ("keep result", "begun", "before mkdir", "before rename", "returned"),
        ("publish", "begun", "before commit", "returned"),
        ("fail", "begun", "before commit", "returned"),
        ("claim webhooks", "begun", "before commit", "returned"),
        ("webhook", "received"),
        ("settle webhook", "begun", "before commit", "returned"),
        ("delete row", "begun", "before commit", "returned"),
        ("delete bytes", "begun", "before remove", "before rmdir", "returned"),
        ("forget", "begun", "before commit", "returned"),
        ("forget bytes", "begun", "before remove", "before rmdir", "returned"),
    )
    for what in within
)
STOPS = (
    "claim: returned",
    "read: returned",
    "attachment: read",
    "keep result: begun",
    "keep result: before rename",
    "keep result: returned",
    "publish: begun",
)
SEED = os.environ.get("TIEOUT_FAULT_SEED")
KILLS = int(os.environ.get("TIEOUT_FAULT_KILLS", "520"))  # on each of two databases
MOST_IN_A_RUN = 5
ENDPOINTS = ("https://one.example", "https://two.example")
DEADLINE_S = 90.0
SECRET = "whsec_" + "A" * 32

LIVES = multiprocessing.get_context("forkserver")
# Imported once, in a process without threads; every life is a fork of it.
LIVES.set_forkserver_preload(["pytest", "tests.support.killed_services"])


@pytest.fixture
def witness(engine: Engine) -> Iterator[Engine]:
    """The engine, with triggers that write down what happens to jobs and who is told."""
    statements, undone = WITNESS[engine.dialect.name]
    with write_transaction(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))
    yield engine
    with write_transaction(engine) as connection:
        for statement in undone:
            connection.execute(text(statement))


SEEN = (
    ("j_new", "AFTER INSERT ON jobs", "", "NEW.id", "NEW.state"),
    ("j_next", "AFTER UPDATE OF state ON jobs", "WHEN (OLD.state <> NEW.state)", "NEW.id",
     "NEW.state"),
    ("j_gone", "AFTER DELETE ON jobs", "", "OLD.id", "'gone'"),
    ("w_new", "AFTER INSERT ON webhook_deliveries", "", "NEW.job_id", "'told ' || NEW.endpoint_id"),
)  # fmt: skip
TABLE = "CREATE TABLE witness (number {serial}, job TEXT, became TEXT)"
WITNESS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "sqlite": (
        [TABLE.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT")]
        + [
            f"CREATE TRIGGER {name} {moment} {when} BEGIN"
            f" INSERT INTO witness (job, became) VALUES ({job}, {became}); END"
            for name, moment, when, job, became in SEEN
        ],
        [f"DROP TRIGGER {name}" for name, *_ in SEEN] + ["DROP TABLE witness"],
    ),
    "postgresql": (
        [TABLE.format(serial="SERIAL PRIMARY KEY")]
        + [
            statement
            for name, moment, when, job, became in SEEN
            for statement in (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO"
                f" witness (job, became) VALUES ({job}, {became}); RETURN NULL; END $$",
                f"CREATE TRIGGER {name} {moment} FOR EACH ROW {when} EXECUTE FUNCTION {name}()",
            )
        ],
        [f"DROP FUNCTION {name} CASCADE" for name, *_ in SEEN] + ["DROP TABLE witness"],
    ),
}


def begun(errand: Errand) -> multiprocessing.process.BaseProcess:
    process = LIVES.Process(target=live, args=(errand,))
    process.start()
    return process


def ended(process: multiprocessing.process.BaseProcess) -> int | None:
    """How the process ended, minus a signal's number; killed where it does not."""
    process.join(DEADLINE_S)
    if process.exitcode is None:
        process.kill()
        process.join()
        pytest.fail(f"a life did not end within {DEADLINE_S:g} s")
    return process.exitcode


@contextmanager
def replayable(seed: int) -> Iterator[random.Random]:
    """What is drawn in a run; its failure names the seed."""
    try:
        yield random.Random(seed)
    except BaseException as error:
        error.add_note(f"play it again: TIEOUT_FAULT_SEED={seed}")
        raise


def begin_again(engine: Engine, folder: Path) -> None:
    """No job, no bytes; two endpoints that are told."""
    clear(engine)
    with write_transaction(engine) as connection:
        connection.execute(text("DELETE FROM witness"))
    folder.mkdir()
    for url in ENDPOINTS:
        WebhookStore(engine, now, BOX).register("local", url, SECRET)


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def witnessed(engine: Engine) -> dict[str, list[str]]:
    """What became of each job, in order."""
    with read_transaction(engine) as connection:
        rows = connection.execute(text("SELECT job, became FROM witness ORDER BY number")).all()
    found: dict[str, list[str]] = {}
    for job, became in rows:
        found.setdefault(job, []).append(became)
    return found


def check_promises(engine: Engine, folder: Path) -> None:
    """What was promised of a whole life of the jobs, however many processes it took."""
    told, seen = Told(folder), witnessed(engine)
    acknowledged = {one["name"]: one["job"] for one in told.read("acknowledged")}
    assert acknowledged.keys() == ENDS.keys()
    # No job but the acknowledged ones: a request that was sent again made no second one.
    assert set(seen) == set(acknowledged.values())
    endpoints = {one.id: one.url for one in WebhookStore(engine, now, BOX).endpoints("local")}
    for name, job in acknowledged.items():
        states = [became for became in seen[job] if not became.startswith("told ")]
        assert states == ["queued", "running", ENDS[name], "gone"], name
        heard = [became.removeprefix("told ") for became in seen[job] if became not in states]
        assert sorted(heard) == sorted(endpoints), name
    received = told.read("received")
    assert {(one["url"], one["job"]) for one in received} == {
        (url, job) for url in ENDPOINTS for job in acknowledged.values()
    }
    # Sent again, a webhook has the same id.
    assert len({one["id"] for one in received}) == len(ENDPOINTS) * len(JOBS)
    last = {one["name"]: (one["state"], one["result"]) for one in told.read("seen")}
    assert last["kept"] == ("done", "verdict")
    assert last["blank"] == ("failed", "")
    assert last["deleted"][0] == "done"
    content = ContentStore((folder / "objects").as_uri())
    # An acknowledged deletion has deleted every byte; what processes that died have left without
    # a job goes when it is old.
    assert ("local", acknowledged["deleted"]) not in set(content.owners())
    delete_orphans(JobStore(engine, now), content, lambda: now() + RETENTION_OVER)
    assert list(content.owners()) == []
    assert [path for path in (folder / "objects").rglob("*") if path.is_file()] == []
    with read_transaction(engine) as connection:
        left = {
            table.name: connection.execute(table.select()).all()
            for table in Table.metadata.sorted_tables
            if table.name != "webhook_endpoints"
        }
    assert {name for name, rows in left.items() if rows} == set()


def test_a_life_without_faults_passes_the_points_known_here(
    witness: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "life"
    begin_again(witness, folder)
    assert ended(begun(Errand(url_of(witness), folder))) == 0
    trail = (folder / "trail").read_text().splitlines()
    assert set(trail) == set(POINTS)
    check_promises(witness, folder)


@pytest.mark.slow
def test_killed_at_every_commit_point(
    witness: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed: Counter[str] = Counter()
    seeds = [int(SEED)] if SEED else itertools.count()
    runs = 0
    for seed in seeds:
        runs += 1
        with replayable(seed) as draw:
            folder = tmp_path / str(seed)
            begin_again(witness, folder)
            # Each point is the first one of as many runs as every other; then come any.
            first = Errand(url_of(witness), folder, point=POINTS[seed % len(POINTS)])
            killed.update(run(first, draw))
            check_promises(witness, folder)
        shutil.rmtree(folder)
        if killed.total() >= KILLS:
            break
    assert SEED or runs < len(POINTS) or min(killed[point] for point in POINTS) > 0
    with capsys.disabled():
        told = f"{killed.total()} kills at {len(killed)} points in {runs} runs"
        sys.stdout.write(f"\n{witness.dialect.name}: {told}\n")


def run(errand: Errand, draw: random.Random) -> Iterator[str]:
    """Lives one after the other until one ends by itself: the points where the others ended."""
    for number in range(1, MOST_IN_A_RUN + 2):
        if number > 1:
            point = draw.choice(POINTS) if number <= MOST_IN_A_RUN else None
            errand = replace(errand, number=number, point=point, occurrence=draw.randint(1, 3))
        how = ended(begun(errand))
        if how == 0:
            return
        assert how == -signal.SIGKILL, f"{errand}: exit status {how}"
        assert errand.point is not None
        yield errand.point
    raise AssertionError("the last life was to end by itself")


@pytest.mark.slow
@pytest.mark.parametrize("point", STOPS)
def test_a_worker_that_stood_still_cannot_publish(
    witness: Engine, tmp_path: Path, point: str
) -> None:
    """It goes on when its lease is over and another has done the work."""
    folder = tmp_path / "life"
    begin_again(witness, folder)
    whole = Errand(url_of(witness), folder)
    assert ended(begun(replace(whole, stages=("post",)))) == 0
    job = {one["name"]: one["job"] for one in Told(folder).read("acknowledged")}["kept"]
    # One job at a time: in a file another transaction would keep all others waiting, too.
    stopping = replace(whole, number=2, point=point, by=signal.SIGSTOP)
    late = begun(replace(stopping, stages=("work",), at_once=1))
    assert late.pid is not None
    stopped = psutil.Process(late.pid)
    wait_for(lambda: stopped.status() == psutil.STATUS_STOPPED, DEADLINE_S)
    try:
        other = replace(whole, number=3, stages=("work",))
        assert ended(begun(other)) == 0
        published = witnessed(witness)
    finally:
        stopped.send_signal(signal.SIGCONT)
    assert ended(late) == 0, "the late one did not take its loss calmly"
    assert witnessed(witness) == published
    found = JobStore(witness, now).find("local", job)
    assert found is not None
    assert found.state == "done"
    assert found.result_ref is not None
    # The bytes of the one that was published, and nothing of the other but equal ones.
    content = ContentStore((folder / "objects").as_uri())
    assert content.read("local", job, found.result_ref)
    rest = replace(whole, number=4, stages=("tell", "read", "delete", "forget"))
    assert ended(begun(rest)) == 0
    check_promises(witness, folder)


@pytest.mark.slow
def test_a_worker_that_stands_still_in_a_transaction_does_not_hold_up_the_others(
    witness: Engine, tmp_path: Path
) -> None:
    """It holds the lock that all who claim take turns with."""
    if witness.dialect.name == "sqlite":
        pytest.skip("a file has one writer; its lock ends with the process, which Serve replaces")
    folder = tmp_path / "life"
    begin_again(witness, folder)
    whole = Errand(url_of(witness), folder)
    assert ended(begun(replace(whole, stages=("post",)))) == 0
    stopping = replace(whole, number=2, point="claim: before commit", by=signal.SIGSTOP)
    late = begun(replace(stopping, stages=("work",), at_once=1))
    assert late.pid is not None
    stopped = psutil.Process(late.pid)
    wait_for(lambda: stopped.status() == psutil.STATUS_STOPPED, DEADLINE_S)
    try:
        rest = replace(whole, number=3, stages=("work", "tell", "read", "delete", "forget"))
        assert ended(begun(rest)) == 0
    finally:
        stopped.send_signal(signal.SIGCONT)
    assert ended(late) == 0
    check_promises(witness, folder)
