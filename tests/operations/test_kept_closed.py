"""What a framework keeps closed until consents exist: for pages, files, exports, figures and saves alike."""

import json

import pytest
from django.core.management import CommandError, call_command

from goldenthread.audits.models import AttachedFile, Audit, Closure, EarlierWork
from goldenthread.audits.operations import (
    attach_files,
    give_consent,
    save_answer,
    send_in,
    withdraw_consent,
)
from goldenthread.audits.queries import earlier_work_shown, is_closed, may_edit, may_read
from goldenthread.audits.returns import may_open, returns_shown
from goldenthread.audits.sheets import sheet_of
from goldenthread.escalations.models import Dispute
from goldenthread.escalations.operations import Point, raise_dispute
from goldenthread.improvement.models import Action, Response
from goldenthread.improvement.operations import begin_responses
from goldenthread.reporting.audit_answers import answers_as_fhir
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.gates import FILES, FROM_OUTSIDE, THE_AUDIT
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.answer_packs import with_questions
from tests.make import PACK, make_audit, make_council, moment, publish_pack
from tests.operations.test_attach_files import PAPERS, pdf
from tests.operations.test_consents import clock
from tests.operations.test_follow_up import agreed, discuss
from tests.return_packs import AGENCIES, fill_in, invite_hope, return_of, with_returns

AT = moment("2026-11-20T10:00")
FIRST, SECOND = "consent of the head", "consent of the quality team"
pytestmark = pytest.mark.django_db


def closing(*what, document=None, **rule):
    """A framework that keeps these closed until the head of service and the quality team consent."""
    data = read_document(document or PACK.read_text()).data
    data["clocks"] |= {FIRST: clock("head of service"), SECOND: clock("quality team")}
    data["gates"] = {
        "restricted": {
            "keeps_closed": {"what": list(what), **rule},
            "consents": [{"clock": FIRST}, {"clock": SECOND}],
            "says": "These records are opened with two consents.",
        }
    }
    return write_document(data)


@pytest.fixture
def council():
    return make_council()


def consent(audit, *, by, to):
    return give_consent(audit, "restricted", to, by=by, at=AT)


def open_up(council, audit):
    consent(audit, by=council.hana, to=FIRST)
    consent(audit, by=council.quinn, to=SECOND)


@pytest.fixture
def closed(council):
    publish_pack(document=closing(THE_AUDIT))
    return make_audit(council)


PEOPLE = ("ada", "quinn", "theo", "hana", "priya", "sam", "administrator")
ADDRESSES = (
    "report/",
    "report.docx",
    "report.pdf",
    "answers.json",
    "case-note/",
    "findings/",
    "sections/overall/",
)


def test_nobody_reads_or_writes_what_is_kept_closed_until_both_consents_are_there(client, council, closed):
    on = AT.date()
    for person in (getattr(council, name) for name in PEOPLE):
        assert not may_read(closed, person, on=on) and not may_edit(closed, person, on=on)
        client.force_login(person)
        for address in ADDRESSES:
            assert client.get(f"/audits/{closed.public_id}/{address}").status_code == 404, address
    question = sheet_of(closed).form.sections[0].questions[0].key
    with pytest.raises(Refused, match="kept closed until the consents are there"):
        save_answer(closed, question, Given("yes"), expected=0, by=council.ada, at=AT)

    consent(closed, by=council.hana, to=FIRST)
    assert not may_read(closed, council.ada, on=on)
    consent(closed, by=council.quinn, to=SECOND)

    assert may_read(closed, council.ada, on=on) and may_edit(closed, council.ada, on=on)
    assert not may_read(closed, council.sam, on=on)
    assert Closure.objects.get().opened_at == AT


def test_those_who_consent_have_a_task_and_the_auditor_hears_that_it_is_open(council, closed):
    assert set(Task.objects.open().filter(kind__in=[FIRST, SECOND]).values_list("role", flat=True)) == {
        "head of service",
        "quality team",
    }

    open_up(council, closed)

    assert not Task.objects.open().filter(kind__in=[FIRST, SECOND]).exists()
    assert Notice.objects.filter(to=council.ada, subject__contains="is open now").exists()


