"""The web server itself: visitors who send half a request and wait, or do not take their answer, keep nobody
else waiting; and what finds no room on the disk is refused in words.
"""

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, closing
from shutil import disk_usage

import pytest

from tests.faults import size
from tests.faults.rooms import MEGABYTE, filled, mounted, unmounted
from tests.operations.test_processes import answer_of, environment_of, free_port, run, wait_until

SLOW = size(24, 400)  # visitors at once; two processes of four threads serve all
PATIENCE = 100  # seconds; a server whose threads all wait for a visitor never answers
FORM = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
BEGINNINGS = {
    "says nothing": b"",
    "stops in the address": b"GET /sign-",
    "stops in the headers": b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nCookie: a",
    "stops in a form": FORM + b"login=some",
    "stops in a piece of a form": FORM.replace(b"Content-Length: 2000000", b"Transfer-Encoding: chunked")
    + b"8000\r\nlogin",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The data folder of the installation."""
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def port(data):
    """Where an installation is served."""
    found, environment = free_port(), environment_of(data)
    assert run("-m", "django", "init_db", env=environment).returncode == 0
    command = [sys.executable, "-m", "django", "serve", "--web-only", "--port", str(found)]
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        assert wait_until(lambda: answer_of(found) == "ok")
        yield found
        server.terminate()
        assert server.wait(timeout=60) == 0
    finally:
        server.kill()


def visits(stack, port, beginning):
    """Slow visitors, each with a connection open."""
    found = []
    for _ in range(SLOW):
        visitor = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
        visitor.sendall(beginning)
        found.append(visitor)
    return found


def page(port):
    """A page as somebody else asks for it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=PATIENCE) as answer:
        return answer.read()


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_others_are_answered_while_many_send_half_a_request(port, beginning):
    with ExitStack() as stack:
        slow = visits(stack, port, beginning)

        assert b"Sign in" in page(port)

        still = [one for one in slow if is_open(one)]
        assert len(still) == SLOW  # they were not merely sent away


def is_open(visitor):
    """Whether the server still listens to a visitor to whom it has said nothing."""
    visitor.setblocking(False)
    try:
        return visitor.recv(1) != b""
    except BlockingIOError:
        return True


def test_others_are_answered_while_many_send_a_form_letter_by_letter(port):
    ended = threading.Event()

    with ExitStack() as stack:
        slow = visits(stack, port, FORM)
        dripping = threading.Thread(target=drip, args=(slow, ended))
        dripping.start()
        stack.callback(dripping.join)
        stack.callback(ended.set)

        for _ in range(5):
            assert b"Sign in" in page(port)


def drip(visitors, ended):
    """Send a letter of each form now and then."""
    while not ended.is_set():
        for visitor in visitors:
            visitor.sendall(b"a")
        time.sleep(0.2)


def test_others_are_answered_while_many_do_not_take_their_answers(port):
    asked = b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40

    with ExitStack() as stack:
        visits(stack, port, asked)

        assert b"Sign in" in page(port)


def test_what_comes_slowly_is_answered_in_the_end(port):
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)) as visitor:
        for letter in asked:
            visitor.sendall(bytes([letter]))
        answer = b"".join(iter(lambda: visitor.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"ok\n")
    assert b"\r\nServer:" not in answer


def sent(port, length):
    """A form of so many bytes, sent by somebody who has not signed in."""
    body = b"login=" + b"a" * length
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in/", data=body)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_what_finds_no_room_on_the_disk_is_refused_in_words(port, data):
    if not mounted(data / "uploads", 12):
        pytest.skip("Only root may mount a file system to be filled.")
    try:
        empty = disk_usage(data / "uploads").used
        for leave in (0, MEGABYTE // 2, MEGABYTE):
            # what came before goes a moment after its answer
            assert wait_until(lambda: disk_usage(data / "uploads").used == empty)
            ballast = filled(data / "uploads", leave=leave)

            status, said = sent(port, 4 * MEGABYTE)

            assert status == 503 and "What you saved before is safe" in said
            ballast.unlink()
            assert sent(port, 4 * MEGABYTE)[0] == 403  # it has no token of its page
        assert not list((data / "uploads").iterdir())
    finally:
        unmounted(data / "uploads")
