"""The shipped framework with an audit of something else than a case, in quarters of its own."""

from tests.grading_packs import pack_with

KINDS = {
    "household": "{one: household, many: households, come_from: a list}",
    "episode": "{one: episode, many: episodes, come_from: involvements}",
    "home": "{one: home, many: homes, come_from: units, units: [home], led_by: registered manager}",
    "organisation": "{one: organisation, many: organisations, come_from: units, units: [organisation]}",
    "staff file": "{one: staff file, many: staff files, come_from: staff, posts: [practitioner]}",
    "pair": "{one: supervision pair, many: supervision pairs, come_from: supervision, posts: [practitioner],"
    " led_by: team manager}",
    "finished audit": "{one: finished audit, many: finished audits, come_from: completed audits,"
    " audits: [audit]}",
}

LOOK = """
calendars: {looks: {cycle: quarter, opens: first day, closes: last day}}
roles:
  quality team:
    may: [see audits, see subjects, see staff files, draw and allocate, replace an auditor, see reports, import the caseload]
subjects:
  SUBJECT: KIND
audit_types:
  look:
    title: Look
    layer: routine
    subject: SUBJECT
    form: look
    grading: look
    flow: look
    selection: looks
    pairing: looks
    calendar: looks
    looks_back: 6 months
    filing: kept here
selection:
  looks: {frame: {fact: status, is: open}, strata: team, one_per_practitioner: false}
pairing:
  looks: {pools: [{posts: [accredited auditor, quality officer, practitioner]}], independence: [not their own work], capacity: 20}
forms:
  look:
    title: Look
    sections:
      - {key: checks, title: Checks, questions: [{key: recorded, text: Is it recorded?, type: yes or no}]}
grading:
  look: {overall: false}
flows:
  look:
    title: Look
    first: open
    states:
      open: {phase: owed, label: Open, edited_by: [auditor], shown_to: [auditor]}
      done: {phase: final, label: Done, shown_to: [auditor, practitioner, quality team]}
    steps:
      finish: {label: Finish, from: [open], to: done, by: [auditor], requires: [answers]}
"""  # noqa: E501 - a document


def pack_looking_at(name):
    """The shipped pack with “look”, an audit of subjects of a kind."""
    return pack_with(LOOK.replace("SUBJECT", name).replace("KIND", KINDS[name]))
