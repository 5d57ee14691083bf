"""Audits of what is no case: drawn, allocated, sent and finished, and who may know of it (1.2, trap 3)."""

from datetime import timedelta

import pytest

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Link, Subject, Work
from goldenthread.caseload.operations.subjects import bring_up_to_date, end, keep
from goldenthread.caseload.wanted import Wanted
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, FrameEntry, Slot
from goldenthread.programmes.operations import (
    allocate,
    draw,
    edit_slot,
    freeze_frame,
    place_reaudits,
    send_cycle,
)
from goldenthread.programmes.operations.gathering import bring_kind_up_to_date
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from goldenthread.rules.subjects import SubjectKind
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


@pytest.mark.parametrize("name", ["staff file", "pair", "finished audit"])
@pytest.mark.parametrize(
    ("who", "sees"),
    [("theo", False), ("hana", False), ("sam", False), ("administrator", False), ("quinn", True)],
)
def test_what_is_about_staff_is_seen_by_those_concerned_and_by_who_may_see_staff_files(
    council, name, who, sees
):
    """Theo manages the team and sees its cases and audits; a pair of his own he sees as the supervisor."""
    [audit] = send_cycle(drawn(name, council), by=None, at=AT)
    person = getattr(council, who)
    concerned = name == "pair" and who == "theo"

    for model, key in ((Subject, audit.subject_id), (Audit, audit.pk)):
        assert model.objects.visible_to(person, on=ON).filter(pk=key).exists() == (sees or concerned)
    reported = Audit.objects.reported_to(person, on=ON).filter(pk=audit.pk)
    assert reported.exists() == (who == "quinn")


def test_a_member_of_staff_sees_their_own_file_and_no_colleagues(council):
    other = make_person("Colin")
    make_post(other, "practitioner", council.team)
    drawn("staff file", council)

    seen = Subject.objects.visible_to(council.priya, on=ON).of_kind("staff file")

    assert [subject.label for subject in seen] == ["Priya"]


def test_a_home_is_seen_by_those_who_look_after_it_and_by_whoever_answers_for_it(council):
    [audit] = send_cycle(drawn("home", council), by=None, at=AT)

    for person, sees in ((council.hana, True), (council.rosa, True), (council.other_manager, False)):
        seen = Subject.objects.visible_to(person, on=ON).filter(pk=audit.subject_id)
        assert seen.exists() == sees


def test_neither_the_auditor_nor_the_practitioner_of_an_audit_looks_at_that_audit(council):
    cycle = drawn("finished audit", council)
    slot = Slot.objects.get(cycle=cycle)

    assert slot.auditor == council.quinn
    for person in (council.ada, council.priya):
        with pytest.raises(Refused, match="took part in this finished audit"):
            edit_slot(slot, auditor=person, because="for a test", by=council.quinn, at=AT)


def test_a_finding_about_staff_is_filed_on_no_case_record(council):
    """Whatever the flow asks: the operation refuses the note that would put it there (trap 18)."""
    [audit] = send_cycle(drawn("staff file", council), by=None, at=AT)
    audits.save_answer(audit, "recorded", Given("yes"), expected=0, by=audit.auditor, at=AT)

    with pytest.raises(Refused, match="kept here and not on"):
        audits.take_step(audit, "finish", by=audit.auditor, at=AT, case_note=note_for(audit, at=AT))

    audit.refresh_from_db()
    assert audit.phase == "owed"


def test_a_draw_of_cases_holds_no_other_subject_and_a_draw_of_homes_no_case(council):
    make_subject("C-1", unit=council.team, practitioner=council.priya)

    cycle = drawn("home", council)

    assert {entry.subject.kind for entry in FrameEntry.objects.filter(draw__cycle=cycle)} == {"home"}
    month = Cycle.objects.get(label="2026-11")
    place_reaudits(month, by=None, at=AT)
    frozen = freeze_frame(month, "audit", by=None, at=AT)
    assert {entry.subject.kind for entry in frozen.entries.all()} == {"case"}


