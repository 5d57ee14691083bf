"""Pages of the parts of a draft: see one, change it, add, copy, rename, move and remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from pydantic.fields import FieldInfo

from goldenthread.caseload.presets import facts_brought
from goldenthread.rules import editing, offering
from goldenthread.rules.documents import Path
from goldenthread.rules.editing import at, put
from goldenthread.rules.forms import Question
from goldenthread.rules.refusal import Refused
from goldenthread.rules.shapes import SCALARS, Key, chosen, in_a_pick_list, shape_at
from goldenthread.web.access import needs
from goldenthread.web.frameworks.editor import conditions, words
from goldenthread.web.frameworks.editor.forms import ABSENT, NameForm, PartForm, shown
from goldenthread.web.frameworks.editor.opened import Opened, open_place
from goldenthread.web.frameworks.editor.places import numbered

MANAGE = "manage frameworks"
FACTS = ("facts",)
ALONE = "text"
"""What the one field of a part that is no more than its words is called."""


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def edit_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """One part of a draft: its plain keys as a form, and what has pages of its own."""
    place = open_place(request, public_id)
    if place.shape.kind == "condition":
        return conditions.edit_condition(request, place)
    form = form_of(place, request.POST if request.method == "POST" else None)
    context = {"place": place, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            data, left_out = fitted(place, changed(place, form))
            place.save(request, data, f"changed {place.trail}{f'; left out {left_out}' if left_out else ''}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            context["differing"] = _differing(place, form)
        else:
            messages.success(request, f"{place.name} is saved")
            if left_out:
                messages.warning(request, f"The new type takes none of what is now left out: {left_out}")
            return redirect(place.url())
    return render(request, "frameworks/edit_part.html", context | _around(place))


def form_of(place: Opened, typed: Any = None) -> PartForm:
    """The form of a part's plain keys, with pick-lists of what the draft holds."""
    keys = keys_of_form(place)
    whole = shape_at(place.data, place.path)
    part = {ALONE: place.value} if place.shape.kind in SCALARS else place.value
    known = offering.pick_lists(place.data, place.path, keys) if place.shape.kind == "part" else {}
    return PartForm(keys, part, known, whole, data=typed)


def keys_of_form(place: Opened) -> tuple[Key, ...]:
    """The keys that the form may change; a name is changed where all that refers to it follows."""
    if place.shape.kind in SCALARS:
        return (Key(ALONE, place.shape, True, None, "", FieldInfo()),)
    if place.shape.model is None:
        return ()
    named = bool(place.path) and isinstance(place.path[-1], int)
    return tuple(key for key in words.keys_at(place.data, place.path) if not (named and key.name == "key"))


def changed(place: Opened, form: PartForm) -> Any:
    """The document with what was changed in the form."""
    found = form.changed()
    if place.shape.kind in SCALARS:
        return put(place.data, place.path, found.get(ALONE, place.value)) if found else place.data
    if place.shape.kind != "part":
        return place.data
    part = dict(place.value) if isinstance(place.value, dict) else {}
    part = {key: value for key, value in (part | found).items() if value is not ABSENT}
    data = put(place.data, place.path, part) if part != place.value else place.data
    kind = form.new_kind()
    whole = shape_at(place.data, place.path)
    return data if kind is None or whole is None else editing.as_another(data, place.path, whole, kind)


def fitted(place: Opened, data: Any) -> tuple[Any, str]:
    """The document without what a question's new type takes none of, and that in words."""
    now, before = at(data, place.path), place.value
    if place.shape.model is not Question or now.get("type") == before.get("type"):
        return data, ""
    fits, gone = editing.fitting(now, before)
    said = "; ".join(f"{key.label} ({words.summary_of(key.shape, now[key.name])})" for key in gone)
    return put(data, place.path, fits) if gone else data, said


def _differing(place: Opened, form: PartForm) -> list[dict[str, str]]:
    """What the draft says now, where that is not what was typed."""
    part = place.value if isinstance(place.value, dict) else {ALONE: place.value}
    return [
        {"key": key.label, "value": shown(part.get(key.name)) or "Nothing"}
        for key in form.keys
        if key.name in form.changed()
    ]


