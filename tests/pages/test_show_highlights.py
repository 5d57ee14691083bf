"""The month's highlight report: its figures, the audits behind each, and who may read it (WF-19)."""

import html
import re
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from goldenthread.audits.models import Audit
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import read_document, write_document
from tests.grading_packs import POINTS_AND_BANDS, pack_with
from tests.make import (
    PACK,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="(/reports/\w+/audits/\?[^"]+)">(\d+)</a>')


@pytest.fixture
def council():
    publish_pack(at=moment())
    return make_council()


@pytest.fixture
def cycle(council):
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    return cycle


def report(client, person, cycle):
    client.force_login(person)
    return client.get(f"/reports/{cycle.public_id}/")


def some_audits(council):
    make_audit(council, "filed", grade="requires improvement", second="good", number="2026-11/001")
    make_audit(council, "final", grade="inadequate", number="2026-11/002")
    make_audit(council, "checking", grade="good", number="2026-11/003")
    make_audit(council, number="2026-11/004")
    make_audit(council, "filed", audit_type="re-audit", grade="outstanding", number="2026-11/005")


def test_every_number_opens_to_as_many_audits(client, council, cycle):
    some_audits(council)

    page = report(client, council.quinn, cycle).content.decode()

    figures = FIGURE.findall(page)
    assert len(figures) > 40
    for url, number in figures:
        behind = client.get(html.unescape(url)).content.decode()
        assert f'<h1 class="govuk-heading-l">{number} audit' in behind, url
        assert len(re.findall(r'scope="row"', behind)) == int(number), url


def test_grades_count_finished_audits_at_their_last_stage_and_kinds_apart(client, council, cycle):
    some_audits(council)

    page = report(client, council.quinn, cycle).content.decode()

    assert "Case audit: 4 sent, 2 finished. 1 of 2 was graded good or better overall." in page
    assert "Re-audit: 1 sent, 1 finished. 1 of 1 was graded good or better overall." in page


def with_goals(**goals):
    data = read_document(PACK.read_text()).data
    data["goals"] = {name: {"title": name, "of": ["audit"], **goal} for name, goal in goals.items()}
    data["report"]["parts"].append("goals")
    return write_document(data)


def goals_in(page):
    """The rows of the table of goals: what was reached, of how many, and the result."""
    table = re.search(r"What was aimed at and what was reached</caption>(.*?)</table>", page, re.S)[1]
    rows = re.findall(r"<tr.*?</tr>", table.split("</thead>")[-1], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    plain = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells if row]
    return {row[0]: (f"{row[3]} of {row[4]}", row[6]) for row in plain}


def test_what_was_aimed_at_stands_beside_what_was_reached(client):
    publish_pack(
        document=with_goals(
            good={"share_of": "overall grades", "grades": ["good", "outstanding"], "at_least": 50},
            few={"share_of": "overall grades", "grades": ["inadequate"], "at_most": 20},
            so_far={"share_of": "overall grades", "grades": ["good"], "at_least": 60, "over": "year so far"},
            held={"share_of": "discussions in time", "at_least": 90},
            done={"share_of": "actions done in time", "at_least": 90},
        )
    )
    council = make_council()
    make_audit(council, "filed", grade="good", number="2026-10/001", cycle="2026-10")
    october, november = make_cycle("2026-10"), make_cycle("2026-11")
    Cycle.objects.update(sent_at=moment(), sent_by=council.quinn)
    some_audits(council)

    found = goals_in(report(client, council.quinn, november).text)

    assert found["good"] == ("1 of 2", "Met")
    assert found["few"] == ("1 of 2", "Not met")
    assert found["so_far"] == ("2 of 3", "Met")
    assert found["done"] == ("0 of 0", "Nothing to count yet")
    assert goals_in(report(client, council.quinn, october).text)["so_far"] == ("1 of 1", "Met")


