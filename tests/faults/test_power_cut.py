"""The power goes while answers are saved: what was acknowledged is in what reached the disk.

A child saves through the page's address under strace, which notes each write to the database and its log,
each sync and each acknowledgement. For a cut after any of them an image is made: what was synced before
it, and of what was not synced nothing, a part from the beginning, or some of its sectors. Each image must
open unaided. The same child without syncs must lose something, or this test would find nothing.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from random import Random

import pytest
from django.db import connection

from tests.faults import size
from tests.faults.kit import SEED
from tests.make import make_audit, make_council

STRACE = shutil.which("strace")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the file is SQLite's"),
    pytest.mark.skipif(
        STRACE is None, reason="strace was not found; install it to see what reaches the disk"
    ),
]
IMAGES = size(40, 10_000)
SAVES = size(12, 60)
SECTOR = 512
CALL = re.compile(
    r"^\d+ +(?P<name>pwrite64|write|fdatasync|fsync|ftruncate)\(\d+<(?P<path>[^>]*)>"
    r'(?:, "(?P<data>[^"]*)")?(?:, (?P<numbers>[\d, ]+))?\) += (?P<result>-?\d+)'
)
SAVER = """
import os, sys
import django
django.setup()
from django.db import connection
from django.test import Client
from goldenthread.people.models import Person
audit, person, mode, saves = sys.argv[1:]
with connection.cursor() as cursor:
    cursor.execute("PRAGMA wal_autocheckpoint=60")
    if mode:
        cursor.execute(f"PRAGMA synchronous={mode}")
browser = Client(headers={"host": "localhost"})
browser.force_login(Person.objects.get(public_id=person))
for number in range(int(saves)):
    told = {"question": "voice heard", "value:voice heard": f"Save {number + 1}", "version": number}
    answer = browser.post(f"/audits/{audit}/save-answer/", told)
    assert answer.status_code == 200, answer.content
    os.write(1, f"kept {number + 1}\\n".encode())
