"""The only place that writes audits, by subject."""

from goldenthread.audits.operations.answering import (
    CLASH,
    LONGEST,
    Said,
    Stale,
    attach_files,
    save_answer,
    save_first_answers,
    skip_section,
)
from goldenthread.audits.operations.consenting import give_consent, withdraw_consent
from goldenthread.audits.operations.conversing import (
    arrange_conversation,
    call_off_conversation,
    record_conversation,
)
from goldenthread.audits.operations.earlier import record_earlier_work
from goldenthread.audits.operations.extending import extend_audit
from goldenthread.audits.operations.finding import note_finding, take_back_finding
from goldenthread.audits.operations.holding import admit, dismiss, lift_hold, place_hold
from goldenthread.audits.operations.judging import Judged, save_first_judgements, save_judgement
from goldenthread.audits.operations.meeting_moderators import (
    arrange_moderation_meeting,
    call_off_moderation_meeting,
)
from goldenthread.audits.operations.moderating import (
    Graded,
    allocate_moderation,
    draw_for_moderation,
    finish_moderation,
    offer_moderators,
    save_moderation,
)
from goldenthread.audits.operations.rejudging import judge_again
from goldenthread.audits.operations.replacing import name_co_auditor, replace_auditor
from goldenthread.audits.operations.returning import (
    Unfinished,
    ask_again,
    give_up_return,
    invite_to_return,
    name_giver,
    send_in,
)
from goldenthread.audits.operations.rows import add_row, move_row, name_row, put_back_row, take_out_row
from goldenthread.audits.operations.scoring import keep_missing_scores, keep_scores
from goldenthread.audits.operations.sending import create_audit
from goldenthread.audits.operations.stepping import Incomplete, take_step

__all__ = [
    "CLASH",
    "LONGEST",
    "Graded",
    "Incomplete",
    "Judged",
    "Said",
    "Stale",
    "add_row",
    "allocate_moderation",
    "arrange_moderation_meeting",
    "call_off_moderation_meeting",
    "draw_for_moderation",
    "finish_moderation",
    "offer_moderators",
    "save_moderation",
    "Unfinished",
    "admit",
    "arrange_conversation",
    "ask_again",
    "attach_files",
    "call_off_conversation",
    "create_audit",
    "give_consent",
    "give_up_return",
    "invite_to_return",
    "name_co_auditor",
    "name_giver",
    "dismiss",
    "judge_again",
    "keep_missing_scores",
    "keep_scores",
    "lift_hold",
    "move_row",
    "name_row",
    "extend_audit",
    "note_finding",
    "place_hold",
    "put_back_row",
    "record_conversation",
    "record_earlier_work",
    "replace_auditor",
    "save_answer",
    "save_first_answers",
    "save_first_judgements",
    "save_judgement",
    "send_in",
    "skip_section",
    "take_back_finding",
    "take_out_row",
    "take_step",
    "withdraw_consent",
]
