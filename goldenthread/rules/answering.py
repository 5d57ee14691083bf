"""What is wrong with an answer by itself, before it is stored."""

from __future__ import annotations

import math
import re
from datetime import date

from goldenthread.rules.attachments import fault_of_files
from goldenthread.rules.forms import NUMBERS, Given, Question, as_number
from goldenthread.rules.signing import PERSON, SIGNATURE, fault_of_person, fault_of_signature


def fault_of(question: Question, given: Given) -> str | None:
    """What is wrong with an answer by itself, as a sentence; None if it can be stored."""
    if question.is_note:
        return "This is a note and takes no answer." if not given.is_blank or given.evidence else None
    if given.instead:
        return None if given.instead in question.instead else "Choose one of the answers shown."
    if not given.value:
        return None
    if question.type in ("one of", "yes or no", "several of"):
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        known = {choice.key for choice in question.options}
        return None if set(values) <= known else "Choose one of the answers shown."
    if question.takes_files:
        return fault_of_files(given.value, question.taking)
    if question.type in FAULTS:
        return FAULTS[question.type](given.value)
    return _fault_of_text(question, str(given.value))


FAULTS = {PERSON: fault_of_person, SIGNATURE: fault_of_signature}
"""What is wrong with an answer that is neither a choice nor a text."""


def _fault_of_text(question: Question, value: str) -> str | None:
    if question.type in NUMBERS:
        return _fault_of_number(question, value)
    if question.type == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "Enter a date, such as 23/12/2026."
    return None


def _fault_of_number(question: Question, value: str) -> str | None:
    if question.type == "whole number" and not re.fullmatch(r"[-+]?[0-9]{1,15}", value):
        return "Enter a whole number, such as 12."
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return "Enter a number, such as 12 or 4.5."
    if question.at_least is not None and number < question.at_least:
        return f"Enter a number that is {as_number(question.at_least)} or more."
    if question.at_most is not None and number > question.at_most:
        return f"Enter a number that is {as_number(question.at_most)} or less."
    return None
