"""What django-allauth asks of the product: how a sign-in ends, and how the secrets of factors are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from goldenthread.people.models import Person
from goldenthread.people.operations.factors import record_failure, record_sign_in
from goldenthread.people.queries import FACTORS
from goldenthread.tasks.operations import tell_of_sign_in
from goldenthread.tasks.operations.sign_in_changes import CODE_USED

BACKEND = "django.contrib.auth.backends.ModelBackend"
CLOSED = "This account is closed. Ask your quality team."
PAUSED = "There were too many wrong tries, so this is paused for 15 minutes. Wait, then try again."
UNREADABLE = "Your second factor can no longer be read. Ask an administrator to reset it."
WORDS_OF_METHODS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
WORDS_OF_FACTORS = {
    Authenticator.Type.TOTP.value: "password and code",
    Authenticator.Type.WEBAUTHN.value: "password and passkey",
    Authenticator.Type.RECOVERY_CODES.value: "password and recovery code",
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, once all that is asked for was given."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": PAUSED,
        "rate_limited": PAUSED,
        "incorrect_password": "The password is wrong. Check it and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account: people are loaded or added."""
        return False

    def add_message(
        self, request: HttpRequest, *args: Any, message: str | None = None, **kwargs: Any
    ) -> None:
        """Say what the product's own pages say, and none of allauth's."""
        if message:
            messages.error(request, message)

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Stop whoever has left before any other question."""
        return None if may_enter(user) else self._keep_out(request, user)

    def _keep_out(self, request: HttpRequest, user: Person) -> HttpResponse:
        clear_login(request)
        record_failure(person=user, how="a closed account", at=timezone.localtime())
        messages.error(request, CLOSED)
        return redirect("sign_in")

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in, and write down how; an account that was closed since the password stays out."""
        if not may_enter(user):
            raise ImmediateHttpResponse(self._keep_out(request, user))
        with transaction.atomic():
            how = how_they_came(request, user)
            login(request, user, backend=BACKEND)
            at = timezone.localtime()
            record_sign_in(person=user, how=how, at=at)
            if latest_factor(request, user) == Authenticator.Type.RECOVERY_CODES:
                tell_of_sign_in(user, CODE_USED, at=at)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a sign-in leads: to one's tasks or, from outside, to one's own part."""
        return front_page(request.user)

    def is_safe_url(self, url: str) -> bool:
        """Whether an address is on this very host."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody can show that it is them, in the product's words."""
        found = super().get_reauthentication_methods(user)
        return [{**each, "description": WORDS_OF_METHODS[each["id"]]} for each in found]

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Whether this is the person's password."""
        return user.check_password(password)


def may_enter(person: Person) -> bool:
    """Whether the account is open, and the last day has not passed."""
    return person.is_active and not person.has_left(timezone.localdate())


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: what they are called, and how their secrets are kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is wrong or was used already. Wait for the next one and type that.",
        "cannot_delete_authenticator": "A second factor is required here. Set up another first.",
    }

    def get_totp_issuer(self) -> str:
        """The name under which an authenticator app lists the account."""
        return "Golden Thread"

    def encrypt(self, text: str) -> str:
        """Keep a secret so that a copy of the database alone does not tell it."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; one that was kept under another key is lost, and fits no code."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as fault:
            raise ValidationError(UNREADABLE) from fault

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether somebody may go without this factor."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return settings.SECOND_FACTOR != "required" or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says otherwise."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who a browser says asks for a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Golden Thread"}


def front_page(user: Any) -> str:
    """Where somebody begins: their tasks or, from outside, their own part."""
    return reverse("list_my_returns" if getattr(user, "is_outside", False) else settings.LOGIN_REDIRECT_URL)


def how_they_came(request: HttpRequest, person: Person) -> str:
    """By what somebody signs in, in the ledger's words."""
    given = [each for each in get_authentication_records(request, person) if each.get("method") == "mfa"]
    if not given:
        return "password"
    return "passkey" if given[-1].get("passwordless") else WORDS_OF_FACTORS[given[-1]["type"]]


def latest_factor(request: HttpRequest, person: Person) -> str:
    """The kind of second factor that somebody gave last in this sign-in; empty for none."""
    given = [each for each in get_authentication_records(request, person) if each.get("method") == "mfa"]
    return str(given[-1].get("type", "")) if given else ""


def _fernet() -> Fernet:
    """The cipher for secrets of factors; its key comes of the installation's own."""
    made = hashlib.sha256(f"goldenthread.factors:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(made))
