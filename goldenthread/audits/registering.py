"""Completed audits as subjects of other audits: the auditor's work is what is looked at."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.wanted import Wanted
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Post
from goldenthread.rules.subjects import SubjectKind


def completed_audits(kind: SubjectKind, framework_key: str) -> list[Wanted]:
    """Each finished audit of the framework and of these kinds, with its auditor and the auditor's own team.

    The team is that of a post by which the auditor audits, as held on the day the audit was finished; where
    no post is known, the team whose work was audited.
    """
    audits = Audit.objects.done().filter(version__framework__key=framework_key, audit_type__in=kind.audits)
    found = list(audits.select_related("version").order_by("pk"))
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(person__in=audits.order_by().values("auditor")).order_by(
        "starts_on", "pk"
    ):
        posts[post.person_id].append(post)
    return [_wanted(audit, posts[audit.auditor_id]) for audit in found]


def _wanted(audit: Audit, posts: list[Post]) -> Wanted:
    finished_on = timezone.localdate(audit.finished_at)
    return Wanted(
        source=audit.public_id,
        reference=audit.number,
        opened_on=finished_on,
        works=((audit.auditor_id, _team_of(audit, posts, finished_on)),),
        facts={"kind of audit": audit.audit_type},
    )


def _team_of(audit: Audit, posts: list[Post], on: date) -> int:
    """The auditor's own team on a day."""
    pack = pack_of(audit.version)
    pairing = pack.pairing[pack.audit_types[audit.audit_type].pairing]
    auditing = {post for pool in pairing.pools for post in pool.posts}
    held = [post for post in posts if post.starts_on <= on and (post.ends_on is None or post.ends_on >= on)]
    best = sorted(held, key=lambda post: post.kind not in auditing)
    return best[0].unit_id if best else audit.unit_id


def parties_to(sources: list[str]) -> dict[str, set[int]]:
    """Who did each of these audits and whose work it looked at, by the audit's public id."""
    rows = Audit.objects.filter(public_id__in=sources).values_list("public_id", "auditor", "practitioner")
    return {source: {auditor, practitioner} - {None} for source, auditor, practitioner in rows}
