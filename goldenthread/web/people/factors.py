"""How one signs in: the code after the password, setting factors up, removing them, recovery codes.

The pages are django-allauth's views with the product's look; what they change is written to the ledger
in the same transaction.
"""

from urllib.parse import quote

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.generic.edit import FormView

from goldenthread.people.models import Person
from goldenthread.people.operations import factors as operations
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import sign_in_changes as changes
from goldenthread.tasks.operations import tell_of_sign_in
from goldenthread.web.access import person_of
from goldenthread.web.people import rows
from goldenthread.web.people.adapters import latest_factor
from goldenthread.web.people.factor_forms import ResetFactorsForm

APP = "authenticator app"


class ShowSignIn(IndexView):
    """How one signs in, and what can be set up."""

    template_name = "people/show_sign_in.html"

    def get_context_data(self, **kwargs):
        """What is set up, as rows; whoever has no password here signs in elsewhere."""
        context = super().get_context_data(**kwargs)
        found = context["authenticators"]
        app, codes = found.get("totp"), found.get("recovery_codes")
        has_password = self.request.user.has_usable_password()
        return {
            **context,
            "passkeys": rows.passkeys(found.get("webauthn", [])),
            "summary": [*_of_password(has_password), _of_app(app), *([_of_codes(codes)] if codes else [])],
            "may_set_up": has_password or bool(found),
            "directory": settings.DIRECTORY_CLIENT,
            "is_missing": settings.SECOND_FACTOR == "required" and not found,
        }


def _of_password(has_one: bool) -> list[dict[str, str]]:
    """The password, as a row, where there is one."""
    row = {"key": "Password", "value": "Set", "url": reverse("change_password"), "action": "Change"}
    return [row] if has_one else []


def _of_app(app) -> dict[str, str]:
    """The authenticator app, as a row."""
    if app is None:
        return {
            "key": "Authenticator app",
            "value": "Not set up",
            "url": reverse("mfa_activate_totp"),
            "action": "Set up",
        }
    value = f"Set up on {rows.shown(timezone.localdate(app.instance.created_at))}"
    return {
        "key": "Authenticator app",
        "value": value,
        "url": reverse("mfa_deactivate_totp"),
        "action": "Remove",
    }


def _of_codes(codes) -> dict[str, str]:
    """The recovery codes, as a row."""
    try:
        left = f"{len(codes.get_unused_codes())} left"
    except ValidationError:
        left = "They can no longer be used"
    return {
        "key": "Recovery codes",
        "value": left,
        "url": reverse("mfa_generate_recovery_codes"),
        "action": "Replace",
    }


class GiveCode(AuthenticateView):
    """After the password: the code."""

    template_name = "people/give_code.html"

    def get_context_data(self, **kwargs):
        """Which of code and passkey this person can give."""
        context, person = super().get_context_data(**kwargs), self.stage.login.user
        kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        has_passkey = Authenticator.Type.WEBAUTHN in kinds
        return {**context, "has_passkey": has_passkey, "has_code": kinds != {Authenticator.Type.WEBAUTHN}}

    def form_invalid(self, form):
        """A wrong code or passkey is written down."""
        how = "a wrong code" if "code" in form.fields else "a wrong passkey"
        operations.record_failure(person=self.stage.login.user, how=how, at=timezone.localtime())
        return super().form_invalid(form)


def note_wrong_answer(request: HttpRequest) -> None:
    """Write down that somebody did not show that it is them, before a change."""
    how = "a wrong answer before a change"
    operations.record_failure(person=person_of(request), how=how, at=timezone.localtime())


class GivePasswordAgain(ReauthenticateView):
    """The password, before a change."""

    template_name = "people/give_again.html"

    def form_invalid(self, form):
        """A wrong password is written down."""
        note_wrong_answer(self.request)
        return super().form_invalid(form)


class GiveCodeAgain(CodeAgainView):
    """A code, before a change."""

    template_name = "people/give_again.html"

    @transaction.atomic
    def form_valid(self, form):
        """That a recovery code was used is told."""
        answer = super().form_valid(form)
        if latest_factor(self.request, person_of(self.request)) == Authenticator.Type.RECOVERY_CODES:
            tell_of_sign_in(person_of(self.request), changes.CODE_USED, at=timezone.localtime())
        return answer

    def form_invalid(self, form):
        """A wrong code is written down."""
        note_wrong_answer(self.request)
        return super().form_invalid(form)


class SetUpApp(ActivateTOTPView):
    """Set an authenticator app up: a square to scan, or a secret to type, and the first code."""

    template_name = "people/set_up_app.html"

    def get_context_data(self, **kwargs):
        """The secret in groups of four, as one types it."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    @transaction.atomic
    def form_valid(self, form):
        """The app is set up; the code that showed it signs nobody in."""
        answer = super().form_valid(form)
        person = person_of(self.request)
        app = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
        app.wrap().validate_code(form.cleaned_data["code"])
        at = timezone.localtime()
        operations.record_factor(person=person, factor=APP, at=at)
        tell_of_sign_in(person, changes.APP_ADDED, at=at)
        messages.success(self.request, "Authenticator app set up")
        return answer


class RemoveApp(DeactivateTOTPView):
    """Go without the authenticator app again."""

    template_name = "people/remove_app.html"

    @transaction.atomic
    def form_valid(self, form):
        """The app is removed, and with the last factor its recovery codes."""
        answer = super().form_valid(form)
        person, at = person_of(self.request), timezone.localtime()
        operations.record_removal(person=person, factor=APP, at=at)
        tell_of_sign_in(person, changes.APP_REMOVED, at=at)
        messages.success(self.request, "Authenticator app removed")
        return answer


class ShowRecoveryCodes(ViewRecoveryCodesView):
    """Recovery codes, which are shown once."""

    template_name = "people/show_recovery_codes.html"

    def get_context_data(self, **kwargs):
        """The codes, and the same as a file that the page itself holds."""
        context = super().get_context_data(**kwargs)
        lines = "\r\n".join(("Golden Thread: recovery codes. Each works once.", "", *context["unused_codes"]))
        return {**context, "file": f"data:text/plain;charset=utf-8,{quote(lines)}"}


class RenewRecoveryCodes(GenerateRecoveryCodesView):
    """New recovery codes in place of the old."""

    template_name = "people/renew_recovery_codes.html"

    def get_context_data(self, **kwargs):
        """The form alone: the old codes are not read, since they may no longer be readable."""
        return FormView.get_context_data(self, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        """The old codes work no more."""
        answer = super().form_valid(form)
        person, at = person_of(self.request), timezone.localtime()
        operations.record_recovery_codes(person=person, at=at)
        tell_of_sign_in(person, changes.CODES_RENEWED, at=at)
        return answer


@require_http_methods(["GET", "POST"])
def reset_factors(request: HttpRequest, public_id: str) -> HttpResponse:
    """An administrator removes the factors of somebody who lost theirs."""
    if not person_of(request).is_administrator:
        raise PermissionDenied
    person = get_object_or_404(Person.objects.confirmed(), public_id=public_id)
    form = ResetFactorsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                reason, at = form.cleaned_data["reason"], timezone.localtime()
                operations.reset_factors(person=person, reason=reason, by=person_of(request), at=at)
                tell_of_sign_in(person, changes.FACTORS_RESET, at=at)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request, f"{person.name} signs in with the password alone until they set up again"
            )
            return redirect("show_person", public_id=person.public_id)
    return render(request, "people/reset_factors.html", {"form": form, "person": person})
