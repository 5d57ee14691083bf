"""Puts a form that was brought in among the forms of a framework's document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.form_formats.drafts import LONGEST_NAME
from goldenthread.rules.forms import Form
from goldenthread.rules.refusal import Refused


def form_in(document: str) -> tuple[str, dict[str, Any], list[str]]:
    """The one form of a document: its name, what it says, and the sentences above it, which are comments."""
    forms = read_document(document).data
    forms = forms.get("forms") if isinstance(forms, dict) else None
    if not isinstance(forms, dict) or len(forms) != 1:
        raise Refused("This page no longer holds the form. Choose the file once more.")
    ((name, form),) = forms.items()
    try:
        Form.model_validate(form)
    except ValidationError as fault:
        raise Refused("This page no longer holds the form. Choose the file once more.") from fault
    lines = [line[2:] for line in document.splitlines() if line.startswith("# ")]
    return str(name), form, lines[1:]


def with_form(document: str, name: str, form: Mapping[str, Any], *, replace: bool = False) -> str:
    """The document with the form under this name, which is free; `replace` lets it stand for all others."""
    data = read_document(document).data
    forms = data.get("forms", {}) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(forms, dict):
        raise Refused("This draft cannot be read, so no form can be put into it. Choose another draft.")
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"Give the form a name of 1 to {LONGEST_NAME} characters.")
    if name in forms and not replace:
        raise Refused(f"There is a form named “{name}” in this draft already. Choose another name.")
    if replace:
        kinds = {key: {**kind, "form": name} for key, kind in data["audit_types"].items()}
        return write_document({**data, "audit_types": kinds, "forms": {name: dict(form)}})
    return write_document({**data, "forms": {**forms, name: dict(form)}})
