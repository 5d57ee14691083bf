"""The conversation in people's calendars: who is asked to it, in which words, and when it is called off.

No event of its own: each runs inside the operation that arranges, moves or ends it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from goldenthread.audits.models import Audit, Conversation
from goldenthread.audits.operations.clocks import values_of
from goldenthread.audits.queries import about, auditors_of, path_of, standing_of
from goldenthread.audits.sheets import meant, sheet_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.rules.conditions import holds
from goldenthread.rules.framework import CONVERSATION, CONVERSATION_OFF
from goldenthread.tasks.operations import Meeting, appoint, call_off
from goldenthread.tasks.operations.appointing import Wording
from goldenthread.tasks.queries import people_of

ASKED = (
    "{type} {reference}: a {conversation} is arranged",
    "A {conversation} about {type} {reference} is arranged. When and where is here: {link}",
)
OFF = (
    "{type} {reference}: the {conversation} is called off",
    "The {conversation} about {type} {reference} is called off. More is here: {link}",
)


def ask_to_conversation(audit: Audit, held: Conversation, *, at: datetime) -> None:
    """Put the time of a conversation into the calendars of those who take part, in the framework's words."""
    if held.arranged_for is None or held.held_on is not None:
        return
    on, standing = timezone.localdate(at), standing_of(audit)
    sheet = sheet_of(audit, on=on)
    pack = sheet.pack
    asked = [
        (
            (notice.subject, notice.text),
            [person for role in notice.to for person in people_of(role, pack, standing, on=on)],
        )
        for notice in pack.notices.values()
        if notice.on == CONVERSATION and holds(notice.when, sheet.known)
    ]
    roles = meant(sheet.flow.conversation, sheet.known)
    others = [person for role in roles for person in people_of(role, pack, standing, on=on)]
    asked.append((_in_words(audit, ASKED), [*auditors_of(audit), *others]))
    appoint(_meeting(audit, held), held.arranged_for, asked, at=at)


def take_out_of_calendars(audit: Audit, *, at: datetime) -> bool:
    """Take back a conversation still to come, as the audit is withdrawn or somebody else's; tells if one was.

    One whose time is over stays as it is: it may have been held and not yet be recorded.
    """
    held = Conversation.objects.filter(audit=audit, held_on=None, arranged_for__gte=at).first()
    if held is not None:
        take_back(audit, held, at=at)
    return held is not None


def take_back(audit: Audit, held: Conversation, *, at: datetime) -> None:
    """A conversation has no time any more; those who were asked are told, and their calendars too."""
    held.arranged_for, held.arranged_by, held.place, held.version = None, None, "", held.version + 1
    held.save(update_fields=["arranged_for", "arranged_by", "place", "version"])
    call_off(_meeting(audit, held), at=at)


def _meeting(audit: Audit, held: Conversation) -> Meeting:
    pack, words = pack_of(audit.version), words_of(audit.version, audit.audit_type)
    off = next((one for one in pack.notices.values() if one.on == CONVERSATION_OFF), None)
    values = values_of(audit, audit.closes_on)
    return Meeting(
        about=about(audit)[:2],
        sequence=held.version,
        title=f"{words['Conversation']}: {values['type']} {audit.number}",
        path=f"{path_of(audit)}conversation/",
        off=(off.subject, off.text) if off else _in_words(audit, OFF),
        values=values,
    )


def _in_words(audit: Audit, wording: Wording) -> Wording:
    """The product's own wording in the framework's words; what names the audit is filled in later."""
    kept = {name: "{" + name + "}" for name in ("type", "reference", "link")}
    words = {**words_of(audit.version, audit.audit_type), **kept}
    return wording[0].format_map(words), wording[1].format_map(words)
