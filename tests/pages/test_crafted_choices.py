"""A choice that is none of those offered is refused in a sentence, and clears nothing chosen before."""

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.findings.models import Finding
from goldenthread.improvement.models import Action
from goldenthread.tasks.models import NoticeChoices
from tests.make import make_audit, make_council, publish_pack
from tests.operations.test_follow_up import LATER
from tests.operations.test_moderation import WithNever, World
from tests.pages.test_follow_up import TYPED, record, response_to, row

pytestmark = pytest.mark.django_db
ODD = ["zzz", "1", "\x00", "good ", "GOOD", "{title}", "é" * 400]
SAYS = "hoose one of"


def is_refused(page):
    return SAYS in page.text


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["owner", "level", "kind", "severity", "proof"])
def test_an_action_with_a_choice_that_was_not_offered_is_not_agreed(client, monkeypatch, field, odd):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    council = make_council()
    publish_pack()
    response = response_to(council)
    client.force_login(council.theo)

    page = record(client, response, TYPED | row(council, **{field: odd}))

    assert not Action.objects.exists()
    assert page.status_code in (200, 422, 400), page.status_code
    assert page.status_code == 400 or is_refused(page)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["kind", "theme", "part"])
def test_a_finding_with_a_choice_that_was_not_offered_is_not_noted(client, field, odd):
    council = make_council()
    publish_pack()
    audit = make_audit(council, "drafted")
    client.force_login(council.ada)
    before = Finding.objects.count()

    said = {"kind": "good practice", "text": "Seen.", "theme": "", "part": ""} | {field: odd}
    page = client.post(f"/audits/{audit.public_id}/findings/", said)

    assert Finding.objects.count() == before
    assert page.status_code == 400 or is_refused(page)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("never", [False, True])
def test_a_moderator_s_grade_that_was_not_offered_clears_none(client, odd, never):
    world = WithNever() if never else World()
    moderation = world.given()
    client.force_login(world.asha)
    address = f"/moderation/{moderation.public_id}/"
    parts = [part for part, _ in sheet_of(moderation.audit).parts]
    place = parts.index("overall")
    typed = {"revision": moderation.revision}
    for number, _ in enumerate(parts):
        if not (never and number == place):
            typed |= {f"grade-{number}": "good", f"why-{number}": "I saw it."}
    assert client.post(address, typed).status_code == 302
    kept = set(moderation.grades.values_list("part", "grade"))
    assert kept
    moderation.refresh_from_db()

    for number, _ in enumerate(parts):
        page = client.post(
            address, typed | {"revision": moderation.revision, f"grade-{number}": odd, "do": "fix"}
        )
        assert page.status_code in (400, 422), (page.status_code, number)
        assert page.status_code == 400 or is_refused(page)
    assert set(moderation.grades.values_list("part", "grade")) == kept


@pytest.mark.parametrize("odd", ["zzz", "not-a-person", "\x00"])
def test_a_moderator_who_is_none_of_those_offered_is_said_and_the_rest_is_given(client, odd):
    world = World()
    drawn = world.drawn()
    first, *others = drawn.moderations.order_by("position")
    client.force_login(world.council.quinn)
    chosen = {f"moderator-{first.public_id}": odd}
    chosen |= {f"moderator-{one.public_id}": world.asha.public_id for one in others}

    page = client.post(reverse("allocate_moderation", args=[drawn.public_id]), chosen, follow=True)

    first.refresh_from_db()
    assert first.moderator is None
    assert page.status_code == 400 or f"{first.audit.number}: Choose one of those shown." in page.text


@pytest.mark.parametrize("odd", [*ODD, ""])
def test_a_section_left_out_stays_so_unless_it_is_asked_for(client, odd):
    council = make_council()
    publish_pack()
    audit = make_audit(council)
    Audit.objects.update(skipped_sections=["rights"])
    client.force_login(council.ada)

    page = client.post(f"/audits/{audit.public_id}/sections/rights/skip/", {"skip": odd}, follow=True)

    assert Audit.objects.get().skipped_sections == ["rights"]
    assert is_refused(page)


@pytest.mark.parametrize("odd", ODD)
def test_how_one_is_told_stays_where_a_choice_was_not_offered(client, odd):
    council = make_council()
    client.force_login(council.theo)
    groups = ("reminders", "audits", "follow-up", "disputes", "agreements", "other")
    said = dict.fromkeys(groups, "daily") | {"quiet_from": "19:00", "quiet_until": "07:00"}
    assert client.post(reverse("choose_notices"), said).status_code == 302
    before = NoticeChoices.objects.values().get()

    page = client.post(reverse("choose_notices"), said | {"audits": odd})

    assert NoticeChoices.objects.values().get() == before
    assert page.status_code == 400 or is_refused(page)
