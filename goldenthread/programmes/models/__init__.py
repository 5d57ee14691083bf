"""What is to be audited, when and by whom: cycles, draws, allocations, targets, and what leads to audits."""

from goldenthread.programmes.models.commissions import Commission, Occurrence
from goldenthread.programmes.models.cycles import (
    Allocation,
    Cycle,
    Draw,
    DryRun,
    FrameEntry,
    Pick,
    Slot,
    Stratum,
    UnitTarget,
)
from goldenthread.programmes.models.nominations import Nomination
from goldenthread.programmes.models.reaudits import ReauditChance, ReauditDraw

__all__ = [
    "Allocation",
    "Commission",
    "Cycle",
    "Draw",
    "DryRun",
    "FrameEntry",
    "Nomination",
    "Occurrence",
    "Pick",
    "ReauditChance",
    "ReauditDraw",
    "Slot",
    "Stratum",
    "UnitTarget",
]
