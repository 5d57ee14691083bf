"""The forms of retention: a reason for a hold, a reason for lifting it, a word before removing."""

from __future__ import annotations

from django import forms

from goldenthread.web.audits.forms import Words

LONGEST = 300


class HoldForm(forms.Form):
    """Why something is held."""

    because = Words(
        label="Why it is held",
        help_text="Such as the inquiry or the claim. Name no person.",
        rows=3,
        max_length=LONGEST,
    )


class LiftForm(forms.Form):
    """Why something need not be held any longer."""

    because = Words(label="Why it need not be held any longer", rows=3, max_length=LONGEST)


class RemoveFileForm(forms.Form):
    """Why a file is removed."""

    because = Words(
        label="Why it is removed",
        help_text="Such as that it belongs to another file. Name no person.",
        rows=3,
        max_length=LONGEST,
    )


class RemoveForm(forms.Form):
    """That somebody has read what is removed."""

    sure = forms.BooleanField(
        label="I have read the list. What is removed cannot be brought back",
        error_messages={"required": "Tick the box to say that you have read the list"},
    )
