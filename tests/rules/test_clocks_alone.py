"""Only `rules.clocks` says when something is due."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "goldenthread"
RULES = {
    "rules/clocks.py",
    "rules/calendars.py",
    "rules/cycles.py",
    "rules/pauses.py",
    "rules/spans.py",
    "rules/stated_days.py",  # the day on which cases are counted, which is no due date
}
COUNTS_DAYS = {"add_working_days", "first_working_day", "last_working_day", "country_holidays"}
MAY_SET_DUE = {
    "tasks/operations/owing.py",
    "tasks/operations/pausing.py",  # as the rule of pauses says
    "tasks/models.py",
    "programmes/operations/commissions.py",  # until the audit is sent, and its tasks are made from it
    "escalations/operations/private.py",  # what the tasks of those who are asked by name say
}


def sources():
    """Every file outside the rules of time; the demo council's made-up past is nobody's due date."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if "migrations" not in path.parts and name not in RULES and not name.startswith("web/demo/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


SOURCES = list(sources())
NAMES = [name for name, _ in SOURCES]


def called(tree):
    """The names of what a file calls."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def given(tree):
    """The names of what a file passes or assigns."""
    keywords = {word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords}
    stored = (
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )
    return keywords | {node.attr for node in stored}


@pytest.mark.parametrize(("name", "tree"), SOURCES, ids=NAMES)
def test_no_clock_is_computed_outside_the_rules(name, tree):
    assert not called(tree) & COUNTS_DAYS


@pytest.mark.parametrize(("name", "tree"), SOURCES, ids=NAMES)
def test_a_due_date_is_set_where_a_clock_starts_and_nowhere_else(name, tree):
    assert "due_at" not in given(tree) or name in MAY_SET_DUE
