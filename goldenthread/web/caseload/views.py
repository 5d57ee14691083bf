"""Pages about cases: the caseload, one case, and cases that an extract no longer shows."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.audits.models import Audit
from goldenthread.caseload import queries
from goldenthread.caseload.models import CASE, Episode, Link, Subject, SubjectQuerySet
from goldenthread.caseload.operations.answers import answer_missing
from goldenthread.frameworks.queries import kinds_of_subject
from goldenthread.ledger.operations import record_read
from goldenthread.rules.refusal import Refused
from goldenthread.rules.subjects import A_LIST
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.caseload import rows
from goldenthread.web.caseload.forms import FindCaseForm, MissingForm
from goldenthread.web.tables import Table

PAGE = 50
IMPORT = "import the caseload"
NONE_YET = "No open case that you may see is known yet. Cases come with the extracts of your case system."


@require_http_methods(["GET", "POST"])
def list_subjects(request: HttpRequest) -> HttpResponse:
    """The cases that this person may know of; a search is posted, to keep references out of addresses."""
    today = timezone.localdate()
    visible = Subject.objects.visible_to(person_of(request), on=today).of_kind(CASE).filter(replaced_by=None)
    found = visible.open_on(today).order_by("pk")
    form = FindCaseForm(request.POST or None)
    searching = request.method == "POST" and form.is_valid()
    if searching:
        text = form.cleaned_data["reference"].strip()
        found = visible.filter(Q(reference__startswith=text) | Q(person_reference=text)).order_by("pk")
    last = Subject.objects.filter(public_id=request.GET.get("after", "")).values_list("pk", flat=True).first()
    cases, more = rows.page_of(found.filter(pk__gt=last) if last else found, PAGE)
    context = {
        "form": form,
        "table": _subjects(cases, "" if searching else NONE_YET),
        "searching": searching,
        "more": more and searching,
        "next_url": f"?after={cases[-1].public_id}" if more and not searching else "",
        "previous_url": reverse("list_subjects") if last else "",
        "may_import": may(request, IMPORT),
        "missing": may(request, IMPORT) and Episode.objects.missing().exists(),
        "kinds": [(name, capfirst(kind.many)) for name, (_, kind) in kinds_of_subject().items()],
    }
    return render(request, "caseload/list_subjects.html", context)


def _subjects(cases: list[Subject], empty: str) -> Table:
    today, keys = timezone.localdate(), [case.pk for case in cases]
    running = Episode.objects.filter(subject__in=keys, missing_since=None).open_on(today)
    return rows.subjects(
        cases,
        queries.works_of(keys, today),
        queries.allocated_since(keys, today),
        set(running.values_list("subject_id", flat=True)),
        **({"empty": empty} if empty else {}),
    )


@require_GET
def show_subject(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case as extracts tell it; that it was opened is noted in the read log."""
    person, now = person_of(request), timezone.localtime()
    visible = Subject.objects.visible_to(person, on=now.date()).select_related("replaced_by")
    subject = get_object_or_404(visible, public_id=public_id)
    kind = kinds_of_subject().get(subject.kind)
    word = capfirst(kind[1].one if kind else subject.kind)
    record_read(about=("subject", subject.public_id, f"{word} {subject.reference}"), by=person, at=now)
    known = queries.timeline(subject)
    context = {
        "subject": subject,
        "word": word,
        "kind": None if subject.is_case or not kind else (subject.kind, capfirst(kind[1].many)),
        "tables": [
            rows.works(known["work"]),
            rows.episodes(known["episodes"]),
            rows.facts(known["facts"]),
            *_belonging(subject, visible),
        ],
        "summary": _summary(subject, known["formerly"], request),
        "may_end": may(request, IMPORT) and bool(kind and kind[1].come_from == A_LIST),
    }
    return render(request, "caseload/show_subject.html", context)


def _summary(subject: Subject, formerly: list[str], request: HttpRequest) -> list[dict[str, str]]:
    """What names the subject; a finished audit leads to the audit for those who may know of it."""
    if subject.is_case:
        return [
            {"key": "Person reference", "value": subject.person_reference or "The same as the case"},
            {"key": "Formerly", "value": ", ".join(formerly) or "No other reference"},
        ]
    told = [{"key": "Reference", "value": subject.reference}]
    seen = Audit.objects.visible_to(person_of(request), on=timezone.localdate())
    if audit := seen.filter(public_id=subject.source).first():
        address = reverse("show_audit", args=[audit.public_id])
        told.append({"key": "Audit", "value": audit.number, "url": address, "action": "See"})
    return told


def _belonging(subject: Subject, visible: SubjectQuerySet) -> list[Table]:
    """What belongs to the subject and what it belongs to, as far as this person may know of it."""
    inside = Link.objects.filter(whole=subject, part__in=visible).select_related("part")
    around = Link.objects.filter(part=subject, whole__in=visible).select_related("whole")
    tables = [
        rows.parts(list(inside.order_by("-starts_on", "pk")[:PAGE]), "part", "What belongs to it"),
        rows.parts(list(around.order_by("-starts_on", "pk")[:PAGE]), "whole", "What it belongs to"),
    ]
    return [table for table in tables if table.rows]


@require_GET
@needs(IMPORT)
def list_missing(request: HttpRequest) -> HttpResponse:
    """Open involvements that an extract no longer shows, oldest first."""
    found = Episode.objects.missing().select_related("subject", "worker")
    place = request.GET.get("after", "")
    shown, more = rows.page_of(rows.missing_after(found, place), PAGE)
    context = {
        "table": rows.missing(shown, may_answer=True),
        "next_url": f"?after={rows.missing_place(shown[-1])}" if more else "",
        "previous_url": reverse("list_missing") if place else "",
    }
    return render(request, "caseload/list_missing.html", context)


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def answer_missing_page(request: HttpRequest, public_id: str, list_name: str) -> HttpResponse:
    """Say what became of a case that an extract no longer showed."""
    found = Episode.objects.missing().filter(subject__public_id=public_id, list=list_name)
    episode = found.select_related("subject", "worker").order_by("pk").first()
    if episode is None:
        messages.info(request, "This has been answered, or the case has come back")
        return redirect("list_missing")
    form = MissingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_missing(
                episode=episode, **form.cleaned_data, by=person_of(request), at=timezone.localtime()
            )
        except Refused as refusal:
            form.add_error("closed_on", str(refusal))
        else:
            messages.success(request, f"Case {episode.subject.reference} settled")
            return redirect("list_missing")
    context = {"form": form, "episode": episode, "title": rows.list_title(episode.preset, episode.list)}
    return render(request, "caseload/answer_missing.html", context)
