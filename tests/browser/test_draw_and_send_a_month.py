"""Quinn draws, allocates and sends a month's audits, and can show how it was done (WF-1 to WF-5)."""

import os
from pathlib import Path

import pytest

from goldenthread.audits.models import Audit
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.web.programmes.jobs import allocate_cycle
from tests.browser.conftest import WIDTHS, assert_accessible
from tests.make import (
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    make_unit,
    publish_pack,
)


@pytest.fixture
def council(transactional_db):
    """A service of three teams, and auditors; the fourth team's only auditor manages it."""
    publish_pack()
    council = make_council()
    for number in range(3):
        unit = make_unit(f"Team {number}", under=council.service)
        for case in range(4):
            make_subject(f"P00{number}{case}", unit=unit, practitioner=make_person(f"Worker {number}-{case}"))
        auditor = make_person(f"Auditor {number}")
        make_post(auditor, "accredited auditor", council.organisation)
        make_training(auditor)
    front_door = make_unit("MASH", under=council.organisation, kind="service")
    make_subject("P0090", unit=front_door, practitioner=make_person("Rosa"))
    manager = make_person("Quentin")
    make_post(manager, "qa manager", front_door)
    make_training(manager)
    return council


def looked_at(page, name):
    """Check the page's accessibility; keep pictures of it where a folder is named."""
    assert_accessible(page)
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_month_is_drawn_allocated_and_sent(page, council, sign_in):
    cycle = make_cycle("2027-01")
    sign_in(council.quinn)

    page.goto("/programme/?year=2027")
    looked_at(page, "1-year")
    page.get_by_role("link", name=cycle.title).click()
    looked_at(page, "2-month")
    page.get_by_role("link", name="Place the re-audits that are due").click()
    looked_at(page, "3-re-audits")
    page.get_by_role("button", name="Go on without further re-audits").click()
    page.get_by_role("link", name="Freeze the frame").click()
    looked_at(page, "4-freeze")
    page.get_by_role("button", name="Freeze the frame").click()
    looked_at(page, "5-frozen")
    page.get_by_role("link", name="open cases").click()
    looked_at(page, "6-frame")
    page.go_back()
    page.get_by_role("button", name="Enter or take the seed").click()
    looked_at(page, "7-seed")
    page.get_by_role("radio", name="Enter one").check()
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("link", name="Enter the seed").wait_for()
    looked_at(page, "8-seed-missing")
    page.get_by_label("Seed, if you enter one").fill("31415926")
    page.get_by_role("button", name="Draw").click()
    page.get_by_text("How to redo the draw").click()
    looked_at(page, "9-drawn")
    page.get_by_role("link", name="Replace").nth(1).click()
    looked_at(page, "10-replace")
    page.get_by_label("Reason").fill("the person is in hospital until the spring")
    page.get_by_role("button", name="Take the next ticket").click()
    page.get_by_role("link", name=cycle.title).click()
    page.get_by_role("link", name="Allocate the audits").click()
    looked_at(page, "11-allocation")
    page.get_by_role("button", name="Allocate").click()
    page.get_by_text("The auditors are being found").wait_for()
    looked_at(page, "12-waiting")
    allocate_cycle(cycle.public_id, council.quinn.public_id)
    page.get_by_text("1 without anybody who may do it").wait_for()
    page.get_by_role("link", name="Leave out the audit without an auditor").wait_for()
    page.get_by_text("belongs to the team whose work is audited, MASH").wait_for()
    looked_at(page, "13-allocated")
    page.get_by_role("link", name="Leave out P0090").click()
    looked_at(page, "14-leave-out")
    page.get_by_label("Reason").fill("no other QA manager is trained yet")
    page.get_by_role("button", name="Leave it out").click()
    page.get_by_role("link", name="Change the auditor").first.click()
    looked_at(page, "15-by-hand")
    page.go_back()
    page.get_by_role("button", name="Check and send").click()
    looked_at(page, "16-send")
    page.get_by_role("button", name="Send the audits").click()
    page.get_by_text("3 audits sent").wait_for()
    looked_at(page, "17-sent")
    page.get_by_role("link", name="Coverage of").click()
    looked_at(page, "18-coverage")
    page.goto("/programme/targets/")
    looked_at(page, "19-targets")

    assert Audit.objects.count() == 3
    assert Cycle.objects.get(pk=cycle.pk).sent_by == Person.objects.get(pk=council.quinn.pk)
