"""The month's audits and the year's compliance as spreadsheets: equal to the screen, safe, and kept close."""

import html
import re
from collections import Counter
from datetime import date, datetime
from io import BytesIO
from random import Random
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.ledger.models import Read
from goldenthread.measures.compliance import COUNTED, OUTCOMES
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from tests.make import make_audit, make_council, make_cycle, make_subject, moment, publish_pack

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 10, 9, tzinfo=ZoneInfo("Europe/London"))
NUMBER = re.compile(r'href="(/reports/compliance/audits/\?[^"]+)">(\d+)</a>')


@pytest.fixture
def council(monkeypatch):
    """November in every state, seen on 10 December."""
    publish_pack(at=moment())
    council = make_council()
    council.cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=council.cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    make_audit(council, "final", grade="requires improvement", second="good", number="2026-11/001")
    make_audit(council, "final", grade="inadequate", number="2026-11/002", at=at(3))
    make_audit(council, "checking", number="2026-11/003")
    make_audit(council, number="2026-11/004", auditor=council.theo)
    make_audit(council, audit_type="re-audit", number="2026-11/005")
    other = make_subject("C-other", unit=council.other_team)
    make_audit(council, number="2026-11/006", unit=council.other_team, subject=other, practitioner=None)
    make_audit(council, number="2026-11/007")
    make_audit(council, number="2026-11/008")
    longer = {"extended_to": date(2026, 12, 20)}
    Audit.objects.filter(number="2026-11/004").update(**longer)
    Audit.objects.filter(number="2026-11/007").update(phase="stopped", stopped_as="exempt", **longer)
    Audit.objects.filter(number="2026-11/008").update(phase="stopped", stopped_as="not accepted")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return council


def at(day):
    return datetime(2026, 12, day, 9, tzinfo=ZoneInfo("Europe/London"))


def month_url(council):
    return f"/reports/{council.cycle.public_id}/spreadsheet/"


def opened(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.content))


def rows(sheet):
    """The rows of a sheet under its heads."""
    head, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def test_the_month_lists_each_audit_as_the_screen_does(client, council):
    book = opened(client, council.quinn, month_url(council))

    first, second, *_ = rows(book["Case audit"])
    assert (first["Audit"], first["Service"], first["Team"], first["Auditor"]) == (
        "2026-11/001",
        "Community",
        "North team",
        "Ada",
    )
    assert first["Sent"].date() == date(2026, 11, 2)
    assert first["To be finished by"].date() == date(2026, 11, 30)
    grades = [name for name in first if name.startswith("Overall")]
    assert [first[name] for name in grades if first[name]] == ["Requires improvement", "Good"]
    assert (second["On time or late"], second["Finished"].date()) == ("Late", date(2026, 12, 3))


def test_the_months_figures_equal_the_screens(client, council):
    book = opened(client, council.quinn, month_url(council))

    for kind, key in (("Case audit", "audit"), ("Re-audit", "re-audit")):
        listed = rows(book[kind])
        told = next(row for row in rows(book["Totals"]) if row["Kind"] == kind)
        for word in ("on time", "late", "in hand", "missing", "not accepted"):
            screen = client.get(
                f"/reports/{council.cycle.public_id}/audits/", {"audit_type": key, "progress": word}
            )
            in_the_list = sum(row["On time or late"] == word.capitalize() for row in listed)
            assert in_the_list == told[word.capitalize()] == screen.context["count"], word
        for grade, label in (("good", "Good"), ("inadequate", "Inadequate")):
            query = {"audit_type": key, "part": "overall", "stage": "after", "grade": grade}
            screen = client.get(f"/reports/{council.cycle.public_id}/audits/", query).context["count"]
            last = [name for name in listed[0] if name.startswith("Overall")][-1]
            assert sum(row[last] == label for row in listed) == screen

    checked = next(row for row in rows(book["Case audit"]) if row["Audit"] == "2026-11/003")
    assert list(checked.values())[10:] == [None] * (len(checked) - 10)


def test_the_years_figures_equal_the_screens_and_open_to_as_many_audits(client, council):
    book = opened(client, council.quinn, "/reports/compliance/spreadsheet/?year=2026")

    for by in ("auditor", "team", "service"):
        page = client.get("/reports/compliance/", {"year": 2026, "by": by})
        screen = [[str(cell["text"]) for cell in row] for row in page.context["table"].rows]
        assert [[str(cell) for cell in row.values()] for row in rows(book[f"By {by}"])] == screen
        numbers = NUMBER.findall(page.content.decode())
        assert len(numbers) > 5
        for url, number in numbers:
            assert client.get(html.unescape(url)).context["count"] == int(number), url


def test_every_audit_is_counted_once(client, council):
    client.force_login(council.quinn)

    whole = dict(client.get("/reports/compliance/", {"year": 2026}).context["whole"])

    assert whole == {
        "owed": 7,
        "on time": 1,
        "late": 1,
        "missing": 3,
        "not accepted": 1,
        "in hand": 1,
        "extended": 1,
        "exempt": 1,
    }
    assert whole["owed"] == sum(whole[word] for word in OUTCOMES)
    for by in ("auditor", "team", "service"):
        listed = client.get("/reports/compliance/", {"year": 2026, "by": by}).context["table"].rows
        assert sum(row[1]["text"] for row in listed) == whole["owed"]
    assert set(whole) == set(COUNTED)


