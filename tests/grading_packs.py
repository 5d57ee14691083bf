# ruff: noqa: E501 - documents
"""The shipped framework with other gradings: each text is laid over the pack, lists and words replaced."""

from pathlib import Path

from goldenthread.rules.documents import read_document, write_document
from tests.rules.grading_kit import laid_over

PACK = Path(__file__).resolve().parents[1] / "goldenthread/packs/adult-social-care.yaml"

POINTS_AND_BANDS = """
scales:
  grades:
    direction: worst first
    values:
      - {key: "4", label: Inadequate, number: 4, colour: red, symbol: "4"}
      - {key: "3", label: Requires improvement, number: 3, colour: yellow, symbol: "3"}
      - {key: "2", label: Good, number: 2, colour: turquoise, symbol: "2", good: true}
      - {key: "1", label: Outstanding, number: 1, colour: green, symbol: "1", good: true}
      - {key: not rated, label: Not rated, excluded: true}
grading:
  case audit:
    rationale: false
    judged_after: {overall: [voice]}
    rules:
      - {kind: carry forward, part: assessment, because: This part was not looked at}
      - kind: narrow
        when: {grade: voice, is: "4"}
        grades: ["4"]
        because: A person who is not heard is not safe
      - kind: cap
        when: {answer: notes up to date, is: "no"}
        grade: "3"
        because: Case notes that are behind limit the whole
      - kind: bands
        score: compliance
        bands: [{from: 90, grade: "1"}, {from: 66.6, grade: "2"}, {from: 40, grade: "3"}, {from: 0, grade: "4"}]
        because: The checks decide
        override: [quality team]
    scores:
      compliance:
        title: Compliance
        kind: points over applicable maximum
        sections: [basics, process]
        decimals: 1
        full_maximum: true
notices:
  final report to the head of service: {when: {any: [{grade: overall, is: "4"}]}}
  second re-audit falls short: {when: {all: [{grade: overall, at_most: "3"}]}}
filing: {alerts: [{role: head of service, when: {grade: overall, is: "4"}}]}
responses:
  discuss soon: {when: {any: [{grade: overall, is: "4"}]}}
  acknowledge: {when: {one_of: ["1", "2"]}}
re_audit: [{after: [audit], when: {grade: overall, at_most: "3"}, type: re-audit, not_before: 1 month, because: The grade}]
"""

UNGRADED = """
moderation:
  senior moderation: {of: [re-audit]}
audit_types:
  audit: {form: dip sample, grading: ungraded, flow: dip sample}
forms:
  dip sample:
    title: Dip sample
    sections:
      - key: checks
        title: Checks
        questions:
          - {key: recorded, text: Is it recorded?, type: yes or no, choices: [{key: "yes", label: "Yes", points: 1}, {key: "no", label: "No", points: 0}]}
grading:
  ungraded:
    overall: false
    scores:
      checks: {title: Checks met, kind: points over applicable maximum, sections: [checks]}
flows:
  dip sample:
    title: Dip sample
    first: open
    states:
      open: {phase: owed, label: Open, edited_by: [auditor], shown_to: [auditor]}
      done: {phase: final, label: Done, shown_to: [auditor, quality team]}
    steps:
      finish: {label: Finish, from: [open], to: done, by: [auditor], requires: [answers], finishes: [complete the audit]}
re_audit: [{after: [re-audit], when: {answer: further re-audit, is: "yes"}, type: re-audit, not_before: 1 month, because: The re-audit recommends it}]
"""


def pack_with(text):
    """The shipped pack's document with another one laid over it."""
    return write_document(laid_over(read_document(PACK.read_text()).data, read_document(text).data))
