"""Forms look like the GOV.UK components, and say what to do."""

import datetime
import re

import pytest
from django import forms
from django.template.loader import render_to_string

from goldenthread.web.forms import Checkboxes, Radios

GRADES = [("good", "Good"), ("poor", "Inadequate")]


class Sample(forms.Form):
    grade = forms.ChoiceField(
        label="What grade is it?", choices=GRADES, widget=Radios(hints={"good": "Needs are met & recorded"})
    )
    rationale = forms.CharField(label="Why this grade", widget=forms.Textarea, max_length=10)
    held_on = forms.DateField(label="Date of the conversation")
    at = forms.DateTimeField(label="Time of the meeting")
    team = forms.ChoiceField(label="Team", choices=[("", "Choose"), ("north", "North")])
    seen = forms.MultipleChoiceField(label="Seen", choices=GRADES, widget=Checkboxes)
    read = forms.BooleanField(label="I have read it")
    visits = forms.IntegerField(label="NHS visits", min_value=1)
    extract = forms.FileField(label="Caseload extract")


def errors_of(**data) -> dict[str, str]:
    """The first message of each field that is wrong."""
    return {name: messages[0] for name, messages in Sample(data).errors.items()}


def test_a_missing_answer_is_asked_for_by_name():
    assert errors_of() == {
        "grade": "Answer “What grade is it?”",
        "rationale": "Enter why this grade",
        "held_on": "Enter the date of the conversation",
        "at": "Enter time of the meeting",
        "team": "Select team",
        "seen": "Select seen",
        "read": "Tick the box to confirm: I have read it",
        "visits": "Enter NHS visits",
        "extract": "Choose a file",
    }


@pytest.mark.parametrize(
    ("field", "given", "message"),
    [
        ("rationale", "far too long a text", "Why this grade must be 10 characters or fewer"),
        ("held_on", "31/02/2026", "Date of the conversation must be a real date, like 23/12/2026"),
        ("at", "soon", "Time of the meeting must be a real date and time, like 23/12/2026 14:30"),
        ("visits", "two", "NHS visits must be a whole number, like 12"),
        ("visits", "0", "NHS visits must be 1 or more"),
        ("grade", "splendid", "“What grade is it?”: choose one of the answers offered"),
    ],
)
def test_what_cannot_be_read_is_said_with_an_example(field, given, message):
    assert errors_of(**{field: given})[field] == message


def test_a_form_keeps_the_message_that_it_gives_itself():
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Tell us who you are"})

    assert Own({}).errors["name"] == ["Tell us who you are"]


@pytest.mark.parametrize(
    "written",
    [
        "23/12/2026",
        "23/12/26",
        "23.12.2026",
        "23-12-2026",
        "23 12 2026",
        "23 December 2026",
        "23 Dec 2026",
        "2026-12-23",
    ],
)
def test_a_date_is_read_as_people_write_it(written):
    form = Sample({"held_on": written})

    assert "held_on" not in form.errors
    assert form.cleaned_data["held_on"] == datetime.date(2026, 12, 23)


def test_a_date_already_known_is_shown_as_it_would_be_typed():
    html = str(Sample(initial={"held_on": datetime.date(2026, 12, 3)})["held_on"])

    assert 'value="03/12/2026"' in html


def test_every_line_of_the_error_summary_leads_to_something_that_takes_focus():
    form = Sample({})

    page = render_to_string("components/error_summary.html", {"form": form}) + str(form)

    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == len(form.fields)
    for target in targets:
        assert re.search(rf'<(input|textarea|select)[^>]* id="{target}"', page), target


def test_everything_that_describes_a_field_is_there():
    page = str(Sample({}))

    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
    assert named
    assert named <= set(re.findall(r' id="([^"]+)"', page))
    assert "id_grade_0_hint" in named
    assert "id_grade_error" in named


def test_no_id_is_given_twice():
    ids = re.findall(r' id="([^"]+)"', str(Sample({})))

    assert len(ids) == len(set(ids))


def test_a_hint_is_text_and_not_markup():
    assert "Needs are met &amp; recorded" in str(Sample())


def test_a_field_in_error_carries_the_components_error_class():
    assert 'class="govuk-textarea govuk-textarea--error"' in str(Sample({})["rationale"])
    assert 'class="govuk-textarea"' in str(Sample()["rationale"])


def test_the_browser_neither_blocks_nor_cuts_what_is_typed():
    page = str(Sample())

    assert "required" not in page
    assert "maxlength" not in page
