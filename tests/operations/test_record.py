"""Recording events: one gapless chain, sealed in a documented way, never changed."""

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.ledger.models import Event, EventValues, Read
from goldenthread.ledger.operations import record, record_read
from tests.ledger_support import ADA, START, append

ABOUT = ("audit", "abc", "Audit 2026-11/001")


@pytest.mark.django_db
def test_events_stand_at_1_2_3_and_each_follows_the_one_before():
    append(3)

    events = list(Event.objects.order_by("position"))

    assert [event.position for event in events] == [1, 2, 3]
    assert [event.previous for event in events] == ["0" * 64, events[0].hash, events[1].hash]


@pytest.mark.django_db
def test_an_event_is_sealed_as_the_documentation_says():
    at = datetime(2026, 11, 20, 10, 30, 0, 5, tzinfo=timezone(timedelta(hours=1)))

    with transaction.atomic():
        event = record("audit.submit", about=ABOUT, by=ADA, at=at, values={"note": "café", "n": 1})

    kept = EventValues.objects.get(event=event)
    sealed = {
        "about_id": "abc",
        "about_kind": "audit",
        "about_label": "Audit 2026-11/001",
        "at": "2026-11-20T09:30:00.000005Z",
        "by": "ada000000000",
        "digest": hashlib.sha256((kept.salt + '{"n":1,"note":"café"}').encode()).hexdigest(),
        "position": 1,
        "previous": "0" * 64,
        "what": "audit.submit",
    }
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert kept.values == '{"n":1,"note":"café"}'
    assert event.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.django_db
def test_equal_values_have_different_digests_so_that_nobody_can_guess_them():
    with transaction.atomic():
        first, second = (record("a.b", about=ABOUT, by=None, at=START, values={"grade": 1}) for _ in "ab")

    assert first.digest != second.digest


@pytest.mark.django_db(transaction=True)
def test_an_event_leaves_no_gap_where_its_transaction_fails():
    append(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("audit.submit", about=ABOUT, by=None, at=START, values={})
        raise ZeroDivisionError
    append(1)

    assert list(Event.objects.order_by("position").values_list("position", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_the_transaction_of_its_change_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        record("audit.submit", about=ABOUT, by=None, at=START, values={})

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        record("audit.submit", about=ABOUT, by=None, at=datetime(2026, 11, 20), values={})


@pytest.mark.django_db
def test_a_long_label_is_cut_so_that_it_fits():
    event = record("a.b", about=("audit", "abc", "x" * 500), by=None, at=START, values={})

    assert event.about_label == "x" * 199 + "…"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_event", "ledger_event_values", "ledger_read"])
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_the_database_refuses_to_change_or_remove_what_the_ledger_holds(table, statement):
    append(1)
    record_read(about=("audit", "abc"), by=ADA, at=START)
    column = "salt" if table == "ledger_event_values" else "about_id"

    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table, column=column))

    assert (Event.objects.count(), EventValues.objects.count(), Read.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_event", "ledger_event_values", "ledger_read"])
def test_the_database_refuses_to_replace_or_truncate(table):
    append(1)
    record_read(about=("audit", "abc"), by=ADA, at=START)
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    statement = replace if connection.vendor == "sqlite" else f"TRUNCATE {table} CASCADE"

    with pytest.raises(DatabaseError, match="written once|pending"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_a_read_says_who_opened_what_and_is_no_event():
    record_read(about=("audit", "abc", "Audit 2026-11/001"), by=ADA, at=START, how="export")

    read = Read.objects.get()
    assert (read.by, read.about_kind, read.about_id, read.how) == ("ada000000000", "audit", "abc", "export")
    assert not Event.objects.exists()
