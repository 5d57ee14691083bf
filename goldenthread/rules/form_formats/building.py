"""Builds a form of the groups and questions of a file, in their order, and says what it could not apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from goldenthread.rules.conditions import All, Condition, comparisons
from goldenthread.rules.form_formats.drafts import (
    LONGEST_LINE,
    Asked,
    Group,
    Item,
    NotApplied,
    NotUnderstoodError,
    Said,
    key_of,
    one_line,
    unlike,
)
from goldenthread.rules.forms import YES_OR_NO, Form, Question, Section
from goldenthread.rules.refusal import Refused

UNTITLED = "Questions"
LONGEST_TOLD = 2_000
WITHIN = "A group within a group became a section of its own; its questions keep their order."
HOLDS_GROUPS = "A group that holds only groups is no section; its conditions apply to each of them."
ROWS_WITHIN = "Rows within rows are not had; it became a section with rows of its own."
ROWS_OF_THEIR_OWN = "It stands in rows that repeat; it became a section with rows of its own."
ANSWERED_IN_ROWS = (
    "It asks for an answer that is given once in each row, so there is no one answer to compare."
)
HOLDS_NOTHING = "The group holds nothing that can be asked."
NO_WORDS = "It has no words of its own; its name stands in their place."
CUT = "The words are longer than one line holds; the whole of them stands below it."


@dataclass
class _Open:
    """A group that has begun, with the place of its section among the sections once it has one."""

    group: Group
    section: int | None = None
    parts: int = 0
    has_groups: bool = False


@dataclass
class _Built:
    """A section under construction."""

    group: Group
    around: tuple[Group, ...]
    key: str
    title: str
    items: list[tuple[Item, str]] = field(default_factory=list)


class Builder:
    """Takes groups and questions as the file has them; `form()` is what they make."""

    def __init__(self, title: str) -> None:
        self.title = one_line(title) or UNTITLED
        self.not_applied: list[NotApplied] = []
        self._said: dict[tuple[str, str], int] = {}
        self._open = [_Open(Group("the form", UNTITLED.lower(), UNTITLED))]
        self._built: list[_Built] = []
        self._sections: set[str] = set()
        self._questions: set[str] = set()
        self._asked: dict[str, Asked] = {}
        self._read: dict[int, Condition | None] = {}
        self._rows: dict[str, str] = {}

    def leave_out(self, place: str, reason: str, text: str = "") -> None:
        """Say that something of the file is not applied; what is said twice of a place is said together."""
        before = self._said.get((place, reason))
        if before is not None:
            told = self.not_applied[before].text
            text = told if text == told or len(told) > LONGEST_TOLD else f"{told}; {text}"
            self.not_applied[before] = NotApplied(place, reason, text)
            return
        self._said[place, reason] = len(self.not_applied)
        self.not_applied.append(NotApplied(place, reason, text))

    @property
    def is_inside(self) -> bool:
        """Whether a group is open."""
        return len(self._open) > 1

    def begin(self, group: Group) -> None:
        """A group begins, inside whatever is open."""
        if self.is_inside:
            self.leave_out(group.place, WITHIN)
        outer = next((one.group for one in reversed(self._open) if one.group.repeats is not None), None)
        if outer is not None:
            self.leave_out(group.place, ROWS_WITHIN if group.repeats is not None else ROWS_OF_THEIR_OWN)
        self._open[-1].has_groups = True
        self._open.append(_Open(group))
        if group.kept:
            self._section()

    def end(self) -> None:
        """The innermost group ends."""
        ended = self._open.pop()
        if ended.section is None:
            reason = HOLDS_GROUPS if ended.has_groups else HOLDS_NOTHING
            self.leave_out(ended.group.place, reason, ended.group.title)

    def add(self, item: Item) -> None:
        """A question stands here."""
        wanted = key_of(str(item.kept.get("key") or item.name), f"question {len(self._questions) + 1}")
        key = unlike(wanted, self._questions)
        if key != wanted:
            self.leave_out(item.place, f"Another question is called “{wanted}”; this one became “{key}”.")
        if not str(item.fields["text"]).strip():
            item.fields["text"] = item.name or key
            self.leave_out(item.place, NO_WORDS)
        self._choices(item)
        answers = tuple(choice["key"] for choice in item.fields.get("choices", ()))
        kind = str(item.kept.get("type", item.fields["type"]))
        if kind == "yes or no" and not answers:
            answers = tuple(choice.key for choice in YES_OR_NO)
        self._asked.setdefault(item.name, Asked(key, kind, answers))
        self._section().items.append((item, key))

    def _choices(self, item: Item) -> None:
        """Choices differ by their keys, and their words keep to a line."""
        taken: set[str] = set()
        for choice in item.fields.get("choices", ()):
            wanted = key_of(choice["key"], "choice")
            choice["key"] = unlike(wanted, taken)
            if choice["key"] != wanted:
                said = f"Another choice has the code “{wanted}”; this one became “{choice['key']}”."
                self.leave_out(item.place, said)
            label = choice["label"] or choice["key"]
            choice["label"] = one_line(label)
            if choice["label"].endswith("…") and not label.rstrip().endswith("…"):
                choice["hint"] = label
                self.leave_out(item.place, CUT, choice["label"])

    def _section(self) -> _Built:
        """The section that a question of the innermost group belongs to; begun again after another's."""
        here = self._open[-1]
        if here.section is not None and here.section == len(self._built) - 1:
            return self._built[here.section]
        here.parts += 1
        group, again = here.group, here.parts > 1
        title = one_line(group.title) or group.name
        wanted = str(group.kept.get("key") or key_of(group.name, "section"))
        self._built.append(
            _Built(
                group,
                tuple(one.group for one in self._open),
                unlike(wanted, self._sections),
                one_line(f"{title} (continued)") if again else title,
            )
        )
        if len(" ".join(group.title.split())) > LONGEST_LINE and not again:
            group.guidance = f"{group.title}\n{group.guidance}".strip()
            self.leave_out(group.place, CUT, title)
        here.section = len(self._built) - 1
        return self._built[-1]

    def form(self) -> Form:
        """The form; `Refused` if there is nothing to ask."""
        while self.is_inside:
            self.end()
        if not any(built.items for built in self._built):
            raise Refused("There is nothing to ask in this form, so nothing was brought in.")
        for built in self._built:
            if _repeats(built.around):
                self._rows |= {key: built.key for _, key in built.items}
        sections = [self._made(built) for built in self._built]
        try:
            return Form(title=self.title, sections=tuple(sections))
        except ValidationError as fault:
            raise Refused(f"The form does not fit together: {_first(fault)}") from fault

    def _made(self, built: _Built) -> Section:
        said = [one for group in built.around for one in group.when]
        group = built.group
        fields: dict[str, Any] = {
            "key": built.key,
            "title": built.title,
            "guidance": group.guidance,
            "when": None if _kept_alone(group, "when") else _joined(self._conditions(said)),
            "repeats": _repeats(built.around),
            "questions": tuple(self._question(item, key, built.key) for item, key in built.items),
        }
        kept = _applying(group.kept, group.sources, Section)
        try:
            return Section.model_validate(fields | kept)
        except ValidationError:
            return Section.model_validate(fields)

    def _question(self, item: Item, key: str, section: str) -> Question:
        kept = _applying(item.kept, item.sources, Question)
        fields = item.fields | {"key": key}
        if "when" not in kept:
            fields["when"] = _joined(self._conditions(item.when, section))
        if "required" not in kept:
            fields["required"] = item.required
            if isinstance(item.required, Said):
                found = next(iter(self._conditions([item.required], section)), None)
                fields["required"] = False if found is None else found
        try:
            return Question.model_validate(fields | kept | {"key": key})
        except ValidationError as fault:
            if kept:
                item.kept = {}
                self.leave_out(
                    item.place, f"What Golden Thread had noted beside it does not fit: {_first(fault)}"
                )
                return self._question(item, key, section)
            raise Refused(f"{item.place} does not make a question: {_first(fault)}") from fault

    def _conditions(self, said: Iterable[Said], section: str = "") -> list[Condition]:
        """Those of the conditions that can be said; the others are listed, each once.

        An answer in a row is known in the rows of its own section alone.
        """
        found = []
        for one in said:
            if id(one) not in self._read:
                try:
                    self._read[id(one)] = one.read(self._asked)
                except NotUnderstoodError as fault:
                    self._read[id(one)] = None
                    self.leave_out(one.place, str(fault), one.text)
            if (condition := self._read[id(one)]) is None:
                continue
            if any(
                self._rows.get(compare.answer or "", section) != section for compare in comparisons(condition)
            ):
                self.leave_out(one.place, ANSWERED_IN_ROWS, one.text)
            else:
                found.append(condition)
        return found


def _repeats(around: tuple[Group, ...]) -> dict[str, Any] | None:
    """What the section repeats for: what the innermost group around it that repeats does."""
    return next((group.repeats for group in reversed(around) if group.repeats is not None), None)


def _joined(conditions: list[Condition]) -> Condition | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return All(all=tuple(conditions))


def _kept_alone(group: Group, name: str) -> bool:
    return name in _applying(group.kept, group.sources, Section)


def _applying(
    kept: dict[str, Any], sources: dict[str, Any], model: type[Question] | type[Section]
) -> dict[str, Any]:
    """What was kept of a part, without what somebody has changed in the file since."""
    told = kept.get("said")
    said: dict[str, Any] = told if isinstance(told, dict) else {}
    return {
        name: value
        for name, value in kept.items()
        if name in model.model_fields
        and name not in ("key", "questions")
        and said.get(name) == sources.get(name)
    }


def _first(fault: ValidationError) -> str:
    return str(fault.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
