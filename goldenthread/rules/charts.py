"""Charts as accessible SVG: real text, a title and a description, pattern as well as colour.

No style attribute and no script, so that a strict content security policy shows them; the same string goes
into documents. A chart never stands without its table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

FILLS = {
    "green": "#0f7a52",
    "turquoise": "#158187",
    "blue": "#1d70b8",
    "yellow": "#ffdd00",
    "orange": "#f47738",
    "red": "#ca3535",
    "grey": "#858686",
}
INK, PAPER = "#0b0c0c", "#ffffff"
ROW, BAR, LABEL, WIDTH, CHARACTER = 40, 24, 210, 720, 7.2
NARROW, NARROW_ROW, LEGEND_LINE = 340, 54, 24
PATTERNS = ("", "M0 8 L8 0", "M0 4 L8 4", "M0 0 L8 8 M0 8 L8 0", "M4 0 L4 8")


@dataclass(frozen=True)
class Piece:
    """One piece of a bar: its label, count and the colour of the scale's value."""

    label: str
    count: int
    colour: str


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, and its pieces in the scale's order."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def total(self) -> int:
        return sum(piece.count for piece in self.pieces)


def stacked_bars(bars: Sequence[Bar], *, title: str, name: str) -> str:
    """Each bar at full width, split in the shares of its pieces; a piece that has room shows its count.

    `name` makes the ids of the drawing unique on its page.
    """
    legend = _legend(bars)
    explained, top = _legend_lines(name, legend, WIDTH)
    lines = [
        *head(title, in_words(bars), name, size=(WIDTH, top + ROW * len(bars)), drawn="gt-chart"),
        *_patterns(name, legend),
        *explained,
    ]
    for row, bar in enumerate(bars):
        lines += _bar_lines(name, bar, top + row * ROW, legend)
    return "\n".join([*lines, "</svg>"])


def narrow_stacked_bars(bars: Sequence[Bar], *, title: str, name: str) -> str:
    """The same for a narrow screen: each label stands above its bar, and the legend takes several lines."""
    name, legend = f"{name}-narrow", _legend(bars)
    explained, top = _legend_lines(name, legend, NARROW)
    size = (NARROW, top + NARROW_ROW * len(bars))
    lines = [
        *head(title, in_words(bars), name, size=size, drawn="gt-chart gt-chart--narrow"),
        *_patterns(name, legend),
        *explained,
    ]
    for row, bar in enumerate(bars):
        y = top + row * NARROW_ROW
        lines.append(_text(0, y + 17, _fitting(bar.label, NARROW - 50), 14))
        lines.append(_text(NARROW, y + 17, f"n {bar.total}", 14, anchor="end"))
        lines += _pieces(name, bar, y + 23, legend, across=(0, NARROW))
    return "\n".join([*lines, "</svg>"])


def head(title: str, words: str, name: str, *, size: tuple[int, int], drawn: str) -> list[str]:
    """The beginning of a drawing of this size (px), with what it shows in words; `drawn` are its classes."""
    width, height = size
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" class="{drawn}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-description">',
        f"<title id={quoteattr(name + '-title')}>{escape(title)}</title>",
        f"<desc id={quoteattr(name + '-description')}>{escape(words)}</desc>",
    ]


def in_words(bars: Sequence[Bar]) -> str:
    """What the chart shows, for those who do not see it."""
    return "; ".join(
        f"{bar.label}: " + ", ".join(f"{piece.count} {piece.label}" for piece in bar.pieces) for bar in bars
    )


def _legend(bars: Sequence[Bar]) -> list[Piece]:
    return list({piece.label: piece for bar in bars for piece in bar.pieces}.values())


def _patterns(name: str, legend: Sequence[Piece]) -> list[str]:
    lines = ["<defs>"]
    for place, piece in enumerate(legend):
        mark = PATTERNS[place % len(PATTERNS)]
        line = (
            f'<path d="{mark}" stroke="#ffffff" stroke-opacity="0.35" stroke-width="1.5" fill="none"/>'
            if mark
            else ""
        )
        lines.append(
            f'<pattern id={quoteattr(f"{name}-{place}")} width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{FILLS[piece.colour]}"/>{line}</pattern>'
        )
    return [*lines, "</defs>"]


def _legend_lines(name: str, legend: Sequence[Piece], width: int) -> tuple[list[str], int]:
    """What each pattern stands for, in as many lines as a drawing of this width needs; and where they end."""
    lines, x, y = [], 0.0, 4
    for place, piece in enumerate(legend):
        needed = 22 + CHARACTER * len(piece.label)
        if x and x + needed > width:
            x, y = 0.0, y + LEGEND_LINE
        lines.append(f'<rect x="{x:.0f}" y="{y}" width="16" height="16" fill="url(#{name}-{place})"/>')
        lines.append(_text(x + 22, y + 13, piece.label, 14))
        x += needed + 24
    return lines, y + 30


def _bar_lines(name: str, bar: Bar, y: int, legend: Sequence[Piece]) -> list[str]:
    return [
        _text(0, y + 17, _fitting(bar.label, LABEL), 14),
        *_pieces(name, bar, y, legend, across=(LABEL, WIDTH - LABEL - 50)),
        _text(WIDTH - 44, y + 17, f"n {bar.total}", 14),
    ]


def _pieces(name: str, bar: Bar, y: int, legend: Sequence[Piece], *, across: tuple[int, int]) -> list[str]:
    """The pieces of a bar side by side, from a place and over so many px."""
    lines: list[str] = []
    x, room = float(across[0]), across[1]
    order = [piece.label for piece in legend]
    for piece in bar.pieces:
        width = room * piece.count / bar.total if bar.total else 0
        if not width:
            continue
        fill = f"url(#{name}-{order.index(piece.label)})"
        lines.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{fill}" stroke="#ffffff"/>'
        )
        if width > 2 * _half(piece.count) + 2:
            lines += _count_lines(x + width / 2, y, piece.count)
        x += width
    return lines


def _half(count: int) -> float:
    """Half the width of the label on which a count stands."""
    return CHARACTER * len(str(count)) / 2 + 4


def _count_lines(middle: float, y: int, count: int) -> list[str]:
    """A count in dark ink on a white label, since no ink can be read on every colour and pattern."""
    half = _half(count)
    return [
        f'<rect x="{middle - half:.1f}" y="{y + 3}" width="{2 * half:.1f}" height="{BAR - 6}" rx="3" '
        f'fill="{PAPER}"/>',
        _text(middle, y + 17, str(count), 14, anchor="middle"),
    ]


def _fitting(label: str, width: int) -> str:
    most = int(width / CHARACTER) - 1
    return label if len(label) <= most else label[: most - 1] + "…"


def _text(x: float, y: float, words: str, size: int, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Arial, sans-serif" font-size="{size}" fill="{INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
