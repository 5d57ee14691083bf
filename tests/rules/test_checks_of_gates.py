# ruff: noqa: E501 - a table of cases
"""Gates that could never be opened, or wait before what is not there, are faults with their place."""

import pytest

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.gates import ConsentAsked, missing_in_words, still_missing
from goldenthread.rules.reading import faults
from tests.make import PACK

CLOCK = {"title": "Consent", "length": "5 working days", "starts": "then", "owed_by": "team manager"}
GATE = {"steps": ["file"], "consents": [{"clock": "one"}], "says": "Ask first."}
CLOSED = {"keeps_closed": {"what": ["the audit"]}, "consents": [{"clock": "one"}], "says": "Ask first."}


def faults_of(gate, clock=CLOCK, **roles):
    """What is wrong with the shipped framework and this gate."""
    data = read_document(PACK.read_text()).data
    data["clocks"]["one"] = clock
    data["roles"] |= roles
    data["gates"] = {"consent": gate}
    return [str(fault) for fault in faults(write_document(data))]


@pytest.mark.parametrize("gate", [GATE, CLOSED, GATE | {"open_if": {"fact": "open alerts", "is": 0}}])
def test_a_gate_that_can_be_opened_is_no_fault(gate):
    assert faults_of(gate) == []


@pytest.mark.parametrize(
    ("gate", "place", "said"),
    [
        (GATE | {"consents": [{"clock": "two"}]}, "consents › 1 › clock", "There is no clock “two”"),
        (GATE | {"consents": [{"clock": "one"}, {"clock": "one"}]}, "consents › 2 › clock", "a clock of its own"),
        (GATE | {"consents": [{"clock": "amend"}]}, "consents › 1 › clock", "a clock of its own"),
        (GATE | {"consents": [{"clock": "complete the audit"}]}, "clock", "not when the cycle closes"),
        (GATE | {"keeps_closed": {"what": ["the audit"]}}, "gates › consent", "Say what waits"),
        ({"says": "No.", "consents": [{"clock": "one"}]}, "gates › consent", "Say what waits"),
        ({"says": "No.", "steps": ["file"]}, "gates › consent", "Say what opens it"),
        (CLOSED | {"passed_by": ["quality team"]}, "gates › consent", "opens by consents alone"),
        (CLOSED | {"keeps_closed": {"what": ["attached files"]}}, "what › 1", "No question of these audits"),
        (CLOSED | {"keeps_closed": {"what": ["parts from outside"]}}, "what › 1", "Nobody from outside fills in"),
        (CLOSED | {"keeps_closed": {"what": ["the audit"], "audit_types": ["look"]}}, "audit_types › 1", "There is no kind of audit “look”"),
        (CLOSED | {"keeps_closed": {"what": ["the audit"], "open_to": ["king"]}}, "open_to › 1", "There is no role “king”"),
        (CLOSED | {"keeps_closed": {"what": ["the audit"], "when": {"fact": "mood", "is": "x"}}}, "when › fact", "There is no fact “mood”"),
        (CLOSED | {"keeps_closed": {"what": ["the audit"], "when": {"grade": "overall", "is": "good"}}}, "when", "not known when an audit is sent"),
    ],
)  # fmt: skip
def test_a_gate_that_cannot_do_what_it_says_is_a_fault_with_its_place(gate, place, said):
    assert any(place in one and said in one for one in faults_of(gate)), faults_of(gate)


def test_whoever_consents_must_see_that_the_audit_is_there_and_be_enough_people():
    blind = {"title": "Clerk", "post": "clerk", "of": "anywhere"}
    assert any(
        "may not “see audits”" in one for one in faults_of(GATE, CLOCK | {"owed_by": "clerk"}, clerk=blind)
    )
    two = GATE | {"consents": [{"clock": "one", "number": 2}]}
    found = faults_of(two, CLOCK | {"owed_by": "practitioner"})
    assert any("One person at most is “practitioner”" in one for one in found)


@pytest.mark.parametrize(
    ("given", "left", "said"),
    [
        ([], {"a": 1, "b": 2}, "Still missing: the consent of the manager and of 2 people as the panel."),
        (["a", "b"], {"b": 1}, "Still missing: the consent of the panel."),
        (["a", "b", "b", "b"], {}, ""),
    ],
)
def test_what_is_missing_is_counted_and_said(given, left, said):
    asked = [ConsentAsked(clock="a"), ConsentAsked(clock="b", number=2)]

    assert still_missing(asked, given) == left
    assert missing_in_words(left, {"a": "manager", "b": "panel"}) == said
