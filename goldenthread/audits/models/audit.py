"""One look at one subject: who takes part, what holds it, and who may see it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.caseload.models import SEE_STAFF_FILES, Subject
from goldenthread.frameworks.grants import holding
from goldenthread.frameworks.models import Version
from goldenthread.ledger.compiled import Chosen
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit, on_date
from goldenthread.rules.gates import THE_AUDIT

SEE_AUDITS = "see audits"
SEE_REPORTS = "see reports"


def not_blind(person: Person, audit: str = "pk") -> Q:
    """Rows whose audit the person is not moderating blind, over rows that name the way to the `audit`."""
    moderations = Audit.moderations.rel.related_model.objects  # type: ignore[attr-defined]
    return ~Q(Exists(moderations.blinding(person).filter(audit=OuterRef(audit))))


def kept_closed(audit: str = "pk") -> Exists:
    """Whether an audit is kept closed as a whole, over rows that name the way to the `audit`."""
    closures = Audit.closures.rel.related_model.objects  # type: ignore[attr-defined]
    return Exists(closures.filter(audit=OuterRef(audit), what=THE_AUDIT, opened_at=None))


def may_be_open(person: Person, audit: str = "pk") -> Q:
    """Rows whose audit may be read and counted: not moderated blind by the person, nor kept closed whole.

    Over rows that name the way to the `audit`. Of what is kept closed nothing is counted for anybody, also
    not for those who need no consent to read it.
    """
    return not_blind(person, audit) & ~Q(kept_closed(audit))


def _takes_part(person: Person, on: date) -> Exists:
    """Whether a person takes part in an audit on a day, as a predicate over audits."""
    return Exists(Participant.objects.filter(audit=OuterRef("pk"), person=person).filter(on_date(on)))


def by_post(permission: str, person: Person, on: date, *, subject: str = "subject") -> Q:
    """Whether a post lets a person see an audit; of what is about staff, only together with staff files.

    Also over rows that follow from audits, which name `version`, `unit` and the way to the `subject`.
    """
    held = holding(person, on)
    staff = Q(**{f"{subject}__about_staff": False}) | held.rows(SEE_STAFF_FILES)
    return held.rows(permission) & staff


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits that this person may know of on that day: by their own part in it, or by a post that may.

        An audit of what is about a member of staff asks of the post to see staff files too. A predicate in
        SQL, never a list of ids. One that the person moderates blind is not among them for that long.
        One that is kept closed is: that it exists is no secret, what it holds is.
        """
        seen = Q(_takes_part(person, on)) | by_post(SEE_AUDITS, person, on)
        return self.filter(seen).filter(not_blind(person))

    def with_part_for(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits in which this person takes part on that day; they are among those visible to them."""
        return self.filter(_takes_part(person, on)).filter(not_blind(person))

    def reported_to(self, person: Person, *, on: date) -> AuditQuerySet:
        """Audits whose figures this person may read in reports on that day, by a post that sees reports."""
        return self.filter(by_post(SEE_REPORTS, person, on)).filter(may_be_open(person))

    def compiled_once(self) -> AuditQuerySet:
        """The same audits, for a page that asks several statements of them.

        Their conditions are built and compiled here, and each statement holds them as they are: still a
        condition in SQL, asked anew each time, never a list of rows.
        """
        return Chosen.by(self).rows(Audit)

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
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="audits", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="audits")
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="audited"
    )
    auditor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="audits", db_index=False)
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
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="participations", db_index=False
    )
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
