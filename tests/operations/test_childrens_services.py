"""The children's framework that ships: a cycle of each kind of audit, drawn to filed (CA-1 to CA-3)."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Fact, Subject, Work
from goldenthread.ledger.verification import verify
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.events import record_supervision
from goldenthread.programmes.operations.nominations import nominate, settle_nomination
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import plan_year, set_theme
from goldenthread.programmes.queries.coverage import coverage
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.programmes.queries.year import drawn_types
from goldenthread.rules import draws
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.reading import faults
from goldenthread.rules.solver import fill
from goldenthread.tasks.models import Task
from tests.make import (
    PACK,
    grade_everything,
    make_person,
    make_post,
    make_subject,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
DOCUMENT = PACK.with_name("childrens-services.yaml").read_text()
KEY = "childrens-services"
AT = moment("2026-10-01T09:00")


class Service:
    """Two heads of service with two teams each, workers, a reviewing officer and the quality team."""

    def __init__(self):
        top = make_unit("Family Services", kind="organisation", nation="england-and-wales")
        self.quinn = self._person("Quinn", "quality officer", top)
        self.director = self._person("Dara", "director", top)
        self.iro = self._person("Iris", "independent reviewing officer", top)
        self.teams, self.managers, self.workers, self.heads = [], {}, {}, {}
        for name in ("Assessment", "Care"):
            service = make_unit(name, under=top, kind="service")
            self.heads[name] = self._person(f"Head of {name}", "head of service", service)
            for side in ("East", "West"):
                team = make_unit(f"{name} {side}", under=service)
                self.teams.append(team)
                self.managers[team.pk] = self._person(f"Manager {team}", "team manager", team)
                self.workers[team.pk] = [
                    self._person(f"Worker {n} {team}", "social worker", team) for n in range(2)
                ]
        for team in self.teams:
            for n in range(6):
                worker = self.workers[team.pk][n % 2]
                opened = date(2025, 1, 6) + timedelta(days=20 * n)
                make_subject(f"{team} {n}", unit=team, practitioner=worker, since=opened)

    @staticmethod
    def _person(name, post, unit):
        person = make_person(name, email=f"{name.lower().replace(' ', '.')}@example.org")
        make_post(person, post, unit)
        return person


@pytest.fixture
def service():
    publish_pack(document=DOCUMENT)
    service = Service()
    plan_year(KEY, 2026, by=None, at=AT)
    return service


def sent(label, kind):
    """The audits of a kind, drawn, allocated and sent in a cycle, and the draw."""
    cycle = Cycle.objects.get(framework_key=KEY, label=label)
    if cycle.themed:
        set_theme(cycle, theme="Neglect", unit=None, by=None, at=AT)
    place_reaudits(cycle, by=None, at=AT)
    kinds = drawn_types(cycle)
    done = {name: draw(freeze_frame(cycle, name, by=None, at=AT), seed="7", by=None, at=AT) for name in kinds}
    run = allocate(cycle, solve=fill, by=None, at=AT)
    assert run.unfilled == 0, [slot.unfilled for slot in cycle.slots.filter(auditor=None)]
    send_cycle(cycle, by=None, at=AT)
    return list(Audit.objects.filter(audit_type=kind).order_by("number")), done[kind]


def complete(audit, grade, *, at):
    """Every question answered with its first choice or a sentence, and every part graded."""
    for _, questions in sheet_of(audit).sections:
        for question in questions:
            value = question.options[0].key if question.options else "What the file shows."
            given = Given(value, evidence="Case note of 3 August.")
            audits.save_answer(audit, question.key, given, expected=0, by=audit.auditor, at=at)
    grade_everything(audit, grade, at=at)


def step(audit, name, by, at, **said):
    audit.refresh_from_db()
    return audits.take_step(audit, name, by=by, at=at, **said)


def file(audit, at):
    audit.refresh_from_db()
    return step(audit, "file", audit.auditor, at, case_note=note_for(audit, at=at))


def test_the_framework_has_no_faults():
    assert faults(DOCUMENT) == []


def discussed(audit, at):
    """A quality audit answered, graded and discussed with the team manager."""
    complete(audit, "good", at=at)
    step(audit, "finish draft", audit.auditor, at)
    audits.arrange_conversation(audit, arranged_for=at, place="Room 4", expected=0, by=audit.auditor, at=at)
    audits.record_conversation(
        audit, held_on=at.date(), attended="both", added="Agreed.", expected=1, by=audit.auditor, at=at
    )


def test_six_cases_of_the_whole_service_are_audited_in_a_quarter_by_heads_of_service(service):
    found, _ = sent("2026-Q3", "thematic audit")

    assert len(found) == 6
    assert all(audit.auditor in service.heads.values() for audit in found)
    assert all(not audit.unit.name.startswith(audit.auditor.name.removeprefix("Head of ")) for audit in found)
    assert {audit.cycle_closes_on for audit in found} == {date(2026, 12, 31)}

    later = AT + timedelta(days=20)
    for audit in found:
        discussed(audit, later)
        step(audit, "agree", service.managers[audit.unit_id], later)
        file(audit, later)
    assert {audit.phase for audit in Audit.objects.filter(audit_type="thematic audit")} == {"filed"}


def test_a_quality_audit_goes_from_its_pair_to_filed_with_recommendations_agreed(service):
    found, _ = sent("2026-10", "quality audit")
    later = AT + timedelta(days=5)

    for audit in found:
        manager = service.managers[audit.unit_id]
        assert audit.auditor in service.managers.values() and audit.auditor != manager
        discussed(audit, later)
        step(audit, "agree", manager, later)
        file(audit, later)

    assert len(found) == len(service.teams)
    phases = Audit.objects.filter(audit_type="quality audit").values_list("phase", flat=True)
    assert set(phases) == {"filed"}
    assert verify(settings.DATA / "checkpoints").ok


def test_a_disagreement_about_recommendations_is_decided_by_the_head_of_service(service):
    found, _ = sent("2026-10", "quality audit")
    audit, later = found[0], AT + timedelta(days=5)
    discussed(audit, later)
    head = next(head for name, head in service.heads.items() if audit.unit.name.startswith(name))

    step(
        audit, "refer", service.managers[audit.unit_id], later, points="The second one does not fit the plan."
    )
    step(audit, "decide", head, later)

    audit.refresh_from_db()
    assert audit.phase == "final"


def test_cases_of_looked_after_children_go_to_reviewing_officers(service):
    team = service.teams[0]
    for work in Work.objects.filter(unit=team):
        Fact.objects.create(
            subject=work.subject, name="legal status", value="section 20", starts_on=date(2025, 1, 1)
        )

    found, _ = sent("2026-10", "quality audit")

    assert [audit.auditor for audit in found if audit.unit == team] == [service.iro]


def supervised(service, *workers, on=AT, sweeps=1):
    """A supervision of each worker, recorded by the manager of their team, and the sweep."""
    for team, people in service.workers.items():
        for worker in people:
            if not workers or worker in workers:
                record_supervision(worker=worker, happened_on=on.date(), by=service.managers[team], at=on)
    for _ in range(sweeps):
        call_command("sweep")
    return list(Audit.objects.filter(audit_type="completeness audit").order_by("pk"))


@pytest.fixture
def at_work(monkeypatch):
    """The sweep's clock stands where the test puts it."""
    monkeypatch.setattr(timezone, "localtime", lambda value=None, tz=None: value or AT)


