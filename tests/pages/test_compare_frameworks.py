"""Two versions of a framework, or a draft and a version, side by side in words."""

import copy
import re
from datetime import timedelta

import pytest

from goldenthread.frameworks.operations import begin_draft
from goldenthread.rules import editing
from goldenthread.rules.documents import read_document, write_document
from goldenthread.web.frameworks.changes import changes
from goldenthread.web.frameworks.editor import offered
from tests.make import PACK, make_council, moment, publish_pack

DATA = read_document(PACK.read_text()).data
LEFT_OUT = "selection › monthly sample › exclude"
EXCLUDE = ("selection", "monthly sample", "exclude")


def between(data):
    """What differs between the shipped pack and this."""
    return changes(write_document(DATA), write_document(data))


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        (
            ("targets", "monthly audits", "number"),
            2,
            ["targets › monthly audits › number", "1", "2"],
        ),
        (
            ("selection", "monthly sample", "frame"),
            {"fact": "status", "is_not": "closed"},
            [
                "selection › monthly sample › frame",
                "If “status” is “open”",
                "If “status” is not “closed”",
            ],
        ),
        (
            (*EXCLUDE, 0, "unless_short"),
            True,
            [f"{LEFT_OUT} › no practitioner is recorded for the case › unless_short", "No", "Yes"],
        ),
        (
            ("calendar", "themed"),
            ["May"],
            ["calendar › themed", "February, June, October", "May"],
        ),
        (
            ("themes", "joy"),
            "What went well",
            ["themes › joy", "Not there", "What went well"],
        ),
    ],
)
def test_a_difference_is_said_in_words(path, value, row):
    assert between(editing.put(DATA, path, value)) == [row]


def test_an_order_that_differs_is_said_once():
    moved = editing.moved(DATA, ("roles", "quality manager"), -1)

    assert [row[0] for row in between(moved)] == ["roles › order"]
    assert [row[0] for row in between(editing.moved(DATA, (*EXCLUDE, 0), 1))] == [
        "selection › monthly sample › exclude › order"
    ]


def test_a_document_does_not_differ_from_itself():
    assert between(copy.deepcopy(DATA)) == []


@pytest.mark.django_db
def test_a_draft_is_compared_with_the_version_it_came_from(client):
    version, council = publish_pack(), make_council()
    document = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")
    draft = begin_draft(document, title="Ours", based_on=version, by=council.quality_manager, at=moment())
    client.force_login(council.quality_manager)

    page = client.get(f"/frameworks/compare/?a={version.public_id}&b={draft.public_id}").content.decode()

    assert "targets › monthly audits › number" in page
    assert "Draft: Ours" in page


@pytest.mark.django_db
def test_the_last_are_offered_and_one_chosen_before_stays_so(client, monkeypatch):
    monkeypatch.setattr(offered, "MOST_OFFERED", 1)
    version, council = publish_pack(), make_council()
    old, _ = (
        begin_draft(PACK.read_text(), title=title, based_on=version, by=council.quality_manager, at=moment())
        for title in ("Old", "New")
    )
    client.force_login(council.quality_manager)

    page, chosen = (client.get(f"/frameworks/compare/{asked}").text for asked in ("", f"?a={old.public_id}"))

    assert "Draft: New" in page and "Draft: Old" not in page
    assert "Draft: New" in chosen and "Draft: Old" in chosen


def selected(page):
    """What the two pick-lists of the page begin with."""
    return re.findall(r'<option value="(\w+)" selected>', page)


@pytest.mark.django_db
def test_the_page_begins_with_the_version_before_the_newest_and_the_newest(client):
    first, council = publish_pack(), make_council()
    client.force_login(council.quality_manager)
    assert selected(client.get("/frameworks/compare/").text) == [first.public_id]
    draft = begin_draft(
        PACK.read_text(), title="Ours", based_on=first, by=council.quality_manager, at=moment()
    )
    assert selected(client.get("/frameworks/compare/").text) == [first.public_id, draft.public_id]

    second = publish_pack(document=PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes"))

    assert selected(client.get("/frameworks/compare/").text) == [first.public_id, second.public_id]


@pytest.mark.django_db
def test_frameworks_and_drafts_of_the_same_title_are_told_apart(client):
    council = make_council()
    ours = publish_pack()
    theirs = publish_pack(document=PACK.read_text().replace("key: adult", "key: other-adult", 1))
    drafts = [
        begin_draft(PACK.read_text(), title="Ours", based_on=ours, by=council.quality_manager, at=at)
        for at in (moment(), moment() + timedelta(hours=1))
    ]
    client.force_login(council.quality_manager)

    for address, marks in (
        ("/frameworks/drafts/begin/", (ours, theirs)),
        ("/frameworks/compare/", (ours, theirs, *drafts)),
    ):
        page = client.get(address).text
        found = [
            re.search(rf'value="{one.public_id}".*?>\s*([^<>\s][^<>]*?)\s*<', page, re.DOTALL)[1]
            for one in marks
        ]
        assert len(set(found)) == len(marks), found
