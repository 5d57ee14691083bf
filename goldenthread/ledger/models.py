"""Tables of the ledger: events in one chain, their values, and who read what."""

from django.db import models


class EventQuerySet(models.QuerySet):
    """Filters over events; the newest first where a page lists them."""

    def about(self, kind: str, public_id: str) -> "EventQuerySet":
        """Events about one record."""
        return self.filter(about_kind=kind, about_id=public_id)

    def before(self, position: int | None) -> "EventQuerySet":
        """The next page of a list that goes backwards, which starts below a position."""
        newest_first = self.order_by("-position")
        return newest_first if position is None else newest_first.filter(position__lt=position)


class Event(models.Model):
    """One change: its place in the chain, who, when, what, about what. Written once."""

    position = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=20, blank=True)  # a person's public id; empty for the system
    what = models.CharField(max_length=100)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    about_label = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        db_table = "ledger_event"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__gte=1), name="an_event_has_a_position_from_1"
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id", "position"], name="event_about"),
            models.Index(fields=["by", "position"], name="event_by"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"Event {self.position}: {self.what}"


class EventValues(models.Model):
    """What an event changed, apart from the chain, so that retention can blank it."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="recorded")
    salt = models.CharField(max_length=64)
    values = models.TextField(null=True)
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_event_values"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(values__isnull=False, blanked_at__isnull=True)
                | models.Q(values__isnull=True, blanked_at__isnull=False),
                name="values_are_kept_or_blanked",
            )
        ]

    def __str__(self) -> str:
        return f"Values of event {self.pk}"


class ReadQuerySet(models.QuerySet):
    """Filters over the read log."""

    def about(self, kind: str, public_id: str) -> "ReadQuerySet":
        """Reads of one record."""
        return self.filter(about_kind=kind, about_id=public_id)

    def before(self, number: int | None) -> "ReadQuerySet":
        """The next page of a list that goes backwards, which starts below a number."""
        newest_first = self.order_by("-id")
        return newest_first if number is None else newest_first.filter(id__lt=number)


class Read(models.Model):
    """Somebody opened a sensitive record. Written once, without the chain's lock; anchored in checkpoints."""

    at = models.DateTimeField()
    by = models.CharField(max_length=20, blank=True)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    how = models.CharField(max_length=40)

    objects = ReadQuerySet.as_manager()

    class Meta:
        db_table = "ledger_read"
        indexes = [
            models.Index(fields=["about_kind", "about_id", "id"], name="read_about"),
            models.Index(fields=["by", "id"], name="read_by"),
            models.Index(fields=["at"], name="read_at"),
        ]

    def __str__(self) -> str:
        return f"Read {self.pk}: {self.about_kind} {self.about_id}"
