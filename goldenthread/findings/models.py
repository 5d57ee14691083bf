"""What was found, good or not, wherever it was found, and its themes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit


class FindingQuerySet(models.QuerySet["Finding"]):
    def standing(self) -> FindingQuerySet:
        return self.filter(withdrawn_at=None)

    def good(self) -> FindingQuerySet:
        return self.filter(kind=Finding.Kind.GOOD)

    def gaps(self) -> FindingQuerySet:
        return self.filter(kind=Finding.Kind.GAP)

    def about(self, kind: str, public_id: str) -> FindingQuerySet:
        return self.filter(about_kind=kind, about_id=public_id)


class Finding(models.Model):
    """One thing found: good practice or something to improve, in a part, under a theme, from a source.

    Something to improve may have a likely cause and a severity.
    """

    class Kind(models.TextChoices):
        GOOD = "good", "Good practice"
        GAP = "gap", "To improve"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    about_label = models.CharField(max_length=200)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    part = models.CharField(max_length=80, blank=True, help_text="the key of the domain")
    theme = models.CharField(max_length=80, blank=True, help_text="the key of the framework's theme")
    source = models.CharField(max_length=80, blank=True, help_text="the key of the framework's source")
    cause = models.CharField(max_length=80, blank=True, help_text="the key of the framework's cause")
    severity = models.CharField(max_length=80, blank=True, help_text="the key of the framework's severity")
    text = models.TextField()
    found_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="gap") | Q(cause="", severity=""),
                name="good_practice_has_no_cause_and_no_severity",
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="findings_about_a_record"),
            models.Index(
                fields=["theme", "kind"], condition=Q(withdrawn_at=None), name="findings_of_a_theme"
            ),
        ]
