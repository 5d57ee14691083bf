"""Where sign-ins are kept: known by the digest of their key, so that nobody who reads the table has a key."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, router, transaction
from django.utils import timezone

from goldenthread.people.models import Session

BEGAN, SEEN, BROWSER, ENDED, WAS = "began_at", "seen_at", "browser", "ended", "was"
"""What a session holds of its own: two moments in seconds, the browser, why it ended, and whose it was."""


def digest_of(key: str) -> str:
    """What the table knows a session by."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """Django's store of sessions over our own table; one that was ended is never written again."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where there is none or its time is over."""
        rows = Session.objects.filter(
            session_key=digest_of(str(self.session_key)), expire_date__gt=timezone.now()
        )
        row = rows.values_list("session_data", flat=True).first()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row)

    def exists(self, session_key: str) -> bool:
        """Whether a key is in use."""
        return Session.objects.filter(session_key=digest_of(session_key)).exists()

    def create(self) -> None:
        """Begin a session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write what the session holds. One that was ended or removed meanwhile is not brought back."""
        if self.session_key is None:
            return self.create()
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        digest, values = digest_of(self.session_key), self._columns(held)
        if not must_create:
            if not Session.objects.filter(session_key=digest, ended="").update(**values):
                raise UpdateError
            return None
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                Session.objects.create(session_key=digest, **values)
        except IntegrityError as fault:
            raise CreateError from fault
        return None

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=digest_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget every session whose time is over."""
        Session.objects.filter(expire_date__lt=timezone.now()).delete()

    def _columns(self, held: dict[str, Any]) -> dict[str, Any]:
        person = held.get(SESSION_KEY)
        return {
            "session_data": self.encode(held),
            "expire_date": self.get_expiry_date(),
            "person_id": int(person) if person else None,
            "began_at": _moment(held.get(BEGAN)),
            "seen_at": _moment(held.get(SEEN)),
            "browser": held.get(BROWSER, ""),
        }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
