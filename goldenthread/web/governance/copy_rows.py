"""How copies read: what of, for whom, by when, and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.copies import about_whom, of_what, rule_of
from goldenthread.governance.models import Copy
from goldenthread.people.models import Person
from goldenthread.reporting.audit_report import in_words
from goldenthread.web.tasks.rows import day_in_words

HEAD = ("Copy", "For", "Status", "Due")
HEAD_OF_AUDIT = ("Copy", "For", "Status")


def state_of(copy: Copy, at: datetime) -> tuple[str, str]:
    """How it stands, in words and with a colour beside them."""
    if copy.sent_on is not None:
        return f"Sent on {in_words(copy.sent_on)}", "green"
    if copy.settled_at is not None:
        return "Not sent", "grey"
    return ("Late", "red") if copy.task.due_at < at else ("To be sent", "yellow")


def for_whom(copy: Copy) -> str:
    """Who gets it, by the framework."""
    rule = rule_of(copy)
    return rule.outside or pack_of(copy.version).roles[rule.role or ""].title


def rows_of(copies: Iterable[Copy], at: datetime) -> list[list[Any]]:
    """A table's rows of copies."""
    return [[*_first(one, at), day_in_words(one.task.due_at)] for one in copies]


def on_page_of(copies: Iterable[Copy], at: datetime) -> dict[str, Any]:
    """The same on the page of what they are copies of, as `governance/_copies.html` shows them."""
    return {"copies": [_first(one, at, hint=False) for one in copies], "copies_head": HEAD_OF_AUDIT}


def _first(copy: Copy, at: datetime, *, hint: bool = True) -> list[Any]:
    state, colour = state_of(copy, at)
    link = {"text": rule_of(copy).title, "url": reverse("show_copy", args=[copy.public_id])}
    return [
        {**link, "hint": _told_apart(copy)} if hint else link,
        for_whom(copy),
        {"text": state, "tag": colour},
    ]


def _told_apart(copy: Copy) -> str:
    """What it is a copy of, and whom that is about."""
    return ", ".join([of_what(copy), *([about_whom(copy.person.name)] if copy.person is not None else [])])


def summary(copy: Copy, recipients: Iterable[Person]) -> list[dict[str, str]]:
    """Everything that is known of it."""
    rule = rule_of(copy)
    rows = [("Of", of_what(copy)), ("How much", rule.what.capitalize()), ("For", for_whom(copy))]
    if copy.person is not None:
        rows.insert(1, ("About", copy.person.name))
    if names := ", ".join(one.name for one in recipients):
        rows.append(("Held today by", names))
    if copy.asked_on is not None and copy.noted_by is not None:
        rows.append(("Asked for", f"{copy.asked_by}, on {in_words(copy.asked_on)}"))
        rows.append(("Request noted by", copy.noted_by.name))
    if copy.settled_at is None or copy.settled_by is None:
        return _pairs(rows)
    if copy.sent_on is not None:
        rows += [("Sent to", copy.sent_to), ("How", copy.sent_as), ("Sent on", in_words(copy.sent_on))]
    else:
        rows.append(("Not sent", copy.not_sent_because))
    by = f"{copy.settled_by.name}, on {in_words(timezone.localdate(copy.settled_at))}"
    return _pairs([*rows, ("Recorded by", by)])


def _pairs(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in rows]