def test_each_supervision_leads_to_an_audit_of_the_longest_open_own_case_by_the_next_one(service, at_work):
    found = supervised(service, sweeps=2)
    later = AT + timedelta(days=5)

    for audit in found:
        assert audit.auditor == audit.practitioner
        task = Task.objects.open().get(about_id=audit.public_id)
        assert task.due_at.date() == date(2026, 10, 22)
        assert task.reason == "3 weeks from a supervision was held on Thursday 1 October"
        complete(audit, "complete", at=later)
        step(audit, "take to supervision", audit.auditor, later)
        step(audit, "agree", service.managers[audit.unit_id], later)
        file(audit, later)

    assert len(found) == 8
    assert {audit.subject.reference[-1] for audit in found} == {"0", "1"}
    assert {audit.cycle for audit in found} == {"C-2026-10"}
    phases = Audit.objects.filter(audit_type="completeness audit").values_list("phase", flat=True)
    assert set(phases) == {"filed"}
    assert verify(settings.DATA / "checkpoints").ok


def test_the_next_supervision_leads_to_the_next_case_and_then_to_the_oldest_audit(service, monkeypatch):
    worker, seen = service.workers[service.teams[0].pk][0], []
    for number in range(4):
        now = AT + timedelta(days=21 * number)
        monkeypatch.setattr(timezone, "localtime", lambda value=None, tz=None, now=now: value or now)
        audit = supervised(service, worker, on=now)[-1]
        complete(audit, "complete", at=now)
        step(audit, "take to supervision", audit.auditor, now)
        step(audit, "agree", service.managers[audit.unit_id], now)
        seen.append(audit.subject.reference[-1])

    assert seen == ["0", "2", "4", "0"]


