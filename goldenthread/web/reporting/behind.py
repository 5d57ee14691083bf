"""The audits behind a figure, a page at a time, with those of them that one may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.rules.framework import Framework
from goldenthread.web.access import person_of

PAGE = 50


def audits_behind(
    request: HttpRequest, audits: AuditQuerySet, *, pack: Framework, said: Mapping[str, str]
) -> dict[str, Any]:
    """What a list of audits shows; `said` is what its address says of the figure, for the next page."""
    after = request.GET.get("after", "")
    found = (
        audits.filter(number__gt=after)
        .select_related("unit", "auditor", "version")
        .defer("version__document")
    )
    rows = list(found.order_by("number")[: PAGE + 1])
    more = {**said, "after": rows[PAGE - 1].number} if len(rows) > PAGE else {}
    mine = Audit.objects.visible_to(person_of(request), on=timezone.localdate())
    mine = mine.filter(pk__in=[row.pk for row in rows[:PAGE]])
    return {
        "count": audits.count(),
        "audits": rows[:PAGE],
        "without_names": pack.report.without_names,
        "openable": set(mine.values_list("pk", flat=True)),
        "next_url": f"?{urlencode(more)}" if more else "",
    }
