"""The pages that people live in, each against a bare signed-in answer of the same run.

One server (one process, four threads), one connection kept alive, and the pages in turn: what else the
machine does falls on all of them alike. H is `/`, which answers a signed-in person with a redirect: the
session, the person and every middleware, and no template. Beside the time that the client waits stands the
processor time that the server spends, which other work on the machine does not stretch; a goal is met when
both ratios meet it.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection

from goldenthread.audits.models import Answer as Given
from goldenthread.audits.models import Audit
from goldenthread.audits.operations import keep_missing_scores
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from tests.benchmarks import figures, statements
from tests.benchmarks.council import Council, Shape, make_council
from tests.benchmarks.history import make_month, make_past, plan_cycles
from tests.benchmarks.serving import Answer, Client, server, session

QUESTION = "details current"
WARM_UP = 30
HEAD = (
    *("page", "p50 ms", "p95 ms", "p50 / H", "CPU ms", "CPU / H"),
    *("goal", "bytes", "queries", "most parameters"),
)
HELLO = "H: / (signed in)"


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of the server in each round."""

    name: str
    who: Person
    path: str
    goal: str = ""
    status: int = 200


def run(size: float, rounds: int) -> str:
    """The table of pages of an installation of this size."""
    shape = Shape.of(size)
    council = make_council(shape)
    *past, current = plan_cycles(council)
    make_past(council, shape, past)
    open_audits = make_month(council, current)
    keep_missing_scores()  # the past was made in bulk
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked = _asked(council, current, open_audits[0])
    saved = _Autosave(open_audits[0])
    counted = {one.name: statements.counted(one.who, one.path) for one in asked}
    lists = statements.of_lists(council, current, open_audits[0])
    sessions = {one.who.pk: session(one.who) for one in asked}
    connection.close()
    with server() as (port, worker):
        taken = _measure(Client(port, worker, sessions), asked, saved, rounds)
    return "\n\n".join((size_of(council), _table(asked, saved, taken, counted), lists))


def _asked(council: Council, cycle: Cycle, audit: Audit) -> list[Asked]:
    auditor, quality = audit.auditor, council.quality
    return [
        Asked(HELLO, auditor, "/", status=302),
        Asked("smallest whole page", auditor, "/accessibility/"),
        Asked("my tasks (P1), an auditor", auditor, "/tasks/", "3"),
        Asked("my tasks (P1), 25 rows", quality, "/tasks/", "3"),
        Asked("audit form, 4 questions", auditor, f"/audits/{audit.public_id}/sections/basics/", "4"),
        Asked("audit form, a graded part (P2)", auditor, f"/audits/{audit.public_id}/sections/voice/", "4"),
        Asked("one audit", auditor, f"/audits/{audit.public_id}/"),
        Asked("list of audits, 25 rows", quality, "/audits/"),
        Asked("cycle (P5)", quality, f"/programme/{cycle.public_id}/", "4"),
        Asked("highlight report (P5)", quality, f"/reports/{cycle.public_id}/", "6"),
        Asked("year-to-date compliance (P5)", council.manager, "/reports/compliance/", "6"),
        Asked("scores of the year", council.manager, "/reports/compliance/scores/"),
    ]


class _Autosave:
    """One answer saved again and again, each time over the version before it (P3)."""

    name, goal = "autosave of one answer (P3)", "2"

    def __init__(self, audit: Audit) -> None:
        self.who, self.path = audit.auditor, f"/audits/{audit.public_id}/save-answer/"
        saved = Given.objects.filter(audit=audit, question=QUESTION).first()
        self.version = saved.version if saved else 0

    def body(self) -> str:
        """What the page sends."""
        said = {f"choice:{QUESTION}": "=no", f"evidence:{QUESTION}": f"Seen {self.version} times."}
        return urlencode({"question": QUESTION, "version": self.version, **said})


def _measure(client: Client, asked: list[Asked], saved: _Autosave, rounds: int):
    """Each page in turn, round by round; the first rounds do not count."""
    taken: dict[str, list[Answer]] = {one.name: [] for one in (*asked, saved)}
    for number in range(-min(WARM_UP, rounds), rounds):
        counts = number >= 0
        for one in asked:
            answer = client.ask("GET", one.path, one.who)
            if answer.status != one.status:
                raise RuntimeError(f"{one.name}: {one.path} answered {answer.status}.")
            taken[one.name] += [answer] if counts else []
        answer = client.ask("POST", saved.path, saved.who, saved.body())
        if answer.status != 200:
            raise RuntimeError(f"Autosave answered {answer.status}: {answer.content[:300]!r}")
        saved.version = json.loads(answer.content)["version"]
        taken[saved.name] += [answer] if counts else []
    return taken


def _table(asked: list[Asked], saved: _Autosave, taken: dict[str, list[Answer]], counted) -> str:
    rows = []
    for one in (*asked, saved):
        answers, hello = taken[one.name], taken[HELLO]
        p50, cpu = _p50(answers), _cpu(answers)
        ratios = (p50 / _p50(hello), cpu / _cpu(hello))
        verdict = f"{one.goal} ({'met' if max(ratios) <= float(one.goal) else 'missed'})" if one.goal else ""
        rows.append(
            (
                one.name,
                *(f"{p50:.1f}", f"{figures.p95([answer.seconds for answer in answers]):.1f}"),
                *(f"{ratios[0]:.2f}", f"{cpu:.1f}", f"{ratios[1]:.2f}", verdict),
                *(str(len(answers[-1].content)), *map(str, counted.get(one.name, ("", "")))),
            )
        )
    return figures.table(HEAD, rows)


def _p50(answers: list[Answer]) -> float:
    return figures.median([answer.seconds for answer in answers])


def _cpu(answers: list[Answer]) -> float:
    return figures.median([answer.cpu for answer in answers])


def size_of(council: Council) -> str:
    """How large the installation is."""
    counts = {
        "open cases": _count("caseload_subject"),
        "staff": _count("people_person"),
        "audits": _count("audits_audit"),
        "answers": _count("audits_answer"),
        "events": _count("ledger_event"),
    }
    return ", ".join(f"{number:,} {what}" for what, number in counts.items())


def _count(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {name}")
        return cursor.fetchone()[0]
