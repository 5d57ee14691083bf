"""A draw as it is published: what an outsider needs, with the frame, to redo it."""

from __future__ import annotations

from goldenthread.programmes.models import Draw, Pick
from goldenthread.rules import draws


def document_of(draw: Draw) -> draws.Draw:
    """The draw as `draw.json` tells it: strata in order, picks before replacements, and the replacements."""
    picks: dict[str, list[str]] = {}
    replacements = []
    rows = Pick.objects.filter(draw=draw).select_related("entry", "replaces__entry").order_by("position")
    for pick in rows:
        if pick.replaces is None:
            picks.setdefault(pick.entry.stratum, []).append(pick.entry.key)
        else:
            replacements.append(_replacement(pick))
    strata = draw.strata.order_by("position").values_list("name", "size")
    return draws.Draw(
        method=draw.method,
        seed=draw.seed,
        frame_sha256=draw.frame_sha256,
        strata=tuple(
            draws.Stratum(name=name, size=size, picks=tuple(picks.get(name, ()))) for name, size in strata
        ),
        replacements=tuple(replacements),
    )


def _replacement(pick: Pick) -> draws.Replacement:
    replaced = pick.replaces.entry.key if pick.replaces else ""
    return draws.Replacement(
        out=replaced, into=pick.entry.key, stratum=pick.entry.stratum, reason=pick.reason
    )


def frame_bytes(draw: Draw) -> bytes:
    """The bytes of frame.csv exactly as they were frozen."""
    return bytes(Draw.objects.values_list("frame", flat=True).get(pk=draw.pk))
