"""An import of 100,000 rows by its command: the first load, one that changes nothing, one that changes 1%.

The limits of the same run: csv parse with a hash of each row, and a bare upsert of the rows. What the command
costs before it reads a line (starting Python and Django) is measured beside it and taken off. Seconds are
seconds of a processor, which other work on the machine does not stretch.
"""

import csv
import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.utils import timezone

from tests.benchmarks import figures
from tests.benchmarks.council import SEED

COLUMNS = (
    *("Case reference", "Person reference", "Status", "Opened", "Team", "Worker", "Worker allocated"),
    *("Primary need", "Age", "Gender"),
)
HEAD = ("load", "CPU seconds", "limit", "CPU seconds", "ratio", "goal", "peak RSS MB", "counts")


def run(size: float, rounds: int) -> str:
    """The table of an import of 100,000 rows, so many times over."""
    number, folder = max(200, round(100_000 * size)), Path(settings.DATA)
    path = _write(folder / "cases.csv", number, changed=0)
    starting, _, _ = _command("check")
    first, first_peak, told = _import(path)
    again, again_peak, told_again = _import(path)
    _write(path, number, changed=number // 100)
    some, some_peak, told_some = _import(path)
    upsert, hashing = _bare_upsert(path, folder), _parse_and_hash(path)
    rows = [
        ("first (P10)", first - starting, "bare upsert", upsert, 3.0, first_peak, told),
        ("nothing changed (P9)", again - starting, "parse and hash", hashing, 6.0, again_peak, told_again),
        ("1% changed (P9)", some - starting, "parse and hash", hashing, 6.0, some_peak, told_some),
    ]
    told_size = f"{number:,} rows, {path.stat().st_size / 1e6:.1f} MB; starting takes {starting:.2f} s."
    return told_size + "\n\n" + figures.table(HEAD, [_line(*row) for row in rows])


def _line(name: str, taken: float, limit: str, least: float, goal: float, peak: float, counts: str):
    ratio = taken / least
    verdict = f"{goal:g} ({'met' if ratio <= goal else 'missed'})"
    return (name, f"{taken:.2f}", limit, f"{least:.3f}", f"{ratio:.1f}", verdict, f"{peak:.0f}", counts)


def _import(path: Path) -> tuple[float, float, str]:
    """Seconds, peak memory and counts of one import, its helpers included."""
    seconds, peak, said = _command("import_caseload", str(path), "--preset", "open_cases", "--json")
    total = json.loads(said)["total"]
    return seconds, peak, ", ".join(f"{total[word]} {word}" for word in ("created", "changed", "unchanged"))


def _command(*words: str) -> tuple[float, float, str]:
    """Run the goldenthread command; seconds of CPU, peak memory in MB, and what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.goldenthread", *words]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True)
    said = running.stdout.read()
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"goldenthread {words[0]} failed: {said[-500:]}")
    return used.ru_utime + used.ru_stime, _megabytes(used), said


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _write(path: Path, number: int, *, changed: int) -> Path:
    """An open-cases list; the first `changed` rows tell of another need than before."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(number, changed))
    return path


def _rows(number: int, changed: int) -> Iterator[tuple[str, ...]]:
    random, today = Random(SEED), timezone.localdate()
    for place in range(number):
        opened = today - timedelta(days=random.randrange(200, 1_500))
        begun = opened + timedelta(days=random.randrange(0, 190))
        worker, need = place % 2_000, random.choice(["Physical support", "Mental health"])
        yield (
            f"B-{place:07}",
            f"P-{place - (place % 17 == 0):07}",
            "Open",
            opened.strftime("%d/%m/%Y"),
            f"Team {worker % 60:03}",
            f"Worker {worker:05}",
            begun.strftime("%d/%m/%Y"),
            "Sensory support" if place < changed else need,
            str(random.randrange(18, 100)),
            random.choice(["F", "M"]),
        )


def _parse_and_hash(path: Path) -> float:
    """The least that sees a change: every row parsed, and a 128-bit hash of it."""
    began = time.process_time()
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            hashlib.blake2b("\x1f".join(row).encode(), digest_size=16).digest()
    return time.process_time() - began


def _bare_upsert(path: Path, folder: Path) -> float:
    """The least that loads: every row parsed and upserted into one table, durably."""
    database = sqlite3.connect(folder / "bare.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(f"c{place}" for place in range(1, len(COLUMNS)))
    database.execute(f"CREATE TABLE cases (c0 PRIMARY KEY, {columns})")
    marks = ", ".join("?" * len(COLUMNS))
    began = time.process_time()
    with path.open(newline="", encoding="utf-8") as file, database:
        rows = csv.reader(file)
        next(rows)
        database.executemany(
            f"INSERT INTO cases VALUES ({marks}) ON CONFLICT (c0) DO UPDATE SET c1 = excluded.c1", rows
        )
    taken = time.process_time() - began
    database.close()
    return taken
