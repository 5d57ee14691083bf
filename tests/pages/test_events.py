"""Recording a supervision and following what it led to; nominating a case and agreeing to it."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Commission, Cycle, Nomination, Occurrence
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import plan_year
from goldenthread.tasks.models import Notice, Task
from tests.make import publish_pack
from tests.operations.test_childrens_services import DOCUMENT, KEY, Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    publish_pack(document=DOCUMENT)
    return Service()


@pytest.fixture
def manager(service):
    return service.managers[service.teams[0].pk]


@pytest.fixture
def worker(service):
    return service.workers[service.teams[0].pk][0]


def supervision(client, manager, worker, day=None):
    client.force_login(manager)
    data = {"worker": worker.public_id, "happened_on": (day or timezone.localdate()).isoformat()}
    return client.post("/programme/events/supervision/", data, follow=True)


def test_a_supervision_recorded_on_screen_leads_to_one_audit_that_can_be_followed(client, manager, worker):
    page = supervision(client, manager, worker)
    call_command("sweep")
    call_command("sweep")

    assert "The supervision is recorded" in page.text
    commission, audit = Commission.objects.get(), Audit.objects.get()
    assert (audit.auditor, commission.state) == (worker, "sent")
    assert audit.number in client.get("/programme/commissions/").text
    shown = client.get(f"/programme/commissions/{commission.public_id}/").text
    assert "3 weeks from a supervision was held" in shown and audit.subject.reference in shown
    assert "Completeness audit: sent" in client.get("/programme/events/").text


def test_the_same_supervision_twice_is_refused_and_one_by_mistake_is_taken_back(client, manager, worker):
    supervision(client, manager, worker)

    assert "is recorded already" in supervision(client, manager, worker).text
    client.post(
        f"/programme/events/{Occurrence.objects.get().public_id}/withdraw/", {"because": "Wrong person"}
    )
    call_command("sweep")
    assert not Commission.objects.exists()
    assert "Taken back: Wrong person" in client.get("/programme/events/").text


def test_nobody_records_the_supervision_of_another_teams_worker(client, service, manager):
    stranger = service.workers[service.teams[1].pk][0]

    page = supervision(client, manager, stranger)

    assert page.status_code in (200, 404) and not Occurrence.objects.exists()


def test_a_worker_records_nothing_and_sees_no_list(client, worker):
    client.force_login(worker)

    assert client.get("/programme/events/").status_code == 403
    assert client.get("/programme/events/supervision/").status_code == 403


def month(service):
    on = timezone.localdate()
    plan_year(KEY, on.year if on.month > 3 else on.year - 1, by=None, at=timezone.now())
    return Cycle.objects.get(framework_key=KEY, label=f"{on:%Y-%m}")


def nominate(client, by, cycle, reference):
    client.force_login(by)
    data = {"reference": reference, "audit_type": "quality audit", "because": "Stuck since spring"}
    return client.post(f"/programme/{cycle.public_id}/nominate/", data, follow=True)


def test_a_manager_nominates_and_the_reviewing_officer_agrees_with_task_and_notices(client, service, manager):
    cycle = month(service)
    subject = Subject.objects.get(reference=f"{service.teams[0]} 3")

    page = nominate(client, manager, cycle, subject.reference)
    nomination = Nomination.objects.get()

    assert "is nominated for" in page.text
    assert Task.objects.open().owed_by(service.iro, on=timezone.localdate()).exists()
    assert Notice.objects.filter(to=service.iro, about_kind="nomination").exists()
    client.force_login(service.iro)
    client.post(f"/programme/nominations/{nomination.public_id}/", {"answer": "agree"})
    place_reaudits(cycle, by=None, at=timezone.now())
    done = draw(
        freeze_frame(cycle, "quality audit", by=None, at=timezone.now()), seed="7", by=None, at=timezone.now()
    )
    client.force_login(service.quinn)
    shown = client.get(f"/programme/draws/{done.public_id}/").text
    assert subject.pk in done.picks.values_list("entry__subject", flat=True)
    assert "Stuck since spring" in shown and f"Nominated by {manager}" in shown and "Chosen" in shown
    assert not Task.objects.open().filter(about_kind="nomination").exists()


def test_who_nominated_cannot_agree_and_whoever_declines_says_why(client, service, manager):
    cycle = month(service)
    nominate(client, manager, cycle, f"{service.teams[0]} 3")
    address = f"/programme/nominations/{Nomination.objects.get().public_id}/"

    assert client.post(address, {"answer": "agree"}).status_code == 403
    client.force_login(service.iro)
    assert "Say why it is declined" in client.post(address, {"answer": "decline"}).text
    client.post(address, {"answer": "decline", "because": "Looked at in August"})
    client.force_login(manager)
    assert "Looked at in August" in client.get(address).text
    assert Event.objects.filter(what="nomination.settle").count() == 1


def test_what_is_not_agreed_when_the_frame_is_frozen_is_passed_over(client, service, manager):
    cycle = month(service)
    nominate(client, manager, cycle, f"{service.teams[0]} 3")
    place_reaudits(cycle, by=None, at=timezone.now())

    done = freeze_frame(cycle, "quality audit", by=None, at=timezone.now())

    assert Nomination.objects.get().state == "lapsed"
    assert not done.entries.filter(turn__startswith="1 nominated").exists()
    assert not Task.objects.open().filter(about_kind="nomination").exists()
    assert "nothing can be nominated any more" in client.get(f"/programme/{cycle.public_id}/nominate/").text


def test_another_teams_case_cannot_be_nominated(client, service, manager):
    page = nominate(client, manager, month(service), f"{service.teams[2]} 3")

    assert "There is no child" in page.text and not Nomination.objects.exists()
