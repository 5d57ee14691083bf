"""The children in need census: its episodes, and XML that is not read at all."""

import json
import time
from datetime import date

import pytest

from goldenthread.caseload import queries
from goldenthread.caseload.models import Extract, Fact, StagedRow, Subject
from goldenthread.rules.refusal import Refused
from tests.workbooks import census_child, load, make_census, make_csv, referral

pytestmark = pytest.mark.django_db
COUNTED = ("read", "created", "changed", "unchanged", "missing", "rejected", "open", "unallocated")


def load_census(path, *children, at="2026-11-02T09:00", **told):
    return load(make_census(path, *children, **told), preset="cin_census", at=at)


def counts(imported):
    return tuple(imported.total[what] for what in COUNTED)


def facts_of(reference):
    subject = Subject.objects.get(reference=reference)
    return queries.facts_of([subject], date(2026, 11, 2))[subject.pk]


def test_each_episode_of_a_child_is_counted_and_children_without_one_are_people(tmp_path):
    imported = load_census(
        tmp_path / "a.xml",
        census_child("K1", referral(), referral("2024-01-01", "2024-06-01"), referral("2026-05-01")),
        census_child("K2", referral("2025-01-01", "2025-02-01"), sex="GenderCurrent"),
        census_child("K3"),
    )

    assert counts(imported) == (4, 4, 0, 0, 0, 0, 2, 2)
    assert imported.people == 3
    assert list(imported.lists) == ["cin"]
    assert (facts_of("K1")["status"], facts_of("K2")["status"]) == ("open", "closed")
    assert (facts_of("K2")["gender"], facts_of("K2")["age band"]) == ("Female", "10 to 15")


@pytest.mark.parametrize(("flag", "is_open"), [("1", 0), ("true", 0), ("0", 1), ("false", 1), ("", 1)])
def test_a_referral_that_led_to_nothing_is_not_open(tmp_path, flag, is_open):
    more = f"<ReferralNFA>{flag}</ReferralNFA>"

    imported = load_census(tmp_path / "a.xml", census_child("K1", referral(more=more)))

    assert imported.total["open"] == is_open


def test_what_is_known_of_an_episode_is_the_latest_of_its_parts_and_its_open_plans(tmp_path):
    more = (
        "<DateOfInitialCPC>2026-04-01</DateOfInitialCPC>"
        "<Assessments><AssessmentActualStartDate>2026-03-05</AssessmentActualStartDate>"
        "<AssessmentAuthorisationDate>2026-04-20</AssessmentAuthorisationDate></Assessments>"
        "<Assessments><AssessmentActualStartDate>2026-07-05</AssessmentActualStartDate></Assessments>"
        "<Section47><S47ActualStartDate>2026-03-09</S47ActualStartDate></Section47>"
        "<ChildProtectionPlans><CPPstartDate>2026-04-02</CPPstartDate><CPPendDate>2026-05-02</CPPendDate>"
        "<LatestCategoryOfAbuse>PHY</LatestCategoryOfAbuse></ChildProtectionPlans>"
        "<ChildProtectionPlans><CPPstartDate>2026-08-02</CPPstartDate>"
        "<LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>"
        "<Reviews><CPPreviewDate>2026-09-01</CPPreviewDate><CPPreviewDate>2026-10-01</CPPreviewDate></Reviews>"
        "</ChildProtectionPlans>"
    )

    load_census(tmp_path / "a.xml", census_child("K1", referral(more=more)))

    known = facts_of("K1")
    assert known["last assessment"] == date(2026, 7, 5)
    assert known["protection plan since"] == date(2026, 8, 2)
    assert known["category of abuse"] == "NEG"
    assert known["last plan review"] == date(2026, 10, 1)
    assert known["primary need"] == "N4"
    assert "child in need plan since" not in known


def test_a_repeated_episode_is_rejected_with_its_place_and_an_unknown_child_too(tmp_path):
    imported = load_census(
        tmp_path / "a.xml",
        census_child("K1", referral()),
        census_child("K1", referral(), referral(closed="2026-02-01")),
        census_child("", referral()),
    )

    assert counts(imported) == (4, 1, 0, 0, 0, 3, 1, 1)
    assert [(row["sheet"], row["row"], row["column"]) for row in imported.rejections] == [
        ("CINdetails", 2, ""),
        ("CINdetails", 3, "CINclosureDate"),
        ("CINdetails", 4, "LAchildID"),
    ]
    assert imported.people == 1


