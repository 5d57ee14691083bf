"""The typed model of a framework: everything that an organisation's audit framework says, as one document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from goldenthread.rules.actions import ActionRule
from goldenthread.rules.agreements import AgreementRule
from goldenthread.rules.causes import Cause, FindingRule, Gravity
from goldenthread.rules.clocks import ClockRule, LengthText
from goldenthread.rules.conditions import Condition
from goldenthread.rules.copies import CopyRule
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.disputes import DisputeRoute
from goldenthread.rules.documents import Path
from goldenthread.rules.flow import Flow
from goldenthread.rules.forms import Form
from goldenthread.rules.gates import Gate
from goldenthread.rules.goals import Goal
from goldenthread.rules.grading import Grading
from goldenthread.rules.ladders import ConcernRoute, LateLadder, PrivateRoute
from goldenthread.rules.moderation import ModerationRule
from goldenthread.rules.parts import Line, Name, Part, Text
from goldenthread.rules.pauses import PauseRule
from goldenthread.rules.reaudits import ReauditRule
from goldenthread.rules.reports import PeriodReport, Report
from goldenthread.rules.responses import ResponseRule
from goldenthread.rules.retention import Retention
from goldenthread.rules.returns import ReturnRule
from goldenthread.rules.roles import Addressee, Role
from goldenthread.rules.scales import UNGRADED, Scale
from goldenthread.rules.selection import PairingRule, SelectionRule
from goldenthread.rules.sources import asked_about
from goldenthread.rules.spans import SpanText, parse_span, span_before
from goldenthread.rules.standards import Scheme, Standard
from goldenthread.rules.subjects import CASE, Filing, SubjectKind
from goldenthread.rules.summaries import Summary
from goldenthread.rules.targets import Target
from goldenthread.rules.triggers import Trigger
from goldenthread.rules.vocabulary import Term, Word, forms_of
from goldenthread.rules.windows import Reading


class Clock(ClockRule):
    """A clock with the words of the task that it makes: what is owed."""

    title: Line
    """The words of the task: what is owed."""
    warn_before: LengthText | None = None
    """How long before it is due the daily reminder begins to count it; without it, from when it is late."""
    paused_by: tuple[Literal["a dispute", "leave", "a recorded reason"], ...] = ()
    """What makes it stand still: an open dispute of the audit, leave of the one person who owes it, or what
    somebody records by the rule under `pauses`."""
    ends_with: Literal["the first answer"] | None = None
    """What ends it besides a step: the first answer to the audit's own form; a ladder can then ask about
    an audit that nobody began."""


class CycleClock(Part):
    """A task due when the audit's cycle closes, or when the trigger that led to the audit says."""

    title: Line
    """The words of the task: what is owed."""
    until: Literal["the cycle closes", "its trigger says"]
    """The cycle closes, or for an audit that a trigger leads to, when that says."""
    before: LengthText | None = None
    """How long before the cycle closes it is due; on that day itself unless said. Where longer is given for
    an audit, it is due by the day that is given."""
    owed_by: Name
    """The role that owes it."""
    warn_before: LengthText | None = None
    """How long before it is due the daily reminder begins to count it; without it, from when it is late."""


def _clock_kind(value: object) -> str:
    until = "until" in value if isinstance(value, dict) else isinstance(value, CycleClock)
    return "<until>" if until else "<length>"


AnyClock = Annotated[
    Annotated[Clock, Tag("<length>")] | Annotated[CycleClock, Tag("<until>")], Discriminator(_clock_kind)
]


