"""How an event is written down and hashed; docs/explanation/ledger.md tells outsiders the same."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder

NO_EVENT = "0" * 64
SEALED = ("about_id", "about_kind", "about_label", "at", "by", "digest", "position", "previous", "what")


class Encoder(DjangoJSONEncoder):
    """Dates, durations, decimals and UUIDs as text; moments in UTC with microseconds."""

    def default(self, o: object) -> object:
        if isinstance(o, datetime) and o.tzinfo is not None:
            return moment(o)
        return super().default(o)


def moment(at: datetime) -> str:
    """A moment as the ledger writes it: 2026-11-20T09:30:00.000000Z."""
    if at.tzinfo is None:
        raise ValueError("A moment in the ledger needs a time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and no escapes but the necessary ones."""
    return json.dumps(
        value, cls=Encoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest_of(salt: str, values: str) -> str:
    """SHA-256 of the salt and the values as they are stored."""
    return hashlib.sha256((salt + values).encode()).hexdigest()


def hash_of(event: Mapping[str, object]) -> str:
    """SHA-256 of an event's sealed fields as canonical JSON; `at` already written by `moment`."""
    return hashlib.sha256(canonical({name: event[name] for name in SEALED}).encode()).hexdigest()


def next_reads_digest(digest: str, read: Mapping[str, object]) -> str:
    """The read log's digest after one more read."""
    return hashlib.sha256((digest + canonical(read)).encode()).hexdigest()
