"""How the grades of several returns compare, and what a framework may say of returns."""

import pytest

from goldenthread.rules.reading import faults
from goldenthread.rules.returns import agreement, compared
from goldenthread.rules.scales import Scale
from tests.return_packs import AGENCIES, CLOCK, SELF_AND_PANEL, with_returns

ONE = "audit_types: {{audit: {{returns: {{panel: {{title: Panel, role: auditor, clock: return{}}}}}}}}}\n"


def scale(direction, *keys):
    values = [{"key": key, "label": f"Words of {key}", "excluded": key == "none"} for key in keys]
    return Scale.model_validate({"direction": direction, "values": values})


BEST_FIRST = scale("best first", "a", "b", "c", "d", "none")
WORST_FIRST = scale("worst first", "d", "c", "b", "a", "none")


@pytest.mark.parametrize("on", [BEST_FIRST, WORST_FIRST])
@pytest.mark.parametrize(
    ("grades", "apart", "words"),
    [
        (["a", "a"], 0, "The same"),
        (["a", "b"], 1, "1 place apart"),
        (["d", "a", "b"], 3, "3 places apart"),
        (["a", "none"], None, "Nothing to compare"),
        (["a", ""], None, "Nothing to compare"),
        (["a", "none", "c"], 2, "2 places apart"),
        ([], None, "Nothing to compare"),
    ],
)
def test_grades_are_compared_by_their_places_on_the_scale(on, grades, apart, words):
    found = compared(on, grades)

    assert (found.apart, found.words) == (apart, words)


def test_agreement_counts_only_what_can_be_compared():
    found = [compared(BEST_FIRST, grades) for grades in (["a", "a"], ["a", "c"], ["b", "none"])]

    assert agreement(found) == (1, 2)


@pytest.mark.parametrize("overlay", [AGENCIES, SELF_AND_PANEL])
def test_a_framework_with_returns_is_read_without_a_fault(overlay):
    assert faults(with_returns(overlay)) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("role: auditr", "There is no role “auditr”; did you mean “auditor”?"),
        ("clock: retrun", "There is no clock “retrun”"),
        ("sections: [basix]", "There is no section “basix”; did you mean “basics”?"),
        ("needed_for: [finish]", "There is no step “finish”"),
        (
            "filled_in_by: somebody invited from outside, sees_others: at any time",
            "Somebody invited from outside sees their own return alone",
        ),
    ],
)
def test_what_a_return_names_and_is_not_there_is_said_with_its_place(wrong, sentence):
    overlay = AGENCIES + f"      odd: {{title: Odd, role: auditor, clock: return, {wrong}}}\n"
    overlay = overlay.replace("role: auditor, clock: return, role", "clock: return, role")
    overlay = overlay.replace("clock: return, clock", "clock")

    found = faults(with_returns(overlay))

    assert any(sentence in fault.sentence for fault in found), found
    assert any("returns" in fault.where for fault in found), found


def test_all_returns_are_not_asked_for_where_there_are_none():
    document = with_returns("flows: {audit: {steps: {finish draft: {requires: [answers, all returns]}}}}\n")

    found = faults(document)

    assert any("No audit with these steps has returns" in fault.sentence for fault in found)


@pytest.mark.parametrize(
    "overlay",
    [
        f"{CLOCK}flows: {{audit: {{steps: {{file: {{requires: [all returns]}}}}}}}}\n" + ONE.format(""),
        CLOCK + ONE.format(", needed_for: [file]"),
    ],
)
def test_no_step_waits_for_returns_once_the_work_on_the_audit_is_over(overlay):
    found = [fault.sentence for fault in faults(with_returns(overlay))]

    assert any("Nobody can send in a return once the audit is in" in sentence for sentence in found), found
