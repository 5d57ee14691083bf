"""The extracts that can be read: their lists, and what each column is for. Data alone."""

from __future__ import annotations

from goldenthread.caseload.fields import (
    AGE,
    ALLOCATED,
    BIRTH,
    GENDER,
    WORKER_REFERENCE,
    ListOf,
    Preset,
    field,
)
from goldenthread.caseload.returns import CIN_CENSUS, CLD, MHSDS, SSDA903

CHILD = (
    field("child unique id", "reference", "Child Unique ID|Child ID|Child unique identifier"),
    BIRTH,
    AGE,
    GENDER,
    field("team", "team", "Allocated Team|Team|Allocated team name|Team name"),
    field("worker", "worker", "Allocated Worker|Worker|Allocated worker name|Worker name"),
    WORKER_REFERENCE,
    ALLOCATED,
    field(
        "disability",
        "fact",
        "Does the Child have a Disability|Does child have a disability|Disability|Disabled",
    ),
)

ANNEX_A = Preset(
    "annex_a",
    "Ofsted Annex A (lists 6 to 9)",
    "The workbook with List 6, 7, 8 and 9",
    "None of the lists 6, 7, 8 and 9 of Annex A was found. Name the sheets “List 6” to “List 9” "
    "and keep the headers, among them “Child Unique ID”.",
    (
        ListOf(
            "6",
            "children in need",
            (
                *CHILD,
                field("CIN Start Date", "opened", "CIN Start Date|Child in need start date"),
                field("CIN Closure Date", "closed", "CIN Closure Date|CIN End Date|CIN closed date"),
                field("case status", "status", "Case Status|CIN Case Status"),
                field("primary need", "fact", "Primary Need Code|Primary need"),
                field("last seen", "date fact", "Date Child Was Last Seen|Date last seen"),
            ),
            ("CIN Start Date", "CIN Closure Date"),
        ),
        ListOf(
            "7",
            "children on protection plans",
            (
                *CHILD,
                field(
                    "Child Protection Plan Start Date",
                    "opened",
                    "Child Protection Plan Start Date|CP Plan Start Date|CPP Start Date",
                ),
                field(
                    "Child Protection Plan End Date",
                    "closed",
                    "Child Protection Plan End Date|CP Plan End Date|CPP End Date",
                ),
                field("case status", "status", "Case Status"),
                field("category of abuse", "fact", "Latest Category of Abuse"),
                field("first category of abuse", "fact", "Initial Category of Abuse"),
                field(
                    "last statutory visit",
                    "date fact",
                    "Date of the Last Statutory Visit|Date of last statutory visit",
                ),
                field("last review conference", "date fact", "Date of latest review conference"),
                field("previous protection plans", "fact", "Number of Previous Child Protection Plans"),
            ),
            ("Child Protection Plan Start Date", "CP Plan Start Date", "CPP Start Date"),
        ),
        ListOf(
            "8",
            "looked-after children",
            (
                *CHILD,
                field(
                    "Date Started to be Looked After",
                    "opened",
                    "Date Started to be Looked After|Date started being looked after|CLA Start Date",
                ),
                field(
                    "Date Ceased to be Looked After",
                    "closed",
                    "Date Ceased to be Looked After|Date ceased being looked after|CLA End Date",
                ),
                field("case status", "status", "Case Status"),
                field("category of need", "fact", "Child's Category of Need|Category of need"),
                field("legal status", "fact", "Child's Legal Status|Legal status"),
                field("legal status since", "date fact", "Start date of current legal status"),
                field("last statutory review", "date fact", "Date of Latest Statutory Review"),
                field("last social work visit", "date fact", "Date of Last Social Work Visit"),
                field("placement type", "fact", "Placement Type"),
            ),
            ("Date Started to be Looked After", "Date Ceased to be Looked After", "CLA Start Date"),
        ),
        ListOf(
            "9",
            "care leavers",
            (
                *CHILD,
                field(
                    "care leaver since",
                    "opened",
                    "Care Leaver Start Date|Date became a care leaver|Leaving care start date",
                ),
                field(
                    "care leaver until",
                    "closed",
                    "Care Leaver End Date|Closure Date|End Date|Date Closed|Leaving care end date",
                ),
                field("case status", "status", "Case Status|Status"),
                field("eligibility", "fact", "Eligibility Category"),
                field("in touch", "fact", "LA in Touch"),
                field("accommodation", "fact", "Type of Accommodation"),
                field("accommodation suitable", "fact", "Suitability of Accommodation"),
                field("activity", "fact", "Activity Status"),
            ),
            ("Eligibility Category", "LA in Touch", "Suitability of Accommodation"),
        ),
    ),
    numbered=True,
)

