"""What follows an audit, as data: which rules apply, how a grade has changed, which words are too vague."""

from datetime import date
from pathlib import Path

import pytest

from goldenthread.rules.actions import ActionRule, after_verification, may_close, questions_about
from goldenthread.rules.conditions import Known
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.responses import change_of, may_follow, that_apply
from goldenthread.rules.scales import UNGRADED, Scale

PACKS = Path(__file__).resolve().parents[2] / "goldenthread/packs"
DOCUMENT = (PACKS / "adult-social-care.yaml").read_text()
PACK = read_pack(DOCUMENT)
RULE = PACK.actions
WORST_FIRST = Scale.model_validate(
    {"direction": "worst first", "values": [{"key": key, "label": key} for key in ("1", "2", "3")]}
)


def applies(grade, change="", layer="routine"):
    known = Known(
        on=date(2026, 11, 2),
        facts={"layer": layer, "change": change},
        grades={("overall", "after the conversation"): grade},
        scale=PACK.scale_of("audit"),
    )
    kind = "re-audit" if layer == "re-audit" else "audit"
    return that_apply(PACK.responses, may_follow(PACK.responses, kind, known))


@pytest.mark.parametrize(
    ("grade", "change", "layer", "expected"),
    [
        ("inadequate", "", "routine", ["discuss soon"]),
        ("requires improvement", "", "routine", ["discuss"]),
        ("good", "", "routine", ["discuss", "acknowledge"]),
        ("outstanding", "", "routine", ["discuss", "acknowledge"]),
        ("requires improvement", "same", "re-audit", ["discuss soon"]),
        ("requires improvement", "better", "re-audit", ["discuss"]),
        ("requires improvement", "worse", "re-audit", ["discuss soon"]),
        ("inadequate", "same", "re-audit", ["discuss soon"]),
        ("good", "worse", "re-audit", ["discuss soon", "acknowledge"]),
        ("good", "same", "re-audit", ["discuss", "acknowledge"]),
    ],
)
def test_the_grade_and_the_change_set_what_follows(grade, change, layer, expected):
    assert applies(grade, change, layer) == expected


@pytest.mark.parametrize(
    ("before", "after", "scale", "expected"),
    [
        ("inadequate", "good", PACK.scale_of("audit"), "better"),
        ("good", "inadequate", PACK.scale_of("audit"), "worse"),
        ("good", "good", PACK.scale_of("audit"), "same"),
        ("1", "3", WORST_FIRST, "better"),
        ("3", "1", WORST_FIRST, "worse"),
        (None, "good", PACK.scale_of("audit"), ""),
        ("good", None, PACK.scale_of("audit"), ""),
        ("good", "good", UNGRADED, ""),
    ],
)
def test_change_goes_by_places_on_the_scale_whatever_the_words(before, after, scale, expected):
    assert change_of(before, after, scale, scale) == expected


def test_grades_of_different_scales_are_not_compared():
    assert change_of("good", "3", WORST_FIRST, PACK.scale_of("audit")) == ""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Remind staff to record capacity", True),
        ("REMIND   STAFF, please, of the recording policy", True),
        ("Ensure that visits are recorded in time", True),
        ("Do better", True),
        ("Priya rewrites the risk assessment of this case with her supervisor", False),
        ("Visit with the reminders of last staffing plan", False),
        ("Priya rewrites the plan", False),  # as few words as may be
        ("Rewrite the plan", True),
    ],
)
def test_vague_words_are_questioned_and_specific_ones_are_not(text, asked):
    assert bool(questions_about(text, RULE)) is asked


def test_done_is_not_closed_where_a_proof_was_chosen():
    assert not may_close("open", proof="")
    assert may_close("done", proof="")
    assert not may_close("done", proof="sample")
    assert may_close("verified", proof="sample")
    assert after_verification(held=False) == after_verification(held=False, more=True) == "open"
    assert after_verification(held=True) == "verified"
    assert after_verification(held=True, more=True) == "done"


def changed(change):
    data = read_document(DOCUMENT).data
    change(data)
    return [fault.sentence for fault in faults(write_document(data))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda data: data["responses"]["discuss"]["discussion"].update(clock="dicuss"),
            "did you mean “discuss”",
        ),
        (
            lambda data: data["responses"]["discuss"]["discussion"].update({"with": ["pracitioner"]}),
            "practitioner",
        ),
        (lambda data: data["responses"]["discuss"]["discussion"].update(clock="file"), "clock with a length"),
        (lambda data: data["responses"]["discuss"].update(after=["audits"]), "audit type"),
        (lambda data: data["responses"].update(later=data["responses"]["discuss"]), "never reached"),
        (lambda data: data.pop("actions"), "no “actions”"),
        (lambda data: data["actions"].pop("proofs"), "no way to prove"),
        (lambda data: data["actions"].update(closing="nothing"), "no clock “nothing”"),
        (lambda data: data["responses"]["acknowledge"].pop("acknowledgement"), "Say what follows"),
        (
            lambda data: data["responses"]["acknowledge"].update(when={"fact": "chnage", "is": "same"}),
            "change",
        ),
    ],
)
def test_a_fault_of_what_follows_is_said_in_a_sentence(change, said):
    assert any(said in sentence for sentence in changed(change)), changed(change)


@pytest.mark.parametrize("name", ["adult-social-care", "childrens-services", "skeleton/new-framework"])
def test_what_ships_says_what_follows_or_nothing_at_all(name):
    pack = read_pack((PACKS / f"{name}.yaml").read_text())

    assert bool(pack.responses) is (name != "skeleton/new-framework")
    assert pack.actions is None or isinstance(pack.actions, ActionRule)
