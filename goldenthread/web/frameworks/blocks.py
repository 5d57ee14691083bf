"""One part of a framework under its heading."""

from __future__ import annotations

from dataclasses import dataclass, field

from goldenthread.web.tables import Table


@dataclass
class Block:
    """Sentences, a list of keys and values, and tables under a heading."""

    id: str
    title: str
    sentences: list[str] = field(default_factory=list)
    summary: list[dict[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
