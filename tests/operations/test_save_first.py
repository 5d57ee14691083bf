"""Saving an audit's first answers and grades many at a time: the same rules, and all or none (decision 9)."""

from datetime import timedelta

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Answer, AnswerVersion, Judgement
from goldenthread.audits.operations import Judged, Said, Stale
from goldenthread.ledger.models import Event
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
LATER = AT + timedelta(minutes=3)
WORDS, OTHER = "voice heard", "family and carers"
NOTHING = (0, 0, 0)


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council)


def kept():
    return Answer.objects.count(), AnswerVersion.objects.count(), Judgement.objects.count()


def test_each_answer_keeps_its_own_moment_in_its_row_and_its_event(audit):
    said = [Said(WORDS, Given("First"), AT), Said(OTHER, Given("Second"), LATER)]

    operations.save_first_answers(audit, said, by=audit.auditor)

    answers = Answer.objects.order_by("pk").values_list("question", "saved_at", "version")
    assert list(answers) == [(WORDS, AT, 1), (OTHER, LATER, 1)]
    events = Event.objects.filter(what="audit.answer").order_by("position")
    assert list(events.values_list("at", flat=True)) == [AT, LATER]
    assert {event.by for event in events} == {audit.auditor.public_id}


def test_an_answer_that_is_there_already_is_not_saved_over_and_none_of_the_others_is_saved(audit):
    operations.save_answer(audit, OTHER, Given("Theirs"), expected=0, by=audit.auditor, at=AT)
    events = Event.objects.count()

    with pytest.raises(Stale) as clash:
        said = [Said(WORDS, Given("Mine"), LATER), Said(OTHER, Given("Mine"), LATER)]
        operations.save_first_answers(audit, said, by=audit.auditor)

    assert clash.value.current.value == "Theirs"
    assert (kept(), Event.objects.count()) == ((1, 1, 0), events)


def test_one_answer_that_the_question_does_not_take_keeps_all_from_being_saved(audit):
    said = [Said(WORDS, Given("First"), AT), Said("no such question", Given("yes"), AT)]

    with pytest.raises(Refused, match="no such question"):
        operations.save_first_answers(audit, said, by=audit.auditor)

    assert kept() == NOTHING


def test_what_is_blank_is_not_saved(audit):
    operations.save_first_answers(audit, [Said(WORDS, Given(), AT)], by=audit.auditor)

    assert kept() == NOTHING


def test_only_those_who_may_edit_save_answers_and_grades(council, audit):
    with pytest.raises(Refused, match="Only the auditor"):
        operations.save_first_answers(audit, [Said(WORDS, Given("Mine"), AT)], by=council.quinn)
    with pytest.raises(Refused, match="Only the auditor"):
        operations.save_first_judgements(audit, [Judged("overall", "good", "Well.", AT)], by=council.quinn)

    assert kept() == NOTHING


def test_a_part_that_has_a_grade_is_not_graded_over_and_none_of_the_others_is_graded(audit):
    operations.save_judgement(
        audit, "overall", grade="good", why="Theirs.", expected=0, by=audit.auditor, at=AT
    )

    with pytest.raises(Stale) as clash:
        said = [Judged("voice", "good", "Mine.", LATER), Judged("overall", "inadequate", "Mine.", LATER)]
        operations.save_first_judgements(audit, said, by=audit.auditor)

    assert clash.value.current.why == "Theirs."
    assert kept() == (0, 0, 1)


def test_a_grade_that_the_scale_does_not_have_keeps_all_from_being_given(audit):
    said = [Judged("overall", "good", "Well.", AT), Judged("voice", "splendid", "Well.", AT)]

    with pytest.raises(Refused, match="one of the grades"):
        operations.save_first_judgements(audit, said, by=audit.auditor)

    assert kept() == NOTHING
