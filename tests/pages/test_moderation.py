"""The pages of moderation: a blind moderator sees no grade of the audit anywhere until their own are in."""

import re

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import allocate_moderation, draw_for_moderation
from goldenthread.audits.sheets import sheet_of
from goldenthread.people.models import Post
from tests.make import make_audit, publish_pack
from tests.operations.test_moderation import SEED, World, pack
from tests.pages.test_access import named_urls

pytestmark = pytest.mark.django_db
MARK = "Excellent-for-this-test"


@pytest.fixture
def world():
    """An audit whose grade has a word of its own, with Asha as its blind moderator."""
    world = World()
    document = pack().replace("label: Outstanding", f"label: {MARK}").replace("label: Good", f"label: {MARK}")
    assert MARK in document
    world.version = publish_pack(document=document)
    now = timezone.now()
    Audit.objects.update(phase="stopped", state="allocated")
    audit = make_audit(world.council, "filed", version=world.version, grade="good", number="2026-11/900")
    drawn = draw_for_moderation(world.version, "senior moderation", seed=SEED, by=world.council.quinn, at=now)
    moderation = drawn.moderations.get(audit=audit)
    world.moderation = allocate_moderation(moderation, world.asha, by=world.council.quinn, at=now)
    return world


def pages_of(audit):
    """Every address of the router that is about one audit, and the lists that could speak of it."""
    for name in set(named_urls(get_resolver())):
        for args in ([audit.public_id], [audit.public_id, "overall"], [audit.public_id, "1"], []):
            try:
                yield reverse(name, args=args)
            except Exception:  # noqa: BLE001, S112 - an address with other parts
                continue


def test_a_blind_moderator_meets_the_grade_on_no_page_until_their_own_are_in(client, world):
    audit, moderation = world.moderation.audit, world.moderation
    client.force_login(world.asha)
    walked = [url for url in pages_of(audit) if "sign" not in url]
    assert len(walked) > 40
    for url in walked:
        answer = client.get(url)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        shown = content.decode("utf-8", "replace")
        assert not (audit.number in shown and MARK in shown), url
        is_for_safety = url == reverse("raise_alert", args=[audit.public_id])
        assert audit.public_id not in url or is_for_safety or answer.status_code >= 400, url
    mine = client.get(reverse("show_moderation", args=[moderation.public_id])).content.decode()
    choices = re.sub(r'<label class="govuk-label govuk-radios__label".*?</label>', "", mine, flags=re.DOTALL)
    assert MARK in mine and MARK not in choices, "the scale may be chosen from, and no more"


def test_grades_then_feedback_and_what_was_typed_comes_back(client, world):
    client.force_login(world.asha)
    moderation = world.moderation
    url = reverse("show_moderation", args=[moderation.public_id])
    typed = {"revision": moderation.revision, "grade-0": "good", "why-0": "Seen in the plan.", "do": "fix"}
    answer = client.post(url, typed)
    assert answer.status_code == 422 and "Seen in the plan." in answer.content.decode()
    for place, _ in enumerate(sheet_of(moderation.audit).parts):
        typed |= {f"grade-{place}": "good", f"why-{place}": "Seen in the plan."}
    assert client.post(url, typed).status_code == 302
    moderation.refresh_from_db()
    assert "Feedback for the" in client.get(url).content.decode()
    today = f"{timezone.localdate():%d/%m/%Y}"
    finish = {"revision": moderation.revision, "feedback": "Well seen.", "met_on": today}
    assert client.post(url, finish).status_code == 302
    client.force_login(world.council.ada)
    assert "Well seen." in client.get(url).content.decode()
    client.force_login(world.council.quinn)
    figures = reverse("show_grading_agreement") + "?framework=adult-social-care&rule=senior+moderation"
    assert "1 of 1 graded alike" in client.get(figures).content.decode()
    assert moderation.audit.number in client.get(figures + "&part=overall").content.decode()


def test_the_quality_team_draws_and_shares_out(client, world, django_assert_max_num_queries):
    client.force_login(world.council.quinn)
    page = client.get(reverse("list_moderation")).content.decode()
    assert "Who moderates what in" in page
    drawn = world.moderation.draw
    url = reverse("show_moderation_draw", args=[drawn.public_id])
    chosen = {f"moderator-{world.moderation.public_id}": world.council.theo.public_id}
    answer = client.post(reverse("allocate_moderation", args=[drawn.public_id]), chosen, follow=True)
    assert "does not hold a role that moderates it" in answer.content.decode()
    assert "frame.csv" in client.get(url).content.decode()
    with django_assert_max_num_queries(40):
        client.get(reverse("list_moderation"))


def test_a_draw_that_nobody_can_moderate_offers_no_button_that_does_nothing(client, world):
    client.force_login(world.council.quinn)
    url = reverse("show_moderation_draw", args=[world.moderation.draw.public_id])
    assert "Save who moderates" in client.get(url).text

    Post.objects.exclude(person=world.council.quinn).delete()

    page = client.get(url).text
    assert "nobody who moderates is free of a conflict here" in page
    assert "Save who moderates" not in page and "Share out" not in page
