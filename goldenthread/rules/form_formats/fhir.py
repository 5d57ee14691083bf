"""Reads a FHIR R4 Questionnaire, leniently: what it holds beyond the form is listed, item by item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from goldenthread.rules.attachments import FILE, MOST_MEGABYTES
from goldenthread.rules.conditions import All, Any_, Compare, Condition
from goldenthread.rules.form_formats.building import Builder
from goldenthread.rules.form_formats.drafts import (
    FOR_EACH,
    MOST_ITEMS,
    Asked,
    Counts,
    Draft,
    Group,
    Item,
    NotUnderstoodError,
    Said,
    slug,
)
from goldenthread.rules.form_formats.expressions import compare, question_called
from goldenthread.rules.form_formats.fhir_values import choices_of, found_set, is_number, shown, value_of
from goldenthread.rules.form_formats.keeping import from_text
from goldenthread.rules.refusal import Refused
from goldenthread.rules.rows import MOST_ROWS, MOST_UNSAID
from goldenthread.rules.signing import SIGNATURE

FORMAT = "fhir"
LARGEST = 10_000_000
DEEPEST = 30
BESIDE = "urn:goldenthread:form"
"""The extension for what FHIR has no words for."""
CORE = "http://hl7.org/fhir/StructureDefinition/"
LIMITS = {f"{CORE}minValue": "at_least", f"{CORE}maxValue": "at_most"}
OCCURS = {f"{CORE}questionnaire-minOccurs": "at_least", f"{CORE}questionnaire-maxOccurs": "at_most"}
"""The fewest and the most rows of a group that repeats."""
INSTRUCTION = f"{CORE}questionnaire-instruction"
LARGEST_FILE = f"{CORE}maxSize"
"""The largest size of a file, in megabytes."""
SIGNATURE_REQUIRED = f"{CORE}questionnaire-signatureRequired"
SIGNATURE_TYPE = {"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.5"}
"""The kind of signature that whoever verifies something gives."""
CONTROL = f"{CORE}questionnaire-itemControl"
SIMPLE = {
    "boolean": "yes or no",
    "decimal": "number",
    "integer": "whole number",
    "date": "date",
    "string": "text",
    "text": "long text",
    "reference": "person",
    "display": "note",
}
TYPED_IN = {
    "dateTime": "A date with a time",
    "time": "A time of day",
    "url": "An address on the web",
    "quantity": "A number with a unit",
}
READ = frozenset(
    [
        "linkId",
        "text",
        "prefix",
        "type",
        "required",
        "repeats",
        "enableWhen",
        "enableBehavior",
        "answerOption",
        "answerValueSet",
        "item",
        "extension",
    ]
)
ABOUT_ITSELF = frozenset(
    ["resourceType", "id", "status", "url", "version", "title", "name", "item", "contained", "extension"]
)


def is_questionnaire(data: object) -> bool:
    """Whether JSON is a Questionnaire."""
    return isinstance(data, dict) and data.get("resourceType") == "Questionnaire"


def read_json(content: bytes) -> Any:
    """JSON as plain data; `Refused` if it is none, too large, or too deep to be a form."""
    if len(content) > LARGEST:
        raise Refused("The file is far larger than any form, so it was not read.")
    try:
        data = json.loads(content)
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused("The file holds half of a character, which cannot be shown. Export it again.") from None
    except RecursionError:
        raise Refused("The parts of the file lie deeper within each other than those of any form.") from None
    except (ValueError, UnicodeDecodeError) as fault:
        raise Refused("The file looks like JSON and cannot be read as such.") from fault
    return data


def read_questionnaire(data: Any, title: str) -> Draft:
    """The form of a Questionnaire; `title` serves where it has none."""
    if not is_questionnaire(data):
        kind = data.get("resourceType") if isinstance(data, dict) else None
        what = f"a FHIR {kind}" if isinstance(kind, str) else "JSON"
        raise Refused(f"The file is {what} and not a FHIR Questionnaire, so there is no form in it.")
    return _Reader(data, title).draft()


@dataclass(frozen=True)
class _Around:
    """What an item stands in: when those around it are asked, and whether one of them is a group."""

    depth: int = 0
    when: tuple[Said, ...] = ()
    in_group: bool = False


@dataclass
class _Seen:
    """Which items were met."""

    links: set[str] = field(default_factory=set)
    outside: bool = False


class _Reader:
    """Walks the items in their order."""

    def __init__(self, data: Mapping[str, Any], title: str) -> None:
        self.data = data
        self.title = shown(data.get("title")) or shown(data.get("name")) or title
        self.builder = Builder(self.title)
        self.counts = Counts()
        self.seen = _Seen()
        self.contained = [one for one in _list(data.get("contained")) if isinstance(one, dict)]

    def draft(self) -> Draft:
        """Everything, once all items are read."""
        for name in self.data:
            if name not in ABOUT_ITSELF:
                self._leave_out("the questionnaire", f"“{name}” is not kept.", self.data[name])
        for one in _extensions(self.data):
            self._leave_out("the questionnaire", f"The extension “{_last(one)}” is not applied.", one)
        self._items(self.data.get("item"), _Around())
        form = self.builder.form()
        key = slug(shown(self.data.get("id")) or shown(self.data.get("name")) or self.title)
        counts = replace(self.counts, sections=self.counts.sections + (1 if self.seen.outside else 0))
        return Draft(FORMAT, key, form.title, form, counts, tuple(self.builder.not_applied))

    def _leave_out(self, place: str, reason: str, value: Any = "") -> None:
        self.builder.leave_out(place, reason, _brief(value))

    def _count(self, **more: int) -> None:
        self.counts = replace(
            self.counts, **{name: getattr(self.counts, name) + number for name, number in more.items()}
        )

    def _items(self, items: Any, around: _Around) -> None:
        if around.depth > DEEPEST:
            raise Refused("The items of the form lie deeper within each other than those of any form.")
        for item in _list(items):
            if not isinstance(item, dict):
                raise Refused("An item of the form is not one; the file is damaged.")
            self._item(item, around)

    def _item(self, item: dict[str, Any], around: _Around) -> None:
        if self.counts.items >= MOST_ITEMS:
            raise Refused(f"The form has more than {MOST_ITEMS:,} items; a form is far shorter.")
        link, kind = shown(item.get("linkId")), shown(item.get("type"))
        place = f"item {link or self.counts.items + 1}"
        if link in self.seen.links:
            self._leave_out(place, "Another item has the same linkId.", link)
        self.seen.links.add(link)
        marked = item.get("required") is True
        self._count(items=1, required=int(marked), conditions=int(bool(_list(item.get("enableWhen")))))
        when = (*around.when, *self._enabled(item, place))
        if kind == "group":
            self._group(item, place, when, around)
        else:
            self._question(item, place, when, around)

    def _group(self, item: dict[str, Any], place: str, when: tuple[Said, ...], around: _Around) -> None:
        self._count(sections=1)
        repeats = _rows(item)
        if item.get("required") is True and repeats is None:
            self._leave_out(place, "A group is not required as such; its questions are.")
        link = shown(item.get("linkId"))
        told = self._rest(item, place, repeats or {})
        helps, rest = _help(item)
        self._count(items=len(helps))
        guidance = "\n".join([*told, *(shown(one.get("text")) for one in helps)])
        kept, sources = self._kept(item, place), sources_of(item)
        self.builder.begin(Group(place, link, _words(item) or link, guidance, when, kept, sources, repeats))
        self._items(rest, _Around(around.depth + 1, (), True))
        self.builder.end()

    def _question(self, item: dict[str, Any], place: str, when: tuple[Said, ...], around: _Around) -> None:
        kind = shown(item.get("type"))
        self._count(questions=int(kind != "display"))
        self.seen.outside = self.seen.outside or not around.in_group
        fields: dict[str, Any] = {"text": _words(item)}
        fields |= self._answers(item, kind, place)
        guidance = self._rest(item, place, fields)
        helps, rest = _help(item)
        self._count(items=len(helps))
        fields["guidance"] = "\n".join([*guidance, *(shown(one.get("text")) for one in helps)])
        required = fields["type"] == "note" or item.get("required") is True
        kept, sources = self._kept(item, place), sources_of(item)
        name = shown(item.get("linkId"))
        self.builder.add(Item(place, name, fields, when, required, kept, sources))
        return self._items(rest, replace(around, depth=around.depth + 1, when=when))

    def _answers(self, item: dict[str, Any], kind: str, place: str) -> dict[str, Any]:
        """The type of a question and its choices."""
        repeats = item.get("repeats") is True
        if kind == "attachment":
            return _files(item)
        if kind in ("choice", "open-choice"):
            return self._choosing(item, kind, place)
        if repeats:
            self._leave_out(place, "Several answers to one question are not taken; one is.")
        if kind == "string" and _is_signed(item):
            return {"type": SIGNATURE}
        if kind in SIMPLE:
            return {"type": SIMPLE[kind]}
        what = TYPED_IN.get(kind)
        reason = (
            f"{what} is asked as a line of text." if what else "This type is not known; it is asked as text."
        )
        self._leave_out(place, reason, kind)
        return {"type": "text"}

    def _choosing(self, item: dict[str, Any], kind: str, place: str) -> dict[str, Any]:
        options = [one for one in _list(item.get("answerOption")) if isinstance(one, dict)]
        valueset = shown(item.get("answerValueSet"))
        if valueset:
            options = found_set(valueset, self.contained) or options
        if kind == "open-choice":
            self._leave_out(place, "An answer other than the choices cannot be given.")
        choices, instead, systems = choices_of(options)
        if systems:
            self._leave_out(place, "The system of its codes is not kept.", ", ".join(systems))
        if len(choices) < 2:
            said = valueset or "; ".join(one["label"] for one in choices)
            self._leave_out(place, "Its choices are not in the file; it is asked as text.", said)
            return {"type": "text"}
        several = item.get("repeats") is True
        return {
            "type": "several of" if several else "one of",
            "choices": choices,
            **({"instead": instead} if instead else {}),
        }

    def _enabled(self, item: dict[str, Any], place: str) -> tuple[Said, ...]:
        whens = _list(item.get("enableWhen"))
        if not whens:
            return ()
        any_of = item.get("enableBehavior") == "any"
        return (Said(f"{place}, enableWhen", _brief(whens), partial(_condition, whens, any_of)),)

    def _rest(self, item: dict[str, Any], place: str, fields: dict[str, Any]) -> list[str]:
        """The extensions and other keys: limits and instructions are taken, all else is listed."""
        guidance = []
        for one in _extensions(item):
            url, value = shown(one.get("url")), value_of(one)
            limit = LIMITS.get(url)
            if limit and fields.get("type") in ("number", "whole number") and is_number(value):
                fields[limit] = float(value)
            elif url in OCCURS and OCCURS[url] in fields and _occurs(item, url) is not None:
                continue
            elif url == INSTRUCTION and isinstance(value, str):
                guidance.append(value)
            elif _is_applied(item, url):
                continue
            elif url != BESIDE and not _is_help(item):
                self._leave_out(place, f"The extension “{_last(one)}” is not applied.", one)
        for name, value in item.items():
            if name not in READ:
                self._leave_out(place, f"“{name}” is not applied.", value)
        return guidance

    def _kept(self, item: dict[str, Any], place: str) -> dict[str, Any]:
        said = next((value_of(one) for one in _extensions(item) if one.get("url") == BESIDE), "")
        complain = partial(self._leave_out, place, f"The extension “{BESIDE}” cannot be read here.")
        return from_text(said if isinstance(said, str) else "", complain)


def _condition(whens: list[Any], any_of: bool, asked: Mapping[str, Asked]) -> Condition:
    """All the comparisons of an item, joined."""
    parts = [_comparison(one, asked) for one in whens]
    if len(parts) == 1:
        return parts[0]
    return Any_(any=tuple(parts)) if any_of else All(all=tuple(parts))


def _comparison(when: Any, asked: Mapping[str, Asked]) -> Condition:
    if not isinstance(when, dict):
        raise NotUnderstoodError("The condition is damaged.")
    question = question_called(shown(when.get("question")), asked)
    operator, value = shown(when.get("operator")), value_of(when, "answer")
    if operator == "exists":
        return Compare(answer=question.key, known=value is not False)
    if isinstance(value, dict):
        value = value.get("code", value.get("value"))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if operator not in ("=", "!=", ">", "<", ">=", "<=") or not isinstance(value, str | int | float):
        raise NotUnderstoodError("The condition uses something that the condition language does not have.")
    if not isinstance(value, str) and not is_number(value):
        raise NotUnderstoodError("The condition compares with something that is not a number.")
    return compare(question, operator, value)


def _files(item: dict[str, Any]) -> dict[str, Any]:
    """How many files an item takes, and how large they may be."""
    limits: dict[str, Any] = {} if item.get("repeats") is True else {"at_most": 1}
    if (size := _megabytes(item)) is not None:
        limits["megabytes"] = size
    return {"type": FILE, **({"files": limits} if limits else {})}


def _megabytes(item: dict[str, Any]) -> int | None:
    """The largest size of a file where the item says one that a form can have."""
    sizes = (value_of(one) for one in _extensions(item) if one.get("url") == LARGEST_FILE)
    found = next((int(size) for size in sizes if is_number(size)), 0)
    return found if item.get("type") == "attachment" and 1 <= found <= MOST_MEGABYTES else None


def _is_applied(item: dict[str, Any], url: str) -> bool:
    """Whether an extension is one that makes the item what it is: the size of a file, or a signature."""
    if url == LARGEST_FILE:
        return _megabytes(item) is not None
    return url == SIGNATURE_REQUIRED and item.get("type") == "string"


def _is_signed(item: dict[str, Any]) -> bool:
    """Whether an item asks for a signature."""
    return any(one.get("url") == SIGNATURE_REQUIRED for one in _extensions(item))


def sources_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """The file's own words for fields that may also be kept beside them."""
    names = {
        "type": "type",
        "required": "required",
        "text": "text",
        "title": "text",
        "choices": "answerOption",
    }
    found = {name: item.get(key) for name, key in names.items()}
    found["when"] = [item["enableWhen"], item.get("enableBehavior")] if item.get("enableWhen") else None
    found |= {name: value_of(one) for one in _extensions(item) if (name := LIMITS.get(one.get("url", "")))}
    if item.get("type") == "group" and item.get("repeats") is True:
        found["repeats"] = [item.get("required") is True, *(_occurs(item, url) for url in OCCURS)]
    helps, _ = _help(item)
    found["guidance"] = [one.get("text") for one in helps] or None
    return {name: value for name, value in found.items() if value is not None}


