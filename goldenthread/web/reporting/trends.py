"""Trends over cycles and versions: what is comparable is joined, every break says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.audits.models import AuditQuerySet
from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.ledger.operations import record_read
from goldenthread.measures.figures import Figure
from goldenthread.measures.score_trends import MOST_CYCLES_SCORED, score_trend, scores_of
from goldenthread.measures.trends import (
    PART,
    QUESTION,
    SCORE,
    Asked,
    Change,
    Point,
    Trend,
    audits_over,
    complied_questions,
    cycles_for,
    teams_of,
    trend,
)
from goldenthread.programmes.models import Cycle
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL, labels_of
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, describe, percent
from goldenthread.rules.trend_charts import DRAWINGS, LEGEND, Dot
from goldenthread.web.access import needs, person_of
from goldenthread.web.reporting.score_tables import score_changes, score_charts, score_table
from goldenthread.web.tables import Table, numeric


@require_safe
@needs("see reports")
def show_trends(request: HttpRequest) -> HttpResponse:
    """The share good or better of a part, or of answers that comply, over the cycles."""
    versions = {version.framework.key: version for version in newest_versions()}
    version = versions.get(request.GET.get("framework", "")) or next(iter(versions.values()), None)
    if version is None:
        return render(request, "reporting/show_trends.html", {"version": None})
    pack, today, reader = pack_of(version), timezone.localdate(), person_of(request)
    kind = _chosen(request.GET.get("kind", ""), list(_kinds(pack)))
    cycles = cycles_for(pack.key, pack, kind)
    audits = audits_over(pack.key, cycles, kind, reader=reader, on=today)
    teams = teams_of(audits)
    asked = _asked(request, pack, kind, teams)
    shown = _scored if asked.what == SCORE else _graded
    record_read(about=("framework", version.framework.public_id), by=reader, at=timezone.now(), how="trend")
    context = {
        "version": version,
        "words": pack.words,
        "frameworks": [(key, one.framework.title) for key, one in versions.items()],
        "kinds": _kinds(pack).items(),
        "teams": teams,
        "parts": _parts(pack, kind),
        "questions": complied_questions(pack, kind),
        "scores": [(key, one.title) for key, one in scores_of(pack, kind).items()],
        "asked": asked,
        "chosen": f"{asked.what}:{asked.key}",
        "legend": LEGEND,
        **shown(cycles, audits, asked, pack),
    }
    return render(request, "reporting/show_trends.html", context)


def _kinds(pack: Framework) -> dict[str, str]:
    """The kinds of audit, routine ones first, each with its layer."""
    kinds = sorted(pack.audit_types.items(), key=lambda one: one[1].layer != "routine")
    layers = {"routine": "routine", "re-audit": pack.words["re_audit"]}
    return {name: f"{kind.title} ({layers[kind.layer]})" for name, kind in kinds}


def _parts(pack: Framework, kind: str) -> list[tuple[str, str]]:
    """What is graded of a kind: the whole, then its sections."""
    labels = labels_of(pack.form_of(kind), pack.grading_of(kind))
    return sorted(labels.items(), key=lambda one: one[0] != OVERALL)


def _asked(request: HttpRequest, pack: Framework, kind: str, teams: list[tuple[str, str]]) -> Asked:
    """What was chosen, or the first that there is."""
    offered = [f"{PART}:{key}" for key, _ in _parts(pack, kind)]
    offered += [f"{QUESTION}:{key}" for key, _ in complied_questions(pack, kind)]
    offered += [f"{SCORE}:{key}" for key in scores_of(pack, kind)]
    what, _, key = _chosen(request.GET.get("of", ""), offered).partition(":")
    unit = request.GET.get("unit", "")
    return Asked(kind, what or PART, key or OVERALL, unit if unit in dict(teams) else "")


def _chosen(value: str, offered: list[str]) -> str:
    return value if value in offered else next(iter(offered), "")


def _scored(cycles: Sequence[Cycle], audits: AuditQuerySet, asked: Asked, pack: Framework) -> dict[str, Any]:
    """The chart of a score's averages, its table and the sentences about changes."""
    found = score_trend(cycles[-MOST_CYCLES_SCORED:], audits, asked)
    return {
        "title": found.title,
        "drawings": score_charts(found),
        "table": score_table(found, pack),
        "changes": score_changes(found),
        "is_score": True,
        "few": FEWEST_FOR_PERCENTAGE,
        "most": MOST_CYCLES_SCORED,
    }


def _graded(cycles: Sequence[Cycle], audits: AuditQuerySet, asked: Asked, pack: Framework) -> dict[str, Any]:
    """The chart, its table and the sentences about changes."""
    found = trend(cycles, audits, asked)
    labels = {f"{PART}:{key}": title for key, title in _parts(pack, asked.audit_type)}
    labels |= {f"{QUESTION}:{key}": text for key, text in complied_questions(pack, asked.audit_type)}
    title = labels.get(f"{asked.what}:{asked.key}", asked.key)
    good = pack.scale_of(asked.audit_type).good_words if asked.what == PART else "The answer that complies"
    dots = [
        Dot(f"{one.cycle.opens_on:%b %Y}", one.good.count, one.total, one.stretch, found.is_random)
        for one in found.points
    ]
    return {
        "title": title,
        "good": good or "Good",
        "drawings": [draw(dots, title=f"{good}: {title}", name="trend") for draw in DRAWINGS if dots],
        "table": _table(found, good or "Good", pack),
        "changes": [_sentence(change, found.points) for change in found.changes],
        "is_random": found.is_random,
        "few": FEWEST_FOR_PERCENTAGE,
    }


def _table(found: Trend, good: str, pack: Framework) -> Table:
    rows = []
    before = None
    for point in found.points:
        broken = before is not None and before != point.stretch
        before = point.stretch
        hint = "A break: not compared with the row above" if broken else ""
        rows.append(
            [
                {"text": point.cycle.title, "hint": hint},
                f"Version {point.cycle.version.number}",
                _cell(point, point.good),
                _cell(point, Figure(point.total, _whole(point))),
                _share(point, with_interval=found.is_random),
            ]
        )
    heads = [pack.words["Cycle"], "Framework", numeric(good), numeric("Of"), "Share"]
    return Table(f"{good} in each {pack.words['cycle']}", heads, rows, "Nothing is finished yet.")


def _whole(point: Point) -> Any:
    return point.good.piece.narrowed(good="", complies="")


def _cell(point: Point, figure: Figure) -> dict[str, Any]:
    """A figure with the address of the audits that it counts."""
    url = reverse("list_figure", args=[point.cycle.public_id])
    url = f"{url}?{urlencode(figure.piece.as_query())}"
    return {"text": str(figure.count), "url": url, "numeric": True}


def _share(point: Point, *, with_interval: bool) -> str:
    count, total = point.good.count, point.total
    if with_interval or total < FEWEST_FOR_PERCENTAGE:
        return describe(count, total)
    return f"{count} of {total} ({percent(count / total)})"


def _sentence(change: Change, points: list[Point]) -> dict[str, Any]:
    """A change between two cycles with the counts on both sides."""
    counts = {point.cycle.pk: f"{point.good.count} of {point.total}" for point in points}
    sides = [
        f"{cycle.title} ({counts.get(cycle.pk, 'not asked')}, version {cycle.version.number})"
        for cycle in (change.before, change.after)
    ]
    said = "They are not compared." if change.is_break else "They are compared because the framework says so."
    return {
        "is_break": change.is_break,
        "text": f"{sides[0]} and {sides[1]}: {change.said} {said}",
    }
