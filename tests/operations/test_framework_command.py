"""goldenthread framework: check, load and export."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from goldenthread.frameworks.models import Version
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import DryRun
from goldenthread.rules.reading import read_pack
from tests.make import PACK, make_council, make_subject, publish_pack


def run(*words):
    """What the command says and with what it leaves."""
    said, left = io.StringIO(), 0
    try:
        call_command("framework", *words, stdout=said, stderr=said)
    except SystemExit as leaving:
        left = leaving.code
    return said.getvalue(), left


@pytest.fixture
def faulty(tmp_path):
    """A pack with two faults of different kinds."""
    path = tmp_path / "faulty.yaml"
    document = PACK.read_text().replace("phase: owed", "phase: owd\n        colour: red")
    path.write_text(document.replace("owed_by: quality team", "owed_by: quality tea", 1))
    return path


def test_a_shipped_pack_is_checked_by_its_name():
    assert run("check", "adult-social-care") == ("adult-social-care: no faults\n", 0)


def test_check_names_every_fault_on_a_line_and_leaves_with_1(faulty):
    said, left = run("check", str(faulty))

    lines = said.splitlines()
    assert left == 1
    assert lines[0].startswith("flows › audit › states › allocated › phase: “owd” is not known here")
    assert lines[1].startswith("flows › audit › states › allocated › colour: There is no key “colour” here.")
    assert lines[2].startswith(
        "clocks › quality check › owed_by: There is no role “quality tea”; did you mean"
    )
    assert lines[3] == f"{faulty}: 3 faults"


@pytest.mark.parametrize("words", [("check", "nowhere.yaml"), ("check", "/"), ("load", "nowhere.yaml")])
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(words, db):
    with pytest.raises(CommandError, match="cannot be read: .*the name of one that ships"):
        run(*words)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "pack.yaml"
    path.write_bytes(b"key: caf\xe9")

    with pytest.raises(CommandError, match="not text in UTF-8"):
        run("check", str(path))


def test_load_publishes_and_says_so(db):
    said, _ = run("load", "adult-social-care", "--reason", "First", "--effective-on", "2026-11-02")

    version = Version.objects.get()
    assert said == "Published Adult social care case audits, version 1, in force from 2 November 2026.\n"
    assert (version.reason, str(version.effective_on)) == ("First", "2026-11-02")
    assert Event.objects.get().what == "framework.publish"


def test_loading_the_same_twice_says_that_nothing_changed(db):
    run("load", "adult-social-care")

    said, left = run("load", "adult-social-care")

    assert said.startswith("Nothing changed: Adult social care case audits, version 1 says the same.")
    assert (Version.objects.count(), left) == (1, 0)


def test_load_refuses_a_pack_with_faults_and_names_them(db, faulty):
    with pytest.raises(CommandError, match="3 faults"):
        run("load", str(faulty))

    assert not Version.objects.exists()


def test_what_was_exported_loads_as_the_same_and_exports_byte_for_byte(db, tmp_path):
    run("load", "adult-social-care")
    out = tmp_path / "out.yaml"

    run("export", "adult-social-care", "--out", str(out))

    assert read_pack(out.read_text()) == read_pack(PACK.read_text())
    assert "Nothing changed" in run("load", str(out))[0]
    assert run("export", "adult-social-care", "--version", "1")[0] == out.read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["another"], "Those published: adult-social-care"),
        (["adult-social-care", "--version", "7"], "has no version 7. The newest is version 1."),
        (["adult-social-care", "--out", "/nowhere/at/all.yaml"], "cannot be written"),
    ],
)
def test_an_export_that_cannot_be_is_refused(db, words, sentence):
    run("load", "adult-social-care")

    with pytest.raises(CommandError, match=sentence):
        run("export", *words)


def test_the_flow_and_the_reference_are_printed_as_documentation():
    assert run("flow", "adult-social-care")[0].startswith(
        "# Adult social care case audits: the steps of a case audit"
    )
    assert run("reference")[0].startswith("# The framework pack")
    with pytest.raises(CommandError, match="There is no flow “x”. Known: audit."):
        run("flow", "adult-social-care", "--flow", "x")


@pytest.mark.django_db
def test_two_documents_are_compared_in_words(tmp_path):
    run("load", "adult-social-care")
    after = tmp_path / "after.yaml"
    after.write_text(PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes"))

    assert run("diff", "adult-social-care@1", str(after)) == ("targets › monthly audits › number: 1 → 2\n", 0)
    assert run("diff", "adult-social-care@1", "adult-social-care") == ("Both say the same.\n", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing.yaml", "adult-social-care@7", "nothing@1"])
def test_what_cannot_be_compared_is_refused(name):
    run("load", "adult-social-care")

    with pytest.raises(CommandError):
        run("diff", name, "adult-social-care")


@pytest.mark.django_db
def test_a_framework_is_tried_on_the_command_line_and_nothing_is_kept():
    council, out = make_council(), io.StringIO()
    publish_pack()
    make_subject("CASE-1", unit=council.team, practitioner=council.priya)

    call_command("framework", "dry_run", "adult-social-care", "--on", "2026-11-02", stdout=out)

    assert "September 2026, 1 September 2026 to 30 September 2026" in out.getvalue()
    assert "cases 1, eligible 1, wanted 1, picked 1" in out.getvalue()
    assert "CASE-1" not in out.getvalue() and not DryRun.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_as_json_is_the_same_each_time():
    make_council()
    said = []
    for _ in range(2):
        out = io.StringIO()
        call_command("framework", "dry_run", str(PACK), "--on", "2026-11-02", "--json", stdout=out)
        said.append(json.loads(out.getvalue()))

    assert said[0] == said[1] and said[0]["key"] == "adult-social-care"
