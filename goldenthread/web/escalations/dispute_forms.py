"""What is typed when a report is disputed, and at each stage until that ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms

from goldenthread.escalations.operations import Point
from goldenthread.escalations.queries import Disputable
from goldenthread.rules.disputes import CHANGED, Decision
from goldenthread.web.forms import Worded

LONGEST = 20_000
LABELS: dict[Decision, str] = {
    "stands": "Everything stands as it is",
    "changed": "One or more {grades} change",
    "amended": "The report is amended, and every {grade} stands",
    "passed up": "I pass it to the next stage",
    "referred outside": "It is referred outside the organisation",
}


def _text(label: str, *, help_text: str = "", rows: int = 4, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST, widget=widget
    )


class RaiseDispute(Worded):
    """What is disputed: for each thing that may be, the reasons and the evidence."""

    def __init__(self, *given, points: Sequence[Disputable], evidence: bool, **named):
        super().__init__(*given, **named)
        self.points, self.evidence = points, evidence
        where = "Name the record and its date." if evidence else "If you can: the record and its date."
        for point in points:
            self.fields[f"reasons-{point.key}"] = _text("What do you dispute, and why?")
            self.fields[f"evidence-{point.key}"] = _text(
                "Where does the record show it?", help_text=where, rows=2
            )

    def clean(self):
        """What is half said is asked for where it is missing; the operation asks for it too."""
        for point in self.points:
            reasons, evidence = f"reasons-{point.key}", f"evidence-{point.key}"
            has_reasons, has_evidence = self._says(reasons), self._says(evidence)
            if has_evidence and not has_reasons:
                self.add_error(reasons, f"{point.label}: say what you dispute and why.")
            if has_reasons and self.evidence and not has_evidence:
                self.add_error(evidence, f"{point.label}: say where the record shows it.")
        return self.cleaned_data

    def _says(self, name: str) -> bool:
        """Whether something is typed there; what is wrong already counts as typed."""
        return name in self.errors or bool(self.cleaned_data.get(name, "").strip())

    def groups(self):
        """Each thing that may be disputed, its two fields, and whether anything is typed or wrong there."""
        for point in self.points:
            reasons, evidence = self[f"reasons-{point.key}"], self[f"evidence-{point.key}"]
            is_open = bool(reasons.value() or evidence.value() or reasons.errors or evidence.errors)
            yield {"label": point.label, "fields": [reasons, evidence], "is_open": is_open}

    def given(self) -> list[Point]:
        """The points of which something was said."""
        said = self.cleaned_data
        found = [
            Point(one.key, said[f"reasons-{one.key}"], said[f"evidence-{one.key}"]) for one in self.points
        ]
        return [point for point in found if point.reasons.strip() or point.evidence.strip()]


class Meeting(Worded):
    """The meeting about a dispute."""

    met_on = forms.DateField(label="When was it?", input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    attended = forms.CharField(label="Who took part?", max_length=300)
    discussed = _text("What was discussed?", rows=6, required=True)


class Answer(Worded):
    """The written answer of a stage."""

    outcome = forms.ChoiceField(label="What is your answer?", widget=forms.RadioSelect)
    said = _text(
        "The answer in writing",
        help_text="Say what you looked at and your reasons, point by point. The report shows this.",
        rows=6,
        required=True,
    )
    amended = _text(
        "What does the report now say otherwise?", help_text="Only if the report is amended.", rows=4
    )

    def __init__(
        self, *given, decisions: Sequence[Decision], parts: Sequence[tuple[str, str, str]], grades, **named
    ):
        """`parts` are keys, labels and present grades; `grades` are the values of the scale."""
        super().__init__(*given, **named)
        words = named["words"]
        outcome = cast(forms.ChoiceField, self.fields["outcome"])
        outcome.choices = [(one, LABELS[one].format_map(words)) for one in decisions]
        self.parts = {f"grade-{place}": part for place, (part, _, _) in enumerate(parts)}
        if CHANGED not in decisions:
            self.parts = {}
        for name, (_, label, now) in zip(self.parts, parts, strict=False):
            choices = [("", f"Stays {now}"), *grades]
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)

    def changed(self) -> dict[str, str]:
        """The grades chosen, by part."""
        return {part: self.cleaned_data[name] for name, part in self.parts.items() if self.cleaned_data[name]}

    @property
    def changed_now(self) -> bool:
        """Whether some grade was chosen in what was sent."""
        return any(self[name].value() for name in self.parts)

    def grade_fields(self):
        """The fields of the grades."""
        return [self[name] for name in self.parts]


class Reply(Worded):
    """Whether the answer settles the dispute."""

    agrees = forms.ChoiceField(
        label="Does this settle your dispute?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, the dispute ends"), ("no", "No, take it to the next stage")],
    )
    why = _text("What does the answer leave open?", help_text="Needed only if you take it further.")
