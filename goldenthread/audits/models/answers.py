"""What was answered, each version of it, and the files that were put in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models.audit import Audit
from goldenthread.audits.models.returns import OfTheAudit, Return, Row
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person


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
    """A file of an answer, as it was attached, and kept although the answer no longer names it.

    It lies in the data folder under its public id; `name` is what whoever attached it called it. Of one that
    was attached by mistake and removed only the row is left, with who removed it, when and why.
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
    removed_because = models.CharField(max_length=300, blank=True)
    removed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, removed_because="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_because="")),
                name="a_removed_file_says_who_when_and_why",
            ),
        ]
