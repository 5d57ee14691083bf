"""Agreements: what two people agree to check, how and how often, signed by both and looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import Field

from goldenthread.rules.clocks import LengthText
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.refusal import Refused


class AgreedItem(Part):
    """One thing of which the accuracy is checked; a list to work from shows its `fact` for each case."""

    label: Line
    """What is checked."""
    fact: Name | None = None
    """The dated fact of a case that the list to work from shows."""


class AgreementRule(Part):
    """What each team agrees on: items with a method and a frequency; signed, checked, looked at again."""

    title: Line
    """What people call the agreement."""
    items: dict[Name, AgreedItem] = Field(min_length=1)
    """The standard list, of which a team takes what it needs."""
    own_items: bool = True
    """Whether a team may add items of its own."""
    methods: tuple[Line, ...] = Field(min_length=1)
    """The ways of checking that are offered."""
    every: tuple[LengthText, ...] = Field(min_length=1)
    """The frequencies that are offered, such as “1 month”."""
    signed_by: tuple[Name, ...] = Field(min_length=1)
    """The roles that sign it; each signature is another person's."""
    copied_to: tuple[Name, ...] = ()
    """The roles that are told once it is signed."""
    check: Name
    """The clock of a check; its length gives way to the frequency agreed for the item."""
    review: Name
    """The clock by which it is looked at again, from its last signature."""


@dataclass(frozen=True)
class Agreed:
    """One item as a team agreed it: what, by which method, how often."""

    label: str
    method: str
    every: str
    key: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is the team's own, beyond the standard list."""
        return not self.key


def how_often(every: str) -> str:
    """How often something is checked: "every week", "every 2 months"."""
    return f"every {every.removeprefix('1 ')}"


def first_offer(rule: AgreementRule) -> list[Agreed]:
    """The standard list with the first method and frequency, to begin with."""
    return [Agreed(item.label, rule.methods[0], rule.every[0], key) for key, item in rule.items.items()]


def refuse_unless_offered(rule: AgreementRule, items: Collection[Agreed]) -> None:
    """An agreement has items, each once, in the ways that the framework offers; else `Refused`."""
    if not items:
        raise Refused("Keep at least one item, or discard the agreement.")
    labels: set[str] = set()
    for item in items:
        if not item.label.strip():
            raise Refused("Say what is checked, or take the empty item out.")
        if item.label.casefold() in labels:
            raise Refused(f"“{item.label}” stands here twice; keep one.")
        labels.add(item.label.casefold())
        if item.is_own and not rule.own_items:
            raise Refused(f"“{item.label}” is not on the standard list, and no items are added to it here.")
        if item.method not in rule.methods:
            raise Refused(f"Choose how “{item.label}” is checked: {_listed(rule.methods)}.")
        if item.every not in rule.every:
            raise Refused(f"Choose how often “{item.label}” is checked: {_listed(rule.every)}.")


def may_sign(rule: AgreementRule, held: Iterable[str], signed: Collection[str]) -> str:
    """The role in which somebody with these roles signs next; `Refused` where they cannot."""
    own = [name for name in rule.signed_by if name in set(held)]
    if not own:
        raise Refused("This agreement is signed by others. Ask one of those named on it.")
    left = [name for name in own if name not in signed]
    if not left:
        raise Refused("It is signed in that role already.")
    return left[0]


def _listed(offered: Iterable[str]) -> str:
    return ", ".join(offered)
