"""What follows an audit: responses, their discussions, the actions agreed, and the proof that they worked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.audits.models import SEE_AUDITS, SEE_REPORTS, Audit, by_post, may_be_open
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit
from goldenthread.tasks.models import Task

RESPONSE, ACTION = "response", "action"


def _asked(kind: str, person: Person, on: date) -> Q:
    """Whether the person owes something about the record."""
    tasks = Task.objects.filter(about_kind=kind, about_id=OuterRef("public_id"))
    return Q(Exists(tasks.owed_by(person, on=on)))


class Considered(models.Model):
    """That it was asked, once, what follows a final audit."""

    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="considered")
    considered_at = models.DateTimeField()


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, person: Person, *, on: date) -> ResponseQuerySet:
        """What follows the person's own work, what they owe something about, or what their post oversees.

        The auditor is not among them: what is said in supervision is theirs only by a post that oversees it.
        """
        return self._known_to(person, on).filter(may_be_open(person, "audit"))

    def reported_to(self, person: Person, *, on: date) -> ResponseQuerySet:
        """Those visible to the person that reports made for them count."""
        seen = by_post(SEE_REPORTS, person, on, subject="audit__subject")
        return self._known_to(person, on).filter(seen).filter(may_be_open(person, "audit"))

    def _known_to(self, person: Person, on: date) -> ResponseQuerySet:
        own = Q(audit__practitioner=person)
        overseen = by_post(SEE_AUDITS, person, on, subject="audit__subject")
        return self.filter(own | _asked(RESPONSE, person, on) | overseen)

    def discussions(self) -> ResponseQuerySet:
        """Those that ask for a discussion; the others are thanks."""
        return self.exclude(task=None)

    def standing(self, word: str, at: datetime) -> ResponseQuerySet:
        """Discussions by how they stand against the day on which they were due."""
        return self.discussions().filter(standing(word, at))

    def in_cycles(self, framework_key: str, labels: Iterable[str]) -> ResponseQuerySet:
        """What follows the audits of some cycles of a framework."""
        return self.filter(audit__cycle__in=list(labels), version__framework__key=framework_key)

    def to_check(self) -> ResponseQuerySet:
        return self.filter(state=Response.State.RECORDED)

    def silent(self, at: datetime) -> ResponseQuerySet:
        """Those whose time has run out without a record, while somebody is left to hear of it."""
        waits = self.filter(state__in=[Response.State.OWED, Response.State.RETURNED])
        return waits.filter(waits_for__due_at__lt=at)

    def newest_first(self, *, below: Response | None = None) -> ResponseQuerySet:
        found = self if below is None else self.filter(pk__lt=below.pk)
        return found.order_by("-pk")


def standing(word: str, at: datetime) -> Q:
    """How a discussion stands against the day on which it was due, as a predicate over responses."""
    match word:
        case "on time":
            return Q(recorded_at__lte=F("task__due_at"))
        case "late":
            return Q(recorded_at__gt=F("task__due_at"))
        case "missing":
            return Q(recorded_at=None, task__due_at__lt=at)
        case "in hand":
            return Q(recorded_at=None, task__due_at__gte=at)
        case _:
            return Q()


class Response(models.Model):
    """What one rule of the framework asks after one audit, and how far that is.

    `task` is the discussion's, and says when it was due; `waits_for` is the task whose end the ladder
    waits for, and `rung` how many stages of it have been told.
    """

    class State(models.TextChoices):
        OWED = "owed", "To be discussed"
        RECORDED = "recorded", "Recorded, to be checked"
        RETURNED = "returned", "Something is missing"
        SETTLED = "settled", "Settled"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=80, help_text="by its name in the framework")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OWED)
    began_at = models.DateTimeField()
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waits_for = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rung = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True, blank=True, help_text="when it was first recorded")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "rule"], name="a_rule_answers_an_audit_once"),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(recorded_at__isnull=False),
                name="a_recorded_discussion_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="responses_of_a_unit"),
            models.Index(fields=["state", "waits_for"], name="responses_that_wait"),
        ]


class Discussion(models.Model):
    """One record of a discussion: when, who was there, what was said; and how it was checked."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="discussions")
    number = models.PositiveSmallIntegerField(help_text="from 1; a record that was found wanting has another")
    held_on = models.DateField()
    present = models.CharField(max_length=300)
    discussed = models.TextField()
    good = models.TextField(blank=True, help_text="the good work that was acknowledged")
    recorded_as = models.CharField(max_length=150)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    missing = models.TextField(blank=True, help_text="what the check found missing")
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="discussions_are_numbered"),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None, missing="")
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="a_check_says_who_and_when",
            ),
        ]


