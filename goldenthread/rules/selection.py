"""Selection: which subjects may be drawn, and in words why the others may not; and who may audit what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition, Known, comparisons, holds
from goldenthread.rules.parts import Line, Name, Part, PostName
from goldenthread.rules.stated_days import Day
from goldenthread.rules.turns import DRAWN, NOMINATED, Order, sorted_turns, turn_of


class Exclusion(Part):
    """A reason to leave a subject out; with `unless_short`, only while its stratum has enough without it."""

    when: Condition
    """Leave the case out if this holds."""
    because: Line
    """The reason shown."""
    unless_short: bool = False
    """Whether it gives way where a team would have too few."""

    def is_about_earlier_audits(self) -> bool:
        """Whether it looks at nothing but when the case was audited before."""
        named = {compare.fact_named for compare in comparisons(self.when)}
        return named <= {"audited", "audited in this kind"}


class DrawnGroup(Part):
    """A group of cases with its own number, such as those with a protection plan, or of one area."""

    title: Line
    """What people call the group; the draw shows it."""
    when: Condition
    """The cases of the group; one of which several hold is of the first."""
    number: int | None = Field(default=None, ge=0, le=1000)
    """How many it gives in each cycle."""
    per_cent: float | None = Field(default=None, gt=0, le=100)
    """How many in a hundred of its cases open on the day of `caseload_on`, rounded up."""
    caseload_on: Day = "today"
    """The day on which its cases are counted for a share: `today` is the day of the frame, and no other is
    later than that. A case is of the group by what was known of it on that day."""
    everyone: bool = False
    """Whether every case of it that nothing leaves out is taken, however many of a practitioner."""

    @model_validator(mode="after")
    def _says_how_many_in_one_way(self) -> DrawnGroup:
        if (self.number is not None) + (self.per_cent is not None) + self.everyone != 1:
            raise ValueError("Say how many by exactly one of number, per_cent or everyone.")
        if self.per_cent is None and "caseload_on" in self.model_fields_set:
            raise ValueError("This is no share of its cases; leave “caseload_on” out.")
        return self


Strata = Literal["team", "service", "practitioner", "organisation", "groups"]
Choice = Literal["draw", "nomination first, then draw", "nomination only"]
NOT_NOMINATED = "nobody nominated the case"


class SelectionRule(Part):
    """The frame, its exclusions, and how many are taken from which strata, in which order.

    Exclusions may name the facts of `facts.SUBJECT_FACTS`, `CHOOSING_FACTS` and `SELECTION_FACTS`.
    """

    frame: Condition
    """The cases that may be drawn at all."""
    exclude: tuple[Exclusion, ...] = ()
    """What leaves a case out, each with its reason."""
    strata: Strata = "team"
    """What each gives its own number: teams, services, practitioners, the whole organisation, or `groups`
    alone."""
    groups: tuple[DrawnGroup, ...] = ()
    """Groups of cases by what is known of them, each with its own number, drawn first. A case of a group is
    drawn for that group alone; cases of none are drawn by the other strata, or not at all with `groups`."""
    order: Order = "random"
    """At random, or in turn; a case never audited waits since it was opened. Equal turns: at random. Or
    `systematic`: the cases are sorted, and each so many-th is taken from a start that the seed gives."""
    sorted_by: Name | None = None
    """With `systematic`: the fact by which they are sorted, such as `opened`, or `reference`."""
    size: Name | None = None
    """The target that says how many each stratum that is no group gives; every eligible case unless said."""
    one_per_practitioner: bool = True
    """Whether a practitioner is picked at most once in a draw."""
    exhausted: Literal["leave short", "go round again"] = "leave short"
    """Where there are too few: fewer picks with the reason, or first what only an earlier audit leaves out,
    audited longest ago first."""
    choice: Choice = "draw"
    """Whether people may nominate cases, with a reason, before the frame is frozen: those agreed take their
    stratum's places first; with `nomination only` nothing else is taken."""
    nominated_by: tuple[Name, ...] = ()
    """The roles that may nominate a case that they may see."""
    agreed_by: tuple[Name, ...] = ()
    """The roles that agree to a nomination or decline it; without any, a nomination stands at once."""
    agreeing_starts: Name | None = None
    """The clock of the task to agree or decline; needed where somebody agrees."""

    @model_validator(mode="after")
    def _says_who_nominates(self) -> SelectionRule:
        if (self.choice == "draw") == bool(self.nominated_by):
            raise ValueError(
                "Where people choose cases say with “nominated_by” who does; where all are drawn leave it."
            )
        if self.agreed_by and not self.nominated_by:
            raise ValueError("Nobody nominates a case here, so nobody agrees to it; leave “agreed_by” out.")
        if bool(self.agreed_by) != bool(self.agreeing_starts):
            raise ValueError(
                "“agreed_by” needs “agreeing_starts”, the clock by which they agree, and no other."
            )
        return self

    @model_validator(mode="after")
    def _says_how_they_are_sorted(self) -> SelectionRule:
        if (self.order == "systematic") != (self.sorted_by is not None):
            raise ValueError("“order: systematic” and “sorted_by” go together; say both or neither.")
        if self.order == "systematic" and self.size is None and not self._draws_of_a_group():
            raise ValueError(
                "Without “size” every case is taken, so there is nothing to sort; leave “order” out."
            )
        return self

    @model_validator(mode="after")
    def _says_which_groups(self) -> SelectionRule:
        if self.strata == "groups" and not self.groups:
            raise ValueError("“strata: groups” draws from groups alone; say under “groups” which.")
        if self.strata == "groups" and self.size:
            raise ValueError(
                "Each group has its own number, so there is no target to go by; leave “size” out, or say "
                "with “strata” what the target is for."
            )
        titles = [one.title.casefold() for one in self.groups]
        if twice := next((one.title for one in self.groups if titles.count(one.title.casefold()) > 1), None):
            raise ValueError(f"Two groups are called “{twice}”; give each its own title.")
        return self

    def _draws_of_a_group(self) -> bool:
        """Whether some group gives no more than a part of its cases."""
        return any(not group.everyone for group in self.groups)

    def has_a_number(self) -> bool:
        """Whether a number is wanted of some stratum, so that it can be short."""
        return self.size is not None or self._draws_of_a_group()

    def conditions(self) -> list[Condition]:
        """Every condition that it asks of a case."""
        return [self.frame, *(one.when for one in self.exclude), *(one.when for one in self.groups)]

    def group_of(self, known: Known) -> DrawnGroup | None:
        """The group of a case of which this is known; None if it is of none."""
        return next((one for one in self.groups if holds(one.when, known)), None)

    def may_go_round(self) -> bool:
        """Whether something is left out for an earlier audit alone."""
        return any(one.is_about_earlier_audits() and not one.unless_short for one in self.exclude)


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
    turn: str = ""


