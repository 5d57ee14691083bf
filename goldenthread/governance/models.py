"""Legal holds and emergency access; copies that others get, and the signing off of reports."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.audits.models import SEE_AUDITS, SEE_REPORTS, Audit, AuditQuerySet, by_post, not_blind
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.grants import granted
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Post, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import posts_of_readers
from goldenthread.tasks.models import Task

KEEPS = "keep and remove records"
COPY, REPORT, FURTHER_REPORT = "copy", "report", "further report"
PERSON_REPORT = "report about a person"


def kept_by(person: Person, *, on: date) -> AuditQuerySet:
    """The audits that this person may hold and remove; of what is about staff, with staff files only."""
    return Audit.objects.filter(by_post(KEEPS, person, on))


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)

    def over(self, audit: Audit) -> LegalHoldQuerySet:
        """Those on an audit, or on what it looks at."""
        return self.filter(Q(audit=audit) | Q(subject=audit.subject_id))

    def visible_to(self, person: Person, *, on: date) -> LegalHoldQuerySet:
        """Those over an audit that the person may hold and remove."""
        kept = kept_by(person, on=on)
        return self.filter(Q(audit__in=kept) | Q(subject__in=kept.values("subject")))


class LegalHold(models.Model):
    """That something is kept whatever its retention says: an audit, or all audits of a subject, and why."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_because = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audit=None, subject__isnull=False) | Q(audit__isnull=False, subject=None),
                name="a_legal_hold_is_on_an_audit_or_a_subject",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="a_legal_hold_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="a_lifted_legal_hold_says_who_when_and_why",
            ),
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(lifted_at=None, audit__isnull=False),
                name="one_legal_hold_stands_on_an_audit",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(lifted_at=None, subject__isnull=False),
                name="one_legal_hold_stands_on_a_subject",
            ),
        ]


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def running(self) -> BreakGlassQuerySet:
        return self.filter(ended_at=None)

    def newest_first(self, *, below: BreakGlass | None = None) -> BreakGlassQuerySet:
        found = self if below is None else self.filter(pk__lt=below.pk)
        return found.order_by("-pk")


