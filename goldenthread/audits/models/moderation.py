"""Moderation of finished audits: the draw, who looks at which, their grades, and the feedback."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from goldenthread.audits.models.audit import Audit, kept_closed
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person


class ModerationDraw(models.Model):
    """One draw of finished audits by a rule, for a cycle: its frame with reasons, its seed and its size."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    framework = models.CharField(max_length=60, help_text="the key of the framework")
    rule = models.CharField(max_length=80)
    cycle = models.CharField(max_length=20)
    cycle_title = models.CharField(max_length=80)
    method = models.CharField(max_length=200)
    frame = models.BinaryField()
    frame_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    seed = models.CharField(max_length=200)
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "rule", "cycle"], name="a_cycle_is_drawn_for_moderation_once"
            )
        ]


class ModerationQuerySet(models.QuerySet["Moderation"]):
    def blinding(self, person: Person) -> ModerationQuerySet:
        """Those in which this person has yet to give grades without having seen the auditor's."""
        return self.filter(moderator=person, graded_at=None).exclude(blind="no")

    def of_person(self, person: Person) -> ModerationQuerySet:
        """Those that the person moderates, and finished ones of the person's own audits."""
        return self.filter(Q(moderator=person) | Q(audit__auditor=person, finished_at__isnull=False))

    def visible_to(self, person: Person, *, on: date) -> ModerationQuerySet:
        """A moderator's own, those of one's own audits once finished, and finished ones in one's reports."""
        reported = Audit.objects.filter(pk=OuterRef("audit")).reported_to(person, on=on)
        seen = (
            Q(moderator=person)
            | Q(finished_at__isnull=False, audit__auditor=person)
            | Q(Exists(reported), finished_at__isnull=False)
        )
        return self.filter(seen).exclude(kept_closed("audit"))


class Moderation(models.Model):
    """One audit drawn for moderation: by whom, blind or not, the feedback and the meeting.

    `graded_at` is when the moderator's grades were fixed: from then on the auditor's are shown.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    draw = models.ForeignKey(
        ModerationDraw, on_delete=models.PROTECT, related_name="moderations", db_index=False
    )
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="moderations")
    position = models.PositiveIntegerField()
    blind = models.CharField(max_length=25, default="no")
    moderator = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="moderations", db_index=False
    )
    allocated_at = models.DateTimeField(null=True)
    graded_at = models.DateTimeField(null=True)
    meets_at = models.DateTimeField(null=True, help_text="when moderator and auditor are to meet")
    place = models.CharField(max_length=200, blank=True)
    met_on = models.DateField(null=True)
    feedback = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ModerationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "audit"], name="an_audit_is_drawn_once_in_a_draw"),
            models.CheckConstraint(
                condition=Q(graded_at=None) | Q(moderator__isnull=False), name="somebody_moderated_it"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | (Q(graded_at__isnull=False) & ~Q(feedback="")),
                name="a_finished_moderation_has_grades_and_feedback",
            ),
        ]
        indexes = [models.Index(fields=["moderator", "graded_at"], name="moderations_of_a_person")]


class ModerationGrade(models.Model):
    """The moderator's grade of one part, and the auditor's of record when it was fixed."""

    moderation = models.ForeignKey(
        Moderation, on_delete=models.PROTECT, related_name="grades", db_index=False
    )
    part = models.CharField(max_length=80)
    grade = models.CharField(max_length=80, blank=True)
    why = models.TextField(blank=True)
    auditors = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["moderation", "part"], name="a_part_is_moderated_once")
        ]
