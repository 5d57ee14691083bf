"""A framework whose reports name nobody: role words everywhere, and the way to each file as it was."""

import html
import re
from collections import Counter
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import timezone

from goldenthread.audits.operations import note_finding
from goldenthread.findings.operations import Found
from goldenthread.measures.compliance import ComplianceRow
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import CoverageRow
from goldenthread.reporting.nameless import complied, covered
from goldenthread.rules.documents import write_document
from goldenthread.rules.framework import Framework
from tests.copy_packs import COPIES, data_with
from tests.make import bring_to, make_audit, make_council, make_cycle, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 10, 9, tzinfo=ZoneInfo("Europe/London"))
NAMES = {
    "ada": "Adaline Zephyr",
    "priya": "Priyadarshini Quill",
    "theo": "Theophilus Yarrow",
    "quinn": "Quinella Xylo",
}
PER_PERSON = """
targets:
  each auditor: {title: Each auditor, counts: [audit, re-audit], per: auditor, each: cycle, number: 2}
  each worker: {title: Each worker, counts: [audit], per: practitioner, each: cycle, number: 1}
report: {parts: [audited, grades, coverage, themes, good practice, late and missing]}
"""


def named_council(*, nameless):
    """November under a framework that names people or not, with long names that nothing else holds."""
    data = data_with(COPIES, PER_PERSON)
    data["report"]["without_names"] = nameless
    publish_pack(document=write_document(data), at=moment())
    council = make_council()
    for who, name in NAMES.items():
        type(council.ada).objects.filter(pk=getattr(council, who).pk).update(name=name)
        getattr(council, who).refresh_from_db()
    council.cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=council.cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    late = make_audit(council, "drafted", number="2026-11/001")
    said = "Priyadarshini listened. So did theophilus yarrow, and Quill wrote it down for Ms Zephyr."
    note_finding(late, Found("good", said), by=council.ada, at=moment())
    for state in ("discussed", "checking", "final"):
        bring_to(late, state, council, at=moment(), grade="good")
        late.refresh_from_db()
    make_audit(council, number="2026-11/002")
    make_audit(council, "final", number="2026-11/003", auditor=council.theo, at=NOW)
    return council


@pytest.fixture
def council(monkeypatch):
    council = named_council(nameless=True)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return council