class BreakGlass(models.Model):
    """That somebody was an administrator in an emergency: why, from when, until when, and how it ended.

    `begun_by` is empty where it was done on the server itself, `ended_by` where its time was over.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_access_says_why"),
            models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="emergency_access_ends"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None),
                name="a_person_has_emergency_access_once_at_a_time",
            ),
        ]


class CopiesBegun(models.Model):
    """That it was asked, once, who gets a copy of a final audit, or of the report of a cycle that closed."""

    audit = models.OneToOneField(
        Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="copies_begun"
    )
    cycle = models.OneToOneField(
        Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="copies_begun"
    )
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audit=None, cycle__isnull=False) | Q(audit__isnull=False, cycle=None),
                name="copies_begin_of_an_audit_or_a_cycle",
            ),
        ]


class SignOff(models.Model):
    """That the report of a cycle was signed off: by whom and when; it is done once."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="sign_off")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class FurtherReport(models.Model):
    """That one of a framework's further reports began once its period was over, and whether it is signed off.

    `report` is its name in the framework, `cycle` the last one of its period; `person` whom it is about.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="further_reports")
    report = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "report"], condition=Q(person=None), name="a_further_report_begins_once"
            ),
            models.UniqueConstraint(
                fields=["cycle", "report", "person"], name="a_report_about_a_person_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="a_signed_report_says_by_whom_and_when",
            ),
        ]


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, person: Person, *, on: date) -> CopyQuerySet:
        """What the person is asked to send, asked for or settled, and what their post oversees.

        A copy of an audit is overseen as the audit is; one of a report by those who see reports of the whole
        organisation, where the report has readers of its own by them alone. One of a report about a person is
        known to that person besides.
        """
        tasks = Task.objects.filter(about_kind=COPY, about_id=OuterRef("public_id"))
        own = Q(Exists(tasks.owed_by(person, on=on))) | Q(noted_by=person) | Q(settled_by=person)
        own |= Q(person=person)
        overseen = Q(audit__isnull=False) & by_post(SEE_AUDITS, person, on, subject="audit__subject")
        of_reports = Q(cycle__isnull=False, person=None) & granted(SEE_REPORTS, person, on)
        seen = self.filter(own | overseen | of_reports & ~self._of_reports_for_others(person, on))
        return seen.filter(not_blind(person, "audit"))

    def _of_reports_for_others(self, person: Person, on: date) -> Q:
        """Copies of reports whose readers are others: a condition on the rule of each such report."""
        held = frozenset(Post.objects.filter(person=person).on(on).values_list("kind", flat=True))
        given = Copy.objects.filter(cycle__isnull=False, person=None).order_by()
        found = given.values_list("version", "rule").distinct()
        versions = Version.objects.in_bulk({version for version, _ in found})
        closed = Q(pk=None)
        for version, name in found:
            pack = pack_of(versions[version])
            report = pack.reports.get(pack.copies[name].report or "")
            if report and report.readers and held.isdisjoint(posts_of_readers(report, pack)):
                closed |= Q(version=version, rule=name)
        return closed

    def owed(self) -> CopyQuerySet:
        return self.filter(settled_at=None)

    def standing(self, word: str, at: datetime) -> CopyQuerySet:
        """Those that are owed, late, sent or not to be sent; all for any other word."""
        conditions = {
            "owed": Q(settled_at=None),
            "late": Q(settled_at=None, task__due_at__lt=at),
            "sent": Q(sent_on__isnull=False),
            "not sent": Q(settled_at__isnull=False, sent_on=None),
        }
        return self.filter(conditions.get(word, Q()))

    def newest_first(self, *, below: Copy | None = None) -> CopyQuerySet:
        found = self if below is None else self.filter(pk__lt=below.pk)
        return found.order_by("-pk")


class Copy(models.Model):
    """A copy of one audit, or of a cycle's report, that somebody is to get: owed, sent, or not to be sent.

    `rule` is its name in the framework; `person` is whom the report is about, where it is about one. One that
    somebody asked for says who and when. `sent_on` is the day on which it was sent, to whom and how; one that
    is settled without it says why it was not.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(
        Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="copies_given"
    )
    cycle = models.ForeignKey(
        Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="copies_given"
    )
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(help_text="from when its clock runs")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+", help_text="to send it")
    asked_by = models.CharField(max_length=150, blank=True, help_text="who asked for it, in words")
    asked_on = models.DateField(null=True, blank=True)
    noted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_to = models.CharField(max_length=300, blank=True, help_text="who got it, and the address")
    sent_as = models.CharField(max_length=150, blank=True, help_text="how, as the framework offers it")
    sent_on = models.DateField(null=True, blank=True)
    not_sent_because = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audit=None, cycle__isnull=False) | Q(audit__isnull=False, cycle=None),
                name="a_copy_is_of_an_audit_or_a_report",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(cycle__isnull=False), name="only_a_copy_of_a_report_has_a_person"
            ),
            models.CheckConstraint(
                condition=Q(asked_on=None, asked_by="", noted_by=None)
                | (Q(asked_on__isnull=False, noted_by__isnull=False) & ~Q(asked_by="")),
                name="a_copy_that_was_asked_for_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, sent_on=None, sent_to="", sent_as="")
                & Q(not_sent_because="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, sent_on__isnull=False)
                & ~Q(sent_to="")
                & ~Q(sent_as="")
                & Q(not_sent_because="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, sent_on=None, sent_to="", sent_as="")
                & ~Q(not_sent_because=""),
                name="a_settled_copy_says_to_whom_and_how_or_why_not",
            ),
            models.UniqueConstraint(
                fields=["audit", "rule"],
                condition=Q(asked_on=None, audit__isnull=False),
                name="a_copy_of_an_audit_is_owed_once",
            ),
            models.UniqueConstraint(
                fields=["cycle", "rule"],
                condition=Q(asked_on=None, cycle__isnull=False, person=None),
                name="a_copy_of_a_report_is_owed_once",
            ),
            models.UniqueConstraint(
                fields=["cycle", "rule", "person"],
                condition=Q(asked_on=None, person__isnull=False),
                name="a_copy_about_a_person_is_owed_once",
            ),
        ]
        indexes = [models.Index(fields=["audit", "rule"], name="copies_of_an_audit")]
