"""Disputing a final report, seeing where the dispute stands, and doing what it waits for."""

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.audits.sheets import sheet_of
from goldenthread.escalations.models import Dispute
from goldenthread.escalations.operations import Point, raise_dispute
from tests.make import make_audit, make_council

pytestmark = pytest.mark.django_db
REASONS = {"reasons-overall": "The visit was in time.", "evidence-overall": "Case note of 3 August."}


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, state="final", at=timezone.localtime())


@pytest.fixture
def dispute(council, audit):
    point = Point("overall", "The visit was in time.", "Case note of 3 August.")
    return raise_dispute(audit, [point], by=council.priya, at=timezone.localtime())


def open_dispute(client, dispute, person):
    client.force_login(person)
    return client.get(reverse("show_dispute", args=[dispute.public_id]))


def send(client, dispute, person, **said):
    turn = open_dispute(client, dispute, person).context["turn"]
    return client.post(reverse("show_dispute", args=[dispute.public_id]), {"turn": turn, **said}, follow=True)


def meet(client, dispute, person):
    said = {"met_on": f"{timezone.localdate():%d/%m/%Y}", "attended": "Ada, Priya", "discussed": "The visit."}
    return send(client, dispute, person, **said)


def test_the_practitioner_disputes_a_final_report_from_its_page(client, council, audit):
    client.force_login(council.priya)
    assert reverse("raise_dispute", args=[audit.public_id]) in client.get(f"/audits/{audit.public_id}/").text

    page = client.post(reverse("raise_dispute", args=[audit.public_id]), REASONS, follow=True)

    assert "Your dispute is on record" in page.text
    assert Dispute.objects.get().points.get().part == "overall"


def test_what_is_missing_is_said_and_what_was_typed_stays(client, council, audit):
    client.force_login(council.priya)

    page = client.post(reverse("raise_dispute", args=[audit.public_id]), {"reasons-overall": "In time."})

    assert '<a href="#id_evidence-overall">Overall: say where the record shows it.</a>' in page.text
    assert "In time.</textarea>" in page.text.replace("\n", "")
    assert not Dispute.objects.exists()


def test_evidence_without_a_reason_leads_to_the_reason(client, council, audit):
    client.force_login(council.priya)

    page = client.post(reverse("raise_dispute", args=[audit.public_id]), {"evidence-overall": "Page 2."})

    assert '<a href="#id_reasons-overall">Overall: say what you dispute and why.</a>' in page.text
    assert not Dispute.objects.exists()


def test_the_audit_s_page_and_the_way_to_file_say_that_it_is_held(client, council, audit, dispute):
    client.force_login(council.ada)

    pages = [client.get(f"/audits/{audit.public_id}/"), client.get(f"/audits/{audit.public_id}/case-note/")]

    for page in pages:
        assert "Held: The report is disputed. The audit is filed once the dispute has ended." in page.text
    assert reverse("show_dispute", args=[dispute.public_id]) in pages[0].text


def test_a_dispute_goes_from_the_meeting_to_changed_grades_and_the_reply(client, council, audit, dispute):
    meet(client, dispute, council.ada)
    parts = [part for part, _ in sheet_of(audit).parts]
    place = parts.index("overall")

    page = send(
        client,
        dispute,
        council.ada,
        **{"outcome": "changed", "said": "You are right.", f"grade-{place}": "outstanding"},
    )
    assert "The answer is recorded" in page.text
    send(client, dispute, council.priya, agrees="yes")

    dispute.refresh_from_db()
    assert dispute.outcome == "changed"
    shown = client.get(f"/audits/{audit.public_id}/").text
    assert "After dispute" in shown and "Outstanding" in shown


def test_a_form_that_was_opened_before_the_dispute_moved_on_does_nothing(client, council, dispute):
    turn = open_dispute(client, dispute, council.ada).context["turn"]
    meet(client, dispute, council.ada)

    said = {"turn": turn, "met_on": "01/01/2026", "attended": "x", "discussed": "We talked for an hour."}
    page = client.post(reverse("show_dispute", args=[dispute.public_id]), said, follow=True)

    assert "has moved on" in page.text
    assert "We talked for an hour." in page.text and "is not recorded" in page.text, "nothing typed is lost"
    assert dispute.stages.get().attended == "Ada, Priya"


@pytest.mark.parametrize("name", ["theo", "quinn", "hana", "priya"])
def test_others_read_it_without_a_form(client, council, dispute, name):
    page = open_dispute(client, dispute, getattr(council, name))

    assert page.status_code == 200
    assert "It is your turn" not in page.text
    assert ("Withdraw the dispute" in page.text) is (name == "priya")


@pytest.mark.parametrize("name", ["sam", "other_manager", "administrator"])
def test_who_may_not_know_of_it_finds_it_neither_by_its_address_nor_in_the_list(
    client, council, dispute, name
):
    assert open_dispute(client, dispute, getattr(council, name)).status_code == 404
    assert "2026-11/" not in client.get(reverse("list_disputes")).text


def test_an_audit_without_a_dispute_shows_no_stage_of_it(client, council, audit):
    client.force_login(council.priya)

    assert "After dispute" not in client.get(f"/audits/{audit.public_id}/").text


def test_the_list_takes_few_queries_however_long(
    client, council, audit, dispute, django_assert_max_num_queries
):
    client.force_login(council.theo)
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("list_disputes"))
    for number in range(3):
        other = make_audit(council, state="final", number=f"2026-11/5{number}", at=timezone.localtime())
        point = Point("facts", "Wrong date.", "Page 2")
        raise_dispute(other, [point], by=council.priya, at=timezone.localtime())

    with django_assert_max_num_queries(len(few)):
        page = client.get(reverse("list_disputes"))

    assert page.text.count("gt-task__what") == 4
