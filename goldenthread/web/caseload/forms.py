"""What people type about the caseload: they check what was typed, nothing else."""

from collections.abc import Collection
from datetime import date

from django import forms
from django.utils.text import capfirst

from goldenthread.caseload.fields import Preset
from goldenthread.caseload.layout import DROPPED, KEPT, KEPT_AS_DAY
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.values import header_key
from goldenthread.web.forms import Radios


class FilesInput(forms.FileInput):
    """A choice of one or several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that were chosen together, each checked as one is."""

    def clean(self, data, initial=None):
        """The files as a list."""
        if not isinstance(data, list | tuple):
            return [super().clean(data, initial)]
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class UploadForm(forms.Form):
    """An extract, what it is, and of which day it tells."""

    preset = forms.ChoiceField(
        label="What is it?",
        choices=[(preset.name, preset.title) for preset in PRESETS.values()],
        widget=Radios(hints={preset.name: preset.hint for preset in PRESETS.values()}),
    )
    file = FilesField(
        label="File",
        help_text="Excel workbooks (.xlsx), text files (.csv) or the census as XML (.xml), up to 50 MB each. "
        "Choose the files of SSDA903 or MHSDS together",
        widget=FilesInput(attrs={"accept": ".xlsx,.csv,.xml"}),
    )
    extracted_on = forms.DateField(
        label="Of which day does it tell? (optional)",
        help_text="Leave it empty if it was made today",
        required=False,
    )


def _kept(name: str) -> list[tuple[str, str]]:
    """The two ways of keeping a column that is no field of its own."""
    return [
        (KEPT + name, "Keep it as a fact, in its words"),
        (KEPT_AS_DAY + name, "Keep it as a day, such as of a review"),
    ]


class MappingForm(forms.Form):
    """What each column of an extract is; a column that names somebody can only be dropped."""

    def __init__(self, *args, headers: list[str], mapping: dict[str, str], preset: Preset, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(field.name, capfirst(field.name)) for field in preset.fields if field.use != "age"]
        self.keys: dict[str, str] = {}
        for place, header in enumerate(headers):
            key = header_key(header)
            if key in self.keys.values():
                continue
            self.keys[f"column_{place}"] = key
            kept = [] if preset.never_keeps(header) else _kept(header.casefold())
            choices = [(DROPPED, "Do not keep it"), *known, *kept]
            chosen = mapping.get(key, DROPPED)
            if chosen not in dict(choices):
                choices.append((chosen, chosen.capitalize()))
            self.fields[f"column_{place}"] = forms.ChoiceField(label=header, choices=choices, initial=chosen)

    def clean(self):
        """One column at most for each thing, and one that says which case it is."""
        chosen = [value for value in self.cleaned_data.values() if value != DROPPED]
        twice = sorted({value for value in chosen if chosen.count(value) > 1})
        if twice:
            raise forms.ValidationError(f"Choose one column for “{twice[0]}”, not several.")
        if not {"case reference", "person reference"} & set(chosen):
            raise forms.ValidationError("Say which column holds the case reference.")
        return self.cleaned_data

    def mapping(self) -> dict[str, str]:
        """The answer, by the header's key."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class FindCaseForm(forms.Form):
    """The beginning of a case's or a person's reference."""

    reference = forms.CharField(label="Case or person reference", max_length=100)


class MissingForm(forms.Form):
    """What became of a case that an extract no longer showed."""

    answer = forms.ChoiceField(
        label="What became of it?",
        choices=[
            ("closed", "It closed on a day that I know"),
            ("gone", "It is no longer ours"),
            ("still open", "It is still open"),
        ],
        widget=Radios(
            hints={
                "gone": "It ends on the day of the extract that did not show it",
                "still open": "It stays in the caseload; the next extract without it asks again",
            }
        ),
    )
    closed_on = forms.DateField(label="Closed on (if you know the day)", required=False)

    def clean(self):
        """A day goes with “closed”."""
        told = super().clean() or {}
        if told.get("answer") == "closed" and not told.get("closed_on") and "closed_on" not in self.errors:
            self.add_error("closed_on", "Enter the day on which the case closed")
        return told


class SubjectForm(forms.Form):
    """A subject of a list: what it is called, who works with it, since when, and what belongs to it."""

    reference = forms.CharField(
        label="Reference",
        max_length=100,
        help_text="A reference that is in the list already changes that one. Never a person's name",
    )
    called = forms.CharField(
        label="What it is called (optional)",
        max_length=200,
        required=False,
        help_text="Never the name of a person who receives care",
    )
    team = forms.CharField(label="Team", max_length=200, help_text="Its reference or its name")
    worker = forms.CharField(
        label="Who works with it (optional)",
        max_length=200,
        required=False,
        help_text="Their staff number, e-mail address or name",
    )
    opened_on = forms.DateField(label="Since (optional)", required=False)
    cases = forms.CharField(
        label="The cases that belong to it (optional)",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their references, one on each line",
    )
    TEXTS = {
        "reference": "Reference",
        "called": "Called",
        "team": "Team",
        "worker": "Worker",
        "cases": "Cases",
    }

    def __init__(self, *args, facts: list[str], days: Collection[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.facts = {f"fact_{place}": name for place, name in enumerate(facts)}
        for field, name in self.facts.items():
            label = f"{capfirst(name)} (optional)"
            if name in days:
                self.fields[field] = forms.DateField(label=label, required=False)
            else:
                self.fields[field] = forms.CharField(label=label, max_length=500, required=False)

    def texts(self) -> dict[str, str]:
        """What was typed, by the columns of a list file; a fact left empty stays as it is."""
        told = {column: self.cleaned_data[field].strip() for field, column in self.TEXTS.items()}
        known = {
            capfirst(name): str(self.cleaned_data[field] or "").strip() for field, name in self.facts.items()
        }
        return told | {name: value for name, value in known.items() if value}

    def days(self) -> dict[str, date | None]:
        return {"From": self.cleaned_data["opened_on"]}

    def field_of(self, column: str) -> str | None:
        """The field of a list file's column."""
        return next((field for field, name in self.TEXTS.items() if name == column), None)


class SubjectListForm(forms.Form):
    """A list file."""

    file = forms.FileField(
        label="List file",
        help_text="A workbook (.xlsx) or a text file (.csv) with the columns of the template, up to 1 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class EndSubjectForm(forms.Form):
    """The day on which a subject ended."""

    ended_on = forms.DateField(label="On which day did it end?")
