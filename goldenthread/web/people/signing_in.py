"""Signing in and out, setting a password from a link that works once, and the mail that carries the link."""

from smtplib import SMTPException
from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from goldenthread.people.models import Person
from goldenthread.people.operations.factors import record_failure
from goldenthread.people.operations.signing_in import (
    WrongPassword,
    change_password,
    invitation_of,
    invitation_tokens,
    set_password,
)
from goldenthread.people.queries import has_second_factor
from goldenthread.people.session_store import digest_of
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import sign_in_changes as changes
from goldenthread.tasks.operations import tell_of_sign_in
from goldenthread.web.access import person_of
from goldenthread.web.people.adapters import PAUSED, front_page
from goldenthread.web.people.forms import ChangePasswordForm, SetPasswordForm, SignInForm

CHANGED = "Password changed. You stay signed in here; everywhere else you were signed out."
INVITATION = """Hello,

you have been invited to Golden Thread, where case files are audited. Choose your password here:

{link}

The link works once, for {days} days. If you did not expect it, tell your quality team.
"""
OTHER_ADDRESS = """Hello,

from now on you sign in to Golden Thread with another e-mail address than this one, and your old password has
ended. If you did not ask for it, tell your quality team at once.
"""


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The sign-in page; django-axes slows down guessing."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the name of the organisation's directory where there is one."""
        directory = settings.DIRECTORY_NAME if settings.DIRECTORY_CLIENT else ""
        return {**super().get_context_data(**kwargs), "directory": directory}

    def get_default_redirect_url(self) -> str:
        """Where whoever is signed in already is led."""
        return front_page(self.request.user)

    def form_valid(self, form):
        """The password is right: ask for the second factor, where there is one."""
        return perform_login(self.request, form.get_user(), redirect_url=self.get_redirect_url())

    def form_invalid(self, form):
        """A wrong password of somebody known is written down."""
        address = form.cleaned_data.get("username", "")
        person = Person.objects.filter(email__iexact=address).first() if address else None
        record_failure(person=person, how="a wrong password", at=timezone.localtime())
        return super().form_invalid(form)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_password_page(request: HttpRequest, person_part: str, token: str) -> HttpResponse:
    """Choose a password from an invitation."""
    person = _invited(person_part, token)
    if person is None:
        return render(request, "people/invitation_spent.html", status=410)
    form = SetPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.localtime()
        try:
            with transaction.atomic():
                set_password(person=person, password=form.cleaned_data["password"], at=at)
                tell_of_sign_in(person, changes.WORD_SET, at=at)
        except Refused as refusal:
            form.add_error("password", str(refusal))
        else:
            return redirect("sign_in")
    return render(request, "people/set_password.html", {"form": form, "person": person})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password_page(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this sign-in goes on under a new key, all others end."""
    form, person = ChangePasswordForm(request.POST or None), person_of(request)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="reauthenticate", user=person):
            form.add_error(None, PAUSED)
        elif answer := _change_password(request, form):
            return answer
    return render(
        request, "people/change_password.html", {"form": form, "directory": settings.DIRECTORY_CLIENT}
    )


def _change_password(request: HttpRequest, form: ChangePasswordForm) -> HttpResponse | None:
    """Change it and lead on, or say in the form why not."""
    person, at = person_of(request), timezone.localtime()
    old, new = form.cleaned_data["old_password"], form.cleaned_data["password"]
    own = digest_of(request.session.session_key or "")
    try:
        with transaction.atomic():
            person = change_password(person=person, old=old, new=new, but=own, at=at)
            tell_of_sign_in(person, changes.WORD_CHANGED, at=at)
            update_session_auth_hash(request, person)
    except WrongPassword as refusal:
        record_failure(person=person, how="a wrong answer before a change", at=at)
        form.add_error("old_password", str(refusal))
    except Refused as refusal:
        form.add_error("password", str(refusal))
    else:
        ratelimit.clear(request, action="reauthenticate", user=person)
        messages.success(request, CHANGED)
        return redirect("mfa_index")
    return None


def _invited(person_part: str, token: str) -> Person | None:
    """The person whose invitation this is, while it is good."""
    try:
        public_id = urlsafe_base64_decode(person_part).decode()
    except (ValueError, UnicodeDecodeError):
        return None
    person = Person.objects.filter(public_id=public_id, is_active=True).first()
    if person and person.has_left(timezone.localdate()):
        return None
    return person if person and invitation_tokens.check_token(person, token) else None


def link_to_pass_on(person: Person) -> str:
    """While e-mails are only printed where the server was started: the link, to be handed over by hand."""
    if "console" not in settings.EMAIL_BACKEND:
        return ""
    return f"There is no mail server yet. Give {person.name} this link, which works once: {_link_of(person)}"


def _link_of(person: Person) -> str:
    """The address at which somebody who was invited chooses their password."""
    return settings.ADDRESS + reverse("set_password", args=invitation_of(person))


def send_invitation(person: Person) -> bool:
    """Mail somebody their link; whether the mail server took it."""
    link = _link_of(person)
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    try:
        send_mail(
            "Your invitation to Golden Thread",
            INVITATION.format(link=link, days=days),
            None,
            [str(person.email)],
        )
    except (OSError, SMTPException):
        return False
    return True


def address_in_use(person: Person) -> str:
    """The address at which somebody signs in; empty where they cannot by a password or a passkey."""
    return (person.email or "") if person.has_usable_password() or has_second_factor(person) else ""


def tell_former_address(address: str, person: Person) -> None:
    """Tell the address at which somebody signed in until now that it is no longer theirs here.

    No notice: that would go to the new address, which somebody else may have.
    """
    if address and person.email and address.lower() != person.email.lower():
        send_mail("How you sign in to Golden Thread", OTHER_ADDRESS, None, [address], fail_silently=True)
