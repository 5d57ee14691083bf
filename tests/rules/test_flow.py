"""The flow: which step may be taken, by whom, from where; one table behind buttons, refusals and drawings."""

from itertools import product
from pathlib import Path

import pytest

from goldenthread.rules.flow import PHASES, Phase
from goldenthread.rules.reading import read_pack
from goldenthread.rules.refusal import Refused

PACK = read_pack(
    (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
)
FLOW = PACK.flows["audit"]

WAYS = [
    ("finish draft", "allocated", "drafted", "auditor"),
    ("arrange conversation", "drafted", "drafted", "auditor"),
    ("hold conversation", "drafted", "discussed", "auditor"),
    ("submit", "discussed", "checking", "auditor"),
    ("return", "checking", "returned", "quality team"),
    ("return and discuss", "checking", "returned", "quality team"),
    ("resubmit", "returned", "checking", "auditor"),
    ("not accept", "returned", "not accepted", "quality team"),
    ("not accept", "returned", "not accepted", "quality manager"),
    ("exempt", "allocated", "exempt", "director"),
    ("accept", "checking", "final", "quality team"),
    ("file", "final", "filed", "auditor"),
    ("file", "final", "filed", "quality team"),
]


@pytest.mark.parametrize(("step", "state", "to", "role"), WAYS)
def test_a_step_leads_on_for_whoever_may_take_it(step, state, to, role):
    assert FLOW.move(step, state=state, roles={role}).to == to


def test_every_other_step_from_every_other_state_by_anybody_else_is_refused():
    allowed = {(step, state, role) for step, state, _, role in WAYS}
    for step, state, role in product(FLOW.steps, FLOW.states, PACK.roles):
        if (step, state, role) in allowed:
            continue
        with pytest.raises(Refused):
            FLOW.move(step, state=state, roles={role})


def test_a_refusal_says_what_stands_in_the_way():
    with pytest.raises(Refused, match="“Accept” cannot be done now: the audit is allocated."):
        FLOW.move("accept", state="allocated", roles={"quality team"})
    with pytest.raises(Refused, match="“Accept” can be done only by the quality team."):
        FLOW.move("accept", state="checking", roles={"auditor"})
    with pytest.raises(Refused, match="There is no step “approve”"):
        FLOW.move("approve", state="checking", roles={"auditor"})


def test_the_buttons_are_the_steps_that_would_not_be_refused():
    for state, role in product(FLOW.states, PACK.roles):
        shown = {name for name, _ in FLOW.open_to(state=state, roles={role})}

        assert shown == {step for step, at, _, by in WAYS if (at, by) == (state, role)}


def test_the_drawing_for_the_documentation_has_every_step():
    drawing = FLOW.diagram()

    assert drawing.startswith("stateDiagram-v2\n    [*] --> allocated\n")
    assert "checking --> returned: Return with points and a discussion" in drawing
    assert drawing.count("-->") == 1 + len(FLOW.steps)


def test_every_phase_has_its_words():
    assert set(PHASES) == set(Phase.__args__)


def test_a_second_re_audit_asks_the_team_manager_to_the_conversation():
    manager = next(one for one in FLOW.conversation if one.role == "team manager")

    assert manager.when.fact == "earlier re-audits" and manager.when.at_least == 1
