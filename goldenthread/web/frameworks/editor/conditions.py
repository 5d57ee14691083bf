"""Pages of conditions: their lines as sentences, and one comparison as pick-lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from goldenthread.rules import lines, offering
from goldenthread.rules.documents import Path
from goldenthread.rules.editing import put
from goldenthread.rules.refusal import Refused
from goldenthread.rules.shapes import in_a_pick_list, shape_at
from goldenthread.web.access import needs
from goldenthread.web.forms import Checkboxes
from goldenthread.web.frameworks.editor import words
from goldenthread.web.frameworks.editor.forms import Typed, shown
from goldenthread.web.frameworks.editor.opened import Opened, open_place

MANAGE = "manage frameworks"
SUBJECTS = {
    "fact": "Facts",
    "since": "Time since a date",
    "until": "Time until a date",
    "answer": "Answers to questions",
    "grade": "Grades",
    "source": "Whether a source could be used",
    "score": "Scores and counts of answers",
}
HOW = {
    "is": "is",
    "is_not": "is not, or is not known",
    "one_of": "is one of",
    "at_least": "is at least (this much, this good, or this long ago or ahead)",
    "at_most": "is at most (this much, this good, or this long ago or ahead)",
    "below": "is below (only for a score)",
    "known": "is known",
    "unknown": "is not known",
}
JOINED = (("all", "Every line holds"), ("any", "At least one line holds"))
NO = {"true": True, "false": False}


class JoinForm(forms.Form):
    """How the lines of a condition go together."""

    join = forms.ChoiceField(label="It holds if", choices=JOINED, widget=forms.RadioSelect)
    negated = forms.BooleanField(label="The other way round: it holds if that is not so", required=False)


class ComparisonForm(forms.Form):
    """One comparison: what, how, and with what."""

    subject = forms.ChoiceField(label="What is compared")
    stage = forms.ChoiceField(
        label="At which stage of grading",
        required=False,
        help_text="Only for a grade; the latest unless said.",
    )
    how = forms.ChoiceField(
        label="It", choices=list(HOW.items()), error_messages={"required": "Choose how it is compared"}
    )
    negated = forms.BooleanField(label="The other way round: it is not so", required=False)

    def __init__(self, comparison: dict[str, Any], place: Opened, **options: Any) -> None:
        super().__init__(**options)
        self.comparison = comparison
        about = subject_of(comparison)
        offered = offering.comparable(place.data, place.path)
        self.fields["subject"].choices = subjects(offered, about)  # type: ignore[attr-defined]
        stages = [("", "The latest"), *in_a_pick_list(offered["stage"])]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        kind, _, name = str(self.data.get("subject", "")).partition(":")
        asked = {kind: name} if kind in SUBJECTS and name else dict([about])
        if not how_of(comparison):
            self.fields["how"].choices = [("", "Choose one"), *HOW.items()]  # type: ignore[attr-defined]
        self._add_value(offering.values_of(place.data, place.path, asked) if about[0] else ())

    def _add_value(self, known: tuple[str, ...]) -> None:
        """What it is compared with: boxes where the values are known, else typed."""
        held = values_in(self.comparison)
        if known:
            choices = in_a_pick_list(dict.fromkeys([*known, *held]))
            told = "Several only with “is one of”."
            self.fields["value"] = forms.MultipleChoiceField(
                label="With what", choices=choices, required=False, widget=Checkboxes, help_text=told
            )
            self.initial["value"] = held
            return
        told = "A word, a number, or a span such as 3 months. For “is one of”, one on each line."
        area = forms.Textarea(attrs={"rows": 2})
        self.fields["value"] = Typed(label="With what", widget=area, help_text=told)
        self.initial["value"] = "\n".join(held)

    def clean(self) -> dict[str, Any]:
        """The comparison as the document holds it, if it can be read."""
        data = super().clean() or {}
        if self.errors:
            return data
        data["comparison"] = self._made(data)
        if data["comparison"] is not None and (wrong := lines.fault_of(data["comparison"])):
            self.add_error("value", wrong)
        return data

    def _made(self, data: dict[str, Any]) -> dict[str, Any] | None:
        kind, _, name = data["subject"].partition(":")
        found: dict[str, Any] = {kind: name}
        if kind == "grade" and data["stage"]:
            found["stage"] = data["stage"]
        given = data["value"] if isinstance(data["value"], list) else _split(data["value"])
        how = data["how"]
        if how in ("known", "unknown"):
            return {**found, "known": how == "known"}
        if not given:
            self.add_error("value", "Say with what it is compared")
            return None
        if how == "one_of":
            return {**found, how: [self._value(one, how, kind) for one in given]}
        if len(given) > 1:
            self.add_error("value", "Choose one; several go only with “is one of”")
            return None
        return {**found, how: self._value(given[0], how, kind)}

    def _value(self, text: str, how: str, kind: str) -> Any:
        """What was typed, as a number where order is compared; what was there before stays as it was."""
        several = self.comparison.get("one_of")
        for before in several if isinstance(several, list) else [self.comparison.get(key) for key in HOW]:
            if shown(before) == text and before is not None:
                return before
        if kind in ("fact", "score") or (kind == "answer" and how in ("at_least", "at_most")):
            for read in (int, float):
                try:
                    return read(text)
                except ValueError:
                    continue
        return text


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def subject_of(comparison: dict[str, Any]) -> tuple[str, str]:
    """What a comparison is about: of which kind, and its name."""
    return next(((kind, str(comparison[kind])) for kind in SUBJECTS if kind in comparison), ("", ""))


def subjects(offered: dict[str, tuple[str, ...]], held: tuple[str, str] = ("", "")) -> list[Any]:
    """What may be compared, as a pick-list in groups; what is held is in it, known or not."""
    if held[0] and held[1] not in offered[held[0]]:
        offered = {**offered, held[0]: (*offered[held[0]], held[1])}
    return [
        (title, [(f"{kind}:{name}", said) for name, said in in_a_pick_list(offered[kind])])
        for kind, title in SUBJECTS.items()
        if offered[kind]
    ]


def how_of(comparison: dict[str, Any]) -> str:
    """The operator of a comparison, as the pick-list has it; none where none is chosen yet."""
    if comparison.get("known") is False:
        return "unknown"
    return next((key for key in HOW if key in comparison), "")


def values_in(comparison: dict[str, Any]) -> list[str]:
    """What a comparison compares with, as words."""
    how = how_of(comparison)
    held = comparison.get(how) if how not in ("", "known", "unknown") else None
    return (
        [shown(one) for one in held] if isinstance(held, list) else [shown(held)] if held is not None else []
    )


def edit_condition(request: HttpRequest, place: Opened) -> HttpResponse:
    """A condition as lines, how they go together, and what may be added."""
    if isinstance(place.value, list):
        raise Http404
    group = lines.group_of(place.value, place.path)
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        initial={"join": group.join, "negated": group.negated},
    )
    if request.method == "POST" and form.is_valid():
        try:
            whole = lines.joined(group, **form.cleaned_data)
            place.save(request, put(place.data, place.path, whole), f"changed {place.trail}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(place.url())
    context = {
        "place": place,
        "form": form,
        "group": group,
        "sentence": lines.in_words(place.value),
        "always": place.value is None and not is_needed(place),
        "lines": [_shown_line(place, line) for line in group.lines],
        "at_once": not all(line.apart for line in group.lines),
        "subjects": subjects(offering.comparable(place.data, place.path)),
    }
    return render(request, "frameworks/edit_condition.html", context)


def is_needed(place: Opened) -> bool:
    """Whether a condition must be said where it stands."""
    keys = words.keys_at(place.data, place.path[:-1])
    return any(key.needed for key in keys if key.name == place.path[-1])


def _shown_line(place: Opened, line: lines.Line) -> dict[str, Any]:
    """A line as a sentence, and where it is changed."""
    page = "edit_comparison" if line.is_comparison else "edit_part"
    said = lines.in_words({"not": line.condition} if line.negated else line.condition)
    outer = line.path[:-1] if line.negated else line.path
    return {
        "words": said[0].upper() + said[1:],
        "apart": line.apart,
        "url": place.url(page, line.path),
        "remove": place.url("remove_part", outer) if outer != place.path else place.url("remove_part"),
    }


@require_POST
@needs(MANAGE)
def add_line(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more line: a comparison of which the author says next how it compares, or a group of lines."""
    place = open_place(request, public_id)
    if place.shape.kind != "condition" or isinstance(place.value, list):
        raise Http404
    kind, _, name = request.POST.get("subject", "").partition(":")
    more: dict[str, Any] = {kind: name} if kind in SUBJECTS and name else {"any": []}
    group = lines.group_of(place.value, place.path)
    whole = lines.joined(group, join=group.join, negated=group.negated, more=more)
    data = put(place.data, place.path, whole)
    try:
        place.save(request, data, f"added a line to {place.trail}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(place.url())
    added = lines.group_of(whole, place.path).lines
    if not added:  # a group in a group that says nothing yet is that group
        return redirect(place.url())
    line = added[-1]
    return redirect(place.url("edit_comparison" if line.is_comparison else "edit_part", line.path))


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def edit_comparison(request: HttpRequest, public_id: str) -> HttpResponse:
    """One comparison as pick-lists."""
    place = open_place(request, public_id)
    if place.shape.kind != "condition" or not lines.is_comparison(place.value):
        raise Http404
    negated = place.path[-1] == "not"
    about = subject_of(place.value)
    form = ComparisonForm(
        place.value,
        place,
        data=request.POST if request.method == "POST" else None,
        initial={
            "subject": ":".join(about),
            "stage": shown(place.value.get("stage")),
            "how": how_of(place.value),
            "negated": negated,
        },
    )
    outer: Path = place.path[:-1] if negated else place.path
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data["comparison"]
        whole = {"not": made} if form.cleaned_data["negated"] else made
        try:
            place.save(request, put(place.data, outer, whole), f"changed {place.trail}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The line is saved")
            return redirect(_group_of(place, outer))
    context = {
        "place": place,
        "form": form,
        "sentence": lines.in_words(place.value),
        "above": _group_of(place, outer),
    }
    return render(request, "frameworks/edit_comparison.html", context)


def _group_of(place: Opened, path: Path) -> str:
    """The page of the condition that a line is in; a single comparison is the whole of its condition."""
    inside = len(path) > 1 and isinstance(path[-1], int) and path[-2] in lines.JOINS
    group = path[:-2] if inside else path
    around = shape_at(place.data, group[:-1]) if group else None
    is_negated = inside and group[-1:] == ("not",) and around is not None and around.kind == "condition"
    return place.url(path=group[:-1] if is_negated else group)