def frame(
    rule: SelectionRule, candidates: Iterable[Candidate], sizes: Mapping[str, int], known: Known
) -> list[FrameRow]:
    """Every candidate, eligible or excluded with the reason; “where possible” is settled here.

    A stratum is short while the practitioners of its eligible candidates are fewer than its size. It
    then takes back the subjects that only `unless_short` exclusions leave out; if it is still short and
    the rule goes round again, those that only an earlier audit leaves out, as many as it lacks.
    """
    rows = [(one, *_excluded(rule, one, known)) for one in candidates]
    found: dict[str, set[str]] = {}
    for one, reason, _ in rows:
        if not reason:
            found.setdefault(one.stratum, set()).add(_limit_key(rule, one))
    short = {stratum for stratum, size in sizes.items() if len(found.get(stratum, set())) < size}
    back = {one.key: "the stratum would be short" for one, _, soft in rows if soft and one.stratum in short}
    for one, _, _ in rows:
        if one.key in back:
            found.setdefault(one.stratum, set()).add(_limit_key(rule, one))
    if rule.exhausted == "go round again":
        left = [one for one, reason, _ in rows if reason and one.key not in back]
        back |= _round_again(rule, left, sizes, found, known)
    turns = _turns(rule, (one for one, _, _ in rows))
    return [_row(one, reason, back.get(one.key, ""), turns[one.key]) for one, reason, _ in rows]


def _round_again(
    rule: SelectionRule,
    left: Iterable[Candidate],
    sizes: Mapping[str, int],
    found: dict[str, set[str]],
    known: Known,
) -> dict[str, str]:
    """What comes back of those that were audited before, the longest ago first, until no stratum is short."""
    again: dict[str, str] = {}
    audited = [one for one in left if _only_audited_before(rule, one, known)]
    for one in sorted(audited, key=lambda one: (_last_audit(one) or known.on, one.key)):
        limits = found.setdefault(one.stratum, set())
        if len(limits) < sizes.get(one.stratum, 0) and _limit_key(rule, one) not in limits:
            limits.add(_limit_key(rule, one))
            again[one.key] = "every other case has had its turn"
    return again


