"""The only place that writes the ledger."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from goldenthread.ledger import checkpoints, sealing
from goldenthread.ledger.models import Event, EventValues, Read

CHAIN = 0x676F6C64  # the advisory lock that PostgreSQL's writers queue for
LABEL_LENGTH = 200


class Actor(Protocol):
    """Whoever acts: a person, known here by the public id alone."""

    @property
    def public_id(self) -> str: ...


def record(
    what: str,
    *,
    about: tuple[str, str, str],
    by: Actor | None,
    at: datetime,
    values: Mapping[str, object] | None = None,
) -> Event:
    """Append one event to the chain, in the transaction of the change that it records."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its change.")
    written, salt = sealing.canonical(dict(values or {})), secrets.token_hex(16)
    kind, public_id, label = about
    _take_the_chain()
    position, head = Event.objects.order_by("-position").values_list("position", "hash").first() or (
        0,
        sealing.NO_EVENT,
    )
    fields: dict[str, object] = {
        "position": position + 1,
        "by": by.public_id if by else "",
        "what": what,
        "about_kind": kind,
        "about_id": public_id,
        "about_label": _short(label),
        "digest": sealing.digest_of(salt, written),
        "previous": head,
    }
    sealed = sealing.hash_of({**fields, "at": sealing.moment(at)})
    event = Event.objects.create(**fields, at=at, hash=sealed)
    EventValues.objects.create(event=event, salt=salt, values=written)
    transaction.on_commit(checkpoints.want_one)
    return event


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
