"""What follows an audit, by its framework; who may do what about it; and who may own an action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.audits.queries import standing_of
from goldenthread.audits.sheets import OWN_FACTS, Sheet, sheet_of
from goldenthread.caseload.queries import facts_of
from goldenthread.findings.models import Finding, FindingQuerySet
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import ACTION, RESPONSE, Action, Considered, Response
from goldenthread.people.models import Person, Post, Reach, on_date
from goldenthread.rules.actions import OPENS_AGAIN, ActionRule, Look, Proof
from goldenthread.rules.conditions import Condition, Known, comparisons, holds
from goldenthread.rules.facts import RESPONSE_FACTS
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.responses import (
    DiscussionRule,
    Repeats,
    ResponseRule,
    change_of,
    may_follow,
    that_apply,
)
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.tasks import queries as tasks
from goldenthread.tasks.queries import Owner, Standing

MOST_OWNERS = 300


def audits_to_consider() -> QuerySet[Audit]:
    """Final audits of which nobody has asked yet what follows, under versions by which something may."""
    versions = Version.objects.order_by("pk")
    asks = [version.pk for version in versions if pack_of(version).responses]
    new = ~Exists(Considered.objects.filter(audit=OuterRef("pk")))
    return Audit.objects.done().filter(new, version__in=asks).order_by("finished_at", "pk")


def rules_for(audit: Audit) -> list[str]:
    """The rules of the framework that apply to a final audit, by name."""
    pack = pack_of(audit.version)
    known = known_of(audit)
    fitting = may_follow(pack.responses, audit.audit_type, known)
    enough = (name for name in fitting if _comes_up_enough(audit, pack.responses[name].repeats))
    return that_apply(pack.responses, enough)


def known_of(audit: Audit) -> Known:
    """What rules for responses and copies look at: the audit's facts and grades, and what it found."""
    on = timezone.localdate(audit.finished_at)
    sheet = sheet_of(audit, on=on)
    found = Finding.objects.standing().about(AUDIT, audit.public_id)
    facts: dict[str, Any] = {
        "change": _change(sheet),
        "found to improve": found.gaps().count(),
        "found good": found.good().count(),
        **{f"{many} found": _each_said(found.gaps(), one) for one, many in SAID.items()},
    }
    conditions = [rule.when for rule in sheet.pack.responses.values()]
    asked = _facts_asked([*conditions, *(one.when for one in sheet.pack.copies.values())])
    of_case = dict(facts_of([audit.subject_id], on)[audit.subject_id]) if asked else {}
    return replace(sheet.known, facts={**of_case, **sheet.known.facts, **facts})


SAID = {"cause": "causes", "severity": "severities"}


def _each_said(found: FindingQuerySet, column: str) -> tuple[str, ...]:
    """What findings say of that, each once."""
    return tuple(found.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct())


def _facts_asked(conditions: Iterable[Condition | None]) -> set[str]:
    """The facts of the case itself that conditions name."""
    compared = (compare for condition in conditions for compare in comparisons(condition))
    named = {name for compare in compared if (name := compare.fact_named)}
    return named - OWN_FACTS - RESPONSE_FACTS.keys()


def _change(sheet: Sheet) -> str:
    """The overall grade against the audit that was looked at again."""
    if sheet.audit.previous is None:
        return ""
    before = sheet_of(sheet.audit.previous)
    old, new = before.of_record(OVERALL), sheet.of_record(OVERALL)
    return change_of(old.grade if old else None, new.grade if new else None, sheet.scale, before.scale)


def _comes_up_enough(audit: Audit, repeats: Repeats | None) -> bool:
    """Whether the same has come up so often within the period, this audit among them."""
    if repeats is None:
        return True
    found = 0
    for one in _audits_counted(audit, repeats):
        if holds(repeats.when, sheet_of(one).known):
            found += 1
            if found >= repeats.at_least:
                return True
    return False


def _audits_counted(audit: Audit, repeats: Repeats) -> AuditQuerySet:
    """Final audits of the same practitioner or team within the period, the latest first."""
    until = audit.finished_at
    since = span_before(parse_span(repeats.within), timezone.localdate(until))
    within = Audit.objects.done().filter(finished_at__lte=until, finished_at__date__gt=since)
    within = within.filter(version__framework=audit.version.framework_id).with_framework("subject")
    if repeats.of == "team":
        return within.filter(unit=audit.unit_id).order_by("-finished_at")
    if audit.practitioner_id is None:
        return within.none()
    return within.filter(practitioner=audit.practitioner_id).order_by("-finished_at")


