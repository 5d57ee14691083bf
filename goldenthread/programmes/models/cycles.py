"""Cycles with their draws, allocations and targets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Draft as DraftOfFramework
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit


class Cycle(models.Model):
    """One cycle of a framework's year; `label` is "2026-11" or "2026-Q4".

    `calendar` names one of the framework's other calendars; it is empty for its own. `year` is the
    calendar year in which the year of that calendar begins.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cycles")
    framework_key = models.CharField(max_length=60)
    calendar = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    opens_on = models.DateField()
    closes_on = models.DateField()
    themed = models.BooleanField(default=False)
    theme = models.CharField(
        max_length=200, blank=True, help_text="the topic or service area of a themed cycle"
    )
    theme_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reaudits_placed_at = models.DateTimeField(null=True, blank=True)  # or began where nothing is placed
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework_key", "label"], name="a_cycle_of_a_framework_is_labelled_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="a_cycle_closes_after_it_opens"
            ),
        ]
        indexes = [models.Index(fields=["framework_key", "opens_on"], name="cycles_in_order")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_tried(self) -> bool:
        """Whether it is only tried out: it is not stored, and nothing that was done since counts in it."""
        return self.pk is None


class UnitTarget(models.Model):
    """How many audits a unit gives a target in each cycle, where that is not the framework's number."""

    framework_key = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework_key", "target", "unit"],
                condition=Q(ends_on=None),
                name="a_unit_has_one_current_number_for_a_target",
            )
        ]


class DrawQuerySet(models.QuerySet["Draw"]):
    def standing(self) -> DrawQuerySet:
        return self.filter(abandoned_at=None)

    def drawn(self) -> DrawQuerySet:
        return self.standing().exclude(drawn_at=None)

    def light(self) -> DrawQuerySet:
        """Without the frame's bytes, which may be many megabytes."""
        return self.defer("frame")


class Draw(models.Model):
    """A draw for one audit type of a cycle: its frozen frame, and once the seed is there, its picks.

    `frame` holds the bytes of frame.csv; its SHA-256 is shown before the seed is entered or taken.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="draws")
    audit_type = models.CharField(max_length=80)
    method = models.CharField(max_length=200)
    frame = models.BinaryField()
    frame_sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="the day of which the frame tells")
    seed = models.CharField(max_length=200, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    abandoned_at = models.DateTimeField(null=True, blank=True)
    abandoned_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    abandoned_because = models.CharField(max_length=300, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(drawn_at=None) | ~Q(seed=""), name="a_draw_has_a_seed"),
            models.CheckConstraint(
                condition=Q(abandoned_at=None) | ~Q(abandoned_because=""), name="an_abandoned_draw_says_why"
            ),
            models.UniqueConstraint(
                fields=["cycle", "audit_type"],
                condition=Q(abandoned_at=None),
                name="a_cycle_draws_once_for_an_audit_type",
            ),
        ]


class Stratum(models.Model):
    """A stratum of a draw: its unit or practitioner and how many it is to give, in the listed order.

    A stratum with neither is the whole organisation, a group that the framework names, or holds the cases of
    which none is known; none are drawn from that. A practitioner's stratum has their public id for its name.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="strata")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    size = models.PositiveIntegerField()
    per_cent = models.FloatField(null=True, blank=True, help_text="the share that its size is, if it is one")
    caseload = models.PositiveIntegerField(null=True, blank=True, help_text="of how many open cases")
    caseload_on = models.DateField(null=True, blank=True, help_text="the day on which they were counted")
    shortfall = models.CharField(max_length=300, blank=True, help_text="why fewer were picked, if fewer were")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "name"], name="a_stratum_is_named_once"),
            models.UniqueConstraint(fields=["draw", "position"], name="strata_are_in_order"),
            models.CheckConstraint(
                condition=Q(per_cent=None, caseload=None, caseload_on=None)
                | Q(per_cent__isnull=False, caseload__isnull=False, caseload_on__isnull=False),
                name="a_share_is_of_cases_on_a_day",
            ),
        ]

    @property
    def title(self) -> str:
        """What people call the stratum."""
        return self.practitioner.name if self.practitioner else self.name


