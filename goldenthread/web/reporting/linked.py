"""A report's blocks as templates show them: each figure with the address of its audits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from goldenthread.reporting.blocks import Block, Cell, Chart, Quote, Report, Table
from goldenthread.web.links import url_of

LISTS = {
    "response": "list_responses",
    "action": "list_actions",
    "moderation pair": "show_grading_agreement",
}
"""The page that lists records of a kind."""


def linked(report: Report, *, figures: str) -> dict[str, Any]:
    """The report as plain values for the template; `figures` is the page that lists a slice's audits."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "chapters": [
            {
                "key": chapter.key,
                "title": chapter.title,
                "blocks": [_block(one, figures) for one in chapter.blocks],
            }
            for chapter in report.chapters
        ],
    }


def _block(block: Block, figures: str) -> dict[str, Any]:
    match block:
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "head": [{"text": cell.text, "numeric": cell.numeric} for cell in block.head],
                "rows": [[_cell(cell, figures) for cell in row] for row in block.rows],
                "empty": block.empty,
            }
        case Chart():
            return {"kind": "chart", "title": block.title, "drawings": [block.svg, block.narrow]}
        case Quote():
            url = url_of("audit", block.audit_id)
            return {"kind": "quote", "text": block.text, "source": block.source, "url": url}
        case _:
            return {"kind": "words", "text": block.text}


def _cell(cell: Cell, figures: str) -> dict[str, Any]:
    url = f"{figures}?{urlencode(cell.piece.as_query())}" if cell.piece else ""
    if cell.listed is not None:
        url = f"{reverse(LISTS[cell.listed.kind])}?{urlencode(cell.listed.asked)}"
    return {"text": cell.text, "url": url, "numeric": cell.numeric}
