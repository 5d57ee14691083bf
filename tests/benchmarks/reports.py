"""Standard reports, a table that anybody may ask for, and the upkeep of kept scores (P6 to P8).

Reports stand beside a bare scan by the database, in the same run: each answer with its audit, counted by
cycle, question and value. With SQLite all is processor time inside one process, with PostgreSQL, which works
in processes of its own, the time that passes; the least of the rounds.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from goldenthread.audits.models import Audit, KeptScore
from goldenthread.audits.operations import keep_missing_scores, take_step
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.people.models import Person
from tests.benchmarks import figures
from tests.benchmarks.council import Shape, make_council
from tests.benchmarks.history import make_month, make_past, plan_cycles
from tests.benchmarks.pages import HELLO, size_of

MOST = 15
"""Rounds; more would say no more."""
ALL_ANSWERS = """
SELECT a.cycle, n.question, n.value, COUNT(*) FROM audits_answer n JOIN audits_audit a ON a.id = n.audit_id
WHERE a.phase IN ('final', 'filed') GROUP BY a.cycle, n.question, n.value
"""
OF_ONE_QUESTION = """
SELECT a.cycle, n.value, COUNT(*) FROM audits_answer n JOIN audits_audit a ON a.id = n.audit_id
WHERE a.phase IN ('final', 'filed') AND n.question = 'details current' GROUP BY a.cycle, n.value
"""
HEAD = ("what", "ms", "against", "its ms", "ratio", "goal")


def run(size: float, rounds: int) -> str:
    """The tables of reports and of the upkeep, on an installation of this size."""
    shape = Shape.of(size)
    council = make_council(shape)
    *past, current = plan_cycles(council)
    make_past(council, shape, past)
    make_month(council, current)
    keep_missing_scores()  # the past was made in bulk
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = min(rounds, MOST)
    paths = {
        "grades of a cycle: highlight report (P6)": f"/reports/{past[-1].public_id}/",
        "share good or better by cycle (P6)": f"/reports/trends/?{urlencode({'of': 'part:overall'})}",
        "scores of the year (P6)": "/reports/compliance/scores/",
        "answers to one question by cycle (P7)": (
            f"/reports/trends/?{urlencode({'of': 'question:details current'})}"
        ),
    }
    tables = [size_of(council), _reports(council.manager, paths, rounds), _upkeep(council.quality)]
    return "\n\n".join(tables)


def _reports(reader: Person, paths: dict[str, str], rounds: int) -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    asked = {name: _asking(client, path) for name, path in paths.items()}
    asked[HELLO] = _asking(client, "/", status=302)
    scans = {"a scan of all answers": ALL_ANSWERS, "a scan for the question": OF_ONE_QUESTION}
    asked |= {name: (lambda sql=sql: _scan(sql)) for name, sql in scans.items()}
    taken = _in_turn(asked, rounds)
    rows = []
    for name in paths:
        of_one = "(P7)" in name
        against = "a scan for the question" if of_one else "a scan of all answers"
        rows.append(_row(name, taken[name], against, taken[against], 10 if of_one else 1))
    rows.append((HELLO, f"{taken[HELLO] * 1000:.1f}", "", "", "", ""))
    return figures.table(HEAD, rows)


def _scan(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def _asking(client: Client, path: str, status: int = 200) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != status:
            raise RuntimeError(f"{path} answered {answer.status_code}.")

    return ask


def _in_turn(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least that each took, in seconds; one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, ask in asked.items():
            seconds = _taken(ask)
            taken[name] += [seconds] if number else []
    return {name: min(seconds) for name, seconds in taken.items()}


def _upkeep(quality: Person) -> str:
    """What keeping scores costs the step that finishes an audit, and whether a rebuild finds the same.

    Without it is the step less the keeping alone, done once more in the same transaction.
    """
    whole, keeping = [], []
    for audit in Audit.objects.filter(phase="checking").order_by("pk"):
        with transaction.atomic():
            whole.append(
                _taken(lambda one=audit: take_step(one, "accept", by=quality, at=timezone.localtime()))
            )
            audit.refresh_from_db()
            keeping.append(_taken(lambda one=audit: keep_scores(one)))
    if not whole:
        raise RuntimeError("No audit waits to be accepted.")
    with_it, alone = min(whole), min(keeping)
    rows = [_row("accepting an audit (P8)", with_it, "the same without", with_it - alone, 2)]
    return f"{figures.table(HEAD, rows)}\n\n{_rebuilt()}"


def _rebuilt() -> str:
    """How many kept scores differ from those that are reckoned anew from the answers."""
    stood = _kept()
    with transaction.atomic():
        KeptScore.objects.all().delete()
        keep_missing_scores()
        anew = _kept()
        transaction.set_rollback(True)
    differ = sum(stood.get(key, "") != anew.get(key, "") for key in stood.keys() | anew.keys())
    verdict = "missed" if differ else "met"
    return f"Of {len(stood):,} kept scores {differ} differ from a rebuild (goal 0, {verdict})"


def _kept() -> dict[tuple[int, str], int | None]:
    rows = KeptScore.objects.values_list("audit", "score", "thousandths")
    return {(audit, score): value for audit, score, value in rows}


def _taken(do: Callable[[], object]) -> float:
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    began = clock()
    do()
    return clock() - began


def _row(name: str, ours: float, against: str, least: float, goal: float) -> tuple[str, ...]:
    ratio = ours / max(least, 1e-6)
    verdict = f"{goal:g} ({'met' if ratio <= goal else 'missed'})"
    return (name, f"{ours * 1000:.1f}", against, f"{least * 1000:.2f}", f"{ratio:.2f}", verdict)
