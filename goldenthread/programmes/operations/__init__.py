"""The only place that writes cycles, draws, allocations and targets."""

from goldenthread.programmes.operations.allocation import (
    allocate,
    ask_for_allocation,
    drop_slot,
    drop_unfilled,
    edit_slot,
)
from goldenthread.programmes.operations.draws import abandon_draw, draw, freeze_frame, new_seed, replace_pick
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import replace_auditor, send_cycle
from goldenthread.programmes.operations.year import plan_year, set_target, set_theme

__all__ = [
    "abandon_draw",
    "allocate",
    "ask_for_allocation",
    "draw",
    "drop_slot",
    "drop_unfilled",
    "edit_slot",
    "freeze_frame",
    "new_seed",
    "place_reaudits",
    "plan_year",
    "replace_auditor",
    "replace_pick",
    "send_cycle",
    "set_target",
    "set_theme",
]
