"""The typed model of a framework: everything that an organisation's audit framework says, as one document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from goldenthread.rules.clocks import ClockRule
from goldenthread.rules.conditions import Condition
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.flow import Flow
from goldenthread.rules.forms import Form
from goldenthread.rules.grading import Grading
from goldenthread.rules.parts import Name, Part, Text
from goldenthread.rules.roles import Addressee, Role
from goldenthread.rules.scales import Scale
from goldenthread.rules.selection import PairingRule, ReauditRule, SelectionRule, Target
from goldenthread.rules.spans import SpanText

Term = Literal[
    "audit",
    "re-audit",
    "auditor",
    "case",
    "person",
    "practitioner",
    "team manager",
    "head of service",
    "quality team",
    "quality check",
    "conversation",
    "domain",
    "good practice",
    "area to improve",
]


class Word(Part):
    """The organisation's word for a standard term."""

    one: Text
    many: Text


class Clock(ClockRule):
    """A clock with the words of the task that it makes: what is owed."""

    title: Text


class CycleClock(Part):
    """A task due when the audit's cycle closes."""

    title: Text
    until: Literal["the cycle closes"]
    owed_by: Name


def _clock_kind(value: object) -> str:
    until = "until" in value if isinstance(value, dict) else isinstance(value, CycleClock)
    return "<until>" if until else "<length>"


AnyClock = Annotated[
    Annotated[Clock, Tag("<length>")] | Annotated[CycleClock, Tag("<until>")], Discriminator(_clock_kind)
]


class AuditType(Part):
    """One kind of audit: what it looks at, by which form and flow, how cases and auditors are found."""

    title: Text
    layer: Literal["routine", "re-audit"]
    form: Name
    grading: Name
    flow: Name
    selection: Name | None = None
    pairing: Name
    looks_back: SpanText
    on_sending_starts: tuple[Name, ...] = ()
    documents: tuple[Text, ...] = ()


class Notice(Part):
    """Who is told what, when: on `sending`, on an `alert`, or on a step of a flow.

    The text may use {type}, {reference}, {cycle}, {due} and {link}; it holds no names, grades or reasons.
    """

    on: Name
    to: tuple[Name, ...] = Field(min_length=1)
    when: Condition | None = None
    subject: Text
    text: Text


class ConcernRoute(Part):
    """What happens at once when somebody reading a file is worried: who is told, who must answer."""

    clock: Name
    tells: tuple[Name, ...] = Field(min_length=1)
    guidance: Text


class FilingNote(Part):
    """The case note that files an audit.

    The words may use {type}, {reference}, {overall}, {date} and {alerted}; `alerts` lists the roles
    that the case system's own alert goes to, each with its condition.
    """

    title: Text
    note_type: Text
    text: Text
    alerts: tuple[Addressee, ...] = ()


class Report(Part):
    """The month's report: its title, its parts in order, and the roles it is for."""

    title: Text
    parts: tuple[
        Literal[
            "audited", "grades", "stages", "teams", "coverage", "themes", "good practice", "late and missing"
        ],
        ...,
    ] = Field(min_length=1)
    readers: tuple[Name, ...] = Field(min_length=1)


class Framework(Part):
    """A framework pack: one versioned document."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: Text
    owner: Text
    purpose: Text
    source: str = ""
    vocabulary: dict[Term, Word] = Field(default_factory=dict)
    facts: dict[Name, Text] = Field(
        default_factory=dict,
        description="Dated facts that this organisation's extracts bring, and what each means",
    )
    roles: dict[Name, Role] = Field(min_length=1)
    calendar: YearCalendar
    audit_types: dict[Name, AuditType] = Field(min_length=1)
    selection: dict[Name, SelectionRule] = Field(default_factory=dict)
    pairing: dict[Name, PairingRule] = Field(min_length=1)
    forms: dict[Name, Form] = Field(min_length=1)
    scales: dict[Name, Scale] = Field(default_factory=dict)
    grading: dict[Name, Grading] = Field(min_length=1)
    flows: dict[Name, Flow] = Field(min_length=1)
    clocks: dict[Name, AnyClock] = Field(default_factory=dict)
    notices: dict[Name, Notice] = Field(default_factory=dict)
    concern: ConcernRoute
    re_audit: tuple[ReauditRule, ...] = ()
    targets: dict[Name, Target] = Field(default_factory=dict)
    themes: dict[Name, Text] = Field(default_factory=dict)
    filing: FilingNote
    report: Report

    def word(self, term: Term, many: bool = False) -> str:
        """The organisation's word for a term; the term itself where it has none of its own."""
        word = self.vocabulary.get(term)
        if word is None:
            return f"{term}s" if many else term
        return word.many if many else word.one

    def form_of(self, audit_type: str) -> Form:
        """The form of an audit type."""
        return self.forms[self.audit_types[audit_type].form]

    def grading_of(self, audit_type: str) -> Grading:
        """How audits of a type are graded."""
        return self.grading[self.audit_types[audit_type].grading]

    def scale_of(self, audit_type: str) -> Scale:
        """The scale of an audit type's grades."""
        return self.scales[self.grading_of(audit_type).scale]

    def flow_of(self, audit_type: str) -> Flow:
        """The flow of an audit type."""
        return self.flows[self.audit_types[audit_type].flow]
