"""Every address as its own pages describe it, with what the description allows and with what it does not.

The description is made of the router and of the forms that people are shown (`tests/described.py`);
Schemathesis makes the data of it, and each of the fixed people sends them.
"""

import json

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from tests.described import Seen, described, routes
from tests.faults import CHOSEN, EACH, size
from tests.pages.test_access import (
    EVERYBODY,
    TABLE,
    address_of,
    opened,
    records,  # noqa: F401 - the fixture
)
from tests.pages.test_hostile_input import BASES, Page, encoded, worth_trying

PATHS = dict(routes())
SHOWN = ("quality_manager", "theo", "ada")
"""Those whose pages are read for their forms; in a full run everybody's are."""
WHO = sorted(EVERYBODY)


@pytest.fixture(scope="module")
def seen(records, django_db_blocker):  # noqa: F811
    """The forms of every page, as those who may open it see them."""
    found = Seen()
    with django_db_blocker.unblock():
        for name in worth_trying("get"):
            shown = [who for who in (WHO if CHOSEN == "full" else SHOWN) if who in TABLE[name].who]
            for who in shown if EACH else shown[:1]:
                read(found, Page(records, name, who=who))
    return found


def read(found, page):
    """Note what one page holds; nothing stays of the visit."""
    with transaction.atomic():
        answer = page.browser.get(page.address)
        transaction.set_rollback(True)
    if answer.status_code == 200 and "html" in answer["Content-Type"]:
        found.read(page.address.split("?")[0], answer.content)


def operations_of(records, seen, name):  # noqa: F811
    """GET and POST of one address, as Schemathesis knows them."""
    row, path = TABLE[name], PATHS[name]
    values = [records.value(arg) for arg in row.args]
    query = {key: records.value(arg) for key, arg in row.query.items()}
    address = address_of(records, row, name, {}).split("?")[0]
    posted = {key: {"type": "string"} for key in BASES.get(name, row.data)} | seen.schemas("post", address)
    fields = {"get": seen.schemas("get", address), "post": posted}
    described_so = schemathesis.openapi.from_dict(described(name, path, values, query, fields))
    return described_so[path]


def pairs_of(sent):
    """What is sent as the pairs of a form: a list is a field given several times."""
    if not isinstance(sent, dict):
        return [] if isinstance(sent, NotSet) else [(text_of(sent), "")]
    return [
        (name, text_of(value))
        for name, several in sent.items()
        for value in (several if isinstance(several, list) else [several])
    ]


def text_of(value):
    """A value as a form carries it."""
    return value if isinstance(value, str) else json.dumps(value)


def send(page, method, case):
    """Send one case to its own path; what must hold of every answer is looked at where it is sent."""
    asked = encoded(pairs_of(case.query))
    page.address = case.formatted_path + (f"?{asked}" if asked else "")
    return page.check(method, pairs_of(case.body) if method == "post" else [])


def cases(operation):
    """What the description allows, and what it does not."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


def people_at(name):
    """Everybody, beginning with somebody else at each address."""
    begins = sorted(TABLE).index(name) % len(WHO)
    return [*WHO[begins:], *WHO[:begins]]


ADDRESSES = worth_trying("post")
TRIED = ADDRESSES if EACH else ADDRESSES[::12]
"""Making the data of an address costs a second, so all other tests are run with every twelfth of them."""


@pytest.mark.django_db
@pytest.mark.parametrize("name", TRIED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_sends_what_is_described_or_not_breaks_nothing_and_half_changes_nothing(
    records,  # noqa: F811
    seen,
    name,
    method,
):
    pages = {who: Page(records, name, who=who) for who in WHO}
    operation = operations_of(records, seen, name)[method.upper()]

    @settings(
        max_examples=size(3, 200),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(cases(operation), st.sampled_from(people_at(name)))
    def holds(case, who):
        answer = send(pages[who], method, case)
        assert who in TABLE[name].who or not (opened(answer) and answer.kept), (who, answer.kept)

    holds()
