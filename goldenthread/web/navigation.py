"""What every page shows around its own content: the sections of the product and where one is."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One section in the navigation; `path` is where its pages live."""

    text: str
    url_name: str
    path: str


SECTIONS = (
    Entry("My tasks", "my_tasks", "/tasks/"),
    Entry("Audits", "list_audits", "/audits/"),
    Entry("Programme", "list_cycles", "/programme/"),
    Entry("Caseload", "list_subjects", "/caseload/"),
    Entry("People", "list_people", "/people/"),
    Entry("Reports", "list_reports", "/reports/"),
    Entry("Ledger", "show_ledger", "/ledger/"),
)


def surroundings(request):
    """The context of base.html: the sections this person may open, and whether this is a demo."""
    user = getattr(request, "user", None)
    sections = SECTIONS if user is not None and user.is_authenticated else ()
    return {
        "navigation": [entry for entry in map(lambda section: _shown(section, request), sections) if entry],
        "demo": settings.DEMO,
    }


def _shown(section, request):
    """A section as the navigation shows it, or None where its page does not exist."""
    try:
        url = reverse(section.url_name)
    except NoReverseMatch:
        return None
    return {
        "text": section.text,
        "url": url,
        "current": request.path == url,
        "active": request.path.startswith(section.path),
    }