def test_the_same_census_twice_changes_nothing(tmp_path):
    children = [census_child(f"K{number}", referral(), referral("2026-04-01")) for number in range(5)]
    load_census(tmp_path / "a.xml", *children)

    again = load_census(tmp_path / "b.xml", *reversed(children), at="2026-12-01T09:00")

    assert counts(again) == (10, 0, 0, 10, 0, 0, 10, 10)


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-16", "utf-16"), ("latin-1", "iso-8859-1"), ("utf-8-sig", "utf-8")]
)
def test_a_census_is_read_in_any_usual_encoding(tmp_path, encoding, declared):
    child = census_child("Zoë-1", referral())

    imported = load_census(tmp_path / "a.xml", child, encoding=encoding, declared=declared)

    assert imported.total["open"] == 1
    assert Subject.objects.get().reference == "Zoë-1"


def test_prefixes_of_element_names_do_not_matter(tmp_path):
    path = make_census(tmp_path / "a.xml", census_child("K1", referral()))
    text = (
        path.read_text()
        .replace("</", "</c:")
        .replace("<", "<c:")
        .replace("<c:/c:", "</c:")
        .replace("<c:?", "<?")
    )
    path.write_text(text)

    assert load(path, preset="cin_census").total["open"] == 1


def test_a_census_that_was_made_a_table_is_read_too(tmp_path):
    path = make_csv(
        tmp_path / "a.csv", [["LAchildID", "CINreferralDate", "CINclosureDate"], ["K1", "2026-03-02", ""]]
    )

    assert load(path, preset="cin_census").total["open"] == 1


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("before", [BOMB, OUTSIDE, '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_or_a_document_type_is_not_opened(tmp_path, before, encoding):
    with pytest.raises(Refused, match="declares entities"):
        load_census(
            tmp_path / "a.xml",
            census_child("&c;", referral()),
            before=before,
            encoding=encoding,
            declared=encoding,
        )

    assert not Extract.objects.exists()


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_a_census_that_was_cut_short_is_refused_and_nothing_of_it_is_kept(tmp_path, share):
    path = make_census(tmp_path / "a.xml", *(census_child(f"K{number}", referral()) for number in range(900)))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(Refused, match="broken at line 1"):
        load(path, preset="cin_census")
    assert not Extract.objects.exists()
    assert not StagedRow.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xml", b"LAchildID,CINreferralDate\nK1,2026-03-02\n", "not XML although"),
        ("a.xml", b"PK\x03\x04rest", "workbook or an archive"),
        ("a.xml", b"<html><body>Sign in</body></html>", "no “Child”"),
        ("a.xml", b"<a>" * 1_000, "nested far deeper"),
        ("a.xml", b"<a b='" + b"x" * 100_000, "broken at line"),
        ("a.xml", b'<?xml version="1.0" encoding="nonsense"?><a/>', "broken at line"),
        ("a.xml", b'<?xml version="1.0"?><Child><LAchildID>\xff</LAchildID></Child>', "broken at line 1"),
        ("a.xml", b"<", "broken at line"),
        ("a.pdf", b"%PDF", ".xml, .xlsx and .csv"),
    ],
)
def test_what_is_no_census_is_refused_in_a_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Refused, match=says):
        load(path, preset="cin_census")


def test_a_census_under_another_name_is_read_and_xml_of_other_presets_is_not(tmp_path):
    path = make_census(tmp_path / "a.txt", census_child("K1", referral()))
    assert load(path, preset="cin_census").total["open"] == 1

    with pytest.raises(Refused, match="reads .xlsx and .csv files, not “.xml”"):
        load(path.rename(tmp_path / "a.xml"), preset="open_cases")


def test_a_text_of_megabytes_does_no_harm(tmp_path):
    began = time.monotonic()
    long = "x" * 5_000_000

    imported = load_census(tmp_path / "a.xml", census_child(long, referral()), census_child("K2", referral()))

    assert counts(imported) == (2, 1, 0, 0, 0, 1, 1, 1)
    assert "longer than" in imported.rejections[0]["reason"]
    assert time.monotonic() - began < 10


def test_nothing_that_names_or_dates_a_child_is_kept(tmp_path):
    load_census(
        tmp_path / "a.xml", census_child("K1", referral()), census_child("K2", referral("2026-31-12"))
    )

    text = json.dumps([list(model.objects.values()) for model in (Subject, Fact, Extract)], default=str)
    for personal in ("2015-03-27", "A123456789123", "WBRI"):
        assert personal not in text
