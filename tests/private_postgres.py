"""A PostgreSQL of the tests' own: started on a socket in a new folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, None where PostgreSQL is not installed."""
    known = shutil.which("initdb")
    if known:
        return Path(known).parent
    # Debian keeps the programs of each version off the PATH.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def running_postgres(bin_folder: Path) -> Iterator[str]:
    """The URL of an empty database; nothing is kept and nothing is synced to the disk."""
    # PostgreSQL refuses to run as root: then it runs as the user its package brought, or nobody.
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="tieout-postgres-"))  # short: sockets have short names
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [bin_folder / program, *arguments],
            cwd=folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    data, log = str(folder / "data"), str(folder / "log")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "tieout", "--no-sync")
        run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        try:
            yield f"postgresql+psycopg://tieout@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as in place of root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    users = {one.pw_name: one for one in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]
