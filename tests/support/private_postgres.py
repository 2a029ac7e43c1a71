"""A PostgreSQL of the tests' own: started on a socket in a new folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, None where PostgreSQL is not installed."""
    known = shutil.which("initdb")
    if known:
        return Path(known).parent
    # Debian keeps the programs of each version off the PATH.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that can be stopped and started again; what was committed is still there."""

    programs: Path
    folder: Path

    @property
    def url(self) -> str:
        """Its one database."""
        return f"postgresql+psycopg://tieout@/postgres?host={self.folder}"

    def initialise(self) -> None:
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "tieout", "--no-sync")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        start = ("-D", "data", "-l", "log", "-o", options, "-w", "-t", "60", "start")
        self._run("pg_ctl", *start)

    def stop(self) -> None:
        """At once, as in a crash: connections are cut, nothing is written out."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        user = _unprivileged()
        subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


@contextmanager
def running_postgres(bin_folder: Path) -> Iterator[Server]:
    """An empty database; nothing is kept and nothing is synced to the disk."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="tieout-postgres-"))  # short: sockets have short names
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    server = Server(bin_folder, folder)
    try:
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as in place of root: the user its package brought, or nobody. None where we are
    not root."""
    if os.geteuid() != 0:
        return None
    users = {one.pw_name: one for one in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]
