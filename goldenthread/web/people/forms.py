"""What people type about people: they check what was typed, nothing else."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from goldenthread.people.models import Person, Unit

LONGEST_PASSWORD = 1000
"""Characters; no one types more, and each is hashed."""


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "The e-mail address or the password is wrong. Check both and try again.",
        "inactive": "This account is closed. Ask your quality team.",
    }

    def clean_username(self):
        """One spelling of an address, so that guesses are counted together."""
        return self.cleaned_data["username"].lower()


class SetPasswordForm(forms.Form):
    """A new password, once; pasting it is welcome."""

    password = forms.CharField(
        label="Choose a password",
        max_length=LONGEST_PASSWORD,
        error_messages={"required": "Enter a password"},
        help_text="At least 12 characters. Three random words are easy to remember and hard to guess.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ChangePasswordForm(SetPasswordForm):
    """The password one has, and the one in its place."""

    old_password = forms.CharField(
        label="Your password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Your new password"


class PersonForm(forms.Form):
    """A member of staff, entered by hand."""

    name = forms.CharField(label="Full name", max_length=200)
    reference = forms.CharField(label="Staff number (optional)", max_length=100, required=False)
    email = forms.EmailField(label="E-mail address (optional)", required=False)


class LeaverForm(forms.Form):
    """Somebody's last day."""

    left_on = forms.DateField(
        label="Their last day",
        help_text="For example, 23/12/2026. They can sign in until the end of that day.",
    )
    at_once = forms.BooleanField(label="End their access now", required=False)


class InviteForm(forms.Form):
    """Where the invitation goes."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class FindForm(forms.Form):
    """Part of a name, a staff number or an address."""

    words = forms.CharField(label="Name, staff number or e-mail address", max_length=200)


class OnForm(forms.Form):
    """The day on which something is shown."""

    on = forms.DateField(label="As it stood on", required=False)


class PeopleFileForm(forms.Form):
    """The people file."""

    file = forms.FileField(
        label="People file",
        help_text="An Excel workbook (.xlsx) or a text file (.csv), up to 50 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    invite = forms.BooleanField(
        label="Invite everybody whom the file adds and who has an e-mail address",
        required=False,
    )


class JoinPersonForm(forms.Form):
    """Who a worker of an extract really is."""

    into = forms.CharField(label="Staff number or e-mail address of the person", max_length=254)

    def clean_into(self):
        """The person meant."""
        text = self.cleaned_data["into"].strip()
        known = Person.objects.filter(joined_into=None)
        found = known.filter(reference=text).first() or known.filter(email__iexact=text).first()
        if found is None:
            raise forms.ValidationError("Nobody has this staff number or e-mail address.")
        return found


class JoinUnitForm(forms.Form):
    """Which unit a team of an extract really is."""

    into = forms.ModelChoiceField(
        label="The unit that it really is",
        empty_label="Select a unit",
        queryset=Unit.objects.confirmed().order_by("name"),
        to_field_name="public_id",
    )
