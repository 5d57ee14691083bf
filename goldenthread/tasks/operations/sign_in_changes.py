"""Telling somebody that how they sign in was changed, so that they notice when it was not them.

No event of its own: it runs in the transaction of the change, which has one.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person
from goldenthread.tasks.operations.owing import write_notices

WORD_SET = "A password was set for your account"
WORD_CHANGED = "Your password was changed"
WORD_ENDED = "Your password was ended, and any second factor removed, at the server"
APP_ADDED = "An authenticator app was set up for your account"
APP_REMOVED = "Your authenticator app was removed"
PASSKEY_ADDED = "A passkey was added to your account"
PASSKEY_REMOVED = "A passkey of yours was removed"
CODES_RENEWED = "Your recovery codes were replaced"
CODE_USED = "A recovery code of yours was used"
ACCOUNT_OF_DIRECTORY = "Another account of your organisation’s directory became yours"
FACTORS_RESET = "An administrator removed your second factor"

SUBJECT = "How you sign in to Golden Thread"
TEXT = (
    "{what} on {day} {month}, {clock}.\n\n"
    "If you did this or asked for it, there is nothing to do. If not, tell your quality team at once: "
    "somebody else may have your password."
)
PATH = "/my-sign-in/"


def tell_of_sign_in(person: Person, what: str, *, at: datetime) -> None:
    """Write a notice to somebody of a change to how they sign in; `what` is one of the sentences above.

    It is urgent, so that neither a digest nor quiet hours nor leave keep it back. It names no device, no
    place and nobody who did it.
    """
    local = timezone.localtime(at)
    text = TEXT.format(what=what, day=local.day, month=f"{local:%B %Y}", clock=f"{local:%H:%M}")
    write_notices(
        pack=None,
        notice=(SUBJECT, text),
        about=("person", person.public_id),
        path=PATH,
        people=[person],
        values={},
        at=at,
        key=f"sign-in:{new_id()}",
        urgent=True,
    )
