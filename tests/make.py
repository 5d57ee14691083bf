"""Builds the records of tests by taking the real steps, in a small council that is the same everywhere.

Ada audits, Quinn checks quality, Theo manages the team, Hana heads the service, Priya is the
practitioner, Sam must see nothing.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Conversation
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Episode, Subject, Work
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.operations import publish
from goldenthread.people.models import Person, Placement, Post, Training, Unit
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.forms import Given

LONDON = ZoneInfo("Europe/London")
LONG_AGO = date(2020, 1, 1)
PACK = Path(__file__).resolve().parents[1] / "goldenthread" / "packs" / "adult-social-care.yaml"


def moment(text="2026-11-02T09:00"):
    """A moment in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def make_unit(name, *, under=None, kind="team", nation="", since=LONG_AGO):
    """A unit of the organisation, under another."""
    unit = Unit.objects.create(name=name, kind=kind, nation=nation, starts_on=since)
    if under is not None:
        Placement.objects.create(unit=unit, parent=under, starts_on=since)
    rebuild_reach()
    return unit


def make_person(name, *, email=None, **fields):
    """A member of staff who can sign in."""
    address = email or f"{name.lower().replace(' ', '.')}@example.org"
    return Person.objects.create(name=name, email=address, **fields)


def make_post(person, kind, unit, *, since=LONG_AGO, until=None):
    """A post that somebody holds in a unit."""
    return Post.objects.create(person=person, kind=kind, unit=unit, starts_on=since, ends_on=until)


def make_subject(reference, *, unit=None, practitioner=None, since=LONG_AGO):
    """An open case, with whoever works on it."""
    subject = Subject.objects.create(reference=reference)
    Episode.objects.create(
        subject=subject,
        preset="open_cases",
        list="cases",
        key=reference,
        opened_on=since,
        first_seen_on=since,
        worker=practitioner,
        team=unit,
    )
    if unit or practitioner:
        Work.objects.create(
            subject=subject, person=practitioner, unit=unit, starts_on=since, basis=Work.Basis.COLUMN
        )
    return subject


def make_training(person, *, course="case file auditing", on=LONG_AGO, until=None):
    """A course that somebody completed."""
    return Training.objects.create(person=person, course=course, completed_on=on, expires_on=until)


def make_cycle(label="2026-11", *, version=None):
    """A cycle of the published framework, its year planned."""
    key = (version or Version.objects.order_by("-number")[0]).framework.key
    plan_year(key, int(label[:4]), by=None, at=moment())
    return Cycle.objects.get(framework_key=key, label=label)


def publish_pack(*, document=None, at=None, by=None):
    """The adult social care framework, or another document, as a published version."""
    return publish(
        document or PACK.read_text(), by=by, at=at or moment(), effective_on=LONG_AGO, reason="for a test"
    )


class Council:
    """Two services with teams, and the people whom every page test knows."""

    def __init__(self):
        self.organisation = make_unit("Anytown Council", kind="organisation", nation="england-and-wales")
        self.service = make_unit("Community", under=self.organisation, kind="service")
        self.team = make_unit("North team", under=self.service)
        self.other_service = make_unit("Hospital", under=self.organisation, kind="service")
        self.other_team = make_unit("Ward team", under=self.other_service)
        self.ada = self._person("Ada", "accredited auditor", self.other_team)
        self.quinn = self._person("Quinn", "quality officer", self.organisation)
        self.theo = self._person("Theo", "team manager", self.team)
        self.hana = self._person("Hana", "head of service", self.service)
        self.priya = self._person("Priya", "practitioner", self.team)
        self.sam = make_person("Sam")
        self.administrator = make_person("Alex Admin", is_administrator=True)
        self.other_manager = self._person("Olga", "team manager", self.other_team)
        self.quality_manager = self._person("Mara", "audit manager", self.organisation)

    def _person(self, name, post, unit):
        person = make_person(name)
        make_post(person, post, unit)
        return person