def test_what_was_opened_stays_open_and_no_consent_is_withdrawn_then(council, closed):
    consent(closed, by=council.hana, to=FIRST)
    withdraw_consent(closed, "restricted", by=council.hana, at=AT)
    assert Task.objects.open().filter(kind=FIRST).exists()

    open_up(council, closed)

    with pytest.raises(Refused, match="Nothing waits"):
        withdraw_consent(closed, "restricted", by=council.hana, at=AT)
    assert may_read(closed, council.ada, on=AT.date())


@pytest.fixture
def closed_and_final(council):
    """An audit closed to all but its auditor and the quality team, who brought it to its end."""
    document = closing(THE_AUDIT, open_to=["auditor", "quality team"])
    publish_pack(document=document)
    return make_audit(council, "final")


def test_a_role_that_needs_no_consent_works_on_it_and_others_read_nothing(client, council, closed_and_final):
    on = AT.date()
    readers = {name for name in PEOPLE if may_read(closed_and_final, getattr(council, name), on=on)}
    assert readers == {"ada", "quinn"}

    client.force_login(council.theo)
    page = client.get(f"/audits/{closed_and_final.public_id}/").text
    assert "This is kept closed until the consents below are there" in page
    assert "Still missing: the consent of the head of service and of the quality team." in page
    assert "Overall" not in page and "I consent" not in page

    open_up(council, closed_and_final)
    assert may_read(closed_and_final, council.theo, on=on)


def test_figures_follow_ups_and_exports_leave_out_what_is_closed(council, closed_and_final, tmp_path):
    on, audit = AT.date(), closed_and_final
    responses = Response.objects.visible_to(council.theo, on=on).filter(audit=audit)
    counted = Audit.objects.reported_to(council.theo, on=on).filter(pk=audit.pk)
    assert Audit.objects.visible_to(council.theo, on=on).filter(pk=audit.pk).exists()
    assert not counted.exists() and not responses.exists()
    with pytest.raises(CommandError, match="kept closed until consents are there"):
        call_command("export_answers", audit.number, format="fhir", out=tmp_path / "answers.json")
    assert not (tmp_path / "answers.json").exists()

    open_up(council, audit)

    assert counted.exists()
    call_command("export_answers", audit.number, format="fhir", out=tmp_path / "answers.json")


def test_what_follows_an_audit_is_in_no_list_and_no_figure_until_it_is_open(council, closed_and_final):
    begin_responses(at=closed_and_final.finished_at)
    response = Response.objects.get(audit=closed_and_final, task__isnull=False)
    discuss(council, response, agreed(council))

    def seen_by(name):
        person = getattr(council, name)
        found = (Response.objects.filter(pk=response.pk), Action.objects.filter(response=response))
        return [
            rows.exists()
            for one in found
            for rows in (one.visible_to(person, on=AT.date()), one.reported_to(person, on=AT.date()))
        ]

    assert not any(shown for name in ("quinn", "theo", "hana", "priya") for shown in seen_by(name))
    open_up(council, closed_and_final)
    assert seen_by("quinn") == seen_by("theo") == [True] * 4


def test_what_is_said_of_earlier_work_stays_closed_with_the_audit(council, closed_and_final):
    said = {"person": council.priya, "strengths": "Clear notes.", "told_at": AT}
    EarlierWork.objects.create(audit=closed_and_final, **said)
    assert not earlier_work_shown(closed_and_final, council.priya, on=AT.date()).exists()

    open_up(council, closed_and_final)

    assert earlier_work_shown(closed_and_final, council.priya, on=AT.date()).exists()


