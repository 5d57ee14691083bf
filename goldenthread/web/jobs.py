"""Work that takes longer than a page: handed to the worker through the database, in the same transaction."""

import logging
from collections.abc import Callable
from time import sleep

from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.tasks import async_task

from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused

logger = logging.getLogger(__name__)
AT_ONCE = 5
"""Jobs that one person may have in hand, so that one alone cannot keep all others waiting."""
TOO_MANY = (
    f"You have {AT_ONCE} things in hand already. Wait until one of them is done, then do this again; "
    "nothing was changed."
)
PAUSES = (1, 5, 25)  # seconds, before a job is done again that lost its database
_GIVEN_UP: dict[Callable[..., None], Callable[..., None]] = {}


def given_up_by(tell: Callable[..., None]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What is called, with the job's own texts, once a job has failed for good.

    A job must not answer for its own faults: one that lost its database is done again as if nothing had been.
    """

    def keep(job: Callable[..., None]) -> Callable[..., None]:
        _GIVEN_UP[job] = tell
        return job

    return keep


def run_later(job: Callable[..., None] | str, *arguments: str, by: Person | None) -> None:
    """Have the worker call `job`, a function of a module or its name, with texts that say what about.

    A job may be called twice; it looks at the record's state and does nothing the second time. Raises
    `Refused` where the person who asks has too much in hand.
    """
    name = job if isinstance(job, str) else f"{job.__module__}.{job.__qualname__}"
    if by and in_hand_of(by) >= AT_ONCE:
        raise Refused(TOO_MANY)
    known_by = {"task_name": f"{name.rpartition('.')[2]} {arguments}"[:100], "group": by and by.public_id}
    async_task("goldenthread.web.jobs.work", name, *arguments, **known_by)


def in_hand_of(person: Person) -> int:
    """How many jobs of somebody wait or are being done."""
    return sum(waiting.task.get("group") == person.public_id for waiting in OrmQ.objects.all())


def work(name: str, *arguments: str) -> None:
    """Do a job in the worker; what keeps it from its end is logged, and told to whoever waits."""
    job = import_string(name)
    try:
        _while_there_is_a_database(job, *arguments)
    except Exception:
        if job not in _GIVEN_UP:
            raise
        logger.exception("%s was given up", name)
        _GIVEN_UP[job](*arguments)


def _while_there_is_a_database(job: Callable[..., None], *arguments: str) -> None:
    """Do a job; again where the database went away meanwhile, since what it did is undone."""
    for pause in PAUSES:
        try:
            return job(*arguments)
        except (OperationalError, InterfaceError):
            logger.warning("%s lost its database; again in %s s", job.__name__, pause, exc_info=True)
            connections.close_all()
            sleep(pause)
    return job(*arguments)
