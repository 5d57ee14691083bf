"""People, the tree of services and teams, and who stood where on which date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.ledger.ids import new_id


def on_date(on: date, prefix: str = "") -> Q:
    """Rows whose dates cover the day `on`; an empty end means still running."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on})
    )


class PersonQuerySet(models.QuerySet["Person"]):
    def holding(self, post: str, *, on: date, over: Unit | None = None) -> PersonQuerySet:
        """People who held `post` on that day, anywhere or in a unit at or above `over`."""
        held = Post.objects.filter(person=OuterRef("pk"), kind=post).on(on)
        if over is not None:
            held = held.over(over, on=on)
        return self.filter(Exists(held))

    def confirmed(self) -> PersonQuerySet:
        """Members of staff, as confirmed; people from outside are not among them."""
        return self.filter(confirmed=True, joined_into=None, is_outside=False)

    def unconfirmed(self) -> PersonQuerySet:
        return self.filter(confirmed=False, joined_into=None)

    def leaving(self, *, on: date) -> PersonQuerySet:
        """People whose last day has passed by that day, and whose access nobody has ended yet."""
        return self.filter(is_active=True, left_on__lt=on)

    def gone(self, *, on: date) -> PersonQuerySet:
        """Staff who can no longer sign in because they have left or their account was closed."""
        return self.confirmed().filter(Q(is_active=False) | Q(left_on__lt=on))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A member of staff, and, once invited, somebody who signs in.

    A worker first seen in a caseload extract is unconfirmed until a person confirms them or joins
    them into somebody known.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    reference = models.CharField(max_length=100, blank=True, help_text="The organisation's staff number")
    name = models.CharField(max_length=200)
    email = models.EmailField(null=True, blank=True, unique=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    is_outside = models.BooleanField(default=False, help_text="not staff: invited to fill in one thing")
    confirmed = models.BooleanField(default=True)
    joined_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True, help_text="the last day on which they work here")
    emergency_until = models.DateTimeField(
        null=True, blank=True, help_text="until when they are an administrator in an emergency"
    )

    worked_out: dict[date, Any] | None = None
    """What their posts grant, kept while one request is answered; None is for asking anew each time."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="a_staff_number_belongs_to_one_person"
            ),
        ]
        indexes = [models.Index(fields=["name"], name="people_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def has_left(self, on: date) -> bool:
        """Whether their last day had passed by that day."""
        return self.left_on is not None and self.left_on < on

    def is_gone(self, on: date) -> bool:
        """Whether they can no longer sign in, because they have left or their account was closed."""
        return not self.is_active or self.has_left(on)


class UnitQuerySet(models.QuerySet["Unit"]):
    def on(self, on: date) -> UnitQuerySet:
        return self.filter(on_date(on))

    def below(self, unit: Unit, *, on: date) -> UnitQuerySet:
        """The unit and all that stood below it on that day."""
        return self.filter(Exists(Reach.objects.filter(unit=OuterRef("pk"), above=unit).filter(on_date(on))))

    def above(self, unit: Unit, *, on: date) -> UnitQuerySet:
        """The unit and all that stood above it on that day."""
        return self.filter(Exists(Reach.objects.filter(above=OuterRef("pk"), unit=unit).filter(on_date(on))))

    def confirmed(self) -> UnitQuerySet:
        return self.filter(confirmed=True, joined_into=None)

    def unconfirmed(self) -> UnitQuerySet:
        return self.filter(confirmed=False, joined_into=None)


class Unit(models.Model):
    """A service, a team or the organisation itself."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    reference = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=50, help_text="organisation, service, team, or the organisation's own word"
    )
    nation = models.CharField(max_length=30, blank=True, help_text="for bank holidays; empty means as above")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    confirmed = models.BooleanField(default=True)
    joined_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="a_unit_reference_names_one_unit"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_unit_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """Which unit stood directly under which, from when to when."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="a_unit_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_placement_ends_after_it_starts",
            ),
        ]


class Reach(models.Model):
    """Every unit with each unit at or above it, dated: the tree as SQL reads it.

    Derived from `Placement` by `operations.rebuild_reach`; each unit reaches itself.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reaches")
    above = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reached_by")
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "above"], name="reach_up"),
            models.Index(fields=["above", "unit"], name="reach_down"),
        ]


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, on: date) -> PostQuerySet:
        return self.filter(on_date(on))

    def over(self, unit: Unit, *, on: date) -> PostQuerySet:
        """Posts in that unit or in one above it on that day."""
        return self.filter(
            Exists(Reach.objects.filter(above=OuterRef("unit"), unit=unit).filter(on_date(on)))
        )


