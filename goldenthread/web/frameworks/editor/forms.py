"""Forms that are read off the typed model: one field for each plain key of a part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from goldenthread.rules.documents import UNPRINTABLE, write_document
from goldenthread.rules.reference import title_of
from goldenthread.rules.shapes import SCALARS, Key, Shape, chosen, in_a_pick_list, is_settled, marks_of
from goldenthread.web.forms import Checkboxes
from goldenthread.web.frameworks.forms import text_of

ABSENT = object()
LIST, CONDITION = "?list", "?condition"
KIND = "this_is"
YES_OR_NO = (("true", "Yes"), ("false", "No"))
WHICH = " which"
"""What follows a key's name in the name of the field that lists what it is about."""


def is_field(shape: Shape) -> bool:
    """Whether one field of a form can show it."""
    if shape.kind == "either":
        return not all(one.kind == "part" for one in shape.others)
    return shape.kind in SCALARS or shape.is_plain_list


def shown(value: Any) -> str:
    """A value as it stands in a box."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else write_document(value).rstrip("\n")


class Typed(forms.CharField):
    """Words as they were typed; nothing is cut off, and nothing is asked for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)

    def to_python(self, value: Any) -> str:
        """The words with the line ends of a document."""
        text = str(super().to_python(value)).replace("\r\n", "\n")
        if UNPRINTABLE.search(text):
            raise forms.ValidationError("This holds a character that cannot be shown; remove it.")
        return text


