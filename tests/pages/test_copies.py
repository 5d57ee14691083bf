"""Pages of copies: what is owed, what may be printed by whom, requests, and the signing off of the report."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from goldenthread.governance.copying import ask_for_copy, begin_copies
from goldenthread.governance.models import Copy, SignOff
from goldenthread.ledger.models import Read
from goldenthread.people.models import Post
from goldenthread.programmes.models import Cycle
from tests.copy_packs import with_copies
from tests.make import make_audit, make_council, make_cycle, make_person, make_post, moment, publish_pack
from tests.return_packs import AGENCIES, fill_in, return_of, with_returns

AT = moment("2026-11-02T10:00")
DAY = "03/11/2026"
pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=with_copies())
    return council


@pytest.fixture
def copy(council):
    audit = make_audit(council, "final", at=AT)
    begin_copies(at=audit.finished_at)
    return Copy.objects.get(audit=audit)


def address(name, of):
    return reverse(name, args=[of.public_id])


def test_the_sender_finds_the_copy_in_their_tasks_and_reads_what_to_send(client, council, copy):
    client.force_login(council.quinn)

    assert address("show_copy", copy) in client.get("/tasks/").text
    page = client.get(address("show_copy", copy))

    assert "Copy for the placing authority" in page.text and "The placing authority" in page.text
    assert "The practitioner explained why the visit was late." in page.text  # the whole report
    assert "Why then: 5 working days from the final report" in page.text
    assert Read.objects.filter(about_kind="audit", about_id=copy.audit.public_id, how="copy").exists()


def test_they_record_that_it_was_sent_and_everybody_who_oversees_it_can_see_so(client, council, copy):
    client.force_login(council.quinn)
    sent = {"sent_to": "Jo Bloggs, jo@partner.example", "sent_as": "Secure e-mail", "sent_on": DAY}

    page = client.post(address("note_sent_copy", copy), sent, follow=True)

    assert "Recorded as sent" in page.text and "jo@partner.example" in page.text
    assert "Record that you have sent it" not in page.text
    client.force_login(council.hana)
    assert "Sent on 3 November 2026" in client.get("/copies/?state=sent").text
    assert "Copy for the placing authority" not in client.get("/copies/?state=owed").text
    assert "Sent on 3 November 2026" in client.get(address("show_audit", copy.audit)).text


def test_what_was_typed_stays_where_something_is_missing(client, council, copy):
    client.force_login(council.quinn)

    page = client.post(address("note_sent_copy", copy), {"sent_to": "Jo Bloggs", "sent_as": "Secure e-mail"})

    assert "There is a problem" in page.text and 'value="Jo Bloggs"' in page.text
    assert Copy.objects.owed().get() == copy


def test_one_that_is_not_sent_says_why(client, council, copy):
    client.force_login(council.quinn)
    assert "There is a problem" in client.post(address("drop_copy", copy), {"because": ""}).text

    page = client.post(address("drop_copy", copy), {"because": "The placement has ended."}, follow=True)

    assert "Recorded as not sent" in page.text and "The placement has ended." in page.text


@pytest.mark.parametrize("who", ["ada", "priya", "other_manager", "sam", "administrator"])
def test_others_find_neither_the_copy_nor_its_address(client, council, copy, who):
    client.force_login(getattr(council, who))

    for name in ("show_copy", "download_copy_as_word", "download_copy_as_pdf"):
        assert client.get(address(name, copy)).status_code == 404
    assert client.post(address("note_sent_copy", copy), {}).status_code == 404
    assert "placing authority" not in client.get("/copies/").text
    if who in ("ada", "priya"):
        assert "placing authority" not in client.get(address("show_audit", copy.audit)).text


def test_a_sender_to_whom_the_report_is_not_shown_prints_nothing(client, council):
    lacking = "flows: {audit: {states: {filed: {shown_to: [auditor, practitioner, quality manager]}}}}"
    document = with_copies(lacking)
    publish_pack(document=document, at=AT)
    audit = make_audit(council, "final", at=AT)
    begin_copies(at=audit.finished_at)
    copy = Copy.objects.get(audit=audit)
    type(audit).objects.filter(pk=audit.pk).update(state="filed", phase="filed", filed_at=AT)
    client.force_login(council.quinn)

    page = client.get(address("show_copy", copy))

    assert "What is copied is not open to your post." in page.text
    assert "The practitioner explained" not in page.text
    assert client.get(address("download_copy_as_word", copy)).status_code == 404
    sent = {"sent_to": "Jo", "sent_as": "Secure e-mail", "sent_on": DAY}
    assert "You may not read this" in client.post(address("note_sent_copy", copy), sent, follow=True).text


def test_a_summary_holds_grades_and_findings_and_no_answers_reasons_or_conversation(client, council):
    audit = make_audit(council, "final", at=AT)
    copy = ask_for_copy(
        audit, "family", asked_by="Her son", asked_on=AT.date(), by=council.quinn, at=AT + timedelta(hours=1)
    )
    client.force_login(council.quinn)

    said = client.get(address("show_copy", copy)).text
    made = client.get(address("download_copy_as_word", copy))
    whole = "\n".join(part.text for part in Document(BytesIO(made.content)).paragraphs)

    assert "Good" in said
    for text in (said, whole):
        assert "The practitioner explained" not in text
        assert "the record shows it" not in text and "Case note of 3 August" not in text
    assert (
        made["Content-Disposition"] == f'attachment; filename="copy-of-{audit.number.replace("/", "-")}.docx"'
    )
    assert client.get(address("download_copy_as_pdf", copy)).content.startswith(b"%PDF")


def test_a_partner_gets_their_own_part_and_nothing_of_the_others(client):
    council = make_council()
    part = """
