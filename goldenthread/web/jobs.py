"""Work that takes longer than a page: handed to the worker through the database, in the same transaction."""

from collections.abc import Callable

from django_q.tasks import async_task


def run_later(job: Callable[..., None], *arguments: str) -> None:
    """Have the worker call `job`, a function of a module, with texts that say what about.

    A job may be called twice; it looks at the record's state and does nothing the second time.
    """
    async_task(
        f"{job.__module__}.{job.__qualname__}", *arguments, task_name=f"{job.__qualname__} {arguments}"[:100]
    )
