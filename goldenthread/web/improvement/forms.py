"""The forms of a discussion, its check, its actions and their verification; they check what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import forms

from goldenthread.people.models import Person
from goldenthread.rules.actions import ANOTHER, ASKED, LONGER, OPENS_AGAIN, ActionRule, questions_about
from goldenthread.rules.responses import DiscussionRule
from goldenthread.web.audits.forms import Words
from goldenthread.web.forms import Radios, Worded

FIRST_ROWS, MOST_ROWS = 2, 20
KEEP = " Write it again, or say below why it stays."


class DiscussionForm(forms.Form):
    """The discussion as it was."""

    held_on = forms.DateField(label="Day on which it was held")
    present = forms.CharField(label="Who was there", max_length=300)
    discussed = Words(label="What was discussed", rows=6)
    good = Words(
        label="Good work that was acknowledged",
        required=False,
        rows=3,
        help_text="What exactly was good, and why it worked. It is copied to the record too.",
    )
    recorded_as = forms.ChoiceField(label="Where is the record kept?", widget=Radios)

    def __init__(self, data=None, *, talk: DiscussionRule, initial: Mapping[str, object] | None = None):
        super().__init__(data, initial={"recorded_as": talk.recorded_as[0], **(initial or {})})
        self.fields["recorded_as"].choices = [(one, one) for one in talk.recorded_as]  # type: ignore[attr-defined]
        if len(talk.recorded_as) == 1:
            self.fields["recorded_as"].widget = forms.HiddenInput()


class ActionRow(forms.Form):
    """One action; a row that is left as it was is none. A vague phrase is asked about, and may stay."""

    text = Words(label="What exactly will be done", rows=3, max_length=2000)
    kept_because = forms.CharField(label="Why these words stay", max_length=300, required=False)
    owner = forms.ChoiceField(label="Who does it", help_text="One person.")
    due_on = forms.DateField(label="By which day", required=False)
    level = forms.ChoiceField(label="What is it about?")
    kind = forms.ChoiceField(label="Kind of action")
    severity = forms.ChoiceField(label="How much does it matter?")
    proof = forms.ChoiceField(label="How will it be shown that it worked?", required=False)

    def __init__(self, data=None, *, rule: ActionRule, owners: list[tuple[str, str]], **given):
        super().__init__(data, empty_permitted=True, use_required_attribute=False, **given)
        self.rule = rule
        _offer(self, "owner", [("", "Choose"), *owners])
        _offer(self, "level", [("", "Choose"), *rule.levels.items()])
        _offer(
            self, "severity", [("", "Choose"), *((key, one.title) for key, one in rule.severities.items())]
        )
        _offer(self, "proof", [("", "Not needed"), *((key, one.title) for key, one in rule.proofs.items())])
        _offer(self, "kind", [("", "Choose"), *rule.kinds.items()])
        if not rule.kinds:
            del self.fields["kind"]
        if not rule.proofs:
            del self.fields["proof"]
        lengths = "; ".join(f"{one.title.lower()}: {one.due_within}" for one in rule.severities.values())
        self.fields["due_on"].help_text = f"For example, 23/12/2026. If left empty, {lengths}."

    @property
    def is_questioned(self) -> bool:
        """Whether its words were questioned, so that there is a place to say why they stay."""
        said = (
            self.data.get(self.add_prefix("kept_because"))
            if self.is_bound
            else self.initial.get("kept_because")
        )
        text = (self["text"].value() or "").strip() if self.is_bound else ""
        return bool(said) or bool(text and questions_about(text, self.rule))

    def clean(self):
        """Ask about words that do not say what will be different, and for a proof where one is needed."""
        said = super().clean() or {}
        asked = questions_about(said.get("text") or "", self.rule) if said.get("text") else []
        if asked and not said.get("kept_because", "").strip():
            self.add_error("text", " ".join(asked) + KEEP)
        severity = self.rule.severities.get(said.get("severity") or "")
        if severity and severity.proven and "proof" in self.fields and not said.get("proof"):
            self.add_error("proof", "Choose now how it will be shown that it worked, before work begins.")
        return said


class ActionRows:
    """The rows of actions on the page of a discussion."""

    non_form_errors = ()

    def __init__(self, posted, *, rule: ActionRule, owners: list[tuple[str, str]], checks: bool):
        self.count = _count(posted)
        if posted and not checks:
            self.count = min(self.count + 1, MOST_ROWS)
        self.rows = [
            self._row(posted, checks, f"action-{number}", rule=rule, owners=owners)
            for number in range(1, self.count + 1)
        ]

    @staticmethod
    def _row(posted, checks: bool, prefix: str, **given) -> ActionRow:
        if posted and checks:
            return ActionRow(posted, prefix=prefix, **given)
        names = ActionRow.base_fields
        typed = {name: posted.get(f"{prefix}-{name}", "") for name in names} if posted else {}
        return ActionRow(prefix=prefix, initial=typed, **given)

    def __iter__(self) -> Iterator[ActionRow]:
        return iter(self.rows)

    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.rows])

    def total_error_count(self) -> int:
        """How many faults the rows have, for the error summary."""
        return sum(len(row.errors) for row in self.rows if row.is_bound)

    def filled(self) -> list[dict]:
        """What was typed in the rows that are not empty."""
        return [row.cleaned_data for row in self.rows if row.is_bound and row.has_changed()]


class Checked(forms.Form):
    """What the check of a record comes to."""

    outcome = forms.ChoiceField(
        label="Does the record say what it should?",
        choices=[("accept", "Yes, accept it"), ("return", "No, something is missing")],
        widget=Radios,
    )
    missing = Words(label="What is missing", required=False, rows=4, help_text="One point on each line.")

    def clean(self):
        """A record is returned with what is missing."""
        said = super().clean() or {}
        if said.get("outcome") == "return" and not (said.get("missing") or "").strip():
            self.add_error("missing", "Say what is missing")
        return said


class Finished(forms.Form):
    """What shows that an action is done."""

    evidence = Words(
        label="What shows that it is done",
        required=False,
        rows=4,
        help_text="Such as the record and its date, or what people saw.",
    )


class Given(forms.Form):
    """To whom an action goes, and why."""

    to = forms.ChoiceField(label="Who does it from now on?", error_messages={"required": "Choose somebody."})
    because = forms.CharField(
        label="Why?",
        max_length=500,
        help_text="Both are told that it goes to somebody else; the reason stands on this page.",
        error_messages={"required": "Say why somebody else does it now."},
    )

    def __init__(self, data=None, *, owners: list[tuple[str, str]]):
        super().__init__(data)
        _offer(self, "to", [("", "Choose"), *owners])


class Nevertheless(forms.Form):
    """Why an action is closed although a gate is shut."""

    passing = Words(
        label="You may close it nevertheless. Say why",
        rows=3,
        max_length=2000,
        error_messages={"required": "Say why it is closed nevertheless."},
    )


NOT_YET = {
    OPENS_AGAIN: "No, not yet: the action is open again",
    ANOTHER: "No: another action follows in its place",
    LONGER: "No, not yet: it is looked at once more later",
    ASKED: "No, not yet: the action is open again, and those above are asked",
}


class Verified(Worded):
    """What a look at whether an action worked has shown."""

    looked_on = forms.DateField(label="Day on which you looked")
    held = forms.ChoiceField(
        label="Has it worked?",
        choices=[("yes", "Yes, practice has changed"), ("no", "No, not yet: the action is open again")],
        widget=Radios,
    )
    found = Words(label="What you looked at and what you found", rows=5)
    audit = forms.CharField(label="Number of the {audit}, if it rests on one", required=False, max_length=30)
    instead = Words(
        label="If it has not worked, what will be done instead?",
        required=False,
        rows=3,
        max_length=2000,
        help_text="It becomes an action of the same person, with the same way to show that it worked.",
    )

    def __init__(self, *args, then: str = OPENS_AGAIN, **kwargs):
        super().__init__(*args, **kwargs)
        yes = self.fields["held"].choices[0]  # type: ignore[attr-defined]
        self.fields["held"].choices = [yes, ("no", NOT_YET[then])]  # type: ignore[attr-defined]
        if then != ANOTHER:
            del self.fields["instead"]


class ActionFilter(forms.Form):
    """What the list of actions is narrowed by."""

    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All that are not closed"),
            ("mine", "My own, not closed"),
            ("late", "Late"),
            ("done", "Done, not yet shown to have worked"),
            ("verified", "Shown to have worked, to be closed"),
            ("closed", "Closed"),
            ("all", "All"),
        ],
    )


class ResponseFilter(forms.Form):
    """What the list of what follows is narrowed by."""

    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All"),
            ("check", "To be checked"),
            ("missing", "Not recorded, and late"),
            ("in hand", "Not recorded, and in time"),
            ("late", "Recorded late"),
            ("on time", "Recorded on time"),
        ],
    )


def named(owners: list[Person]) -> list[tuple[str, str]]:
    """People as a list to choose from."""
    return [(person.public_id, person.name) for person in owners]


def _count(posted) -> int:
    try:
        return min(max(int(posted.get("rows", "")), 1), MOST_ROWS) if posted else FIRST_ROWS
    except ValueError:
        return FIRST_ROWS


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
