"""Conditions as form tools write them, read into the framework's own; what it cannot say is not guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from goldenthread.rules.conditions import All, Any_, Compare, Condition, Not
from goldenthread.rules.form_formats.drafts import Asked, NotUnderstoodError
from goldenthread.rules.forms import NOTE, NUMBERS

LONGEST = 4_000
DEEPEST = 30
TOKENS = re.compile(
    r"""\s*(?:
        \$\{\s*(?P<field>[^{}]+?)\s*\}
      | \[(?P<bracket>[^\[\]()]+)(?:\((?P<code>[^()\[\]]*)\))?\]
      | '(?P<single>[^']*)' | "(?P<double>[^"]*)"
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<operator><=|>=|!=|<>|=|<|>)
      | (?P<word>[A-Za-z_][\w-]*)
      | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
NOT_SAID = "The condition uses something that the condition language does not have."


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    code: str | None = None


def read_expression(text: str, asked: Mapping[str, Asked]) -> Condition:
    """An XLSForm `relevant` or a REDCap branching logic; `NotUnderstoodError` says why it cannot be read."""
    if len(text) > LONGEST:
        raise NotUnderstoodError("The condition is too long to be read.")
    return _Reader(_tokens(text), asked).whole()


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = TOKENS.match(text, place)
        if match is None:
            raise NotUnderstoodError(NOT_SAID)
        place = match.end()
        found.append(_token(match))
    return found


def _token(match: re.Match[str]) -> _Token:
    for kind in ("single", "double"):
        if match[kind] is not None:
            return _Token("text", match[kind])
    if match["bracket"] is not None:
        return _Token("field", match["bracket"].strip(), match["code"])
    kind = match.lastgroup or ""
    if kind == "word" and match["word"].lower() in ("and", "or", "not"):
        return _Token(match["word"].lower(), match["word"])
    return _Token(kind, match[kind])


class _Reader:
    """Reads tokens from left to right: “or” of “and” of comparisons."""

    def __init__(self, tokens: list[_Token], asked: Mapping[str, Asked]) -> None:
        self.tokens, self.asked, self.place, self.depth = tokens, asked, 0, 0

    def whole(self) -> Condition:
        found = self._either()
        if self.place != len(self.tokens):
            raise NotUnderstoodError(NOT_SAID)
        return found

    def _next(self, kind: str | None = None, text: str | None = None) -> _Token:
        """The next token, which must be of this kind."""
        token = self._peek()
        if token is None or (kind and token.kind != kind) or (text and token.text != text):
            raise NotUnderstoodError(NOT_SAID)
        self.place += 1
        return token

    def _peek(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _is(self, kind: str, text: str | None = None) -> bool:
        token = self._peek()
        return token is not None and token.kind == kind and (text is None or token.text == text)

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._is("or"):
            self._next()
            parts.append(self._both())
        return _any(parts)

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._is("and"):
            self._next()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(all=tuple(parts))

    def _one(self) -> Condition:
        if self._is("not"):
            self._next()
            return Not(not_=self._bracketed())
        if self._is("mark", "("):
            return self._bracketed()
        if self._is("word", "selected"):
            return self._selected()
        return self._comparison()

    def _bracketed(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstoodError("The condition has too many brackets within each other.")
        self._next("mark", "(")
        found = self._either()
        self._next("mark", ")")
        self.depth -= 1
        return found

    def _selected(self) -> Condition:
        self._next()
        self._next("mark", "(")
        question = self._question(self._next("field"))
        self._next("mark", ",")
        value = self._next("text").text
        self._next("mark", ")")
        return compare(question, "=", value)

    def _comparison(self) -> Condition:
        left, operator, right = self._next(), self._next("operator").text, self._next()
        if right.kind == "field" and left.kind != "field":
            left, right, operator = right, left, FLIPPED.get(operator, operator)
        if left.kind != "field" or right.kind not in ("text", "number"):
            raise NotUnderstoodError("The condition compares something other than an answer with a value.")
        question = self._question(left)
        operator = "!=" if operator == "<>" else operator
        if left.code is not None:
            return _ticked(question, left.code, operator, right.text)
        return compare(
            question, operator, number_or_text(right.text) if right.kind == "number" else right.text
        )

    def _question(self, token: _Token) -> Asked:
        return question_called(token.text, self.asked)


def question_called(name: str, asked: Mapping[str, Asked]) -> Asked:
    """The question that a condition names; it must be one that takes an answer."""
    question = asked.get(name)
    if question is None:
        raise NotUnderstoodError(f"The condition asks for “{name}”, which is not a question of the form.")
    if question.type == NOTE:
        raise NotUnderstoodError(f"The condition asks for “{name}”, which takes no answer.")
    return question


def _ticked(question: Asked, code: str, operator: str, value: str) -> Condition:
    """REDCap writes a ticked choice as 1 and one that is not ticked as 0."""
    if operator not in ("=", "!=") or value not in ("0", "1"):
        raise NotUnderstoodError(NOT_SAID)
    is_ticked = (value == "1") == (operator == "=")
    ticked = compare(question, "=", code)
    return ticked if is_ticked else Not(not_=ticked)


def number_or_text(text: str) -> int | float | str:
    """The number that stands there, whole if it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) and "." not in text else number


def compare(question: Asked, operator: str, value: str | int | float) -> Condition:
    """One comparison in the framework's own words; more and less than are said by what they are not."""
    if value == "":
        if operator not in ("=", "!="):
            raise NotUnderstoodError(NOT_SAID)
        return Compare(answer=question.key, known=operator == "!=")
    if operator in ("=", "!="):
        if question.answers and str(value) not in question.answers:
            raise NotUnderstoodError(f"“{value}” is not among the answers to “{question.key}”.")
        return Compare(answer=question.key, **{"is" if operator == "=" else "is_not": value})
    if question.type not in NUMBERS:
        raise NotUnderstoodError(f"The answer to “{question.key}” is not a number, so it has no order.")
    return _in_order(question, operator, value)


def _in_order(question: Asked, operator: str, value: str | int | float) -> Condition:
    limit = number_or_text(str(value))
    if isinstance(limit, str):
        raise NotUnderstoodError(f"“{value}” is not a number; the answer to “{question.key}” is.")
    if operator == ">=":
        return Compare(answer=question.key, at_least=limit)
    if operator == "<=":
        return Compare(answer=question.key, at_most=limit)
    beyond = (
        Compare(answer=question.key, at_most=limit)
        if operator == ">"
        else Compare(answer=question.key, at_least=limit)
    )
    return All(all=(Compare(answer=question.key, known=True), Not(not_=beyond)))


def _any(parts: list[Condition]) -> Condition:
    """One of several conditions; the same answer compared with several values is “one of”."""
    if len(parts) == 1:
        return parts[0]
    same = {part.answer if isinstance(part, Compare) and part.is_ is not None else None for part in parts}
    if len(same) == 1 and None not in same:
        values = tuple(part.is_ for part in parts if isinstance(part, Compare) and part.is_ is not None)
        return Compare(answer=same.pop(), one_of=values)
    return Any_(any=tuple(parts))
