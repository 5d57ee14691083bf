"""The form of how somebody wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms

from goldenthread.people.models import Person
from goldenthread.rules.notices import Choices
from goldenthread.web.forms import Radios

AT_ONCE, DAILY = "at once", "daily"
LABELS = {
    "reminders": ("Reminders of what is due", "On working days, while something is late or soon due"),
    "audits": ("Audits", "Sent to you, returned, final, and what is asked of you about them"),
    "follow-up": ("What follows an audit", "Discussions and actions"),
    "disputes": ("Disputes", ""),
    "agreements": ("Agreements on how accurate records are", ""),
    "other": ("Everything else", "Such as work that comes to you when somebody leaves"),
}
CLOCKS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]


class NoticesForm(forms.Form):
    """At once or once a day, by group; and the quiet hours."""

    quiet_from = forms.TimeField(
        label="Quiet from",
        required=False,
        input_formats=CLOCKS,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "Enter a time of day, such as 19:00."},
        help_text="For example, 19:00. Leave both empty to have no quiet hours.",
    )
    quiet_until = forms.TimeField(
        label="Quiet until",
        required=False,
        input_formats=CLOCKS,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "Enter a time of day, such as 19:00."},
        help_text="For example, 07:30",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = {
            name: forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=[(AT_ONCE, "At once"), (DAILY, "Once a day, together")],
                widget=Radios(attrs={"class": "govuk-radios--inline"}),
            )
            for name, (label, hint) in LABELS.items()
        }
        self.fields = {**groups, **self.fields}

    @staticmethod
    def initial_of(chosen: Choices) -> dict[str, object]:
        """What the form begins with."""
        first, last = chosen.quiet or (None, None)
        groups = {name: DAILY if name in chosen.digest else AT_ONCE for name in LABELS}
        return {**groups, "quiet_from": first, "quiet_until": last}

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours, or neither."""
        said = super().clean() or {}
        ends = ("quiet_from", "quiet_until")
        given = [name for name in ends if said.get(name) is not None]
        if len(given) == 1 and not any(name in self.errors for name in ends):
            (missing,) = set(ends) - set(given)
            self.add_error(missing, "Enter both times of your quiet hours, or leave both empty.")
        elif len(given) == 2 and said["quiet_from"] == said["quiet_until"]:
            self.add_error("quiet_until", "Quiet hours cannot last the whole day. Enter another time.")
        return said

    def said(self) -> dict[str, Any]:
        """The choices as the operation takes them."""
        given = self.cleaned_data
        quiet = (given["quiet_from"], given["quiet_until"])
        return {
            "digest": [name for name in LABELS if given[name] == DAILY],
            "quiet": quiet if quiet[0] is not None else None,
        }


class DeputyForm(forms.Form):
    """Who stands in during somebody's leave, by their e-mail address."""

    email = forms.EmailField(
        label="E-mail address of whoever stands in",
        required=False,
        help_text="Leave it empty if nobody does.",
    )
    deputy: Person | None = None

    def clean_email(self) -> str:
        """The address of somebody who is known and still here."""
        email = self.cleaned_data["email"]
        if email:
            self.deputy = Person.objects.filter(email__iexact=email, is_active=True, is_outside=False).first()
            if self.deputy is None:
                raise forms.ValidationError("Nobody here has this address. Check it, or ask them for theirs.")
        return email
