"""Who reads what was found, in every state, by every role; all others see only that the audit exists."""

import ast
from pathlib import Path

import pytest

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import note_finding
from goldenthread.audits.queries import (
    answers_shown,
    earlier_work_shown,
    findings_shown,
    judgements_shown,
    may_edit,
    may_read,
)
from goldenthread.findings.operations import Found
from tests.make import STATES, bring_to, make_audit, make_council, make_person, make_post, moment

pytestmark = pytest.mark.django_db
ON = moment("2026-11-05T10:00").date()
PACKAGE = Path(__file__).resolve().parents[2] / "goldenthread"

QUALITY = {"quinn", "quality_manager"}
MANAGERS = {"theo", "hana", "assistant_director", "director", "principal"}
READERS = {
    "allocated": {"ada"},
    "drafted": {"ada"},
    "discussed": {"ada"},
    "checking": {"ada"} | QUALITY,
    "returned": {"ada"} | QUALITY,
    "final": {"ada", "priya"} | QUALITY | MANAGERS,
    "filed": {"ada", "priya"} | QUALITY | MANAGERS,
}
SEES_THAT_IT_EXISTS = {"ada", "priya"} | QUALITY | MANAGERS
EVERYBODY = sorted(SEES_THAT_IT_EXISTS | {"sam", "administrator", "other_manager"})


@pytest.fixture
def council():
    found = make_council()
    for name, post, unit in (
        ("assistant_director", "assistant director", found.organisation),
        ("director", "director", found.organisation),
        ("principal", "principal social worker", found.other_service),
    ):
        person = make_person(name.replace("_", " ").title())
        make_post(person, post, unit)
        setattr(found, name, person)
    return found


@pytest.mark.parametrize("state", STATES)
def test_the_state_decides_who_reads_answers_grades_and_findings(council, state):
    audit = make_audit(council, state)

    readers = {name for name in EVERYBODY if may_read(audit, getattr(council, name), on=ON)}

    assert readers == READERS[state]


@pytest.mark.parametrize("state", ["drafted", "checking", "filed"])
def test_the_gates_of_answers_judgements_and_findings_all_follow_the_state(council, state):
    audit = make_audit(council, "drafted")
    found = Found(kind="good", text="Her own words throughout.", theme="voice", part="voice")
    note_finding(audit, found, by=council.ada, at=moment())
    for later in STATES[STATES.index("drafted") + 1 : STATES.index(state) + 1]:
        if later != "returned":
            bring_to(audit, later, council, at=moment(), grade="good")
            audit.refresh_from_db()

    for name in EVERYBODY:
        person = getattr(council, name)
        shown = (
            answers_shown(audit, person, on=ON).exists(),
            judgements_shown(audit, person, on=ON).exists(),
            findings_shown(audit, person, on=ON).exists(),
        )
        assert shown == ((name in READERS[state]),) * 3, name
        assert not earlier_work_shown(audit, person, on=ON).exists()


@pytest.mark.parametrize("state", STATES)
def test_who_may_know_that_an_audit_exists_does_not_change_with_its_state(council, state):
    audit = make_audit(council, state)

    seeing = {
        name
        for name in EVERYBODY
        if Audit.objects.visible_to(getattr(council, name), on=ON).filter(pk=audit.pk).exists()
    }

    assert seeing == SEES_THAT_IT_EXISTS


@pytest.mark.parametrize("state", STATES)
def test_only_the_auditor_writes_and_only_while_it_is_open(council, state):
    audit = make_audit(council, state)

    writers = {name for name in EVERYBODY if may_edit(audit, getattr(council, name), on=ON)}

    assert writers == ({"ada"} if state in ("allocated", "drafted", "discussed", "returned") else set())


def test_nothing_outside_operations_assigns_a_state():
    guilty = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        if "operations" not in path.relative_to(PACKAGE).as_posix() and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for each in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(each, ast.Attribute) and each.attr in ("state", "phase")
    ]

    assert not guilty
