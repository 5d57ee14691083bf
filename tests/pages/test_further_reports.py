"""Reports over a quarter, for readers of their own, and about one person (1.18, WF-19)."""

import html
import re
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from docx import Document

from goldenthread.governance.copying import begin_copies
from goldenthread.governance.models import Copy, FurtherReport
from goldenthread.improvement.operations import begin_responses
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import write_document
from goldenthread.tasks.models import Task
from tests.copy_packs import COPIES, data_with
from tests.make import make_audit, make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 10, 9, tzinfo=ZoneInfo("Europe/London"))
OVER = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Europe/London"))
FIGURE = re.compile(r'href="(/reports/[^"]+/audits/\?[^"]+)">(\d+)</a>')
REPORTS = """
roles:
  head of service: {may: [see reports]}
reports:
  board:
    title: Report for the board
    period: quarter
    parts: [audited, grades, teams, follow-up]
    readers: [quality manager]
    without_names: true
    signed_off: sign the report
  compared: {title: Compared, period: quarter, parts: [before]}
  all year: {title: Annual report, period: year, parts: [audited, late and missing]}
  few: {title: Report for councillors, period: quarter, parts: [audited, grades], fewest: 3}
  an auditor: {title: Six months of an auditor, period: half-year, about: an auditor, parts: [audited, grades]}
  a worker: {title: Six months of a worker, period: half-year, about: a practitioner, parts: [audited, grades]}
copies:
  members: {title: Copy for members, of: a report, report: board, outside: The members, clock: send the report, ways: [Secure e-mail]}
clocks:
  send the report: {title: Send the report, length: 5 working days, starts: the signature, owed_by: quality manager}
"""  # noqa: E501 - a document


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once for all of these tests, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_council()
        transaction.set_rollback(True)


def made_council():
    """September to November, of which two close in the quarter, with an audit or two in each."""
    publish_pack(document=write_document(data_with(COPIES, REPORTS)), at=moment())
    council = make_council()
    for label in ("2026-09", "2026-10", "2026-11"):
        cycle = make_cycle(label)
        Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
        make_audit(council, "final", cycle=label, number=f"{label}/001", cycle_closes_on=cycle.closes_on)
    council.cycle = cycle
    make_audit(council, "checking", number="2026-11/002")
    return council


