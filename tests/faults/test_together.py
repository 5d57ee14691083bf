"""Sixteen people at once, and the same thing sent several times: one effect of each, and none lost."""

from functools import partial
from io import StringIO
from itertools import islice
from threading import Barrier, Thread
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion, Audit
from goldenthread.audits.operations import Stale
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, Draw, Slot
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.forms import Given
from goldenthread.tasks.models import Notice, Task
from tests.faults import size
from tests.faults.kit import check_answers, check_ledger
from tests.faults.months import months
from tests.make import (
    answer_everything,
    grade_everything,
    hold_conversation,
    make_audit,
    make_council,
    make_person,
    make_post,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db(transaction=True)
AUDITORS = 16
QUESTION = "voice heard"
AT = moment("2026-11-05T10:00")


def at_once(*works):
    """Do everything at the same moment, each in a thread of its own; what each gave or met."""
    start, met = Barrier(len(works)), [None] * len(works)

    def run(number, work):
        start.wait()
        try:
            met[number] = work()
        except Exception as fault:  # noqa: BLE001 - handed to the test
            met[number] = fault
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def save_over(audit, text):
    """Save over whatever somebody else saved; the version that was acknowledged."""
    seen = 0
    while True:
        try:
            given = Given(text)
            return operations.save_answer(
                audit, QUESTION, given, expected=seen, by=audit.auditor, at=AT
            ), text
        except Stale as clash:
            seen = clash.current.version


def test_sixteen_auditors_lose_no_save_of_one_answer():
    audit = make_audit(make_council())
    turns = size(2, 60)

    met = at_once(
        *(
            lambda who=who: [save_over(audit, f"{who}: {turn}") for turn in range(turns)]
            for who in range(AUDITORS)
        )
    )

    acknowledged = sorted(pair for pairs in met for pair in pairs)
    assert acknowledged == sorted(AnswerVersion.objects.values_list("version", "value"))
    assert Answer.objects.get().version == len(acknowledged) == AUDITORS * turns
    check_answers()
    check_ledger()


def test_a_backup_taken_while_sixteen_save_holds_all_that_was_acknowledged_before_it(tmp_path):
    council = make_council()
    publish_pack()
    audits = [make_audit(council, auditor=auditor(council, number)) for number in range(AUDITORS)]
    add_copies(audits[0], size(10, 1_000_000))
    before, stop = [], []

    def save_until_told(audit):
        turn = 0
        while not stop:
            turn += 1
            kept = save_over(audit, f"{audit.number}: {turn}")
            before.append((audit.pk, *kept))

    def back_up():
        while len(before) < AUDITORS * 2:
            pass
        known = list(before)
        try:
            call_command("backup", str(tmp_path / "b.tar"), stdout=StringIO())
        finally:
            stop.append(True)
        return known

    known, *met = at_once(back_up, *(lambda audit=audit: save_until_told(audit) for audit in audits))
    assert met == [None] * AUDITORS
    restore_when_nobody_saves(tmp_path / "b.tar")

    kept = set(AnswerVersion.objects.values_list("answer__audit", "version", "value"))
    assert kept >= set(known)
    assert len(known) >= AUDITORS * 2
    assert Audit.objects.count() == AUDITORS + size(10, 1_000_000)
    check_answers()
    check_ledger()


def add_copies(audit, number):
    """So many audits more, written in one statement, for a backup that takes its time."""
    table = Audit._meta.db_table
    columns = [field.column for field in Audit._meta.concrete_fields if not field.primary_key]
    own = {name: "'m' || n" for name in ("public_id", "number", "cycle")}
    into = ", ".join(f'"{column}"' for column in columns)
    picked = ", ".join(own.get(column, f'"{column}"') for column in columns)
    counted = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({into}) {counted} SELECT {picked} FROM {table}, c WHERE {table}.id = %s",
            [number, audit.pk],
        )


def restore_when_nobody_saves(backup):
    """Restore as soon as the last of the connections has gone, which closes a little after its thread."""
    for _ in range(40):
        try:
            call_command("restore", str(backup), "--replace", stdout=StringIO())
        except CommandError as fault:
            assert "is running on this database" in str(fault)
            sleep(0.25)
        else:
            return
    raise AssertionError("Somebody still holds the database.")


def auditor(council, number):
    """One more auditor of another team."""
    person = make_person(f"Auditor {number}")
    make_post(person, "accredited auditor", council.other_team)
    return person


def ready_audit(council):
    """An audit that is ready to be sent to the quality team."""
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    grade_everything(audit, "good", at=AT)
    operations.take_step(audit, "finish draft", by=audit.auditor, at=AT)
    hold_conversation(Audit.objects.get(pk=audit.pk), at=AT)
    grade_everything(audit, "good", at=AT)
    return audit


@pytest.mark.parametrize("copies", range(2, 6) if size(0, 1) else [4])
def test_an_audit_sent_several_times_at_once_is_sent_once(monkeypatch, copies):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    audit = ready_audit(make_council())
    browsers = [signed_in(audit.auditor) for _ in range(copies)]
    address = reverse("take_step", args=[audit.public_id])

    answers = at_once(
        *(lambda one=one: one.post(address, {"step": "submit"}).status_code for one in browsers)
    )

    audit.refresh_from_db()
    assert audit.state == "checking"
    assert set(answers) == {302}
    assert Event.objects.filter(what="audit.submit").count() == 1
    owed = list(Task.objects.filter(about_id=audit.public_id).values_list("kind", "person", "role"))
    assert len(set(owed)) == len(owed)
    assert len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()


def signed_in(person):
    """A browser in which somebody is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def draw_month(framework, label):
    """A whole month, from its frame to its audits."""
    options = ("--framework", framework, "--theme", "Visits", "--send")
    call_command("draw_month", label, *options, stdout=StringIO())


def test_a_month_drawn_twice_at_once_has_one_plan(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2027-01-04T09:00"))
    council = make_council()
    make_training(council.ada)
    for framework, label in islice(months(council.team), size(1, 500)):
        met = at_once(partial(draw_month, framework, label), partial(draw_month, framework, label))

        refusals = [fault for fault in met if fault]
        assert all(isinstance(fault, CommandError) for fault in refusals), refusals
        draw_month(framework, label)
        cycle = Cycle.objects.get(framework_key=framework, label=label)
        slots = list(cycle.slots.all())
        assert Draw.objects.filter(cycle=cycle).count() == 1
        assert len({slot.audit_id for slot in slots}) == len(slots) > 0
        assert Audit.objects.count() == Slot.objects.exclude(audit=None).count()
        assert len({slot.subject_id for slot in slots}) == len(slots)
    check_ledger()


def test_a_year_planned_twice_at_once_is_there_once():
    publish_pack()

    first, second = at_once(*[lambda: plan_year("adult-social-care", 2027, by=None, at=AT)] * 2)

    assert sorted([len(first), len(second)])[0] == 0
    assert Cycle.objects.count() == max(len(first), len(second)) > 0
    assert Event.objects.filter(what="cycle.plan_year").count() == 1
