"""One audit's page: what each person sees of it, in each state, and what they can do there."""

import pytest

from goldenthread.audits.models import Audit, CaseNote
from goldenthread.ledger.models import Event, Read
from goldenthread.rules.documents import read_document, write_document
from tests.make import (
    PACK,
    STATES,
    bring_to,
    grade_everything,
    make_audit,
    make_council,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
SECRET = "the record shows it"


@pytest.fixture
def council():
    return make_council()


def as_(client, person):
    client.force_login(person)
    return client


def url(audit, more=""):
    return f"/audits/{audit.public_id}/{more}"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["priya", "theo", "hana"])
def test_others_see_that_it_exists_until_the_report_is_final(client, council, state, name):
    audit = make_audit(council, state, grade="inadequate")
    page = as_(client, getattr(council, name)).get(url(audit))

    is_shown = state in ("final", "filed")
    assert page.status_code == 200
    assert "Ada" in page.text
    assert ("Inadequate" in page.text) == is_shown
    for more in ("report/", "report.docx", "report.pdf", "findings/", "grades/voice/", "sections/voice/"):
        expected = 200 if is_shown else 404
        assert client.get(url(audit, more)).status_code == expected, more


@pytest.mark.parametrize("name", ["sam", "administrator", "other_manager"])
@pytest.mark.parametrize("more", ["", "report/", "report.pdf", "conversation/", "check/", "case-note/"])
def test_whoever_has_no_part_in_it_finds_nothing(client, council, name, more):
    audit = make_audit(council, "filed")

    assert as_(client, getattr(council, name)).get(url(audit, more)).status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_a_safety_alert_can_be_raised_from_every_page_in_every_state(client, council, state):
    audit = make_audit(council, state)
    as_(client, council.ada)

    for more in ("", "report/", "sections/voice/", "conversation/", "findings/", "grades/voice/"):
        page = client.get(url(audit, more))
        if state == "allocated" and more == "grades/voice/":
            continue
        assert f'href="/audits/{audit.public_id}/alert/"' in page.text, more


def test_what_is_missing_stands_beside_the_step_with_where_it_is_given(client, council):
    audit = make_audit(council)

    page = as_(client, council.ada).get(url(audit)).text

    assert "Finish the draft" in page
    assert "Overall: choose a grade (on the record)" in page
    assert f'href="/audits/{audit.public_id}/sections/overall/"' in page


def test_a_step_is_taken_and_the_page_says_what_the_audit_is_now(client, council):
    audit = make_audit(council, "discussed")
    grade_everything(audit, "good", at=AT)

    page = as_(client, council.ada).post(url(audit, "step/"), {"step": "submit"}, follow=True)

    assert "The audit is now: With the quality team" in page.text
    assert Audit.objects.get(pk=audit.pk).state == "checking"


def test_a_button_pressed_twice_takes_the_step_once_and_complains_of_nothing(client, council):
    audit = make_audit(council, "discussed")
    grade_everything(audit, "good", at=AT)
    as_(client, council.ada)

    for _ in range(2):
        page = client.post(url(audit, "step/"), {"step": "submit"}, follow=True)

    assert "There is a problem" not in page.text
    assert Audit.objects.get(pk=audit.pk).state == "checking"


def test_a_step_that_is_not_ready_changes_nothing(client, council):
    audit = make_audit(council)

    page = as_(client, council.ada).post(url(audit, "step/"), {"step": "finish draft"}, follow=True)

    assert "still missing" in page.text
    assert Audit.objects.get(pk=audit.pk).state == "allocated"


def test_each_task_says_when_it_is_due_and_why(client, council):
    audit = make_audit(council, "checking", at=moment("2026-11-05T09:00"))

    page = as_(client, council.quinn).get(url(audit)).text

    assert "Due Friday 6 November 2026" in page
    assert "1 working day from receipt on Thursday 5 November" in page


def test_both_gradings_stand_side_by_side(client, council):
    audit = make_audit(council, "checking", grade="requires improvement", second="good")

    page = as_(client, council.quinn).get(url(audit)).text

    row = page[page.index(">Overall</th>") :][:300]
    assert "Requires improvement" in row
    assert "Good" in row


def test_a_re_audit_shows_the_earlier_grades_beside(client, council):
    first = make_audit(council, "filed", grade="inadequate")
    again = make_audit(council, "checking", audit_type="re-audit", previous=first, cycle="2027-01")

    page = as_(client, council.quinn).get(url(again)).text

    assert f"Earlier audit, {first.number}" in page
    assert f'href="/audits/{first.public_id}/"' in page


@pytest.mark.parametrize(("state", "is_shown"), [("drafted", False), ("checking", True)])
def test_the_ledger_shows_no_answer_before_the_audit_itself_does(client, council, state, is_shown):
    make_audit(council, state)
    event = Event.objects.filter(what="audit.judge").first()

    page = as_(client, council.quality_manager).get(f"/ledger/{event.position}/")

    assert (SECRET in page.text) == is_shown


