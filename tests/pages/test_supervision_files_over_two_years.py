"""Supervision files, dip-sampled and not graded: set up from empty, run, changed, run again, still explained.

Everything goes through the forms as the pages have them; nothing is written beside them.
"""

from datetime import date

import pytest

from goldenthread.people.models import Person
from tests.browser.steps import the_worker_runs
from tests.drafting import Drafting, loads_people
from tests.make import make_person
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
KEY, TITLE = "supervision-files", "Supervision files"
UNITS = (
    ("C", "Shire Council", "organisation", "", "Northern Ireland"),
    ("N", "North team", "team", "C", ""),
    ("S", "South team", "team", "C", ""),
)
STAFF = (
    ("Prue", "principal social worker", "C"),
    ("Tom", "team manager", "N"),
    ("Una", "team manager", "S"),
    ("Pat", "social worker", "N"),
    ("Sue", "support worker", "N"),
    ("Kim", "social worker", "S"),
)
SECTIONS = ("Forms", "audit", "Sections")
QUESTIONS = (*SECTIONS, "practice", "Questions")
AGREED = "Is there an agreement that both have signed?"
AGREED_THIS_YEAR = "Have both signed an agreement for this year?"
DISCUSSED = "Is each case discussed as often as agreed?"
REFLECTIVE = "Is there reflection, and not a list of tasks alone?"
SEEN = "What did you see?"


def sets_up_what_is_looked_at(draft):
    """Each worker with whoever supervises them, half-yearly, by another team's manager."""
    draft.save("Name and purpose", Key=KEY, Title=TITLE, Owner="Principal social worker")
    draft.save("Calendar", picked={"Cycle": "half-year", "Begins": "April"})
    posts = "social worker\nsupport worker"
    draft.add("supervision file", "Subjects", picked={"Come from": "supervision"})
    draft.save(One="supervision file", Many="supervision files", Posts=posts, Led_by="team manager")
    lead = ("see audits", "see staff files", "draw and allocate", "see reports")
    where = {"Of": "the subject's unit"}
    draft.add("principal social worker", "Roles", ticked=lead, picked=where, Post="principal social worker")
    kind = {"Subject": "supervision file", "Filing": "kept here"}
    draft.save("Audit types", "audit", Title="Supervision check", picked=kind)
    draft.save("Pairing", "auditors", unticked=["not their own team"], ticked=["not their own line"])
    pool = "posts: team manager, quality manager"
    draft.save("Pairing", "auditors", "Pools", pool, Posts="team manager\nprincipal social worker")
    draft.save("Targets", "monthly audits", Number="", Per_cent="50", picked={"Per": "organisation"})
    draft.save(
        "Selection", "open cases", picked={"Strata": "organisation"}, unticked=["One per practitioner"]
    )


def sets_up_what_is_asked(draft):
    """Yes, in part or no, with evidence unless it is yes; the second part for those who hold cases."""
    draft.save(*SECTIONS, "practice", Title="The file", unticked=["Graded"])
    draft.remove("what went well", *QUESTIONS).remove("what to improve", *QUESTIONS)
    draft.add("agreed", *QUESTIONS, Text=AGREED, picked={"Type": "yes or no"})
    for answer in ("yes", "in part", "no"):
        draft.add(answer, *QUESTIONS, "agreed", "Choices")
    draft.save(*QUESTIONS, "agreed", ticked=[("Evidence: which", "in part"), ("Evidence: which", "no")])
    draft.add("cases", *SECTIONS, Title="Supervision of cases")
    draft.line("post", "is", "social worker", *SECTIONS, "cases", "When")
    draft.add("discussed", *SECTIONS, "cases", "Questions", Text=DISCUSSED, picked={"Type": "yes or no"})


