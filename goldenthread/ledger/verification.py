"""Whether the ledger is what was written: every event, every value, every checkpoint, the read log."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from goldenthread.ledger import checkpoints, sealing, stored
from goldenthread.ledger.blanking import BLANK, LISTED
from goldenthread.ledger.checkpoints import Checkpoint, Damaged, Reads
from goldenthread.ledger.stored import Row
from goldenthread.rules.merkle import Frontier

NEIGHBOURHOOD = 1_000  # how far away an event's true place is looked for


@dataclass(frozen=True)
class Verdict:
    """What verification found. `fault` names the first thing that is wrong; `position` its event, if any."""

    events: int
    root: str | None
    fault: str | None
    position: int | None
    checkpoints: int
    reads: int

    @property
    def ok(self) -> bool:
        return self.fault is None


class Fault(Exception):
    """The first thing that is wrong, in a sentence."""

    def __init__(self, sentence: str, position: int | None = None):
        super().__init__(sentence)
        self.position = position


@dataclass
class _Walk:
    """One pass over the ledger, with the checkpoints met on the way."""

    kept: list[Checkpoint]
    frontier: Frontier = field(default_factory=Frontier)
    last_fit: int = 0
    misfit: Checkpoint | None = None

    def events(self) -> None:
        """Check each event as it comes, and the tree head wherever there is a checkpoint."""
        for row in _sound(stored.events()):
            self.frontier.append(bytes.fromhex(row["hash"]))
            while self.kept and self.kept[0].size == self.frontier.size:
                self._compare(self.kept.pop(0))
        self._at_the_end()

    def _compare(self, checkpoint: Checkpoint) -> None:
        """A checkpoint that fits clears the ledger up to there, and convicts an earlier one that did not."""
        if checkpoint.root != self.frontier.root().hex():
            self.misfit = self.misfit or checkpoint
        elif self.misfit:
            raise Fault(f"The checkpoint {self.misfit.name} was altered: a later one fits the ledger.")
        else:
            self.last_fit = checkpoint.size

    def _at_the_end(self) -> None:
        if self.misfit:
            raise _rewritten(self.misfit, self.last_fit)
        if self.kept:
            raise _cut(self.kept[-1], self.frontier.size)


def verify(where: Path) -> Verdict:
    """Go through the whole ledger, however long, and stop at the first fault."""
    fault: Fault | None = None
    kept, unreadable = _checkpoints(where)
    anchors = sorted({c.reads for c in kept}, key=lambda reads: (reads.last, reads.count))
    walk, found = _Walk([checkpoint for checkpoint in kept if checkpoint.size]), len(kept)
    try:
        _walk_events(walk)
        if unreadable:
            raise Fault(str(unreadable[0]))
        _walk_reads(anchors)
    except Fault as raised:
        fault = raised
    return Verdict(
        events=stored.count("ledger_event"),
        root=None if fault else walk.frontier.root().hex(),
        fault=str(fault) if fault else None,
        position=fault.position if fault else None,
        checkpoints=found,
        reads=stored.count("ledger_read"),
    )


def fault_of(position: int) -> str | None:
    """What is wrong with one event alone: its seal and its values. The chain around it is not looked at."""
    row = next(stored.events(after=position - 1), None)
    if row is None or row["position"] != position:
        return f"Event {position} is missing."
    try:
        _check_seal(row)
        _check_values(row, _blanked(position))
    except Fault as fault:
        return str(fault)
    return None


def _walk_events(walk: _Walk) -> None:
    """All events, and then values that belong to none; an earlier misfit goes before a later broken event."""
    try:
        walk.events()
    except Fault as fault:
        if walk.misfit and fault.position and fault.position > walk.misfit.size:
            raise _rewritten(walk.misfit, walk.last_fit) from fault
        raise
    orphan = stored.values_without_event()
    if orphan is not None:
        raise Fault(f"There are values for event {orphan}, but no such event.", None)


def _sound(rows: Iterator[Row]) -> Iterator[Row]:
    """Events that follow one another without a gap, each as it was sealed, with its values."""
    previous: Row = {"position": 0, "hash": sealing.NO_EVENT}
    blanked = _blanked()
    for row in rows:
        _check_position(row, previous["position"] + 1)
        _check_seal(row)
        if row["previous"] != previous["hash"]:
            raise _broken_link(row, next(rows, None))
        _check_values(row, blanked)
        yield row
        previous = row


def _check_position(row: Row, expected: int) -> None:
    position = row["position"]
    if not isinstance(position, int) or position < expected:
        raise Fault(f"Event {position} was inserted: event {expected} is due at its place.", expected)
    if position > expected:
        gone = (
            f"Event {expected} is" if position == expected + 1 else f"Events {expected} to {position - 1} are"
        )
        raise Fault(f"{gone} missing: event {position} comes next.", expected)


def _check_seal(row: Row) -> None:
    """The event's own hash; one that fits another position betrays what was inserted, removed or moved."""
    position = row["position"]
    if _seal(row, position) == row["hash"]:
        return
    near = range(max(1, position - NEIGHBOURHOOD), position + NEIGHBOURHOOD)
    true = next((place for place in near if _seal(row, place) == row["hash"]), None)
    if true is None:
        raise Fault(
            f"Event {position} ({row['what']}, {row['at']}) was altered: its hash does not fit.", position
        )
    if true < position:
        raise Fault(
            f"Event {true} was inserted or moved: event {position} was written as event {true}.", true
        )
    raise Fault(f"Event {position} was removed or moved: event {true} stands in its place.", position)


