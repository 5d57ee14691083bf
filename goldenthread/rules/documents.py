"""YAML as plain data, in a small dialect that holds no surprises, and back again in one way only.

Unquoted yes, no, on and off are words, and so are dates; true and false alone are truth values. There are no
anchors, aliases, tags or second documents, a key stands once, and keys are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST = 500_000
DEEPEST = 40
ARROW = " › "
ESCAPED = "\\U"
INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
CONSTANTS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong, where in the document in words, on which line if that is known, and at which place."""

    path: tuple[str, ...]
    sentence: str
    line: int | None = None
    place: Path = ()

    @property
    def where(self) -> str:
        """The path as people read it; the document itself has none."""
        return ARROW.join(self.path) or "the document"

    def __str__(self) -> str:
        """One line: the path, the sentence and the line of the file."""
        return f"{self.where}: {self.sentence}" + (f" (line {self.line})" if self.line else "")


@dataclass
class Reading:
    """What a document says, on which line each part stands, and what could not be read."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[Path, str]] = field(default_factory=list)


def read_document(text: str) -> Reading:
    """Read one YAML document; what cannot be read is a fault, never an exception."""
    reading = Reading()
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        reading.faults.append(
            ((), f"The document is larger than {LARGEST:,} bytes; a framework is far smaller.")
        )
        return reading
    if unprintable := UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        reading.faults.append(((), f"Line {line} holds a character that cannot be shown; remove it."))
        return reading
    try:
        _Builder(text, reading).document()
    except yaml.YAMLError as error:
        reading.faults.append(((), _syntax(error)))
    return reading


class _TooDeepError(yaml.YAMLError):
    """Parts within parts beyond any sense."""


def _syntax(error: yaml.YAMLError) -> str:
    """A syntax error as a sentence with its line."""
    if isinstance(error, _TooDeepError):
        return f"The parts lie more than {DEEPEST} deep within each other; a framework never does."
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it is not YAML"
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"This cannot be read as YAML{where}: {problem}. Check the indentation, colons and quotes there."


class _Builder:
    """Makes data of the parser's events, which are few and flat whatever the document holds."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.reading = reading
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))

    def document(self) -> None:
        """Read the one document."""
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self.reading.faults.append(((), "The document is empty."))
            return
        self.reading.data = self._value(event, ())
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            self.reading.faults.append(((), "There is more than one document here (“---”); keep one."))

    def _next(self) -> yaml.Event:
        return next(self.events)

    def _fault(self, path: Path, sentence: str) -> None:
        self.reading.faults.append((path, sentence))

    def _value(self, event: yaml.Event, path: Path) -> Any:
        if len(path) > DEEPEST:
            raise _TooDeepError
        self.reading.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._fault(path, "Anchors and aliases (& and *) are not read; write the part out in full.")
        if getattr(event, "tag", None) not in (None, "!"):
            self._fault(path, "Tags (!) are not read; leave the tag out.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, yaml.ScalarEvent) else None

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            line = _line(event)
            value = self._value(self._next(), (*path, key))
            self.reading.lines[(*path, key)] = line
            if key in found:
                self._fault(
                    (*path, key), f"“{key}” stands here twice; keep one. (The second is on line {line}.)"
                )
            else:
                found[key] = value
        return found

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, (*path, "?"))
            self._fault(path, "A key here is not a word; write one word or more, then a colon.")
            return "?"
        if event.value == "<<" and event.implicit[0]:
            self._fault(path, "Merging with “<<” is not read; write the keys out in full.")
        elif event.implicit[0] and not isinstance(_plain(event.value), str):
            self._fault(
                (*path, event.value), f"The key {event.value or '(nothing)'} is not text; put it in quotes."
            )
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        if UNPRINTABLE.search(event.value):
            self._fault(path, "This text holds a character that cannot be shown; remove it.")
            return UNPRINTABLE.sub("?", event.value)
        return _plain(event.value) if event.implicit[0] else event.value


def _line(event: yaml.Event) -> int:
    """The line of the file, as editors count."""
    return event.start_mark.line + 1 if event.start_mark else 0


def _plain(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def write_document(data: Any) -> str:
    """The data as YAML, always the same way: keys in their order, quotes only where they are needed.

    The writer in C writes what the one in Python does, many times faster, but escapes emoji.
    """
    written = _dump(data, _Dumper)
    return _dump(data, _DumperOfEmoji) if ESCAPED in written else written


def _dump(data: Any, dumper: Any) -> str:
    return yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=110)


def _represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    """Long text of several lines stands as such; what an older YAML reader would take for another thing is
    quoted."""
    style = "|" if "\n" in text and re.fullmatch(r"(?:\S(?:.*\S)?\n)*\S(?:.*\S)?", text) else None
    if not isinstance(_plain(text), str):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


class _Dumper(yaml.CSafeDumper):
    """The writer in C, without aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every part out."""
        return True


class _DumperOfEmoji(yaml.SafeDumper):
    """The writer in Python, without aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Write every part out."""
        return True


for dumper in (_Dumper, _DumperOfEmoji):
    dumper.add_representer(str, _represent_text)
