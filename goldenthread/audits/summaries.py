"""Who reads a summary of an audit and no more of it."""

from __future__ import annotations

from datetime import date

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import flow_of, holds_one_of, is_blind, is_closed, may_read, summary_of
from goldenthread.people.models import Person
from goldenthread.rules.gates import THE_AUDIT


def may_read_summary(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the state of the audit shows this person a summary, and no more of what was found."""
    rule = summary_of(audit)
    if rule is None or may_read(audit, person, on=on) or is_closed(audit, person, THE_AUDIT, on=on):
        return False
    shown = set(flow_of(audit).states[audit.state].shown_to) & set(rule.to)
    return holds_one_of(shown, audit, person, on=on) and not is_blind(audit, person)


def is_kept_to_summary(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the person is to read a summary at most, now or later: of parts that others fill in too."""
    rule = summary_of(audit)
    if rule is None or may_read(audit, person, on=on):
        return False
    return holds_one_of(rule.to, audit, person, on=on)
