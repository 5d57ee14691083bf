"""A PostgreSQL server of a test's own, which may be killed, restarted and filled to the brim."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import dj_database_url
from django.db import connections

from tests.faults.rooms import mounted, unmounted
from tests.operations.test_processes import children_of, free_port, is_running, wait_until

SETTINGS = (
    *("listen_addresses=127.0.0.1", "max_connections=40", "shared_buffers=16MB", "autovacuum=off"),
    *("min_wal_size=4MB", "max_wal_size=16MB", "max_parallel_workers=0", "log_min_messages=fatal"),
)
OWNER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL does not run as root."""


def programs():
    """The folder with the newest server's programs, or nothing."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    places = [*folders, Path(shutil.which("initdb") or "nowhere/initdb").resolve().parent]
    return next((place for place in places if (place / "postgres").exists()), None)


class Cluster:
    """A server on a port and in a folder of its own, which may be a small file system (`limit`, in MB)."""

    def __init__(self, *, limit=None):
        self.folder = Path(tempfile.mkdtemp(prefix="goldenthread-cluster-"))
        self.server, self.port = None, free_port()
        self.limit = limit if limit and mounted(self.folder, limit) else None
        self.folder.chmod(0o700)
        if OWNER:
            shutil.chown(self.folder, OWNER)
        self.data = self.folder / "data"
        options = ["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--wal-segsize=1"]
        made = self._run("initdb", *options, "--locale=C.UTF-8", "-D", str(self.data))
        assert made.returncode == 0, made.stderr

    def _run(self, program, *arguments):
        command = [str(programs() / program), *arguments]
        return subprocess.run(
            command, user=OWNER, cwd="/", capture_output=True, text=True, timeout=120, check=False
        )

    def url(self, name="goldenthread"):
        """How an installation names a database of it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def make_database(self, name="goldenthread", *, like="template0"):
        """A database that is a copy of another, in the place of the one of that name."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        self._run("dropdb", *where, "--if-exists", "--force", name)
        made = self._run("createdb", *where, "-T", like, name)
        assert made.returncode == 0, made.stderr

    def start(self):
        """Start the server and wait until it takes connections."""
        command = [str(programs() / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += ["-k", str(self.folder), *(part for one in SETTINGS for part in ("-c", one))]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.server = subprocess.Popen(
                command, user=OWNER, cwd="/", stdout=log, stderr=log, start_new_session=True
            )
        assert wait_until(self.is_ready), "the server does not start"

    def is_ready(self):
        """Whether the server takes connections."""
        asked = self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1")
        return asked.returncode == 0

    def is_up(self):
        """Whether the server's first process is there."""
        return self.server is not None and self.server.poll() is None

    def kill(self):
        """`kill -9` of the postmaster and all its processes."""
        everything = [self.server.pid, *children_of(self.server.pid)]
        for pid in everything:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait(timeout=60)
        assert wait_until(lambda: not any(map(is_running, everything)))

    def kill_a_backend(self):
        """`kill -9` of one process that serves the product; the server then begins anew by itself."""
        with self.opened(), connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND datname = 'goldenthread' AND pid <> pg_backend_pid()"
            )
            pids = [pid for (pid,) in cursor.fetchall()]
        for pid in pids[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(pids)

    def stop(self, how=signal.SIGINT):
        """Stop it: SIGINT cuts all connections, SIGQUIT leaves at once and recovers at the next start."""
        self.server.send_signal(how)
        self.server.wait(timeout=60)

    @contextmanager
    def opened(self):
        """This process's own connection, meanwhile, is to a database here."""
        before, kept = connections.settings["default"], connections["default"]
        there = connections.configure_settings({"default": dj_database_url.parse(self.url())})["default"]
        connections.settings["default"] = there
        del connections["default"]
        try:
            yield
        finally:
            connections["default"].close()
            connections.settings["default"] = before
            connections["default"] = kept

    def remove(self):
        """End it and leave nothing behind."""
        if self.is_up():
            self.kill()
        if self.limit:
            unmounted(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.log").unlink(missing_ok=True)