class ActionQuerySet(models.QuerySet["Action"]):
    def reported_to(self, person: Person, *, on: date) -> ActionQuerySet:
        """Those visible to the person that reports made for them count."""
        seen = by_post(SEE_REPORTS, person, on, subject="response__audit__subject")
        return self._known_to(person, on).filter(seen).filter(may_be_open(person, "response__audit"))

    def in_cycles(self, framework_key: str, labels: Iterable[str]) -> ActionQuerySet:
        """The actions agreed after the audits of some cycles of a framework."""
        return self.filter(response__audit__cycle__in=list(labels), version__framework__key=framework_key)

    def visible_to(self, person: Person, *, on: date) -> ActionQuerySet:
        """Their own, what they owe something about, what follows their work, or what their post oversees."""
        return self._known_to(person, on).filter(may_be_open(person, "response__audit"))

    def _known_to(self, person: Person, on: date) -> ActionQuerySet:
        own = Q(owner=person) | Q(response__audit__practitioner=person)
        overseen = by_post(SEE_AUDITS, person, on, subject="response__audit__subject")
        return self.filter(own | _asked(ACTION, person, on) | overseen)

    def in_state(self, *states: str) -> ActionQuerySet:
        return self.filter(state__in=states)

    def late(self, on: date) -> ActionQuerySet:
        return self.filter(state="open", due_on__lt=on)

    def by_due_day(self, *, below: Action | None = None) -> ActionQuerySet:
        """By the day on which they are due, or what stands below one of them."""
        found = self
        if below is not None:
            later = Q(due_on__gt=below.due_on) | Q(due_on=below.due_on, pk__gt=below.pk)
            found = self.filter(later)
        return found.order_by("due_on", "pk")


class Action(models.Model):
    """One specific thing that one person does by a day, and how it will be shown that it worked.

    Done is not closed: one with a `proof` closes once a verification says that it worked.
    """

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done, not closed"
        VERIFIED = "verified", "Shown to have worked"
        CLOSED = "closed", "Closed"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="actions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    kept_because = models.CharField(max_length=300, blank=True, help_text="why a vague phrase stayed")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField(help_text="the day that was agreed, later by what paused its time")
    agreed_for = models.DateField(
        null=True, blank=True, help_text="the day that was agreed, where a pause moved it"
    )
    level = models.CharField(max_length=80)
    kind = models.CharField(max_length=80, blank=True)
    severity = models.CharField(max_length=80)
    proof = models.CharField(max_length=80, blank=True, help_text="how it will be shown that it worked")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    evidence = models.TextField(blank=True, help_text="what shows that it is done")
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
        help_text="what was agreed in its place, as it had not worked",
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_for=None) | Q(agreed_for__lt=F("due_on")),
                name="an_action_that_was_moved_is_due_later",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, state="open")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(state="open")),
                name="an_action_that_is_done_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) & ~Q(state="closed")
                | Q(closed_at__isnull=False, closed_by__isnull=False, state="closed"),
                name="a_closed_action_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "closed"])
                | Q(proof="")
                | Q(verified_at__isnull=False)
                | Q(replaced_by__isnull=False, state="closed"),
                name="an_action_with_a_proof_closes_once_verified",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="actions_of_a_unit"),
            models.Index(fields=["owner", "state"], name="actions_of_a_person"),
        ]


class Verification(models.Model):
    """One look at whether an action worked: by which method, on which day, and what was found."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="verifications")
    number = models.PositiveSmallIntegerField(help_text="from 1")
    method = models.CharField(max_length=80)
    look = models.PositiveSmallIntegerField(default=1, help_text="which of the looks of its proof, from 1")
    looked_on = models.DateField()
    held = models.BooleanField(help_text="whether the action worked")
    found = models.TextField()
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="verifications_are_numbered")
        ]


class ClosingPass(models.Model):
    """That an action was closed although a gate was shut: which gate, by whom and why."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="closing_passes")
    gate = models.CharField(max_length=80)
    because = models.TextField()
    passed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "gate"], name="an_action_passes_a_gate_once"),
            models.CheckConstraint(condition=~Q(because=""), name="a_gate_is_passed_with_a_reason"),
        ]


class Handover(models.Model):
    """That an action was given to somebody else: from whom, to whom, by whom and why."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="handovers")
    given_from = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=500)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(because=""), name="an_action_is_given_on_with_a_reason")
        ]
