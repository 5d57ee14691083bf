"""Reading framework packs: the shipped pack, every kind of fault, and the way out and in again."""

import time
from pathlib import Path

import pytest

from goldenthread.rules.documents import LARGEST
from goldenthread.rules.reading import examine, faults, read_pack, read_published, write_pack
from goldenthread.rules.refusal import Refused

PACK = (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()


def after(*changes):
    """The shipped pack with the first place of each text replaced."""
    document = PACK
    for before, now in changes:
        assert before in document, before
        document = document.replace(before, now, 1)
    return document


def said(document):
    """Every fault as (path, sentence)."""
    return [(fault.where, fault.sentence) for fault in faults(document)]


def test_the_shipped_pack_has_no_faults():
    assert faults(PACK) == []


def test_what_was_written_reads_as_the_same_and_is_written_the_same_again():
    pack = read_pack(PACK)

    written = write_pack(pack)

    assert read_pack(written) == pack
    assert write_pack(read_pack(written)) == written


STRUCTURE = [
    (("phase: owed", "phase: owd"), "flows › audit › states › allocated › phase", "did you mean “owed”?"),
    (
        ("phase: owed", "phase: owed\n        lable: x"),
        "flows › audit › states › allocated › lable",
        "did you mean “label”?",
    ),
    (
        ("phase: owed", "phase: owed\n        lable: x"),
        "flows › audit › states › allocated › lable",
        "Known keys: phase, label",
    ),
    (("capacity: 2", "capacity: 0"), "pairing › audits › capacity", "“0” is too low; write 1 or more."),
    (("capacity: 2", "capacity: 200"), "pairing › audits › capacity", "“200” is too high; write 50 or less."),
    (
        ("capacity: 2", "capacity: two"),
        "pairing › audits › capacity",
        "“two” stands here; write a whole number.",
    ),
    (("capacity: 2", ""), "pairing › audits › capacity", "“capacity” is missing here; add it."),
    (
        ("[August, December]", "[Augst]"),
        "calendar › left_out › 1",
        "“Augst” is not known here; did you mean “August”?",
    ),
    (("[August, December]", "August"), "calendar › left_out", "“August” stands here; write a list"),
    (("themed: [February", "themed: [August"), "calendar", "August is left out, so it cannot be themed."),
    (
        ("length: 1 working day", "length: a day"),
        "clocks › quality check › length",
        "is not a length of time.",
    ),
    (
        ("until: the cycle closes", "until: soon"),
        "clocks › complete the audit › until",
        "Write one of: the cycle closes, its trigger says.",
    ),
    (
        ("at_least: 3 months", "at_least: 3 moths"),
        "selection › monthly sample › exclude › 5 › when › not",
        "“3 moths” is not a span",
    ),
    (("is: open", "iz: open"), "selection › monthly sample › frame › iz", "There is no key “iz” here."),
    (("good: true", "good: very"), "scales › grades › values › outstanding › good", "write true or false."),
    (
        ("points: 1}", "points: lots}"),
        "forms › case audit › sections › basics › questions › details current › choices › yes › points",
        "write a number.",
    ),
    (
        ("type: yes or no", "type: yes/no"),
        "forms › case audit › sections › basics › questions › details current › type",
        "did you mean “yes or no”?",
    ),
    (
        ('evidence: ["no"]', "evidence: maybe"),
        "forms › case audit › sections › basics › questions › details current › evidence",
        "Write one of: always, never.",
    ),
    (
        ('evidence: ["no"]', "evidence: [perhaps]"),
        "forms › case audit › sections › basics › questions › details current",
        "Evidence is asked for “perhaps”",
    ),
    (
        ("title: Case audit tool", "title: [a, b]"),
        "forms › case audit › title",
        "A list stands here; write text",
    ),
    (
        ("relation: practitioner", "relation: friend"),
        "roles › practitioner › relation",
        "“friend” is not known here",
    ),
    (
        ("relation: practitioner", "relation: practitioner\n    post: clerk"),
        "roles › practitioner",
        "exactly one of post, relation or people",
    ),
    (
        ("posts: [senior manager, QA manager]", "posts: []"),
        "pairing › re-audits › pools › 1 › posts",
        "name at least 1.",
    ),
    (("key: adult-social-care", "key: Adult Social Care"), "key", "does not serve as a name"),
    (
        ("owner: Quality assurance and practice improvement", "owner:"),
        "owner",
        "Nothing stands here; write text",
    ),
    (
        ("  auditor: {one: auditor, many: auditors}", "  auditr: {one: auditor, many: auditors}"),
        "vocabulary › auditr",
        "did you mean “auditor”?",
    ),
]


@pytest.mark.parametrize(("change", "path", "sentence"), STRUCTURE)
def test_a_part_that_is_not_as_it_should_be_is_named_with_its_path(change, path, sentence):
    found = said(after(change))

    assert [one for one in found if one[0] == path and sentence in one[1]], found
    assert len(found) == 1 or path.endswith("iz"), found


def test_every_fault_is_named_at_once_whatever_its_kind():
    document = after(
        ("phase: owed", "phase: owd"),
        ("capacity: 2", "capacity: none"),
        ("colour: green", "colour: green\n        tone: dark"),
        ("owed_by: quality team", "owed_by: quality tea"),
        ('reference}: to check"', 'reference} {grade}: to check"'),
    )

    assert [fault.path[-1] for fault in faults(document)] == [
        "capacity",
        "tone",
        "phase",
        "owed_by",
        "subject",
    ]


def test_a_fault_names_the_line_of_the_file():
    document = after(("phase: owed", "phase: owd"))

    line = document[: document.index("phase: owd")].count("\n") + 1
    assert [fault.line for fault in faults(document)] == [line]


def test_what_refers_to_a_part_that_could_not_be_read_is_not_called_a_fault():
    document = after(("    post: team manager\n", ""))

    assert [fault.where for fault in faults(document)] == ["roles › team manager"]


YAML = [
    ("", "The document is empty."),
    ("# nothing\n", "The document is empty."),
    ("null", "There is nothing in the document."),
    ("- a\n- b", "A framework is a list of keys and values"),
    ("key: a: b", "This cannot be read as YAML at line 1"),
    ("key: [a", "This cannot be read as YAML"),
    ("\tkey: a", "This cannot be read as YAML"),
    ("[" * 5000, "more than 40 deep"),
    ("{a: " * 5000, "more than 40 deep"),
    ("key: \x07", "Line 1 holds a character that cannot be shown"),
    ('key: "\\0"', "This text holds a character that cannot be shown"),
    ('key: "\\ud800"', "cannot be"),
    ('key: "\\x85"', "cannot be shown"),
    ("key: a\u2028b", "Line 1 holds a character that cannot be shown"),
    ("key: a\nkey: b", "“key” stands here twice"),
    ("key: &a x\ntitle: *a", "Anchors and aliases"),
    ("key: !!python/object/apply:os.system [ls]", "Tags (!) are not read"),
    ("1: x", "The key 1 is not text"),
    ("? [a, b]\n: x", "A key here is not a word"),
    ("<<: {key: x}", "Merging with “<<” is not read"),
    ("key: a\n---\nkey: b", "more than one document"),
    ("x" * (LARGEST + 1), "larger than"),
]


@pytest.mark.parametrize(("document", "sentence"), YAML)
def test_a_document_that_is_not_plain_yaml_is_refused_in_a_sentence(document, sentence):
    assert any(sentence in fault.sentence for fault in faults(document)), said(document)
    with pytest.raises(Refused):
        read_pack(document)


def test_many_aliases_of_aliases_are_not_multiplied():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(letter)}: &{chr(letter)} [{', '.join(['*' + chr(letter - 1)] * 9)}]\n"
        for letter in range(98, 110)
    )

    began = time.perf_counter()
    found = faults(bomb)

    assert time.perf_counter() - began < 2
    assert any("Anchors and aliases" in fault.sentence for fault in found)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("2026-11-02", "2026-11-02"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
    ],
)
def test_unquoted_words_that_older_yaml_takes_for_something_else_are_text(written, read):
    pack = read_pack(after(("owner: Quality assurance and practice improvement", f"owner: {written}")))

    assert pack.owner == read


