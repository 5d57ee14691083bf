"""Several returns on one audit: agencies, self and panel, people from outside and without accounts."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail

from goldenthread.audits import operations as audits
from goldenthread.audits.models import Answer, Audit, Judgement, Return
from goldenthread.audits.operations import Incomplete
from goldenthread.audits.queries import standing_of
from goldenthread.audits.returns import may_fill, may_open, may_see_others, open_to
from goldenthread.audits.sheets import answers_in, judgements_in, sheet_of
from goldenthread.ledger.models import Event
from goldenthread.people.models import OutsideParticipant, Person
from goldenthread.reporting.audit_answers import answers_as_fhir
from goldenthread.reporting.audit_report import report_of
from goldenthread.reporting.audit_returns import side_by_side
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import (
    answer_everything,
    bring_to,
    grade_everything,
    make_audit,
    make_council,
    moment,
    publish_pack,
)
from tests.return_packs import AGENCIES, SELF_AND_PANEL, fill_in, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db
LATER = moment("2026-11-03T10:00")
ON = LATER.date()


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def agencies(council):
    """An audit by Ada with parts for social care, health (invited) and the police (typed in)."""
    publish_pack(document=with_returns(AGENCIES))
    return make_audit(council)


@pytest.fixture
def self_and_panel(council):
    publish_pack(document=with_returns(SELF_AND_PANEL))
    return make_audit(council)


def send_in(audit, key, by, *, at=LATER, **how):
    row = return_of(audit, key)
    fill_in(row, by, at=at, **how)
    return audits.send_in(row, by=by, at=at)


def send_all_in(audit, council):
    """Health, whom Hope fills in, the police, whose words Ada types in, and Ada's own."""
    hope = invite_hope(return_of(audit, "health"), council.ada, at=LATER)
    send_in(audit, "health", hope, grade="requires improvement")
    police = return_of(audit, "police")
    audits.name_giver(police, name="PC Pat", organisation="County Police", by=council.ada, at=LATER)
    send_in(audit, "police", council.ada)
    send_in(audit, "social care", council.ada)
    return hope


def test_an_audit_without_returns_is_as_it_was(council):
    publish_pack()
    make_audit(council, state="filed")

    assert not Return.objects.exists()


def test_a_sent_audit_begins_its_returns_with_a_task_and_a_notice_each(council, agencies):
    titles = {task.title for task in Task.objects.filter(about_kind="return", person=council.ada)}

    assert {row.key for row in agencies.returns.all()} == {"social care", "health", "police"}
    assert titles == {
        f"Fill in your part of Case audit {agencies.number}",
        f"Invite somebody to fill in “Health” of Case audit {agencies.number}",
        f"Type in “Police” of Case audit {agencies.number}",
    }
    told = Notice.objects.filter(to=council.ada, about_kind="return")
    assert told.count() == 3
    assert not any(name in notice.subject + notice.text for notice in told for name in ("Priya", "Ada"))


def test_three_agencies_send_in_and_the_joint_audit_is_graded_and_filed(council, agencies):
    answer_everything(agencies, at=LATER)
    grade_everything(agencies, "good", at=LATER)
    with pytest.raises(Incomplete, match="Social care: not sent in yet; Health: not sent in yet; Police"):
        audits.take_step(agencies, "finish draft", by=council.ada, at=LATER)

    send_all_in(agencies, council)
    audits.take_step(agencies, "finish draft", by=council.ada, at=LATER)
    for state in ("discussed", "checking", "final", "filed"):
        agencies.refresh_from_db()
        bring_to(agencies, state, council, at=LATER, grade="good")

    agencies.refresh_from_db()
    assert agencies.phase == "filed"
    assert not Task.objects.open().filter(about_kind="return").exists()


def test_the_grade_of_record_and_every_figure_leave_the_returns_out(council, agencies):
    grade_everything(agencies, "outstanding", at=LATER)
    send_all_in(agencies, council)

    assert {row.grade for row in Judgement.objects.filter(audit=agencies)} == {"outstanding"}
    assert {row.grade for row in agencies.judgements.all()} == {"outstanding"}
    assert sheet_of(agencies).of_record("overall").grade == "outstanding"
    assert not Answer.objects.filter(audit=agencies).exists()
    health = return_of(agencies, "health")
    assert {row.grade for row in judgements_in(agencies, health)} == {"requires improvement"}


