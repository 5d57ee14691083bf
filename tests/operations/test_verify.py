"""Verification names the first event, value or read that is not what was written."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from goldenthread.ledger import checkpoints, operations, sealing, verification
from goldenthread.ledger.models import Event
from tests.ledger_support import ADA, START, append, tampered

pytestmark = pytest.mark.django_db
EVENTS = 9
COLUMNS = ("by", "what", "about_kind", "about_id", "about_label", "digest", "previous", "hash")
positions = st.integers(1, EVENTS)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def ledger(tmp_path):
    """Nine events with checkpoints over 4 and over all 9."""
    append(4)
    checkpoints.write(at=START, where=tmp_path)
    append(EVENTS - 4)
    checkpoints.write(at=START, where=tmp_path)
    return tmp_path


def fault_after(where, *statements):
    """The verdict on the ledger after somebody's SQL."""
    with tampered(*statements):
        return verification.verify(where)


def rehashed(position, **changes):
    """The fields of an event after changes, with its hash made anew as a skilled intruder would."""
    event = Event.objects.get(position=position)
    fields = (
        {name: getattr(event, name) for name in sealing.SEALED} | {"at": sealing.moment(event.at)} | changes
    )
    return sealing.hash_of(fields)


def test_an_untouched_ledger_is_whole(ledger):
    verdict = verification.verify(ledger)

    assert verdict.ok
    assert (verdict.events, verdict.checkpoints, verdict.fault) == (9, 2, None)
    assert verdict.root == checkpoints.newest(ledger).root


def test_an_empty_ledger_is_whole(tmp_path):
    verdict = verification.verify(tmp_path)

    assert verdict.ok
    assert verdict.root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@examples
@given(position=positions, column=st.sampled_from(COLUMNS), text=texts)
def test_any_text_altered_in_an_event_is_named(ledger, position, column, text):
    assume(getattr(Event.objects.get(position=position), column) != text)

    verdict = fault_after(
        ledger, (f'UPDATE ledger_event SET "{column}" = %s WHERE position = %s', text, position)
    )

    assert verdict.position == position
    assert f"vent {position} " in verdict.fault


