"""A backup holds the installation of a moment; a restore brings all of it back, or touches nothing."""

import gc
import io
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from goldenthread.audits.attached import path_of_file, verify_files
from goldenthread.audits.models import AttachedFile
from goldenthread.audits.operations import attach_files
from goldenthread.ledger import checkpoints, verification
from goldenthread.ledger.models import Event
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from goldenthread.web.management import archives, databases
from tests.answer_packs import with_questions
from tests.ledger_support import append
from tests.make import make_audit, make_council, moment, publish_pack

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite's file")


@pytest.fixture(autouse=True)
def _no_connection_left_by_other_tests(request):
    """What threads of earlier tests left to the collector would count as somebody at work."""
    if "transactional_db" in request.fixturenames or "backup" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    gc.collect()
    # by its type, since asking a lazy object what it is would make it
    for left in [one for one in gc.get_objects() if issubclass(type(one), sqlite3.Connection)]:
        if left is not connection.connection:
            left.close()


@pytest.fixture
def backup(transactional_db, tmp_path):
    """A backup of five events, a checkpoint over them and an upload; three more events came after it."""
    append(5)
    checkpoints.write(at=timezone.now())
    uploads = tmp_path / "uploads" / "2026"
    uploads.mkdir(parents=True)
    (uploads / "extract.csv").write_text("case,team\n")
    call_command("backup", str(tmp_path / "backup.tar"), stdout=StringIO())
    append(3)
    checkpoints.write(at=timezone.now())
    (uploads / "extract.csv").write_text("overwritten")
    return tmp_path / "backup.tar"


def state(folder):
    """What a refused restore must leave alone."""
    files = {
        path.name: path.read_bytes() for name in archives.FOLDERS for path in (folder / name).rglob("*.*")
    }
    return Event.objects.count(), files, sorted(path.name for path in folder.iterdir())


def restore(file, *options):
    output = StringIO()
    call_command("restore", str(file), *options, stdout=output)
    return output.getvalue()


def test_a_restore_brings_back_database_uploads_and_checkpoints(backup, tmp_path):
    said = restore(backup, "--replace")

    verdict = verification.verify(checkpoints.folder())
    assert (verdict.ok, verdict.events, verdict.checkpoints) == (True, 5, 1)
    assert (tmp_path / "uploads" / "2026" / "extract.csv").read_text() == "case,team\n"
    assert "Restored the backup" in said


def test_what_was_there_before_is_kept(backup, tmp_path):
    restore(backup, "--replace")

    (kept,) = tmp_path.glob("replaced-*")
    assert (kept / "uploads" / "2026" / "extract.csv").read_text() == "overwritten"
    assert checkpoints.newest(kept / "checkpoints").size == 8
    assert (kept / databases.file_name()).stat().st_size > 10_000


