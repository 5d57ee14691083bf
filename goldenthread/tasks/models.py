"""What is owed: by whom, by when, why then; and the notices that tell them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from goldenthread.frameworks.grants import holding
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Leave, Person, Post, Reach, Unit, on_date

NOBODY = Value(0)
IS_OPEN = Q(finished_at=None, cancelled_at=None)


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> TaskQuerySet:
        return self.filter(IS_OPEN)

    def finished(self) -> TaskQuerySet:
        return self.filter(finished_at__isnull=False)

    def overdue(self, at: datetime) -> TaskQuerySet:
        return self.filter(due_at__lt=at)

    def to_remind_of(self, at: datetime) -> TaskQuerySet:
        """What is late, or so near to being due that its clock wants it named."""
        return self.open().filter(Q(due_at__lt=at) | Q(warn_at__lte=at))

    def urgent_first(self) -> TaskQuerySet:
        """What cannot wait, then by the day it is due."""
        return self.order_by("-urgent", "due_at", "pk")

    def newest_first(self) -> TaskQuerySet:
        return self.order_by("-finished_at", "-pk")

    def after(self, task: Task) -> TaskQuerySet:
        """What stands below a task in the order of `urgent_first`."""
        later = Q(due_at__gt=task.due_at) | Q(due_at=task.due_at, pk__gt=task.pk)
        below = Q(urgent=task.urgent) & later
        return self.filter(below | Q(urgent=False) if task.urgent else below)

    def before(self, task: Task) -> TaskQuerySet:
        """What stands below a task in the order of `newest_first`."""
        return self.filter(
            Q(finished_at__lt=task.finished_at) | Q(finished_at=task.finished_at, pk__lt=task.pk)
        )

    def about(self, kind: str, public_id: str) -> TaskQuerySet:
        return self.filter(about_kind=kind, about_id=public_id)

    def owed_by(self, person: Person, *, on: date) -> TaskQuerySet:
        """What this person owes: what falls to them that day, without what is not for them."""
        return self.falling_to(person, on=on).exclude(not_for=person)

    def falling_to(self, person: Person, *, on: date) -> TaskQuerySet:
        """What is owed by this person's name, or by a post they hold on that day over the task's unit."""
        return self.filter(Q(person=person) | Q(person=None) & holding(person, on).owed())

    def of_people_away(self, *, on: date) -> TaskQuerySet:
        """What people on leave that day owe by name, as far as it falls within their leave or is late."""
        away = Leave.objects.on(on).filter(person=OuterRef("person"), ends_on__gte=OuterRef("due_on"))
        return self.open().annotate(due_on=TruncDate("due_at")).filter(Exists(away))

    def reaching_nobody(self, *, on: date) -> TaskQuerySet:
        """What is owed by somebody who has left, or by a post that nobody holds on that day.

        Whom a task is not for is as one who has left, and holds no post.
        """
        gone = Q(person__is_active=False) | Q(person__isnull=False, person=F("not_for"))
        return self.filter(gone | (Q(person=None) & ~self._held_by_anybody(on)))

    @staticmethod
    def _held_by_anybody(on: date) -> Q:
        """Owed by a post that somebody holds that day: over the task's unit, or anywhere."""
        held = Post.objects.filter(person__is_active=True, kind=OuterRef("post")).on(on)
        held = held.exclude(person=Coalesce(OuterRef("not_for"), NOBODY))
        over = Reach.objects.filter(above=OuterRef("unit"), unit=OuterRef(OuterRef("unit")))
        anywhere = Q(Exists(held), unit=None)
        above = Q(Exists(held.filter(Exists(over.filter(on_date(on))))), unit__isnull=False)
        return Q(person=None) & (anywhere | above)


class Task(models.Model):
    """Something owed: by a person, or by whoever holds a post (over a unit, or anywhere).

    `reason` says why it is due then; `about_*` name the record, which is never joined. `unit` is where
    the post must be held; of a person's task, the unit whose managers step in if the person leaves.
    `not_for` is whom it is about, where nobody does it about themselves: they do not owe it by any post.
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
    not_for = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(
        null=True, blank=True, help_text="from when the daily reminder counts it as due soon"
    )
    reason = models.CharField(max_length=500)
    unpaused_due_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was due before its clock stood still"
    )
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
                fields=["kind", "about_kind", "about_id", "role", "person"],
                condition=IS_OPEN & Q(person__isnull=False),
                name="a_person_owes_a_thing_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_id", "role"],
                condition=IS_OPEN & Q(person=None),
                name="a_post_owes_a_thing_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "due_at"],
                condition=IS_OPEN,
                name="open_tasks_of_a_person",
            ),
            models.Index(
                fields=["post", "due_at"],
                condition=IS_OPEN,
                name="open_tasks_of_a_post",
            ),
            models.Index(fields=["finished_by", "finished_at"], name="tasks_done_by_a_person"),
            models.Index(fields=["about_kind", "about_id"], name="tasks_about_a_record"),
        ]


class ClockPauseQuerySet(models.QuerySet["ClockPause"]):
    def standing(self, on: date) -> ClockPauseQuerySet:
        """Those that nobody ended and whose last day, where they have one, has not passed."""
        return self.filter(ended_at=None).filter(Q(until_on=None) | Q(until_on__gte=on))


class ClockPause(models.Model):
    """That somebody let the clock of a task stand still: from a day to a day, or until somebody ends it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=80, help_text="by its name in the framework")
    why = models.TextField()
    starts_on = models.DateField(help_text="the first day on which it stands still")
    until_on = models.DateField(null=True, blank=True, help_text="the last such day, where one was set")
    paused_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClockPauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="a_clock_is_paused_with_a_reason"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("starts_on")),
                name="a_pause_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_pause_that_was_ended_says_by_whom_and_when",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(until_on=None, ended_at=None),
                name="a_clock_has_one_pause_without_an_end",
            ),
        ]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def latest_of(self, kind: str, public_id: str) -> Appointment | None:
        """How a meeting about a record stands: its last change, for those who are asked to it still."""
        about = self.filter(about_kind=kind, about_id=public_id)
        return about.order_by("-sequence", "is_off").first()


