"""What is typed when an alert is raised or answered."""

from django import forms


class Concern(forms.Form):
    """What somebody is worried about."""

    concern = forms.CharField(
        label="What are you worried about?",
        help_text="Say what you read or heard, who may be at risk, and what should happen today.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class Outcome(forms.Form):
    """What was done about an alert."""

    outcome = forms.CharField(
        label="What was done, and what came of it?",
        help_text="Say whom you spoke to, what was decided, and how the person is safe now.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
