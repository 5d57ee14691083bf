"""What an event changed is shown to those who may see it of that very record: no permission is enough."""

import pytest
from django.utils import timezone

from goldenthread.audits.moderating import DRAW
from goldenthread.governance.copying import begin_copies
from goldenthread.governance.models import FURTHER_REPORT, PERSON_REPORT, REPORT, FurtherReport
from goldenthread.ledger.operations import record
from goldenthread.programmes.models import Cycle
from goldenthread.rules.documents import write_document
from tests.copy_packs import COPIES, data_with
from tests.make import make_audit, make_council, make_cycle, make_person, make_post, moment, publish_pack
from tests.pages.test_further_reports import OVER, REPORTS
from tests.return_packs import AGENCIES, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db
SECRET = "Something that only its readers may know"
KINDS = (DRAW, REPORT, "slot", "draft", "dry_run", "publishing", "directory", "people file", "notice")
SEES_AUDITS_ALONE = "\nroles:\n  team manager: {may: [see audits, see the ledger]}\n"


@pytest.fixture
def council(monkeypatch):
    """Theo, who manages a team, sees its audits and the ledger, and no reports; a half-year is over."""
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    reports = REPORTS.replace("\nroles:\n", SEES_AUDITS_ALONE)
    publish_pack(document=write_document(data_with(COPIES, reports)), at=moment())
    council = make_council()
    council.cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=council.cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    make_audit(council, "final", number="2026-11/001", cycle_closes_on=council.cycle.closes_on)
    council.elsewhere = make_person("Mona Elsewhere")
    make_post(council.elsewhere, "team manager", council.other_team)
    return council


def shows(client, person, kind, public_id):
    """Whether the page of an event about this record shows somebody what it changed."""
    event = record("clock.pause", about=(kind, public_id, "It"), by=None, at=moment(), values={"why": SECRET})
    client.force_login(person)
    page = client.get(f"/ledger/{event.position}/")
    assert page.status_code == 200
    assert (SECRET in page.text) is not ("shown only to those who may see It" in page.text)
    return SECRET in page.text


@pytest.mark.parametrize(
    "kind",
    [DRAW, REPORT, "slot", "draft", "dry_run", "publishing", "directory", "people file", "notice", "x"],
)
def test_whoever_sees_audits_alone_sees_no_more_than_audits(client, council, kind):
    public_id = council.cycle.public_id if kind == REPORT else "a"

    assert not shows(client, council.theo, kind, public_id)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_open_its_page_sees_what_an_event_changed(client, council, kind):
    public_id = council.cycle.public_id if kind == REPORT else "a"

    assert shows(client, council.quality_manager, kind, public_id)


def test_a_kind_that_nobody_has_a_rule_for_is_shown_to_nobody(client, council):
    assert not shows(client, council.quality_manager, "something new", "a")


def test_a_report_that_is_not_there_is_shown_to_nobody(client, council):
    for kind in (REPORT, FURTHER_REPORT, PERSON_REPORT, "return"):
        assert not shows(client, council.quality_manager, kind, "none")


def test_a_report_with_readers_of_its_own_is_for_them_here_too(client, council):
    begin_copies(at=OVER)
    board = FurtherReport.objects.get(report="board")
    council.quinn.is_administrator = True  # so that she may open the ledger
    council.quinn.save()

    assert shows(client, council.quality_manager, FURTHER_REPORT, board.public_id)
    assert not shows(client, council.quinn, FURTHER_REPORT, board.public_id)
    assert not shows(client, council.theo, FURTHER_REPORT, board.public_id)


def test_a_report_about_a_person_is_for_those_who_see_their_audits(client, council):
    row = {"cycle": council.cycle, "report": "an auditor", "person": council.ada, "begun_at": OVER}
    about_ada = FurtherReport.objects.create(**row)

    assert shows(client, council.theo, PERSON_REPORT, about_ada.public_id)
    assert not shows(client, council.elsewhere, PERSON_REPORT, about_ada.public_id)


def test_a_part_of_an_audit_is_shown_to_those_to_whom_it_is_open(client):
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=with_returns(AGENCIES)))
    for person in (council.theo, council.ada):
        person.is_administrator = True  # so that they may open the ledger
        person.save()
    invite_hope(return_of(audit, "health"), council.ada, at=moment())
    part = return_of(audit, "health").public_id

    assert not shows(client, council.theo, "return", part)
    assert not shows(client, council.ada, "return", part)
    assert shows(client, council.ada, "return", return_of(audit, "social care").public_id)
