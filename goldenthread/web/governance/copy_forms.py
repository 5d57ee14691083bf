"""The forms of copies: a request, that one was sent, that one is not sent."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from goldenthread.rules.copies import CopyRule
from goldenthread.web.audits.forms import Words
from goldenthread.web.forms import Radios

LONGEST = 300


class CopyFilter(forms.Form):
    """What the list of copies is narrowed by."""

    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All"),
            ("owed", "To be sent"),
            ("late", "To be sent, and late"),
            ("sent", "Sent"),
            ("not sent", "Not to be sent"),
        ],
    )


class SentForm(forms.Form):
    """That a copy was sent: to whom, how and on which day."""

    sent_to = forms.CharField(
        label="To whom, and at which address",
        help_text="The address that you used. It is kept with this copy alone.",
        max_length=LONGEST,
    )
    sent_as = forms.ChoiceField(label="How it was sent", widget=Radios)
    sent_on = forms.DateField(label="On which day")

    def __init__(self, data=None, *, rule: CopyRule, to: str = ""):
        super().__init__(data, initial={"sent_to": to, "sent_as": rule.ways[0]})
        self.fields["sent_as"].choices = [(one, one) for one in rule.ways]  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """Why a copy is not sent."""

    because = Words(label="Why it is not sent", rows=3, max_length=LONGEST)


class AskForm(forms.Form):
    """Which copy somebody asked for, who and when."""

    rule = forms.ChoiceField(label="Which copy", widget=Radios)
    asked_by = forms.CharField(
        label="Who asked for it", max_length=150, help_text="Such as “the daughter” or “the ward manager”."
    )
    asked_on = forms.DateField(label="On which day they asked")

    def __init__(self, data=None, *, offered: Mapping[str, CopyRule]):
        super().__init__(data, initial={"rule": next(iter(offered))})
        self.fields["rule"].choices = [(name, one.title) for name, one in offered.items()]  # type: ignore[attr-defined]
