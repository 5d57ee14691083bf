"""Care homes in Scotland that grade themselves from one to six: set up from empty, run, changed, explained.

Everything goes through the forms as the pages have them; nothing is written beside them.
"""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from goldenthread.people.models import Person
from tests.browser.steps import the_worker_runs
from tests.drafting import Drafting, loads_people
from tests.make import make_person
from tests.pages import care_homes
from tests.pages.care_homes import INDICATORS, KEY, KEY_QUESTIONS, SEEN, SPLIT, STAFF, TITLE, UNITS
from tests.visitor import Visitor
from tests.workbooks import make_csv

pytestmark = pytest.mark.django_db(transaction=True)
RESIDENTS = tuple((f"{home[0]}-{number}", home) for home in ("Rowan House", "Ash Court") for number in (1, 2))
GRADES = {
    "compassion": "Good",
    "health": "Very good",
    "days": "Good",
    "vision": "Good",
    "improvement": "Adequate",
    "listening": "Weak",
    "learning": "Good",
}


def loads_people_and_residents(visitor, folder):
    """Two homes with their managers, and an extract of who lives there."""
    loads_people(visitor, folder, UNITS, STAFF)
    head = ["Case reference", "Team", "Worker", "Opened", "Worker allocated on"]
    rows = [[ref, home, "", "01/02/2026", "01/02/2026"] for ref, home in RESIDENTS]
    cases = make_csv(folder / "cases.csv", [head, *rows])
    file = SimpleUploadedFile("cases.csv", cases.read_bytes())
    visitor.open("/caseload/extracts/").follow("Load an extract")
    visitor.press("Upload", ["Open-cases list"], files={"file": file})
    loading = visitor.url
    the_worker_runs()
    visitor.open(loading).press("Say what the columns are").press("Read the file")
    the_worker_runs()
    visitor.open(loading).see("New cases (4)").press("Confirm and load")
    the_worker_runs()


def sends(visitor, year, cycle):
    """Plan the year, freeze, draw, allocate and send one cycle of it."""
    planned = f"/programme/?framework={KEY}&year={year}"
    if "Plan the year" in visitor.open(planned).said():
        visitor.press("Plan the year")
    home = visitor.open(planned).follow(cycle).url
    for kind in ("Self-evaluation", "Resident file"):
        visitor.open(home).follow(f"Freeze the frame: {kind}").press("Freeze the frame")
        visitor.press("Enter or take the seed").press("Draw")
    visitor.open(home).follow("Allocate the audits to auditors").press("Allocate")
    the_worker_runs()
    visitor.open(home).see("6 audits, each with an auditor").follow("Check and send")
    visitor.press("Send the audits").see("6 audits sent")


def person(name):
    return Person.objects.get(name=name)


def tasks(visitor, begins):
    """The tasks of whoever is signed in that begin with these words."""
    return [one for one in visitor.open("/tasks/").links() if one.startswith(begins)]


def judges(visitor, *, indicators=INDICATORS, again=False):
    """Answer and grade each indicator that the open form asks, then the whole; or grade them again."""
    home, more = visitor.url, ": choose a grade (agreed)" if again else ""
    said = {} if again else {SEEN.replace(" ", "_"): "Seen in three plans."}
    for name, (part_of, title) in indicators.items():
        link = f"{KEY_QUESTIONS[part_of]}: {title}{more}"
        if link in visitor.open(home).links():
            visitor.follow(link)
            visitor.press("Save", [GRADES[name]], Reasons_for_the_grade="The record shows it.", **said)
    visitor.open(home).follow(f"Overall{more}")
    visitor.press("Save", ["Good"], Reasons_for_the_grade="On balance.")
    return visitor.open(home)


def evaluates(visitor, manager, indicators=INDICATORS):
    """The manager grades the home, the panel grades it apart, and its chair gives the grades that count."""
    visitor.sign_in(person(manager))
    task = tasks(visitor, "Complete the audit: Self")[-1]
    home = visitor.follow(task).url
    judges(visitor, indicators=indicators).press("Send to the panel")
    visitor.sign_in(person("Petra"))
    (task,) = [one for one in tasks(visitor, "Fill in your part") if task.split()[-1] in one]
    visitor.follow(task)
    judges(visitor, indicators=indicators).press("Send it in")
    visitor.open(home)
    return judges(visitor, indicators=indicators, again=True).press("Agree the grades")


