"""Conditions as XLSForm writes them, where it has words for them."""

from __future__ import annotations

from collections.abc import Mapping

from goldenthread.rules.conditions import All, Any_, Compare, Condition, Not, Value

SIGNS = {"is_": "=", "is_not": "!=", "at_least": ">=", "at_most": "<="}


class Wordless(Exception):
    """The format has no words for a condition."""


def as_xpath(condition: Condition, names: Mapping[str, str], several: frozenset[str] = frozenset()) -> str:
    """The condition as a `relevant`; `Wordless` if it names something that is not a question of the form.

    `names` are what the questions are called in the file, `several` those that take several answers.
    """
    match condition:
        case All():
            return " and ".join(_bracketed(part, names, several) for part in condition.all)
        case Any_():
            return " or ".join(_bracketed(part, names, several) for part in condition.any)
        case Not():
            return f"not({as_xpath(condition.not_, names, several)})"
        case _:
            return _compare(condition, names, several)


def _bracketed(condition: Condition, names: Mapping[str, str], several: frozenset[str]) -> str:
    said = as_xpath(condition, names, several)
    return f"({said})" if isinstance(condition, All | Any_) or " or " in said else said


def _compare(compare: Compare, names: Mapping[str, str], several: frozenset[str]) -> str:
    if compare.answer is None or compare.answer not in names:
        raise Wordless
    subject = f"${{{names[compare.answer]}}}"
    if compare.known is not None:
        return f"{subject} {'!=' if compare.known else '='} ''"
    if compare.one_of is not None:
        if not compare.one_of:
            raise Wordless
        return " or ".join(
            _compare(Compare(answer=compare.answer, **{"is": value}), names, several)
            for value in compare.one_of
        )
    value = _literal(compare.operand_value)
    if compare.answer in several and compare.operator in ("is_", "is_not"):
        said = f"selected({subject}, {value})"
        return said if compare.operator == "is_" else f"not({said})"
    return f"{subject} {SIGNS[compare.operator]} {value}"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        raise Wordless
    if isinstance(value, int | float):
        said = repr(value)
        if "e" in said:
            raise Wordless
        return said
    if "${" in value:
        raise Wordless  # other tools take it for the name of a question, even in quotes
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    raise Wordless
