"""The cells of a table's row, made in one go: tables are most of what the longest pages consist of."""

import re
from collections.abc import Mapping, Sequence
from html import escape as escape_html
from typing import Any

from django import template
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
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
    made = [_cell(context, one, place == 0 and row_heads) for place, one in enumerate(row)]
    return SafeString("".join(made))


def _cell(context: Context, cell: Any, is_head: object) -> str:
    """One cell's HTML; all that is put into it is escaped on the way (see `_escaped`)."""
    said = cell if isinstance(cell, Mapping) else PLAIN
    text = said.get("text")
    text = cell if text is None else text
    inside = _inside(said, _escaped(text) if type(text) is str else render_value_in_context(text, context))
    if is_head:
        return f'<th scope="row" class="govuk-table__header">{inside}</th>'
    kind = ""
    if said.get("numeric"):
        kind = " govuk-table__cell--numeric"
    elif begins_with_day(text):
        kind = " gt-day"
    elif begins_with_share(text):
        kind = " gt-share"
    return f'<td class="govuk-table__cell{kind}">{inside}</td>'


def _escaped(text: Any) -> str:
    """Text as it may stand in HTML; what is marked as safe stays as it is, as everywhere in templates."""
    return escape_html(text) if type(text) is str else conditional_escape(text)


def begins_with_day(text: object) -> bool:
    """Whether a cell begins with a day: it is kept wide enough for the day and its month."""
    return isinstance(text, str) and DAY.match(text) is not None


def begins_with_share(text: object) -> bool:
    """Whether a cell begins with a share: it is kept wide enough for its interval."""
    return isinstance(text, str) and SHARE.match(text) is not None


def _inside(said: Mapping[str, Any], text: str) -> str:
    """What stands in a cell around its text, which is escaped already."""
    unbroken = said.get("unbroken")
    if url := said.get("url"):
        kept = " gt-unbroken" if unbroken else ""
        text = f'<a class="govuk-link{kept}" href="{_escaped(url)}">{text}</a>'
    elif tag := said.get("tag"):
        text = f'<strong class="govuk-tag govuk-tag--{_escaped(tag)}">{text}</strong>'
    elif unbroken:
        text = f'<span class="gt-unbroken">{text}</span>'
    if hint := said.get("hint"):
        text = f'{text}<span class="gt-cell-hint">{_escaped(hint)}</span>'
    return text
