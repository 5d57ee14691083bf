"""The page that brings in a form: what the file holds, what is not applied, and how it would be asked."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks import operations
from goldenthread.frameworks.bringing_in import as_yaml, read_form
from goldenthread.frameworks.models import Draft
from goldenthread.rules.form_formats.drafts import LONGEST_NAME
from goldenthread.rules.form_formats.drafts import Draft as FormDraft
from goldenthread.rules.form_formats.placing import form_in
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.frameworks.editor.places import address
from goldenthread.web.frameworks.previews import MOST_DRAFTS, sections_of
from goldenthread.web.frameworks.shipped import skeleton
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


NEW = "new"


class PutForm(forms.Form):
    """The draft that a form goes into, and the name that it gets there."""

    target = forms.ChoiceField(label="Put this form into a draft", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name of the form in the draft",
        max_length=LONGEST_NAME,
        help_text="Audit types name it. It must not be the name of another form of that draft.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        drafts = Draft.objects.open().defer("document").order_by("-saved_at")[:MOST_DRAFTS]
        choices = [(draft.public_id, f"{draft}, last saved {_day(draft.saved_at)}") for draft in drafts]
        new = "A new draft: the smallest framework that makes sense, with this as its form"
        self.fields["target"].choices = [*choices, (NEW, new)]  # type: ignore[attr-defined]


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y at %H:%M}"


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
    """Read a form and show what became of it; it is stored only when it is put into a draft."""
    if "put" in request.POST:
        return _put(request)
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


def _put(request: HttpRequest) -> HttpResponse:
    """Put the form into the draft that was chosen, and open it there."""
    document, put = request.POST.get("document", "").replace("\r\n", "\n"), PutForm(request.POST)
    if put.is_valid():
        target, name = put.cleaned_data["target"], " ".join(put.cleaned_data["name"].split())
        draft = None if target == NEW else Draft.objects.filter(public_id=target).first()
        try:
            _, form, left_out = form_in(document)
            draft = operations.bring_in_form(
                draft,
                form,
                name=name,
                left_out=left_out,
                beginning=skeleton(),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            put.add_error("name", str(refusal))
        else:
            said = f"The form is in the draft “{draft}” as “{name}”."
            messages.success(request, f"{said} {_told(len(left_out))}".strip())
            return redirect(address(draft, ("forms", name)))
    context = {"form": FormFile(), "put": put, "document": document, "is_put": True}
    return render(request, "frameworks/bring_in_form.html", context, status=422)


def _told(count: int) -> str:
    """How much of the file was not applied, and where that is listed."""
    things = "1 thing of the file is" if count == 1 else f"{count} things of the file are"
    return f"{things} not applied; the page of the draft lists what." if count else ""


def _read(file: UploadedFile) -> FormDraft:
    """Read from a temporary file of our own, gone afterwards."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.UPLOADS) as kept:
        for block in file.chunks():
            kept.write(block)
        kept.flush()
        return read_form(Path(kept.name), str(file.name))


def _result(draft: FormDraft) -> dict[str, Any]:
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
        "put": PutForm(initial={"target": NEW, "name": draft.key}),
    }


def _brief(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


def _download(document: str) -> HttpResponse:
    """The form as a file, as the page before showed it."""
    answer = HttpResponse(document.replace("\r\n", "\n"), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="form.yaml"'
    return answer
