"""The subjects and their dated facts, as the case systems export them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.frameworks.grants import EVERY_ROW, NO_ROW, holding
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit, on_date

SEE_SUBJECTS = "see subjects"
SEE_STAFF_FILES = "see staff files"
CASE = "case"


def first_told_by() -> models.ForeignKey:
    """The extract that brought the row, so that it can be undone whole; unset where a person made it."""
    return models.ForeignKey(
        "caseload.Extract", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class SubjectQuerySet(models.QuerySet["Subject"]):
    def visible_to(self, person: Person, *, on: date) -> SubjectQuerySet:
        """Subjects that this person may know of that day: their own work, or what a post of theirs lets see.

        A post over a unit lets see the subjects of its teams; what is about a member of staff, only with
        the permission for that. A predicate in SQL, never a list of ids.
        """
        own = Q(Exists(Work.objects.filter(subject=OuterRef("pk"), person=person).on(on)))
        staff = own | _seen_by_post(person, SEE_STAFF_FILES, on)
        if person.is_administrator:
            return self.filter(Q(about_staff=False) | staff)
        return self.filter(
            own
            | Q(about_staff=False) & _seen_by_post(person, SEE_SUBJECTS, on)
            | Q(about_staff=True) & _seen_by_post(person, SEE_STAFF_FILES, on)
        )

    def of_kind(self, *kinds: str) -> SubjectQuerySet:
        return self.filter(kind__in=kinds)

    def open_on(self, on: date) -> SubjectQuerySet:
        """Subjects with an involvement that had begun and had not ended on that day."""
        return self.filter(
            Exists(Episode.objects.filter(subject=OuterRef("pk"), missing_since=None).open_on(on))
        )


def _seen_by_post(person: Person, permission: str, on: date) -> Q:
    """Whether a post of the person's lets see a subject, anywhere or in the teams that work with it."""
    rows = holding(person, on).rows_now(permission)
    if rows in (NO_ROW, EVERY_ROW):
        return rows
    return Q(Exists(Work.objects.filter(rows, subject=OuterRef("pk")).on(on)))


class Subject(models.Model):
    """What is audited: a case, known by the case system's reference alone, or another kind of subject.

    `kind` is "case" or a kind's name in a framework. `source` is what another kind's subject stands for, by
    its own reference or opaque ids; `label` is what people call it, never the name of a person who receives
    care. What is `about_staff` is shown to those concerned and to those who may see staff files.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80, default=CASE)
    reference = models.CharField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=100, blank=True)
    about_staff = models.BooleanField(default=False)
    person_reference = models.CharField(
        max_length=100, blank=True, help_text="The person's reference, never a name"
    )
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    extract = first_told_by()

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="a_reference_names_one_subject"),
            models.UniqueConstraint(
                fields=["kind", "source"], condition=~Q(source=""), name="one_subject_stands_for_a_thing"
            ),
        ]
        indexes = [models.Index(fields=["person_reference"], name="subjects_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_case(self) -> bool:
        return self.kind == CASE

    @property
    def shown(self) -> str:
        """What people call it: its label, else its reference."""
        return self.label or self.reference


class Link(models.Model):
    """A subject that belongs to another, from when to when: a household's cases, an episode's case."""

    whole = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="members")
    part = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="wholes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_link_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(whole=F("part")), name="a_subject_is_no_part_of_itself"),
            models.UniqueConstraint(
                fields=["whole", "part"], condition=Q(ends_on=None), name="a_part_is_linked_once"
            ),
        ]


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def open_on(self, on: date) -> EpisodeQuerySet:
        """Begun by that day (or, where no start is known, first seen by it) and not ended on it."""
        begun = Q(opened_on__lte=on) | Q(opened_on=None, first_seen_on__lte=on)
        return self.filter(begun).filter(Q(closed_on=None) | Q(closed_on__gt=on))

    def missing(self) -> EpisodeQuerySet:
        return self.exclude(missing_since=None)


class Episode(models.Model):
    """One involvement with the subject, as one row of one list of an extract tells it.

    `list` is the extract's list ("6" of Annex A, "cases" of an open-cases list); `missing_since` is
    the day of the first extract that no longer showed an open episode, until a person says what became of it.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="episodes", db_index=False)
    preset = models.CharField(max_length=40)
    list = models.CharField(max_length=40)
    key = models.CharField(max_length=200, help_text="What tells this row from others in its list")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    first_seen_on = models.DateField(help_text="The day of the first extract that showed it")
    missing_since = models.DateField(null=True, blank=True)
    worker = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="episodes"
    )
    team = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="episodes")
    row_digest = models.CharField(
        max_length=64, help_text="Digest of the row's mapped values, to see a change"
    )
    extract = first_told_by()

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["preset", "list", "key"], name="a_row_of_a_list_is_one_episode"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="an_episode_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "closed_on"], name="episodes_of_a_subject"),
            models.Index(fields=["missing_since"], condition=~Q(missing_since=None), name="missing_episodes"),
        ]


class WorkQuerySet(models.QuerySet["Work"]):
    def on(self, on: date) -> WorkQuerySet:
        return self.filter(on_date(on))

    def between(self, first: date, last: date) -> WorkQuerySet:
        """Work that touched the days from `first` to `last`, both included."""
        return self.filter(starts_on__lte=last).filter(Q(ends_on=None) | Q(ends_on__gte=first))


