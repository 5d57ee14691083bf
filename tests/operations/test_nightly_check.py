"""The nightly check is asked for once, and a fault that it finds reaches every administrator."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from goldenthread.tasks.models import Notice
from goldenthread.web.ledger import nightly
from goldenthread.web.management.commands.every_minute import COMMANDS
from tests.ledger_support import append, tampered
from tests.make import make_council, make_person, moment

pytestmark = pytest.mark.django_db
TAMPERS = (
    "UPDATE ledger_event SET what = 'x' WHERE position = 2",
    "UPDATE ledger_event SET about_label = 'x' WHERE position = 3",
    "UPDATE ledger_event_values SET \"values\" = '{}' WHERE event_id = 1",
    "UPDATE ledger_event_values SET salt = 'x' WHERE event_id = 2",
    "DELETE FROM ledger_event_values WHERE event_id = 2",
)


@pytest.fixture
def at(monkeypatch):
    """Sets the time of the product."""

    def set_to(text):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment(text))

    return set_to


def the_night():
    """What runs every minute, and then the worker."""
    call_command("nightly_check")
    asked = list(OrmQ.objects.order_by("pk"))
    for waiting in asked:
        import_string(waiting.task["func"])(*waiting.task["args"])
        waiting.delete()
    return len(asked)


def test_the_check_is_asked_for_once_a_night_from_two_o_clock(at):
    Path(settings.DATA).mkdir(exist_ok=True)
    asked = []
    for text in ("02T10:00", "03T00:30", "03T02:00", "03T02:01", "03T23:59", "04T01:59", "04T02:00"):
        at(f"2026-11-{text}")
        asked.append(the_night())

    assert asked == [0, 0, 1, 0, 0, 0, 1]
    assert "nightly_check" in COMMANDS
    assert not Notice.objects.exists(), "nothing was wrong"


@pytest.mark.parametrize("statement", TAMPERS)
def test_a_tamper_reaches_every_administrator_once_and_nobody_else(at, statement):
    council = make_council()
    other = make_person("Otto", is_administrator=True)
    append(3)
    at("2026-11-02T10:00")
    the_night()
    at("2026-11-03T02:00")

    with tampered((statement,)):
        assert the_night() == 1
        nightly.verify_everything()
        told = list(Notice.objects.order_by("to").values_list("to", "path", "urgent"))

    assert told == sorted([(council.administrator.pk, "/ledger/", True), (other.pk, "/ledger/", True)])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL checks its own pages")
def test_a_damaged_file_of_the_database_raises_the_alarm(at):
    council = make_council()
    at("2026-11-03T02:00")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE people_post SET ends_on = '1999-01-01' WHERE person_id = %s", [council.ada.pk])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    nightly.verify_everything()

    assert Notice.objects.filter(to=council.administrator).count() == 1
