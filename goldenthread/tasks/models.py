"""What is owed: by whom, by when, why then; and the notices that tell them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Post, Reach, Unit, on_date


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> TaskQuerySet:
        return self.filter(finished_at=None, cancelled_at=None)

    def about(self, kind: str, public_id: str) -> TaskQuerySet:
        return self.filter(about_kind=kind, about_id=public_id)

    def owed_by(self, person: Person, *, on: date) -> TaskQuerySet:
        """What this person owes: by name, or by a post they hold on that day over the task's unit."""
        held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
        over = Reach.objects.filter(above=OuterRef("unit"), unit=OuterRef(OuterRef("unit"))).filter(
            on_date(on)
        )
        return self.filter(
            Q(person=person)
            | (Q(person=None) & ~Q(post="") & Q(unit=None) & Exists(held))
            | (Q(person=None) & ~Q(post="") & Q(unit__isnull=False) & Exists(held.filter(Exists(over))))
        )


class Task(models.Model):
    """Something owed: by a person, or by whoever holds a post (over a unit, or anywhere).

    `reason` says why it is due then; `about_*` name the record, which is never joined.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80, help_text="the clock's name in the framework")
    title = models.CharField(max_length=200)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    about_label = models.CharField(max_length=200)
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    post = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    urgent = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(post=""), name="a_task_is_owed_by_a_person_or_a_post"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(cancelled_at=None),
                name="a_task_is_not_both_done_and_cancelled",
            ),
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_id", "person", "role"],
                condition=Q(finished_at=None, cancelled_at=None),
                nulls_distinct=False,
                name="a_task_is_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "due_at"],
                condition=Q(finished_at=None, cancelled_at=None),
                name="open_tasks_of_a_person",
            ),
            models.Index(
                fields=["post", "due_at"],
                condition=Q(finished_at=None, cancelled_at=None),
                name="open_tasks_of_a_post",
            ),
            models.Index(fields=["about_kind", "about_id"], name="tasks_about_a_record"),
        ]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> NoticeQuerySet:
        return self.filter(sent_at=None, given_up_at=None)


class Notice(models.Model):
    """A message to one person: a reference and a link, no names, grades or reasons.

    `key` makes it unique by what it is about and to whom, so that a retry sends nothing twice.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=200, help_text="Where the link leads within the site")
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(sent_at=None, given_up_at=None), name="notices_waiting"
            ),
            models.Index(fields=["to", "created_at"], name="notices_of_a_person"),
        ]
