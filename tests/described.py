"""The addresses of the product as an OpenAPI description, made from its router and its own pages.

Nothing of it is written down: the paths are the router's, what stands in them are the ids of real records,
and the fields are those of the forms that somebody who may open the pages is shown.
"""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import get_resolver
from lxml import html

CAPTURED = re.compile(r"<(?:\w+:)?(\w+)>")
NOT_SENT = {"csrfmiddlewaretoken"}
FORM = "application/x-www-form-urlencoded"


def routes(resolver=None, before="/"):
    """Each URL name with its path as OpenAPI writes it: `/audits/{public_id}/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, path)
        else:
            yield pattern.name, CAPTURED.sub(r"{\1}", path)


class Seen:
    """What the pages hold that can be sent: by address and method, the fields with what they take."""

    def __init__(self):
        self.fields = {}

    def read(self, address, content):
        """Note every form of a page, and what its links ask of lists."""
        page = html.fromstring(content)
        for form in page.xpath("//form"):
            method = form.get("method", "get").lower()
            self._note(form.get("action") or address, address, method, form)
            for button in form.xpath(".//button[@formaction]"):
                self._note(button.get("formaction"), address, method, form)
        for link in page.xpath("//main//a[contains(@href, '?')]/@href"):
            target = urlsplit(urljoin(address, link))
            for name, value in parse_qsl(target.query):
                self._field("get", target.path, name)["examples"].add(value)

    def _note(self, action, address, method, form):
        path = urlsplit(urljoin(address, action)).path
        identifier = form.get("id")
        outside = form.xpath("//*[@name][@form=$id]", id=identifier) if identifier else []
        for control in [*form.xpath(".//*[@name]"), *outside]:
            if control.get("name") not in NOT_SENT and control.get("type") != "file":
                self._take(self._field(method, path, control.get("name")), control)

    def _field(self, method, path, name):
        of_page = self.fields.setdefault((method, path), {})
        return of_page.setdefault(name, {"choices": set(), "examples": set(), "longest": None})

    @staticmethod
    def _take(field, control):
        """What one control lets somebody send."""
        kind = control.get("type", "text")
        if control.tag == "select":
            field["choices"].update(option.get("value", "") for option in control.xpath(".//option"))
        elif kind in ("radio", "checkbox", "hidden", "submit") or control.tag == "button":
            field["choices"].add(control.get("value", "on" if kind == "checkbox" else ""))
        elif control.get("maxlength", "").isdigit():
            field["longest"] = int(control.get("maxlength"))

    def schemas(self, method, path):
        """The fields at an address, each as a JSON schema."""
        return {name: schema_of(field) for name, field in self.fields.get((method, path), {}).items()}


def schema_of(field):
    """One field: one of the page's choices, or a text; a link's values are examples and no limits."""
    if field["choices"]:
        return {"type": "string", "enum": sorted(field["choices"])}
    known = {"type": "string", "example": sorted(field["examples"])[0]} if field["examples"] else {}
    longest = {"maxLength": field["longest"]} if field["longest"] else {}
    return {"type": "string"} | known | longest


def described(name, path, values, query, fields):
    """One address as an OpenAPI document with a GET and a POST."""
    names = re.findall(r"{(\w+)}", path)
    there = [
        {"name": one, "in": "path", "required": True, "schema": {"type": "string", "enum": [str(value)]}}
        for one, value in zip(names, values, strict=True)
    ]
    asked = [
        {"name": one, "in": "query", "required": one in query, "schema": schema}
        for one, schema in (
            fields["get"] | {key: {"enum": [str(value)]} for key, value in query.items()}
        ).items()
    ]
    answers = {"responses": {"default": {"description": "a page"}}}
    body = {"type": "object", "properties": fields["post"], "required": sorted(fields["post"])}
    sent = {"required": True, "content": {FORM: {"schema": body}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": name, "version": "1"},
        "paths": {
            path: {
                "get": {"operationId": f"open_{name}", "parameters": [*there, *asked]} | answers,
                "post": {"operationId": name, "parameters": [*there, *asked], "requestBody": sent} | answers,
            }
        },
    }
