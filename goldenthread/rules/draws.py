"""Verifiable draws: anybody with the frame and the seed can redo the sample and gets the same cases.

Consistent sampling after R. Rivest (https://github.com/ron-rivest/consistent-sampler): every case has a
ticket, a number that follows from the seed and the case's key alone. In each stratum the lowest tickets win.
The only limit is one case per practitioner in the whole draw; a case without a practitioner is not limited.

Where cases are taken in an order that is not random, the frame says each one's turn, and the lowest turns
win; the tickets decide only between equal turns.

In a systematic draw the cases stand in the order of their turns, and each so many-th is taken, from a start
that follows from the seed and the stratum's name. Where one may not be taken, the next that may stands in.
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldenthread.rules import turns
from goldenthread.rules.refusal import Refused
from goldenthread.rules.targets import Share
from goldenthread.rules.vocabulary import STANDARD_WORDS

METHOD = "consistent sampling (Rivest) with SHA-256; lowest tickets; one case per practitioner"
TURNS = (
    "{order}, by the frame's turns; equal turns by consistent sampling (Rivest) with SHA-256; "
    "lowest tickets; one case per practitioner"
)
ORDERS = ("longest open first", "longest since last audit first", "never audited first")
METHODS = {"random": METHOD} | {order: TURNS.format(order=order) for order in ORDERS}
"""How a draw names the order in which it took its cases."""
NOMINATED = {
    order: TURNS.format(order=f"nominated cases first, then {order if order in ORDERS else 'at random'}")
    for order in METHODS
}
"""The same where people nominated cases, whose turns come first."""
KNOWN = (*METHODS.values(), *NOMINATED.values())
SYSTEMATIC = "systematic by {by}: every (cases/wanted)-th by turn, start from seed; one case per practitioner"
SYSTEMATICALLY = re.compile(
    "(nominated first, then )?" + re.escape(SYSTEMATIC).replace(re.escape("{by}"), ".{1,80}")
)


def method_of(order: str, sorted_by: str | None, *, nominated: bool) -> str:
    """How a draw in this order names it."""
    if sorted_by is not None:
        return ("nominated first, then " if nominated else "") + SYSTEMATIC.format(by=sorted_by)
    return (NOMINATED if nominated else METHODS)[order]


def is_systematic(method: str) -> bool:
    """Whether a draw took every so many-th case."""
    return SYSTEMATICALLY.fullmatch(method) is not None


@dataclass(frozen=True)
class Case:
    """One row of the frame: a case that could be drawn, or the reason why not."""

    key: str
    stratum: str
    practitioner: str
    team: str
    eligible: bool
    reason: str = ""
    turn: str = ""


LEADS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = [field.name for field in fields(Case) if field.name != "turn"]
WITH_TURNS = [*COLUMNS, "turn"]


class Stratum(BaseModel):
    """A part of the frame, how many cases are wanted from it, and the keys that were picked, in order."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int = Field(ge=0)
    share: Share | None = None
    picks: tuple[str, ...] = ()


