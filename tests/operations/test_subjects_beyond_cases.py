"""Audits of what is no case: drawn, allocated, sent and finished, and who may know of it (1.2, trap 3)."""

from datetime import date

import pytest

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import FilingNote
from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject, Work
from goldenthread.caseload.operations.subjects import keep
from goldenthread.caseload.wanted import Wanted
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, FrameEntry, Slot
from goldenthread.programmes.operations import allocate, draw, freeze_frame, place_reaudits, send_cycle
from goldenthread.programmes.operations.gathering import bring_kind_up_to_date
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.make import (
    make_audit,
    make_council,
    make_person,
    make_post,
    make_subject,
    make_unit,
    moment,
    publish_pack,
)
from tests.subject_packs import KINDS, pack_looking_at

pytestmark = pytest.mark.django_db
AT = moment("2026-10-01T09:00")
ON = AT.date()


@pytest.fixture
def council():
    """The council with a home, and somebody else who may audit."""
    council = make_council()
    council.home = make_unit("Rose Court", under=council.service, kind="home")
    council.rosa = make_person("Rosa", reference="S-7")
    make_post(council.rosa, "registered manager", council.home)
    return council


def given_subjects(council, name, version):
    """Something of each kind to look at."""
    if name in ("household", "episode"):
        case = make_subject("C-1", unit=council.team, practitioner=council.priya)
        council.case = case
    if name == "household":
        row = Wanted(
            "H-1", "H-1", opened_on=ON, works=((council.priya.pk, council.team.pk),), parts=(case.pk,)
        )
        keep(name, pack_of(version).subjects[name], row, on=ON, by=council.quinn, at=AT)
    if name == "finished audit":
        council.audited = make_audit(council, "final", version=version, at=moment("2026-09-01T09:00"))


def drawn(name, council, at=AT):
    """The quarter's look at subjects of a kind, drawn and allocated."""
    version = publish_pack(document=pack_looking_at(name))
    given_subjects(council, name, version)
    plan_year(version.framework.key, 2026, by=None, at=at)
    cycle = Cycle.objects.get(label="2026-Q4")
    place_reaudits(cycle, by=None, at=at)
    draw(freeze_frame(cycle, "look", by=None, at=at), seed="1", by=None, at=at)
    allocate(cycle, solve=fill, by=None, at=at)
    return cycle


EXPECTED = {
    "household": ("H-1", "North team", "Priya"),
    "episode": ("C-1 from 01/01/2020", "North team", "Priya"),
    "home": ("Rose Court", "Rose Court", "Rosa"),
    "organisation": ("Anytown Council", "Anytown Council", None),
    "staff file": ("Priya", "North team", "Priya"),
    "pair": ("Priya with Theo", "North team", "Theo"),
    "finished audit": ("2026-11/001", "Ward team", "Ada"),
}


@pytest.mark.parametrize("name", KINDS)
def test_subjects_of_any_kind_are_drawn_allocated_sent_and_finished(council, name):
    cycle = drawn(name, council)

    [audit] = send_cycle(cycle, by=None, at=AT)

    worker = audit.practitioner.name if audit.practitioner else None
    assert (audit.subject.kind, audit.subject.shown, audit.unit.name, worker) == (name, *EXPECTED[name])
    assert audit.auditor != audit.practitioner
    audits.save_answer(audit, "recorded", Given("yes"), expected=0, by=audit.auditor, at=AT)
    audits.take_step(audit, "finish", by=audit.auditor, at=AT)
    assert Audit.objects.get(pk=audit.pk).phase == "final"


@pytest.mark.parametrize("name", KINDS)
def test_what_is_brought_up_to_date_twice_changes_nothing_and_leaves_no_event(council, name):
    cycle = drawn(name, council)
    before = (list(Subject.objects.values()), list(Work.objects.values()), Event.objects.count())

    bring_kind_up_to_date(cycle.version, name, by=None, at=AT)

    assert (list(Subject.objects.values()), list(Work.objects.values()), Event.objects.count()) == before