class AuditType(Part):
    """One kind of audit: what it looks at, by which form and flow, how cases and auditors are found."""

    title: Line
    """What people call this kind of audit."""
    layer: Literal["routine", "re-audit"]
    """Whether cases are drawn for it, or earlier audits lead to it."""
    subject: Name | None = None
    """What it looks at, one of the `subjects`; a case unless said."""
    form: Name
    """The form that is filled in."""
    grading: Name
    """How it is graded."""
    flow: Name
    """The steps that it takes."""
    selection: Name | None = None
    """How its cases are chosen; a routine audit that is drawn needs it, a re-audit has none."""
    calendar: Name | None = None
    """Which of the `calendars` its cycles are of; the framework's own `calendar` unless said."""
    pairing: Name
    """Who audits what."""
    looks_back: SpanText
    """How far back the audit looks, such as “6 months”."""
    judges: SpanText | None = None
    """How far back what is judged goes, where the rest is read to understand it; as far as the audit looks
    unless said."""
    goes_by: Reading | None = None
    """Which records count; left to guidance unless said."""
    sources: tuple[Name, ...] = ()
    """The sources that it uses: of each the auditor says whether it could be used, or why not."""
    asks_source: bool = False
    """Whether the auditor picks the sources that an answer rests on, where a question names several."""
    on_sending_starts: tuple[Name, ...] = ()
    """The clocks that start when the audit is sent."""
    co_auditors: int = Field(default=0, ge=0, le=20)
    """How many may audit together with the auditor; they share one form and one grade."""
    returns: dict[Name, ReturnRule] = Field(default_factory=dict)
    """The parts that several parties fill in apart, by name; without any, the audit is filled in once."""
    filing: Filing = "case record"
    """Where the report is filed: as a case note on the case record, or kept here and off the case record."""
    retention: Retention | None = None
    """How long its audits are kept as they are, and what then; without it, until told otherwise."""
    summary: Summary | None = None
    """Who reads a summary of it on screen, and not all of it; without it, nobody."""

    @model_validator(mode="after")
    def _judges_within_what_it_looks_at(self) -> AuditType:
        any_day = date(2026, 1, 31)
        back = span_before(parse_span(self.looks_back), any_day)
        if self.judges and span_before(parse_span(self.judges), any_day) < back:
            raise ValueError("“judges” reaches further back than “looks_back”; make it no longer than that.")
        return self


CONVERSATION, CONVERSATION_OFF = "conversation", "conversation called off"
CYCLE_END = "end of the cycle"
MOMENTS = ("sending", "alert", "extension", CONVERSATION, CONVERSATION_OFF, CYCLE_END)
"""When a notice may be written besides at the steps of a flow."""


class Notice(Part):
    """Who is told what, when: at one of the `MOMENTS`, or on a step of a flow.

    That of a `conversation` comes with an invitation for the calendar, whenever it is arranged or moved;
    when it is called off, everybody who was asked is told in those words.

    That of the `end of the cycle` tells, the day after, that its report and spreadsheets are there; its words
    may use {cycle} and {link} alone.

    The text may use {type}, {reference}, {cycle}, {due} and {link}; it holds no names, grades or reasons.
    """

    on: Name
    """`sending`, `alert`, `extension`, `conversation`, `conversation called off`, `end of the cycle`, or the
    name of a step."""
    to: tuple[Name, ...] = Field(min_length=1)
    """The roles that are told."""
    when: Condition | None = None
    """Only if this holds."""
    subject: Line
    """The subject of the e-mail."""
    text: Text
    """What the e-mail says."""


class FilingNote(Part):
    """The case note that files an audit.

    The words may use {type}, {reference}, {overall}, {date} and {alerted}; `alerts` lists the roles
    that the case system's own alert goes to, each with its condition.
    """

    title: Line
    """The title; filled in, it has at most 100 characters."""
    note_type: Name
    """The type of the note on the case system."""
    text: Text
    """What the note says."""
    alerts: tuple[Addressee, ...] = ()
    """The roles that the case system alerts."""