def test_a_dispute_about_what_is_closed_is_in_no_list_until_it_is_open(council):
    publish_pack(document=closing(THE_AUDIT, open_to=["auditor", "quality team", "practitioner"]))
    audit = make_audit(council, "final")
    raise_dispute(audit, [Point("overall", "In time.", "Page 2")], by=council.priya, at=audit.finished_at)
    listed = Dispute.objects.visible_to(council.theo, on=AT.date())
    assert not listed.exists()

    open_up(council, audit)

    assert listed.count() == 1


def test_only_audits_of_the_marked_kind_are_closed(council):
    publish_pack(document=closing(THE_AUDIT, when={"fact": "status", "is": "closed"}))
    assert not is_closed(make_audit(council), council.ada, THE_AUDIT, on=AT.date())

    publish_pack(document=closing(THE_AUDIT, when={"fact": "status", "is": "open"}, audit_types=["audit"]))
    assert is_closed(make_audit(council), council.ada, THE_AUDIT, on=AT.date())


def test_attached_files_stay_closed_while_the_rest_is_read(client, council, settings, tmp_path):
    settings.UPLOADS = tmp_path
    document = closing(FILES, document=with_questions([PAPERS]))
    audit = make_audit(council, version=publish_pack(document=document))
    assert Audit.objects.reported_to(council.theo, on=AT.date()).filter(pk=audit.pk).exists()
    attach_files(audit, "papers", Given(""), [pdf()], expected=0, by=council.ada, at=AT)
    path = f"/audits/{audit.public_id}/files/{AttachedFile.objects.get().public_id}/"
    client.force_login(council.ada)
    assert client.get(f"/audits/{audit.public_id}/report/").status_code == 200
    assert client.get(path).status_code == 404

    open_up(council, audit)

    assert client.get(path).status_code == 200
    client.force_login(council.sam)
    assert client.get(path).status_code == 404


def test_a_part_from_outside_stays_closed_to_all_but_whoever_fills_it_in(client, council):
    on = AT.date()
    document = closing(FROM_OUTSIDE, document=with_returns(AGENCIES))
    audit = make_audit(council, version=publish_pack(document=document))
    hope = invite_hope(return_of(audit, "health"), council.ada, at=AT)
    fill_in(return_of(audit, "health"), hope, at=AT)
    fill_in(return_of(audit, "social care"), council.ada, at=AT)
    for key, by in (("health", hope), ("social care", council.ada)):
        send_in(return_of(audit, key), by=by, at=AT)
    part = return_of(audit, "health")
    assert may_open(part, hope, on=on)
    assert not may_open(part, council.ada, on=on)
    assert [one.key for one in returns_shown(audit, council.ada, on=on)] == ["social care", "police"]
    client.force_login(council.ada)
    assert client.get(f"/returns/{part.public_id}/").status_code in (302, 404)

    open_up(council, audit)

    assert may_open(part, council.ada, on=on)


def test_a_closed_part_is_in_no_report_and_no_file_of_those_who_may_not_open_it(council):
    document = closing(FROM_OUTSIDE, document=with_returns(AGENCIES), open_to=["quality team"])
    audit = make_audit(council, version=publish_pack(document=document))
    hope = invite_hope(return_of(audit, "health"), council.ada, at=AT)
    fill_in(return_of(audit, "health"), hope, at=AT)
    send_in(return_of(audit, "health"), by=hope, at=AT)
    audit.returns.exclude(key="health").update(
        state="not coming", settled_at=AT, settled_by=council.ada, why="Ill."
    )
    Audit.objects.filter(pk=audit.pk).update(state="final", phase="final", finished_at=AT)
    audit.refresh_from_db()

    def read_by(reader):
        chapters = " ".join(one.title for one in report_of(audit, on=AT.date(), reader=reader).chapters)
        file = json.dumps(json.loads(answers_as_fhir(audit, reader=reader)))
        return "Health" in chapters, "As health saw it." in file

    assert read_by(council.theo) == read_by(None) == (False, False)
    assert read_by(council.quinn) == (True, True)
    open_up(council, audit)
    assert read_by(council.theo) == (True, True)
