"""What had been done by a day: a cycle that is only tried must not know what came after it."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.programmes.models import Cycle

IN_HAND = ("owed", "working", "checking")


def sent_so_far(cycle: Cycle, audits: AuditQuerySet, *, on: date) -> AuditQuerySet:
    """Those that were sent before the day, where the cycle is only tried; else all of them."""
    return audits.filter(sent_at__lt=_beginning(on)) if cycle.is_tried else audits


def finished_so_far(cycle: Cycle, audits: AuditQuerySet, *, on: date) -> AuditQuerySet:
    """Those that were finished before the day, where the cycle is only tried; else all of them."""
    return audits.filter(finished_at__lt=_beginning(on)) if cycle.is_tried else audits


def unfinished(cycle: Cycle, *, on: date) -> AuditQuerySet:
    """The audits in hand; on the day itself, where the cycle is only tried."""
    if not cycle.is_tried:
        return Audit.objects.filter(phase__in=IN_HAND)
    then = Q(finished_at=None) | Q(finished_at__gte=_beginning(on))
    return sent_so_far(cycle, Audit.objects.exclude(phase="stopped"), on=on).filter(then)


def _beginning(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