OPEN_CASES = Preset(
    "open_cases",
    "Open-cases list",
    "One row for each open case, as Mosaic, Liquidlogic and Eclipse report it",
    "No row of headers with a case or person reference was found. "
    "Say which column is which (on screen, or with --map “Header=case reference”).",
    (
        ListOf(
            "cases",
            "open cases",
            (
                field(
                    "case reference",
                    "reference",
                    "Case reference|Case ref|Case id|Case identifier|Case number|Case no|Case|"
                    "Episode id|Episode reference|Episode number|Involvement id|Case file number|"
                    "File number|Referral id|Workflow id",
                ),
                field(
                    "person reference",
                    "person reference",
                    "Person reference|Person ref|Person id|Person identifier|Person number|Mosaic id|"
                    "Subject id|Client id|Client reference|Client number|Service user id|"
                    "Service user reference|Child unique id|Child id|Patient id|"
                    "LA person unique identifier|LAS id|LCS id|Eclipse id",
                ),
                field(
                    "replaces",
                    "replaces",
                    "Replaces|Replaces case reference|Replaces reference|Replaces id|This id replaces|"
                    "Former reference|Former id|Former case reference|Previous reference|Previous id|"
                    "Previous case reference|Old reference|Old id|Old case reference|Merged from",
                ),
                field(
                    "status",
                    "status",
                    "Status|Case status|Episode status|Current status|Open or closed",
                ),
                field(
                    "opened",
                    "opened",
                    "Opened|Opened on|Date opened|Opened date|Open date|Case opened|Case open date|"
                    "Case opened date|Case start date|Start date|Start|Episode start date|"
                    "Episode start|Involvement start date|Referral date|Date of referral|"
                    "Date case opened",
                ),
                field(
                    "closed",
                    "closed",
                    "Closed|Closed on|Date closed|Closed date|Close date|Case closed|Case closed date|"
                    "Case close date|Case end date|Case closure date|Closure date|End date|End|"
                    "Episode end date|Episode end|Involvement end date|Date case closed",
                ),
                field(
                    "team",
                    "team",
                    "Team|Team name|Allocated team|Current team|Responsible team|Worker team",
                ),
                field(
                    "worker",
                    "worker",
                    "Worker|Worker name|Allocated worker|Allocated to|Allocated worker name|"
                    "Key worker|Keyworker|Case worker|Caseworker|Social worker|Practitioner|"
                    "Allocated practitioner|Lead worker|Lead practitioner|Responsible worker|"
                    "Current worker|Care co-ordinator|Care coordinator",
                ),
                WORKER_REFERENCE,
                ALLOCATED,
                field(
                    "primary need",
                    "fact",
                    "Primary need|Primary support reason|Primary need code|Need",
                ),
                field("legal status", "fact", "Legal status"),
                field("risk", "fact", "Risk|Risk level|Risk rating|Risk flag|RAG|RAG rating"),
                GENDER,
                BIRTH,
                AGE,
            ),
        ),
    ),
    mappable=True,
)

PRESETS = {preset.name: preset for preset in (OPEN_CASES, ANNEX_A, CLD, SSDA903, CIN_CENSUS, MHSDS)}


def facts_brought() -> list[str]:
    """The names of the facts that some extract brings, in the order of the alphabet."""
    named = {"birth": "age band", "age": "age band", "status": "case status"}
    found = set()
    for preset in PRESETS.values():
        for one in (*(known for of in preset.lists for known in of.fields), *preset.beside):
            found.add(one.name if one.use in ("fact", "date fact") else named.get(one.use, ""))
        found |= {fact for of in preset.lists for _, fact in of.events}
    return sorted(found - {""}, key=str.casefold)
