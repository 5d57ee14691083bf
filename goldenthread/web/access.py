"""What a signed-in person may do: what frameworks grant, and what an administrator needs to set up."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goldenthread.frameworks.queries import permissions_of, who_may
from goldenthread.people.models import Person

ADMINISTRATORS_MAY = frozenset(
    {
        "manage people",
        "manage frameworks",
        "import the caseload",
        "see the ledger",
        "see subjects",
        "see the read log",
    }
)
"""What sets an installation up; it does not include reading audits."""


CAME_BY, DIRECTORY = "came_by", "directory"
"""Where a session says that somebody came through the organisation's directory."""

SIGNING_IN = frozenset(
    {
        "sign_in",
        "sign_out",
        "set_password",
        "healthz",
        "accessibility_statement",
        "account_login",
        "account_reauthenticate",
        "change_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "come_from_directory",
        "sign_in_through_directory",
        "stay_signed_in",
        "time_left",
    }
)
"""The names of the addresses that lead in and out, and where one sets up how; they are open to all."""

MOST_TO_ASK = 3

OPEN_TO_OUTSIDE = SIGNING_IN | frozenset(
    {
        "home",
        "list_my_sign_ins",
        "end_my_sign_in",
        "end_other_sign_ins",
        "discard_kept_words",
        "list_my_returns",
        "show_return",
        "return_section",
        "save_return_answer",
        "save_return_judgement",
        "skip_return_section",
        "send_in_return",
        "raise_alert_in_return",
        "download_return_file",
        "remove_return_file",
    }
)
"""The names of the only addresses that answer somebody invited from outside; all others are not found."""


def person_of(request: HttpRequest) -> Person:
    """The signed-in person; every page but those that say otherwise is closed to anybody else."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    if person.worked_out is None:
        person.worked_out = {}
    return person


def permissions(request: HttpRequest) -> frozenset[str]:
    """Every permission of the signed-in person, asked of the database once in a request."""
    known: frozenset[str] | None = getattr(request, "_permissions", None)
    if known is None:
        known = frozenset()
        if isinstance(getattr(request, "user", None), Person):  # nobody is known yet at a host not ours
            person = person_of(request)
            known = permissions_of(person, on=timezone.localdate())
            known |= ADMINISTRATORS_MAY if person.is_administrator else frozenset()
        request._permissions = known  # type: ignore[attr-defined]
    return known


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the signed-in person holds this permission somewhere."""
    return permission in permissions(request)


def needs(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page only to those who hold the permission; others are told so by the 403 page."""

    def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return opened


def access(request: HttpRequest) -> dict[str, frozenset[str]]:
    """Give templates `may`, the permissions as words with underscores, for the navigation."""
    return {"may": frozenset(p.replace(" ", "_") for p in permissions(request))}


def whom_to_ask(request: HttpRequest) -> list[Person]:
    """A few of those who look after people and their posts, for whoever may not open something.

    Nobody who is not signed in, or who comes from outside, learns who they are.
    """
    asks = request.user if hasattr(request, "user") else None
    if not isinstance(asks, Person) or asks.is_outside:
        return []
    by_post = who_may("manage people", on=timezone.localdate()).exclude(pk=asks.pk).order_by("name")
    found = list(by_post[:MOST_TO_ASK])
    if not found:
        administrators = Person.objects.confirmed().filter(is_administrator=True, is_active=True)
        found = list(administrators.exclude(pk=asks.pk).order_by("name")[:MOST_TO_ASK])
    return found