def test_a_cycle_with_several_draws_exports_the_one_that_is_named(tmp_path):
    data = read_document(DOCUMENT).data
    data["audit_types"]["second look"] = {**data["audit_types"]["quality audit"], "title": "Second look"}
    publish_pack(document=write_document(data))
    Service()
    plan_year(KEY, 2026, by=None, at=AT)
    cycle = Cycle.objects.get(framework_key=KEY, label="2026-10")
    place_reaudits(cycle, by=None, at=AT)
    done = [
        draw(freeze_frame(cycle, kind, by=None, at=AT), seed="7", by=None, at=AT)
        for kind in drawn_types(cycle)
    ]

    with pytest.raises(CommandError, match="several draws: quality audit, second look. Name one"):
        call_command("draw", "export", "2026-10", "--out", str(tmp_path))
    call_command("draw", "export", "2026-10", "--type", "second look", "--out", str(tmp_path))

    assert (tmp_path / "frame.csv").read_bytes() == frame_bytes(done[1])
    call_command("draw", "verify", str(tmp_path))


def test_nominated_cases_agreed_by_the_management_group_come_first_and_the_draw_is_redone(service):
    cycle = Cycle.objects.get(framework_key=KEY, label="2026-Q3")
    set_theme(cycle, theme="Neglect", unit=None, by=None, at=AT)
    place_reaudits(cycle, by=None, at=AT)
    wanted = [Subject.objects.get(reference=f"{service.teams[0]} {n}") for n in (1, 2)]
    for subject in wanted:
        one = nominate(
            cycle,
            "thematic audit",
            subject,
            because="Stuck for months",
            by=service.managers[service.teams[0].pk],
            at=AT,
        )
        settle_nomination(one, agreed=True, by=service.director, at=AT)

    done = draw(freeze_frame(cycle, "thematic audit", by=None, at=AT), seed="7", by=None, at=AT)

    picks = list(done.picks.order_by("position").values_list("entry__subject", "entry__turn"))
    assert {picks[0][0], picks[1][0]} == {subject.pk for subject in wanted}
    assert [turn for _, turn in picks] == ["1 nominated"] * 2 + ["2 drawn"] * 4
    assert draws.verify(frame_bytes(done), document_of(done).as_dict()) == []


def test_coverage_shows_each_kind_against_each_of_its_targets(service, at_work):
    sent("2026-Q3", "thematic audit")
    sent("2026-10", "quality audit")
    supervised(service)
    cycles = list(Cycle.objects.filter(framework_key=KEY, opens_on__lte=date(2026, 10, 31), year=2026))

    rows = coverage(cycles, reader=service.quinn, on=timezone.localdate(AT))

    by_kind = {key: [row for row in rows if row.key == key] for key in {row.key for row in rows}}
    assert sum(row.target for row in by_kind["about 160 a year"]) == 160
    assert sum(row.sent for row in by_kind["six a quarter"]) == 6
    assert sum(row.target for row in by_kind["every case complete"]) == 24
    assert sum(row.sent for row in by_kind["every case complete"]) == 8
    assert {row.target for row in by_kind["ten an auditor"]} == {10}
    assert {(row.target, row.sent) for row in by_kind["one per supervision"]} == {(1, 1)}
    assert len(by_kind["one per supervision"]) == 8
