"""Drafts of frameworks that somebody writes without care, or to do harm."""

from urllib.parse import parse_qs, urlparse

import pytest

from goldenthread.rules.documents import DEEPEST, read_document
from tests.pages.test_edit_a_draft import Desk

pytestmark = pytest.mark.django_db
FRAME = "/selection/monthly sample/frame"


@pytest.fixture
def desk(client):
    return Desk(client)


def add(desk, at, **said):
    desk.draft.refresh_from_db()
    revision = {"revision_opened": desk.draft.revision}
    return desk.client.post(desk.address(at, "comparison/add"), revision | said)


def test_a_group_in_a_group_that_says_nothing_yet_is_that_group(desk):
    page = add(desk, FRAME)["Location"]
    at = parse_qs(urlparse(page).query)["at"][0]

    answer = add(desk, at)

    assert answer.status_code == 302
    assert desk.client.get(answer["Location"]).status_code == 200


def test_groups_in_groups_end_where_the_draft_could_not_be_opened_again(desk):
    at, deepest = FRAME, 0
    for _ in range(DEEPEST):
        add(desk, at, subject="fact:status")
        add(desk, at, subject="fact:status")
        answer = add(desk, at)
        went = parse_qs(urlparse(answer["Location"]).query)["at"][0]
        if went == at:
            break
        at, deepest = went, deepest + 1

    desk.draft.refresh_from_db()
    assert deepest > 5
    assert read_document(desk.draft.document).faults == []
    assert "could not be opened again" in desk.client.get(answer["Location"]).text
    assert desk.client.get(f"/frameworks/drafts/{desk.draft.public_id}/").status_code == 200


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
def test_a_number_that_is_none_is_not_kept(desk, value):
    at = "/selection/monthly sample/exclude/1/when"
    before = desk.data

    desk.send(at, "comparison", how="at_least", value=value)

    assert desk.data == before
