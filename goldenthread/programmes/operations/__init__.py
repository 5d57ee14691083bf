"""The only place that writes cycles, draws, allocations and targets."""

from goldenthread.programmes.operations.allocation import (
    allocate,
    ask_for_allocation,
    drop_slot,
    drop_unfilled,
    edit_slot,
)
from goldenthread.programmes.operations.commissions import (
    commission_audits,
    drop_commission,
    give_commission,
    send_commissions,
    try_again,
)
from goldenthread.programmes.operations.draws import abandon_draw, draw, freeze_frame, new_seed, replace_pick
from goldenthread.programmes.operations.events import (
    record_incident,
    record_supervision,
    withdraw_occurrence,
)
from goldenthread.programmes.operations.nominations import (
    nominate,
    settle_nomination,
    withdraw_nomination,
)
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import replace_auditor, send_cycle
from goldenthread.programmes.operations.year import Overtaken, plan_year, set_target, set_theme

__all__ = [
    "Overtaken",
    "abandon_draw",
    "allocate",
    "ask_for_allocation",
    "commission_audits",
    "draw",
    "drop_commission",
    "drop_slot",
    "drop_unfilled",
    "edit_slot",
    "freeze_frame",
    "give_commission",
    "new_seed",
    "nominate",
    "place_reaudits",
    "plan_year",
    "record_incident",
    "record_supervision",
    "replace_auditor",
    "replace_pick",
    "send_commissions",
    "send_cycle",
    "set_target",
    "set_theme",
    "settle_nomination",
    "try_again",
    "withdraw_nomination",
    "withdraw_occurrence",
]
