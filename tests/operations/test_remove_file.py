"""A file that was attached by mistake: removed by whoever may, from the answers, the pages and the disk."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.audits import operations
from goldenthread.audits.attached import path_of_file, verify_files
from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.models import Answer, AnswerVersion, AttachedFile
from goldenthread.audits.sheets import sheet_of
from goldenthread.governance import removing
from goldenthread.governance.operations import place_legal_hold
from goldenthread.ledger.blanking import blank_events, positions_about
from goldenthread.ledger.models import Event
from goldenthread.reporting.audit_report import answer_words
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.answer_packs import given_to, with_questions
from tests.make import make_audit, make_council, moment, publish_pack

AT = moment("2026-11-05T10:00")
PAPERS = {"key": "papers", "text": "Which papers show it?", "type": "file", "required": False}
pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, version=publish_pack(document=with_questions([PAPERS])))


def attach(audit, name="Gran Tully.pdf", seen=0, kept=()):
    upload = SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode())
    operations.attach_files(
        audit, "papers", Given(tuple(kept) or ""), [upload], expected=seen, by=audit.auditor, at=AT
    )
    return AttachedFile.objects.order_by("pk").last()


def remove(file, by, because="It is of another person."):
    return removing.remove_file(file, because=because, by=by, at=AT)


def in_state(audit, state):
    type(audit).objects.filter(pk=audit.pk).update(state=state)
    audit.refresh_from_db()
    return audit


def named_anywhere(words):
    """Whether an answer, a version of one, or a file still holds the words."""
    held = [*Answer.everywhere.values_list("value", flat=True)]
    held += [*AnswerVersion.objects.values_list("value", flat=True)]
    held += [*AttachedFile.objects.values_list("name", flat=True)]
    return words in json.dumps(held)


def test_while_the_audit_is_open_the_answer_loses_it_and_the_disk_does(
    audit, django_capture_on_commit_callbacks
):
    wrong = attach(audit)
    right = attach(audit, "notes.pdf", seen=1, kept=[wrong.public_id])

    with django_capture_on_commit_callbacks(execute=True):
        assert remove(wrong, audit.auditor)

    assert given_to(audit, "papers").value == (f"{right.public_id} notes.pdf",)
    assert Answer.objects.get(audit=audit, question="papers").version == 3
    assert not named_anywhere("Gran Tully")
    assert not path_of_file(wrong.public_id).exists()
    assert path_of_file(right.public_id).exists()
    assert verify_files() == (2, None)


def test_the_ledger_keeps_that_it_was_there_by_whom_it_was_removed_and_why(audit):
    file = attach(audit)
    before = Event.objects.count()

    remove(file, audit.auditor)

    event = Event.objects.last()
    assert (event.what, Event.objects.count() - before) == ("audit.remove_file", 1)
    assert json.loads(event.recorded.values) == {
        "file": file.public_id,
        "deleted": True,
        "because": "It is of another person.",
        "question": "papers",
    }
    file.refresh_from_db()
    assert (file.removed_by, file.removed_at) == (audit.auditor, AT)


def test_one_that_the_answer_names_no_longer_is_removed_from_its_history(audit):
    file = attach(audit)
    operations.save_answer(audit, "papers", Given(), expected=1, by=audit.auditor, at=AT)

    remove(file, audit.auditor)

    assert Answer.objects.get(audit=audit, question="papers").version == 2
    assert not named_anywhere("Gran Tully")


def test_in_an_audit_that_was_handed_in_stands_that_a_file_was_removed(council, audit):
    file = attach(audit)
    in_state(audit, "filed")

    remove(file, council.quality_manager)

    sheet = sheet_of(audit)
    words = answer_words(sheet.form.question("papers"), sheet.given["papers"])
    assert words == "a file that was removed"
    assert Answer.objects.get(audit=audit, question="papers").version == 1


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("allocated", {"ada", "hana", "priya", "quality_manager"}),
        ("checking", {"quality_manager"}),
        ("filed", {"quality_manager"}),
    ],
)
def test_who_may_remove_it(council, audit, state, who):
    """Hana attached it, and may change the answer no longer; auditor and practitioner may."""
    file = attach(audit)
    file.attached_by = council.hana
    file.audit = in_state(audit, state)

    everybody = ("ada", "quinn", "quality_manager", "theo", "hana", "priya", "sam", "other_manager")
    may = {name for name in everybody if removing.may_remove_file(file, getattr(council, name), on=AT.date())}

    assert may == who


def test_who_may_not_removes_nothing(council, audit):
    file = attach(audit)

    with pytest.raises(Refused, match="no longer yours to remove"):
        remove(file, council.theo)
    in_state(audit, "checking")
    with pytest.raises(Refused, match="no longer yours to remove"):
        remove(file, audit.auditor)

    assert named_anywhere("Gran Tully")


def test_a_reason_is_needed_and_it_is_removed_once(audit):
    file = attach(audit)

    with pytest.raises(Refused, match="Say why the file is removed"):
        remove(file, audit.auditor, because=" ")
    remove(file, audit.auditor)
    with pytest.raises(Refused, match="removed already"):
        remove(file, audit.auditor)


def test_under_a_legal_hold_its_content_is_kept_where_nobody_reaches_it_until_the_words_go(
    council, audit, django_capture_on_commit_callbacks
):
    file = attach(audit)
    place_legal_hold(audit, why="An inquiry.", by=council.quality_manager, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        assert not remove(file, audit.auditor)
    assert path_of_file(file.public_id).exists()
    assert verify_files() == (1, None)

    with django_capture_on_commit_callbacks(execute=True):
        records = blank_audit_words(audit)
        about = ("audit", audit.public_id, "x")
        blank_events(positions_about(records), about=about, by=None, at=AT, values={})
    assert not path_of_file(file.public_id).exists()
    assert verify_files() == (0, None)
    file.refresh_from_db()
    assert (file.name, file.removed_because) == ("Removed under retention",) * 2


def test_one_that_was_removed_and_is_still_there_is_found_by_verify(audit):
    file = attach(audit)

    remove(file, audit.auditor)  # and the transaction is never kept, so that nothing is deleted

    assert f"was removed by event {Event.objects.count()} and is still there" in verify_files()[1]


def test_nothing_is_removed_if_the_event_fails(audit, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError

    file = attach(audit)
    monkeypatch.setattr(removing, "record", fail)
    with pytest.raises(OSError):
        remove(file, audit.auditor)

    assert named_anywhere("Gran Tully")
    assert AttachedFile.objects.get().removed_at is None
