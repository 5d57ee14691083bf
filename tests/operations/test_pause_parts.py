"""The clock of a part of an audit stands still by a recorded reason, as the audit's own does."""

import pytest

from goldenthread.audits.returns import task_of
from goldenthread.improvement.operations import end_pause, record_pause
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import AGENCIES, invite_hope, return_of, with_returns

AT = moment("2026-11-03T10:00")
pytestmark = pytest.mark.django_db


def pausing(*paused_by):
    """A framework whose parts are due by a clock that these pause; the quality team records reasons."""
    data = read_document(with_returns(AGENCIES)).data
    data["clocks"]["return"]["paused_by"] = list(paused_by)
    reasons = {"agency": "An agency is waiting for its own records"}
    data["pauses"] = {"by": ["quality team"], "reasons": reasons}
    return write_document(data)


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def part(council):
    """The part of the hospital, to which Hope is invited."""
    audit = make_audit(council, version=publish_pack(document=pausing("a recorded reason")))
    invite_hope(return_of(audit, "health"), council.ada, at=AT)
    return return_of(audit, "health")


def pause(task, by):
    return record_pause(
        task,
        reason="agency",
        why="The hospital looks for its file.",
        starts_on=moment("2026-11-04T00:00").date(),
        until_on=moment("2026-11-06T00:00").date(),
        by=by,
        at=AT,
    )


def test_a_part_is_due_later_by_the_days_of_a_recorded_pause_and_its_holder_is_told(council, part):
    before = task_of(part).due_at

    recorded = pause(task_of(part), council.quinn)

    after = task_of(part)
    assert (after.due_at - before).days == 3  # from a Tuesday to a Friday
    assert "An agency is waiting for its own records" in after.reason
    assert Event.objects.filter(what="clock.pause", about_id=part.public_id).exists()
    assert Notice.objects.get(to=part.person, subject__contains="stands still").path == "/returns/"
    end_pause(recorded, by=council.quinn, at=AT)
    assert task_of(part).due_at == before


def test_only_those_named_pause_it_and_only_where_the_clock_says_so(council, part):
    with pytest.raises(Refused, match="by those whom the framework names"):
        pause(task_of(part), council.ada)

    assert not Event.objects.filter(what="clock.pause").exists()


def test_the_audit_s_page_shows_the_pause_of_a_part_and_offers_one_to_those_who_may(client, council, part):
    address = f"/tasks/{task_of(part).public_id}/pause/"
    people = ((council.quinn, True, 200), (council.theo, False, 403), (council.sam, False, 404))
    for person, offered, status in people:
        client.force_login(person)
        page = client.get(f"/audits/{part.audit.public_id}/")
        assert (address in page.text) is offered
        assert client.get(address).status_code == status
    pause(task_of(part), council.quinn)

    client.force_login(council.theo)
    page = client.get(f"/audits/{part.audit.public_id}/").text
    assert "The hospital looks for its file." in page


def test_a_clock_of_parts_may_name_a_recorded_reason():
    assert faults(pausing("a recorded reason", "leave")) == []
