"""A safety alert is one click away on every page of an audit, and no state of it delays one (WF-12)."""

import pytest
from django.core import mail
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from goldenthread.audits.models import Hold
from goldenthread.audits.operations import place_hold, take_step
from goldenthread.audits.sheets import sheet_of
from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import answer_alert, escalate_alerts
from goldenthread.tasks.models import Notice
from goldenthread.web.tasks.delivery import deliver
from tests.make import STATES, make_audit, make_council, make_person, make_post, moment, publish_pack
from tests.operations.test_moderation import World
from tests.pages.test_access import named_urls
from tests.return_packs import AGENCIES, return_of, with_returns

pytestmark = pytest.mark.django_db
STOPPED = ("exempt", "not accepted")


@pytest.fixture
def council():
    return make_council()


def in_state(council, state):
    """An audit in any state of its flow, those in which it is stopped too."""
    if state not in STOPPED:
        return make_audit(council, state)
    by = make_person("Dora")
    make_post(by, "director", council.organisation)
    audit = make_audit(council, "allocated" if state == "exempt" else "returned")
    step, by = ("exempt", by) if state == "exempt" else ("not accept", council.quinn)
    return take_step(audit, step, by=by, at=moment("2026-12-20T09:00"), note="Nobody can do it.")


def pages_of(audit, client):
    """The pages of an audit that open, by their addresses."""
    section = sheet_of(audit).sections[0][0].key
    for name in sorted(set(named_urls(get_resolver()))):
        for args in ([audit.public_id], [audit.public_id, section], [audit.public_id, "1"]):
            try:
                url = reverse(name, args=args)
            except NoReverseMatch:
                continue
            if url.startswith("/audits/") and not url.endswith("/alert/"):
                answer = client.get(url)
                if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                    yield url, answer.text


@pytest.mark.parametrize("state", [*STATES, *STOPPED])
def test_every_page_of_an_audit_leads_to_an_alert_in_every_state(client, council, state):
    audit = in_state(council, state)
    link = f'href="/audits/{audit.public_id}/alert/"'
    seen = 0

    for person in (council.ada, council.quinn, council.theo):
        client.force_login(person)
        for url, page in pages_of(audit, client):
            seen += 1
            assert link in page, url
    assert seen >= 6


@pytest.mark.parametrize("state", STOPPED)
def test_a_stopped_audit_stops_no_alert(client, council, state):
    audit = in_state(council, state)
    mail.outbox.clear()
    client.force_login(council.ada)

    client.post(f"/audits/{audit.public_id}/alert/", {"concern": "Bruises"})
    deliver()

    assert Alert.objects.get().audit == audit
    urgent = Notice.objects.filter(about_kind="alert", urgent=True)
    assert {council.theo, council.quinn} <= {one.to for one in urgent}
    assert not urgent.filter(sent_at=None).exists()


@pytest.mark.parametrize("phase", ["checking", "final", "filed"])
def test_a_hold_on_an_audit_holds_no_alert(client, council, phase):
    audit = make_audit(council, "drafted")
    about = ("dispute", "abc", "A dispute")
    place_hold(audit, about=about, stops=phase, why="It waits.", by=council.theo, at=moment())
    client.force_login(council.ada)

    client.post(f"/audits/{audit.public_id}/alert/", {"concern": "Bruises"})

    assert Alert.objects.exists() and Notice.objects.filter(urgent=True, held="").exists()
    assert Hold.objects.standing().stopping(phase).exists()


def test_whoever_moderates_blind_raises_one_from_the_page_and_still_sees_no_grade(client):
    world = World()
    moderation = world.given()
    client.force_login(world.asha)
    url = f"/audits/{moderation.audit.public_id}/alert/"

    assert f'href="{url}"' in client.get(f"/moderation/{moderation.public_id}/").text
    assert f"/moderation/{moderation.public_id}/" in client.get(url).text
    page = client.post(url, {"concern": "Bruises"}, follow=True)

    assert Alert.objects.get().raised_by == world.asha
    assert page.status_code == 200
    assert client.get(f"/audits/{moderation.audit.public_id}/").status_code == 404
    client.force_login(world.dan)
    assert Alert.objects.count() == 1


def test_the_pages_that_arrange_a_return_lead_to_one(client, council):
    publish_pack(document=with_returns(AGENCIES))
    audit = make_audit(council)
    client.force_login(council.ada)
    found = [return_of(audit, key) for key in audit.returns.values_list("key", flat=True)]
    opened = 0
    for of in found:
        for name in ("invite_to_return", "name_giver", "give_up_return"):
            answer = client.get(reverse(name, args=[of.public_id]))
            if answer.status_code == 200:
                opened += 1
                assert "/alert/" in answer.text, name
    assert opened >= 2


def test_an_alert_raised_while_nothing_ran_is_delivered_when_it_runs_again(client, council, settings):
    """Neither the mail server nor the run that delivers was there for days."""
    audit = make_audit(council)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    client.force_login(council.ada)
    client.post(f"/audits/{audit.public_id}/alert/", {"concern": "Bruises"})
    assert deliver().unreachable
    Notice.objects.filter(urgent=True).update(created_at=timezone.now() - timezone.timedelta(days=3))

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver()

    assert not Notice.objects.filter(urgent=True, sent_at=None).exists()
    first = mail.outbox[0]
    assert "Urgent" in first.subject


def test_each_stage_has_its_note_for_the_case_record_the_silent_and_the_last_one_too(client, council):
    audit = make_audit(council)
    client.force_login(council.ada)
    client.post(f"/audits/{audit.public_id}/alert/", {"concern": "Bruises"})
    alert = Alert.objects.get()
    answer_alert(alert, said="Not in.", resolved=False, by=council.theo, at=timezone.now())
    escalate_alerts(at=timezone.now() + timezone.timedelta(days=30))
    answer_alert(alert, said="Seen by a doctor.", resolved=True, by=council.quinn, at=timezone.now())
    client.force_login(council.quinn)

    page = client.get(f"/alerts/{alert.public_id}/").text

    outcomes = [one.get_outcome_display() for one in alert.stages.order_by("number")]
    assert outcomes == ["not resolved", "no answer in time", "resolved"]
    for number, outcome in enumerate(outcomes, start=1):
        assert f"stage {number}: {outcome}" in page
