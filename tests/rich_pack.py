# ruff: noqa: E501 - a document
"""One framework that says everything a framework can say: the shipped one with every other key laid over it."""

import copy

from goldenthread.rules.documents import read_document, write_document
from tests.grading_packs import PACK, POINTS_AND_BANDS
from tests.rules.grading_kit import laid_over

OVERLAY = """
vocabulary: {audit: {one: audit, many: audits, article: an}}
facts: {legal status: The legal status of the person, review date: When the plan is looked at next}
naming_facts: [review date]
standards:
  baseline:
    title: The baseline is recorded
    means: How the person was at the beginning.
    source: statutory
    reference: Care Act 2014, section 9
    non_negotiable: true
    answers: [{scheme: regulator, expectations: [outcomes]}]
  notes: {title: Notes are current, means: Each is written within two days., source: local}
schemes:
  regulator: {title: The regulator, about: Who inspects, expectations: {outcomes: Outcomes can be seen, learning: Learning}}
sources: {system: The case system, paper: The paper file}
causes: {knowledge: {title: Knowledge, means: They did not know what is expected.}, time: {title: Time pressure}}
severities: {small: {title: Small}, grave: {title: Grave, means: Somebody could come to harm.}}
findings: {needs: [cause, severity]}
ended_standards: {visits: The regulation was repealed}
approved_by: The practice board
reviewed_after: 1 year
goals:
  few at the bottom: {title: Few at the bottom, of: [audit], share_of: overall grades, grades: ["4"], at_most: 5, over: year so far}
  rated:
    title: How a part is rated
    of: [audit]
    share_of: grades of a part
    part: planning
    grades: ["1"]
    per: team
    ratings: [{from: 75, title: Settled}, {from: 0, title: To be helped}]
  in time: {title: Nearly all in time, of: [audit], share_of: audits finished in time, at_least: 90}
roles:
  team manager: {may: [see audits, see subjects, replace an auditor, see reports, keep agreements, record events]}
  business support: {title: Business support, post: business support officer, of: the subject's unit, may: [keep agreements]}
  panel: {title: Panel, people: [S1, S2]}
  quality team: {may: [see audits, see subjects, see staff files, draw and allocate, replace an auditor, see reports, import the caseload, keep and remove records]}
calendar: {swap_outs: [{cycles: [November], of: [re-audit], because: moderation}]}
calendars:
  quarterly:
    cycle: quarter
    begins: April
    opens: first day
    closes: last day
    swap_outs: [{cycles: [July], of: [household look], because: a look at documents}]
    extension: [{by: [quality team], at_most: 2 weeks}]
  as it happens: {cycle: month, begins: April, opens: first day, closes: last day, continuous: true, mark: C}
triggers:
  supervision: {title: A supervision was held, on: a supervision, audit_type: own look, due: 3 weeks}
  incident:
    title: An incident was recorded
    on: an incident
    kinds: [A fall, A medicine missed]
    audit_type: incident look
    when: {fact: status, is: open}
    after: 6 weeks
    due: 8 weeks
    at_most_every: 3 months
  closure: {title: The case was closed, on: a closure, audit_type: incident look, due: 10 working days, times: once}
  review: {title: The plan is looked at, on: a day, fact: review date, audit_type: incident look, before: 5 working days}
  anniversary: {title: A year with us, on: a day, fact: opened, each_year: true, audit_type: incident look, due: 1 month}
  afterwards: {title: An audit was completed, on: an audit completed, of: [audit], audit_type: incident look, due: 1 month}
subjects:
  household: {one: household, many: households, article: a, come_from: a list}
  complaint: {one: complaint, many: complaints, come_from: a list, about_staff: true}
  episode: {one: episode, many: episodes, come_from: involvements}
  home: {one: home, many: homes, come_from: units, units: [home], led_by: registered manager}
  staff file: {one: staff file, many: staff files, come_from: staff, posts: [practitioner]}
  pair: {one: pair, many: pairs, come_from: supervision, posts: [practitioner], led_by: team manager}
  finished: {one: finished audit, many: finished audits, come_from: completed audits, audits: [audit]}
audit_types:
  audit:
    on_sending_starts: [complete the audit, begin the audit]
    co_auditors: 1
    sources: [system, paper]
    returns:
      self: {title: Self-assessment, role: practitioner, clock: fill in, needed_for: [finish draft], graded: false}
      health: {title: Health, role: auditor, filled_in_by: somebody invited from outside, sections: [basics], clock: fill in}
      police: {title: Police, role: auditor, filled_in_by: somebody without an account, clock: fill in, sees_others: at any time}
  household look: {title: Household look, layer: routine, subject: household, summary: {to: [practitioner], also: [areas to improve, scores]}, judges: 3 months, goes_by: only what was known at the time, retention: {keep: 6 years, since: it is finished, then: the words and names are removed and the figures kept, because: The retention schedule says so.}, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  complaint look: {title: Look at a complaint, layer: routine, subject: complaint, form: look, grading: look, flow: look, selection: by status, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  episode look: {title: Look at a episode, layer: routine, subject: episode, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  home look: {title: Look at a home, layer: routine, subject: home, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  pair look: {title: Look at a pair, layer: routine, subject: pair, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  finished look: {title: Look at a finished, layer: routine, subject: finished, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  staff look: {title: Staff look, layer: routine, subject: staff file, form: look, grading: look, flow: look, selection: looks, pairing: looks, calendar: quarterly, looks_back: 6 months, filing: kept here}
  own look: {title: Own look, layer: routine, asks_source: true, form: look, grading: spread, flow: by itself, selection: own cases, pairing: looks, calendar: as it happens, looks_back: 6 months, on_sending_starts: [by its trigger]}
  incident look: {title: Incident look, layer: routine, form: seen, grading: spread, flow: by itself, pairing: looks, calendar: as it happens, looks_back: 6 months, on_sending_starts: [by its trigger]}
selection:
  monthly sample: {choice: "nomination first, then draw", nominated_by: [team manager], agreed_by: [quality manager], agreeing_starts: agree a nomination}
  looks: {frame: {fact: status, is: open}, strata: organisation, order: systematic, sorted_by: opened, one_per_practitioner: false, size: looks, exhausted: go round again, exclude: [{when: {since: audited, at_most: 6 months}, because: it was looked at}, {when: {until: review date, at_most: 60 days}, because: it is looked at soon}]}
  by status: {frame: {fact: status, is: open}, strata: groups, groups: [{title: Under an order, when: {fact: legal status, is: order}, number: 3}, {title: In review, when: {fact: legal status, is: review}, per_cent: 10, caseload_on: last working day of the month before}, {title: In care, when: {fact: legal status, is: care}, everyone: true}], one_per_practitioner: false}
  own cases: {frame: {fact: status, is: open}, strata: practitioner, order: never audited first}
pairing:
  looks: {pools: [{posts: [accredited auditor, team manager], pairs: each year}], independence: [not their own work], set_aside_by_hand: [not their own work], capacity: 20, capacity_in_year: 200}
forms:
  look:
    title: Look
    sections:
      - key: checks
        title: Checks
        same_as: basic checks
        questions:
          - {key: remember, text: Read the whole file first., type: note, required: false}
          - {key: recorded, text: Is it recorded?, type: yes or no, instead: [not applicable, not seen, no evidence, unknown], leaves_score: [not applicable, unknown], not_enough: [not seen], choices: [{key: "yes", label: "Yes", hint: Anywhere on the file, points: 1}, {key: "no", label: "No", points: 0}], critical: true, weight: 2, standards: [baseline, notes], same_as: is recorded, evidence: always}
          - {key: how many, text: How many visits?, type: whole number, sources: [system, paper], at_least: 0, at_most: 10, required: {answer: recorded, is: "yes"}}
          - {key: since, text: Since when?, type: date, when: {answer: recorded, is: "yes"}, beside: [{label: Legal status, fact: legal status}, {label: Open for, since: opened}, {label: Plan looked at, since: review date}]}
          - {key: own words, text: What do you say yourself?, type: text, answered_by: practitioner, required: false, least_words: 5}
          - {key: met with, text: Who was met?, type: person, roles: [team manager, practitioner], by_name: false, required: false}
          - {key: papers, text: Which papers show it?, type: file, required: false, files: {at_most: 2, megabytes: 3, kinds: [PDF, picture]}}
          - {key: signed, text: Signed, type: signature, roles: [auditor], when: {answer: met with, known: true}}
      - key: visits
        title: Visits
        repeats: {title: each visit sampled, at_least: 2, at_most: 3, name: date of the visit}
        questions: [{key: seen alone, text: Was the person seen alone?, type: yes or no, points: 1}]
  seen:
    title: What was seen
    sections: [{key: visit, title: The visit, graded: true, descriptors: [{grade: low, points: [Nobody came]}], questions: [{key: came, text: Who came?, type: text}]}]
scales:
  spread:
    direction: worst first
    values: [{key: low, label: Low, summary: Too little, descriptors: [Hardly anything is there], same_as: poor, also_same_as: [very poor]}, {key: high, label: High, good: true}]
grading:
  case audit: {overall_same_as: whole audit}
  look:
    overall: false
    scores: {met: {title: Checks met, kind: points over applicable maximum, sections: [checks], rounded: after bands, same_as: checks met}, not seen: {title: Not recorded, kind: count of answers, sections: [visits], questions: [recorded], answers: ["no"], decimals: 0, rounded: after bands, same_as: not seen}, mean: {title: Mean, kind: average of sections, sections: [checks], weights: {checks: 2}}}
  spread:
    scale: spread
    stages: [{key: once, label: Once, by: auditor}]
    ungraded_allowed: true
flows:
  audit: {steps: {finish draft: {requires: [answers, grades, all returns]}}}
  look:
    title: Look
    first: open
    states:
      open: {phase: owed, label: Open, edited_by: [auditor], shown_to: [auditor]}
      done: {phase: final, label: Done, shown_to: [auditor, practitioner, quality team, panel]}
    steps:
      finish: {label: Finish, from: [open], to: done, by: [auditor], requires: [answers]}
  by itself:
    title: By itself
    first: open
    states:
      open: {phase: owed, label: Open, edited_by: [auditor], stage: once, shown_to: [auditor]}
      done: {phase: final, label: Done, shown_to: [auditor, practitioner, quality team, panel]}
      stopped: {phase: stopped, label: Stopped, counts_as: not accepted, done_again: by another auditor, shown_to: [auditor]}
    steps:
      finish: {label: Finish, from: [open], to: done, by: [auditor], requires: [answers], finishes: [by its trigger]}
      stop: {label: Stop, from: [open], to: stopped, by: [quality team], finishes: [by its trigger], requires: [a note], once_late: [by its trigger]}
moderation:
  again: {title: Graded again, of: [audit], cycles: [October], looks_back: 6 months, graded: below good, per_cent: 10, each_auditor: 2, new_auditors: 6 months, new_forms: 12 months, by: [quality team], not_own_team: false, parts: [overall], clock: moderate the audit, blind: to grades and answers, meeting: false, stage: after dispute, weights: quadratic}
  instead: {title: In place of documents, of: [audit], in_place_of: re-audit, by: [quality team], clock: moderate the audit}
copies:
  family: {title: Summary for the family, after: [audit], when: {fact: change, is: worse}, outside: The person or their family, given: on request, what: a summary, clock: send a copy, ways: [Post, By hand]}
  health: {title: The part of Health, of: an audit, after: [audit], outside: The health trust, what: their own part, part: health, clock: send a copy, ways: [Secure e-mail]}
  lead: {title: Copy for the manager, after: [audit], role: team manager, clock: send a copy, ways: [Secure e-mail]}
  councillors: {title: Copy for councillors, of: a report, report: for the board, outside: The councillors, clock: send a copy, ways: [Secure e-mail]}
  board: {title: Copy for the board, of: "the month's report", outside: The safeguarding board, clock: send a copy, ways: [Secure e-mail]}
clocks:
  send a copy: {title: Send a copy, length: 5 working days, starts: the final report, owed_by: quality team}
  sign the report: {title: Sign the report off, length: 2 working days, starts: the closing day, owed_by: quality team}
  amend: {paused_by: [a recorded reason, leave]}
  fill in: {title: Fill in your part, length: 10 working days, starts: being asked, owed_by: auditor, paused_by: [leave, a dispute]}
  begin the audit: {title: Begin the audit, length: 5 working days, starts: being sent, owed_by: auditor, ends_with: the first answer}
  by its trigger: {title: Complete the look, until: its trigger says, owed_by: auditor, warn_before: 3 working days}
  agree a nomination: {title: Agree a case or decline it, length: 3 working days, starts: its nomination, owed_by: quality manager}
  check an item: {title: Check what was agreed, length: 1 month, starts: the agreement, owed_by: business support}
  look again: {title: Look at the agreement again, length: 6 months, starts: its signature, owed_by: team manager}
  give it longer: {title: Look once more, length: 6 weeks, starts: the look before, owed_by: quality team}
  reply about late work: {title: Say what is being done about late work, length: 5 working days, starts: the day it was late, owed_by: team manager}
  opinion of the manager: {title: Say whether you agree to filing, length: 5 working days, starts: it is final, owed_by: team manager}
  opinion of the quality team: {title: Say whether you agree to filing, length: 5 working days, starts: it is final, owed_by: quality team}
  consent to opening: {title: Consent to opening the records, length: 5 working days, starts: sending, owed_by: team manager}
  consent to closing: {title: Consent to closing the action, length: 5 working days, starts: it is done, owed_by: team manager}
pauses: {by: [quality manager, team manager], reasons: {inquest: An inquest is open, incident: An incident is looked into}, at_most_working_days: 20}
ladders:
  late audits:
    title: Late audits
    when_late: [complete the audit, begin the audit, fill in]
    asks: Say when it will be done.
    rungs: [{role: team manager, clock: reply about late work, tells: [quality team]}, {role: director, clock: reply about late work}]
  has not worked:
    title: An action that has not worked
    rungs: [{role: team manager, clock: reply about late work}]
  reports sent back:
    title: Reports sent back again
    when_repeated: {clocks: [amend], times: 3, within: 6 months}
    rungs: [{role: quality manager, clock: reply about late work}]
actions:
  paused_by: [a recorded reason, leave]
  given_by: [team manager]
  gates:
    nothing is left:
      open_if: {any: [{fact: other open actions, is: 0}, {fact: action severity, is_not: high}, {score: met, below: 60}, {fact: open disputes, at_least: 1}]}
      says: Close the other actions first.
      passed_by: [quality manager]
    the manager agrees: {consents: [{clock: consent to closing}], says: The manager must agree.}
  due_at_most: 12 months
  proofs:
    twice:
      title: A sample after 6 weeks
      by: sample
      not_before: 6 weeks
      clock: verify by sample
      holds_if: No plan is missing
      if_not: {then: more time, clock: give it longer, times: 2}
      then: [{title: A sample after 3 months, by: sample, not_before: 3 months, clock: look again, holds_if: Four of five files show it., if_not: {then: a ladder, ladder: has not worked}}]
report: {signed_off: sign the report, without_names: true, parts: [audited, coverage, goals, breakdowns], breakdowns: [{by: team}]}
reports:
  for the board: {title: Quarterly report for the board, period: quarter, parts: [audited, grades, before, themes, causes, severities, breakdowns], breakdowns: [{by: service}, {by: question}, {by: fact, fact: legal status}], readers: [quality team], without_names: true, fewest: 5, signed_off: sign the report}
  of an auditor: {title: How an auditor did, period: half-year, about: an auditor, parts: [audited, stages]}
disputes: {open_for: 20 working days, no_reply: moves up}
gates:
  reports wait for the panel:
    steps: [accept]
    open_if: {any: [{fact: open disputes, at_most: 0}, {source: paper, is: not used}, {not: {grade: overall, stage: on the record, is: "4"}}, {fact: status, is_not: open}]}
    says: Ask the panel first.
    passed_by: [quality manager]
  two managers agree:
    steps: [file]
    consents: [{clock: opinion of the manager}, {clock: opinion of the quality team, number: 2}]
    says: Both must agree before it is filed.
  restricted records:
    keeps_closed: {what: [the audit, attached files], audit_types: [household look], when: {fact: legal status, is: restricted}, open_to: [quality manager]}
    consents: [{clock: consent to opening}]
    says: These records are opened with consent alone.
responses:
  acknowledge: {when: {one_of: ["1", "2"]}}
  pattern:
    title: The same again
    after: [audit]
    when: {grade: overall, is: "4"}
    repeats: {of: team, when: {grade: overall, is: "4"}, within: 6 months, at_least: 2}
    besides: true
    acknowledgement: {to: [team manager], message: It came up again., subject: "{type} {reference}", text: "Read it here: {link}"}
targets:
  looks: {title: Looks, counts: [household look, staff look], per: organisation, each: cycle, number: 4}
  one each time: {title: One each time, counts: [own look], per: practitioner, each: cycle, each_time: supervision}
  a share: {title: A share, counts: [audit], per: team, each: year, per_cent: 12.5, caseload_on: first day of the year}
  everybody: {title: Everybody, counts: [audit], per: service, each: year, everyone: true, caseload_on: today}
agreements:
  accuracy:
    title: Accuracy agreement
    items: {addresses: {label: Addresses}, status: {label: Legal status, fact: legal status}}
    own_items: false
    methods: [At the team meeting, By a list]
    every: [1 week, 1 month]
    signed_by: [team manager, business support]
    copied_to: [quality manager]
    check: check an item
    review: look again
"""


