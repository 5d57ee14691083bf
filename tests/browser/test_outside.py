"""Somebody from outside fills in their part; then the parts are read side by side."""

import pytest

from goldenthread.audits import operations
from tests.browser.conftest import assert_accessible
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import AGENCIES, fill_in, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2026-11-03T10:00")


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    publish_pack(document=with_returns(AGENCIES))
    return make_audit(council)


def test_an_invited_person_answers_as_they_go_and_sends_their_part_in(page, sign_in, council, audit):
    hope = invite_hope(return_of(audit, "health"), council.ada, at=AT)
    sign_in(hope)

    page.goto("/")
    assert_accessible(page)
    page.get_by_role("link", name="Health: Case audit").click()
    assert_accessible(page)
    page.get_by_role("link", name="The person at the centre").click()
    assert_accessible(page)
    page.locator("[data-box=answer] textarea").first.fill("She chose where to live.")
    page.locator("h1").click()
    page.get_by_text("Saved at").first.wait_for()
    row = return_of(audit, "health")
    fill_in(row, hope, at=AT, besides=["voice heard"])
    page.goto(f"/returns/{row.public_id}/")
    page.get_by_role("button", name="Send it in").click()

    assert "She chose where to live." in page.locator("main").inner_text()
    assert return_of(audit, "health").is_in
    assert_accessible(page)


def test_the_parts_are_read_side_by_side_at_every_width(page, sign_in, council, audit):
    hope = invite_hope(return_of(audit, "health"), council.ada, at=AT)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/")
    assert_accessible(page)
    for key, who, grade in (
        ("health", hope, "requires improvement"),
        ("social care", council.ada, "outstanding"),
    ):
        fill_in(return_of(audit, key), who, at=AT, grade=grade)
        operations.send_in(return_of(audit, key), by=who, at=AT)
    operations.give_up_return(
        return_of(audit, "police"), why="No reply to three letters", by=council.ada, at=AT
    )

    page.goto(f"/audits/{audit.public_id}/returns/")

    assert "2 places apart" in page.locator("table").inner_text()
    assert_accessible(page)
