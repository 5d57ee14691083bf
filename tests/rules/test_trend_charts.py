"""The drawing of a trend: joined only within a stretch, small numbers hollow, everything in words too."""

from xml.etree import ElementTree

from goldenthread.rules.trend_charts import DRAWINGS, Dot, in_words, narrow_trend_chart, trend_chart

DOTS = [Dot("Sep", 8, 10), Dot("Oct", 9, 12), Dot("Nov", 2, 3, stretch=1), Dot("Dec", 0, 0, stretch=1)]


def test_dots_are_joined_only_within_what_is_comparable_and_a_break_is_dashed():
    svg = trend_chart(DOTS, title="Good or better", name="trend")

    joins = [line for line in svg.splitlines() if 'stroke-width="2"/>' in line and line.startswith("<line")]
    assert len([line for line in joins if "dasharray" not in line]) == 1
    assert svg.count("stroke-dasharray") == 1
    assert svg.count('fill="#ffffff" stroke="#1d70b8"') == 1  # three is a small number
    ElementTree.fromstring(svg)


def test_what_was_not_drawn_at_random_has_no_interval():
    plain = trend_chart([Dot("Sep", 8, 10, with_interval=False)], title="x", name="x")

    assert 'stroke-width="1.5"' not in plain
    assert 'stroke-width="1.5"' in trend_chart([Dot("Sep", 8, 10)], title="x", name="x")


def test_the_chart_is_said_in_words_with_its_break():
    assert in_words(DOTS) == "Sep: 8 of 10; Oct: 9 of 12; break; Nov: 2 of 3; Dec: 0 of 0"
    assert "Dec: 0 of 0" in trend_chart(DOTS, title="<x>", name="x")


def test_the_drawing_for_a_narrow_screen_has_a_row_for_each_cycle_and_keeps_what_may_be_compared():
    svg = narrow_trend_chart(DOTS, title="Good or better", name="trend")

    drawn = ElementTree.fromstring(svg)
    labels = [one for one in drawn if one.text in [dot.label for dot in DOTS]]
    assert len({one.get("y") for one in labels}) == len(labels) == len(DOTS)
    assert {one.get("x") for one in labels} == {"0.0"}
    joins = [line for line in svg.splitlines() if 'stroke-width="2"/>' in line and line.startswith("<line")]
    wide = trend_chart(DOTS, title="Good or better", name="trend")
    wide = [line for line in wide.splitlines() if 'stroke-width="2"/>' in line and line.startswith("<line")]
    assert len(joins) == len(wide)
    assert svg.count("stroke-dasharray") == 1
    assert svg.count('fill="#ffffff" stroke="#1d70b8"') == 1


def test_both_drawings_of_a_trend_have_ids_of_their_own():
    ids = [
        one.split('"')[0] for draw in DRAWINGS for one in draw(DOTS, title="T", name="t").split(' id="')[1:]
    ]

    assert len(set(ids)) == len(ids)
