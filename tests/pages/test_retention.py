"""The page of retention shows what is due to those who may, removes what was read, and places holds."""

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.governance.models import LegalHold
from tests.make import make_council, moment, publish_pack
from tests.operations.test_retention import filed, keeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=keeping("1 day"), at=moment("2020-11-02T09:00"))
    return council


@pytest.fixture
def audit(council):
    audit = filed(council)
    Audit.objects.update(finished_at=moment("2020-11-02T09:00"))
    return audit


def test_what_is_due_is_listed_and_removed_only_once_somebody_says_that_they_read_it(client, council, audit):
    client.force_login(council.quality_manager)
    assert audit.number in client.get(reverse("show_retention")).content.decode()

    asked = client.post(reverse("remove_words"), {"audit": audit.public_id})
    assert "Tick the box to say that you have read the list" in asked.content.decode()
    assert Audit.objects.get().blanked_at is None
    client.post(reverse("remove_words"), {"sure": "on"})  # another list than the one shown
    assert Audit.objects.get().blanked_at is None

    done = client.post(reverse("remove_words"), {"audit": audit.public_id, "sure": "on"}, follow=True)
    assert "The words of 1 were removed." in done.content.decode()
    assert Audit.objects.get().blanked_at


@pytest.mark.parametrize(
    "page", ["show_audit", "show_report", "show_case_note", "show_conversation", "download_report_as_word"]
)
def test_pages_of_an_audit_still_work_once_its_words_are_gone(client, council, audit, page):
    client.force_login(council.quality_manager)
    client.post(reverse("remove_words"), {"audit": audit.public_id, "sure": "on"})

    shown = client.get(reverse(page, args=[audit.public_id]))

    assert shown.status_code == 200
    if page in ("show_audit", "show_report"):
        assert "emoved under retention on" in shown.content.decode()


def test_an_event_whose_values_are_gone_says_so(client, council, audit):
    client.force_login(council.quality_manager)
    client.post(reverse("remove_words"), {"audit": audit.public_id, "sure": "on"})

    shown = client.get(reverse("show_event", args=[2])).content.decode()

    assert "Removed under retention on" in shown
    assert "as they were written" in shown


def test_a_hold_is_placed_shown_and_lifted_with_reasons(client, council, audit):
    client.force_login(council.quality_manager)
    place = reverse("hold_audit", args=[audit.public_id])
    assert "Enter why it is held" in client.post(place, {"because": " "}).content.decode()
    client.post(place, {"because": "The inquiry asked."})
    hold = LegalHold.objects.get()
    assert "The inquiry asked." in client.get(reverse("show_retention")).content.decode()
    assert "The inquiry asked." in client.get(reverse("show_audit", args=[audit.public_id])).content.decode()

    client.force_login(council.theo)
    seen = client.get(reverse("show_audit", args=[audit.public_id])).content.decode()
    assert "The inquiry asked." not in seen
    assert "legal hold" not in seen

    client.force_login(council.quality_manager)
    client.post(reverse("lift_legal_hold", args=[hold.public_id]), {"because": "It reported."})
    hold.refresh_from_db()
    assert hold.lifted_because == "It reported."
