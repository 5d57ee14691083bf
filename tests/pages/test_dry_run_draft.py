"""A draft tried on screen: a job with progress, counts for all who manage frameworks, names for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.frameworks.operations import begin_draft
from goldenthread.frameworks.queries import current
from goldenthread.programmes.models import DryRun
from goldenthread.web.frameworks.jobs import try_draft
from tests.make import (
    PACK,
    make_council,
    make_person,
    make_post,
    make_subject,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
ROLE = """
  framework writer:
    title: Framework writer
    post: framework writer
    of: anywhere
    may: [manage frameworks]
"""


@pytest.fixture
def council():
    publish_pack(document=PACK.read_text().replace("roles:\n", f"roles:{ROLE}", 1))
    council = make_council()
    council.writer = make_person("Wilma Writer")
    make_post(council.writer, "framework writer", council.organisation)
    for number in range(3):
        make_subject(f"CASE-{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))
    return council


@pytest.fixture
def draft(council):
    document = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")
    based_on = current("adult-social-care")
    return begin_draft(document, title="Ours", based_on=based_on, by=council.quality_manager, at=moment())


def address(draft):
    return f"/frameworks/drafts/{draft.public_id}/dry-run/"


def ask(client, who, draft, on="2/11/2026"):
    client.force_login(who)
    return client.post(address(draft), {"on": on}, follow=True)


def finish(who):
    try_draft(DryRun.objects.get().public_id, who.public_id)


def test_it_is_asked_for_done_by_the_worker_and_shown(client, council, draft):
    waiting = ask(client, council.quality_manager, draft)
    finish(council.quality_manager)
    page = client.get(address(draft))

    assert 'hx-trigger="every 2s"' in waiting.text and "The draft is being tried." in waiting.text
    assert "July 2026" in page.text and "September 2026" in page.text
    assert 'hx-trigger="every 2s"' not in page.text
    assert "Seed: <code" in page.text and "was tried in the same way" in page.text


def test_who_manages_frameworks_alone_sees_counts_and_no_names(client, council, draft):
    ask(client, council.writer, draft)
    finish(council.writer)

    page = client.get(address(draft)).text

    assert "Open cases" in page and "North team" in page
    assert "CASE-" not in page and "Worker " not in page and "Ada" not in page
    assert "Single cases are shown only to those who may see them." in page


def test_who_may_see_cases_sees_which_were_picked(client, council, draft):
    ask(client, council.quality_manager, draft)
    finish(council.quality_manager)

    page = client.get(address(draft)).text

    assert "CASE-" in page


@pytest.mark.parametrize("who", ["quinn", "theo", "sam"])
def test_who_does_not_manage_frameworks_is_not_told_that_it_is_there(client, council, draft, who):
    client.force_login(getattr(council, who))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), {"on": "2/11/2026"}).status_code == 404
    assert not DryRun.objects.exists()


def test_a_run_that_breaks_says_so_on_its_page(client, council, draft, monkeypatch):
    ask(client, council.quality_manager, draft)
    DryRun.objects.update(document="key: [")

    finish(council.quality_manager)

    assert "The framework cannot be read" in client.get(address(draft)).text


def test_the_page_of_a_run_asks_a_fixed_number_of_questions(client, council, draft):
    ask(client, council.quality_manager, draft)
    finish(council.quality_manager)

    with CaptureQueriesContext(connection) as queries:
        client.get(address(draft))

    assert len(queries) < 20
