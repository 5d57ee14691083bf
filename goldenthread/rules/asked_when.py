"""Under which conditions a form asks, in a shape that two versions of it can be compared by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from goldenthread.rules.conditions import Condition
from goldenthread.rules.forms import Form

Terms = list[Any]


class AskedWhen(NamedTuple):
    """The conditions of each section and of each question, by key, those around it first."""

    sections: dict[str, Terms]
    questions: dict[str, Terms]


def asked_when(form: Form) -> AskedWhen:
    """The conditions of a form; what `same_as` ties to an earlier version stands by its earlier name."""
    earlier = {
        "answer": {one.key: one.same_as or one.key for one in form.questions()},
        "grade": {one.key: one.same_as or one.key for one in form.sections},
    }
    found = AskedWhen({}, {})
    for section in form.sections:
        around = [*form.holders(section)[::-1], section]
        found.sections[section.key] = [_terms(one.when, earlier) for one in around if one.when]
        for one in section.questions:
            own = [_terms(one.when, earlier)] if one.when else []
            found.questions[one.key] = found.sections[section.key] + own
    return found


def _terms(condition: Condition, earlier: Mapping[str, Mapping[str, str]]) -> Any:
    return _renamed(condition.model_dump(exclude_defaults=True), earlier)


def _renamed(terms: Any, earlier: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(terms, dict):
        return {
            name: earlier[name].get(held, held) if name in earlier else _renamed(held, earlier)
            for name, held in terms.items()
        }
    return [_renamed(one, earlier) for one in terms] if isinstance(terms, list | tuple) else terms