class Framework(Part):
    """A framework pack: one versioned document."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    """What the framework is called in commands and addresses."""
    title: Line
    """What people call it."""
    owner: Line
    """Who answers for it."""
    approved_by: Line | None = None
    """Who agrees to each version: a post, a group or a board."""
    reviewed_after: SpanText | None = None
    """How long after a version takes effect it is due to be looked at again, such as “1 year”."""
    purpose: Text
    """What it is for."""
    source: str = ""
    """Where it comes from."""
    vocabulary: dict[Term, Word] = Field(default_factory=dict)
    """The organisation's words for standard terms."""
    facts: dict[Name, Text] = Field(
        default_factory=dict,
        description="Dated facts that this organisation's extracts bring, and what each means",
    )
    naming_facts: tuple[Name, ...] = ()
    """Facts that say who somebody is, such as a worker of an agency: no report without names goes by them."""
    standards: dict[Name, Standard] = Field(default_factory=dict)
    """Standards by name: what must be seen in practice."""
    schemes: dict[Name, Scheme] = Field(default_factory=dict)
    """Whose expectations the standards answer, by name."""
    ended_standards: dict[Name, Line] = Field(default_factory=dict)
    """Statutory standards of earlier versions that no longer hold, each with what changed in the law."""
    roles: dict[Name, Role] = Field(min_length=1)
    """Roles by name."""
    calendar: YearCalendar
    """The year's cycles, of every kind of audit that names no other calendar."""
    calendars: dict[Name, YearCalendar] = Field(default_factory=dict)
    """Other calendars by name, for kinds of audit with cycles of their own."""
    triggers: dict[Name, Trigger] = Field(default_factory=dict)
    """What leads to audits by itself, instead of a draw, by name."""
    subjects: dict[Name, SubjectKind] = Field(default_factory=dict)
    """What is audited besides cases, by name."""
    audit_types: dict[Name, AuditType] = Field(min_length=1)
    """Kinds of audit by name."""
    selection: dict[Name, SelectionRule] = Field(default_factory=dict)
    """Ways of choosing cases by name."""
    pairing: dict[Name, PairingRule] = Field(min_length=1)
    """Ways of finding auditors by name."""
    forms: dict[Name, Form] = Field(min_length=1)
    """Forms by name."""
    scales: dict[Name, Scale] = Field(default_factory=dict)
    """Scales of grades by name."""
    grading: dict[Name, Grading] = Field(min_length=1)
    """Ways of grading by name."""
    flows: dict[Name, Flow] = Field(min_length=1)
    """Flows by name: the states and steps of an audit."""
    clocks: dict[Name, AnyClock] = Field(default_factory=dict)
    """Clocks by name: what is owed, by whom, by when."""
    notices: dict[Name, Notice] = Field(default_factory=dict)
    """Notices by name: who is told what, when."""
    concern: ConcernRoute
    """What happens when somebody is worried about a person's safety."""
    disputes: DisputeRoute | None = None
    """How somebody disagrees with a report; without it, nobody can in the system."""
    conduct: PrivateRoute | None = None
    """The private way for concerns about competence or conduct; without it there is none."""
    ladders: dict[Name, LateLadder] = Field(default_factory=dict)
    """Ladders for late work and silence, by name."""
    pauses: PauseRule | None = None
    """Who may let a clock stand still, and for which reasons; without it nobody records a pause."""
    gates: dict[Name, Gate] = Field(default_factory=dict)
    """Gates by name: what must be so before a step is taken."""
    re_audit: tuple[ReauditRule, ...] = ()
    """When an audit is looked at again."""
    responses: dict[Name, ResponseRule] = Field(default_factory=dict)
    """What follows a final audit, by name: discussions and thanks."""
    actions: ActionRule | None = None
    """How actions are agreed, done, proven and closed; without it none are recorded."""
    targets: dict[Name, Target] = Field(default_factory=dict)
    """How many audits are owed, by name."""
    goals: dict[Name, Goal] = Field(default_factory=dict)
    """Shares that are aimed at, by name, such as how many audits are graded good or better."""
    themes: dict[Name, Text] = Field(default_factory=dict)
    """The themes of findings: a key and the words of each."""
    sources: dict[Name, Line] = Field(default_factory=dict)
    """Where auditors look, such as the case system, paper, an interview: a key and the words of each."""
    causes: dict[Name, Cause] = Field(default_factory=dict)
    """Likely causes of what was found to improve, by name, such as knowledge, time, an unclear process."""
    severities: dict[Name, Gravity] = Field(default_factory=dict)
    """How grave something to improve can be, by name, the least grave first."""
    findings: FindingRule | None = None
    """What must be said of each thing to improve; without it, its words are enough."""
    agreements: dict[Name, AgreementRule] = Field(default_factory=dict)
    """What each team agrees to check again and again, by name."""
    moderation: dict[Name, ModerationRule] = Field(default_factory=dict)
    """Which finished audits somebody else grades again, by name."""
    copies: dict[Name, CopyRule] = Field(default_factory=dict)
    """Who gets a copy of an audit or of a report, by name."""
    filing: FilingNote
    """The case note that files an audit."""
    report: Report
    """The report of each cycle."""
    reports: dict[Name, PeriodReport] = Field(default_factory=dict)
    """Further reports by name: over longer periods, for other readers, or about one person."""

    @cached_property
    def words(self) -> dict[str, str]:
        """Every form of every term of the vocabulary, such as `audits` and `An_audit`."""
        return forms_of(self.vocabulary)

    @cached_property
    def _words_of_kinds(self) -> dict[str, dict[str, str]]:
        """The words for each kind of subject, its own said for the case."""
        return {name: forms_of({**self.vocabulary, "case": kind}) for name, kind in self.subjects.items()}

    def words_for(self, audit_type: str) -> dict[str, str]:
        """The words on pages about audits of a type: what it looks at is said where a case would be."""
        return self.words_of_kind(self.kind_audited(audit_type))

    @cached_property
    def words_of_all(self) -> dict[str, str]:
        """The words on pages about all audits: what every kind looks at, if that is the same, for a case."""
        audited = self.kinds_audited(self.audit_types)
        return self.words_of_kind(audited[0]) if len(audited) == 1 else self.words

    def words_of_kind(self, kind: str) -> dict[str, str]:
        """The words on pages about a subject of a kind; the framework's own for a case, or one not known."""
        return self._words_of_kinds.get(kind, self.words)

    def kind_audited(self, audit_type: str) -> str:
        """The kind of subject that audits of a type look at; a case for a type that is not there."""
        kind = self.audit_types.get(audit_type)
        return (kind.subject if kind else None) or CASE

    def kinds_audited(self, audit_types: Iterable[str]) -> tuple[str, ...]:
        """The kinds of subject that audits of these types look at."""
        return tuple(dict.fromkeys(self.kind_audited(name) for name in audit_types)) or (CASE,)

    def is_about_staff(self, audit_type: str) -> bool:
        """Whether audits of a type look at a member of staff, and not at somebody who receives care."""
        kind = self.subjects.get(self.kind_audited(audit_type))
        return kind is not None and kind.is_about_staff

    def is_kept_here(self, audit_type: str) -> bool:
        """Whether audits of a type stay off the case record."""
        return self.audit_types[audit_type].filing == "kept here" or self.is_about_staff(audit_type)

    def for_report(self, name: str) -> Framework:
        """The framework as one of its `reports` reads it, which then stands for the cycle's own."""
        return self.model_copy(update={"report": self.reports[name]}) if name else self

    def every_report(self) -> dict[Path, Report]:
        """The cycle's own report and the further ones, each by its place in the document."""
        return {("report",): self.report, **{("reports", name): one for name, one in self.reports.items()}}

    def every_calendar(self) -> dict[str, YearCalendar]:
        """The framework's calendars by name; its own has none."""
        return {"": self.calendar, **self.calendars}

    def is_continuous(self, calendar: str) -> bool:
        """Whether the audits of a calendar go out one by one, as triggers say."""
        rule = self.every_calendar().get(calendar)
        return rule is not None and rule.continuous

    def types_in(self, calendar: str) -> list[str]:
        """The kinds of audit whose cycles are of a calendar, in the pack's order."""
        return [name for name, kind in self.audit_types.items() if (kind.calendar or "") == calendar]

    def calendar_of(self, audit_type: str) -> YearCalendar:
        """The calendar of an audit type's cycles."""
        return self.every_calendar()[self.audit_types[audit_type].calendar or ""]

    def form_of(self, audit_type: str) -> Form:
        """The form of an audit type, with what that asks about sources."""
        return self._forms_asked.get(audit_type) or self.forms[self.audit_types[audit_type].form]

    @cached_property
    def _forms_asked(self) -> dict[str, Form]:
        """The forms of those audit types that ask about sources."""
        asking = {name: kind for name, kind in self.audit_types.items() if kind.sources or kind.asks_source}
        return {
            name: asked_about(self.forms[kind.form], self.sources, used=kind.sources, rests=kind.asks_source)
            for name, kind in asking.items()
            if kind.form in self.forms
        }

    def grading_of(self, audit_type: str) -> Grading:
        """How audits of a type are graded."""
        return self.grading[self.audit_types[audit_type].grading]

    def scale_of(self, audit_type: str) -> Scale:
        """The scale of an audit type's grades; one without values where nothing is graded."""
        name = self.grading_of(audit_type).scale
        return UNGRADED if name is None else self.scales[name]

    def flow_of(self, audit_type: str) -> Flow:
        """The flow of an audit type."""
        return self.flows[self.audit_types[audit_type].flow]
