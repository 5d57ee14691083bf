"""Publishing frameworks and keeping their drafts: the only place that writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime

from goldenthread.frameworks.models import BroughtIn, Draft, Framework, Grant, Remit, Version
from goldenthread.frameworks.queries import needs_two_people, newest_versions, pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.rules.documents import LARGEST, read_document
from goldenthread.rules.form_formats.placing import with_form
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reading import read_and_written
from goldenthread.rules.refusal import Refused
from goldenthread.rules.standards import relaxed
from goldenthread.rules.subjects import COMPLETED_AUDITS

ANYWHERE = "anywhere"


@transaction.atomic
def publish(
    document: str,
    *,
    by: Person | None,
    at: datetime,
    effective_on: date,
    reason: str = "",
    at_server: bool = False,
) -> Version:
    """Publish a pack as the next version; where it says what the newest says, return that one unchanged.

    Where two people are needed, somebody alone is refused; whoever runs the installation (`at_server`) is
    not, but says who it is and why.
    """
    if at_server and needs_two_people() and not (by and reason.strip()):
        raise Refused(
            "Two people publish a framework here. To load one at the server alone, say who does it (--by, an "
            "e-mail address) and why (--reason)."
        )
    if by is not None and not at_server and needs_two_people():
        raise Refused(
            "Two people publish a framework here. Begin a draft from this file and offer it to somebody else."
        )
    return _publish(document, by=by, at=at, effective_on=effective_on, reason=reason)


def _publish(
    document: str,
    *,
    by: Person | None,
    at: datetime,
    effective_on: date,
    reason: str,
    offered_by: Person | None = None,
) -> Version:
    """Write the version, what it grants and the event."""
    pack, written = read_and_written(document)
    framework = _framework(pack)
    newest = framework.versions.order_by("-number").first()
    if newest is not None and newest.document == written:
        return newest
    _refuse_relaxed(newest, pack)
    _refuse_clashing_subjects(pack)
    version = Version.objects.create(
        framework=framework,
        number=newest.number + 1 if newest else 1,
        document=written,
        sha256=_sha256(written),
        reason=reason,
        effective_on=effective_on,
        published_at=at,
        published_by=by,
    )
    Grant.objects.bulk_create(_grants(pack, version))
    values: dict[str, object] = {
        "version": version.number,
        "sha256": version.sha256,
        "effective_on": effective_on.isoformat(),
        "reason": reason,
    }
    if offered_by is not None:
        values["offered_by"] = offered_by.public_id
    about = ("framework", framework.public_id, str(version)[:200])
    record("framework.publish", about=about, by=by, at=at, values=values)
    return version


def _refuse_relaxed(newest: Version | None, pack: Pack) -> None:
    """Statutory standards stay: what an organisation may vary are its local ones (CA-5)."""
    before = pack_of(newest).standards if newest else {}
    if found := relaxed(before, pack.standards, pack.ended_standards):
        raise Refused(" ".join(found))


def _refuse_clashing_subjects(pack: Pack) -> None:
    """Subjects of one name are shared by the frameworks, so all must say the same of where they come from."""
    for version in newest_versions().exclude(framework__key=pack.key):
        for name, theirs in pack_of(version).subjects.items():
            ours = pack.subjects.get(name)
            own = theirs.come_from == COMPLETED_AUDITS
            if ours and (own or ours.where_from() != theirs.where_from()):
                why = "has finished audits of its own" if own else "says otherwise where they come from"
                raise Refused(
                    f"{version.framework.title} has subjects of the name “{name}” and {why}. "
                    "Give these another name."
                )


def _framework(pack: Pack) -> Framework:
    """The framework of that key, locked, with the title of the newest version."""
    framework, _ = Framework.objects.get_or_create(key=pack.key, defaults={"title": pack.title})
    framework = Framework.objects.select_for_update().get(pk=framework.pk)
    if framework.title != pack.title:
        framework.title = pack.title
        framework.save(update_fields=["title"])
    return framework


def _grants(pack: Pack, version: Version) -> list[Grant]:
    """What roles held by a post may do, one row for each permission."""
    return [
        Grant(
            version=version,
            role=name,
            post=role.post,
            scope=Grant.Scope.ANYWHERE if role.of == ANYWHERE else Grant.Scope.OVER_THE_UNIT,
            permission=permission,
        )
        for name, role in pack.roles.items()
        if role.post is not None
        for permission in role.may
    ]


@transaction.atomic
def set_remit(
    framework: Framework,
    units: Sequence[Unit],
    *,
    starts_on: date,
    reason: str,
    by: Person | None,
    at: datetime,
    after: int | None = None,
) -> Remit:
    """Choose the units that a framework is for from a day on, each with all below it; none means all.

    `after` is how many choices there were when the page was opened: another made since is never passed over.
    Days that are over keep what held on them, so `starts_on` is not in the past.
    """
    framework = Framework.objects.select_for_update().get(pk=framework.pk)
    newest = framework.remits.select_related("set_by").order_by("-pk").first()
    if newest is not None and after is not None and framework.remits.count() != after:
        who = newest.set_by or "Somebody"
        raise Refused(f"{who} chose other units while you had this open. Open the page again to see them.")
    if not reason.strip():
        raise Refused("Say why: it is kept with the choice, and explains the figures from that day on.")
    if starts_on < timezone.localdate(at):
        raise Refused("Choose today or a later day: what was drawn and counted before stays as it was.")
    remit = Remit.objects.create(
        framework=framework, starts_on=starts_on, reason=reason.strip()[:500], set_by=by, set_at=at
    )
    remit.units.set(units)
    values = {
        "units": sorted(unit.public_id for unit in units),
        "from": starts_on.isoformat(),
        "reason": remit.reason,
    }
    about = ("framework", framework.public_id, framework.title)
    record("framework.set_units", about=about, by=by, at=at, values=values)
    return remit


@transaction.atomic
def begin_draft(document: str, *, title: str, based_on: Version | None, by: Person, at: datetime) -> Draft:
    """Begin a draft of a framework, faulty or not."""
    _refuse_what_is_not_kept(document)
    draft = Draft.objects.create(
        title=title,
        document=document,
        based_on=based_on,
        begun_by=by,
        begun_at=at,
        saved_by=by,
        saved_at=at,
    )
    values = {"based_on": str(based_on or ""), "sha256": _sha256(document)}
    record("draft.begin", about=_about(draft), by=by, at=at, values=values)
    return draft


@transaction.atomic
def save_draft(
    draft: Draft, document: str, *, title: str, what: str, revision: int, by: Person, at: datetime
) -> Draft:
    """Save a draft as it now is; somebody's later save is never overwritten, and an offer is taken back."""
    _refuse_what_is_not_kept(document)
    draft = _open(draft, revision)
    draft.title, draft.document, draft.revision = title, document, draft.revision + 1
    draft.saved_by, draft.saved_at = by, at
    _take_offer_back(draft)
    draft.save()
    values = {"revision": draft.revision, "what": what, "sha256": _sha256(document)}
    record("draft.save", about=_about(draft), by=by, at=at, values=values)
    return draft


