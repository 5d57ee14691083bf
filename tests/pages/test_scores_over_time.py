# ruff: noqa: E501 - documents
"""Scores on the trends page, in the month's and the year's spreadsheets: equal to the screen, joined where alike."""

import html
import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.measures.scores import reckon
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.year import plan_year
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.scores import score
from tests.grading_packs import UNGRADED, pack_with
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="(/reports/\w+/audits/\?[^"]+)">(\d+)</a>')
CHECKS = f"{UNGRADED}\nreport: {{parts: [scores]}}"
TREND = {"kind": "audit", "of": "score:checks"}


def pack(**changes):
    """The framework of a dip sample of two questions; its score is a percentage."""
    data = read_document(pack_with(CHECKS)).data
    section = data["forms"]["dip sample"]["sections"][0]
    first = section["questions"][0]
    first["instead"] = ["not applicable"]
    section["questions"].append(
        {**first, "key": "shared", "text": "Is it shared?", "instead": ["not applicable", "unknown"]}
    )
    section["questions"][1].update(changes)
    return data


def with_other_points(**score):
    data = pack(weight=3)
    data["grading"]["ungraded"]["scores"]["checks"].update(score)
    return data


@pytest.fixture
def council():
    publish_pack(document=write_document(pack()), at=moment("2026-01-05T09:00"))
    return make_council()


def send(council, month, *answers, version=None, **changes):
    """A month that was sent, with one finished audit for each pair of answers."""
    at = moment(f"2026-{month:02}-05T09:00")
    plan_year("adult-social-care", 2026, by=None, at=at)
    cycle = Cycle.objects.get(label=f"2026-{month:02}")
    cycle.sent_at, cycle.sent_by = at, council.quinn
    cycle.version = version or cycle.version
    cycle.save()
    for place, pair in enumerate(answers):
        audit = make_audit(
            council, version=cycle.version, cycle=cycle.label, cycle_closes_on=date(2026, month, 28),
            number=f"{cycle.label}/{place}", at=at, **changes,
        )  # fmt: skip
        for key, said in zip(("recorded", "shared"), pair.split(), strict=True):
            given = Given(instead="not applicable") if said == "na" else Given(said)
            operations.save_answer(audit, key, given, expected=0, by=audit.auditor, at=at)
        operations.take_step(audit, "finish", by=audit.auditor, at=at)
    return cycle


def shown(client, who, **query):
    client.force_login(who)
    return client.get("/reports/trends/", {**TREND, **query})


def said(table):
    return [[cell["text"] if isinstance(cell, dict) else cell for cell in row] for row in table.rows]


def opened(client, url):
    return openpyxl.load_workbook(BytesIO(client.get(url).content))


def rows(sheet):
    head, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def test_the_trend_of_a_score_stands_in_chart_and_table_with_small_numbers_marked(client, council):
    send(council, 9, "yes yes", "yes no", "no na")
    send(council, 10, "yes na")

    page = shown(client, council.quinn)

    assert said(page.context["table"]) == [
        ["September 2026", "Version 1", "3", "3", "50%", "0%", "100%"],
        ["October 2026", "Version 1", "1", "1", "100%", "100%", "100%"],
    ]
    text = page.content.decode()
    assert "50% (n 3)" in text and "Few: one can change the average much" in text
    for url, number in FIGURE.findall(text):
        assert client.get(html.unescape(url)).context["count"] == int(number)


CHANGES = [
    ({"weight": 3}, "“Is it shared?” are worth other points than before"),
    ({"leaves_score": ["not applicable", "unknown"]}, "leave it out of scores and figures than before"),
    ({"text": "Is it passed on?"}, "The words of “Is it shared?” changed"),
    ({"when": {"answer": "recorded", "is": "yes"}}, "is asked otherwise than before"),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES, ids=[next(iter(one)) for one, _ in CHANGES])
def test_versions_are_compared_only_where_the_applicable_maximum_is_the_same(
    client, council, change, sentence
):
    send(council, 9, "yes yes")
    later = publish_pack(document=write_document(pack(**change)), at=moment("2026-09-20T09:00"))
    send(council, 10, "yes no", version=later)

    page = shown(client, council.quinn)

    (told,) = page.context["changes"]
    assert told["is_break"] and sentence in told["text"]
    assert (
        "September 2026 (100%, of 1, version 1) and October 2026" in told["text"]
        and "They are not compared." in told["text"]
    )
    assert "stroke-dasharray" in page.content.decode()


