"""A draw as it is published: what an outsider needs, with the frame, to redo it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from goldenthread.programmes.models import Draw, FrameEntry, Pick, Stratum
from goldenthread.rules import draws
from goldenthread.rules.targets import Share
from goldenthread.rules.turns import NOMINATED, places_of, start_of


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
    return draws.Draw(
        method=draw.method,
        seed=draw.seed,
        frame_sha256=draw.frame_sha256,
        strata=tuple(
            draws.Stratum(
                name=one.name, size=one.size, share=share_of(one), picks=tuple(picks.get(one.name, ()))
            )
            for one in draw.strata.order_by("position")
        ),
        replacements=tuple(replacements),
    )


def share_of(stratum: Stratum) -> Share | None:
    """The share that gave a stratum its size; None where it was a number, or all of it."""
    if stratum.per_cent is None or stratum.caseload is None or stratum.caseload_on is None:
        return None
    return Share(per_cent=stratum.per_cent, cases=stratum.caseload, open_on=stratum.caseload_on)


def _replacement(pick: Pick) -> draws.Replacement:
    replaced = pick.replaces.entry.key if pick.replaces else ""
    return draws.Replacement(
        out=replaced, into=pick.entry.key, stratum=pick.entry.stratum, reason=pick.reason
    )


def frame_bytes(draw: Draw) -> bytes:
    """The bytes of frame.csv exactly as they were frozen."""
    return bytes(Draw.objects.values_list("frame", flat=True).get(pk=draw.pk))


@dataclass(frozen=True)
class Interval:
    """How a systematic draw went through a stratum: of how many cases, every which, from which place.

    Cases that were nominated are taken before and are not counted.
    """

    stratum: Stratum
    cases: int
    wanted: int

    @property
    def every(self) -> str:
        """The interval, to two decimals."""
        return f"{self.cases / self.wanted:.2f}".rstrip("0").rstrip(".")

    @property
    def first(self) -> int:
        """The place that was first taken, counted from 1."""
        start = start_of(self.stratum.draw.seed, self.stratum.name, self.cases)
        return places_of(self.cases, self.wanted, start)[0] + 1


def intervals_of(draw: Draw, strata: Iterable[Stratum]) -> list[Interval]:
    """The interval of each stratum that a systematic draw took cases from; of another draw, none."""
    if not (draw.drawn_at and draws.is_systematic(draw.method)):
        return []
    entries = FrameEntry.objects.filter(draw=draw, eligible=True).exclude(turn__startswith=NOMINATED)
    cases = dict(entries.order_by().values_list("stratum").annotate(Count("pk")))
    picks = Pick.objects.filter(draw=draw, replaces=None, entry__turn__startswith=NOMINATED)
    before = dict(picks.order_by().values_list("entry__stratum").annotate(Count("pk")))
    found = []
    for stratum in strata:
        wanted = min(stratum.size - before.get(stratum.name, 0), cases.get(stratum.name, 0))
        if wanted > 0:
            found.append(Interval(stratum, cases[stratum.name], wanted))
    return found
