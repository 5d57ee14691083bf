"""goldenthread sweep: what the clock moves by itself, such as alerts that nobody answered."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from goldenthread.escalations.operations import escalate_alerts, escalate_disputes, escalate_private_concerns
from goldenthread.improvement.operations import begin_responses, escalate_missing
from goldenthread.programmes.operations import commission_audits, send_commissions
from goldenthread.tasks.operations import pass_on_tasks, write_reminders


class Command(BaseCommand):
    """Moves what is late; a second run moves nothing twice, and catches up where one was killed."""

    help = (
        "Move up what had no answer, pass on tasks that reach nobody, send the audits that something "
        "led to, begin what follows final audits, tell of discussions that are missing, and write the daily "
        "reminders."
    )

    def handle(self, *args, **options):
        """First whom tasks reach, then what moved up, what is audited, who is reminded."""
        at = timezone.localtime()
        passed_on = pass_on_tasks(at=at)
        moved_up = escalate_alerts(at=at)
        moved_on = escalate_disputes(at=at)
        escalate_private_concerns(at=at)  # counted nowhere
        asked, sent = commission_audits(at=at), send_commissions(at=at)
        begun = begin_responses(at=at)
        missed = escalate_missing(at=at)
        reminded = write_reminders(at=at) if at.hour >= settings.REMIND_FROM else 0
        self.stdout.write(
            f"{passed_on} tasks passed on, {moved_up} alerts moved up, {moved_on} disputes moved on, "
            f"{asked} audits asked for by what happened, {sent} of those sent, {begun} responses begun, "
            f"{missed} discussions missed, {reminded} people reminded"
        )
