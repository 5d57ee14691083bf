"""Raising a safety alert from an audit or a case, and answering it."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import answer_alert, raise_alert
from goldenthread.escalations.operations.alerts import AGAIN
from goldenthread.ledger.models import Event, Read
from goldenthread.tasks.models import Notice
from goldenthread.web.tasks.delivery import deliver
from tests.make import STATES, make_audit, make_council, make_subject, moment, publish_pack

CONCERN = "Bruises on both arms that nobody asked Mrs Winterbottom about"

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    return council


def raise_from(client, audit, person):
    client.force_login(person)
    address = reverse("raise_alert", args=[audit.public_id])
    return client.post(address, {"concern": CONCERN}, follow=True)


@pytest.mark.parametrize("state", STATES)
def test_an_alert_can_be_raised_in_every_state_of_an_audit(client, council, state):
    audit = make_audit(council, state=state)

    page = raise_from(client, audit, council.ada)

    assert "Alert raised." in page.text
    assert Alert.objects.get().audit == audit


@pytest.mark.parametrize("name", ["ada", "quinn", "theo", "hana", "priya"])
def test_anybody_who_may_read_the_file_may_raise_one(client, council, name):
    raise_from(client, make_audit(council), getattr(council, name))

    assert Alert.objects.get().raised_by == getattr(council, name)


@pytest.mark.parametrize("name", ["sam", "other_manager", "administrator"])
def test_who_may_not_read_the_file_learns_nothing_of_it(client, council, name):
    assert raise_from(client, make_audit(council), getattr(council, name)).status_code == 404
    assert not Alert.objects.exists()


def test_the_team_manager_and_the_quality_team_have_it_at_the_top_of_their_tasks_at_once(client, council):
    make_audit(council, state="checking")
    raise_from(client, make_audit(council), council.ada)
    alert = Alert.objects.get()

    for person in (council.theo, council.quinn):
        client.force_login(person)
        first = client.get("/tasks/").context["rows"][0]
        assert first.task.urgent
        assert first.url == reverse("show_alert", args=[alert.public_id])


def test_an_alert_is_there_though_no_mail_server_answers(client, council, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False

    raise_from(client, make_audit(council), council.ada)

    assert deliver().unreachable
    client.force_login(council.theo)
    assert client.get("/tasks/").context["rows"][0].task.urgent


def test_its_e_mail_names_no_person_no_case_and_no_concern(client, council):
    subject = make_subject("MOSAIC-445566", unit=council.team, practitioner=council.priya)
    audit = make_audit(council, subject=subject)
    Notice.objects.all().delete()

    raise_from(client, audit, council.ada)
    raise_alert(subject=subject, concern=CONCERN, by=council.priya, at=moment())
    deliver()

    assert len(mail.outbox) == 4
    for message in mail.outbox:
        said = f"{message.subject} {message.body}"
        for secret in ("Winterbottom", "Bruises", "MOSAIC", "Priya", "Ada", "Theo", "Quinn"):
            assert secret not in said
        assert "/alerts/" in said


def test_a_concern_is_needed(client, council):
    client.force_login(council.ada)

    page = client.post(reverse("raise_alert", args=[make_audit(council).public_id]), {"concern": " "})

    assert "Answer “What are you worried about?”" in page.text
    assert not Alert.objects.exists()


def test_the_form_gives_the_frameworks_guidance(client, council):
    client.force_login(council.ada)

    assert "call 999 first" in client.get(reverse("raise_alert", args=[make_audit(council).public_id])).text


def test_an_alert_can_be_raised_from_a_case_by_who_may_see_it(client, council):
    subject = make_subject("C-9", unit=council.team, practitioner=council.priya)
    address = reverse("raise_alert_about_case", args=[subject.public_id])

    for person, status in ((council.sam, 404), (council.other_manager, 404), (council.priya, 200)):
        client.force_login(person)
        assert client.post(address, {"concern": CONCERN}, follow=True).status_code == status

    assert Alert.objects.get().subject == subject


def test_the_page_shows_the_concern_and_who_was_told_when(client, council):
    page = raise_from(client, make_audit(council), council.ada)

    assert CONCERN in page.text
    assert {row[0] for row in page.context["told"]} == {"Theo", "Quinn"}
    assert "The e-mail is about to be sent" in page.text
    assert "working days from the alert" in page.text


@pytest.mark.parametrize("name", ["theo", "quinn", "hana"])
def test_those_concerned_answer_and_whoever_raised_it_is_told(client, council, name):
    raise_from(client, make_audit(council), council.ada)
    alert = Alert.objects.get()
    address = reverse("show_alert", args=[alert.public_id])
    client.force_login(getattr(council, name))

    page = client.post(address, {"said": "Visited; she is safe.", "resolved": "yes"}, follow=True)

    assert "Visited; she is safe." in page.text
    client.force_login(council.ada)
    assert "Visited; she is safe." in client.get(address).text
    assert "was resolved" in client.get("/tasks/notices/").text
    assert {"alert.raise", "alert.answer"} <= set(Event.objects.values_list("what", flat=True))


def test_an_answer_needs_an_outcome(client, council):
    raise_from(client, make_audit(council), council.ada)
    client.force_login(council.theo)

    page = client.post(
        reverse("show_alert", args=[Alert.objects.get().public_id]), {"said": "", "resolved": "yes"}
    )

    assert "There is a problem" in page.text
    assert Alert.objects.waiting().exists()


def test_an_answer_that_resolves_nothing_moves_it_up_and_leaves_a_note_for_the_case_record(client, council):
    raise_from(client, make_audit(council), council.ada)
    address = reverse("show_alert", args=[Alert.objects.get().public_id])
    client.force_login(council.theo)

    assert "No, it goes to the head of service now" in client.get(address).text
    page = client.post(address, {"said": "The family was not in.", "resolved": "no"}, follow=True)

    assert "Stage 2: head of service" in page.text
    assert "Safety alert, stage 1: not resolved" in page.text
    assert Alert.objects.waiting().exists()
    client.force_login(council.hana)
    assert client.get("/tasks/").context["rows"][0].task.urgent


def test_at_the_last_stage_the_only_answer_offered_resolves_it(client, council):
    raise_from(client, make_audit(council), council.ada)
    alert = Alert.objects.get()
    for _ in range(3):
        answer_alert(alert, said="Not agreed.", resolved=False, by=council.quinn, at=moment())
    client.force_login(council.quinn)

    page = client.get(reverse("show_alert", args=[alert.public_id]))

    assert "No, it goes" not in page.text
    assert "Stage 4: director" in page.text


def test_the_note_for_the_case_record_is_for_those_who_answer(client, council):
    raise_from(client, make_audit(council), council.ada)
    alert = Alert.objects.get()
    answer_alert(alert, said="The family was not in.", resolved=False, by=council.theo, at=moment())

    client.force_login(council.ada)

    assert "For the case record" not in client.get(reverse("show_alert", args=[alert.public_id])).text


def test_whoever_raised_it_reads_it_and_is_offered_no_answer(client, council):
    page = raise_from(client, make_audit(council), council.ada)

    assert "Record the answer" not in page.text


@pytest.mark.parametrize("name", ["sam", "other_manager", "priya", "administrator"])
def test_others_find_no_alert_and_no_trace_in_the_list(client, council, name):
    raise_from(client, make_audit(council), council.ada)
    client.force_login(getattr(council, name))

    assert client.get(reverse("show_alert", args=[Alert.objects.get().public_id])).status_code == 404
    page = client.get("/alerts/")
    assert "No safety alert concerns you." in page.text


def test_opening_an_alert_is_written_to_the_read_log(client, council):
    raise_from(client, make_audit(council), council.ada)

    assert Read.objects.filter(about_kind="alert", by=council.ada.public_id).exists()


def test_alerts_that_wait_stand_first_and_the_list_is_paged(client, council, django_assert_max_num_queries):
    subject = make_subject("C-9", unit=council.team, practitioner=council.priya)
    by, at = council.priya, moment()
    alerts = [raise_alert(subject=subject, concern=f"{number}", by=by, at=at) for number in range(30)]
    for alert in alerts[::2]:
        Alert.objects.filter(pk=alert.pk).update(
            resolved_at=moment(), resolved_by=council.theo, outcome="done"
        )
    client.force_login(council.quinn)

    with django_assert_max_num_queries(9):
        first = client.get("/alerts/")
    second = client.get("/alerts/" + first.context["page"].next_url)

    rows = [*first.context["page"].rows, *second.context["page"].rows]
    assert [bool(alert.resolved_at) for alert in rows] == [False] * 15 + [True] * 15
    assert len({alert.pk for alert in rows}) == 30


def test_the_same_words_sent_again_are_the_same_alert_until_it_is_resolved(client, council):
    audit = make_audit(council)
    for _ in range(2):
        page = raise_from(client, audit, council.ada)
        assert "Alert raised." in page.text
    assert Alert.objects.count() == 1

    raise_from(client, audit, council.quinn)
    raise_from(client, make_audit(council), council.ada)
    assert Alert.objects.count() == 3

    Alert.objects.filter(audit=audit).update(raised_at=timezone.now() - AGAIN)
    raise_from(client, audit, council.ada)
    assert Alert.objects.count() == 4
