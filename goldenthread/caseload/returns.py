"""The national returns and data sets that can be read as extracts. Data alone."""

from __future__ import annotations

from goldenthread.caseload.fields import (
    AGE,
    ALLOCATED,
    BIRTH,
    GENDER,
    TEAM,
    WORKER,
    WORKER_REFERENCE,
    ListOf,
    Preset,
    field,
)

CLD = Preset(
    "cld",
    "Adult social care client level data (CLD)",
    "The quarterly file; add columns with team and worker, and say which they are",
    "No row of headers with “LA Person Unique Identifier” and “Event Type” was found. "
    "Say which column is which (on screen, or with --map “Header=person reference”).",
    (
        ListOf(
            "events",
            "events of adult social care",
            (
                field(
                    "person reference",
                    "reference",
                    "LA Person Unique Identifier|LA Person Unique ID|LA Person Identifier|LA Person ID|"
                    "LA Unique Person Identifier|LA Client ID|Person Unique Identifier|Person unique id|"
                    "Person reference|Person id|Client id",
                ),
                field("event type", "event type", "Event Type|Type of event"),
                field(
                    "event reference",
                    "event reference",
                    "Event Reference|Event Ref|Event ID|Event identifier|Event unique identifier",
                ),
                field("event start", "opened", "Event Start Date|Event Start|Start date of event"),
                field("event end", "closed", "Event End Date|Event End|End date of event"),
                TEAM,
                WORKER,
                WORKER_REFERENCE,
                ALLOCATED,
                field("client type", "fact", "Client Type"),
                field("primary need", "fact", "Primary Support Reason|Primary support reason code|PSR"),
                field("service type", "fact", "Service Type"),
                field("service component", "fact", "Service Component"),
                field("delivery mechanism", "fact", "Delivery Mechanism"),
                field("review reason", "fact", "Review Reason"),
                field("accommodation", "fact", "Accommodation Status"),
                field("has unpaid carer", "fact", "Has Unpaid Carer"),
                GENDER,
                BIRTH,
                AGE,
            ),
            needs=("event type",),
            events=(
                ("request", "last request"),
                ("assessment", "last assessment"),
                ("service", ""),
                ("review", "last review"),
            ),
            apart=True,
        ),
    ),
    mappable=True,
    unkept=("cost", "date of death", "ethnicity", "gp practice"),
)

LOOKED_AFTER = field(
    "child", "reference", "CHILD|Child ID|Child Unique ID|LA Child ID|Child number|Child Ref"
)
SSDA903 = Preset(
    "ssda903",
    "Children looked after return (SSDA903)",
    "Its files together: the episodes, and others such as the children, their reviews, their social workers",
    "None of the files of the SSDA903 return was found. Keep the headers, among them “CHILD”.",
    (
        ListOf(
            "episodes",
            "episodes of care",
            (
                LOOKED_AFTER,
                field("DECOM", "opened", "DECOM|Date episode commenced|Episode start date"),
                field("DEC", "closed", "DEC|Date episode ceased|Episode end date"),
                field("legal status", "fact", "LS|Legal status"),
                field("category of need", "fact", "CIN|Category of need"),
                field("placement type", "fact", "PLACE|Placement type"),
                field("placement provider", "fact", "PLACE_PROVIDER|Placement provider"),
                TEAM,
                WORKER,
                WORKER_REFERENCE,
                ALLOCATED,
                field("gender", "fact", "SEX|Gender"),
                BIRTH,
            ),
            apart=True,
        ),
    ),
    several=True,
    beside=(
        field("child", "person reference", "|".join(LOOKED_AFTER.headers)),
        field("DECOM", "opened", "DECOM|Date episode commenced|Episode start date"),
        field("RNE", "begins anew", "RNE|Reason for new episode"),
        field("worker reference", "worker reference", "SW_ID|Social worker id"),
        field("SW_DECOM", "started", "SW_DECOM|Social worker start date"),
        field("SW_DEC", "ended", "SW_DEC|Social worker end date"),
        TEAM,
        WORKER,
        field("last review", "date fact", "REVIEW|Date of review|Review date"),
        field("gender", "fact", "SEX|Gender"),
        BIRTH,
    ),
)

