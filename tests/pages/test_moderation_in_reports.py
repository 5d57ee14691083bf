"""How far people agree, in the month's report: page, Word, the pairs behind each number, and who reads it."""

import html
import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document

from goldenthread.programmes.models import Cycle
from goldenthread.reporting.moderated import agreement_of, blocks_of
from goldenthread.rules.agreement import agreement
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults, read_pack
from tests.make import PACK, make_cycle, moment
from tests.operations.test_moderation import World

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def world():
    """One moderation finished in November: the moderator graded every part otherwise."""
    world = World()
    world.finished(world.graded(world.given()))
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=world.council.quinn)
    world.url = f"/reports/{cycle.public_id}/"
    return world


def chapter(client, person, url):
    client.force_login(person)
    page = client.get(url).text
    return page[page.index("How far grades agree") :]


def test_the_report_says_how_many_pairs_and_each_number_opens_to_as_many(client, world):
    found = chapter(client, world.council.quinn, world.url)
    numbers = re.findall(r'href="(/moderation/agreement/\?[^"]+)">(\d+)</a>', found)

    assert len(numbers) > 2
    for url, number in numbers:
        behind = client.get(html.unescape(url)).text
        assert behind.count("/moderation/") - behind.count("/moderation/agreement") >= int(number) == 1


def test_few_pairs_are_counts_alone(client, world):
    found = chapter(client, world.council.quinn, world.url)

    assert "0 of 1" in found
    assert "not shown" in found
    assert "%" not in found[: found.index("Late and missing")].replace("95%", "")


def test_the_word_document_says_the_same(client, world):
    client.force_login(world.council.quinn)
    document = Document(BytesIO(client.get(f"{world.url}word/").content))

    (table,) = [one for one in document.tables if one.rows[0].cells[-1].text == "Gwet’s coefficient"]
    assert [cell.text for cell in table.rows[1].cells][:4] == ["Overall", "1", "0", "0 of 1"]


def test_whoever_reads_other_teams_reports_counts_none_of_it(client, world):
    found = chapter(client, world.council.other_manager, world.url)

    assert "has been moderated yet" in found
    assert "/moderation/agreement/" not in found


@pytest.mark.parametrize(("span", "pairs"), [(None, 1), (NOVEMBER, 1), (OCTOBER, 0)])
def test_a_period_counts_what_was_finished_within_it_and_so_does_what_it_leads_to(client, world, span, pairs):
    found = agreement_of(world.version, reader=world.council.quinn, on=date(2026, 12, 1), span=span)

    assert [one.agreement.pairs for _, parts in found for one in parts[:1]] == [pairs] * (pairs > 0)
    client.force_login(world.council.quinn)
    asked = {"framework": "adult-social-care", "rule": "senior moderation", "part": "overall"}
    asked |= {"from": span[0], "to": span[1]} if span else {}
    page = client.get("/moderation/agreement/", asked).text
    number = next(one for one in world.audits if one.moderations.filter(finished_at__isnull=False)).number
    assert (number in page) == bool(pairs)


TABLE = [
    (9, 6, "6 of 9", "not shown"),
    (10, 6, "60% (31% to 83%)", "not shown"),
    (29, 29, "100% (88% to 100%)", "not shown"),
    (30, 15, "50% (33% to 67%)", "0.83"),
]


@pytest.mark.parametrize(("pairs", "alike", "share", "weighted"), TABLE)
def test_percentages_begin_at_ten_pairs_and_coefficients_at_thirty(pairs, alike, share, weighted):
    pack = read_pack(PACK.read_text())
    grades = [one.key for one in pack.scale_of("audit").graded()]
    given = [("good", "good")] * alike + [("good", "outstanding")] * (pairs - alike)
    part = type(
        "Part", (), {"part": "overall", "label": "Overall", "agreement": agreement(given, grades, "linear")}
    )

    (_, table) = blocks_of([("senior moderation", [part])], pack)

    cells = [cell.text for cell in table.rows[0]]
    assert cells[:5] == ["Overall", str(pairs), str(alike), share, weighted]


def test_a_framework_without_moderation_cannot_report_of_it():
    data = read_document(PACK.read_text()).data
    del data["moderation"]

    assert any("Nothing is moderated" in fault.sentence for fault in faults(write_document(data)))
