"""A month's audits are drawn, defended and sent from its page (WF-1 to WF-5)."""

import json

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Training
from goldenthread.programmes.models import Allocation, Cycle, Draw, FrameEntry, Pick, Slot
from goldenthread.rules import draws
from goldenthread.web.programmes.jobs import allocate_cycle
from tests.make import (
    LONG_AGO,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(time_machine):
    publish_pack()
    council = make_council()
    make_training(council.ada)
    for number in range(3):
        unit = make_unit(f"Team {number}", under=council.service)
        for case in range(3):
            make_subject(f"C{number}-{case}", unit=unit, practitioner=make_person(f"Worker {number}-{case}"))
        auditor = make_person(f"Auditor {number}")
        make_post(auditor, "accredited auditor", council.organisation)
        make_training(auditor)
    return council


@pytest.fixture
def time_machine(monkeypatch):
    """The first working day of November 2026, for pages that ask what day it is."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-11-02T09:00"))


def page_of(client, name, *args, **data):
    return client.get(reverse(name, args=args), data)


def test_the_month_is_planned_drawn_allocated_and_sent(client, council):
    client.force_login(council.quinn)
    client.post(reverse("plan_year"), {"framework": "adult-social-care", "year": 2026})
    cycle = Cycle.objects.get(label="2026-11")

    page = page_of(client, "show_cycle", cycle.public_id)
    assert "Cannot start yet" in page.text
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    page = client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"}, follow=True)
    draw = Draw.objects.get()
    assert draw.frame_sha256 in page.text
    assert not draw.seed
    page = client.post(
        reverse("draw_picks", args=[draw.public_id]), {"how": "enter", "seed": "314159"}, follow=True
    )
    assert "314159" in page.text
    page = client.post(reverse("allocate_cycle", args=[cycle.public_id]), follow=True)
    assert "The auditors are being found" in page.text
    allocate_cycle(cycle.public_id, council.quinn.public_id)
    page = page_of(client, "show_allocation", cycle.public_id)
    assert "3 given" in page.text
    page = page_of(client, "send_cycle", cycle.public_id)
    assert "It cannot be taken back" in page.text
    page = client.post(reverse("send_cycle", args=[cycle.public_id]), follow=True)

    assert "3 audits sent" in page.text
    assert Audit.objects.count() == 3
    told = [
        event.what for event in Event.objects.order_by("position") if event.what.startswith(("cycle", "draw"))
    ]
    assert told == [
        "cycle.plan_year",
        "cycle.place_reaudits",
        "draw.freeze",
        "draw.draw",
        "cycle.ask_for_allocation",
        "cycle.allocate",
        "cycle.send",
    ]
    assert set(Event.objects.filter(what__startswith="draw").values_list("by", flat=True)) == {
        council.quinn.public_id
    }


@pytest.fixture
def drawn(client, council):
    """November, drawn by Quinn."""
    client.force_login(council.quinn)
    cycle = make_cycle()
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"})
    client.post(reverse("draw_picks", args=[Draw.objects.get().public_id]), {"how": "take", "seed": ""})
    return Draw.objects.get()


def test_a_seed_that_is_taken_has_24_digits_and_is_shown(client, drawn):
    assert len(drawn.seed) == 24
    assert drawn.seed in page_of(client, "show_draw", drawn.public_id).text
    assert page_of(client, "show_draw", drawn.public_id, after="²").status_code == 200


def test_an_entered_seed_must_be_there(client, council):
    client.force_login(council.quinn)
    cycle = make_cycle()
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"})

    page = client.post(
        reverse("draw_picks", args=[Draw.objects.get().public_id]), {"how": "enter", "seed": " "}
    )

    assert "Enter the seed" in page.text
    assert not Draw.objects.get().seed


def test_the_downloads_redo_the_draw(client, drawn):
    content = page_of(client, "download_frame", drawn.public_id).content
    told = json.loads(page_of(client, "download_draw", drawn.public_id).content)

    assert draws.frame_hash(content) == drawn.frame_sha256
    assert draws.verify(content, told) == []


def test_a_team_that_gave_too_few_leads_to_who_was_left_out(client, council):
    make_subject("C9", unit=council.team)
    client.force_login(council.quinn)
    cycle = make_cycle()
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"})
    draw = Draw.objects.get()

    page = client.post(reverse("draw_picks", args=[draw.public_id]), {"how": "take"}, follow=True)

    assert "0 of 1 drawn. Eligible cases: 0." in page.text
    assert "?stratum=North+team&amp;eligible=no" in page.text
    left_out = page_of(client, "show_frame", draw.public_id, stratum="North team", eligible="no")
    assert "C9" in left_out.text


def test_replacing_a_pick_shows_both_and_the_reason(client, drawn):
    pick = Pick.objects.order_by("position").first()
    address = reverse("replace_pick", args=[drawn.public_id, pick.entry.key])

    assert "Enter reason" in client.post(address, {"because": ""}).text
    page = client.post(address, {"because": "in hospital until spring"}, follow=True)

    assert "in hospital until spring" in page.text
    assert f"In place of {pick.entry.subject.reference}" in page.text


def test_an_abandoned_draw_is_listed_with_its_reason(client, drawn):
    page = client.post(
        reverse("abandon_draw", args=[drawn.public_id]), {"because": "the extract was old"}, follow=True
    )

    assert "the extract was old" in page.text
    assert not Slot.objects.standing().exists()


def test_every_case_of_the_frame_can_be_found_by_team_and_reason(client, drawn, council):
    FrameEntry.objects.filter(stratum="Team 0").update(
        eligible=False, reason="an audit of the case is still in hand"
    )

    page = page_of(client, "show_frame", drawn.public_id, stratum="Team 0", eligible="no")
    none = page_of(client, "show_frame", drawn.public_id, stratum="Team 0", eligible="yes")

    assert page.text.count("an audit of the case is still in hand") >= 4
    assert "C0-1" in page.text
    assert "C1-1" not in page.text
    assert "C0-1" not in none.text


def test_the_frame_is_paged_by_key(client, council, django_assert_max_num_queries):
    for number in range(60):
        make_subject(f"X{number}", unit=council.team, practitioner=council.priya)
    client.force_login(council.quinn)
    cycle = make_cycle()
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"})
    draw = Draw.objects.get()

    with django_assert_max_num_queries(15):
        page = page_of(client, "show_frame", draw.public_id)
    keys = list(draw.entries.order_by("key").values_list("key", flat=True))

    assert f"after={keys[49]}" in page.text
    last = page_of(client, "show_frame", draw.public_id, after=keys[49])
    assert keys[50] in last.text
    assert keys[49] not in last.text


def test_an_auditor_is_chosen_by_hand_with_a_reason(client, drawn):
    slot = Slot.objects.order_by("pk").first()
    auditor = Person.objects.get(name="Auditor 0")
    address = reverse("edit_slot", args=[slot.public_id])

    assert "Enter reason" in client.post(address, {"auditor": auditor.public_id, "because": ""}).text
    page = client.post(address, {"auditor": auditor.public_id, "because": "knows the area"}, follow=True)

    slot.refresh_from_db()
    assert slot.auditor == auditor
    assert "by hand: knows the area" in page.text


def test_where_nobody_can_be_chosen_the_page_says_so_and_offers_to_leave_the_audit_out(client, drawn):
    slot = Slot.objects.first()
    Training.objects.all().delete()

    page = page_of(client, "edit_slot", slot.public_id)

    assert "Nobody may be given this audit" in page.text
    assert reverse("drop_slot", args=[slot.public_id]) in page.text
    assert "Give it to them" not in page.text


def test_who_cannot_be_chosen_is_said_with_the_rule(client, drawn, council):
    page = page_of(client, "edit_slot", Slot.objects.first().public_id)

    assert "Olga</strong> has no training in case file auditing" in page.text


def test_an_audit_is_left_out_with_a_reason(client, drawn):
    slot = Slot.objects.first()

    client.post(reverse("drop_slot", args=[slot.public_id]), {"because": "the team is being closed"})

    slot.refresh_from_db()
    assert slot.dropped_because == "the team is being closed"


def test_all_audits_without_an_auditor_are_left_out_with_one_reason(client, drawn):
    slot = Slot.objects.order_by("pk").first()
    Slot.objects.filter(pk=slot.pk).update(auditor=Person.objects.get(name="Auditor 0"))
    address = reverse("drop_unfilled", args=[drawn.cycle.public_id])

    assert "Leave out 2 audits" in client.get(address).text
    assert "Enter reason" in client.post(address, {"because": ""}).text
    client.post(address, {"because": "no senior manager is free"})

    assert list(Slot.objects.standing()) == [slot]
    assert Event.objects.filter(what="cycle.drop_unfilled").count() == 1


def test_a_month_that_cannot_be_sent_yet_says_so_before_anybody_tries(client, drawn, council):
    earlier = make_audit(council, "filed", number="2026-10/001")
    Slot.objects.filter(cycle=drawn.cycle).update(auditor=council.ada)
    slot = Slot.objects.filter(cycle=drawn.cycle).first()
    Slot.objects.filter(pk=slot.pk).update(audit_type="re-audit", previous=earlier)
    why = "The re-audit of 2026-10/001 may be sent from 2 December 2026"

    month = page_of(client, "show_cycle", drawn.cycle.public_id)
    sending = page_of(client, "send_cycle", drawn.cycle.public_id)

    assert "Cannot be sent yet" in month.text
    assert why in month.text and why in sending.text
    assert "Send the audits" not in sending.text


def test_a_job_that_is_refused_says_so_on_the_page(client, council):
    client.force_login(council.quinn)
    cycle = make_cycle()
    Allocation.objects.create(cycle=cycle, asked_at=cycle.opens_on.isoformat() + "T09:00Z")

    allocate_cycle(cycle.public_id, council.quinn.public_id)

    assert "has no audits to allocate" in page_of(client, "show_allocation", cycle.public_id).text


@pytest.mark.parametrize("name", ["list_cycles", "list_targets"])
def test_the_year_has_a_query_limit(client, drawn, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        assert page_of(client, name).status_code == 200


def test_the_allocation_has_a_query_limit(client, drawn, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        page_of(client, "show_allocation", drawn.cycle.public_id)


@pytest.mark.parametrize("who", ["sam", "ada", "priya", "theo", "hana"])
def test_who_may_not_draw_is_told_so_on_every_page(client, drawn, council, who):
    client.force_login(getattr(council, who))
    cycle, slot, pick = drawn.cycle, Slot.objects.first(), Pick.objects.first()
    pages = [
        *(
            (name, [cycle.public_id])
            for name in ("show_cycle", "place_reaudits", "freeze_frame", "send_cycle")
        ),
        *((name, [cycle.public_id]) for name in ("set_theme", "show_allocation", "drop_unfilled")),
        *((name, [drawn.public_id]) for name in ("show_draw", "show_frame", "draw_picks", "abandon_draw")),
        *((name, [drawn.public_id]) for name in ("download_frame", "download_draw")),
        *((name, [slot.public_id]) for name in ("edit_slot", "drop_slot")),
        ("replace_pick", [drawn.public_id, pick.entry.key]),
        ("list_targets", []),
    ]

    answers = {name: client.get(reverse(name, args=args)).status_code for name, args in pages}
    posted = {name: client.post(reverse(name, args=args)).status_code for name, args in pages[:4]}
    asked = client.post(reverse("allocate_cycle", args=[cycle.public_id])).status_code

    assert set(answers.values()) == {403}
    assert set(posted.values()) <= {403, 405}
    assert asked == 403
    assert client.get(reverse("list_cycles")).status_code == (302 if who in ("theo", "hana") else 403)


def test_where_nothing_can_be_drawn_every_page_says_so_and_leads_to_the_reasons(client, council):
    client.force_login(council.quinn)
    cycle = make_cycle()
    Episode.objects.update(closed_on=LONG_AGO)
    make_subject("unallocated", unit=council.team)
    client.post(reverse("place_reaudits", args=[cycle.public_id]))
    client.post(reverse("freeze_frame", args=[cycle.public_id]), {"audit_type": "audit"})
    draw = Draw.objects.get()

    frozen = page_of(client, "show_draw", draw.public_id).text
    client.post(reverse("draw_picks", args=[draw.public_id]), {"how": "take", "seed": ""})
    month = page_of(client, "show_cycle", cycle.public_id).text
    refused = client.post(reverse("allocate_cycle", args=[cycle.public_id]), follow=True).text

    assert "No case can be drawn." in frozen and reverse("show_frame", args=[draw.public_id]) in frozen
    assert "Nothing was drawn; the draw says why" in month
    assert "as nothing was drawn: the frame says why each was left out" in refused
