"""A table as a view hands it to its template."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html


@dataclass(frozen=True)
class Table:
    """Caption, heads and rows of cells; shown by `components/whole_table.html`."""

    caption: str
    head: Sequence[Any]
    rows: Sequence[Sequence[Any]] = field(default_factory=list)
    empty: str = "Nothing to show."
    hide_caption: bool = False


def number(value: int) -> dict[str, Any]:
    """A number in a column of numbers."""
    return {"text": number_format(value, use_l10n=True, force_grouping=True), "numeric": True}


def link_words(do: str, what: str) -> str:
    """What a link in a row does, with what it does it to for those who hear it without its row."""
    return format_html('{}<span class="govuk-visually-hidden"> {}</span>', do, what)


def numeric(text: str) -> dict[str, Any]:
    """The head of a column of numbers."""
    return {"text": text, "numeric": True}
