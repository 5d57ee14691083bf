"""Signing in through the organisation's own directory, by OpenID Connect.

The dance is django-allauth's: state, PKCE, the exchange of the code. Who somebody is, is decided here: the
pinned tenant and its `oid`, which the people file gave to a person beforehand. An e-mail address decides
nothing, nobody unknown gets an account, and nothing of the directory's answer is kept.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from requests import RequestException

from goldenthread.people.models import Person
from goldenthread.people.operations.factors import record_failure, record_sign_in, record_unknown
from goldenthread.web.access import CAME_BY, DIRECTORY
from goldenthread.web.people.adapters import BACKEND, front_page, may_enter

logger = logging.getLogger(__name__)

ALGORITHMS = ["RS256"]
NEEDED = ["exp", "iat", "iss", "aud", "sub", "nonce"]
ADDRESSES = ["authorization_endpoint", "token_endpoint", "jwks_uri"]
MISREAD = (LookupError, RecursionError, TypeError, ValueError)
"""What reading an answer of another shape than was asked for ends in."""
LEEWAY = 60  # seconds by which two clocks may differ

UNUSABLE = (
    "We could not use the answer of your organisation’s directory. Nothing was changed.",
    "Try again. If it happens again, tell the people who run Golden Thread, with the time.",
)
CLOSED = ("Your account here is closed.", "Ask your quality team if you think that it should be open.")
UNKNOWN = (
    "Your organisation’s directory knows you, but nobody has told Golden Thread who you are yet.",
    "Ask your quality team to add your directory id to the people file. It is {oid}",
)
WITHOUT_ROLE = (
    "Your organisation’s directory does not let you use Golden Thread.",
    "Ask whoever runs your directory for the role “{role}”.",
)


class Directory(OpenIDConnectOAuth2Adapter):
    """The directory as its discovery document describes it; its answers are checked in full."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document, if it speaks for the issuer that the settings name."""
        config = _read(self.get_provider().server_url)
        if config.get("issuer") != settings.DIRECTORY_ISSUER:
            raise OAuth2Error("The discovery document speaks for another issuer.")
        if not all(isinstance(config.get(each), str) for each in ADDRESSES):
            raise OAuth2Error("The discovery document lacks an address.")
        return config

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the directory gives for the code, if it is what such a directory gives."""
        try:
            given = super().get_access_token_data(*args, **kwargs)
        except MISREAD as fault:
            raise OAuth2Error(f"The answer to the code cannot be read: {fault!r}") from fault
        if not isinstance(given, dict):
            raise OAuth2Error("The answer to the code is no object.")
        return given

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The key to the directory's other pages, which nobody here opens or keeps."""
        return SocialToken(token="")

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The claims of a token that one of the directory's keys signed for us and that still holds."""
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=settings.DIRECTORY_ISSUER,
                leeway=LEEWAY,
                options={"require": NEEDED},
            )
        except (jwt.PyJWTError, *MISREAD) as fault:
            raise OAuth2Error(f"The token does not hold: {fault}") from fault
        if (
            claims["aud"] not in (app.client_id, [app.client_id])
            or claims.get("azp", app.client_id) != app.client_id
        ):
            raise OAuth2Error("The token is for another program as well.")
        return claims

    def _key_of(self, id_token: str) -> Any:
        """The directory's key that the token names."""
        keys = jwt.PyJWKSet.from_dict(_read(self.openid_config["jwks_uri"]))
        name = jwt.get_unverified_header(id_token).get("kid")
        found = next((key for key in keys.keys if key.key_id == name), None)
        if found is None:
            raise OAuth2Error("The token was signed by a key that is not the directory's.")
        return found.key

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """What the token says; without one nobody signs in."""
        if "id_token" not in kwargs["response"]:
            raise OAuth2Error("There is no id token.")
        return super().complete_login(request, app, token, **kwargs)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the directory is to send people back to."""
        return request.build_absolute_uri(reverse("come_from_directory"))


class DirectoryProvider(OpenIDConnectProvider):
    """The directory as allauth's dance knows it."""

    oauth2_adapter_class = Directory


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Who of the directory is whom here."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> DirectoryProvider:
        """The one directory that the settings name; none comes from the database."""
        app = SocialApp(
            provider="openid_connect",
            provider_id=DIRECTORY,
            name=settings.DIRECTORY_NAME,
            client_id=settings.DIRECTORY_CLIENT,
            secret=settings.DIRECTORY_SECRET,
            settings={
                "server_url": settings.DIRECTORY_ISSUER,
                "oauth_pkce_enabled": True,
                "fetch_userinfo": False,
                "token_auth_method": "client_secret_post",
            },
        )
        return DirectoryProvider(request, app=app)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sign the person in, or say why not; allauth's own ways on from here are never taken."""
        claims = sociallogin.account.extra_data["id_token"]
        expected = sociallogin.state.get("nonce")
        if not expected or claims["nonce"] != expected or claims.get("tid") != settings.DIRECTORY_TENANT:
            raise OAuth2Error("The token is an answer to another question, or of another tenant.")
        raise ImmediateHttpResponse(_enter(request, claims, sociallogin.state.get("next") or ""))

    def lead(self, request: HttpRequest) -> HttpResponse:
        """Lead to the directory."""
        provider, nonce = self.get_provider(request, DIRECTORY), secrets.token_urlsafe(32)
        wanted = request.GET.get("next", "")
        is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
        try:
            return provider.redirect(
                request,
                process="login",
                next_url=wanted if is_ours else None,
                auth_params={"nonce": nonce},
                scope=["openid", "profile"],
                nonce=nonce,
            )
        except (RequestException, OAuth2Error) as fault:
            logger.warning("The directory cannot be asked: %s", fault)
            return _refused(request, UNUSABLE)

    def take_answer(self, request: HttpRequest) -> HttpResponse:
        """Take the directory's answer."""
        try:
            return OAuth2CallbackView.adapter_view(Directory(request, DIRECTORY))(request)
        except (RequestException, OAuth2Error) as fault:  # it was there a moment ago, and is no longer
            logger.warning("The directory cannot be asked: %s", fault)
            return _refused(request, UNUSABLE)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, exception: Any = None, **kwargs: Any
    ) -> None:
        """Say that it did not work; the log has the reason."""
        logger.warning("A sign-in through the directory failed: %s", exception or kwargs.get("error"))
        raise ImmediateHttpResponse(_refused(request, UNUSABLE))


