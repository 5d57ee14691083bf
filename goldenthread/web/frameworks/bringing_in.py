"""The page that brings in a form: what the file holds, what is not applied, and how it would be asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks.bringing_in import as_yaml, read_form
from goldenthread.rules.form_formats.drafts import Draft
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs
from goldenthread.web.frameworks.previews import sections_of
from goldenthread.web.tables import Table, number, numeric

SHOWN = 300  # rows of what is not applied; the file has them all
KINDS = {
    "xlsform": "XLSForm",
    "fhir": "FHIR Questionnaire",
    "redcap": "REDCap data dictionary",
    "word": "Audit tool in Word",
    "excel": "Audit tool in Excel",
}
COUNTED = {
    "sections": "Sections",
    "items": "Items",
    "questions": "Questions",
    "required": "Marked as required",
    "conditions": "With a condition",
}


class FormFile(forms.Form):
    """The file that holds a form."""

    file = forms.FileField(
        label="File",
        help_text="XLSForm, FHIR Questionnaire, REDCap data dictionary, or an audit tool in Word or Excel",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.json,.csv,.docx"}),
    )


@require_http_methods(["GET", "POST"])
@needs("manage frameworks")
def bring_in_form(request: HttpRequest) -> HttpResponse:
    """Read a form and show what became of it; nothing is stored."""
    if "document" in request.POST:
        return _download(request.POST["document"])
    form = FormFile(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            context = _result(_read(form.cleaned_data["file"]))
        except Refused as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "frameworks/bring_in_form.html", {"form": form, **context}, status=status)


def _read(file: UploadedFile) -> Draft:
    """Read from a temporary file of our own, gone afterwards."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.UPLOADS) as kept:
        for block in file.chunks():
            kept.write(block)
        kept.flush()
        return read_form(Path(kept.name), str(file.name))


def _result(draft: Draft) -> dict[str, Any]:
    """What the page shows of a draft."""
    said = draft.as_data()
    left_out = [[one.place, {"text": one.reason, "hint": _brief(one.text)}] for one in draft.not_applied]
    return {
        "draft": draft,
        "kind": KINDS[draft.format],
        "is_guess": draft.format in ("word", "excel"),
        "counts": Table(
            "What the file holds",
            ["What", numeric("In the file")],
            [[words, number(said[name])] for name, words in COUNTED.items()],
        ),
        "not_applied": Table("Not applied", ["Where", "Why, and what the file says"], left_out[:SHOWN]),
        "left_out": len(left_out),
        "sections": sections_of(draft.form),
        "document": as_yaml(draft),
    }


def _brief(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


def _download(document: str) -> HttpResponse:
    """The form as a file, as the page before showed it."""
    answer = HttpResponse(document.replace("\r\n", "\n"), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="form.yaml"'
    return answer
