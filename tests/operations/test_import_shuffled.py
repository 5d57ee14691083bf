"""Whatever an extract says, the order in which it says it changes no count."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.workbooks import load, make_csv, make_workbook

pytestmark = pytest.mark.django_db

DAYS = ["", "01/03/2018", "02/03/2018", "05/04/18", "31/02/2018", "01/01/2099", "00/00/0000"]
CHILDREN = ["1", "2", "3", " 3 ", "", "#N/A"]
WORKERS = ["", "#N/A", "Anna Smith", "Smith, Anna", "Ben"]
TEAMS = ["", "North", "South"]
EXTRACTS = {
    "open_cases": {
        "cases": {
            "Case reference": CHILDREN,
            "Person reference": ["", "P1", "P2"],
            "Opened": DAYS,
            "Start date": DAYS,
            "Closed": DAYS,
            "Status": ["", "Open", "Closed"],
            "Worker": WORKERS,
            "Team": TEAMS,
        }
    },
    "annex_a": {
        "List 6": {
            "Child Unique ID": CHILDREN,
            "CIN Start Date": DAYS,
            "CIN Closure Date": DAYS,
            "Allocated Worker": WORKERS,
        },
        "List 8": {
            "Child Unique ID": CHILDREN,
            "Date Started to be Looked After": DAYS,
            "Date Ceased to be Looked After": DAYS,
            "Allocated Worker": WORKERS,
        },
    },
    "cld": {
        "cld": {
            "LA Person Unique Identifier": CHILDREN,
            "Event Type": ["Service", "Services", "Review", "Request", "Other", ""],
            "Event Reference": ["", "E1", "E2"],
            "Event Start Date": DAYS,
            "Event End Date": DAYS,
            "Service Component": ["", "Equipment", "Home support"],
            "Worker": WORKERS,
        }
    },
    "ssda903": {
        "header": {"CHILD": CHILDREN, "SEX": ["1", "2", ""], "DOB": DAYS},
        "episodes": {
            "CHILD": CHILDREN,
            "DECOM": DAYS,
            "RNE": ["S", "P", ""],
            "LS": ["C2", "V2"],
            "DEC": DAYS,
        },
        "reviews": {"CHILD": CHILDREN, "REVIEW": DAYS},
        "sw": {"CHILD": CHILDREN, "SW_ID": ["", "SW1", "SW2"], "SW_DECOM": DAYS, "SW_DEC": DAYS},
    },
    "cin_census": {
        "cin": {
            "LAchildID": CHILDREN,
            "CINreferralDate": DAYS,
            "CINclosureDate": DAYS,
            "ReferralNFA": ["", "0", "1"],
        }
    },
    "mhsds": {
        "referrals": {
            "ServiceRequestId": CHILDREN,
            "LocalPatientId": ["", "P1", "P2"],
            "ReferralRequestReceivedDate": DAYS,
            "ServDischDate": DAYS,
            "Worker": WORKERS,
        },
        "coordinators": {
            "LocalPatientId": ["", "P1", "P2"],
            "CareProfLocalId": ["", "C1", "C2"],
            "StartDateAssCareCoord": DAYS,
            "EndDateAssCareCoord": DAYS,
        },
    },
}


@st.composite
def extracts(draw, preset):
    """The tables of an extract, and the same tables with rows, columns and tables in another order."""
    tables, shuffled = {}, []
    for name, columns in EXTRACTS[preset].items():
        row = st.tuples(*(st.sampled_from(pool) for pool in columns.values()))
        rows = draw(st.lists(row, min_size=1, max_size=8))
        order = draw(st.permutations(range(len(columns))))
        moved = [[cells[place] for place in order] for cells in draw(st.permutations(rows))]
        tables[name] = [list(columns), *rows]
        shuffled.append((name, [[list(columns)[place] for place in order], *moved]))
    return tables, dict(draw(st.permutations(shuffled)))


def load_tables(folder, tables, preset, **options):
    """Import these tables as the preset has them: one workbook, or text files."""
    if preset == "annex_a":
        paths = [make_workbook(folder / "a.xlsx", tables)]
    else:
        paths = [make_csv(folder / f"{name}.csv", rows) for name, rows in tables.items()]
    return load(*paths, preset=preset, **options)


QUICK = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # each example is two imports: a failure is not made smaller
)


def assert_accounted_for(lists):
    for one in lists.values():
        assert one["read"] == one["created"] + one["changed"] + one["unchanged"] + one["rejected"]
        assert one["unallocated"] <= one["open"] <= one["read"] - one["rejected"]


@pytest.mark.parametrize("preset", EXTRACTS)
def test_shuffled_rows_columns_and_files_give_the_same_counts_and_change_nothing(tmp_path, preset):
    @QUICK
    @given(extracts(preset))
    def holds(extract):
        tables, shuffled = extract

        with transaction.atomic():
            first = load_tables(tmp_path, tables, preset)
            again = load_tables(tmp_path, shuffled, preset)
            transaction.set_rollback(True)

        assert_accounted_for(first.lists)
        assert_accounted_for(again.lists)
        for what in ("read", "rejected", "open", "unallocated"):
            assert again.total[what] == first.total[what]
        assert again.people == first.people
        assert again.total["created"] == again.total["changed"] == again.total["missing"] == 0

    holds()
