"""Checkpoints: the ledger's size and tree head, written outside the database, so that a cut tail shows."""

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import OperationalError, connection, transaction

from goldenthread.ledger import sealing, stored
from goldenthread.rules.merkle import EMPTY_ROOT, Frontier

KIND = "goldenthread checkpoint 1"
KEPT_WHOLE = 1_000  # the newest files all stay; before them one in each block of as many events
LOCK_SECONDS = 2

log = logging.getLogger(__name__)
_writing = threading.Lock()
_owed = SimpleNamespace(checkpoint=False, last=float("-inf"))  # one note for each process


class Damaged(Exception):
    """The ledger does not continue its newest checkpoint, or a checkpoint cannot be read."""


@dataclass(frozen=True)
class Reads:
    """How far the read log is anchored: how many reads, the last one's number, and the digest over them."""

    count: int = 0
    last: int = 0
    digest: str = sealing.NO_EVENT


@dataclass(frozen=True)
class Checkpoint:
    """What the ledger was at a moment. The frontier lets the next checkpoint go on without the past."""

    at: str
    size: int
    root: str
    head: str
    frontier: tuple[str, ...]
    reads: Reads
    name: str = ""

    def grown(self) -> Frontier:
        """The frontier to go on from."""
        return Frontier(self.size, [bytes.fromhex(root) for root in self.frontier])

    def as_json(self) -> str:
        """The file's text."""
        fields = {**asdict(self), "kind": KIND}
        del fields["name"]
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"


NOTHING = Checkpoint(at="", size=0, root=EMPTY_ROOT.hex(), head=sealing.NO_EVENT, frontier=(), reads=Reads())


def folder() -> Path:
    """Where this installation keeps its checkpoints."""
    return Path(settings.DATA) / "checkpoints"


def names(where: Path) -> list[str]:
    """The checkpoint files of a folder, smallest ledger first."""
    return sorted(path.name for path in where.glob("[0-9]*.json")) if where.is_dir() else []


def load(path: Path) -> Checkpoint:
    """Read one checkpoint, or say that it is damaged."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.pop("kind") != KIND:
            raise ValueError(KIND)
        reads = Reads(**fields.pop("reads"))
        found = Checkpoint(**{**fields, "frontier": tuple(fields["frontier"])}, reads=reads, name=path.name)
        if found.grown().root().hex() != found.root or path.stem != _stem(found.size):
            raise ValueError(found.root)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(f"The checkpoint {path.name} cannot be read or was altered.") from error
    return found


def newest(where: Path) -> Checkpoint | None:
    """The checkpoint over most events, if there is any."""
    found = names(where)
    return load(where / found[-1]) if found else None


def write(*, at: datetime, where: Path | None = None) -> Checkpoint | None:
    """Write a checkpoint over the ledger of now; none if nothing has happened since the newest.

    Only events and reads since the newest checkpoint are read. A ledger that does not continue that
    checkpoint is not written over it: the evidence stays for `verify`.
    """
    where = where or folder()
    with _writing:
        _owed.checkpoint = False
        found = _next(newest(where) or NOTHING, at)
        _owed.last = time.monotonic()
        if found:
            _put(where, f"{_stem(found.size)}.json", found.as_json())
            _thin(where)
        return found


def want_one() -> None:
    """Note that this process has changed the ledger since its last checkpoint."""
    _owed.checkpoint = True


def settle(*, at: datetime, wait: float = 0) -> None:
    """Write a checkpoint if this process owes one, unless it wrote one less than `wait` seconds ago.

    What fails is told in the log: the change itself is committed and stands.
    """
    if not _owed.checkpoint or connection.in_atomic_block or _writing.locked():
        return
    if time.monotonic() - _owed.last < wait:
        return
    try:
        write(at=at)
    except (Damaged, OSError, OperationalError):
        want_one()
        log.exception("No checkpoint could be written")


def _next(before: Checkpoint, at: datetime) -> Checkpoint | None:
    """The checkpoint that follows, if anything has happened."""
    frontier, head = _events_since(before)
    reads = _reads_since(before.reads)
    if (frontier.size, reads) == (before.size, before.reads):
        return None
    return Checkpoint(
        at=sealing.moment(at),
        size=frontier.size,
        root=frontier.root().hex(),
        head=head,
        frontier=tuple(root.hex() for root in frontier.roots),
        reads=reads,
    )


def _events_since(before: Checkpoint) -> tuple[Frontier, str]:
    """The frontier over all events, and the last one's hash."""
    frontier, head = before.grown(), before.head
    if before.size and stored.hash_at(before.size) != head:
        raise Damaged(f"The ledger does not continue the checkpoint {before.name}: run goldenthread verify.")
    for position, sealed in stored.hashes(after=frontier.size):
        if position != frontier.size + 1:
            raise Damaged(f"Event {frontier.size + 1} is missing: run goldenthread verify.")
        frontier.append(bytes.fromhex(sealed))
        head = sealed
    return frontier, head


def _reads_since(before: Reads) -> Reads:
    """The read log's anchor, up to the last read before which no other can still be committed."""
    last = _last_settled_read()
    if last is None or last <= before.last:
        return before
    count, digest = before.count, before.digest
    for read in stored.reads(after=before.last):
        if read["id"] > last:
            break
        count, digest = count + 1, sealing.next_reads_digest(digest, read)
    return Reads(count=count, last=last, digest=digest)


def _last_settled_read() -> int | None:
    """SQLite commits reads in the order of their numbers; PostgreSQL is asked to let the open ones finish."""
    if connection.vendor != "postgresql":
        return stored.last_read()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            cursor.execute("LOCK TABLE ledger_read IN SHARE MODE")
            return stored.last_read()
    except OperationalError:
        return None


def _stem(size: int) -> str:
    return f"{size:012d}"


def _put(where: Path, name: str, text: str) -> None:
    """Write a file whole or not at all, also when the power fails."""
    where.mkdir(parents=True, exist_ok=True)
    draft = where / f".{name}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(where / name)
    descriptor = os.open(where, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _thin(where: Path) -> None:
    """Remove old checkpoints that a later one of the same block of events makes unnecessary."""
    for name in _superseded(names(where)):
        (where / name).unlink(missing_ok=True)


def _superseded(found: list[str]) -> Iterator[str]:
    """Of all but the newest files, those that are not the last of their block."""
    old = found[:-KEPT_WHOLE]
    for name, following in zip(old, found[1:], strict=False):
        if int(name[:-5]) // KEPT_WHOLE == int(following[:-5]) // KEPT_WHOLE:
            yield name
