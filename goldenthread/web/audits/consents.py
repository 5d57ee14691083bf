"""The consents that gates ask for, as the page of an audit or an action shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from goldenthread.audits.consenting import Asking
from goldenthread.audits.models import Consent
from goldenthread.people.models import Person
from goldenthread.rules.calendars import in_words
from goldenthread.rules.checks_of_gates import clocks_of
from goldenthread.rules.framework import Framework
from goldenthread.rules.gates import THE_AUDIT, Gate


@dataclass(frozen=True)
class Given:
    """One consent as it is read; its words only by those who may read them."""

    consent: Consent
    role: str
    said: str


@dataclass(frozen=True)
class Card:
    """What a gate asks for: what waits, who consented, who has still to, and what this person may do."""

    gate: str
    before: str
    says: str
    missing: str
    given: list[Given]
    offers: list[tuple[str, str]]
    is_mine: bool


def cards(askings: Iterable[Asking], person: Person, *, reads: bool, on: date) -> list[Card]:
    """A card for each gate at which a record waits."""
    return [_card(one, person, reads=reads, on=on) for one in askings]


def given_before(asked_about: tuple[str, str], pack: Framework) -> list[Given]:
    """The consents about a record that have let something through, for those who may read its words.

    A query only if a gate of the framework asks for any.
    """
    if not clocks_of(pack):
        return []
    kind, public_id = asked_about
    found = Consent.objects.filter(about_kind=kind, about_id=public_id, ended_as=Consent.Ended.PASSED)
    rows = found.select_related("person").order_by("pk")[:50]
    return [Given(one, _title(pack, one.role), one.said) for one in rows]


def _card(asking: Asking, person: Person, *, reads: bool, on: date) -> Card:
    rows = list(asking.given().select_related("person"))
    offers = [(clock, asking.pack.clocks[clock].title) for clock in asking.open_to(person, on=on)]
    is_mine = any(one.person_id == person.pk for one in rows)
    shown = reads or is_mine or bool(offers)
    return Card(
        gate=asking.gate,
        before=_before(asking),
        says=asking.rule.says,
        missing=asking.missing(),
        given=[Given(one, _title(asking.pack, one.role), one.said if shown else "") for one in rows],
        offers=offers,
        is_mine=is_mine,
    )


def _title(pack: Framework, role: str) -> str:
    return pack.roles[role].title.lower() if role in pack.roles else role


def _before(asking: Asking) -> str:
    """What waits for the consents."""
    gate = asking.rule
    if not isinstance(gate, Gate):
        return "Before the action is closed"
    if gate.keeps_closed is not None:
        audit = f"the {asking.pack.words['audit']}"
        what = [audit if one == THE_AUDIT else one for one in gate.keeps_closed.what]
        return f"Before anybody opens {in_words(what)}"
    steps = asking.pack.flow_of(asking.audit.audit_type).steps
    labels = [f"“{steps[name].label}”" for name in gate.steps if name in steps]
    return f"Before {in_words(labels)}"