class Post(models.Model):
    """A post that a person holds in a unit, from when to when; the kind is the organisation's word."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_post_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "unit", "starts_on"], name="a_post_is_recorded_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind"], name="posts_of_a_person"),
            models.Index(fields=["kind", "unit"], name="holders_of_a_post"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.unit}"


class Training(models.Model):
    """A course that a person completed, and until when it holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="training")
    course = models.CharField(max_length=120)
    completed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="training_expires_after_it_is_completed",
            ),
            models.UniqueConstraint(
                fields=["person", "course", "completed_on"], name="training_is_recorded_once"
            ),
        ]


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, on: date) -> LeaveQuerySet:
        """Leave in which that day falls."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def not_over(self, on: date) -> LeaveQuerySet:
        """Leave of that day, and what is known of later."""
        return self.filter(ends_on__gte=on).order_by("starts_on")


class Leave(models.Model):
    """Days on which a person is away, first and last included, and who stands in if somebody was named."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leave")
    starts_on = models.DateField()
    ends_on = models.DateField()
    deputy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in"
    )

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["person", "starts_on"], name="leave_is_recorded_once"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")), name="nobody_stands_in_for_themselves"
            ),
        ]


class Closure(models.Model):
    """A day on which the organisation is closed besides weekends and bank holidays."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=120)


class OutsideParticipantQuerySet(models.QuerySet["OutsideParticipant"]):
    def on(self, on: date) -> OutsideParticipantQuerySet:
        """Invitations that hold on that day."""
        return self.filter(on_date(on), withdrawn_at=None)

    def about(self, kind: str, public_id: str) -> OutsideParticipantQuerySet:
        return self.filter(about_kind=kind, about_id=public_id)


class OutsideParticipant(models.Model):
    """Somebody from another organisation, invited to one record: to which, by whom, from when to when.

    `about_*` name the one record that is open to them, which is never joined.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.CharField(max_length=200)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    about_label = models.CharField(max_length=200)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OutsideParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_invitation_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["about_kind", "about_id"],
                condition=Q(withdrawn_at=None),
                name="one_person_from_outside_is_invited_to_a_record",
            ),
        ]


class SessionQuerySet(models.QuerySet["Session"]):
    def running(self, at: datetime) -> SessionQuerySet:
        """Those that somebody is signed in by, but for how long without use is the settings' to say."""
        return self.filter(ended="", expire_date__gt=at, person__isnull=False)

    def latest_first(self) -> SessionQuerySet:
        return self.order_by(F("seen_at").desc(nulls_last=True), "pk")


class Session(AbstractBaseSession):
    """One sign-in by one browser; `session_key` is the digest of its key, which the browser alone holds.

    Why it was ended is kept until it would have lapsed, to be told at its next request.
    """

    class Ended(models.TextChoices):
        BY_SELF = "by self", "You ended this sign-in from another one."
        BY_ADMINISTRATOR = "by administrator", "An administrator ended your sign-in. Sign in to go on."
        PASSWORD = (
            "password",
            "The password was changed, so every sign-in was ended. Sign in with the new one.",
        )  # noqa: S105
        LEFT = "left", "You are recorded as having left, so you can no longer sign in."
        CLOSED = "closed", "Your account was closed, so you can no longer sign in."

    session_key = models.CharField(max_length=64, primary_key=True)
    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="sessions"
    )
    began_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    ended = models.CharField(max_length=20, blank=True, choices=Ended.choices)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]
