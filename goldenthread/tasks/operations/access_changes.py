"""Telling those who look after people that one of them let somebody in, so that nobody does it alone unseen.

No event of its own: it runs in the transaction of the change, which has one.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from goldenthread.frameworks.queries import who_may
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person
from goldenthread.tasks.operations.owing import write_notices

MANAGE, LEDGER = "manage people", "see the ledger"
LET_IN = (
    "Somebody was let in to Golden Thread",
    "Somebody who looks after people has invited a colleague to sign in. Who, and by whom: {link}",
)
LOADED = (
    "Posts or ways of signing in were changed",
    "Somebody who looks after people has loaded a file that gives posts, moves units or changes how people "
    "sign in. What it changed, and who loaded it: {link}",
)


def tell_of_access(wording: tuple[str, str], *, path: str, by: Person, at: datetime) -> None:
    """Tell every administrator, and all others who manage people and may read the ledger."""
    on = timezone.localdate(at)
    by_post = who_may(MANAGE, on=on).filter(pk__in=who_may(LEDGER, on=on).values("pk"))
    others = Person.objects.filter(Q(is_administrator=True, is_active=True) | Q(pk__in=by_post.values("pk")))
    write_notices(
        pack=None,
        notice=wording,
        about=("people", ""),
        path=path,
        people=others.exclude(pk=by.pk).order_by("pk"),
        values={},
        at=at,
        key=f"access:{new_id()}",
    )
