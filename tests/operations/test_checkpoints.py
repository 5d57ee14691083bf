"""Checkpoints: written after every change, from where the last one stopped, never over a damaged ledger."""

import json

import pytest
from django.db import transaction

from goldenthread.ledger import checkpoints
from goldenthread.ledger.models import Event
from goldenthread.ledger.operations import record_read
from goldenthread.rules.merkle import tree_head
from tests.ledger_support import ADA, START, append, tampered


@pytest.mark.django_db
def test_a_checkpoint_holds_the_size_and_the_tree_head_over_the_hashes(tmp_path):
    append(5)

    checkpoints.write(at=START, where=tmp_path / "checkpoints")

    kept = json.loads((tmp_path / "checkpoints" / "000000000005.json").read_text())
    hashes = Event.objects.order_by("position").values_list("hash", flat=True)
    assert kept["size"] == 5
    assert kept["root"] == tree_head([bytes.fromhex(text) for text in hashes]).hex()
    assert kept["head"] == hashes[4]
    assert kept["at"] == "2026-11-02T09:30:00.000000Z"


@pytest.mark.django_db
def test_nothing_is_written_where_nothing_has_happened(tmp_path):
    assert checkpoints.write(at=START, where=tmp_path) is None
    append(1)
    assert checkpoints.write(at=START, where=tmp_path)
    assert checkpoints.write(at=START, where=tmp_path) is None

    assert checkpoints.names(tmp_path) == ["000000000001.json"]


@pytest.mark.django_db
def test_a_checkpoint_goes_on_from_the_last_without_reading_the_past(tmp_path):
    append(300)
    checkpoints.write(at=START, where=tmp_path)
    append(2)
    hashes = [bytes.fromhex(event.hash) for event in Event.objects.order_by("position")]

    with tampered(("UPDATE ledger_event SET hash = 'what nobody reads again' WHERE position < 300",)):
        checkpoints.write(at=START, where=tmp_path)

    assert checkpoints.newest(tmp_path).size == 302
    assert checkpoints.newest(tmp_path).root == tree_head(hashes).hex()


@pytest.mark.django_db
def test_a_read_alone_is_anchored_too(tmp_path):
    append(1)
    checkpoints.write(at=START, where=tmp_path)
    record_read(about=("audit", "abc"), by=ADA, at=START)

    checkpoints.write(at=START, where=tmp_path)

    assert checkpoints.newest(tmp_path).reads.count == 1
    assert len(checkpoints.names(tmp_path)) == 1


@pytest.mark.django_db
def test_no_checkpoint_is_written_over_a_ledger_that_does_not_continue_the_last(tmp_path):
    append(4)
    checkpoints.write(at=START, where=tmp_path)
    before = (tmp_path / "000000000004.json").read_text()

    with (
        tampered(
            ("DELETE FROM ledger_event_values WHERE event_id > 2",),
            ("DELETE FROM ledger_event WHERE position > 2",),
        ),
        pytest.raises(checkpoints.Damaged, match="does not continue"),
    ):
        checkpoints.write(at=START, where=tmp_path)

    assert checkpoints.names(tmp_path) == ["000000000004.json"]
    assert (tmp_path / "000000000004.json").read_text() == before


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_is_owed_a_checkpoint_and_one_rolled_back_is_not(tmp_path):
    checkpoints.settle(at=START)
    with transaction.atomic():
        append(1)
        transaction.set_rollback(True)
    checkpoints.settle(at=START)
    assert checkpoints.names(tmp_path / "checkpoints") == []

    append(1)
    checkpoints.settle(at=START)
    assert checkpoints.names(tmp_path / "checkpoints") == ["000000000001.json"]

    append(1)
    checkpoints.settle(at=START, wait=60)
    assert checkpoints.names(tmp_path / "checkpoints") == ["000000000001.json"]


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_that_cannot_be_written_is_owed_still(tmp_path, caplog):
    blocked = tmp_path / "checkpoints"
    blocked.write_text("a file where the folder should be")
    append(1)

    checkpoints.settle(at=START)
    assert "No checkpoint could be written" in caplog.text

    blocked.unlink()
    checkpoints.settle(at=START)
    assert checkpoints.names(blocked) == ["000000000001.json"]


def test_old_checkpoints_are_thinned_to_one_in_a_thousand_events():
    names = [f"{size:012d}.json" for size in range(10, 4010, 10)] + [
        f"{s:012d}.json" for s in range(5000, 6000)
    ]

    gone = set(checkpoints._superseded(names))

    kept = [int(name[:-5]) for name in names if name not in gone]
    assert kept[:5] == [990, 1990, 2990, 3990, 4000]
    assert kept[5:] == list(range(5000, 6000))


@pytest.mark.django_db
def test_a_checkpoint_asks_the_database_little(tmp_path, django_assert_max_num_queries):
    append(20)
    checkpoints.write(at=START, where=tmp_path)
    append(1)

    with django_assert_max_num_queries(8):
        checkpoints.write(at=START, where=tmp_path)
