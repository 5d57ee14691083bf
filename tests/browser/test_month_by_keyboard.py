"""A month of audits by keyboard alone, at 400% zoom: nobody touches a mouse from the draw to the report."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goldenthread.audits import operations
from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.rules.forms import Given
from tests.browser import steps
from tests.browser.keys import Keys
from tests.make import (
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_subject,
    make_training,
    publish_pack,
)

pytestmark = pytest.mark.django_db(transaction=True)
ANY = re.compile(".")
TELL = "Save and tell those who take part"
PASSWORD = "three random words"


@pytest.fixture
def council(transactional_db):
    """One open case of the North team, and an auditor of another team who is trained."""
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_subject("P0001", unit=council.team, practitioner=council.priya)
    council.cycle = make_cycle(f"{timezone.localdate():%Y-%m}")
    return council


@pytest.fixture
def month(page, sign_in, council):
    return Month(page, sign_in, council)


class Month:
    """Those who audit a month, and the keyboard that they share."""

    def __init__(self, page, sign_in, council):
        self.page, self.sign_in, self.council = page, sign_in, council
        self.keys = Keys(page)

    @property
    def audit(self):
        return Audit.objects.get()

    def when_somebody_signs_in(self):
        keys, quinn = self.keys, self.council.quinn
        quinn.set_password(PASSWORD)
        quinn.save()
        self.page.goto("/")
        keys.meets("Sign in")
        keys.goes("Sign in", "There is a problem", role="button")
        keys.types("E-mail address", quinn.email)
        keys.types("Password", PASSWORD)
        keys.goes("Sign in", "My tasks", role="button")

    def when_the_quality_team_draws(self):
        keys, title = self.keys, self.council.cycle.title
        keys.presses("Menu")
        keys.goes("Programme", re.compile("Programme"))
        keys.goes(title, title)
        keys.goes("Place the re-audits that are due", ANY)
        keys.goes("Go on without further re-audits", title)
        keys.goes("Freeze the frame", re.compile("Freeze"))
        keys.goes("Freeze the frame", "The frozen frame", role="button")
        keys.goes("Enter or take the seed", "Seed and draw")
        keys.chooses("Enter one")
        keys.goes("Draw", "There is a problem", role="button")
        told = keys.types("Seed, if you enter one", "31415926")
        assert "Enter the seed" in told.description
        keys.goes("Draw", ANY, role="button")

    def when_the_quality_team_allocates_and_sends(self):
        keys, title = self.keys, self.council.cycle.title
        keys.goes(title, title)
        keys.goes("Allocate the audits", "Who does which audit")
        keys.goes("Allocate", "Who does which audit", role="button")
        self.page.get_by_text("The auditors are being found").wait_for()
        keys.reaches("Look again")
        self.page.wait_for_timeout(2500)
        assert keys.stop().name == "Look again"
        steps.the_worker_runs()
        self.page.get_by_text("Auditor: Ada").wait_for()
        assert keys.stop().name == "Who does which audit"
        keys.goes("Check and send", ANY)
        keys.goes("Send the audits", ANY)
        self.page.get_by_text("1 audit sent").wait_for()

    def comes(self, person):
        """Somebody else sits down and begins with what they owe."""
        self.sign_in(person)
        self.page.goto("/")
        self.keys.meets("My tasks")

    def when_the_auditor_grades_the_record(self):
        self.comes(self.council.ada)
        keys, page = self.keys, self.page
        keys.goes("Complete the audit", self.audit.number)
        sheet = sheet_of(self.audit)
        section, questions = next((each, asked) for each, asked in sheet.sections if each.key == "recording")
        keys.goes(section.title, section.title)
        keys.types(questions[0].text, "Clear and in order.")
        keys.tab()
        self.expect_saved()
        keys.chooses("Good")
        self.expect_saved()
        keys.types("Reasons for the grade", "The story can be followed.")
        assert keys.tab() is not None
        expect(page.locator("#grade-state")).to_contain_text("Saved at")
        self.fill_in_the_rest()
        keys.goes(re.compile("Save and go"), ANY)
        keys.goes(re.compile("Back to the"), self.audit.number)
        keys.goes("Finish the draft", self.audit.number)

    def expect_saved(self):
        """What is read out says when it was saved."""
        expect(self.page.get_by_role("status").filter(has_text=re.compile(r"Saved at \d"))).to_be_attached()

    def fill_in_the_rest(self):
        """What was answered and graded from the keyboard is left as it is."""
        now, sheet = timezone.now(), sheet_of(self.audit)
        for _, questions in sheet.sections:
            for question in questions:
                if question.key not in sheet.answers:
                    value = "yes" if question.type == "yes or no" else "What was seen."
                    given = Given(value, evidence="Case note of 3 August.")
                    operations.save_answer(
                        self.audit, question.key, given, expected=0, by=self.council.ada, at=now
                    )
        for part, _ in sheet.parts:
            if sheet.judged(part, sheet.stage.key) is None:
                operations.save_judgement(
                    self.audit, part, grade="good", why="Seen.", expected=0, by=self.council.ada, at=now
                )

    def when_they_talk(self):
        keys, number = self.keys, self.audit.number
        keys.goes("Arrange the conversation", ANY)
        keys.goes(TELL, "There is a problem", role="button")
        told = keys.types("Date and time", steps.later(days=1))
        assert "Error:" in told.description
        keys.types("Where", "Room 4")
        keys.goes(TELL, ANY, role="button")
        keys.goes(re.compile("Back to the"), number)
        keys.goes("Record the conversation", ANY)
        keys.types("Day on which it was held", f"{timezone.localdate():%d/%m/%Y}")
        keys.types("What the conversation added", "She knew why the visit was late.")
        keys.goes("Save", ANY, role="button")

    def when_the_auditor_grades_again_and_sends(self):
        keys = self.keys
        keys.goes("Recording", ANY)
        keys.presses("Keep this grade and its reasons")
        self.expect_saved()
        assert keys.stop().name == "Keep this grade and its reasons"
        self.fill_in_the_rest()
        keys.goes(re.compile("Back to the"), self.audit.number)
        keys.goes("Send to the quality team", self.audit.number)

    def when_the_quality_team_accepts_it(self):
        self.comes(self.council.quinn)
        keys = self.keys
        keys.goes("Check the audit report", ANY)
        keys.goes("Accept", ANY)
        keys.chooses("Return with points")
        keys.goes("Send the decision", "There is a problem")
        told = keys.reaches(re.compile("Points for the auditor"))
        assert "Error:" in told.description
        keys.chooses("Accept")
        keys.goes("Send the decision", ANY)

    def when_the_auditor_files_it(self):
        self.comes(self.council.ada)
        keys = self.keys
        keys.goes("File the report on the case system", ANY)
        keys.goes("File on the case system", ANY)
        keys.goes("It is filed", ANY)

    def when_an_alert_is_raised_and_answered(self):
        keys = self.keys
        keys.goes("Raise a safety alert", ANY)
        keys.goes("Raise the alert", "There is a problem")
        told = keys.types("What are you worried about?", "Bruises on both arms.")
        assert "Answer “What are you worried about?”" in told.description
        keys.goes("Raise the alert", ANY)
        self.comes(self.council.theo)
        keys.goes("Answer the safety alert", ANY)
        keys.types("What was done, and what came of it?", "Visited. She is safe.")
        keys.chooses("Yes, the person is safe")
        keys.goes("Record the answer", ANY)
        self.page.get_by_text("The alert is resolved.").wait_for()

    def then_the_report_leads_to_the_file(self):
        self.comes(self.council.hana)
        keys = self.keys
        keys.presses("Menu")
        keys.goes("Reports", re.compile("Reports"))
        keys.goes(re.compile(self.council.cycle.title), ANY)
        keys.goes("1", "1 audit")
        keys.goes(re.compile(self.audit.number), self.audit.number)


def test_one_month_by_keyboard_alone(month):
    month.when_somebody_signs_in()
    month.when_the_quality_team_draws()
    month.when_the_quality_team_allocates_and_sends()
    month.when_the_auditor_grades_the_record()
    month.when_they_talk()
    month.when_the_auditor_grades_again_and_sends()
    month.when_the_quality_team_accepts_it()
    month.when_the_auditor_files_it()
    month.when_an_alert_is_raised_and_answered()

    month.then_the_report_leads_to_the_file()


@pytest.fixture
def keys(page, sign_in):
    """Ada's keyboard, in a section of an audit of hers."""
    council = make_council()
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/sections/recording/")
    return Keys(page)