def test_the_ledger_goes_on_after_a_restore_which_is_no_event(backup):
    restore(backup, "--replace")
    append(1)

    checkpoints.write(at=timezone.now())

    assert list(Event.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert verification.verify(checkpoints.folder()).ok


def test_a_restore_over_records_needs_to_be_told_to_replace_them(backup, tmp_path):
    before = state(tmp_path)

    with pytest.raises(CommandError, match="add --replace"):
        restore(backup)

    assert state(tmp_path) == before


@pytest.mark.django_db(transaction=True)
def test_an_installation_without_records_needs_no_telling(backup, tmp_path):
    call_command("flush", interactive=False, verbosity=0)

    restore(backup)

    assert Event.objects.count() == 5


@pytest.mark.parametrize("keep", [0, 100, 10_240, 20_480, -10_240, -1])
def test_a_backup_that_was_cut_short_is_refused(backup, tmp_path, keep):
    whole = backup.read_bytes()
    backup.write_bytes(whole[:keep] if keep >= 0 else whole[: len(whole) + keep])
    before = state(tmp_path)

    with pytest.raises(CommandError):
        restore(backup, "--replace")

    assert state(tmp_path) == before


@pytest.mark.parametrize("cut", [tarfile.RECORDSIZE, -tarfile.RECORDSIZE])
@pytest.mark.parametrize("over", [0, 1, 511, 512, 1024, tarfile.RECORDSIZE - 1])
def test_an_archive_whose_end_alone_is_lost_or_longer_is_refused(tmp_path, over, cut):
    """However the size of what it holds falls: the last record can hold nothing but the end."""
    folder, into = tmp_path / "folder", tmp_path / "into"
    folder.mkdir()
    into.mkdir()
    content = folder / archives.SQLITE
    room = 10 * tarfile.RECORDSIZE - 4 * tarfile.BLOCKSIZE
    content.write_bytes(b"1" * (room + over))
    archives.pack(folder, tmp_path / "backup.tar", made_at="now")
    whole = (tmp_path / "backup.tar").read_bytes()
    archives.unpack(tmp_path / "backup.tar", into)

    (tmp_path / "cut.tar").write_bytes(whole[:-cut] if cut > 0 else whole + bytes(-cut))
    (tmp_path / "again").mkdir()
    with pytest.raises(Refused):
        archives.unpack(tmp_path / "cut.tar", tmp_path / "again")


def test_rubbish_is_refused(backup, tmp_path):
    backup.write_bytes(b"\x07rubbish" * 1280)
    before = state(tmp_path)

    with pytest.raises(CommandError, match="not a backup"):
        restore(backup, "--replace")

    assert state(tmp_path) == before


@on_sqlite
def test_a_database_in_use_is_not_replaced(backup, tmp_path):
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("SELECT count(*) FROM ledger_event").fetchone()
        before = state(tmp_path)
        connection.close()
        with pytest.raises(CommandError, match="Stop it"):
            restore(backup, "--replace")

    assert state(tmp_path) == before


@on_sqlite
def test_a_restore_that_fails_half_way_puts_everything_back(backup, tmp_path):
    location = Path(connection.settings_dict["NAME"])
    obstacle = location.with_name(f".{location.name}.arriving")
    obstacle.mkdir()
    before = state(tmp_path)

    with pytest.raises(CommandError):
        restore(backup, "--replace")

    assert state(tmp_path) == before
    assert verification.verify(checkpoints.folder()).ok
    (obstacle / archives.SQLITE).unlink()
    obstacle.rmdir()


@on_sqlite
def test_a_backup_taken_while_others_save_is_whole(transactional_db, tmp_path):
    append(20)
    stop = threading.Event()

    def save():
        while not stop.is_set():
            append(1)
        connection.close()

    saving = threading.Thread(target=save)
    saving.start()
    try:
        call_command("backup", str(tmp_path / "b.tar"), stdout=StringIO())
    finally:
        stop.set()
        saving.join()
    restore(tmp_path / "b.tar", "--replace")

    assert verification.verify(checkpoints.folder()).ok
    assert Event.objects.count() >= 20


def make(file, members, *, kind=tarfile.REGTYPE, manifest=None):
    """An archive of our own making, with a manifest that names its members rightly."""
    listed = [{"name": n, "size": len(c), "sha256": sha256(c).hexdigest()} for n, c in members]
    text = json.dumps(manifest or {"kind": archives.KIND, "made_at": "now", "files": listed}).encode()
    with tarfile.open(file, "w") as archive:
        for name, content in [(archives.MANIFEST, text), *members]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.type = tarfile.REGTYPE if name == archives.MANIFEST else kind
            member.linkname = "/etc/passwd"
            archive.addfile(member, io.BytesIO(content))
    return file


DATABASE = (archives.SQLITE, b"SQLite format 3\0")


@pytest.mark.parametrize(
    "name",
    [
        "../escaped",
        "/tmp/escaped",
        "uploads/../../escaped",
        "uploads",
        "uploads//x",
        "uploads/./x",
        "uploads\\..\\x",
        "checkpoints/",
        "secret_key",
        "",
    ],
)
def test_a_file_that_no_backup_has_is_refused(tmp_path, name):
    (tmp_path / "into").mkdir()
    file = make(tmp_path / "evil.tar", [DATABASE, (name, b"x")])

    with pytest.raises(Refused):
        archives.unpack(file, tmp_path / "into")

    assert list((tmp_path / "into").iterdir()) == []
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_anything_but_a_plain_file_is_refused(tmp_path, kind):
    (tmp_path / "into").mkdir()
    file = make(tmp_path / "evil.tar", [DATABASE, ("uploads/x", b"")], kind=kind)

    with pytest.raises(Refused):
        archives.unpack(file, tmp_path / "into")


@pytest.mark.parametrize(
    "manifest",
    [
        {"kind": "another"},
        {"kind": "another", "made_at": "now", "files": []},
        {
            "kind": archives.KIND,
            "made_at": "now",
            "files": [{"name": archives.SQLITE, "size": 16, "sha256": "0" * 64}],
        },
        {
            "kind": archives.KIND,
            "made_at": "now",
            "files": [{"name": archives.SQLITE, "size": 2**62, "sha256": ""}],
        },
        {"kind": archives.KIND, "made_at": "now", "files": []},
        ["files"],
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, manifest):
    (tmp_path / "into").mkdir()
    file = make(tmp_path / "evil.tar", [DATABASE], manifest=manifest)

    with pytest.raises(Refused):
        archives.unpack(file, tmp_path / "into")


@on_sqlite
@pytest.mark.parametrize("content", [b"rubbish" * 100, b"SQLite format 3\0" + b"\0" * 4080, b""])
def test_a_database_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "x.sqlite3").write_bytes(content)

    with pytest.raises(Refused):
        databases.check(tmp_path / "x.sqlite3")


@on_sqlite
def test_a_database_of_a_newer_version_is_refused(transactional_db, tmp_path):
    databases.copy(tmp_path / "x.sqlite3")
    databases.check(tmp_path / "x.sqlite3")
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as newer, newer:
        newer.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0999_later', '2030-01-01')"
        )

    with pytest.raises(Refused, match="newer version"):
        databases.check(tmp_path / "x.sqlite3")


def test_a_backup_is_readable_by_its_owner_alone_and_replaces_an_older_one_whole(backup):
    assert backup.stat().st_mode & 0o777 == 0o600

    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert names[0] == archives.MANIFEST
    assert databases.file_name() in names
    assert "uploads/2026/extract.csv" in names
    assert "secret_key" not in names


def test_the_files_of_answers_come_back_as_they_were_attached(transactional_db, tmp_path):
    question = {"key": "papers", "text": "Which papers?", "type": "file"}
    audit = make_audit(make_council(), version=publish_pack(document=with_questions([question])))
    upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 the plan")
    attach_files(audit, "papers", Given(), [upload], expected=0, by=audit.auditor, at=moment())
    call_command("backup", str(tmp_path / "backup.tar"), stdout=StringIO())
    path_of_file(AttachedFile.objects.get().public_id).unlink()
    assert "is missing" in verify_files()[1]

    restore(tmp_path / "backup.tar", "--replace")

    assert verify_files() == (1, None)
    assert path_of_file(AttachedFile.objects.get().public_id).read_bytes() == b"%PDF-1.7 the plan"
