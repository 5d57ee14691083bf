"""Placing and lifting legal holds, and removing the words of audits at the end of their keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.models import Audit, Participant
from goldenthread.audits.operations.locking import locked
from goldenthread.audits.queries import about as about_audit
from goldenthread.caseload.blanking import is_in_caseload, remove_reference
from goldenthread.caseload.models import Episode, Subject
from goldenthread.caseload.operations.subjects import about as about_subject
from goldenthread.escalations.blanking import blank_escalations, blank_late_work
from goldenthread.escalations.models import Alert
from goldenthread.findings.blanking import blank_findings
from goldenthread.governance.models import COPY, Copy, LegalHold, kept_by
from goldenthread.governance.queries import due_of, what_keeps
from goldenthread.improvement.blanking import blank_follow_up
from goldenthread.ledger.blanking import blank_events, positions_about, remove_words
from goldenthread.ledger.operations import record
from goldenthread.people.blanking import blank_invitations, remove_name
from goldenthread.people.models import Person, Post
from goldenthread.programmes.blanking import blank_selection, blank_selection_of
from goldenthread.programmes.models import Slot
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.blanking import blank_tasks

WORDS = {
    LegalHold: ("why", "lifted_because"),
    Copy: ("asked_by", "sent_to", "not_sent_because"),
}
LONGEST = 300


@transaction.atomic
def place_legal_hold(of: Audit | Subject, *, why: str, by: Person, at: datetime) -> LegalHold:
    """Keep an audit, or all of a subject, whatever retention says, until the hold is lifted."""
    subject = of.subject_id if isinstance(of, Audit) else of.pk
    Subject.objects.select_for_update().get(pk=subject)  # so that no removal comes between
    _must_keep(of, by, at)
    why = _reason(why, "Say why it is held, such as the inquiry that asked for it.")
    field = "audit" if isinstance(of, Audit) else "subject"
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(**{field: of}, why=why, placed_by=by, placed_at=at)
    except IntegrityError:
        raise Refused("It is held already. Lift that hold first if its reason is no longer right.") from None
    record("retention.hold", about=_about(of), by=by, at=at, values={"because": why})
    return hold


@transaction.atomic
def lift_legal_hold(hold: LegalHold, *, because: str, by: Person, at: datetime) -> LegalHold:
    """Let retention go on."""
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    of = hold.audit or hold.subject
    assert of is not None  # a constraint of the table  # noqa: S101
    _must_keep(of, by, at)
    if hold.lifted_at is not None:
        raise Refused("This hold has been lifted already.")
    because = _reason(because, "Say why it need not be held any longer.")
    hold.lifted_because, hold.lifted_by, hold.lifted_at = because, by, at
    hold.save(update_fields=["lifted_because", "lifted_by", "lifted_at"])
    record("retention.lift", about=_about(of), by=by, at=at, values={"because": because})
    return hold


@transaction.atomic
def blank_audit(audit: Audit, *, by: Person | None, at: datetime) -> bool:
    """Remove the words of one audit whose keep has ended; False where it is not due, kept, or done already.

    The last audit of a subject takes the subject's reference with it, and the names of people who have left.
    """
    Subject.objects.select_for_update().get(pk=audit.subject_id)  # so that no hold comes between
    audit, on = locked(audit, "subject", "practitioner", "auditor"), timezone.localdate(at)
    due = due_of(audit, on=on)
    if due is None or what_keeps(audit):
        return False
    audit.blanked_at = at
    audit.save(update_fields=["blanked_at"])
    records = [*blank_audit_words(audit), *blank_escalations(audit), *blank_follow_up(audit)]
    chosen, single = blank_selection(audit)
    records += [*chosen, *blank_invitations(records)]
    remove_words(LegalHold.objects.filter(audit=audit), *WORDS[LegalHold])
    copies = Copy.objects.filter(audit=audit)
    remove_words(copies, *WORDS[Copy])
    records += [(COPY, one) for one in copies.values_list("public_id", flat=True)]
    if _nothing_is_left(audit.subject, on):
        more, others = blank_selection_of(audit.subject)
        remove_words(LegalHold.objects.filter(subject=audit.subject), *WORDS[LegalHold])
        records += [*more, *remove_reference(audit.subject)]
        single += others
    for person in {audit.practitioner, audit.auditor} - {None}:
        records += remove_name(person) if person and _has_left(person, on) else []
    records += blank_late_work(records)
    blank_findings(records)
    records += blank_tasks(records)
    blank_events(
        {*positions_about(records), *single},
        about=about_audit(audit),
        by=by,
        at=at,
        values={"kept": due.rule.keep, "since": due.rule.since, "due": due.on.isoformat()},
    )
    return True


def _nothing_is_left(subject: Subject, on: object) -> bool:
    """Whether every audit of the subject is blanked and nothing of it waits or runs."""
    return not (
        Audit.objects.filter(subject=subject, blanked_at=None).exists()
        or Alert.objects.filter(subject=subject, audit=None).exists()
        or Slot.objects.standing().filter(subject=subject, audit=None).exists()
        or is_in_caseload(subject, on=on)  # type: ignore[arg-type]
    )


def _has_left(person: Person, on: object) -> bool:
    """Whether somebody whose account is closed holds no post or work, and takes part in nothing kept."""
    if person.is_active or Post.objects.filter(person=person).on(on).exists():  # type: ignore[arg-type]
        return False
    takes_part = Participant.objects.filter(person=person, audit__blanked_at=None)
    return not (takes_part.exists() or Episode.objects.filter(worker=person, closed_on=None).exists())


def _must_keep(of: Audit | Subject, by: Person, at: datetime) -> None:
    kept = kept_by(by, on=timezone.localdate(at))
    found = kept.filter(pk=of.pk) if isinstance(of, Audit) else kept.filter(subject=of)
    if not found.exists():
        raise Refused("Your post does not keep these records.")


def _reason(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing)
    if len(text) > LONGEST:
        raise Refused(f"Shorten the reason to {LONGEST} characters; it has {len(text)}.")
    return text


def _about(of: Audit | Subject) -> tuple[str, str, str]:
    return about_audit(of) if isinstance(of, Audit) else about_subject(of)


def blank_each(audits: Iterable[Audit], *, by: Person | None, at: datetime) -> int:
    """Each audit in a transaction of its own, so that a run that is killed leaves none half done."""
    return sum(blank_audit(audit, by=by, at=at) for audit in audits)
