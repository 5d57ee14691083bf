"""The nightly check: a background job verifies everything, and administrators are told of a fault."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from goldenthread.governance import integrity
from goldenthread.ledger import checkpoints
from goldenthread.web.jobs import run_later

logger = logging.getLogger(__name__)
FROM = 2  # o'clock
ASKED_ON = "nightly-check"
"""The file in the data folder with the day on which the check was asked for last."""


def ask(*, at: datetime) -> bool:
    """Have the worker check everything if it was not asked to today, from two o'clock on.

    On the first day of an installation there is nothing to check yet.
    """
    path, today = settings.DATA / ASKED_ON, at.date().isoformat()
    asked_on = path.read_text().strip() if path.exists() else ""
    if asked_on == today or (asked_on and at.hour < FROM):
        return False
    if asked_on:
        run_later(verify_everything, by=None)
    path.write_text(today)
    return bool(asked_on)


def verify_everything() -> None:
    """Verify the database, the ledger, its checkpoints and the attached files; tell of a fault."""
    verdict, _ = integrity.check(checkpoints.folder())
    if not verdict.ok:
        logger.critical("The nightly check found a fault: %s", verdict.fault)
        integrity.raise_alarm(at=timezone.localtime())
