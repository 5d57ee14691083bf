"""The standards of a framework in words, and whose expectations each of them answers."""

from __future__ import annotations

from goldenthread.rules.framework import Framework
from goldenthread.rules.standards import Scheme, Standard
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table

SOURCES = {"statutory": "Statutory", "guidance": "Guidance", "local": "Local"}


def standard_blocks(pack: Framework) -> list[Block]:
    """The standards and the schemes that they answer; nothing where the framework names none."""
    if not pack.standards:
        return []
    rows = [_standard(one) for one in pack.standards.values()]
    head = ["Standard", "What must be seen", "Where it comes from", "In every file"]
    block = Block("standards", "Standards", tables=[Table("Standards", head, rows, hide_caption=True)])
    if pack.ended_standards:
        ended = [[name, why] for name, why in pack.ended_standards.items()]
        block.tables.append(Table("Statutory standards that have ended", ["Standard", "Why"], ended))
    if not pack.schemes:
        return [block]
    answered = Block("schemes", "Whose expectations the standards answer")
    answered.tables += [_scheme(pack, name, scheme) for name, scheme in pack.schemes.items()]
    return [block, answered]


def _standard(standard: Standard) -> list[object]:
    source = SOURCES[standard.source]
    return [
        standard.title,
        standard.means,
        f"{source}: {standard.reference}" if standard.reference else source,
        "Yes: a non-negotiable" if standard.non_negotiable else "Where it applies",
    ]


def _scheme(pack: Framework, name: str, scheme: Scheme) -> Table:
    rows = []
    for key, words in scheme.expectations.items():
        titles = [
            one.title
            for one in pack.standards.values()
            if any(each.scheme == name and key in each.expectations for each in one.answers)
        ]
        rows.append([words, "; ".join(titles) or "No standard yet"])
    return Table(scheme.title, ["What is expected", "Answered by"], rows)
