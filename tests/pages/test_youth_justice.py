"""Youth justice, in the manner of a probation inspectorate: set up from empty, run, graded again and changed.

Everything goes through the forms as the pages have them; nothing is written beside them.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.people.models import Person
from tests.browser.steps import the_worker_runs
from tests.drafting import Drafting, loads_people
from tests.make import make_person
from tests.visitor import Visitor
from tests.workbooks import make_csv

pytestmark = pytest.mark.django_db(transaction=True)
KEY, TITLE = "youth-justice", "Youth justice case assessments"
UNITS = (
    ("Y", "Youth justice service", "organisation", ""),
    ("N", "North team", "team", "Y"),
    ("S", "South team", "team", "Y"),
)
STAFF = (
    ("Quinn", "quality manager", "Y"),
    ("Amal", "assessor", "Y"),
    ("Bo", "assessor", "Y"),
    ("Tom", "team manager", "N"),
    ("Una", "team manager", "S"),
)
CASES = (
    ("YJ-1", "North team", "Pat", "court"),
    ("YJ-2", "South team", "Kim", "court"),
    ("YJ-3", "North team", "Sue", "out of court"),
    ("YJ-4", "South team", "Lee", "out of court"),
)
SECTIONS = ("Forms", "audit", "Sections")
QUESTIONS = (*SECTIONS, "practice", "Questions")
RULES = ("Grading", "audit", "Rules")
STANDARDS = {"assessing": "Assessing", "planning": "Planning"}
ASKED = {
    "desistance": "Is enough known of what would help the child to stop?",
    "child": "Is the child kept safe?",
    "others": "Are other people kept safe?",
}


def sets_up_which_cases(draft):
    """Each quarter as many after a court as out of court, by two assessors of whom neither knew the child."""
    draft.save("Name and purpose", Key=KEY, Title=TITLE, Owner="Quality lead")
    draft.save("Calendar", picked={"Cycle": "quarter", "Begins": "April"})
    draft.add("disposal", "Facts").open("Facts", "disposal").save(Text="Whether a court or a panel decided.")
    draft.save("Audit types", "audit", Title="Case assessment", Co_auditors="1")
    draft.save("Selection", "open cases", picked={"Strata": "groups", "Size": ""})
    for group, value in (("After a court", "court"), ("Out of court", "out of court")):
        draft.open("Selection", "open cases", "Groups").visitor.press("Add")
        draft.save(Title=group, Number="2")
        draft.line("disposal", "is", value, "Selection", "open cases", "Groups", group, "When")
    pool = "posts: team manager, quality manager"
    draft.save("Pairing", "auditors", "Pools", pool, Posts="assessor")
    draft.save(
        "Targets", "monthly audits", Title="Four a quarter", Number="4", picked={"Per": "organisation"}
    )


def sets_up_what_is_judged(draft):
    """Two standards of three questions each; one question that fails fails the standard."""
    draft.save(*SECTIONS, "practice", Title="Assessing")
    draft.remove("what went well", *QUESTIONS).remove("what to improve", *QUESTIONS)
    for key, text in ASKED.items():
        draft.add(
            f"assessing {key}", *SECTIONS, Title=text, ticked=["Graded"], picked={"Part of": "practice"}
        )
        draft.add(
            f"prompt {key}",
            *SECTIONS,
            f"assessing {key}",
            "Questions",
            Text=f"{text} Seen on file?",
            picked={"Type": "yes or no"},
        )
    draft.add("planning", *SECTIONS, Title="Planning", ticked=["Graded"])
    draft.add(
        "plan", *SECTIONS, "planning", "Questions", Text="Is there a plan?", picked={"Type": "yes or no"}
    )
    draft.line("disposal", "is", "court", *SECTIONS, "planning", "When")


def sets_up_the_grades(draft):
    """Sufficient or not; a standard fails with one of its questions, and a case with one of its standards."""
    for name, how in (("sufficient", {"ticked": ["Good"]}), ("not sufficient", {"Number": "0"})):
        draft.add(name, "Scales", "grades", "Values", Symbol=name[0].upper(), **how)
    draft.remove("good", "Scales", "grades", "Values").remove("needs work", "Scales", "grades", "Values")
    for part, why in (("practice", "fails the standard"), ("overall", "fails the case")):
        counted = f"One of its parts {why}."
        draft.open(*RULES).visitor.press("Add")
        draft.save(picked={"This is a": "Counting"})
        draft.save(Because=counted, picked={"Part": part, "Grade": "not sufficient", "Override": "never"})
        draft.visitor.follow("Counts").press("Add")
        draft.save(ticked=["not sufficient"], At_least="1")
        draft.open(*RULES).visitor.press("Add")
        draft.save(picked={"This is a": "Counting"})
        draft.save(Because=f"None {why}.", picked={"Part": part, "Grade": "sufficient", "Override": "never"})
        draft.visitor.follow("Counts").press("Add")
        draft.save(ticked=["not sufficient"], At_most="0")


def sets_up_the_second_look(draft):
    """The quality manager grades again what was judged of every case that is not sufficient."""
    draft.add("grade again", "Clocks", Title="Grade it again", Length="10 working days", Starts="the draw")
    draft.save(picked={"Owed by": "quality manager"})
    draft.add("second look", "Moderation", Every="1", Looks_back="3 months")
    draft.save(ticked=["audit", "quality manager"], picked={"Graded": "lowest grade", "Clock": "grade again"})
    draft.save(ticked=[("Parts", f"assessing {key}") for key in ASKED])


def loads_people_and_cases(visitor, folder):
    """A service with two teams, and an extract of its case system with a column of its own."""
    loads_people(visitor, folder, UNITS, STAFF)
    head = ["Case reference", "Team", "Worker", "Opened", "Worker allocated on", "Disposal"]
    rows = [[ref, team, who, "01/02/2026", "01/02/2026", how] for ref, team, who, how in CASES]
    cases = make_csv(folder / "cases.csv", [head, *rows])
    file = SimpleUploadedFile("cases.csv", cases.read_bytes())
    visitor.open("/caseload/extracts/").follow("Load an extract")
    visitor.press("Upload", ["Open-cases list"], files={"file": file})
    loading = visitor.url
    the_worker_runs()
    visitor.open(loading).press("Say what the columns are")
    visitor.press("Read the file", picked={"Disposal": "fact: disposal"})
    the_worker_runs()
    visitor.open(loading).see("New cases (4)").press("Confirm and load")
    the_worker_runs()


def sends(visitor, year, cycle):
    """Plan the year, freeze, draw, allocate and send one cycle of it."""
    visitor.open(f"/programme/?framework={KEY}&year={year}").press("Plan the year")
    home = visitor.open(f"/programme/?framework={KEY}&year={year}").follow(cycle).url
    visitor.follow("Freeze the frame").press("Freeze the frame")
    visitor.press("Enter or take the seed").press("Draw")
    visitor.open(home).follow("Allocate the audits to auditors").press("Allocate")
    the_worker_runs()
    visitor.open(home).see("4 audits, each with an auditor").follow("Check and send")
    visitor.press("Send the audits").see("4 audits sent")


def assesses(visitor, fails=()):
    """Do every assessment that waits; what fails in one fails in all of them."""
    while waiting := [one for one in visitor.open("/tasks/").links() if one.startswith("Complete the audit")]:
        home = visitor.follow(waiting[0]).url
        for key, text in ASKED.items():
            answer, grade = ("No", "Not sufficient") if key in fails else ("Yes", "Sufficient")
            visitor.open(home).follow(f"Assessing: {text}")
            judges(visitor, grade, (f"{text} Seen on file?", answer))
        if "Planning" in visitor.open(home).links():
            judges(visitor.follow("Planning"), "Sufficient", ("Is there a plan?", "Yes"))
        visitor.open(home).press("Finish the audit").see("The audit is now: Final")


def judges(visitor, grade, answer):
    """Answer the open section and grade it, with a reason."""
    visitor.press("Save", [answer, grade], Reasons_for_the_grade="The record shows it.")


def grades_again(visitor):
    """Draw what is to be looked at again, share it out, and agree with the auditor."""
    visitor.open("/moderation/").press("Draw").press("Share out what nobody has").see("2 given")
    for reference in [one for one in visitor.open("/moderation/").links() if one.startswith("2026-Q3/")]:
        visitor.open("/moderation/").follow(reference)
        reasons = {f"Why this grade for “Assessing: {text}”": "I read it so too." for text in ASKED.values()}
        picked = {
            f"Assessing: {text}": "Not sufficient" if key == "child" else "Sufficient"
            for key, text in ASKED.items()
        }
        visitor.press("Give these grades for good", picked=picked, **reasons)


def test_a_service_assesses_its_cases_and_what_failed_is_graded_again_before_the_words_change(
    client, tmp_path
):
    visitor = Visitor(client, make_person("Alex Admin", is_administrator=True))
    draft = Drafting(visitor)
    sets_up_which_cases(draft)
    sets_up_what_is_judged(draft)
    sets_up_the_grades(draft)
    sets_up_the_second_look(draft)
    draft.publish("Our first", date(2026, 4, 1))
    loads_people_and_cases(visitor, tmp_path)
    admin, amal, bo, quinn = (Person.objects.get(name=name) for name in ("Alex Admin", "Amal", "Bo", "Quinn"))

    visitor.sign_in(quinn)
    sends(visitor, 2026, "October to December 2026")
    visitor.sign_in(amal)
    assesses(visitor, fails=["child"])
    visitor.sign_in(bo)
    assesses(visitor)
    visitor.sign_in(quinn)
    visitor.open("/reports/").follow("October to December 2026")
    visitor.see("2 of 4 were graded sufficient overall")
    grades_again(visitor)

    visitor.sign_in(admin)
    draft = Drafting(visitor, f"A copy of {TITLE}, version 1")
    draft.save(*SECTIONS, "planning", Title="Planning the work", Same_as="planning")
    draft.publish("Clearer words", date(2027, 1, 1))
