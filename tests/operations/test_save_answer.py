"""Saving answers: nothing is overwritten unseen, nothing is saved twice, all is kept (WF-6)."""

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.audits.operations import LONGEST, Stale
from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
WORDS = "voice heard"


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council)


def save(audit, value, expected, *, by=None, key="", question=WORDS, **given):
    return operations.save_answer(
        audit, question, Given(value, **given), expected=expected, by=by or audit.auditor, at=AT, key=key
    )


def test_each_save_is_a_version_with_its_history_and_one_event(audit):
    before = Event.objects.count()

    assert [save(audit, "First", 0), save(audit, "Second", 1)] == [1, 2]

    answer = Answer.objects.get()
    assert (answer.value, answer.version) == ("Second", 2)
    assert list(AnswerVersion.objects.order_by("version").values_list("value", flat=True)) == [
        "First",
        "Second",
    ]
    assert Event.objects.count() == before + 2
    changes = {change.name: (change.before, change.after) for change in changes_of(Event.objects.last())}
    assert changes["value"] == ("First", "Second")


def test_a_save_over_something_unseen_changes_nothing_and_brings_both_texts(audit):
    save(audit, "Theirs", 0)
    events = Event.objects.count()

    with pytest.raises(Stale) as clash:
        save(audit, "Mine", 0)

    assert clash.value.current.value == "Theirs"
    assert (Answer.objects.get().value, AnswerVersion.objects.count()) == ("Theirs", 1)
    assert Event.objects.count() == events


def test_a_resend_of_the_same_change_is_acknowledged_and_not_doubled(audit):
    save(audit, "First", 0, key="change-1")

    assert save(audit, "First", 0, key="change-1") == 1
    assert AnswerVersion.objects.count() == 1


def test_a_late_resend_is_acknowledged_even_after_a_newer_save(audit):
    save(audit, "First", 0, key="change-1")
    save(audit, "Second", 1, key="change-2")

    assert save(audit, "First", 0, key="change-1") == 1
    assert Answer.objects.get().value == "Second"


def test_a_key_that_was_used_for_other_words_is_refused(audit):
    save(audit, "First", 0, key="change-1")

    with pytest.raises(Refused, match="sent before with other words"):
        save(audit, "Second", 1, key="change-1")
    assert Answer.objects.get().value == "First"


def test_the_ways_of_not_answering_are_different_answers(audit):
    for version, instead in enumerate(("not applicable", "not seen", "no evidence")):
        save(audit, "", version, instead=instead)

    kept = AnswerVersion.objects.order_by("version").values_list("instead", flat=True)
    assert list(kept) == ["not applicable", "not seen", "no evidence"]


@pytest.mark.parametrize(
    ("question", "given", "sentence"),
    [
        ("details current", Given("perhaps"), "Choose one of the answers shown"),
        ("details current", Given(instead="not applicable"), "Choose one of the answers shown"),
        ("no such question", Given("yes"), "no such question"),
        (WORDS, Given("x" * (LONGEST + 1)), "Shorten this to 50,000 characters or fewer; it has 50,001"),
    ],
)
def test_an_answer_that_cannot_be_stored_is_refused_in_words(audit, question, given, sentence):
    with pytest.raises(Refused, match=sentence):
        operations.save_answer(audit, question, given, expected=0, by=audit.auditor, at=AT)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["quinn", "theo", "priya", "hana", "sam"])
def test_only_the_auditor_answers(council, audit, name):
    with pytest.raises(Refused, match="Only the auditor"):
        save(audit, "Mine", 0, by=getattr(council, name))


@pytest.mark.parametrize("state", ["checking", "final", "filed"])
def test_nobody_answers_once_the_report_is_handed_in(council, state):
    audit = make_audit(council, state)
    before = Answer.objects.get(audit=audit, question=WORDS)

    with pytest.raises(Refused, match="cannot be changed now"):
        save(audit, "Later", before.version)

    assert Answer.objects.get(pk=before.pk).version == before.version


def test_nothing_is_written_if_the_event_fails(audit, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("goldenthread.audits.operations.answering.record", fails)
    with pytest.raises(RuntimeError):
        save(audit, "Mine", 0)

    assert not Answer.objects.exists()
    assert not AnswerVersion.objects.exists()


def test_a_section_that_every_audit_has_cannot_be_left_out(audit):
    with pytest.raises(Refused, match="part of every audit"):
        operations.skip_section(audit, "voice", skip=True, by=audit.auditor, at=AT)


def test_a_section_left_out_is_taken_up_again_with_what_was_written(audit):
    save(audit, "Kept", 0, question="capacity")
    operations.skip_section(audit, "rights", skip=True, by=audit.auditor, at=AT)

    audit = operations.skip_section(audit, "rights", skip=False, by=audit.auditor, at=AT)

    assert audit.skipped_sections == []
    assert Answer.objects.get(question="capacity").value == "Kept"
    assert Event.objects.last().what == "audit.take_up_section"
