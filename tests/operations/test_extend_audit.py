"""Longer for an audit: by whom, how long, and what moves with it (engine dimension 1.1, WF-14)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Extension
from goldenthread.audits.operations import extending
from goldenthread.audits.operations.clocks import start_clocks
from goldenthread.audits.queries import standing_of
from goldenthread.ledger.models import Event
from goldenthread.measures.slices import progress
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_audit, make_council, make_post, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-26T10:00")
WEEK = date(2026, 12, 7)


@pytest.fixture
def council():
    return make_council()


def extend(audit, *, by, until=WEEK, why="Sick for a week"):
    return operations.extend_audit(audit, until=until, why=why, by=by, at=AT)


def test_the_auditor_s_own_manager_gives_a_week_and_the_task_says_why_it_is_due_then(council):
    audit = extend(make_audit(council), by=council.other_manager)

    task = Task.objects.open().get(about_id=audit.public_id, kind="complete the audit")
    assert task.due_at.date() == WEEK
    assert task.reason == (
        "1 working day before the cycle closes on Monday 30 November; on Thursday 26 November 2026 "
        "the auditor's team manager gave longer, until Monday 7 December 2026"
    )
    assert task.warn_at.date() == date(2026, 11, 30)
    assert Extension.objects.get().role == "line manager"
    assert Event.objects.filter(what="audit.extend").count() == 1
    assert Notice.objects.filter(to=council.ada, subject__endswith="longer is given").count() == 1


def test_what_begins_after_longer_was_given_is_due_by_the_day_that_was_given(council):
    audit = extend(make_audit(council), by=council.other_manager)

    day = start_clocks(audit, ["arrange the conversation"], standing_of(audit), at=AT)

    task = Task.objects.open().get(about_id=audit.public_id, kind="arrange the conversation")
    assert (day, task.due_at.date()) == (WEEK, WEEK)
    assert task.reason == "the audit is due on Monday 7 December"


def test_more_than_a_week_is_given_by_the_named_post_only(council):
    audit, until = make_audit(council), date(2026, 12, 14)

    with pytest.raises(Refused, match="until Monday 7 December 2026 at the latest. Longer .*quality manager"):
        extend(audit, by=council.other_manager, until=until)

    assert extend(audit, by=council.quality_manager, until=until).closes_on == until


def test_whoever_holds_two_posts_gives_as_long_as_the_further_of_them(council):
    make_post(council.other_manager, "audit manager", council.organisation)
    until = date(2026, 12, 14)

    assert extend(make_audit(council), by=council.other_manager, until=until).closes_on == until
    assert Extension.objects.get().role == "quality manager"


def test_a_second_week_is_counted_from_the_cycle_and_not_from_the_first(council):
    audit = extend(make_audit(council), by=council.other_manager)

    with pytest.raises(Refused, match="at the latest"):
        extend(audit, by=council.other_manager, until=date(2026, 12, 14))


@pytest.mark.parametrize("name", ["ada", "quinn", "theo", "hana", "priya", "sam"])
def test_others_are_told_who_may(council, name):
    with pytest.raises(Refused, match=r"Longer is given by the auditor's team manager \(up to 1 week\)"):
        extend(make_audit(council), by=getattr(council, name))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"why": " "}, "Say why"),
        ({"until": date(2026, 11, 30)}, "Choose a day after Monday 30 November 2026"),
    ],
)
def test_a_reason_and_a_later_day_are_needed(council, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        extend(make_audit(council), by=council.quality_manager, **changes)


def test_a_report_that_was_handed_in_needs_no_longer(council):
    with pytest.raises(Refused, match="handed in"):
        extend(make_audit(council, "checking"), by=council.quality_manager)


def test_a_framework_without_the_rule_gives_nobody_longer(council):
    rule = "  extension:\n    - {by: [line manager], at_most: 1 week}\n    - {by: [quality manager]}\n"
    role = "  line manager:\n    title: Auditor's team manager\n    post: team manager\n"
    role += "    of: the auditor's unit\n"
    publish_pack(document=PACK.read_text().replace(rule, "").replace(role, ""))

    with pytest.raises(Refused, match="gives nobody longer"):
        extend(make_audit(council), by=council.quality_manager)


def test_figures_count_the_audit_as_late_only_after_the_day_given(council):
    audit = make_audit(council)

    def word(day):
        words = ("on time", "late", "in hand", "missing")
        return [one for one in words if Audit.objects.filter(progress(one, today=day)).exists()]

    assert word(date(2026, 12, 2)) == ["missing"]
    extend(audit, by=council.quality_manager)
    assert word(date(2026, 12, 2)) == word(WEEK) == ["in hand"]
    assert word(date(2026, 12, 8)) == ["missing"]
    Audit.objects.update(phase="final", finished_at=moment("2026-12-07T22:00"))
    assert word(date(2026, 12, 8)) == ["on time"]


def test_what_starts_later_is_due_by_the_day_given_too(council):
    audit = extend(make_audit(council), by=council.quality_manager)
    Audit.objects.update(state="checking", phase="checking")

    operations.take_step(audit, "accept", by=council.quinn, at=AT)

    assert Task.objects.open().get(about_id=audit.public_id, kind="file").due_at.date() == WEEK


def test_nothing_is_written_if_the_event_fails(council, monkeypatch):
    audit = make_audit(council)

    def fails(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(extending, "record", fails)
    with pytest.raises(IntegrityError), transaction.atomic():
        extend(audit, by=council.quality_manager)

    audit.refresh_from_db()
    assert audit.extended_to is None and not Extension.objects.exists()
