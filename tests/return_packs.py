# ruff: noqa: E501 - documents
"""The shipped framework with several returns, and how a test fills them in."""

from goldenthread.audits import operations as audits
from goldenthread.audits.models import Return
from goldenthread.audits.sheets import sheet_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from tests.make import PACK
from tests.rules.grading_kit import laid_over

CLOCK = "clocks: {return: {title: Fill in your part, length: 10 working days, starts: being asked, owed_by: auditor}}\n"
STEP = "flows: {audit: {steps: {finish draft: {requires: [answers, grades, all returns]}}}}\n"

AGENCIES = f"""
{CLOCK}{STEP}
audit_types:
  audit:
    co_auditors: 1
    returns:
      social care: {{title: Social care, role: auditor, clock: return, sees_others: after sending in its own}}
      health: {{title: Health, role: auditor, filled_in_by: somebody invited from outside, clock: return}}
      police: {{title: Police, role: auditor, filled_in_by: somebody without an account, sections: [basics], clock: return}}
"""

SELF_AND_PANEL = f"""
{CLOCK}
audit_types:
  audit:
    returns:
      self: {{title: Self-assessment, role: practitioner, clock: return, needed_for: [finish draft]}}
      panel: {{title: Panel, role: auditor, clock: return, sees_others: after sending in its own}}
"""


def with_returns(overlay, document=None, **changes):
    """The shipped framework, or another document, with these returns."""
    data = read_document(document or PACK.read_text()).data
    return write_document(laid_over(data, read_document(overlay).data) | changes)


def return_of(audit, key):
    """One of the audit's returns as it stands."""
    return Return.objects.select_related("audit__version").get(audit=audit, key=key)


def fill_in(row, by, *, at, grade="good", answer="yes", besides=()):
    """Answer and grade everything that a return asks, besides what is answered already."""
    for _, questions in sheet_of(row.audit, in_return=row).sections:
        for question in (one for one in questions if one.key not in besides):
            value = answer if question.type == "yes or no" else f"{row.key}: {question.text}"
            audits.save_answer(
                row.audit,
                question.key,
                Given(value, evidence=f"As {row.key} saw it."),
                expected=0,
                by=by,
                at=at,
                in_return=row,
            )
    sheet = sheet_of(row.audit, in_return=row)
    for part, label in sheet.parts if sheet.stage else []:
        audits.save_judgement(
            row.audit,
            part,
            grade=grade,
            why=f"{row.key} on {label}",
            expected=0,
            by=by,
            at=at,
            in_return=row,
        )


def invite_hope(row, by, *, at, until=None):
    """Hope of the hospital, invited to a return."""
    invited = audits.invite_to_return(
        row, name="Hope Health", organisation="County Hospital", email="hope@example.org", until=until, by=by, at=at
    )  # fmt: skip
    return invited.person
