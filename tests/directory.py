"""A small OpenID Connect provider of our own, served on this computer: what an organisation's directory does.

It checks what a provider checks (client, address to come back to, PKCE, one use of a code) and says what a
test tells it to say.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "7a0ac1d0-54f4-4be1-a6a5-0f9ea4ef0001"
CLIENT, SECRET = "golden-thread-of-the-tests", "a secret of the tests"
OID = "0b1f2c3d-0000-4000-8000-00000000ada1"


def new_key():
    """A key as a directory signs with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeDirectory:
    """The provider; `claims` go over its usual ones, where None leaves one out."""

    def __init__(self):
        self.key, self.signs_with = new_key(), None
        self.claims, self.asked, self.codes = {}, {}, {}
        self.rubbish, self.forge = {}, None  # what it says instead, by page; how a token is made instead
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"directory": self}))
        self.issuer = f"http://localhost:{self.server.server_port}/{TENANT}/v2.0"
        self.says_issuer = self.issuer
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        """Serve no longer."""
        self.server.shutdown()
        self.server.server_close()

    def discovery(self, asked):
        """Where everything is."""
        return {
            "issuer": self.says_issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def keys(self, asked):
        """The public half of the key."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "the key", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked):
        """Sign the person in at once and send them back with a code."""
        assert asked["response_type"] == "code", asked
        assert asked["client_id"] == CLIENT, asked
        assert asked["code_challenge_method"] == "S256", asked
        code = secrets.token_urlsafe(16)
        self.asked = self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def token(self, asked):
        """Exchange a code, once, for tokens."""
        was = self.codes.pop(asked["code"])
        assert (asked["client_id"], asked["client_secret"]) == (CLIENT, SECRET)
        assert asked["redirect_uri"] == was["redirect_uri"]
        challenge = hashlib.sha256(asked["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == was["code_challenge"]
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self._id_token(was)}

    def userinfo(self, asked):
        """What the product is not to ask for."""
        raise AssertionError("nobody asks for this")

    def _id_token(self, was):
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "pairwise",
            "iat": now,
            "exp": now + 600,
            "nonce": was.get("nonce"),
            "tid": TENANT,
            "oid": OID,
            "email": "ada.auditor@example.org",
            "roles": ["Auditors"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.forge:
            return self.forge(claims, self.key)
        return jwt.encode(claims, self.signs_with or self.key, "RS256", headers={"kid": "the key"})


class _Handler(BaseHTTPRequestHandler):
    """Answers by the last part of the address."""

    directory = None

    def do_GET(self):
        address = urlsplit(self.path)
        if self._last() in self.directory.rubbish:
            self._say_rubbish()
        elif address.path.endswith("/authorize"):
            where = self.directory.authorize(_flat(address.query))
            self.send_response(302)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif address.path.endswith("/openid-configuration"):
            self._say(self.directory.discovery({}))
        else:
            self._say({"keys": self.directory.keys, "userinfo": self.directory.userinfo}[self._last()]({}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._last() in self.directory.rubbish:
            return self._say_rubbish()
        try:
            self._say(self.directory.token(_flat(body)))
        except (AssertionError, KeyError):
            self._say({"error": "invalid_grant"}, status=400)

    def _last(self):
        return urlsplit(self.path).path.rsplit("/", 1)[1]

    def _say_rubbish(self):
        said = self.directory.rubbish[self._last()]
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(200)
        if not isinstance(said, bytes):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _say(self, what, status=200):
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing on the console."""


def _flat(query):
    return {name: values[0] for name, values in parse_qs(query).items()}


def back_from(client, **query):
    """The address to which the directory sends somebody back."""
    there = client.get("/sign-in/directory/", query)["Location"]
    back = requests.get(there, allow_redirects=False, timeout=20).headers["Location"]
    return back.removeprefix("http://testserver")


def come(client, **query):
    """Somebody signs in through the directory."""
    return client.get(back_from(client, **query))


def is_signed_in(client):
    """Whether somebody is signed in."""
    return "_auth_user_id" in client.session
