"""Kinds of subject in a framework: what each must be told, and what does not fit together (1.2, trap 18)."""

import copy

import pytest

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from tests.make import PACK
from tests.subject_packs import KINDS, pack_looking_at

LOOKING = read_document(pack_looking_at("home")).data


def said(change):
    """The sentences about a pack with a change."""
    data = copy.deepcopy(LOOKING)
    change(data)
    return [fault.sentence for fault in faults(write_document(data))]


@pytest.mark.parametrize("name", KINDS)
def test_a_framework_may_look_at_any_kind(name):
    assert faults(pack_looking_at(name)) == []


def test_a_framework_without_subjects_looks_at_cases():
    assert faults(PACK.read_text()) == []


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ({"come_from": "units"}, "needs “units”"),
        ({"come_from": "staff"}, "needs “posts”"),
        ({"come_from": "supervision", "posts": ["practitioner"]}, "needs “led_by”"),
        ({"come_from": "completed audits"}, "needs “audits”"),
        ({"come_from": "a list", "posts": ["practitioner"]}, "has no “posts”"),
        ({"come_from": "staff", "posts": ["practitioner"], "about_staff": True}, "has no “about_staff”"),
        ({"come_from": "thin air"}, "is not known here"),
        ({"come_from": "completed audits", "audits": ["adit"]}, "did you mean “audit”"),
    ],
)
def test_a_kind_is_told_what_it_needs_and_no_more(kind, sentence):
    found = said(lambda data: data.update(subjects={"home": {"one": "home", "many": "homes", **kind}}))

    assert any(sentence in one for one in found)


def to_the_case_record(data):
    data["audit_types"]["look"] |= {"flow": "audit", "form": "case audit", "grading": "case audit"}


@pytest.mark.parametrize(
    ("subject", "filing", "is_fault"),
    [
        ("home", "case record", False),
        ("home", "kept here", True),
        ("staff file", "case record", True),
        ("pair", "case record", True),
        ("finished audit", "case record", True),
    ],
)
def test_what_stays_off_the_case_record_has_no_step_that_files_it_there(subject, filing, is_fault):
    data = read_document(pack_looking_at(subject)).data
    to_the_case_record(data)
    data["audit_types"]["look"]["filing"] = filing

    found = [fault.sentence for fault in faults(write_document(data))]

    assert any("stays off the case record" in one for one in found) == is_fault


def without_staff_files(data):
    data["subjects"]["home"] = {
        "one": "file",
        "many": "files",
        "come_from": "staff",
        "posts": ["practitioner"],
    }
    data["roles"]["quality team"]["may"].remove("see staff files")


def another_subject(data):
    data["audit_types"]["look"]["subject"] = "hone"


def unused(data):
    del data["audit_types"]["look"]["subject"]


def a_case(data):
    data["subjects"]["case"] = data["subjects"]["home"]


def looked_at_again_as_a_case(data):
    data["re_audit"][0]["after"].append("look")


def a_share_of_both(data):
    data["targets"]["both"] = {"title": "Both", "counts": ["audit", "look"], "per": "team", "each": "quarter"}
    data["targets"]["both"]["per_cent"] = 5


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without_staff_files, "let a role “see staff files”"),
        (another_subject, "There is no kind of subject “hone”; did you mean “home”?"),
        (unused, "Nothing uses this part"),
        (a_case, "The case is there without being listed"),
        (looked_at_again_as_a_case, "give both the same subject"),
        (a_share_of_both, "these audits look at several; make a target for each."),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_do(change, sentence):
    assert any(sentence in one for one in said(change))
