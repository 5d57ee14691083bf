"""Pages of a cycle say what the framework says, not what most frameworks say."""

import pytest

from goldenthread.programmes.operations.year import plan_year
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import read_pack
from goldenthread.web.frameworks.shipped import skeleton
from goldenthread.web.programmes.sentences import kept_apart, told_on_sending
from tests.make import PACK, make_council, make_post, moment, publish_pack

pytestmark = pytest.mark.django_db


def pack_with(independence):
    """The framework that ships with the product, with other rules of independence."""
    data = read_document(PACK.read_text()).data
    name = next(iter(data["pairing"]))
    data["pairing"] = {name: data["pairing"][name] | {"independence": independence}}
    for kind in data["audit_types"].values():
        kind["pairing"] = name
    return read_pack(write_document(data))


@pytest.mark.parametrize(
    ("independence", "said"),
    [
        (["not their own work"], ["Nobody is given their own work."]),
        (
            ["not their own work", "not their own team"],
            ["Nobody is given their own work, or their own team’s work."],
        ),
        (["only their own work"], ["Everybody is given their own work and no other."]),
        ([], []),
    ],
)
def test_the_page_of_an_allocation_says_whose_work_nobody_is_given(independence, said):
    assert kept_apart(pack_with(independence)) == said


def test_only_those_whom_the_framework_tells_are_said_to_be_told():
    data = read_document(PACK.read_text()).data
    data["notices"] = {key: one for key, one in data["notices"].items() if one["on"] != "sending"}

    assert told_on_sending(read_pack(write_document(data))) == ""
    assert told_on_sending(read_pack(PACK.read_text()))


def test_a_frame_is_of_what_the_framework_looks_at(client):
    council = make_council()
    data = read_document(skeleton()).data
    data["subjects"] = {"home": {"one": "home", "many": "homes", "come_from": "a list"}}
    data["audit_types"]["audit"] |= {"subject": "home", "filing": "kept here"}
    publish_pack(document=write_document(data))
    cycle = plan_year(data["key"], 2026, by=council.quinn, at=moment())[0]
    make_post(council.quinn, "quality manager", council.organisation)
    client.force_login(council.quinn)

    page = client.get(f"/programme/{cycle.public_id}/freeze/").content.decode()

    assert "every open home" in page


def test_a_year_that_begins_in_april_is_called_so_wherever_it_is_named(client):
    council = make_council()
    data = read_document(skeleton()).data
    data["calendar"]["begins"] = "April"
    publish_pack(document=write_document(data))
    make_post(council.quinn, "quality manager", council.organisation)
    client.force_login(council.quinn)

    page = client.get("/programme/?year=2026").content.decode()

    assert ">2026/27</a>" in page or ">2027/28</a>" in page
    assert ">2026</a>" not in page and "Programme 2026/27" in page


def test_where_nothing_is_open_to_nominate_the_page_says_when_it_will_be(client):
    publish_pack()
    client.force_login(make_council().theo)

    page = client.get("/programme/nominations/").content.decode()

    assert "once the year is planned" in page
