"""A trend as accessible SVG: a dot for each cycle with its interval, lines only within what is comparable.

Small numbers are hollow and named so; a break is a dashed line. Nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from goldenthread.rules.charts import head
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, percent, wilson

LEFT, TOP, HEIGHT, STEP, BELOW = 56, 16, 220, 84, 64
NARROW, ROW, PLOT_FROM, PLOT_WIDTH = 340, 28, 84, 160
SIZES = (6, 9, 12)
"""So many dots, from left to right, ask for more and more room; more than the last are never drawn so."""
INK, LINE, FAINT = "#0b0c0c", "#1d70b8", "#b1b4b6"
LEGEND = (
    "A hollow dot stands on fewer than ten. A dashed line is a break: what stands on its two sides is not "
    "compared."
)


@dataclass(frozen=True)
class Dot:
    """One cycle: its label, the count in its total, and which comparable stretch it is of."""

    label: str
    count: int
    total: int
    stretch: int = 0
    with_interval: bool = True
    at: float | None = None
    """How high it stands, from 0 to 1, where that is not the count's share of the total."""
    said: str = ""
    """What it comes to in words, where that is not the count of the total."""

    @property
    def share(self) -> float:
        """The share, from 0 to 1."""
        return self.count / self.total if self.at is None else self.at

    @property
    def words(self) -> str:
        """What it comes to."""
        return self.said or f"{self.count} of {self.total}"

    @property
    def is_small(self) -> bool:
        """Whether a percentage would suggest more than the files can show."""
        return self.total < FEWEST_FOR_PERCENTAGE


def trend_chart(
    dots: Sequence[Dot], *, title: str, name: str, span: tuple[float, float] | None = None
) -> str:
    """Dots in their order; those of one stretch are joined. `name` makes ids unique on the page.

    `span` are the numbers at the foot and at the top of the axis; shares unless said.
    """
    shown = [(place, dot) for place, dot in enumerate(dots) if dot.total]
    width, height = LEFT + STEP * max(len(dots), 1) + 16, TOP + HEIGHT + BELOW
    room = next((str(size) for size in SIZES if len(dots) <= size), "more")
    lines = [
        *head(title, in_words(dots), name, size=(width, height), drawn=f"gt-chart gt-chart--{room}"),
        *_axis(width, span),
        *_joins(shown),
    ]
    for place, dot in enumerate(dots):
        lines.append(_text(_x(place), TOP + HEIGHT + 22, dot.label, anchor="middle"))
        lines.append(_text(_x(place), TOP + HEIGHT + 42, dot.words, anchor="middle"))
    lines += [line for place, dot in shown for line in _dot(place, dot)]
    return "\n".join([*lines, "</svg>"])


def narrow_trend_chart(
    dots: Sequence[Dot], *, title: str, name: str, span: tuple[float, float] | None = None
) -> str:
    """The same from top to bottom, for a narrow screen or many cycles: a row for each, the share across."""
    shown = [(place, dot) for place, dot in enumerate(dots) if dot.total]
    size = (NARROW, TOP + ROW * len(dots) + 16)
    room = next((str(one) for one in SIZES if len(dots) <= one), "more")
    drawn = f"gt-chart gt-chart--narrow gt-chart--narrow-{room}"
    lines = [
        *head(title, in_words(dots), f"{name}-narrow", size=size, drawn=drawn),
        *_axis_across(size[1], span),
    ]
    for (before, one), (after, other) in zip(shown, shown[1:], strict=False):
        joined = one.stretch == other.stretch
        ends = (_across(one.share), _down(before), _across(other.share), _down(after))
        middle = (_down(before) + _down(after)) / 2
        lines.append(
            _line(*ends, f'stroke="{LINE}" stroke-width="2"')
            if joined
            else _line(0, middle, NARROW, middle, f'stroke="{INK}" stroke-width="2" stroke-dasharray="6 4"')
        )
    for place, dot in enumerate(dots):
        lines.append(_text(0, _down(place) + 5, dot.label))
        lines.append(_text(NARROW, _down(place) + 5, dot.words, anchor="end"))
    for place, dot in shown:
        if interval := wilson(dot.count, dot.total) if dot.with_interval else None:
            ends = (_across(interval.low), _down(place), _across(interval.high), _down(place))
            lines.append(_line(*ends, f'stroke="{LINE}" stroke-width="1.5"'))
        lines.append(_circle(_across(dot.share), _down(place), dot))
    return "\n".join([*lines, "</svg>"])