def _enter(request: HttpRequest, claims: dict[str, Any], wanted: str) -> HttpResponse:
    """Sign in whoever the claims name, if they may; else say whom to ask."""
    oid, at = str(claims.get("oid") or "").lower(), timezone.localtime()
    if not oid:
        raise OAuth2Error("The token has no oid.")
    person = Person.objects.filter(external_id=oid, joined_into=None).first()
    if person is None:
        record_unknown(oid=oid, at=at)
        return _refused(request, UNKNOWN, oid=oid)
    if settings.DIRECTORY_ROLE and not _has_role(claims.get("roles")):
        record_failure(person=person, how="no role in the directory", at=at)
        return _refused(request, WITHOUT_ROLE, role=settings.DIRECTORY_ROLE)
    if not may_enter(person):
        record_failure(person=person, how="a closed account", at=at)
        return _refused(request, CLOSED)
    with transaction.atomic():
        login(request, person, backend=BACKEND)
        record_sign_in(person=person, how=DIRECTORY, at=at)
    request.session[CAME_BY] = DIRECTORY
    return redirect(wanted or front_page(person))


def _has_role(roles: Any) -> bool:
    """Whether the role that is asked for is one of the list; in a text, any part of a word would do."""
    return isinstance(roles, list) and settings.DIRECTORY_ROLE in roles


def _read(address: str) -> dict[str, Any]:
    """What the directory says at an address: an object, or it is not used."""
    with DirectoryAdapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
    try:
        said = answer.json()
    except MISREAD as fault:
        raise OAuth2Error(f"What the directory says cannot be read: {fault!r}") from fault
    if not isinstance(said, dict):
        raise OAuth2Error("What the directory says is no object.")
    return said


def _refused(request: HttpRequest, lines: tuple[str, str], **values: str) -> HttpResponse:
    """A page that says why somebody is not let in, and whom to ask."""
    context = {"heading": "You are not signed in", "lines": [line.format(**values) for line in lines]}
    return render(request, "people/directory_refused.html", context, status=403)
