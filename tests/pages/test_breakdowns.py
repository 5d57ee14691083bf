"""Reports that tell their audits apart by service, auditor, dated fact and more (1.18)."""

import html
import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone
from docx import Document

from goldenthread.audits import operations
from goldenthread.caseload.models import Fact
from goldenthread.findings.operations import Found
from goldenthread.people.models import Placement
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import write_document
from tests.copy_packs import data_with
from tests.make import (
    LONG_AGO,
    bring_to,
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="(/reports/[^"]+/audits/\?[^"]+)">(\d+)</a>')
ROW = re.compile(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', re.S)
EVERY = ("team", "service", "auditor", "part", "question", "grade", "status")
EVERY += ("theme", "source", "cause", "severity")
OVERLAY = f"""
facts: {{staff group: Whether the worker is employed or of an agency}}
sources: {{system: The case system, paper: Paper}}
causes: {{time: {{title: Time pressure}}, knowledge: {{title: Knowledge}}}}
severities: {{small: {{title: Small}}, grave: {{title: Grave}}}}
report:
  parts: [audited, breakdowns]
  breakdowns: [{", ".join(f"{{by: {one}}}" for one in EVERY)}, {{by: fact, fact: staff group}}]
reports:
  nameless: {{title: Nameless, period: cycle, parts: [breakdowns], breakdowns: [{{by: service}}, {{by: fact, fact: staff group}}], without_names: true}}
  few:
    title: Few
    period: quarter
    parts: [audited, breakdowns]
    breakdowns: [{{by: fact, fact: staff group}}, {{by: auditor}}]
    fewest: 3
  worker:
    title: A worker
    period: half-year
    about: a practitioner
    parts: [breakdowns]
    breakdowns: [{{by: team}}, {{by: fact, fact: staff group}}]
"""  # noqa: E501 - a document


@pytest.fixture
def council(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-12-10T09:00"))
    publish_pack(document=write_document(data_with(OVERLAY)), at=moment())
    council = make_council()
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    council.cycle = cycle
    council.ben = make_person("Ben")
    make_post(council.ben, "accredited auditor", council.other_team)
    return council


def staff_group(audit, value, *, since=LONG_AGO, until=None):
    Fact.objects.create(
        subject=audit.subject, name="staff group", value=value, starts_on=since, ends_on=until
    )


def some_audits(council):
    """Six audits of two kinds, graded and not, by two auditors in two services, with facts and findings."""
    good = make_audit(council, "filed", second="good", grade="requires improvement", number="2026-11/001")
    poor = make_audit(council, "drafted", grade="inadequate", number="2026-11/002")
    for said in (
        Found("gap", "No plan", theme="voice", source="paper", cause="time", severity="grave"),
        Found("gap", "Late", theme="strengths", source="system", cause="knowledge", severity="small"),
        Found("good", "Kind words", theme="voice"),
    ):
        operations.note_finding(poor, said, by=council.ada, at=moment())
    for state in ("discussed", "checking", "final"):
        bring_to(poor, state, council, at=moment("2026-11-03T09:00"), grade="inadequate")
        poor.refresh_from_db()
    make_audit(council, "checking", number="2026-11/003", auditor=council.ben)
    others = make_audit(council, "final", number="2026-11/004", unit=council.other_team, auditor=council.ben)
    make_audit(council, number="2026-11/005", unit=council.other_team)
    make_audit(council, "filed", audit_type="re-audit", grade="outstanding", number="2026-11/006")
    for audit, value in ((good, "employed"), (poor, "agency"), (others, "employed")):
        staff_group(audit, value)
    return good, poor, others


def page(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    return html.unescape(answer.text) if answer.status_code == 200 else answer.status_code


def own(council, more=""):
    return f"/reports/{council.cycle.public_id}/{more}"


def over(council, name, more=""):
    return own(council, f"over/{name}/{more}")


def table(text, caption):
    """The rows of a table: what each is called, and its cells without their links."""
    whole = next(one for one in text.split("<table")[1:] if caption in one.split("</caption>")[0])
    return {
        _plain(name): [_plain(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for name, row in ROW.findall(whole.split("</table>")[0])
    }


def after(text, caption):
    """What is said under a table, before the next one."""
    return text.rpartition(caption)[2].split("<caption", 1)[0]


def _plain(text):
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def test_every_number_of_every_breakdown_opens_to_as_many_audits(client, council):
    some_audits(council)

    text = page(client, council.quinn, own(council))

    figures = FIGURE.findall(text)
    said = {key for link, _ in figures for key in re.findall(r"[?&](\w+)=", link)}
    assert said >= {"unit", "service", "auditor", "part", "question", "grade", "state", "good", "complies"}
    assert said >= {"theme", "source", "cause", "severity", "fact", "value"}
    for link, number in figures:
        behind = page(client, council.quinn, link)
        assert f'<h1 class="govuk-heading-l">{number} audit' in behind, link
        assert len(re.findall(r'scope="row"', behind)) == int(number), link
    for by in (*EVERY[2:3], "service", "source", "likely cause", "severity", "status", "staff group"):
        assert f"Case audit: audits by {by}" in text, by


def test_a_row_says_how_many_there_are_and_how_many_are_good_or_better(client, council):
    some_audits(council)

    text = page(client, council.quinn, own(council))

    assert table(text, "Case audit: audits by service") == {
        "Community": ["3", "1", "1", "1", "1 of 2"],
        "Hospital": ["2", "1", "0", "1", "1 of 1"],
    }
    assert table(text, "Case audit: audits by auditor") == {
        "Ada": ["3", "1", "1", "1", "1 of 2"],
        "Ben": ["2", "1", "0", "1", "1 of 1"],
    }
    assert table(text, "Case audit: audits by overall grade") == {
        "Good": ["2"],
        "Inadequate": ["1"],
        "Not graded": ["2"],
    }
    assert table(text, "Case audit: audits by staff group") == {
        "employed": ["2", "2", "0", "0", "2 of 2"],
        "agency": ["1", "0", "1", "0", "0 of 1"],
        "Not known": ["2", "0", "0", "2", "none graded"],
    }
    assert table(text, "Case audit: audits by likely cause").keys() == {"Time pressure", "Knowledge"}
    assert table(text, "Re-audit: audits by service") == {"Community": ["1", "1", "0", "0", "1 of 1"]}


def test_what_adds_up_to_more_than_the_whole_says_so(client, council):
    some_audits(council)

    text = page(client, council.quinn, own(council))

    themes = table(text, "Case audit: audits by theme")
    assert sum(int(row[0]) for row in themes.values()) == 2  # of one audit
    for by in ("theme", "source", "likely cause", "severity"):
        assert "the rows may add up to more than all audits" in after(text, f"Case audit: audits by {by}"), by
    assert "add up to more" not in after(text, "Case audit: audits by team")
    assert "add up to more" not in after(text, "Re-audit: audits by theme")  # which has no row


def test_a_fact_and_a_service_are_read_as_they_stood_when_the_audit_was_sent(client, council):
    good, poor, _ = some_audits(council)
    Fact.objects.filter(subject=poor.subject).update(ends_on=date(2026, 11, 5))
    staff_group(poor, "employed", since=date(2026, 11, 6))
    Fact.objects.filter(subject=good.subject).update(starts_on=date(2026, 11, 3))
    elsewhere = make_unit("Elsewhere", under=council.organisation, kind="service")
    Placement.objects.filter(unit=council.team).update(ends_on=date(2026, 11, 20))
    Placement.objects.create(unit=council.team, parent=elsewhere, starts_on=date(2026, 11, 21))
    rebuild_reach()

    text = page(client, council.quinn, own(council))

    facts = table(text, "Case audit: audits by staff group")
    assert [facts[value][0] for value in ("employed", "agency", "Not known")] == ["1", "1", "3"]
    assert table(text, "Case audit: audits by service").keys() == {"Community", "Hospital"}
    for link, number in FIGURE.findall(text):
        assert f">{number} audit" in page(client, council.quinn, link), link


def test_a_head_of_service_is_told_of_her_own_teams_alone(client, council):
    some_audits(council)

    text = page(client, council.hana, own(council))

    assert table(text, "Case audit: audits by service").keys() == {"Community"}
    assert table(text, "Case audit: audits by auditor") == {
        "Ada": ["2", "1", "1", "0", "1 of 2"],
        "Ben": ["1", "0", "0", "1", "none graded"],
    }
    link = f"audits/?audit_type=audit&auditor={council.ben.public_id}"
    assert "1 audit" in page(client, council.hana, own(council, link))
    assert "2 audits" in page(client, council.quinn, own(council, link))
    for who in (council.ada, council.priya, council.sam):
        assert page(client, who, own(council, link)) == 403


def test_no_address_asks_for_what_the_report_does_not_tell(client, council):
    good, *_ = some_audits(council)
    Fact.objects.create(subject=good.subject, name="legal status", value="detained", starts_on=LONG_AGO)
    auditor = f"audits/?audit_type=audit&auditor={council.ben.public_id}"

    assert page(client, council.quinn, own(council, "audits/?fact=staff+group&value=employed")) != 404
    assert page(client, council.quinn, own(council, "audits/?fact=legal+status&value=detained")) == 404
    assert page(client, council.quinn, own(council, "audits/?fact=no+such&value=")) == 404
    assert page(client, council.quinn, over(council, "nameless", auditor)) == 404
    assert page(client, council.quinn, over(council, "nameless", "audits/?audit_type=audit")) != 404


def test_a_value_that_names_somebody_is_not_shown_where_nobody_is_named(client, council):
    type(council.priya).objects.filter(pk=council.priya.pk).update(name="Priya Quill")
    for number, value in enumerate(("Priya Quill", "QUILL, Priya (agency)", "employed"), start=1):
        staff_group(make_audit(council, "final", number=f"2026-11/00{number}"), value)

    text = page(client, council.quinn, over(council, "nameless"))
    shown = table(text, "Case audit: audits by staff group")

    assert list(shown) == ["employed"] and "quill" not in text.casefold()
    assert "that name somebody are not shown" in after(text, "audits by staff group")
    asked = "audits/?audit_type=audit&fact=staff+group&value="
    assert page(client, council.quinn, over(council, "nameless", f"{asked}Priya+Quill")) == 404
    assert page(client, council.quinn, over(council, "nameless", f"{asked}employed")) != 404
    named = page(client, council.quinn, own(council))
    assert "Priya Quill" in table(named, "Case audit: audits by staff group")


def test_a_small_number_is_kept_out_with_what_would_give_it_away(client, council):
    some_audits(council)
    for number in range(7, 11):
        audit = make_audit(council, "filed", number=f"2026-11/0{number:02}")
        staff_group(audit, "employed")

    text = page(client, council.quinn, over(council, "few"))

    facts = table(text, "Case audit: audits by staff group")
    auditors = table(text, "Case audit: audits by auditor")
    assert facts["agency"][0] == facts["Not known"][0] == auditors["Ben"][0] == "not shown"
    assert auditors["Ada"][0] == "not shown"  # the whole less Ada's would be Ben's
    for row in (*facts.values(), *auditors.values()):
        assert not {"1", "2"} & set(row)
        assert row[:4].count("not shown") != 1  # none is found by subtraction
    for told in (facts, auditors):
        for column in list(zip(*told.values(), strict=True))[:4]:
            assert column.count("not shown") != 1


def test_a_report_about_a_person_is_told_apart_for_those_who_may_read_it_alone(client, council):
    some_audits(council)
    address = own(council, f"about/worker/{council.priya.public_id}/")

    text = page(client, council.priya, address)

    assert table(text, "Case audit: audits by team").keys() == {"North team", "Ward team"}
    for link, number in FIGURE.findall(text):
        assert f">{number} audit" in page(client, council.priya, link), link
    assert page(client, council.sam, address) == 404
    assert page(client, council.sam, f"{address}audits/?fact=staff+group&value=agency") == 404


def test_the_spreadsheet_and_the_word_document_say_the_same(client, council):
    some_audits(council)
    client.force_login(council.quinn)

    book = openpyxl.load_workbook(BytesIO(client.get(own(council, "spreadsheet/")).content))
    word = Document(BytesIO(client.get(own(council, "word/")).content))

    rows = [[cell.value for cell in row] for row in book["By service, Case audit"].iter_rows()]
    assert ["Community", 3, 1, 1, 1, "50%"] in rows and ["Hospital", 2, 1, 0, 1, "100%"] in rows
    about = " ".join(str(cell.value) for row in book["About"].iter_rows() for cell in row)
    assert "may add up to more than all audits" in about and "day on which each audit was sent" in about
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 2"]
    assert "Case audit: audits by staff group" in headings


def test_more_values_than_tell_audits_apart_are_said_to_be_there(client, council, monkeypatch):
    monkeypatch.setattr("goldenthread.measures.breakdowns.MOST_VALUES", 1)
    some_audits(council)

    text = page(client, council.quinn, own(council))

    assert table(text, "Case audit: audits by staff group").keys() == {"employed", "Not known"}
    assert "most frequent values are shown; there are 1 more." in text
