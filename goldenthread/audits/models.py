"""One look at one subject: answers, judgements, conversation, quality check, filing."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.audits.moderation_models import (  # noqa: F401 - the app's models are found here
    Moderation,
    ModerationDraw,
    ModerationGrade,
    not_blind,
)
from goldenthread.caseload.models import SEE_STAFF_FILES, Subject
from goldenthread.frameworks.models import Version, granted
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit, on_date

SEE_AUDITS = "see audits"
SEE_REPORTS = "see reports"


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits that this person may know of on that day: by their own part in it, or by a post that may.

        An audit of what is about a member of staff asks of the post to see staff files too. A predicate in
        SQL, never a list of ids. One that the person moderates blind is not among them for that long.
        """
        seen = Q(_takes_part(person, on)) | by_post(SEE_AUDITS, person, on)
        return self.filter(seen).filter(not_blind(person))

    def with_part_for(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits in which this person takes part on that day; they are among those visible to them."""
        return self.filter(_takes_part(person, on)).filter(not_blind(person))

    def reported_to(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits whose figures this person may read in reports on that day, by a post that sees reports."""
        return self.filter(by_post(SEE_REPORTS, person, on)).filter(not_blind(person))

    def with_framework(self, *relations: str) -> AuditQuerySet:
        """Each with its version's hash, by which its framework is known, and with the relations asked for."""
        columns = [field.name for field in Audit._meta.concrete_fields]
        return self.select_related("version", *relations).only(*columns, "version__sha256")

    def in_cycle(self, label: str) -> AuditQuerySet:
        return self.filter(cycle=label)

    def in_phase(self, *phases: str) -> AuditQuerySet:
        return self.filter(phase__in=phases)

    def done(self) -> AuditQuerySet:
        return self.filter(phase__in=["final", "filed"])

    def awaiting_quality_check(self) -> AuditQuerySet:
        return self.filter(phase="checking")

    def naming(self, text: str) -> AuditQuerySet:
        """Audits whose number, or whose case's reference, holds these words."""
        return self.filter(
            Q(number__icontains=text)
            | Q(subject__reference__icontains=text)
            | Q(subject__label__icontains=text)
        )

    def newest_first(self) -> AuditQuerySet:
        return self.order_by("-pk")

    def sent_before(self, public_id: str) -> AuditQuerySet:
        """What stands below an audit in the order of `newest_first`."""
        last = Audit.objects.filter(public_id=public_id).values("pk")
        return self.filter(pk__lt=models.Subquery(last[:1]))


class Audit(models.Model):
    """One audit of one subject under one version of a framework.

    `unit` is the team whose work is audited and `service` the unit above it, as they stood when the
    audit was sent; `previous` is the audit that a re-audit looks at again; `cycle` is a label
    such as "2026-11", joined by `programmes`.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    number = models.CharField(max_length=30, unique=True, help_text="What people call it: 2026-11/014")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="audits")
    audit_type = models.CharField(max_length=80)
    cycle = models.CharField(max_length=20)
    cycle_closes_on = models.DateField()
    extended_to = models.DateField(null=True, blank=True, help_text="the day until which longer was given")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="audits")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="audits")
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="audited"
    )
    auditor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="audits")
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="re_audits"
    )
    state = models.CharField(max_length=80)
    phase = models.CharField(max_length=10)
    stopped_as = models.CharField(
        max_length=20, blank=True, help_text="what figures call it, if it was stopped: not accepted, exempt"
    )
    looks_from = models.DateField(help_text="First day of the period audited")
    looks_to = models.DateField(help_text="Last day of the period audited")
    skipped_sections = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, help_text="when it became final")
    filed_at = models.DateTimeField(null=True, blank=True)
    blanked_at = models.DateTimeField(
        null=True, blank=True, help_text="when its words were removed under retention"
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(looks_from__lte=F("looks_to")), name="an_audit_looks_at_a_period"
            ),
            models.CheckConstraint(
                condition=~Q(phase__in=["final", "filed"]) | Q(finished_at__isnull=False),
                name="a_final_audit_says_when",
            ),
            models.CheckConstraint(
                condition=Q(extended_to=None) | Q(extended_to__gt=F("cycle_closes_on")),
                name="an_extension_is_longer_than_the_cycle",
            ),
            models.CheckConstraint(
                condition=Q(stopped_as="") | Q(phase="stopped"), name="only_a_stopped_audit_is_stopped_as"
            ),
            models.UniqueConstraint(
                fields=["subject", "cycle", "audit_type"],
                condition=~Q(phase="stopped"),
                name="a_subject_is_audited_once_a_cycle_in_a_type",
            ),
        ]
        indexes = [
            models.Index(fields=["auditor", "phase"], name="audits_of_an_auditor"),
            models.Index(fields=["cycle", "unit", "phase"], name="audits_of_a_cycle"),
            models.Index(fields=["subject", "finished_at"], name="audits_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"Audit {self.number}"

    @property
    def closes_on(self) -> date:
        """The day by which it is to be done: when its cycle closes, or later where longer was given."""
        return self.extended_to or self.cycle_closes_on


class Extension(models.Model):
    """Longer for one audit: until when, why, given by whom in which role; each one stays on record."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    why = models.CharField(max_length=300)
    role = models.CharField(max_length=80)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="an_extension_says_why")]


