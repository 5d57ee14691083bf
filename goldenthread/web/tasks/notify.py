"""GOV.UK Notify as Django's mail backend: each mail is one request to its REST API, signed with the key.

Follows Notify's REST API, version 2: a JSON web token (HS256) of the service's id and the present second
authorises each request; the template holds nothing but ((subject)) and ((body)). What was tried before is
first asked for by its reference, since an answer may have been lost after the message was taken.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

PATH = "/v2/notifications/email"
LIST = "/v2/notifications"
TRIED_BEFORE = "tried_before"
"""The name of the mark on a mail that may be with Notify already, as an answer may have been lost."""
AT_HOME = ("localhost", "127.0.0.1", "::1")
ID_LENGTH = 36
"""A key is its name, the service's id and the secret, joined by dashes; both ids have this length."""

KEY_REFUSED = (
    "GOV.UK Notify refuses the API key. Check GOLDENTHREAD_NOTIFY_KEY, that the key is not revoked, and this "
    "computer's clock."
)
BUSY = "GOV.UK Notify takes no more messages for now, since a limit is reached. The notice is tried again."
FAULT = "GOV.UK Notify has a fault of its own ({status}). The notice is tried again."
UNSAID = "GOV.UK Notify does not say whether it has this message ({status}). The notice is tried again."
REFUSED = "GOV.UK Notify refuses this message ({status}): {said}"


class Unavailable(OSError):
    """No message can be handed over now; the one tried is as good as untried."""


class Refusal(Exception):
    """This one message was not taken; `for_good` where another try would be refused too."""

    def __init__(self, sentence: str, *, for_good: bool) -> None:
        super().__init__(sentence)
        self.for_good = for_good

    def __str__(self) -> str:
        """The sentence alone."""
        return str(self.args[0])


class EmailBackend(BaseEmailBackend):
    """Hands mails to GOV.UK Notify over one connection; attachments do not go with them."""

    connection: HTTPConnection | None = None

    def open(self) -> bool:
        """Connect, if not connected; raises OSError where nobody is there or the settings will not do."""
        if self.connection is not None:
            return False
        address = urlsplit(settings.NOTIFY_ADDRESS)
        _check_settings(address)
        secure = address.scheme == "https"
        made = (HTTPSConnection if secure else HTTPConnection)(
            address.hostname or "", address.port, timeout=settings.EMAIL_TIMEOUT
        )
        made.connect()
        self.connection = made
        return True

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send each to each of its readers; raises Unavailable or Refusal at the first that is not taken."""
        for message in email_messages:
            for reader in message.to:
                self._send(message, reader)
        return len(email_messages)

    def _send(self, message: EmailMessage, reader: str) -> None:
        reference = str(message.extra_headers.get("Message-ID", "")).strip("<>")
        if getattr(message, TRIED_BEFORE, False) and self._has(reference):
            return
        asked = {
            "email_address": reader,
            "template_id": settings.NOTIFY_TEMPLATE,
            "personalisation": {"subject": message.subject, "body": message.body},
            "reference": reference,
        }
        status, text = self._ask("POST", PATH, json.dumps(asked))
        if status != 201:
            raise _problem(status, text)

    def _has(self, reference: str) -> bool:
        """Whether a message of an earlier try, whose answer was lost, is with Notify."""
        status, text = self._ask("GET", f"{LIST}?{urlencode({'reference': reference})}")
        if status in (401, 403, 429):
            raise _problem(status, text)
        try:
            if status != 200:
                raise ValueError
            return bool(json.loads(text)["notifications"])
        except (ValueError, KeyError, TypeError):
            raise Refusal(UNSAID.format(status=status), for_good=False) from None

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """One request; the status and the text of its answer."""
        self.open()
        assert self.connection is not None
        path = urlsplit(settings.NOTIFY_ADDRESS).path.rstrip("/") + path
        headers = {
            "Authorization": f"Bearer {token(settings.NOTIFY_KEY, now=int(time.time()))}",
            "Content-Type": "application/json",
        }
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except HTTPException as error:
            self.close()
            raise Refusal(f"GOV.UK Notify broke off ({type(error).__name__}).", for_good=False) from None
        except OSError:
            self.close()
            raise


def token(key: str, *, now: int) -> str:
    """The JSON web token that a request carries; `now` in seconds since 1970."""
    service, secret = key[-2 * ID_LENGTH - 1 : -ID_LENGTH - 1], key[-ID_LENGTH:]
    head, claims = {"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": now}
    signed = b".".join(_encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return b".".join((signed, _encoded(signature))).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _check_settings(address: Any) -> None:
    """Refuse settings with which no message could be sent, or not safely."""
    if len(settings.NOTIFY_KEY) < 2 * ID_LENGTH + 1:
        raise Unavailable("GOLDENTHREAD_NOTIFY_KEY is not a whole API key. Copy it again from GOV.UK Notify.")
    if not settings.NOTIFY_TEMPLATE:
        raise Unavailable("GOLDENTHREAD_NOTIFY_TEMPLATE is not set. Enter the id of the template there.")
    if address.scheme != "https" and address.hostname not in AT_HOME:
        raise Unavailable("GOLDENTHREAD_NOTIFY_ADDRESS must begin with https://.")


def _problem(status: int, text: bytes) -> Exception:
    """What an answer other than yes means for the message."""
    if status in (401, 403):
        return Unavailable(KEY_REFUSED)
    if status == 429:
        return Unavailable(BUSY)
    if status >= 500 or status == 408:
        return Refusal(FAULT.format(status=status), for_good=False)
    return Refusal(REFUSED.format(status=status, said=_said(text)), for_good=True)


def _said(text: bytes) -> str:
    """What the service says is wrong, without anything of the key."""
    try:
        errors = json.loads(text)["errors"]
        said = "; ".join(str(error["message"]) for error in errors)
    except (ValueError, KeyError, TypeError):
        return "it does not say why."
    return said.replace(settings.NOTIFY_KEY[-ID_LENGTH:], "…")[:200]
