"""goldenthread jobs: the background jobs, which go on whichever of their processes is killed."""

import logging
from multiprocessing import Event

from django_q import cluster
from django_q.conf import Conf
from django_q.management.commands import qcluster
from django_q.queues import Queue

logger = logging.getLogger(__name__)
TIMED_OUT, RECYCLED = 0, -2
"""What the clock of a worker says that took too long, and of one that ended because it was old."""


class Keeper(cluster.Sentinel):
    """Keeps the processes of the jobs, and begins anew with all of them where one died.

    One that waits for its queue holds the queue's lock. Killed, it never gives the lock back, and
    whoever took its place would wait for ever and no job be done again. So the queues are made anew. A
    job that was in hand is done again when its lease is over (goldenthread/web/leases.py).
    """

    def reincarnate(self, process):
        """Put another in the place of a worker that ended in good order; else begin anew."""
        kept = [*self.pool, self.monitor, self.pusher]
        if process not in kept:
            return  # it ended when all began anew
        if process in self.pool and int(process.timer.value) in (TIMED_OUT, RECYCLED):
            super().reincarnate(process)
            return
        logger.critical("A process of the jobs was killed; all of them begin anew")
        for one in kept:
            one.kill()
            one.join()
        self.task_queue, self.result_queue = Queue(maxsize=Conf.QUEUE_LIMIT), Queue()
        self.event_out = Event()
        self.spawn_cluster()
        self.reincarnations += 1


class Command(qcluster.Command):
    """Django Q's own command with our keeper of its processes."""

    help = "Run background jobs until stopped."

    def handle(self, *args, **options):
        """Have the cluster start our keeper, which it looks up by this name."""
        cluster.Sentinel = Keeper
        super().handle(*args, **options)
