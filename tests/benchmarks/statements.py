"""How many statements a page asks of the database, and the most parameters that one of them carries."""

from django.db import connection
from django.test import Client
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Draw
from tests.benchmarks import figures
from tests.benchmarks.council import Council

MOST_PARAMETERS = 100


class Watch:
    """Counts statements, and keeps the largest number of parameters."""

    def __init__(self) -> None:
        self.statements, self.most = 0, 0

    def __call__(self, execute, sql, params, many, context):
        """Run a statement and note it."""
        self.statements += 1
        self.most = max(self.most, len(params or ()))
        return execute(sql, params, many, context)


def counted(who: Person, path: str) -> tuple[int, int]:
    """A page's statements and the most parameters of one of them, in a process that is warm.

    The least of three: every few seconds a request also leaves the ledger's checkpoint.
    """
    client = Client(SERVER_NAME="localhost")
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    client.get(path)
    return min(_counted_once(client, path) for _ in range(3))


def _counted_once(client: Client, path: str) -> tuple[int, int]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        answer = client.get(path)
    if answer.status_code not in (200, 302):
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return watch.statements, watch.most


def lists(council: Council, cycle: Cycle, audit: Audit) -> list[tuple[str, Person, str]]:
    """Every list page, by its name, with somebody who may read it."""
    quality, manager, auditor = council.quality, council.manager, audit.auditor
    drawn = Draw.objects.light().get(cycle=cycle)
    read = {
        quality: ("my_tasks", "list_audits", "list_subjects", "list_extracts", "list_alerts", "list_cycles"),
        manager: ("list_people", "list_reports", "show_ledger", "list_reads", "list_targets"),
        auditor: ("my_tasks", "list_audits", "list_finished_tasks", "list_notices"),
    }
    found = [(name, who, reverse(name)) for who, names in read.items() for name in names]
    return [
        *found,
        ("list_missing", quality, reverse("list_missing")),
        ("show_coverage", quality, reverse("show_coverage")),
        ("show_organisation", manager, reverse("show_organisation")),
        ("list_unconfirmed", manager, reverse("list_unconfirmed")),
        ("show_allocation", quality, reverse("show_allocation", args=[cycle.public_id])),
        ("show_draw", quality, reverse("show_draw", args=[drawn.public_id])),
        ("show_frame", quality, reverse("show_frame", args=[drawn.public_id])),
        ("list_figure", quality, reverse("list_figure", args=[cycle.public_id])),
        ("show_highlights", quality, reverse("show_highlights", args=[cycle.public_id])),
    ]


def of_lists(council: Council, cycle: Cycle, audit: Audit) -> str:
    """A table of every list page."""
    rows = []
    for name, who, path in lists(council, cycle, audit):
        statements, most = counted(who, path)
        verdict = "met" if most <= MOST_PARAMETERS else "missed"
        rows.append((name, who.name.rstrip("0123456789 "), str(statements), str(most), verdict))
    return figures.table(("list", "read by", "queries", "most parameters", "at most 100"), rows)