def _seal(row: Row, position: int) -> str | None:
    """The hash an event would have at a position; none if what it holds could never have been written."""
    try:
        return sealing.hash_of({**row, "position": position})
    except (TypeError, ValueError):
        return None


def _broken_link(row: Row, following: Row | None) -> Fault:
    """Which of two neighbours is to blame: the later one has its successor's word for it, or not."""
    position = row["position"]
    if following and following["previous"] != row["hash"]:
        return Fault(f"Event {position} was altered or inserted: its neighbours do not know it.", position)
    if position == 1:
        return Fault("Event 1 was altered, or events before it were removed: it follows another event.", 1)
    return Fault(
        f"Event {position - 1} was altered or replaced and rehashed: event {position} follows another.",
        position - 1,
    )


def _blanked(alone: int | None = None) -> dict[int, int]:
    """The positions whose values later events say that they blanked, each with that event's position.

    Of one position `alone` no other lists are read. Those events are themselves checked like any other, so
    that a forged list is found at its own place.
    """
    found: dict[int, int] = {}
    for position, values in stored.values_of(BLANK, naming=alone):
        try:
            listed = json.loads(values)[LISTED]
            found |= {one: position for one in listed if isinstance(one, int) and one < position}
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _check_values(row: Row, blanked: Mapping[int, int]) -> None:
    """The values against the digest in the event; they may be gone only where a later event lists them."""
    position = row["position"]
    if row["values_of"] is None:
        raise Fault(f"The values of event {position} ({row['what']}) were removed.", position)
    by_event = blanked.get(position)
    if row["values"] is None and row["salt"] == "" and by_event and row["what"] != BLANK:
        return
    if by_event and row["values"] is not None:
        raise Fault(
            f"The values of event {position} ({row['what']}) stand there again: "
            f"event {by_event} blanked them.",
            position,
        )
    try:
        fits = sealing.digest_of(row["salt"], row["values"]) == row["digest"]
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise Fault(f"The values of event {position} ({row['what']}, {row['at']}) were altered.", position)


def _rewritten(misfit: Checkpoint, last_fit: int) -> Fault:
    first, last = last_fit + 1, misfit.size
    which = f"Event {first}" if first == last else f"Event {first}, or another up to event {last},"
    return Fault(
        f"{which} was altered, removed, inserted or reordered and the chain made anew: "
        f"the checkpoint {misfit.name} of {misfit.at} has another root.",
        first,
    )


def _cut(checkpoint: Checkpoint, size: int) -> Fault:
    first, last = size + 1, checkpoint.size
    which = f"Event {first} was" if first == last else f"Events {first} to {last} were"
    return Fault(
        f"{which} removed from the end: the checkpoint {checkpoint.name} of {checkpoint.at} "
        f"has {last} events, the ledger {size}.",
        first,
    )


def _walk_reads(anchors: list[Reads]) -> None:
    """The read log up to each anchor."""
    rows, now = stored.reads(), Reads()
    ahead = next(rows, None)
    for anchor in anchors:
        reached = now
        while ahead and ahead["id"] <= anchor.last:
            now = Reads(now.count + 1, ahead["id"], _digest(now, ahead))
            ahead = next(rows, None)
        if (now.count, now.digest) != (anchor.count, anchor.digest):
            raise Fault(
                f"The read log was altered between read {reached.last + 1} and read {anchor.last}: "
                f"a checkpoint has {anchor.count} reads up to there, the log {now.count}."
            )


def _digest(now: Reads, row: Row) -> str:
    try:
        return sealing.next_reads_digest(now.digest, row)
    except (TypeError, ValueError) as error:
        raise Fault(f"Read {row['id']} was altered: it holds what could never be written.") from error


def _checkpoints(where: Path) -> tuple[list[Checkpoint], list[Damaged]]:
    """Those that can be read, smallest ledger first, and what is wrong with the others."""
    kept, unreadable = [], []
    for name in checkpoints.names(where):
        try:
            kept.append(checkpoints.load(where / name))
        except Damaged as damage:
            if (where / name).exists():  # or thinned out a moment ago
                unreadable.append(damage)
    return kept, unreadable
