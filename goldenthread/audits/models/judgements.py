"""What was judged, by whom and at which stage, and the talk and the check that follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models.audit import Audit
from goldenthread.audits.models.returns import OfTheAudit, Return
from goldenthread.people.models import Person, Unit


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
    rule = models.TextField(blank=True, help_text="the rules, by their names in the framework")
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
