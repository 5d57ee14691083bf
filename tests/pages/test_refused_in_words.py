"""Whatever a form is refused for, the answer says in words what to do: no bare status, no empty page."""

import pytest
from django.http import HttpResponse

from tests.make import make_person
from tests.pages.test_hostile_input import encoded
from tests.spoken import fault_of, words_of


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("words", "x" * 5_300_000)], "more text than we take at once, which is 5 MB"),
        ([(f"f{number}", "x") for number in range(5001)], "more fields than we take at once"),
    ],
)
@pytest.mark.parametrize("address", ["/sign-in/", "/words/", "/frameworks/bring-in-a-form/"])
def test_what_is_too_much_at_once_is_refused_in_words(client, pairs, said, address):
    client.force_login(make_person("Ada Auditor", is_administrator=True))

    answer = client.post(address, data=encoded(pairs), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert said in words_of(answer)
    assert "Nothing was changed" in words_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), [("get", "/sign-ins/stay/"), ("post", "/tasks/notices/")])
def test_an_address_asked_in_a_way_that_it_does_not_take_says_so(client, method, address):
    client.force_login(make_person("Ada Auditor"))

    answer = getattr(client, method)(address)

    assert answer.status_code == 405
    assert answer["Allow"]
    assert not fault_of(answer)


@pytest.mark.parametrize("body", ["", "<h1>Bad Request (400)</h1>", "<main id=x><h1>Sorry</h1></main>"])
def test_the_measure_itself_finds_a_bare_answer(body):
    assert fault_of(HttpResponse(body, status=400))
