"""Pages that belong to no subject: the way in, the health check, and what is said when something is wrong."""

import errno
import logging
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goldenthread.rules.personal_data import seeming_identifiers
from goldenthread.web.access import whom_to_ask
from goldenthread.web.forms import is_secret

logger = logging.getLogger(__name__)
security = logging.getLogger("goldenthread.security")

MOST_WARNINGS = 5  # about one field; more would be read by nobody

NOT_FOUND = (
    "If you typed the address, check that it is right.",
    "If you followed a link, the page may be about something that you are not able to see. {ask}",
)
NOT_ALLOWED = ("What you may do here does not include this. {ask}",)
ASK = {
    "somebody": "If you think that it should be open to you, ask one of those who look after posts here:",
    "outside": "If you think that it should be open to you, ask whoever invited you.",
    "nobody": "If you think that it should be open to you, ask the people who run Golden Thread where you "
    "work.",
}
BAD_REQUEST = (
    "The page was asked for in a way that we could not read. Nothing was changed.",
    "Go back with your browser, reload the page and try again.",
)
TOO_LARGE = (
    "What you sent holds more text than we take at once, which is {megabytes} MB. Nothing was changed.",
    "Go back with your browser: what you typed is still there. Shorten it, or send it in parts. Send a "
    "document as a file where the page takes one.",
)
TOO_MANY = (
    "What you sent holds more fields than we take at once. Nothing was changed.",
    "Go back with your browser and send it in parts.",
)
NOT_TAKEN = (
    "This address cannot be used in that way. Nothing was changed.",
    "If you sent a form, go back with your browser, reload the page and send it again. If you typed or saved "
    "the address, begin from your tasks.",
)
STALE = (
    "The page had been open for a long time, or you signed in again in another window. Nothing was changed.",
    "Go back, reload the page and do it again. If you had typed a lot, copy it before you reload.",
)
LOCKED_OUT = (
    "Somebody gave a wrong password for this account too many times, so signing in is paused for 15 minutes.",
    "Wait 15 minutes and try again. If you have forgotten your password, ask your quality team for a new "
    "invitation.",
)
NOT_NOW = (
    "The database cannot be reached, or there is no room left on a disk. What you saved before is safe. "
    "What you sent last was not saved.",
    "Go back with your browser: what you typed is most likely still there. Send it again in a few minutes. "
    "If that does not help, tell the people who run Golden Thread, with the time.",
)
BUSY = (
    "Several reports are being made at the moment, yours perhaps among them. Nothing was changed.",
    "Wait a minute, then load this page again. If you asked for several at once, ask for one after another.",
)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SERVER_ERROR = (
    "Something went wrong on our side. What you saved before is safe.",
    "If you sent something just now, look whether it was saved before you send it again.",
    "Try again in a few minutes. If it happens again, tell the people who run Golden Thread, with the time.",
)


@require_GET
def home(request):
    """The front door leads to what one owes; somebody from outside has nothing but their own part."""
    return redirect("list_my_returns" if request.user.is_outside else "my_tasks")


@login_not_required
@require_GET
def healthz(request):
    """Whether this process serves and reaches its database, for a monitor."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer")
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
def check_words(request):
    """What in the words being typed looks like an identifier; nothing of them is kept."""
    found = seeming_identifiers(request.POST.get("words", ""), on=timezone.localdate())
    return JsonResponse({"sentences": [seeming.sentence for seeming in found[:MOST_WARNINGS]]})


@login_not_required
@require_GET
def accessibility_statement(request):
    """What works for whom, and whom to tell when it does not."""
    return render(request, "accessibility_statement.html")


def bad_request(request, exception=None):
    """A request that cannot be read (400), or of which there is too much."""
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        lines = [line.format(megabytes=megabytes) for line in TOO_LARGE]
        return _message(request, 400, "That was too much at once", lines)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return _message(request, 400, "That was too much at once", TOO_MANY)
    return _message(request, 400, "Sorry, that did not work", BAD_REQUEST)


def not_taken(request, allowed):
    """An address asked in a way that it does not take (405), such as a form sent to a page that has none."""
    answer = _message(request, 405, "Sorry, that did not work", NOT_TAKEN)
    answer.headers["Allow"] = allowed
    return answer


def busy(request):
    """So many costly pages are being made that this one has to be asked for again (429)."""
    answer = _message(request, 429, "This takes a moment longer", BUSY)
    answer.headers["Retry-After"] = "30"
    return answer


def not_allowed(request, exception=None):
    """Something that this person may not do (403); the log says who tried what, by opaque ids."""
    security.warning("Refused: %s tried %s %r", _who(request), request.method, request.path)
    return _closed(request, 403, "You cannot do this", NOT_ALLOWED)


def not_found(request, exception=None):
    """Nothing here, or nothing for this person (404): the two look alike on purpose."""
    return _closed(request, 404, "Page not found", NOT_FOUND)


def _closed(request, status, heading, lines):
    """A page that is not open to somebody, with whom to ask about it."""
    people = whom_to_ask(request)
    is_outside = getattr(getattr(request, "user", None), "is_outside", False)
    ask = ASK["somebody" if people else "outside" if is_outside else "nobody"]
    context = {**_context(heading, [line.format(ask=ask) for line in lines]), "people": people}
    return render(request, "errors/message.html", context, status=status)


def _who(request):
    """Whose request it is, by opaque id."""
    return getattr(getattr(request, "user", None), "public_id", "nobody")


def csrf_failure(request, reason=""):
    """A form from a page that has gone stale, or that another site forged; the log says which was refused."""
    security.warning("Refused: %s sent %r without the token of its page", _who(request), request.path)
    return _message(request, 403, "This page is out of date", STALE, typed=typed_words(request))


def typed_words(request):
    """The texts of more than a word that one of our own pages sent; nothing that is secret."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []  # somebody else's page must not put its words into ours
    return [
        text.strip()
        for name, texts in request.POST.lists()
        for text in texts
        if not is_secret(name) and len(text.split()) > 1
    ]


def locked_out(request, credentials=None, *args, **kwargs):
    """Too many wrong passwords; django-axes calls this."""
    return _message(request, 429, "Signing in is paused", LOCKED_OUT)


def server_error(request):
    """A fault of ours (500), said without leaning on anything that may be broken.

    Where a disk is full or the database does not answer it says so (503): that passes by itself.
    """
    lines: tuple[str, ...]
    status, heading, lines = 500, "Sorry, there is a problem", SERVER_ERROR
    if _passes(sys.exc_info()[1]):
        status, heading, lines = 503, "Nothing can be saved at the moment", NOT_NOW
    try:
        return render(None, "errors/message.html", _context(heading, lines), status=status)
    except Exception:
        logger.exception("The error page itself failed")
        text = "\n\n".join((f"{heading} (Golden Thread)", *lines))
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _passes(fault):
    """Whether a fault is the machine's (no room, no database) and not the program's."""
    if isinstance(fault, OSError):
        return fault.errno in NO_ROOM
    return isinstance(fault, OperationalError | InterfaceError)


def _message(request, status, heading, lines, typed=()):
    """A page that says what is wrong and what to do, and gives back what was typed."""
    context = {**_context(heading, lines), "typed": typed}
    return render(request, "errors/message.html", context, status=status)


def _context(heading, lines):
    return {"heading": heading, "lines": lines}
