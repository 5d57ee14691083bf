"""What moderators type: a grade and a reason for each part, then the meeting and the feedback."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from goldenthread.audits.models import Moderation
from goldenthread.audits.operations import Graded
from goldenthread.rules.scales import Scale
from goldenthread.web.forms import Radios


class GradesForm(forms.Form):
    """A grade and the reason for it, for each part that is graded again; without those that follow."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        moderation: Moderation,
        parts: list[tuple[str, str]],
        scale: Scale,
        words: dict[str, str],
        data: Any,
        *,
        following: Collection[str] = (),
    ) -> None:
        super().__init__(data, initial={"revision": moderation.revision})
        self.parts, self.following = parts, following
        given = {one.part: one for one in moderation.grades.all()}
        choices = [(value.key, value.label) for value in scale.values]
        hints = {value.key: value.summary for value in scale.values}
        for place, (part, label) in enumerate(parts):
            if part in following:
                continue
            before = given.get(part)
            self.fields[f"grade-{place}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=Radios(hints=hints),
                initial=before.grade if before else "",
            )
            self.fields[f"why-{place}"] = forms.CharField(
                label=f"Why this {words['grade']} for “{label}”",
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=before.why if before else "",
            )

    def said(self) -> dict[str, Graded]:
        """What was typed, by part."""
        return {
            part: Graded(self.cleaned_data[f"grade-{place}"], self.cleaned_data[f"why-{place}"])
            for place, (part, _) in enumerate(self.parts)
            if part not in self.following
        }


class FeedbackForm(forms.Form):
    """The meeting with the auditor and the written feedback."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    met_on = forms.DateField(label="The day on which you met the auditor", required=False)
    feedback = forms.CharField(
        label="Feedback for the auditor",
        help_text="What was done well, where your grades differ and why, and what to do next time",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )

    def __init__(self, moderation: Moderation, *, meeting: bool, auditor: str, data: Any) -> None:
        super().__init__(data, initial={"revision": moderation.revision})
        if not meeting:
            del self.fields["met_on"]
        else:
            self.fields["met_on"].label = f"The day on which you met the {auditor}"
        self.fields["feedback"].label = f"Feedback for the {auditor}"
