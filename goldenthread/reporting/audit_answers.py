"""The answers of a finished audit as a file for other programs."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.returns import holder_words, returns_read, rule
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.frameworks.bringing_in import canonical
from goldenthread.people.models import Person
from goldenthread.rules.flow import DONE
from goldenthread.rules.form_formats.fhir_answers import Answered, bundled, write_response
from goldenthread.rules.gates import THE_AUDIT
from goldenthread.rules.refusal import Refused


def answers_as_fhir(audit: Audit, *, reader: Person | None = None) -> bytes:
    """A QuestionnaireResponse with what was asked and answered; `Refused` before the report is final.

    Of an audit with returns it is a Bundle: the audit's own, then one for each return that is in and that the
    reader may open; without a reader, none that a gate keeps closed.
    """
    if audit.phase not in DONE or audit.finished_at is None:
        raise Refused(f"{audit.number} is not finished yet; its answers can be written once it is.")
    if reader is None and audit.closures.filter(what=THE_AUDIT, opened_at=None).exists():
        raise Refused(f"{audit.number} is kept closed until consents are there; its page says whose.")
    written = [_response(sheet_of(audit), audit.number, audit.finished_at)]
    for one in returns_read(audit, reader, on=timezone.localdate()):
        if one.is_in and one.settled_at:
            sheet = sheet_of(audit, in_return=one)
            written.append(
                _response(sheet, f"{audit.number} {rule(one).title}", one.settled_at, holder_words(one))
            )
    return written[0] if len(written) == 1 else bundled(written)


def _response(sheet: Sheet, number: str, finished_at: datetime, by: str = "") -> bytes:
    audit = sheet.audit
    about = Answered(
        questionnaire=canonical(audit.version, sheet.type.form),
        number=number,
        reference=audit.subject.reference,
        finished_at=timezone.localtime(finished_at),
        by=by,
    )
    asked = [(section, sheet.by_rows(section)) for section, _ in sheet.sections]
    return write_response(sheet.pack.forms[sheet.type.form], asked, sheet.given, about)


def file_name(audit: Audit) -> str:
    """What the file is called: the audit's number alone."""
    return f"audit-{re.sub(r'[^A-Za-z0-9]+', '-', audit.number).strip('-')}-answers.json"