def test_a_number_where_text_belongs_is_a_fault_that_says_to_quote_it():
    document = after(("owner: Quality assurance and practice improvement", "owner: 2026"))

    assert said(document) == [
        (
            "owner",
            "“2026” stands here; write text, in quotes if it looks like a number or like true or false.",
        )
    ]


def test_the_line_endings_and_the_mark_of_windows_make_no_difference():
    assert read_pack("\ufeff" + PACK.replace("\n", "\r\n")) == read_pack(PACK)


def test_a_refusal_shows_no_more_faults_than_a_screen_holds():
    document = PACK.replace("instead: [not seen]", "insted: [not seen]").replace(
        "type: long text", "typ: long text"
    )

    with pytest.raises(Refused, match="and [0-9]+ more") as refusal:
        read_pack(document)

    assert len(str(refusal.value).splitlines()) == 22


def test_what_can_be_read_of_a_faulty_pack_is_there_to_be_shown():
    pack, found = examine(after(("owed_by: quality team", "owed_by: quality tea")))

    assert pack is not None and len(found) == 1


def test_a_published_version_can_still_be_read_when_a_later_release_is_stricter():
    older = after(("title: Case audit\n", "title: Case audit\n    documents: [Audit tool]\n"))

    assert faults(older)
    assert read_published(older) == read_pack(PACK)
    with pytest.raises(Refused, match="published by another release"):
        read_published("key: x")