def test_the_audits_behind_a_goal_are_those_that_it_counts(client):
    publish_pack(
        document=with_goals(
            so_far={"share_of": "overall grades", "grades": ["good"], "at_least": 60, "over": "year so far"},
            in_time={"share_of": "audits finished in time", "at_least": 90},
        )
    )
    council = make_council()
    make_audit(council, "filed", grade="good", number="2026-10/001", cycle="2026-10")
    make_cycle("2026-10")
    november = make_cycle("2026-11")
    Cycle.objects.update(sent_at=moment(), sent_by=council.quinn)
    some_audits(council)
    page = report(client, council.quinn, november).text

    links = [html.unescape(url) for url, _ in FIGURE.findall(page) if "goal=so_far" in url]
    came, counted = (client.get(url).text for url in sorted(links, key=len, reverse=True))

    assert "2026-10/001" in came and "2026-11/001" in came and "2026-11/002" not in came
    assert "2026-11/002" in counted and "2026-11/003" not in counted
    assert "overall grades; those that came to it" in came
    for url, number in FIGURE.findall(page):
        if "goal=" in url:
            assert f'<h1 class="govuk-heading-l">{number} audit' in client.get(html.unescape(url)).text, url


def test_a_value_that_stands_for_no_grade_counts_neither_way(client):
    data = read_document(
        with_goals(good={"share_of": "overall grades", "grades": ["good"], "at_least": 50})
    ).data
    data["scales"]["grades"]["values"].append({"key": "not rated", "label": "Not rated", "excluded": True})
    publish_pack(document=write_document(data))
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.update(sent_at=moment(), sent_by=council.quinn)
    make_audit(council, "filed", grade="good", number="2026-11/001")
    make_audit(council, "filed", grade="not rated", number="2026-11/002")

    assert goals_in(report(client, council.quinn, cycle).text)["good"] == ("1 of 1", "Met")


def two_teams_of_which(client, **goal):
    """Three finished audits of one team, the last of them not good, and one of another that is."""
    publish_pack(document=with_goals(rated={"grades": ["good"], "per": "team", **goal}))
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.update(sent_at=moment(), sent_by=council.quinn)
    for number, grade in enumerate(("good", "good", "inadequate"), 1):
        subject = make_subject(f"C-{number}", unit=council.team)
        make_audit(council, "filed", grade=grade, number=f"2026-11/00{number}", subject=subject)
    other = {"unit": council.other_team, "subject": make_subject("C-other", unit=council.other_team)}
    make_audit(council, "filed", grade="good", number="2026-11/004", practitioner=None, **other)
    return council, cycle


RATINGS = [{"from": 75, "title": "Settled"}, {"from": 0, "title": "To be helped"}]


@pytest.mark.parametrize(
    "counted", [{"share_of": "overall grades"}, {"share_of": "grades of a part", "part": "planning"}]
)
def test_each_team_is_rated_by_the_share_of_its_own_audits(client, counted):
    council, cycle = two_teams_of_which(client, ratings=RATINGS, **counted)
    page = report(client, council.quinn, cycle).text

    found = goals_in(page)

    assert found[f"rated: {council.team.name}"] == ("2 of 3", "To be helped")
    assert found[f"rated: {council.other_team.name}"] == ("1 of 1", "Settled")
    for url, number in FIGURE.findall(page):
        if "goal=" in url:
            assert f'<h1 class="govuk-heading-l">{number} audit' in client.get(html.unescape(url)).text, url


def test_a_team_that_the_reader_may_not_see_is_not_rated(client):
    council, cycle = two_teams_of_which(client, share_of="overall grades", ratings=RATINGS)

    found = goals_in(report(client, council.hana, cycle).text)

    assert list(found) == [f"rated: {council.team.name}"]


def test_goals_count_what_the_reader_may_see(client):
    publish_pack(document=with_goals(good={"share_of": "overall grades", "grades": ["good"], "at_least": 50}))
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.update(sent_at=moment(), sent_by=council.quinn)
    other = make_subject("C-other", unit=council.other_team)
    make_audit(council, "filed", number="2026-11/001")
    make_audit(
        council, "filed", number="2026-11/002", unit=council.other_team, subject=other, practitioner=None
    )

    assert goals_in(report(client, council.quinn, cycle).text)["good"][0] == "2 of 2"
    assert goals_in(report(client, council.hana, cycle).text)["good"][0] == "1 of 1"


def test_before_and_after_the_conversation_stand_side_by_side(client, council, cycle):
    some_audits(council)

    report(client, council.quinn, cycle)
    up = client.get(
        f"/reports/{cycle.public_id}/audits/?audit_type=audit&part=overall&moved=up"
    ).content.decode()

    assert "2026-11/001" in up
    assert "2026-11/002" not in up
    assert "the grade went up since the first stage" in up


