"""What is kept of a row of an extract until it is loaded, or of a row that is rejected."""

from __future__ import annotations

from goldenthread.caseload.cleaning import Clean, RowRejected
from goldenthread.caseload.models import Extract, Rejection, StagedRow
from goldenthread.caseload.operations.inserting import Values


def used(clean: Clean, action: str = "") -> Values:
    """The columns of a staged row that is used, with what it is likely to be until it is compared."""
    return {
        "action": action,
        "reference": clean.reference,
        "key": clean.key,
        "replaces": clean.replaces,
        "worker": clean.worker,
        "worker_reference": clean.worker_reference,
        "team": clean.team,
        "is_open": clean.is_open,
        "allocated_on": clean.allocated_on,
        "digest": clean.digest,
        "values": clean.stored(),
        "mark": "",
        "anew_on": None,
    }


def rejected(reference: str) -> Values:
    """No more of a rejected row is kept than which case it was about, if that is known."""
    texts = dict.fromkeys(("key", "replaces", "worker", "worker_reference", "team", "digest"), "")
    kept = {"action": StagedRow.Action.REJECTED.value, "reference": reference}
    return used(Clean("")) | texts | kept | {"is_open": False, "values": {}}


def rejection(extract: Extract, sheet: str, number: int, fault: RowRejected) -> Rejection:
    """The line that tells a person about a rejected row."""
    return Rejection(
        extract=extract, sheet=sheet[:80], row=number, column=fault.column[:120], reason=fault.reason[:300]
    )