class Replacement(BaseModel):
    """A pick that was taken out, the next one of its stratum that came in, and why."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    out: str
    into: str = Field(alias="in")
    stratum: str
    reason: str = Field(min_length=1)


class Draw(BaseModel):
    """A draw as it is published: what is needed, with the frame, to redo it."""

    model_config = ConfigDict(frozen=True)

    method: str
    seed: str = Field(min_length=1)
    frame_sha256: str
    strata: tuple[Stratum, ...]
    replacements: tuple[Replacement, ...] = ()

    def standing(self) -> dict[str, str]:
        """Return the picks that stand after every replacement, each with its stratum."""
        picks = {key: stratum.name for stratum in self.strata for key in stratum.picks}
        for replacement in self.replacements:
            picks = {replacement.into if k == replacement.out else k: name for k, name in picks.items()}
        return picks

    def as_dict(self) -> dict[str, Any]:
        """Return the draw as plain values, named as in `draw.json`."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def as_json(self) -> bytes:
        """Return the bytes of `draw.json`."""
        return (json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n").encode()


def ticket(seed_hash: str, key: str) -> str:
    """Return a case's ticket: a fraction with the digits of a hash, the last and least biased ones first."""
    number = int.from_bytes(hashlib.sha256((seed_hash + key).encode()).digest(), "big")
    return "0." + f"{number:064d}"[::-1]


def ticket_order(keys: Iterable[str], seed: str) -> list[str]:
    """Return keys in the order in which a seed draws them."""
    seed_hash = hashlib.sha256(seed.encode()).hexdigest()
    return sorted(keys, key=lambda key: ticket(seed_hash, key))


def inert(name: str) -> str:
    """Return a name as a frame holds it: one that no spreadsheet program takes for a formula."""
    return f"'{name}" if name.startswith(LEADS_A_FORMULA) else name


def frame_csv(frame: Iterable[Case]) -> bytes:
    """Return the one file that a frame is written as: RFC 4180 with LF, UTF-8, in the order of its keys."""
    cases = sorted(frame, key=lambda case: case.key)
    columns = WITH_TURNS if any(case.turn for case in cases) else COLUMNS
    rows = [columns]
    for case in cases:
        flag = "true" if case.eligible else "false"
        row = [case.key, case.stratum, case.practitioner, case.team, flag, case.reason, case.turn]
        rows.append(row[: len(columns)])
    return "".join(",".join(map(_field, row)) + "\n" for row in rows).encode()


def read_frame(content: bytes) -> list[Case]:
    """Read the bytes of a frame back, refusing what is not one."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"frame.csv cannot be read: {error}. Export the draw again.") from None
    if not rows or rows[0] not in (COLUMNS, WITH_TURNS):
        raise Refused(f"The first line of frame.csv must be {','.join(COLUMNS)}, or that and turn.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]) or row[4] not in ("true", "false") or not row[0]:
            raise Refused(
                f"Row {number} of frame.csv is not a case: {','.join(row)!r}. Export the draw again."
            )
    return [Case(row[0], row[1], row[2], row[3], row[4] == "true", *row[5:]) for row in rows[1:]]


def frame_hash(content: bytes) -> str:
    """Return the SHA-256 by which a frame is known."""
    return hashlib.sha256(content).hexdigest()


def draw(frame: Sequence[Case], seed: str, strata: Sequence[tuple[str, int]], method: str = METHOD) -> Draw:
    """Pick the cases of every stratum, in the order of the strata: those of the lowest turn and ticket, or
    every so many-th."""
    _check(frame, seed, [name for name, _ in strata])
    by_key = {case.key: case for case in frame}
    order = _order(frame, seed, method)
    taken: set[str] = set()
    drawn = []
    for name, size in strata:
        picks: dict[str, None] = {}
        for group in order.get(name, []):
            for walk in _walks(group, size - len(picks), seed, name, method):
                if len(picks) == size:
                    break
                free = (key for key in walk if key not in picks and by_key[key].practitioner not in taken)
                if (key := next(free, None)) is not None:
                    picks[key] = None
                    taken |= {by_key[key].practitioner} - {""}
        drawn.append(Stratum(name=name, size=size, picks=tuple(picks)))
    return Draw(method=method, seed=seed, frame_sha256=frame_hash(frame_csv(frame)), strata=tuple(drawn))


def _walks(keys: Sequence[str], wanted: int, seed: str, stratum: str, method: str) -> Iterable[Iterable[str]]:
    """For each pick the cases of which the first that is free is taken."""
    return turns.walks(keys, wanted, seed, stratum) if is_systematic(method) else ((key,) for key in keys)


def replace(done: Draw, frame: Sequence[Case], out: str, reason: str) -> Replacement:
    """Take the next case of a pick's stratum in its place, and say why."""
    stratum = done.standing().get(out)
    if stratum is None:
        raise Refused(f"{out} is not a pick of this draw, so it cannot be replaced. Choose one of the picks.")
    if not reason.strip():
        raise Refused("Give the reason why this pick is replaced: it is published with the draw.")
    into = _next(done, frame, out, stratum)
    if into is None:
        raise Refused(
            f"No other case of {stratum} can be drawn: each that is left is ineligible, was replaced before, "
            "or belongs to a practitioner who already has a case in this draw. Change the allocation by hand."
        )
    return Replacement(out=out, into=into, stratum=stratum, reason=reason.strip())


def with_replacement(done: Draw, replacement: Replacement) -> Draw:
    """Return a draw with one more replacement."""
    return done.model_copy(update={"replacements": (*done.replacements, replacement)})


def shortages(done: Draw, frame: Sequence[Case], words: Mapping[str, str] = STANDARD_WORDS) -> list[str]:
    """Say of each stratum that could not be filled how many cases are missing, and why."""
    eligible = Counter(case.stratum for case in frame if case.eligible)
    sentences = []
    for stratum in done.strata:
        if len(stratum.picks) == stratum.size:
            continue
        left = eligible[stratum.name] - len(stratum.picks)
        sentence = f"{stratum.name}: {len(stratum.picks)} of {stratum.size} drawn. "
        sentence += f"Eligible {words['cases']}: {eligible[stratum.name]}"
        if left:
            taken = ", of which {} with {a_practitioner} who already has {a_case} in this draw"
            sentence += taken.format(left, **words)
        sentences.append(sentence + ".")
    return sentences


def verify(content: bytes, document: Any) -> list[str]:
    """Redo a draw from the bytes of its frame and its `draw.json`; return each fault as a sentence."""
    try:
        claimed = Draw.model_validate(document)
    except ValidationError as error:
        return [
            f"draw.json: {'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}." for e in error.errors()
        ]
    faults = [*_header_faults(content, claimed), *_share_faults(claimed)]
    try:
        frame = read_frame(content)
        faults += _turn_faults(frame, claimed)
        strata = [(stratum.name, stratum.size) for stratum in claimed.strata]
        redone = draw(frame, claimed.seed, strata, claimed.method)
    except Refused as refusal:
        return [*faults, str(refusal)]
    for mine, theirs in zip(redone.strata, claimed.strata, strict=True):
        faults += _pick_faults(mine, theirs)
    return faults + list(_replacement_faults(claimed, frame))


def _field(text: str) -> str:
    """Quote a field as RFC 4180 says; the csv module leaves a lone carriage return bare."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _header_faults(content: bytes, claimed: Draw) -> Iterator[str]:
    """Compare the method and the frame's hash."""
    if claimed.method not in KNOWN and not is_systematic(claimed.method):
        known = " or ".join(repr(method) for method in (*KNOWN, SYSTEMATIC))
        yield f"draw.json names the method {claimed.method!r}; only {known} can be redone."
    if claimed.frame_sha256 != frame_hash(content):
        yield (
            f"frame.csv is not the frame that was drawn from: its SHA-256 is {frame_hash(content)}, "
            f"and draw.json says {claimed.frame_sha256}."
        )


def _share_faults(claimed: Draw) -> Iterator[str]:
    """A stratum whose size is not the share that it is said to be."""
    for stratum in claimed.strata:
        if (share := stratum.share) and share.size() != stratum.size:
            yield (
                f"Stratum {stratum.name}: {share.sentence()} is {share.size()}, "
                f"and draw.json asks for {stratum.size}."
            )


def _turn_faults(frame: Sequence[Case], claimed: Draw) -> Iterator[str]:
    """A random draw has no turns, and any other gives every case one."""
    if claimed.method == METHOD and any(case.turn for case in frame):
        yield "frame.csv gives cases a turn, and draw.json says that they were drawn at random."
    elif claimed.method != METHOD and not all(case.turn for case in frame):
        yield "draw.json names an order, and frame.csv does not say the turn of every case."


def _pick_faults(redone: Stratum, claimed: Stratum) -> Iterator[str]:
    """Name the first pick of a stratum that differs."""
    length = max(len(redone.picks), len(claimed.picks))
    for place in range(length):
        mine = redone.picks[place] if place < len(redone.picks) else "no case"
        theirs = claimed.picks[place] if place < len(claimed.picks) else "no case"
        if mine != theirs:
            where = f"Stratum {claimed.name}, pick {place + 1}"
            yield f"{where}: the seed draws {mine}, and draw.json says {theirs}."
            return


def _replacement_faults(claimed: Draw, frame: Sequence[Case]) -> Iterator[str]:
    """Redo the replacements in their order, up to the first that differs."""
    done = claimed.model_copy(update={"replacements": ()})
    for number, theirs in enumerate(claimed.replacements, start=1):
        try:
            mine = replace(done, frame, theirs.out, theirs.reason)
        except Refused as refusal:
            yield f"Replacement {number}: {refusal}"
            return
        if (mine.into, mine.stratum) != (theirs.into, theirs.stratum):
            yield (
                f"Replacement {number}, of {theirs.out}: the next ticket is {mine.into} "
                f"in stratum {mine.stratum}, and draw.json says {theirs.into} in {theirs.stratum}."
            )
            return
        done = with_replacement(done, theirs)


def _order(frame: Sequence[Case], seed: str, method: str) -> dict[str, list[list[str]]]:
    """Return the eligible keys of each stratum in the order of their turns, equal ones by their tickets.

    A systematic draw takes the nominated ones as a group of their own, before the others.
    """
    strata: dict[str, list[Case]] = {}
    for case in frame:
        if case.eligible:
            strata.setdefault(case.stratum, []).append(case)
    return {name: _in_groups(cases, seed, method) for name, cases in strata.items()}


def _in_groups(cases: Iterable[Case], seed: str, method: str) -> list[list[str]]:
    """The keys of a stratum in their order: all together, or the nominated ones first."""
    turn = {case.key: case.turn for case in cases}
    keys = sorted(ticket_order(turn, seed), key=lambda key: turn[key])
    if not is_systematic(method):
        return [keys]
    first = [key for key in keys if turn[key].startswith(turns.NOMINATED)]
    return [first, keys[len(first) :]]


def _next(done: Draw, frame: Sequence[Case], out: str, stratum: str) -> str | None:
    """Return a stratum's first case not drawn before whose practitioner has no other standing pick.

    In a systematic draw it is the first of those that stand after the pick in the order.
    """
    by_key = {case.key: case for case in frame}
    standing = done.standing()
    drawn = {key for s in done.strata for key in s.picks} | {r.into for r in done.replacements}
    taken = {by_key[key].practitioner for key in standing if key != out and key in by_key} - {""}
    eligible = (case for case in frame if case.eligible and case.stratum == stratum)
    for group in _in_groups(eligible, done.seed, done.method):
        place = group.index(out) if is_systematic(done.method) and out in group else 0
        for key in turns.from_place(group, place):
            if key not in drawn and by_key[key].practitioner not in taken:
                return key
    return None


def _check(frame: Sequence[Case], seed: str, strata: Sequence[str]) -> None:
    """Refuse a frame or a list of strata that could be read in two ways."""
    if not seed:
        raise Refused("A draw needs a seed. Enter one, or let the system take one.")
    if twice := [name for name, count in Counter(strata).items() if count > 1]:
        raise Refused(f"The stratum {twice[0]} is listed twice. List each stratum once.")
    if again := [key for key, count in Counter(case.key for case in frame).items() if count > 1]:
        raise Refused(f"The case {again[0]} is in the frame twice. Each case may have one row.")
    known = set(strata)
    for case in frame:
        if case.eligible and case.stratum not in known:
            raise Refused(
                f"The case {case.key} is eligible in the stratum {case.stratum!r}, which is not listed. "
                "Give that stratum a size; none are drawn from it with size 0."
            )