def _across(share: float) -> float:
    return PLOT_FROM + PLOT_WIDTH * share


def _down(place: int) -> float:
    return TOP + 8 + ROW * (place + 0.5)


def _axis_across(height: int, span: tuple[float, float] | None) -> list[str]:
    lines = []
    for share in (0.0, 0.5, 1.0):
        x = _across(share)
        lines.append(_line(x, TOP + 4, x, height - 4, f'stroke="{FAINT}"'))
        lines.append(_text(x, 14, _mark(share, span), anchor="middle"))
    return lines


def _mark(share: float, span: tuple[float, float] | None) -> str:
    """What stands at the axis for a share of its span."""
    return percent(share) if span is None else f"{span[0] + share * (span[1] - span[0]):g}"


def in_words(dots: Sequence[Dot]) -> str:
    """What the chart shows, for those who do not see it."""
    said, before = [], dots[0].stretch if dots else 0
    for dot in dots:
        if dot.stretch != before:
            said.append("break")
        before = dot.stretch
        said.append(f"{dot.label}: {dot.words}")
    return "; ".join(said)


def _x(place: int) -> float:
    return LEFT + STEP * place + STEP / 2


def _y(share: float) -> float:
    return TOP + HEIGHT * (1 - share)


def _axis(width: int, span: tuple[float, float] | None) -> list[str]:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        lines.append(
            f'<line x1="{LEFT}" y1="{_y(share):.1f}" x2="{width - 8}" y2="{_y(share):.1f}" stroke="{FAINT}"/>'
        )
        lines.append(_text(LEFT - 8, _y(share) + 5, _mark(share, span), anchor="end"))
    return lines


def _joins(shown: Sequence[tuple[int, Dot]]) -> list[str]:
    lines = []
    for (before, one), (after, other) in zip(shown, shown[1:], strict=False):
        if one.stretch == other.stretch:
            lines.append(
                f'<line x1="{_x(before):.1f}" y1="{_y(one.share):.1f}" x2="{_x(after):.1f}" '
                f'y2="{_y(other.share):.1f}" stroke="{LINE}" stroke-width="2"/>'
            )
        else:
            middle = (_x(before) + _x(after)) / 2
            lines.append(
                f'<line x1="{middle:.1f}" y1="{TOP}" x2="{middle:.1f}" y2="{TOP + HEIGHT}" stroke="{INK}" '
                'stroke-width="2" stroke-dasharray="6 4"/>'
            )
    return lines


def _dot(place: int, dot: Dot) -> list[str]:
    lines = []
    interval = wilson(dot.count, dot.total) if dot.with_interval else None
    if interval:
        lines.append(
            f'<line x1="{_x(place):.1f}" y1="{_y(interval.low):.1f}" x2="{_x(place):.1f}" '
            f'y2="{_y(interval.high):.1f}" stroke="{LINE}" stroke-width="1.5"/>'
        )
    lines.append(_circle(_x(place), _y(dot.share), dot))
    return lines


def _circle(x: float, y: float, dot: Dot) -> str:
    fill = "#ffffff" if dot.is_small else LINE
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{fill}" stroke="{LINE}" stroke-width="2"/>'


def _line(x1: float, y1: float, x2: float, y2: float, drawn: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {drawn}/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Arial, sans-serif" font-size="14" fill="{INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


DRAWINGS = (trend_chart, narrow_trend_chart)
"""Both drawings of a trend, of which a page shows the one that fits."""