@pytest.fixture
def council(made, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return made


def address(council, name, *, label="2026-11", more=""):
    return f"/reports/{Cycle.objects.get(label=label).public_id}/over/{name}/{more}"


def page(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    return html.unescape(answer.text) if answer.status_code == 200 else answer.status_code


def test_a_quarter_counts_the_audits_of_its_cycles_and_every_number_leads_to_them(client, council):
    text = page(client, council.quality_manager, address(council, "board"))

    assert "Report for the board: October to December 2026" in text
    assert "It counts the cycles October 2026 and November 2026. The quarter is not over yet." in text
    assert "audit: 3 sent, 2 finished." in text
    for link, number in FIGURE.findall(text):
        assert f"{number} audit" in page(client, council.quality_manager, link), link
    assert "audit: 3 sent" in page(
        client, council.quality_manager, address(council, "board", label="2026-10")
    )
    assert "4 sent" in page(client, council.quality_manager, address(council, "all year"))


def test_it_stands_beside_the_period_before_and_both_lead_to_their_audits(client, council):
    text = page(client, council.quinn, address(council, "compared"))

    assert "October to December 2026 beside July to September 2026" in text
    sent = re.search(r">\s*Sent\s*</th>(.*?)</tr>", text, re.S)[1]
    assert [number for _, number in FIGURE.findall(sent)] == ["1", "3"]
    for link, number in FIGURE.findall(text):
        assert f"{number} audit" in page(client, council.quinn, link), link
    assert "no quarter before it" in page(
        client, council.quinn, address(council, "compared", label="2026-09")
    )


def test_what_followed_is_counted_over_all_the_cycles_and_leads_to_them(client, council):
    begin_responses(at=NOW)

    text = page(client, council.quality_manager, address(council, "board"))

    links = re.findall(r'href="(/follow-up/\?[^"]+)"', text)
    assert links
    for link in links:
        assert "cycle=2026-10%2C2026-11" in link
        assert "October 2026 and November 2026" in page(client, council.quality_manager, link)


def test_only_its_readers_read_it_and_only_they_see_that_it_is_there(client, council):
    for who in (council.quinn, council.theo):
        assert "Report for the board" not in page(client, who, "/reports/")
        for more in ("", "word/", "audits/"):
            assert page(client, who, address(council, "board", more=more)) == 404
    for who in (council.ada, council.sam):
        assert page(client, who, address(council, "all year")) == 403
    assert "Report for the board" in page(client, council.quality_manager, "/reports/")
    assert page(client, council.quality_manager, address(council, "no such")) == 404


def test_it_names_nobody_where_the_cycles_own_report_does(client, council):
    figure = address(council, "board", more="audits/")
    own = f"/reports/{council.cycle.public_id}/audits/"

    without = page(client, council.quality_manager, figure).split('id="main-content"')[1]
    assert ">Ada<" not in without and ">Auditor<" in without
    assert ">Ada<" in page(client, council.quality_manager, own)


def test_its_word_document_says_the_same(client, council):
    client.force_login(council.quality_manager)

    answer = client.get(address(council, "board", more="word/"))

    said = [one.text for one in Document(BytesIO(answer.content)).paragraphs]
    assert said[0] == "Report for the board: October to December 2026"
    assert "board-October-to-December-2026.docx" in answer["Content-Disposition"]


def test_small_numbers_are_not_shown_nor_told_by_any_address(client, council):
    text = page(client, council.quinn, address(council, "few"))
    behind = address(council, "few", more="audits/?audit_type=audit&progress=missing")

    assert "Numbers below 3 are not shown" in text
    assert "2 finished" not in text and ">2</a>" not in text
    assert "1 audit" in page(client, council.quinn, behind)
    assert "0 audits" in page(client, council.hana, behind)  # who sees the figures, and may open no audit


def test_it_is_signed_off_once_the_quarter_is_over_and_its_copy_is_owed_from_then(
    client, council, monkeypatch
):
    begin_copies(at=NOW)
    assert FurtherReport.objects.get(report="board").cycle.label == "2026-09"
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    begin_copies(at=OVER)
    begin_copies(at=OVER)
    task = Task.objects.filter(about_kind="further report").latest("pk")

    client.force_login(council.quality_manager)
    led = client.get(f"/further-reports/{task.about_id}/")
    assert led["Location"] == address(council, "board")
    assert "Sign this report off" in client.get(led["Location"]).text
    said = client.post(address(council, "board", more="sign-off/"), follow=True).text

    assert re.search(r"Signed off</strong> by the quality manager on 4 January 2027", said)
    task.refresh_from_db()
    assert task.finished_by == council.quality_manager
    copy = Copy.objects.get(rule="members")
    shown = client.get(f"/copies/{copy.public_id}/").text
    assert address(council, "board", more="word/") in shown
    assert "Report for the board: October to December 2026" in shown
    assert "Report for the board" in client.get("/copies/").text
    for who in (council.quinn, council.theo, council.hana):  # who see reports, and are no readers of this one
        client.force_login(who)
        assert "Report for the board" not in client.get("/copies/").text
        assert client.get(f"/copies/{copy.public_id}/").status_code == 404


def test_a_copy_of_a_report_for_some_stays_with_whoever_sent_it(client, council, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    begin_copies(at=OVER)
    client.force_login(council.quality_manager)
    client.post(address(council, "board", more="sign-off/"))
    Copy.objects.filter(rule="members").update(
        settled_by=council.quinn, settled_at=OVER, sent_on=OVER.date(), sent_to="The members", sent_as="Post"
    )

    assert "Report for the board" in page(client, council.quinn, "/copies/")


def test_what_became_of_a_copy_is_not_read_in_the_ledger_by_others(client, council, monkeypatch):
    data = data_with(COPIES, REPORTS)
    data["roles"]["quality team"]["may"].append("see the ledger")
    publish_pack(document=write_document(data), at=moment())
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    begin_copies(at=OVER)
    client.force_login(council.quality_manager)
    client.post(address(council, "board", more="sign-off/"))
    copy = Copy.objects.get(rule="members")
    sent = {"sent_to": "Councillor Brook", "sent_as": "Secure e-mail", "sent_on": "04/01/2027"}
    client.post(f"/copies/{copy.public_id}/sent/", sent)
    event = Event.objects.get(what="copy.send", about_id=copy.public_id)

    assert "Councillor Brook" in page(client, council.quality_manager, f"/ledger/{event.position}/")
    assert "Councillor Brook" not in page(client, council.quinn, f"/ledger/{event.position}/")


@pytest.mark.parametrize(
    "asked",
    [
        "theme=voice",
        "finding=good",
        "finding=good&theme=voice",
        "cause=capacity",
        "severity=high",
        "source=file",
        "audit_type=audit&part=overall&stage=first",
        "audit_type=audit&part=overall&moved=up",
        "goal=any",
        "audit_type=audit&question=voice heard",
        "question=details current",
        "auditor=someone",
        "fact=team&value=x",
    ],
)
def test_an_address_asks_for_nothing_that_the_report_does_not_tell(client, council, asked):
    assert page(client, council.quinn, address(council, "all year", more=f"audits/?{asked}")) == 404


def test_what_every_report_tells_and_trends_lead_to_is_there(client, council):
    for asked in (
        "audit_type=audit&part=overall&good=yes",
        "audit_type=audit&question=details current&complies=yes",
    ):
        assert "3 audits" in page(
            client, council.quinn, address(council, "all year", more=f"audits/?{asked}")
        )


def test_an_address_leads_to_the_period_before_only_where_the_report_compares(client, council):
    compared = address(council, "compared", label="2026-10", more="audits/?before=1")
    assert "1 audit" in page(client, council.quinn, compared)
    assert page(client, council.quinn, f"/reports/{council.cycle.public_id}/audits/?before=1") == 404


def test_a_move_that_is_none_counts_nothing(client, council):
    own = f"/reports/{council.cycle.public_id}/audits/?audit_type=audit&part=overall&moved=sideways"
    assert "0 audits" in page(client, council.quinn, own)


def about(council, name, person, more=""):
    return f"/reports/{council.cycle.public_id}/about/{name}/{person.public_id}/{more}"


def test_a_report_about_an_auditor_is_read_by_them_and_by_those_whose_post_sees_their_audits(client, council):
    mine = about(council, "an auditor", council.ada)

    text = page(client, council.ada, mine)
    assert "Six months of an auditor: July to December 2026, Ada" in text
    assert "audit: 4 sent, 3 finished." in text
    for link, number in FIGURE.findall(text):
        assert f"{number} audit" in page(client, council.ada, link), link
    for who in (council.quinn, council.theo):
        assert "4 sent" in page(client, who, mine)
    assert "4 sent" in page(client, council.hana, address(council, "all year"))
    for who in (council.hana, council.priya, council.other_manager, council.sam, council.administrator):
        for more in ("", "word/", "audits/"):
            assert page(client, who, about(council, "an auditor", council.ada, more)) == 404
        assert "Six months of an auditor" not in page(client, who, "/reports/people/")
    assert ">Ada<" in page(client, council.ada, f"/reports/{council.cycle.public_id}/about/an auditor/")
    assert page(client, council.sam, f"/reports/{council.cycle.public_id}/about/an auditor/") == 404


def test_a_worker_reads_of_final_audits_only_those_that_are_shown_to_them(client, council):
    text = page(client, council.priya, about(council, "a worker", council.priya))
    assert "3 finished" in text

    data = data_with(COPIES, REPORTS)
    for state in data["flows"]["audit"]["states"].values():
        state["shown_to"] = [one for one in state.get("shown_to", []) if one != "practitioner"]
    publish_pack(document=write_document(data), at=moment())
    make_audit(council, "final", number="2026-11/009")
    again = page(client, council.priya, about(council, "a worker", council.priya))

    assert "3 finished" in again
    assert "2026-11/009" not in page(
        client, council.priya, about(council, "a worker", council.priya, "audits/")
    )
    assert "4 finished" in page(client, council.quinn, about(council, "a worker", council.priya))


def test_versions_that_measure_otherwise_are_told_apart(client, council):
    data = data_with(COPIES, REPORTS)
    for value in data["scales"]["grades"]["values"]:
        value["label"] = f"{value['label']} now"
    publish_pack(document=write_document(data), at=moment())
    make_audit(council, "final", number="2026-11/009")

    text = page(client, council.quinn, address(council, "all year"))

    assert "audit, version 1: 4 sent, 3 finished." in text
    assert "audit, version 2: 1 sent, 1 finished." in text
    for link, number in FIGURE.findall(text):
        assert f"{number} audit" in page(client, council.quinn, link), link
