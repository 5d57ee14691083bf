"""What people type to show that it is them, after or instead of their password."""

from allauth.account.forms import ReauthenticateForm as LibrarysPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

NAME_LENGTH = 60
MOST = 20  # characters of a code, with the spaces that people type


def _code(label, help_text=""):
    """A field for a code: digits on a telephone, offered by the browser where it knows one."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, max_length=MOST, widget=forms.TextInput(attrs))


class SetUpAppForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    code = _code("Code that the app shows now", "6 digits")


class CodeForm(AuthenticateForm):
    """The code at a sign-in."""

    code = _code("Code", "6 digits from your authenticator app, or one of your recovery codes")


class CodeAgainForm(ReauthenticateForm):
    """The code before a change."""

    code = _code("Code", "6 digits from your authenticator app, or one of your recovery codes")


class PasswordAgainForm(LibrarysPasswordForm):
    """The password before a change."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; the browser fills in the rest."""

    name = forms.CharField(
        label="What to call it",
        help_text="For example, my work laptop",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    passwordless = forms.BooleanField(
        label="Sign in with it alone, without a password",
        help_text="The device then asks for your fingerprint, your face or its PIN each time.",
        required=False,
    )


class NamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(
        label="What to call it",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ResetFactorsForm(forms.Form):
    """Why somebody's factors are removed."""

    reason = forms.CharField(
        label="Why, and how you made sure that it is them who ask",
        help_text="For example: new telephone; I rang them on the number of the staff directory.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