CENSUS_CHILD = "LAchildID|Child ID|Child Unique ID"
CIN_CENSUS = Preset(
    "cin_census",
    "Children in need census (CIN)",
    "The XML file of the return",
    "No episode of the children in need census was found: no “CINdetails” with an “LAchildID” of its child.",
    (
        ListOf(
            "cin",
            "children in need episodes",
            (
                field("LA child id", "reference", CENSUS_CHILD),
                field("referral date", "opened", "CINreferralDate|Referral date"),
                field("closure date", "closed", "CINclosureDate|Closure date"),
                field("ReferralNFA", "ends at once", "ReferralNFA|Referral no further action"),
                field("primary need", "fact", "PrimaryNeedCode|Primary need code"),
                field("reason for closure", "fact", "ReasonForClosure"),
                field("last assessment", "date fact", "LatestAssessment"),
                field("child in need plan since", "date fact", "CINPlanStartDate"),
                field("protection plan since", "date fact", "CPPstartDate"),
                field("category of abuse", "fact", "LatestCategoryOfAbuse"),
                field("last plan review", "date fact", "CPPreviewDate"),
                TEAM,
                WORKER,
                WORKER_REFERENCE,
                ALLOCATED,
                field("gender", "fact", "Sex|GenderCurrent|Gender"),
                field("age band", "birth", "PersonBirthDate|Date of birth|DOB"),
            ),
            apart=True,
        ),
    ),
    beside=(field("LA child id", "person reference", CENSUS_CHILD),),
    reader="goldenthread.caseload.census",
)

PATIENT = field(
    "person reference",
    "person reference",
    "LocalPatientId|Local Patient Identifier|Patient id|Local patient identifier extended",
)
SERVICE_REQUEST = field(
    "case reference",
    "reference",
    "ServiceRequestId|Service Request Identifier|Service request id|Referral id",
)
PATIENT_BIRTH = field("age band", "birth", "PersonBirthDate|Date of birth|DOB|Birth date")
PATIENT_GENDER = field("gender", "fact", "Gender|GenderIDCode|Sex")
MHSDS = Preset(
    "mhsds",
    "Mental health extracts (MHSDS)",
    "The extract of referrals, and that of care co-ordinators with it",
    "No row of headers with “ServiceRequestId” was found. "
    "Say which column is which (on screen, or with --map “Header=case reference”).",
    (
        ListOf(
            "referrals",
            "referrals to mental health services",
            (
                SERVICE_REQUEST,
                PATIENT,
                field(
                    "referral received",
                    "opened",
                    "ReferralRequestReceivedDate|Referral Request Received Date|Referral received date|"
                    "Referral date",
                ),
                field(
                    "discharged",
                    "closed",
                    "ServDischDate|Service Discharge Date|Discharge date|Date of discharge",
                ),
                field("rejected", "closed", "ReferRejectionDate|Referral rejection date"),
                TEAM,
                WORKER,
                WORKER_REFERENCE,
                ALLOCATED,
                field("primary need", "fact", "PrimReasonReferralMH|Primary reason for referral"),
                field("source of referral", "fact", "SourceOfReferralMH|Source of referral"),
                field("priority", "fact", "ClinRespPriorityType|Clinical response priority type"),
                PATIENT_GENDER,
                PATIENT_BIRTH,
                AGE,
            ),
            dated=False,
        ),
    ),
    mappable=True,
    several=True,
    beside=(
        SERVICE_REQUEST,
        PATIENT,
        field(
            "worker reference",
            "worker reference",
            "CareProfLocalId|Care Professional Local Identifier|" + "|".join(WORKER_REFERENCE.headers),
        ),
        WORKER,
        TEAM,
        field(
            "care co-ordinator from",
            "started",
            "StartDateAssCareCoord|Start date (care co-ordinator assignment)|Care co-ordinator start date",
        ),
        field(
            "care co-ordinator until",
            "ended",
            "EndDateAssCareCoord|End date (care co-ordinator assignment)|Care co-ordinator end date",
        ),
        PATIENT_GENDER,
        PATIENT_BIRTH,
        AGE,
    ),
)
