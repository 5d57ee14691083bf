"""The roles of a framework in words: who holds each, what it may do, who stands in."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.roles import Role
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table

RELATIONS = {
    "auditor": "Whoever does the {audit}",
    "practitioner": "Whoever works with the {case}",
    "earlier practitioner": "Whoever worked with the {case} earlier in the period",
    "proposer": "Whoever proposed the {audit}",
}


def roles_block(pack: Framework) -> Block:
    """A table of the roles."""
    rows = [
        [
            role.title,
            _held(role).format_map(pack.words),
            "; ".join(role.may) or f"Only what the steps of {pack.words['an_audit']} give",
            pack.roles[role.otherwise].title if role.otherwise else "Nobody",
        ]
        for role in pack.roles.values()
    ]
    head = ["Role", "Held by", "May", "If nobody holds it"]
    tables = [Table("Roles", head, rows, hide_caption=True)]
    return Block("roles", "Roles", sentences=list(_summaries(pack)), tables=tables)


def _summaries(pack: Framework) -> Iterator[str]:
    """Who reads a summary of which kind of audit, and no more of it."""
    for kind in pack.audit_types.values():
        if kind.summary is not None:
            who = in_words(pack.roles[name].title.lower() for name in kind.summary.to)
            more = in_words(["good practice", *kind.summary.also])
            yield (
                f"{kind.title}: the {who} read the grades, with {more}, and what follows; not the answers, "
                "the evidence or the reasons."
            )


def _held(role: Role) -> str:
    if role.relation:
        return RELATIONS[role.relation]
    if role.people:
        return f"Staff numbers {', '.join(role.people)}"
    where = {"anywhere": "anywhere in the organisation", "the subject's unit": "over the {case}'s team"}
    return f"Whoever is {role.post}, {where.get(role.of or '', 'over the {auditor}’s team')}"
