"""The demo's grades have the shares that published programmes show."""

from random import Random

from goldenthread.web.demo.calibration import BEST_FIRST, Setting, before_conversation, near, overall_grades

PLAIN = Setting(team_out_of_line=False, harsher_auditor=False)


def shares(grades):
    count = len(grades)
    good = sum(grade in ("good", "outstanding") for grade in grades)
    return grades.count("inadequate") / count, good / count


def test_the_first_month_is_23_per_cent_inadequate_and_43_good_or_better():
    assert shares(overall_grades([PLAIN] * 100, 0, 6, Random(1))) == (0.23, 0.43)


def test_the_last_month_is_9_per_cent_inadequate_and_65_good_or_better():
    assert shares(overall_grades([PLAIN] * 100, 5, 6, Random(1))) == (0.09, 0.65)


def test_a_team_out_of_line_gets_the_lower_grades_and_the_month_keeps_its_shares():
    below = Setting(team_out_of_line=True, harsher_auditor=False)
    grades = overall_grades([below] * 50 + [PLAIN] * 50, 0, 6, Random(1))

    assert shares(grades) == (0.23, 0.43)
    assert shares(grades[:50])[0] > 2 * shares(grades[50:])[0]


def test_grades_near_another_stay_on_the_scale():
    random = Random(1)

    for grade in BEST_FIRST:
        assert {near(grade, random) for _ in range(50)} <= set(BEST_FIRST)
        assert {before_conversation(grade, random) for _ in range(50)} <= set(BEST_FIRST)
