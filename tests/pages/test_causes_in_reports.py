"""Likely causes and severities in reports that keep small numbers out, and in those that name nobody."""

import html
import re
from io import BytesIO

import pytest
from django.db import transaction
from django.utils import timezone
from docx import Document

from goldenthread.audits import operations
from goldenthread.findings.operations import Found
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import write_document
from tests.copy_packs import data_with
from tests.make import bring_to, make_audit, make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
NOW = moment("2026-12-10T09:00")
FIGURE = re.compile(r'href="(/reports/[^"]+/audits/\?[^"]+)">(\d+)</a>')
ROW = re.compile(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', re.S)
OVERLAY = """
roles:
  head of service: {may: [see reports]}
causes: {process: {title: An unclear process}, knowledge: {title: Knowledge}, time: {title: Time pressure}}
severities: {small: {title: Small}, grave: {title: Grave}}
report: {parts: [audited, causes, severities], without_names: true}
reports:
  few: {title: Few, period: quarter, parts: [audited, causes, severities], fewest: 2, without_names: true}
  all: {title: All, period: quarter, parts: [causes, severities]}
  fewer: {title: Fewer, period: quarter, parts: [severities, causes], fewest: 4}
  one: {title: One, period: half-year, about: an auditor, parts: [causes, severities], fewest: 2}
"""
"""In three audits an unclear process was found, in two of them knowledge, in one time; that one is grave."""


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once for all of these tests, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_council()
        transaction.set_rollback(True)


def made_council():
    publish_pack(document=write_document(data_with(OVERLAY)), at=moment())
    council = make_council()
    council.cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=council.cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    for number, causes in enumerate(
        (["process", "knowledge"], ["process", "knowledge"], ["process", "time"])
    ):
        audit = make_audit(council, "drafted", number=f"2026-11/00{number}")
        for cause in causes:
            severity = "grave" if cause == "time" else "small"
            said = Found("gap", f"Ada saw no plan: {cause}", cause=cause, severity=severity)
            operations.note_finding(audit, said, by=council.ada, at=moment())
        for state in ("discussed", "checking", "final"):
            bring_to(audit, state, council, at=moment("2026-11-03T09:00"), grade="good")
            audit.refresh_from_db()
    return council


@pytest.fixture
def council(made, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return made


def page(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    return html.unescape(answer.text) if answer.status_code == 200 else answer.status_code


def over(council, name, more=""):
    return f"/reports/{council.cycle.public_id}/over/{name}/{more}"


def counts(text, caption):
    """The rows of a table, each with its one number."""
    whole = next(one for one in text.split("<table")[1:] if caption in one.split("</caption>")[0])
    rows = ROW.findall(whole.split("</table>")[0])
    return {_plain(name): _plain(cells) for name, cells in rows}


def _plain(text):
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


CAUSES, SEVERITIES = "something to improve had a likely cause", "something to improve had a severity"
GONE = "not shown"


@pytest.mark.parametrize(
    ("report", "causes", "severities"),
    [
        ("all", ["3", "2", "1"], ["1", "3"]),
        ("few", ["3", GONE, GONE], [GONE, GONE]),  # another goes with the small one, so that neither is found
        ("fewer", [GONE] * 3, [GONE] * 2),
    ],
)
def test_small_numbers_of_causes_and_severities_are_kept_out(client, council, report, causes, severities):
    text = page(client, council.quinn, over(council, report))

    named = ["An unclear process", "Knowledge", "Time pressure"]
    assert counts(text, CAUSES) == dict(zip(named, causes, strict=True))
    assert counts(text, SEVERITIES) == dict(zip(["Grave", "Small"], severities, strict=True))
    shown = [number for link, number in FIGURE.findall(text) if "cause=" in link or "severity=" in link]
    assert sorted(shown) == sorted(one for one in (*causes, *severities) if one != GONE)


def test_the_word_document_keeps_the_same_numbers_out(client, council):
    client.force_login(council.quinn)

    word = Document(BytesIO(client.get(over(council, "few", "word/")).content))

    cells = [[cell.text for cell in row.cells] for one in word.tables for row in one.rows]
    assert ["Time pressure", GONE] in cells and ["Grave", GONE] in cells
    assert ["An unclear process", "3"] in cells


@pytest.mark.parametrize("asked", ["cause=time&finding=gap", "severity=grave", "cause=time&severity=grave"])
def test_no_address_tells_a_small_number_to_those_who_may_open_no_audit(client, council, asked):
    behind = over(council, "few", f"audits/?progress=done&{asked}")

    assert ">0 audits" in page(client, council.hana, behind)  # who sees the figures, and may open no audit
    assert ">1 audit" in page(client, council.quinn, behind)  # who may open the audit and see it there
    assert ">1 audit" in page(client, council.hana, over(council, "all", f"audits/?progress=done&{asked}"))


def test_the_cycles_own_report_and_its_list_name_nobody(client, council):
    own = f"/reports/{council.cycle.public_id}/"

    text = page(client, council.quinn, own).split('id="main-content"')[1]
    behind = page(client, council.quinn, f"{own}audits/?cause=time&finding=gap").split('id="main-content"')[1]

    assert counts(text, CAUSES)["Time pressure"] == "1"
    for shown in (text, behind):
        assert not re.search(r"\b(Ada|Priya|Theo)\b", shown)
    assert ">Auditor<" in behind and "likely cause: Time pressure" in behind


def test_a_nameless_quarter_names_nobody_behind_its_numbers(client, council):
    behind = page(client, council.quinn, over(council, "few", "audits/?cause=process&finding=gap"))

    assert ">Ada<" not in behind.split('id="main-content"')[1]
    assert ">Ada<" in page(client, council.quinn, over(council, "all", "audits/?cause=process&finding=gap"))


def test_a_report_about_one_person_keeps_them_out_too(client, council):
    own = f"/reports/{council.cycle.public_id}/about/one/{council.ada.public_id}/"

    text = page(client, council.ada, own)

    assert counts(text, CAUSES)["Time pressure"] == GONE and counts(text, SEVERITIES)["Grave"] == GONE
    assert page(client, council.priya, own) == 404


def test_where_nothing_was_found_a_sentence_says_so(client, council):
    Cycle.objects.filter(pk=make_cycle("2027-01").pk).update(sent_at=moment(), sent_by=council.quinn)
    later = Cycle.objects.get(label="2027-01")

    text = page(client, council.quinn, f"/reports/{later.public_id}/over/few/")

    assert "No finding names a likely cause in finished audits of this quarter." in text
    assert "No finding names a severity in finished audits of this quarter." in text
