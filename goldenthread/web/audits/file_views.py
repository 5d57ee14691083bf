"""The files of answers, handed out to those who may read the answers, and never shown inside a page."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from goldenthread.audits.attached import read_file
from goldenthread.audits.models import AttachedFile, Return
from goldenthread.audits.queries import is_closed, may_read
from goldenthread.audits.returns import holds, may_open
from goldenthread.rules.attachments import content_type
from goldenthread.rules.gates import FILES
from goldenthread.web.access import person_of
from goldenthread.web.audits.seeing import note_read, opened_return, seen_audit

FILE = "file"
NOT_THERE = (
    "This file is missing, or is not the one that was attached. Tell whoever looks after this installation: "
    "“goldenthread verify” says which it is."
)


@require_GET
def download_file(request: HttpRequest, public_id: str, file: str) -> HttpResponseBase:
    """A file of an audit's answers, or of one of its returns that the reader may open; the read is noted."""
    found = file_of_audit(request, public_id, file)
    note_read(request, found.audit, FILE)
    return _sent(request, found) or redirect("show_audit", public_id)


@require_GET
def download_return_file(request: HttpRequest, public_id: str, file: str) -> HttpResponseBase:
    """A file of a return, for whoever may open that return; the read is noted."""
    found = file_of_return(request, public_id, file, FILE)
    return _sent(request, found) or redirect("show_return", public_id)


def file_of_audit(request: HttpRequest, public_id: str, file: str) -> AttachedFile:
    """A file of an audit that the person may open, and that was not removed; else not found."""
    audit = seen_audit(request, public_id)
    if not may_read(audit, person_of(request), on=timezone.localdate()):
        raise Http404
    found = get_object_or_404(AttachedFile, audit=audit, public_id=file, removed_at=None)
    found.audit = audit
    _must_be_open(request, found)
    if found.in_return_id is not None:
        of = Return.objects.select_related("audit__version").get(pk=found.in_return_id)
        if not may_open(of, person_of(request), on=timezone.localdate()):
            raise Http404
    return found


def file_of_return(request: HttpRequest, public_id: str, file: str, how: str) -> AttachedFile:
    """A file of a return that the person may open, and that was not removed; else not found."""
    of = opened_return(request, public_id, how)
    found = get_object_or_404(AttachedFile, in_return=of, public_id=file, removed_at=None)
    if not holds(of, person_of(request), on=timezone.localdate()):
        _must_be_open(request, found)
    return found


def _must_be_open(request: HttpRequest, file: AttachedFile) -> None:
    """Answer not found while a gate keeps the files of the audit closed to the reader."""
    if is_closed(file.audit, person_of(request), FILES, on=timezone.localdate()):
        raise Http404


def _sent(request: HttpRequest, file: AttachedFile) -> FileResponse | None:
    """The file to be saved under its name; None, with a sentence, where it is not what was attached."""
    content = read_file(file)
    if content is None:
        messages.error(request, NOT_THERE)
        return None
    kind = content_type(file.name)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=file.name, content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
