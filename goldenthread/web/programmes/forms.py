"""What is typed on the pages of programmes."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict

from goldenthread.people.models import Person, Unit
from goldenthread.programmes.operations import Overtaken
from goldenthread.programmes.queries.auditors import Choice
from goldenthread.web.forms import Radios, Worded

TAKE, ENTER = "take", "enter"


class YearForm(forms.Form):
    """Which year is planned."""

    year = forms.IntegerField(label="Year", min_value=2000, max_value=2100)


class Seen(Worded):
    """A form that says what stood there when it was opened, so that nothing unseen is written over."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def overtaken(self, refusal: Overtaken, stands: str) -> None:
        """Say what stands there now; the next save goes over that."""
        self.add_error(None, str(refusal))
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = refusal.current
        self.data, self.clash = typed, stands


class ThemeForm(Seen):
    """The topic or service area of a themed month."""

    theme = forms.CharField(
        label="Topic", max_length=200, required=False, help_text="For example: hospital discharge"
    )
    unit = forms.ChoiceField(
        label="Service area",
        required=False,
        help_text="Where one is chosen, only its {cases} can be drawn in this {cycle}",
        widget=forms.Select,
    )

    def __init__(self, *args, units: Iterable[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", "The whole organisation"),
            *((unit.public_id, unit.name) for unit in units),
        ]

    def clean(self):
        """A theme says something."""
        if not self.errors and not (self.cleaned_data["theme"].strip() or self.cleaned_data["unit"]):
            self.add_error("theme", "Enter a topic, or select a service area")
        return self.cleaned_data


class TargetForm(Seen):
    """How many audits a unit owes in each cycle."""

    number = forms.IntegerField(
        label="{Audits} in each {cycle}",
        min_value=0,
        max_value=1000,
        required=False,
        help_text="Leave it empty to go back to the framework's number",
    )
    starts_on = forms.DateField(label="From")


class SeedForm(forms.Form):
    """Where the seed comes from."""

    how = forms.ChoiceField(
        label="Where does the seed come from?",
        choices=[(TAKE, "Take a random number"), (ENTER, "Enter one")],
        initial=TAKE,
        widget=Radios(
            hints={
                TAKE: "The system takes 24 random digits and shows them",
                ENTER: "For example dice thrown in front of others, or lottery numbers agreed on beforehand",
            }
        ),
    )
    seed = forms.CharField(label="Seed, if you enter one", max_length=200, required=False)

    def clean(self):
        """An entered seed is there."""
        values = self.cleaned_data
        if values.get("how") == ENTER and not values.get("seed", "").strip():
            self.add_error("seed", "Enter the seed")
        return values


class ReasonForm(forms.Form):
    """Why something is done that stays on record."""

    because = forms.CharField(
        label="Reason",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is kept and shown to whoever asks. Leave out names and details of people.",
    )


class FrameFilter(Worded):
    """Which part of a frame is shown."""

    stratum = forms.ChoiceField(label="Team", required=False)
    eligible = forms.ChoiceField(
        label="Show", required=False, choices=[("", "All {cases}"), ("yes", "Eligible"), ("no", "Left out")]
    )
    reason = forms.ChoiceField(label="Reason", required=False)

    def __init__(self, *args, strata: Iterable[tuple[str, str]], reasons: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stratum"].choices = [("", "All teams"), *strata]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", "Any"), *((text, text) for text in reasons)]  # type: ignore[attr-defined]


class AuditorForm(Worded):
    """Who is to do an audit, and why it is them."""

    auditor = forms.ChoiceField(label="Who is to do this {audit}?")
    because = forms.CharField(label="Reason", max_length=250, widget=forms.Textarea(attrs={"rows": 3}))
    despite = forms.BooleanField(
        label="Give it to them although they are full or on leave",
        required=False,
        help_text="Only for those of whom this is said above; your reason is kept",
    )

    def __init__(self, *args, choices: Iterable[Choice], words, **kwargs):
        super().__init__(*args, words=words, **kwargs)
        free = [choice for choice in choices if not choice.firm]
        hints = {choice.person.public_id: _hint(choice, words) for choice in free}
        self.fields["auditor"].widget = Radios(hints=hints)
        self.fields["auditor"].choices = [  # type: ignore[attr-defined]
            (choice.person.public_id, choice.person.name) for choice in free
        ]


class CoAuditorForm(AuditorForm):
    """Who is to audit together with the auditor, and why."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["despite"]


def _hint(choice: Choice, words: Mapping[str, str]) -> str:
    """What an auditor already has, and what speaks against them."""
    loads = f"{choice.this_cycle} in this {words['cycle']}, {choice.this_year} this year"
    return f"{loads}; {choice.soft}" if choice.soft else loads


class PeriodForm(Worded):
    """Which cycles coverage is shown for, and of which kind."""

    framework = forms.CharField(required=False, widget=forms.HiddenInput)
    year = forms.ChoiceField(label="Year", required=False)
    period = forms.ChoiceField(label="Period", required=False)
    kind = forms.ChoiceField(label="Kind of {audit}", required=False)

    def __init__(self, *args, years, periods, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "All kinds"), *kinds]  # type: ignore[attr-defined]


class SupervisionForm(forms.Form):
    """Whose supervision was held, and when."""

    worker = forms.ChoiceField(label="Whose supervision was it?", widget=forms.Select)
    happened_on = forms.DateField(label="Day on which it was held")

    def __init__(self, *args, workers: Iterable[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((worker.public_id, worker.name) for worker in workers),
        ]


class IncidentForm(forms.Form):
    """Of which case an incident was, of which kind, and when."""

    reference = forms.CharField(
        label="Reference of the case", max_length=100, help_text="As the case system shows it; never a name"
    )
    what = forms.ChoiceField(label="Kind of incident", widget=forms.RadioSelect)
    happened_on = forms.DateField(label="Day on which it happened")

    def __init__(self, *args, kinds: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]


class NominateForm(Worded):
    """Which case is nominated, for which kind of audit, and why."""

    reference = forms.CharField(
        label="Reference of the {case}",
        max_length=100,
        help_text="As the {case_system} shows it; never a name",
    )
    audit_type = forms.ChoiceField(label="For which kind of {audit}?", widget=forms.RadioSelect)
    because = forms.CharField(
        label="Why this {case}?",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever agrees reads it, and so does whoever checks the draw. Leave out names.",
    )

    def __init__(self, *args, kinds: Iterable[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        choices = list(kinds)
        self.fields["audit_type"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["audit_type"] = choices[0][0]


class SettleForm(forms.Form):
    """Whether a nomination is agreed, and if not, why."""

    answer = forms.ChoiceField(
        label="Your answer", choices=[("agree", "Agree"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    because = forms.CharField(
        label="Reason, if you decline",
        max_length=250,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