class Participant(models.Model):
    """Who takes part in an audit, as what, from when to when, and why; it lets them see it."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    relation = models.CharField(
        max_length=40, help_text="auditor, practitioner, earlier practitioner, proposer, reviewer"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "person", "relation"],
                condition=Q(ends_on=None),
                name="a_participant_is_named_once",
            )
        ]
        indexes = [models.Index(fields=["person", "audit"], name="audits_of_a_participant")]


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)

    def stopping(self, phase: str) -> HoldQuerySet:
        """Those that keep an audit out of a phase."""
        return self.standing().filter(stops=phase)


class Hold(models.Model):
    """Something open about an audit, placed from above: what, and the phase it keeps the audit from.

    One that stops nothing is only counted by gates; a safety alert leaves one of these, and is never held.
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="holds")
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    stops = models.CharField(max_length=10, blank=True, help_text="the phase that it keeps the audit from")
    why = models.CharField(max_length=300, blank=True, help_text="the sentence shown while it stands")
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stops="") | ~Q(why=""), name="a_hold_that_stops_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | Q(lifted_at__isnull=False), name="a_lifted_hold_says_when"
            ),
            models.UniqueConstraint(
                fields=["audit", "about_kind", "about_id"],
                condition=Q(lifted_at=None),
                name="a_record_holds_an_audit_once",
            ),
        ]


class GatePass(models.Model):
    """A step that somebody took although a gate was shut: which gate, which step, and why."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="gate_passes")
    gate = models.CharField(max_length=80)
    step = models.CharField(max_length=80)
    because = models.TextField()
    passed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(because=""), name="a_gate_is_passed_for_a_reason")]


def _takes_part(person: Person, on: date) -> Exists:
    """Whether a person takes part in an audit on a day, as a predicate over audits."""
    return Exists(Participant.objects.filter(audit=OuterRef("pk"), person=person).filter(on_date(on)))


def by_post(permission: str, person: Person, on: date, *, subject: str = "subject") -> Q:
    """Whether a post lets a person see an audit; of what is about staff, only together with staff files.

    Also over rows that follow from audits, which name `version`, `unit` and the way to the `subject`.
    """
    staff = Q(**{f"{subject}__about_staff": False}) | Q(granted(SEE_STAFF_FILES, person, on))
    return Q(granted(permission, person, on)) & staff


class RowQuerySet(models.QuerySet["Row"]):
    def standing(self) -> RowQuerySet:
        """The rows that were not taken out."""
        return self.filter(taken_out_at=None)

    def in_order(self) -> RowQuerySet:
        return self.order_by("section", "place", "pk")


class Row(models.Model):
    """A row of a section that repeats: each person sampled, each event.

    A row that is taken out stays with its answers and can be put back; `place` orders the rows, and
    `version` counts the changes of its name. `mark` is the page's own, so that a resend adds no second row.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="rows", db_index=False)
    section = models.CharField(max_length=80)
    name = models.CharField(max_length=100, blank=True)
    place = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    taken_out_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_out_at = models.DateTimeField(null=True, blank=True)
    mark = models.CharField(max_length=40, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "mark"], condition=~Q(mark=""), name="a_row_is_added_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_out_at=None, taken_out_by=None)
                | Q(taken_out_at__isnull=False, taken_out_by__isnull=False),
                name="a_row_taken_out_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["audit", "section", "place"], name="rows_of_a_section")]