def _rich():
    data = laid_over(read_document(PACK.read_text()).data, read_document(POINTS_AND_BANDS).data)
    data = laid_over(data, read_document(OVERLAY).data)
    sections = data["forms"]["case audit"]["sections"]
    sections[0]["same_as"] = "first checks"
    sections[1]["part_of"] = sections[0]["key"]
    sections[0]["questions"][0]["standards"] = ["baseline"]
    sections[0]["questions"][0]["critical"] = True
    data["responses"]["discuss soon"]["when"] = {
        "all": [{"grade": "overall", "is": "4"}, {"fact": "change", "is": "worse"}]
    }
    data["disputes"]["rungs"][0] |= {"tells": ["quality team"], "decides": ["stands", "changed", "passed up"]}
    for rule in data["grading"]["case audit"]["rules"]:
        rule.update(
            {"part": "overall"} if "part" not in rule else {"when": {"fact": "layer", "is": "routine"}}
        )
        rule.update({"override": "never"} if rule["kind"] in ("narrow", "cap") else {})
        rule.setdefault("when", {"fact": "layer", "known": True})
    data["scales"]["grades"]["values"][0]["same_as"] = "worst"
    data["re_audit"][0] |= {"not_after": "6 months", "share": 25}
    again = {key: one for key, one in data["re_audit"][0].items() if key != "share"}
    data["re_audit"].append(again | {"number": 3, "each": "quarter", "because": "a few each quarter"})
    return data


RICH = _rich()
RICH_DOCUMENT = write_document(copy.deepcopy(RICH))
