"""What every page shows around its own content: the sections of the product and where one is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from goldenthread.rules.vocabulary import STANDARD_WORDS
from goldenthread.web.access import may


@dataclass(frozen=True)
class Section:
    """One section in the navigation: `path` and `also` are where its pages live, `needs` what opens it."""

    text: str
    url_name: str
    path: str
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


MY_LISTS = (
    "/actions/",
    "/alerts/",
    "/disputes/",
    "/late-work/",
    "/private-concerns/",
    "/leave/",
    "/notices/",
)
SECTIONS = (
    Section("My tasks", "my_tasks", "/tasks/", also=MY_LISTS),
    Section("Audits", "list_audits", "/audits/", also=("/moderation/", "/returns/")),
    Section("Follow-up", "list_responses", "/follow-up/", ("see audits",)),
    Section("Programme", "list_cycles", "/programme/", ("draw and allocate", "see reports")),
    Section("Caseload", "list_subjects", "/caseload/", ("see subjects", "import the caseload")),
    Section("People", "list_people", "/people/", ("manage people",)),
    Section("Agreements", "list_agreements", "/agreements/", ("keep agreements",)),
    Section("Reports", "list_reports", "/reports/", ("see reports",)),
    Section("Frameworks", "list_frameworks", "/frameworks/", ("manage frameworks", "see reports")),
    Section("Retention", "show_retention", "/retention/", ("keep and remove records",)),
    Section("Ledger", "show_ledger", "/ledger/", ("see the ledger",)),
)
OWN_PART = Section("Your part", "list_my_returns", "/returns/")
"""All that somebody from outside may open."""


def surroundings(request: HttpRequest) -> dict:
    """The context of base.html: the sections this person may open, and whether this is a demo.

    `way_out` is the first of them, on a page that belongs to none: it leads back where nothing else does.
    """
    sections = sections_for(request)
    is_elsewhere = not any(section["active"] for section in sections)
    way_out = sections[0] if sections and is_elsewhere else None
    return {"navigation": sections, "way_out": way_out, "demo": settings.DEMO}


def standard_words(request: HttpRequest) -> dict:
    """The standard words, for pages that are about no one framework; the others bring their own."""
    return {"words": STANDARD_WORDS}


def sections_for(request: HttpRequest) -> list[dict]:
    """The sections that the signed-in person may open, in order; none for a stranger."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    if getattr(user, "is_outside", False):
        return [_shown(OWN_PART, request.path)]
    opened = [each for each in SECTIONS if not each.needs or any(may(request, need) for need in each.needs)]
    return [_shown(section, request.path) for section in opened]


def _shown(section: Section, path: str) -> dict:
    """A section as the navigation shows it."""
    url = reverse(section.url_name)
    return {
        "text": section.text,
        "url": url,
        "current": path == url,
        "active": path.startswith((section.path, *section.also)),
    }
