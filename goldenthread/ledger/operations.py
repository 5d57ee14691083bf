"""The only place that writes the ledger."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db import connection, transaction

from goldenthread.ledger import checkpoints, sealing
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.models import Event, EventValues, Read

CHAIN = 0x676F6C64  # the advisory lock that PostgreSQL's writers queue for
LABEL_LENGTH = 200


class Actor(Protocol):
    """Whoever acts: a person, known here by the public id alone."""

    @property
    def public_id(self) -> str: ...


class Happening(NamedTuple):
    """What one event is to say."""

    what: str
    about: tuple[str, str, str]
    by: Actor | None
    at: datetime
    values: Mapping[str, object]


def record(
    what: str,
    *,
    about: tuple[str, str, str],
    by: Actor | None,
    at: datetime,
    values: Mapping[str, object] | None = None,
) -> Event:
    """Append one event to the chain, in the transaction of the change that it records."""
    return record_many([Happening(what, about, by, at, values or {})])[0]


def record_many(happenings: Sequence[Happening]) -> list[Event]:
    """Append events to the chain in this order, each sealed as it would be by itself."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its change.")
    _take_the_chain()
    position, head = _last.first() or (0, sealing.NO_EVENT)
    events, kept = [], []
    for place, happening in enumerate(happenings, start=position + 1):
        written, salt = sealing.canonical(dict(happening.values)), secrets.token_hex(16)
        event = _sealed(happening, place, digest=sealing.digest_of(salt, written), previous=head)
        head = event.hash
        events.append(event)
        kept.append(EventValues(event=event, salt=salt, values=written))
    Event.objects.bulk_create(events)
    EventValues.objects.bulk_create(kept)
    transaction.on_commit(checkpoints.want_one)
    return events


_last = Compiled(lambda: Event.objects.order_by("-position").values_list("position", "hash")[:1])


def _sealed(happening: Happening, position: int, *, digest: str, previous: str) -> Event:
    """The event as it will stand at its place of the chain."""
    kind, public_id, label = happening.about
    fields: dict[str, object] = {
        "position": position,
        "by": happening.by.public_id if happening.by else "",
        "what": happening.what,
        "about_kind": kind,
        "about_id": public_id,
        "about_label": _short(label),
        "digest": digest,
        "previous": previous,
    }
    sealed = sealing.hash_of({**fields, "at": sealing.moment(happening.at)})
    return Event(**fields, at=happening.at, hash=sealed)


def record_read(*, about: tuple[str, ...], by: Actor | None, at: datetime, how: str = "page") -> None:
    """Write that somebody opened a record (its kind and public id); no lock but the table's own."""
    kind, public_id = about[:2]
    Read.objects.create(at=at, by=by.public_id if by else "", about_kind=kind, about_id=public_id, how=how)
    transaction.on_commit(checkpoints.want_one)


def _take_the_chain() -> None:
    """Queue for the chain until the transaction ends; SQLite's transactions queue from their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN])


def _short(label: str) -> str:
    """A label that fits its column in every database."""
    label = label.replace("\0", "")
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1] + "…"