def make_council():
    """The council, with nothing audited yet."""
    return Council()


STATES = ("allocated", "drafted", "discussed", "checking", "returned", "final", "filed")
"""The states of the adult social care flow, in the order in which `make_audit` goes through them."""


def make_audit(council, state="allocated", *, version=None, at=None, grade="good", second=None, **changes):
    """An audit by Ada of Priya's work, brought to a state by taking the real steps, a minute apart."""
    at = at or moment()
    version = version or Version.objects.order_by("-number").first() or publish_pack(at=at)
    number = changes.pop("number", None) or f"2026-11/{Subject.objects.count() + 1:03}"
    with transaction.atomic():
        audit = audits.create_audit(
            version=version,
            subject=changes.pop("subject", None)
            or make_subject(f"C-{number}", unit=council.team, practitioner=council.priya),
            number=number,
            on=changes.pop("on", at.date()),
            at=at,
            **{
                "audit_type": "audit",
                "cycle": "2026-11",
                "cycle_closes_on": date(2026, 11, 30),
                "unit": council.team,
                "practitioner": council.priya,
                "auditor": council.ada,
                "previous": None,
                **changes,
            },
        )
    for name in STATES[1 : STATES.index(state) + 1]:
        if name == "returned" and state in ("final", "filed"):
            continue
        at += timedelta(minutes=1)
        grades = grade if name == "drafted" else second or grade
        bring_to(audit, name, council, at=at, grade=grades)
        audit.refresh_from_db()
    return audit


def bring_to(audit, state, council, *, at, grade):
    """Take the step that leads to a state, with all that it needs."""
    if state == "drafted":
        answer_everything(audit, at=at)
        grade_everything(audit, grade, at=at)
        audits.take_step(audit, "finish draft", by=audit.auditor, at=at)
    elif state == "discussed":
        hold_conversation(audit, at=at)
    elif state == "checking":
        grade_everything(audit, grade, at=at)
        audits.take_step(audit, "submit", by=audit.auditor, at=at)
    elif state == "returned":
        points = "Say what you saw in the plan."
        audits.take_step(audit, "return", by=council.quinn, at=at, points=points)
    elif state == "final":
        audits.take_step(audit, "accept", by=council.quinn, at=at)
    elif state == "filed":
        audits.take_step(audit, "file", by=audit.auditor, at=at, case_note=note_for(audit, at=at))


def answer_everything(audit, *, at):
    """Answer each question that is asked, and say what was seen where the form wants it."""
    said = []
    for _, questions in sheet_of(audit).sections:
        for question in questions:
            value = "yes" if question.type == "yes or no" else f"What was seen: {question.text}"
            said.append(audits.Said(question.key, Given(value, evidence="Case note of 3 August."), at))
    audits.save_first_answers(audit, said, by=audit.auditor)


def grade_everything(audit, grade, *, at):
    """Grade each part at the stage that is open."""
    sheet = sheet_of(type(audit).objects.get(pk=audit.pk))
    said = [audits.Judged(part, grade, f"{label}: the record shows it.", at) for part, label in sheet.parts]
    audits.save_first_judgements(
        audit, [one for one in said if not sheet.judged(one.part, sheet.stage.key)], by=audit.auditor
    )
    for one in said:
        if current := sheet.judged(one.part, sheet.stage.key):
            audits.save_judgement(
                audit, one.part, grade=grade, why=one.why, expected=current.version, by=audit.auditor, at=at
            )


def hold_conversation(audit, *, at):
    """Arrange the conversation and record that it was held."""
    auditor = audit.auditor
    if not Conversation.objects.filter(audit=audit).exists():
        audits.arrange_conversation(audit, arranged_for=at, place="Room 4", expected=0, by=auditor, at=at)
    audits.record_conversation(
        audit,
        held_on=at.date(),
        attended="Ada and Priya",
        added="The practitioner explained why the visit was late.",
        expected=1,
        by=auditor,
        at=at,
    )
