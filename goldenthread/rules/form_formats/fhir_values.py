"""Values of FHIR: what stands under `value…` and `answer…`, and the choices of a question."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from goldenthread.rules.forms import NOT_ANSWERED

INSTEAD = "urn:goldenthread:not-answered"
"""The system of the codes for the ways of not answering."""
LARGEST = 10**15
POINTS = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def shown(value: Any) -> str:
    """Text that stands in a file, or a number as text; nothing for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def value_of(part: Mapping[str, Any], prefix: str = "value") -> Any:
    """Whatever stands under the key with this beginning."""
    return next((value for key, value in part.items() if key.startswith(prefix)), None)


def choices_of(options: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """The choices, the ways of not answering, and the systems that the codes are from."""
    choices: list[dict[str, Any]] = []
    instead: list[str] = []
    systems: list[str] = []
    for option in options:
        value = value_of(option)
        coding = value if isinstance(value, dict) else {}
        code = shown(coding.get("code")) or shown(coding.get("display")) if coding else shown(value)
        system = shown(coding.get("system"))
        if system == INSTEAD and code in NOT_ANSWERED:
            instead.append(code)
            continue
        if system and system not in systems:
            systems.append(system)
        choice: dict[str, Any] = {"key": code, "label": shown(coding.get("display")) or code}
        if (points := _points(option)) is not None:
            choice["points"] = points
        choices.append(choice)
    return choices, instead, systems


def is_number(value: Any) -> bool:
    """Whether a value is a number that can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) <= LARGEST


def _points(option: Mapping[str, Any]) -> float | None:
    for one in option.get("extension") or ():
        if isinstance(one, dict) and one.get("url") == POINTS:
            value = value_of(one)
            if is_number(value):
                return float(value)
    return None


def found_set(address: str, contained: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The choices of a value set that the file itself holds."""
    for one in contained:
        if one.get("resourceType") == "ValueSet" and address in (f"#{one.get('id')}", one.get("url")):
            return [{"valueCoding": coding} for coding in _codings(one)]
    return []


def _codings(valueset: Mapping[str, Any]) -> list[dict[str, Any]]:
    expansion = valueset.get("expansion")
    if isinstance(expansion, dict) and isinstance(expansion.get("contains"), list):
        return [one for one in expansion["contains"] if isinstance(one, dict)]
    compose = valueset.get("compose")
    included = compose.get("include") if isinstance(compose, dict) else None
    return [
        {**concept, "system": one.get("system")}
        for one in (included if isinstance(included, list) else [])
        if isinstance(one, dict)
        for concept in _concepts(one)
        if isinstance(concept, dict)
    ]


def _concepts(included: Mapping[str, Any]) -> list[Any]:
    found = included.get("concept")
    return found if isinstance(found, list) else []
