"""Removing a file of an answer that was attached by mistake, with the reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.audits.models import AttachedFile
from goldenthread.frameworks.queries import words_of
from goldenthread.governance import removing
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.file_views import file_of_audit, file_of_return
from goldenthread.web.audits.seeing import note_read
from goldenthread.web.governance.forms import RemoveFileForm

GONE = "The file is removed. The ledger keeps that it was there."
HELD = (
    "The file is removed, and nobody can open it any more. It is under a legal hold, so its content is kept "
    "until the audit's words are removed."
)


@require_http_methods(["GET", "POST"])
def remove_file(request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """Remove a file of an audit that the person may open, and may remove."""
    return _remove(request, file_of_audit(request, public_id, file), "show_audit", public_id)


@require_http_methods(["GET", "POST"])
def remove_return_file(request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """Remove a file of a return, for whoever fills it in."""
    return _remove(request, file_of_return(request, public_id, file, "return"), "show_return", public_id)


def _remove(request: HttpRequest, file: AttachedFile, back: str, public_id: str) -> HttpResponse:
    person, audit = person_of(request), file.audit
    if not removing.may_remove_file(file, person, on=timezone.localdate()):
        raise Http404
    if file.in_return_id is None:
        note_read(request, audit)
    form = RemoveFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            is_deleted = removing.remove_file(file, because=because, by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, GONE if is_deleted else HELD)
            return redirect(back, public_id)
    context: dict[str, Any] = {"audit": audit, "words": words_of(audit.version), "file": file, "form": form}
    context |= {"back": back, "about": public_id, "in_return": public_id if back == "show_return" else ""}
    return render(request, "governance/remove_file.html", context)