class Appointment(models.Model):
    """The time of a meeting about a record, as people were told it: a row for each change, which stays.

    `sequence` grows with each change. One that `is_off` takes the meeting out of calendars again.
    """

    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    sequence = models.PositiveIntegerField()
    is_off = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=200, help_text="Where its page is within the site")
    written_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "sequence", "is_off"],
                name="a_change_of_a_meeting_is_told_once",
            )
        ]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> NoticeQuerySet:
        return self.filter(sent_at=None, given_up_at=None)

    def to_try(self, at: datetime) -> NoticeQuerySet:
        """Those whose turn it is: waiting, and not in the hands of another run or put off until later."""
        return self.waiting().filter(Q(not_before=None) | Q(not_before__lte=at))

    def of_people_away(self, at: datetime) -> NoticeQuerySet:
        """Those that wait, whose reader is on leave that day, and which no deputy has in their stead."""
        away = Leave.objects.on(timezone.localdate(at)).filter(person=OuterRef("to"))
        return self.waiting().filter(Exists(away), instead_of=None, copies=None)

    def held(self) -> NoticeQuerySet:
        """Those that wait for a digest, the end of quiet hours or of leave."""
        return self.waiting().exclude(held="")

    def undelivered(self) -> NoticeQuerySet:
        """Those that somebody should look at: tried in vain, or given up."""
        return self.filter(sent_at=None).exclude(last_error="")

    def newest_first(self, *, below: Notice | None = None) -> NoticeQuerySet:
        """Newest first, or those that stand below one of them."""
        found = self
        if below is not None:
            earlier = Q(created_at__lt=below.created_at)
            found = self.filter(earlier | Q(created_at=below.created_at, pk__lt=below.pk))
        return found.order_by("-created_at", "-pk")


class Notice(models.Model):
    """A message to one person: a reference and a link, no names, grades or reasons.

    `key` makes it unique by what it is about and to whom, so that a retry sends nothing twice.
    `instead_of` is the notice of somebody on leave that its reader has too, as they stand in.
    `not_before` keeps it from others while one run tries it, and puts it off after a failure, or where
    its reader is not to be disturbed: `held` then says why.
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
    instead_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    held = models.CharField(max_length=20, blank=True, help_text="what it waits for, if it waits")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="a_notice_is_not_both_sent_and_given_up"
            ),
            models.CheckConstraint(
                condition=Q(given_up_at=None) | ~Q(last_error=""), name="a_notice_given_up_says_why"
            ),
            models.UniqueConstraint(
                fields=["instead_of", "to"],
                condition=Q(instead_of__isnull=False),
                name="a_deputy_is_told_once",
            ),
            models.CheckConstraint(
                condition=Q(held="") | Q(not_before__isnull=False, urgent=False),
                name="a_held_notice_is_not_urgent_and_says_until_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(sent_at=None, given_up_at=None), name="notices_waiting"
            ),
            models.Index(fields=["to", "created_at"], name="notices_of_a_person"),
            models.Index(fields=["about_kind", "about_id"], name="notices_about_a_record"),
            models.Index(
                fields=["created_at"],
                condition=Q(sent_at=None) & ~Q(last_error=""),
                name="notices_undelivered",
            ),
        ]


class NoticeChoices(models.Model):
    """How somebody wants to be told: what waits for the daily digest, and when nothing is to come.

    Whoever has none has the organisation's, which the settings say.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="notice_choices")
    digest = models.JSONField(default=list, help_text="groups of notices that come once a day")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="quiet_hours_begin_and_end",
            )
        ]


class ReminderDay(models.Model):
    """A day on which the daily reminders were written, so that they are written once."""

    on = models.DateField(primary_key=True)
    written_at = models.DateTimeField()
    told = models.PositiveIntegerField(help_text="how many people")
