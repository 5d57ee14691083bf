"""The only place that writes what is owed, and the notices that tell of it."""

from goldenthread.tasks.operations.access_changes import tell_of_access
from goldenthread.tasks.operations.appointing import Meeting, appoint, asked_to, call_off
from goldenthread.tasks.operations.delivering import (
    PAUSES,
    Habits,
    choices_of,
    choose_notices,
    count_as_sent,
    note_delivery,
    note_failure,
    note_sent,
    put_back,
    retry_notice,
    take_notices,
    tell_deputy,
)
from goldenthread.tasks.operations.owing import (
    cancel_tasks,
    finish_tasks,
    hand_over_tasks,
    pass_on_tasks,
    postpone_tasks,
    start_dated_task,
    start_task,
    write_notices,
    write_reminders,
)
from goldenthread.tasks.operations.pausing import due_after, leave_of, pause_task, recorded_pauses
from goldenthread.tasks.operations.sign_in_changes import tell_of_sign_in

__all__ = [
    "PAUSES",
    "Habits",
    "Meeting",
    "appoint",
    "asked_to",
    "call_off",
    "cancel_tasks",
    "choices_of",
    "choose_notices",
    "count_as_sent",
    "due_after",
    "finish_tasks",
    "hand_over_tasks",
    "leave_of",
    "note_delivery",
    "note_failure",
    "note_sent",
    "pass_on_tasks",
    "pause_task",
    "postpone_tasks",
    "put_back",
    "recorded_pauses",
    "retry_notice",
    "start_dated_task",
    "start_task",
    "take_notices",
    "tell_deputy",
    "tell_of_access",
    "tell_of_sign_in",
    "write_notices",
    "write_reminders",
]
