"""How long a sign-in lasts, what is said when it is over, and that nothing typed is lost by it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from goldenthread.people.models import Person, Session
from goldenthread.people.session_store import BEGAN, BROWSER, ENDED, SEEN, WAS
from goldenthread.web.access import SIGNING_IN
from goldenthread.web.forms import is_secret
from goldenthread.web.middleware import SIGNED_OUT

security = logging.getLogger("goldenthread.security")
TIMED_OUT = "You were signed out to keep records safe. Sign in to go on."
WORDS_ARE_KEPT = "What you had typed is kept: it is shown again once you have signed in."
WORDS_ARE_LOST = (
    "What you sent last was too long to keep, or held a file. Go back with your browser to copy it."
)
SEEN_EVERY_SECONDS = 60
WARNED_BEFORE_SECONDS = 300
KEPT = "kept_words"
LONGEST_KEPT = 200_000
"""Characters of a form that are kept; the longest audit section stays far below."""
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "a Chromebook"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)
STAYS = "stay_signed_in"
NO_USE = ("time_left",)
"""Names of addresses that a page asks by itself, which therefore do not count as use."""


def sign_in_ends(get_response):
    """A sign-in ends after a time without use, after a working day, and when somebody has ended it."""

    def answer(request):
        if said := _why_over(request):
            if request.path == reverse("time_left"):  # the page asks: what is sent from it may be kept yet
                return JsonResponse({"sentence": _sentence(said)}, status=SIGNED_OUT)
            _end(request, said)
        return get_response(request)

    def process_view(request, view, args, kwargs):
        """After the check of the form's origin: say what happened, and keep what was typed."""
        if getattr(request, "sign_in_ended", ""):
            return _told(request, is_open=not getattr(view, "login_required", True))
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name
        if name not in NO_USE:
            _note_use(request, at_once=name == STAYS)
        kept = request.session.get(KEPT)
        if kept and (
            kept["by"] != request.user.pk or (request.method == "POST" and request.path == kept["to"])
        ):
            del request.session[KEPT]
        return None

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def sign_in_lasts(request: HttpRequest) -> dict[str, Any]:
    """How long the sign-in of this page lasts, and what was typed here before one ended."""
    session = getattr(request, "session", None)
    if session is None or not getattr(request, "user", AnonymousUser()).is_authenticated:
        return {}
    now = timezone.now().timestamp()
    ends = (session.get(BEGAN) or now) + settings.SESSION_COOKIE_AGE
    lasts = {
        "idle_minutes": settings.IDLE_SECONDS // 60,
        "ends_at": timezone.localtime(datetime.fromtimestamp(ends, UTC)),
        "left": min(settings.IDLE_SECONDS, max(0, int(ends - now))),  # to open a page is to use it
        "warn": warned_before(),
    }
    return {"sign_in": lasts, "kept_words": _kept_here(request)}


def seconds_left(session: SessionBase, now: float) -> int:
    """For how long the sign-in still lasts if nothing more is done."""
    seen, began = session.get(SEEN) or now, session.get(BEGAN) or now
    return max(0, int(min(seen + settings.IDLE_SECONDS, began + settings.SESSION_COOKIE_AGE) - now))


