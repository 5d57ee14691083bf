"""What every answer carries, and what no address opens."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from goldenthread.people.queries import has_second_factor
from goldenthread.web.access import CAME_BY, DIRECTORY, OPEN_TO_OUTSIDE, SIGNING_IN
from goldenthread.web.views import not_taken

HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
SIGNED_OUT, NOT_ALLOWED = 401, 405
NOT_KEPT = "goldenthread.not_kept"
"""Where the web server puts the fault for which it could not keep what was sent."""


def private_pages(get_response):
    """No page stays in a cache or an index; signing out clears what a page kept in the browser."""

    def answer(request):
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if _has_signed_out(request, response):
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    return answer


def narrow_view(get_response):
    """Somebody invited from outside finds the pages of their own part and no others, whatever they guess."""

    def answer(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        is_outside = getattr(request.user, "is_outside", False)
        if is_outside and request.resolver_match.url_name not in OPEN_TO_OUTSIDE:
            raise Http404

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def second_factor_first(get_response):
    """Where a second factor is required, whoever has none is led to set one up before anything else."""

    def answer(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if request.resolver_match.url_name in SIGNING_IN or not _lacks_a_factor(request):
            return None
        return redirect("mfa_index")

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def nothing_half_sent(get_response):
    """A form that the web server could not keep whole is a fault of the machine, before anybody reads it."""

    def answer(request):
        if fault := request.META.get(NOT_KEPT):
            raise fault
        return get_response(request)

    return answer


def no_unreadable_address(get_response):
    """An address with the character that no text holds (NUL) is refused before a database is asked for it."""

    def answer(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return get_response(request)

    return answer


def no_empty_refusal(get_response):
    """A form sent to a page that takes none, or a page asked of what takes forms alone, is told in words."""

    def answer(request):
        response = get_response(request)
        if response.status_code == NOT_ALLOWED and not response.content:
            return not_taken(request, response.headers.get("Allow", ""))
        return response

    return answer


def no_page_inside_a_page(get_response):
    """A part of a page that meets a sign-out is told so (401) instead of being given the sign-in page."""

    def answer(request):
        response = get_response(request)
        in_page = request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", "")
        to_sign_in = response.headers.get("Location", "").startswith(settings.SIGN_IN_PATH)
        if in_page and to_sign_in and not request.user.is_authenticated:
            return HttpResponse("You are signed out. Sign in again to go on.", status=SIGNED_OUT)
        return response

    return answer


def _lacks_a_factor(request) -> bool:
    """Whether somebody signed in with a password alone where that is not enough.

    Whoever came through the organisation's directory gave their second factor there; in a demonstration
    nobody has a password.
    """
    if settings.SECOND_FACTOR != "required" or settings.DEMO or not request.user.is_authenticated:
        return False
    if request.session.get(CAME_BY) == DIRECTORY:
        return False
    return not has_second_factor(request.user)


def _has_signed_out(request, response) -> bool:
    """Whether this answer ends a sign-in, by the person's wish or by time."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return getattr(request, "sign_in_ended", False) or (cookie is not None and not cookie.value)
