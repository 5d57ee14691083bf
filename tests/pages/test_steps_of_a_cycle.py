"""The steps of a cycle as the framework has use for them: without re-audits, a theme, or anything drawn."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.queries.year import FROZEN, NOT_BEGUN, stage_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.web.programmes.steps import steps_of
from tests.make import (
    PACK,
    make_council,
    make_cycle,
    make_post,
    make_subject,
    moment,
    publish_pack,
)

AT = moment("2026-11-02T09:00")
SMALLEST = PACK.parent / "skeleton" / "new-framework.yaml"
REST = ["Allocate the audits to auditors", "Check and send"]
pytestmark = pytest.mark.django_db


def smallest(**changes):
    """The smallest framework, which looks at nothing again, with changes."""
    return write_document(read_document(SMALLEST.read_text()).data | changes)


def texts(cycle):
    return [step["text"] for step in steps_of(cycle, today=AT.date())]


def test_without_re_audits_a_cycle_has_no_step_for_them_and_begins_with_its_frame(client):
    council = make_council()
    make_post(council.quinn, "quality manager", council.organisation)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    publish_pack(document=smallest())
    cycle = make_cycle()
    client.force_login(council.quinn)

    page = client.get(reverse("show_cycle", args=[cycle.public_id])).text

    assert "Place the" not in page
    assert texts(cycle) == ["Freeze the frame", "Enter or take the seed, and draw", *REST]
    assert steps_of(cycle, today=AT.date())[0]["url"] == reverse("freeze_frame", args=[cycle.public_id])
    assert stage_of(cycle) == NOT_BEGUN
    freeze_frame(cycle, "audit", by=council.quinn, at=AT)
    assert stage_of(cycle) == FROZEN


def test_a_cycle_takes_by_its_first_frame_the_version_in_force_and_keeps_it():
    publish_pack(document=smallest())
    cycle = make_cycle()
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=council.priya)
    newer = publish_pack(document=smallest(purpose="To learn."))

    freeze_frame(cycle, "audit", by=None, at=AT)
    publish_pack(document=smallest(purpose="To learn more."))

    cycle = Cycle.objects.get(pk=cycle.pk)
    assert (cycle.version, cycle.reaudits_placed_at) == (newer, AT)
    assert "Freeze the frame" in texts(cycle)


def test_a_version_that_looks_again_brings_the_step_back_before_the_cycle_begins(client):
    publish_pack(document=smallest())
    cycle = make_cycle()
    data = read_document(SMALLEST.read_text()).data
    again = data["audit_types"]["audit"] | {"layer": "re-audit", "title": "Re-audit"}
    del again["selection"]
    rule = {"after": ["audit"], "type": "again", "not_before": "1 month", "because": "it was not good"}
    publish_pack(
        document=smallest(
            audit_types={**data["audit_types"], "again": again},
            re_audit=[rule | {"when": {"grade": "overall", "is": "needs work"}}],
        )
    )

    assert texts(cycle)[0].startswith("Place the")
    council = make_council()
    make_post(council.quinn, "quality manager", council.organisation)
    client.force_login(council.quinn)
    assert ", version 2" in client.get(reverse("show_cycle", args=[cycle.public_id])).text
    with pytest.raises(Refused, match="Place the re-audits"):
        freeze_frame(cycle, "audit", by=None, at=AT)


def test_what_is_done_again_after_it_was_not_accepted_is_placed_too():
    data = read_document(SMALLEST.read_text()).data
    flow = data["flows"]["audit"]
    flow["states"]["not accepted"] = {
        "phase": "stopped",
        "label": "Not accepted",
        "counts_as": "not accepted",
        "done_again": "by the same auditor",
    }
    flow["steps"]["give up"] = {
        "label": "Do not accept",
        "from": ["allocated"],
        "to": "not accepted",
        "by": ["quality manager"],
    }
    publish_pack(document=write_document(data))

    assert texts(make_cycle())[0].startswith("Place the")


def test_a_themed_cycle_waits_for_its_theme_and_others_have_no_such_step():
    data = read_document(SMALLEST.read_text()).data
    publish_pack(document=smallest(calendar=data["calendar"] | {"themed": ["November"]}))
    themed, plain = make_cycle(), make_cycle("2026-12")

    assert [steps_of(one, today=AT.date())[0]["hint"] for one in (themed, plain)] == [
        "Set the theme first",
        "",
    ]


def test_where_another_activity_takes_the_place_of_the_only_draw_nothing_is_drawn():
    data = read_document(SMALLEST.read_text()).data
    swap = {"cycles": ["November"], "of": ["audit"], "because": "moderation"}
    publish_pack(document=smallest(calendar=data["calendar"] | {"swap_outs": [swap]}))

    assert texts(make_cycle()) == REST


def test_a_month_is_drawn_by_the_command_without_placing_anything(capsys):
    publish_pack(document=smallest())
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_cycle()

    call_command("draw_month", "2026-11", seed="12345")

    assert "Re-audits placed" not in capsys.readouterr().out
    assert not Event.objects.filter(what="cycle.place_reaudits").exists()
    assert Event.objects.filter(what="draw.freeze").exists()
