# ruff: noqa: E501 - tables of cases, one on a line
"""What the parts of a framework say of each other: every reference, and every part that nothing uses."""

from pathlib import Path

import pytest

from goldenthread.rules.reading import faults

PACK = (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
FORM = "forms › case audit › sections"
STEP = "flows › audit › steps › finish draft"
FIRST_RUNG = "{role: team manager, clock: answer an alert}"

REFERENCES = [
    ("otherwise: quality manager", "otherwise: quality manger", "roles › quality team › otherwise", "There is no role “quality manger”; did you mean “quality manager”?"),
    ("- key: process\n", "- key: process/1\n", f"{FORM} › process/1 › key", "without “/”"),
    ("- key: process\n", "- key: ..\n", f"{FORM} › .. › key", "not as dots alone"),
    ("otherwise: director", "otherwise: team manager", "roles › assistant director › otherwise", "break the circle"),
    ("form: case audit", "form: case", "audit_types › audit › form", "There is no form “case”."),
    ("grading: case audit", "grading: c", "audit_types › audit › grading", "There is no grading “c”."),
    ("flow: audit", "flow: audits", "audit_types › audit › flow", "There is no flow “audits”; did you mean “audit”?"),
    ("selection: monthly sample", "selection: sample", "audit_types › audit › selection", "There is no selection “sample”"),
    ("    selection: monthly sample\n", "", "audit_types › audit", "A routine audit is drawn"),
    ("pairing: audits", "pairing: x", "audit_types › audit › pairing", "There is no pairing “x”."),
    ("on_sending_starts: [complete the audit]", "on_sending_starts: [complete]", "audit_types › audit › on_sending_starts › 1", "There is no clock “complete”"),
    ("size: monthly audits", "size: weekly", "selection › monthly sample › size", "There is no target “weekly”."),
    ("strata: team", "strata: service", "selection › monthly sample › strata", "make them agree"),
    ("counts: [audit]", "counts: [audits]", "targets › monthly audits › counts › 1", "There is no audit type “audits”; did you mean “audit”?"),
    ("scale: grades", "scale: marks", "grading › case audit › scale", "There is no scale “marks”."),
    ("graded: true\n", "graded: true\n        descriptors: [{grade: superb, points: [All]}]\n", f"{FORM} › voice › descriptors › 1 › grade", "There is no grade “superb”"),
    ("graded: true\n", "graded: true\n        descriptors: [{grade: good, points: [A]}, {grade: good, points: [B]}]\n", f"{FORM} › voice › descriptors › 2 › grade", "put them together"),
    ("graded: true\n", "descriptors: [{grade: good, points: [A]}]\n", f"{FORM} › voice › descriptors", "is not graded; grade it"),
    ("label: On the record, by: auditor", "label: On the record, by: author", "grading › case audit › stages › on the record › by", "There is no role “author”"),
    ("sections: [basics, process]", "sections: [basics, proces]", "grading › case audit › scores › compliance › sections › 2", "did you mean “process”?"),
    ("sections: [basics, process]", "sections: [basics, voice]", "grading › case audit › scores › compliance › sections › 2", "No answer in “voice” has points"),
    ("first: allocated", "first: sent", "flows › audit › first", "There is no state “sent”."),
    ("from: [allocated]", "from: [alocated]", f"{STEP} › from › 1", "There is no state “alocated”; did you mean “allocated”?"),
    ("to: drafted", "to: draft", f"{STEP} › to", "There is no state “draft”; did you mean “drafted”?"),
    ("by: [auditor]\n        requires: [answers, grades]\n        starts: [arr", "by: [author]\n        requires: [answers, grades]\n        starts: [arr", f"{STEP} › by › 1", "There is no role “author”"),
    ("starts: [arrange the conversation]", "starts: [arrange]", f"{STEP} › starts › 1", "There is no clock “arrange”"),
    ("finishes: [arrange the conversation]", "finishes: [arrange]", "flows › audit › steps › arrange conversation › finishes › 1", "There is no clock “arrange”"),
    ("finishes: [file]", "finishes: [amend, file, amend]", "flows › audit › steps › file › finishes › 3", "“amend” stands here twice; keep one."),
    ("edited_by: [auditor]", "edited_by: [writer]", "flows › audit › states › allocated › edited_by › 1", "There is no role “writer”"),
    ("shown_to: [auditor]", "shown_to: [reader]", "flows › audit › states › allocated › shown_to › 1", "There is no role “reader”"),
    ("        edited_by: [auditor]\n        stage: on the record", "        edited_by: [team manager]\n        stage: on the record", "flows › audit › states › allocated › edited_by", "are given by the role “auditor”, which cannot edit here"),
    ("stage: on the record", "stage: on paper", "flows › audit › states › allocated › stage", "There is no stage of grading “on paper”"),
    ("- {role: practitioner}", "- {role: worker}", "flows › audit › conversation › 1 › role", "There is no role “worker”"),
    ("        stage: on the record\n", "", "flows › audit › states", "No state opens the stage “on the record”"),
    ("        stage: on the record\n", "", f"{STEP} › requires", "no stage of grading is open in “allocated”"),
    ("from: [discussed]", "from: [checking]", "flows › audit › states › discussed", "No step leads out of this state"),
    ("from: [allocated]", "from: [drafted]", "flows › audit › states › drafted", "No step leads to this state"),
    ("once_late: [amend, amend after a discussion]", "once_late: [improve]", "flows › audit › steps › not accept › once_late › 1", "There is no clock “improve”"),
    ("once_late: [amend, amend after a discussion]", "once_late: [answer an alert]", "flows › audit › steps › not accept › once_late › 1", "Nothing starts the clock “answer an alert”"),
    ("        phase: final\n", "        phase: final\n        done_again: by the same auditor\n", "flows › audit › states › final › done_again", "of stopped states only"),
    ("{by: [line manager], at_most", "{by: [boss], at_most", "calendar › extension › 1 › by › 1", "There is no role “boss”"),
    ("finishes: [complete the audit]", "finishes: [quality check]", "audit_types › audit › on_sending_starts", "No step finishes the clock “complete the audit”"),
    ("        starts: [file]\n", "", "flows › audit › steps › file › finishes › 1", "Nothing starts the clock “file”"),
    ("owed_by: auditor", "owed_by: writer", "clocks › complete the audit › owed_by", "There is no role “writer”"),
    ("on: sending", "on: sent", "notices › allocation to the auditor › on", "There is no moment “sent”"),
    ("    to: [auditor]\n    subject", "    to: [author]\n    subject", "notices › allocation to the auditor › to › 1", "There is no role “author”"),
    ("to: [head of service, assistant", "to: [auditor, assistant", "notices › month's figures › to › 1", "may not “see reports”"),
    ("on: end of the cycle\n", "on: end of the cycle\n    when: {grade: overall, is: good}\n", "notices › month's figures › when", "nothing can be asked"),
    ('subject: "{cycle}: the report and', 'subject: "{type}: the report and', "notices › month's figures › subject", "{type}"),
    (FIRST_RUNG, FIRST_RUNG.replace(" an alert", ""), "concern › rungs › 1 › clock", "There is no clock “answer”"),
    (FIRST_RUNG, FIRST_RUNG.replace("answer an alert", "file"), "concern › rungs › 1 › clock", "within a length of time"),
    (FIRST_RUNG, FIRST_RUNG.replace("team manager", "manager"), "concern › rungs › 1 › role", "There is no role “manager”"),
    (FIRST_RUNG, FIRST_RUNG.replace("team manager", "director"), "concern › rungs › 4 › role", "asked at an earlier stage"),
    ("  tells: [quality team]", "  tells: [manager]", "concern › tells › 1", "There is no role “manager”"),
    ("stage {stage}: {outcome}", "stage {number}", "concern › note › title", "There is nothing to fill “{number}”"),
    ("stage {stage}: {outcome}", "x" * 90 + " {outcome}", "concern › note › title", "Shorten it"),
    ("after: [audit]", "after: [audits]", "re_audit › 1 › after › 1", "There is no audit type “audits”"),
    ("    type: re-audit\n", "    type: audit\n", "re_audit › 1 › type", "“audit” is not a re-audit"),
    ("    - {role: practitioner}\n    - {role: team manager}", "    - {role: worker}\n    - {role: team manager}", "filing › alerts › 1 › role", "There is no role “worker”"),
    ("      - key: basics", "      - key: overall", f"{FORM} › overall › key", "“overall” stands for the whole audit"),
    ("type: yes or no\n", "type: yes or no\n            answered_by: clerk\n", f"{FORM} › basics › questions › details current › answered_by", "There is no role “clerk”"),
    ("      - posts: [accredited", "      - posts: [clerk]\n      - posts: [accredited", "pairing › audits › pools › 2", "This pool takes every case"),
    ("  closing: close the action", "  gates: {alone: {open_if: {fact: other open actions, is: 0}, says: Wait., passed_by: [boss]}}\n  closing: close the action", "actions › gates › alone › passed_by › 1", "There is no role “boss”"),
    ("  closing: close the action", "  given_by: [boss]\n  closing: close the action", "actions › given_by › 1", "There is no role “boss”"),
    ("clock: verify by observation}", "clock: verify by observation, then: [{title: Again, by: sample, clock: verify by observation}]}", "actions › proofs › observation › then › 1 › clock", "An earlier look has this clock"),
    ("clock: verify by observation}", "clock: verify by observation, then: [{title: Again, by: sample, clock: verify}]}", "actions › proofs › observation › then › 1 › clock", "There is no clock “verify”"),
]  # fmt: skip

CONDITIONS = [
    ("fact: status", "fact: state", "selection › monthly sample › frame › fact", "There is no fact “state”; did you mean “status”?"),
    ("since: audited,", "since: auditted,", "selection › monthly sample › exclude › 3 › when › since", "did you mean “audited”?"),
    ("since: audited,", "since: status,", "selection › monthly sample › exclude › 3 › when › since", "There is no day “status”. Known: opened, allocated, audited"),
    ("{fact: status, is: open}", "{answer: further re-audit, is: open}", "selection › monthly sample › frame", "Answers and grades are not known while cases are chosen"),
    ("{fact: service, is: MASH}", "{fact: audits in hand, at_least: 1}", "pairing › audits › pools › 1 › when › fact", "There is no fact “audits in hand”"),
    ("audits in hand, at_least: 1", "audits in hand, at_least: some", "selection › monthly sample › exclude › 2 › when › at_least", "“some” is not a number"),
    ("grade: overall, is: inadequate", "grade: whole, is: inadequate", "notices › final report to the head of service › when › any › 1 › grade", "There is no part to grade “whole”"),
    ("grade: overall, is: inadequate", "grade: overall, is: poor", "notices › final report to the head of service › when › any › 1 › is", "There is no grade “poor”"),
    ("grade: overall, is: inadequate", "grade: overall, stage: later, is: inadequate", "notices › final report to the head of service › when › any › 1 › stage", "There is no stage of grading “later”"),
    ("one_of: [requires improvement, inadequate]", "one_of: [requires improvement, bad]", "notices › second re-audit falls short › when › all › 2 › one_of › 2", "There is no grade “bad”"),
    ("answer: further re-audit", "answer: further audit", "notices › further re-audit › when › answer", "did you mean “further re-audit”?"),
    ('answer: further re-audit, is: "yes"', "answer: further re-audit, is: maybe", "notices › further re-audit › when › is", "There is no answer “maybe”. Known: yes, no."),
    ('answer: further re-audit, is: "yes"', "answer: further re-audit, at_least: 1", "notices › further re-audit › when › at_least", "is not a number; use is or one_of"),
    ("fact: earlier re-audits, at_least: 1", "fact: month of the cycle, is: Aprl", "flows › audit › conversation › 2 › when › is", "There is no month of the cycle “Aprl”"),
    ("fact: earlier re-audits", "fact: earlier", "flows › audit › conversation › 2 › when › fact", "There is no fact “earlier”"),
    ("{fact: layer, is: re-audit}", "{answer: progress made, known: true}", f"{FORM} › progress › questions › progress made › when", "depends in the end on its own answer"),
    ("  closing: close the action", "  gates: {alone: {open_if: {any: [{fact: open disputes, is: 0}, {fact: action severity, one_of: [high, grave]}]}, says: Wait.}}\n  closing: close the action", "actions › gates › alone › open_if › any › 2 › one_of › 2", "There is no action severity “grave”"),
    ("{fact: layer, is: re-audit}", "{fact: other open actions, is: 0}", f"{FORM} › progress › when › fact", "There is no fact “other open actions”"),
    ("type: yes or no\n", "type: yes or no\n            required: {answer: nothing, known: true}\n", f"{FORM} › basics › questions › details current › required › answer", "There is no question “nothing”"),
]  # fmt: skip

WORDS = [
    ("{type} {reference}: allocated to you", "{type} {refrence}: allocated to you", "notices › allocation to the auditor › subject", "did you mean “reference”?"),
    ("{type} {reference}: allocated to you", "{type} {overall}: allocated to you", "notices › allocation to the auditor › subject", "There is nothing to fill “{overall}” with here"),
    ("{type} {reference}: allocated to you", "{type} {reference.pk}: allocated to you", "notices › allocation to the auditor › subject", "There is nothing to fill “{reference.pk}” with"),
    ("{type} {reference}: allocated to you", "{type!r} {reference}: allocated to you", "notices › allocation to the auditor › subject", "There is nothing to fill “{type}” with"),
    ("{type} {reference}: allocated to you", "{type {reference}: allocated to you", "notices › allocation to the auditor › subject", "A brace here has no partner"),
    ("{type} {reference}: allocated to you", "{type} } allocated to you", "notices › allocation to the auditor › subject", "A brace here has no partner"),
    ("{type} {reference}: allocated to you", "{type} {cycle} {link} {due} " + "x" * 40, "notices › allocation to the auditor › subject", "200 is the most"),
    ("You have been given {type}", "You, {name}, have been given {type}", "notices › allocation to the auditor › text", "There is nothing to fill “{name}” with"),
    ('title: "{type} completed: {overall}"', 'title: "{type} completed: {alerted}"', "filing › title", "There is nothing to fill “{alerted}” with"),
    ('title: "{type} completed: {overall}"', 'title: "{type} completed with the overall grade, after the conversation, of: {overall}, {reference}"', "filing › title", "100 is the most"),
    ("Overall grade: {overall}", "Overall grade: {grade}", "filing › text", "There is nothing to fill “{grade}” with"),
]  # fmt: skip

UNUSED = [
    ("roles:\n", "roles:\n  clerk:\n    title: Clerk\n    post: clerk\n    of: anywhere\n", "roles › clerk"),
    ("clocks:\n", "clocks:\n  wait:\n    title: Wait\n    until: the cycle closes\n    owed_by: auditor\n", "clocks › wait"),
    ("targets:\n", "facts:\n  risk: the risk rating\n\ntargets:\n", "facts › risk"),
    ("    pairing: re-audits\n", "    pairing: audits\n", "pairing › re-audits"),
    ("scales:\n", "scales:\n  two:\n    direction: best first\n    values: [{key: a, label: A}, {key: b, label: B}]\n", "scales › two"),
    ("flows:\n", "flows:\n  short:\n    title: Short\n    first: done\n    states:\n      done: {phase: final, label: Done}\n", "flows › short"),
    ("forms:\n", "forms:\n  short:\n    title: Short\n    sections: [{key: a, title: A, graded: true}]\n", "forms › short"),
]  # fmt: skip


def found_in(before, now):
    """The faults of the shipped pack with the first place of a text replaced."""
    assert before in PACK, before
    return [(fault.where, fault.sentence) for fault in faults(PACK.replace(before, now, 1))]


@pytest.mark.parametrize(("before", "now", "path", "sentence"), REFERENCES)
def test_what_a_part_names_is_there_and_fits(before, now, path, sentence):
    found = found_in(before, now)

    assert any(where == path and sentence in said for where, said in found), found


@pytest.mark.parametrize(("before", "now", "path", "sentence"), CONDITIONS)
def test_what_a_condition_compares_is_known_where_it_stands(before, now, path, sentence):
    found = found_in(before, now)

    assert any(where == path and sentence in said for where, said in found), found


@pytest.mark.parametrize(("before", "now", "path", "sentence"), WORDS)
def test_the_gaps_of_a_text_can_be_filled(before, now, path, sentence):
    found = found_in(before, now)

    assert [where for where, _ in found] == [path], found
    assert sentence in found[0][1]


@pytest.mark.parametrize(("before", "now", "path"), UNUSED)
def test_a_part_that_nothing_runs_is_not_accepted(before, now, path):
    found = found_in(before, now)

    assert [where for where, _ in found] == [path], found
    assert "Nothing uses this part" in found[0][1]


def test_a_re_audit_that_no_rule_makes_is_not_accepted():
    start, end = PACK.index("re_audit:\n"), PACK.index("\nresponses:\n") + 1

    found = [(fault.where, fault.sentence) for fault in faults(PACK[:start] + PACK[end:])]

    assert found == [
        ("audit_types › re-audit", "No rule under “re_audit” makes audits of this type; add one.")
    ]


def test_a_fact_that_the_extracts_bring_may_be_named_once_it_is_listed():
    named = PACK.replace("fact: service, is: MASH", "fact: risk, is: high", 1)

    unlisted = faults(named)
    listed = faults(
        named.replace("targets:\n", "facts:\n  risk: the risk rating on the case system\n\ntargets:\n", 1)
    )

    assert [fault.where for fault in unlisted] == ["pairing › audits › pools › 1 › when › fact"]
    assert listed == []


REPLY = "  reply: {title: Reply, length: 5 working days, starts: late, owed_by: team manager}\n"
RUNGS = "rungs: [{role: team manager, clock: reply}, {role: director, clock: reply}]"
LADDERS = [
    ("when_late: [quality check], " + RUNGS, None, ""),
    ("when_repeated: {clocks: [amend], times: 3, within: 6 months}, " + RUNGS, None, ""),
    (RUNGS, "ladders › late", "Say what begins it"),
    ("when_late: [amend], when_repeated: {clocks: [amend], times: 3, within: 6 months}, " + RUNGS, "ladders › late", "not both"),
    ("when_late: [check], " + RUNGS, "ladders › late › when_late › 1", "There is no clock “check”"),
    ("when_late: [reply], " + RUNGS, "ladders › late › when_late › 1", "asks for “reply” itself"),
    ("when_late: [answer an alert], " + RUNGS, "ladders › late › when_late › 1", "a ladder of its own"),
    ("when_repeated: {clocks: [chec], times: 3, within: 1 month}, " + RUNGS, "ladders › late › when_repeated › clocks › 1", "There is no clock “chec”"),
    ("when_repeated: {clocks: [amend], times: 1, within: 1 month}, " + RUNGS, "ladders › late › when_repeated › times", "2"),
    ("when_late: [amend], " + RUNGS.replace("director", "boss"), "ladders › late › rungs › 2 › role", "There is no role “boss”"),
    ("when_late: [amend], " + RUNGS.replace("director", "team manager"), "ladders › late › rungs › 2 › role", "asked at an earlier stage"),
    ("when_late: [amend], rungs: [{role: director, clock: file}]", "ladders › late › rungs › 1 › clock", "A reply is owed within a length of time"),
]  # fmt: skip


@pytest.mark.parametrize(("ladder", "path", "sentence"), LADDERS)
def test_a_ladder_for_late_work_begins_with_one_thing_and_asks_whom_there_is(ladder, path, sentence):
    document = PACK.replace(
        "\nclocks:\n", "\nladders: {late: {title: Late, " + ladder + "}}\nclocks:\n" + REPLY
    )

    found = [(fault.where, fault.sentence) for fault in faults(document)]

    if path is None:
        assert not found
    else:
        assert any(where == path and sentence in said for where, said in found), found


PAUSED = [
    ("quality check", "[leave, a dispute]", None, ""),
    ("quality check", "[leave, leave]", "paused_by › 2", "stands here twice"),
    ("answer an alert", "[leave]", "paused_by", "A safety alert never waits, so its clock is never paused"),
    ("answer the dispute", "[leave]", None, ""),
    ("answer the dispute", "[leave, a dispute]", "paused_by › 2", "A dispute starts this clock itself"),
    ("quality check", "[illness]", "paused_by › 1", "a dispute"),
]


@pytest.mark.parametrize(("clock", "pauses", "path", "sentence"), PAUSED)
def test_a_clock_is_paused_by_what_there_is_and_an_alert_by_nothing(clock, pauses, path, sentence):
    start = f"\n  {clock}:\n"
    assert start in PACK

    found = faults(PACK.replace(start, f"{start}    paused_by: {pauses}\n"))

    where = [(fault.where, fault.sentence) for fault in found]
    if path is None:
        assert not where
    else:
        assert any(one == f"clocks › {clock} › {path}" and sentence in said for one, said in where), where


BEGIN = "  begin: {title: Begin, length: 3 working days, starts: being sent, owed_by: auditor, ends_with: the first answer}\n"


@pytest.mark.parametrize("on_sending", ["complete the audit, begin", "complete the audit"])
def test_what_ends_with_the_first_answer_begins_when_an_audit_is_sent(on_sending):
    changed = PACK.replace("\nclocks:\n", "\nclocks:\n" + BEGIN)
    changed = changed.replace("[complete the audit]", f"[{on_sending}]")

    said = [fault.sentence for fault in faults(changed)]

    assert any("begins when an audit is sent" in one for one in said) == ("begin" not in on_sending)


@pytest.mark.parametrize(("length", "fits"), [("24 hours", True), ("immediately", False)])
def test_hours_may_stand_still_but_what_is_due_immediately_may_not(length, fits):
    changed = PACK.replace("\n  quality check:\n", "\n  quality check:\n    paused_by: [leave]\n")
    changed = changed.replace("length: 1 working day\n", f"length: {length}\n", 1)

    said = [fault.sentence for fault in faults(changed)]

    assert any("has no time that could stand still" in one for one in said) is not fits


PAUSES = "pauses: {by: [quality manager], reasons: {inquest: An inquest is open}}"
RECORDED = [
    (PAUSES, "quality check", None, ""),
    (PAUSES.replace("}}", "}, at_most_working_days: 20}"), "verify by sample", None, ""),
    (PAUSES.replace("}}", "}, at_most_working_days: 0}"), "quality check", "pauses › at_most_working_days", "1"),
    (PAUSES.replace("quality manager", "boss"), "quality check", "pauses › by", "There is no role “boss”"),
    ("", "quality check", "clocks › quality check › paused_by › 1", "Say under “pauses”"),
    (PAUSES, "", "pauses", "No clock names “a recorded reason”"),
    (PAUSES, "answer an alert", "clocks › answer an alert › paused_by", "A safety alert never waits"),
    (PAUSES, "answer the dispute", "clocks › answer the dispute › paused_by › 1", "its parts and what follows it; take this out"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "clock", "path", "sentence"), RECORDED)
def test_a_pause_is_recorded_by_whom_there_is_for_clocks_of_an_audit(rule, clock, path, sentence):
    named = PACK.replace(
        f"\n  {clock}:\n", f"\n  {clock}:\n    paused_by: [a recorded reason]\n", bool(clock)
    )

    found = [
        (fault.where, fault.sentence)
        for fault in faults(named.replace("\nclocks:\n", f"\n{rule}\nclocks:\n"))
    ]

    if path is None:
        assert not found
    else:
        assert any(where.startswith(path) and sentence in said for where, said in found), found


NOT_HELD = [
    ("then: it opens again", None, ""),
    ("then: another action", None, ""),
    ("then: more time, clock: verify by sample, times: 2", None, ""),
    ("then: a ladder, ladder: late", None, ""),
    ("then: more time", "if_not", "needs a “clock”"),
    ("then: more time, clock: fil", "if_not › clock", "There is no clock “fil”"),
    ("then: more time, clock: complete the audit", "if_not › clock", "name a clock with a length"),
    ("then: a ladder", "if_not", "needs a “ladder”"),
    ("then: a ladder, ladder: lat", "if_not › ladder", "There is no ladder “lat”"),
    ("then: another action, clock: file", "if_not › clock", "no part of “another action”"),
    ("then: another action, times: 2", "if_not › times", "“more time” alone"),
    ("then: nothing", "if_not › then", "it opens again"),
]


@pytest.mark.parametrize(("said", "path", "sentence"), NOT_HELD)
def test_what_follows_a_look_that_does_not_hold_has_what_it_needs(said, path, sentence):
    start = "by: sample, not_before: 6 weeks, clock: verify by sample"
    assert start in PACK
    ladder = f"\nladders: {{late: {{title: Late, {RUNGS}}}}}" * ("ladder: late" in said)
    changed = PACK.replace(start, f"{start}, if_not: {{{said}}}")
    document = changed.replace("\nclocks:\n", f"{ladder}\nclocks:\n{REPLY * bool(ladder)}")

    found = [(fault.where, fault.sentence) for fault in faults(document)]

    if path is None:
        assert not found
    else:
        place = f"actions › proofs › sample › {path}"
        assert any(where == place and sentence in said for where, said in found), found


@pytest.mark.parametrize(
    ("asked", "fits"), [("not their own work", True), ("not the earlier auditor", False)]
)
def test_what_gives_way_by_hand_is_asked_for(asked, fits):
    start = "independence: ["
    place = PACK.index(start)
    document = f"{PACK[:place]}set_aside_by_hand: [{asked}]\n    {PACK[place:]}"

    said = [fault.sentence for fault in faults(document)]

    assert any("nothing gives way" in one for one in said) is not fits


def test_only_what_is_owed_until_the_cycle_closes_is_due_before():
    before = "    before: 1 working day\n"
    assert PACK.count(before) == 2
    changed = PACK.replace(
        f"    until: the cycle closes\n{before}", f"    until: its trigger says\n{before}", 1
    )

    said = {fault.where: fault.sentence for fault in faults(changed)}

    assert "leave this out" in said["clocks › complete the audit › before"]
    assert "clocks › arrange the conversation › before" not in said
