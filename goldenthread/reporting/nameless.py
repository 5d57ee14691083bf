"""What a report says of people where the framework has it name nobody: a role's word, and one row for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from goldenthread.audits.models import Audit, Participant
from goldenthread.findings.models import Finding
from goldenthread.measures.compliance import ComplianceRow
from goldenthread.people.models import Post
from goldenthread.programmes.queries import CoverageRow
from goldenthread.programmes.queries.periods import Period
from goldenthread.rules.framework import Framework
from goldenthread.rules.nameless import ANOTHER, put_words_for
from goldenthread.rules.reports import AUDITOR


def auditor_of(audit: Audit, pack: Framework) -> str:
    """Who audited, as a report says it."""
    return pack.words["Auditor"] if pack.report.without_names else audit.auditor.name


def person_of(period: Period) -> str:
    """Whom a report about one person is about, as its title says it."""
    if period.about is None or period.rule is None:
        return ""
    word = "auditor" if period.rule.about == AUDITOR else "practitioner"
    return f"the {period.pack.words[word]}" if period.pack.report.without_names else period.about.name


def covered(rows: Iterable[CoverageRow], pack: Framework) -> list[CoverageRow]:
    """Coverage as a report shows it: without names, all people of one target and period in one row.

    A row for each would single out the few, also where it named none of them.
    """
    if not pack.report.without_names:
        return list(rows)
    found: list[CoverageRow] = []
    places: dict[tuple[str, str], int] = {}
    for row in rows:
        place = places.get((row.key, row.period)) if row.person else None
        if row.person is None:
            found.append(row)
        elif place is None:
            places[row.key, row.period] = len(found)
            found.append(replace(row, person=None, people=_all_of(row, pack)))
        else:
            found[place] = _together(found[place], row)
    return found


def _all_of(row: CoverageRow, pack: Framework) -> str:
    target = pack.targets.get(row.key)
    return pack.words["Auditors" if target and target.per == "auditor" else "Practitioners"]


def _together(one: CoverageRow, other: CoverageRow) -> CoverageRow:
    return replace(
        one,
        target=one.target + other.target,
        sent=one.sent + other.sent,
        done=one.done + other.done,
        exempt=one.exempt + other.exempt,
        still=one.missing + other.missing,
    )


def complied(rows: Collection[ComplianceRow], by: str, pack: Framework) -> list[ComplianceRow]:
    """Compliance as a report shows it: without names, all auditors in one row."""
    if by != "auditor" or not pack.report.without_names or not rows:
        return list(rows)
    counts = sum((row.counts for row in rows), start=next(iter(rows)).counts.__class__())
    return [ComplianceRow(None, counts, pack.words["Auditors"])]


def quoted(findings: Collection[Finding], pack: Framework) -> list[tuple[Finding, str]]:
    """Each finding with its words as a report quotes them."""
    if not pack.report.without_names or not findings:
        return [(one, one.text) for one in findings]
    known = _people_about({one.about_id for one in findings}, pack)
    return [
        (
            one,
            put_words_for(one.text, {one.found_by.name: pack.words["auditor"]} | known.get(one.about_id, {})),
        )
        for one in findings
    ]


def _people_about(audits: Collection[str], pack: Framework) -> dict[str, dict[str, str]]:
    """For each audit the names of those who took part or held a post over its team, with their words."""
    words = {"auditor": pack.words["auditor"], "co-auditor": pack.words["auditor"]}
    words |= {relation: pack.words["practitioner"] for relation in ("practitioner", "earlier practitioner")}
    found: dict[str, dict[str, str]] = {}
    posts: dict[int, dict[str, str]] = {}
    for audit in Audit.objects.filter(public_id__in=audits).select_related("unit", "auditor", "practitioner"):
        if audit.unit_id not in posts:
            held = Post.objects.over(audit.unit, on=audit.sent_at.date()).select_related("person")
            posts[audit.unit_id] = {post.person.name: post.kind for post in held}
        own = {audit.practitioner.name: pack.words["practitioner"]} if audit.practitioner else {}
        found[audit.public_id] = posts[audit.unit_id] | own | {audit.auditor.name: pack.words["auditor"]}
    took_part = Participant.objects.filter(audit__public_id__in=audits).select_related("person", "audit")
    for one in took_part:
        found[one.audit.public_id][one.person.name] = words.get(one.relation, ANOTHER)
    return found
