"""Whether the texts of notices and notes can be filled in, and keep to what they may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import Formatter

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import CYCLE_END, Framework
from goldenthread.rules.naming import Missing, listed, suggestion

IN_NOTICES = ("type", "reference", "cycle", "due", "link")
"""No name, grade or reason: notices leave the installation."""
IN_NOTICES_OF_A_CYCLE = ("cycle", "link")
IN_THE_NOTE = ("type", "reference", "overall", "date", "alerted")
IN_ITS_TITLE = ("type", "reference", "overall", "date")
IN_A_STAGE = ("reference", "stage", "role", "outcome", "said", "date")
IN_A_STAGES_TITLE = ("reference", "stage", "role", "outcome", "date")
IN_THANKS = ("type", "reference", "cycle", "link")
IN_A_DISCUSSION = ("type", "reference", "date", "present", "discussed", "good", "actions")
IN_ITS_HEADING = ("type", "reference", "date")
LONGEST_TITLE = 100
LONGEST_SUBJECT = 200
LONGEST = {
    "reference": "x" * 30,
    "cycle": "September 2026",
    "date": "30 September 2026",
    "due": "Wednesday 30 September 2026",
    "link": "x" * 120,
    "stage": "10",
    "outcome": "not resolved",
}
"""The longest words that fill a gap, besides the framework's own."""


def faults(pack: Framework) -> Iterator[Missing]:
    """Every text whose gaps cannot be filled, and a title or subject that could become too long."""
    for name, notice in pack.notices.items():
        path: Path = ("notices", name)
        known = IN_NOTICES_OF_A_CYCLE if notice.on == CYCLE_END else IN_NOTICES
        yield from _filled(pack, notice.subject, known, LONGEST_SUBJECT, (*path, "subject"))
        yield from _gaps(notice.text, known, (*path, "text"))
    yield from _filled(pack, pack.filing.title, IN_ITS_TITLE, LONGEST_TITLE, ("filing", "title"))
    yield from _gaps(pack.filing.text, IN_THE_NOTE, ("filing", "text"))
    note = pack.concern.note
    yield from _filled(pack, note.title, IN_A_STAGES_TITLE, LONGEST_TITLE, ("concern", "note", "title"))
    yield from _gaps(note.text, IN_A_STAGE, ("concern", "note", "text"))

    for name, rule in pack.responses.items():
        here: Path = ("responses", name)
        if rule.discussion is not None:
            title, text = rule.discussion.note.title, rule.discussion.note.text
            path = (*here, "discussion", "note")
            yield from _filled(pack, title, IN_ITS_HEADING, LONGEST_TITLE, (*path, "title"))
            yield from _gaps(text, IN_A_DISCUSSION, (*path, "text"))
        if (thanks := rule.acknowledgement) is not None:
            path = (*here, "acknowledgement")
            yield from _filled(pack, thanks.subject, IN_THANKS, LONGEST_SUBJECT, (*path, "subject"))
            yield from _gaps(thanks.text, IN_THANKS, (*path, "text"))


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


def _filled(pack: Framework, text: str, known: Iterable[str], limit: int, path: Path) -> Iterator[Missing]:
    """The gaps of a line; if they can be filled, how long it becomes with this framework's longest words."""
    wrong = list(_gaps(text, known, path))
    yield from wrong
    if wrong:
        return
    labels = [value.label for scale in pack.scales.values() for value in scale.values]
    titles = [kind.title for kind in pack.audit_types.values()]
    roles = [role.title for role in pack.roles.values()]
    longest = LONGEST | {
        "type": max(titles, key=len),
        "overall": max(labels, key=len, default=""),
        "role": max(roles, key=len),
    }
    if (length := len(text.format(**longest))) > limit:
        yield Missing(path, f"Filled in, this can have {length} characters; {limit} is the most. Shorten it.")
