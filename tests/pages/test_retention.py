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


def walked(client, first, list_):
    """What a list shows on each of its pages, to the last."""
    found, url = [], first
    while url:
        page = client.get(url)
        table, part = page.context[list_], page.context["parts"][list_]
        found.append([str(row[0]) for row in table.rows])
        url = part.next_url and reverse("show_retention") + part.next_url
    return found


def test_each_list_is_shown_whole_page_by_page_and_the_page_shown_is_the_one_removed(
    client, council, monkeypatch
):
    monkeypatch.setattr("goldenthread.web.governance.views.PAGE", 2)
    audits = [filed(council, number=f"2026-11/10{number}") for number in range(5)]
    Audit.objects.update(finished_at=moment("2020-11-02T09:00"))
    client.force_login(council.quality_manager)
    numbers = sorted(audit.number for audit in audits)

    pages = walked(client, reverse("show_retention"), "due")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(number for page in pages for number in page) == numbers
    second = client.get(reverse("show_retention") + "?due=2")
    assert "3 to 4 of 5 are shown." in second.text
    assert second.text.count('aria-label="Pages of what is due"') == 1
    assert f"{reverse('remove_words')}?due=2" in second.text

    shown = [audit.public_id for audit in audits if audit.number in pages[1]]
    client.post(reverse("remove_words") + "?due=2", {"audit": shown, "sure": "on"})
    blanked = Audit.objects.exclude(blanked_at=None).values_list("number", flat=True)
    assert sorted(blanked) == sorted(pages[1])


def test_holds_are_shown_page_by_page_and_a_page_that_is_not_there_is_the_first(client, council, monkeypatch):
    monkeypatch.setattr("goldenthread.web.governance.views.PAGE", 1)
    client.force_login(council.quality_manager)
    for number in range(3):
        audit = filed(council, number=f"2026-11/10{number}")
        client.post(reverse("hold_audit", args=[audit.public_id]), {"because": f"Inquest {number}"})

    assert [len(page) for page in walked(client, reverse("show_retention"), "holds")] == [1, 1, 1]
    for asked in ("99", "-1", "x", "²"):
        page = client.get(reverse("show_retention"), {"holds": asked})
        assert "1 to 1 of 3 are shown." in page.text
