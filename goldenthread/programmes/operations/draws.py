"""The draw of a cycle: freeze the frame, draw with a seed, replace a pick, abandon."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Draw, FrameEntry, Pick, Slot, Stratum
from goldenthread.programmes.operations.gathering import bring_kinds_up_to_date
from goldenthread.programmes.operations.nominations import join_nominations, lapse_nominations
from goldenthread.programmes.operations.year import locked, not_sent
from goldenthread.programmes.queries.auditors import day_of
from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.programmes.queries.frame import Draft, draft_frame, is_taken_whole
from goldenthread.programmes.queries.nominations import is_nominated
from goldenthread.programmes.queries.year import drawn_types, makes_way, places_audits, version_to_begin
from goldenthread.rules import draws
from goldenthread.rules.refusal import Refused
from goldenthread.rules.targets import Share

BATCH = 1000
SEED_LENGTH = 200


def about(draw: Draw) -> tuple[str, str, str]:
    """How the ledger names a draw."""
    return ("draw", draw.public_id, f"Draw of {draw.cycle.title}: {draw.audit_type}")


def new_seed() -> str:
    """A seed that nobody chose."""
    return str(secrets.randbelow(10**24)).zfill(24)


@transaction.atomic
def freeze_frame(cycle: Cycle, audit_type: str, *, by: Person | None, at: datetime) -> Draw:
    """Write down every open case, eligible or excluded with the reason, and fix it by its SHA-256.

    Subjects other than cases are brought up to date first.
    """
    cycle = locked(cycle)
    not_sent(cycle)
    _begin(cycle, at)
    _may_freeze(cycle, audit_type)
    kinds = pack_of(cycle.version).kinds_audited([audit_type])
    bring_kinds_up_to_date(cycle.version, kinds, by=by, at=at)
    on = day_of(cycle, timezone.localdate(at))
    lapse_nominations(cycle, audit_type, at=at)
    draft = draft_frame(cycle, audit_type, on=on)
    content = draws.frame_csv(draws.Case(**vars(row)) for row in draft.rows)
    frozen = Draw.objects.create(
        cycle=cycle,
        audit_type=audit_type,
        method=draft.method,
        frame=content,
        frame_sha256=draws.frame_hash(content),
        frozen_at=at,
        frozen_by=by,
        on=on,
    )
    _store(frozen, draft)
    join_nominations(frozen)
    eligible = sum(row.eligible for row in draft.rows)
    values: dict[str, Any] = {
        "frame_sha256": frozen.frame_sha256,
        "cases": len(draft.rows),
        "eligible": eligible,
        "on": on.isoformat(),
        "strata": [[stratum.name, stratum.size] for stratum in draft.strata],
    }
    if given := [[one.name, one.share.model_dump(mode="json")] for one in draft.strata if one.share]:
        values["shares"] = given
    record("draw.freeze", about=about(frozen), by=by, at=at, values=values)
    return frozen


def _begin(cycle: Cycle, at: datetime) -> None:
    """Begin a cycle into which nothing comes by itself: it takes the version that is then in force."""
    version = version_to_begin(cycle)
    if cycle.reaudits_placed_at or places_audits(version):
        return
    cycle.version, cycle.reaudits_placed_at = version, at
    cycle.save(update_fields=["version", "reaudits_placed_at"])


def _may_freeze(cycle: Cycle, audit_type: str) -> None:
    words = words_of(cycle.version)
    pack = pack_of(cycle.version)
    if audit_type in pack.audit_types and (instead := makes_way(cycle, audit_type)):
        raise Refused(
            f"{pack.audit_types[audit_type].title}s are not drawn in {cycle.title}; instead: {instead}."
        )
    if audit_type not in drawn_types(cycle):
        raise Refused(f"{words['Audits']} of the type “{audit_type}” are not drawn in {cycle.title}.")
    if not cycle.reaudits_placed_at:
        raise Refused(
            f"Place the {words['re_audits']} of {cycle.title} first: "
            "the frame leaves out whom they are about."
        )
    if cycle.themed and not (cycle.theme or cycle.theme_unit):
        told = f"{cycle.title} is a themed {words['cycle']}."
        raise Refused(f"{told} Give it its topic or service area first.")
    if Draw.objects.standing().filter(cycle=cycle, audit_type=audit_type).exists():
        raise Refused(f"The frame of {cycle.title} is already frozen. Abandon that draw to freeze a new one.")


def _store(draw: Draw, draft: Draft) -> None:
    """The strata and rows of the frame, as rows that pages can list."""
    Stratum.objects.bulk_create(
        Stratum(
            draw=draw,
            position=place,
            name=stratum.name,
            unit_id=stratum.unit,
            practitioner_id=stratum.practitioner,
            size=stratum.size,
            **_share(stratum.share),
        )
        for place, stratum in enumerate(draft.strata, start=1)
    )
    FrameEntry.objects.bulk_create(
        [
            FrameEntry(
                draw=draw,
                key=row.key,
                subject_id=draft.cases[row.key].subject,
                stratum=row.stratum,
                unit_id=draft.cases[row.key].unit,
                practitioner_id=draft.cases[row.key].person,
                eligible=row.eligible,
                reason=row.reason[:300],
                turn=row.turn,
            )
            for row in draft.rows
        ],
        batch_size=BATCH,
    )


def _share(share: Share | None) -> dict[str, Any]:
    """The share that gives a stratum its size, as its row keeps it."""
    if share is None:
        return {}
    return {"per_cent": share.per_cent, "caseload": share.cases, "caseload_on": share.open_on}


def _held(draw: Draw) -> Draw:
    """The draw as it now is, with its cycle, both held until the transaction ends."""
    cycle = locked(draw.cycle)
    not_sent(cycle)
    found = (
        Draw.objects.light().select_for_update(of=("self",)).select_related("cycle__version").get(pk=draw.pk)
    )
    if found.abandoned_at:
        word = words_of(cycle.version)["cycle"]
        raise Refused(f"This draw was abandoned. Go back to the {word} to see the one that stands.")
    return found


@transaction.atomic
def draw(frozen: Draw, *, seed: str, by: Person | None, at: datetime) -> Draw:
    """Draw from the frozen frame with a seed; a frame is drawn from once."""
    held = _held(frozen)
    if held.drawn_at:
        raise Refused("This frame has been drawn from already. Nothing is drawn twice.")
    seed = checked_seed(seed)
    frame = draws.read_frame(_unchanged(held))
    strata = list(held.strata.order_by("position"))
    done = draws.draw(frame, seed, [(stratum.name, stratum.size) for stratum in strata], held.method)
    held.seed, held.drawn_at, held.drawn_by = seed, at, by
    held.save(update_fields=["seed", "drawn_at", "drawn_by"])
    words = pack_of(held.cycle.version).words_for(held.audit_type)
    _explain_shortfalls(strata, done, frame, words)
    keys = [key for stratum in done.strata for key in stratum.picks]
    _make_picks(held, keys, by=by, at=at)
    values = {"seed": seed, "frame_sha256": held.frame_sha256, "picks": keys}
    record("draw.draw", about=about(held), by=by, at=at, values=values)
    return held


def checked_seed(seed: str) -> str:
    """A seed as it is kept; refuses what could not be typed again."""
    seed = seed.strip()
    if not seed or len(seed) > SEED_LENGTH or not seed.isprintable():
        raise Refused(f"Enter a seed of 1 to {SEED_LENGTH} letters, digits or signs on one line.")
    return seed


def _unchanged(draw: Draw) -> bytes:
    content = frame_bytes(draw)
    if draws.frame_hash(content) != draw.frame_sha256:
        raise Refused(
            "The stored frame is not the one that was frozen: its SHA-256 differs. Abandon this draw."
        )
    return content


def _explain_shortfalls(
    strata: Sequence[Stratum], done: draws.Draw, frame: Sequence[draws.Case], words: Mapping[str, str]
) -> None:
    """Say on each stratum that gave too few what there was to draw from."""
    picked = {stratum.name: len(stratum.picks) for stratum in done.strata}
    short = [stratum for stratum in strata if picked[stratum.name] < stratum.size]
    for stratum, sentence in zip(short, draws.shortages(done, frame, words), strict=True):
        stratum.shortfall = sentence[:300]
    Stratum.objects.bulk_update(short, ["shortfall"])


def _make_picks(draw: Draw, keys: Sequence[str], *, by: Person | None, at: datetime) -> None:
    """The picks in their order, each with the audit that is to be done."""
    wanted = set(keys)
    entries = {
        entry.key: entry
        for entry in FrameEntry.objects.filter(draw=draw, eligible=True).iterator(chunk_size=BATCH)
        if entry.key in wanted
    }
    picks = Pick.objects.bulk_create(
        Pick(draw=draw, entry=entries[key], position=place, picked_at=at, picked_by=by)
        for place, key in enumerate(keys, start=1)
    )
    from_ = _where_from(draw)
    Slot.objects.bulk_create(_slot(draw, pick, from_[pick.entry.stratum]) for pick in picks)


def _where_from(draw: Draw) -> dict[str, tuple[str, str]]:
    """Of each stratum, by its name, how it was taken from and what people call it."""
    pack = pack_of(draw.cycle.version)
    rule = pack.selection[pack.audit_types[draw.audit_type].selection or ""]
    return {
        stratum.name: ("all are taken of" if is_taken_whole(rule, stratum) else "drawn from", stratum.title)
        for stratum in draw.strata.select_related("practitioner")
    }


def _slot(draw: Draw, pick: Pick, where_from: tuple[str, str]) -> Slot:
    entry, (taken, stratum) = pick.entry, where_from
    if entry.unit_id is None:
        word = pack_of(draw.cycle.version).words_for(draw.audit_type)["case"]
        raise Refused(f"The {word} {entry.key} has no team, so it cannot be audited.")
    return Slot(
        cycle=draw.cycle,
        audit_type=draw.audit_type,
        subject_id=entry.subject_id,
        unit_id=entry.unit_id,
        practitioner_id=entry.practitioner_id,
        pick=pick,
        because=f"nominated, from {stratum}" if is_nominated(entry) else f"{taken} {stratum}",
    )


@transaction.atomic
def replace_pick(draw: Draw, key: str, *, because: str, by: Person | None, at: datetime) -> Pick:
    """Take the next case of a pick's stratum in its place, and say why."""
    draw = _held(draw)
    if not draw.drawn_at:
        raise Refused("Nothing has been drawn yet, so there is no pick to replace.")
    replacement = draws.replace(document_of(draw), draws.read_frame(_unchanged(draw)), key, because)
    old = Pick.objects.get(draw=draw, entry__key=key)
    pick = Pick.objects.create(
        draw=draw,
        entry=FrameEntry.objects.get(draw=draw, key=replacement.into),
        position=Pick.objects.filter(draw=draw).count() + 1,
        replaces=old,
        reason=replacement.reason[:300],
        picked_at=at,
        picked_by=by,
    )
    Slot.objects.standing().filter(pick=old).update(
        dropped_at=at, dropped_because=f"replaced: {replacement.reason}"[:300]
    )
    _slot(draw, pick, _where_from(draw)[pick.entry.stratum]).save()
    values = {"out": replacement.out, "in": replacement.into, "reason": replacement.reason}
    record("draw.replace_pick", about=about(draw), by=by, at=at, values=values)
    return pick


@transaction.atomic
def abandon_draw(draw: Draw, *, because: str, by: Person | None, at: datetime) -> Draw:
    """Set a draw aside before anything is sent; it stays on record, and a new frame may be frozen."""
    draw = _held(draw)
    if not because.strip():
        raise Refused("Say why the draw is abandoned: it stays on record with the reason.")
    draw.abandoned_at, draw.abandoned_by, draw.abandoned_because = at, by, because.strip()[:300]
    draw.save(update_fields=["abandoned_at", "abandoned_by", "abandoned_because"])
    Slot.objects.standing().filter(pick__draw=draw).update(
        dropped_at=at, dropped_because="the draw was abandoned"
    )
    values = {"because": draw.abandoned_because, "seed": draw.seed}
    record("draw.abandon", about=about(draw), by=by, at=at, values=values)
    return draw
