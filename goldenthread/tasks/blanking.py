"""The words of tasks and notices about a record, which retention removes; what was owed by when stays."""

from collections.abc import Iterable

from goldenthread.ledger.blanking import remove_words
from goldenthread.tasks.models import Appointment, ClockPause, Notice, Task

WORDS = {
    Task: ("title", "about_label", "reason"),
    Notice: ("subject", "text", "last_error"),
    Appointment: ("title",),
    ClockPause: ("why",),
}
NAMED = {Task: "task", Notice: "notice"}
"""Those that are records of their own, as events name them."""


def blank_tasks(records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Remove the words of tasks, notices and meetings about these records; gives their own records."""
    found: list[tuple[str, str]] = []
    for kind, public_id in records:
        pauses = ClockPause.objects.filter(task__about_kind=kind, task__about_id=public_id)
        remove_words(pauses, *WORDS[ClockPause])
        meetings = Appointment.objects.filter(about_kind=kind, about_id=public_id)
        remove_words(meetings, *WORDS[Appointment])
        for model, named in NAMED.items():
            rows = model._base_manager.filter(about_kind=kind, about_id=public_id)
            remove_words(rows, *WORDS[model])
            found += [(named, one) for one in rows.values_list("public_id", flat=True)]
    return found