def warned_before() -> int:
    """How many seconds before the end a page warns."""
    return min(WARNED_BEFORE_SECONDS, settings.IDLE_SECONDS // 3)


def running(person: Person, at: datetime) -> Any:
    """The sign-ins of a person that are in use, the latest first."""
    since = at - timedelta(seconds=settings.IDLE_SECONDS)
    return Session.objects.running(at).filter(person=person, seen_at__gte=since).latest_first()


def browser_in_words(agent: str) -> str:
    """What a browser calls itself, in a few words: “Firefox on Windows”."""
    browser = next((words for sign, words in BROWSERS if sign in agent), "A browser")
    machine = next((words for sign, words in MACHINES if sign in agent), "")
    return f"{browser} on {machine}" if machine else browser


def _why_over(request: HttpRequest) -> str:
    """Why the sign-in of this request is over, as its code or in a sentence; empty while it holds."""
    if ended := request.session.get(ENDED):
        return str(ended)
    had, person = request.session.get(SESSION_KEY), request.user  # the key first: to ask who it is may end it
    if not isinstance(person, Person):
        return _why_gone(had) if had else ""
    if person.has_left(timezone.localdate()):
        return Session.Ended.LEFT
    return TIMED_OUT if _is_over(request.session, timezone.now().timestamp()) else ""


def _why_gone(key: str) -> str:
    """Why somebody who was signed in is not known any more."""
    person = Person.objects.filter(pk=key).first()
    if person is None or person.is_active:
        return Session.Ended.PASSWORD
    return Session.Ended.LEFT if person.left_on else Session.Ended.CLOSED


def _is_over(session: SessionBase, now: float) -> bool:
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return False
    return bool(now - seen > settings.IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE)


def _note_use(request: HttpRequest, *, at_once: bool) -> None:
    """Note that the sign-in is in use: where somebody asks for it, else at most once a minute."""
    session, now = request.session, timezone.now().timestamp()
    if session.get(BEGAN) is None:
        session[BEGAN] = session[SEEN] = now
        session[BROWSER] = browser_in_words(request.headers.get("User-Agent", ""))
        came_from = request.META.get("REMOTE_ADDR", "")
        who = getattr(request.user, "public_id", "")
        security.info("Signed in: %s with %s from %r", who, session[BROWSER], came_from)
    elif at_once or now - session[SEEN] > min(SEEN_EVERY_SECONDS, settings.IDLE_SECONDS / 4):
        session[SEEN] = now


def _end(request: HttpRequest, said: str) -> None:
    was = request.session.get(WAS) or request.session.get(SESSION_KEY)
    security.info("Sign-in over: %s", Session.Ended(said).name if said in Session.Ended.values else "TIME")
    logout(request)
    request.sign_in_ended = said  # type: ignore[attr-defined]
    request.signed_out = was and int(was)  # type: ignore[attr-defined]


def _sentence(said: str) -> str:
    return str(Session.Ended(said).label) if said in Session.Ended.values else said


def _told(request: HttpRequest, *, is_open: bool) -> HttpResponse | None:
    """What happened, in words: to a script as a sentence, to a person on a page."""
    said = request.sign_in_ended  # type: ignore[attr-defined]
    sentence = _sentence(said)
    if is_open:
        messages.info(request, sentence)
        return None
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"sentence": sentence, "ended": True}, status=SIGNED_OUT)
    if request.headers.get("HX-Request"):
        return HttpResponse(sentence, status=SIGNED_OUT)
    if said in (Session.Ended.LEFT, Session.Ended.CLOSED):
        return _closed(request, sentence)
    messages.info(request, sentence)
    back = request.get_full_path()
    if request.method == "POST":
        back = _back(request)
        _keep(request, back)
    return redirect(f"{settings.SIGN_IN_PATH}?{urlencode({'next': back})}")


def _closed(request: HttpRequest, sentence: str) -> HttpResponse:
    lines = [sentence, "If this is wrong, tell your manager or your quality team."]
    if request.method == "POST":
        lines.insert(1, "What you sent just now was not saved. What was saved before is safe.")
    context = {"heading": "You are signed out", "lines": lines}
    return render(request, "errors/message.html", context, status=SIGNED_OUT)


def _back(request: HttpRequest) -> str:
    """The page on which the form stood, which its address may not show."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = came.path if came.path and came.netloc == request.get_host() else request.path
    return f"/{path.lstrip('/')}"  # two strokes would name another site


def _keep(request: HttpRequest, back: str) -> None:
    """Keep what was typed, on the server, for the same person's next sign-in here; codes are not."""
    fields = [
        [name, value] for name, values in request.POST.lists() for value in values if not is_secret(name)
    ]
    by = request.signed_out  # type: ignore[attr-defined]
    if by is None or _signs_in(request) or not (fields or request.FILES):
        return
    if request.FILES or sum(len(str(value)) for _, value in fields) > LONGEST_KEPT:
        messages.info(request, WORDS_ARE_LOST)
        return
    request.session[KEPT] = {"by": by, "at": back, "to": request.path, "fields": fields}
    messages.info(request, WORDS_ARE_KEPT)


def _signs_in(request: HttpRequest) -> bool:
    """Whether what was typed may be a code or a key."""
    return request.resolver_match is not None and request.resolver_match.url_name in SIGNING_IN


def _kept_here(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed on this page before a sign-in ended, to be sent again."""
    kept = request.session.get(KEPT)
    if not kept or kept["by"] != request.user.pk or request.path not in (kept["at"], kept["to"]):
        return None
    words = [value for _, value in kept["fields"] if len(value.split()) > 1]
    return {**kept, "words": words, "others": len(kept["fields"]) - len(words)}
