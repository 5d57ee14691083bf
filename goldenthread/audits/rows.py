"""The rows of an audit's sections as they stand, and answers under their addresses."""

from __future__ import annotations

from collections.abc import Iterable

from goldenthread.audits.models import Answer, Audit, Row
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules import rows as rules
from goldenthread.rules.rows import address


def rows_of(audit: Audit) -> list[Row]:
    """The rows of the audit's sections in their order; a query only if some section repeats."""
    form = pack_of(audit.version).form_of(audit.audit_type)
    if not any(section.repeats for section in form.sections):
        return []
    return list(Row.objects.standing().in_order().filter(audit=audit))


def by_address(answers: Iterable[Answer], rows: Iterable[Row]) -> dict[str, Answer]:
    """Answers by question and row; those of other rows, which were taken out, are not among them."""
    keys: dict[int | None, str] = {None: ""} | {row.pk: row.public_id for row in rows}
    return {address(one.question, keys[one.row_id]): one for one in answers if one.row_id in keys}


def numbered(rows: Iterable[Row]) -> dict[str, tuple[rules.Row, ...]]:
    """The rows of each section as the rules read them."""
    found: dict[str, tuple[rules.Row, ...]] = {}
    for row in rows:
        before = found.get(row.section, ())
        found[row.section] = (*before, rules.Row(row.public_id, len(before) + 1, row.name))
    return found
