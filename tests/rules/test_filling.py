"""Forms filled in at random: valid, the same for the same seed, and a rule that never fits is named."""

from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from goldenthread.rules.answering import fault_of
from goldenthread.rules.dice import Dice
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.filling import FORMS, fill, try_rules
from goldenthread.rules.forms import missing
from goldenthread.rules.reading import read_pack

PACKS = Path(__file__).resolve().parents[2] / "goldenthread" / "packs"
ADULTS = PACKS / "adult-social-care.yaml"
ON = date(2026, 10, 1)
KINDS = [
    (path, kind) for path in sorted(PACKS.glob("*.yaml")) for kind in read_pack(path.read_text()).audit_types
]


@pytest.mark.parametrize(("path", "kind"), KINDS, ids=lambda one: getattr(one, "stem", one))
def test_every_form_of_every_shipped_framework_is_filled_in_whole_and_validly(path, kind):
    pack = read_pack(path.read_text())

    for number in range(8):
        sheet, _ = fill(pack, kind, Dice(f"seed {number}"), on=ON)

        form = pack.form_of(kind)
        assert not missing(form, sheet.given, sheet.known, sheet.skipped)
        assert not [key for key, one in sheet.given.items() if fault_of(form.question_at(key)[0], one)]


def test_a_section_that_repeats_is_filled_in_row_by_row():
    data = deepcopy(read_document(ADULTS.read_text()).data)
    section = next(one for one in data["forms"]["case audit"]["sections"] if not one.get("graded"))
    section["repeats"] = {"title": "each visit", "at_least": 2}
    pack = read_pack(write_document(data))

    sheet, _ = fill(pack, "audit", Dice("a"), on=ON)

    rows = sheet.known.rows[section["key"]]
    assert len(rows) >= 2
    assert all(f"{section['questions'][0]['key']}@{row.key}" in sheet.given for row in rows)
    assert not missing(pack.form_of("audit"), sheet.given, sheet.known, sheet.skipped)


def ruled(*rules):
    """The shipped framework, graded by rules."""
    data = deepcopy(read_document(ADULTS.read_text()).data)
    data["grading"][data["audit_types"]["audit"]["grading"]]["rules"] = list(rules)
    return read_pack(write_document(data))


CAP = {
    "kind": "cap",
    "grade": "requires improvement",
    "when": {"fact": "critical missed", "at_least": 1},
    "because": "A critical point was missed.",
}
NEVER = {
    "kind": "cap",
    "grade": "requires improvement",
    "when": {"fact": "critical missed", "at_least": 100},
    "because": "A hundred critical points were missed.",
}
GOOD = {"kind": "suggest", "grade": "good", "because": "Nothing speaks against it."}


def test_the_grades_that_would_be_suggested_stand_with_their_sentence_and_how_often():
    found = try_rules(ruled(CAP, GOOD), "audit", seed="1", on=ON)

    by_sentence = {one.sentence: one for one in found.outcomes}
    assert by_sentence["Nothing speaks against it."].grade == "Good"
    assert found.forms == FORMS and sum(one.forms for one in found.outcomes) == FORMS


def test_a_rule_that_never_fits_is_named_with_its_sentence():
    found = try_rules(ruled(CAP, NEVER, GOOD), "audit", seed="1", on=ON)

    silent = {one.because: one.place for one in found.silent}
    assert silent["A hundred critical points were missed."] == 2
    assert "Nothing speaks against it." not in silent


def test_the_same_seed_fills_the_same_forms_and_another_does_not():
    pack = ruled(CAP, GOOD)

    assert fill(pack, "audit", Dice("a"), on=ON)[0] == fill(pack, "audit", Dice("a"), on=ON)[0]
    assert fill(pack, "audit", Dice("a"), on=ON)[0] != fill(pack, "audit", Dice("b"), on=ON)[0]
