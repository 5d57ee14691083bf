"""The lists of responses and actions, narrowed to what one figure of a report counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from goldenthread.audits.queries import cycle_words
from goldenthread.rules.calendars import in_words
from goldenthread.web.access import person_of
from goldenthread.web.audits.typed import clean
from goldenthread.web.tasks.rows import Page

NARROWED_BY = {"rule": "rule", "kind": "kind", "team": "unit__public_id"}
KEPT = ("framework", "cycle", *NARROWED_BY)


def narrowed(request: HttpRequest, found: Any) -> Any:
    """Only what the figure counts, as the address says: some cycles', of a rule, a kind or a team."""
    asked = _asked(request)
    if "framework" in asked and "cycle" in asked:
        reader = person_of(request)
        found = found.in_cycles(asked["framework"], asked["cycle"].split(","))
        found = found.reported_to(reader, on=timezone.localdate())
    fields = {field.name for field in found.model._meta.get_fields()}
    for name, column in NARROWED_BY.items():
        if name in asked and column.split("__")[0] in fields:
            found = found.filter(**{column: asked[name]})
    return found


def around(request: HttpRequest, page: Page) -> dict[str, Any]:
    """What a narrowed list says and keeps: its cycles, the fields of its form, the pages beside it."""
    asked, state = _asked(request), request.GET.get("state", "")
    query = asked | ({"state": state} if state else {})
    more = urlencode(query | {"after": page.rows[-1].public_id}) if page.next_url else ""
    first = urlencode(query)
    return {
        "kept": list(asked.items()),
        "cycle": in_words(map(cycle_words, asked["cycle"].split(","))) if "cycle" in asked else "",
        "next_url": f"?{more}" if more else "",
        "previous_url": f"{page.previous_url}?{first}" if page.previous_url else "",
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address narrows by; a kind may be empty, since actions may have none."""
    return {name: clean(request.GET[name]) for name in KEPT if name in request.GET}
