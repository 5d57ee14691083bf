"""Pages about subjects that are no cases: the list of a kind, adding one, a list file, ending one."""

import base64
import csv
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from goldenthread.caseload.models import Subject
from goldenthread.caseload.operations.subjects import end, keep, load_list
from goldenthread.caseload.subject_list import UNDECLARED, Checked, Names, read_list, sheet_of, wanted_by
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import kinds_of_subject, pack_of
from goldenthread.people.people_file import RowRefused
from goldenthread.programmes.operations.gathering import bring_kind_up_to_date
from goldenthread.rules.checks_of_conditions import days_named
from goldenthread.rules.refusal import Refused
from goldenthread.rules.subjects import A_LIST, SubjectKind
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.caseload import rows
from goldenthread.web.caseload.forms import EndSubjectForm, SubjectForm, SubjectListForm
from goldenthread.web.tables import Table, number, numeric

PAGE = 50
IMPORT = "import the caseload"
SHOWN = 200  # rejected rows on the page
LARGEST = 1_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of subject as the pages ask for it."""

    name: str
    version: Version
    rule: SubjectKind

    @property
    def facts(self) -> list[str]:
        """The facts that its framework knows of."""
        return list(pack_of(self.version).facts)

    @property
    def days(self) -> frozenset[str]:
        """Those of them that are days."""
        return days_named(pack_of(self.version))

    @property
    def title(self) -> str:
        return self.rule.many[:1].upper() + self.rule.many[1:]

    @property
    def is_kept(self) -> bool:
        """Whether people keep its list."""
        return self.rule.come_from == A_LIST


def kind_of(name: str) -> Kind:
    """A kind that the newest frameworks know."""
    found = kinds_of_subject().get(name)
    if found is None:
        raise Http404
    return Kind(name, *found)


@require_safe
def list_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """The open subjects of a kind that this person may know of."""
    found, today = kind_of(kind), timezone.localdate()
    visible = Subject.objects.visible_to(person_of(request), on=today).of_kind(kind).open_on(today)
    after = request.GET.get("after", "")
    last = Subject.objects.filter(public_id=after).values_list("pk", flat=True).first()
    shown, more = rows.page_of((visible.filter(pk__gt=last) if last else visible).order_by("pk"), PAGE)
    context = {
        "kind": found,
        "table": rows.of_kind(shown, found.rule, today),
        "next_url": f"?after={shown[-1].public_id}" if more else "",
        "previous_url": reverse("list_kind", args=[kind]) if last else "",
        "may_import": may(request, IMPORT),
    }
    return render(request, "caseload/list_kind.html", context)


@require_POST
@needs(IMPORT)
def update_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Bring the subjects of a kind up to date now."""
    found = kind_of(kind)
    try:
        settled = bring_kind_up_to_date(found.version, kind, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        told = f"{len(settled.new)} new, {len(settled.changed)} changed, {len(settled.ended)} ended"
        messages.success(request, f"{found.title} are up to date: {told}")
    return redirect("list_kind", kind)


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def keep_subject(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a subject of a list by hand, or change the one of that reference."""
    found = _kept(kind)
    form = SubjectForm(request.POST or None, facts=found.facts, days=found.days)
    if request.method == "POST" and form.is_valid():
        now = timezone.localtime()
        try:
            row = wanted_by(Names(), form.texts(), form.days(), found.facts)
            kept = keep(kind, found.rule, row, on=now.date(), by=person_of(request), at=now)
        except RowRefused as fault:
            form.add_error(form.field_of(fault.column), fault.reason)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{kept.shown} is in the list")
            return redirect("list_kind", kind)
    status = 422 if form.errors else 200
    return render(request, "caseload/keep_subject.html", {"form": form, "kind": found}, status=status)


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def load_subjects(request: HttpRequest, kind: str) -> HttpResponse:
    """A list file: first what it would change, then, once confirmed, the change."""
    found = _kept(kind)
    is_sent = request.method == "POST"
    form = SubjectListForm(request.POST, request.FILES) if is_sent else SubjectListForm()
    context: dict[str, Any] = {}
    if is_sent:
        try:
            name, content = _chosen(request, form)
            context = _checked(found, name, content)
            if "confirmed" in request.POST:
                return _apply(request, found, name, content)
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context |= {"form": form, "kind": found}
    return render(request, "caseload/load_subjects.html", context, status=422 if form.errors else 200)


def _kept(name: str) -> Kind:
    found = kind_of(name)
    if not found.is_kept:
        raise Http404
    return found


def _chosen(request: HttpRequest, form: forms.Form) -> tuple[str, bytes]:
    """The file's name and content: chosen now, or sent back with the check that was shown."""
    if "confirmed" in request.POST:
        try:
            return request.POST.get("file_name", ""), base64.b64decode(
                request.POST.get("content", ""), validate=True
            )
        except ValueError as fault:  # also of characters that base 64 has not
            raise Refused("The file did not come back whole. Choose it again.") from fault
    if not form.is_valid():
        raise Refused("Choose a list file.")
    file = form.cleaned_data["file"]
    if file.size > LARGEST:
        raise Refused("The file is larger than 1 MB. Bring the list in in parts.")
    return str(file.name), file.read()


def _read(kind: Kind, name: str, content: bytes) -> Checked:
    """The rows of a file, read from a copy of our own that is gone afterwards."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.UPLOADS) as kept:
        kept.write(content)
        kept.flush()
        return read_list(Path(kept.name), name, title=kind.title, facts=kind.facts, days=kind.days)


def _load(kind: Kind, checked: Checked, content: bytes, **who: Any) -> Any:
    digest = hashlib.sha256(content).hexdigest()
    return load_list(kind.name, kind.rule, checked.rows, sha256=digest, on=who["at"].date(), **who)


def _checked(kind: Kind, name: str, content: bytes) -> dict[str, Any]:
    """What the file would change, and the rows that cannot be used."""
    checked = _read(kind, name, content)
    settled = _load(kind, checked, content, by=None, at=timezone.localtime(), dry_run=True)
    unchanged = len(checked.rows) - len(settled.new) - len(settled.changed)
    counts = [len(settled.new), len(settled.changed), unchanged, len(checked.rejected)]
    head = [numeric(text) for text in ("New", "Changed", "Unchanged", "Rejected")]
    rejected = [[str(row.row), row.column, row.reason] for row in checked.rejected[:SHOWN]]
    return {
        "checked": checked,
        "counts": Table(f"What {name} would change", head, [[number(one) for one in counts]]),
        "rejected": Table("Rows that cannot be used", ("Row", "Column", "Why"), rejected),
        "not_read": checked.not_read[:SHOWN],
        "undeclared": UNDECLARED,
        "file_name": name,
        "content": base64.b64encode(content).decode(),
        "may_apply": bool(settled.new or settled.changed),
    }


def _apply(request: HttpRequest, kind: Kind, name: str, content: bytes) -> HttpResponse:
    checked = _read(kind, name, content)
    settled = _load(kind, checked, content, by=person_of(request), at=timezone.localtime())
    told = f"{len(settled.new)} new, {len(settled.changed)} changed"
    messages.success(request, f"The list is brought in: {told}")
    return redirect("list_kind", kind.name)


@require_GET
@needs(IMPORT)
def download_subject_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The columns of a list file and an example row."""
    found = _kept(kind)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="list.csv"'
    response.write("\ufeff")
    columns = sheet_of(found.title, found.facts, found.days).columns
    writer = csv.writer(response)
    writer.writerow(column.name for column in columns)
    writer.writerow(column.example for column in columns)
    return response


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def end_subject(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say on which day a subject of a list ended."""
    now = timezone.localtime()
    subject = get_object_or_404(
        Subject.objects.visible_to(person_of(request), on=now.date()), public_id=public_id
    )
    found = _kept(subject.kind)
    form = EndSubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end(subject, found.rule, ended_on=form.cleaned_data["ended_on"], by=person_of(request), at=now)
        except Refused as refusal:
            form.add_error("ended_on", str(refusal))
        else:
            messages.success(request, f"{subject.shown} has ended")
            return redirect("list_kind", subject.kind)
    context = {"form": form, "subject": subject, "kind": found}
    return render(request, "caseload/end_subject.html", context, status=422 if form.errors else 200)
