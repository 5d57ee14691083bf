"""The folder of uploads is full: what is sent is refused in words and leaves nothing, and works with room.

The folder is a small file system of the test's own, which only root may mount.
"""

import gc
import logging
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goldenthread.audits.models import AttachedFile
from goldenthread.caseload.models import Extract
from goldenthread.ledger.models import Event
from tests.answer_packs import with_questions
from tests.faults import size
from tests.faults.kit import check_ledger, sizes
from tests.faults.rooms import MEGABYTE, filled, mounted, unmounted
from tests.make import make_audit, make_council, moment, publish_pack
from tests.workbooks import LIST_6, child, make_workbook

pytestmark = pytest.mark.django_db(transaction=True)
PAPERS = {"key": "papers", "text": "Which papers show it?", "type": "file", "required": False}
ROOMS = size(2, 200)
"""How much is left: none, then more, so that a file is cut at so many places."""


@pytest.fixture
def uploads(settings, tmp_path, monkeypatch):
    """The folder of uploads, with 12 MB of room in all; the log keeps no fault, and so no temporary file."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    folder = tmp_path / "small"
    folder.mkdir()
    if not mounted(folder, 12):
        pytest.skip("Only root may mount a file system to be filled.")
    settings.UPLOADS, settings.FILE_UPLOAD_TEMP_DIR = folder, str(folder)
    yield folder
    unmounted(folder)


@pytest.fixture
def council(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-11-05T10:00"))
    publish_pack(document=with_questions([PAPERS]))
    return make_council()


def files_in(folder):
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "ballast")


def rows_in_tables():
    """How many rows each table holds but for the read log: whoever sends to a record has read it."""
    return {name: number for name, number in sizes().items() if name != "Read"}


def refused_then_taken(folder, send, rows, length):
    """Send so many bytes with too little room, then with enough; what was refused leaves nothing."""
    for number in range(ROOMS):
        ballast, before = filled(folder, leave=length * number // ROOMS), (files_in(folder), rows_in_tables())
        page = send()
        status, said = page.status_code, page.content.decode()
        del page  # with it goes the fault, which holds the temporary file
        gc.collect()
        assert status == 503, said
        assert "What you saved before is safe" in said
        assert (files_in(folder), rows_in_tables()) == before
        ballast.unlink()
    count, events = rows.objects.count(), Event.objects.count()

    assert send().status_code == 302

    assert rows.objects.count() == count + 1
    assert Event.objects.count() == events + 1
    check_ledger()


def browser_of(person):
    """A browser that is shown what a reader would be shown."""
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser


@pytest.mark.parametrize("padding", [0, 3 * MEGABYTE], ids=["in memory", "in a temporary file"])
def test_an_extract_without_room_is_refused_and_taken_later(uploads, council, tmp_path, padding):
    book = make_workbook(tmp_path / "annex.xlsx", {"List 6": [LIST_6, *map(child, range(400))]})
    quinn, content = browser_of(council.quinn), book.read_bytes()
    more = SimpleUploadedFile("unread.bin", os.urandom(padding))

    def send():
        more.seek(0)
        told = {"preset": "annex_a", "file": SimpleUploadedFile("annex.xlsx", content)}
        return quinn.post("/caseload/extracts/upload/", told | ({"unread": more} if padding else {}))

    refused_then_taken(uploads, send, Extract, padding or len(content))


def test_a_file_for_which_there_is_no_room_is_not_attached_and_what_was_answered_stays(uploads, council):
    audit = make_audit(council)
    ada, content = browser_of(council.ada), b"%PDF-1.7 " + os.urandom(700_000)

    def send():
        told = {"version:papers": 0, "file:papers": SimpleUploadedFile("plan.pdf", content), "stay": "yes"}
        return ada.post(f"/audits/{audit.public_id}/sections/closing/", told)

    refused_then_taken(uploads, send, AttachedFile, len(content))
