"""Pages of moderation: what is due, the draw, who moderates what, grading again, how far people agree."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.audits import operations
from goldenthread.audits.models import Moderation, ModerationDraw
from goldenthread.audits.moderating import (
    KIND,
    advised,
    candidates,
    document_of,
    due_now,
    follows,
    may_compare,
    parts_of,
    rule_of,
)
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import newest_versions, pack_of, words_of
from goldenthread.ledger.operations import record_read
from goldenthread.measures.moderation import Span, agreements, pairs_of, part_labels
from goldenthread.people.models import Person
from goldenthread.rules import draws
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.audits import moderation_rows as rows
from goldenthread.web.audits.advising import lines_of
from goldenthread.web.audits.moderation_forms import FeedbackForm, GradesForm
from goldenthread.web.tasks.rows import page_of

DRAW = "draw and allocate"
REPORTS = "see reports"
PAGE = 50
NAMED = ("draw__version", "moderator", "audit__version", "audit__unit", "audit__subject", "audit__auditor")
TEXTS = ("draw__version__document", "audit__version__document")


@require_safe
def list_moderation(request: HttpRequest) -> HttpResponse:
    """What one moderates, feedback to oneself, and for those who draw what is due."""
    person, on = person_of(request), timezone.localdate()
    mine = Moderation.objects.of_person(person).select_related(*NAMED).defer(*TEXTS).order_by("-pk")
    place = mine.filter(public_id=request.GET.get("after", "")).first()
    page = page_of(request, mine.filter(pk__lt=place.pk) if place else mine, place)
    versions = list(newest_versions())
    words = words_of(versions[0]) if versions else {}
    context = {
        "due": due_now(versions, on=on) if may(request, DRAW) else [],
        "rules": [
            (pack_of(one), name, rule) for one in versions for name, rule in pack_of(one).moderation.items()
        ],
        "page": page,
        "table": rows.own(page.rows, words) if words else None,
        "next_url": page.next_url,
        "seed": f"{secrets.randbelow(10**24):024}",
    }
    return render(request, "audits/list_moderation.html", context)


@require_POST
@needs(DRAW)
def draw_for_moderation(request: HttpRequest) -> HttpResponse:
    """Draw the audits of the cycle that is due, with a seed."""
    key, _, name = request.POST.get("which", "").partition("/")
    version = _version(key, name)
    if version is None:
        messages.error(request, "Choose one of those shown.")
        return redirect("list_moderation")
    try:
        drawn = operations.draw_for_moderation(
            version, name, seed=request.POST.get("seed", ""), by=person_of(request), at=timezone.localtime()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("list_moderation")
    messages.success(request, "Drawn. Say who moderates what.")
    return redirect("show_moderation_draw", drawn.public_id)


@require_safe
@needs(DRAW)
def show_moderation_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """A draw with its reasons and its proof, and who moderates what."""
    drawn, on = _draw(public_id), timezone.localdate()
    found = drawn.moderations.select_related(*NAMED).defer(*TEXTS).order_by("position")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit():
        found = found.filter(position__gt=int(after[:9]))
    shown = list(found[: PAGE + 1])
    words = words_of(drawn.version)
    open_ = [(one, candidates(one, on=on)) for one in shown[:PAGE] if _to_give(one, on)]
    context = {
        "drawn": drawn,
        "rule": rule_of(drawn),
        "words": words,
        "table": rows.picks(drawn, shown[:PAGE], words),
        "left_out": rows.left_out(draws.read_frame(bytes(drawn.frame)), words),
        "to_give": open_,
        "can_give": any(people for _, people in open_),
        "next_url": f"?after={shown[PAGE - 1].position}" if len(shown) > PAGE else "",
    }
    return render(request, "audits/show_moderation_draw.html", context)


def _to_give(moderation: Moderation, on: date) -> bool:
    """Whether it can be given to somebody, or to somebody else since its moderator has left."""
    gone = moderation.moderator is not None and moderation.moderator.is_gone(on)
    return moderation.finished_at is None and (moderation.graded_at is None or gone)


@require_POST
@needs(DRAW)
def allocate_moderation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give each audit to the moderator chosen for it; what is refused says why, and the rest is given."""
    drawn, by, given, refused = _draw(public_id), person_of(request), 0, False
    for moderation in drawn.moderations.select_related(*NAMED).defer(*TEXTS).order_by("position"):
        chosen = request.POST.get(f"moderator-{moderation.public_id}", "")
        if not chosen:
            continue
        try:
            person = _chosen(chosen)
            if person.pk == moderation.moderator_id:
                continue
            operations.allocate_moderation(moderation, person, by=by, at=timezone.localtime())
            given += 1
        except Refused as refusal:
            refused = True
            messages.error(request, f"{moderation.audit.number}: {refusal}")
    if given:
        messages.success(request, f"{given} given. Each moderator has a task.")
    elif not refused:
        messages.error(request, "Nothing was changed: choose somebody from a list who does not have it yet.")
    return redirect("show_moderation_draw", drawn.public_id)