def test_a_home_that_closes_ends_and_is_in_no_later_frame(council):
    cycle = drawn("home", council)
    type(council.home).objects.filter(pk=council.home.pk).update(ends_on=ON + timedelta(days=9))

    bring_kind_up_to_date(cycle.version, "home", by=None, at=AT + timedelta(days=20))

    home = Subject.objects.get(kind="home")
    assert Episode.objects.get(subject=home).closed_on == ON + timedelta(days=20)
    assert not Subject.objects.of_kind("home").open_on(ON + timedelta(days=20)).exists()
    assert not Work.objects.filter(subject=home, ends_on=None).exists()


def test_whose_work_it_was_stays_on_record_when_somebody_else_answers_for_a_home(council):
    """A pair or a home has dated work as a case has, so the past is read as it was (trap 8)."""
    cycle = drawn("home", council)
    council.rosa.posts.update(ends_on=ON + timedelta(days=4))
    make_post(council.sam, "registered manager", council.home, since=ON + timedelta(days=5))

    bring_kind_up_to_date(cycle.version, "home", by=None, at=AT + timedelta(days=5))

    dated = Work.objects.order_by("starts_on").values_list("person__name", "ends_on")
    assert list(dated) == [("Rosa", ON + timedelta(days=4)), ("Sam", None)]


def test_a_household_keeps_its_cases_as_dated_links_and_ends_once(council):
    drawn("household", council)
    household = Subject.objects.get(kind="household")
    kind = pack_of(Cycle.objects.first().version).subjects["household"]
    assert [link.part.reference for link in Link.objects.filter(whole=household)] == ["C-1"]

    end(household, kind, ended_on=ON, by=council.quinn, at=AT)

    assert not Link.objects.filter(ends_on=None).exists()
    with pytest.raises(Refused, match="has ended already"):
        end(household, kind, ended_on=ON, by=council.quinn, at=AT)


def test_what_comes_from_the_organisation_is_not_kept_by_hand(council):
    kind = pack_of(drawn("home", council).version).subjects["home"]

    with pytest.raises(Refused, match="not kept by hand"):
        keep("home", kind, Wanted("X", "X"), on=ON, by=council.quinn, at=AT)


def test_frameworks_that_say_different_things_of_one_name_are_not_published_together(council):
    publish_pack(document=pack_looking_at("home"))
    other = pack_looking_at("home").replace("key: adult-social-care", "key: other", 1)

    publish_pack(document=other)
    with pytest.raises(Refused, match="subjects of the name “home”"):
        publish_pack(document=other.replace("units: [home]", "units: [hostel]").replace("- home", "- hostel"))


@pytest.mark.parametrize("name", ["home", "staff file"])
def test_the_ledger_names_no_member_of_staff(council, name):
    drawn(name, council)

    about = Event.objects.filter(what__startswith="subject").values_list("about_label", flat=True)
    assert about and not any("Priya" in label or "Rosa" in label for label in about)


def test_what_a_framework_asks_of_a_case_is_known_of_its_involvements_until_it_is_known_no_more(council):
    kind = SubjectKind(one="episode", many="episodes", come_from="involvements")
    case = make_subject("C-1", unit=council.team)
    ended = Fact.objects.create(subject=case, name="order ends", value="2026-12-01", starts_on=ON)
    Fact.objects.create(subject=case, name="risk", value="low", starts_on=ON)

    bring_up_to_date("episode", kind, on=ON, by=None, at=AT, facts=["order ends"])

    [fact] = Fact.objects.filter(subject__kind="episode")
    assert (fact.name, fact.value, fact.starts_on) == ("order ends", "2026-12-01", ON)
    Fact.objects.filter(pk=ended.pk).update(ends_on=ON)
    bring_up_to_date("episode", kind, on=ON + timedelta(days=2), by=None, at=AT, facts=["order ends"])
    fact.refresh_from_db()
    assert fact.ends_on == ON + timedelta(days=1)
