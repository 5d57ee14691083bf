"""Pages that led nowhere have a way on or back, and say what a button does before it does it."""

import html
import re

import pytest
from django.urls import reverse

from tests.pages.test_access import EVERYBODY, TABLE, Records, address_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def records():
    return Records()


def opened(client, records, who, name):
    """The page as one of the fixed people reads it."""
    client.force_login(getattr(records.council, who))
    return html.unescape(client.get(address_of(records, TABLE[name], name, {})).text)


@pytest.mark.parametrize(
    ("name", "who", "leads_to", "where"),
    [
        ("hold_audit", "quality_manager", "show_audit", "audit"),
        ("hold_subject", "quality_manager", "show_retention", None),
        ("list_left_behind", "quality_manager", "list_people", None),
        ("list_left_behind", "quinn", "my_tasks", None),
        ("extend_audit", "quality_manager", "show_audit", "open_audit"),
        ("extend_audit", "other_manager", "my_tasks", None),
        ("show_coverage", "quinn", "list_cycles", None),
        ("show_coverage", "theo", "list_reports", None),
        ("list_nominations", "quinn", "list_cycles", None),
        ("list_nominations", "theo", "show_coverage", None),
        ("list_nominations", "priya", "my_tasks", None),
        ("list_commissions", "theo", "show_coverage", None),
        ("list_occurrences", "quinn", "list_cycles", None),
        ("list_moderation", "quinn", "list_cycles", None),
        ("list_moderation", "theo", "list_reports", None),
        ("list_moderation", "ada", "my_tasks", None),
        ("list_copies", "theo", "list_reports", None),
        ("list_copies", "priya", "list_responses", None),
        ("list_responses", "priya", "my_tasks", None),
        ("list_frameworks", "priya", "my_tasks", None),
        ("mfa_index", "priya", "my_tasks", None),
    ],
)
def test_a_page_leads_back_to_where_its_reader_may_go(client, records, name, who, leads_to, where):
    back = reverse(leads_to, args=[getattr(records, where).public_id] if where else [])

    assert f'<a href="{back}" class="govuk-back-link">' in opened(client, records, who, name)


WAYS_OUT = (
    'class="govuk-back-link"',
    'class="govuk-breadcrumbs"',
    'class="govuk-service-navigation__link" href="[^"]*" aria-current="page"',  # the head of a section
    'class="gt-lists"',  # the lists of My tasks, side by side
)


def test_every_page_has_a_way_back_for_everybody_who_may_open_it(client, records):
    stuck = set()
    for who in sorted(EVERYBODY):
        client.force_login(getattr(records.council, who))
        for name, row in TABLE.items():
            if row.method == "get" and who in row.who and name != "sign_out":
                answer = client.get(address_of(records, row, name, {}))
                is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
                if is_page and not any(re.search(way, answer.text) for way in WAYS_OUT):
                    stuck.add((name, who))

    assert stuck == set()


def test_a_frame_that_is_frozen_leads_on_to_the_steps_of_its_cycle(client, records):
    page = opened(client, records, "quinn", "freeze_frame")

    assert "The frame is frozen already." in page and "load it first" not in page
    assert f'<a class="govuk-link" href="{reverse("show_cycle", args=[records.cycle.public_id])}">' in page


def test_one_audit_that_nobody_can_do_is_spoken_of_as_one(client, records):
    page = opened(client, records, "quinn", "drop_unfilled")

    assert "Leave out 1 audit without an auditor" in page
    assert "It will not be done in January 2027." in page
    assert "Leave it out" in page and "Leave them out" not in page


def test_what_closing_an_account_does_is_said_before_the_button(client, records):
    page = opened(client, records, "administrator", "show_person")

    address = reverse("close_account", args=[records.council.priya.public_id])
    assert page.index("until they are invited again") < page.index(f'action="{address}"')


def test_a_list_that_one_may_not_change_does_not_ask_for_it(client, records):
    assert "add to it by hand" in opened(client, records, "quinn", "list_kind")

    page = opened(client, records, "ada", "list_kind")
    assert "add to it by hand" not in page and "by those who import the caseload" in page


def test_the_meeting_about_a_moderation_says_who_arranges_it(client, records):
    assert "Hana arranges it. You are told when and where." in opened(
        client, records, "ada", "show_moderation_meeting"
    )


@pytest.mark.parametrize("name", ["replace_auditor", "name_co_auditor"])
def test_nobody_of_the_quality_team_is_sent_to_the_quality_team(client, records, name):
    assert "Ask the quality team to name somebody." in opened(client, records, "theo", name)

    page = opened(client, records, "quinn", name)
    assert "Ask the quality team" not in page and "Nobody may be given this" in page


def test_the_files_of_a_moderation_s_draw_say_what_they_are(client, records):
    page = opened(client, records, "quinn", "show_moderation_draw")

    assert "frame.csv</a>: what could be drawn" in page and "draw.json</a>: the seed" in page
    assert '<span class="gt-unbroken">2026-11/001</span>' in page