def test_workbooks_print_and_open_well(client, council):
    for url in (month_url(council), "/reports/compliance/spreadsheet/"):
        book = opened(client, council.quinn, url)
        about = dict(row[:2] for row in book["About"].iter_rows(min_row=3, values_only=True))
        assert about["Made for"].startswith("Quinn")
        assert about["Made on"].date() == NOW.date()
        assert "version 1" in about["Framework"]
        assert "Its words" in about
        for sheet in book.worksheets[1:]:
            assert sheet.freeze_panes == "B2"
            assert sheet.auto_filter.ref.startswith("A1:")
            assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
            assert sheet.print_title_rows == "$1:$1"


def test_no_cell_is_a_formula(client, council):
    Person.objects.filter(pk=council.ada.pk).update(name='=HYPERLINK("http://x","Ada")')
    for url in (month_url(council), "/reports/compliance/spreadsheet/"):
        book = opened(client, council.quinn, url)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        dangerous = [cell for cell in cells if str(cell.value).startswith("=HYPER")]
        assert dangerous
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in dangerous)
        assert not any(cell.data_type == "f" for cell in cells)


def test_a_head_of_service_gets_their_own_teams_alone_and_the_read_log_says_so(client, council):
    month = opened(client, council.hana, month_url(council))
    year = opened(client, council.hana, "/reports/compliance/spreadsheet/")

    cells = [str(cell) for book in (month, year) for sheet in book for row in sheet.values for cell in row]
    assert "2026-11/001" in cells
    assert not any("2026-11/006" in cell or "Ward team" in cell for cell in cells)
    ward = {"by": "team", "holder": council.other_team.public_id}
    assert client.get("/reports/compliance/audits/", ward).status_code == 404

    taken = Read.objects.filter(by=council.hana.public_id, how__contains="spreadsheet").order_by("pk")
    assert [(one.about_kind, one.how) for one in taken] == [
        ("cycle", "spreadsheet"),
        ("framework", "compliance spreadsheet"),
    ]


def test_compliance_is_paged_and_has_a_query_limit(
    client, council, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("goldenthread.web.reporting.compliance.PAGE", 1)
    client.force_login(council.quinn)

    with django_assert_max_num_queries(22):
        first = client.get("/reports/compliance/", {"year": 2026})
    second = client.get("/reports/compliance/" + first.context["next_url"])

    names = [page.context["table"].rows[0][0]["text"] for page in (first, second)]
    assert names == ["North team", "Ward team"]
    assert second.context["next_url"] == ""
    for query in ({"year": "²²²²"}, {"by": "x", "start": "-1"}, {"framework": "none"}):
        assert client.get("/reports/compliance/", query).status_code == 200


def test_the_spreadsheets_do_not_ask_more_for_more_audits(client, council):
    def asked(url):
        counts = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                opened(client, council.quinn, url)
            counts.append(len(queries))
        return min(counts)

    urls = (month_url(council), "/reports/compliance/spreadsheet/")
    few = [asked(url) for url in urls]
    for number in range(10, 14):
        make_audit(council, number=f"2026-11/{number:03}")

    many = [asked(url) for url in urls]

    assert many <= few
    assert max(many) <= 50


def test_the_years_spreadsheet_counts_the_audits_of_teams_once(client, council):
    with CaptureQueriesContext(connection) as queries:
        opened(client, council.quinn, "/reports/compliance/spreadsheet/")

    counts = [one["sql"] for one in queries if "extended_to" in one["sql"] and "GROUP BY" in one["sql"]]
    assert len(counts) == len(set(counts)) == 2  # by auditor, and by team for teams and services


@pytest.mark.parametrize("seed", [7, 16])
def test_whatever_came_of_the_audits_sheets_screens_and_a_count_by_hand_agree(client, council, seed):
    chance = Random(seed)
    for _ in range(3):
        by_hand = Counter(come_to_something(audit, chance) for audit in Audit.objects.all())
        year = opened(client, council.quinn, "/reports/compliance/spreadsheet/?year=2026")
        month = opened(client, council.quinn, month_url(council))

        whole = dict(client.get("/reports/compliance/", {"year": 2026}).context["whole"])
        assert {word: whole[word] for word in (*OUTCOMES, "exempt")} == {
            word: by_hand[word] for word in (*OUTCOMES, "exempt")
        }
        for word in COUNTED:
            for sheet in ("By auditor", "By team", "By service"):
                assert sum(row[word.capitalize()] for row in rows(year[sheet])) == whole[word]
        due = sum(by_hand[word] for word in OUTCOMES if word != "in hand")
        assert sum(row["Due"] for row in rows(year["By auditor"])) == due
        for word in OUTCOMES:
            assert sum(row[word.capitalize()] for row in rows(month["Totals"])) == by_hand[word]


def come_to_something(audit, chance):
    """Let something come of an audit by 10 December, and say what that is."""
    longer = chance.choice([None, date(2026, 12, 5), NOW.date(), date(2026, 12, 20)])
    phase, stopped_as = chance.choice(
        [("owed", ""), ("checking", ""), ("final", ""), ("stopped", "exempt"), ("stopped", "not accepted")]
    )
    finished = chance.choice([moment("2026-11-30T23:30"), at(4), at(9)]) if phase == "final" else None
    changes = {"phase": phase, "stopped_as": stopped_as, "extended_to": longer, "finished_at": finished}
    Audit.objects.filter(pk=audit.pk).update(**changes)
    closes = longer or date(2026, 11, 30)
    if stopped_as:
        return stopped_as
    if finished:
        return "on time" if timezone.localdate(finished) <= closes else "late"
    return "missing" if closes < NOW.date() else "in hand"