def _only_audited_before(rule: SelectionRule, one: Candidate, known: Known) -> bool:
    """Whether nothing but an earlier audit leaves a candidate of the frame out."""
    facts = Known(on=known.on, facts=one.facts)
    firm = [each for each in rule.exclude if not each.unless_short and holds(each.when, facts)]
    return holds(rule.frame, facts) and all(each.is_about_earlier_audits() for each in firm)


def _last_audit(one: Candidate) -> date | None:
    """The day of a case's last audit of this kind; of any, where none was of this kind."""
    found: date | None = one.facts.get("audited in this kind") or one.facts.get("audited")
    return found


def _turns(rule: SelectionRule, candidates: Iterable[Candidate]) -> dict[str, str]:
    """The turn of each candidate in the rule's order."""
    if rule.sorted_by is not None:
        return sorted_turns({one.key: one.facts.get(rule.sorted_by) for one in candidates})
    return {one.key: turn_of(rule.order, one.facts) for one in candidates}


def with_nominations(
    rule: SelectionRule, rows: Iterable[FrameRow], nominated: Collection[str]
) -> list[FrameRow]:
    """The frame in which the nominated cases come first, or alone; what leaves a case out stays as it is."""
    found = []
    for row in rows:
        turn = NOMINATED if row.key in nominated else DRAWN
        turned = replace(row, turn=f"{turn} {row.turn}".strip())
        if rule.choice == "nomination only" and row.eligible and row.key not in nominated:
            turned = replace(turned, eligible=False, reason=NOT_NOMINATED)
        found.append(turned)
    return found


def _limit_key(rule: SelectionRule, one: Candidate) -> str:
    return one.practitioner if rule.one_per_practitioner and one.practitioner else one.key


def _row(one: Candidate, reason: str, taken_back: str, turn: str) -> FrameRow:
    eligible = not reason or bool(taken_back)
    shown = f"eligible although: {reason} ({taken_back})" if taken_back else reason
    return FrameRow(one.key, one.stratum, one.practitioner, one.team, eligible, shown, turn)


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


Independence = Literal[
    "not their own work",
    "only their own work",
    "not their own team",
    "only their own service",
    "not their own line",
    "not the earlier auditor",
]


class Pool(Part):
    """Who may audit the subjects for which the condition holds: holders of any of these posts."""

    when: Condition | None = None
    """The cases of this pool; without it, all that are left."""
    posts: tuple[PostName, ...] = Field(min_length=1)
    """Holders of any of these posts may audit them."""
    within: tuple[Name, ...] = ()
    """Only where they hold the post in one of these units or below one, by its name; anywhere unless said."""

    pairs: Literal["each cycle", "each year"] | None = None
    """Whether the teams in which its posts are held audit each other in pairs, and when the pairs change."""

    def takes(self, post: str, names: Iterable[str]) -> bool:
        """Whether a post is of the pool, held in a unit that with all above it has these names."""
        named = {name.casefold() for name in self.within}
        return post in self.posts and (not named or bool(named & {name.casefold() for name in names}))


class PairingRule(Part):
    """Who audits what. The first pool whose condition holds is the subject's pool."""

    pools: tuple[Pool, ...] = Field(min_length=1)
    """Who may audit what; the first pool that fits a case is its pool."""
    independence: tuple[Independence, ...] = ()
    """What no auditor may audit, or what alone. A line is the managers at and above the case's team."""
    set_aside_by_hand: tuple[Independence, ...] = ()
    """Which of these give way where an audit that something led to finds nobody, and somebody who allots
    chooses by hand and says why; without it none does."""
    trained_in: Name | None = None
    """The course that an auditor has completed and that still holds."""
    capacity: int = Field(ge=1, le=50, description="Audits that one auditor can be given in a cycle")
    capacity_in_year: int | None = Field(
        default=None,
        ge=1,
        le=500,
        description="Audits of these kinds that one auditor can be given in a year",
    )
    may_be_away: int = Field(
        default=100,
        ge=0,
        le=100,
        description="Per cent of the cycle's working days an auditor may be on leave",
    )

    def pool_for(self, known: Known) -> Pool | None:
        """The pool that audits a subject of which this is known."""
        return next((pool for pool in self.pools if holds(pool.when, known)), None)