copies:
  police: {title: The part of the police, after: [audit], outside: The police, what: their own part, part: police, clock: send a copy, ways: [Secure e-mail]}
"""  # noqa: E501 - a document
    publish_pack(
        document=with_returns(
            AGENCIES.replace("requires: [answers, grades, all returns]", "requires: [answers, grades]"),
            document=with_copies(part),
        )
    )
    audit = make_audit(council, "allocated", at=AT)
    social, police = return_of(audit, "social care"), return_of(audit, "police")
    fill_in(social, council.ada, at=AT)
    type(audit).objects.filter(pk=audit.pk).update(state="final", phase="final", finished_at=AT)
    begin_copies(at=AT)
    copy = Copy.objects.get(audit=audit, rule="police")
    client.force_login(council.quinn)

    page = client.get(address("show_copy", copy)).text

    assert "social care: " not in page and "As social care saw it." not in page
    assert "Priya" not in page.split('id="what-is-copied"')[1]
    assert police.key == "police"
    assert client.get(address("download_copy_as_pdf", copy)).content.startswith(b"%PDF")


def test_somebody_who_may_know_of_the_audit_notes_who_asked(client, council, copy):
    client.force_login(council.priya)
    page = client.get(address("show_audit", copy.audit))
    assert "Somebody asked for a copy" in page.text

    asked = {"rule": "family", "asked_by": "Her son", "asked_on": DAY}
    told = client.post(address("ask_for_copy", copy.audit), asked, follow=True)

    assert "The request is noted" in told.text and "Her son, on 3 November 2026" in told.text
    assert "Record that you have sent it" not in told.text  # she asked, and does not send it
    client.force_login(council.other_manager)
    assert client.get(address("ask_for_copy", copy.audit)).status_code == 404


def test_nothing_is_asked_for_where_the_framework_gives_nothing(client):
    council = make_council()
    publish_pack()
    audit = make_audit(council, "final", at=AT)
    client.force_login(council.quinn)

    assert "Copies" not in client.get(address("show_audit", audit)).text
    assert client.get(address("ask_for_copy", audit)).status_code == 404


def closed_cycle():
    """A cycle that has closed by the test's own day."""
    cycle = make_cycle("2026-11")
    gone = timezone.localdate() - timedelta(days=1)
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=AT, opens_on=date(2026, 1, 1), closes_on=gone)
    return Cycle.objects.get(pk=cycle.pk)


def test_the_report_is_signed_off_on_its_page_and_its_copies_stand_there(client, council):
    cycle, now = closed_cycle(), timezone.now()
    begin_copies(at=now)
    client.force_login(council.quinn)
    assert "Sign this report off" not in client.get(address("show_highlights", cycle)).text
    assert "whoever has it in their tasks" in client.post(address("sign_off_report", cycle), follow=True).text

    client.force_login(council.quality_manager)
    assert address("show_highlights", cycle) in client.get("/tasks/").text
    assert "Sign this report off" in client.get(address("show_highlights", cycle)).text
    page = client.post(address("sign_off_report", cycle), follow=True).text

    assert "Signed off" in page and "Copy for the board" in page
    assert SignOff.objects.get().signed_by == council.quality_manager
    client.force_login(council.theo)
    page = client.get(address("show_highlights", cycle)).text
    assert "Signed off" in page and "Copy for the board" not in page


def test_a_copy_of_the_report_is_asked_for_and_read_by_those_who_see_reports(client, council):
    cycle = closed_cycle()
    client.force_login(council.quinn)
    day = f"{timezone.localdate():%d/%m/%Y}"
    asked = {"rule": "councillor", "asked_by": "A councillor", "asked_on": day}

    page = client.post(address("ask_for_report", cycle), asked, follow=True)

    assert "The request is noted" in page.text and address("show_highlights", cycle) in page.text
    copy = Copy.objects.get(rule="councillor")
    assert (
        client.get(address("download_copy_as_word", copy)).status_code == 404
    )  # the report has its own page
    client.force_login(council.ada)
    assert client.get(address("ask_for_report", cycle)).status_code == 403


def test_a_sender_who_has_left_hands_it_on_with_the_post(client, council, copy):
    Post.objects.filter(person=council.quinn).update(ends_on=date(2026, 11, 1))
    una = make_person("Una")
    make_post(una, "quality officer", council.organisation)
    client.force_login(una)

    assert "Record that you have sent it" in client.get(address("show_copy", copy)).text
