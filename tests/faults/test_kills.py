"""Killed at any statement: nothing acknowledged is lost, nothing is half there, nothing happens twice."""

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from goldenthread.audits.models import Answer, AnswerVersion, Audit
from goldenthread.escalations.operations import answer_alert, raise_alert
from goldenthread.programmes.models import Cycle, Draw
from goldenthread.tasks.models import Notice, Task
from goldenthread.web.tasks.delivery import deliver
from tests.faults import size
from tests.faults.kit import check_answers, check_ledger, child, empty_database, moments, sizes
from tests.faults.months import months
from tests.make import (
    make_audit,
    make_council,
    make_person,
    make_subject,
    make_training,
    moment,
    publish_pack,
)
from tests.operations.test_deliver_notices import Sink, free_port, write
from tests.workbooks import case, load_cases

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = size(3, 200)
WEDNESDAYS = size(3, 24)
"""Sweeps of a working day each: every third week from November 2026, none is a bank holiday for so long."""

QUESTION = "voice heard"


def saves(audit, turn):
    """The work of a web process: three saves of an answer, each told of when the browser knows of it."""

    def work(say):
        browser = Client()
        browser.force_login(audit.auditor)
        for number in range(3):
            seen = Answer.objects.filter(audit=audit).first()
            text = f"Turn {turn}, save {number}"
            answer = browser.post(
                reverse("save_answer", args=[audit.public_id]),
                {"question": QUESTION, f"value:{QUESTION}": text, "version": seen.version if seen else 0},
            )
            assert answer.status_code == 200, answer.content
            say(f"{answer.json()['version']} {text}")

    return work


def test_a_web_process_killed_while_saving_loses_nothing_that_it_acknowledged():
    audit = make_audit(make_council())
    whole = child(saves(audit, 0))
    acknowledged, killed = list(whole.said), 0

    for turn, statement in enumerate(moments(whole.statements, KILLS), start=1):
        ended = child(saves(audit, turn), dies_at=statement)
        acknowledged += ended.said
        killed += ended.killed

        kept = {
            f"{version} {value}" for version, value in AnswerVersion.objects.values_list("version", "value")
        }
        assert kept >= set(acknowledged)
        assert len(kept) <= len(acknowledged) + killed, "a save that nobody was told of is one at most"
        check_answers()
    check_ledger()
    assert killed


def loads(folder, turn):
    """An extract with as many new cases at each turn."""
    rows = [case(f"K{turn}-{number}", Worker=f"Worker {turn}") for number in range(6)]
    return lambda say: load_cases(folder, *rows, name=f"{turn}.csv")


def test_an_import_that_is_killed_is_there_whole_or_not_at_all_and_can_be_loaded_again(tmp_path):
    publish_pack()
    make_council()
    child(loads(tmp_path, 0))
    before = sizes()
    whole = child(loads(tmp_path, 1))
    step = grown(before)

    for turn, statement in enumerate(moments(whole.statements, KILLS), start=2):
        before = sizes()
        assert child(loads(tmp_path, turn), dies_at=statement).killed
        assert grown(before) == {}
        child(loads(tmp_path, turn))
        assert grown(before) == step
    check_ledger()


def grown(before):
    """By how much each table that changed has grown."""
    return {name: number - before[name] for name, number in sizes().items() if number != before[name]}


