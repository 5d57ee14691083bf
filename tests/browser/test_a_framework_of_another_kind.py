"""Homes that evaluate themselves on six grades: set up, run, changed, still explained, by screens alone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from goldenthread.people.models import Person
from tests.browser.conftest import assert_accessible
from tests.browser.steps import SINCE, expect_saved, follow, press, the_worker_runs
from tests.make import make_person
from tests.workbooks import make_workbook

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "home-self-evaluation"
TITLE = "Home self-evaluation"
THIS_YEAR = date.today().year  # noqa: DTZ011 - as somebody at a desk
SIX = ("unsatisfactory", "weak", "adequate", "good", "very good", "excellent")
STAFF = (
    ("Hana", "home manager", "H1"),
    ("Rita", "regional manager", "O1"),
    ("Quinn", "quality manager", "O1"),
)
FOUND = "Seen in three plans and in the minutes of the residents’ meeting."


class Draft:
    """A draft that is open on screen, changed page by page."""

    def __init__(self, page):
        self.page = page
        self.url = page.url

    def open(self, *names):
        """Go from the draft to a part, by the links that bear these names or stand beside them."""
        self.page.goto(self.url)
        for name in names:
            self.page.get_by_role("link", name=name, exact=True).or_(
                self.page.get_by_role("link", name=f"Change {name}", exact=True)
            ).first.click()

    def save(self, ticked=(), unticked=(), picked=None, **filled):
        """Fill in the open page and save it."""
        for label, value in filled.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)
        for label, value in (picked or {}).items():
            self.page.get_by_label(label, exact=True).select_option(value)
        for label in ticked:
            self.page.get_by_label(capital(label), exact=True).first.check()
        for label in unticked:
            self.page.get_by_label(capital(label), exact=True).first.uncheck()
        press(self.page, "Save")
        expect(self.page.get_by_text("is saved").first).to_be_visible()

    def add(self, name, *where):
        """Add a part of this name."""
        self.open(*where)
        self.page.get_by_label("Name of another").fill(name)
        press(self.page, "Add")

    def remove(self, name, *where):
        """Take a part out."""
        self.open(*where)
        self.page.get_by_role("link", name=f"Remove : {name}", exact=True).click()
        press(self.page, "Remove")

    def publish(self, reason, on):
        """Publish it, once nothing is wrong with it."""
        self.page.goto(self.url)
        expect(self.page.get_by_text("Nothing is wrong with it")).to_be_visible()
        press(self.page, "Publish")
        self.page.get_by_label("Why there is a new version").fill(reason)
        self.page.get_by_label("From which day it holds").fill(f"{on:%d/%m/%Y}")
        assert_accessible(self.page)
        press(self.page, "Publish")
        expect(self.page.get_by_text("is the newest version")).to_be_visible()


def capital(name):
    """A name as it is offered."""
    return name[:1].upper() + name[1:]


def begins(page, name):
    """Begin a draft with one of what is offered."""
    page.goto("/frameworks/drafts/begin/")
    page.get_by_label(name).check()
    press(page, "Begin")
    return Draft(page)


def sets_up_who_and_what(draft):
    """Its name, its year, what is audited, by whom and how many."""
    draft.open("Name and purpose")
    draft.save(Key=KEY, Title=TITLE, Owner="Quality team")
    draft.open("Calendar")
    draft.save(picked={"Cycle": "year", "Opens": "first day", "Closes": "last day"})
    draft.add("home", "Subjects")
    draft.save(One="home", Many="homes", Units="home", Led_by="home manager", picked={"Come from": "units"})
    draft.add("regional manager", "Roles")
    draft.save(("see audits", "see reports"), Post="regional manager", picked={"Of": "anywhere"})
    draft.open("Audit types", "audit")
    draft.save(Title="Self-evaluation", picked={"Subject": "home", "Filing": "kept here"})
    draft.open("Pairing", "auditors")
    draft.save(("only their own work",), ("not their own work", "not their own team"))
    draft.open("Pairing", "auditors", "Pools", "posts: team manager, quality manager")
    draft.save(Posts="home manager")
    draft.open("Selection", "open cases")
    draft.save((), ("One per practitioner",), picked={"Strata": "organisation", "Size": ""})
    draft.open("Targets", "monthly audits")
    draft.save(("Everyone",), Number="", Title="Every home each year", picked={"Per": "organisation"})


def sets_up_form_and_grades(draft):
    """Six grades, two questions of which each is graded, and somebody who looks at it before it is final."""
    draft.open("Scales", "grades")
    draft.save(picked={"Direction": "worst first"})
    for number, name in enumerate(SIX, 1):
        if name != "good":
            draft.add(name, "Scales", "grades", "Values")
        else:
            draft.remove("good", "Scales", "grades", "Values")
            draft.remove("needs work", "Scales", "grades", "Values")
            draft.add(name, "Scales", "grades", "Values")
        draft.save(("Good",) if number > 3 else (), Number=str(number), Symbol=str(number))
    draft.open("Forms", "audit", "Sections", "practice")
    draft.save(Title="How well do we support wellbeing?")
    draft.add("leadership", "Forms", "audit", "Sections")
    draft.save(("Graded",), Title="How good is our leadership?")
    draft.add("vision", "Forms", "audit", "Sections", "leadership", "Questions")
    draft.save(Text="What shows that vision informs practice?", picked={"Type": "long text"})
    draft.open("Grading", "audit")
    draft.save((), ("Overall",))


def asks_for_validation(draft):
    """The regional manager grades again within ten working days, and only then it is final."""
    draft.add("validate", "Clocks")
    draft.save(
        Title="Validate it",
        Length="10 working days",
        Starts="sending it",
        picked={"Owed by": "regional manager"},
    )
    draft.add("validated", "Grading", "audit", "Stages")
    draft.save(picked={"By": "regional manager"})
    draft.add("validating", "Flows", "audit", "States")
    draft.save(
        ("regional manager",), Label="Being validated", picked={"Phase": "checking", "Stage": "validated"}
    )
    draft.open("Flows", "audit", "Steps", "finish")
    draft.save(("validate",), Label="Send for validation", picked={"To": "validating"})
    draft.add("validate", "Flows", "audit", "Steps")
    draft.page.get_by_role("group", name="Finishes").get_by_label("Validate", exact=True).check()
    draft.save(("validating", "regional manager", "grades"), ("allocated",), picked={"To": "final"})


def loads_people(page, folder):
    """A home with its manager."""
    units = [("O1", "Homes of ours", "organisation", ""), ("H1", "Rowan House", "home", "O1")]
    path = make_workbook(
        folder / "people.xlsx",
        {
            "Units": [("Reference", "Name", "Kind", "Under", "From"), *((*unit, SINCE) for unit in units)],
            "Staff": [
                ("Staff number", "Name", "Email"),
                *((name, name, f"{name}@example.org") for name, _, _ in STAFF),
            ],
            "Posts": [("Staff number", "Post", "Unit", "From"), *((*one, SINCE) for one in STAFF)],
        },
    )
    page.goto("/people/load/")
    page.get_by_label("People file").set_input_files(path)
    press(page, "Load")


def sends_a_year(page, year):
    """Plan the year, freeze, draw, allocate and send."""
    page.goto(f"/programme/?framework={KEY}&year={year}")
    press(page, "Plan the year")
    page.get_by_role("table").get_by_role("link", name=str(year)).click()
    home = page.url
    follow(page, "Freeze the frame")
    press(page, "Freeze the frame")
    press(page, "Enter or take the seed")
    press(page, "Draw")
    page.goto(f"{home}allocation/")
    press(page, "Allocate")
    the_worker_runs()
    page.goto(f"{home}send/")
    assert_accessible(page)
    press(page, "Send the audits")
    expect(page.get_by_text("1 audit sent")).to_be_visible()


def evaluates(page, sections, grade, *, answers=True):
    """Grade every section of the open audit as whoever is signed in, and answer it first."""
    home = page.url
    for section in sections:
        page.goto(f"{home}sections/{section}/")
        for box in page.locator("[data-box=answer]").all() if answers else ():
            box.locator("textarea").first.fill(FOUND)
            box.locator("textarea").first.blur()
            expect_saved(box)
        box = page.locator("[data-box=grade]")
        box.get_by_label(grade, exact=True).check()
        expect_saved(box)
        box.get_by_label("Reasons for the grade").fill(FOUND)
        box.get_by_label("Reasons for the grade").blur()
        expect_saved(box)
    page.goto(home)
    return home


def runs_a_year(page, sign_in, year, sections, grade):
    """The home evaluates itself, and the regional manager validates that."""
    people = {person.name: person for person in Person.objects.all()}
    sign_in(people["Quinn"])
    sends_a_year(page, year)
    sign_in(people["Hana"])
    page.goto("/tasks/")
    page.locator("main a", has_text=f"{year}/").last.click()
    page.wait_for_load_state()
    home = evaluates(page, sections, grade)
    press(page, "Send for validation")
    sign_in(people["Rita"])
    page.goto(home)
    evaluates(page, sections, grade, answers=False)
    page.goto(f"{home}check/")
    page.get_by_label("Validate", exact=True).check()
    press(page, "Send the decision")
    expect(page.get_by_text("Those concerned are told")).to_be_visible()
    sign_in(people["Quinn"])


def changes_for_next_year(draft):
    """Another heading that means the same, another question, and a home that is asked about infections."""
    draft.open("Forms", "audit", "Sections", "leadership")
    draft.save(Title="How well are we led?", Same_as="leadership")
    draft.open("Forms", "audit", "Sections", "practice", "Questions", "what to improve")
    draft.save(Text="What will be better next year?")
    draft.add("infections", "Forms", "audit", "Sections")
    draft.save(("Graded",), Title="How well are infections prevented?")
    draft.add("hygiene", "Forms", "audit", "Sections", "infections", "Questions")
    draft.save(Text="What shows it?", picked={"Type": "long text"})


def test_homes_evaluate_themselves_and_last_years_figures_are_still_explained(page, sign_in, tmp_path):
    sign_in(make_person("Alex Admin", is_administrator=True))
    draft = begins(page, "The smallest framework that makes sense")
    sets_up_who_and_what(draft)
    sets_up_form_and_grades(draft)
    asks_for_validation(draft)
    draft.publish("Our first", date(THIS_YEAR, 1, 1))
    loads_people(page, tmp_path)
    runs_a_year(page, sign_in, THIS_YEAR, ("practice", "leadership"), "Very good")
    follow(page, "Reports")
    follow(page, str(THIS_YEAR))
    report, before = page.url, page.locator("main").inner_text()
    assert "1 sent, 1 finished" in before
    assert_accessible(page)

    draft = begins(page, f"A copy of {TITLE}, version 1")
    changes_for_next_year(draft)
    draft.publish("Infections, and clearer words", date(THIS_YEAR + 1, 1, 1))
    runs_a_year(page, sign_in, THIS_YEAR + 1, ("practice", "leadership", "infections"), "Adequate")

    page.goto(report)
    assert page.locator("main").inner_text() == before
    page.goto("/reports/trends/")
    expect(
        page.get_by_text("“How well do we support wellbeing?” asks other questions than before").first
    ).to_be_visible()
    page.get_by_label("What is compared").select_option("How well are we led?")
    press(page, "Show")
    expect(
        page.get_by_text("“How well are we led?” means what “How good is our leadership?” meant")
    ).to_be_visible()
    assert_accessible(page)
