"""The archive of a backup: one tar file, a manifest first, and nothing that it does not name."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from goldenthread.rules.refusal import Refused

KIND = "goldenthread backup 1"
MANIFEST = "manifest.json"
SQLITE = "goldenthread.sqlite3"
POSTGRESQL = "goldenthread.pgdump"
FOLDERS = ("uploads", "checkpoints")
LONGEST_MANIFEST = 64 * 1024 * 1024
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """One file of an archive, as its manifest names it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds and when it was made."""

    made_at: str
    entries: tuple[Entry, ...]

    @property
    def database(self) -> str:
        """The name of the database's file."""
        return next(entry.name for entry in self.entries if entry.name in (SQLITE, POSTGRESQL))


def pack(folder: Path, file: Path, *, made_at: str) -> Manifest:
    """Write everything in a folder into an archive, which appears whole or not at all."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    entries = tuple(
        Entry(path.relative_to(folder).as_posix(), path.stat().st_size, _sha256(path)) for path in paths
    )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            _write(target, folder, _manifest_text(made_at, entries), entries)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return Manifest(made_at, entries)


def unpack(file: Path, into: Path) -> Manifest:
    """Read an archive into an empty folder; refuse all of it where any part is not what the manifest says."""
    try:
        if file.stat().st_size % tarfile.RECORDSIZE:
            raise Refused(f"{file} is not a whole backup: it was cut short, or is another kind of file.")
        with tarfile.open(file, "r:") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            _check_room(manifest, into)
            _extract(archive, members, manifest, into)
            _check_end(archive, file.stat().st_size)
    except tarfile.TarError as error:
        raise Refused(f"{file} is not a backup of Golden Thread: {error}.") from error
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error
    return manifest


def _manifest_text(made_at: str, entries: tuple[Entry, ...]) -> bytes:
    files = [{"name": entry.name, "size": entry.size, "sha256": entry.sha256} for entry in entries]
    return json.dumps({"kind": KIND, "made_at": made_at, "files": files}, indent=1).encode()


def _write(target: IO[bytes], folder: Path, manifest: bytes, entries: tuple[Entry, ...]) -> None:
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, MANIFEST, len(manifest), io.BytesIO(manifest))
        for entry in entries:
            with (folder / entry.name).open("rb") as source:
                _add(archive, entry.name, entry.size, source)


def _add(archive: tarfile.TarFile, name: str, size: int, source: IO[bytes]) -> None:
    """One file, without the names and times of the machine it comes from."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, source)


def _manifest(archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    """The manifest, which comes first."""
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > LONGEST_MANIFEST:
        raise Refused("This archive is not a backup of Golden Thread: it does not begin with a manifest.")
    try:
        fields = json.loads(b"".join(_pieces(archive, member)))
        entries = tuple(Entry(str(f["name"]), int(f["size"]), str(f["sha256"])) for f in fields["files"])
        kind, made_at = fields["kind"], str(fields["made_at"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("The manifest of this archive cannot be read.") from error
    if kind != KIND:
        raise Refused(f"This archive is of a kind that this version does not know: {kind}.")
    _check_names([entry.name for entry in entries])
    return Manifest(made_at, entries)


def _check_names(names: list[str]) -> None:
    """One database, files in our folders, no name twice and none that leads elsewhere."""
    bad = next((name for name in names if not _is_ours(name)), None)
    if bad is not None:
        raise Refused(f"The archive holds a file that no backup has: {bad!r}.")
    if len(set(names)) != len(names) or sum(name in (SQLITE, POSTGRESQL) for name in names) != 1:
        raise Refused("The archive does not hold exactly one database and each file once.")


def _is_ours(name: str) -> bool:
    """Whether a file of this name can be in a backup."""
    if name in (SQLITE, POSTGRESQL):
        return True
    path = PurePosixPath(name)
    plain = path.as_posix() == name and ".." not in path.parts and not {"\\", "\0"} & set(name)
    return plain and len(path.parts) > 1 and path.parts[0] in FOLDERS


def _check_room(manifest: Manifest, into: Path) -> None:
    needed, free = sum(entry.size for entry in manifest.entries), shutil.disk_usage(into).free
    if needed > free:
        raise Refused(
            f"The backup needs {needed} bytes and {into.parent} has {free}. Make room and try again."
        )


def _extract(
    archive: tarfile.TarFile, members: Iterator[tarfile.TarInfo], manifest: Manifest, into: Path
) -> None:
    """Write each file, and compare it with the manifest."""
    missing = {entry.name: entry for entry in manifest.entries}
    for member in members:
        entry = missing.pop(member.name, None)
        if entry is None or not member.isreg() or member.size != entry.size:
            raise Refused(f"The archive holds {member.name!r}, which its manifest does not name like that.")
        path = into / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with path.open("xb") as target:
            for piece in _pieces(archive, member):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != entry.sha256:
            raise Refused(f"{entry.name} in the archive was altered or is damaged: its hash does not fit.")
    if missing:
        raise Refused(f"The archive was cut short: {min(missing)} is missing.")


def _check_end(archive: tarfile.TarFile, size: int) -> None:
    """The archive ends where one of its files would: all of them can be there, and the end still be lost."""
    last = archive.getmembers()[-1]
    blocks = -(-last.size // tarfile.BLOCKSIZE) + 2
    records = -(-(last.offset_data + blocks * tarfile.BLOCKSIZE) // tarfile.RECORDSIZE)
    if size != records * tarfile.RECORDSIZE:
        raise Refused("The archive does not end where it should: it was cut short, or something was added.")


def _pieces(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    """A file's content; a file cut short is refused."""
    source = archive.extractfile(member)
    left = member.size
    while left and source:
        piece = source.read(min(PIECE, left))
        if not piece:
            raise Refused(f"The archive was cut short in {member.name!r}.")
        left -= len(piece)
        yield piece


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
