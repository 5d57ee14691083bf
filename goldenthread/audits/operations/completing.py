"""What the server itself writes into an answer: who was picked, who signs and when, which files are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Answer, Audit, Return
from goldenthread.audits.naming import people_offered, signs_as
from goldenthread.audits.operations.attaching import Checked
from goldenthread.people.models import Person
from goldenthread.rules.attachments import Attached, attached, entry
from goldenthread.rules.forms import Given, Question
from goldenthread.rules.refusal import Refused
from goldenthread.rules.signing import KEEP, PERSON, SIGN, SIGNATURE, Named, Signature, named, signature

Value = str | tuple[str, ...]


@dataclass(frozen=True)
class Hand:
    """Who saves an answer, where, and when; and the files that come with it."""

    audit: Audit
    by: Person
    at: datetime
    in_return: Return | None = None
    files: Sequence[Checked] = ()

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


def completed(
    hand: Hand, question: Question, given: Given, current: Answer | None, *, is_seen: bool = True
) -> Given:
    """The answer as it is stored: of a person the name, of a signature who, as what and when.

    A page sends only who was picked, or that somebody signs; what else it sends of them is not believed.
    Of files it sends the ids of those to keep. Without `is_seen` the page knew another answer than the
    current one, which the save then says.
    """
    if question.type == PERSON:
        return replace(given, value=_person(hand, question, given, current))
    if question.type == SIGNATURE:
        stands = signature(current.value) if current else None
        said = given.value[0] if given.value and not given.instead else ""
        if is_seen and said == "" and stands and stands.person != hand.by.public_id:
            raise Refused(f"Only {stands.name} can take this signature back. You can sign in its place.")
        return replace(given, value=_signature(hand, question, said, stands))
    if question.takes_files:
        return replace(given, value=_files(hand, given, current))
    return given


def _files(hand: Hand, given: Given, current: Answer | None) -> Value:
    """Of the files that stand there those whose ids a page sends, and after them those that come with it."""
    if given.instead:
        return ""
    stand = attached(current.value) if current else []
    kept = [entry(one) for one in stand if one.id in given.value]
    return (*kept, *(entry(Attached(one.id, one.name)) for one in hand.files)) or ""


def _person(hand: Hand, question: Question, given: Given, current: Answer | None) -> Value:
    """Whoever was picked, with their name; or a name that was written."""
    said = named(given.value)
    if given.instead or not given.value or said is None:
        return "" if given.instead else given.value
    stands = named(current.value) if current else None
    written = " ".join(said.name.split())
    if stands and said.person and (said.person, written or stands.name) == stands:
        return stands
    if not said.person:
        if not question.by_name:
            raise Refused("Choose somebody from the list. A name that is not on it cannot be given here.")
        return Named("", written)
    if written:
        raise Refused("Choose somebody from the list or write a name, not both.")
    found = people_offered(hand.audit, question, hand.by, on=hand.on).filter(public_id=said.person).first()
    if found is None:
        raise Refused("Choose somebody from the list. Whoever was chosen is not on it, or no longer.")
    return Named(found.public_id, found.name)


def _signature(hand: Hand, question: Question, said: str, stands: Signature | None) -> Value:
    """A signature by whoever saves it, the one that stands, or none."""
    if stands and (said == KEEP or (said == SIGN and stands.person == hand.by.public_id)):
        return stands
    if said == SIGN:
        role = signs_as(hand.audit, question, hand.by, on=hand.on, in_return=hand.in_return)
        at = timezone.localtime(hand.at).isoformat(timespec="seconds")
        return Signature(hand.by.public_id, hand.by.name, role, at)
    if said not in ("", KEEP):
        raise Refused("A signature is given by signing, and cannot be typed.")
    return ""
