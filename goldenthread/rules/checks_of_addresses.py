"""Whether the names that stand in addresses of pages can stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing

NOT_IN_ADDRESSES = "This name stands in addresses of pages; write it without “/”, and not as dots alone."


def faults(pack: Framework) -> Iterator[Missing]:
    """Every name of a part that has a page of its own and that an address cannot hold."""
    for name, path in _in_addresses(pack):
        if "/" in name or not name.strip("."):
            yield Missing(path, NOT_IN_ADDRESSES)


def _in_addresses(pack: Framework) -> Iterator[tuple[str, Path]]:
    parts: dict[str, Mapping[str, object]] = {
        "forms": pack.forms,
        "flows": pack.flows,
        "subjects": pack.subjects,
        "sources": pack.sources,
        "reports": pack.reports,
    }
    for part, named in parts.items():
        yield from ((name, (part, name)) for name in named)
    for name, form in pack.forms.items():
        for place, section in enumerate(form.sections):
            path: Path = ("forms", name, "sections", place)
            yield section.key, (*path, "key")
            for position, question in enumerate(section.questions):
                yield question.key, (*path, "questions", position, "key")
