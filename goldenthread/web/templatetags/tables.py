"""The cells of a table's row, made in one go: tables are most of what the longest pages consist of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
DAY = re.compile(r"(?:\w+day )?\d{1,2} [A-Z][a-z]+\b")
"""A day as pages write it, with or without that of the week."""
SHARE = re.compile(r"\d+ of \d+(?: \(|, )")
"""A share as pages write it, before its percentage or the word that there is none."""
PLAIN: Mapping[str, Any] = {}


@register.simple_tag(takes_context=True)
def cells(context: Context, row: Sequence[Any], row_heads: object = False) -> SafeString:
    """The cells of a row: each a text, or {"text", "url", "numeric", "unbroken", "tag", "hint"}."""
    return format_html_join(
        "", "{}", ((_cell(context, one, place == 0 and row_heads),) for place, one in enumerate(row))
    )


def _cell(context: Context, cell: Any, is_head: object) -> SafeString:
    said = cell if isinstance(cell, Mapping) else PLAIN
    text = said.get("text")
    text = cell if text is None else text
    inside = _inside(said, render_value_in_context(text, context))
    if is_head:
        return format_html('<th scope="row" class="govuk-table__header">{}</th>', inside)
    kind = ""
    if said.get("numeric"):
        kind = " govuk-table__cell--numeric"
    elif begins_with_day(text):
        kind = " gt-day"
    elif begins_with_share(text):
        kind = " gt-share"
    return format_html('<td class="govuk-table__cell{}">{}</td>', kind, inside)


def begins_with_day(text: object) -> bool:
    """Whether a cell begins with a day: it is kept wide enough for the day and its month."""
    return isinstance(text, str) and DAY.match(text) is not None


def begins_with_share(text: object) -> bool:
    """Whether a cell begins with a share: it is kept wide enough for its interval."""
    return isinstance(text, str) and SHARE.match(text) is not None


def _inside(said: Mapping[str, Any], text: str) -> str:
    unbroken = said.get("unbroken")
    if said.get("url"):
        kept = " gt-unbroken" if unbroken else ""
        text = format_html('<a class="govuk-link{}" href="{}">{}</a>', kept, said["url"], text)
    elif said.get("tag"):
        text = format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', said["tag"], text)
    elif unbroken:
        text = format_html('<span class="gt-unbroken">{}</span>', text)
    if said.get("hint"):
        text = format_html('{}<span class="gt-cell-hint">{}</span>', text, said["hint"])
    return text
