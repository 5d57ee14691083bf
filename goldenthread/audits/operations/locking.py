"""What operations on an audit share: the locked row, who may write now, and saves that came too late."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from goldenthread.audits.models import Audit, Return, Row
from goldenthread.audits.queries import flow_of, is_closed, may_edit
from goldenthread.audits.returns import may_fill
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person
from goldenthread.rules.gates import THE_AUDIT
from goldenthread.rules.refusal import Refused

LONGEST = 50_000
"""Characters of one text; about 8,000 words."""

STANDING = ("unit", "auditor", "practitioner")
"""The relations that say who stands where."""

CLASH = "Somebody else saved this while you were writing. Nothing was overwritten: choose which to keep."


REUSED = "This change was sent before with other words. Load the page again and write it once more."


KEPT_CLOSED = "This is kept closed until the consents are there. Its page says whose are still missing."


class Stale(Refused):
    """A save over something that changed meanwhile; `current` is what stands there now."""

    def __init__(self, current: Any) -> None:
        super().__init__(CLASH)
        self.current = current


def locked(audit: Audit, *relations: str) -> Audit:
    """The audit's row, held until the transaction ends, so that a step and a save never cross.

    It comes with the relations asked for; most operations need none.
    """
    held: Audit = _locking(*relations).get(audit=audit.pk)
    return held


@cache
def _locking(*relations: str) -> Compiled:
    audits = Audit.objects.select_for_update(of=("self",)).with_framework(*relations)
    return Compiled(lambda audit: audits.filter(pk=audit), audit=int)


def must_edit(audit: Audit, by: Person, at: datetime, in_return: Return | None = None) -> None:
    """Refuse unless this person may answer and grade now: in the audit's present state, or in the return."""
    if in_return is not None:
        _must_fill(audit, in_return, by, at)
        return
    if may_edit(audit, by, on=timezone.localdate(at)):
        return
    if is_closed(audit, by, THE_AUDIT, on=timezone.localdate(at)):
        raise Refused(KEPT_CLOSED)
    state, word = flow_of(audit).states[audit.state], words_of(audit.version)["audit"]
    if not state.edited_by:
        raise Refused(f"This {word} cannot be changed now: it is “{state.label.lower()}”.")
    who = " or ".join(f"the {role}" for role in state.edited_by)
    raise Refused(f"Only {who} can change this {word} now.")


def _must_fill(audit: Audit, in_return: Return, by: Person, at: datetime) -> None:
    """Refuse unless the return is open to this person, as it stands while the audit is locked."""
    stands = Return.objects.select_related("audit__version").get(pk=in_return.pk, audit=audit)
    if not stands.is_open:
        raise Refused("This part has been sent in or given up. It cannot be changed any more.")
    if not may_fill(stands, by, on=timezone.localdate(at)):
        raise Refused("This part is not yours to fill in, or the time for it is over.")


def standing_row(audit: Audit, key: str) -> Row:
    """The row with that key, which nobody has taken out."""
    row = Row.objects.filter(audit=audit, public_id=key).first()
    if row is None:
        raise Refused("There is no such row in this form.")
    if row.taken_out_at is not None:
        raise Refused("This row was taken out meanwhile. Put it back in its section, then write in it.")
    return row


def must_fit(*texts: str) -> None:
    """Refuse a text that is too long to be one answer, and say by how much."""
    for text in texts:
        if len(text) > LONGEST:
            raise Refused(
                f"Shorten this to {LONGEST:,} characters or fewer; it has {len(text):,}. "
                "It is still in the box and has not been saved."
            )


def change(before: Any, after: Any) -> dict[str, Any]:
    """A changed value as the ledger shows it."""
    return {"before": before, "after": after}


def in_which(in_return: Return | None) -> dict[str, Any]:
    """For the ledger, the return in which something was given; nothing for the audit's own."""
    return {"return": in_return.key} if in_return else {}
