"""The server at work: eight who save at once, a backup, a storm of reports, its start and its memory.

Each stands beside what the same machine does with less, in the same run: eight who ask for H (see
`pages`); a plain copy of the database by SQLite or by pg_dump; a Django of nothing but its own sign-in and
sessions.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from goldenthread.audits.models import Answer, Audit
from goldenthread.people.models import Person
from tests.benchmarks import figures
from tests.benchmarks.council import Shape, make_council
from tests.benchmarks.history import make_month, make_past, plan_cycles
from tests.benchmarks.serving import Client, server, session, web_of

CLIENTS = 8
PUT_OFF = 429
QUESTION = "details current"
HEAD = ("what", "ours", "limit", "its figure", "ratio", "goal")
PLAIN = """
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SECRET_KEY="-", ROOT_URLCONF="django.contrib.auth.urls", ALLOWED_HOSTS=["*"],
)
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.contrib.auth.models import User
get_wsgi_application()
str(User.objects.all().query)
"""


def run(size: float, rounds: int) -> str:
    """The table of a server with two processes, on an installation of this size."""
    shape = Shape.of(size)
    council = make_council(shape)
    *past, current = plan_cycles(council)
    make_past(council, shape, past)
    audits = make_month(council, current)[:CLIENTS]
    sessions = {who.pk: session(who) for who in [council.quality, *(audit.auditor for audit in audits)]}
    connection.close()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(settings.DATA) / "bytecode")
    _plain()  # the first start of each compiles, and only the first
    with server(processes=2):
        pass
    plain_start, plain_memory = _plain()
    began = time.perf_counter()
    with server(processes=2) as (port, web):
        start = time.perf_counter() - began
        eight = [_Saver(Client(port, web, sessions), audit) for audit in audits]
        asked, asking = _at_once([one.ask for one in eight], rounds)
        saved, saving = _at_once([one.save for one in eight], rounds)
        with ThreadPoolExecutor() as beside:
            backup = beside.submit(_backup)
            meanwhile, _ = _at_once([one.save for one in eight], rounds)
            taken = backup.result()
        two = [eight[0].save, eight[1].look]
        calm, _ = _at_once(two, rounds)
        report = f"/reports/{past[-1].public_id}/"
        with _storm([Client(port, web, sessions) for _ in eight], report, council.quality) as reports:
            stormy, _ = _at_once(two, rounds)
        for path in ("/tasks/", "/audits/", f"/audits/{audits[0].public_id}/", "/reports/"):
            Client(port, web, sessions).ask("GET", path, audits[0].auditor)
        memory = _held(web_of(web))
    connection.close()
    _must_be_there(audits, eight)
    rate, least = len(saved) / saving, len(asked) / asking
    p50, p99 = _part(saved, 0.5), _part(saved, 0.99)
    return figures.table(
        HEAD,
        [
            _line(
                "saves a second (P16)", f"{rate:.0f}", "H a second", f"{least:.0f}", rate / least, 0.3, True
            ),
            _line("slowest in a hundred", _ms(p99), "the median", _ms(p50), p99 / p50, 4),
            _line(
                "slowest H in a hundred",
                _ms(_part(asked, 0.99)),
                "the median",
                _ms(_part(asked, 0.5)),
                _part(asked, 0.99) / _part(asked, 0.5),
                4,
            ),
            _line(
                "memory (P17)",
                _mb(memory),
                "two plain Djangos",
                _mb(2 * plain_memory),
                memory / 2 / plain_memory,
                2,
            ),
            _line(
                "start to first answer (P18)",
                _s(start),
                "a plain Django",
                _s(plain_start),
                start / plain_start,
                3,
            ),
            _line("backup (P20)", _s(taken), "a plain copy", _s(copied := _copy()), taken / copied, 3),
            _line(
                "slowest save meanwhile",
                _ms(_part(meanwhile, 0.99)),
                "without",
                _ms(p99),
                _part(meanwhile, 0.99) / p99,
                3,
            ),
            _line(
                f"slowest of twenty in a storm of reports: {reports[200]} made, {reports[PUT_OFF]} put off",
                _ms(_part(stormy, 0.95)),
                "without",
                _ms(_part(calm, 0.95)),
                _part(stormy, 0.95) / _part(calm, 0.95),
                3,
            ),
        ],
    )


@contextmanager
def _storm(clients: list[Client], path: str, who: Person):
    """One person who asks for a report again and again in many tabs; counts what was answered."""
    told: Counter[int] = Counter()
    over = threading.Event()

    def ask(client: Client) -> None:
        while not over.is_set():
            told[status := client.ask("GET", path, who).status] += 1
            if status == PUT_OFF:
                over.wait(1)

    with ThreadPoolExecutor(len(clients)) as tabs:
        asking = [tabs.submit(ask, client) for client in clients]
        try:
            yield told
        finally:
            over.set()
    for one in asking:
        one.result()
    if set(told) - {200, PUT_OFF}:
        raise RuntimeError(f"The reports answered {dict(told)}.")


class _Saver:
    """An auditor who saves one answer again and again, each time over the version before it."""

    def __init__(self, client: Client, audit: Audit) -> None:
        self.client, self.who, self.path = client, audit.auditor, f"/audits/{audit.public_id}/save-answer/"
        saved = Answer.objects.filter(audit=audit, question=QUESTION).first()
        self.version = saved.version if saved else 0

    def ask(self) -> float:
        """H; how long it took."""
        return self.client.ask("GET", "/", self.who).seconds

    def look(self) -> float:
        """The tasks; how long they took."""
        return self.client.ask("GET", "/tasks/", self.who).seconds

    def save(self) -> float:
        """One more version; how long it took."""
        said = {f"choice:{QUESTION}": "=no", f"evidence:{QUESTION}": f"Seen {self.version} times."}
        body = urlencode({"question": QUESTION, "version": self.version, **said})
        answer = self.client.ask("POST", self.path, self.who, body)
        if answer.status != 200:
            raise RuntimeError(f"A save answered {answer.status}: {answer.content[:300]!r}")
        self.version = json.loads(answer.content)["version"]
        return answer.seconds


def _at_once(calls: list[Callable[[], float]], rounds: int) -> tuple[list[float], float]:
    """Each call so many times, all calls beside each other: how long each took, and all together."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(calls)) as pool:
        taken = list(pool.map(lambda call: [call() for _ in range(rounds)], calls))
    return [one for each in taken for one in each], time.perf_counter() - began


