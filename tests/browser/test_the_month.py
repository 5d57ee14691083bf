"""One month from the caseload's extract to the re-audit that is due, in a browser, as those who do it.

Each page on the way is looked at by axe on a wide screen, on half of one, and at 320 px.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goldenthread.audits.models import Answer, Audit
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Slot
from tests.browser import steps
from tests.browser.conftest import assert_accessible
from tests.browser.steps import follow, press
from tests.make import make_audit, make_council, make_person

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "three random words"
RECORD = "after the conversation the plan still has no date"
TOLD = (
    "people.load",
    "framework.publish",
    "caseload.import",
    "cycle.send",
    "audit.finish_draft",
    "audit.record_conversation",
    "audit.submit",
    "audit.return",
    "audit.resubmit",
    "audit.accept",
    "audit.file",
)
"""What the ledger says of the month, in this order."""


@pytest.fixture
def month(page, sign_in, tmp_path):
    return Month(page, sign_in, tmp_path)


class Month:
    """The people of a month and the page that they share; a method is something that one of them does."""

    def __init__(self, page, sign_in, folder):
        self.page, self.sign_in, self.folder = page, sign_in, folder

    def as_(self, name):
        self.sign_in(Person.objects.get(email=steps.address_of(name)))

    @property
    def audit(self):
        return Audit.objects.get()

    def given_people_and_a_framework(self):
        alex = make_person("Alex", is_administrator=True)
        alex.set_password(PASSWORD)
        alex.save()
        steps.signs_in_with_a_password(self.page, alex, PASSWORD)
        steps.loads_people(self.page, self.folder)
        steps.publishes_the_framework(self.page)
        press(self.page, "Sign out")
        expect(self.page.get_by_label("Password")).to_be_visible()

    def given_the_caseload(self):
        self.as_("Quinn")
        steps.loads_the_caseload(self.page, self.folder)

    def when_the_quality_team_plans_the_years(self):
        page, year = self.page, timezone.localdate().year
        for planned in (year, year + 1):
            page.goto(f"/programme/?year={planned}")
            assert_accessible(page)
            press(page, "Plan the year")
            expect(page.get_by_role("link", name=f"January {planned}")).to_be_visible()
        assert_accessible(page)
        ahead = Cycle.objects.filter(themed=False, closes_on__gte=timezone.localdate())
        self.cycle = ahead.order_by("opens_on").first()

    def when_the_quality_team_draws(self):
        page = self.page
        page.goto(f"/programme/{self.cycle.public_id}/")
        assert_accessible(page)
        follow(page, "Place the re-audits that are due")
        press(page, "Go on without further re-audits")
        follow(page, "Freeze the frame")
        press(page, "Freeze the frame")
        expect(page.get_by_text("SHA-256 of the frame")).to_be_visible()
        follow(page, "open cases")
        expect(page.get_by_text("no practitioner is recorded for the case").first).to_be_visible()
        assert_accessible(page)
        page.go_back()
        page.get_by_role("button", name="Enter or take the seed").click()
        page.get_by_role("radio", name="Enter one").check()
        page.get_by_label("Seed, if you enter one").fill("2718281828")
        press(page, "Draw")
        expect(page.get_by_text("2718281828").first).to_be_visible()
        assert_accessible(page)

    def when_the_quality_team_allocates_and_sends(self):
        page = self.page
        page.goto(f"/programme/{self.cycle.public_id}/allocation/")
        press(page, "Allocate")
        page.get_by_text("The auditors are being found").wait_for()
        steps.the_worker_runs()
        page.get_by_text("Auditor: Ada").wait_for()
        assert_accessible(page)
        page.get_by_role("button", name="Check and send").click()
        assert_accessible(page)
        press(page, "Send the audits")
        page.get_by_text("1 audit sent").wait_for()

    def when_the_auditor_grades_the_record(self):
        page = self.page
        self.as_("Ada")
        page.goto("/")
        expect(page.get_by_role("heading", name="My tasks")).to_be_visible()
        page.get_by_text(re.compile(r"^Due ")).first.click()
        expect(page.get_by_text("Why then").first).to_be_visible()
        assert_accessible(page)
        follow(page, "Complete the audit")
        assert_accessible(page)
        self.fill_in(lambda title: "Requires improvement" if title == "Overall" else "Good")
        press(page, "Finish the draft")
        expect(page.get_by_text("Drafted, conversation to come").first).to_be_visible()

    def fill_in(self, grade_of):
        """Every section of the form, one page after the other."""
        page, address = self.page, f"/audits/{self.audit.public_id}/"
        titles = steps.sections_of(page)
        assert len(titles) > 10
        for title in titles:
            page.goto(address)
            page.get_by_role("link", name=title, exact=True).click()
            page.locator("form[data-autosave]").wait_for()
            steps.answers_the_section(page)
            if page.locator("[data-box=grade]").count():
                steps.grades_the_section(page, grade_of(title), f"{title}: the file shows it")
            assert_accessible(page)
        page.goto(address)
        assert_accessible(page)

    def when_the_auditor_notes_good_practice(self):
        page = self.page
        page.goto(f"/audits/{self.audit.public_id}/findings/")
        page.get_by_label("Good practice", exact=True).check()
        page.get_by_label("What exactly").fill("The worker drew the plan with her.")
        press(page, "Note it")
        expect(page.get_by_text("The worker drew the plan with her.").first).to_be_visible()
        assert_accessible(page)

    def when_they_talk(self):
        page, address = self.page, f"/audits/{self.audit.public_id}/"
        page.goto(address)
        page.get_by_role("button", name="Arrange the conversation").click()
        page.get_by_label("Date and time").fill(steps.later(days=1))
        page.get_by_label("Where").fill("Room 4")
        assert_accessible(page)
        press(page, "Save and tell those who take part")
        assert_accessible(page)
        page.goto(address)
        page.get_by_role("button", name="Record the conversation").click()
        page.get_by_label("Day on which it was held").fill(f"{timezone.localdate():%d/%m/%Y}")
        page.get_by_label("What the conversation added").fill("She knew why the visit was late.")
        assert_accessible(page)
        press(page, "Save")
        expect(page.get_by_text("Discussed with the practitioner").first).to_be_visible()

    def when_the_auditor_grades_again_and_sends(self):
        self.grade_again()
        press(self.page, "Send to the quality team")
        expect(self.page.get_by_text("With the quality team").first).to_be_visible()

    def grade_again(self):
        """Each domain keeps its grade with one button; the overall grade is given anew."""
        page, address = self.page, f"/audits/{self.audit.public_id}/"
        page.goto(address)
        for title in steps.sections_of(page):
            page.goto(address)
            page.get_by_role("link", name=title, exact=True).click()
            page.locator("form[data-autosave]").wait_for()
            if not page.locator("[data-box=grade]").count():
                continue
            if title == "Overall":
                steps.grades_the_section(page, "Requires improvement", RECORD)
                assert_accessible(page)
            else:
                press(page, "Keep this grade and its reasons")
                steps.expect_saved(page.locator("[data-box=grade]"))
        page.goto(address)
        assert_accessible(page)

    def when_the_quality_team_returns_it(self):
        page = self.page
        self.as_("Quinn")
        page.goto("/tasks/")
        assert_accessible(page)
        follow(page, "Check the audit report")
        page.get_by_role("button", name="Accept").click()
        assert_accessible(page)
        page.get_by_role("radio", name="Return with points", exact=True).check()
        press(page, "Send the decision")
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("Points for the auditor").fill("Say what you saw in the plan.")
        press(page, "Send the decision")
        expect(page.get_by_text("Returned with points").first).to_be_visible()
        assert_accessible(page)

    def when_the_auditor_amends_it(self):
        page = self.page
        self.as_("Ada")
        page.goto("/tasks/")
        follow(page, "Amend the audit report")
        expect(page.get_by_text("Say what you saw in the plan.").first).to_be_visible()
        follow(page, "Planning and support")
        text = page.locator("[data-box=answer] textarea").first
        text.fill("The plan has no date for its follow-up.")
        text.blur()
        steps.expect_saved(page.locator("[data-box=answer]").first)
        page.goto(f"/audits/{self.audit.public_id}/")
        press(page, "Send again to the quality team")

    def when_the_quality_team_accepts_it(self):
        page = self.page
        self.as_("Quinn")
        page.goto(f"/audits/{self.audit.public_id}/check/")
        expect(page.get_by_text("The plan has no date for its follow-up.")).to_be_visible()
        page.get_by_role("radio", name="Accept", exact=True).check()
        press(page, "Send the decision")
        expect(page.get_by_text("Final, to be filed").first).to_be_visible()
        assert_accessible(page)

    def when_the_auditor_files_it(self):
        page = self.page
        self.as_("Ada")
        page.goto("/tasks/")
        follow(page, "File the report on the case system")
        page.get_by_role("button", name="File on the case system").click()
        expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Requires improvement", re.I))
        assert_accessible(page)
        press(page, "It is filed")
        expect(page.get_by_text("Filed", exact=True).first).to_be_visible()

    def then_the_practitioner_reads_it(self):
        page = self.page
        self.sign_in(self.audit.practitioner)
        page.goto("/audits/")
        assert_accessible(page)
        follow(page, self.audit.number)
        expect(page.get_by_text("Requires improvement").first).to_be_visible()
        follow(page, re.compile("Read the final report"))
        expect(page.get_by_text("She knew why the visit was late.")).to_be_visible()
        assert_accessible(page)

    def then_nobody_else_does(self):
        self.as_("Sam")
        reply = self.page.goto(f"/audits/{self.audit.public_id}/report/")
        assert reply.status == 404
        assert_accessible(self.page)

    def then_the_report_counts_it(self):
        page = self.page
        self.as_("Hana")
        page.goto("/reports/")
        assert_accessible(page)
        follow(page, self.cycle.title)
        expect(page.get_by_text("The worker drew the plan with her.")).to_be_visible()
        assert_accessible(page)
        grades = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Overall"))
        grades.get_by_role("link", name="1", exact=True).first.click()
        expect(page.get_by_role("heading", name="1 audit", exact=True)).to_be_visible()
        assert_accessible(page)
        follow(page, self.audit.number)
        expect(page.get_by_role("heading", name=self.audit.number)).to_be_visible()
        assert_accessible(page)

    def then_the_reaudit_is_due(self):
        page = self.page
        month_on = timezone.localdate() + timedelta(days=32)
        following = Cycle.objects.filter(opens_on__gte=month_on).order_by("opens_on").first()
        self.as_("Quinn")
        page.goto(f"/programme/{following.public_id}/re-audits/")
        expect(page.get_by_text(self.audit.number).first).to_be_visible()
        assert_accessible(page)
        press(page, "Place the re-audits")
        page.goto(f"/programme/{following.public_id}/re-audits/")
        expect(page.get_by_text("graded requires improvement or inadequate").first).to_be_visible()
        assert Slot.objects.get(cycle=following).previous == self.audit


def test_one_month_from_the_extract_to_the_re_audit_that_is_due(month):
    month.given_people_and_a_framework()
    month.given_the_caseload()

    month.when_the_quality_team_plans_the_years()
    month.when_the_quality_team_draws()
    month.when_the_quality_team_allocates_and_sends()
    month.when_the_auditor_grades_the_record()
    month.when_the_auditor_notes_good_practice()
    month.when_they_talk()
    month.when_the_auditor_grades_again_and_sends()
    month.when_the_quality_team_returns_it()
    month.when_the_auditor_amends_it()
    month.when_the_quality_team_accepts_it()
    month.when_the_auditor_files_it()

    month.then_the_practitioner_reads_it()
    month.then_nobody_else_does()
    month.then_the_report_counts_it()
    month.then_the_reaudit_is_due()
    assert_the_ledger_tells_it()


def assert_the_ledger_tells_it():
    """What happened stands in the ledger, in the order in which it first did."""
    told = list(Event.objects.order_by("position").values_list("what", flat=True))
    assert [what for what in dict.fromkeys(told) if what in TOLD] == list(TOLD)


def test_a_section_is_saved_without_javascript(browser, live_server, client, settings):
    council = make_council()
    audit = make_audit(council)
    client.force_login(council.ada)
    profile = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    name = settings.SESSION_COOKIE_NAME
    profile.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = profile.new_page()

    page.goto(f"/audits/{audit.public_id}/sections/voice/")
    page.locator("[data-box=answer] textarea").first.fill("In her own words.")
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Reasons for the grade").fill("Her wishes lead.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator("[data-box=answer] textarea").first).to_have_value("In her own words.")
    expect(page.get_by_label("Good", exact=True)).to_be_checked()
    assert Answer.objects.get(audit=audit).value == "In her own words."
    profile.close()


def test_a_section_is_answered_and_graded_with_the_keyboard_alone(page, sign_in):
    council = make_council()
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/sections/recording/")

    _tab_to(page, "#q1")
    page.keyboard.type("Clear and in order.")
    _tab_to(page, "#grade")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "#grade-why")
    page.keyboard.type("The story can be followed.")
    page.keyboard.press("Tab")

    steps.expect_saved(page.locator("[data-box=answer]").first)
    steps.expect_saved(page.locator("[data-box=grade]"))
    judged = audit.judgements.get(part="recording", is_current=True)
    assert (judged.grade, judged.why) == ("good", "The story can be followed.")


def _tab_to(page, selector):
    """Press Tab until the field has the focus, as somebody without a mouse does."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")
