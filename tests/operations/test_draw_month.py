"""The command that takes a month's steps, and what a frame knows of a case."""

import pytest
from django.core.management import CommandError, call_command

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Fact, Work
from goldenthread.caseload.queries import facts_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, Draw
from goldenthread.programmes.queries.open_cases import open_cases
from goldenthread.rules.selection import SelectionRule
from tests.make import (
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-11-02T09:00"))
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    return council


def said(capsys, *args):
    call_command("draw_month", *args)
    return capsys.readouterr().out


def test_a_month_is_drawn_allocated_and_sent_by_one_command(council, capsys):
    out = said(capsys, "2026-11", "--seed", "314159", "--by", "QUINN@example.org", "--send")

    draw = Draw.objects.get()
    assert out.index(draw.frame_sha256) < out.index("314159")
    assert "Audits sent: 1." in out
    assert Audit.objects.get().auditor == council.ada
    assert set(Event.objects.filter(what="cycle.send").values_list("by", flat=True)) == {
        council.quinn.public_id
    }


def test_it_goes_on_from_where_the_month_stands(council, capsys):
    first = said(capsys, "2026-11")
    second = said(capsys, "2026-11", "--send")
    third = said(capsys, "2026-11", "--send")

    assert "Frame frozen" in first
    assert "Frame frozen" not in second
    assert "was sent on 2 November 2026" in third
    assert Draw.objects.count() == Audit.objects.count() == 1


def test_an_audit_that_nobody_can_do_is_told_with_each_reason_and_not_sent(council, capsys):
    make_post(council.ada, "practitioner", council.team)

    with pytest.raises(CommandError, match="has no auditor"):
        call_command("draw_month", "2026-11", "--send")

    out = capsys.readouterr().out
    assert "C1, North team: nobody." in out
    assert "Ada belongs to the team whose work is audited, North team" in out
    assert not Audit.objects.exists()
    assert Cycle.objects.get(label="2026-11").sent_at is None


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["2026-12"], "no cycle"),
        (["2026-11", "--by", "nobody@example.org"], "Nobody here"),
        (["2026-10"], "Give it its topic"),
        (["2026-11", "--framework", "unknown"], "no published framework"),
    ],
)
def test_what_cannot_be_done_is_said(council, args, words):
    with pytest.raises(CommandError, match=words):
        call_command("draw_month", *args)


def test_a_frame_knows_of_each_case_what_the_caseload_tells(council):
    """The frame reads whole sets; it must agree with the caseload's own answer, case by case."""
    cases = [make_subject(f"D{n}", unit=council.team, practitioner=council.priya) for n in range(3)]
    cases += [make_subject("D3", unit=council.team), make_subject("D4", practitioner=council.priya)]
    rosa, start = make_person("Rosa"), moment("2026-06-01T09:00").date()
    Work.objects.create(
        subject=cases[0], person=rosa, unit=council.other_team, starts_on=start, basis="column"
    )
    Work.objects.create(subject=cases[1], unit=council.other_team, starts_on=start, basis="column")
    Work.objects.create(
        subject=cases[2], person=rosa, unit=council.other_team, starts_on=start, ends_on=start, basis="column"
    )
    Fact.objects.create(subject=cases[0], name="legal status", value="section 20", starts_on=start)
    Fact.objects.create(subject=cases[1], name="reviewed", value="2026-05-04", starts_on=start)
    Fact.objects.create(subject=cases[2], name="legal status", value="none", starts_on=start, ends_on=start)
    cycle = make_cycle()
    rule = SelectionRule.model_validate(
        {
            "frame": {"any": [{"fact": "legal status", "known": True}, {"since": "reviewed", "known": True}]},
            "size": "monthly audits",
        }
    )

    found = {case.subject: case.facts for case in open_cases(cycle, rule, on=moment().date())}

    told = facts_of(cases, moment().date())
    for subject in cases:
        for name in ("status", "opened", "practitioner", "allocated", "legal status", "reviewed"):
            assert found[subject.pk].get(name) == told[subject.pk].get(name), (subject, name)
