"""Charts are accessible SVG."""

from xml.etree import ElementTree

from goldenthread.rules.charts import (
    CHARACTER,
    FILLS,
    INK,
    PAPER,
    Bar,
    Piece,
    narrow_stacked_bars,
    stacked_bars,
)

SVG = "{http://www.w3.org/2000/svg}"
BARS = [
    Bar("Planning & support", (Piece("Good", 6, "green"), Piece("Inadequate <1>", 2, "red"))),
    Bar("Nothing graded", (Piece("Good", 0, "green"),)),
]


def drawn():
    return ElementTree.fromstring(stacked_bars(BARS, title="Grades by domain", name="domains"))


def test_a_chart_is_named_and_described_in_words():
    svg = drawn()

    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").text == "Grades by domain"
    assert "Planning & support: 6 Good, 2 Inadequate <1>" in svg.find(f"{SVG}desc").text
    assert svg.get("aria-labelledby") == "domains-title domains-description"


def test_the_pieces_of_a_bar_share_its_width():
    widths = [float(rect.get("width")) for rect in drawn().iter(f"{SVG}rect") if rect.get("stroke")]

    assert len(widths) == 2
    assert abs(widths[0] / widths[1] - 3) < 0.01


def test_colour_never_stands_alone():
    fills = [pattern.find(f"{SVG}path") for pattern in drawn().iter(f"{SVG}pattern")]

    assert sum(path is None for path in fills) == 1
    assert sum(path is not None for path in fills) == len(fills) - 1


def test_a_count_stands_in_dark_ink_on_white_whatever_the_colour_of_its_piece():
    every = tuple(Piece(colour, 30, colour) for colour in FILLS)
    svg = ElementTree.fromstring(stacked_bars([Bar("All", every)], title="Grades", name="all"))
    drawn_things = list(svg)
    counts = [place for place, one in enumerate(drawn_things) if one.text == "30"]

    assert len(counts) == len(FILLS)
    assert {drawn_things[place].get("fill") for place in counts} == {INK}
    assert {drawn_things[place - 1].get("fill") for place in counts} == {PAPER}


def test_a_strict_content_security_policy_shows_it():
    text = stacked_bars(BARS, title="Grades", name="grades")

    assert "style=" not in text
    assert "<script" not in text


def test_the_drawing_for_a_narrow_screen_puts_nothing_beside_its_bars_and_breaks_the_legend():
    many = tuple(Piece(f"A grade with a long name {colour}", 2, colour) for colour in FILLS)
    text = narrow_stacked_bars([*BARS, Bar("Every colour there is", many)], title="Grades", name="grades")

    svg = ElementTree.fromstring(text)
    across = float(svg.get("viewBox").split()[2])
    drawn_rects = [one for one in svg.findall(f"{SVG}rect") if one.get("fill") != PAPER]
    assert max(float(one.get("x")) + float(one.get("width")) for one in drawn_rects) <= across + 0.2
    words = [one for one in svg.findall(f"{SVG}text") if one.get("text-anchor") == "start"]
    assert max(float(one.get("x")) + CHARACTER * len(one.text) for one in words) <= across
    assert (
        len({one.get("y") for one in drawn_rects if one.get("width") == "16"}) == len(FILLS) + 1
    )  # the first two stand beside one another
    assert not ids_in(text) & ids_in(stacked_bars(BARS, title="Grades", name="grades"))


def ids_in(text):
    return {one.get("id") for one in ElementTree.fromstring(text).iter() if one.get("id")}
