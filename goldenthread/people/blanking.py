"""The names of people, which retention removes once nothing of theirs is left to be read."""

from collections.abc import Iterable

from goldenthread.ledger.blanking import REMOVED, remove_words
from goldenthread.people.models import OutsideParticipant, Person

WORDS = {
    OutsideParticipant: ("organisation", "about_label"),
    Person: ("name", "email", "reference", "external_id", "password"),
}


def blank_invitations(records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Remove who was invited from outside to these records, and the names of those invited to no other."""
    forgotten: list[tuple[str, str]] = []
    for kind, public_id in records:
        invited = OutsideParticipant.objects.about(kind, public_id)
        remove_words(invited, *WORDS[OutsideParticipant])
        for person in Person.objects.filter(pk__in=invited.values("person"), is_outside=True):
            if not person.invitations.exclude(organisation=REMOVED).exists():
                forgotten += remove_name(person)
    return forgotten


def remove_name(person: Person) -> list[tuple[str, str]]:
    """Leave of a person nothing but an opaque name; they sign in no more."""
    person.name, person.reference = f"Somebody {person.public_id}", ""
    person.email = person.external_id = None
    person.is_active = False
    person.set_unusable_password()
    person.save()
    return [("person", person.public_id)]
