"""A month of audits by keyboard alone, at 400% zoom: nobody touches a mouse from the draw to the report."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goldenthread.audits import operations
from goldenthread.audits.models import Audit
from goldenthread.audits.queries import sheet_of
from goldenthread.rules.forms import Given
from tests.browser import steps
from tests.browser.keys import Keys
from tests.make import make_council, make_cycle, make_subject, make_training, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
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
        keys.types("Email address", quinn.email)
        keys.types("Password", PASSWORD)
        keys.goes("Sign in", "My tasks", role="button")

    def when_the_quality_team_draws(self):
        keys, title = self.keys, self.council.cycle.title
        keys.presses("Menu")
        keys.goes("Programme", re.compile("Programme"))
        keys.goes(title, title)
        keys.goes("Place the re-audits that are due", re.compile("."))
        keys.goes("Go on without further re-audits", title)
        keys.goes("Freeze the frame", re.compile("Freeze"))
        keys.goes("Freeze the frame", title, role="button")
        keys.goes("Enter or take the seed", re.compile("seed"))
        keys.chooses("Enter one")
        keys.goes("Draw", "There is a problem", role="button")
        told = keys.types("Seed, if you enter one", "31415926")
        assert "seed" in told.description
        keys.goes("Draw", re.compile("raw"), role="button")


def test_one_month_by_keyboard_alone(month):
    month.when_somebody_signs_in()
    month.when_the_quality_team_draws()