def _chosen(public_id: str) -> Person:
    """Whom a list was set to; refused where that is nobody who works here."""
    people = Person.objects.filter(public_id=public_id, is_active=True) if public_id.isalnum() else None
    person = people.first() if people is not None else None
    if person is None:
        raise Refused("Choose one of those shown.")
    return person


@require_POST
@needs(DRAW)
def offer_moderators(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what nobody has to those who have fewest and may moderate it."""
    drawn = _draw(public_id)
    given = operations.offer_moderators(drawn, by=person_of(request), at=timezone.localtime())
    left = drawn.moderations.filter(moderator=None).count()
    said = f"{given} given." + (f" For {left} nobody is free of a conflict." if left else "")
    (messages.error if left else messages.success)(request, said)
    return redirect("show_moderation_draw", drawn.public_id)


@require_safe
@needs(DRAW)
def download_moderation_frame(request: HttpRequest, public_id: str) -> HttpResponse:
    """frame.csv of a draw for moderation, byte for byte."""
    return _file(bytes(_draw(public_id).frame), "text/csv; charset=utf-8", "frame.csv")


@require_safe
@needs(DRAW)
def download_moderation_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """draw.json of a draw for moderation."""
    return _file(document_of(_draw(public_id)).as_json(), "application/json", "draw.json")


@require_http_methods(["GET", "POST"])
def show_moderation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One moderation: what may be read of the audit, one's grades, then the meeting and the feedback."""
    person, now = person_of(request), timezone.localtime()
    seen = Moderation.objects.visible_to(person, on=now.date()).select_related(*NAMED).defer(*TEXTS)
    moderation = get_object_or_404(seen, public_id=public_id)
    rule, words = rule_of(moderation.draw), words_of(moderation.draw.version, moderation.audit.audit_type)
    sheet = sheet_of(moderation.audit, on=now.date())
    parts = parts_of(moderation, sheet)
    is_own = moderation.moderator_id == person.pk and moderation.finished_at is None
    data = request.POST if request.method == "POST" else None
    form: GradesForm | FeedbackForm | None = None
    following: dict[str, str] = {}
    if is_own and moderation.graded_at is None:
        following = _following(moderation, sheet, parts, data)
        form = GradesForm(moderation, parts, sheet.scale, words, data, following=following)
    elif is_own:
        form = FeedbackForm(moderation, meeting=rule.meeting, auditor=words["auditor"], data=data)
    if form is not None and data is not None and form.is_valid():
        try:
            _save(request, moderation, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("show_moderation", public_id)
    record_read(about=(KIND, moderation.public_id), by=person, at=now)
    compare = may_compare(moderation, person, on=now.date())
    reads = rule.blind != "to grades and answers" or compare
    context = {
        "moderation": moderation,
        "is_moderator": moderation.moderator_id == person.pk,
        "rule": rule,
        "words": words,
        "form": form,
        "grading": is_own and moderation.graded_at is None,
        "facts": rows.facts_of(moderation, words),
        "answers": rows.answers(sheet) if reads and moderation.moderator_id == person.pk else [],
        "grades": rows.side_by_side(moderation, dict(parts), sheet, compare)
        if moderation.graded_at
        else None,
        "blind": not compare,
        "following": [(dict(parts)[part], said) for part, said in following.items()],
    }
    refused = form is not None and form.errors
    return render(request, "audits/show_moderation.html", context, status=422 if refused else 200)


def _following(
    moderation: Moderation, sheet: Sheet, parts: list[tuple[str, str]], data: Mapping[str, Any] | None
) -> dict[str, str]:
    """The parts whose grades follow from the others, each with why; blind, no more than that it does.

    What the rules make of the audit's answers would tell its grade before the moderator's own are in.
    """
    saved = {one.part: one.grade for one in moderation.grades.all()}
    typed = {part: data.get(f"grade-{place}", "") for place, (part, _) in enumerate(parts)} if data else saved
    found = advised(moderation, sheet, typed)
    following = {part: said for part, said in found.items() if follows(sheet, said)}
    if moderation.blind != "no":
        return dict.fromkeys(following, "")
    return {part: " ".join(lines_of(sheet, said, {said.grade})) for part, said in following.items()}


def _save(request: HttpRequest, moderation: Moderation, form: GradesForm | FeedbackForm) -> None:
    person, now, typed = person_of(request), timezone.localtime(), form.cleaned_data
    if isinstance(form, GradesForm):
        fixed = request.POST.get("do") == "fix"
        operations.save_moderation(
            moderation, form.said(), fixed=fixed, revision=typed["revision"], by=person, at=now
        )
        messages.success(request, "Your grades are in." if fixed else "Saved. You can go on later.")
        return
    operations.finish_moderation(
        moderation,
        feedback=typed["feedback"],
        met_on=typed.get("met_on"),
        revision=typed["revision"],
        by=person,
        at=now,
    )
    messages.success(request, "Finished. Your feedback is with whoever audited it.")


@require_safe
@needs(REPORTS)
def show_grading_agreement(request: HttpRequest) -> HttpResponse:
    """How far moderators and auditors agree on each part, and the pairs behind each figure."""
    person, on, asked = person_of(request), timezone.localdate(), request.GET
    version = _version(asked.get("framework", ""), asked.get("rule", ""))
    if version is None:
        raise Http404
    name, pack, words = asked["rule"], pack_of(version), words_of(version)
    rule = pack.moderation[name]
    context = {"rule": rule, "words": words, "version": version, "name": name, "pack": pack}
    part, span = asked.get("part", ""), _span(asked.get("from", ""), asked.get("to", ""))
    if not part:
        found = agreements(version, name, person, on=on, span=span)
        context["table"] = rows.measured(version, name, found, words)
        context["sentences"] = [f"{one.label}: {one.agreement.sentence()}" for one in found]
        return render(request, "audits/show_grading_agreement.html", context)
    behind = pairs_of(version, name, person, on=on, span=span).filter(part=part)
    behind = behind.select_related("moderation__audit").order_by("pk")
    after = asked.get("after", "")
    if after.isascii() and after.isdigit():
        behind = behind.filter(pk__gt=int(after[:15]))
    shown = list(behind[: PAGE + 1])
    context["label"] = part_labels(pack, rule.of).get(part, part)
    context["table"] = rows.pairs(shown[:PAGE], version, name, words)
    if len(shown) > PAGE:
        said = {"framework": pack.key, "rule": name, "part": part, "after": shown[PAGE - 1].pk}
        said |= {"from": span[0], "to": span[1]} if span else {}
        context["next_url"] = f"?{urlencode(said)}"
    return render(request, "audits/show_grading_agreement.html", context)


def _span(first: str, last: str) -> Span | None:
    """The days between which moderation finished, where the address names two."""
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def _version(key: str, name: str) -> Version | None:
    """The newest version of the framework, if it has such a rule."""
    found: QuerySet[Version] = newest_versions().filter(framework__key=key)
    version = found.first()
    return version if version is not None and name in pack_of(version).moderation else None


def _draw(public_id: str) -> ModerationDraw:
    return get_object_or_404(
        ModerationDraw.objects.select_related("version", "drawn_by"), public_id=public_id
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
