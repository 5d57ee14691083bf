"""A flow as a drawing: where each state's box stands and how each arrow runs, in whole units of an SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from goldenthread.rules.flow import PHASES, Flow, Phase

WIDTH, HEIGHT = 190, 56
ACROSS, DOWN = 60, 64
EDGE = 24
BESIDE = 22
"""How far two arrows between the same rows stand apart."""
LANE = 34
TIP = 10
CHARACTERS = 22
"""How many characters of a label fit on a line of a box."""


@dataclass(frozen=True)
class Box:
    """A state: its corner, its words on at most two lines, its phase."""

    name: str
    x: int
    y: int
    lines: tuple[str, ...]
    phase: Phase

    @property
    def words(self) -> str:
        """The phase as people read it."""
        return PHASES[self.phase]

    @property
    def middle(self) -> int:
        """Half way across."""
        return self.x + WIDTH // 2

    @property
    def half(self) -> int:
        """Half way down."""
        return self.y + HEIGHT // 2

    @property
    def texts(self) -> list[tuple[int, str]]:
        """Each line of words with the height at which it stands."""
        first = self.y + (24 if len(self.lines) == 1 else 17)
        return [(first + 15 * place, line) for place, line in enumerate(self.lines)]

    @property
    def foot(self) -> int:
        """The height at which the phase stands."""
        return self.y + HEIGHT - 8


@dataclass(frozen=True)
class Arrow:
    """One or more steps between the same two states: the line, and where their numbers stand."""

    numbers: str
    start: str
    end: str
    path: str
    x: int
    y: int

    @property
    def badge_width(self) -> int:
        """How wide the field around the numbers is."""
        return 14 + 8 * len(self.numbers)

    @property
    def badge_x(self) -> int:
        """Its left edge."""
        return self.x - self.badge_width // 2

    @property
    def badge_y(self) -> int:
        """Its upper edge."""
        return self.y - 11

    @property
    def number_y(self) -> int:
        """The height at which the numbers stand."""
        return self.y + 5


@dataclass(frozen=True)
class Diagram:
    """The whole drawing."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def diagram_of(flow: Flow) -> Diagram:
    """Lay the flow out from top to bottom; steps are numbered in the framework's order."""
    boxes = {box.name: box for box in _boxes(flow)}
    right = max(box.x + WIDTH for box in boxes.values())
    ranks = _ranks(flow)
    arrows, lanes = [], 0
    for (start, end), numbers in _joined(flow).items():
        words = ", ".join(map(str, numbers))
        if start == end:
            arrows.append(_loop(boxes[start], words))
        elif abs(ranks[end] - ranks[start]) == 1:
            arrows.append(_straight(boxes[start], boxes[end], words, ranks[end] > ranks[start]))
        else:
            lanes += 1
            arrows.append(_round(boxes[start], boxes[end], words, right + LANE * lanes + 10))
    width = right + LANE * (lanes + 1) + EDGE
    height = max(box.y for box in boxes.values()) + HEIGHT + EDGE
    return Diagram(width, height, tuple(boxes.values()), tuple(arrows))


def _joined(flow: Flow) -> dict[tuple[str, str], list[int]]:
    """The numbers of the steps between each two states."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, step in enumerate(flow.steps.values(), start=1):
        for start in step.from_:
            found[start, step.to].append(number)
    return found


def _ranks(flow: Flow) -> dict[str, int]:
    """How many steps at the least lead to each state."""
    ranks, waiting = {flow.first: 0}, [flow.first]
    while waiting:
        state = waiting.pop(0)
        for step in flow.steps.values():
            if state in step.from_ and step.to not in ranks:
                ranks[step.to] = ranks[state] + 1
                waiting.append(step.to)
    last = max(ranks.values())
    return {name: ranks.get(name, last + 1) for name in flow.states}


def _boxes(flow: Flow) -> Iterator[Box]:
    placed: dict[int, int] = defaultdict(int)
    ranks = _ranks(flow)
    for name, state in flow.states.items():
        rank = ranks[name]
        x = EDGE + placed[rank] * (WIDTH + ACROSS)
        placed[rank] += 1
        yield Box(name, x, EDGE + rank * (HEIGHT + DOWN), _lines(state.label), state.phase)


def _lines(label: str) -> tuple[str, ...]:
    """The words on at most two lines; what is longer is cut, and stands whole in the table."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) >= CHARACTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1] + " …"]
    return tuple(line if len(line) <= CHARACTERS + 2 else line[: CHARACTERS + 1] + "…" for line in lines)


def _straight(start: Box, end: Box, numbers: str, down: bool) -> Arrow:
    """An arrow to the next row, or to the row before, each on its own side of the middle."""
    aside = -BESIDE if down else BESIDE
    from_y, to_y = (start.y + HEIGHT, end.y) if down else (start.y, end.y + HEIGHT)
    from_x, to_x = start.middle + aside, end.middle + aside
    return Arrow(
        numbers,
        start.name,
        end.name,
        _through([(from_x, from_y), (to_x, to_y)]),
        (from_x + to_x) // 2,
        (from_y + to_y) // 2,
    )


def _round(start: Box, end: Box, numbers: str, lane: int) -> Arrow:
    """An arrow to a farther row, round the right side."""
    corners = [(start.x + WIDTH, start.half - 8), (lane, start.half - 8), (lane, end.half + 8)]
    corners.append((end.x + WIDTH, end.half + 8))
    return Arrow(numbers, start.name, end.name, _through(corners), lane, (start.half + end.half) // 2)


def _loop(box: Box, numbers: str) -> Arrow:
    """An arrow from a state to itself."""
    side = box.x + WIDTH
    corners = [(side, box.half - 12), (side + LANE, box.half - 12), (side + LANE, box.half + 12)]
    corners.append((side, box.half + 12))
    return Arrow(numbers, box.name, box.name, _through(corners), side + LANE, box.half)


def _through(corners: list[tuple[int, int]]) -> str:
    """The line through the corners, and its tip."""
    (x, y), (end_x, end_y) = corners[-2], corners[-1]
    length = max(1.0, ((end_x - x) ** 2 + (end_y - y) ** 2) ** 0.5)
    along = ((end_x - x) / length, (end_y - y) / length)
    tip = [
        (round(end_x - TIP * along[0] + side * along[1]), round(end_y - TIP * along[1] - side * along[0]))
        for side in (6, -6)
    ]
    line = f"M{corners[0][0]} {corners[0][1]}" + "".join(
        f"L{one[0]} {one[1]}" for _, one in pairwise(corners)
    )
    return f"{line}M{tip[0][0]} {tip[0][1]}L{end_x} {end_y}L{tip[1][0]} {tip[1][1]}"
