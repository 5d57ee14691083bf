"""A background job is lent to one worker for a minute at a time, for as long as that worker lives."""

import logging
from datetime import datetime, timedelta
from time import sleep

from django.db import Error, connection
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
RENEWED_EVERY = LEASE / 4
LONGEST = timedelta(seconds=Conf.TIMEOUT) + LEASE
"""A worker that has not ended by then has been ended; its job is given to another."""


class Broker(ORM):
    """The queue in our own database, from which no more is taken than there are workers to do it at once.

    Whoever takes jobs renews their leases with each look at the queue, and looks every second. Killed, it
    renews nothing, and a minute later its jobs are given to others. decisions/0030 says why.
    """

    def __init__(self, list_key: str | None = None):
        super().__init__(list_key)
        self._lent: dict[int, datetime] = {}
        self._renewed = timezone.now()

    def timeout(self, task: OrmQ) -> datetime:
        """Until when a job is lent."""
        return timezone.now() + LEASE

    def dequeue(self) -> list[tuple[int, str]] | None:
        """The next job, if a worker is free for it; after a second nothing."""
        try:
            self.get_connection()  # closes one that is no use any more
            self._look_after_lent()
            if len(self._lent) < Conf.WORKERS and (task := self._take()):
                return [task]
        except Error:
            logger.warning("The database does not answer; background jobs wait until it does", exc_info=True)
            connection.close()
        sleep(Conf.POLL)
        return None

    def _look_after_lent(self) -> None:
        """Forget the jobs that are done, and renew the leases of the others in time."""
        if not self._lent:
            return
        now = timezone.now()
        there = set(OrmQ.objects.filter(pk__in=self._lent).values_list("pk", flat=True))
        self._lent = {pk: since for pk, since in self._lent.items() if pk in there and now - since < LONGEST}
        if self._lent and now - self._renewed >= RENEWED_EVERY:
            OrmQ.objects.filter(pk__in=self._lent).update(lock=now + LEASE)
            self._renewed = now

    def _take(self) -> tuple[int, str] | None:
        """Lend the job that has waited longest to ourselves, unless somebody was quicker."""
        now = timezone.now()
        waiting = OrmQ.objects.filter(key=self.list_key, lock__lte=now).exclude(pk__in=self._lent)
        task = waiting.order_by("pk").first()
        if task is None or not OrmQ.objects.filter(pk=task.pk, lock=task.lock).update(
            lock=self.timeout(task)
        ):
            return None
        self._lent[task.pk] = now
        return task.pk, task.payload
