"""The words of tasks and notices about a record, which retention removes; what was owed by when stays."""

from collections.abc import Iterable

from goldenthread.ledger.blanking import remove_words
from goldenthread.tasks.models import ClockPause, Notice, Task

WORDS = {
    Task: ("title", "about_label", "reason"),
    Notice: ("subject", "text", "last_error"),
    ClockPause: ("why",),
}
NAMED = {Task: "task", Notice: "notice"}


def blank_tasks(records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Remove the words of tasks and notices about these records; gives their own records."""
    found: list[tuple[str, str]] = []
    for kind, public_id in records:
        pauses = ClockPause.objects.filter(task__about_kind=kind, task__about_id=public_id)
        remove_words(pauses, *WORDS[ClockPause])
        for model, named in NAMED.items():
            rows = model._base_manager.filter(about_kind=kind, about_id=public_id)
            remove_words(rows, *WORDS[model])
            found += [(named, one) for one in rows.values_list("public_id", flat=True)]
    return found