def test_blind_until_in_the_auditor_reads_no_other_part_before_their_own_is_in(council, agencies):
    hope = invite_hope(return_of(agencies, "health"), council.ada, at=LATER)
    health = send_in(agencies, "health", hope)

    assert not may_see_others(agencies, council.ada, on=ON)
    assert not may_open(health, council.ada, on=ON)
    send_in(agencies, "social care", council.ada)
    assert may_open(health, council.ada, on=ON)


def test_the_report_waits_until_no_part_is_out_and_labels_each(council, agencies):
    hope = invite_hope(return_of(agencies, "health"), council.ada, at=LATER)
    send_in(agencies, "health", hope)
    before = [chapter.title for chapter in report_of(agencies, on=ON).chapters]

    send_in(agencies, "social care", council.ada)
    audits.give_up_return(return_of(agencies, "police"), why="No contact with them", by=council.ada, at=LATER)
    after = {chapter.title: chapter for chapter in report_of(agencies, on=ON).chapters}

    assert "Health" not in before
    assert after["Health"].lines[0].answer == "Hope Health, County Hospital"
    assert "No contact with them" in after["Police"].lines[0].answer
    assert any(title.startswith("Health: ") for title in after)


def test_the_answers_for_other_programs_hold_each_return_under_its_name(council, agencies):
    answer_everything(agencies, at=LATER)
    grade_everything(agencies, "good", at=LATER)
    send_all_in(agencies, council)
    audits.take_step(agencies, "finish draft", by=council.ada, at=LATER)
    for state in ("discussed", "checking", "final"):
        bring_to(agencies, state, council, at=LATER, grade="good")
        agencies.refresh_from_db()

    data = json.loads(answers_as_fhir(agencies))

    written = [entry["resource"] for entry in data["entry"]]
    assert [one["identifier"]["value"] for one in written] == [
        agencies.number,
        f"{agencies.number} Social care",
        f"{agencies.number} Health",
        f"{agencies.number} Police",
    ]
    assert written[2]["source"] == {"display": "Hope Health, County Hospital"}


def test_somebody_without_an_account_is_named_and_never_becomes_somebody_who_signs_in(council, agencies):
    police, people = return_of(agencies, "police"), Person.objects.count()
    fill_in(police, council.ada, at=LATER)
    with pytest.raises(Refused, match="Say first whose words these are"):
        audits.send_in(police, by=council.ada, at=LATER)

    audits.name_giver(police, name="PC Pat", organisation="County Police", by=council.ada, at=LATER)
    police = audits.send_in(return_of(agencies, "police"), by=council.ada, at=LATER)

    assert (police.given_by, police.organisation, police.person) == ("PC Pat", "County Police", None)
    assert Person.objects.count() == people


def test_a_return_of_some_sections_asks_and_grades_no_other(council, agencies):
    police = return_of(agencies, "police")
    sheet = sheet_of(agencies, in_return=police)

    assert [section.key for section, _ in sheet.sections] == ["basics"]
    assert "overall" not in dict(sheet.parts)
    with pytest.raises(Refused, match="not graded"):
        audits.save_judgement(
            agencies, "overall", grade="good", why="x", expected=0, by=council.ada, at=LATER, in_return=police
        )


def test_an_unfinished_part_is_not_sent_in_and_one_that_is_in_stands(council, agencies):
    row = return_of(agencies, "social care")
    with pytest.raises(Refused, match="cannot be sent in yet"):
        audits.send_in(row, by=council.ada, at=LATER)
    row = send_in(agencies, "social care", council.ada)

    with pytest.raises(Refused, match="has been sent in"):
        audits.save_answer(
            agencies, "details current", Given("no"), expected=1, by=council.ada, at=LATER, in_return=row
        )
    assert answers_in(agencies, row).get(question="details current").value == "yes"