def _rows(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a group that repeats says of its rows: how many at least and at most."""
    if item.get("repeats") is not True:
        return None
    fewest, most = (_occurs(item, url) for url in OCCURS)
    fewest = fewest if fewest is not None else int(item.get("required") is True)
    most = most if most is not None else max(MOST_UNSAID, fewest)
    return {"title": FOR_EACH, "at_least": min(fewest, most), "at_most": most}


def _occurs(item: Mapping[str, Any], url: str) -> int | None:
    """How many rows an extension says, if it is a number of rows that can be had."""
    said = next((value_of(one) for one in _extensions(item) if one.get("url") == url), None)
    lowest = 0 if OCCURS[url] == "at_least" else 1
    is_count = isinstance(said, int) and not isinstance(said, bool) and lowest <= said <= MOST_ROWS
    return int(said) if is_count and said is not None else None


def _help(item: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """The help that stands at the beginning of an item's own items, and the others."""
    inside = _list(item.get("item"))
    count = 0
    while count < len(inside) and isinstance(inside[count], dict) and _is_help(inside[count]):
        count += 1
    return inside[:count], inside[count:]


def _is_help(item: Mapping[str, Any]) -> bool:
    """Whether an item is just help for the one that it stands in."""
    if item.get("type") != "display" or item.get("enableWhen") or not shown(item.get("text")).strip():
        return False
    controls = [value_of(one) for one in _extensions(item) if one.get("url") == CONTROL]
    codes = [
        coding.get("code")
        for control in controls
        if isinstance(control, dict)
        for coding in _list(control.get("coding"))
        if isinstance(coding, dict)
    ]
    return "help" in codes and not item.get("item")


def _words(item: Mapping[str, Any]) -> str:
    prefix, text = shown(item.get("prefix")), shown(item.get("text"))
    return f"{prefix} {text}" if prefix else text


def _extensions(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in _list(part.get("extension")) if isinstance(one, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _last(extension: Mapping[str, Any]) -> str:
    """The end of an extension's address, which is its name."""
    return shown(extension.get("url")).rstrip("/").rpartition("/")[2]


def _brief(value: Any) -> str:
    """A value of the file as text of a length that can be read."""
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= 500 else said[:500] + "…"
