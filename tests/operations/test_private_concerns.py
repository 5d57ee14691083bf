"""A concern about competence or conduct goes its own way, and nobody outside that way learns of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from goldenthread.escalations.models import Alert, Dispute, PrivateConcern
from goldenthread.escalations.operations import (
    answer_private_concern,
    escalate_private_concerns,
    raise_alert,
    raise_private_concern,
)
from goldenthread.ledger.models import Event
from goldenthread.people.models import Post
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import make_audit, make_council, make_person, make_post, moment

AT = moment("2026-11-02T10:00")
LATE = moment("2026-11-10T00:01")
WORDS = "Notes were copied from another person's file"
pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    council.asha = make_person("Asha")
    make_post(council.asha, "assistant director", council.organisation)
    return council


@pytest.fixture
def audit(council):
    return make_audit(council, state="final")


@pytest.fixture
def concern(council, audit):
    return raise_private_concern(audit, concerns=council.priya, concern=WORDS, by=council.ada, at=AT)


def seen_by(person, at=AT):
    return PrivateConcern.objects.visible_to(person, on=at.date()).exists()


def owing(person):
    return Task.objects.open().owed_by(person, on=AT.date()).filter(about_kind="private concern")


def stages(concern):
    return [(stage.role, stage.settled) for stage in concern.stages.order_by("number")]


def test_only_its_raiser_and_its_ladder_see_it_whatever_others_may_do(council, concern):
    """Trap 14: one way of escalating for everything would show it to all who may see the audit."""
    people = vars(council).items()

    assert {name for name, one in people if hasattr(one, "email") and seen_by(one)} == {"ada", "hana"}


def test_nobody_else_finds_it_by_a_guessed_address_or_in_any_list(client, council, audit, concern):
    for person in (
        council.priya,
        council.theo,
        council.quinn,
        council.quality_manager,
        council.administrator,
    ):
        client.force_login(person)
        found = [
            client.get(reverse("show_private_concern", args=[concern.public_id])),
            client.get(reverse("show_history", args=["private concern", concern.public_id])),
            client.get(reverse("show_event", args=[Event.objects.get(what="private.raise").position])),
        ]
        assert {page.status_code for page in found} <= {403, 404}
        for name in ("list_private_concerns", "list_alerts", "list_disputes", "my_tasks", "show_ledger"):
            assert concern.public_id not in client.get(reverse(name)).text
        assert "rivate concern" not in client.get(reverse("show_ledger")).text
        assert WORDS not in client.get(reverse("show_audit", args=[audit.public_id])).text


def test_it_is_neither_an_alert_nor_a_dispute_and_holds_nothing(council, audit, concern):
    """Trap 14."""
    raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)

    assert Alert.objects.count() == 1 and not Dispute.objects.exists()
    assert not audit.holds.filter(about_kind="private concern").exists()


def test_what_is_sent_and_owed_says_nothing_of_whom_or_what(council, concern):
    task, notice = (
        owing(council.hana).get(),
        Notice.objects.get(to=council.hana, about_kind="private concern"),
    )

    for words in (task.title, task.about_label, notice.subject, notice.text):
        assert "Priya" not in words and WORDS not in words and "2026-11/" not in words


def test_silence_moves_it_up_and_at_the_end_is_noted(council, concern):
    assert [escalate_private_concerns(at=LATE), escalate_private_concerns(at=LATE)] == [1, 0]

    assert stages(concern) == [("head of service", False), ("assistant director", False)]
    assert owing(council.asha).exists() and not owing(council.hana).exists()
    assert [escalate_private_concerns(at=LATE + timedelta(days=9)) for _ in range(2)] == [1, 0]
    assert concern.stages.running().get().silent_at


def test_whoever_it_is_about_is_passed_over_even_in_a_post_of_the_ladder(council, audit):
    Post.objects.create(person=council.priya, kind="head of service", unit=council.team, starts_on=AT.date())

    concern = raise_private_concern(audit, concerns=council.priya, concern=WORDS, by=council.ada, at=AT)

    assert stages(concern) == [("assistant director", False)]
    assert not seen_by(council.priya) and not owing(council.priya).exists()


def test_an_answer_settles_it_or_begins_the_next_stage(council, concern):
    answer_private_concern(concern, said="Spoken to.", settled=False, by=council.hana, at=AT)
    assert stages(concern)[-1] == ("assistant director", False)

    answer_private_concern(concern, said="Training agreed.", settled=True, by=council.asha, at=AT)

    concern.refresh_from_db()
    assert concern.ended_at == AT
    assert Notice.objects.filter(to=council.ada, about_kind="private concern").count() == 2


def test_the_last_answer_is_final_and_others_give_none(council, concern):
    with pytest.raises(Refused, match="those it was put to"):
        answer_private_concern(concern, said="x", settled=True, by=council.theo, at=AT)
    answer_private_concern(concern, said="Spoken to.", settled=False, by=council.hana, at=AT)

    with pytest.raises(Refused, match="its answer is final"):
        answer_private_concern(concern, said="x", settled=False, by=council.asha, at=AT)


def test_where_nobody_can_be_told_it_says_so_and_keeps_nothing(council, audit):
    Post.objects.filter(kind__in=["head of service", "assistant director"]).delete()

    with pytest.raises(Refused, match="Speak to a senior manager"):
        raise_private_concern(audit, concerns=council.priya, concern=WORDS, by=council.ada, at=AT)

    assert not PrivateConcern.objects.exists()


def test_it_is_raised_and_answered_on_its_pages(client, council, audit):
    client.force_login(council.ada)
    said = {"concerns": council.priya.public_id, "concern": WORDS}
    client.post(reverse("raise_private_concern", args=[audit.public_id]), said)
    concern = PrivateConcern.objects.get()
    client.force_login(council.hana)

    page = client.post(
        reverse("show_private_concern", args=[concern.public_id]),
        {"said": "Spoken to.", "settled": "yes"},
        follow=True,
    )

    assert "Settled" in page.text and WORDS in page.text.replace("&#x27;", "'")


def test_when_those_asked_leave_it_reaches_whoever_comes_after_and_never_whom_it_is_about(
    council, audit, monkeypatch
):
    """Passed on with all other tasks, it would reach whoever steps in, who may be the one it is about."""
    concern = raise_private_concern(audit, concerns=council.priya, concern=WORDS, by=council.ada, at=AT)
    make_post(council.priya, "head of service", council.service)
    council.hana.is_active = False
    council.hana.save()

    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(hours=1))
    call_command("sweep")

    assert owing(council.asha).exists() and not owing(council.priya).exists()
    assert not Notice.objects.filter(to=council.priya, about_kind__in=["private concern", "task"]).exists()
    assert seen_by(council.asha) and stages(concern)[-1][0] == "assistant director"


def test_the_same_concern_sent_twice_is_one(council, audit, concern):
    with pytest.raises(Refused, match="raised this already"):
        raise_private_concern(audit, concerns=council.priya, concern=WORDS, by=council.ada, at=AT)


def test_a_refused_answer_keeps_what_was_typed(client, council, concern):
    """Hana's answer leaves it open when nobody stands above her."""
    Post.objects.filter(person=council.asha).delete()
    client.force_login(council.hana)

    page = client.post(
        reverse("show_private_concern", args=[concern.public_id]), {"said": "I spoke to her", "settled": "no"}
    )

    assert "Nobody stands above this stage" in page.text and "I spoke to her" in page.text


def test_an_answer_that_comes_too_late_is_refused_with_what_was_typed(client, council, concern):
    page = reverse("show_private_concern", args=[concern.public_id])
    client.force_login(council.hana)
    client.post(page, {"said": "Spoken with both.", "settled": "yes"})

    again = client.post(page, {"said": "And with the team.", "settled": "yes"}).text

    assert "This is answered by those it was put to, while it is open." in again
    assert "And with the team." in again
