"""Reads one children in need census in a process of its own, with limits, and writes its episodes as rows.

A row is one `CINdetails` with what its child says of itself, and its number is its place among them in the
file. Rows and index are written as the reader of workbooks writes them, so that both are tables. Nothing
but the child being read is held. Run as `python -m goldenthread.caseload.census FILE`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TextIO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parse

from goldenthread.people.spreadsheets.limits import limit_itself
from goldenthread.rules.refusal import Refused

CHILD = ("LAchildID", "PersonBirthDate", "Sex")
EPISODE = (
    "CINreferralDate",
    "CINclosureDate",
    "ReasonForClosure",
    "PrimaryNeedCode",
    "ReferralNFA",
    "LatestAssessment",
    "CINPlanStartDate",
    "CPPstartDate",
    "LatestCategoryOfAbuse",
    "CPPreviewDate",
)
SPELLINGS = {"gendercurrent": "sex"}  # the name of an element in earlier years
ASSESSED = ("assessmentactualstartdate", "assessmentauthorisationdate")
LONGEST_TEXT = 1_000
DEEPEST = 50
HELD = 500  # episodes of one child that wait for its identifiers

DECLARES = "The XML declares entities or a document type of its own, so it was not opened. Export it again."
NESTED = "The XML is nested far deeper than a census, so it was not read."
NO_CHILD = "The XML holds no “Child”, so it is not a children in need census. Choose the file of the return."
BROKEN = (
    "The XML is broken at line {line}: it may have been cut short, or its characters are not those it "
    "declares. Export it again."
)


class Census(ContentHandler):
    """Hands on a row for each episode, and the children that have none at the end."""

    def __init__(self, write: Callable[[int, list[str]], None]) -> None:
        super().__init__()
        self.write = write
        self.path: list[str] = []
        self.text: list[str] = []
        self.length = 0
        self.children = 0
        self.episodes = 0
        self.without: list[tuple[int, str]] = []
        self._begin_child()

    def _begin_child(self) -> None:
        self.child: dict[str, str] = {}
        self.episode: dict[str, str] = {}
        self.group: dict[str, str] = {}
        self.waiting: list[tuple[int, dict[str, str]]] = []
        self.has_episodes = False

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - the name of the interface
        """Begin a child, an episode or a part of one; any other element is text to be read."""
        tag = name.rpartition(":")[2].casefold()
        self.path.append(tag)
        self.text, self.length = [], 0
        if len(self.path) > DEEPEST:
            raise Refused(NESTED)
        if tag == "child":
            self.children += 1
            self._begin_child()
        elif tag == "cindetails":
            self.episode = {}
        elif tag in ("cinplandates", "childprotectionplans"):
            self.group = {}

    def characters(self, content: str) -> None:
        """Keep an element's text, up to a length that no value has."""
        if self.length < LONGEST_TEXT:
            self.text.append(content[:LONGEST_TEXT])
            self.length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name of the interface
        """Keep what an element said, or hand on the episodes of a child."""
        tag = self.path.pop()
        inside = self.path[-1] if self.path else ""
        text = "".join(self.text).strip()[:LONGEST_TEXT]
        self.text, self.length = [], 0
        if tag == "child":
            self._end_child()
        elif tag == "cindetails":
            self.has_episodes = True
            self.episodes += 1
            self.waiting.append((self.episodes, self.episode))
            if len(self.waiting) >= HELD:
                self._hand_on()
        elif "cindetails" in self.path:
            self._keep(tag, inside, text)
        elif text:
            self.child.setdefault(SPELLINGS.get(tag, tag), text)

    def _keep(self, tag: str, inside: str, text: str) -> None:
        """Keep what an element of an episode said: its values, the latest of its parts, its open plans."""
        if tag in ASSESSED:
            self._latest("latestassessment", text)
        elif tag == "cppreviewdate":
            self._latest(tag, text)
        elif tag == "cinplandates" and not self.group.get("cinplanenddate"):
            self._latest("cinplanstartdate", self.group.get("cinplanstartdate", ""))
        elif tag == "childprotectionplans" and not self.group.get("cppenddate"):
            self._latest("cppstartdate", self.group.get("cppstartdate", ""))
            self._latest("latestcategoryofabuse", self.group.get("latestcategoryofabuse", ""))
        elif inside == "cindetails":
            self.episode.setdefault(tag, text)
        elif inside in ("cinplandates", "childprotectionplans"):
            self.group[tag] = text

    def _latest(self, name: str, text: str) -> None:
        self.episode[name] = max(self.episode.get(name, ""), text)

    def _end_child(self) -> None:
        if not self.has_episodes:
            self.without.append((self.children, self.child.get("lachildid", "")[:100]))
        self._hand_on()

    def _hand_on(self) -> None:
        self.child.setdefault("personbirthdate", self.child.get("expectedpersonbirthdate", ""))
        told = [self.child.get(name.casefold(), "") for name in CHILD]
        for number, episode in self.waiting:
            self.write(number, told + [episode.get(name.casefold(), "") for name in EPISODE])
        self.waiting = []


class Spool:
    """Writes rows as lines of JSON, ASCII alone, so that characters are bytes; and then the index."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.position = 0
        self.sheets: list[dict[str, object]] = []

    def begin(self, name: str, headers: list[str]) -> None:
        self.sheets.append({"name": name, "start": self.position})
        self.row(0, headers)

    def row(self, number: int, cells: list[str]) -> None:
        line = json.dumps([number, cells]) + "\n"
        self.out.write(line)
        self.position += len(line)

    def end(self) -> None:
        self.out.write(json.dumps({"sheets": self.sheets, "end": self.position, "epoch_1904": False}))


def main(path: str) -> None:
    """Write the episodes, the children without one, and the index; or the reason why not."""
    limit_itself()
    spool = Spool(sys.stdout)
    spool.begin("CINdetails", [*CHILD, *EPISODE])
    try:
        _read(path, spool)
    except DefusedXmlException:
        problem = DECLARES
    except Refused as refusal:
        problem = str(refusal)
    except SAXParseException as fault:
        problem = BROKEN.format(line=fault.getLineNumber())
    except (SAXException, LookupError, ValueError):
        problem = BROKEN.format(line=1)
    else:
        spool.end()
        return
    sys.stdout.write(json.dumps({"refused": problem}))


def _read(path: str, spool: Spool) -> None:
    census = Census(spool.row)
    with open(path, "rb") as file:  # noqa: PTH123 - a path of the command line, as it is
        parse(file, census, forbid_dtd=True)
    if not census.children:
        raise Refused(NO_CHILD)
    spool.begin("Children without an episode", ["LAchildID"])
    for number, child in census.without:
        spool.row(number, [child])


if __name__ == "__main__":
    main(sys.argv[1])