def test_a_save_that_is_refused_describes_its_field_and_hides_nothing(page, keys):
    field = keys.reaches(re.compile("How"))
    page.keyboard.insert_text("x" * 60_000)

    expect(page.get_by_role("status").filter(has_text="Shorten this")).to_be_visible()

    assert "Error: Shorten this" in keys.stop().description
    for _ in range(12):
        keys.tab()
    for _ in range(12):
        keys.tab("Shift+Tab")
    assert keys.reaches(re.compile("How")).name == field.name


def test_the_focus_stays_in_the_form_when_the_connection_is_back(page, context, keys):
    cookies = context.cookies()
    context.clear_cookies()
    keys.reaches(re.compile("How"))
    page.keyboard.type("Clear and in order.")
    page.get_by_text("You are signed out").wait_for()
    keys.reaches("Send again", key="Shift+Tab")
    page.wait_for_load_state("networkidle")  # leaving the field sent it once more
    context.add_cookies(cookies)

    page.keyboard.press("Space")

    expect(page.get_by_role("status").filter(has_text="Saved at")).to_be_attached(timeout=20_000)
    assert keys.stop().role == "textbox"


def test_the_warning_before_a_sign_in_ends_holds_the_focus_and_gives_it_back(
    page, sign_in, settings, monkeypatch
):
    settings.IDLE_SECONDS = 120
    monkeypatch.setattr("goldenthread.web.people.sessions.warned_before", lambda: 117)
    sign_in(make_person("Ada Auditor"))
    keys = Keys(page)
    page.goto("/sign-ins/")
    keys.reaches("Menu")

    expect(page.get_by_role("alertdialog")).to_contain_text("You will be signed out in")
    names = {stop.name for stop in (keys.stop(), *(keys.tab() for _ in range(5))) if stop}
    assert names - {"You will soon be signed out"} == {"Stay signed in", "Go back to the page"}
    page.keyboard.press("Escape")

    assert keys.stop().name == "Menu"