class Work(models.Model):
    """Who worked with the subject, from which team, from when to when.

    `basis` says how the start is known: a column of the extract, or the first extract that showed it.
    """

    class Basis(models.TextChoices):
        COLUMN = "column", "a column of the extract"
        FIRST_SEEN = "first seen", "the first extract that showed it"
        ENTERED = "entered", "entered by a person"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="work", db_index=False)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="work", db_index=False
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="work", db_index=False
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=20, choices=Basis.choices)
    extract = first_told_by()

    objects = WorkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(unit__isnull=False),
                name="work_names_a_worker_or_a_team",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="work_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "starts_on"], name="work_with_a_subject"),
            models.Index(fields=["person", "ends_on"], name="work_of_a_person"),
            models.Index(fields=["unit", "ends_on"], name="work_of_a_unit"),
        ]


class FactQuerySet(models.QuerySet["Fact"]):
    def on(self, on: date) -> FactQuerySet:
        return self.filter(on_date(on))


class Fact(models.Model):
    """A dated fact about a subject: status, legal status, a risk, a key date, an age band."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="facts", db_index=False)
    name = models.CharField(max_length=80)
    value = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    extract = first_told_by()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "name"], condition=Q(ends_on=None), name="a_fact_has_one_current_value"
            ),
        ]
        indexes = [models.Index(fields=["subject", "name", "starts_on"], name="facts_of_a_subject")]


class ExtractQuerySet(models.QuerySet["Extract"]):
    def waiting(self) -> ExtractQuerySet:
        return self.filter(state__in=[Extract.State.UPLOADED, Extract.State.MAPPING, Extract.State.PREVIEWED])

    def committed(self) -> ExtractQuerySet:
        return self.filter(state=Extract.State.COMMITTED)


class Extract(models.Model):
    """One uploaded extract, from its preview to its confirmation or the end of it."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Being read"
        MAPPING = "mapping", "Waiting for you to say what its columns are"
        PREVIEWED = "previewed", "Waiting for you to confirm"
        COMMITTED = "committed", "Loaded"
        ABANDONED = "abandoned", "Abandoned"
        UNDONE = "undone", "Undone"
        REFUSED = "refused", "Could not be read"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    preset = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255, help_text="Of several files, how they are called together")
    files = models.JSONField(default=list, blank=True, help_text="The name of each file")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.UPLOADED)
    headers = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    lists = models.JSONField(default=list, blank=True, help_text="The lists that the file contains")
    counts = models.JSONField(default=dict, blank=True)
    people = models.PositiveIntegerField(default=0, help_text="Distinct persons in any of its files")
    notes = models.JSONField(default=list, blank=True)
    problem = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent of the work done")
    rows_read = models.PositiveIntegerField(default=0)
    is_confirmed = models.BooleanField(default=False, help_text="A person said yes to the preview")
    extracted_on = models.DateField(help_text="The day of which the extract tells")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="extracts"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExtractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preset"],
                condition=Q(state__in=["uploaded", "mapping", "previewed"]),
                name="one_extract_of_a_kind_waits_at_a_time",
            ),
        ]


class StagedRow(models.Model):
    """A row of an extract as it was read and cleaned, waiting to be compared, shown and loaded.

    It holds mapped values alone: no name and no date of birth of a person who receives care.
    """

    class Action(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        REJECTED = "rejected", "Rejected"

    extract = models.ForeignKey(Extract, on_delete=models.CASCADE, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField()
    list = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, blank=True)
    replaces = models.CharField(max_length=100, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    worker_reference = models.CharField(max_length=100, blank=True)
    team = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField()
    allocated_on = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    action = models.CharField(max_length=10, choices=Action.choices, blank=True)
    values = models.JSONField(default=dict)
    mark = models.CharField(max_length=32, blank=True, help_text="The mark of a row that may be known again")
    anew_on = models.DateField(
        null=True, blank=True, help_text="From this day on the same row may say something else"
    )

    class Meta:
        indexes = [
            models.Index(fields=["extract", "list", "key"], name="staged_rows_by_key"),
            models.Index(fields=["extract", "action", "id"], name="staged_rows_by_action"),
            models.Index(fields=["extract", "reference"], name="staged_rows_of_a_subject"),
        ]


class KnownRow(models.Model):
    """The row that last told of an involvement, by a mark alone, so that the same row need not be read again.

    It holds as long as the involvement has the `key` and the `digest` that came of the row, from the day on
    which it was read to the day before `anew_on`. Without it the row is read, which is always right.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, primary_key=True, related_name="+")
    mark = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    read_on = models.DateField()
    anew_on = models.DateField(null=True, blank=True)
    is_open = models.BooleanField()
    is_allocated = models.BooleanField()


class Rejection(models.Model):
    """A row that could not be loaded: where it stands and why; never what it said of a person."""

    extract = models.ForeignKey(Extract, on_delete=models.CASCADE, related_name="rejections")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)


class Change(models.Model):
    """What a committed extract changed in one row of a table, so that it can be undone whole."""

    extract = models.ForeignKey(Extract, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row = models.BigIntegerField()
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)


class RememberedMapping(models.Model):
    """The mapping last confirmed for a preset and a set of headers, offered next time."""

    preset = models.CharField(max_length=40)
    headers_digest = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "headers_digest"], name="one_mapping_is_remembered_for_headers"
            )
        ]
