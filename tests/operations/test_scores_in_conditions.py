"""A score or a count of answers decides on what follows: a gate, a response, a re-audit."""

from datetime import timedelta

import pytest

from goldenthread.audits import operations as audits
from goldenthread.audits.filing import note_for
from goldenthread.audits.operations import take_step
from goldenthread.audits.sheets import sheet_of
from goldenthread.improvement.operations import begin_responses
from goldenthread.programmes.queries.reaudits import due_reaudits
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from tests.answer_packs import save
from tests.make import (
    PACK,
    bring_to,
    grade_everything,
    make_audit,
    make_council,
    make_cycle,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-09-10T09:00")
ASKED = ("seen", "told", "planned", "agreed")
GAPS = {"title": "Gaps", "kind": "count of answers", "sections": ["counted"], "answers": ["no"]}
MET = {"title": "Met", "kind": "points over applicable maximum", "sections": ["counted"]}


def with_scores(**changes):
    """The shipped framework with four questions that give points, and two scores of them."""
    data = read_document(PACK.read_text()).data
    answers = [{"key": key, "label": key.title(), "points": one} for key, one in (("yes", 1), ("no", 0))]
    questions = [
        {
            "key": key,
            "text": f"{key.title()}?",
            "type": "yes or no",
            "choices": answers,
            "instead": ["not applicable"],
        }
        for key in ASKED
    ]
    section = {"key": "counted", "title": "Counted", "questions": questions}
    data["forms"]["case audit"]["sections"].append(section)
    data["grading"]["case audit"]["scores"] = {"gaps": GAPS, "met": MET}
    return write_document(data | changes)


def gate(condition):
    """Filing waits for this."""
    return {"shut": {"steps": ["file"], "open_if": condition, "says": "Too many gaps: ask the panel first."}}


def final_audit(council, *answers, **changes):
    """A final audit with these answers to the four questions."""
    audit = make_audit(council, at=AT, **changes)
    for key, answer in zip(ASKED, answers, strict=True):
        instead = answer if answer == "not applicable" else ""
        value = "" if instead else answer
        save(audit, key, value, instead=instead, by=council.ada, at=AT)
    return brought_to_final(audit, council)


def brought_to_final(audit, council):
    """The real steps from there, keeping the answers that stand."""
    stands = {key for key in sheet_of(audit).given}
    at = AT
    said = []
    for _, questions in sheet_of(audit).sections:
        for question in questions:
            if question.key not in stands:
                value = "yes" if question.type == "yes or no" else f"What was seen: {question.text}"
                given = Given(value, evidence="Case note of 3 August.")
                said.append(audits.Said(question.key, given, at))
    audits.save_first_answers(audit, said, by=audit.auditor)
    grade_everything(audit, "good", at=at)
    take_step(audit, "finish draft", by=audit.auditor, at=at)
    for name in ("discussed", "checking", "final"):
        at += timedelta(minutes=1)
        bring_to(audit, name, council, at=at, grade="good")
        audit.refresh_from_db()
    return audit


@pytest.mark.parametrize(
    ("condition", "answers", "opens"),
    [
        ({"score": "gaps", "below": 3}, ("no", "no", "yes", "yes"), True),
        ({"score": "gaps", "below": 3}, ("no", "no", "no", "yes"), False),
        ({"score": "met", "at_least": 60}, ("yes", "no", "not applicable", "yes"), True),
        ({"score": "met", "at_least": 67}, ("yes", "no", "not applicable", "yes"), True),
        ({"score": "met", "at_least": 68}, ("yes", "no", "not applicable", "yes"), False),
        ({"score": "met", "below": 60}, ("not applicable",) * 4, False),
        ({"score": "met", "known": False}, ("not applicable",) * 4, True),
    ],
)
def test_a_gate_waits_for_a_score_and_what_does_not_apply_leaves_it(condition, answers, opens):
    council = make_council()
    publish_pack(document=with_scores(gates=gate(condition)))
    audit = final_audit(council, *answers)

    def files():
        return take_step(audit, "file", by=council.ada, at=AT, case_note=note_for(audit, at=AT))

    if opens:
        assert files().phase == "filed"
        return
    with pytest.raises(Refused, match="Too many gaps"):
        files()


def test_three_answers_no_lead_to_a_talk_and_two_do_not():
    council = make_council()
    data = read_document(with_scores()).data
    talk = {**data["responses"]["discuss"], "title": "Many gaps", "when": {"score": "gaps", "at_least": 3}}
    publish_pack(document=write_document(data | {"responses": {"gaps": talk, **data["responses"]}}))
    three = final_audit(council, "no", "no", "no", "yes", number="2026-09/001")
    two = final_audit(council, "no", "no", "yes", "yes", number="2026-09/002")

    begin_responses(at=AT + timedelta(days=1))

    assert three.responses.filter(rule="gaps").exists()
    assert not two.responses.filter(rule="gaps").exists()


@pytest.mark.parametrize(
    ("condition", "which"),
    [
        ({"score": "met", "below": 60}, ["low"]),
        ({"answer": "planned", "is": "not applicable"}, ["low"]),
        ({"answer": "planned", "is_not": "not applicable"}, ["high"]),
        ({"fact": "earlier re-audits", "at_most": 0}, ["low", "high"]),
        ({"fact": "earlier re-audits", "at_least": 1}, []),
        ({"fact": "team name", "is": "North team"}, ["low", "high"]),
        ({"fact": "team name", "is": "South team"}, []),
        ({"all": [{"fact": "status", "is": "open"}, {"score": "met", "at_least": 60}]}, ["high"]),
        ({"all": [{"grade": "overall", "at_least": "good"}, {"answer": "seen", "is": "yes"}]}, ["high"]),
    ],
)
def test_whatever_is_known_of_an_audit_decides_on_a_re_audit(condition, which):
    council = make_council()
    data = read_document(with_scores()).data
    rule = {**data["re_audit"][0], "when": condition, "because": "so it was agreed"}
    publish_pack(document=write_document(data | {"re_audit": [rule]}))
    audits_called = {
        name: final_audit(council, *answers, "not applicable" if name == "low" else "yes", "yes", **more)
        for name, answers, more in (
            ("low", ("no", "no"), {"cycle": "2026-09", "number": "2026-09/001"}),
            ("high", ("yes", "no"), {"cycle": "2026-09", "number": "2026-09/002"}),
        )
    }

    due = due_reaudits(make_cycle(), on=moment("2026-11-02T09:00").date())

    assert [one.previous for one in due] == [audits_called[name] for name in which]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gates": gate({"score": "gone", "below": 3})}, "There is no score “gone”"),
        ({"gates": gate({"score": "gaps", "below": "few"})}, "“few” is not a number"),
    ],
)
def test_a_score_that_is_not_there_or_is_compared_with_no_number_is_a_fault(changes, said):
    assert any(said in str(fault) for fault in faults(with_scores(**changes)))