def test_a_part_is_filled_in_by_nobody_else(council, agencies):
    hope = invite_hope(return_of(agencies, "health"), council.ada, at=LATER)

    for person, key in ((council.ada, "health"), (hope, "social care"), (council.theo, "social care")):
        with pytest.raises(Refused, match="not yours"):
            fill_in(return_of(agencies, key), person, at=LATER)
    with pytest.raises(Refused):
        audits.save_answer(agencies, "details current", Given("no"), expected=0, by=hope, at=LATER)


def test_a_part_that_is_not_coming_needs_a_reason_and_may_be_asked_for_again(council, agencies):
    row = return_of(agencies, "health")
    with pytest.raises(Refused, match="Say why"):
        audits.give_up_return(row, why=" ", by=council.ada, at=LATER)
    with pytest.raises(Refused, match="Only those who work on"):
        audits.give_up_return(row, why="No reply", by=council.theo, at=LATER)

    audits.give_up_return(row, why="No reply", by=council.ada, at=LATER)
    assert not Task.objects.open().about("return", row.public_id).exists()
    row = audits.ask_again(return_of(agencies, "health"), by=council.ada, at=LATER)

    assert row.is_open and Task.objects.open().about("return", row.public_id).count() == 1


def test_the_invited_person_owes_the_part_and_whoever_invites_owes_it_no_more(council, agencies):
    row = return_of(agencies, "health")
    hope = invite_hope(row, council.ada, at=LATER)

    task = Task.objects.open().about("return", row.public_id).get()
    assert (task.person, task.title) == (hope, f"Fill in your part of Case audit {agencies.number}")
    assert hope.is_outside and not hope.has_usable_password()
    assert Event.objects.filter(what="audit.invite_outside").count() == 1
    assert Notice.objects.filter(to=hope).count() == 1
    assert not mail.outbox


def test_only_those_who_work_on_the_audit_invite(council, agencies):
    for person in (council.sam, council.priya, council.theo):
        with pytest.raises(Refused, match="Only those who work on"):
            invite_hope(return_of(agencies, "health"), person, at=LATER)

    assert not Person.objects.filter(is_outside=True).exists()


def test_a_member_of_staff_is_not_invited_as_somebody_from_outside(council, agencies):
    with pytest.raises(Refused, match="Somebody on the staff has this e-mail address"):
        audits.invite_to_return(
            return_of(agencies, "health"),
            name="Sam",
            organisation="x",
            email="SAM@example.org",
            until=None,
            by=council.ada,
            at=LATER,
        )


