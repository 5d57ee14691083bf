"""An id guessed at any address: what is not yours answers like what never was, and nothing changes.

Walks every address of the router that holds an id, as everybody, asking and sending. A page that is
new stands in the table of test_access.py, so it is walked too; a new kind of id must be said here to
belong to the whole organisation, or people of other teams must be refused it.
"""

import re
from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from goldenthread.ledger.models import Event
from tests.faults import CHOSEN
from tests.make import make_person, make_post
from tests.pages.test_access import (
    ADA,
    EVERYBODY,
    HANA,
    HOPE,
    PRIYA,
    TABLE,
    records,  # noqa: F401 - the fixture
)
from tests.writes import Kept

WITH_IDS = {name: row for name, row in TABLE.items() if row.args and "no_passkey" not in row.args}
"""A page about a passkey asks everybody for the password again before it looks whose it is."""
OF_EVERYBODY = {"framework", "cycle", "sent_cycle", "further_report", "invitation_part", "kept_kind", "sam"}
"""What the first name in an address may be without belonging to a team: nobody learns from it that it is."""

SHOWN_WITH = {"paused_task": "clock_pause"}
"""What the pages that show the one show too: whoever may see an audit sees its clocks and their pauses."""

HUGO, WANDA, OTTO = "hugo", "wanda", "otto"
LIKE = {HUGO: HANA, WANDA: PRIYA, OTTO: ADA}
"""People of the other team, and who holds the same post in the records' own."""

UNLIKE = re.compile(rb'name="(?:csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"')
NEVER, NEVER_NUMBERED = "zzzzzzzzzzzz", 987654
READ_LOG = {"ledger_read"}
"""Somebody who may open the audit has opened it, also where its part was not found."""
NUMBERS = {"number", "place", "event"}
A_DAY = "leave_day"
REFUSED = (403, 404, 405)
NOTHING_THERE = (302, 404, 405, 410)
"""Led back to the list with a sentence, not found, or an invitation that is no longer good."""


@pytest.fixture(scope="module")
def browsers(records, django_db_blocker):  # noqa: F811
    """Everybody signed in, with the people of the other team."""
    council = records.council
    with django_db_blocker.unblock():
        council.hugo = make_person("Hugo")
        make_post(council.hugo, "head of service", council.other_service)
        council.wanda = make_person("Wilma")
        make_post(council.wanda, "practitioner", council.other_team)
        council.otto = make_person("Oscar")
        make_post(council.otto, "accredited auditor", council.other_team)
        return {who: signed_in(getattr(council, who)) for who in [*sorted(EVERYBODY), HOPE, *LIKE]}


def signed_in(person):
    """A browser in which somebody is signed in."""
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    browser.get("/accessibility/")  # the first use of a sign-in is noted
    return browser


def may_open(row, who):
    """Whether the table opens the page to somebody, or to whoever holds the same post where all share it."""
    return who in row.who or (row.args[0] in OF_EVERYBODY and LIKE.get(who) in row.who)


def may_know_of(row, who):
    """Whether some page about the record is open to somebody, who may then be told why another is not."""
    same = {row.args[0], SHOWN_WITH.get(row.args[0])}
    return row.args[0] in OF_EVERYBODY or any(
        may_open(other, who) for other in WITH_IDS.values() if other.args[0] in same
    )


def answer_to(browser, method, address, data, *, apart_from=frozenset()):
    """Status, words and what stayed in the database; nothing of it stays after the test."""
    with transaction.atomic():
        events = Event.objects.count()
        with Kept(apart_from) as kept:
            answer = getattr(browser, method)(address, data)
        said = b"".join(answer) if answer.streaming else answer.content
        grown = Event.objects.count() - events
        transaction.set_rollback(True)
    return answer.status_code, UNLIKE.sub(b"", said), kept.tables, grown


def address_with(records, name, changed):  # noqa: F811
    """The address of a page, with some of its names standing for others."""
    return reverse(name, args=[changed.get(arg, records.value(arg)) for arg in TABLE[name].args])


def some(name, people, count):
    """Everybody in a full run, else a few, who are others at each address."""
    if CHOSEN == "full" or not people:
        return people
    begins = sorted(WITH_IDS).index(name)
    return {people[(begins + step * 5) % len(people)] for step in range(count)}


def unknown(arg):
    """What is at no address."""
    if arg == A_DAY:
        return date(2001, 1, 1)
    return NEVER_NUMBERED if arg in NUMBERS else NEVER


@pytest.mark.django_db
@pytest.mark.parametrize("name", WITH_IDS)
def test_a_record_of_somebody_elses_answers_like_one_that_never_was_and_stays_as_it_is(
    browsers,
    records,  # noqa: F811
    name,
):
    row = WITH_IDS[name]
    theirs = address_with(records, name, {})
    missing = address_with(records, name, {row.args[0]: unknown(row.args[0])})
    wrong = {}
    for who in some(name, [one for one in browsers if not may_open(row, one)], 2):
        for method in ("get", "post"):
            hidden = answer_to(browsers[who], method, theirs, row.data)
            never = answer_to(browsers[who], method, missing, row.data)
            if (
                hidden[0] not in REFUSED
                or hidden[2:] != (set(), 0)
                or (hidden != never and not may_know_of(row, who))
            ):
                wrong[who, method] = (hidden[0], never[0], *hidden[2:])
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", WITH_IDS)
def test_whoever_may_open_a_page_finds_nothing_at_an_id_that_never_was(
    browsers,
    records,  # noqa: F811
    name,
):
    row = WITH_IDS[name]
    wrong = {}
    for who in some(name, [one for one in browsers if may_open(row, one)], 1):
        for arg in row.args:
            address = address_with(records, name, {arg: unknown(arg)})
            for method in ("get", "post"):
                status, _, tables, grown = answer_to(
                    browsers[who], method, address, row.data, apart_from=READ_LOG
                )
                if status not in NOTHING_THERE or tables or grown:
                    wrong[who, arg, method] = (status, tables, grown)
    assert wrong == {}