class Return(models.Model):
    """One party's part of an audit that has several: whose, how far, and since when.

    `key` names the rule of its audit type; `person` is the one invited from outside, `given_by` and
    `organisation` the one whose words somebody else types in. Its answers and judgements point here.
    """

    class State(models.TextChoices):
        BEGUN = "begun", "Not sent in yet"
        SENT_IN = "sent in", "Sent in"
        NOT_COMING = "not coming", "Not coming"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="returns", db_index=False)
    key = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    skipped_sections = models.JSONField(default=list, blank=True)
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it was sent in, or given up")
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True, help_text="why it is not coming")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="an_audit_has_a_return_once"),
            models.CheckConstraint(
                condition=Q(state="begun", settled_at=None, settled_by=None)
                | (~Q(state="begun") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="a_return_that_is_settled_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="not coming") | ~Q(why=""), name="a_return_not_coming_says_why"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.BEGUN

    @property
    def is_in(self) -> bool:
        return self.state == self.State.SENT_IN


class OfTheAudit(models.Manager):
    """An audit's own rows, without those of its returns: no figure and no page mixes the two by mistake."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(in_return=None)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def standing(self) -> AnswerQuerySet:
        """Without those in rows that were taken out."""
        return self.filter(row__taken_out_at=None)


class Answer(models.Model):
    """The current answer to one question; `version` counts its saves, so that none is overwritten unseen.

    In a section that repeats there is one for each row. `objects` are the audits' own; those of returns
    are among `everywhere`.
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="answers")
    in_return = models.ForeignKey(
        Return, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    question = models.CharField(max_length=80)
    row = models.ForeignKey(
        Row, null=True, blank=True, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    value = models.JSONField(default=str, blank=True)
    instead = models.CharField(
        max_length=20, blank=True, help_text="not applicable, not seen, no evidence, unknown"
    )
    evidence = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()

    objects = OfTheAudit.from_queryset(AnswerQuerySet)()
    everywhere = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "question"],
                condition=Q(row=None, in_return=None),
                name="a_question_has_one_answer",
            ),
            models.UniqueConstraint(
                fields=["row", "question"],
                condition=Q(row__isnull=False),
                name="a_question_has_one_answer_in_a_row",
            ),
            models.UniqueConstraint(
                fields=["in_return", "question"],
                condition=Q(in_return__isnull=False),
                name="a_question_has_one_answer_in_a_return",
            ),
        ]


class AnswerVersion(models.Model):
    """Every answer as it was saved; written once, in the transaction of the save."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    value = models.JSONField(default=str, blank=True)
    instead = models.CharField(max_length=20, blank=True)
    evidence = models.TextField(blank=True)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()
    key = models.CharField(
        max_length=40, blank=True, help_text="the page's own mark of the change, so that a resend is known"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="an_answer_is_versioned"),
            models.UniqueConstraint(
                fields=["answer", "key"], condition=~Q(key=""), name="a_change_of_an_answer_is_saved_once"
            ),
        ]


class AttachedFile(models.Model):
    """A file of an answer, as it was attached: written once, and kept although the answer no longer names it.

    It lies in the data folder under its public id; `name` is what whoever attached it called it.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="files")
    in_return = models.ForeignKey(
        Return, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=150)
    size = models.PositiveIntegerField(help_text="in bytes")
    sha256 = models.CharField(max_length=64)
    attached_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    attached_at = models.DateTimeField()


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def current(self) -> JudgementQuerySet:
        return self.filter(is_current=True)

    def of_record(self) -> JudgementQuerySet:
        """The latest stage's judgement of each part is read by ordering on `stage_order`."""
        return self.current().order_by("part", "-stage_order")


