"""The forms of an audit's pages; they check what was typed, nothing else."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone

from goldenthread.audits.operations import LONGEST
from goldenthread.findings.models import Finding
from goldenthread.rules.framework import Framework
from goldenthread.web.audits.typed import clean
from goldenthread.web.forms import Radios, Worded

MOMENTS = ["%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y, %H:%M"]
KINDS = ((Finding.Kind.GOOD.value, "{Good_practice}"), (Finding.Kind.GAP.value, "To improve"))
PHASES = (
    ("", "All"),
    ("owed", "Not started"),
    ("working", "Being worked on"),
    ("checking", "With the quality team"),
    ("final", "Final, to be filed"),
    ("filed", "Filed"),
    ("stopped", "Stopped"),
)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """What there is to choose from in a field, known only when the page is asked for."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class Words(forms.CharField):
    """A long text, kept the same on every database."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        rows = kwargs.pop("rows", 5)
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return super().to_python(clean(value) if isinstance(value, str) else value)


class ListFilter(forms.Form):
    """What the list of audits is narrowed by."""

    q = forms.CharField(label="Number or case reference", required=False, max_length=100)
    phase = forms.ChoiceField(label="Status", required=False, choices=PHASES)
    cycle = forms.ChoiceField(label="Cycle", required=False)
    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, data, *, cycles, teams):
        super().__init__(data)
        _offer(self, "cycle", [("", "All"), *cycles])
        _offer(self, "team", [("", "All"), *teams])


class Arrangement(forms.Form):
    """When and where auditor and practitioner meet."""

    arranged_for = forms.DateTimeField(label="Date and time", input_formats=MOMENTS)
    place = forms.CharField(
        label="Where", max_length=200, help_text="A room, or that you will call or meet online"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @staticmethod
    def so_far(version: int, at: datetime | None = None, place: str = "") -> dict[str, object]:
        """What the form shows first: the meeting as it is arranged, if it is."""
        if at is None:
            return {"version": version}
        shown = f"{timezone.localtime(at):%d/%m/%Y %H:%M}"
        return {"version": version, "arranged_for": shown, "place": place}


class Held(Worded):
    """The conversation as it was."""

    held_on = forms.DateField(label="Day on which it was held")
    attended = forms.CharField(label="Who took part", max_length=300)
    added = Words(
        label="What the {conversation} added",
        help_text="What you learned that the record does not show. If nothing, say that.",
        rows=8,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class Check(Worded):
    """What the quality team decides about a report."""

    step = forms.ChoiceField(label="What do you decide?")
    points = Words(
        label="Points for the {auditor}",
        required=False,
        help_text="Needed when you return the report. One point on each line.",
    )

    def __init__(self, data=None, *, steps, words):
        super().__init__(data, words=words)
        choices = [(name, step.label) for name, step in steps]
        self.fields["step"].widget = Radios(
            choices=choices, hints={name: step.guidance for name, step in steps}
        )
        _offer(self, "step", choices)


class Filed(Worded):
    """When the note was entered on the case system."""

    noted_at = forms.DateTimeField(
        label="Date and time of the {case_note}",
        input_formats=MOMENTS,
        help_text="By the 24-hour clock. For example, 23/12/2026 14:30",
    )


class FoundForm(Worded):
    """Something that was found."""

    kind = forms.ChoiceField(label="What did you find?", choices=KINDS, widget=Radios)
    text = Words(label="What exactly", help_text="Specific enough for others to learn from.", rows=4)
    theme = forms.ChoiceField(label="{Theme}", required=False)
    part = forms.ChoiceField(label="Section", required=False)
    source = forms.ChoiceField(label="Where you found it", required=False)
    cause = forms.ChoiceField(label="{Likely_cause}, if it is to improve", required=False)
    severity = forms.ChoiceField(label="{Severity}, if it is to improve", required=False)

    def __init__(self, data=None, *, pack: Framework, parts, words, initial=None):
        super().__init__(data, words=words, initial=initial)
        _offer(self, "theme", [("", f"No {words['theme']}"), *pack.themes.items()])
        _offer(self, "part", [("", f"The {words['audit']} as a whole"), *parts])
        self._offer_or_leave("source", "No one source", pack.sources)
        for name, named, none in (
            ("cause", pack.causes, f"No {words['likely_cause']}"),
            ("severity", pack.severities, f"No {words['severity']}"),
        ):
            self._offer_or_leave(name, none, {key: one.title for key, one in named.items()})
            if named:
                said = [f"{one.title}: {one.means}" for one in named.values() if one.means]
                self.fields[name].help_text = " ".join(said)
        for name in pack.findings.needs if pack.findings else ():
            field = self.fields[name]
            field.help_text = f"Needed for something to improve. {field.help_text}".strip()

    def _offer_or_leave(self, name: str, none: str, known: dict[str, str]) -> None:
        """What a field offers; a field for which the framework names nothing is left out."""
        if known:
            _offer(self, name, [("", none), *known.items()])
        else:
            del self.fields[name]


class Earlier(forms.Form):
    """Strengths and concerns about one earlier worker's or team's work."""

    strengths = Words(label="Strengths", required=False, rows=4)
    concerns = Words(label="Concerns", required=False, rows=4)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class StepNote(forms.Form):
    """Why a step is taken, where the framework asks for it."""

    note = Words(label="Note", required=False, rows=3)


class Invitation(forms.Form):
    """Who is invited from outside to fill in a part."""

    name = forms.CharField(label="Name", max_length=200)
    organisation = forms.CharField(label="Organisation", max_length=200)
    email = forms.EmailField(label="E-mail address")
    until = forms.DateField(
        label="Last day on which they can open it",
        required=False,
        help_text="Leave it empty if their access is to end with the work on it.",
    )


class Giver(forms.Form):
    """Whose words are typed in."""

    name = forms.CharField(label="Name", max_length=200)
    organisation = forms.CharField(label="Organisation", max_length=200, required=False)


class GivenUp(forms.Form):
    """Why a part is not coming."""

    why = Words(label="Why is it not coming?", rows=3)