def rule_of(response: Response) -> ResponseRule:
    return pack_of(response.version).responses[response.rule]


def discussion_of(response: Response) -> DiscussionRule:
    """The rule for its discussion."""
    talk = rule_of(response).discussion
    if talk is None:
        raise TypeError("This response asks for no discussion.")
    return talk


def actions_rule(version: Version) -> ActionRule | None:
    return pack_of(version).actions


def proof_of(action: Action) -> Proof | None:
    """The way chosen to show that the action worked."""
    rule = actions_rule(action.version)
    return rule.proofs.get(action.proof) if rule else None


def look_of(action: Action) -> Look | None:
    """The look that comes next, or came last: those that held since the action was done are behind."""
    proof = proof_of(action)
    if proof is None:
        return None
    held = 0
    if action.done_at is not None:
        held = action.verifications.filter(held=True, verified_at__gte=action.done_at).count()
    looks = proof.looks()
    return looks[min(held, len(looks) - 1)]


def follows_failure(action: Action) -> str:
    """What follows if the look that comes next does not hold, as the rules name it."""
    look, proof = look_of(action), proof_of(action)
    if look is None or proof is None or action.done_at is None:
        return OPENS_AGAIN
    failed = action.verifications.filter(
        look=proof.looks().index(look) + 1, held=False, verified_at__gte=action.done_at
    )
    return look.after(failed.count() + 1)


def about_response(response: Response) -> tuple[str, str, str]:
    """The response as events, tasks and notices name it."""
    kind = pack_of(response.version).audit_types[response.audit.audit_type].title
    return RESPONSE, response.public_id, f"{kind} {response.audit.number}: what follows"


def about_action(action: Action) -> tuple[str, str, str]:
    """The action as events, tasks and notices name it; its words stay on its page."""
    kind = pack_of(action.version).audit_types[action.response.audit.audit_type].title
    return ACTION, action.public_id, f"An action after {kind} {action.response.audit.number}"


def may_record(response: Response, person: Person, *, on: date) -> bool:
    """Whether this person holds the discussion and records it."""
    waits = response.state in (Response.State.OWED, Response.State.RETURNED)
    return waits and owes(discussion_of(response).clock, response, person, on=on)


def may_check(response: Response, person: Person, *, on: date) -> bool:
    """Whether this person checks the record as it stands."""
    if response.state != Response.State.RECORDED:
        return False
    check = discussion_of(response).check
    return bool(check) and owes(str(check), response, person, on=on)


def owes(clock: str, response: Response, person: Person, *, on: date) -> bool:
    """Whether what a clock asks for is this person's, by a role towards the audit on that day."""
    pack = pack_of(response.version)
    held = tasks.roles_of(person, pack, standing_of(response.audit), on=on)
    return pack.clocks[clock].owed_by in held


def may_give(action: Action, person: Person, *, on: date) -> bool:
    """Whether this person may give the action to somebody else: who may close it, or holds a role for it."""
    rule = actions_rule(action.version)
    if rule is None or action.state != Action.State.OPEN:
        return False
    held = tasks.roles_of(person, pack_of(action.version), standing_of(action.response.audit), on=on)
    return bool(held & {pack_of(action.version).clocks[rule.closing].owed_by, *rule.given_by})


def standing_for(response: Response) -> Standing:
    """Who stands in which relation to the work that the response is about."""
    return standing_of(response.audit)


def owner_by(clock: str, pack: Framework, person: Person) -> Owner:
    """A named person who owes something; where they leave, whoever owes the clock steps in."""
    return Owner(pack.clocks[clock].owed_by, person=person)


def possible_owners(response: Response, *, on: date) -> QuerySet[Person]:
    """People who may be given an action: the practitioner, and all with a post in or above the team."""
    above = Reach.objects.filter(unit=response.unit_id, above=OuterRef("unit")).filter(on_date(on))
    posts = Post.objects.filter(person=OuterRef("pk")).on(on).filter(Exists(above))
    near = Q(Exists(posts)) | Q(pk=response.audit.practitioner_id)
    return Person.objects.filter(near, is_active=True).order_by("name", "pk")[:MOST_OWNERS]


def responses_after(audit: Audit, person: Person, *, at: datetime) -> QuerySet[Response]:
    """What follows an audit, for those who may see it."""
    seen = Response.objects.visible_to(person, on=timezone.localdate(at)).filter(audit=audit)
    return seen.select_related("audit", "version", "task").order_by("pk")