def text_of(answer):
    """All that a page or a file says: of a document or a workbook every part of it."""
    if answer.content.startswith(b"PK"):
        with ZipFile(BytesIO(answer.content)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    main = answer.text.split('id="main-content"', 1)[1]  # the header says who is signed in
    return html.unescape(main)


def walked(client, council):
    """Every page and file of reports, and every page that a number in them leads to."""
    report = f"/reports/{council.cycle.public_id}/"
    first = [report, f"{report}word/", f"{report}spreadsheet/", "/reports/", "/reports/trends/"]
    first += [f"/reports/compliance/?by={by}" for by in ("auditor", "team", "service")]
    first += [
        "/reports/compliance/spreadsheet/",
        "/programme/coverage/",
        "/programme/coverage/?period=2026-11",
    ]
    found = {}
    for address in first:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = text_of(answer)
    links = {link for text in list(found.values()) for link in re.findall(r'href="([^"#]*\?[^"#]+)"', text)}
    for link in sorted(links):
        if re.match(r"/reports/|/programme/coverage", link):
            answer = client.get(html.unescape(link))
            assert answer.status_code == 200, link
            found[link] = text_of(answer)
    return found


def parts_of_names():
    return {part for name in NAMES.values() for part in name.split()}


def test_no_page_file_or_list_of_the_reports_names_anybody(client, council):
    client.force_login(council.quinn)

    found = walked(client, council)

    assert len(found) > 40
    for address, text in found.items():
        for part in parts_of_names():
            assert part.casefold() not in text.casefold(), (part, address)


def test_the_same_reports_name_people_where_the_framework_does_not_say_so(client, monkeypatch):
    council = named_council(nameless=False)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(council.quinn)

    found = walked(client, council)

    for address in (
        f"/reports/{council.cycle.public_id}/",
        f"/reports/{council.cycle.public_id}/spreadsheet/",
    ):
        assert "Zephyr" in found[address], address
    for address in ("/reports/compliance/?by=auditor", "/programme/coverage/?period=2026-11"):
        assert "Zephyr" in found[address], address


def test_role_words_stand_in_the_quotation_and_the_way_to_the_file_is_as_it_was(client, council):
    client.force_login(council.quinn)

    page = html.unescape(client.get(f"/reports/{council.cycle.public_id}/").text)

    assert "The practitioner listened. So did the team manager, and the practitioner wrote" in page
    assert "it down for Ms the auditor." in page
    address = re.search(r'href="(/audits/\w+/)"', page)[1]
    assert "Priyadarshini Quill" in client.get(address).text  # who may open the file sees whose work it is
    client.force_login(council.sam)
    assert client.get(address).status_code == 404


def test_people_stand_in_one_row_whose_numbers_lead_to_all_their_audits(client, council):
    client.force_login(council.quinn)

    coverage = html.unescape(client.get("/programme/coverage/?period=2026-11").text)
    compliance = html.unescape(client.get("/reports/compliance/?by=auditor").text)

    assert len(re.findall(r">\s*Auditors\s*<", coverage)) == 1
    for link, number in re.findall(r'href="([^"]*(?:covered|audits)[^"]*\?[^"]*)">(\d+)</a>', compliance):
        behind = client.get(link).text
        assert f'<h1 class="govuk-heading-l">{number} audit' in behind, link
    owed = compliance.split("</table>")[0]  # the scores come after it
    assert len(re.findall(r'<tr class="govuk-table__row">', owed)) == 2  # the heads, and all auditors


@pytest.mark.parametrize("by", ["auditor", "team"])
def test_a_guessed_address_names_no_auditor(client, council, by):
    client.force_login(council.quinn)

    answer = client.get(f"/reports/compliance/audits/?by={by}&holder={council.ada.public_id}&what=owed")

    assert answer.status_code == 404


def test_the_workbook_says_the_role_and_not_for_whom_it_was_made(client, council):
    client.force_login(council.quinn)

    book = openpyxl.load_workbook(
        BytesIO(client.get(f"/reports/{council.cycle.public_id}/spreadsheet/").content)
    )

    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "Auditor" in cells
    assert any(str(cell).startswith("One reader") for cell in cells)


def pack(nameless=True):
    data = data_with(PER_PERSON)
    data["report"]["without_names"] = nameless
    return Framework.model_validate(data)


def test_what_people_owe_together_is_what_each_of_them_owes(db):
    ann, bob = make_person("Ann"), make_person("Bob")
    row = {"unit": None, "key": "each auditor", "title": "Each auditor", "types": ("audit",)}
    rows = [
        CoverageRow(**row, target=2, sent=3, done=3, person=ann),
        CoverageRow(**row, target=2, sent=1, done=0, person=bob, exempt=1),
        CoverageRow(**row, target=5, sent=5, done=5, person=bob, period="The year"),
    ]

    together = covered(rows, pack())

    assert [(one.holder, one.target, one.sent, one.done, one.missing, one.exempt) for one in together] == [
        ("Auditors", 4, 4, 3, 2, 1),
        ("Auditors", 5, 5, 5, 0, 0),
    ]
    assert covered(rows, pack(nameless=False)) == rows


def test_compliance_of_all_auditors_is_the_sum_of_theirs(db):
    rows = [
        ComplianceRow(make_person("Ann"), Counter({"owed": 2, "late": 1})),
        ComplianceRow(make_person("Bob"), Counter({"owed": 1, "on time": 1})),
    ]

    (whole,) = complied(rows, "auditor", pack())

    assert (whole.name, whole.counts) == ("Auditors", Counter({"owed": 3, "late": 1, "on time": 1}))
    assert complied(rows, "auditor", pack(nameless=False)) == rows
    assert complied([], "auditor", pack()) == []