class PartForm(forms.Form):
    """The plain keys of one part, each with the model's own words as its hint."""

    def __init__(
        self,
        keys: tuple[Key, ...],
        part: Any,
        known: dict[str, tuple[str, ...]],
        kinds: Shape | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.part = part if isinstance(part, dict) else {}
        self.keys = tuple(key for key in keys if is_field(key.shape) and not _is_settled(key, self.part))
        self.known = known
        if kinds is not None and kinds.kind == "either":
            self._add_kinds(kinds)
        for key in self.keys:
            self._add(key)

    def _add_kinds(self, shape: Shape) -> None:
        """Which of the forms that it can take the part has; one of several words stands once for each."""
        marks = marks_of(shape)
        choices = []
        for place, one in enumerate(shape.others):
            title = title_of(one.model) if one.model else ""
            word = (
                f": {Key.label_of(next(iter(marks[place].values()))).lower()}"
                if shape.others.count(one) > 1 and marks
                else ""
            )
            choices.append((str(place), f"{title}{word}"))
        here = _place_of_kind(shape, self.part)
        offered = choices if here is not None else [("", "Choose one"), *choices]
        field = forms.ChoiceField(label="This is a", choices=offered, required=False)
        self._put(KIND, field, "" if here is None else str(here))

    def _add(self, key: Key) -> None:
        value, options = self.part.get(key.name), self.options_of(key)
        if key.shape.kind == "either":
            self._add_either(key, value)
        elif key.shape.is_plain_list:
            self._add_list(key.name, key.label, key.told, value, options)
        elif key.shape.kind == "truth" and isinstance(key.default, bool):
            box = forms.BooleanField(label=key.label, help_text=key.told, required=False)
            held = self.part.get(key.name, key.default)
            self._put(key.name, box, held if isinstance(held, bool) else True)
        elif options:
            choices = _with_held(_with_blank(key, options), shown(value))
            field = forms.ChoiceField(label=key.label, help_text=key.told, choices=choices, required=False)
            self._put(key.name, field, shown(value))
        else:
            self._put(key.name, _typed(key, shown(value)), shown(value))

    def options_of(self, key: Key) -> list[tuple[str, str]]:
        """What can be picked for a key; none where anything may be typed."""
        inner = key.shape.inside if key.shape.is_plain_list and key.shape.inside else key.shape
        if inner.kind == "truth":
            return list(YES_OR_NO)
        return in_a_pick_list(inner.choices or self.known.get(key.name, ()))

    def _add_either(self, key: Key, value: Any) -> None:
        """A choice between words, and lists or conditions that are said elsewhere."""
        choices: list[tuple[str, str]] = []
        listed = None
        for shape in key.shape.others:
            if shape.kind == "truth":
                choices += YES_OR_NO
            elif shape.kind == "condition":
                choices.append((CONDITION, "Only if a condition holds"))
            elif shape.is_plain_list:
                choices.append((LIST, "For those named below"))
                listed = shape
            else:
                choices += in_a_pick_list(shape.choices)
        field = forms.ChoiceField(
            label=key.label,
            help_text=key.told,
            choices=_with_held(_with_blank(key, choices), _kind_of(value)),
            required=False,
        )
        self._put(key.name, field, _kind_of(value))
        if listed is not None:
            names = in_a_pick_list(self.known.get(key.name, ()))
            self._add_list(key.name + WHICH, f"{key.label}: which", "", value, names)

    def _add_list(self, name: str, label: str, told: str, value: Any, options: list[tuple[str, str]]) -> None:
        """A list of words: boxes to tick where they are known, else one on each line."""
        held = [shown(one) for one in value] if isinstance(value, list) else []
        if options:
            choices = options
            for one in held:
                choices = _with_held(choices, one)
            boxes = forms.MultipleChoiceField(
                label=label, help_text=told, choices=choices, required=False, widget=Checkboxes
            )
            self._put(name, boxes, held)
            return
        rows = min(max(len(held) + 1, 2), 12)
        text = "\n".join(held) if isinstance(value, list) or value is None else shown(value)
        told = f"{told} One on each line.".strip()
        area = forms.Textarea(attrs={"rows": rows})
        self._put(name, Typed(label=label, help_text=told, widget=area), "" if held == [] else text)

    def _put(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def changed(self) -> dict[str, Any]:
        """What was changed, key by key; what nobody touched is not among it, whatever it holds."""
        found = {}
        for key in self.keys:
            typed = self._is_changed(key.name) or (
                key.name + WHICH in self.fields and self._is_changed(key.name + WHICH)
            )
            if typed:
                found[key.name] = self._value_of(key)
        return found

    def _is_changed(self, name: str) -> bool:
        given, before = self.cleaned_data[name], self.initial[name]
        return sorted(given) != sorted(before) if isinstance(before, list) else given != before

    def new_kind(self) -> int | None:
        """Which form the part is to take, if another than it has."""
        given = self.cleaned_data.get(KIND)
        return int(given) if given and given != self.initial[KIND] else None

    def _value_of(self, key: Key) -> Any:
        given, shape = self.cleaned_data[key.name], key.shape
        if shape.kind == "either":
            return self._value_of_either(key, given)
        if shape.is_plain_list:
            return self._list_of(key.name) or ABSENT
        if isinstance(given, bool):
            return ABSENT if given == key.default else given
        return _parsed(shape, given)

    def _value_of_either(self, key: Key, given: str) -> Any:
        before = self.part.get(key.name)
        if given == LIST or (given == self.initial[key.name] and key.name + WHICH in self.changed_lists()):
            return self._list_of(key.name + WHICH)
        if given == CONDITION:
            return before if isinstance(before, dict) else {}
        if given in ("true", "false") and any(one.kind == "truth" for one in key.shape.others):
            return given == "true"
        return given or ABSENT

    def changed_lists(self) -> set[str]:
        """The fields that list what a key is about, and were changed."""
        return {name for name in self.fields if name.endswith(WHICH) and self._is_changed(name)}

    def _list_of(self, name: str) -> list[str]:
        """The words of a list; those that stay keep their order."""
        given = self.cleaned_data[name]
        if isinstance(given, str):
            return [line.strip() for line in given.split("\n") if line.strip()]
        held = [one for one in self.initial[name] if one in given]
        return [*held, *(one for one in given if one not in held)]


def _place_of_kind(shape: Shape, part: dict[str, Any]) -> int | None:
    """Which of several forms a part has, if that is said."""
    if not is_settled(shape, part):
        return None
    said = [place for place, mark in enumerate(marks_of(shape)) if mark.items() <= _words_in(part)]
    return said[0] if said else shape.others.index(chosen(shape, part))


def _words_in(part: dict[str, Any]) -> set[tuple[str, str]]:
    return {(key, said) for key, said in part.items() if isinstance(said, str)}


def _is_settled(key: Key, part: dict[str, Any]) -> bool:
    """Whether a key can say one thing only and says it, so that there is nothing to choose."""
    return key.shape.choices == (part.get(key.name, key.default),)


def _kind_of(value: Any) -> str:
    """Which of several forms a value has, as the value of a pick-list."""
    if isinstance(value, dict):
        return CONDITION
    return LIST if isinstance(value, list) else shown(value)


def _with_blank(key: Key, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The options, after one that leaves the key out."""
    if key.needed:
        return [("", "Choose one"), *options]
    said = shown(list(key.default) if isinstance(key.default, tuple) else key.default)
    names = dict(options)
    return [
        ("", f"Unless said: {names.get(said, said)}" if said and said != "[]" else "None chosen"),
        *options,
    ]


def _with_held(options: list[tuple[str, str]], held: str) -> list[tuple[str, str]]:
    """The options with what is held, though it is not known, so that looking changes nothing."""
    if not held or held in [value for value, _ in options]:
        return options
    return [*options, (held, f"{held} (not known)")]


def _typed(key: Key, text: str) -> forms.Field:
    """A box for words or a number."""
    if key.shape.kind in ("whole", "number"):
        widget: forms.Widget = forms.TextInput(attrs={"class": "govuk-input--width-5"})
    elif key.shape.kind == "text" or "\n" in text:
        rows = min(max(text.count("\n") + len(text) // 70 + 1, 2), 14)
        widget = forms.Textarea(attrs={"rows": rows})
    else:
        widget = forms.TextInput()
    return Typed(label=key.label, help_text=key.told, widget=widget)


def _parsed(shape: Shape, given: str) -> Any:
    """What was typed, as the document holds it; what is no number stays as it is, for the check to name."""
    text = given if shape.kind == "text" else given.strip()
    if not text.strip():
        return ABSENT
    if shape.kind == "truth":
        return text == "true"
    try:
        return int(text) if shape.kind == "whole" else float(text) if shape.kind == "number" else text
    except ValueError:
        return text


class NameForm(forms.Form):
    """The name of a part."""

    name = forms.CharField(label="Name", max_length=80, help_text="Other parts refer to it by this name.")


class BeginForm(forms.Form):
    """What a draft begins with."""

    source = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    file = forms.FileField(
        label="Framework file (YAML)",
        required=False,
        help_text="Only if you begin with a file.",
        widget=forms.FileInput,  # the other one offers to clear a file, and none is kept
    )

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """The text of the file."""
        return text_of(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        """A file goes with beginning with a file."""
        data = super().clean() or {}
        if data.get("source") == "file" and not data.get("file") and "file" not in self.errors:
            self.add_error("file", "Choose a file")
        return data


class PublishDraftForm(forms.Form):
    """Why there is a new version, and from when it holds."""

    reason = forms.CharField(label="Why there is a new version", max_length=500)
    effective_on = forms.DateField(
        label="From which day it holds",
        initial=timezone.localdate,
        help_text="A cycle goes by the version that holds on the day on which it opens, so one that is "
        "under way stays as it is. For example, 23/12/2026",
    )


class OnePersonForm(forms.Form):
    """Why one person is to publish alone."""

    because = forms.CharField(
        label="Why one person is to publish alone",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
