"""Costly pages are made one at a time in a process, and leave a thread and a place for others."""

import threading

import pytest
from django.urls import get_resolver

from goldenthread.web import costly
from goldenthread.web.costly import COSTLY, Turns
from tests.make import make_person

pytestmark = pytest.mark.django_db

CHEAP = {
    "list_reports",
    "list_people_reported",
    "list_person_reports",
    "download_answers",
    "download_conversation",
    "download_draw",
    "download_file",
    "download_frame",
    "download_moderation_draw",
    "download_moderation_frame",
    "download_moderation_meeting",
    "download_people_template",
    "download_reaudit_draw",
    "download_reaudit_frame",
    "download_return_file",
    "download_subject_template",
}
"""Addresses of reports and files that hand out what lies ready."""


def addresses(resolver, before=""):
    """Every address with its name."""
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from addresses(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one.name


def test_every_report_and_file_is_said_to_be_costly_or_not():
    asked = {
        name
        for address, name in addresses(get_resolver())
        if name
        and (name.startswith("download_") or address.startswith("reports/"))
        and "copies/ask" not in address
        and not name.startswith("sign_off")
    }

    assert asked - CHEAP - COSTLY == set()
    assert (COSTLY | CHEAP) - asked == set()


class Maker(threading.Thread):
    """Somebody who asks for a costly page that is not done until it is told so."""

    def __init__(self, turns, who):
        super().__init__(daemon=True)
        self.turns, self.who = turns, who
        self.has_turn, self.done, self.answered = threading.Event(), threading.Event(), threading.Event()
        self.was_taken = None
        self.start()

    def run(self):
        with self.turns.turn(self.who) as self.was_taken:
            self.has_turn.set()
            if self.was_taken:
                self.done.wait(60)
        self.answered.set()


def test_one_is_made_at_a_time_and_the_others_wait():
    turns = Turns(threads=4)
    first = Maker(turns, "ada")
    assert first.has_turn.wait(60)
    second = Maker(turns, "ben")

    assert not second.has_turn.wait(0.2)
    first.done.set()
    assert second.has_turn.wait(60) and second.was_taken
    second.done.set()


def test_a_thread_stays_free_and_one_person_leaves_a_place_to_others():
    turns = Turns(threads=4)
    makers = [Maker(turns, "ada")]
    assert makers[0].has_turn.wait(60)
    makers.append(Maker(turns, "ada"))
    wait_until_taken(turns, 2)
    third = Maker(turns, "ada")
    assert third.answered.wait(60) and third.was_taken is False
    makers.append(Maker(turns, "ben"))
    wait_until_taken(turns, 3)
    fourth = Maker(turns, "cy")
    assert fourth.answered.wait(60) and fourth.was_taken is False

    for maker in makers:  # in whatever order their turns come
        maker.done.set()
    assert all(maker.answered.wait(60) and maker.was_taken for maker in makers)
    wait_until_taken(turns, 0)


def wait_until_taken(turns, count):
    """Until so many have a place."""
    for _ in range(600):
        if turns._taken.total() == count:
            return
        threading.Event().wait(0.1)
    raise AssertionError(turns._taken)


@pytest.mark.parametrize("threads", [1, 2])
def test_few_threads_still_make_one(threads):
    with Turns(threads).turn("ada") as has_turn:
        assert has_turn


def test_a_place_is_given_back_where_the_page_fails():
    turns = Turns(threads=2)

    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), turns.turn("ada") as has_turn:
            assert has_turn
            raise ValueError("broken")


def test_who_finds_no_place_is_told_to_ask_again(client, monkeypatch):
    turns = Turns(threads=2)
    monkeypatch.setattr(costly, "_of_this_process", turns)
    client.force_login(make_person("Quinn"))
    maker = Maker(turns, "somebody else")
    assert maker.has_turn.wait(60)

    told = client.get("/reports/trends/")

    assert told.status_code == 429 and told.headers["Retry-After"] == "30"
    assert "load this page again" in told.content.decode()
    assert client.get("/").status_code == 302
    maker.done.set()
    assert maker.answered.wait(60)
    assert client.get("/reports/trends/").status_code in (200, 403)
