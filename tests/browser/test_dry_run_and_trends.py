"""A draft is tried, published, and its effect seen in a trend: each page at three widths."""

import os
from datetime import date
from pathlib import Path

import pytest

from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import current
from goldenthread.programmes.models import Cycle, DryRun
from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.documents import read_document, write_document
from goldenthread.web.frameworks.jobs import try_draft
from tests.browser.conftest import WIDTHS, assert_accessible
from tests.make import (
    PACK,
    make_audit,
    make_council,
    make_person,
    make_post,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

CAP = {
    "kind": "cap",
    "grade": "requires improvement",
    "when": {"fact": "critical missed", "at_least": 40},
    "because": "Forty critical points were missed.",
}
GOOD = {"kind": "suggest", "grade": "good", "because": "Nothing in the file speaks against it."}


@pytest.fixture
def council(transactional_db):
    publish_pack(at=moment("2026-01-05T09:00"))
    council = make_council()
    for number in range(12):
        worker = make_person(f"Worker {number}")
        make_subject(f"CASE-{number}", unit=council.team, practitioner=worker)
    for number in range(3):
        auditor = make_person(f"Auditor {number}")
        make_post(auditor, "accredited auditor", council.other_team)
        make_training(auditor)
    return council


def changed():
    """The framework with two audits a team, rules of grading and a reworded section."""
    data = read_document(PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")).data
    data["grading"][data["audit_types"]["audit"]["grading"]]["rules"] = [CAP, GOOD]
    graded = [one for one in data["forms"]["case audit"]["sections"] if one.get("graded")]
    graded[0]["title"] = "A heading of our own"
    return write_document(data)


def looked_at(page, name):
    """Check the page's accessibility; keep pictures of it where a folder is named."""
    assert_accessible(page)
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_draft_is_tried_and_a_person_sees_what_it_would_do(page, council, sign_in):
    by = council.quality_manager
    based_on = current("adult-social-care")
    draft = begin_draft(changed(), title="Next year", based_on=based_on, by=by, at=moment())
    sign_in(by)

    page.goto(f"/frameworks/drafts/{draft.public_id}/")
    page.get_by_role("button", name="Dry run").click()
    page.get_by_role("button", name="Try the draft").click()
    assert "The draft is being tried." in page.content()
    looked_at(page, "1-waiting")
    try_draft(DryRun.objects.get().public_id, by.public_id)
    page.get_by_text("Seed:").wait_for()

    assert "Beside the published version" in page.content()
    assert "Forty critical points were missed." in page.content()
    looked_at(page, "2-tried")
    page.goto(f"/frameworks/drafts/{draft.public_id}/publish/")
    looked_at(page, "3-publish")


def test_a_trend_shows_its_break(page, council, sign_in):
    for month, grades in ((7, "gggggggggoi"), (9, "gggii"), (10, "ggggggggggri")):
        version = publish_pack(document=changed(), at=moment("2026-09-30T09:00")) if month == 10 else None
        plan_year("adult-social-care", 2026, by=None, at=moment())
        cycle = Cycle.objects.get(label=f"2026-{month:02}")
        at = moment(f"2026-{month:02}-05T09:00")
        cycle.sent_at, cycle.sent_by, cycle.version = at, council.quinn, version or cycle.version
        cycle.save()
        for place, letter in enumerate(grades):
            grade = {"g": "good", "o": "outstanding", "r": "requires improvement", "i": "inadequate"}[letter]
            make_audit(
                council,
                "final",
                version=cycle.version,
                grade=grade,
                cycle=cycle.label,
                cycle_closes_on=date(2026, month, 28),
                number=f"{cycle.label}/{place:03}",
                at=at,
            )
    sign_in(council.quinn)

    page.goto("/reports/")
    page.get_by_role("link", name="Trends over cycles and versions").click()
    looked_at(page, "4-trend")
    page.get_by_role("button", name="Show").click()

    page.get_by_text("Break.").first.wait_for()
    assert page.get_by_text("too few for a percentage").first.is_visible()
