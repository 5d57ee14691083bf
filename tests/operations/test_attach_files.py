"""Files attached to answers: checked, kept with the answer or not at all, found when exchanged, removed."""

import contextlib
import hashlib
import io
import json
import stat

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from goldenthread.audits import operations
from goldenthread.audits.attached import path_of_file, read_file, verify_files
from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.models import Answer, AttachedFile
from goldenthread.audits.operations import Stale, answering
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.blanking import blank_events, positions_about
from goldenthread.ledger.models import Event
from goldenthread.reporting.audit_report import answer_words
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.answer_packs import given_to, with_questions
from tests.make import make_audit, make_council, moment, publish_pack

AT = moment("2026-11-05T10:00")
PAPERS = {
    "key": "papers",
    "text": "Which papers show it?",
    "type": "file",
    "files": {"at_most": 2, "megabytes": 1, "kinds": ["PDF", "text"]},
    "instead": ["not applicable"],
}
pytestmark = pytest.mark.django_db


def pdf(name="plan.pdf", content=b"%PDF-1.7 the plan"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council, settings, tmp_path):
    settings.UPLOADS = tmp_path
    return make_audit(council, version=publish_pack(document=with_questions([PAPERS])))


def attach(audit, *uploads, kept=(), seen=0, by=None, **given):
    return operations.attach_files(
        audit,
        "papers",
        Given(tuple(kept) or "", **given),
        uploads,
        expected=seen,
        by=by or audit.auditor,
        at=AT,
    )


def kept_files(settings):
    return (
        sorted((settings.UPLOADS / "attached").glob("*")) if (settings.UPLOADS / "attached").exists() else []
    )


def ids(audit):
    return [one.split(" ")[0] for one in given_to(audit, "papers").value]


def test_files_lie_in_the_data_folder_under_names_that_nobody_typed(audit, settings):
    attach(audit, pdf("../../plan.pdf"), pdf("notes.txt", b"Seen."))

    (path, other) = kept_files(settings)
    assert {path.name, other.name} == set(AttachedFile.objects.values_list("public_id", flat=True))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sheet = sheet_of(audit)
    assert answer_words(sheet.form.question("papers"), sheet.given["papers"]) == "plan.pdf, notes.txt"


def test_one_event_holds_the_hash_of_each_file(audit):
    before = Event.objects.count()

    attach(audit, pdf())

    event = Event.objects.last()
    file = AttachedFile.objects.get()
    assert (event.what, Event.objects.count() - before) == ("audit.attach_files", 1)
    assert json.loads(event.recorded.values)["files"] == {file.public_id: file.sha256}


@pytest.mark.parametrize(
    ("uploads", "sentence"),
    [
        ([pdf(), pdf("tool.exe", b"MZ\x90\x00\x03")], "not of a kind that is taken here"),
        ([pdf("plan.txt")], "is not what its name says"),
        ([pdf(content=b"")], "is empty"),
        ([pdf(content=b"%PDF-" + b"x" * 1024 * 1024)], "is larger than 1 MB"),
        ([pdf(), pdf(), pdf()], "This question takes up to 2 files"),
    ],
)
def test_of_files_that_are_refused_nothing_is_kept(audit, settings, uploads, sentence):
    with pytest.raises(Refused, match=sentence):
        attach(audit, *uploads)

    assert not kept_files(settings)
    assert not Answer.objects.exists()


def test_the_installation_may_allow_less_than_the_framework(audit, settings):
    settings.ATTACHED_MEGABYTES = 0

    with pytest.raises(Refused, match="larger than 0 MB"):
        attach(audit, pdf())