@transaction.atomic
def bring_in_form(
    draft: Draft | None,
    form: Mapping[str, Any],
    *,
    name: str,
    left_out: Sequence[str],
    beginning: str,
    by: Person,
    at: datetime,
) -> Draft:
    """Put a form into a draft under a name that is free; without a draft, into a new one.

    A new draft begins with this document, whose form it takes the place of. What of the file was not
    applied is kept beside the draft.
    """
    if draft is None:
        document = with_form(beginning, name, form, replace=True)
        draft = Draft(title=_title_in(document), document=document, begun_by=by, begun_at=at)
    else:
        draft = _open(draft, draft.revision)
        draft.document = with_form(draft.document, name, form)
        draft.revision += 1
        _take_offer_back(draft)
    _refuse_what_is_not_kept(draft.document)
    draft.saved_by, draft.saved_at = by, at
    draft.save()
    BroughtIn.objects.create(draft=draft, form=name, left_out=list(left_out), brought_by=by, brought_at=at)
    values = {
        "revision": draft.revision,
        "form": name,
        "not applied": len(left_out),
        "sha256": _sha256(draft.document),
    }
    record("draft.bring_in_form", about=_about(draft), by=by, at=at, values=values)
    return draft


def _title_in(document: str) -> str:
    return str(read_document(document).data["title"])[:200]