def _must_be_there(audits: list[Audit], eight: list[_Saver]) -> None:
    """Nothing that was acknowledged is lost."""
    for audit, saver in zip(audits, eight, strict=True):
        kept = Answer.objects.get(audit=audit, question=QUESTION).version
        if kept != saver.version:
            raise RuntimeError(f"Version {saver.version} was acknowledged, and {kept} is there.")


def _backup() -> float:
    """The seconds of a backup by its command, less those of starting it."""
    started = _seconds("backup", "--help")
    return max(_seconds("backup", str(Path(settings.DATA) / "backup.tar")) - started, 0.001)


def _seconds(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.goldenthread", *words],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ,
    )
    return time.perf_counter() - began


def _copy() -> float:
    """The seconds in which SQLite copies the database by itself, or pg_dump writes it to a file."""
    began = time.perf_counter()
    if connection.vendor != "sqlite":
        copy = Path(settings.DATA) / "copy.pgdump"
        subprocess.run(["pg_dump", "-Fc", "-f", str(copy), os.environ["DATABASE_URL"]], check=True)
        return time.perf_counter() - began
    old, new = (
        sqlite3.connect(settings.DATABASES["default"]["NAME"]),
        sqlite3.connect(Path(settings.DATA) / "copy.sqlite3"),
    )
    old.backup(new)
    old.close()
    new.close()
    return time.perf_counter() - began


def _plain() -> tuple[float, int]:
    """How long a plain Django takes to be ready, and what it then holds, in bytes."""
    began = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-c", PLAIN + "print(flush=True)\ninput()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
    )
    running.stdout.readline()
    taken = time.perf_counter() - began
    held = _held([running.pid])
    running.communicate(b"\n")
    return taken, held


def _held(processes: list[int]) -> int:
    """The memory of these processes, what they share counted in parts (PSS), in bytes."""
    told = [Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8") for one in processes]
    return sum(int(re.search(r"^Pss:\s+(\d+) kB", one, re.MULTILINE)[1]) for one in told) * 1024


def _part(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


def _line(what: str, ours: str, limit: str, least: str, ratio: float, goal: float, more: bool = False):
    met = ratio >= goal if more else ratio <= goal
    verdict = f"{'at least ' if more else ''}{goal:g} ({'met' if met else 'missed'})"
    return (what, ours, limit, least, f"{ratio:.2f}", verdict)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _mb(held: float) -> str:
    return f"{held / 1e6:.0f} MB"
