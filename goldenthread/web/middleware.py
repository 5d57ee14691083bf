"""What every answer carries, and what no address opens."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse

from goldenthread.web.access import OPEN_TO_OUTSIDE

HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
SIGNED_OUT = 401


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


def no_unreadable_address(get_response):
    """An address with the character that no text holds (NUL) is refused before a database is asked for it."""

    def answer(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return get_response(request)

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


def _has_signed_out(request, response) -> bool:
    """Whether this answer ends a sign-in, by the person's wish or by time."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return getattr(request, "sign_in_ended", False) or (cookie is not None and not cookie.value)
