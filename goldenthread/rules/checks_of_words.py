"""Whether the texts of notices and of the filing note can be filled in, and keep to what they may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import Formatter

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing, listed, suggestion

IN_NOTICES = ("type", "reference", "cycle", "due", "link")
"""No name, grade or reason: notices leave the installation."""
IN_THE_NOTE = ("type", "reference", "overall", "date", "alerted")
IN_ITS_TITLE = ("type", "reference", "overall", "date")
LONGEST_TITLE = 100
LONGEST_SUBJECT = 100
LONGEST_REFERENCE = 30
LONGEST_DATE = len("30 September 2026")


def faults(pack: Framework) -> Iterator[Missing]:
    """Every text whose gaps cannot be filled, and a title that could become too long for a case system."""
    for name, notice in pack.notices.items():
        path: Path = ("notices", name)
        yield from _gaps(notice.subject, IN_NOTICES, (*path, "subject"))
        yield from _gaps(notice.text, IN_NOTICES, (*path, "text"))
        if len(notice.subject) > LONGEST_SUBJECT:
            yield Missing(
                (*path, "subject"), f"A subject has at most {LONGEST_SUBJECT} characters; shorten it."
            )
        if "\n" in notice.subject:
            yield Missing((*path, "subject"), "A subject is one line; take the line break out.")
    wrong = list(_gaps(pack.filing.title, IN_ITS_TITLE, ("filing", "title")))
    yield from wrong
    yield from _gaps(pack.filing.text, IN_THE_NOTE, ("filing", "text"))
    if not wrong and (length := _longest_title(pack)) > LONGEST_TITLE:
        yield Missing(
            ("filing", "title"),
            f"Filled in, the title can have {length} characters; a case system takes {LONGEST_TITLE}.",
        )


def _gaps(text: str, known: Iterable[str], path: Path) -> Iterator[Missing]:
    """Gaps that have no known name, or braces that make no gap."""
    try:
        gaps = [(name, spec, as_) for _, name, spec, as_ in Formatter().parse(text) if name is not None]
    except ValueError:
        yield Missing(path, f"A brace here has no partner; write a gap as one of {_as_gaps(known)}.")
        return
    for name, spec, as_ in gaps:
        if name not in known or spec or as_:
            said = f"There is nothing to fill “{{{name}}}” with here{suggestion(name, known)}"
            yield Missing(path, f"{said} Known: {_as_gaps(known)}.")


def _as_gaps(known: Iterable[str]) -> str:
    return listed(f"{{{name}}}" for name in known)


def _longest_title(pack: Framework) -> int:
    """How long the title can become with the longest words of this framework."""
    labels = [len(value.label) for scale in pack.scales.values() for value in scale.values]
    return len(
        pack.filing.title.format(
            type="x" * max(len(kind.title) for kind in pack.audit_types.values()),
            reference="x" * LONGEST_REFERENCE,
            overall="x" * max(labels, default=0),
            date="x" * LONGEST_DATE,
        )
    )
