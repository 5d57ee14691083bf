"""The ledger's pages in a browser, at every width."""

import pytest

from goldenthread.ledger import operations
from goldenthread.people.models import Person
from tests.browser.conftest import assert_accessible
from tests.ledger_support import START, append


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address", ["/ledger/", "/ledger/60/", "/ledger/61/", "/ledger/about/audit/audit3/", "/ledger/reads/"]
)
def test_the_pages_of_the_ledger_are_accessible(page, sign_in, address):
    iris = Person.objects.create(name="Iris Admin", email="iris@example.org", is_administrator=True)
    append(60)
    with operations.transaction.atomic():
        operations.record(
            "people.add_post",
            about=("person", iris.public_id, "Iris Admin"),
            by=iris,
            at=START,
            values={"name": {"before": "Ada", "after": "Ada Auditor"}, "posts": ["auditor", "team manager"]},
        )
    operations.record_read(about=("audit", "audit3"), by=iris, at=START)
    sign_in(iris)

    page.goto(address)

    assert_accessible(page)
