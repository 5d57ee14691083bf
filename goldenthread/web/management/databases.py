"""The database as one file and back: SQLite by its backup interface, PostgreSQL by its own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from goldenthread.rules.refusal import Refused
from goldenthread.web.management.archives import POSTGRESQL, SQLITE

NEEDED = {"ledger_event", "django_migrations"}
IN_USE = "Golden Thread is running on this database. Stop it (goldenthread serve, worker), then restore."
EMPTIED = """
SET LOCAL lock_timeout = '10s';
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', found.name);
  END LOOP;
  FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
               WHERE p.pronamespace = 'public'::regnamespace LOOP
    EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
  END LOOP;
END $$;
"""


def file_name() -> str:
    """What the database is called in an archive made here."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def copy(to: Path) -> None:
    """Write the database of this moment into a file, while people go on saving."""
    if connection.vendor == "sqlite":
        _copy_sqlite(_location(), to)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def exists() -> bool:
    """Whether there is a database at all; SQLite must not make one by being asked."""
    return connection.vendor != "sqlite" or _location().exists()


def check(file: Path) -> None:
    """Refuse a database that is damaged, is not ours, or was made by a newer version."""
    if connection.vendor == "sqlite":
        _check_sqlite(file)
    else:
        listed = _run("pg_restore", "--list", str(file)).split()
        if not set(listed) >= NEEDED:
            raise Refused("The database in the backup is not one of Golden Thread.")


@contextmanager
def held() -> Iterator[None]:
    """Nobody else is at work on the database while it is replaced."""
    connection.close()
    if connection.vendor != "sqlite" or not _location().exists():
        yield
        return
    with closing(sqlite3.connect(_location(), timeout=5, isolation_level=None)) as database:
        _take(database)
        yield


def put(file: Path, *, keeping: Path) -> None:
    """Put another database in the place of this one, which stays in a folder; in one step, or not at all."""
    if connection.vendor == "sqlite":
        _put_sqlite(file, keeping)
    else:
        copy(keeping / POSTGRESQL)
        _put_postgresql(file)


def _location() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy_sqlite(source: Path, to: Path) -> None:
    """All pages in one read transaction: in WAL mode writers neither wait nor disturb."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(to)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as database:
            healthy = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            tables = {
                name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not healthy or not tables >= NEEDED:
                raise Refused("The database in the backup is damaged or not one of Golden Thread.")
            applied = set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError as error:
        raise Refused(f"The database in the backup cannot be read: {error}.") from error
    ours = {config.label for config in apps.get_app_configs()}
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if any(app in ours and (app, name) not in known for app, name in applied):
        raise Refused("The backup was made by a newer version of Golden Thread. Install that version first.")


def _take(database: sqlite3.Connection) -> None:
    """Fold the write-ahead log in and lock the file; one too damaged for that is at work for nobody."""
    try:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Refused(IN_USE) from error
    except sqlite3.DatabaseError:
        pass


def _put_sqlite(file: Path, keeping: Path) -> None:
    """One rename decides, so there is no moment without a database."""
    location = _location()
    arriving = location.with_name(f".{location.name}.arriving")
    shutil.move(file, arriving)
    if location.exists():
        _keep(location, keeping / SQLITE)
    for leftover in ("-wal", "-shm"):  # of a file too damaged to fold them in
        path = location.with_name(location.name + leftover)
        if path.exists():
            shutil.move(path, keeping / (SQLITE + leftover))
    arriving.replace(location)


def _keep(file: Path, to: Path) -> None:
    """A second name for the file, or a copy where the file system has none."""
    try:
        to.hardlink_to(file)
    except OSError:
        shutil.copy2(file, to)


def _put_postgresql(file: Path) -> None:
    """Everything in one transaction: where any statement fails, the old database stands."""
    script, emptied = file.with_suffix(".sql"), file.with_suffix(".empty.sql")
    emptied.write_text(EMPTIED)
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
    _run(
        *("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
        *(f"--file={emptied}", f"--file={script}"),
    )


def _run(program: str, *arguments: str) -> str:
    """One of PostgreSQL's own tools on this database; what it says when it fails is passed on."""
    if shutil.which(program) is None:
        raise Refused(f"{program} was not found. Install PostgreSQL's client programs (postgresql-client).")
    done = subprocess.run(  # noqa: S603 - the words are our own
        [program, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _environment() -> dict[str, str]:
    """The way to the database, as PostgreSQL's tools take it; a password never stands on a command line."""
    known = connection.settings_dict
    names = {
        "PGDATABASE": "NAME",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
    }
    return os.environ | {name: str(known[key]) for name, key in names.items() if known.get(key)}