def test_nothing_is_written_if_the_event_fails(council, agencies, monkeypatch):
    monkeypatch.setattr("goldenthread.audits.operations.returning.record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        invite_hope(return_of(agencies, "health"), council.ada, at=LATER)

    assert not Person.objects.filter(is_outside=True).exists()
    assert not OutsideParticipant.objects.exists()


def test_access_from_outside_ends_on_its_date(council, agencies):
    row = return_of(agencies, "health")
    hope = invite_hope(row, council.ada, at=LATER, until=date(2026, 11, 10))
    row = return_of(agencies, "health")

    assert may_fill(row, hope, on=date(2026, 11, 10)) and open_to(hope, on=date(2026, 11, 10)) == [row]
    assert not may_open(row, hope, on=date(2026, 11, 11)) and not open_to(hope, on=date(2026, 11, 11))


def test_access_from_outside_ends_with_the_work_on_the_audit(council, agencies):
    answer_everything(agencies, at=LATER)
    grade_everything(agencies, "good", at=LATER)
    hope = send_all_in(agencies, council)
    assert open_to(hope, on=ON)
    audits.take_step(agencies, "finish draft", by=council.ada, at=LATER)
    for state in ("discussed", "checking"):
        bring_to(agencies, state, council, at=LATER + timedelta(minutes=1), grade="good")
        agencies.refresh_from_db()

    assert not open_to(hope, on=ON) and not may_open(return_of(agencies, "health"), hope, on=ON)
    assert not OutsideParticipant.objects.filter(withdrawn_at=None).exists()


def test_a_newer_invitation_ends_the_older(council, agencies):
    row = return_of(agencies, "health")
    hope = invite_hope(row, council.ada, at=LATER)
    ivo = {"name": "Ivo", "organisation": "County Hospital", "email": "ivo@example.org"}
    audits.invite_to_return(row, **ivo, until=None, by=council.ada, at=LATER)

    row = return_of(agencies, "health")
    assert not may_open(row, hope, on=ON)
    assert may_fill(row, Person.objects.get(email="ivo@example.org"), on=ON)
    assert not Task.objects.open().filter(person=hope).exists()


def test_self_and_panel_are_compared_by_places_on_the_scale(council, self_and_panel):
    answer_everything(self_and_panel, at=LATER)
    grade_everything(self_and_panel, "good", at=LATER)
    with pytest.raises(Incomplete, match="Self-assessment: not sent in yet.$"):
        audits.take_step(self_and_panel, "finish draft", by=council.ada, at=LATER)
    own = send_in(self_and_panel, "self", council.priya, grade="outstanding")
    panel = send_in(self_and_panel, "panel", council.ada, grade="requires improvement")

    table = side_by_side(self_and_panel, [own, panel], on=ON)

    assert table.titles == ("Self-assessment", "Panel")
    assert {part.comparison.words for part in table.parts} == {"2 places apart"}
    assert (table.same, table.compared) == (0, len(table.parts))
    assert not may_see_others(self_and_panel, council.priya, on=ON)  # the framework says never
    audits.take_step(self_and_panel, "finish draft", by=council.ada, at=LATER)


def test_the_one_who_takes_over_an_audit_takes_over_what_is_owed_about_its_returns(council, agencies):
    audits.replace_auditor(agencies, council.other_manager,
                           by=council.theo, at=LATER, because="Away")  # fmt: skip

    owed = Task.objects.open().filter(about_kind="return")
    assert {task.person for task in owed} == {council.other_manager}


def test_co_auditors_share_one_form_and_one_grade(council, agencies):
    quinn = council.quinn
    with pytest.raises(Refused, match="Only the auditor can change"):
        audits.save_answer(agencies, "details current", Given("no"), expected=0, by=quinn, at=LATER)

    audits.name_co_auditor(agencies, quinn, by=council.theo, at=LATER, because="Two pairs of eyes")
    audits.save_answer(agencies, "details current", Given("no"), expected=0, by=quinn, at=LATER)
    for by, grade, seen in ((council.ada, "good", 0), (quinn, "inadequate", 1)):
        audits.save_judgement(agencies, "overall", grade=grade, why="x", expected=seen, by=by, at=LATER)

    judged = Judgement.objects.current().get(audit=agencies, part="overall")
    assert (judged.grade, judged.judged_by, judged.version) == ("inadequate", quinn, 2)
    assert ("Auditor", "Ada and Quinn") in report_of(agencies, on=ON).facts
    with pytest.raises(Refused, match="the framework lets 1 take part"):
        audits.name_co_auditor(agencies, council.hana, by=council.theo, at=LATER, because="More")


def test_a_co_auditor_who_becomes_the_auditor_leaves_the_place_to_somebody_else(council, agencies):
    named = {"by": council.theo, "at": LATER, "because": "Two pairs of eyes"}
    audits.name_co_auditor(agencies, council.quinn, **named)

    audits.replace_auditor(agencies, council.quinn, **named)
    audits.name_co_auditor(agencies, council.hana, **named)

    standing = standing_of(Audit.objects.get(pk=agencies.pk))
    assert (standing.auditor, standing.co_auditors) == (council.quinn, (council.hana,))


@pytest.mark.parametrize("who", ["ada", "priya", "sam"])
def test_who_may_not_name_a_co_auditor_or_be_one(council, agencies, who):
    person = getattr(council, who)
    with pytest.raises(Refused):
        audits.name_co_auditor(agencies, council.quinn, by=person, at=LATER, because="x")
    if who != "sam":
        with pytest.raises(Refused):
            audits.name_co_auditor(agencies, person, by=council.theo, at=LATER, because="x")
