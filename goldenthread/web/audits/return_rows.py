"""How the returns of an audit read in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from goldenthread.audits.models import Return
from goldenthread.audits.queries import about, may_edit
from goldenthread.audits.returns import (
    OPEN,
    holder_words,
    holds,
    may_arrange,
    may_see_others,
    rule,
    task_of,
)
from goldenthread.people.models import Person
from goldenthread.rules.returns import OUTSIDE
from goldenthread.web.tasks.rows import day_in_words

COLOURS = {"begun": "blue", "sent in": "green", "not coming": "grey"}


@dataclass(frozen=True)
class ReturnRow:
    """A return with how far it is, until when, and what this person may do about it."""

    one: Return
    title: str
    url: str
    who: str
    when: str
    status: str
    colour: str
    may_invite: bool
    may_give_up: bool
    may_ask_again: bool


def rows_of(returns: list[Return], person: Person, *, on: date) -> list[ReturnRow]:
    """The returns of one audit, as this person may know of them."""
    if not returns:
        return []
    audit = returns[0].audit
    sees, edits = may_see_others(audit, person, on=on), may_edit(audit, person, on=on)
    return [_row(one, person, sees=sees, edits=edits, on=on) for one in returns]


def own_items(returns: Iterable[Return]) -> list[dict[str, str]]:
    """What somebody from outside has been invited to."""
    return [
        {
            "text": f"{rule(one).title}: {about(one.audit)[2]}",
            "url": reverse("show_return", args=[one.public_id]),
            "hint": _when(one),
            "status": one.get_state_display(),
            "colour": COLOURS[one.state],
        }
        for one in returns
    ]


def _row(one: Return, person: Person, *, sees: bool, edits: bool, on: date) -> ReturnRow:
    is_own, arranges = holds(one, person, on=on), may_arrange(one, person, on=on)
    opens = is_own or (sees and one.is_in)
    is_outside = rule(one).filled_in_by == OUTSIDE
    nobody = one.is_open and is_outside and one.person is None
    return ReturnRow(
        one=one,
        title=rule(one).title,
        url=reverse("show_return", args=[one.public_id]) if opens else "",
        who=holder_words(one) if opens or arranges or edits else "",
        when=_when(one),
        status="Nobody invited yet" if nobody else one.get_state_display(),
        colour=COLOURS[one.state],
        may_invite=is_outside and arranges,
        may_give_up=arranges,
        may_ask_again=one.state == Return.State.NOT_COMING and edits and one.audit.phase in OPEN,
    )


def _when(one: Return) -> str:
    """When it is due, or since when it is settled; why, if it is not coming."""
    if one.settled_at:
        local = timezone.localtime(one.settled_at)
        why = f": {one.why}" if one.why else ""
        return f"{local.day} {local:%B %Y}{why}"
    task = task_of(one)
    return f"Due {day_in_words(task.due_at)}" if task else ""
