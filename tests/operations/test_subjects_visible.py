"""Which cases somebody may know of."""

from datetime import date, timedelta

import pytest

from goldenthread.caseload.models import Subject, Work
from tests.make import make_council, make_subject, publish_pack

ON = date(2026, 11, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    make_subject("C-1", unit=council.team, practitioner=council.priya)
    make_subject("C-2", unit=council.other_team)
    make_subject("C-3")
    return council


@pytest.mark.parametrize(
    ("name", "references"),
    [
        ("ada", set()),
        ("quinn", {"C-1", "C-2", "C-3"}),
        ("theo", {"C-1"}),
        ("hana", {"C-1"}),
        ("other_manager", {"C-2"}),
        ("priya", {"C-1"}),
        ("sam", set()),
        ("administrator", {"C-1", "C-2", "C-3"}),
    ],
)
def test_cases_are_seen_by_their_worker_and_by_posts_that_let_see_them(council, name, references):
    seen = Subject.objects.visible_to(getattr(council, name), on=ON)

    assert set(seen.values_list("reference", flat=True)) == references


def test_a_case_that_moved_on_is_no_longer_seen_by_the_team_that_held_it(council):
    Work.objects.filter(subject__reference="C-1").update(ends_on=ON - timedelta(days=1))

    assert not Subject.objects.visible_to(council.theo, on=ON).exists()
    assert not Subject.objects.visible_to(council.priya, on=ON).exists()