@examples
@given(position=positions, shift=st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_a_moment_altered_by_a_microsecond_is_named(ledger, position, shift):
    event = Event.objects.get(position=position)
    assume(shift)

    verdict = fault_after(
        ledger, ("UPDATE ledger_event SET at = %s WHERE position = %s", event.at + shift, position)
    )

    assert verdict.position == position


@examples
@given(position=positions, column=st.sampled_from(["salt", "values"]), text=texts)
def test_any_value_altered_is_named(ledger, position, column, text):
    statement = f'UPDATE ledger_event_values SET "{column}" = %s WHERE event_id = %s'

    verdict = fault_after(ledger, (statement, text, position))

    assert verdict.position == position
    assert f"values of event {position} " in verdict.fault
    assert "altered" in verdict.fault


@pytest.mark.parametrize("position", [1, 5, 9])
def test_values_removed_or_blanked_are_named(ledger, position):
    gone = fault_after(ledger, ("DELETE FROM ledger_event_values WHERE event_id = %s", position))
    blank = 'UPDATE ledger_event_values SET "values" = NULL, blanked_at = %s WHERE event_id = %s'
    blanked = fault_after(ledger, (blank, START, position))

    assert f"The values of event {position} " in gone.fault
    assert "removed" in gone.fault
    assert blanked.position == position


@pytest.mark.parametrize("position", [1, 5, 8])
def test_an_event_removed_from_the_chain_is_named(ledger, position):
    verdict = fault_after(ledger, ("DELETE FROM ledger_event WHERE position = %s", position))

    assert verdict.fault == f"Event {position} is missing: event {position + 1} comes next."


def test_an_event_removed_and_the_rest_moved_up_is_named(ledger):
    verdict = fault_after(
        ledger,
        ("DELETE FROM ledger_event WHERE position = 5",),
        ("UPDATE ledger_event SET position = position + 100 WHERE position > 5",),
        ("UPDATE ledger_event SET position = position - 101 WHERE position > 5",),
        ("DELETE FROM ledger_event_values WHERE event_id = 9",),
    )

    assert verdict.position == 5
    assert "Event 5 was removed or moved" in verdict.fault


def test_an_inserted_event_is_named(ledger):
    before = Event.objects.get(position=4)
    forged = {"position": 5, "at": "2026-11-02T10:00:00.000000Z", "previous": before.hash}
    forged |= {name: getattr(before, name) for name in sealing.SEALED if name not in forged}
    columns = "position, at, previous, by, what, about_kind, about_id, about_label, digest, hash"
    verdict = fault_after(
        ledger,
        ("UPDATE ledger_event SET position = position + 100 WHERE position > 4",),
        ("UPDATE ledger_event SET position = position - 99 WHERE position > 4",),
        (
            f"INSERT INTO ledger_event ({columns}) SELECT 5, %s, hash, by, what, about_kind, about_id, "
            "about_label, digest, %s FROM ledger_event WHERE position = 4",
            "2026-11-02 10:00:00" + ("" if connection.vendor == "sqlite" else "+00"),
            sealing.hash_of(forged),
        ),
        ("UPDATE ledger_event_values SET event_id = event_id + 100 WHERE event_id > 4",),
        ("UPDATE ledger_event_values SET event_id = event_id - 99 WHERE event_id > 4",),
        ('INSERT INTO ledger_event_values (event_id, salt, "values") SELECT 5, salt, "values" '
         "FROM ledger_event_values WHERE event_id = 4",),
    )  # fmt: skip

    assert verdict.position == 5
    assert "Event 5 was inserted or moved" in verdict.fault


@examples
@given(first=positions, second=positions)
def test_events_that_changed_places_are_named(ledger, first, second):
    assume(first < second)

    verdict = fault_after(
        ledger,
        ("UPDATE ledger_event SET position = 1000 WHERE position = %s", first),
        ("UPDATE ledger_event SET position = %s WHERE position = %s", first, second),
        ("UPDATE ledger_event SET position = %s WHERE position = 1000", second),
    )

    assert verdict.position == first
    assert f"event {second} stands in its place" in verdict.fault


@pytest.mark.parametrize("position", range(1, 9))
def test_an_event_altered_with_its_hash_made_anew_is_named(ledger, position):
    statement = "UPDATE ledger_event SET what = 'audit.delete', hash = %s WHERE position = %s"

    verdict = fault_after(ledger, (statement, rehashed(position, what="audit.delete"), position))

    assert verdict.position == position
    assert f"Event {position} was altered" in verdict.fault


def test_a_link_altered_with_its_hash_made_anew_is_named(ledger):
    other = "f" * 64

    verdict = fault_after(
        ledger,
        (
            "UPDATE ledger_event SET previous = %s, hash = %s WHERE position = 6",
            other,
            rehashed(6, previous=other),
        ),
    )

    assert verdict.position == 6


def test_a_tail_made_anew_from_an_event_on_is_noticed_by_its_checkpoint(ledger):
    statements, previous = [], None
    for position in range(6, 10):
        changes = {"what": "audit.other"} | ({"previous": previous} if previous else {})
        sealed = rehashed(position, **changes)
        for column, value in {**changes, "hash": sealed}.items():
            statements.append((f"UPDATE ledger_event SET {column} = %s WHERE position = %s", value, position))
        previous = sealed

    verdict = fault_after(ledger, *statements)

    assert verdict.position == 5
    assert "Event 5, or another up to event 9, was altered" in verdict.fault
    assert "000000000009.json" in verdict.fault


@pytest.mark.parametrize("kept", [0, 3, 4, 8])
def test_a_tail_cut_off_is_noticed_by_the_checkpoints(ledger, kept):
    verdict = fault_after(
        ledger,
        ("DELETE FROM ledger_event_values WHERE event_id > %s", kept),
        ("DELETE FROM ledger_event WHERE position > %s", kept),
    )

    assert verdict.position == kept + 1
    assert f"vent{'' if kept == 8 else 's'} {kept + 1} " in verdict.fault
    assert "removed from the end" in verdict.fault


def test_a_tail_cut_off_and_written_on_is_still_noticed(ledger):
    with tampered(
        ("DELETE FROM ledger_event_values WHERE event_id > 7",),
        ("DELETE FROM ledger_event WHERE position > 7",),
    ):
        append(5)
        with pytest.raises(checkpoints.Damaged):
            checkpoints.write(at=START, where=ledger)
        verdict = verification.verify(ledger)

    assert verdict.position == 5
    assert "has another root" in verdict.fault


def test_values_for_no_event_are_named(ledger):
    verdict = fault_after(
        ledger, ("INSERT INTO ledger_event_values (event_id, salt, \"values\") VALUES (10, 'x', '{}')",)
    )

    assert verdict.fault == "There are values for event 10, but no such event."


@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL keeps types and text encodings itself"
)
@pytest.mark.parametrize(
    "change",
    ["what = CAST(x'ff' AS TEXT)", "what = x'ff'", "at = 'yesterday'", "at = x'00'", "position = '5x'"],
)
def test_what_could_never_have_been_written_is_a_fault_and_no_crash(ledger, change):
    verdict = fault_after(ledger, (f"UPDATE ledger_event SET {change} WHERE position = 5",))

    assert verdict.position == 5


def test_a_checkpoint_that_is_rubbish_is_named(ledger):
    (ledger / "000000000004.json").write_text("{}")

    verdict = verification.verify(ledger)

    assert verdict.fault == "The checkpoint 000000000004.json cannot be read or was altered."


def test_a_forged_checkpoint_is_named_where_a_later_one_fits(ledger):
    whole = checkpoints.load(ledger / "000000000004.json")
    forged = "ab" * 32  # the only subtree of a ledger of four events, and so its root
    (ledger / whole.name).write_text(whole.as_json().replace(whole.root, forged))

    verdict = verification.verify(ledger)

    assert verdict.fault == "The checkpoint 000000000004.json was altered: a later one fits the ledger."


def test_reads_altered_removed_or_slipped_in_are_noticed(tmp_path):
    append(1)
    for number in range(4):
        operations.record_read(about=("audit", f"a{number}"), by=ADA, at=START)
    checkpoints.write(at=START, where=tmp_path)
    operations.record_read(about=("audit", "later"), by=ADA, at=START)

    altered = fault_after(tmp_path, ("UPDATE ledger_read SET by = 'bob' WHERE about_id = 'a2'",))
    removed = fault_after(tmp_path, ("DELETE FROM ledger_read WHERE about_id = 'a1'",))

    assert verification.verify(tmp_path).ok
    assert "The read log was altered" in altered.fault
    assert "has 4 reads up to there, the log 3" in removed.fault