@transaction.atomic
def discard_draft(draft: Draft, *, revision: int, by: Person, at: datetime) -> Draft:
    """Take a draft off the list; what it said stays in the database."""
    draft = _open(draft, revision)
    draft.state = Draft.State.DISCARDED
    draft.save(update_fields=["state"])
    record("draft.discard", about=_about(draft), by=by, at=at)
    return draft


@transaction.atomic
def offer_draft(
    draft: Draft, *, revision: int, effective_on: date, reason: str, by: Person, at: datetime
) -> Draft:
    """Ask a second person to publish the draft as it is now."""
    draft = _open(draft, revision)
    read_and_written(draft.document)
    draft.state = Draft.State.OFFERED
    draft.offered_by, draft.offered_at = by, at
    draft.effective_on, draft.reason = effective_on, reason
    draft.save()
    values = {"revision": revision, "effective_on": effective_on.isoformat(), "reason": reason}
    record("draft.offer", about=_about(draft), by=by, at=at, values=values)
    return draft


@transaction.atomic
def send_draft_back(draft: Draft, *, revision: int, by: Person, at: datetime) -> Draft:
    """Take an offer back, or decline it: the draft is being written again."""
    draft = _open(draft, revision)
    _refuse_unless_offered(draft)
    _take_offer_back(draft)
    draft.save()
    record("draft.send_back", about=_about(draft), by=by, at=at)
    return draft


@transaction.atomic
def publish_draft(
    draft: Draft, *, revision: int, effective_on: date, reason: str, by: Person, at: datetime
) -> Version:
    """Publish a draft, where one person may."""
    if needs_two_people():
        raise Refused("Two people publish a framework here. Offer the draft to a second person.")
    draft = _open(draft, revision)
    return _publish_draft(draft, by=by, at=at, effective_on=effective_on, reason=reason)


@transaction.atomic
def confirm_draft(draft: Draft, *, revision: int, by: Person, at: datetime) -> Version:
    """Publish a draft that somebody else offered, as it was offered."""
    draft = _open(draft, revision)
    _refuse_unless_offered(draft)
    if draft.offered_by == by:
        raise Refused("You offered this draft, so somebody else publishes it.")
    assert draft.effective_on is not None
    return _publish_draft(draft, by=by, at=at, effective_on=draft.effective_on, reason=draft.reason)


def _publish_draft(draft: Draft, *, by: Person, at: datetime, effective_on: date, reason: str) -> Version:
    version = _publish(
        draft.document,
        by=by,
        at=at,
        effective_on=effective_on,
        reason=reason,
        offered_by=draft.offered_by,
    )
    if version.published_at != at:
        raise Refused(f"The draft says what {version} says already, so there is nothing to publish.")
    draft.state = Draft.State.PUBLISHED
    draft.save(update_fields=["state"])
    return version


def _open(draft: Draft, revision: int) -> Draft:
    """The draft, locked, if it is still worked on and nobody has saved it since."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state in (Draft.State.PUBLISHED, Draft.State.DISCARDED):
        raise Refused(f"This draft was {draft.get_state_display()}. Begin another from the newest version.")
    if draft.revision != revision:
        raise Refused(
            f"{draft.saved_by} saved this draft at {localtime(draft.saved_at):%H:%M on %-d %B} while you had "
            "it open. "
            "Look at what it says now before you save again."
        )
    return draft


def _refuse_unless_offered(draft: Draft) -> None:
    if draft.state != Draft.State.OFFERED:
        raise Refused("Nobody has offered this draft for publishing, or the offer was taken back.")


def _take_offer_back(draft: Draft) -> None:
    draft.state = Draft.State.WRITTEN
    draft.offered_by = draft.offered_at = draft.effective_on = None
    draft.reason = ""


def _refuse_what_is_not_kept(document: str) -> None:
    """A draft is kept only if it can be opened again."""
    if len(document.encode()) > LARGEST:
        raise Refused(f"A framework has at most {LARGEST:,} bytes; this one is larger. Shorten its texts.")
    if faults := read_document(document).faults:
        raise Refused(f"This cannot be kept, since it could not be opened again. {faults[0][1]}")


def _about(draft: Draft) -> Any:
    return "draft", draft.public_id, draft.title


def _sha256(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