def _around(place: Opened) -> dict[str, Any]:
    """What stands on the page besides the form."""
    holder, held = place.shape.kind in ("table", "list"), _is_held(place)
    taken = place.value if isinstance(place.value, dict) else {}
    inside = place.shape.inside
    return {
        "rows": words.rows(place.draft, place.data, place.path) if place.path else [],
        "items": words.items(place.draft, place.data, place.path),
        "holder": holder,
        "held": held,
        "renames": held and bool(editing.name_at(place.data, place.path)),
        "adds": holder and not place.shape.is_plain_list,
        "names": in_a_pick_list([one for one in place.shape.choices if one not in taken]),
        "offered": [one for one in facts_brought() if one not in taken] if place.path == FACTS else [],
        "named": place.shape.kind == "table"
        or (inside is not None and inside.model is not None and "key" in inside.model.model_fields),
        "strangers": words.strangers(place.data, place.path),
    }


def _is_held(place: Opened) -> bool:
    """Whether the part is one of a table or a list, and not a key of another part or the whole."""
    whole = shape_at(place.data, place.path[:-1]) if place.path else None
    return whole is not None and chosen(whole, at(place.data, place.path[:-1])).kind in ("table", "list")


@require_POST
@needs(MANAGE)
def add_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new part in a table or a list."""
    place = open_place(request, public_id)
    try:
        data, where = editing.added(place.data, place.path, request.POST.get("name", ""))
        place.save(request, data, f"added {words.trail(data, where)}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(place.url())
    messages.success(request, f"{words.step_name(data, where)} is added")
    return redirect(place.url(path=where))


@require_POST
@needs(MANAGE)
def arrange_parts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a part up or down, or put a copy beside it."""
    place = open_place(request, public_id)
    do, step = next(((do, request.POST[do]) for do in ("up", "down", "copy") if do in request.POST), ("", ""))
    number = numbered(step) if isinstance(place.value, list) else None
    where: Path = (*place.path, step if number is None else number)
    if not do or at(place.data, where) is None:
        raise Http404
    try:
        if do == "copy":
            data, where = editing.copied(place.data, where)
        else:
            data = editing.moved(place.data, where, -1 if do == "up" else 1)
        place.save(request, data, f"{DONE[do]} {words.trail(data, where)}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(place.url())
    messages.success(
        request, f"{words.step_name(data, where)} is copied" if do == "copy" else "The order is saved"
    )
    return redirect(place.url(path=where) if do == "copy" else place.url())


DONE = {"up": "moved", "down": "moved", "copy": "copied to"}


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def rename_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another name for a part, here and wherever it is named."""
    place = open_place(request, public_id)
    old = editing.name_at(place.data, place.path)
    if not old or not _is_held(place):
        raise Http404
    form = NameForm(request.POST or None, initial={"name": old})
    if request.method == "POST" and form.is_valid():
        try:
            data, where, count = editing.renamed(place.data, place.path, form.cleaned_data["name"])
            place.save(request, data, f"renamed {place.trail} to {form.cleaned_data['name']}")
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            more = (
                f", also in {count} place{'' if count == 1 else 's'} that name{'s' if count == 1 else ''} it"
            )
            messages.success(request, f"{old} is now {editing.name_at(data, where)}{more if count else ''}")
            return redirect(place.url(path=where))
    return render(request, "frameworks/rename_part.html", {"place": place, "form": form})


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def remove_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a part out, after saying what still refers to it."""
    place = open_place(request, public_id)
    if not place.path:
        raise Http404
    if request.method == "POST":
        try:
            place.save(request, editing.without(place.data, place.path), f"removed {place.trail}")
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{place.name} is removed")
        return redirect(place.above)
    referring = [
        {"where": words.trail(place.data, path), "url": words.page_of(place.draft, place.data, path)}
        for path in editing.referring(place.data, place.path)
    ]
    return render(request, "frameworks/remove_part.html", {"place": place, "referring": referring})


@require_POST
@needs(MANAGE)
def remove_key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take out a key that the model does not know."""
    place = open_place(request, public_id)
    name = request.POST.get("name", "")
    if name not in words.strangers(place.data, place.path):
        raise Http404
    try:
        place.save(
            request, editing.without(place.data, (*place.path, name)), f"removed {name} in {place.trail}"
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(place.url())
