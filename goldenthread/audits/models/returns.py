"""What an audit may hold several of: rows of a section that repeats, and returns of other parties."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models.audit import Audit
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person


class RowQuerySet(models.QuerySet["Row"]):
    def standing(self) -> RowQuerySet:
        """The rows that were not taken out."""
        return self.filter(taken_out_at=None)

    def in_order(self) -> RowQuerySet:
        return self.order_by("section", "place", "pk")


class Row(models.Model):
    """A row of a section that repeats: each person sampled, each event.

    A row that is taken out stays with its answers and can be put back; `place` orders the rows, and
    `version` counts the changes of its name. `mark` is the page's own, so that a resend adds no second row.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="rows", db_index=False)
    section = models.CharField(max_length=80)
    name = models.CharField(max_length=100, blank=True)
    place = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    taken_out_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_out_at = models.DateTimeField(null=True, blank=True)
    mark = models.CharField(max_length=40, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "mark"], condition=~Q(mark=""), name="a_row_is_added_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_out_at=None, taken_out_by=None)
                | Q(taken_out_at__isnull=False, taken_out_by__isnull=False),
                name="a_row_taken_out_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["audit", "section", "place"], name="rows_of_a_section")]


class Return(models.Model):
    """One party's part of an audit that has several: whose, how far, and since when.

    `key` names the rule of its audit type; `person` is the one invited from outside, `given_by` and
    `organisation` the one whose words somebody else types in. Its answers and judgements point here.
    """

    class State(models.TextChoices):
        BEGUN = "begun", "Not sent in yet"
        SENT_IN = "sent in", "Sent in"
        NOT_COMING = "not coming", "Not coming"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="returns", db_index=False)
    key = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    skipped_sections = models.JSONField(default=list, blank=True)
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it was sent in, or given up")
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True, help_text="why it is not coming")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="an_audit_has_a_return_once"),
            models.CheckConstraint(
                condition=Q(state="begun", settled_at=None, settled_by=None)
                | (~Q(state="begun") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="a_return_that_is_settled_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="not coming") | ~Q(why=""), name="a_return_not_coming_says_why"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.BEGUN

    @property
    def is_in(self) -> bool:
        return self.state == self.State.SENT_IN


class OfTheAudit(models.Manager):
    """An audit's own rows, without those of its returns: no figure and no page mixes the two by mistake."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(in_return=None)
