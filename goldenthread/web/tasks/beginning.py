"""What comes first where nothing is set up yet, shown on the page that one sees after signing in."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Version
from goldenthread.people.models import Post
from goldenthread.programmes.models import Cycle
from goldenthread.web.access import may


class Step(NamedTuple):
    """Something to do before the first audits, where it is done, and what it is for."""

    text: str
    url: str
    hint: str


STEPS = (
    (
        "manage people",
        Post,
        "load_people",
        "Load your people",
        "Who works in which team and post, from a file",
    ),
    (
        "manage frameworks",
        Version,
        "begin_draft",
        "Set up your framework",
        "Begin a draft with one that comes with Golden Thread, change what differs with you, and publish it",
    ),
    (
        "import the caseload",
        Subject,
        "upload_extract",
        "Load your cases",
        "An extract of the open cases, from which audits are drawn",
    ),
    (
        "draw and allocate",
        Cycle,
        "list_cycles",
        "Plan the year",
        "Its cycles, then what is drawn in the first",
    ),
)
"""The steps in their order: what one must be permitted, what is there once it is done, and its page."""


def first_steps(request: HttpRequest) -> list[Step]:
    """The steps that are still to be done and that this person may do; none once a year is planned."""
    mine = [step for step in STEPS if may(request, step[0])]
    if not mine or Cycle.objects.exists():
        return []
    return [
        Step(text, reverse(page), hint)
        for _, model, page, text, hint in mine
        if not model._default_manager.exists()
    ]
