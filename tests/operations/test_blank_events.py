"""The values of events are blanked by one event that lists them; all else that is missing is found."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.ledger import checkpoints, sealing, stored, verification
from goldenthread.ledger.blanking import BLANK, blank_events, positions_about
from goldenthread.ledger.models import Event, EventValues
from tests.ledger_support import ADA, START, append, tampered

pytestmark = pytest.mark.django_db
ABOUT = ("audit", "audit1", "Audit 2026-11/001")


@pytest.fixture
def ledger(tmp_path):
    """Nine events, of which the tenth blanks two; a checkpoint before and after."""
    append(9)
    checkpoints.write(at=START, where=tmp_path)
    with transaction.atomic():
        blank_events([2, 5], about=ABOUT, by=ADA, at=START, values={"kept": "5 years"})
    checkpoints.write(at=START, where=tmp_path)
    return tmp_path


def test_blanked_values_are_gone_with_their_salt_and_the_ledger_verifies(ledger):
    gone = EventValues.objects.filter(values=None)

    assert [(row.pk, row.salt) for row in gone.order_by("pk")] == [(2, ""), (5, "")]
    assert verification.verify(ledger).ok
    assert verification.fault_of(2) is None
    assert json.loads(EventValues.objects.get(pk=10).values)["blanked"] == [2, 5]


@pytest.mark.parametrize(("position", "read"), [(2, [10]), (5, [10, 11]), (25, []), (1, []), (10, [])])
def test_one_event_reads_the_lists_that_name_it_and_no_other(ledger, position, read):
    with transaction.atomic():
        blank_events([5, 6, 7], about=ABOUT, by=ADA, at=START, values={"kept": "25 years"})

    assert [place for place, _ in stored.values_of(BLANK, naming=position)] == read
    assert position > 11 or verification.fault_of(position) is None


def test_one_event_that_a_list_names_wrongly_is_found(ledger):
    with tampered((BLANKED, START, 7)):
        assert "altered" in verification.fault_of(7)


def test_the_events_about_records_are_found_but_for_those_that_blank(ledger):
    assert positions_about([("audit", "audit0"), ("audit", "audit1"), ("audit", "audit7")]) == [1, 8]
    assert Event.objects.get(what=BLANK).about_id == "audit1"


BLANKED = "UPDATE ledger_event_values SET \"values\" = NULL, salt = '', blanked_at = %s WHERE event_id = %s"


@pytest.mark.parametrize(
    ("statement", "position", "said"),
    [
        ((BLANKED, START, 7), 7, "altered"),
        ((BLANKED, START, 10), 2, "altered"),  # the list itself gone: what it blanked has no reason left
        (("UPDATE ledger_event_values SET salt = 'x' WHERE event_id = 2",), 2, "altered"),
        (
            ("UPDATE ledger_event_values SET \"values\" = '{}', blanked_at = NULL WHERE event_id = 5",),
            5,
            "again",
        ),
        (("DELETE FROM ledger_event_values WHERE event_id = 5",), 5, "removed"),
        (("UPDATE ledger_event SET about_label = 'x' WHERE position = 5",), 5, "altered"),
    ],
)
def test_whatever_else_is_missing_or_altered_is_named(ledger, statement, position, said):
    with tampered(statement):
        verdict = verification.verify(ledger)

    assert verdict.position == position
    assert said in verdict.fault


def test_a_list_that_was_made_longer_is_found_at_its_own_event(ledger):
    longer = sealing.canonical({"kept": "5 years", "blanked": [2, 5, 7]})
    with tampered(
        (BLANKED, START, 7),
        ('UPDATE ledger_event_values SET "values" = %s WHERE event_id = 10', longer),
    ):
        verdict = verification.verify(ledger)

    assert verdict.position == 10


@pytest.mark.parametrize(
    "change",
    [
        "\"values\" = '{}'",
        '"values" = NULL, blanked_at = CURRENT_TIMESTAMP',  # the salt would stay
        "salt = ''",
        "\"values\" = NULL, salt = '', blanked_at = CURRENT_TIMESTAMP, event_id = 99",
    ],
)
def test_the_database_lets_nothing_through_but_a_blanking(ledger, change):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ledger_event_values SET {change} WHERE event_id = 4")  # noqa: S608 - fixed


def test_what_is_blanked_cannot_be_written_again(ledger):
    with pytest.raises(DatabaseError), transaction.atomic():
        EventValues.objects.filter(pk=2).update(values="{}", salt="x", blanked_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        EventValues.objects.filter(pk=2).delete()