def test_where_the_event_fails_no_file_stays(audit, settings, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(answering, "record", fail)
    with pytest.raises(OSError):
        attach(audit, pdf())

    assert not kept_files(settings)
    assert not AttachedFile.objects.exists()


@pytest.mark.parametrize("name", ["quinn", "theo", "sam"])
def test_only_those_who_answer_attach(council, audit, settings, name):
    with pytest.raises(Refused, match="can change this"):
        attach(audit, pdf(), by=getattr(council, name))
    assert not kept_files(settings)


def test_files_are_added_to_those_that_are_kept_and_a_file_taken_out_stays_in_the_history(audit, settings):
    attach(audit, pdf())
    first = ids(audit)
    attach(audit, pdf("notes.txt", b"Seen."), kept=first, seen=1)
    both = ids(audit)
    operations.save_answer(audit, "papers", Given((both[1],)), expected=2, by=audit.auditor, at=AT)

    assert (both[0], len(both)) == (first[0], 2)
    assert ids(audit) == both[1:]
    assert len(kept_files(settings)) == 2
    assert verify_files() == (2, None)


def test_a_file_of_another_audit_cannot_be_named(council, audit):
    other = make_audit(council)
    attach(audit, pdf())
    stolen = ids(audit)

    with pytest.raises(Refused, match="This question takes no files"):
        operations.attach_files(other, "voice heard", Given(), [pdf()], expected=0, by=council.ada, at=AT)
    another = make_audit(council, version=audit.version, number="2026-11/009")
    operations.save_answer(another, "papers", Given(tuple(stolen)), expected=0, by=council.ada, at=AT)
    assert not Answer.objects.filter(audit=another).exists()


def test_a_page_that_has_not_seen_other_files_takes_none_out(audit):
    attach(audit, pdf())

    with pytest.raises(Stale):
        attach(audit, pdf("notes.txt", b"Seen."), seen=0)
    assert len(ids(audit)) == 1


def test_more_than_the_question_takes_cannot_be_reached_in_two_saves(audit, settings):
    attach(audit, pdf(), pdf("b.pdf"))

    with pytest.raises(Refused, match="2 files at most; these would be 3"):
        attach(audit, pdf("c.pdf"), kept=ids(audit), seen=1)
    assert len(kept_files(settings)) == 2


def verified():
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("also_in_database", [False, True])
def test_an_exchanged_file_is_found_by_verify_and_not_handed_out(audit, also_in_database):
    attach(audit, pdf())
    file = AttachedFile.objects.get()
    assert (verified()["ok"], verified()["files"]) == (True, 1)

    path_of_file(file.public_id).write_bytes(b"%PDF-1.7 another plan")
    if also_in_database:
        AttachedFile.objects.update(sha256=hashlib.sha256(b"%PDF-1.7 another plan").hexdigest())
    else:
        assert read_file(file) is None

    answer = verified()
    assert not answer["ok"]
    assert f"The file {file.public_id} of event {Event.objects.count()} was exchanged" in answer["fault"]


def test_a_missing_file_and_one_in_no_event_are_found_by_verify(audit):
    attach(audit, pdf())
    file = AttachedFile.objects.get()
    content = path_of_file(file.public_id)

    content.rename(content.with_name("elsewhere"))
    assert "is missing or cannot be read" in verify_files()[1]
    content.with_name("elsewhere").rename(content)
    AttachedFile.objects.update(public_id="planted")
    assert "is in the database and in no event" in verify_files()[1] or "is missing" in verify_files()[1]


def test_files_go_with_the_words_of_an_audit(audit, settings, django_capture_on_commit_callbacks):
    attach(audit, pdf("Gran Tully.pdf"))

    with django_capture_on_commit_callbacks(execute=True):
        records = blank_audit_words(audit)
        blank_events(
            positions_about(records), about=("audit", audit.public_id, "x"), by=None, at=AT, values={}
        )

    assert not kept_files(settings)
    assert AttachedFile.objects.get().name == given_to(audit, "papers").value == "Removed under retention"
    assert verified()["ok"]


def test_a_file_that_was_to_go_and_did_not_is_found_by_verify(audit):
    attach(audit, pdf())

    blank_audit_words(audit)  # and the transaction is never kept, so that nothing is deleted

    assert "was to be removed under retention and is still there" in verify_files()[1]
