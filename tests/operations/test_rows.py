"""The rows of a section that repeats: added, named, moved, taken out, put back; nothing written is lost."""

import pytest
from django.db import transaction

from goldenthread.audits import operations
from goldenthread.audits.gaps import gaps
from goldenthread.audits.models import Answer, AnswerVersion, Row
from goldenthread.audits.operations import Stale
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.make import make_council
from tests.rows_kit import AT, add, answer, audit_with_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return audit_with_rows(council)


def labels(audit):
    return [row.label for row in sheet_of(audit).rows.get("visits", ())]


def last_event():
    event = Event.objects.order_by("position").last()
    return event.what, {change.name: (change.before, change.after) for change in changes_of(event)}


def test_rows_stand_in_the_order_in_which_they_were_added(audit):
    add(audit, "3 May")
    add(audit, "  9   May ")

    assert labels(audit) == ["1. 3 May", "2. 9 May"]
    what, changes = last_event()
    assert (what, changes["name"]) == ("audit.add_row", ("nothing", "9 May"))


def test_a_row_sent_twice_is_added_once(audit):
    first = add(audit, "3 May", mark="abcdefgh")

    assert add(audit, "3 May", mark="abcdefgh") == first
    assert Row.objects.count() == 1


def test_a_section_takes_no_more_rows_than_it_may(audit):
    for _ in range(3):
        add(audit)

    with pytest.raises(Refused, match="“Visits” takes 3 rows at most"):
        add(audit)


def test_a_section_that_does_not_repeat_takes_no_rows(audit):
    with pytest.raises(Refused, match="This section has no rows"):
        operations.add_row(audit, "basics", name="", by=audit.auditor, at=AT)


def test_each_row_has_its_own_answer_with_its_own_versions(audit):
    first, second = add(audit), add(audit)

    assert [
        answer(audit, first, "yes"),
        answer(audit, second, "no"),
        answer(audit, first, "no", expected=1),
    ] == [
        1,
        1,
        2,
    ]

    given = sheet_of(audit).given
    assert given[f"seen alone@{first.public_id}"].value == "no"
    assert given[f"seen alone@{second.public_id}"].value == "no"
    assert AnswerVersion.objects.count() == 3
    assert last_event()[1]["value"] == ("yes", "no")


def test_a_save_over_something_unseen_in_a_row_is_refused_with_what_stands_there(audit):
    row = add(audit)
    answer(audit, row, "yes")

    with pytest.raises(Stale) as clash:
        answer(audit, row, "no")

    assert clash.value.current.value == "yes"


@pytest.mark.parametrize("place", ["seen alone", "seen alone@zzzzzzzzzzzz", "nothing@zzzzzzzzzzzz"])
def test_an_answer_needs_a_row_that_stands_there(audit, place):
    with pytest.raises(Refused, match="There is no such"):
        operations.save_answer(audit, place, Given("yes"), expected=0, by=audit.auditor, at=AT)


def test_a_row_of_another_audit_takes_no_answer(audit, council):
    other = audit_with_rows(council)

    with pytest.raises(Refused, match="There is no such row"):
        answer(audit, add(other), "yes")


def test_a_row_that_is_taken_out_counts_no_more_and_comes_back_with_all_that_was_written(audit):
    first = add(audit, "3 May")
    add(audit, "9 May")
    answer(audit, first, "no")

    operations.take_out_row(audit, first.public_id, by=audit.auditor, at=AT)

    assert labels(audit) == ["1. 9 May"]
    assert sheet_of(audit).known.facts["critical missed"] == 0
    assert Answer.objects.count() == 1
    with pytest.raises(Refused, match="This row was taken out meanwhile"):
        answer(audit, first, "yes", expected=1)

    operations.put_back_row(audit, first.public_id, by=audit.auditor, at=AT)

    assert labels(audit) == ["1. 9 May", "2. 3 May"]
    assert sheet_of(audit).given[f"seen alone@{first.public_id}"].value == "no"
    assert sheet_of(audit).known.facts["critical missed"] == 1


def test_a_row_is_not_put_back_where_there_is_no_room(audit):
    out = add(audit)
    operations.take_out_row(audit, out.public_id, by=audit.auditor, at=AT)
    for _ in range(3):
        add(audit)

    with pytest.raises(Refused, match="Take one out before you add another"):
        operations.put_back_row(audit, out.public_id, by=audit.auditor, at=AT)


def test_rows_are_put_in_order_and_stay_within_their_section(audit):
    _, second, third = add(audit, "a"), add(audit, "b"), add(audit, "c")

    operations.move_row(audit, third.public_id, up=True, by=audit.auditor, at=AT)
    operations.move_row(audit, second.public_id, up=False, by=audit.auditor, at=AT)

    assert labels(audit) == ["1. a", "2. c", "3. b"]
    assert last_event()[0] == "audit.move_row"


def test_a_name_given_over_another_unseen_one_is_refused(audit):
    row = add(audit, "a")
    assert operations.name_row(audit, row.public_id, name="b", expected=1, by=audit.auditor, at=AT) == 2

    with pytest.raises(Stale):
        operations.name_row(audit, row.public_id, name="c", expected=1, by=audit.auditor, at=AT)

    assert labels(audit) == ["1. b"]


CHANGES = {
    "add": lambda audit, row, by: operations.add_row(audit, "visits", name="", by=by, at=AT),
    "name": lambda audit, row, by: operations.name_row(audit, row, name="x", expected=1, by=by, at=AT),
    "move": lambda audit, row, by: operations.move_row(audit, row, up=True, by=by, at=AT),
    "take out": lambda audit, row, by: operations.take_out_row(audit, row, by=by, at=AT),
    "put back": lambda audit, row, by: operations.put_back_row(audit, row, by=by, at=AT),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["theo", "quinn", "priya", "sam"])
def test_only_whoever_may_edit_changes_rows(audit, council, change, who):
    row = add(audit)
    events = Event.objects.count()

    with pytest.raises(Refused, match="can change this audit now"):
        CHANGES[change](audit, row.public_id, getattr(council, who))

    assert Event.objects.count() == events


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_changed_if_the_event_fails(audit, change, monkeypatch):
    add(audit, "a")
    second = add(audit, "b")
    if change == "put back":
        operations.take_out_row(audit, second.public_id, by=audit.auditor, at=AT)
    before = list(Row.objects.order_by("pk").values())

    def fails(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr("goldenthread.audits.operations.rows.record", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        CHANGES[change](audit, second.public_id, audit.auditor)

    assert list(Row.objects.order_by("pk").values()) == before


def test_what_is_missing_is_told_row_by_row_and_leads_to_the_row(audit):
    row = add(audit, "3 May")
    sheet = sheet_of(audit)

    found = [(one.sentence, one.row) for one in gaps(sheet, sheet.flow.steps["finish draft"])][:2]

    assert found == [
        ("Visits: add at least 2 rows, one for each visit sampled; there is 1", ""),
        ("Visits, 1. 3 May: answer “Was the person seen alone?”", row.public_id),
    ]
