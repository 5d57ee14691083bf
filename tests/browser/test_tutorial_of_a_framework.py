"""The tutorial about setting up a framework, followed step by step as it is written."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from tests.make import make_council

pytestmark = pytest.mark.django_db(transaction=True)
TUTORIAL = Path(__file__).resolve().parents[2] / "docs/tutorial/your-own-framework.md"
STEP = re.compile(
    r"^\d+\. (?:(Open|Choose|Tick|See) \*\*(.+?)\*\*(?: beside \*\*(.+?)\*\*)?"
    r"|(Enter|Pick) `(.+?)` in \*\*(.+?)\*\*)",
    re.MULTILINE,
)
LINES = re.compile(r"^\d+\. ", re.MULTILINE)


def take(page, step):
    """Do what one line of the tutorial says."""
    verb, name, beside, entering, value, field = step
    if verb == "See":
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    elif verb == "Tick":
        page.get_by_label(name, exact=True).check()
    elif entering == "Enter":
        page.get_by_label(field, exact=True).fill(value)
    elif entering == "Pick":
        page.get_by_label(field, exact=True).select_option(value)
    else:
        name = f"{name} {beside}".strip()
        link, button = (page.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        link.or_(button).first.click()
        page.wait_for_load_state()


def test_the_tutorial_can_be_followed_word_for_word(page, sign_in):
    words = TUTORIAL.read_text(encoding="utf-8")
    steps = STEP.findall(words)
    assert len(steps) == len(LINES.findall(words)) > 50
    sign_in(make_council().administrator)
    page.goto("/")

    for step in steps:
        take(page, step)

    pack = pack_of(Version.objects.get(framework__key="our-audits"))
    assert pack.scales["grades"].value("at risk").colour == "red"
    assert pack.forms["audit"].question("voice heard").evidence == "always"
    assert pack.notices["audit at risk"].to == ("team manager",)
