"""Many write and read thirty answers at once: it must look to each as if one had come after another."""

import time
from random import Random

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.audits.operations import Stale
from goldenthread.rules.forms import Given
from tests.answer_packs import with_questions
from tests.faults import EACH, size
from tests.faults.kit import SEED, check_answers, check_ledger
from tests.faults.registers import Done, anomalies
from tests.faults.test_together import at_once
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2026-11-05T10:00")
ANSWERS = [f"answer {number}" for number in range(30)]
WRITERS = 32 if EACH else 6
SAVES = size(8, 800)
HISTORY = {1: "a", 2: "b"}


@pytest.mark.parametrize(
    ("done", "history", "found"),
    [
        ([Done(0, 1, 1, "a"), Done(2, 3, 2, "b")], HISTORY, ""),
        ([Done(0, 3, 2, "b"), Done(1, 2, 1, "a")], HISTORY, ""),
        ([Done(0, 1, 1, "a"), Done(1.5, 3, 2, "b"), Done(2, 4, 1, "a", wrote=False)], HISTORY, ""),
        ([Done(0, 1, 1, "a"), Done(0, 4, 2, "b"), Done(2, 3, 2, "b", wrote=False)], HISTORY, ""),
        ([Done(0, 1, 0, "", wrote=False), Done(0, 1, 1, "a")], {1: "a"}, ""),
        ([Done(0, 1, 1, "a"), Done(2, 3, 2, "b")], {1: "a"}, "2 writes"),
        ([Done(0, 1, 1, "a")], HISTORY, "1 writes"),
        ([Done(0, 1, 1, "a"), Done(2, 3, 1, "b")], {1: "b"}, "2 writes"),
        ([Done(0, 1, 1, "x"), Done(2, 3, 2, "b")], HISTORY, "kept as"),
        ([Done(0, 1, 2, "b"), Done(2, 3, 1, "a")], HISTORY, "wrote version 1 after version 2"),
        ([Done(0, 1, 1, "a"), Done(2, 3, 0, "", wrote=False)], {1: "a"}, "read version 0 after"),
        (
            [Done(0, 9, 1, "a"), Done(1, 2, 1, "a", wrote=False), Done(3, 4, 0, "", wrote=False)],
            {1: "a"},
            "read version 0 after version 1",
        ),
        ([Done(0, 1, 1, "a", wrote=False), Done(2, 3, 1, "a")], {1: "a"}, "before anybody began"),
    ],
)
def test_what_cannot_have_been_is_found(done, history, found):
    said = anomalies(done, history)

    assert (found in "; ".join(said)) if found else not said


def writes_and_reads(audit, who, done):
    """One person's saves over whatever is there, each begun from what was read before."""
    chance = Random(SEED + who)
    for number in range(SAVES):
        question, text = chance.choice(ANSWERS), f"{who}: {number}"
        began = time.monotonic()
        version, stands = seen(audit, question)
        done[question].append(Done(began, time.monotonic(), version, stands, wrote=False))
        while True:
            began, given = time.monotonic(), Given(text)
            try:
                version = operations.save_answer(
                    audit, question, given, expected=version, by=audit.auditor, at=AT
                )
            except Stale as clash:
                version = clash.current.version
                done[question].append(
                    Done(began, time.monotonic(), version, clash.current.value, wrote=False)
                )
                continue
            done[question].append(Done(began, time.monotonic(), version, text))
            break


def seen(audit, question):
    """The version that stands and its text; nothing yet is version 0."""
    return Answer.objects.filter(audit=audit, question=question).values_list("version", "value").first() or (
        0,
        "",
    )


def test_thirty_answers_written_by_many_at_once_could_have_been_written_one_after_another():
    questions = [{"key": key, "text": key, "type": "text", "required": False} for key in ANSWERS]
    publish_pack(document=with_questions(questions))
    audit = make_audit(make_council())
    done = {key: [] for key in ANSWERS}

    met = at_once(*(lambda who=who: writes_and_reads(audit, who, done) for who in range(WRITERS)))

    assert met == [None] * WRITERS
    for key in ANSWERS:
        kept = AnswerVersion.objects.filter(answer__audit=audit, answer__question=key)
        assert anomalies(done[key], dict(kept.values_list("version", "value"))) == []
    assert sum(one.wrote for each in done.values() for one in each) == WRITERS * SAVES
    check_answers()
    check_ledger()