os.write(1, b"end\\n")
"""


def saved_under_strace(folder, mode=""):
    """The database before, and what a child that saved answers wrote, synced and acknowledged."""
    audit = make_audit(make_council())
    connection.close()
    name = folder / "copy.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source:
        source.execute("VACUUM INTO ?", [str(name)])
    with closing(sqlite3.connect(name)) as copy:
        copy.execute("PRAGMA journal_mode=WAL")
    before, notes = name.read_bytes(), folder / "strace.txt"
    watch = [STRACE, "-f", "-y", "-xx", "-s", "100000", "-o", str(notes), "-e"]
    watch.append("trace=pwrite64,write,fsync,fdatasync,ftruncate")
    child = [sys.executable, "-c", SAVER, audit.public_id, audit.auditor.public_id, mode, str(SAVES)]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{name}",
        "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
        "GOLDENTHREAD_DATA": str(folder),
    }
    ended = subprocess.run([*watch, *child], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return before, list(calls(notes.read_text(), name))


def calls(notes, name):
    """What was done in order: a write, a cut to a size or a sync of a file, or the number that was kept."""
    files = {str(name): "db", f"{name}-wal": "wal"}
    for line in notes.splitlines():
        if not (call := CALL.match(line)):
            continue
        path, data = text_of(call["path"]).decode(), text_of(call["data"] or "")
        if call["name"] == "write" and data == b"end\n":
            return
        if call["name"] == "write" and data.startswith(b"kept "):
            yield ("kept", int(data.split()[1]))
        elif file := files.get(path):
            numbers = [int(number) for number in (call["numbers"] or "0").split(", ")]
            if call["name"] == "pwrite64":
                assert len(data) == numbers[0]
                yield ("write", file, numbers[1], data)
            elif call["name"] == "ftruncate":
                yield ("cut", file, numbers[0])
            else:
                yield ("sync", file)


def text_of(hexed):
    """What strace wrote as \\x41\\x42."""
    return bytes.fromhex(hexed.replace("\\x", ""))


class Disk:
    """What is surely on a disk, and what was written since and may be."""

    def __init__(self, before):
        self.files = {"db": bytearray(before), "wal": bytearray()}
        self.loose = {"db": [], "wal": []}

    def take(self, call, *, heeds_syncs=True):
        """One call of the program."""
        if call[0] in ("write", "cut"):
            self.loose[call[1]].append(call)
        elif call[0] == "sync" and heeds_syncs:
            for loose in self.loose[call[1]]:
                put(self.files[call[1]], loose)
            self.loose[call[1]].clear()

    def image(self, chance):
        """The files after a cut: of what was not synced nothing, the first part or some sectors."""
        found = {}
        for file, held in self.files.items():
            found[file] = bytearray(held)
            loose, way = self.loose[file], chance.choice(["nothing", "first", "sectors"])
            if way == "first":
                loose = loose[: chance.randint(0, len(loose))]
            for call in [] if way == "nothing" else loose:
                parts = sectors(call) if way == "sectors" else [call]
                for part in parts:
                    if way == "first" or chance.random() < 0.5:
                        put(found[file], part)
        return found


def sectors(call):
    """A write in pieces that a disk writes whole."""
    if call[0] != "write":
        return [call]
    _, file, place, data = call
    edges = [0, *range(SECTOR - place % SECTOR, len(data), SECTOR), len(data)]
    return [
        ("write", file, place + first, data[first:last])
        for first, last in zip(edges, edges[1:], strict=False)
    ]


def put(held, call):
    """Do to the bytes of a file what a call does."""
    if call[0] == "cut":
        del held[call[2] :]
        return
    _, _, place, data = call
    held.extend(b"\0" * (place - len(held)))
    held[place : place + len(data)] = data


def faults_of(folder, before, done, *, heeds_syncs=True):
    """What is wrong with the images of so many cuts."""
    chance, disk, kept, found = Random(SEED), Disk(before), 0, []
    for call in done:
        disk.take(call, heeds_syncs=heeds_syncs)
        kept = call[1] if call[0] == "kept" else kept
        for _ in range(images_here(chance, len(done))):
            if fault := fault_of(folder, disk.image(chance), kept):
                found.append(fault)
    return found


def images_here(chance, moments):
    """How many images to make at one of so many moments."""
    share = IMAGES / moments
    return int(share) + (chance.random() < share % 1)


def fault_of(folder, image, kept):
    """What is wrong with what is found after the cut; nothing where it is sound and whole."""
    name = folder / "image.sqlite3"
    name.write_bytes(image["db"])
    (folder / "image.sqlite3-wal").write_bytes(image["wal"])
    (folder / "image.sqlite3-shm").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(name)) as opened:
            return fault_in(opened, kept)
    except sqlite3.DatabaseError as fault:
        return f"does not open: {fault}"


def fault_in(opened, kept):
    """What is wrong in a database that opens."""
    if (said := opened.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        return f"corrupt: {said}"
    if opened.execute("PRAGMA foreign_key_check").fetchone():
        return "refers to what is not there"
    history = opened.execute("SELECT version, value FROM audits_answerversion ORDER BY version").fetchall()
    if [(number, f"Save {number}") for number in range(1, len(history) + 1)] != [
        (number, value.strip('"')) for number, value in history
    ]:
        return f"out of order: {history}"
    if not kept <= len(history) <= kept + 1:
        return f"lost: {kept} acknowledged, {len(history)} there"
    answers = opened.execute("SELECT version FROM audits_answer").fetchall()
    events = opened.execute("SELECT count(*) FROM ledger_event WHERE what = 'audit.answer'").fetchone()[0]
    if history and (answers != [(len(history),)] or events != len(history)):
        return f"not of one save: {answers}, {events} events, {len(history)} versions"
    return ""


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path):
    before, done = saved_under_strace(tmp_path)

    assert [call[1] for call in done if call[0] == "kept"] == list(range(1, SAVES + 1))
    assert {("sync", "wal"), ("sync", "db")} <= set(done), "the log, and the file when the log goes into it"
    assert faults_of(tmp_path, before, done) == []
    assert faults_of(tmp_path, before, done, heeds_syncs=False), "a disk that forgets what it synced is found"


def test_a_power_cut_without_syncs_is_found_to_lose(tmp_path):
    before, done = saved_under_strace(tmp_path, mode="OFF")

    assert any(fault.startswith("lost") for fault in faults_of(tmp_path, before, done))
