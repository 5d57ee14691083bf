"""The published versions of the organisation's frameworks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit


class Framework(models.Model):
    """A framework by its key; what it says lies in its versions."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    key = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class VersionManager(models.Manager["Version"]):
    """Versions without their documents, which are long; one is asked for when it is read."""

    def get_queryset(self) -> models.QuerySet[Version]:
        return super().get_queryset().defer("document")


class Version(models.Model):
    """One published version: a framework pack as canonical YAML; triggers keep it from ever changing.

    `queries.pack_of(version)` reads the document as the typed model.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    effective_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VersionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="versions_of_a_framework_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework.title}, version {self.number}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self) -> DraftQuerySet:
        """Those still worked on."""
        return self.filter(state__in=(Draft.State.WRITTEN, Draft.State.OFFERED))


class Draft(models.Model):
    """A framework in the making, faulty or not, as YAML; each save counts `revision` up by one.

    An offered draft waits for a second person, who publishes it as it is or sends it back.
    """

    class State(models.TextChoices):
        WRITTEN = "written", "being written"
        OFFERED = "offered", "waiting for a second person"
        PUBLISHED = "published", "published"
        DISCARDED = "discarded", "discarded"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    document = models.TextField()
    based_on = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITTEN)
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    offered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_by=None, offered_at=None, effective_on=None)
                | Q(offered_by__isnull=False, offered_at__isnull=False, effective_on__isnull=False),
                name="an_offer_says_who_when_and_from_which_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_at__isnull=False),
                name="an_offered_draft_was_offered",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BroughtIn(models.Model):
    """A form that came into a draft from another program's file, with what of the file was not applied."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="brought_in")
    form = models.CharField(max_length=80, help_text="its name in the draft when it was brought in")
    left_out = models.JSONField(default=list, blank=True, help_text="a sentence for each thing not applied")
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    brought_at = models.DateTimeField()


class Publishing(models.Model):
    """How the organisation wants its frameworks published: one row, made when somebody first says so.

    `one_asked_*` say who asks, while two people publish, that one may do it alone; somebody else agrees.
    """

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    two_people = models.BooleanField(default=False)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    one_asked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    one_asked_at = models.DateTimeField(null=True, blank=True)
    one_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="there_is_one_way_of_publishing"),
            models.CheckConstraint(
                condition=Q(one_asked_by=None, one_asked_at=None, one_because="")
                | (
                    Q(one_asked_by__isnull=False, one_asked_at__isnull=False, two_people=True)
                    & ~Q(one_because="")
                ),
                name="that_one_publishes_is_asked_of_two_with_a_reason",
            ),
        ]


class Remit(models.Model):
    """Which units a framework is for from a day on: these with all below; none is the whole organisation.

    What was chosen before stays, with its reason; of the choices whose day has come the last made counts.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="remits")
    units = models.ManyToManyField(Unit, related_name="+")
    starts_on = models.DateField()
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_choice_of_units_says_why"),
        ]


class Grant(models.Model):
    """A permission that a version gives to holders of a post, as a row, so that SQL can ask for it.

    `scope` is where the post must be held: over the subject's unit, or anywhere. Roles held by
    relation are read from an audit's participants, not from here.
    """

    class Scope(models.TextChoices):
        OVER_THE_UNIT = "unit", "over the subject's unit"
        ANYWHERE = "anywhere", "anywhere"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=80)
    post = models.CharField(max_length=80)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    permission = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "role", "post", "permission"], name="a_role_is_granted_a_permission_once"
            ),
            models.CheckConstraint(condition=~Q(post=""), name="a_grant_names_a_post"),
        ]
        indexes = [models.Index(fields=["permission", "post"], name="grants_of_a_permission")]