def test_opening_it_is_written_in_the_read_log(client, council):
    audit = make_audit(council, "filed")

    as_(client, council.theo).get(url(audit))

    assert Read.objects.filter(about_id=audit.public_id, by=council.theo.public_id).count() == 1


def test_the_quality_team_returns_with_points(client, council):
    audit = make_audit(council, "checking")
    as_(client, council.quinn)

    page = client.post(url(audit, "check/"), {"step": "return", "points": ""})
    assert "Say clearly which points need another look" in page.text
    client.post(url(audit, "check/"), {"step": "return and discuss", "points": "The plan."})

    audit.refresh_from_db()
    assert audit.state == "returned"
    assert "The plan." in as_(client, council.ada).get(url(audit)).text


def test_the_report_can_only_be_checked_by_the_quality_team(client, council):
    audit = make_audit(council, "checking")

    answer = as_(client, council.ada).post(url(audit, "check/"), {"step": "accept"})

    assert answer.status_code == 302
    assert Audit.objects.get(pk=audit.pk).state == "checking"


def test_the_case_note_is_ready_to_copy_and_kept_as_made(client, council):
    audit = make_audit(council, "final", grade="inadequate", at=moment("2026-11-05T09:00"))
    page = as_(client, council.ada).get(url(audit, "case-note/")).text
    assert "Case audit completed: Inadequate" in page
    assert "Priya (practitioner), Theo (team manager), Hana (head of service)" in page
    assert "would be made now" in as_(client, council.priya).get(url(audit, "case-note/")).text
    as_(client, council.ada)

    client.post(url(audit, "case-note/"), {"noted_at": "06/11/2026 14:05"})

    note = CaseNote.objects.get(audit=audit)
    assert len(note.title) <= 100
    assert "Overall grade: Inadequate" in note.text
    page = client.get(url(audit, "case-note/")).text
    assert "14:05" in page
    assert "06/11/2026" in page


def test_documents_are_named_by_the_number_alone(client, council):
    audit = make_audit(council, "filed", number="2026-11/014")
    as_(client, council.theo)

    for kind in ("docx", "pdf"):
        answer = client.get(url(audit, f"report.{kind}"))
        assert answer.headers["Content-Disposition"] == f'attachment; filename="audit-2026-11-014.{kind}"'


def test_the_conversation_is_arranged_and_recorded_on_its_pages(client, council):
    audit = make_audit(council, "drafted")
    as_(client, council.ada)
    arranged = {"arranged_for": "09/11/2026 14:30", "place": "Room 4", "version": "0"}
    client.post(url(audit, "conversation/arrange/"), arranged)

    assert "Room 4" in as_(client, council.priya).get(url(audit, "conversation/")).text

    as_(client, council.ada)
    stale = client.post(url(audit, "conversation/arrange/"), {**arranged, "place": "Room 9"})
    assert "What stands there now" in stale.text
    held = {"held_on": "05/11/2026", "attended": "Ada, Priya", "added": "It explained.", "version": "1"}
    client.post(url(audit, "conversation/record/"), held)
    audit.refresh_from_db()
    assert audit.state == "discussed"


def test_what_the_conversation_added_is_not_shown_before_its_time(client, council):
    audit = make_audit(council, "discussed")

    assert "why the visit was late" not in as_(client, council.theo).get(url(audit, "conversation/")).text


def test_a_finding_is_noted_and_taken_back(client, council):
    audit = make_audit(council)
    as_(client, council.ada)
    client.post(
        url(audit, "findings/"), {"kind": "good", "text": "Own words.", "theme": "voice", "part": "voice"}
    )
    page = client.get(url(audit, "findings/"))
    assert "Own words." in page.text

    finding = page.context["found"][0][0]
    client.post(url(audit, f"findings/{finding.public_id}/withdraw/"))

    assert "Own words." not in client.get(url(audit, "findings/")).text


def test_the_page_takes_few_statements_whatever_the_state(client, council, django_assert_max_num_queries):
    audit = make_audit(council, "checking")
    as_(client, council.quinn).get(url(audit))

    with django_assert_max_num_queries(30):
        client.get(url(audit))
    bring_to(audit, "final", council, at=AT, grade="good")


def test_the_auditor_is_told_what_to_read_what_to_judge_and_which_records_count(client, council):
    data = read_document(PACK.read_text()).data
    kind = data["audit_types"]["audit"]
    kind.update(looks_back="1 year", judges="3 months", goes_by="only what was known at the time")
    publish_pack(document=write_document(data))
    audit = make_audit(council, at=AT)
    ada = as_(client, council.ada)

    page, report = ada.get(url(audit)).text, ada.get(url(audit, "report/")).text

    assert "Judge what was done from 5 August 2026" in page
    assert "Go only by what was known when it was done" in page
    assert "Period judged" in report and "5 August 2026 to 5 November 2026" in report


def test_where_all_that_is_read_is_judged_nothing_more_is_said(client, council):
    page = as_(client, council.ada).get(url(make_audit(council))).text

    assert "Look at " in page and "Judge what" not in page and "Go only" not in page
