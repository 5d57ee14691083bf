"""goldenthread sweep: what the clock moves by itself, such as alerts that nobody answered."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.escalations.operations import (
    escalate_alerts,
    escalate_disputes,
    escalate_late_work,
    escalate_private_concerns,
)
from goldenthread.governance.break_glass import end_emergencies
from goldenthread.governance.copying import begin_copies
from goldenthread.improvement.operations import begin_responses, escalate_missing, pause_clocks
from goldenthread.people.operations.leaving import end_access_of_leavers
from goldenthread.programmes.operations import commission_audits, send_commissions
from goldenthread.tasks.operations import write_reminders
from goldenthread.web.people.leavers import pass_on

logger = logging.getLogger(__name__)


def remind(*, at: datetime) -> int:
    """The daily reminders, from the hour on that the settings say."""
    return write_reminders(at=at) if at.hour >= settings.REMIND_FROM else 0


STEPS: tuple[tuple[Callable[..., int], str], ...] = (
    (end_access_of_leavers, "leavers whose access ended"),
    (end_emergencies, "emergency accesses ended"),
    (pass_on, "tasks passed on"),
    (pause_clocks, "clocks paused"),
    (escalate_alerts, "alerts moved up"),
    (escalate_disputes, "disputes moved on"),
    (escalate_private_concerns, ""),  # counted nowhere
    (commission_audits, "audits asked for by what happened"),
    (send_commissions, "of those sent"),
    (begin_responses, "responses begun"),
    (begin_copies, "copies owed"),
    (escalate_missing, "discussions missed"),
    (escalate_late_work, "stages of late work begun"),
    (remind, "people reminded"),
)
"""First whom tasks reach, by when, what moved up, what is audited, who is reminded; and what each counts."""


class Command(BaseCommand):
    """Moves what is late; a second run moves nothing twice, and catches up where one was killed."""

    help = (
        "End the access of leavers, move up what had no answer, pass on tasks that reach nobody, send the "
        "audits that something led to, begin what follows final audits, owe copies, tell of discussions that "
        "are missing, and write the daily reminders."
    )

    def handle(self, *args, **options):
        """Take each step; a fault in one is logged, keeps no other from running, and is told at the end."""
        at, told, failed = timezone.localtime(), [], []
        for step, counted in STEPS:
            try:
                number = step(at=at)
            except Exception:
                logger.exception("%s failed; it is tried again at the next run", step.__name__)
                failed.append(step.__name__)
            else:
                told += [f"{number} {counted}"] if counted else []
        self.stdout.write(", ".join(told))
        if failed:
            raise CommandError(f"These failed and are tried again at the next run: {', '.join(failed)}.")
