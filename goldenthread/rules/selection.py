"""Selection: which subjects may be drawn, and in words why the others may not; and who may audit what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from goldenthread.rules.conditions import Condition, Known, holds
from goldenthread.rules.parts import Line, Name, Part, PostName
from goldenthread.rules.spans import SpanText


class Exclusion(Part):
    """A reason to leave a subject out; with `unless_short`, only while its stratum has enough without it."""

    when: Condition
    """Leave the case out if this holds."""
    because: Line
    """The reason shown."""
    unless_short: bool = False
    """Whether it gives way where a team would have too few."""


class SelectionRule(Part):
    """The frame, its exclusions, and how many are drawn from which strata.

    Exclusions may name the facts of `facts.SUBJECT_FACTS`, `CHOOSING_FACTS` and `SELECTION_FACTS`.
    """

    frame: Condition
    """The cases that may be drawn at all."""
    exclude: tuple[Exclusion, ...] = ()
    """What leaves a case out, each with its reason."""
    strata: Literal["team", "service"] = "team"
    """What each gives its own number: teams or services."""
    order: Literal["random"] = "random"
    """The order of drawing: always random."""
    size: Name = Field(description="The target that says how many each stratum gives")
    one_per_practitioner: bool = True
    """Whether a practitioner is picked at most once in a draw."""
    exhausted: Literal["leave short"] = "leave short"
    """What happens where there are too few: always fewer picks, with the reason."""


@dataclass(frozen=True)
class Candidate:
    """One open subject with what is known of it on the day of the draw."""

    key: str
    stratum: str
    practitioner: str
    team: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FrameRow:
    """A candidate, and whether it may be drawn; if not, why."""

    key: str
    stratum: str
    practitioner: str
    team: str
    eligible: bool
    reason: str


def frame(
    rule: SelectionRule, candidates: Iterable[Candidate], sizes: Mapping[str, int], known: Known
) -> list[FrameRow]:
    """Every candidate, eligible or excluded with the reason; “where possible” is settled here.

    A stratum is short while the practitioners of its eligible candidates are fewer than its size. It
    then takes back the subjects that only `unless_short` exclusions leave out.
    """
    rows = [(one, *_excluded(rule, one, known)) for one in candidates]
    firm: dict[str, set[str]] = {}
    for one, reason, _ in rows:
        if not reason:
            firm.setdefault(one.stratum, set()).add(_limit_key(rule, one))
    short = {stratum for stratum, size in sizes.items() if len(firm.get(stratum, set())) < size}
    return [_row(one, reason, soft and one.stratum in short) for one, reason, soft in rows]


def _limit_key(rule: SelectionRule, one: Candidate) -> str:
    return one.practitioner if rule.one_per_practitioner and one.practitioner else one.key


def _row(one: Candidate, reason: str, taken_back: bool) -> FrameRow:
    eligible = not reason or taken_back
    shown = f"eligible although: {reason} (the stratum would be short)" if taken_back else reason
    return FrameRow(one.key, one.stratum, one.practitioner, one.team, eligible, shown)


def _excluded(rule: SelectionRule, one: Candidate, known: Known) -> tuple[str, bool]:
    """The reason that leaves a candidate out, firm ones first, and whether a short stratum lifts it."""
    facts = Known(on=known.on, facts=one.facts)
    if not holds(rule.frame, facts):
        return "not in this audit's frame", False
    for soft in (False, True):
        for exclusion in rule.exclude:
            if exclusion.unless_short == soft and holds(exclusion.when, facts):
                return exclusion.because, soft
    return "", False


Independence = Literal["not their own work", "not their own team", "not the earlier auditor"]


class Pool(Part):
    """Who may audit the subjects for which the condition holds: holders of any of these posts."""

    when: Condition | None = None
    """The cases of this pool; without it, all that are left."""
    posts: tuple[PostName, ...] = Field(min_length=1)
    """Holders of any of these posts may audit them."""
    within: tuple[Name, ...] = ()
    """Only where they hold the post in one of these units or below one, by its name; anywhere unless said."""

    def takes(self, post: str, names: Iterable[str]) -> bool:
        """Whether a post is of the pool, held in a unit that with all above it has these names."""
        named = {name.casefold() for name in self.within}
        return post in self.posts and (not named or bool(named & {name.casefold() for name in names}))


class PairingRule(Part):
    """Who audits what. The first pool whose condition holds is the subject's pool."""

    pools: tuple[Pool, ...] = Field(min_length=1)
    """Who may audit what; the first pool that fits a case is its pool."""
    independence: tuple[Independence, ...] = ()
    """What no auditor may audit."""
    trained_in: Name | None = None
    """The course that an auditor has completed and that still holds."""
    capacity: int = Field(ge=1, le=50, description="Audits that one auditor can be given in a cycle")
    may_be_away: int = Field(
        default=100,
        ge=0,
        le=100,
        description="Per cent of the cycle's working days an auditor may be on leave",
    )

    def pool_for(self, known: Known) -> Pool | None:
        """The pool that audits a subject of which this is known."""
        return next((pool for pool in self.pools if holds(pool.when, known)), None)


class ReauditRule(Part):
    """When a finished audit of these types is looked at again, as which type, and not before when."""

    after: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that may be looked at again."""
    when: Condition
    """Only if this holds of the finished audit."""
    type: Name
    """The kind of audit that follows."""
    not_before: SpanText
    """How long after the audit was finished, at the least."""
    because: Line
    """The reason shown."""


class Target(Part):
    """How many audits of which types each team or service owes in a cycle, unless its own number is set."""

    title: Line
    """What people call the target."""
    counts: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that count."""
    per: Literal["team", "service"]
    """Who owes the number."""
    each: Literal["cycle"]
    """How often: each cycle."""
    number: int = Field(ge=0, le=1000)
    """How many, unless a team or service has its own number."""
