"""Twenty places where a simple design of an audit system breaks, and the tests that would catch it here.

A trap is held by tests that fail for the simple design. What the product does not hold yet stands in `OPEN`
with what is missing; whoever builds it moves the trap to `HELD`.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from goldenthread.rules.reading import read_pack
from goldenthread.rules.vocabulary import STANDARD

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "goldenthread"

TRAPS = {
    1: "The overall grade as one column",
    2: "Four fixed grades, higher being better",
    3: "One audit is one case and one auditor",
    4: "Due in five days from creation",
    5: "Monthly as thirty days",
    6: "A percentage over all questions",
    7: "One formula for grades",
    8: "Worker, team and manager of today",
    9: "A draw without a record",
    10: "One target for each auditor",
    11: "Editing a form in use",
    12: "Roles written into the code",
    13: "An action that is done is closed",
    14: "One way to escalate",
    15: "A dispute as a comment",
    16: "Words compared in code",
    17: "Words with two meanings",
    18: "Deleting at the end of retention, or filing what is personal on the case record",
    19: "Feedback to the present worker alone",
    20: "Reports that mix versions and kinds of audit",
}

HELD = {
    1: [
        "operations/test_save_judgement.py::test_grading_after_the_conversation_leaves_the_first_grading_as_it_was",
        "operations/test_grades_by_rules.py::test_grading_again_computes_again_and_every_row_is_kept",
        "operations/test_grades_by_rules.py::test_an_auditor_who_holds_the_named_role_overrides_with_a_reason_that_is_kept",
    ],
    2: [
        "rules/test_grading.py::test_a_scale_ranks_better_higher_whichever_way_it_is_written",
        "rules/test_grading.py::test_what_is_not_graded_has_no_parts_and_a_scale_without_values",
        "rules/test_advice.py::test_a_cap_reads_the_direction_of_the_scale_and_neither_words_nor_numbers",
    ],
    3: [
        "operations/test_subjects_beyond_cases.py::test_subjects_of_any_kind_are_drawn_allocated_sent_and_finished",
        "operations/test_returns.py::test_three_agencies_send_in_and_the_joint_audit_is_graded_and_filed",
        "operations/test_returns.py::test_co_auditors_share_one_form_and_one_grade",
    ],
    4: [
        "rules/test_clocks.py::test_hours_are_elapsed_time",
        "rules/test_clocks.py::test_working_days_equal_a_count_by_hand_on_every_day_from_2015_to_2028",
        "rules/test_clocks.py::test_other_lengths_end_with_their_last_day",
        "operations/test_owner_of.py::test_working_days_follow_the_nation_of_the_nearest_unit_above",
        "rules/test_clocks_alone.py::test_no_clock_is_computed_outside_the_rules",
        "rules/test_clocks_alone.py::test_a_due_date_is_set_where_a_clock_starts_and_nowhere_else",
    ],
    5: [
        "rules/test_cycles.py::test_a_year_has_ten_cycles_of_which_three_are_themed",
        "rules/test_cycles.py::test_every_day_is_in_exactly_the_cycle_that_covers_its_month_or_in_one_left_out",
        "rules/test_cycles.py::test_cycles_of_every_length_are_labelled_in_order",
        "operations/test_several_calendars.py::test_both_calendars_run_side_by_side_to_drawn",
    ],
    6: [
        "rules/test_scores.py::test_an_answer_that_does_not_apply_never_changes_a_percentage",
        "rules/test_scores.py::test_where_nothing_applied_there_is_no_score_and_not_nought",
        "rules/test_scores.py::test_a_section_that_was_left_out_leaves_the_maximum_whatever_had_been_answered_in_it",
        "rules/test_scores.py::test_bands_look_at_the_rounded_or_the_exact_score_as_the_framework_says",
    ],
    7: [
        "rules/test_advice.py::test_a_domain_caps_the_whole_by_the_order_of_the_scale",
        "rules/test_advice.py::test_one_domain_at_the_bottom_fixes_the_whole_and_nobody_may_differ",
        "rules/test_advice.py::test_counting",
        "rules/test_advice.py::test_a_part_not_looked_at_counts_with_the_grade_that_it_keeps",
        "rules/test_advice.py::test_where_nothing_applied_no_band_fits_and_the_grade_is_left_to_judgement_with_a_reason",
        "rules/test_filling.py::test_a_rule_that_never_fits_is_named_with_its_sentence",
    ],
    8: [
        "operations/test_create_audit.py::test_workers_and_teams_of_the_period_who_no_longer_have_the_case_are_named",
        "operations/test_owner_of.py::test_a_post_over_the_unit_is_owed_by_the_post_and_not_by_its_holder_of_today",
        "operations/test_owner_of.py::test_roles_are_those_of_the_day_asked_about",
        "operations/test_dry_run.py::test_what_was_audited_after_a_cycle_opened_does_not_count_in_it",
    ],
    9: [
        "operations/test_draw.py::test_twenty_lines_by_somebody_else_redo_the_exported_draw",
        "operations/test_draw.py::test_a_team_that_gives_too_few_says_why",
        "operations/test_targets_and_strata.py::test_two_of_each_team_are_drawn_besides_every_case_of_a_group_and_each_says_by_which_rule_it_came",
        "rules/test_redo_a_draw.py::test_the_published_script_redoes_an_export",
        "rules/test_draws.py::test_an_edited_draw_is_named",
    ],
    10: [
        "operations/test_targets_and_strata.py::test_two_targets_of_different_periods_and_kinds_are_shown_beside_one_another",
        "operations/test_targets_and_strata.py::test_a_share_of_the_caseload_on_a_stated_day_is_drawn_not_of_today_s",
        "operations/test_targets_and_strata.py::test_coverage_of_everyone_counts_a_case_once_and_leaves_out_what_has_closed",
    ],
    11: [
        "operations/test_publish.py::test_the_database_refuses_to_change_a_published_version",
        "rules/test_equivalence.py::test_a_change_of_words_scale_or_questions_breaks_the_section_and_the_whole",
        "pages/test_show_trends.py::test_a_version_that_changed_what_is_asked_breaks_the_trend_and_says_so_with_counts",
        "operations/test_several_calendars.py::test_a_cycle_keeps_its_version_where_a_newer_one_no_longer_has_its_calendar",
    ],
    12: [
        "operations/test_owner_of.py::test_everybody_holds_the_roles_of_their_post_and_relation",
        "operations/test_publish.py::test_each_permission_of_each_role_held_by_a_post_is_a_grant",
        "rules/test_where_simple_designs_break.py::test_no_post_of_a_framework_stands_in_the_code",
    ],
    13: [
        "operations/test_follow_up.py::test_done_is_not_closed_until_a_verification_says_that_it_worked",
        "operations/test_follow_up.py::test_no_row_of_the_database_is_closed_without_its_proof",
        "operations/test_follow_up.py::test_what_has_not_worked_is_open_again_with_a_new_day",
    ],
    14: [
        "operations/test_private_concerns.py::test_it_is_neither_an_alert_nor_a_dispute_and_holds_nothing",
        "operations/test_escalate_alerts.py::test_whatever_happens_one_stage_runs_until_an_answer_resolves_it",
        "operations/test_escalate_alerts.py::test_silence_moves_it_up_once_the_time_has_run_out_and_not_before",
    ],
    15: [
        "operations/test_disputes.py::test_changed_grades_are_a_stage_of_their_own_and_every_earlier_one_is_kept",
        "operations/test_disputes.py::test_a_dispute_holds_the_filing_and_says_so_but_never_an_alert",
    ],
    16: [
        "rules/test_advice.py::test_no_result_depends_on_the_words_of_a_scale",
        "rules/test_where_simple_designs_break.py::test_no_grade_of_a_framework_stands_in_the_code",
        "pages/test_words.py::test_a_page_of_a_framework_speaks_in_its_words_and_in_those_of_no_other",
    ],
    17: [
        "rules/test_where_simple_designs_break.py::test_pages_spell_out_what_has_two_meanings",
    ],
    18: [
        "operations/test_retention.py::test_while_a_legal_hold_stands_nothing_is_removed",
        "operations/test_retention.py::test_no_word_remains_anywhere_and_the_ledger_verifies",
        "operations/test_retention.py::test_the_command_removes_nothing_until_told",
        "operations/test_subjects_beyond_cases.py::test_a_finding_about_staff_is_filed_on_no_case_record",
    ],
    19: [
        "operations/test_record_earlier_work.py::test_both_are_told_when_it_is_final_and_see_only_what_concerns_them",
        "operations/test_create_audit.py::test_workers_and_teams_of_the_period_who_no_longer_have_the_case_are_named",
    ],
    20: [
        "pages/test_show_trends.py::test_kinds_of_audit_are_never_mixed_and_routine_ones_come_first",
        "pages/test_show_trends.py::test_a_version_that_changed_what_is_asked_breaks_the_trend_and_says_so_with_counts",
        "pages/test_show_highlights.py::test_grades_count_finished_audits_at_their_last_stage_and_kinds_apart",
    ],
}

OPEN = {}


@cache
def found_in(name):
    """The tests of a file, by name."""
    path = ROOT / "tests" / name
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.parse("")
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("named", sorted({one for tests in HELD.values() for one in tests}))
def test_every_test_that_holds_a_trap_is_there(named):
    name, _, test = named.partition("::")

    assert test in found_in(name), f"{named} is gone; name the test that holds the trap now"


def test_each_trap_is_held_by_a_test_or_named_as_open_and_none_is_both():
    assert set(HELD) | set(OPEN) == set(TRAPS)
    assert not set(HELD) & set(OPEN)
    assert all(HELD.values())


READS_FILES_OF_OTHERS = {"rules/form_formats/tools.py", "people/people_file.py"}
"""Forms and people files brought in are read by the words that they use."""


def texts():
    """Every text in the code, outside the demo council and what reads the files of others."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).as_posix() in READS_FILES_OF_OTHERS:
            continue
        if not {"migrations", "demo"} & set(path.parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.value.casefold()


@cache
def packs():
    """Every framework that ships."""
    return [read_pack(path.read_text()) for path in sorted((PACKAGE / "packs").glob("*.yaml"))]


def test_no_grade_of_a_framework_stands_in_the_code():
    values = [value for pack in packs() for scale in pack.scales.values() for value in scale.values]
    words = {word.casefold() for value in values for word in (value.key, value.label)}
    plain = {"good", "yes", "no", "not applicable", "complete"}  # words of their own, such as keys of answers

    assert len(words - plain) > 5
    assert [(where, text) for where, text in texts() if text in words - plain] == []


def test_no_post_of_a_framework_stands_in_the_code():
    posts = {role.post.casefold() for pack in packs() for role in pack.roles.values() if role.post}

    assert len(posts) > 5
    assert [(where, text) for where, text in texts() if text in posts - set(STANDARD)] == []


def test_pages_spell_out_what_has_two_meanings():
    templates = sorted((PACKAGE / "web" / "templates").rglob("*.html"))
    words = [(path.name, path.read_text(encoding="utf-8").casefold()) for path in templates]
    labels = {value.label for pack in packs() for scale in pack.scales.values() for value in scale.values}

    assert len(templates) > 80
    assert [name for name, text in words if "audit trail" in text or "audit log" in text] == []
    assert "RI" not in labels  # requires improvement, and responsible individual
