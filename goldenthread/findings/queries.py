"""What a finding says besides its words, in the words of its framework."""

from __future__ import annotations

from goldenthread.findings.models import Finding
from goldenthread.rules.framework import Framework


def said_of(finding: Finding, pack: Framework) -> list[tuple[str, str]]:
    """Where it was found, its likely cause and its severity, each with its word, where they are said."""
    source = pack.sources.get(finding.source)
    return [*([("Found in", source)] if source else []), *why_and_how_grave(finding, pack)]


def why_and_how_grave(finding: Finding, pack: Framework) -> list[tuple[str, str]]:
    """Its likely cause and its severity, each with its word, where they are said."""
    cause, severity = pack.causes.get(finding.cause), pack.severities.get(finding.severity)
    return [
        *([(pack.words["Likely_cause"], cause.title)] if cause else []),
        *([(pack.words["Severity"], severity.title)] if severity else []),
    ]
