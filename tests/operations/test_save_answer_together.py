"""Eight people saving one answer at once: what was acknowledged is what is kept."""

from threading import Thread

import pytest
from django.db import connection

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.audits.operations import Stale
from goldenthread.ledger.models import Event
from goldenthread.rules.forms import Given
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, SAVES = 8, 5
AT = moment("2026-11-05T10:00")


def test_acknowledged_saves_equal_the_version_and_the_history():
    audit = make_audit(make_council())
    before, acknowledged, faults = Event.objects.count(), [], []

    def save_often(who):
        try:
            for turn in range(SAVES):
                _save(audit, f"{who}: {turn}", acknowledged)
        except Exception as fault:  # noqa: BLE001 - reported below
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=save_often, args=(who,)) for who in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    answer = Answer.objects.get()
    kept = list(AnswerVersion.objects.order_by("version").values_list("version", "value"))
    assert not faults
    assert sorted(acknowledged) == kept
    assert answer.version == len(kept) == THREADS * SAVES
    assert Event.objects.count() - before == len(kept)


def _save(audit, text, acknowledged):
    """Save over what is seen, and look again whenever somebody was quicker."""
    seen = 0
    while True:
        try:
            version = operations.save_answer(
                audit, "voice heard", Given(text), expected=seen, by=audit.auditor, at=AT
            )
        except Stale as clash:
            seen = clash.current.version
            continue
        acknowledged.append((version, text))
        return


def test_one_change_sent_many_times_at_once_is_saved_once():
    audit = make_audit(make_council())
    replies = []

    def send():
        version = operations.save_answer(
            audit, "voice heard", Given("Once"), expected=0, by=audit.auditor, at=AT, key="change-1"
        )
        replies.append(version)
        connection.close()

    threads = [Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert replies == [1] * THREADS
    assert AnswerVersion.objects.count() == 1
