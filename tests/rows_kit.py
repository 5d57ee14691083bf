"""A framework whose form has a section that repeats, and an audit of it."""

from goldenthread.audits import operations
from goldenthread.rules.forms import Given
from tests.make import PACK, make_audit, make_council, moment, publish_pack

AT = moment("2026-11-05T10:00")
SECTION = """    sections:
      - key: visits
        title: Visits
        repeats: {title: each visit sampled, at_least: 2, at_most: 3, name: date of the visit}
        questions:
          - key: seen alone
            text: Was the person seen alone?
            type: yes or no
            critical: true
          - key: why not
            text: Why not?
            type: text
            when: {answer: seen alone, is: "no"}
"""
DOCUMENT = PACK.read_text().replace("    sections:\n", SECTION, 1)


def audit_with_rows(council=None, state="allocated", **more):
    """An audit under that framework, without rows yet."""
    publish_pack(document=DOCUMENT)
    return make_audit(council or make_council(), state, **more)


def add(audit, name="", **more):
    return operations.add_row(audit, "visits", name=name, by=audit.auditor, at=AT, **more)


def answer(audit, row, value, *, question="seen alone", expected=0, **more):
    place = f"{question}@{row.public_id}"
    return operations.save_answer(
        audit, place, Given(value), expected=expected, by=audit.auditor, at=AT, **more
    )
