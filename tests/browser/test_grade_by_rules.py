"""Grading where the framework has rules: what they say follows each answer, and reads well at any width."""

import pytest

from tests.browser.conftest import assert_accessible
from tests.grading_packs import POINTS_AND_BANDS, pack_with
from tests.make import answer_everything, make_audit, make_council, moment, publish_pack
from tests.pages.test_grade_by_rules import SECTION_BY_SCORE, judge

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_the_rules_say_follows_the_answer_as_it_is_saved(page, sign_in):
    publish_pack(document=pack_with(SECTION_BY_SCORE))
    council = make_council()
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/sections/voice/")

    page.get_by_label("No", exact=True).first.check()

    page.get_by_text("What was heard decides (Heard: 0%).").wait_for()


def test_a_grade_that_the_framework_fixes_reads_well(page, sign_in):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    council = make_council()
    audit = make_audit(council)
    answer_everything(audit, at=moment())
    judge(audit, "voice", "4")
    sign_in(council.ada)

    page.goto(f"/audits/{audit.public_id}/sections/overall/")

    assert_accessible(page)
