"""The demo council is made by the real steps, once, in an empty installation."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from goldenthread.audits.models import Audit, Judgement
from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import Alert, Stage
from goldenthread.improvement.models import Action
from goldenthread.ledger.verification import verify
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import FrameEntry
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.web.demo import making
from goldenthread.web.demo.making import make_demo
from goldenthread.web.demo.sign_in import kinds_of_user
from goldenthread.web.management.commands import demo
from tests.make import make_person

pytestmark = pytest.mark.django_db
CYCLES = ("2026-05", "2026-06", "2026-07", "2026-09", "2026-10")
AT = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/London"))


def quiet(_line):
    pass


def shares(cycle):
    overall = Judgement.objects.current().filter(part="overall", stage_order=2, audit__cycle=cycle)
    grades = Counter(overall.filter(audit__audit_type="audit").values_list("grade", flat=True))
    total = grades.total()
    return grades["inadequate"] / total, (grades["good"] + grades["outstanding"]) / total


def test_it_has_ten_teams_sixty_staff_and_three_thousand_open_cases():
    make_demo(at=AT, months=1, say=quiet)

    assert Unit.objects.filter(kind="team").count() == 10
    assert Person.objects.count() == 60
    assert not Person.objects.unconfirmed().exists()
    assert Subject.objects.open_on(AT.date()).count() == 3000
    assert verify(settings.DATA / "checkpoints").ok


def test_it_is_made_only_in_an_empty_installation():
    make_person("Somebody Real")

    with pytest.raises(Refused, match="only in an empty installation"):
        make_demo(at=AT, months=1, say=quiet)

    assert Person.objects.count() == 1


def test_the_first_start_makes_it_in_an_empty_installation_alone_and_leaves_the_static_files(
    settings, tmp_path, monkeypatch
):
    settings.DATA, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    monkeypatch.setattr(demo, "MONTHS", 1)

    call_command("init_db", database_only=True, demo=True, verbosity=0)
    call_command("init_db", database_only=True, demo=True, verbosity=0)

    assert Person.objects.count() == 60
    assert (tmp_path / "demo").exists()
    assert not (tmp_path / "static").exists()


@pytest.mark.slow
def test_its_six_months_are_calibrated_to_published_figures(monkeypatch):
    monkeypatch.setattr(making, "FULL", 6)  # every service, so that shares are of enough audits

    make_demo(at=AT, months=6, say=quiet)

    first_inadequate, first_good = shares("2026-04")
    last_inadequate, last_good = shares("2026-10")
    assert abs(first_inadequate - 0.23) < 0.03
    assert abs(first_good - 0.43) < 0.03
    assert abs(last_inadequate - 0.09) < 0.03
    assert abs(last_good - 0.65) < 0.03
    assert Audit.objects.filter(audit_type="re-audit").exists()
    assert any(timezone.localdate(one.finished_at) > one.closes_on for one in Audit.objects.done())
    assert Audit.objects.exclude(phase__in=["final", "filed"]).filter(cycle="2026-11").exists()
    assert verify(settings.DATA / "checkpoints").ok


@pytest.mark.slow
def test_the_audits_begin_in_one_service_and_grow_and_alerts_and_follow_up_are_among_them(monkeypatch):
    monkeypatch.setattr(making, "FULL", 3)
    monkeypatch.setattr(making, "GROWN", 2)
    monkeypatch.setattr(making, "RENEWED", 1)

    make_demo(at=AT, months=5, say=quiet)

    teams = [set(Audit.objects.in_cycle(cycle).values_list("unit", flat=True)) for cycle in CYCLES]
    assert [len(found) for found in teams] == [2, 2, 10, 10, 10]
    routine = Counter(Audit.objects.filter(audit_type="audit").values_list("cycle", flat=True))
    assert [routine[cycle] for cycle in CYCLES[:3]] == [4, 4, 12]
    assert all(routine[cycle] > 20 for cycle in CYCLES[3:])  # of 23, as now and then nobody is free
    frames = FrameEntry.objects.filter(draw__cycle__label__in=CYCLES).order_by("draw__cycle__label")
    assert list(Counter(frames.values_list("draw__cycle__label", flat=True)).values())[:2] == [600, 600]
    assert Subject.objects.open_on(AT.date()).count() == 3000
    assert Alert.objects.filter(resolved_at=None).count() == 1
    assert Stage.objects.filter(number=2).exists()
    assert set(Action.objects.values_list("state", flat=True)) >= {"open", "closed"}
    assert verify(settings.DATA / "checkpoints").ok


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2026-11-27", "2026-12-15"])
def test_whatever_the_day_there_is_a_report_to_check_and_an_audit_to_do(day):
    at = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=ZoneInfo("Europe/London"))

    make_demo(at=at, months=2, say=quiet)

    tasks = Task.objects.open()
    assert tasks.filter(kind="quality check", due_at__gt=at).exists()
    accredited = next(kind for kind in kinds_of_user() if kind.title == "Accredited auditor")
    first = tasks.filter(person=accredited.people[0]).order_by("due_at").first()
    assert first.kind == "complete the audit"
