"""The three frameworks that ship in one installation, and all moved whole into an empty one."""

import io
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.operations import set_remit
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.frameworks.remits import OUTSIDE
from goldenthread.ledger.verification import verify
from goldenthread.programmes.models import Cycle, Draw
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import plan_year, set_theme
from goldenthread.programmes.queries.auditors import pairs_in
from goldenthread.programmes.queries.coverage import coverage_of
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.programmes.queries.frame import OTHER_UNITS
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.dice import Dice
from goldenthread.rules.filling import fill
from goldenthread.rules.forms import Given
from goldenthread.rules.solver import fill as solve
from tests.make import (
    PACK,
    grade_everything,
    make_person,
    make_post,
    make_subject,
    make_training,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-10-01T09:00")
LABEL = "2026-10"
ADULTS, CHILDREN, MENTAL_HEALTH = "adult-social-care", "childrens-services", "community-mental-health"
DRAWN = {
    ADULTS: ("audit", "monthly audits", "good"),
    CHILDREN: ("quality audit", "one a month", "good"),
    MENTAL_HEALTH: ("monthly audit", "two a month", "assured"),
}
"""By framework: the kind that is drawn each month, its target for each team, and the grade that is given."""
POSTS = {
    ADULTS: ("head of service", "practitioner"),
    CHILDREN: ("team manager", "social worker"),
    MENTAL_HEALTH: ("team leader", "keyworker"),
}
OWN_WORDS = {
    ADULTS: "Complete the appraisal",
    CHILDREN: "Complete the reflection",
    MENTAL_HEALTH: "Complete the look",
}
REPORTED_AS = {
    ADULTS: "Monthly highlight report",
    CHILDREN: "Children&#x27;s services case audits",
    MENTAL_HEALTH: "No practice theme has been recorded",
}


class Trust:
    """One organisation with a service of two teams for each framework; everybody has the same key everywhere.

    Mo manages a children's team, and is the only accredited auditor of adults' cases who is trained.
    """

    def __init__(self):
        self.top = make_unit("Anytown Trust", kind="organisation", nation="england-and-wales")
        self.quinn = self.person("Quinn", "quality officer", self.top)
        self.lead = self.person("Lena", "quality lead", self.top)
        self.services, self.teams, self.managers = {}, {}, {}
        for key, (manages, works) in POSTS.items():
            service = self.services[key] = make_unit(key, under=self.top, kind="service")
            self.teams[key] = [make_unit(f"{key} {side}", under=service) for side in ("East", "West")]
            for team in self.teams[key]:
                self.managers[team.pk] = self.person(f"Manager {team}", manages, team)
                workers = [self.person(f"Worker {n} {team}", works, team) for n in range(3)]
                for n in range(6):
                    name = f"{team} {n}"
                    subject = make_subject(name, unit=team, practitioner=workers[n % 3])
                    Subject.objects.filter(pk=subject.pk).update(
                        public_id=sha256(name.encode()).hexdigest()[:20]
                    )
        self.mo = self.managers[self.teams[CHILDREN][0].pk]
        make_post(self.mo, "accredited auditor", self.services[ADULTS])
        make_training(self.mo)

    @staticmethod
    def person(name, post, unit):
        person = make_person(name, email=f"{name.lower().replace(' ', '.')}@example.org")
        person.public_id = sha256(name.encode()).hexdigest()[:20]  # the same in both installations
        person.save(update_fields=["public_id"])
        make_post(person, post, unit)
        return person

    def plan(self):
        """Each framework's year, with the service that it is for."""
        for key in DRAWN:
            plan_year(key, 2026, by=None, at=AT)
            set_remit(
                Framework.objects.get(key=key),
                [self.services[key]],
                starts_on=AT.date(),
                reason="Each service has a framework of its own.",
                by=None,
                at=AT,
            )


def documents():
    """The frameworks as they ship, but for one title of a task that is each one's own."""
    texts = {key: PACK.with_name(f"{key}.yaml").read_text() for key in DRAWN}
    own = {
        key: text.replace("title: Complete the audit", f"title: {OWN_WORDS[key]}")
        for key, text in texts.items()
    }
    assert all(own[key] != texts[key] for key in texts)
    return own


def exported():
    """Each published framework as the command writes it out."""
    found = {}
    for key in DRAWN:
        out = io.StringIO()
        call_command("framework", "export", key, stdout=out)
        found[key] = out.getvalue()
    return found


def drawn_and_sent(key):
    """A cycle of a framework drawn with a seed, allocated and sent; the draw with its frame."""
    cycle = Cycle.objects.get(framework_key=key, label=LABEL)
    if cycle.themed:
        set_theme(cycle, theme="Voice", unit=None, by=None, at=AT)
    place_reaudits(cycle, by=None, at=AT)
    done = draw(freeze_frame(cycle, DRAWN[key][0], by=None, at=AT), seed="424242", by=None, at=AT)
    run = allocate(cycle, solve=solve, by=None, at=AT)
    assert run.unfilled == 0, [slot.unfilled for slot in cycle.slots.filter(auditor=None)]
    send_cycle(cycle, by=None, at=AT)
    return document_of(done).as_json(), frame_bytes(Draw.objects.get(pk=done.pk))


def audits_of(key):
    return Audit.objects.filter(version__framework__key=key).order_by("number")


def to_filed(trust, audit, key):
    """The audit with each question's first answer, taken through its framework's steps to its file."""
    kept, at, grade = audit, AT + timedelta(days=5), DRAWN[key][2]

    def step(name, by, **said):
        kept.refresh_from_db()
        audits.take_step(kept, name, by=by, at=at, **said)

    said = [
        audits.Said(
            question.key,
            Given(
                question.options[0].key if question.options else "What the file shows.",
                evidence="Case note of 3 August.",
            ),
            at,
        )
        for _, questions in sheet_of(kept).sections
        for question in questions
    ]
    audits.save_first_answers(kept, said, by=kept.auditor)
    grade_everything(kept, grade, at=at)
    step("finish draft", kept.auditor)
    audits.arrange_conversation(kept, arranged_for=at, place="Room 4", expected=0, by=kept.auditor, at=at)
    audits.record_conversation(
        kept, held_on=at.date(), attended="both", added="Agreed.", expected=1, by=kept.auditor, at=at
    )
    if key == ADULTS:
        grade_everything(kept, grade, at=at)
        step("submit", kept.auditor)
    agrees = {ADULTS: trust.quinn, CHILDREN: trust.managers[kept.unit_id], MENTAL_HEALTH: trust.lead}[key]
    step("agree" if key == CHILDREN else "accept", agrees)
    kept.refresh_from_db()
    step("file", kept.auditor, case_note=note_for(kept, at=at))


def graded():
    """What the rules of each framework say of the same answers, kind by kind."""
    found = []
    for key in DRAWN:
        pack = pack_of(current(key))
        for kind in pack.audit_types:
            found += [fill(pack, kind, Dice(str(n)), on=date(2026, 11, 2)) for n in range(5)]
    return found


def page(person, path):
    client = Client()
    client.force_login(person)
    return client.get(path).text


def check_task_list(trust):
    """Mo owes an audit of each of two frameworks, in one list, each in the words of its own."""
    shown = page(trust.mo, "/tasks/")
    assert OWN_WORDS[ADULTS] in shown and OWN_WORDS[CHILDREN] in shown
    assert OWN_WORDS[MENTAL_HEALTH] not in shown
    for key in (ADULTS, CHILDREN):
        assert audits_of(key).filter(auditor=trust.mo)[0].number in shown


def check_units(trust):
    """Each framework drew its own teams' cases, left the others out with the reason, and counts its own."""
    for key, (kind, target, _) in DRAWN.items():
        cycle = Cycle.objects.get(framework_key=key, label=LABEL)
        entries = Draw.objects.get(cycle=cycle, audit_type=kind).entries
        left_out = entries.filter(reason=OUTSIDE, stratum=OTHER_UNITS, eligible=False)
        assert (left_out.count(), entries.count()) == (24, 36)
        assert set(entries.filter(eligible=True).values_list("unit", flat=True)) == {
            team.pk for team in trust.teams[key]
        }
        reader = trust.lead if key == MENTAL_HEALTH else trust.quinn
        counted = coverage_of(cycle, reader=reader, on=date(2026, 11, 2))
        assert {row.unit for row in counted if row.unit} <= {*trust.teams[key], trust.services[key]}
        assert [row.target for row in counted if row.key == target and row.unit in trust.teams[key]]
    cycle = Cycle.objects.get(framework_key=CHILDREN, label=LABEL)
    east, west = (str(team) for team in trust.teams[CHILDREN])
    assert pairs_in(cycle, on=AT.date()) == [(east, west), (west, east)]


def check_reports(trust):
    """The report of each framework's cycle counts its own audits, in words that no other's uses."""
    for key in DRAWN:
        cycle = Cycle.objects.get(framework_key=key, label=LABEL)
        reader = trust.lead if key == MENTAL_HEALTH else trust.quinn
        shown = page(reader, f"/reports/{cycle.public_id}/")
        assert [other for other, words in REPORTED_AS.items() if words in shown] == [key]
        number = audits_of(key).count()
        assert f"{number} sent, {number} finished" in shown


def a_cycle_of_each(trust):
    """Each framework's cycle from its draw to its reports: the draws, and what each audit's report says."""
    trust.plan()
    draws = {key: drawn_and_sent(key) for key in DRAWN}
    check_task_list(trust)
    for key in DRAWN:
        for audit in audits_of(key):
            to_filed(trust, audit, key)
    reports = {key: [report_of(audit, on=date(2026, 11, 2)) for audit in audits_of(key)] for key in DRAWN}
    return draws, reports


def test_three_frameworks_run_side_by_side_and_the_same_after_export_and_import():
    with transaction.atomic():
        for text in documents().values():
            publish_pack(document=text)
        trust = Trust()
        exports, before = exported(), (a_cycle_of_each(trust), graded())
        check_units(trust)
        check_reports(trust)
        assert {audit.phase for audit in Audit.objects.all()} == {"filed"}
        assert [audits_of(key).count() for key in DRAWN] == [2, 2, 4]
        assert verify(settings.DATA / "checkpoints").ok
        transaction.set_rollback(True)
    assert not Version.objects.exists()

    for document in exports.values():
        publish_pack(document=document)

    assert (a_cycle_of_each(Trust()), graded()) == before
    assert exported() == exports
