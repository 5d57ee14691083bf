"""What a page offers where a question asks for a person or a signature."""

from __future__ import annotations

from dataclasses import dataclass

from goldenthread.audits.naming import MOST_OFFERED, may_sign, people_offered
from goldenthread.audits.sheets import Sheet
from goldenthread.people.models import Person
from goldenthread.rules.forms import Given, Question
from goldenthread.rules.signing import named, signature, signature_words

NOT_SIGNED = "Not signed."


@dataclass(frozen=True)
class People:
    """Who may be picked: their ids and names; who is; and the name that is written instead."""

    options: tuple[tuple[str, str], ...]
    picked: str
    written: str
    is_cut: bool = False


@dataclass(frozen=True)
class Signing:
    """The signature that stands, whether it is the reader's own, and whether the reader may sign."""

    words: str
    is_signed: bool
    is_own: bool
    may_sign: bool
    roles: str


def people_for(sheet: Sheet, question: Question, given: Given, person: Person) -> People:
    """The people whom somebody may pick, whoever is picked already among them."""
    found = people_offered(sheet.audit, question, person, on=sheet.on)
    rows = list(found.values_list("public_id", "name")[: MOST_OFFERED + 1])
    said = named(given.value)
    options = rows[:MOST_OFFERED]
    if said and said.person and said.person not in dict(options):
        options.insert(0, (said.person, sheet.names.get(said.person, said.name)))
    picked = said.person if said else ""
    written = said.name if said and not said.person else ""
    return People(tuple(options), picked, written, len(rows) > MOST_OFFERED)


def signing_of(sheet: Sheet, question: Question, given: Given, person: Person) -> Signing:
    """What stands there, and what the reader can do about it."""
    stands = signature(given.value)
    titles = [sheet.pack.roles[role].title for role in question.roles]
    return Signing(
        signature_words(given.value, sheet.names) if given.value else NOT_SIGNED,
        stands is not None,
        stands is not None and stands.person == person.public_id,
        may_sign(sheet.audit, question, person, on=sheet.on),
        " or ".join(f"the {title}" for title in titles),
    )
