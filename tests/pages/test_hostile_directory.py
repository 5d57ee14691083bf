"""A directory that answers rubbish, or forged tokens, or that somebody plays tricks with, signs nobody in."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from goldenthread.people.models import Person
from tests.directory import CLIENT, OID, back_from, come, is_signed_in
from tests.make import make_person

pytestmark = pytest.mark.django_db

DISCOVERY, KEYS, TOKEN = "openid-configuration", "keys", "token"
RUBBISH = {
    "no JSON": b"<html>Service unavailable</html>",
    "nothing": b"",
    "bytes": b"\xff\xfe\x00",
    "a list": [],
    "a text": "no",
    "a number": 4,
    "null": None,
    "an empty object": {},
    "deep": b"[" * 100_000,
}
OF_KEYS = {
    "no list": {"keys": "no"},
    "null": {"keys": None},
    "of texts": {"keys": ["no"]},
    "of another kind": {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "the key"}]},
    "secret": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "the key"}]},
    "broken": {"keys": [{"kty": "RSA", "kid": "the key", "n": "!", "e": "AQAB"}]},
}
OF_TOKENS = {
    "not a token": {"access_token": "a", "id_token": "rubbish"},
    "a number": {"access_token": "a", "id_token": 7},
    "null": {"access_token": "a", "id_token": None},
    "a list": {"access_token": "a", "id_token": ["a"]},
    "no id token": {"access_token": "a"},
    "an unreadable end": {"access_token": "a", "id_token": "a.b.c", "expires_in": "soon"},
    "an end beyond time": {"access_token": "a", "id_token": "a.b.c", "expires_in": 10**30},
    "a list as access": {"access_token": [], "id_token": "a.b.c"},
}
ODD_CLAIMS = {
    "tenant in a list": {"tid": ["7a0ac1d0-54f4-4be1-a6a5-0f9ea4ef0001"]},
    "id in a list": {"oid": [OID]},
    "id in an object": {"oid": {"$ne": ""}},
    "an empty id": {"oid": ""},
    "nonce in a list": {"nonce": ["x"]},
    "an end in words": {"exp": "later"},
    "made tomorrow": {"iat": int(time.time()) + 86_400},
    "subject in a list": {"sub": []},
    "for another as well": {"aud": [CLIENT, "another client"]},
    "for somebody else": {"azp": "another client"},
}


NEXT_PAGES = [
    *("foo", "foo bar", "sign_out", "show_person", "?x", "#x", "/" + "a" * 5000, "/a\r\nSet-Cookie: x=y"),
    *("/\\example.org", "\\\\example.org", "///example.org", "/tasks/@example.org"),
    *("http:///example.org", "https:example.org"),
]


def _pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _part(values):
    return base64.urlsafe_b64encode(values).rstrip(b"=")


def _by_hand(header, claims, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return b".".join(_part(part) for part in parts).decode()


def _with_public_key_as_secret(claims, key):
    head = {"alg": "HS256", "typ": "JWT", "kid": "the key"}
    said = _by_hand(head, claims).rpartition(".")[0].encode()
    return said.decode() + "." + _part(hmac.new(_pem(key), said, hashlib.sha256).digest()).decode()


FORGED = {
    "no algorithm": lambda claims, key: _by_hand({"alg": "none", "kid": "the key"}, claims),
    "no algorithm in capitals": lambda claims, key: _by_hand({"alg": "NONE", "kid": "the key"}, claims),
    "no signature": lambda claims, key: _by_hand({"alg": "RS256", "kid": "the key"}, claims),
    "the public key as a secret": _with_public_key_as_secret,
    "no name of a key": lambda claims, key: jwt.encode(claims, key, "RS256"),
    "another algorithm": lambda claims, key: jwt.encode(claims, key, "RS512", headers={"kid": "the key"}),
    "a key that it brings along": lambda claims, key: _by_hand(
        {"alg": "RS256", "kid": "the key", "jwk": {"kty": "oct", "k": "AA"}}, claims, b"x"
    ),
    "claims that are a list": lambda claims, key: _by_hand({"alg": "RS256", "kid": "the key"}, [claims]),
}


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_a_directory_that_says_rubbish_first_ends_in_a_sentence(client, directory, rubbish):
    directory.rubbish = {DISCOVERY: RUBBISH[rubbish]}

    page = client.get("/sign-in/directory/")

    assert page.status_code == 403
    assert "could not use the answer" in page.text


@pytest.mark.parametrize("where", [DISCOVERY, KEYS, TOKEN])
@pytest.mark.parametrize("rubbish", RUBBISH)
def test_a_directory_that_says_rubbish_later_ends_in_a_sentence(client, known, directory, where, rubbish):
    back = back_from(client)
    directory.rubbish = {where: RUBBISH[rubbish]}

    page = client.get(back)

    assert page.status_code == 403
    assert "could not use the answer" in page.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("where", "said"),
    [(KEYS, each) for each in OF_KEYS.values()] + [(TOKEN, each) for each in OF_TOKENS.values()],
    ids=[*(f"keys: {each}" for each in OF_KEYS), *(f"token: {each}" for each in OF_TOKENS)],
)
def test_keys_and_tokens_of_other_shapes_sign_nobody_in(client, known, directory, where, said):
    directory.rubbish = {where: said}

    page = come(client)

    assert page.status_code == 403
    assert "could not use the answer" in page.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_token_signs_nobody_in(client, known, directory, case):
    directory.forge = FORGED[case]

    assert come(client).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize("case", ODD_CLAIMS)
def test_claims_of_other_shapes_sign_nobody_in(client, known, directory, case):
    directory.claims = ODD_CLAIMS[case]

    assert come(client).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize("roles", ["No Auditors here", 7, {"Auditors": True}, [["Auditors"]], []])
def test_a_role_is_one_of_a_list_and_no_part_of_a_word(client, known, directory, settings, roles):
    settings.DIRECTORY_ROLE = "Auditors"
    directory.claims = {"roles": roles}

    assert come(client).status_code == 403
    assert not is_signed_in(client)


def test_roles_of_the_directory_give_nothing_here(client, known, directory):
    directory.claims = {"roles": ["Administrator", "manage people", "Global Administrator"], "wids": ["62e9"]}

    come(client)

    known.refresh_from_db()
    assert not known.is_administrator
    assert client.get("/people/").status_code == 403


@pytest.mark.parametrize("wanted", NEXT_PAGES)
def test_whatever_the_next_page_is_said_to_be_a_sign_in_ends_on_this_host(client, known, directory, wanted):
    answer = come(client, next=wanted)

    assert answer.status_code == 302, answer.status_code
    assert answer["Location"].startswith("/") and not answer["Location"].startswith(("//", "/\\"))
    assert "\n" not in answer["Location"]
    assert is_signed_in(client)


def test_a_sign_in_gets_a_new_key_and_forgets_who_was_signed_in_before(client, known, directory):
    client.force_login(make_person("Theo Manager"))
    client.get("/tasks/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = client.session.session_key

    come(client)

    assert client.session["_auth_user_id"] == str(known.pk)
    assert client.session.session_key != before
    assert "planted" not in client.session
    other = type(client)()
    other.cookies["goldenthread_session"] = before
    assert other.get("/tasks/").status_code == 302


def test_two_tabs_that_sign_in_both_end_signed_in(client, known, directory):
    first, second = back_from(client, next="/audits/"), back_from(client, next="/tasks/")

    assert client.get(second)["Location"] == "/tasks/"
    assert client.get(first)["Location"] == "/audits/"
    assert is_signed_in(client)


def test_an_answer_to_one_tab_does_not_answer_another(client, known, directory):
    first, second = back_from(client), back_from(client)
    code = second.partition("code=")[2].partition("&")[0]
    state = first.partition("state=")[2]

    page = client.get("/sign-in/directory/back/", {"code": code, "state": state})

    assert page.status_code == 403
    assert not is_signed_in(client)


def test_whoever_was_joined_into_another_or_left_yesterday_stays_out(client, known, directory):
    known.left_on = timezone.localdate() - timedelta(days=1)
    known.save()
    assert "closed" in come(client).text
    assert not is_signed_in(client)
    known.left_on, known.joined_into = None, make_person("Ada Auditor again")
    known.save()

    assert come(client).status_code == 403
    assert not is_signed_in(client)


def test_an_id_in_capitals_is_the_same_account(client, known, directory):
    directory.claims = {"oid": OID.upper()}

    come(client)

    assert is_signed_in(client)


def test_an_id_that_is_very_long_or_markup_is_shown_as_text(client, directory):
    directory.claims = {"oid": "<script>alert(1)</script>{role}" + "x" * 5000}

    page = come(client)

    assert page.status_code == 403
    assert "<script>alert" not in page.text
    assert Person.objects.count() == 0