@pytest.fixture
def council(monkeypatch):
    """A council that can draw months."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2027-01-04T09:00"))
    council = make_council()
    make_training(council.ada)
    return council


def draws(framework, label):
    """A whole month, from its frame to its audits."""
    options = ("--framework", framework, "--seed", "314159", "--theme", "Visits", "--send")
    return lambda say: call_command("draw_month", label, *options)


def test_a_month_killed_anywhere_goes_on_to_one_plan(council):
    those = months(council.team)
    first, second = (child(draws(*next(those))).statements for _ in range(2))
    statements = moments(min(first, second), size(1, 200))  # the first of a framework asks a few more
    killed = 0

    for (framework, label), statement in zip(those, statements, strict=False):
        killed += child(draws(framework, label), dies_at=statement).killed
        child(draws(framework, label))

        cycle = Cycle.objects.get(framework_key=framework, label=label)
        drawn = Draw.objects.get(cycle=cycle)
        slots = list(cycle.slots.all())
        audits = Audit.objects.filter(slot__cycle=cycle)
        assert drawn.seed == "314159"
        assert cycle.sent_at
        assert len(slots) == drawn.picks.count() == audits.count() > 0
        assert len({slot.audit_id for slot in slots}) == len(slots)
        assert Task.objects.filter(about_id__in=audits.values("public_id")).count() == len(slots)
    check_ledger()
    assert killed >= 0.8 * len(statements), "months may ask some statements fewer, not many"


def reads(person, address):
    """A report as the web server makes it, told of when the browser has it."""

    def work(say):
        browser = Client()
        browser.force_login(person)
        answer = browser.get(address)
        assert answer.status_code == 200
        say(str(len(answer.content)))

    return work


@pytest.mark.parametrize("name", ["show_highlights", "download_highlights", "download_month"])
def test_a_report_that_is_killed_leaves_at_most_that_it_was_asked_for(council, name):
    draws(*next(months(council.team)))(print)
    address = reverse(name, args=[Cycle.objects.get(label="2027-01").public_id])
    whole = child(reads(council.quinn, address))

    for statement in moments(whole.statements, size(2, 200)):
        before = sizes()
        ended = child(reads(council.quinn, address), dies_at=statement)
        assert ended.killed
        assert not ended.said
        assert set(grown(before)) <= {"Read"}
    assert child(reads(council.quinn, address)).said
    check_ledger()


@pytest.mark.slow
def test_an_installation_that_is_killed_while_it_is_made_is_made_by_doing_it_again(tmp_path, council):
    def makes(say):
        call_command("init_db", database_only=True, verbosity=0)
        say(f"{sorted(connection.introspection.table_names())} {sizes()}")

    with empty_database(tmp_path) as name:
        whole = child(makes, on=name)
    assert whole.statements > len(sizes()), "each table took a statement"
    for number, statement in enumerate(moments(whole.statements, size(2, 200))):
        (folder := tmp_path / str(number)).mkdir()
        with empty_database(folder) as name:
            assert child(makes, dies_at=statement, on=name).killed
            assert child(makes, on=name).said == whole.said
            assert child(makes, on=name).said == whole.said, "done once more, it changes nothing"


def test_a_sweep_that_is_killed_catches_up_and_moves_nothing_twice(monkeypatch):
    clock = Clock(monkeypatch, "2026-11-04T10:00")
    publish_pack()
    council = make_council()
    whole, step = a_fortnight_late(council, clock)
    assert step["Stage"] == 2, "the first, and the one that the sweep begins"

    for statement in moments(whole.statements, WEDNESDAYS):
        _, again = a_fortnight_late(council, clock, dies_at=statement)
        assert again == step
    check_ledger()
    assert len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()


class Clock:
    """The time of the product, which a test moves on."""

    def __init__(self, monkeypatch, text):
        self.now = moment(text)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)


def a_fortnight_late(council, clock, *, dies_at=None):
    """An alert that nobody answers for a fortnight, the sweep after it and what it left; then an answer."""
    clock.now += timedelta(days=6)
    before = sizes()
    reference = f"S-{clock.now:%Y%m%d}"
    subject = make_subject(reference, unit=council.team, practitioner=council.priya)
    alert = raise_alert(subject=subject, concern="Bruises", by=council.priya, at=clock.now)
    clock.now += timedelta(days=15)
    ended = child(lambda say: call_command("sweep"), dies_at=dies_at)
    assert ended.killed == bool(dies_at)
    if dies_at:
        child(lambda say: call_command("sweep"))
    changed = grown(before)
    answer_alert(alert, said="Seen and safe.", resolved=True, by=council.hana, at=clock.now)
    return ended, changed


def test_a_delivery_that_is_killed_reaches_everybody_and_what_comes_again_is_known_by_its_id(
    monkeypatch, settings
):
    clock = Clock(monkeypatch, "2026-11-02T10:00")
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        deliveries(clock, sink)
    finally:
        controller.stop()


def deliveries(clock, sink):
    """Five notices a turn, a run that is killed, and another an hour later."""
    people = [make_person(f"Person {number}") for number in range(5)]
    write(people, key="whole", at=clock.now)
    whole = child(lambda say: deliver())
    for statement in moments(whole.statements, KILLS):
        clock.now += timedelta(days=1)
        sink.taken.clear()
        write(people, key=f"turn {statement}", at=clock.now)
        child(lambda say: deliver(), dies_at=statement)
        clock.now += timedelta(hours=1)
        child(lambda say: deliver())

        ids = {(address, message["Message-ID"]) for address, message in sink.taken}
        assert sorted({address for address, _ in ids}) == sorted(person.email for person in people)
        assert len(ids) == len(people), "what came twice is the same message"
        assert not Notice.objects.waiting().exists()
