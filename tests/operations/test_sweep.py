"""One thing that cannot be moved keeps nothing else from moving, whatever is wrong with it."""

import pytest
from django.core.management import CommandError, call_command

from goldenthread.escalations import operations as escalations
from goldenthread.escalations.operations import alerts, disputes, private
from goldenthread.improvement.models import Response
from goldenthread.improvement.operations import begin_responses, responding
from goldenthread.programmes.operations import commissions
from goldenthread.web.management.commands import sweep
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T10:00")
PARTS = [step.__name__ for step, _ in sweep.STEPS]


def broken(*args, **kwargs):
    raise LookupError("a fault that nobody thought of")


@pytest.mark.parametrize("name", PARTS)
def test_each_part_runs_whatever_another_meets_and_the_run_says_that_it_failed(monkeypatch, name):
    ran = []

    def step(part):
        def run(*, at):
            ran.append(part)
            return broken() if part == name else 0

        run.__name__ = part
        return run

    monkeypatch.setattr(sweep, "STEPS", [(step(part), part) for part in PARTS])

    with pytest.raises(CommandError, match=name):
        call_command("sweep")
    assert ran == PARTS


def test_an_audit_with_an_unforeseen_fault_keeps_no_other_response_from_beginning(monkeypatch):
    council = make_council()
    publish_pack()
    first, second = (make_audit(council, "final", at=AT, grade="inadequate") for _ in range(2))
    real = responding.rules_for
    monkeypatch.setattr(responding, "rules_for", lambda audit: broken() if audit == first else real(audit))

    begin_responses(at=AT)

    assert {one.audit for one in Response.objects.all()} == {second}
    monkeypatch.undo()
    begin_responses(at=AT)
    assert Response.objects.filter(audit=first).exists()


@pytest.mark.parametrize(
    ("module", "loop"),
    [
        (alerts, "escalate_alerts"),
        (disputes, "escalate_disputes"),
        (private, "escalate_private_concerns"),
        (responding, "escalate_missing"),
    ],
)
def test_each_loop_of_the_ladders_goes_on_after_a_fault(monkeypatch, module, loop):
    """Two of each are late; the first meets a fault, and the second moves."""
    council = make_council()
    make_late(council, loop)
    real, seen = module._move_up, []

    def once(record, *, at):
        seen.append(record)
        return broken() if len(seen) == 1 else real(record, at=at)

    monkeypatch.setattr(module, "_move_up", once)

    assert getattr(module, loop)(at=moment("2026-12-14T10:00")) == 1
    assert len(seen) == 2


def make_late(council, loop):
    publish_pack()
    for _ in range(2):
        audit = make_audit(council, "final", at=AT, grade="inadequate")
        if loop == "escalate_alerts":
            escalations.raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)
        elif loop == "escalate_disputes":
            point = escalations.Point("overall", "The visit was in time.", "Case note.")
            escalations.raise_dispute(audit, [point], by=council.priya, at=AT)
        elif loop == "escalate_private_concerns":
            escalations.raise_private_concern(
                audit, concerns=council.priya, concern="Copied notes", by=council.ada, at=AT
            )
    if loop == "escalate_missing":
        begin_responses(at=AT)


def test_an_audit_that_cannot_be_sent_for_an_unforeseen_reason_keeps_no_other_waiting(monkeypatch):
    class One:
        trigger = "supervision"

    monkeypatch.setattr(commissions, "_send", broken)

    assert commissions._try(One(), at=AT) is False
