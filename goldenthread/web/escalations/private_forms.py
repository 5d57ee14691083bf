"""What is typed when a private concern is raised or answered."""

from typing import cast

from django import forms


class RaisePrivate(forms.Form):
    """Whom it is about, and what was seen."""

    concerns = forms.ChoiceField(label="Whose work is it about?", widget=forms.RadioSelect)
    concern = forms.CharField(
        label="What are you worried about?",
        help_text="Say what you saw or read, and when.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *given, people, **named):
        super().__init__(*given, **named)
        cast(forms.ChoiceField, self.fields["concerns"]).choices = people


class PrivateAnswer(forms.Form):
    """What was done, and whether that settles it."""

    said = forms.CharField(
        label="What was done, and what came of it?",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    settled = forms.ChoiceField(
        label="Is the concern settled?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, nothing is left open"), ("no", "No, it goes to the next stage")],
    )
