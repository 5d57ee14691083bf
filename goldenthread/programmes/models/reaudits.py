"""The draws that choose which share of the audits that qualify are looked at again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models import Audit
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person
from goldenthread.programmes.models.cycles import Cycle


class ReauditDraw(models.Model):
    """One draw among the audits that qualified under a rule in a cycle: its frame, its seed, its size.

    `because` is the rule's reason, by which draws of one rule are known.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="reaudit_draws")
    audit_type = models.CharField(max_length=80)
    because = models.CharField(max_length=150)
    share = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="per cent; none where a number is asked for"
    )
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how many each period gives")
    each = models.CharField(max_length=10, blank=True, help_text="the period of the number")
    method = models.CharField(max_length=200)
    frame = models.BinaryField()
    frame_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    seed = models.CharField(max_length=200)
    drawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share=None, number__isnull=False) | Q(share__isnull=False, number=None),
                name="re_audits_are_drawn_by_a_share_or_a_number",
            ),
        ]


class ReauditChance(models.Model):
    """An audit that took part in such a draw: its place among those chosen, or none where it was not."""

    draw = models.ForeignKey(ReauditDraw, on_delete=models.PROTECT, related_name="chances")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit"], name="an_audit_takes_part_in_one_draw_to_look_again"),
            models.UniqueConstraint(fields=["draw", "position"], name="chosen_re_audits_are_in_order"),
        ]
