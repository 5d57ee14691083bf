"""Once a cycle has closed, those whom the framework names are told once that its figures are there."""

from datetime import date

import pytest

from goldenthread.governance.copying import begin_copies
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.tasks.models import Notice
from tests.make import make_audit, make_council, make_cycle, make_person, make_post, moment, publish_pack

OCTOBER, NOVEMBER = "2026-10", "2026-11"
CLOSED = moment("2026-12-01T00:30")
pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    return council


def sent(label):
    """A cycle that was sent."""
    cycle = make_cycle(label)
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(f"{label}-03T09:00"))
    return cycle


def told():
    """Who was told of the end of a cycle, and where it leads."""
    found = Notice.objects.filter(about_kind="report").order_by("pk").values_list("to", "path")
    return [(Person.objects.get(pk=pk), path) for pk, path in found]


def test_heads_of_service_of_what_was_audited_are_told_the_day_after_and_once(council):
    cycle = sent(NOVEMBER)
    make_audit(council, "allocated", cycle=NOVEMBER)
    other = make_person("Otto")
    make_post(other, "head of service", council.other_service)

    begin_copies(at=moment("2026-11-30T23:30"))
    assert told() == []
    for _ in range(2):
        begin_copies(at=CLOSED)

    assert (council.hana, f"/reports/{cycle.public_id}/") in told()
    assert other not in [person for person, _ in told()]
    assert len({person for person, _ in told()}) == len(told())
    text = Notice.objects.filter(about_kind="report").first().text
    assert "November 2026 has closed" in text and "{" not in text.replace("{link}", "")
    assert Event.objects.filter(what="report.tell").count() == 1


def test_a_cycle_after_which_another_has_closed_is_old_news(council):
    for label in (OCTOBER, NOVEMBER):
        sent(label)
        make_audit(council, "allocated", cycle=label, on=date.fromisoformat(f"{label}-03"))
    cycle = Cycle.objects.get(label=NOVEMBER)

    begin_copies(at=CLOSED)

    assert {path for _, path in told()} == {f"/reports/{cycle.public_id}/"}
