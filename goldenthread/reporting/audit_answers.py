"""The answers of a finished audit as a file for other programs."""

from __future__ import annotations

import re

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import sheet_of
from goldenthread.frameworks.bringing_in import canonical
from goldenthread.rules.flow import DONE
from goldenthread.rules.form_formats.fhir_answers import Answered, write_response
from goldenthread.rules.refusal import Refused


def answers_as_fhir(audit: Audit) -> bytes:
    """A QuestionnaireResponse with what was asked and answered; `Refused` before the report is final."""
    if audit.phase not in DONE or audit.finished_at is None:
        raise Refused(f"{audit.number} is not finished yet; its answers can be written once it is.")
    sheet = sheet_of(audit)
    about = Answered(
        questionnaire=canonical(audit.version, sheet.type.form),
        number=audit.number,
        reference=audit.subject.reference,
        finished_at=timezone.localtime(audit.finished_at),
    )
    asked = [(section, sheet.by_rows(section)) for section, _ in sheet.sections]
    return write_response(sheet.form, asked, sheet.given, about)


def file_name(audit: Audit) -> str:
    """What the file is called: the audit's number alone."""
    return f"audit-{re.sub(r'[^A-Za-z0-9]+', '-', audit.number).strip('-')}-answers.json"
