# ruff: noqa: E501 - documents
"""The shipped framework with a section of people and signatures, and how a test answers it."""

from goldenthread.audits import operations
from goldenthread.audits.models import Answer
from goldenthread.audits.sheets import given_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from tests.make import PACK

PEOPLE = [
    {"key": "met", "text": "Who was met?", "type": "person", "required": False},
    {
        "key": "manager",
        "text": "Who manages the work?",
        "type": "person",
        "roles": ["team manager"],
        "by_name": False,
        "required": False,
    },
    {"key": "signed", "text": "Signed by the auditor", "type": "signature", "roles": ["auditor"]},
    {
        "key": "agreed",
        "text": "Signed by the practitioner",
        "type": "signature",
        "roles": ["practitioner"],
        "required": False,
    },
]


def with_questions(questions=PEOPLE, **changes):
    """The shipped framework with these questions in a section of their own, the last of the case audit."""
    data = read_document(PACK.read_text()).data
    section = {"key": "closing", "title": "Closing", "questions": [dict(one) for one in questions], **changes}
    data["forms"]["case audit"]["sections"].append(section)
    for state in data["flows"]["audit"]["states"].values():
        if "auditor" in state.get("edited_by", []):
            state["edited_by"] = [*state["edited_by"], "practitioner"]
    return write_document(data)


def save(audit, question, value, *, by, at, seen=None, **more):
    """Save an answer over the version that stands, or another that was seen."""
    stands = Answer.everywhere.filter(audit=audit, question=question, in_return=more.get("in_return")).first()
    seen = (stands.version if stands else 0) if seen is None else seen
    given = Given(value, more.pop("instead", ""))
    return operations.save_answer(audit, question, given, expected=seen, by=by, at=at, **more)


def given_to(audit, question):
    """What stands as the answer."""
    return given_of(Answer.everywhere.get(audit=audit, question=question))
