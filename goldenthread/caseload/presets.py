"""The extracts that can be read: their lists, and what each column is for. Data alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from goldenthread.people.spreadsheets.values import header_key

Use = Literal[
    "reference",
    "person reference",
    "replaces",
    "status",
    "opened",
    "closed",
    "team",
    "worker",
    "worker reference",
    "allocated",
    "birth",
    "age",
    "fact",
    "date fact",
]


@dataclass(frozen=True)
class Field:
    """Something a column may tell: its name (of the fact, where it is one), its headers, its use."""

    name: str
    use: Use
    headers: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(header_key(header) for header in self.headers)


@dataclass(frozen=True)
class ListOf:
    """One list of an extract; `marks` are headers that no other list has."""

    name: str
    title: str
    fields: tuple[Field, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """An extract that can be read, its lists, and whether a person may say what its columns are."""

    name: str
    title: str
    lists: tuple[ListOf, ...]
    numbered: bool = False
    mappable: bool = False

    def list_named(self, name: str) -> ListOf:
        return next(one for one in self.lists if one.name == name)


def _field(name: str, use: Use, headers: str) -> Field:
    """A field whose headers are given in one text, with a stroke between them."""
    return Field(name, use, tuple(headers.split("|")))


ALLOCATED = _field(
    "worker allocated on",
    "allocated",
    "Worker allocated on|Worker allocated date|Worker allocation date|Allocated worker start date|"
    "Allocated worker date|Allocated worker since|Worker start date|Worker start|Worker since|"
    "Date worker allocated|Date allocated to worker|Date allocated|Date of allocation|Allocated on|"
    "Allocated date|Allocation date|Allocated since|Allocation start date",
)
WORKER_REFERENCE = _field(
    "worker reference",
    "worker reference",
    "Worker reference|Worker ref|Worker id|Worker number|Worker staff number|Allocated worker id|"
    "Allocated worker reference|Allocated worker number|Staff number|Staff id|Employee number",
)
BIRTH = _field("age band", "birth", "Date of birth|DOB|Birth date|D.O.B.")
AGE = _field("age band", "age", "Age|Age in years|Current age")
GENDER = _field("gender", "fact", "Gender|Sex")
CHILD = (
    _field("child unique id", "reference", "Child Unique ID|Child ID|Child unique identifier"),
    BIRTH,
    AGE,
    GENDER,
    _field("team", "team", "Allocated Team|Team|Allocated team name|Team name"),
    _field("worker", "worker", "Allocated Worker|Worker|Allocated worker name|Worker name"),
    WORKER_REFERENCE,
    ALLOCATED,
    _field(
        "disability",
        "fact",
        "Does the Child have a Disability|Does child have a disability|Disability|Disabled",
    ),
)

ANNEX_A = Preset(
    "annex_a",
    "Ofsted Annex A (lists 6 to 9)",
    (
        ListOf(
            "6",
            "children in need",
            (
                *CHILD,
                _field("CIN Start Date", "opened", "CIN Start Date|Child in need start date"),
                _field("CIN Closure Date", "closed", "CIN Closure Date|CIN End Date|CIN closed date"),
                _field("case status", "status", "Case Status|CIN Case Status"),
                _field("primary need", "fact", "Primary Need Code|Primary need"),
                _field("last seen", "date fact", "Date Child Was Last Seen|Date last seen"),
            ),
            ("CIN Start Date", "CIN Closure Date"),
        ),
        ListOf(
            "7",
            "children on protection plans",
            (
                *CHILD,
                _field(
                    "Child Protection Plan Start Date",
                    "opened",
                    "Child Protection Plan Start Date|CP Plan Start Date|CPP Start Date",
                ),
                _field(
                    "Child Protection Plan End Date",
                    "closed",
                    "Child Protection Plan End Date|CP Plan End Date|CPP End Date",
                ),
                _field("case status", "status", "Case Status"),
                _field("category of abuse", "fact", "Latest Category of Abuse"),
                _field("first category of abuse", "fact", "Initial Category of Abuse"),
                _field(
                    "last statutory visit",
                    "date fact",
                    "Date of the Last Statutory Visit|Date of last statutory visit",
                ),
                _field("last review conference", "date fact", "Date of latest review conference"),
                _field("previous protection plans", "fact", "Number of Previous Child Protection Plans"),
            ),
            ("Child Protection Plan Start Date", "CP Plan Start Date", "CPP Start Date"),
        ),
        ListOf(
            "8",
            "looked-after children",
            (
                *CHILD,
                _field(
                    "Date Started to be Looked After",
                    "opened",
                    "Date Started to be Looked After|Date started being looked after|CLA Start Date",
                ),
                _field(
                    "Date Ceased to be Looked After",
                    "closed",
                    "Date Ceased to be Looked After|Date ceased being looked after|CLA End Date",
                ),
                _field("case status", "status", "Case Status"),
                _field("category of need", "fact", "Child's Category of Need|Category of need"),
                _field("legal status", "fact", "Child's Legal Status|Legal status"),
                _field("legal status since", "date fact", "Start date of current legal status"),
                _field("last statutory review", "date fact", "Date of Latest Statutory Review"),
                _field("last social work visit", "date fact", "Date of Last Social Work Visit"),
                _field("placement type", "fact", "Placement Type"),
            ),
            ("Date Started to be Looked After", "Date Ceased to be Looked After", "CLA Start Date"),
        ),
        ListOf(
            "9",
            "care leavers",
            (
                *CHILD,
                _field(
                    "care leaver since",
                    "opened",
                    "Care Leaver Start Date|Date became a care leaver|Leaving care start date",
                ),
                _field(
                    "care leaver until",
                    "closed",
                    "Care Leaver End Date|Closure Date|End Date|Date Closed|Leaving care end date",
                ),
                _field("case status", "status", "Case Status|Status"),
                _field("eligibility", "fact", "Eligibility Category"),
                _field("in touch", "fact", "LA in Touch"),
                _field("accommodation", "fact", "Type of Accommodation"),
                _field("accommodation suitable", "fact", "Suitability of Accommodation"),
                _field("activity", "fact", "Activity Status"),
            ),
            ("Eligibility Category", "LA in Touch", "Suitability of Accommodation"),
        ),
    ),
    numbered=True,
)

OPEN_CASES = Preset(
    "open_cases",
    "Open-cases list",
    (
        ListOf(
            "cases",
            "open cases",
            (
                _field(
                    "case reference",
                    "reference",
                    "Case reference|Case ref|Case id|Case identifier|Case number|Case no|Case|"
                    "Episode id|Episode reference|Episode number|Involvement id|Case file number|"
                    "File number|Referral id|Workflow id",
                ),
                _field(
                    "person reference",
                    "person reference",
                    "Person reference|Person ref|Person id|Person identifier|Person number|Mosaic id|"
                    "Subject id|Client id|Client reference|Client number|Service user id|"
                    "Service user reference|Child unique id|Child id|Patient id|"
                    "LA person unique identifier|LAS id|LCS id|Eclipse id",
                ),
                _field(
                    "replaces",
                    "replaces",
                    "Replaces|Replaces case reference|Replaces reference|Replaces id|This id replaces|"
                    "Former reference|Former id|Former case reference|Previous reference|Previous id|"
                    "Previous case reference|Old reference|Old id|Old case reference|Merged from",
                ),
                _field(
                    "status",
                    "status",
                    "Status|Case status|Episode status|Current status|Open or closed",
                ),
                _field(
                    "opened",
                    "opened",
                    "Opened|Opened on|Date opened|Opened date|Open date|Case opened|Case open date|"
                    "Case opened date|Case start date|Start date|Start|Episode start date|"
                    "Episode start|Involvement start date|Referral date|Date of referral|"
                    "Date case opened",
                ),
                _field(
                    "closed",
                    "closed",
                    "Closed|Closed on|Date closed|Closed date|Close date|Case closed|Case closed date|"
                    "Case close date|Case end date|Case closure date|Closure date|End date|End|"
                    "Episode end date|Episode end|Involvement end date|Date case closed",
                ),
                _field(
                    "team",
                    "team",
                    "Team|Team name|Allocated team|Current team|Responsible team|Worker team",
                ),
                _field(
                    "worker",
                    "worker",
                    "Worker|Worker name|Allocated worker|Allocated to|Allocated worker name|"
                    "Key worker|Keyworker|Case worker|Caseworker|Social worker|Practitioner|"
                    "Allocated practitioner|Lead worker|Lead practitioner|Responsible worker|"
                    "Current worker|Care co-ordinator|Care coordinator",
                ),
                WORKER_REFERENCE,
                ALLOCATED,
                _field(
                    "primary need",
                    "fact",
                    "Primary need|Primary support reason|Primary need code|Need",
                ),
                _field("legal status", "fact", "Legal status"),
                _field("risk", "fact", "Risk|Risk level|Risk rating|Risk flag|RAG|RAG rating"),
                GENDER,
                BIRTH,
                AGE,
            ),
        ),
    ),
    mappable=True,
)

PRESETS = {preset.name: preset for preset in (OPEN_CASES, ANNEX_A)}

PERSONAL_WORDS = (
    "forename|surname|first name|last name|full name|family name|given name|middle name|"
    "preferred name|client name|person name|child name|childs name|patient name|service user name|"
    "customer name|subject name|name of child|name of person|name of client|nhs number|nhs no|"
    "post code|address|telephone|phone|mobile|e-mail|uprn|national insurance|nino|upn|date of birth|"
    "dob|next of kin|mother|father|carer name|parent name"
)
PERSONAL = frozenset(header_key(word) for word in PERSONAL_WORDS.split("|"))


def is_personal(header: str) -> bool:
    """Whether a column seems to name or locate somebody who receives care; such a column is never kept."""
    key = header_key(header)
    return key in ("name", "names", "client", "person", "child", "patient") or any(
        word in key for word in PERSONAL
    )


def age_band(age: int) -> str:
    """The band that stands in for a date of birth."""
    if age < 0:
        return "unborn"
    for first, last in ((0, 4), (5, 9), (10, 15), (16, 17), (18, 24), (25, 44), (45, 64), (65, 74), (75, 84)):
        if age <= last:
            return f"{first} to {last}"
    return "85 and over"