def test_on_the_authors_word_the_trend_of_a_score_goes_on_and_says_so(client, council):
    send(council, 9, "yes yes")
    later = publish_pack(
        document=write_document(with_other_points(same_as="checks")), at=moment("2026-09-20T09:00")
    )
    send(council, 10, "yes no", version=later)

    page = shown(client, council.quinn)

    (told,) = page.context["changes"]
    assert not told["is_break"] and "“Checks met” means what “Checks met” meant, although" in told["text"]
    assert [row[4] for row in said(page.context["table"])] == ["100%", "25%"]  # each by its own version


def test_what_changed_nothing_of_the_score_is_joined_without_a_word(client, council):
    send(council, 9, "yes yes")
    data = pack() | {"purpose": "Another purpose."}
    later = publish_pack(document=write_document(data), at=moment("2026-09-20T09:00"))
    send(council, 10, "yes no", version=later)

    page = shown(client, council.quinn)

    assert page.context["changes"] == [] and len(page.context["table"].rows) == 2


def test_the_months_spreadsheet_says_each_score_as_the_screens_do(client, council):
    cycle = send(council, 9, "yes yes", "yes no", "na na")
    client.force_login(council.quinn)
    book = opened(client, f"/reports/{cycle.public_id}/spreadsheet/")
    report = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(f"/reports/{cycle.public_id}/").content.decode())
    )

    (whole,) = rows(book["Scores"])
    listed = {row["Audit"]: row["Checks met"] for row in rows(book["Case audit"])}

    assert list(whole.values()) == ["Case audit", "Checks met", whole["Team"], 3, 2, "75%", "50%", "100%"]
    assert f"{whole['Team']} 3 2 75% 50% 100%" in report
    assert listed == {"2026-09/0": "100%", "2026-09/1": "50%", "2026-09/2": "no score"}
    for audit in Audit.objects.all():
        ((_, told),) = report_of(audit, on=audit.sent_at.date()).scores
        assert told.casefold().startswith(listed[audit.number])


def test_the_years_scores_are_the_same_on_screen_and_in_the_spreadsheet(client, council):
    send(council, 9, "yes yes", "no no")
    later = publish_pack(document=write_document(pack(weight=3)), at=moment("2026-09-20T09:00"))
    send(council, 10, "yes no", version=later)
    client.force_login(council.quinn)

    leads = client.get("/reports/compliance/", {"year": 2026}).context["scores_url"]
    ((table, changes),) = client.get(leads).context["scores"]
    listed = rows(opened(client, "/reports/compliance/spreadsheet/?year=2026")["Scores"])

    assert [[str(cell) for cell in list(row.values())[2:9]] for row in listed] == said(table)
    assert listed[1]["Compared with the cycle before"] == changes[0]["text"]
    assert [row["Average"] for row in listed] == ["50%", "25%"]


def test_scores_of_teams_that_the_reader_does_not_see_are_in_none_of_their_figures(client, council):
    cycle = send(council, 9, "yes yes", unit=council.other_team)

    page = shown(client, council.theo)
    book = opened(client, f"/reports/{cycle.public_id}/spreadsheet/")
    year = client.get("/reports/compliance/scores/", {"year": 2026}).context["scores"]

    assert [row[2:5] for row in said(page.context["table"])] == [["0", "0", "no score"]]
    assert "Scores" not in book.sheetnames
    assert year == []


def test_many_audits_are_reckoned_as_each_alone_and_ask_no_more(
    client, council, django_assert_max_num_queries
):
    cycle = send(council, 9, "yes yes", "yes no", "na no", "no no")
    client.force_login(council.quinn)

    with django_assert_max_num_queries(30):
        page = shown(client, council.quinn)

    assert said(page.context["table"])[0][2:5] == ["4", "4", "38%"]
    for one in reckon(Audit.objects.filter(cycle=cycle.label), ["checks"]):
        sheet = sheet_of(Audit.objects.get(pk=one.audit))
        assert one.values["checks"] == score(sheet.grading.scores["checks"], sheet.look).value
