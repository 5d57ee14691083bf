"""The drawing of a trend: joined only within a stretch, small numbers hollow, everything in words too."""

from xml.etree import ElementTree

from goldenthread.rules.trend_charts import Dot, in_words, trend_chart

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