class FrameEntry(models.Model):
    """One subject of a frame: eligible, or excluded with the reason; `key` is what the export shows."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="entries", db_index=False)
    key = models.CharField(max_length=20)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=200)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    eligible = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    turn = models.CharField(
        max_length=40, blank=True, help_text="where the case stands in an order that is not random"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "key"], name="a_key_stands_once_in_a_frame")]
        indexes = [models.Index(fields=["draw", "stratum", "eligible"], name="entries_of_a_stratum")]


class Pick(models.Model):
    """A subject picked by a draw, in order; a replacement names the pick it replaces and why."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="picks")
    entry = models.ForeignKey(FrameEntry, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(
        help_text="order of picking within the draw, replacements after all"
    )
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.CharField(max_length=300, blank=True)
    picked_at = models.DateTimeField()
    picked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "entry"], name="a_subject_is_picked_once_in_a_draw"),
            models.UniqueConstraint(fields=["draw", "position"], name="picks_are_in_order"),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="a_replacement_says_why"),
        ]


class SlotQuerySet(models.QuerySet["Slot"]):
    def standing(self) -> SlotQuerySet:
        return self.filter(dropped_at=None)

    def own(self) -> SlotQuerySet:
        """Those of the cycle itself, without the audits of earlier cycles that are done again in it."""
        return self.standing().filter(instead_of=None)

    def unsent(self) -> SlotQuerySet:
        return self.standing().filter(audit=None)


class Slot(models.Model):
    """One audit to be done in a cycle: its subject, where it came from, and its auditor once allocated.

    A slot comes from a pick of the draw, from an audit to be looked at again (`previous`), from one that was
    not accepted (`instead_of`), or from a commission, of which a subject may have several in a cycle; once
    sent it has an audit.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="slots")
    audit_type = models.CharField(max_length=80)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pick = models.OneToOneField(Pick, null=True, blank=True, on_delete=models.PROTECT, related_name="slot")
    commission = models.OneToOneField(
        "programmes.Commission", null=True, blank=True, on_delete=models.PROTECT, related_name="slot"
    )
    previous = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    instead_of = models.ForeignKey(
        Audit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the audit that was not accepted and is done again here, besides the cycle's own",
    )
    because = models.CharField(max_length=300)
    auditor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="slots")
    unfilled = models.JSONField(
        default=list, blank=True, help_text="each auditor of the pool with the rule that excluded them"
    )
    edited_because = models.CharField(max_length=300, blank=True)
    audit = models.OneToOneField(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="slot")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=300, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "subject", "audit_type"],
                condition=Q(dropped_at=None, commission=None),
                name="a_subject_has_one_slot_a_cycle_in_a_type",
            ),
            models.UniqueConstraint(
                fields=["instead_of"],
                condition=Q(dropped_at=None, instead_of__isnull=False),
                name="an_audit_is_done_again_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(dropped_because=""), name="a_slot_dropped_says_why"
            ),
            models.CheckConstraint(
                condition=Q(audit=None) | Q(auditor__isnull=False), name="an_audit_sent_has_an_auditor"
            ),
        ]
        indexes = [models.Index(fields=["cycle", "auditor"], name="slots_of_an_auditor")]


class Allocation(models.Model):
    """One run of the solver for a cycle: asked for, done by the worker, and what it could not level."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="allocations")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    given = models.PositiveIntegerField(default=0)
    unfilled = models.PositiveIntegerField(default=0)
    imbalances = models.JSONField(default=list, blank=True, help_text="sentences that name the rule")
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(finished_at=None),
                name="a_cycle_is_allocated_by_one_run_at_a_time",
            )
        ]


class DryRun(models.Model):
    """A draft tried on cases of last quarter: asked for, done by the worker, and what came of it.

    `document` is the draft as it was when somebody asked; `result` is all that is kept of the run.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    draft = models.ForeignKey(DraftOfFramework, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    revision = models.PositiveIntegerField(help_text="how often the draft had been saved")
    on = models.DateField(help_text="the day whose quarter before is tried")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    doing = models.CharField(max_length=200, blank=True, help_text="how far the worker is, in words")
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(finished_at=None), name="a_draft_is_tried_once_at_a_time"
            )
        ]