def reads_files(visitor, good):
    """The quality manager grades the residents' files; those of Ash Court, or the first alone, are good."""
    visitor.sign_in(person("Quinn"))
    while waiting := tasks(visitor, "Complete the audit: Resident file"):
        home = visitor.follow(waiting[0]).url
        grade = "Good" if any(one in visitor.said() for one in good) else "Weak"
        said = {"What_went_well?": "They are known.", "What_could_be_better?": "Plans could be newer."}
        visitor.follow("Practice").press(
            "Save", [grade], Reasons_for_the_grade="The record shows it.", **said
        )
        visitor.open(home).follow("Overall").press("Save", [grade], Reasons_for_the_grade="On balance.")
        visitor.open(home).press("Finish the audit").see("The audit is now: Final")


def agrees_a_plan(visitor, manager):
    """The home’s manager agrees an improvement with the panel, and says that it is done."""
    call_command("sweep")
    visitor.sign_in(person(manager))
    visitor.follow(*tasks(visitor, "Improvement plan")[:1]).press("Record the discussion")
    visitor.press(
        "Save the record",
        picked={
            "Who does it": manager,
            "What is it about?": "The home",
            "How much does it matter?": "Must",
            "How will it be shown that it worked?": "A visit six weeks later",
        },
        Day_on_which_it_was_held=f"{timezone.localdate():%d/%m/%Y}",
        Who_was_there="The manager and the panel",
        What_was_discussed="How leaders listen.",
        What_exactly_will_be_done="The manager meets residents each Friday and writes down what they ask for",
    )
    visitor.open("/actions/").follow(*[one for one in visitor.links() if "meets residents" in one][:1])
    return visitor.press("Record that it is done", What_shows_that_it_is_done="Six weeks of notes.").url


def visits(visitor, action):
    """Six weeks later somebody visits and sees that it worked; then it is closed."""
    visitor.sign_in(person("Vera"))
    visitor.open(action).press(
        "Record what you found",
        ["Yes, practice has changed"],
        Day_on_which_you_looked=f"{timezone.localdate():%d/%m/%Y}",
        What_you_looked_at_and_what_you_found="Residents say that they are heard.",
    )
    visitor.sign_in(person("Quinn"))
    visitor.open(action).press("Close the action").see("Closed by Quinn")


def test_homes_are_graded_for_three_half_years_and_the_first_is_still_explained(
    client, tmp_path, monkeypatch
):
    visitor = Visitor(client, make_person("Alex Admin", is_administrator=True))
    draft = Drafting(visitor)
    care_homes.sets_up_everything(draft)
    draft.publish("Our first", date(2026, 4, 1))
    loads_people_and_residents(visitor, tmp_path)
    visitor.sign_in(person("Quinn"))
    sends(visitor, 2026, "April to September 2026")
    for manager in ("Hana", "Iain"):
        evaluates(visitor, manager).see("Two of its indicators are adequate or lower.")
    reads_files(visitor, good=("R-1", "Ash Court"))
    report = visitor.open("/reports/").follow("April to September 2026").url
    visitor.see("Files good or better: Rowan House", "no better than good12no better than good")
    visitor.see("Files good or better: Ash Court", "no better than good22any grade may be given")
    action = agrees_a_plan(visitor, "Hana")
    visitor.sign_in(person("Quinn"))
    before = visitor.open(report).see("Improvement plan").said()

    sends(visitor, 2026, "October 2026 to March 2027")
    evaluates(visitor, "Hana").see(INDICATORS["days"][1], "2026-H1/")
    visitor.sign_in(person("Alex Admin"))
    draft = Drafting(visitor, f"A copy of {TITLE}, version 1")
    care_homes.splits_an_indicator(draft)
    draft.publish("One indicator is now two", date(2027, 4, 1))
    visitor.sign_in(person("Quinn"))
    sends(visitor, 2027, "April to September 2027")
    evaluates(visitor, "Hana", INDICATORS | SPLIT)

    visitor.sign_in(person("Quinn"))
    assert visitor.open(report).said() == before
    old, new = INDICATORS["improvement"][1], SPLIT["improvement"][1]
    visitor.open("/reports/trends/").see(f"The section “{old}” is now “{new}”. They are not compared.")
    relatives = visitor.open("/reports/").follow("How our homes are doing: April 2026 to March 2027").said()
    assert not [name for name, _, _ in STAFF if name in relatives]
    in_may = timezone.make_aware(datetime(2027, 5, 4, 9))
    monkeypatch.setattr("django.utils.timezone.now", lambda: in_may)
    visits(visitor, action)
    call_command("sweep")
    assert tasks(visitor, "Send to relatives")
