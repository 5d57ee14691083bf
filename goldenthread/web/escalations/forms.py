"""What is typed when an alert is raised or answered."""

from typing import cast

from django import forms


class Concern(forms.Form):
    """What somebody is worried about."""

    concern = forms.CharField(
        label="What are you worried about?",
        help_text="Say what you read or heard, who may be at risk, and what should happen today.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class Answer(forms.Form):
    """What was done about an alert at this stage, and whether that resolves it."""

    said = forms.CharField(
        label="What was done, and what came of it?",
        help_text="Say whom you spoke to, what was decided, and how the person is safe now.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    resolved = forms.ChoiceField(label="Is the concern resolved?", widget=forms.RadioSelect)

    def __init__(self, *given, next_stage: str, **named) -> None:
        """`next_stage` is the title of the role that comes next, empty at the last stage."""
        super().__init__(*given, **named)
        no = [("no", f"No, it goes to the {next_stage} now")] if next_stage else []
        resolved = cast(forms.ChoiceField, self.fields["resolved"])
        resolved.choices = [("yes", "Yes, the person is safe and nothing is left open"), *no]