def test_a_head_of_service_reads_the_figures_of_her_own_teams_alone(client, council, cycle):
    make_audit(council, "filed", number="2026-11/001")
    other = make_subject("C-other", unit=council.other_team)
    make_audit(
        council, "filed", number="2026-11/002", unit=council.other_team, subject=other, practitioner=None
    )

    page = report(client, council.hana, cycle).content.decode()
    listed = client.get(f"/reports/{cycle.public_id}/audits/?audit_type=audit").content.decode()

    assert "Case audit: 1 sent, 1 finished." in page
    assert "2026-11/001" in listed
    assert "2026-11/002" not in listed


@pytest.mark.parametrize("name", ["ada", "priya", "sam"])
@pytest.mark.parametrize("path", ["", "word/", "audits/?audit_type=audit"])
def test_those_who_see_no_reports_are_refused(client, council, cycle, name, path):
    client.force_login(getattr(council, name))

    assert client.get(f"/reports/{cycle.public_id}/{path}").status_code == 403


def test_an_audit_not_done_by_the_closing_day_is_missing(client, council, cycle, monkeypatch):
    make_audit(council, number="2026-11/001")
    late = make_audit(
        council, "filed", number="2026-11/002", at=datetime(2026, 12, 3, 9, tzinfo=ZoneInfo("Europe/London"))
    )
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 10, 9, tzinfo=ZoneInfo("Europe/London")))

    page = report(client, council.quinn, cycle).content.decode()

    assert "missing: was due on 30 November 2026, 10 days ago" in page
    assert "finished on 3 December 2026, 3 days late" in page
    assert late.cycle_closes_on.isoformat() == "2026-11-30"


def test_the_word_report_says_the_same(client, council, cycle):
    some_audits(council)
    client.force_login(council.quinn)

    answer = client.get(f"/reports/{cycle.public_id}/word/")

    document = Document(BytesIO(answer.content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Case audit: 4 sent, 2 finished." in text
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[1][:3] == ["Case audit", "4", "2"]
    assert document.core_properties.title == "Monthly highlight report: November 2026"
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


def fewest_queries(client, person, cycle):
    """The least of three requests, since every few seconds one also leaves a checkpoint."""
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            report(client, person, cycle)
        counts.append(len(queries))
    return min(counts)


def test_the_number_of_queries_does_not_grow_with_the_audits(client, council, cycle):
    make_audit(council, "final", number="2026-11/001")
    few = fewest_queries(client, council.quinn, cycle)
    for number in range(2, 6):
        make_audit(council, "final", number=f"2026-11/{number:03}")

    many = fewest_queries(client, council.quinn, cycle)

    assert many <= few
    assert many <= 41


def test_the_list_of_reports_shows_cycles_that_were_sent(client, council, cycle):
    client.force_login(council.quinn)

    page = client.get("/reports/").content.decode()

    assert "November 2026" in page
    assert "October 2026" not in page
    assert Audit.objects.count() == 0


def test_somebody_who_manages_nothing_sees_empty_figures(client, council, cycle):
    make_audit(council, "filed", number="2026-11/001")
    stranger = make_person("Stranger")
    make_post(stranger, "head of service", council.other_service)

    page = report(client, stranger, cycle).content.decode()

    assert "No audits have been sent in this cycle." in page
    assert "2026-11/001" not in page


def test_the_report_says_the_scores_of_finished_audits_team_by_team(client):
    publish_pack(document=pack_with(f"{POINTS_AND_BANDS}\nreport: {{parts: [scores]}}"))
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    for unit in (council.team, council.team, council.other_team):
        make_audit(council, "final", grade="1", unit=unit)
    make_audit(council, "drafted", grade="1")

    page = report(client, council.quality_manager, cycle)

    rows = re.findall(r"<tr.*?</tr>", page.content.decode(), re.DOTALL)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    assert said[0] == "Team Finished With a score Average Lowest Highest"
    assert [one.split(" ")[0] for one in said[1:]] == ["All", "North", "South"] or said[1].startswith(
        "All 3 3"
    )


def test_scores_of_others_teams_are_counted_for_nobody_else(client):
    publish_pack(document=pack_with(f"{POINTS_AND_BANDS}\nreport: {{parts: [scores]}}"))
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    make_audit(council, "final", grade="1", unit=council.other_team)

    page = report(client, council.theo, cycle)

    assert "has a score yet" in page.content.decode()