class Judgement(models.Model):
    """Which part, which grade, at which stage, by whom, and why; a new one never erases the old.

    `why` are the person's words. `advised` is the grade that the framework's rules gave, suggested or left at
    most, `rule` says which rules and `because` their sentences; a grade that differs is an override, `why`
    its reason. A computed one stands because nobody gave another. `version` counts the judgements of
    that part at that stage; the last of them is current. `objects` are the audits' own; those of returns
    are among `everywhere`.
    """

    class Source(models.TextChoices):
        ENTERED = "entered", "entered by a person"
        COMPUTED = "computed", "computed by a rule"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="judgements", db_index=False)
    in_return = models.ForeignKey(
        Return, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    part = models.CharField(max_length=80, help_text="the key of a domain, or overall")
    stage = models.CharField(max_length=80)
    stage_order = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=80, blank=True, help_text="the key of a value of the scale")
    why = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ENTERED)
    rule = models.CharField(max_length=200, blank=True)
    advised = models.CharField(max_length=80, blank=True, help_text="the grade that the rules gave")
    because = models.TextField(blank=True, help_text="the rules' sentences")
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    judged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    judged_at = models.DateTimeField()
    key = models.CharField(
        max_length=40, blank=True, help_text="the page's own mark of the change, so that a resend is known"
    )

    objects = OfTheAudit.from_queryset(JudgementQuerySet)()
    everywhere = JudgementQuerySet.as_manager()

    @property
    def is_override(self) -> bool:
        """Whether a person gave another grade than the rules."""
        return bool(self.advised and self.grade) and self.grade != self.advised

    @property
    def is_computed(self) -> bool:
        return self.source == self.Source.COMPUTED

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "part", "stage", "version"],
                condition=Q(in_return=None),
                name="a_judgement_is_versioned",
            ),
            models.UniqueConstraint(
                fields=["audit", "part", "stage"],
                condition=Q(is_current=True, in_return=None),
                name="one_judgement_is_current",
            ),
            models.UniqueConstraint(
                fields=["audit", "part", "stage", "key"],
                condition=~Q(key="") & Q(in_return=None),
                name="a_judgement_is_saved_once",
            ),
            models.UniqueConstraint(
                fields=["in_return", "part", "version"],
                condition=Q(in_return__isnull=False),
                name="a_judgement_in_a_return_is_versioned",
            ),
            models.UniqueConstraint(
                fields=["in_return", "part"],
                condition=Q(is_current=True, in_return__isnull=False),
                name="one_judgement_is_current_in_a_return",
            ),
        ]


class Conversation(models.Model):
    """The meeting with the practitioner: arranged for, held on, who was there, what it added."""

    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="conversation")
    arranged_for = models.DateTimeField(null=True, blank=True)
    arranged_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    held_on = models.DateField(null=True, blank=True)
    attended = models.CharField(max_length=300, blank=True)
    added = models.TextField(blank=True, help_text="what the conversation added")
    version = models.PositiveIntegerField(default=0)


class QualityCheck(models.Model):
    """One look of the quality team at the report: accepted, returned with points, or in the end not accepted.

    `points` of one that is not accepted are the reason.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned with points"
        NOT_ACCEPTED = "not accepted", "Not accepted"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="quality_checks")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    points = models.TextField(blank=True)
    discussed = models.BooleanField(
        default=False, help_text="whether a discussion is offered with the points"
    )
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(points=""), name="a_returned_report_comes_with_points"
            )
        ]


class EarlierWork(models.Model):
    """What the audit says of earlier work within its period, for those who did it and their manager."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="earlier_work")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strengths = models.TextField(blank=True)
    concerns = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "person", "unit"], nulls_distinct=False, name="earlier_work_is_recorded_once"
            )
        ]


class CaseNote(models.Model):
    """The note with which the audit was filed on the case system, as it was made."""

    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="case_note")
    title = models.CharField(max_length=100)
    note_type = models.CharField(max_length=100)
    noted_at = models.DateTimeField()
    text = models.TextField()
    alerted = models.TextField(blank=True)
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
