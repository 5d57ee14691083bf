"""Disputes: what somebody disagrees with in a report, at which stage it stands, and what came of it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from goldenthread.audits.models import SEE_AUDITS, Audit, Participant, by_post, may_be_open
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit, on_date
from goldenthread.rules.disputes import UPHELD
from goldenthread.tasks.models import Task

DISPUTE = "dispute"
PARTIES = ("auditor", "practitioner", "reviewer")
"""The relations to an audit whose holders know of its disputes."""


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, person: Person, *, on: date) -> DisputeQuerySet:
        """Disputes that this person raised, is asked about or takes part in, or that their post lets see."""
        parties = Participant.objects.filter(
            audit=OuterRef("audit"), person=person, relation__in=PARTIES
        ).filter(on_date(on))
        mine = Q(raised_by=person) | Q(Exists(parties)) | self._asked(person, on)
        seen = mine | by_post(SEE_AUDITS, person, on, subject="audit__subject")
        return self.filter(seen).filter(may_be_open(person, "audit"))

    def asked_of(self, person: Person, *, on: date) -> DisputeQuerySet:
        """Open disputes in which it is this person's turn."""
        return self.open().filter(self._asked(person, on, only_open=True))

    def open(self) -> DisputeQuerySet:
        return self.filter(ended_at=None)

    def upheld(self) -> DisputeQuerySet:
        """Those of which some stage agreed, at least in part: a grade changed, or the report was amended."""
        agreed = DisputeStage.objects.filter(dispute=OuterRef("pk"), outcome__in=UPHELD)
        return self.filter(Exists(agreed))

    def open_first(self, *, below: Dispute | None = None) -> DisputeQuerySet:
        """Open ones first, then newest first; or what stands below one of them."""
        found = self
        if below is not None:
            earlier = Q(raised_at__lt=below.raised_at) | Q(raised_at=below.raised_at, pk__lt=below.pk)
            is_open = Q(ended_at=None)
            found = self.filter(~is_open & earlier if below.ended_at else ~is_open | earlier)
        ended = ExpressionWrapper(Q(ended_at__isnull=False), output_field=models.BooleanField())
        return found.order_by(ended, "-raised_at", "-pk")

    @staticmethod
    def _asked(person: Person, on: date, *, only_open: bool = False) -> Q:
        tasks = Task.objects.filter(about_kind=DISPUTE, about_id=OuterRef("public_id"))
        tasks = tasks.open() if only_open else tasks
        return Q(Exists(tasks.owed_by(person, on=on)))


class Dispute(models.Model):
    """A disagreement with the report of an audit; its points and stages are rows of their own."""

    class Outcome(models.TextChoices):
        STANDS = "stands", "everything stands"
        CHANGED = "changed", "grades changed"
        AMENDED = "amended", "report amended"
        REFERRED = "referred outside", "referred outside the organisation"
        WITHDRAWN = "withdrawn", "withdrawn"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="disputes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    ended_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="none where silence ended it",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    because = models.TextField(blank=True, help_text="why it was withdrawn")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="a_dispute_that_ended_says_how",
            ),
            models.UniqueConstraint(
                fields=["audit", "raised_by"],
                condition=~Q(outcome="withdrawn"),
                name="a_person_disputes_an_audit_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "raised_at"], name="disputes_of_a_unit")]


class DisputePoint(models.Model):
    """One thing that is disputed: what, why, and the evidence for it."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(help_text="from 1")
    about = models.CharField(max_length=20, help_text="overall, domains, facts or recommendations")
    part = models.CharField(max_length=80, blank=True, help_text="the key of the domain, or overall")
    reasons = models.TextField()
    evidence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="points_of_a_dispute_are_numbered"),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_disputed_point_has_reasons"),
        ]


class DisputeStageQuerySet(models.QuerySet["DisputeStage"]):
    def running(self) -> DisputeStageQuerySet:
        return self.filter(ended_at=None)

    def silent(self, at: datetime) -> DisputeStageQuerySet:
        """Stages in which an answer or a reply was due before that moment, not noted as silent yet."""
        late = self.running().filter(silent_at=None, dispute__ended_at=None, task__due_at__lt=at)
        return late.order_by("task__due_at", "pk")


class DisputeStage(models.Model):
    """One stage: the meeting, what was decided, and what the raiser said to it.

    `task` is what is waited for now: the meeting, the answer, or the raiser's reply. `silent_at` is when its
    time ran out with nobody above to go to.
    """

    class Outcome(models.TextChoices):
        STANDS = "stands", "everything stands"
        CHANGED = "changed", "grades changed"
        AMENDED = "amended", "report amended"
        PASSED_UP = "passed up", "passed to the next stage"
        REFERRED = "referred outside", "referred outside the organisation"
        NO_ANSWER = "no answer", "no answer in time"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(help_text="from 1, as in the framework")
    role = models.CharField(max_length=80, help_text="the role asked, by its name in the framework")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    silent_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    attended = models.CharField(max_length=300, blank=True)
    discussed = models.TextField(blank=True)
    met_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    said = models.TextField(blank=True, help_text="the written answer")
    amended = models.TextField(blank=True, help_text="what the report now says otherwise")
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    replied = models.TextField(blank=True, help_text="why the raiser takes it further")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DisputeStageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "number"], name="a_stage_of_a_dispute_is_reached_once"
            ),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(ended_at=None), name="a_dispute_stands_at_one_stage"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", said="", decided_by=None, decided_at=None)
                | Q(outcome="no answer", said="", decided_by=None, ended_at__isnull=False)
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(outcome__in=["", "no answer"])
                    & ~Q(said="")
                ),
                name="a_stage_of_a_dispute_is_answered_or_silent",
            ),
            models.CheckConstraint(
                condition=Q(met_on=None, met_by=None) | Q(met_on__isnull=False, met_by__isnull=False),
                name="a_meeting_about_a_dispute_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="amended") | ~Q(amended=""), name="an_amendment_says_what_it_amends"
            ),
        ]
