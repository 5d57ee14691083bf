"""What the scores of a finished audit came to, kept so that figures of many need not reckon each anew."""

from __future__ import annotations

from fractions import Fraction

from django.db import models

from goldenthread.audits.models.audit import Audit

PER_UNIT = 1000
"""Scores are rounded to three decimal places at most, so that each is a whole number of thousandths."""


class KeptScore(models.Model):
    """One score of a finished audit, under the version that the audit ran under.

    It is counted only while the audit is finished; each step into such a state, and each change in one,
    writes it anew.
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="kept_scores", db_index=False)
    score = models.CharField(max_length=80, help_text="the name of the score in the framework")
    thousandths = models.BigIntegerField(null=True, help_text="empty where there was nothing to reckon from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "score"], name="a_score_is_kept_once")]


def thousandths_of(value: Fraction | None) -> int | None:
    """A rounded score as it is stored."""
    return None if value is None else int(value * PER_UNIT)


def value_of(thousandths: int | None) -> Fraction | None:
    """A stored score as it was reckoned."""
    return None if thousandths is None else Fraction(thousandths, PER_UNIT)