def takes_the_grades_out(draft):
    """No scale, no stage, no overall grade; what is counted instead is the gaps."""
    draft.save("Grading", "audit", unticked=["Overall"], picked={"Scale": "None chosen"})
    draft.remove("graded", "Grading", "audit", "Stages").remove("grades", "Scales")
    draft.save("Flows", "audit", "States", "allocated", Stage="")
    shown = [("Shown to", "principal social worker")]
    draft.save("Flows", "audit", "States", "final", ticked=shown)
    draft.save("Flows", "audit", "Steps", "finish", unticked=[("Requires", "grades")])
    draft.add("gaps", "Grading", "audit", "Scores", picked={"This is a": "Count of answers"})
    counted = [("Sections", "practice"), ("Sections", "cases"), ("Answers", "no"), ("Answers", "in part")]
    draft.save("Grading", "audit", "Scores", "gaps", ticked=counted)
    draft.save("Report", ticked=["scores"], unticked=["grades"])


def sends(visitor, year, cycle):
    """Plan the year, freeze, draw, allocate and send one cycle of it."""
    year_page = f"/programme/?framework={KEY}&year={year}"
    home = visitor.open(year_page).press("Plan the year").follow(cycle).url
    visitor.follow("Freeze the frame").press("Freeze the frame").see("3 open supervision files, 3 of them")
    visitor.press("Enter or take the seed").press("Draw")
    visitor.see("Nobody is limited to one supervision file here")
    visitor.open(home).follow("Allocate the audits to auditors").press("Allocate")
    the_worker_runs()
    visitor.open(home).see("2 audits, each with an auditor").follow("Check and send").press(
        "Send the audits"
    ).see("2 audits sent")


def everybody_answers(visitor, agreed, **more):
    """Whoever was given a check does it."""
    for name in ("Tom", "Una", "Prue"):
        visitor.sign_in(Person.objects.get(name=name))
        answers(visitor, agreed, **more)


def answers(visitor, agreed, **more):
    """Do every check that waits: the file, and the part on cases where it is asked."""
    question = AGREED_THIS_YEAR if more else AGREED
    while waiting := [one for one in visitor.open("/tasks/").links() if one.startswith("Complete the audit")]:
        home = visitor.follow(waiting[0]).url
        has_cases = "Supervision of cases" in visitor.links()
        assert has_cases == ("Sue with" not in visitor.said())
        ticked = [(question, agreed), *((REFLECTIVE, answer) for answer in more.values())]
        seen = {f"{SEEN} {question}": "Theirs lacks a date."} if agreed != "Yes" else {}
        visitor.follow("The file").press("Save", ticked, **seen)
        if has_cases:
            visitor.open(home).follow("Supervision of cases").press("Save", [(DISCUSSED, "Yes")])
        visitor.open(home).press("Finish the audit").see("The audit is now: Final")


def test_supervision_files_are_looked_at_for_two_years_and_the_first_is_still_explained(client, tmp_path):
    visitor = Visitor(client, make_person("Alex Admin", is_administrator=True))
    draft = Drafting(visitor)
    sets_up_what_is_looked_at(draft)
    sets_up_what_is_asked(draft)
    takes_the_grades_out(draft)
    draft.preview("Audit form", AGREED)
    draft.publish("Our first", date(2026, 4, 1))
    loads_people(visitor, tmp_path, UNITS, STAFF)
    admin, lead = Person.objects.get(name="Alex Admin"), Person.objects.get(name="Prue")

    visitor.sign_in(lead)
    sends(visitor, 2026, "October 2026 to March 2027")
    everybody_answers(visitor, "In part")
    report = visitor.open("/reports/").follow("October 2026 to March 2027").url
    before = visitor.see("2 sent, 2 finished", "Supervision check: Gaps").said()

    visitor.sign_in(admin)
    draft = Drafting(visitor, f"A copy of {TITLE}, version 1")
    draft.save(*QUESTIONS, "agreed", Text=AGREED_THIS_YEAR, Same_as="agreed")
    draft.add("reflective", *QUESTIONS, Text=REFLECTIVE, picked={"Type": "yes or no"})
    draft.publish("Reflection, and clearer words", date(2027, 4, 1))
    visitor.sign_in(lead)
    sends(visitor, 2027, "April to September 2027")
    everybody_answers(visitor, "Yes", reflective="Yes")

    assert visitor.open(report).said() == before
    visitor.open("/reports/trends/").see(
        f"“{AGREED_THIS_YEAR}” means what “{AGREED}” meant", "Oct 2026: 0 of 2; Apr 2027: 2 of 2"
    )
