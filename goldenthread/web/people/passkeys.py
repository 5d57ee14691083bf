"""Passkeys: add one, name it, remove it, and sign in with it, beside a password or alone.

A browser makes and uses passkeys by script alone; the scripts are django-allauth's. The pages say what to
do without.
"""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone

from goldenthread.people.operations import factors as operations
from goldenthread.tasks.operations import sign_in_changes as changes
from goldenthread.tasks.operations import tell_of_sign_in
from goldenthread.web.access import person_of
from goldenthread.web.people.factors import note_wrong_answer

PASSKEY = "passkey"
NOT_USED = "The passkey could not be used. Try again, or use another way."


class AddPasskey(AddWebAuthnView):
    """Add a passkey."""

    template_name = "people/add_passkey.html"

    @transaction.atomic
    def form_valid(self, form):
        """The passkey is kept."""
        answer = super().form_valid(form)
        person, at = person_of(self.request), timezone.localtime()
        operations.record_factor(person=person, factor=PASSKEY, at=at)
        tell_of_sign_in(person, changes.PASSKEY_ADDED, at=at)
        messages.success(self.request, "Passkey added")
        return answer


class NamePasskey(EditWebAuthnView):
    """Give one's passkey another name."""

    template_name = "people/name_passkey.html"
    success_url = reverse_lazy("mfa_index")

    @transaction.atomic
    def form_valid(self, form):
        """The name is kept."""
        answer = super().form_valid(form)
        operations.record_name(person=person_of(self.request), at=timezone.localtime())
        messages.success(self.request, "Name changed")
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """Remove one's passkey."""

    template_name = "people/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    @transaction.atomic
    def form_valid(self, form):
        """The passkey signs nobody in any more; the last factor of all stays where one is required."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, get_adapter().error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        answer = super().form_valid(form)
        person, at = person_of(self.request), timezone.localtime()
        operations.record_removal(person=person, factor=PASSKEY, at=at)
        tell_of_sign_in(person, changes.PASSKEY_REMOVED, at=at)
        messages.success(self.request, "Passkey removed")
        return answer


class SignInByPasskey(LoginWebAuthnView):
    """Sign in with a passkey alone, which then asks for a fingerprint, a face or a PIN itself."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: object) -> None:
        """Whoever gave a password and then thinks better of it may use a passkey."""

    def form_invalid(self, form) -> HttpResponse:
        """Back to the sign-in page, which says so; nobody known was named by whom it could be believed."""
        messages.error(self.request, NOT_USED)
        return redirect("sign_in")


class GivePasskeyAgain(ReauthenticateWebAuthnView):
    """The passkey, before a change."""

    template_name = "people/give_passkey_again.html"

    def form_invalid(self, form) -> HttpResponse:
        """A passkey that does not fit is written down."""
        note_wrong_answer(self.request)
        messages.error(self.request, NOT_USED)
        return redirect(self.request.get_full_path())
